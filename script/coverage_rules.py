#!/usr/bin/env -S python3 -B
# SPDX-License-Identifier: Apache-2.0
"""Reads `llvm-cov export -format=lcov` from stdin and prints, for each source of the rules, how many
lines and branches the tests reach. Everything has to be reached but what the page of exceptions
named as the argument lists: rows of a table, | file | `code`, `code` … | reason |, each code a piece
of the line that is meant. An exception that excuses nothing fails as well."""
import re
import sys
from pathlib import Path

FOLDER = "registry/rules/"
ROW = re.compile(r"^\| ([a-z_]+\.c) \| (.+) \| ([^|]+) \|$")
CODE = re.compile(r"`([^`]+)`")


class Source:
    """What was counted of one file."""

    def __init__(self):
        self.lines = {}  # number -> reached
        self.branches = []  # (line, reached)


def read_lcov(text):
    sources, now = {}, None
    for line in text.splitlines():
        kind, _, rest = line.partition(":")
        if kind == "SF":
            at = rest.find(FOLDER)
            now = sources.setdefault(rest[at + len(FOLDER):], Source()) if at >= 0 else None
        elif now is not None and kind == "DA":
            number, count = rest.split(",")[:2]
            now.lines[int(number)] = count != "0"
        elif now is not None and kind == "BRDA":
            number, _, _, count = rest.split(",")
            now.branches.append((int(number), count not in ("0", "-")))
    return {name: source for name, source in sources.items() if name.endswith(".c")}


def read_exceptions(path):
    """(file, piece of code) -> how many lines and branches it has excused."""
    found = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        row = ROW.match(line)
        for code in CODE.findall(row[2]) if row else ():
            found[(row[1], code.replace("\\|", "|"))] = 0
    return found


def follows_assert(text, number):
    """llvm-cov gives the line behind an assert the count of the assert's failure."""
    at = number - 1  # of the line before, from 1
    while at > 1 and bare(text, at) in ("", "}"):
        at -= 1
    while at > 1 and not bare(text, at).startswith("assert("):
        if bare(text, at - 1).endswith((";", "{", "}", ":")):
            return False
        at -= 1
    return bare(text, at).startswith("assert(")


def bare(text, number):
    return re.sub(r"/\*.*?\*/", "", text[number - 1]).strip()


def excuse(exceptions, name, line):
    for (file, code), count in exceptions.items():
        if file == name and code in line:
            exceptions[(file, code)] = count + 1
            return True
    return False


def judge(name, source, text, exceptions):
    """Prints the row; how many lines and branches are missing without excuse."""
    missing, excused = [], 0
    for kind, places in (("line", source.lines.items()), ("branch", source.branches)):
        for number, reached in places:
            if reached or (kind == "line" and follows_assert(text, number)):
                continue
            # What an excepted condition leads to is not reached either.
            if excuse(exceptions, name, text[number - 1]) or (
                    kind == "line" and excuse(exceptions, name, text[number - 2])):
                excused += 1
            else:
                missing.append(f"{FOLDER}{name}:{number}: {kind} never taken: "
                               f"{text[number - 1].strip()}")
    lines = [sum(source.lines.values()), len(source.lines)]
    branches = [sum(reached for _, reached in source.branches), len(source.branches)]
    print(f"{name:28} {lines[0]:5}/{lines[1]:<5} {branches[0]:5}/{branches[1]:<5} "
          f"{excused:4} excepted" + ("" if not missing else f"  {len(missing)} MISSING"))
    return missing, lines, branches, excused


def main(page, skipped):
    exceptions = read_exceptions(Path(page))
    sources = read_lcov(sys.stdin.read())
    if not sources:
        raise SystemExit(f"nothing of {FOLDER} was counted")
    missing, total = [], [0, 0, 0, 0, 0]
    print(f"{'coverage of the rules':28} {'lines':11} {'branches':11}")
    for name, source in sorted(sources.items()):
        if any(name.startswith(prefix) for prefix in skipped):
            continue
        text = Path(FOLDER, name).read_text(encoding="utf-8").split("\n")
        found, lines, branches, excused = judge(name, source, text, exceptions)
        missing += found
        total = [a + b for a, b in zip(total, [*lines, *branches, excused])]
    print(f"{'total':28} {total[0]:5}/{total[1]:<5} {total[2]:5}/{total[3]:<5} "
          f"{total[4]:4} excepted")
    for (name, code), count in exceptions.items():
        if count == 0:
            missing.append(f"{page}: {name}: `{code}` excuses nothing")
    for line in missing:
        print(line)
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:]))
