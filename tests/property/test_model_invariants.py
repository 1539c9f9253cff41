# SPDX-License-Identifier: Apache-2.0
"""What must always hold (docs/rules.md, section 12), on random cycles of the model.

DAIS_SEED repeats a run, DAIS_FULL=1 plays ten times as many cycles.
"""

import copy
import os
import random
import sys
import unittest

from model import lists, pieces, rules, seeing
from model.scenario import DAY, Scenario, policy_text
from model.shapes import word_number
from model.state import (APPLICATION, IN_AT_END, counts, standing_arrays, standing_digest,
                         state_digest)
from replay import replay

SEED = int(os.environ.get("DAIS_SEED", random.SystemRandom().randrange(1 << 32)))
CYCLES = 120 if os.environ.get("DAIS_FULL") else 12
STEPS = 150
# Days that pass between two steps at most, by the state of the cycle.
PACE = {2: 0.6, 3: 1, 4: 2, 5: 0.5, 6: 0.8, 7: 0.4, 8: 2, 9: 3, 10: 3}
STATES = ("XA", "XB", "XC", "XD")

# Name, values changed in the policy, values of the call, days at which dates are due.
POLICIES = [
    ("untoc-constructive-dialogue", {}, {"withdrawable_until": "session"}, {}),
    ("untoc-constructive-dialogue",
     {"grace": "3d", "late": "flag", "objection_threshold": "2", "reasons": "required",
      "small_cell": "3", "approver": "bureau, Bureau"},
     {"capacity": "4", "quota": "3", "comments_from": "anyone"}, {}),
    ("untoc-constructive-dialogue",
     {"objection_threshold": "1/3", "may_object": "parties-present", "objection_effect": "refer",
      "state_while_undecided": "provisional", "disclosure_cause": "public",
      "disclosure_fact": "public", "endorsement": "conference, Conference"}, {}, {}),
    ("untoc-conference-rule-17", {"group_objection": "representative"}, {}, {12: 15}),
    ("uncac-conference-rule-17", {"late": "permit", "grace": "4d", "lapse_rule": "in"},
     {"required_documents": "none"}, {12: 15}),
    ("ga-conference-66-544", {}, {"objection_window": "none"}, {}),
    ("unfccc-one-third", {}, {}, {}),
    ("oewg-ict-2022", {"list_maker": "secretariat, Secretariat", "small_cell": "4"}, {}, {}),
]


class Player:
    """Does something at random."""

    def __init__(self, chance, policy):
        name, changes, values, days = policy
        self.chance = chance
        self.play = Scenario(policy_text(name, **changes))
        for office in ("office", "other"):
            self.play.enlist(office, "office")
        for state in STATES:
            self.play.enlist(state, "party", state)
        for role in ("chair", "conference", "bureau", "inspector"):
            self.play.enlist(role, role)
        for intake in ("intake", "second intake", "third intake"):
            self.play.enlist(intake.replace(" ", "-"), "intake")
        self.play.enlist("deputy", "secretariat", actor="secretariat", holder="Holder B")
        unset = self.play.state.policy.genesis
        given = {key: value for key, value in values.items()
                 if unset[key.replace("_", "-")] is None}
        verdict = self.play.call(STATES[:3], days=days, **given)
        if verdict != ["accepted"] or self.play.open() != ["accepted"]:
            raise ValueError(f"{name}: {verdict}")
        self.play.say("secretariat", "topic", number=1)
        self.orgs, self.comments = [], []
        for _ in range(6):
            _apply(self)
        _screen(self)

    def some(self, most=3):
        """Some organisations, now and then one that nobody knows."""
        count = min(self.chance.randint(1, most), len(self.orgs))
        known = self.chance.sample(self.orgs, count)
        if not known or self.chance.random() < 0.05:
            known.append(self.chance.choice(known + [bytes(16)]))
        return known

    def one(self):
        """One organisation."""
        return self.some(1)[0]

    def received(self):
        """When it was received: now, or some time ago."""
        ago = self.chance.choice((0, 0, 0, 0, 0, 1, 4, 9))
        return self.play.now - int(ago * DAY * self.chance.random())

    def step(self):
        """One entry, or some time."""
        before = len(self.play.log)
        usual = ACTS[self.play.state.cycle["state"]]
        self.play.now += int(PACE[self.play.state.cycle["state"]] * DAY * self.chance.random())
        self.chance.choice(ANY_TIME if self.chance.random() < 0.2 else usual)(self)
        return self.play.log[before:]


