#!/usr/bin/env -S python3 -B
# SPDX-License-Identifier: Apache-2.0
"""Role x operation x own or another's x state of the cycle x key in force, retired, revoked, unknown, at the
real broker, intake and registry. What has to come of each is in roles.txt and asks.txt, which are written
from the rules and not from what the programs say. CI takes a tenth of the cells of keys that have ended; the
others are all tried always."""
import collections
import os
import random
import re
import sys
import unittest
from pathlib import Path

import cycle_world

import roles_said
import roles_world
from roles_world import ENDS, ROLES, foreign

BUILD = Path(sys.argv.pop(1)).resolve()
HERE = Path(__file__).resolve().parent
SEED = 20220527
SHARE = 1 if os.environ.get("DAIS_FULL") else 10  # one of so many cells of ended keys
NOTHING_THERE = ("not-found", "out-of-range")
ANSWERS = {"submit": "submitted", "look": "shown", "ask-call": "answered"}
LAST = ("summary", "list-version", "open", "cancellation")  # when accepted, these move the cycle
VERDICTS = {int(number): word for word, number in re.findall(
    r"^### (\S+)\n\n\| \| \|\n\| --- \| --- \|\n\| number \| (\d+) \|", (
        cycle_world.SOURCE / "docs" / "verdicts.md").read_text(), re.MULTILINE)}


def numbers(text):
    """1-3 or 4: the states that a range names."""
    first, _, last = text.partition("-")
    return range(int(first), int(last or first) + 1)


class Operation:
    """A line of roles.txt."""

    def __init__(self, line):
        parts = [part.strip() for part in line.split("|")]
        self.name, kind, roles, states, self.own, self.other, _ = parts
        self.kind, self.roles, self.states = int(kind), roles.split(), numbers(states)

    def sides(self):
        return [side for side in ("own", "other") if getattr(self, side) != "-"]

    def expected(self, role, side, state):
        if role not in self.roles:
            return "not-competent"
        if state not in self.states:
            return "wrong-state"
        said = getattr(self, side)
        if "=" not in said:
            return said
        return next(word for states, word in (part.split("=") for part in said.split())
                    if state in numbers(states))


class Question:
    """A line of asks.txt."""

    def __init__(self, line):
        self.name, what, self.look, states, told, _ = (part.strip() for part in line.split("|"))
        self.what = int(what)
        self.states = None if states == "-" else numbers(states)
        self.told = [role for word in told.split() for role in
                     (ROLES if word == "everybody" else ("inspector", "registry") if word == "all"
                      else [word])]


def table(name, row):
    lines = (HERE / name).read_text().splitlines()
    return [row(line) for line in lines if line and not line.startswith("#")]


OPERATIONS = table("roles.txt", Operation)
QUESTIONS = table("asks.txt", Question)


