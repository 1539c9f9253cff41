#!/usr/bin/env -S python3 -B
# SPDX-License-Identifier: Apache-2.0
"""The wall clock jumps under intakes and registry, by days and over a deadline: nothing is stamped,
nothing is closed, nothing is late and nothing is lost, until a person has said that it is right."""
import sys
import tempfile
import unittest
from datetime import timedelta
from pathlib import Path

import trial_world
import cycle_world  # where trial_world has looked

BUILD = Path(sys.argv.pop(1)).resolve()
CLOCKS = ("registry", "intake", "intake2")
LIBRARIES = sorted(Path("/usr/lib").glob("*/faketime/libfaketime.so.1"))
DOUBT_S = 1.5  # a clock in doubt is looked at each second


class Jump(unittest.TestCase):
    def begin(self, **how):
        self.trial = trial = trial_world.Trial(BUILD, senders=2, **how)
        self.addCleanup(trial.close)
        self.world = trial.world
        trial.begin()
        trial.works(5)

    def stamps(self):
        return self.trial.ledger.counts.get("STAMP", 0)

    def ticked(self):
        return next(row for row in self.world.dais("desk", "deadlines", "--refresh")
                    if row.get("which") == "application-deadline")["ticked"]

    def doubts(self, seen):
        """All of them have said so; what was on its way before is answered."""
        for name in CLOCKS:
            self.world.daemons[name].wait_for("event=clock-unsure", start=seen[name])
        self.trial.pause(0.2)

    def stands(self):
        """Nothing is stamped and nothing closes, for long enough to have been."""
        before = self.stamps()
        self.trial.pause(DOUBT_S)
        self.assertEqual(self.stamps(), before)
        self.assertEqual(self.ticked(), "0")

    def accept(self):
        """A person says that the clocks are right, as docs/operations.md has it."""
        world = self.world
        for name in CLOCKS[1:]:
            world.good("dais-intake", "clock", "accept", "--yes", "--config",
                       world.folder / f"{name}.zpl")
            world.daemons[name].wait_for("event=clock-accepted", "clock=sure")
        world.say("desk", "cycle", "clock-accepted", "--at", cycle_world.instant(world.now),
                  "--reason", "compared", "--yes")
        world.daemons["registry"].wait_for("event=clock-sure")

    def jump(self, away, back):
        seen = {name: len(self.world.daemons[name].lines) for name in CLOCKS}
        away()
        self.doubts(seen)
        self.stands()
        back()
        self.stands()
        self.accept()
        self.trial.works(5)

    def end(self):
        """Nothing was late."""
        self.trial.settle()
        entries = self.trial.judge(("clock-accepted",))
        late = [entry["seq"] for entry in entries
                if entry["kind"] in ("application", "amendment") and entry["verdicts"] != [1]]
        self.assertEqual(late, [])
        self.assertEqual([entry for entry in entries if entry["kind"] == "tick"], [])

    # Goal: with the machine's clocks, a jump of two days over a deadline is told from time that
    # goes by, forward and back. Method: registry and intakes run with a library that shifts the
    # wall clock and not the clock of the boot, by what stands in a file.
    def test_machine(self):
        if not LIBRARIES:
            print("skipped: needs libfaketime")
            return
        folder = tempfile.TemporaryDirectory(prefix="dais-clock-")
        self.addCleanup(folder.cleanup)
        shift = Path(folder.name) / "shift"

        def set_shift(text):
            shift.with_suffix(".new").write_text(text + "\n")
            shift.with_suffix(".new").rename(shift)

        set_shift("+0")
        cycle_world.VALUES["application-deadline"] = "call+1d"
        self.addCleanup(cycle_world.VALUES.update, {"application-deadline": "call+30d"})
        self.begin(played=False, environment={
            "LD_PRELOAD": str(LIBRARIES[0]), "FAKETIME_TIMESTAMP_FILE": str(shift),
            "FAKETIME_NO_CACHE": "1", "FAKETIME_DONT_FAKE_MONOTONIC": "1",
            "ASAN_OPTIONS": "verify_asan_link_order=0"})
        for text in ("+2d", "-2d"):
            self.jump(lambda text=text: set_shift(text), lambda: set_shift("+0"))
        self.end()

    # Goal: in a rehearsal time may be played forward and never back. Method: the clock file a day
    # back, and right again.
    def test_clock_file(self):
        self.begin()
        now = self.world.now
        self.jump(lambda: self.world.set_time(now - timedelta(days=1)),
                  lambda: self.world.set_time(now))
        self.end()


if __name__ == "__main__":
    unittest.main()
