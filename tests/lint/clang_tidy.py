#!/usr/bin/env -S python3 -B
# SPDX-License-Identifier: Apache-2.0
"""clang-tidy on every C file of ours, as build/dev compiles it. A clean file is remembered in
build/lint/tidy by a hash of all that decides the outcome, and left out until that changes."""
import hashlib
import json
import os
import re
import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from lib import tree

OUTPUT_LINES_MAX = 60  # of one file: what follows is mostly the same again
INCLUDE = re.compile(r'^\s*#\s*include\s+"([^"]+)"', re.MULTILINE)
FINDING = re.compile(r"^(?:\S+?:\d+:\d+: )?(?:error|warning): .*$", re.MULTILINE)


def closure(root, path):
    """The file and our headers that it includes, directly or not, in a fixed order."""
    seen, waiting = set(), [Path(path)]
    while waiting:
        current = waiting.pop()
        text = tree.text_of(root, current)
        if current in seen or text is None:
            continue
        seen.add(current)
        for name in INCLUDE.findall(text):
            waiting += [Path(name), current.parent / name]
    return sorted(seen)


def digest(root, entry, path, version):
    sha = hashlib.sha256(version)
    for folder in path.parents:
        settings = root / folder / ".clang-tidy"
        sha.update(settings.read_bytes() if settings.exists() else b"\0")
    sha.update(entry.get("command", str(entry.get("arguments"))).encode())
    for part in closure(root, path):
        sha.update(str(part).encode() + b"\0" + (root / part).read_bytes() + b"\0")
    return sha.hexdigest()


def tidy(root, build, path):
    """What clang-tidy says, notes included: they tell the way to a finding."""
    done = subprocess.run(
        ["clang-tidy-14", "--quiet", "-p", str(build), str(root / path)],
        cwd=root, capture_output=True, text=True, check=False)
    if done.returncode == 0 and not FINDING.search(done.stdout):
        return ""
    lines = (done.stdout.strip() or done.stderr.strip()).replace(f"{root}/", "").split("\n")
    if len(lines) > OUTPUT_LINES_MAX:
        lines[OUTPUT_LINES_MAX:] = [f"... and {len(lines) - OUTPUT_LINES_MAX} lines more"]
    return "\n".join(lines)


def compiled(root, build):
    """Our sources by the database: {path from the top: entry}."""
    entries = {}
    for entry in json.loads((build / "compile_commands.json").read_text()):
        path = Path(os.path.join(entry["directory"], entry["file"])).resolve()
        if root in path.parents:
            entries[path.relative_to(root)] = entry
    return entries


def check(root):
    report = tree.Report()
    root = Path(root).resolve()
    build, cache = root / "build/dev", root / "build/lint/tidy"
    if not (build / "compile_commands.json").exists():
        report.bad("build/dev", 0, "no compile_commands.json: run cmake --preset dev")
        return report
    entries = compiled(root, build)
    sources = [path for path in tree.c_files(root) if path.suffix == ".c"]
    for path in sources:
        if path not in entries:
            report.bad(path, 0, "in no target, so neither compiled nor looked at")
    version = subprocess.run(["clang-tidy-14", "--version"], capture_output=True, check=True).stdout
    keys = {path: digest(root, entries[path], path, version)
            for path in sources if path in entries}
    cache.mkdir(parents=True, exist_ok=True)
    stale = [path for path, key in keys.items() if not (cache / key).exists()]
    with ThreadPoolExecutor(max_workers=int(os.environ.get("DAIS_JOBS", "2"))) as pool:
        for path, output in zip(stale, pool.map(lambda path: tidy(root, build, path), stale)):
            if output:
                report.bad(path, 0, "\n" + output)
            else:
                (cache / keys[path]).touch()
    for old in set(os.listdir(cache)) - set(keys.values()):
        (cache / old).unlink()
    report.figures = f"{len(keys)} files, {len(keys) - len(stale)} of them known clean"
    return report


if __name__ == "__main__":
    tree.main(check)
