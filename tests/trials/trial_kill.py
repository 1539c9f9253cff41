#!/usr/bin/env -S python3 -B
# SPDX-License-Identifier: Apache-2.0
"""Daemons that end at any instruction, or stand still, while offices send through them: nothing that
was acknowledged is lost, nothing is there twice, and all goes on by itself once they are back."""
import signal
import sys
import unittest
from pathlib import Path

import trial_world

BUILD = Path(sys.argv.pop(1)).resolve()
KILLS = 200 if trial_world.FULL else 20
POINTS = {"registry": ("registry-committed", "registry-guarded", "registry-signed",
                       "registry-answered"),
          "intake": ("intake-stamped", "intake-answered", "intake-packed", "intake-heard")}
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
    # two or three, after a random time under load, again and again; the last fault is followed by
    # more traffic.
    def test_at_random(self):
        trial = self.trial
        names = ("broker", "registry", "intake", "intake2", "publisher")
        done = 0
        while done < KILLS:
            trial.pause(trial.chance.random() * 0.3)
            some = trial.chance.sample(names, trial.chance.choice((1, 1, 1, 2, 3)))
            self.hit(some)
            done += len(some)
            trial.look_at_site()
        trial.works(20)
        trial.settle()
        trial.judge()
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
