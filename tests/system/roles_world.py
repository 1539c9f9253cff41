# SPDX-License-Identifier: Apache-2.0
"""Eleven cycles of one registry, one in each state that a cycle can have, and everybody who may or may not
say something to them: each role with a key in force, a retired, a revoked and an unknown one. Who speaks is
the foreign office of tests/interop, so none of our own code is on that side."""
import os
import sys
from datetime import timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "interop"))

import cycle_world  # noqa: E402
import foreign_office as foreign  # noqa: E402
from foreign_office import zmq  # noqa: E402

STATES = ("draft", "open", "closed", "listed", "window", "settled", "in-session", "ended", "summarised",
          "archived", "cancelled")
ROLES = ("office", "party", "secretariat", "chair", "bureau", "conference", "intake", "registry",
         "publisher", "inspector")
ENDS = ("retired", "revoked", "unknown")
DAY_MS = 24 * 60 * 60 * 1000
APPLICATIONS, OPENS, CLOSES, COMMENTS, STARTS, SESSION_ENDS, RETENTION, ARCHIVES = 1, 2, 3, 4, 8, 9, 11, 13
OWN = ("amend", "withdraw", "comment", "reply", "obj", "cosign", "cosign-other", "reason", "ow", "ow-other",
       "ref", "dec", "corr", "inv", "reg", "screen", "status", "kept", "dropped", "transfer", "late-list",
       "disclose", "withhold", "erase")
OTHER = ("x-amend", "x-comment", "x-list")
ON_LIST = ("comment", "obj", "cosign", "cosign-other", "reason", "ow", "ow-other", "ref", "dec", "corr",
           "inv", "reg", "x-list")
ACCEPTED, AWAITS_SECOND = 1, 5


def unpacked(item):
    return foreign.unpack(item[0])


class Played:
    """An intake that the test plays: it stamps and hands over what it likes."""

    def __init__(self, device, door, cycle):
        self.device, self.door, self.cycle = device, door, cycle
        self.j, self.prev, self.j_sent = 0, foreign.ZERO, []

    def hand_over(self, at, parcels=()):
        """A stamp over these parcels (none: a mark); what the registry takes next."""
        names = [foreign.sha(foreign.unpack(parcel)[1]) for parcel in parcels]
        stamp = self.device.sign(["dais/stamp/1\n", self.cycle.log.name, self.device.key, self.j,
                                  self.prev, at, len(parcels), foreign.root_of(names)])
        body = b"".join(len(parcel).to_bytes(4, "big") + parcel for parcel in parcels)
        following, = self.door.call(f"registry/{self.cycle.name}", "hand-over", "taken",
                                    self.cycle.log.name, stamp, body)
        self.j, self.prev = self.j + 1, foreign.sha(stamp)
        return following


class Cycle:
    """One of the eleven. `orgs` are ids by the names above, `seqs` indices of entries."""

    def __init__(self, world, state):
        self.world, self.state, self.name = world, state, f"roles-{state}"
        self.number = STATES.index(state) + 1
        self.log = None
        self.offices = {}
        self.orgs, self.seqs, self.ids = {}, {}, {}
        self.version = 0
        self.intakes = {}

    def office(self, who):
        if who not in self.offices:
            self.offices[who] = foreign.Office(self.world.people[who], self.world.door(who), self.log,
                                               self.world.now_ms)
        return self.offices[who]

    def item(self, who, kind, subject, **more):
        return foreign.message(self.log.name, kind, self.world.people[who].actor, self.world.now_ms(),
                               subject, **more)

    def send(self, who, items):
        """[(seq, verdicts)] of the items, in their order; each has to become an entry."""
        office = self.office(who)
        number = foreign.SEALED if unpacked(items[0])[2] in foreign.SEALED_KINDS else foreign.OPEN
        k = office.send(items)
        found = {}
        while k not in found:
            found = office.settle(number, k)
        code, rows = found[k]
        if code:
            raise cycle_world.Failed(f"{self.name}: {who} was turned away: {code}")
        return [(seq, verdicts) for seq, verdicts, _ in rows]

    def say(self, who, kind, subject, wanted=(ACCEPTED, AWAITS_SECOND), **more):
        """The index of an entry that has to be accepted."""
        return self.say_all(who, [self.item(who, kind, subject, **more)], wanted)[0]

    def say_all(self, who, items, wanted=(ACCEPTED, AWAITS_SECOND)):
        rows = self.send(who, items)
        for (_, verdicts), item in zip(rows, items):
            if not set(verdicts) <= set(wanted):
                raise cycle_world.Failed(f"{self.name}: {who}, kind {unpacked(item)[2]}: {verdicts}")
        return [seq for seq, _ in rows]


