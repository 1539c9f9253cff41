# SPDX-License-Identifier: Apache-2.0
"""What the senders of a campaign saw, written down before and after each step, off the disk that is
tried; and whether the log that is there in the end agrees with it (docs/trials.md, L1 to L11)."""
import json
import re
import sys
import threading
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "property"))

from model import rules, tree  # noqa: E402
from model.exported import leaves_of, read_export  # noqa: E402
from model.state import state_digest  # noqa: E402

ROOT = Path(__file__).resolve().parents[2]
NUMBER_OF = {word: int(number) for number, word in re.findall(
    r'^VERDICT\((\d+), \w+, "([a-z-]+)"', (ROOT / "registry/rules/verdicts.def").read_text(), re.M)}
APPLICATION_DEADLINE = 1


class Broken(AssertionError):
    """The log does not agree with what senders saw."""


class Sent:
    """One bundle, as its sender knows it."""

    def __init__(self, name, key, k, messages):
        self.name, self.key, self.k = name, key, k
        self.messages = messages  # (id, bytes) of each, in their order
        self.tries = 0            # submits that were not answered with a refusal
        self.stamps = []          # (at, intake's key) of each that was answered, without repetition
        self.fate = None          # "logged" or the code with which it was turned away
        self.entries = {}         # position: (seq, verdicts)
        self.twins = {}           # position: seq of the entry that the message was already


class Ledger:
    """Every line is on its way to the file before the step is taken or its outcome is used."""

    def __init__(self, path):
        self.file = open(path, "a", encoding="ascii", buffering=1)  # lives as long as the campaign
        self.lock = threading.Lock()
        self.sent = {}         # by name
        self.checkpoints = {}  # size: root, as shown to anybody
        self.counts = {}

    def close(self):
        self.file.close()

    def _line(self, what, sent, **fields):
        with self.lock:
            self.counts[what] = self.counts.get(what, 0) + 1
            self.file.write(json.dumps({"what": what, "bundle": sent.name.hex(), **fields}) + "\n")

    def invoke(self, sent, intake):
        """Before each submit."""
        self._line("INVOKE", sent, intake=intake, key=sent.key.hex(), k=sent.k,
                   ids=[name.hex() for name, _ in sent.messages])
        self.sent[sent.name] = sent
        sent.tries += 1

    def refused(self, sent, code):
        """A submit was answered: nothing of it was kept."""
        self._line("REFUSED", sent, code=code)
        sent.tries -= 1

    def unknown(self, sent):
        """A submit was not answered."""
        self._line("UNKNOWN", sent)

    def stamped(self, sent, at, intake):
        """A submit was answered with a stamp that verifies."""
        self._line("STAMP", sent, at=at, intake=intake.hex())
        if (at, intake) not in sent.stamps:
            sent.stamps.append((at, intake))

    def receipt(self, sent, entries):
        """The registry has answered with receipts that verify: {position: (seq, verdicts)}. Once
        given, they never change (L3)."""
        self._line("OK", sent, entries={str(index): each for index, each in entries.items()})
        if sent.fate not in (None, "logged") or (sent.entries and sent.entries != entries):
            raise Broken(f"L3: {sent.name.hex()}: {sent.fate} {sent.entries}, now {entries}")
        sent.fate, sent.entries = "logged", entries

    def twins(self, sent, twins):
        """The registry has answered that all its messages were in the log: {position: seq}."""
        self._line("TWINS", sent, entries=twins)
        if sent.fate not in (None, "twins") or len(twins) != len(sent.messages):
            raise Broken(f"L3: {sent.name.hex()}: {sent.fate}, now {twins}")
        sent.fate, sent.twins = "twins", twins

    def turned_away(self, sent, code):
        """The registry has answered that it did not admit it."""
        self._line("TURNED-AWAY", sent, code=code)
        if sent.fate not in (None, code):
            raise Broken(f"L3: {sent.name.hex()}: {sent.fate}, now {code}")
        sent.fate = code

    def shown(self, size, root):
        """A signed checkpoint was shown to somebody: whatever comes later continues it."""
        with self.lock:
            if self.checkpoints.setdefault(size, root) != root:
                raise Broken(f"L5: two checkpoints of {size} entries")


def _said(entries):
    return [entry for entry in entries if "bundle" in entry and "id" in entry]


def _check_receipts(ledger, entries):
    """L1, L3, L4: what was acknowledged is there once, at its index, with its verdict."""
    for sent in ledger.sent.values():
        for index, (seq, verdicts) in sent.entries.items():
            there = entries[seq] if seq < len(entries) else {}
            if (there.get("bundle"), there.get("index"), there.get("id"), there.get("verdicts")) != \
                    (sent.name, index, sent.messages[index][0], verdicts):
                raise Broken(f"L1: entry {seq} is not message {index} of {sent.name.hex()}")
        for index, seq in sent.twins.items():
            if entries[seq].get("id") != sent.messages[index][0]:
                raise Broken(f"L1: entry {seq} is not the same as message {index} of "
                             f"{sent.name.hex()}")
    ids = {}
    for entry in _said(entries):
        if ids.setdefault((entry["actor"], entry["id"]), entry["seq"]) != entry["seq"]:
            raise Broken(f"L1: {entry['id'].hex()} stands twice, the second time at {entry['seq']}")


