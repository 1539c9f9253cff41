#!/usr/bin/env -S python3 -B
# SPDX-License-Identifier: Apache-2.0
"""A header is guarded by a name made from its folder and file: base/err.h by DAIS_BASE_ERR_H,
registry/rules/zpl.h by DAIS_RULES_ZPL_H or DAIS_REGISTRY_RULES_ZPL_H. One that is meant to be
included again and again says so with the comment "lint: no-guard"."""
import re

from lib import tree


def guard(parts):
    return "DAIS_" + re.sub(r"[^A-Z0-9]", "_", "_".join(parts).upper())


def check(root):
    report = tree.Report()
    paths = [path for path in tree.c_files(root) if path.suffix == ".h"]
    for path, text in tree.texts(root, paths):
        if "/* lint: no-guard */" in text:
            continue
        names = {guard(path.parts), guard(path.parts[-2:])}
        code = tree.code_only(text).strip()
        match = re.match(r"#ifndef (\w+)\n#define (\w+)\n", code)
        if not match or match[1] != match[2] or match[1] not in names or code[-6:] != "#endif":
            report.bad(path, 1, f"is not guarded by {min(names)} from its first line to its last")
    report.figures = f"{len(paths)} headers"
    return report


if __name__ == "__main__":
    tree.main(check)
