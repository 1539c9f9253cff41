#!/usr/bin/env -S python3 -B
# SPDX-License-Identifier: Apache-2.0
"""Reads `llvm-cov export -summary-only` from stdin and compares it with the list of files and least
percentages named as the argument: FILE LINES BRANCHES, # begins a comment."""
import json
import sys
from pathlib import Path


def read_list(path):
    wanted = {}
    for number, line in enumerate(Path(path).read_text().splitlines(), start=1):
        fields = line.split("#")[0].split()
        if not fields:
            continue
        if len(fields) != 3:
            raise SystemExit(f"{path}:{number}: a file and two percentages are wanted")
        wanted[fields[0]] = (float(fields[1]), float(fields[2]))
    if not wanted:
        raise SystemExit(f"{path}: names no file")
    return wanted


def summaries(export, names):
    """The compiler wrote paths as the build's prefix map left them, whole or from the top."""
    found = {}
    for entry in export["data"][0]["files"]:
        for name in names:
            if entry["filename"] == name or entry["filename"].endswith("/" + name):
                found[name] = entry["summary"]
    return found


def percent(part):
    # Never rounded up: 99.96 is not 100. What has no branches has them all covered.
    return 100.0 if part["count"] == 0 else int(1000 * part["covered"] / part["count"]) / 10


def row(name, lines, branches, remark=""):
    parts = [f"{percent(p):5.1f} % {p['covered']:5}/{p['count']:<5}" for p in (lines, branches)]
    print(f"{name:36} {parts[0]}  {parts[1]}  {remark}".rstrip())


def main(list_path):
    wanted = read_list(list_path)
    found = summaries(json.load(sys.stdin), wanted)
    total = {kind: {"count": 0, "covered": 0} for kind in ("lines", "branches")}
    below = 0
    print(f"{'coverage from the corpora alone':36} lines                branches")
    for name, (lines_min, branches_min) in wanted.items():
        summary = found.get(name)
        if summary is None:
            print(f"{name:36} BELOW: in no replay program")
            below += 1
            continue
        for kind, sums in total.items():
            for field in sums:
                sums[field] += summary[kind][field]
        good = (percent(summary["lines"]) >= lines_min
                and percent(summary["branches"]) >= branches_min)
        below += not good
        row(name, summary["lines"], summary["branches"],
            "" if good else f"BELOW {lines_min:g} / {branches_min:g}")
    row("total", total["lines"], total["branches"])
    return 1 if below else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
