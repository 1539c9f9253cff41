#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""C against Python: both rule on the same logs, and have to agree at every index, byte for byte.

5,000 logs with DAIS_FULL=1, else a tenth. DAIS_SEED and DAIS_LOGS repeat a run. Takes the program
rules_logs as its argument.
"""

import os
import sys
from concurrent.futures import ProcessPoolExecutor

from model.profile import unpack_deep
from model.state import RULES, ROWS, TABLES, standing_digest, state_digest, table_arrays
from replay import replay
from rules_logs import Logs

LOGS = int(os.environ.get("DAIS_LOGS", 5000 if os.environ.get("DAIS_FULL") else 500))
EVENTS_MAX = 320
SEED = int(os.environ.get("DAIS_SEED", 1000000))


def judge(data, lines):
    """Where the two disagree first, as words; nothing where they agree."""
    seq = -1
    try:
        for entry, verdicts, state in replay(data):
            seq = entry["seq"]
            ours = [",".join(verdicts), state_digest(state).hex(), standing_digest(state).hex()]
            for name, mine, theirs in zip(("verdicts", "state", "standing"), ours, lines[seq]):
                if mine != theirs:
                    return f"entry {seq}, {entry['kind']}: {name}: C {theirs}, Python {mine}"
    # Whatever stops the model is a disagreement: the log is one that the rules took.
    except Exception as error:  # pylint: disable=broad-exception-caught
        return f"after entry {seq}: Python stopped: {type(error).__name__}: {error}"
    if seq + 1 != len(lines):
        return f"{len(lines)} entries in C, {seq + 1} in Python"
    return ""


def _kind_of(disagreement):
    """What has to stay the same while a sequence is cut down: what the disagreement is about."""
    return disagreement.split(":")[0].rpartition(",")[2] + disagreement.split(":")[1] \
        if disagreement else ""


def shrink(logs, seed, first):
    """The fewest events about which the two still disagree in the same way."""
    events = list(range(1, EVENTS_MAX + 1))
    size = len(events) // 2
    while size:
        at = len(events)
        while at > 0:
            less = events[:max(0, at - size)] + events[at:]
            if _kind_of(judge(*logs.log(seed, less))) == _kind_of(first):
                events = less
            at -= size
        size //= 2
    return events


def _differences(theirs, ours, path=()):
    """Where two arrays of arrays differ, as (path, theirs, ours)."""
    if not isinstance(theirs, list) or not isinstance(ours, list):
        return [] if theirs == ours else [(path, theirs, ours)]
    if len(theirs) != len(ours):
        return [(path, theirs, ours)]
    return [found for at, pair in enumerate(zip(theirs, ours))
            for found in _differences(*pair, (*path, at))]


def explain(logs, seed, events):
    """Table, row and field in which the states differ at the end of a sequence cut down."""
    state = None
    try:
        for _, _, state in replay(logs.log(seed, events)[0]):
            pass
    # The words of the disagreement say what stopped it.
    except Exception:  # pylint: disable=broad-exception-caught
        return ""
    words = []
    for path, theirs, ours in _differences(unpack_deep(logs.state(seed, events)),
                                           ["dais/state/1\n", RULES, state.size,
                                            table_arrays(state)]):
        name = "/".join(map(str, path))
        if len(path) > 1 and path[0] == 3:
            table, row, size = TABLES[path[1]]
            name = f"{table} {path[2:]}"
            if len(path) == 4:
                at = path[3] - size
                name = f"{table} row {path[2] + 1} {ROWS[row].split()[at] if at >= 0 else 'key'}"
        words.append(f"{name}: C {theirs}, Python {ours}")
    return "\n".join(words[:12])


def compare(job):
    """Compares some logs; returns how many entries there were and the first disagreement."""
    program, seeds = job
    logs, entries = Logs(program), 0
    try:
        for seed in seeds:
            data, lines = logs.log(seed)
            entries += len(lines)
            disagreement = judge(data, lines)
            if disagreement:
                events = shrink(logs, seed, disagreement)
                less = judge(*logs.log(seed, events))
                return entries, (f"seed {seed}: {disagreement}\nshrunk: {less}\n"
                                 f"{explain(logs, seed, events)}\n"
                                 f"{logs.scenario(seed, events)}")
    finally:
        logs.close()
    return entries, ""


def main():
    """Goal: two people who never saw each other's code agree on what a log means. Method: one
    program plays random sequences and exports them, the other reads them; verdicts and digests are
    compared after each entry. A disagreement is printed with its seed, cut down."""
    program = sys.argv[1]
    jobs = [(program, range(SEED + first, SEED + LOGS, 8)) for first in range(8)]
    entries, found = 0, []
    with ProcessPoolExecutor(max_workers=os.cpu_count()) as pool:
        for count, disagreement in pool.map(compare, jobs):
            entries += count
            if disagreement:
                found.append(disagreement)
    print("\n".join(found))
    print(f"{LOGS} logs from seed {SEED}, {entries} entries compared, "
          f"{len(found)} disagreements")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
