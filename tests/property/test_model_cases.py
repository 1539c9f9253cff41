# SPDX-License-Identifier: Apache-2.0
"""What really happened, played to the model: names are invented, counts and rules are the facts."""

import unittest
from pathlib import Path

from model import lists
from model.casefile import CaseFile, UnknownLine
from model.scenario import Scenario, policy_text
from model.shapes import word_number

SIMPLE, TWO_THIRDS = 1, 2


def begin(policy, states=("XA", "XB", "XC"), days=None, holders=(), **values):
    """A cycle that is open, with an office and everybody that the cases need."""
    play = Scenario(policy)
    play.enlist("office", "office")
    for state in states:
        play.enlist(state, "party", state)
    for role in ("chair", "conference", *holders):
        play.enlist(role, role)
    assert play.call(states, days=days, **values) == ["accepted"]
    assert play.open() == ["accepted"]
    return play


def apply_all(play, count, category="ngo", ecosoc=False):
    """Organisations that applied and were found eligible."""
    ids = []
    for number in range(count):
        org_id, verdict = play.apply_for("office", f"Organisation {number}", category,
                                         ecosoc=2 if ecosoc else 1,
                                         documents=play.state.policy.words("required-documents"))
        assert verdict == ["accepted"], verdict
        if ecosoc:
            play.say("secretariat", "status-confirmed", organisation=org_id,
                     category=word_number("category", category), ecosoc=2, prior=1)
        assert play.screen(org_id) == ["accepted"]
        ids.append(org_id)
    return ids


def conclude(play):
    """The sessions that the dialogue follows are over."""
    play.say("secretariat", "session-concluded", session="WG1")
    play.say("secretariat", "report-adopted", session="WG1")


def attend(play, ids):
    """Each with one person; the verdicts."""
    return [play.say("secretariat", "attendance", organisation=org_id, persons=1)[0]
            for org_id in ids]


class Dialogues(unittest.TestCase):
    """Constructive dialogues under the Convention against Transnational Organized Crime."""

    def test_27_may_2022(self):
        """24 take part; one that a State objects to does not, and the Chair cannot settle it."""
        play = begin(policy_text("untoc-constructive-dialogue"))
        ids = apply_all(play, 22) + apply_all(play, 2, "academia") + \
            apply_all(play, 1, "private-sector")
        for number in (2, 3):
            play.say("secretariat", "agenda-item", number=number, title="Item")
        play.at_day(11)
        self.assertEqual(play.circulate(ids), ["accepted"])
        play.at_day(21)
        out = ids[0]
        self.assertEqual(play.object_to("XA", [out]), ["accepted"])
        self.assertEqual(play.state_of(out), "blocked")
        settle = play.say("chair", "decision", question=1, targets=[out], manner=3)
        self.assertEqual(settle, ["not-competent"])
        play.at_day(31)
        self.assertEqual(play.say("secretariat", "referral", targets=[out], body="Conference"),
                         ["accepted"])
        invited = play.say("secretariat", "invitation", targets=ids)
        self.assertEqual(invited, ["not-admitted"] + 24 * ["accepted"])
        conclude(play)
        play.at_day(41)
        self.assertEqual(play.cycle_state(), "in-session")
        self.assertEqual(attend(play, ids), ["not-admitted"] + 24 * ["accepted"])
        play.at_day(46)
        self.assertEqual(lists.sentence_of(play.state),
                         "Twenty-one non-governmental organizations and three other stakeholders, "
                         "two from academia and one from the private sector, took part.")
        self.assertEqual(play.state_of(out), "blocked")
        self.assertEqual(play.state.case[1]["state"], 2)
        self.assertEqual(len(lists.participants(play.state)), 24)
        self.assertNotIn(out, lists.participants(play.state))
        outcomes = [entry["subject"] for entry in play.log if entry["kind"] == "outcome"]
        self.assertNotIn(out, [subject["organisation"] for subject in outcomes])

    def _firearms_2022(self, **changes):
        play = begin(policy_text("untoc-constructive-dialogue", **changes))
        ids = apply_all(play, 44)
        play.say("secretariat", "status-confirmed", organisation=ids[0], category=1, ecosoc=1,
                 prior=2)
        play.at_day(11)
        play.circulate(ids)
        play.at_day(21)
        verdict = play.object_to("XA", [ids[0]])
        play.at_day(31)
        return verdict, play.state_of(ids[0]), play

    def test_6_may_2022(self):
        """Earlier accreditation does not protect, unless the policy says that it does."""
        verdict, state, play = self._firearms_2022()
        self.assertEqual((verdict, state), (["accepted"], "blocked"))
        self.assertEqual(play.state.orgs[1]["told"], 0)
        verdict, state, _ = self._firearms_2022(prior_accreditation="bars-objection")
        self.assertEqual((verdict, state), (["not-objectable"], "admitted"))

    def test_5_may_2023(self):
        """189 register and 60 attend; organisations and persons are counted apart."""
        play = begin(policy_text("untoc-constructive-dialogue"))
        ids = apply_all(play, 189)
        play.at_day(11)
        play.circulate(ids)
        play.at_day(31)
        for org_id in ids:
            play.say("secretariat", "registration", organisation=org_id, mode=1, persons=2)
        conclude(play)
        play.at_day(41)
        attend(play, ids[:60])
        numbers = {row["name"]: row["number"] for row in lists.tally(play.state)}
        self.assertEqual(numbers["registered"], 189)
        self.assertEqual(numbers["registered.persons"], 378)
        self.assertEqual((numbers["attended"], numbers["attended.persons"]), (60, 60))


