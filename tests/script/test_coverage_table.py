#!/usr/bin/env -S python3 -B
# SPDX-License-Identifier: Apache-2.0
"""script/coverage_table.py on what llvm-cov 14 exports."""
import json
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

TABLE = Path(__file__).resolve().parents[2] / "script/coverage_table.py"


def entry(name, lines, branches):
    parts = {"lines": lines, "branches": branches}
    return {"filename": name, "summary": {kind: {"covered": covered, "count": count}
                                          for kind, (covered, count) in parts.items()}}


class Table(unittest.TestCase):
    def run_it(self, wanted, *entries):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "coverage.list"
            path.write_text(wanted)
            done = subprocess.run([sys.executable, "-B", TABLE, path], capture_output=True,
                                  input=json.dumps({"data": [{"files": entries}]}),
                                  text=True, check=False)
        return done.returncode, done.stdout + done.stderr

    def test_at_the_threshold_passes(self):
        """Goal: equal is enough, and other files do not matter. Method: 90 % wanted and found."""
        code, said = self.run_it("# list\nproto/a.c 90 100 # why\n",
                                 entry("/any/where/proto/a.c", (9, 10), (0, 0)),
                                 entry("proto/b.c", (0, 10), (0, 10)))
        self.assertEqual(code, 0, said)
        self.assertIn("total", said)
        self.assertNotIn("b.c", said)

    def test_below_either_threshold_fails(self):
        """Goal: lines and branches each count. Method: one below at a time; 1999 of 2000 is not
        100 %."""
        for lines, branches in (((1999, 2000), (10, 10)), ((10, 10), (1999, 2000))):
            code, said = self.run_it("proto/a.c 100 100\n", entry("proto/a.c", lines, branches))
            self.assertEqual(code, 1)
            self.assertIn("BELOW 100 / 100", said)

    def test_a_file_that_no_program_holds_fails(self):
        """Goal: a renamed decoder does not drop out. Method: a name that the export lacks."""
        code, said = self.run_it("proto/gone.c 1 1\n", entry("proto/a.c", (1, 1), (1, 1)))
        self.assertEqual(code, 1)
        self.assertIn("in no replay program", said)

    def test_a_bad_list_is_refused(self):
        """Goal: an empty or broken list is no pass. Method: both."""
        for wanted in ("", "# nothing\n", "proto/a.c 100\n"):
            self.assertEqual(self.run_it(wanted, entry("proto/a.c", (1, 1), (1, 1)))[0], 1)


if __name__ == "__main__":
    unittest.main()