def _say(role, kind, make):
    def act(player):
        speaker = role(player) if callable(role) else role
        player.play.say(speaker, kind, received=player.received(), **make(player))
    return act


def _party(player):
    return player.chance.choice(STATES)


def _office(player):
    return player.chance.choice(("office", "office", "other"))


def _apply(player):
    claims = {"category": player.chance.choice(("ngo", "ngo", "academia")),
              "ecosoc": player.chance.choice((1, 1, 2)), "persons": player.chance.randint(0, 6),
              "documents": player.play.state.policy.words("required-documents"),
              "received": player.received()}
    org_id, verdict = player.play.apply_for(_office(player), "Organisation", **claims)
    if verdict[0] in ("accepted", "accepted-late", "incomplete", "timely-after-tick"):
        player.orgs.append(org_id)


def _screen(player):
    for org_id in player.orgs:
        if player.chance.random() < 0.6:
            player.play.screen(org_id)
    result = player.chance.choice(("eligible", "incomplete", "screened-out"))
    player.play.screen(player.one(), result, reason="code")


def _list(player):
    play = player.play
    version = play.state.cycle["list_version"] + 1
    if play.state.policy.role("approver"):
        play.say("bureau", "endorsement", version=version, result=player.chance.choice((1, 1, 2)))
    eligible = [org["id"] for _, org in play.state.rows("ORGANISATION")
                if org["state"] == APPLICATION["eligible"]]
    dates = play.list_dates if version == 1 else []
    removed = [] if version == 1 else \
        [{"organisation": player.one(), "reason": "code"}] * player.chance.randint(0, 1)
    play.say("secretariat", "list-version", version=version, added=eligible, removed=removed,
             dates=dates, reason="" if version == 1 else "reason")


def _object(player):
    group = player.chance.random() < 0.2
    party = _party(player)
    states = [state for state in STATES[:3] if state != party][:1] if group else []
    player.play.say(party, "objection", received=player.received(), states=states, source="source",
                    targets=[{"organisation": org_id, "reason": "code"}
                             for org_id in player.some()])


def _sign(player):
    lodged = [entry for entry in player.play.log if entry["kind"] == "objection"]
    if lodged:
        entry = player.chance.choice(lodged)
        player.play.say(_party(player), "co-signature", received=player.received(),
                        instrument=entry["id"], targets=entry["subject"]["targets"])


def _decide(player):
    question = player.chance.choice(("admit", "refuse", "strike", "defer", "reverse", "procedure",
                                     "endorse"))
    whole = question in ("procedure", "endorse")
    player.play.say(
        player.chance.choice(("conference", "conference", "chair")), "decision",
        question=word_number("question", question), targets=[] if whole else player.some(),
        manner=player.chance.choice((2, 3)), result=player.chance.choice((1, 1, 2)),
        majority=int(question == "procedure"), deferred_to="next" * (question == "defer"))


def _correct(player):
    made = [entry for entry in player.play.log if entry["kind"] in ("decision", "correction")]
    if made:
        entry = player.chance.choice(made[-3:])
        subject = {name: value for name, value in entry["subject"].items() if name != "corrects"}
        subject.update(corrects=entry["seq"], result=player.chance.choice((1, 2)))
        player.play.say("conference", "correction", **subject)


def _comment(player):
    message_id = player.play.new_id()
    replaces = player.chance.choice(player.comments + [b"", b""])
    player.play.say(_office(player), "comment", received=player.received(), language="en",
                    message_id=message_id, on_behalf=player.one(), replaces=replaces)
    player.comments.append(message_id)


def _rule_comment(player):
    if player.comments:
        for ruling in (2, player.chance.randint(1, 4)):
            player.play.say("secretariat", "comment-ruling", reason="code", ruling=ruling,
                            comment=player.chance.choice(player.comments))


def _meet(player):
    player.play.say("secretariat", "session-concluded", session="WG1")
    player.play.say("secretariat", "report-adopted", session="WG1")


def _entries(player):
    return [player.chance.randrange(player.play.state.size)]


def _erase(player):
    player.play.say("secretariat", "erasure", entries=_entries(player), reason="code")
    player.play.say("deputy", "second", seq=len(player.play.log))


