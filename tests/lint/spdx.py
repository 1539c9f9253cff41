#!/usr/bin/env -S python3 -B
# SPDX-License-Identifier: Apache-2.0
"""Every source says its licence: C in the first line, others within the first three."""
from lib import tree

LINE = "SPDX-License-Identifier: " + "Apache-2.0"
C_SUFFIXES = {".c", ".h", ".def"}
OTHER_SUFFIXES = {".py", ".sh", ".cmake", ".go", ".js", ".css", ".service", ".socket"}


def check(root):
    report = tree.Report()
    count = 0
    for path, text in tree.texts(root, tree.files(root)):
        lines = text.split("\n")
        if path.suffix in C_SUFFIXES:
            good = lines[0] in (f"/* {LINE} */", f"/* {LINE}")
        elif (path.suffix in OTHER_SUFFIXES or path.name == "CMakeLists.txt"
              or lines[0].startswith("#!")):
            good = any(line.endswith(LINE) for line in lines[:3])
        else:
            continue
        count += 1
        if not good:
            report.bad(path, 1, f"the licence line is missing: {LINE}")
    report.figures = f"{count} files"
    return report


if __name__ == "__main__":
    tree.main(check)
