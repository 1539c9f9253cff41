#!/usr/bin/env -S python3 -B
# SPDX-License-Identifier: Apache-2.0
"""dais-audit verify over the folder that a publisher writes, and over folders that somebody has
tampered with."""
import json
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

AUDIT = sys.argv.pop()
PUBLISHER = sys.argv.pop()
CASE_PLAY = sys.argv.pop()
CASE = "untoc-2022-05-27"


def run(*arguments):
    done = subprocess.run([str(argument) for argument in arguments], capture_output=True,
                          text=True, check=False, timeout=120)
    return done.returncode, done.stdout, done.stderr


class Folder(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.temporary = tempfile.TemporaryDirectory()
        cls.folder = Path(cls.temporary.name)
        cls.log, cls.key = cls.folder / "log.export", cls.folder / "log.key"
        for command in ((CASE_PLAY, "--public", "--export", cls.log, "--key", cls.key, CASE),
                        (PUBLISHER, "render", "--key", cls.key, "--site", cls.folder / "site",
                         cls.log)):
            code, _, err = run(*command)
            assert code == 0, err
        cls.site = cls.folder / "site" / CASE

    @classmethod
    def tearDownClass(cls):
        cls.temporary.cleanup()

    def setUp(self):
        self.copy = self.folder / "copy"
        shutil.rmtree(self.copy, ignore_errors=True)
        shutil.copytree(self.site / "log", self.copy)

    def verify(self, path):
        return run(AUDIT, "verify", "--json", "--key", self.key, path)

    # Goal: the folder proves what the exported log proves. Method: both, and the folder above it.
    def test_folder_is_the_log(self):
        results = [self.verify(path) for path in (self.log, self.site / "log", self.site)]
        self.assertEqual([code for code, _, _ in results], [0, 0, 0], results)
        reports = [json.loads(out) for _, out, _ in results]
        for report in reports:
            self.assertIn(str(self.folder), report.pop(next(
                name for name, value in report.items() if str(self.folder) in str(value))))
        self.assertEqual(reports[1], reports[0])
        self.assertEqual(reports[2], reports[0])

    # Goal: the folder as one file is the log, and is never written over another. Method: export it;
    # once more; from a folder that does not fit together, which leaves nothing behind.
    def test_export(self):
        path = self.folder / "again.export"
        code, out, err = run(AUDIT, "export", self.site, path)
        self.assertEqual((code, err), (0, ""))
        self.assertEqual(path.read_bytes(), self.log.read_bytes())
        self.assertEqual(out, f"{path}: {path.stat().st_size} bytes\n")
        self.assertEqual(run(AUDIT, "export", self.site, path)[0], 1)
        (self.copy / "tile" / "0" / "000.p" / "236").write_bytes(bytes(32))
        other = self.folder / "other.export"
        code, _, err = run(AUDIT, "export", self.copy, other)
        self.assertEqual(code, 4)
        self.assertIn("tile/0/000.p/236", err)
        self.assertFalse(other.exists())
        self.assertEqual(run(AUDIT, "export", self.folder, other)[0], 1)

    # Goal: no byte of the published log can be changed unseen. Method: in each file, bytes at
    # places all over it.
    def test_changed_bytes(self):
        for path in sorted(self.copy.rglob("*")):
            if not path.is_file() or path.parent.name == "checkpoints":
                continue
            content = path.read_bytes()
            for at in range(3, len(content), 1 + len(content) // 12):
                path.write_bytes(content[:at] + bytes([content[at] ^ 4]) + content[at + 1:])
                code, out, err = self.verify(self.copy)
                self.assertNotIn(code, (0, 3), f"{path.name}, byte {at}: {out}{err}")
            path.write_bytes(content)
        self.assertEqual(self.verify(self.copy)[0], 0)

    # Goal: nothing can be hidden behind what is published, and the file at fault is named. Method:
    # a byte more, and one less, at the end of each file.
    def test_longer_and_shorter(self):
        for path in sorted(self.copy.rglob("*")):
            if not path.is_file() or path.parent.name == "checkpoints":
                continue
            content = path.read_bytes()
            for other in (content + b"\0", content[:-1]):
                path.write_bytes(other)
                code, out, err = self.verify(self.copy)
                self.assertEqual(code, 4, f"{path.name}: {out}{err}")
                self.assertIn(str(path), err)
            path.write_bytes(content)

    # Goal: a file that is missing is said by its name. Method: each in turn.
    def test_missing_files(self):
        for path in sorted(self.copy.rglob("*")):
            if not path.is_file() or path.parent.name == "checkpoints":
                continue
            kept = path.read_bytes()
            path.unlink()
            code, _, err = self.verify(self.copy)
            self.assertNotEqual(code, 0, path)
            if path.name != "checkpoint":
                self.assertIn(str(path.relative_to(self.copy)), err)
            path.write_bytes(kept)

    # Goal: an opening that is taken away is no forgery, but is counted. Method: an empty file of
    # openings: what was open is sealed, and then genesis cannot be checked.
    def test_openings_taken_away(self):
        path = self.copy / "open" / "0"
        content = path.read_bytes()
        head = content[:content.index(b"\xc4\x20") + 34]  # domain, log
        path.write_bytes(head + b"\x00" + b"\x90")
        self.assertNotEqual(self.verify(self.copy)[0], 0)


if __name__ == "__main__":
    unittest.main()
