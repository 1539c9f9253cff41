#!/usr/bin/env -S python3 -B
# SPDX-License-Identifier: Apache-2.0
"""Daemons that end at any instruction, or stand still, while offices send through them: nothing that
was acknowledged is lost, nothing is there twice, and all goes on by itself once they are back."""
import shutil
import signal
import sys
import unittest
from pathlib import Path

import trial_world

BUILD = Path(sys.argv.pop(1)).resolve()
KILLS = 200 if trial_world.FULL else 20
POINTS = {"registry": ("registry-folded", "registry-committed", "registry-guarded", "registry-signed",
                       "registry-answered"),
          "intake": ("intake-signed", "intake-stamped", "intake-answered", "intake-packed", "intake-heard")}
TIMES = (1, 2, 7) if trial_world.FULL else (2,)
STANDS_S = 11  # longer than four heartbeats, by which a worker or its broker is taken for gone


class Kill(unittest.TestCase):
    def setUp(self):
        programs = {f"dais-{name}": str(BUILD / "tests/trials" / f"trial-{name}") for name in POINTS}
        self.trial = trial = trial_world.Trial(BUILD, senders=6, programs=programs)
        self.addCleanup(trial.close)
        self.daemons = trial.world.daemons
        trial.world.start("publisher")
        trial.begin()

    def hit(self, names):
        """Ends them at any instruction, and starts them again in any order."""
        trial = self.trial
        for name in names:
            self.daemons[name].end(signal.SIGKILL)
        trial.chance.shuffle(names)
        for name in names:
            self.daemons[name].start()

    # Goal: whatever is killed at whatever instant, L1 to L11 hold. Method: one daemon, now and then
    # two or three, after a random time under load, again and again, also while a deadline passes;
    # the last fault is followed by more traffic.
    def test_at_random(self):
        trial = self.trial
        names = ("broker", "registry", "intake", "intake2", "publisher")
        done = 0
        closes = trial.deadline("application-deadline")
        while done < KILLS:
            if done >= KILLS // 2 and trial.world.now < closes:
                trial.world.set_time(closes)
            trial.pause(trial.chance.random() * 0.3)
            some = trial.chance.sample(names, trial.chance.choice((1, 1, 1, 2, 3)))
            self.hit(some)
            done += len(some)
            trial.look_at_site()
        trial.works(20)
        trial.settle()
        entries = trial.judge()
        self.assertEqual([entry["subject"]["which"] for entry in entries
                          if entry["kind"] == "tick"], [1])
        trial.judge_site()

    # Goal: the steps of a commit are in the right order. Method: end registry and intake between
    # each two of them, several times by.
    def test_at_points(self):
        trial = self.trial
        for name, points in POINTS.items():
            daemon = self.daemons[name]
            for point in points:
                for times in TIMES:
                    daemon.end()
                    daemon.environment = {"DAIS_CRASH_POINT": f"{point}:{times}"}
                    daemon.launch()
                    self.assertEqual(daemon.ended(), -signal.SIGKILL, (point, times))
                    daemon.environment = {}
                    daemon.start()
                    trial.works(1)
        trial.settle()
        epochs = {entry["epoch"] for entry in trial.judge()}
        self.assertGreater(len(epochs), len(POINTS["registry"]) * len(TIMES), "one for each start")

    # Goal: a store that was put back from an old copy is not served: what was signed since would be
    # said otherwise. Method: copy the store, go on, put the copy in its place; then the right one.
    def test_put_back(self):
        trial, registry = self.trial, self.daemons["registry"]
        store = trial.world.data / "registry" / trial.world.name / "store"
        old, new = (trial.world.folder / name for name in ("old", "new"))
        registry.end()
        shutil.copytree(store, old)
        registry.start()
        trial.works(5)
        registry.end(signal.SIGKILL)
        store.rename(new)
        shutil.copytree(old, store)
        registry.launch()
        trial.world.settle(lambda: not registry.is_running() or
                           any("event=ready" in (line or "") for line in registry.lines))
        self.assertFalse(registry.is_running(), "it serves a store that is behind")
        self.assertEqual(registry.ended(), 9)
        self.assertTrue(any("store-behind" in (line or "") for line in registry.lines))
        shutil.rmtree(store)
        new.rename(store)
        registry.start()
        trial.works(5)
        trial.settle()
        trial.judge()

    # Goal: who stands still for longer than anybody waits is gone for the others, and one of them
    # again when it goes on. Method: stop each by a signal; go on.
    def test_stands_still(self):
        trial = self.trial
        names = ("broker", "registry", "intake")
        for name in names if trial_world.FULL else names[trial.seed % 3:][:1]:
            self.daemons[name].process.send_signal(signal.SIGSTOP)
            trial.pause(STANDS_S)
            self.daemons[name].process.send_signal(signal.SIGCONT)
            trial.works(5)
        trial.settle()
        trial.judge()


if __name__ == "__main__":
    unittest.main()