def _check_origins(ledger, entries, begins, others):
    """L2, L11: nothing that nobody sent, and what was stamped has its consequence."""
    logged = {entry["bundle"] for entry in _said(entries)}
    for entry in _said(entries):
        if entry["seq"] >= begins and entry["kind"] not in others and \
                entry["bundle"] not in ledger.sent:
            raise Broken(f"L2: entry {entry['seq']} was sent by nobody")
    away = {entry["subject"]["bundle"] for entry in entries if entry["kind"] == "turned-away"}
    for sent in ledger.sent.values():
        if sent.stamps and not sent.twins and sent.name not in logged and sent.name not in away:
            raise Broken(f"L11: {sent.name.hex()} was stamped and nothing came of it")
        if sent.name in logged and sent.name in away:
            raise Broken(f"L3: {sent.name.hex()} is in the log, and was turned away")
        if sent.fate == "logged" and sent.name not in logged:
            raise Broken(f"L1: {sent.name.hex()} is not in the log")


def _check_times(ledger, entries):
    """A bundle counts from a stamp that its sender was given, where no other can be."""
    for entry in _said(entries):
        sent = ledger.sent.get(entry["bundle"])
        if sent and len(sent.stamps) == sent.tries == 1 and \
                (entry["received_at"], entry["intake"]) != sent.stamps[0]:
            raise Broken(f"L11: entry {entry['seq']} counts from another stamp than was given")


def _grow(peaks, leaf):
    """Appends a leaf to the roots of the whole subtrees, (leaves, root) by falling size."""
    count = 1
    while peaks and peaks[-1][0] == count:
        leaf, count = tree.node_hash(peaks.pop()[1], leaf), 2 * count
    peaks.append((count, leaf))


def _root(peaks):
    root = peaks[-1][1]
    for _, left in reversed(peaks[:-1]):
        root = tree.node_hash(left, root)
    return root


def _check_log(ledger, entries, leaves):
    """L5, L6, L8: one history, each author's order kept, every checkpoint a beginning of it."""
    wanted, peaks = dict(ledger.checkpoints), []
    for size, leaf in enumerate(leaves, 1):
        _grow(peaks, tree.leaf_hash(leaf))
        if size in wanted and wanted.pop(size) != _root(peaks):
            raise Broken(f"L5: the log does not continue the checkpoint of {size} entries")
    if wanted:
        raise Broken(f"L5: {len(leaves)} entries, and a checkpoint of {max(wanted)} was shown")
    epoch, last = 0, {}
    for entry in entries:
        if entry["epoch"] < epoch:
            raise Broken(f"L5: the epoch goes down at entry {entry['seq']}")
        epoch = entry["epoch"]
        sent = ledger.sent.get(entry.get("bundle"))
        if sent:
            place = (sent.k, entry["index"])
            if last.get(sent.key, (-1, 0)) >= place:
                raise Broken(f"L6: entry {entry['seq']} stands behind a later one of its author")
            last[sent.key] = place


def _check_closes(entries):
    """L9, L11: what is closed stays closed, and what was in time and is still to come is named."""
    closed, due, parked = set(), 0, set()
    for entry in entries:
        if entry.get("intake") and entry["received_at"] < due and entry["bundle"] not in parked:
            raise Broken(f"L11: entry {entry['seq']} was in time, and the tick does not name it")
        if entry["kind"] == "tick":
            closed.add(entry["subject"]["which"])
            due, parked = entry["subject"]["due"], parked | set(entry["subject"]["parked"])
        elif entry["kind"] == "application" and APPLICATION_DEADLINE in closed and \
                NUMBER_OF["accepted"] in entry["verdicts"]:
            raise Broken(f"L9: entry {entry['seq']} was accepted after the deadline")


def _refold(entries, leaves):
    """L7: the verdicts again by the naive rules; the digest of their state."""
    state, bundle = None, None
    for entry in entries:
        if entry["seq"] == 0:
            state = rules.start(entry["subject"], tree.leaf_hash(leaves[0]))
            continue
        same = bundle is not None and entry.get("bundle") == bundle
        words = rules.apply(state, entry, same)
        bundle = entry.get("bundle")
        if sorted(NUMBER_OF[word] for word in words) != sorted(entry["verdicts"]):
            raise Broken(f"L7: entry {entry['seq']}: the naive rules say {words}")
    return state_digest(state)


def check(ledger, export, begins, others=()):
    """Raises Broken unless the log agrees with the ledger. `export` is the whole log as bytes, with
    every signature, path and commitment checked here; entries before `begins`, and those of the kinds
    `others`, were said by others. Gives its entries and the digest of its state."""
    entries, leaves = read_export(export), leaves_of(export)
    if None in entries:
        raise Broken("L5: an entry is closed in the whole log")
    _check_log(ledger, entries, leaves)
    _check_receipts(ledger, entries)
    _check_origins(ledger, entries, begins, others)
    _check_times(ledger, entries)
    _check_closes(entries)
    return entries, _refold(entries, leaves)
