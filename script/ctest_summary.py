#!/usr/bin/env -S python3 -B
# SPDX-License-Identifier: Apache-2.0
"""Counts what ctest wrote with --output-junit, for script/test.

  ctest_summary.py label TEXT FILE         echoes the tests' lines that begin with "skipped: " or
                                           "figure: ", then "-- TEXT: N passed, ..."
  ctest_summary.py total BROKEN FILE...    the closing line; BROKEN is a number of failures that
                                           are no tests

Exit code 1 if anything failed; for total also if nothing passed.
"""
import re
import sys
import xml.etree.ElementTree as ElementTree
from pathlib import Path

ECHOED = re.compile(r"^\s*((?:skipped|figure): .*|\[  SKIPPED \] \S+)\s*$", re.MULTILINE)
SKIPPED_PART = re.compile(r"^\s*(?:skipped: |\[  SKIPPED \] )", re.MULTILINE)


def outcome(case, output):
    """A test of which a part was skipped did not show all that it is there to show, so it counts
    as skipped. One that never started (no executable) is a failure, although ctest's file says
    "notrun" of it just as of one that skipped itself."""
    status = case.get("status")
    if status == "run":
        return "skipped" if SKIPPED_PART.search(output) else "passed"
    if status == "disabled":
        return "skipped"
    skipped = case.find("skipped")
    if status == "notrun" and skipped is not None and skipped.get("message", "").startswith("SKIP_"):
        return "skipped"
    return "failed"


def cases(path):
    """Yields (name, outcome, output). A missing file holds no tests: ctest writes none then."""
    if not Path(path).exists():
        return
    for case in ElementTree.parse(path).getroot().iter("testcase"):
        output = case.findtext("system-out") or ""
        yield case.get("name"), outcome(case, output), output


def count(paths):
    counts = {"passed": 0, "failed": 0, "skipped": 0}
    for path in paths:
        for _, result, _ in cases(path):
            counts[result] += 1
    return counts


def counts_text(counts):
    return ", ".join(f"{number} {name}" for name, number in counts.items())


def label(text, path):
    for name, result, output in cases(path):
        lines = list(dict.fromkeys(ECHOED.findall(output)))
        if result == "skipped" and not lines:
            lines = ["skipped: it gave no reason"]
        for line in lines:
            print(f"   {name}: {line}")
    counts = count([path])
    print(f"-- {text}: {counts_text(counts)}" if any(counts.values()) else f"-- {text}: no tests")
    return 1 if counts["failed"] else 0


def total(broken, paths):
    counts = count(paths)
    counts["failed"] += broken
    if not any(counts.values()):
        print("nothing ran", file=sys.stderr)
    print(counts_text(counts))
    return 1 if counts["failed"] or not counts["passed"] else 0


def main(arguments):
    if len(arguments) == 3 and arguments[0] == "label":
        return label(arguments[1], arguments[2])
    if len(arguments) >= 2 and arguments[0] == "total":
        return total(int(arguments[1]), arguments[2:])
    print(__doc__, file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
