#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Every state that can be reached from a listed cycle, breadth first, in both implementations.

The program rules_search (its argument) searches to depth 12; the rules in Python make the same search
from the log that it wrote, as deep as is said below, and have to find the same states in the same
order, with the same verdict and the same state after everything that can be said in each.
"""

import os
import pickle
import subprocess
import sys
import tempfile
from concurrent.futures import ProcessPoolExecutor
from hashlib import sha256
from pathlib import Path

from model import rules
from model.pieces import next_deadline
from model.shapes import word_number
from model.state import standing_digest
from replay import replay

HOUR = 3_600_000
FULL = bool(os.environ.get("DAIS_FULL"))
# Policy, depth in C, depth in Python; in CI and in full. Python takes a thousand times as long.
POLICIES = [
    ("untoc-constructive-dialogue", (7, 12), (4, 8)),
    ("untoc-conference-rule-17", (7, 12), (5, 9)),
    ("uncac-conference-rule-17", (7, 12), (5, 9)),
    ("oewg-ict-2022", (8, 12), (5, 12)),
]
# Name, kind, who, organisation, question; as in rules_search.c.
MOVES = [("tick", "", "", 0, "")]
for _name, _kind, _who, _question in (
        ("object XA", "objection", "XA", ""), ("object XB", "objection", "XB", ""),
        ("unobject XA", "objection-withdrawal", "XA", ""),
        ("unobject XB", "objection-withdrawal", "XB", ""),
        ("admit", "decision", "conference", "admit"),
        ("refuse", "decision", "conference", "refuse"),
        ("defer", "decision", "conference", "defer"),
        ("reverse", "decision", "conference", "reverse"),
        ("correct", "correction", "conference", ""), ("refer", "referral", "secretariat", ""),
        ("withdraw", "withdrawal", "office", "")):
    MOVES += [(f"{_name} {_org}", _kind, _who, _org, _question) for _org in (1, 2)]
MOVES += [("summarise", "summary", "chair", 0, ""), ("cancel", "cancellation", "secretariat", 0, "")]


def speaker(state, who):
    """(key, actor) of a role, or of a State's party."""
    for _, key in state.rows("KEY"):
        actor = state.actor[key["actor_number"]]
        party = state.tables["STATE"][actor["state_number"]]["code"] \
            if actor["state_number"] else ""
        if who in (party, next(word for word in ("office secretariat chair conference party bureau "
                                                 "inspector intake").split()
                               if word_number("role", word) == actor["role"])):
            return key["key"], actor["id"]
    raise KeyError(who)


def motion(question, org_id, result):
    """The fields of a decision."""
    return {"question": question, "targets": [org_id], "manner": word_number("manner", "consensus"),
            "yes": 0, "no": 0, "abstained": 0, "result": result, "majority": 0,
            "body": "Conference", "session": "Session",
            "deferred_to": "Next session" if question == word_number("question", "defer") else ""}


def subject_of(state, kind, number, question):
    """What is said, or None where it cannot be said at all."""
    org = state.orgs[number] if number else None
    org_id = org["id"] if org else b""
    if kind == "correction":
        row = state.decision.get(org["decided"])
        if row is None:
            return None
        return dict(motion(row["question"], org_id, 2), corrects=org["decided"])
    return {
        "objection": {"targets": [{"organisation": org_id, "reason": ""}], "states": [],
                      "source": ""},
        "objection-withdrawal": {"targets": [org_id]},
        "decision": question and motion(word_number("question", question), org_id, 1),
        "referral": {"targets": [org_id], "body": "Conference", "session": "Session"},
        "withdrawal": {"thing": 1, "id": org_id},
        "summary": {"revision": state.cycle["revision"] + 1, "language": "en", "paragraphs": 1},
        "cancellation": {"reason": "a reason"},
    }[kind]


def own(state, clock, kind, subject):
    """One of the registry's own entries."""
    rules.apply(state, {"seq": state.size, "kind": kind, "logged_at": clock, "received_at": clock,
                        "subject": subject})


