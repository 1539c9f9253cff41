#!/usr/bin/env -S python3 -B
# SPDX-License-Identifier: Apache-2.0
"""C files have one subject, so they stay short: a note above 400 lines, a failure above 500."""
from lib import tree

NOTE_ABOVE, FAIL_ABOVE = 400, 500


def check(root):
    report = tree.Report()
    longest = 0
    paths = tree.c_files(root)
    for path, text in tree.texts(root, paths):
        length = text.count("\n")
        longest = max(longest, length)
        if length > FAIL_ABOVE:
            report.bad(path, 0, f"{length} lines, more than {FAIL_ABOVE}")
        elif length > NOTE_ABOVE:
            report.note(path, f"{length} lines, more than {NOTE_ABOVE}")
    report.figures = f"{len(paths)} files, longest {longest} lines"
    return report


if __name__ == "__main__":
    tree.main(check)
