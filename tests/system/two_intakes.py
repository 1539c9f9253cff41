#!/usr/bin/env -S python3 -B
# SPDX-License-Identifier: Apache-2.0
"""A deadline, many offices and two intakes over real daemons: each message lands on the side that its
stamp says, whatever was down or stopped meanwhile, and the tick waits for both intakes."""
import os
import signal
import sys
import unittest
from datetime import datetime, timedelta
from pathlib import Path

import cycle_world

BUILD = Path(sys.argv.pop(1)).resolve()
OFFICES = 200 if os.environ.get("DAIS_FULL") else 18  # issue: 200
INTAKES = ("intake", "intake2")
MS = timedelta(milliseconds=1)


class TwoIntakes(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.world = cycle_world.Cycle(BUILD)
        try:
            cls.set_up()
        except BaseException:
            cls.world.close()
            raise

    @classmethod
    def set_up(cls):
        world = cls.world
        world.configure(intakes=INTAKES, port=cycle_world.free_port())  # kept over a restart
        world.start("broker")
        world.create()
        cls.offices = [f"office{number}" for number in range(OFFICES)]
        world.first_roster([("desk", "secretariat", None, "B. Person"),
                            *((name, "intake", None, name) for name in INTAKES),
                            *((name, "office", None, name) for name in cls.offices)])
        cls.intake_of = {name: INTAKES[i % 2] for i, name in enumerate(cls.offices)}
        for name in ("desk", *cls.offices):
            world.profile(name, world.endpoint(), cls.intake_of.get(name))
        world.start("registry", *INTAKES)
        world.open_cycle("desk")
        for name in cls.offices:  # which learn by it whose stamps count
            cls.apply(name)
            world.send(name)
        cls.closes = datetime.fromisoformat(cls.deadline()["closes_at"].replace("Z", "+00:00"))

    @classmethod
    def tearDownClass(cls):
        cls.world.close()

    @classmethod
    def apply(cls, name):
        return cls.world.dais(name, "apply", "--name", name, "--category", "ngo", "--country",
                              "XA")[0]["id"]

    @classmethod
    def deadline(cls):
        return next(row for row in cls.world.dais("desk", "deadlines", "--refresh")
                    if row.get("which") == "application-deadline")

    @classmethod
    def ticked(cls):
        return int(cls.deadline()["ticked"])

    def has_handed_over(self, name, seen):
        """Has the registry said, since `seen` lines, that it holds all that was stamped?"""
        said = [dict(word.split("=", 1) for word in line.split()) for line in
                self.world.daemons[name].lines[seen:] if line and "event=handed-over" in line]
        return bool(said) and said[-1]["next"] == said[-1]["j"]

    # Goal: nothing that was stamped in time is late, nothing stamped at or behind the deadline is
    # in time, and the tick comes only when both intakes have marked it. Method: offices send at
    # one millisecond before, at and behind it, half through each intake; over the deadline the
    # registry is down, and when it is back one intake is stopped and nothing of it is on its way, so
    # that the deadline has to wait.
    def test_sides(self):
        world = self.world
        early, at, late = (self.offices[part::3] for part in range(3))
        said = {name: self.apply(name) for name in self.offices}
        self.assertEqual(world.daemons["registry"].end(), 0)
        for moment, offices in ((self.closes - MS, early), (self.closes, at),
                                (self.closes + MS, late)):
            world.set_time(moment)
            for name in offices:
                world.dais(name, "send", "--until", "stamp", "--progress", "none")
        stopped = world.daemons["intake2"].process
        stopped.send_signal(signal.SIGSTOP)
        # What it has handed over already waits in the broker for the registry: that forgets it.
        self.assertEqual(world.daemons["broker"].end(), 0)
        world.start("broker")
        seen = len(world.daemons["intake"].lines)
        world.start("registry")
        world.settle(lambda: self.has_handed_over("intake", seen))
        self.assertEqual(self.ticked(), 0)
        stopped.send_signal(signal.SIGCONT)
        world.settle(self.ticked)
        for name in self.offices:
            world.send(name)
        tick = self.ticked()
        for name in self.offices:
            row = next(row for row in world.dais(name, "receipts", "--offline")
                       if row["id"] == said[name])
            is_early = name in early
            self.assertEqual(row["verdicts"], ["accepted"] if is_early else ["late"], (name, row))
            self.assertEqual(int(row["seq"]) < tick, is_early, (name, row, tick))


if __name__ == "__main__":
    unittest.main()
