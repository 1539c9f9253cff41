#!/usr/bin/env -S python3 -B
# SPDX-License-Identifier: Apache-2.0
"""An office that was not written here sends to the real daemons: tests/interop/foreign_office.py, which
is made from docs/protocol.md and docs/formats.md alone."""
import subprocess
import sys
import unittest
from pathlib import Path

import cycle_world

BUILD = Path(sys.argv.pop(1)).resolve()
PROGRAM = Path(__file__).resolve().parents[1] / "interop" / "foreign_office.py"
SKIPPED = 77


def foreign(*arguments):
    return subprocess.run([sys.executable, "-B", str(PROGRAM), *map(str, arguments)], check=False,
                          capture_output=True, text=True, timeout=cycle_world.WAIT_S * 2)


class Foreign(unittest.TestCase):
    def setUp(self):
        self.world = world = cycle_world.Cycle(BUILD)
        self.addCleanup(world.close)
        self.made = world.folder / "foreign"
        self.good("keys", self.made)
        (world.folder / "keys" / "foreign.identity").write_text((self.made / "identity").read_text())
        world.configure()
        world.start("broker")
        world.create()
        world.first_roster((("desk", "secretariat", None, "B. Person"),
                            ("foreign", "office", None, "Office abroad"),
                            ("intake", "intake", None, "Intake")))
        world.profile("desk", world.endpoint())
        world.start("registry", "intake")

    def good(self, *arguments):
        done = foreign(*arguments)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        return done.stdout.splitlines()

    def act(self):
        world = self.world
        return ("act", self.made, world.endpoint(), world.broker_key, world.folder / "genesis",
                "--clock", world.folder / "clock")

    # Goal: who has the documents and no code of ours can be an office: key, connection, bundles, stamps,
    # receipts, proof, list, all verified from genesis. Method: the program of the stranger; what it
    # says was logged is in the log, and its receipt is good for dais as well.
    def test_whole_office(self):
        self.world.open_cycle("desk")
        said = self.good(*self.act())
        print("\n".join(said))
        self.assertIn(f"log {self.world.log}", said[0])
        entries = [line for line in said if line.startswith("entry ")]
        self.assertRegex(entries[0], r"^entry \d+ kind 10 verdicts \[1\]$")  # accepted
        self.assertRegex(entries[1], r"^entry \d+ kind 34 verdicts \[\d+\]$")
        self.assertTrue(any(line.startswith("participants 0 of version 0") for line in said), said)
        self.assertTrue(any(line.startswith("status ") for line in said), said)
        seen = self.world.dais("desk", "verify", self.made / "receipt")[0]
        self.assertEqual((seen["good"], seen["stamped"]), (True, True))
        self.world.daemons["registry"].end()
        self.world.registry("check", self.world.name)


if __name__ == "__main__":
    if foreign("--help").returncode == SKIPPED:
        print("skipped: needs python3-zmq, python3-msgpack and python3-nacl")
        sys.exit(SKIPPED)
    unittest.main()