_CONFIRM = _say("secretariat", "status-confirmed", lambda player: {
    "organisation": player.one(), "ecosoc": player.chance.choice((1, 1, 2)),
    "prior": player.chance.choice((1, 1, 2))})
_AMEND = _say(_office, "amendment", lambda player: {
    "organisation": player.one(), "country": "XA", "category": player.chance.randint(1, 2)})
_WITHDRAW = _say(_office, "withdrawal", lambda player: {"thing": 1, "id": player.one()})
_WITHDRAW_OBJECTION = _say(_party, "objection-withdrawal",
                           lambda player: {"targets": player.some()})
_ADD_REASON = _say(_party, "reason-added", lambda player: {
    "targets": [{"organisation": player.one(), "reason": "other"}]})
_REQUEST = _say(_party, "disclosure-request", lambda player: {"targets": player.some()})
_PRESENCE = _say("secretariat", "presence", lambda player: {
    "states": player.chance.sample(STATES, player.chance.randint(0, 4))})
_REFER = _say("secretariat", "referral", lambda player: {"targets": player.some()})
_INVITE = _say("secretariat", "invitation", lambda player: {"targets": player.some()})
_REGISTER = _say("secretariat", "registration", lambda player: {
    "organisation": player.one(), "persons": player.chance.randint(0, 4)})
_ATTEND = _say("secretariat", "attendance", lambda player: {
    "organisation": player.one(), "persons": player.chance.randint(0, 4)})
_SPEAK = _say("secretariat", "intervention", lambda player: {
    "speaker": 1, "organisation": player.one(), "topics": [1]})
_ENDORSE = _say("conference", "endorsement", lambda player: {
    "version": player.play.state.cycle["list_version"]})
_SUMMARISE = _say("chair", "summary", lambda player: {
    "revision": player.play.state.cycle["revision"] + 1})

ANY_TIME = [
    _apply, _screen, _list, _object, _decide, _correct, _comment, _rule_comment, _erase, _AMEND,
    _WITHDRAW, _WITHDRAW_OBJECTION, _REQUEST, _PRESENCE, _REFER, _INVITE, _REGISTER, _ENDORSE,
    _say("secretariat", "merge", lambda player: {"kept": player.one(), "dropped": player.one()}),
    _say("secretariat", "late-permit", lambda player: {
        "actor": player.play.actors[_party(player)], "thing": 3,
        "until": player.play.now + 5 * DAY}),
    _say("secretariat", "transfer", lambda player: {
        "organisation": player.one(), "office": player.play.actors[_office(player)]}),
    _say("secretariat", "register-change", lambda player: {
        "state": _party(player), "entitled": player.chance.choice((1, 2, 2))}),
    _say("secretariat", "disclosure", lambda player: {
        "entries": _entries(player), "reader": player.chance.choice((1, 2, 3, 5, 6))}),
    _say("secretariat", "withholding", lambda player: {"entries": _entries(player)}),
    _say("secretariat", "notice", lambda player: {
        "organisation": player.one(), "reply_by": player.play.now + 5 * DAY}),
]
# What is mostly done in each state of the cycle, from open on.
ACTS = {
    2: [_apply, _apply, _apply, _screen, _CONFIRM, _AMEND, _list],
    3: [_screen, _screen, _CONFIRM, _AMEND, _list, _list, _list, _list],
    4: [_list, _PRESENCE, _object],
    5: [_object, _object, _object, _sign, _WITHDRAW_OBJECTION, _ADD_REASON, _REQUEST, _PRESENCE,
        _decide, _REFER, _list],
    6: [_object, _WITHDRAW_OBJECTION, _REFER, _decide, _correct, _INVITE, _REGISTER, _comment,
        _rule_comment, _meet, _ENDORSE, _PRESENCE, _sign],
    7: [_decide, _correct, _INVITE, _ATTEND, _ATTEND, _SPEAK, _comment, _rule_comment,
        _WITHDRAW_OBJECTION, _object],
    8: [_SUMMARISE, _decide, _correct, _ATTEND, _REFER],
}
ACTS[9] = ACTS[10] = ACTS[8]


