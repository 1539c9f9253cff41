#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Every state that can be reached from a listed cycle, breadth first, in both implementations.

The program rules_search (its argument) searches, to depth 12 with DAIS_FULL=1; the rules in Python make
the same search from the log that it wrote, and have to find the same states in the same order, with
the same verdict and the same state after everything that can be said in each.
"""

import gc
import os
import subprocess
import sys
import tempfile
from concurrent.futures import ProcessPoolExecutor
from hashlib import sha256
from pathlib import Path

import msgpack

from model import rules
from model.pieces import next_deadline
from model.shapes import number_word, word_number
from model.state import standing_arrays
from model.verdicts import is_refused
from replay import replay

HOUR = 3_600_000
FULL = bool(os.environ.get("DAIS_FULL"))
JOB = 64  # states
# Policy and depth: usually, nearly a tenth of all that is tried, and in full.
POLICIES = [
    ("untoc-constructive-dialogue", 8, 12),
    ("untoc-conference-rule-17", 9, 12),
    ("uncac-conference-rule-17", 9, 12),
    ("oewg-ict-2022", 10, 12),
]
# Name, kind, who, organisation, question; as in search_moves.c.
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


def standing_digest(state):
    """The digest of standing; packed by another's hand than the model's, which takes far longer."""
    return sha256(msgpack.packb(["dais/standing/1\n", *standing_arrays(state)])).digest()


def speakers(state):
    """(key, actor) by role, and of a State's party by its code. Nothing said here changes them."""
    found = {}
    for _, key in state.rows("KEY"):
        actor = state.actor[key["actor_number"]]
        name = number_word("role", actor["role"])
        if actor["state_number"]:
            name = state.tables["STATE"][actor["state_number"]]["code"]
        found.setdefault(name, (key["key"], actor["id"]))
    return found


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
    if kind == "decision":
        return motion(word_number("question", question), org_id, 1)
    if kind == "summary":
        return {"revision": state.cycle["revision"] + 1, "language": "en", "paragraphs": 1}
    return {
        "objection": {"targets": [{"organisation": org_id, "reason": ""}], "states": [],
                      "source": ""},
        "objection-withdrawal": {"targets": [org_id]},
        "referral": {"targets": [org_id], "body": "Conference", "session": "Session"},
        "withdrawal": {"thing": 1, "id": org_id},
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
        key, actor = who
        received, closes = clock, state.date[3]["due"] if 3 in state.date else 0
        if kind == "objection" and closes and clock >= closes:
            received = closes - HOUR
        # Nothing is owed before it, as the loop below has seen to, so it need not be asked again.
        verdict = rules.apply(state, {
            "seq": state.size, "kind": kind, "logged_at": clock, "received_at": received,
            "id": b"move" + state.size.to_bytes(12, "big"), "actor": actor, "on_behalf": b"",
            "subject": subject, "key": key, "intake": b"", "j": 0, "bundle_index": 0, "index": 0},
            same_bundle=True)[0]
    while True:
        entry = rules.due(state)
        if entry is None:
            return verdict, clock
        own(state, clock, *entry)


class Way:
    """The states along a path from the first one, each kept for the paths that share it."""

    def __init__(self, state, clock):
        names = speakers(state)
        self.moves = [(name, kind, names.get(who), number, question)
                      for name, kind, who, number, question in MOVES]
        self.steps = [(state, clock)]
        self.path = b""

    def state_after(self, path):
        """(state, clock) behind a path, which is the numbers of its moves."""
        same = len(os.path.commonprefix([path, self.path]))
        del self.steps[same + 1:]
        for number in path[same:]:
            state, clock = self.steps[-1]
            state = state.copy()
            self.steps.append((state, make(state, clock, self.moves[number])[1]))
        self.path = path
        return self.steps[-1]

    def tries(self, path):
        """The digest behind a path and, for each move, (verdict, digest after it if it is done)."""
        here, clock = self.state_after(path)
        found, after = [], here.copy()
        for move in self.moves:
            verdict, _ = make(after, clock, move)
            done = verdict in ("accepted", "timely-after-tick")
            found.append((verdict, standing_digest(after) if done else b""))
            # What is refused has made the log longer and has changed nothing else.
            if verdict != "none" and not is_refused(verdict):
                after = here.copy()
        return standing_digest(here), found


def compare(way, path, line):
    """Tries all moves behind a path; ([(move, digest after)], what C's line has otherwise)."""
    digest, found = way.tries(path)
    text = "".join(f"{move[0]}: {verdict}{' ' + after[:8].hex() if after else ''}\n"
                   for move, (verdict, after) in zip(MOVES, found))
    ours = f"{len(path)} {digest.hex()} {sha256(text.encode()).hexdigest()}"
    done = [(number, after) for number, (_, after) in enumerate(found) if after]
    if ours == line:
        return done, ""
    words = " ".join(f"[{MOVES[number][0]}]" for number in path)
    return done, f"after {words}: C {line}, Python {ours}\n{text}"


def begin(state, clock):
    """In each process of the pool, before any job."""
    gc.disable()
    _OF_PROCESS.append(Way(state, clock))


def compare_some(job):
    """Compares the states behind some paths."""
    return [compare(_OF_PROCESS[0], path, line) for path, line in job]


_OF_PROCESS = []


class Search:
    """The search in Python, beside what C wrote."""

    def __init__(self, log):
        for _, _, self.state in replay(log):
            pass
        self.clock = self.state.date[8]["due"] - 240 * HOUR
        self.seen = {standing_digest(self.state)}
        self.moves = 0

    def run(self, lines, depth):
        """Tries every state above the depth; a disagreement, or nothing."""
        level = [b""]
        with ProcessPoolExecutor(max_workers=os.cpu_count(), initializer=begin,
                                 initargs=(self.state, self.clock)) as pool:
            for _ in range(depth):
                jobs = [[(path, next(lines, "").strip()) for path in level[at:at + JOB]]
                        for at in range(0, len(level), JOB)]
                after = []
                for job, results in zip(jobs, pool.map(compare_some, jobs)):
                    for (path, _), (done, fault) in zip(job, results):
                        if fault:
                            return fault
                        after += self.new_paths(path, done)
                level = after
        return ""

    def new_paths(self, path, done):
        """Those that lead to a state that was not seen before."""
        self.moves += len(done)
        paths = []
        for number, digest in done:
            if digest not in self.seen:
                self.seen.add(digest)
                paths.append(path + bytes([number]))
        return paths


def search(program, policy, depth):
    """Searches under one policy in both; a disagreement, or nothing."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "out"
        run = subprocess.run([program, policy, str(depth), out], text=True,
                             capture_output=True, check=False)
        print(run.stdout.strip(), flush=True)
        if run.returncode:
            return run.stderr
        both = Search((out.parent / "out.log").read_bytes())
        with (out.parent / "out.states").open(encoding="utf-8") as lines:
            fault = both.run(lines, depth)
            left = next(lines, "")
    if not fault and (left or f" {len(both.seen)} states, {both.moves} moves," not in run.stdout):
        fault = f"Python: {len(both.seen)} states, {both.moves} moves; C: {run.stdout}{left}"
    if not fault:
        print(f"  and in Python: {len(both.seen)} states, {both.moves} moves, the same in the same "
              "order", flush=True)
    return fault


def main():
    """Goal: no state that can be reached is a dead end, and both implementations know the same
    states and moves. Method: breadth-first search under each of the first four policies."""
    faults = []
    for policy, *depths in POLICIES:
        fault = search(sys.argv[1], policy, depths[FULL])
        if fault:
            faults.append(f"{policy}: {fault}")
    print("\n".join(faults))
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
