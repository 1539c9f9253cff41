#!/usr/bin/env -S python3 -B
# SPDX-License-Identifier: Apache-2.0
"""dais-audit db over the store that a registry has written, and over stores that somebody has
edited."""
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

REGISTRY, AUDIT, EDIT = (Path(sys.argv.pop(1)).resolve() for _ in range(3))
CASE = "untoc-2022-05-27"
SEED = 20220527
ROWS = Path(__file__).resolve().parents[2] / "registry" / "rules" / "rows.def"
TABLES = [line.split("(")[1].split(",")[0] for line in ROWS.read_text().splitlines()
          if line.startswith("TABLE(")]


def run(*arguments, **more):
    done = subprocess.run([str(each) for each in arguments], capture_output=True, text=True,
                          check=False, timeout=120, **more)
    return done.returncode, done.stdout, done.stderr


def flip(value, at):
    """Hex with one bit of its byte `at` changed."""
    changed = bytearray.fromhex(value)
    changed[at] ^= 1
    return changed.hex()


class Store(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.holder = tempfile.TemporaryDirectory()
        cls.folder = Path(cls.holder.name)
        (cls.folder / "data").mkdir()
        cls.whole, cls.public, cls.key = (cls.folder / name for name in ("whole", "public", "key"))
        code, out, err = run(REGISTRY, CASE, cls.folder / "data", cls.whole, cls.public, cls.key)
        assert code == 0, out + err
        cls.cycle = next((cls.folder / "data").rglob("store")).parent

    @classmethod
    def tearDownClass(cls):
        cls.holder.cleanup()

    def copy(self):
        path = self.folder / "copy"
        shutil.rmtree(path, ignore_errors=True)
        shutil.copytree(self.cycle, path)
        return path

    def rows(self, database, tag=""):
        out = run(EDIT, self.cycle / "store", "list", database)[1]
        return [line.split() for line in out.splitlines() if line.startswith(tag)]

    def edit(self, path, *what):
        code, _, err = run(EDIT, path / "store", *what)
        self.assertEqual(code, 0, err)

    def audit(self, path, code, *more):
        arguments = ("--key", self.key, "--log", self.public, *more, path)
        found, out, err = run(AUDIT, "db", "--json", *arguments)
        self.assertEqual((found, err), (code, ""), out)
        result = json.loads(out)
        self.assertEqual((result["type"], result["v"]), ("audit", "1"))
        return {check["name"]: check["result"] for check in result["checks"]}, result

    def tampered(self, *what):
        path = self.copy()
        self.edit(path, *what)
        return self.audit(path, 4)

    # Goal: the store that a registry wrote passes every check, and nothing is written by looking.
    # Method: the store and its bytes before and after; twice the same text; nothing left behind.
    def test_good(self):
        before = (self.cycle / "store" / "data.mdb").read_bytes()
        checks, result = self.audit(self.cycle, 0)
        self.assertEqual(set(checks.values()), {"PASS"})
        self.assertEqual(result["state"]["differ"], "0")
        self.assertGreater(int(result["state"]["keys"]), 500)
        texts = [run(AUDIT, "db", "--key", self.key, "--log", self.public, self.cycle)[1]
                 for _ in range(2)]
        self.assertEqual(texts[0], texts[1])
        self.assertIn("state: 0 of ", texts[0])
        self.assertEqual((self.cycle / "store" / "data.mdb").read_bytes(), before)
        place = self.folder / "tmp"
        place.mkdir()
        code, _, _ = run(AUDIT, "db", self.cycle, env={**os.environ, "TMPDIR": str(place)})
        self.assertEqual((code, list(place.iterdir())), (3, []))

    # Goal: what was not named is not believed. Method: no log, no key, no guard.
    def test_not_checked(self):
        code, out, _ = run(AUDIT, "db", "--json", self.cycle)
        results = {check["name"]: check["result"] for check in json.loads(out)["checks"]}
        self.assertEqual((code, results["store-signed"]), (3, "NOT-CHECKED"))
        path = self.copy()
        (path / "guard").unlink()
        checks, _ = self.audit(path, 3)
        self.assertEqual(checks["store-guard"], "NOT-CHECKED")
        checks, _ = self.audit(path, 0, "--guard", self.cycle / "guard")
        self.assertEqual(checks["store-guard"], "PASS")
        self.assertEqual(run(AUDIT, "db", self.folder / "absent")[0], 1)

    # Goal: a change of the state is named by table, row and field, and counted. Method: a byte of a
    # row, a row too many, a row too few, a number of an index, a text.
    def test_state(self):
        tag = f"{TABLES.index('ORGANISATION'):02x}"
        key, value = self.rows("state", tag)[2]
        checks, result = self.tampered("put", "state", key, flip(value, 17))
        self.assertEqual({name for name, word in checks.items() if word != "PASS"}, {"store-state"})
        self.assertEqual(result["state"]["differ"], "1")
        failure = result["failures"][0]
        self.assertEqual(failure["where"], "ORGANISATION 3")
        self.assertRegex(failure["text"], r"^applied is \d+, not \d+$")
        many = "0000000000000000"
        checks, result = self.tampered("put", "state", key[:2] + "00000000000003e7", value)
        self.assertIn("no entry makes it", result["state"]["first"])
        text = self.rows("state", "c0")[-1]
        _, result = self.tampered("del", "state", text[0])
        self.assertEqual(result["state"]["differ"], "1")
        self.assertIn("the store has it not", result["state"]["first"])
        index = self.rows("state", "80")[4]
        _, result = self.tampered("put", "state", index[0], many)
        self.assertRegex(result["failures"][-1]["where"], "^index MESSAGE [0-9a-f]+")

    # Goal: the cycle's own row is seen at a glance as well. Method: a count in it.
    def test_counts(self):
        key, value = self.rows("state", f"{TABLES.index('CYCLE'):02x}")[0]
        checks, result = self.tampered("put", "state", key, flip(value, 76))
        self.assertEqual(checks["store-head"], "FAIL")
        self.assertEqual(result["failures"][-1]["where"], "CYCLE 0")

    # Goal: leaves and records are held against each other. Method: a leaf's commitment, a node of
    # the tree, a byte of a bundle's row at many places, a leaf that is gone.
    def test_entries(self):
        key, value = self.rows("leaves")[57]
        checks, result = self.tampered("put", "leaves", key, flip(value, 3))
        self.assertEqual((checks["store-leaves"], checks["store-tree"]), ("FAIL", "FAIL"))
        self.assertEqual(result["failures"][0]["entry"], "57")
        checks, _ = self.tampered("put", "leaves", key, flip(value, 40))
        self.assertEqual((checks["store-leaves"], checks["store-tree"]), ("PASS", "FAIL"))
        checks, _ = self.tampered("del", "leaves", key)
        self.assertEqual((checks["store-leaves"], checks["store-entries"]), ("FAIL", "FAIL"))
        key, value = self.rows("rows")[40]
        for at in range(5, len(value) // 2, len(value) // 8):
            checks, result = self.tampered("put", "rows", key, flip(value, at))
            failed = {name for name, word in checks.items() if word == "FAIL"}
            self.assertTrue(failed & {"store-entries", "store-openings", "store-leaves",
                                      "store-links", "store-verdicts"}, (at, failed))

    # Goal: what stands beside the entries is theirs. Method: a link of a chain that is gone, one
    # that names another bundle, a stamp that is gone, the head.
    def test_beside(self):
        key, value = self.rows("links")[7]
        self.assertEqual(self.tampered("del", "links", key)[0]["store-links"], "FAIL")
        self.assertEqual(self.tampered("put", "links", key, flip(value, 9))[0]["store-links"], "FAIL")
        key, _ = self.rows("stamps")[3]
        self.assertEqual(self.tampered("del", "stamps", key)[0]["store-links"], "FAIL")
        key, value = next(row for row in self.rows("meta") if bytes.fromhex(row[0]) == b"head")
        self.assertEqual(self.tampered("put", "meta", key, flip(value, 12))[0]["store-head"], "FAIL")

    # Goal: a store that lies about its size is read to an end. Method: a head that says 2^40 entries.
    def test_size(self):
        key, value = next(row for row in self.rows("meta") if bytes.fromhex(row[0]) == b"head")
        self.assertEqual(value[:4], "97cc")  # an array of seven, then the size in a byte
        many = value[:2] + "cf" + f"{1 << 40:016x}" + value[6:]
        checks, result = self.tampered("put", "meta", key, many)
        self.assertEqual((checks["store-entries"], checks["store-head"]), ("FAIL", "FAIL"))
        self.assertIn("more entries than it has leaves", str(result["failures"]))

    # Goal: a damaged file ends nothing but the reading of it: a verdict comes, and nothing is left
    # behind. Method: cut in the middle, where LMDB ends by SIGBUS; pages overwritten by chance, where
    # its own asserts fail now and then; bits flipped by chance.
    def test_damaged(self):
        pick = random.Random(SEED)
        path = self.copy() / "store" / "data.mdb"
        kept, place = path.read_bytes(), self.folder / "tmp-damaged"
        place.mkdir()
        for turn in range(16):
            changed = bytearray(kept)
            at = pick.randrange(len(kept) // 4096) * 4096
            if turn % 4 == 0:
                del changed[len(kept) // 3:]
            elif turn % 4 == 1:
                changed[at] ^= 1 << pick.randrange(8)
            else:
                changed[at:at + 64] = pick.randbytes(64)
            path.write_bytes(changed)
            code, out, err = run(AUDIT, "db", "--json", "--key", self.key, "--log", self.public,
                                 path.parents[1], env={**os.environ, "TMPDIR": str(place)})
            self.assertIn(code, (0, 4) if turn % 4 else (4,), f"seed {SEED}, turn {turn}: {err}")
            if out:
                self.assertEqual(json.loads(out)["type"], "audit")
            self.assertEqual(list(place.iterdir()), [])

    # Goal: a store that is no store is said to be none. Method: another file in its place, half
    # of it.
    def test_no_store(self):
        path = self.copy()
        (path / "store" / "data.mdb").write_bytes(b"x" * 8192)
        code, out, err = run(AUDIT, "db", path)
        self.assertEqual((code, out), (4, ""))
        self.assertIn("error[corrupt]", err)


if __name__ == "__main__":
    unittest.main()
