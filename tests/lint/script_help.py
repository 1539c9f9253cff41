#!/usr/bin/env -S python3 -B
# SPDX-License-Identifier: Apache-2.0
"""Each script answers -h from any folder, with at least two examples that can be run as shown."""
import os
import re
import subprocess
import tempfile
from pathlib import Path

from lib import tree

EXAMPLE = re.compile(r"^  (script/[\w-]+)(?: .*)?$", re.MULTILINE)


def fault(root, path, text):
    if not os.access(root / path, os.X_OK):
        return "may not be executed"
    if "-h | --help)" not in text:
        return "does not look for -h | --help"
    with tempfile.TemporaryDirectory() as elsewhere:
        try:
            done = subprocess.run([root / path, "-h"], cwd=elsewhere, stdin=subprocess.DEVNULL,
                                  capture_output=True, text=True, check=False, timeout=10)
        except subprocess.TimeoutExpired:
            return "-h takes longer than 10 s"
    if done.returncode != 0 or not done.stdout.startswith(f"Usage: {path}"):
        return f"-h ends with {done.returncode} and does not begin with Usage: {path}"
    examples = EXAMPLE.findall(done.stdout.partition("\nExamples:\n")[2])
    if len(examples) < 2 or any(name != str(path) for name in examples):
        return "-h does not end with Examples: and at least two calls of this script"
    return None


def check(root):
    report = tree.Report()
    root = Path(root).resolve()
    paths = [path for path in tree.files(root) if path.parts[0] == "script" and not path.suffix]
    for path, text in tree.texts(root, paths):
        text_of_fault = fault(root, path, text)
        if text_of_fault:
            report.bad(path, 0, text_of_fault)
    report.figures = f"{len(paths)} scripts"
    return report


if __name__ == "__main__":
    tree.main(check)
