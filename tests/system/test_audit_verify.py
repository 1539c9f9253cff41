#!/usr/bin/env -S python3 -B
# SPDX-License-Identifier: Apache-2.0
"""dais-audit verify, run as a person runs it, on the log that a case leaves behind."""
import json
import random
import re
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

PLAY = Path(sys.argv.pop(1)).resolve()
AUDIT = Path(sys.argv.pop(1)).resolve()
CASE = "untoc-2022-05-27"
ROOT = Path(__file__).resolve().parents[2]
SEED = 20220527


def run(*arguments):
    done = subprocess.run([AUDIT, *map(str, arguments)], capture_output=True, text=True,
                          check=False, timeout=60)
    return done.returncode, done.stdout, done.stderr


class Verify(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.holder = tempfile.TemporaryDirectory()
        cls.folder = Path(cls.holder.name)
        cls.whole, cls.public, cls.key = (cls.folder / name for name in ("whole", "public", "key"))
        for path, more in ((cls.whole, ["--key", cls.key]), (cls.public, ["--public"])):
            subprocess.run([PLAY, "--export", path, *more, CASE], check=True, timeout=60,
                           stdout=subprocess.DEVNULL)

    @classmethod
    def tearDownClass(cls):
        cls.holder.cleanup()

    def checks(self, *arguments, code):
        found, out, err = run("verify", "--json", *arguments)
        self.assertEqual((found, err), (code, ""), out)
        result = json.loads(out)
        self.assertEqual((result["type"], result["v"], result["passed"]), ("audit", "1", code == 0))
        return {check["name"]: check for check in result["checks"]}, result

    # Goal: a whole log passes, and every check had something to look at. Method: the case's log
    # with its key; only parked bundles and none erased are not in it.
    def test_whole(self):
        checks, result = self.checks("--key", self.key, self.whole, code=0)
        self.assertEqual(result["failures"], [])
        for name, check in checks.items():
            self.assertEqual(check["result"], "PASS", name)
            if name != "parked":
                self.assertGreater(int(check["counts"]["PASS"]), 0, name)
        code, out, _ = run("verify", "--key", self.key, self.whole)
        self.assertEqual(code, 0)
        self.assertIn("proved: completeness, authenticity, integrity, consistency, outcome", out)
        self.assertEqual(run("verify", "--key", self.key, self.whole)[1], out)

    # Goal: every check is explained where people look it up. Method: numbers, names and texts of
    # checks.def are rows of docs/audit.md, and it has no others.
    def test_documented(self):
        table = re.findall(r'CHECK\((\d+), \w+, \w+, (\w+), "([^"]+)", "([^"]+)"\)',
                           (ROOT / "audit/checks.def").read_text())
        wanted = {f"| {number} | {name} | {group.lower()} | {text} |"
                  for number, group, name, text in table}
        found = {line for line in (ROOT / "docs/audit.md").read_text().splitlines()
                 if re.match(r"\| \d+ \|", line)}
        self.assertGreater(len(wanted), 50)
        self.assertEqual(found, wanted)

    # Goal: without a key nothing is believed. Method: no key gives exit 3 and says what to do; the
    # key of another log fails.
    def test_trust(self):
        checks, _ = self.checks(self.whole, code=3)
        for name in ("checkpoint", "genesis"):
            self.assertEqual(checks[name]["result"], "NOT-CHECKED")
            self.assertIn("--key", checks[name]["reason"])
        other = self.folder / "other.key"
        subprocess.run([PLAY, "--key", other, "untoc-2022-05-06"], check=True, timeout=60,
                       stdout=subprocess.DEVNULL)
        checks, _ = self.checks("--key", other, self.whole, code=4)
        self.assertEqual(checks["checkpoint"]["result"], "FAIL")
        self.assertEqual(checks["genesis"]["result"], "FAIL")
        code, _, err = run("verify", "--key", self.folder / "absent", self.whole)
        self.assertEqual(code, 2)
        self.assertIn("hint: ", err)

    # Goal: what is closed is counted, not guessed. Method: the public's export has sealed entries
    # and no failure.
    def test_public(self):
        code, out, _ = run("verify", "--json", "--key", self.key, self.public)
        result = json.loads(out)
        self.assertIn(code, (0, 3))
        self.assertEqual(result["failures"], [])
        opened = next(check for check in result["checks"] if check["name"] == "opened")
        self.assertGreater(int(opened["counts"]["SEALED"]), 0)

    # Goal: no byte of the file can be changed unseen. Method: flip one bit in many places.
    def test_any_bit(self):
        content = self.whole.read_bytes()
        pick = random.Random(SEED)
        path = self.folder / "flipped"
        for _ in range(120):
            at, bit = pick.randrange(len(content)), pick.randrange(8)
            changed = bytearray(content)
            changed[at] ^= 1 << bit
            path.write_bytes(changed)
            code, out, _ = run("verify", "--key", self.key, path)
            self.assertEqual(code, 4, f"byte {at} bit {bit} (seed {SEED}):\n{out}")

    # Goal: a cut file and one with something behind it are refused. Method: cut at frames and
    # between, append a byte; a file that is no log; none at all.
    def test_form(self):
        content = self.whole.read_bytes()
        path = self.folder / "cut"
        for size in (len(content) - 1, len(content) // 2, 100):
            path.write_bytes(content[:size])
            self.assertEqual(run("verify", "--key", self.key, path)[0], 4, size)
        path.write_bytes(content + b"\0")
        self.assertEqual(run("verify", "--key", self.key, path)[0], 4)
        path.write_bytes(b"nothing")
        code, _, err = run("verify", path)
        self.assertEqual(code, 4)
        self.assertIn("error[wrong-domain]", err)
        code, _, err = run("verify", self.folder / "absent")
        self.assertEqual(code, 1)
        self.assertIn("error[not-found]", err)


if __name__ == "__main__":
    unittest.main()
