#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Replays an exported log by the model: seq, kind, verdict words and state digest, one line each.

With --standing the digest of standing comes behind. A log with closed entries cannot be replayed.
"""

import argparse
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from model import rules, tree  # noqa: E402
from model.exported import leaves_of, read_export  # noqa: E402
from model.state import standing_digest, state_digest  # noqa: E402


def replay(data):
    """Yields (entry, verdicts, state) after each entry."""
    entries = read_export(data)
    log = tree.leaf_hash(leaves_of(data)[0])
    state, bundle = None, None
    for entry in entries:
        if entry is None:
            raise SystemExit(f"entry {state.size} is closed")
        if entry["seq"] == 0:
            state, verdicts = rules.start(entry["subject"], log), ["accepted"]
        else:
            same = bundle is not None and entry.get("bundle") == bundle
            verdicts = rules.apply(state, entry, same)
        bundle = entry.get("bundle")
        yield entry, verdicts, state


def main():
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("log", type=Path)
    parser.add_argument("--standing", action="store_true")
    options = parser.parse_args()
    for entry, verdicts, state in replay(options.log.read_bytes()):
        line = [str(entry["seq"]), entry["kind"], ",".join(verdicts), state_digest(state).hex()]
        if options.standing:
            line.append(standing_digest(state).hex())
        print(" ".join(line))


if __name__ == "__main__":
    main()
