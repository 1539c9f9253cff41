# SPDX-License-Identifier: Apache-2.0
"""What the lints share: which files there are, C without its comments, and how a lint reports.

A lint is a file of its own that defines check(root) -> Report and ends with
    if __name__ == "__main__":
        tree.main(check)
"""
import os
import re
import sys
from dataclasses import dataclass, field
from pathlib import Path

# Built, cached or made of bytes that no rule of style concerns.
PRUNED = {"build", ".git", "__pycache__", "golden", "corpus"}


@dataclass
class Report:
    """Findings fail the lint, notes do not, figures stand in its one line."""

    findings: list = field(default_factory=list)
    notes: list = field(default_factory=list)
    figures: str = ""

    def bad(self, path, line, text):
        self.findings.append(f"{path}:{line}: {text}" if line else f"{path}: {text}")

    def note(self, path, text):
        self.notes.append(f"{path}: note: {text}")


def repository():
    return Path(__file__).resolve().parents[3]


def files(root):
    """All files under root, as sorted paths relative to it."""
    found = []
    for folder, subfolders, names in os.walk(root):
        subfolders[:] = [name for name in subfolders if name not in PRUNED]
        # In a further work tree .git is a file.
        found += [(Path(folder) / name).relative_to(root) for name in names if name != ".git"]
    return sorted(found)


def c_files(root):
    return [path for path in files(root) if path.suffix in (".c", ".h")]


def text_of(root, path):
    """None for a file that is not text (or has just gone: others may be at work)."""
    try:
        data = (Path(root) / path).read_bytes()
    except FileNotFoundError:
        return None
    if b"\0" in data:
        return None
    return data.decode("utf-8", errors="replace")


def texts(root, paths):
    for path in paths:
        text = text_of(root, path)
        if text is not None:
            yield path, text


def language(path, text):
    """"shell", "python", "c" or "": by suffix, else by the first line."""
    by_suffix = {".sh": "shell", ".bash": "shell", ".py": "python", ".c": "c", ".h": "c"}
    if path.suffix:
        return by_suffix.get(path.suffix, "")
    first = text.split("\n", 1)[0]
    match = re.match(r"#!.*\b(bash|sh|python3)\b", first)
    return {"bash": "shell", "sh": "shell", "python3": "python"}[match[1]] if match else ""


C_COMMENT_OR_TEXT = re.compile(
    r"""/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'""", re.DOTALL)


def code_only(text):
    """C with comments and literals blanked; every line and column stays where it was."""
    return C_COMMENT_OR_TEXT.sub(lambda match: re.sub(r"[^\n]", " ", match[0]), text)


def line_of(text, offset):
    return text.count("\n", 0, offset) + 1


def main(check):
    name = Path(sys.argv[0]).stem
    report = check(Path(sys.argv[1]) if len(sys.argv) > 1 else repository())
    for line in report.notes + report.findings:
        print(line)
    if report.findings:
        print(f"FAIL {name}: {len(report.findings)} found; {report.figures}")
        sys.exit(1)
    print(f"PASS {name}: {report.figures}")
