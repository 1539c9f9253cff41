#!/usr/bin/env -S python3 -B
# SPDX-License-Identifier: Apache-2.0
"""script/coverage_rules.py on what llvm-cov 14 exports, for a tree of one file."""
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

SCRIPT = Path(__file__).resolve().parents[2] / "script/coverage_rules.py"
SOURCE = ["int f(int a)", "{", "    assert(a > 0);", "    a++;", "    if (a == 7 || a == 8)",
          "        return 1;", "    return a;", "}"]
LINES = {1: 5, 2: 5, 3: 5, 4: 0, 5: 5, 6: 5, 7: 5}
BRANCHES = [(5, 1), (5, 4)]


def lcov(lines, branches):
    rows = ["SF:/any/where/registry/rules/f.c"]
    rows += [f"BRDA:{line},0,{i},{count}" for i, (line, count) in enumerate(branches)]
    rows += [f"DA:{line},{count}" for line, count in lines.items()]
    return "\n".join(rows + ["end_of_record", ""])


class Rules(unittest.TestCase):
    def run_it(self, page, lines, branches):
        with tempfile.TemporaryDirectory() as folder:
            source = Path(folder) / "registry/rules/f.c"
            source.parent.mkdir(parents=True)
            source.write_text("\n".join(SOURCE) + "\n")
            path = Path(folder) / "page.md"
            path.write_text(page)
            done = subprocess.run([sys.executable, "-B", SCRIPT, path, "fold"], cwd=folder,
                                  capture_output=True, input=lcov(lines, branches), text=True,
                                  check=False)
        return done.returncode, done.stdout + done.stderr

    def test_all_reached(self):
        """Goal: all of it is enough, and the line behind an assert is left out. Method: as is."""
        code, said = self.run_it("# none\n", LINES, BRANCHES)
        self.assertEqual(code, 0, said)
        self.assertIn("total", said)

    def test_missing(self):
        """Goal: one line or branch that is not reached fails. Method: each; 0 and never asked."""
        for lines, branches in (({**LINES, 7: 0}, BRANCHES), (LINES, [(5, 1), (5, 0)]),
                                (LINES, [(5, "-")])):
            code, said = self.run_it("# none\n", lines, branches)
            self.assertEqual(code, 1)
            self.assertIn("never taken", said)

    def test_exceptions(self):
        """Goal: an exception holds for its file, its code and the line it leads to; one for
        nothing fails. Method: the right one, escaped as tables want it, and three wrong ones."""
        reached = ({**LINES, 6: 0}, [(5, 0), (5, 4)])
        code, said = self.run_it("| f.c | `a == 7 \\|\\| a == 8` | why |\n", *reached)
        self.assertEqual(code, 0, said)
        for page in ("| g.c | `a == 7` | why |\n", "| f.c | `a == 9` | why |\n",
                     "| f.c | `a == 7` `return 3` | why |\n"):
            self.assertEqual(self.run_it(page, *reached)[0], 1, page)

    def test_nothing_counted(self):
        """Goal: an empty export is no pass. Method: one of another folder."""
        done = subprocess.run([sys.executable, "-B", SCRIPT, "/dev/null"], capture_output=True,
                              input="SF:proto/a.c\nDA:1,0\n", text=True, check=False)
        self.assertEqual(done.returncode, 1)


if __name__ == "__main__":
    unittest.main()
