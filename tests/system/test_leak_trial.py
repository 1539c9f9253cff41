#!/usr/bin/env -S python3 -B
# SPDX-License-Identifier: Apache-2.0
"""The leak trial: cycles that differ only inside what is sealed. All that is published of them is
the same, byte by byte, but for what has to follow from any change of a log: commitments, hashes and
signatures, each named here with the reason for it."""
import json
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

import structure

AUDIT = sys.argv.pop()
PUBLISHER = sys.argv.pop()
CASE_PLAY = sys.argv.pop()
CASE = "untoc-2022-05-27"
OBJECTION = "objection: xa objection targets=x1\n"
# What is sealed, otherwise: who objects; what a State writes; how many object.
SEALED = {"by another State": "objection: xb objection targets=x1\n",
          "with a text": 'objection: xa objection targets=x1 text="' + "We object. " * 300 + '"\n',
          "by another State, with a text":
              'objection: xb objection targets=x1 text="It is not in order."\n'}
# Everything that may differ, and why. Nothing else is masked, and each only where the bytes of this
# field differ: a hash of 32 bytes by another, a signature of 64 by another.
MAY_DIFFER = {
    # The leaf of the sealed entry commits to it; those behind it are named in the next lines.
    "dais/entry/1[2]": "commitment of a leaf",
    "dais/record/1[5]": "hash of the bundle, which names the tree that its author had seen",
    "dais/bundle/1[5]": "hash of the author's bundle before",
    "dais/bundle/1[9]": "root of the tree that the author had seen",
    "dais/bundle/1 signature": "over the two before",
    "dais/stamp/1[4]": "hash of the intake's stamp before",
    "dais/stamp/1[7]": "root over the bundles of a stamp",
    "dais/stamp/1 signature": "over the two before",
    "tile of leaf hashes": "from the sealed entry on",
    "checkpoint root": "of the tree",
    "checkpoint signature": "over the root",
    "receipt path": "hashes of the tree",
    "page root": "of the checkpoint, at the foot of a page",
    "manifest sha256": "of files that differ by one of these",
}


def run(*arguments, good=True):
    done = subprocess.run([str(each) for each in arguments], capture_output=True, text=True,
                          check=False, timeout=120)
    if good and done.returncode != 0:
        raise AssertionError(f"{arguments}: {done.returncode}\n{done.stdout}{done.stderr}")
    return done.stdout


class Played:
    """What comes of the case, with a change or without."""

    def __init__(self, folder, change=()):
        folder.mkdir()
        self.public, self.whole = folder / "public.export", folder / "whole.export"
        self.key, self.site = folder / "log.key", folder / "site"
        run(CASE_PLAY, *change, "--public", "--export", self.public, "--key", self.key, CASE)
        run(CASE_PLAY, *change, "--export", self.whole, CASE)
        run(PUBLISHER, "render", "--key", self.key, "--site", self.site, self.public)

    def files(self):
        site = self.site / CASE
        found = {str(path.relative_to(site)): path.read_bytes()
                 for path in sorted(site.rglob("*")) if path.is_file()}
        found["../index.html"] = (self.site / "index.html").read_bytes()
        return found

    def leaves(self):
        """Leaves as they are published, in their order."""
        content = (self.site / CASE / "log/tile/entries/000.p/236").read_bytes()
        at, found = 0, []
        while at < len(content):
            size = int.from_bytes(content[at:at + 2], "big")
            found.append(content[at + 2:at + 2 + size])
            at += 2 + size
        return found

    def audit(self, log):
        report = json.loads(run(AUDIT, "verify", "--json", "--key", self.key, log))
        return {check["name"]: {name: int(count) for name, count in check["counts"].items()}
                for check in report["checks"]}, report["sentence"]


class LeakTrial(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        temporary = tempfile.TemporaryDirectory(prefix="dais-leak-")
        cls.addClassCleanup(temporary.cleanup)
        folder = Path(temporary.name)
        cls.plain = Played(folder / "plain")
        cls.others = {name: Played(folder / f"other-{i}", ("--from", OBJECTION, "--to", line))
                      for i, (name, line) in enumerate(SEALED.items())}
        cls.folder = folder

    def compare(self, one, two):
        """The places that differ between all that is published of both."""
        first = next(i for i, (a, b) in enumerate(zip(one.leaves(), two.leaves())) if a != b)
        compare = structure.Compare()
        a, b = one.files(), two.files()
        self.assertEqual(list(a), list(b))
        for name, content in a.items():
            compare.file(name, content, b[name], first)
        compare.framed(one.public.read_bytes(), two.public.read_bytes(), 4, "export")
        return compare.differ, first

    # Goal: nobody learns anything of what is sealed from what is public: names, numbers, sizes,
    # order, or what is missing. Method: site and public export of two cycles, each value by the
    # field it stands in; the masks above, by field, and nothing before the sealed entry differs.
    def test_published(self):
        used = set()
        for name, other in self.others.items():
            with self.subTest(name):
                differ, first = self.compare(self.plain, other)
                self.assertEqual(set(differ) - set(MAY_DIFFER), set())
                self.assertGreater(first, 80)
                used |= set(differ)
                print(f"{name}: from entry {first} on; " +
                      ", ".join(f"{place} {count}" for place, count in sorted(differ.items())))
        self.assertEqual(used, set(MAY_DIFFER), "a mask that nothing needs hides something")

    # Goal: the comparison sees a leak. Method: cycles that differ in public, by a word, a number, an
    # entry more, the country of one participant.
    def test_teeth(self):
        changes = ((":Chair of the Working Groups:", ":Chair of the Working Group:s"),
                   ('applicant="Meadow Foundation"', 'applicant="Meadow Foundatioo"'),
                   ("country=XE persons=1", "country=XF persons=1"),
                   ("country=XE persons=1", "country=XE persons=2"))
        for i, (old, new) in enumerate(changes):
            other = Played(self.folder / f"public-{i}", ("--from", old, "--to", new))
            with self.assertRaises(structure.Leak, msg=new):
                self.compare(self.plain, other)

    # Goal: the public audit says how many entries are sealed and passes, alike for all; with an
    # inspector's openings every outcome is proved. Method: dais-audit over each.
    def test_audits(self):
        expected = self.plain.audit(self.plain.public)
        self.assertIn("of 236 entries 36 are sealed", expected[1])
        self.assertGreater(expected[0]["outcomes"]["SEALED"], 0)
        for name, other in {"plain": self.plain, **self.others}.items():
            with self.subTest(name):
                for log in (other.public, other.site / CASE):
                    self.assertEqual(other.audit(log), expected)
                checks, sentence = other.audit(other.whole)
                self.assertIn("of 236 entries 0 are sealed", sentence)
                for counts in checks.values():
                    self.assertEqual((counts["FAIL"], counts["SEALED"]), (0, 0))
                self.assertGreater(checks["outcomes"]["PASS"], 24)
                self.assertGreater(checks["verdicts"]["PASS"], 190)


if __name__ == "__main__":
    unittest.main()
