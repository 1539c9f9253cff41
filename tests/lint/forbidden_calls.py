#!/usr/bin/env -S python3 -B
# SPDX-License-Identifier: Apache-2.0
"""Calls that cannot be used safely, or that hide what goes wrong, are not used at all."""
import re

from lib import tree

INSTEAD = {
    "strcpy": "memcpy with a checked size", "stpcpy": "memcpy with a checked size",
    "strcat": "snprintf", "sprintf": "snprintf", "vsprintf": "vsnprintf", "gets": "fgets",
    "atoi": "strtol, checked", "atol": "strtol, checked", "atoll": "strtoll, checked",
    "atof": "strtod, checked", "alloca": "a fixed array or malloc", "system": "posix_spawn",
    "popen": "posix_spawn", "tmpnam": "mkstemp", "tempnam": "mkstemp", "mktemp": "mkstemp",
}
CALL = re.compile(r"(?<![\w.>])(" + "|".join(INSTEAD) + r")\s*\(")


def check(root):
    report = tree.Report()
    paths = [path for path in tree.files(root) if path.suffix in (".c", ".h", ".def")]
    for path, text in tree.texts(root, paths):
        for match in CALL.finditer(tree.code_only(text)):
            report.bad(path, tree.line_of(text, match.start()),
                       f"{match[1]}() is not used here; {INSTEAD[match[1]]} is")
    report.figures = f"{len(paths)} files, {len(INSTEAD)} calls"
    return report


if __name__ == "__main__":
    tree.main(check)
