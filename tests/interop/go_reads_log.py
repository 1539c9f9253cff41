#!/usr/bin/env -S python3 -B
# SPDX-License-Identifier: Apache-2.0
"""Go's sumdb/note and sumdb/tlog read a log of 70,000 entries that we wrote.

Called as: go_reads_log.py WRITE_LOG [SEED]. The Go packages are those of the system; nothing is
downloaded, and nothing is kept outside a folder that is removed."""
import os
import random
import sys
import tempfile
from pathlib import Path

import judge

PACKAGES = Path("/usr/share/gocode")
SIZES = ("1", "12345", "70000")
# Of how many bytes one is changed; in the nightly run each is.
STEP = "1" if os.environ.get("DAIS_FULL") == "1" else "256"


def build(go, folder):
    program = folder / "verify_log"
    environment = dict(os.environ, GO111MODULE="off", GOFLAGS="", GOPATH=str(PACKAGES),
                       GOCACHE=str(folder / "go-cache"), GOTMPDIR=str(folder), CGO_ENABLED="0")
    judge.run(go, "build", "-o", program, Path(__file__).with_name("verify_log.go"),
              Path(__file__).with_name("verify_flips.go"),
              Path(__file__).with_name("verify_receipts.go"), env=environment)
    return program


def main(write_log, seed=None):
    go = judge.tool("golang", "go")
    if not (PACKAGES / "src/golang.org/x/mod/sumdb/tlog").is_dir():
        judge.skip("golang-golang-x-mod-dev")
    seed = seed or str(random.SystemRandom().randrange(2 ** 31))
    with tempfile.TemporaryDirectory(prefix="dais-interop-") as name:
        folder = Path(name)
        program = build(go, folder)
        vkey = judge.write_log(write_log, folder / "log", *SIZES)
        print(f"seed {seed}", flush=True)
        print(judge.run(program, folder / "log", vkey, seed, STEP, *SIZES), end="")


if __name__ == "__main__":
    main(*sys.argv[1:])