class Conferences(unittest.TestCase):
    """Rule 17 and the modalities of others."""

    def _rule_17(self, policy, **changes):
        # The list has to go out on time, and the window is from its circulation on.
        return begin(policy_text(policy, **changes), days={12: 15}, representatives_max="10")

    def test_untoc_cop11(self):
        """6 objected to, 3 objections withdrawn, 3 admitted by 57 to 7 with 34 abstaining."""
        play = self._rule_17("untoc-conference-rule-17")
        ngos, accorded = apply_all(play, 8), apply_all(play, 3, ecosoc=True)
        self.assertEqual({play.state_of(org_id) for org_id in accorded}, {"admitted"})
        play.at_day(11)
        self.assertEqual(play.circulate(ngos), ["accepted"])
        play.at_day(21)
        self.assertEqual(play.object_to("XA", ngos[:6]), 6 * ["accepted"])
        self.assertEqual(play.object_to("XA", accorded[:1]), ["not-objectable"])
        self.assertEqual(play.say("XA", "objection-withdrawal", targets=ngos[:3]),
                         3 * ["accepted"])
        self.assertEqual({play.state_of(org_id) for org_id in ngos[:3]}, {"unopposed"})
        play.at_day(41)
        self.assertEqual({play.state_of(org_id) for org_id in ngos[3:6]}, {"pending"})
        play.decide("procedure", [], majority=SIMPLE)
        votes = {"manner": 1, "yes": 57, "no": 7, "abstained": 34}
        self.assertEqual(play.decide("admit", ngos[3:6], **votes), 3 * ["accepted"])
        self.assertEqual({play.state_of(org_id) for org_id in ngos}, {"admitted"})

    def test_untoc_cop11_two_thirds(self):
        """57 of 64 carry under the old rule too; 42 of 64 would not have."""
        for yes, verdict in ((57, "accepted"), (42, "vote-mismatch")):
            play = self._rule_17("untoc-conference-rule-17", majority="two-thirds")
            ngos = apply_all(play, 1)
            play.at_day(11)
            play.circulate(ngos)
            play.at_day(21)
            play.object_to("XA", ngos)
            play.at_day(41)
            votes = {"manner": 1, "yes": yes, "no": 64 - yes}
            self.assertEqual(play.decide("admit", ngos, **votes), [verdict])

    def test_uncac_cosp9(self):
        """8 are deferred to the next session and visibly shut out of this one."""
        play = self._rule_17("uncac-conference-rule-17")
        ngos = apply_all(play, 10)
        play.at_day(11)
        play.circulate(ngos)
        play.at_day(21)
        play.object_to("XA", ngos[:8])
        play.object_to("XB", ngos[8:9])
        play.at_day(41)
        self.assertEqual(play.decide("defer", ngos[:8], deferred_to="COSP10"), 8 * ["accepted"])
        self.assertEqual(play.decide("admit", ngos[8:9]), ["accepted"])
        play.at_day(46)
        self.assertEqual({play.state_of(org_id) for org_id in ngos[:8]}, {"lapsed"})
        self.assertEqual([case["state"] for _, case in play.state.rows("CASE")],
                         8 * [3] + [4])
        lapses = [entry["subject"]["organisation"] for entry in play.log
                  if entry["kind"] == "lapse"]
        self.assertEqual(lapses, ngos[:8])
        play.at_day(50)
        self.assertEqual(play.decide("admit", ngos[:1]), ["accepted"])
        self.assertEqual(play.state_of(ngos[0]), "lapsed")
        self.assertEqual(len(lists.participants(play.state)), 2)

    def test_oewg_ict(self):
        """86 apply and 32 are vetoed; 17 in status only notify and cannot be objected to."""
        play = begin(policy_text("oewg-ict-2022"))
        documents = ["letter", "purpose", "programmes", "interaction-with-un"]
        ids, bodies = [], []
        for number in range(86 + 17):
            ecosoc = 2 if number >= 86 else 1
            org_id, verdict = play.apply_for("office", f"Organisation {number}",
                                             documents=documents, ecosoc=ecosoc)
            self.assertEqual(verdict, ["accepted"])
            if ecosoc == 2:
                play.say("secretariat", "status-confirmed", organisation=org_id, category=1,
                         ecosoc=2, prior=1)
            play.screen(org_id)
            (bodies if ecosoc == 2 else ids).append(org_id)
        play.at_day(11)
        self.assertEqual(play.circulate(ids, who="chair"), ["accepted"])
        play.at_day(21)
        play.object_to("XA", ids[:5])
        play.object_to("XB", ids[5:32])
        self.assertEqual(play.object_to("XA", bodies[:1]), ["not-objectable"])
        play.at_day(31)
        states = [play.state_of(org_id) for org_id in ids + bodies]
        self.assertEqual((states.count("refused"), states.count("admitted")), (32, 54 + 17))
        numbers = {row["name"]: row["number"] for row in lists.tally(play.state)}
        self.assertEqual((numbers["list.shown"], numbers["list.not-shown"]), (54, 32))
        self.assertEqual(numbers["routes.notified"], 17)
        self.assertEqual(play.say("XC", "disclosure-request", targets=ids[:1]), ["accepted"])


