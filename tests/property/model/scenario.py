# SPDX-License-Identifier: Apache-2.0
"""A cycle as a play: people say something at an instant, the registry logs what follows."""

from hashlib import sha256
from pathlib import Path

from . import rules
from .exported import LogWriter
from .pieces import expected_from_call, expected_from_list, next_deadline
from .policy import Policy
from .records import Device
from .shapes import SUBJECTS, word_number

ROOT = Path(__file__).resolve().parents[3]
START = 1_800_000_000_000
DAY = 86_400_000

# What a call gives where a policy leaves it open; the tests name what they need otherwise.
OPEN_VALUES = {
    "application-deadline": "call", "list-min-notice": "none",
    "objection-window": "circulated..circulated+10d", "comment-deadline": "call",
    "withdrawable-until": "none", "decision-window": "none", "retention": "30d",
    "required-documents": "none", "representatives-max": "5", "capacity": "no-limit",
    "quota": "no-limit", "timezone": "Europe/Vienna", "ecosoc-objectable": "yes",
    "majority": "simple", "rights": "attend speak written", "comments-from": "admitted",
    "blocked-comments": "withhold", "written-limit-words": "1000",
    "written-languages": "en fr", "content-rule": "none",
}
# Days after the start at which each date is due.
DAYS = {1: 10, 2: 20, 3: 30, 4: 60, 5: 50, 6: 32, 7: 58, 8: 40, 9: 45, 11: 100, 12: 25, 13: 70}

_DEFAULTS = {"uint": 0, "str": "", "text": "", "bin": bytes(16), "bin_or_none": b"", "array": []}


def policy_text(name, **changes):
    """A policy of the tree, with values changed; an underscore stands for a hyphen."""
    lines, key = [], ""
    wanted = {name.replace("_", "-"): value for name, value in changes.items()}
    for line in (ROOT / "policies" / f"{name}.zpl").read_text(encoding="utf-8").split("\n"):
        if line and not line.startswith((" ", "#")):
            key = line
        if key in wanted and line.startswith("    value"):
            continue
        lines.append(line)
        if key in wanted and line == key:
            lines.append(f'    value = "{wanted[key]}"')
    return "\n".join(lines)