class Roles(unittest.TestCase):
    def setUp(self):
        self.world = roles_world.World(BUILD)
        self.addCleanup(self.world.close)
        self.draw = random.Random(SEED)
        self.counts = collections.Counter()
        self.wrong = []

    def judge(self, how, cell, expected, got):
        self.counts[how, got] += 1
        if expected != got:
            self.wrong.append(f"{' '.join(map(str, cell))}: {got}, not {expected}")

    # Goal: every cell has the result that the rules and the protocol name. Method: one cycle for each state;
    # in each of them every role asks everything and says everything, those whose keys have ended at each hop.
    def test_cross_product(self):
        self.door_refuses_strangers()
        for cycle in self.world.walk():
            self.assertEqual(cycle.office("office").look(foreign.CYCLE)[1], cycle.state)
            self.look_at(cycle)
            self.ask(cycle)
            self.ended_asks(cycle)
            self.ended_at_the_door(cycle)
            self.ended_at_the_intake(cycle)
            self.ended_at_the_registry(cycle)
            self.hand_overs(cycle)
            self.say(cycle)
        self.tell()
        self.world.base.daemons["registry"].end()
        for cycle in self.world.cycles.values():
            self.world.base.registry("check", cycle.name)
        self.assertEqual(self.wrong[:40], [], "\n".join(self.wrong))

    def tell(self):
        for how in sorted({how for how, _ in self.counts}):
            results = {got: n for (which, got), n in self.counts.items() if which == how}
            print(f"{how}: {sum(results.values())} cells:",
                  ", ".join(f"{n} {got}" for got, n in sorted(results.items())))
        print(f"cells in all: {sum(self.counts.values())}, wrong: {len(self.wrong)}")

    # What is said with a key in force.

    def say(self, cycle):
        said = roles_said.Said(cycle)
        for is_last in (False, True):
            cells = [(role, operation, side) for operation in OPERATIONS for side in operation.sides()
                     for role in ROLES
                     if (operation.name in LAST and side == "own" and role in operation.roles) == is_last]
            if is_last:
                cells.sort(key=lambda cell: LAST.index(cell[1].name))
                groups = [[cell] for cell in cells]
            else:
                groups = [[cell for cell in cells if cell[0] == role and
                           (cell[1].kind in foreign.SEALED_KINDS) == sealed]
                          for role in ROLES for sealed in (False, True)]
            for group in groups:
                self.say_bundle(cycle, said, group)

    def say_bundle(self, cycle, said, cells):
        items = []
        for role, operation, side in cells:
            subject, on_behalf = said.subject(operation.name, side)
            items.append(cycle.item(role, operation.kind, subject, on_behalf=on_behalf))
        for (role, operation, side), (seq, verdicts) in zip(cells, cycle.send(cells[0][0], items)):
            got = ",".join(VERDICTS[verdict] for verdict in verdicts)
            if operation.name == "call" and got == "accepted":
                cycle.seqs["call"] = seq
            self.judge("verdict", (cycle.state, role, operation.name, side),
                       operation.expected(role, side, cycle.number), got)

    # What is asked.

    def arguments(self, cycle, question, role):
        """The question's tuple; those of `own` and `other` are about an entry, organisation or objection."""
        seqs, orgs = cycle.seqs, cycle.orgs
        name = question.name.partition("-")[2]
        seq = seqs.get({"own": role, "other": "objection"}.get(name), roles_said.FAR)
        org = orgs.get({(8, "own"): "amend", (8, "other"): "x-amend", (11, "own"): "ow",
                        (11, "other"): "ow-other"}.get((question.what, name)), bytes(16))
        return {1: (0, 0), 2: (seq, 1, 0), 3: (1, 0), 4: (0, 0, 0), 5: (seq,), 6: (), 7: (2 if name == "participants" else 1, 0, 0), 8: (org, 0), 9: (0,), 10: (0,),
                11: (org, 0)}[question.what]

    def told(self, question, answer):
        """Is anything told? Of entries an opening, of lists rows, of an objector the State."""
        rows = {2: lambda: [line for line in answer[3] if line[1]], 4: lambda: answer[3],
                5: lambda: [answer[1]], 7: lambda: answer[5], 8: lambda: answer[3], 10: lambda: answer[4],
                11: lambda: answer[3]}.get(question.what, lambda: [answer])()
        if question.name.startswith("objector"):
            return any(line[1] for line in rows)
        return bool(rows)

    def ask(self, cycle):
        for question in QUESTIONS:
            for role in ROLES:
                office = cycle.office(role)
                try:
                    answer = office.ask(question.what, *self.arguments(cycle, question, role))
                    got = "told" if self.told(question, answer) else "nothing"
                except foreign.Refused as refused:
                    got = "nothing" if refused.code in NOTHING_THERE else refused.code
                expected = "told" if question.states and cycle.number in question.states and (
                    role in question.told) else "nothing"
                if question.states is None:
                    got, expected = "answered" if got in ("told", "nothing") else got, "answered"
                self.judge("answer", (cycle.state, role, question.name), expected, got)

    def ended_asks(self, cycle):
        """At the registry itself: the question comes by the broker's local door."""
        cells = self.share([(end, role, question) for end in ENDS for role in ROLES
                            for question in QUESTIONS])
        asks = [foreign.Office(self.world.people[f"{end} {role}"], None, cycle.log,
                               self.world.now_ms).signed_ask(
                                   question.what, *self.arguments(cycle, question, role))
                for end, role, question in cells]
        codes = self.codes("host", f"registry/{cycle.name}", "ask-call", [(ask,) for ask in asks])
        for (end, role, question), got in zip(cells, codes):
            self.judge("question refused by the registry", (cycle.state, end, role, question.name),
                       "not-on-roster" if end == "unknown" else "key-ended", got)

    def look_at(self, cycle):
        office = foreign.Office(self.world.people["office"], self.world.door("host"), cycle.log)
        for question in QUESTIONS:
            if question.look == "-":
                continue
            try:
                office.look(question.what, *self.arguments(cycle, question, "office"))
                got = "shown"
            except foreign.Refused as refused:
                got = refused.code
            self.judge("look", (cycle.state, question.name), question.look, got)

    # Keys that have ended, at each hop.

    def share(self, cells):
        return [cell for cell in cells if self.draw.randrange(SHARE) == 0]

    def door_refuses_strangers(self):
        """A new connection of each: the broker's handshake says no (ZAP)."""
        for end in ENDS:
            for role in ROLES:
                device = self.world.people[f"{end} {role}"]
                self.judge("door, new connection", (end, role), "refused",
                           "refused" if self.handshake_fails(device) else "admitted")
        for role in ROLES:
            self.judge("door, new connection", ("in force", role), "admitted",
                       "refused" if self.handshake_fails(self.world.people[role]) else "admitted")

    def handshake_fails(self, device):
        base = self.world.base
        socket = self.world.context.socket(foreign.zmq.DEALER)
        monitor = socket.get_monitor_socket()
        socket.linger = 0
        socket.curve_serverkey = base.broker_key.encode()
        socket.curve_publickey = device.transport
        socket.curve_secretkey = foreign.z85.encode(bytes(device.box))
        socket.connect(base.endpoint())
        wanted = {foreign.zmq.EVENT_HANDSHAKE_SUCCEEDED, foreign.zmq.EVENT_HANDSHAKE_FAILED_AUTH}
        event = None
        while event not in wanted:
            self.assertTrue(monitor.poll(foreign.WAIT_MS), "nothing was heard of the connection")
            event = int.from_bytes(monitor.recv_multipart()[0][:2], sys.byteorder)
        socket.disable_monitor()
        monitor.close()
        socket.close()
        return event == foreign.zmq.EVENT_HANDSHAKE_FAILED_AUTH

    def parcel(self, cycle, name, operation, side):
        """A bundle of its own for each, the first of its chain."""
        said = roles_said.Said(cycle)
        subject, on_behalf = said.subject(operation.name, side)
        item = cycle.item(name, operation.kind, subject, on_behalf=on_behalf)
        stream = foreign.Stream(self.world.people[name], cycle.log.name,
                                foreign.SEALED if operation.kind in foreign.SEALED_KINDS else foreign.OPEN)
        return stream.parcel([item], (0, foreign.sha()), cycle.log.box)

    def ended_cells(self, ends):
        return self.share([(end, role, operation, side) for end in ends for role in ROLES
                           for operation in OPERATIONS for side in operation.sides()])

    def codes(self, who, service, domain, calls):
        """What each call of this connection is refused by; many are under way at a time."""
        door, codes = self.world.door(who), []
        for at in range(0, len(calls), 200):
            started = [door.start(service, domain, *fields) for fields in calls[at:at + 200]]
            for call in started:
                try:
                    door.finish(call, ANSWERS[domain])
                    codes.append("answered")
                except foreign.Refused as refused:
                    codes.append(refused.code)
        return codes

    def ended_at_the_door(self, cycle):
        """Connected and served while the key was in force: each next call is refused."""
        for end in ("retired", "revoked"):
            for role in ROLES:
                self.ended_connection(cycle, f"{end} {role}", role)

    def ended_connection(self, cycle, name, role):
        says = self.share([(operation, side) for operation in OPERATIONS for side in operation.sides()])
        whats = [[question.what, *self.arguments(cycle, question, role)]
                 for question in self.share(QUESTIONS)]
        office = foreign.Office(self.world.people[name], None, cycle.log, self.world.now_ms)
        for service, domain, calls in (
                ("intake", "submit", [(cycle.log.name, self.parcel(cycle, name, *cell)) for cell in says]),
                (office.service, "look", [(cycle.log.name, what) for what in whats]),
                (office.service, "ask-call", [(office.signed_ask(*what),) for what in whats])):
            for got in self.codes(name, service, domain, calls):
                self.judge("door, call on a live connection", (cycle.state, name, domain), "not-admitted",
                           got)

    def ended_at_the_intake(self, cycle):
        """Carried there by somebody whom the broker admits."""
        cells = self.ended_cells(ENDS)
        calls = [(cycle.log.name, self.parcel(cycle, f"{end} {role}", operation, side))
                 for end, role, operation, side in cells]
        for cell, got in zip(cells, self.codes("host", "intake", "submit", calls)):
            self.judge("call refused by the intake", (cycle.state, *cell[:2], cell[2].name), "unknown-key",
                       got)

    def ended_at_the_registry(self, cycle):
        """Stamped by an intake that checks nothing: the bundle is turned away, which the log says."""
        cells, size = self.ended_cells(ENDS), cycle.office("office").look(foreign.CYCLE)[2]
        parcels = [self.parcel(cycle, f"{end} {role}", operation, side)
                   for end, role, operation, side in cells]
        for at in range(0, len(parcels), 2000):
            cycle.intakes["intake"].hand_over(self.world.now_ms(), parcels[at:at + 2000])
        codes = self.turned_away(cycle, size)
        for (end, role, operation, _), parcel in zip(cells, parcels):
            self.judge("bundle turned away by the registry", (cycle.state, end, role, operation.name),
                       "not-on-roster" if end == "unknown" else "key-ended",
                       codes.get(foreign.sha(foreign.unpack(parcel)[1]), "logged"))

    def hand_overs(self, cycle):
        """Who is no intake, or one no more, hands over a stamp of its own."""
        for end in ("in force", *ENDS):
            for role in self.share(ROLES) if end != "in force" else ROLES:
                name = role if end == "in force" else f"{end} {role}"
                played = cycle.intakes.get(name) or roles_world.Played(
                    self.world.people[name], self.world.door("host"), cycle)
                try:
                    played.hand_over(self.world.now_ms())
                    got = "taken"
                except foreign.Refused as refused:
                    got = refused.code
                expected = "not-on-roster" if role != "intake" or end == "unknown" else (
                    "taken" if end == "in force" else "key-ended")
                self.judge("stamp handed over", (cycle.state, name), expected, got)

    def turned_away(self, cycle, size):
        """{bundle: code} of the entries that say so, from `size` on."""
        office, codes, lines = cycle.office("office"), {}, [None]
        while lines:
            _, _, _, lines = office.look(foreign.ENTRIES, size, 1024, 0)
            for _, opening in lines:
                said = foreign.unpack(foreign.unpack(opening)[2])[7] if opening else b""
                if said[1:].startswith(b"\xabdais/own/1\n") and foreign.unpack(said)[2] == 131:
                    bundle, code = foreign.unpack(said)[3]
                    codes[bundle] = code
            size += len(lines)
        return codes


if __name__ == "__main__":
    unittest.main()
