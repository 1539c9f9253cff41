#!/usr/bin/env -S python3 -B
# SPDX-License-Identifier: Apache-2.0
"""Nothing depends on one machine's folders: no home, no temporary folder by its fixed path."""
import re

from lib import tree

PLACE = re.compile(r"(?<![\w.}/)>-])/(?:work|home|root|Users|tmp)/[\w.-]")


def check(root):
    report = tree.Report()
    paths = tree.files(root)
    for path, text in tree.texts(root, paths):
        for number, line in enumerate(text.split("\n"), start=1):
            match = PLACE.search(line)
            if match:
                report.bad(path, number, f"names the place {line[match.start():].split()[0]}")
    report.figures = f"{len(paths)} files"
    return report


if __name__ == "__main__":
    tree.main(check)
