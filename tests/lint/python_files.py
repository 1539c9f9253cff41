#!/usr/bin/env -S python3 -B
# SPDX-License-Identifier: Apache-2.0
"""Python files compile, without writing anything beside them."""
import warnings

from lib import tree


def check(root):
    report = tree.Report()
    count = 0
    warnings.simplefilter("error")  # A bad escape is a warning today, an error in the next release.
    for path, text in tree.texts(root, tree.files(root)):
        if tree.language(path, text) != "python":
            continue
        count += 1
        try:
            compile(text, str(path), "exec")
        except (SyntaxError, SyntaxWarning, DeprecationWarning) as error:
            report.bad(path, getattr(error, "lineno", 0), str(error))
    report.figures = f"{count} files"
    return report


if __name__ == "__main__":
    tree.main(check)
