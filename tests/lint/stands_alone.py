#!/usr/bin/env -S python3 -B
# SPDX-License-Identifier: Apache-2.0
"""The tree stands alone: only the two scripts that run all tests may look for the folder of vectors
beside the checkout; nothing else names it."""
from lib import tree

BESIDE = "../" + "shared"
MAY_NAME_IT = {".ci/run", "script/test"}


def check(root):
    report = tree.Report()
    paths = [path for path in tree.files(root) if path.as_posix() not in MAY_NAME_IT]
    for path, text in tree.texts(root, paths):
        for number, line in enumerate(text.split("\n"), start=1):
            if BESIDE in line:
                report.bad(path, number, f"names {BESIDE}, which is no part of the tree")
    report.figures = f"{len(paths)} files"
    return report


if __name__ == "__main__":
    tree.main(check)