class World:
    """Goes with `walk` from state to state and stops in each with the cycle that stays there."""

    def __init__(self, build):
        self.base = cycle_world.Cycle(build)
        self.context = zmq.Context()
        self.doors, self.people = {}, {}
        self.start = int(self.base.now.timestamp() * 1000)
        self.session = self.start + 90 * DAY_MS
        try:
            self.set_up()
        except BaseException:
            self.close()
            raise

    def close(self):
        for door in self.doors.values():
            door.socket.close()
        self.context.term()
        self.base.close()

    def now_ms(self):
        return int(self.base.now.timestamp() * 1000)

    # Who there is.

    def person(self, name, actor=None):
        device = foreign.Device(os.urandom(32), actor or foreign.new_id(self.start))
        self.people[name] = device
        return device

    def door(self, who):
        """The connection of this device at the broker's front; that of `host` is its local door."""
        if who not in self.doors:
            local = f"ipc://{self.base.folder}/door/broker"
            self.doors[who] = foreign.Door(self.context, local) if who == "host" else foreign.Door(
                self.context, self.base.endpoint(), self.base.broker_key.encode(), self.people[who])
        return self.doors[who]

    def role_of(self, name):
        return next((role for role in ROLES if role in name), "secretariat")

    def add(self, name, holder="", state=""):
        device = self.people[name]
        return [1, device.actor, ROLES.index(self.role_of(name)) + 1, state, f"{name}.example/1",
                holder or name, device.key, bytes(device.box.public_key), 0]

    def everybody(self):
        for name in ("founder", "second-secretariat", "other-office", "other-party", *ROLES):
            self.person(name)
        for role in ROLES:
            self.person(f"retired {role}")
            self.person(f"revoked {role}")
            self.person(f"unknown {role}", self.people[role].actor)
        identity = (self.base.folder / "keys" / "intake.identity").read_text().split()
        key = foreign.base64.b64decode(identity[6].split("+", 2)[2])[1:]
        states = {"party": "XA", "other-party": "XB", "retired party": "XC", "revoked party": "XD"}
        return [[1, bytes.fromhex(identity[2]), 7, "", "intake.example/1", "Intake", key,
                 foreign.z85.decode(identity[8]), 0],
                *(self.add(name, state=states.get(name, "")) for name in self.people
                  if name != "founder" and not name.startswith("unknown"))]

    # The cycles.

    def set_up(self):
        base = self.base
        base.configure()
        base.start("broker")
        roster = self.everybody()
        self.cycles = {state: Cycle(self, state) for state in STATES}
        for cycle in self.cycles.values():
            self.create(cycle, roster)
        base.read_rosters()
        base.start("registry", "intake")
        for cycle in self.cycles.values():
            self.found(cycle)
        self.connect_the_ended()
        self.end_keys()
        self.call()

    def policy(self):
        text = (cycle_world.SOURCE / "policies" / f"{self.base.policy}.zpl").read_text()
        before = 'approver\n    value = "none"'
        assert before in text
        return text.replace(before, 'approver\n    value = "bureau, Bureau of the Conference"')

    def create(self, cycle, roster):
        """Genesis by the founder, entry 0, and the first roster, given in on the host."""
        base, founder, policy = self.base, self.people["founder"], self.policy()
        keys = dict(line.split(" ", 1) for line in base.registry(
            "cycle", "prepare", cycle.name, "--host", cycle_world.HOST, "--rehearsal").splitlines()[1:])
        log_key = foreign.base64.b64decode(keys["log"].split("+", 2)[2])[1:]
        genesis = founder.sign(
            ["dais/genesis/1\n", cycle.name, keys["origin"], 1, self.start, 1, policy,
             foreign.sha(policy.encode()), log_key, foreign.z85.decode(keys["box"]), founder.actor,
             founder.key, "A. Person", "", []])
        path = base.folder / f"{cycle.name}.genesis"
        path.write_bytes(genesis)
        base.registry("cycle", "create", path)
        exported = base.folder / "rosters" / f"{cycle.name}.roster"
        base.registry("roster", "export", cycle.name, exported)
        cycle.log = foreign.Log(genesis)
        name = bytes.fromhex(exported.read_text().splitlines()[2].split()[1])
        items = [foreign.message(name, 44, founder.actor, self.start, change) for change in roster]
        parcel = base.folder / f"{cycle.name}.parcel"
        stream = foreign.Stream(founder, name, foreign.OPEN)
        parcel.write_bytes(stream.parcel(items, (0, foreign.sha()), b""))
        base.registry("cycle", "admit", cycle.name, parcel)
        base.registry("roster", "export", cycle.name, exported)

    def found(self, cycle):
        """Verifies the log from genesis; everybody says something, so that it has an entry of each."""
        host = foreign.Office(self.people["founder"], self.door("host"), cycle.log, self.now_ms)
        host.follow()
        for name in ("intake", "retired intake", "revoked intake"):
            cycle.intakes[name] = Played(self.people[name], self.door("host"), cycle)
        for role in ROLES:
            cycle.seqs[role], = (seq for seq, _ in cycle.send(
                role, [cycle.item(role, 29, [[bytes(16)], "A letter", self.start])]))

    def connect_the_ended(self):
        """Who is to be refused while connected has to be connected and served before."""
        for role in ROLES:
            for name in (f"retired {role}", f"revoked {role}"):
                self.cycles["draft"].office(name).look(foreign.CYCLE)

    def end_keys(self):
        """Half of those are revoked by two holders, half retire after a minute."""
        until = self.start + 60 * 1000
        for cycle in self.cycles.values():
            revoked = [cycle.item("secretariat", 44, [3, *self.add(f"revoked {role}", state="XD" if
                       role == "party" else "")[1:]]) for role in ROLES]
            retired = [cycle.item("secretariat", 44, [2, *self.add(f"retired {role}", state="XC" if
                       role == "party" else "")[1:8], until]) for role in ROLES]
            seqs = cycle.say_all("secretariat", revoked + retired)
            cycle.say_all("second-secretariat", [cycle.item("second-secretariat", 49, [seq])
                                                 for seq in seqs[:len(ROLES)]])
            cycle.seqs["waiting"] = cycle.say(
                "secretariat", 45, [self.people["retired intake"].key, "a trial"])
        self.go_to(until + 1000, STATES, ("intake", "retired intake"))
        self.base.settle(lambda: not any(self.is_exported(cycle, f"{end} {role}") for role in ROLES
                                         for cycle in self.cycles.values() for end in ENDS))
        self.base.read_rosters()

    def is_exported(self, cycle, name):
        """Does the roster that broker and intake read still have this key?"""
        text = (self.base.folder / "rosters" / f"{cycle.name}.roster").read_text()
        return self.people[name].key.hex() in text

    def go_to(self, at, states, intakes=("intake",)):
        """All clocks show `at`, and what was due by then is closed in the cycles of these states."""
        self.base.go_on(milliseconds=at - self.now_ms())
        for state in states:
            cycle = self.cycles[state]
            for name in intakes:
                cycle.intakes[name].hand_over(at)
        for state in states:
            cycle = self.cycles[state]
            cycle.send("other-office", [cycle.item("other-office", 29, [[], "Another letter", at])])

    def later(self, state):
        """The states from this one on; a cancelled cycle stands apart."""
        return STATES[STATES.index(state):-1]

    # What is said, step by step.

    def date(self, which, at):
        return [which, at, "as announced", "Europe/Vienna"]

    def call_subject(self):
        values = dict(cycle_world.VALUES, **{"objection-window": "circulated+1d..session-1d"})
        at = {APPLICATIONS: self.start + 30 * DAY_MS, CLOSES: self.session - DAY_MS,
              COMMENTS: self.session, STARTS: self.session, SESSION_ENDS: self.session + DAY_MS // 3,
              ARCHIVES: self.session + 200 * DAY_MS, RETENTION: self.session + 3650 * DAY_MS}
        return ["Dialogue", "D-2027", [["wg6", "Working group"], ["wg7", "Another"]],
                [[key, value, 3, "the call"] for key, value in values.items()],
                [self.date(which, moment) for which, moment in sorted(at.items())], "2026a",
                ["XA", "XB"]]

    def call(self):
        for cycle in self.cycles.values():
            cycle.seqs["call"] = cycle.say("secretariat", 1, self.call_subject())

    def open(self):
        for state in (*self.later("open"), "cancelled"):
            cycle = self.cycles[state]
            cycle.say("secretariat", 2, [cycle.seqs["call"]])
            for who, names in (("office", OWN), ("other-office", OTHER)):
                items = [cycle.item(who, 10, self.application(name)) for name in names]
                for name, item, seq in zip(names, items, cycle.say_all(who, items)):
                    cycle.orgs[name], cycle.seqs[name] = unpacked(item)[3], seq
            cycle.say_all("secretariat", [
                cycle.item("secretariat", 14, [cycle.orgs[name], 1, "", b""])
                for name in (*ON_LIST, "late-list")])
            cycle.seqs["notice"], cycle.seqs["other-notice"] = cycle.say_all("secretariat", [
                cycle.item("secretariat", 42, [cycle.orgs[name], 1, self.start + 1000 * DAY_MS])
                for name in ("reply", "x-amend")])
        self.cycles["cancelled"].say("secretariat", 47, ["a trial"])

    def application(self, name, organisation=b""):
        return [organisation, f"Organisation {name}", 1, "XA", 1, 1, 1, 2, [], b""]

    def close_applications(self):
        self.go_to(self.start + 30 * DAY_MS + 1000, self.later("closed"))
        for state in self.later("closed"):
            self.cycles[state].say("bureau", 26, [1, 1])

    def list_subject(self, cycle, names, reason=""):
        dates = [] if cycle.version else [self.date(OPENS, self.start + 32 * DAY_MS)]
        return [cycle.version + 1, [cycle.orgs.get(name, bytes(16)) for name in names], [], dates, reason]

    def circulate(self):
        for state in self.later("listed"):
            cycle = self.cycles[state]
            cycle.say("secretariat", 17, self.list_subject(cycle, ON_LIST))
            cycle.version = 1
            cycle.say("bureau", 26, [2, 1])
            cycle.seqs["decision"] = cycle.say("conference", 27, self.decision(cycle.orgs["corr"]))

    def decision(self, organisation):
        return [1, [organisation], 3, 0, 0, 0, 1, 0, "Conference", "Its session", ""]

    def open_window(self):
        self.go_to(self.start + 32 * DAY_MS + 1000, self.later("window"))
        for state in self.later("window"):
            cycle, orgs = self.cycles[state], self.cycles[state].orgs
            cycle.say_all("party", [cycle.item("party", 20, [[[orgs[name], ""]], [], ""])
                                    for name in ("reason", "ow", "ref", "dec")])
            for name, states in (("cosign", ["XA"]), ("cosign-other", []), ("ow-other", [])):
                item = cycle.item("other-party", 20, [[[orgs[name], ""]], states, ""])
                cycle.ids[name] = unpacked(item)[3]
                cycle.seqs["objection"], = cycle.say_all("other-party", [item])
            cycle.say("secretariat", 25, [[orgs["dec"]], "Conference", "Its session"])

    def close_window(self):
        self.go_to(self.session - DAY_MS + 1000, self.later("settled"))
        for state in self.later("settled"):
            cycle = self.cycles[state]
            for name in ("rule", "retract", "suggest"):
                item = cycle.item("office", 34, self.comment(), on_behalf=cycle.orgs["comment"])
                cycle.ids[name] = unpacked(item)[3]
                cycle.say_all("office", [item])
            cycle.say("secretariat", 35, [cycle.ids["suggest"], 2, "", 0, 0])

    def comment(self):
        return ["A title", "en", 3, 0, [], b""]

    def begin_session(self):
        for state in self.later("in-session"):
            cycle = self.cycles[state]
            cycle.say_all("secretariat", [cycle.item("secretariat", kind, subject) for code in (
                "wg6", "wg7") for kind, subject in ((3, [code, self.start]), (4, [code, "R", self.start]))])
        self.go_to(self.session + 1000, self.later("in-session"))

    def end_session(self):
        self.go_to(self.session + DAY_MS // 3 + 1000, self.later("ended"))

    def summarise(self):
        for state in self.later("summarised"):
            self.cycles[state].say("chair", 37, [1, "en", 10])

    def archive(self):
        self.go_to(self.session + 200 * DAY_MS + 1000, self.later("archived"))

    def walk(self):
        """Gives each cycle as soon as it is in its state."""
        steps = (None, self.open, self.close_applications, self.circulate, self.open_window,
                 self.close_window, self.begin_session, self.end_session, self.summarise, self.archive, None)
        for state, step in zip(STATES, steps):
            if step:
                step()
            yield self.cycles[state]