def make(state, clock, move):
    """Makes a move; the word of its verdict and the clock after it."""
    _, kind, who, number, question = move
    if not kind:
        deadline = next_deadline(state)
        if deadline is None:
            return "none", clock
        clock = max(clock, deadline[0])
        own(state, clock, "tick", {"which": deadline[1], "due": deadline[2], "stamps": [],
                                   "parked": []})
        verdict = "accepted"
    else:
        subject = subject_of(state, kind, number, question)
        if subject is None:
            return "none", clock
        key, actor = speaker(state, who)
        received, closes = clock, state.date[3]["due"] if 3 in state.date else 0
        if kind == "objection" and closes and clock >= closes:
            received = closes - HOUR
        verdict = rules.apply(state, {
            "seq": state.size, "kind": kind, "logged_at": clock, "received_at": received,
            "id": b"move" + state.size.to_bytes(12, "big"), "actor": actor, "on_behalf": b"",
            "subject": subject, "key": key, "intake": b"", "j": 0, "bundle_index": 0, "index": 0})[0]
    while True:
        entry = rules.due(state)
        if entry is None:
            return verdict, clock
        own(state, clock, *entry)


def expand(job):
    """Tries all moves in the state after a path: [verdict, digest after, if it is done]."""
    packed, clock, path = job
    state = pickle.loads(packed)
    for number in path:
        _, clock = make(state, clock, MOVES[number])
    here, found = pickle.dumps(state, pickle.HIGHEST_PROTOCOL), []
    for move in MOVES:
        after = pickle.loads(here)
        verdict, _ = make(after, clock, move)
        done = verdict in ("accepted", "timely-after-tick")
        found.append((verdict, standing_digest(after) if done else b""))
    return found


class Search:
    """The search in Python, beside what C wrote."""

    def __init__(self, log, lines):
        for _, _, self.state in replay(log):
            pass
        self.lines = [line.split() for line in lines]
        self.clock = self.state.date[8]["due"] - 240 * HOUR
        self.moves = 0

    def run(self, pool, depth):
        """Expands every state above the depth; a disagreement, or nothing."""
        root = pickle.dumps(self.state, pickle.HIGHEST_PROTOCOL)
        digest = standing_digest(self.state)
        seen, level, at = {digest}, [(digest, ())], 0
        for _ in range(depth):
            jobs = [(root, self.clock, path) for _, path in level]
            after = []
            for (digest, path), found in zip(level, pool.map(expand, jobs, chunksize=16)):
                fault = self.compare(at, digest, path, found)
                if fault:
                    return fault
                at += 1
                for number, (_, next_digest) in enumerate(found):
                    if next_digest and next_digest not in seen:
                        seen.add(next_digest)
                        after.append((next_digest, (*path, number)))
            level = after
        return ""

    def compare(self, at, digest, path, found):
        """What is wrong with the state that C found in this place."""
        text = "".join(f"{move[0]}: {verdict}{' ' + after[:8].hex() if after else ''}\n"
                       for move, (verdict, after) in zip(MOVES, found))
        self.moves += sum(1 for _, after in found if after)
        ours = [str(len(path)), digest.hex(), sha256(text.encode()).hexdigest()]
        if ours == self.lines[at]:
            return ""
        words = " ".join(f"[{MOVES[number][0]}]" for number in path)
        return f"state {at}, after {words}: C {self.lines[at]}, Python {ours}\n{text}"


def search(program, policy, depths, pool):
    """Searches under one policy in both; a disagreement, or nothing."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "out"
        run = subprocess.run([program, policy, str(depths[0]), out], text=True,
                             capture_output=True, check=False)
        print(run.stdout.strip(), flush=True)
        if run.returncode:
            return run.stderr
        both = Search((out.parent / "out.log").read_bytes(),
                      (out.parent / "out.states").read_text(encoding="utf-8").splitlines())
        fault = both.run(pool, depths[1])
        print(f"  and in Python to depth {depths[1]}: {both.moves} moves, the same in the "
              f"same order" if not fault else "", flush=True)
        return fault


def main():
    """Goal: no state that can be reached is a dead end, and both implementations know the same
    states and moves. Method: breadth-first search under each of the first four policies."""
    faults = []
    with ProcessPoolExecutor(max_workers=os.cpu_count()) as pool:
        for policy, in_c, in_python in POLICIES:
            fault = search(sys.argv[1], policy, (in_c[FULL], in_python[FULL]), pool)
            if fault:
                faults.append(f"{policy}: {fault}")
    print("\n".join(faults))
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
