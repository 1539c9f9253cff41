#!/usr/bin/env -S python3 -B
# SPDX-License-Identifier: Apache-2.0
"""The power fails under all daemons that keep something, while offices send: what was acknowledged is
there when it comes back. Daemons that do not flush lose it, or this trial could see nothing."""
import contextlib
import signal
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

import trial_world
from cycle_world import PROGRAMS, Cycle, Failed
from ledger import Broken
from loop_disk import LoopDisk, missing

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))

from planted import Build, plant  # noqa: E402

BUILD = Path(sys.argv.pop(1)).resolve()
CUTS = 100 if trial_world.FULL else 10
TEETH = 20 if trial_world.FULL else 1  # of each daemon
TEETH_MIN = 0.9                        # of them lose something
SOON_S = 8                             # by then daemons that lost nothing have gone on
GOOD = {Path(each).name: str(BUILD / each) for each in PROGRAMS}
DAEMONS = ("broker", "registry", "intake", "intake2", "publisher")


class Power(unittest.TestCase):
    def begin(self, stack, programs=None, senders=6):
        """Offices at work, on a disk of its own; `stack` ends all of it."""
        self.disk = LoopDisk()
        stack.callback(self.disk.close)
        for name in ("registry", "site"):
            (self.disk.place / name).mkdir(mode=0o755)
        self.disk.flush()
        trial = trial_world.Trial(BUILD, senders=senders, data=self.disk.place, programs=programs)
        stack.callback(trial.close)
        trial.begin()
        return trial

    def cut(self, trial):
        """The machine goes dark and is there again; nothing runs yet. What is told to the offices
        between the cut and the end of the daemons is of use to find acknowledgements that came too
        soon."""
        self.disk.cut()
        trial.pause(trial.chance.random() * 0.05)
        for name in DAEMONS:
            trial.world.daemons[name].end(signal.SIGKILL)
        self.disk.unmount()
        self.disk.mount()

    # Goal: L1 to L11 hold however often the power fails. Method: cut it after a random time under
    # load, mount the disk as it is, start all daemons on it, in any order.
    def test_cuts(self):
        stack = contextlib.ExitStack()
        self.addCleanup(stack.close)
        trial = self.begin(stack)
        trial.world.start("publisher")
        for _ in range(CUTS):
            trial.pause(0.05 + trial.chance.random() * 0.3)
            trial.look_at_site()
            self.cut(trial)
            names = list(DAEMONS)
            trial.chance.shuffle(names)
            trial.world.start(*names)
            trial.works(1)
        trial.settle()
        trial.judge()
        trial.judge_site()

    # Goal: what an office has said is on its disk before it is told the id, and what it has receipts
    # for stays so. Method: the outbox alone is on the disk that is cut, after each few messages, while
    # dais send delivers what was said before; in the end all of it has its receipt, once.
    def test_outbox(self):
        self.disk = LoopDisk()
        self.addCleanup(self.disk.close)
        world = Cycle(BUILD)
        self.addCleanup(world.close)
        world.environment["XDG_DATA_HOME"] = str(self.disk.place)
        world.configure()
        world.start("broker")
        world.create()
        world.first_roster([("intake", "intake", None, "Intake"), ("office", "office", None, "East")])
        world.profile("office", world.endpoint())
        world.start("registry", "intake")
        names, said = dict(world.environment, DAIS_PROFILE="office"), []
        for _ in range(CUTS):
            sending = subprocess.Popen([world.programs["dais"], "send"], cwd=world.folder, env=names,
                                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            for _ in range(3):
                said.append(world.dais("office", "apply", "--name", f"Org {len(said)}", "--category",
                                       "ngo", "--country", "XA")[0]["id"])
            self.disk.cut()
            sending.kill()
            sending.wait()
            self.disk.unmount()
            self.disk.mount()
            kept = [row["id"] for row in world.dais("office", "outbox", "list")]
            self.assertEqual(sorted(kept), sorted(said))
        world.send("office")
        rows = world.dais("office", "receipts", "--offline")
        self.assertEqual({row["id"] for row in rows if row["seq"]}, set(said))
        self.assertEqual(len({row["seq"] for row in rows}), len(said))

    def loses(self, programs, without):
        """Whether something is lost by a cut with these daemons; `without` does not run meanwhile.
        What is there is looked at with good ones."""
        try:
            with contextlib.ExitStack() as stack:
                trial = self.begin(stack, programs, senders=2)
                for name in without:
                    trial.world.daemons[name].end()
                stamps = trial.ledger.counts.get("STAMP", 0)
                trial.world.settle(lambda: trial.ledger.counts.get("STAMP", 0) >= stamps + 10)
                trial.fleet.says.clear()
                self.cut(trial)
                for name in DAEMONS[:4]:
                    daemon = trial.world.daemons[name]
                    daemon.program = GOOD[Path(daemon.program).name]
                    daemon.launch()
                trial.world.settle(lambda: self.is_lost(trial) or (
                    self.is_ready(trial) and trial.fleet.is_settled()), SOON_S)
                if self.is_lost(trial):
                    raise Broken("a daemon says that it lost something")
                trial.judge()
        except (Failed, Broken) as lost:
            print(str(lost).splitlines()[0])
            return True
        return False

    @staticmethod
    def is_ready(trial):
        daemons = [trial.world.daemons[name] for name in DAEMONS[:4]]
        return all(any("event=ready" in (line or "") for line in daemon.lines) for daemon in daemons)

    @staticmethod
    def is_lost(trial):
        """Does a daemon say so itself?"""
        for name in DAEMONS[1:4]:
            daemon = trial.world.daemons[name]
            said = [line for line in daemon.lines if line and
                    ("spool-lost" in line or "cycle-not-opened" in line)]
            if said or not daemon.is_running():
                return True
        return False

    # Goal: this trial would see it if registry or intake did not flush. Method: build them with
    # MDB_NOSYNC and cut the power once; nearly each time something acknowledged is gone, and never
    # when they are built as they should be.
    def test_teeth(self):
        build, folder = Build(BUILD), tempfile.TemporaryDirectory(prefix="dais-planted-")
        self.addClassCleanup(folder.cleanup)
        changed = plant("base/store.c", folder.name,
                        ("MDB_NOTLS | (store", "MDB_NOTLS | MDB_NOSYNC | (store"))
        for daemon, target, without in (("dais-registry", "registry/dais-registry", ()),
                                        ("dais-intake", "intake/dais-intake", ("registry",))):
            program = build.program(target, "base/store.c", changed, Path(folder.name) / daemon)
            lost = sum(self.loses({daemon: str(program)}, without) for _ in range(TEETH))
            self.assertFalse(self.loses({}, without), "with good daemons")
            print(f"{daemon} without flushing: {lost} of {TEETH} cuts lost something")
            self.assertGreaterEqual(lost, TEETH * TEETH_MIN)


if __name__ == "__main__":
    reason = missing()
    if reason:
        print(f"skipped: {reason}")
        sys.exit(77)
    unittest.main()
