#!/usr/bin/env -S python3 -B
# SPDX-License-Identifier: Apache-2.0
"""script/ctest_summary.py on files as ctest 3.25 writes them."""
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

SUMMARY = Path(__file__).resolve().parents[2] / "script/ctest_summary.py"

PASSED = '<testcase name="good" status="run"><system-out>fine</system-out></testcase>'
FAILED = '<testcase name="bad" status="fail"><failure message=""/><system-out/></testcase>'
DISABLED = '<testcase name="off" status="disabled"><system-out>Disabled</system-out></testcase>'
SKIPPED = ('<testcase name="part" status="notrun"><skipped message="SKIP_RETURN_CODE=77"/>'
           "<system-out>skipped: needs root\n</system-out></testcase>")
NO_PROGRAM = ('<testcase name="gone" status="notrun"><skipped message="Unable to find executable"/>'
              "<system-out>Unable to find executable: gone</system-out></testcase>")
PART_SKIPPED = ('<testcase name="mixed" status="run"><system-out>[       OK ] test_a\n'
                "skipped: no vectors\n[  SKIPPED ] test_b\nfigure: 12 of 12 cases\n"
                "</system-out></testcase>")


class Summary(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def file(self, *cases, name="a.xml"):
        path = self.folder / name
        path.write_text(f'<?xml version="1.0"?><testsuite>{"".join(cases)}</testsuite>')
        return path

    def run_it(self, *arguments):
        done = subprocess.run([sys.executable, "-B", SUMMARY, *map(str, arguments)],
                              capture_output=True, text=True, check=False)
        return done.returncode, done.stdout.splitlines()

    def test_the_total_over_files(self):
        """Goal: every run of every test counts once. Method: two files of known content."""
        first = self.file(PASSED, SKIPPED, DISABLED)
        second = self.file(PASSED, PASSED, name="b.xml")
        self.assertEqual(self.run_it("total", 0, first, second),
                         (0, ["3 passed, 0 failed, 2 skipped"]))

    def test_any_failure_fails_the_total(self):
        """Goal: a failed test, one without a program and a broken stage each fail it. Method: one
        at a time beside one that passed."""
        for case in (FAILED, NO_PROGRAM):
            self.assertEqual(self.run_it("total", 0, self.file(PASSED, case)),
                             (1, ["1 passed, 1 failed, 0 skipped"]))
        self.assertEqual(self.run_it("total", 2, self.file(PASSED)),
                         (1, ["1 passed, 2 failed, 0 skipped"]))

    def test_nothing_that_ran_is_no_success(self):
        """Goal: no tests, or only skipped ones, do not pass. Method: an empty file, none, skips."""
        for paths in ((self.file(),), (), (self.folder / "never-written.xml",)):
            self.assertEqual(self.run_it("total", 0, *paths), (1, ["0 passed, 0 failed, 0 skipped"]))
        self.assertEqual(self.run_it("total", 0, self.file(SKIPPED)),
                         (1, ["0 passed, 0 failed, 1 skipped"]))

    def test_a_partly_skipped_test_is_skipped(self):
        """Goal: what was not shown does not count as passed. Method: cmocka's own skip line."""
        self.assertEqual(self.run_it("label", "unit", self.file(PART_SKIPPED)),
                         (0, ["   mixed: skipped: no vectors", "   mixed: [  SKIPPED ] test_b",
                              "   mixed: figure: 12 of 12 cases",
                              "-- unit: 0 passed, 0 failed, 1 skipped"]))

    def test_the_line_of_a_label(self):
        """Goal: reasons are shown, and asked for. Method: a skip with a reason, one without."""
        code, lines = self.run_it("label", "unit", self.file(FAILED, SKIPPED, DISABLED))
        self.assertEqual(code, 1)
        self.assertEqual(lines, ["   part: skipped: needs root", "   off: skipped: it gave no reason",
                                 "-- unit: 0 passed, 1 failed, 2 skipped"])
        self.assertEqual(self.run_it("label", "unit", self.file()), (0, ["-- unit: no tests"]))

    def test_wrong_use(self):
        """Goal: a slip in a script is seen. Method: no arguments."""
        self.assertEqual(self.run_it()[0], 2)


if __name__ == "__main__":
    unittest.main()
