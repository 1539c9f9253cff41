#!/usr/bin/env -S python3 -B
# SPDX-License-Identifier: Apache-2.0
"""Every test function has a comment directly above it that says its goal and its method."""
import re

from lib import tree

TEST = re.compile(r"^(?:static )?void (test_\w+)\(void \*\*\w*\)\s*\{", re.MULTILINE)
COMMENT_ABOVE = re.compile(r"/\*((?:[^*]|\*(?!/))*)\*/\s*\Z")


def check(root):
    report = tree.Report()
    count = 0
    paths = [path for path in tree.c_files(root) if path.parts[0] == "tests"]
    for path, text in tree.texts(root, paths):
        for match in TEST.finditer(text):
            count += 1
            above = COMMENT_ABOVE.search(text, 0, match.start())
            if not above or "Goal:" not in above[1] or "Method:" not in above[1]:
                report.bad(path, tree.line_of(text, match.start()),
                           f'{match[1]} lacks "Goal: ... Method: ..." in a comment above it')
    report.figures = f"{count} test functions"
    return report


if __name__ == "__main__":
    tree.main(check)
