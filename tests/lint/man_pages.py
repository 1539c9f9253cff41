#!/usr/bin/env -S python3 -B
# SPDX-License-Identifier: Apache-2.0
"""Manual pages are well-formed for mandoc, its style advice included."""
import subprocess

from lib import tree


def check(root):
    report = tree.Report()
    names = [str(path) for path in tree.files(root)
             if path.parts[0] == "man" and path.suffix[1:].isdigit()]
    if names:
        done = subprocess.run(["mandoc", "-T", "lint", "-W", "style", *names],
                              cwd=root, capture_output=True, text=True, check=False)
        report.findings += (done.stdout + done.stderr).strip().split("\n") if done.returncode else []
    report.figures = f"{len(names)} pages"
    return report


if __name__ == "__main__":
    tree.main(check)
