#!/usr/bin/env -S python3 -B
# SPDX-License-Identifier: Apache-2.0
"""Functions are short: median at most 12 lines, nine in ten at most 40, none over 70; for what is
delivered alone, and with the tests. Counted are the lines from { to } of a function, both in the
first column, as clang-format lays them out. A macro has the same wall, or it would be the way
around."""
import re
from lib import tree

MEDIAN_MAX, NINE_IN_TEN_MAX, LINES_MAX = 12, 40, 70
NAME = re.compile(r"(\w+)\s*\(")


def functions(text):
    """Yields (line of its name, name, length)."""
    lines = text.split("\n")
    opened = None
    for number, line in enumerate(lines):
        if line.rstrip() == "{":
            opened = number
        elif line.startswith("}") and opened is not None:
            head = opened - 1
            while head > 0 and re.match(r"\s", lines[head]):
                head -= 1
            match = NAME.search(lines[head])
            yield head + 1, match[1] if match else "?", number - opened + 1
            opened = None


def macros(text):
    for match in re.finditer(r"^#define (\w+)(?:[^\n]*\\\n)*[^\n]*", text, re.MULTILINE):
        yield tree.line_of(text, match.start()), match[1], match[0].count("\n") + 1


def nth(lengths, share):
    """The least length that this share of the functions does not exceed."""
    return sorted(lengths)[max(0, -(-len(lengths) * share // 100) - 1)]


def judge(report, name, lengths):
    if not lengths:
        return f"{name} none"
    median, nine_in_ten = nth(lengths, 50), nth(lengths, 90)
    if median > MEDIAN_MAX:
        report.bad(name, 0, f"the median function has {median} lines, more than {MEDIAN_MAX}")
    if nine_in_ten > NINE_IN_TEN_MAX:
        report.bad(name, 0, f"nine in ten have {nine_in_ten} lines, more than {NINE_IN_TEN_MAX}")
    return (f"{name} {len(lengths)} functions, median {median}, nine in ten {nine_in_ten}, "
            f"longest {max(lengths)}")


def check(root):
    report = tree.Report()
    delivered, everything = [], []
    for path, text in tree.texts(root, tree.c_files(root)):
        for line, name, length in functions(text):
            everything.append(length)
            if path.parts[0] != "tests":
                delivered.append(length)
            if length > LINES_MAX:
                report.bad(path, line, f"{name} has {length} lines, more than {LINES_MAX}")
        for line, name, length in macros(text):
            if length > LINES_MAX:
                report.bad(path, line, f"macro {name} has {length} lines, more than {LINES_MAX}")
    report.figures = "; ".join((judge(report, "delivered", delivered),
                                judge(report, "with tests", everything)))
    return report


if __name__ == "__main__":
    tree.main(check)
