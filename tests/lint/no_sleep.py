#!/usr/bin/env -S python3 -B
# SPDX-License-Identifier: Apache-2.0
"""A test waits for what it waits for, never for a time: a sleep is too short on a slow machine and
too long on every other. The lints are left out, since they show what they forbid."""
import re

from lib import tree

SLEEPS = {
    "c": re.compile(r"(?<![\w.>])(?:sleep|usleep|nanosleep|clock_nanosleep|thrd_sleep|zclock_sleep)"
                    r"\s*\(|(?<![\w.>])poll\s*\(\s*NULL\b"),
    "shell": re.compile(r"(?:^|[;&|(]|\bdo|\bthen|\belse)\s*sleep\s", re.MULTILINE),
    "python": re.compile(r"\btime\.sleep\s*\(|\bfrom time import .*\bsleep\b|\basyncio\.sleep\s*\("),
    "go": re.compile(r"\btime\.(?:Sleep|After)\s*\("),
}


def check(root):
    report = tree.Report()
    paths = [path for path in tree.files(root)
             if path.parts[0] == "tests" and path.parts[:2] != ("tests", "lint")]
    for path, text in tree.texts(root, paths):
        language = "go" if path.suffix == ".go" else tree.language(path, text)
        if language not in SLEEPS:
            continue
        code = tree.code_only(text) if language == "c" else text
        for match in SLEEPS[language].finditer(code):
            report.bad(path, tree.line_of(text, match.end()), "a test does not sleep")
    report.figures = f"{len(paths)} files of tests"
    return report


if __name__ == "__main__":
    tree.main(check)