class Scenario:
    """One cycle from genesis on."""

    def __init__(self, policy, open_cases=()):
        self.count = 0
        self.now = START
        self.devices = {}
        self.actors = {}
        self.log = []
        self.list_dates = []
        self.intakes = {}
        for name in ("log", "registry", "secretariat"):
            self.device(name)
        self.actors["secretariat"] = self.new_id()
        genesis = {
            "cycle": "dialogue-2027", "origin": "registry.example/dialogue-2027", "rehearsal": 0,
            "created_at": START, "rules": 1, "policy": policy,
            "policy_hash": sha256(policy.encode()).digest(),
            "log_key": self.devices["log"].key,
            "registry_box_key": self.devices["registry"].box_key,
            "secretariat": self.actors["secretariat"],
            "secretariat_key": self.devices["secretariat"].key, "holder": "Holder A",
            "previous_checkpoint": "", "open_cases": list(open_cases)}
        self.writer = LogWriter(self.devices, lambda seq: sha256(b"salt %d" % seq).digest())
        self.writer.genesis(genesis, START)
        self.state = rules.start(genesis, self.writer.log)

    def device(self, name):
        """The device of this name."""
        if name not in self.devices:
            self.devices[name] = Device(sha256(name.encode()).digest())
        return self.devices[name]

    def new_id(self):
        """Sixteen bytes that nobody had before."""
        self.count += 1
        return sha256(b"id %d" % self.count).digest()[:16]

    def enlist(self, name, role, state="", actor="", holder=""):
        """Puts a device on the roster, for an actor who is new or known."""
        self.actors.setdefault(actor or name, self.new_id())
        device = self.device(name)
        verdict = self.say("secretariat", "roster-change", change=1,
                           who=self.actors[actor or name], role=word_number("role", role),
                           state=state, name=f"{name}.example", holder=holder or name,
                           key=device.key, box_key=device.box_key)
        self.actors[name] = self.actors[actor or name]
        if role == "intake":
            self.intakes[name] = 0
        return verdict

    def _stamped(self, received):
        """(instant, intake) for what was received some time ago: an intake's time never goes back.

        Where no intake can have stamped it then, it comes now and without a stamp.
        """
        if received is not None:
            for name, last in self.intakes.items():
                if last <= received <= self.now:
                    self.intakes[name] = received
                    return received, name
        return self.now, ""

    def say(self, speaker, kind, /, received=None, message_id=b"", on_behalf=b"", **subject):
        """Says something now; the verdicts. What the subject does not name is empty or 0."""
        self._ticks()
        received, intake = self._stamped(received)
        given = {}
        for spec in SUBJECTS[kind]:
            default = _DEFAULTS[spec[1]]
            if spec[1] in ("uint", "str", "text") and spec[2]:
                default = 1 if spec[1] == "uint" else "x" * spec[2]
            given[spec[0]] = subject.pop(spec[0], default)
        if subject:
            raise KeyError(subject)
        entry = {"seq": self.state.size, "kind": kind, "logged_at": self.now,
                 "received_at": received,
                 "id": message_id or self.new_id(), "actor": self.actors[speaker],
                 "on_behalf": on_behalf, "subject": given, "key": self.devices[speaker].key,
                 "intake": self.devices[intake].key if intake else b"", "j": 0,
                 "bundle_index": 0, "index": 0}
        if intake:
            entry["j"] = self.writer.chains.get((intake, "stamp", 0), (0, b""))[0]
        entry["verdicts"] = rules.apply(self.state, entry)
        self.writer.said(speaker, entry, intake)
        self.log.append(entry)
        self._due()
        return entry["verdicts"]

    def at_day(self, day):
        """Goes to a day after the start, with all ticks until then."""
        self.now = max(self.now, START + int(day * DAY))
        self._ticks()

    def own(self, kind, subject):
        """One of the registry's own entries."""
        entry = {"seq": self.state.size, "kind": kind, "logged_at": self.now,
                 "received_at": self.now, "subject": subject}
        entry["verdicts"] = rules.apply(self.state, entry)
        self.writer.own(kind, subject, self.now)
        self.log.append(entry)

    def _ticks(self):
        while not self.state.cycle["closed"]:
            deadline = next_deadline(self.state)
            if deadline is None or deadline[0] > self.now:
                return
            self.own("tick", {"which": deadline[1], "due": deadline[2], "stamps": [],
                              "parked": []})
            self._due()

    def _due(self):
        while True:
            entry = rules.due(self.state)
            if entry is None:
                return
            self.own(*entry)

    def call(self, states=(), days=None, sessions=(), **values):
        """The call, with every value and date that the policy leaves to it."""
        open_values = {key for key, value in self.state.policy.genesis.items() if value is None}
        given = {key: OPEN_VALUES[key] for key in open_values}
        given.update({key.replace("_", "-"): value for key, value in values.items()})
        policy = Policy(self.state.policy.genesis, given)
        days = {**DAYS, **(days or {})}
        self.list_dates = [
            self.date(which, days[which]) for which in DAYS if expected_from_list(policy, which)]
        return self.say(
            "secretariat", "call", title="Dialogue", meeting="M1",
            sessions=list(sessions) or [{"code": "WG1", "name": "Working group"}],
            values=[{"key": key, "value": value, "confirmed": 3, "source": "the scenario"}
                    for key, value in sorted(given.items())],
            dates=[self.date(which, days[which]) for which in DAYS
                   if expected_from_call(policy, which)],
            tzdata="2026b", states=list(states))

    @staticmethod
    def date(which, day):
        """A date of a subject."""
        return {"which": which, "at": START + int(day * DAY), "local": "x", "zone": "UTC"}

    def open(self):
        """Opens the cycle under the call in force."""
        return self.say("secretariat", "open", call=self.state.cycle["call"])

    def apply_for(self, office, name, category="ngo", **claims):
        """An application; the id of the organisation."""
        org_id = self.new_id()
        verdict = self.say(office, "application", message_id=org_id, applicant=name,
                           category=word_number("category", category), country="XA",
                           **dict({"ecosoc": 1, "prior": 1, "mode": 1, "persons": 1}, **claims))
        return org_id, verdict

    def screen(self, org_id, result="eligible", **more):
        """What screening found."""
        return self.say("secretariat", "screening", organisation=org_id,
                        result=word_number("screening_result", result), **more)

    def circulate(self, org_ids, who="secretariat"):
        """List version 1."""
        return self.say(who, "list-version", version=1, added=list(org_ids),
                        dates=self.list_dates)

    def object_to(self, party, org_ids, reason="", **more):
        """An objection."""
        return self.say(party, "objection", **dict(more, targets=[
            {"organisation": org_id, "reason": reason} for org_id in org_ids]))

    def decide(self, question, org_ids, **more):
        """A decision of the conference, carried by consensus where nothing else is said."""
        return self.say("conference", "decision", question=word_number("question", question),
                        targets=list(org_ids), **dict({"manner": 3, "result": 1}, **more))

    def org(self, org_id):
        """The row of an organisation."""
        return self.state.orgs[self.state.org(org_id)]

    def state_of(self, org_id):
        """Its state by its word."""
        return rules.words_of("application")[self.org(org_id)["state"]]

    def cycle_state(self):
        """The cycle's state by its word."""
        return rules.words_of("cycle")[self.state.cycle["state"]]

    def export(self):
        """The log as an exported log."""
        return self.writer.finish()
