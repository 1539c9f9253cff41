#!/usr/bin/env -S python3 -B
# SPDX-License-Identifier: Apache-2.0
"""Go's sumdb, OpenSSL or signify verify what the publisher has written while a cycle was played:
checkpoints, tiles, entry bundles, receipts. Each refuses what was changed.

Called as: published.py PLAYED go|openssl|signify, PLAYED as tests/system/played_cycle.py left it."""
import base64
import random
import shutil
import sys
import tempfile
from pathlib import Path

import go_reads_log
import judge
import judges_of_signatures

STEP = "64"  # of how many bytes one is changed


def sizes_of(log):
    return sorted(int(path.name) for path in (log / "checkpoints").iterdir())


def copy_log(log, copy, sizes):
    """What stock tools read of a published log, as of these sizes: all but open/, which is ours."""
    copy.mkdir()
    (copy / "checkpoints").mkdir()
    shutil.copy(log / "checkpoint", copy)
    for size in sizes:
        shutil.copy(log / "checkpoints" / str(size), copy / "checkpoints")
    for path in sorted((log / "tile").rglob("*")):
        kept = not path.parent.name.endswith(".p") or int(path.name) in partial_widths(path, sizes)
        if path.is_file() and kept:
            (copy / path.relative_to(log)).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(path, copy / path.relative_to(log))


def partial_widths(path, sizes):
    """The widths of the last tile of a level at these sizes; a played log has one tile a level."""
    level = path.parent.parent.name
    reach = 1 if level == "entries" else 256 ** int(level)
    return {size // reach for size in sizes}


def go_judges(site, vkey, folder):
    go = judge.tool("golang", "go")
    if not (go_reads_log.PACKAGES / "src/golang.org/x/mod/sumdb/tlog").is_dir():
        judge.skip("golang-golang-x-mod-dev")
    program = go_reads_log.build(go, folder)
    seed = str(random.SystemRandom().randrange(2 ** 31))
    print(f"seed {seed}", flush=True)
    log, sizes = site / "log", sizes_of(site / "log")
    copy_log(log, folder / "all", sizes)
    print(judge.run(program, "-receipts", site / "receipts", folder / "all", vkey, seed, "0",
                    *sizes), end="")
    copy_log(log, folder / "last", sizes[-1:])
    print(judge.run(program, folder / "last", vkey, seed, STEP, sizes[-1]), end="")


def main(played, which):
    site = next((Path(played) / "site").glob("*/log")).parent
    vkey = (Path(played) / "log.key").read_text().strip()
    with tempfile.TemporaryDirectory(prefix="dais-interop-") as name:
        folder = Path(name)
        if which == "go":
            go_judges(site, vkey, folder)
            return
        tool = judges_of_signatures.KINDS[which]
        key = base64.b64decode(vkey.split("+", 2)[2], validate=True)[1:]
        note = (site / "log" / "checkpoint").read_bytes()
        judges_of_signatures.judge_checkpoint(tool(folder, key),
                                              *judges_of_signatures.checkpoint_parts(note))


if __name__ == "__main__":
    main(*sys.argv[1:])
