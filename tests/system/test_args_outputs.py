#!/usr/bin/env -S python3 -B
# SPDX-License-Identifier: Apache-2.0
"""What the table of a command line makes of itself is read by those it is made for: bash and
mandoc here, zsh and fish where they are installed."""
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

PROGRAMS = sys.argv[1:]
del sys.argv[1:]


def output(*words):
    return subprocess.run(words, capture_output=True, text=True, check=True, timeout=60).stdout


class Outputs(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    # Goal: each script is one that its shell takes. Method: have it parsed by the shell itself.
    def test_shells_parse_it(self):
        for program in PROGRAMS:
            for shell in ("bash", "zsh", "fish"):
                path = self.folder / shell
                path.write_text(output(program, f"--completion={shell}"))
                if shutil.which(shell):
                    output(shell, "-n", str(path))

    # Goal: bash offers what begins as the word does. Method: complete "--ver" as bash would.
    def test_bash_completes(self):
        for program in PROGRAMS:
            name = Path(program).name
            script = output(program, "--completion=bash") + (
                f"COMP_WORDS=({name} --ver); COMP_CWORD=1; _{name}; echo \"${{COMPREPLY[@]}}\"\n")
            self.assertEqual(output("bash", "-c", script), "--version\n")

    # Goal: the manual page has no slip. Method: mandoc's lint, its style advice included.
    def test_mandoc_reads_it(self):
        for program in PROGRAMS:
            page = output(program, "--man-page").replace("$Mdocdate$", "November 26, 2026")
            path = self.folder / (Path(program).name + ".1")
            path.write_text(page)
            output("mandoc", "-T", "lint", "-W", "style", str(path))


if __name__ == "__main__":
    unittest.main()
