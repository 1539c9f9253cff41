#!/usr/bin/env -S python3 -B
# SPDX-License-Identifier: Apache-2.0
"""Our C is laid out as .clang-format says; script/format makes it so."""
import re
import subprocess

from lib import tree

FINDING = re.compile(r"^(\S+?):(\d+):\d+: error: (.*)$", re.MULTILINE)


def check(root):
    report = tree.Report()
    names = [str(path) for path in tree.c_files(root)]
    if names:
        done = subprocess.run(
            ["clang-format-14", "--dry-run", "-Werror", "--ferror-limit=3", *names],
            cwd=root, capture_output=True, text=True, check=False)
        for path, line, text in FINDING.findall(done.stderr):
            report.bad(path, line, text)
        if done.returncode != 0 and not report.findings:
            report.bad("clang-format-14", 0, done.stderr.strip())
    report.figures = f"{len(names)} files"
    return report


if __name__ == "__main__":
    tree.main(check)
