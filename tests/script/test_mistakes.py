#!/usr/bin/env -S python3 -B
# SPDX-License-Identifier: Apache-2.0
"""What a tired user gets wrong is said in one line that names the script and the word, before anything
is installed, built or run."""
import subprocess
import tempfile
import unittest
from pathlib import Path

SCRIPTS = Path(__file__).resolve().parents[2] / "script"

MISTAKES = {
    "bench": ["--rounds", "-1", "--proto"],
    "bootstrap": ["tests", "--fast", "build tset"],
    "coverage": ["proto/reader.c", "rules a", "--lines", "--lines proto/raeder.c", "--lines a b"],
    "demo": ["--chekc", "--folder", "--folder / --check"],
    "docs": ["--chekc", "formats.md", "-n"],
    "format": ["prot", "--check", "base proto/raeder.c"],
    "fresh": ["--fats", "--folder", "--folder / user", "roots"],
    "fuzz": ["parcel", "600 parcel", "parcel 10m", "parcel 60 60", "--marge parcel 60"],
    "lint": ["function_length", "--fast", "function_lengths includes"],
    "nightly": ["units", "--full", "unit property"],
    "test": ["--quick", "units", "unit property", "--fast test_proto_tree"],
}


class Mistakes(unittest.TestCase):
    def test_each_is_named(self):
        """Goal: three mistakes or more a script, each with exit code 2 and one line. Method: call it
        from another folder; no mistake gets as far as an output."""
        for name, calls in MISTAKES.items():
            for call in calls:
                with self.subTest(script=name, call=call), tempfile.TemporaryDirectory() as folder:
                    done = subprocess.run([SCRIPTS / name, *call.split()], cwd=folder, check=False,
                                          stdin=subprocess.DEVNULL, capture_output=True, text=True,
                                          timeout=60)
                    self.assertEqual(done.returncode, 2, done.stderr)
                    self.assertEqual(done.stdout, "")
                    self.assertRegex(done.stderr, f"^{name}: [^\\n]+\\n$")

    def test_all_scripts(self):
        """Goal: no script is forgotten. Method: the folder."""
        names = {path.name for path in SCRIPTS.iterdir() if path.is_file() and not path.suffix}
        self.assertEqual(names, set(MISTAKES), "MISTAKES knows other scripts")


if __name__ == "__main__":
    unittest.main()
