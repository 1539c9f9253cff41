#!/usr/bin/env -S python3 -B
# SPDX-License-Identifier: Apache-2.0
"""dais-audit replay and what-if, run as a person runs them, on the logs that cases leave behind."""
import json
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

PLAY = Path(sys.argv.pop(1)).resolve()
AUDIT = Path(sys.argv.pop(1)).resolve()
CASES = Path(__file__).resolve().parents[1] / "cases"
MODEL = Path(__file__).resolve().parents[1] / "property" / "replay.py"
FIREARMS = "untoc-2022-05-06"
SENTENCE = "Forty-three non-governmental organizations took part."


def run(*arguments):
    done = subprocess.run([AUDIT, *map(str, arguments)], capture_output=True, text=True,
                          check=False, timeout=60)
    return done.returncode, done.stdout, done.stderr


class Logs(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.holder = tempfile.TemporaryDirectory()
        cls.folder = Path(cls.holder.name)

    @classmethod
    def tearDownClass(cls):
        cls.holder.cleanup()

    def log(self, case, *more):
        path = self.folder / (case + "".join(more))
        if not path.exists():
            subprocess.run([PLAY, "--export", path, *more, case], check=True, timeout=60,
                           stdout=subprocess.DEVNULL)
        return path


class Replay(Logs):
    # Goal: the state at any size is that of the second implementation. Method: its digests of every
    # index, which it writes by the texts alone, at the end and at a few sizes of one case.
    def test_digests(self):
        path = self.log(FIREARMS)
        lines = subprocess.run(["/usr/bin/python3", "-B", MODEL, "--standing", path], check=True,
                               timeout=120, capture_output=True, text=True).stdout.split("\n")
        digests = [line.split()[3:] for line in lines if line]
        for size in (1, 2, 50, 107, len(digests) - 1, len(digests)):
            code, out, _ = run("replay", "--json", "--at", size, path)
            self.assertEqual(code, 0)
            found = json.loads(out)
            self.assertEqual([found["state"], found["standing"]], digests[size - 1])
            self.assertEqual(found["entries"], str(size))

    # Goal: an instant is as good as a size. Method: before the call, in the window, at the end.
    def test_instants(self):
        path = self.log(FIREARMS)
        for at, cycle in (("2022-03-04T01:00:00Z", "draft"), ("2022-05-01T12:00:00Z", "window"),
                          ("2022-05-06T12:00:00Z", "ended")):
            code, out, _ = run("replay", "--at", at, path)
            self.assertEqual(code, 0, at)
            self.assertIn(f"cycle {cycle}\n", out)
        self.assertIn(SENTENCE, out)

    # Goal: mistakes get help, and a log that is not whole is not replayed. Method: a wrong --at, the
    # public's export, a file that is none.
    def test_mistakes(self):
        code, _, err = run("replay", "--at", "yesterday", self.log(FIREARMS))
        self.assertEqual(code, 2)
        self.assertIn("hint: ", err)
        code, out, err = run("replay", self.log(FIREARMS, "--public"))
        self.assertEqual((code, out), (4, ""))
        self.assertIn("error[", err)
        self.assertEqual(run("replay", self.folder / "absent")[0], 1)


class WhatIf(Logs):
    # Goal: both outcomes of 6 May 2022 come from the same log. Method: as it was, kept out; under a
    # policy by which earlier accreditation bars an objection, admitted.
    def test_both_outcomes(self):
        path = self.log(FIREARMS)
        policy = CASES / FIREARMS / "bars-objection.zpl"
        self.assertIn(SENTENCE, run("replay", path)[1])
        code, out, err = run("what-if", "--json", "--policy", policy, path)
        self.assertEqual((code, err), (0, ""))
        changes = json.loads(out)["changes"]
        orgs = [change for change in changes if change["what"] == "organisation"]
        self.assertEqual([(org["was"], org["would_be"]) for org in orgs], [("blocked", "admitted")])
        verdicts = [change for change in changes if change["what"] == "verdict"]
        self.assertEqual([(v["kind"], v["was"], v["would_be"]) for v in verdicts],
                         [("objection", "accepted", "not-objectable"),
                          ("attendance", "not-admitted", "accepted")])
        keys = [change["key"] for change in changes if change["what"] == "policy"]
        self.assertEqual(keys, ["prior-accreditation"])
        self.assertIn("organisation", run("what-if", "--policy", policy, path)[1])

    # Goal: under its own policy nothing is otherwise. Method: every case against itself.
    def test_the_same(self):
        for case in sorted(path.parent.name for path in CASES.glob("*/call.txt")):
            name = next(line.split()[1] for line in (CASES / case / "call.txt").read_text()
                        .splitlines() if line.startswith("policy-file"))
            policy = (CASES / case / name[1:] if name.startswith("@")
                      else CASES.parents[1] / "policies" / f"{name}.zpl")
            code, out, err = run("what-if", "--policy", policy, self.log(case))
            self.assertEqual((code, out, err), (0, "nothing would be otherwise\n", ""), case)

    # Goal: a policy that cannot rule these events is said to be one. Method: one of another body, and
    # one that is none.
    def test_unfit(self):
        path = self.log(FIREARMS)
        other = CASES.parents[1] / "policies" / "ga-high-level-meeting.zpl"
        code, out, err = run("what-if", "--policy", other, path)
        self.assertEqual((code, out), (7, ""))
        self.assertIn("error[policy]", err)
        broken = self.folder / "broken.zpl"
        broken.write_text("policy\n    id = \"x\"\n")
        self.assertEqual(run("what-if", "--policy", broken, path)[0], 7)
        self.assertEqual(run("what-if", path)[0], 2)


if __name__ == "__main__":
    unittest.main()
