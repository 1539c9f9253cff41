#!/usr/bin/env -S python3 -B
# SPDX-License-Identifier: Apache-2.0
"""Includes point one way: base <- proto <- registry/rules <- the daemons and tools, which never
include each other. The folder in which a file lies and the folder named in its #include decide.
Tests may include anything."""
import re
from pathlib import PurePosixPath

from lib import tree

# A folder may include itself and those named beside it. The longest name that fits counts.
MAY_INCLUDE = {
    "base": (),
    "proto": ("base",),
    "proto/load": ("base", "proto"),
    "registry/rules": ("base", "proto"),
    "registry/calendar": ("base", "proto", "registry/rules"),
    "registry/log": ("base", "proto", "registry/rules"),
    "registry": ("base", "proto", "proto/load", "registry/rules", "registry/calendar", "registry/log"),
    "broker": ("base", "proto", "registry/rules"),
    "intake": ("base", "proto", "proto/load", "registry/rules"),
    "publisher": ("base", "proto", "proto/load", "registry/rules"),
    "office": ("base", "proto", "registry/rules", "registry/calendar"),
    # The store and the site are read and made anew by the libraries that wrote them.
    "audit": ("base", "proto", "proto/load", "registry/rules", "registry/calendar", "registry/log",
              "publisher"),
}
INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*(["<])([^">]+)[">]', re.MULTILINE)


def module(path):
    """The row of the table that a file belongs to, None for one outside of it."""
    folder = PurePosixPath(path).parent
    fitting = [name for name in MAY_INCLUDE
               if PurePosixPath(name) == folder or PurePosixPath(name) in folder.parents]
    return max(fitting, key=len, default=None)


def fault(path, quote, name):
    """What is wrong with this include, or None."""
    target = module(name)
    if quote == "<":
        return f"<{name}> is ours: write it in quotes" if target else None
    if path.parts[0] == "tests":
        return None
    own = module(path)
    if own is None:
        return "lies in a folder that the table of this lint does not know"
    if target is None:
        return f'"{name}" is not written from the top of the tree, or lies in no folder of ours'
    if target != own and target not in MAY_INCLUDE[own]:
        return f'"{name}": {own} may not include {target}'
    return None


def check(root):
    report = tree.Report()
    count = 0
    paths = [path for path in tree.files(root) if path.suffix in (".c", ".h", ".def")]
    for path, text in tree.texts(root, paths):
        for match in INCLUDE.finditer(text):
            count += 1
            text_of_fault = fault(path, match[1], match[2])
            if text_of_fault:
                report.bad(path, tree.line_of(text, match.start()), text_of_fault)
    report.figures = f"{count} includes in {len(paths)} files"
    return report


if __name__ == "__main__":
    tree.main(check)