class Watch:
    """Holds the invariants against each step of one cycle."""

    def __init__(self, test, player):
        self.test = test
        self.state = player.play.state
        self.in_at_end = None
        self.answers = []
        actors = player.play.actors
        self.readers = [seeing.PUBLIC_READER] + [
            {"role": role, "actor": self.state.find("ACTOR", "id", actors[name])}
            for name, role in (("chair", "chair"), ("conference", "conference"),
                               ("secretariat", "secretariat"))]

    def check(self, entries):
        """After a step that made these entries."""
        self.numbers()
        self.window()
        for entry in entries:
            self.entry(entry)
        self.end_of_session()

    def numbers(self):
        """Numbers 2 and 3."""
        now, equal = counts(self.state), self.test.assertEqual
        if self.state.cycle["listed"]:
            equal(now["circulated"], sum(now["by_state"][6:]))
            equal(now["circulated"], sum(number for _, number in lists.list_cells(self.state)))
            shown = lists.circulated_list(self.state, lambda number: number % 2 == 0)
            equal(now["circulated"], len(shown))
        equal(now["lodged"], now["standing"] + now["withdrawn"] + now["ruled"] + now["lapsed"])

    def window(self):
        """Number 4."""
        if self.state.cycle["settled"] or not pieces.ticked(self.state, 2):
            return
        effect = self.state.policy["objection-effect"]
        for number, org in self.state.rows("ORGANISATION"):
            word = rules.words_of("application")[org["state"]]
            if org["version"] and not org["decided"] and word not in ("withdrawn", "admitted"):
                count = pieces.standing(self.state, number)
                under = word in ("blocked", "pending", "provisional")
                if self.state.cycle["state"] <= 5:
                    self.test.assertEqual(word == "unopposed", count == 0)
                    reached = pieces.reached(self.state, number) and effect in ("block", "refer")
                    self.test.assertEqual(under, reached)

    def entry(self, entry):
        """Numbers 7 and 13."""
        subject_to = {"application": 1, "objection": 3, "comment": 4}.get(entry["kind"])
        if subject_to and pieces.ticked(self.state, subject_to) and \
                self.state.date[subject_to]["ticked"] < entry["seq"]:
            taken = set(entry["verdicts"]) & {"accepted", "accepted-late"}
            if taken:
                self.test.assertGreaterEqual(entry["received_at"],
                                             pieces.closes_at(self.state, subject_to))
        if entry["kind"] == "decision" and "accepted" in entry["verdicts"]:
            key = "endorsement" if entry["subject"]["question"] == 6 else "decider"
            actor = self.state.actor[self.state.find("ACTOR", "id", entry["actor"])]
            self.test.assertEqual(rules.number_word("role", actor["role"]),
                                  self.state.policy.role(key))

    def end_of_session(self):
        """Number 6: nobody comes to have taken part, or ceases to."""
        if self.state.cycle["ended"]:
            marks = [org["marks"] & IN_AT_END for _, org in self.state.rows("ORGANISATION")]
            if self.in_at_end is not None:
                self.test.assertEqual(marks[:len(self.in_at_end)], self.in_at_end)
            self.in_at_end = marks

    def ask(self, chance):
        """Remembers answers, for number 10."""
        size = self.state.size
        for reader in self.readers:
            seq = chance.randrange(size)
            self.answers.append((reader, seq, size,
                                 seeing.may_see(self.state, reader, seq, size)))

    def check_answers(self):
        """Number 10, and that the answer for an older size stays what it was."""
        for reader, seq, size, answer in self.answers:
            now = seeing.may_see(self.state, reader, seq, size)
            self.test.assertEqual(now, answer, (reader, seq, size))
            if answer:
                for later in range(size, self.state.size + 1, 7):
                    self.test.assertTrue(seeing.may_see(self.state, reader, seq, later))


def objected_and_withdrawn(player, number):
    """Number 5: the state after one more objection and its withdrawal, and the verdicts."""
    play = player.play
    twin = copy.copy(play)
    twin.state, twin.writer = copy.deepcopy(play.state), copy.deepcopy(play.writer)
    twin.log = []
    org_id = play.state.orgs[number]["id"]
    first = twin.object_to("XC", [org_id], reason="code")
    second = twin.say("XC", "objection-withdrawal", targets=[org_id])
    return twin.state, first + second