class CaseFiles(unittest.TestCase):
    """The cases as texts that both implementations play."""

    def test_files(self):
        """Each text of tests/cases; one with lines that are not known here is passed over."""
        for folder in sorted(Path(__file__).resolve().parents[1].glob("cases/*/")):
            texts = [folder / name for name in ("call.txt", "events.txt", "outcome.txt")]
            if not texts[0].exists():
                continue
            with self.subTest(folder.name):
                try:
                    text = "".join(path.read_text(encoding="utf-8") for path in texts)
                    failures = CaseFile(text, folder).run()
                except UnknownLine as error:
                    self.skipTest(f"{folder.name}: {error}")
                self.assertEqual(failures, [])


class Sentences(unittest.TestCase):
    """The sentence on who took part, in all its forms."""

    def test_forms(self):
        """Zero, one, several categories, and large numbers."""
        forms = {
            (0, 0, 0, 0, 0, 0): "No stakeholder took part.",
            (21, 0, 0, 0, 0, 0): "Twenty-one non-governmental organizations took part.",
            (1, 0, 0, 0, 0, 0): "One non-governmental organization took part.",
            (21, 3, 0, 0, 0, 0): "Twenty-one non-governmental organizations and three other "
                                 "stakeholders from academia took part.",
            (0, 3, 0, 0, 0, 0): "Three stakeholders from academia took part.",
            (0, 2, 1, 0, 0, 0): "Three stakeholders, two from academia and one from the private "
                                "sector, took part.",
            (100, 1, 1, 1, 0, 0): "100 non-governmental organizations and three other "
                                  "stakeholders, one from academia, one from the private sector "
                                  "and one from civil society, took part.",
        }
        for numbers, text in forms.items():
            self.assertEqual(lists.sentence([0, *numbers, 0]), text)


if __name__ == "__main__":
    unittest.main()
