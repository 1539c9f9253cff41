#!/usr/bin/env -S python3 -B
# SPDX-License-Identifier: Apache-2.0
"""dais-audit explain, diff and receipt, run as a person runs them, and verify on a registry's log."""
import json
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

PLAY = Path(sys.argv.pop(1)).resolve()
AUDIT = Path(sys.argv.pop(1)).resolve()
REGISTRY = Path(sys.argv.pop(1)).resolve()
GOLDEN = Path(__file__).resolve().parents[1] / "golden"
CASE = "untoc-2022-05-27"


def run(*arguments):
    done = subprocess.run([AUDIT, *map(str, arguments)], capture_output=True, text=True,
                          check=False, timeout=120)
    return done.returncode, done.stdout, done.stderr


class Logs(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.holder = tempfile.TemporaryDirectory()
        cls.folder = Path(cls.holder.name)
        cls.key = cls.folder / "key"

    @classmethod
    def tearDownClass(cls):
        cls.holder.cleanup()

    def log(self, *more):
        path = self.folder / ("log" + "".join(more))
        if not path.exists():
            subprocess.run([PLAY, "--export", path, "--key", self.key, *more, CASE], check=True,
                           timeout=60, stdout=subprocess.DEVNULL)
        return path


class Registry(Logs):
    # Goal: what a registry writes to its disk holds, to the last check, and so does the public's
    # part of it. Method: play the case through a registry on a real folder, export, verify.
    def test_verify(self):
        data = self.folder / "data"
        data.mkdir()
        whole, public, key = (self.folder / name for name in ("r.whole", "r.public", "r.key"))
        subprocess.run([REGISTRY, CASE, data, whole, public, key], check=True, timeout=120)
        code, out, err = run("verify", "--key", key, whole)
        self.assertEqual((code, err), (0, ""), out)
        self.assertIn("proved: completeness, authenticity, integrity, consistency, outcome; ", out)
        code, out, err = run("verify", "--key", key, public)
        self.assertEqual((code, err), (0, ""), out)
        self.assertIn("36 are sealed", out)
        self.assertIn("same: 236 entries", run("diff", "--key", key, whole, public)[1])


class Explain(Logs):
    # Goal: it says why an organisation took no part. Method: the one that was objected to, by its
    # name; each step and its rule in order, with what was refused.
    def test_blocked(self):
        code, out, err = run("explain", self.log(), "Harbour Watch")
        self.assertEqual((code, err), (0, ""))
        steps = ("application: new -> submitted", "application: eligible -> listed",
                 "application: contested -> blocked", "by objection-effect = block (practice)",
                 "case: new -> raised", "not-competent", "case: raised -> referred", "lapse")
        at = -1
        for step in steps:
            self.assertGreater(out.find(step, at + 1), at, step)
            at = out.find(step, at + 1)
        self.assertNotIn("the public is told", out)
        lines = run("explain", "--json", self.log(), "Harbour Watch")[1].splitlines()
        entries = [json.loads(line) for line in lines]
        self.assertEqual({entry["type"] for entry in entries}, {"explain"})
        rules = [move.get("rule") for entry in entries for move in entry["moves"]]
        self.assertIn("objection-effect", rules)

    # Goal: by its id it is the same; another one, and one that is not there. Method: the id that
    # Python makes of a message's line, the name of one that took part, a name that nobody has.
    def test_others(self):
        code, out, _ = run("explain", self.log(), "Thistle Foundation")
        self.assertEqual(code, 0)
        self.assertIn("the public is told: admitted", out)
        code, out, err = run("explain", self.log(), "Nobody")
        self.assertEqual((code, out), (1, ""))
        self.assertIn("error[not-found]", err)
        self.assertEqual(run("explain", self.log(), "00" * 16)[0], 1)


class Diff(Logs):
    # Goal: same, prefix and fork are told apart, and a fork is proved. Method: a log with itself and
    # with its public export; with its first 100 entries; with one that differs from entry 57 on.
    def test_relations(self):
        whole, public = self.log(), self.log("--public")
        self.assertEqual(run("diff", "--key", self.key, whole, public)[:2],
                         (0, "same: 236 entries\n"))
        part = self.log("--size", "100")
        for pair in ((whole, part), (part, whole)):
            code, out, _ = run("diff", "--key", self.key, *pair)
            self.assertEqual(code, 0)
            self.assertIn(f"prefix: the 100 entries of {part}", out)
        other = self.log("--fork", "57")
        code, out, _ = run("diff", "--key", self.key, whole, other)
        self.assertEqual(code, 4)
        self.assertIn("fork: 57 entries are the same, entry 57 is not", out)
        self.assertEqual(out.count("\n236\n"), 2)
        found = json.loads(run("diff", "--json", "--key", self.key, whole, other)[1])
        self.assertEqual((found["relation"], found["common"]), ("fork", "57"))
        self.assertNotEqual(*(file["checkpoint"] for file in found["files"]))

    # Goal: without a key nothing is proved, and a file that was changed is no evidence. Method: no
    # key; a flipped byte in the checkpoint's root.
    def test_trust(self):
        code, out, _ = run("diff", self.log(), self.log("--public"))
        self.assertEqual(code, 3)
        self.assertIn("NOT-CHECKED", out)
        changed = self.folder / "changed"
        content = self.log().read_bytes()
        at = content.rindex(b"\n236\n") + 6
        changed.write_bytes(content[:at] + bytes([content[at] ^ 1]) + content[at + 1:])
        self.assertEqual(run("diff", "--key", self.key, self.log(), changed)[0], 4)


class Receipt(Logs):
    # Goal: a receipt proves its entry offline. Method: the golden one with its key and without; with
    # the key of another log; every byte of it changed in turn of a few.
    def test_golden(self):
        proof = GOLDEN / "proof.v1.txt"
        vkey = GOLDEN / "vkey.v1.txt"
        code, out, err = run("receipt", "--key", vkey, proof)
        self.assertEqual((code, err), (0, ""))
        self.assertEqual(out.count("PASS"), 2)
        found = json.loads(run("receipt", "--json", "--key", vkey, proof)[1])
        self.assertEqual((found["type"], found["entry"]), ("receipt", "6"))
        self.assertEqual([check["result"] for check in found["checks"]], ["PASS", "PASS"])
        code, out, _ = run("receipt", proof)
        self.assertEqual(code, 3)
        self.assertIn("NOT-CHECKED", out)
        self.log()
        self.assertEqual(run("receipt", "--key", self.key, proof)[0], 4)
        content = proof.read_bytes()
        path = self.folder / "changed.tlog-proof"
        for at in range(0, len(content), 97):
            path.write_bytes(content[:at] + bytes([content[at] ^ 1]) + content[at + 1:])
            self.assertEqual(run("receipt", "--key", vkey, path)[0], 4, at)

    # Goal: it is found in the log that it is of, and in no other. Method: the exported log of the same
    # sample, and the case's.
    def test_log(self):
        lines = (GOLDEN / "export.v1.hex").read_text().splitlines()
        log = self.folder / "sample.export"
        log.write_bytes(bytes.fromhex("".join(x for x in lines if not x.startswith("#"))))
        arguments = ("receipt", "--key", GOLDEN / "vkey.v1.txt", "--log")
        code, out, _ = run(*arguments, log, GOLDEN / "proof.v1.txt")
        self.assertEqual((code, out.count("PASS")), (0, 5))
        self.assertEqual(run(*arguments, self.log(), GOLDEN / "proof.v1.txt")[0], 4)


class Receipts(Logs):
    def setUp(self):
        self.place = tempfile.TemporaryDirectory(dir=self.folder)
        self.addCleanup(self.place.cleanup)
        self.receipts = Path(self.place.name)
        self.proof = (GOLDEN / "proof.v1.txt").read_bytes()
        lines = (GOLDEN / "export.v1.hex").read_text().splitlines()
        self.sample = self.folder / "sample.export"
        self.sample.write_bytes(bytes.fromhex("".join(x for x in lines if not x.startswith("#"))))

    def checks(self, *arguments, code):
        found, out, err = run("receipts", "--json", *arguments, self.receipts)
        self.assertEqual((found, err), (code, ""), out)
        self.assertEqual(run("receipts", "--json", *arguments, self.receipts)[1], out)
        result = json.loads(out)
        self.assertEqual((result["type"], result["v"]), ("audit", "1"))
        return {check["name"]: check["result"] for check in result["checks"]}, result

    # Goal: nothing looked at is nothing proved. Method: an empty folder.
    def test_none(self):
        checks, _ = self.checks("--key", GOLDEN / "vkey.v1.txt", "--log", self.sample, code=3)
        self.assertEqual(checks["receipt-files"], "NOT-CHECKED")

    # Goal: a line for each receipt, and every check says something. Method: two receipts of a
    # sample with its log; without log and key; and the human's text of it.
    def test_good(self):
        for name in ("a.txt", "b.txt"):
            (self.receipts / name).write_bytes(self.proof)
        key = ("--key", GOLDEN / "vkey.v1.txt")
        checks, result = self.checks(*key, "--log", self.sample, code=0)
        self.assertEqual(set(checks.values()), {"PASS"})
        self.assertEqual([(row["file"], row["result"]) for row in result["receipts"]],
                         [("a.txt", "PASS"), ("b.txt", "PASS")])
        checks, _ = self.checks(*key, code=3)
        self.assertEqual(checks["receipt-place"], "NOT-CHECKED")
        checks, _ = self.checks("--log", self.sample, code=3)
        self.assertEqual((checks["receipt-tree"], checks["receipt-place"]), ("NOT-CHECKED", "PASS"))
        out = run("receipts", *key, "--log", self.sample, self.receipts)[1]
        self.assertIn("PASS a.txt: entry 6, ", out)

    # Goal: what is wrong is said of the receipt that it is wrong with. Method: one that was
    # changed, one cut short, a file that is none, a folder; beside a good one.
    def test_bad(self):
        (self.receipts / "good.txt").write_bytes(self.proof)
        (self.receipts / "changed.txt").write_bytes(self.proof.replace(b"6\n", b"5\n", 1))
        (self.receipts / "cut.txt").write_bytes(self.proof[:200])
        (self.receipts / "README").write_text("What lies here.\n")
        (self.receipts / "folder").mkdir()
        (self.receipts / ".hidden").write_text("not looked at")
        checks, result = self.checks("--key", GOLDEN / "vkey.v1.txt", "--log", self.sample, code=4)
        rows = {row["file"]: row["result"] for row in result["receipts"]}
        self.assertEqual(rows, {"README": "FAIL", "changed.txt": "FAIL", "cut.txt": "FAIL",
                                "folder": "FAIL", "good.txt": "PASS"})
        self.assertEqual({failure["where"]: failure["name"] for failure in result["failures"]},
                         {"README": "receipt-files", "folder": "receipt-files",
                          "changed.txt": "receipt-entry", "cut.txt": "receipt-entry"})
        self.assertEqual(checks["receipt-tree"], "PASS")

    # Goal: a log that has changed since is told from one that ends earlier. Method: a receipt of
    # one log held against another of as many entries and more; against the start of its own.
    def test_histories(self):
        (self.receipts / "a.txt").write_bytes(self.proof)
        checks, _ = self.checks("--log", self.log(), code=4)
        self.assertEqual((checks["receipt-place"], checks["receipt-history"]), ("FAIL", "FAIL"))
        checks, _ = self.checks("--log", self.log("--size", "3"), code=3)
        self.assertEqual((checks["receipt-place"], checks["receipt-history"]),
                         ("NOT-CHECKED", "NOT-CHECKED"))
        self.assertEqual(run("receipts", self.folder / "absent")[0], 1)


if __name__ == "__main__":
    unittest.main()