def without_objections(arrays):
    """Standing, but for the objections' own rows and cases that are moot."""
    arrays = copy.deepcopy(arrays)
    for org in arrays[4]:
        if org[7] == 6:
            org[7:10] = [0, 0, 0]
    return arrays[:5] + arrays[6:]


class Invariants(unittest.TestCase):
    """Random cycles under all policies."""

    def play_one(self, number):
        """One cycle."""
        chance = random.Random(SEED + number)
        player = Player(chance, POLICIES[number % len(POLICIES)])
        watch = Watch(self, player)
        verdicts = set()
        for _ in range(STEPS):
            entries = player.step()
            verdicts.update(word for entry in entries for word in entry["verdicts"])
            watch.check(entries)
            if chance.random() < 0.2:
                watch.ask(chance)
            if chance.random() < 0.1 and player.orgs:
                self.check_both_ways(player, chance.randint(1, len(player.orgs)))
        watch.check_answers()
        self.check_replay(player)
        return verdicts

    def check_both_ways(self, player, number):
        """Number 5."""
        state = player.play.state
        if state.cycle["settled"] or pieces.standing(state, number):
            return
        after, verdicts = objected_and_withdrawn(player, number)
        if verdicts == ["accepted", "accepted"] and after.cycle["state"] == state.cycle["state"]:
            self.assertEqual(without_objections(standing_arrays(after)),
                             without_objections(standing_arrays(state)))

    def check_replay(self, player):
        """Number 1: the exported log gives the same state again."""
        last = None
        for entry, verdicts, state in replay(player.play.export()):
            if entry["seq"]:
                self.assertEqual(verdicts, player.play.log[entry["seq"] - 1]["verdicts"])
            last = state
        self.assertEqual(state_digest(last), state_digest(player.play.state))
        self.assertEqual(standing_digest(last), standing_digest(player.play.state))

    def test_random_cycles(self):
        """All invariants on random cycles; and chance has to reach most verdicts."""
        verdicts = set()
        for number in range(CYCLES):
            with self.subTest(seed=SEED, number=number,
                              policy=POLICIES[number % len(POLICIES)][0]):
                verdicts |= self.play_one(number)
        self.assertGreater(len(verdicts), 30)

    def test_final_states_are_reachable(self):
        """Number 8: from every state that is not final a final one is reached."""
        for machine in ("cycle", "application", "case", "objection", "comment"):
            follows = pieces.moves(machine)
            done = {word for word, after in follows.items() if not after}
            done |= {"upheld", "overturned"} if machine == "objection" else set()
            done |= {"admitted", "refused"} if machine == "application" else set()
            while True:
                more = {word for word, after in follows.items() if done & set(after)} - done
                if not more:
                    break
                done |= more
            self.assertEqual(done, set(follows))

    def test_merging_keeps_sums(self):
        """Number 12."""
        chance = random.Random(SEED)
        for _ in range(2000):
            cells = [(str(at), chance.choice((0, 0, 1, 2, 5, 40)))
                     for at in range(chance.randint(1, 6))]
            least = chance.randint(1, 12)
            after = lists.merged(cells, least)
            self.assertEqual(sum(number for _, number in after),
                             sum(number for _, number in cells))
            if len(after) > 1:
                self.assertFalse([number for _, number in after if 0 < number < least])

    def test_sealed_objections_show_nothing(self):
        """Number 9: before the window closes, whom a State objects to changes no open entry."""
        views = []
        for target in (0, 1):
            play = Scenario(policy_text("untoc-constructive-dialogue"))
            play.enlist("office", "office")
            play.enlist("XA", "party", "XA")
            play.call(["XA"])
            play.open()
            ids = [play.apply_for("office", "Organisation")[0] for _ in range(3)]
            for org_id in ids:
                play.screen(org_id)
            play.at_day(11)
            play.circulate(ids)
            play.at_day(21)
            play.object_to("XA", [ids[target]])
            play.at_day(29)
            office = {"role": "office", "actor": play.state.find("ACTOR", "id",
                                                                 play.actors["office"])}
            views.append([
                [entry["subject"] for entry in play.log
                 if seeing.may_see(play.state, reader, entry["seq"], play.state.size)]
                for reader in (seeing.PUBLIC_READER, office)])
        self.assertEqual(views[0], views[1])


if __name__ == "__main__":
    print(f"seed {SEED}", file=sys.stderr)
    unittest.main()
