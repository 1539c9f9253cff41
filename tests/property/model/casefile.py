# SPDX-License-Identifier: Apache-2.0
"""Plays a text of tests/cases to the model: who says what, and what has to be so then.

    cycle NAME, begins DATE, clock H  which make no difference here: time has its own steps
    policy-file NAME                 a policy of the tree
    value KEY = VALUE                a value of the call, or of the policy where that has one
    actor NAME ROLE STATE HOLDER     a device on the roster; `of OTHER` behind: of that actor
    [LABEL:] NAME KIND FIELD=... [=> VERDICT ...]
    tick DATE                        time goes on until this date is closed
    ? WHAT ...                       what has to be so
"""

import shlex
from hashlib import sha256

from . import lists
from .pieces import closes_at, ticked, words_of
from .policy import parse
from .scenario import DAY, START, Scenario, policy_text
from .shapes import SUBJECTS, WORDS, word_number
from .state import counts

_WORD_FIELDS = {"category": "category", "mode": "mode", "ecosoc": "answer_word",
                "prior": "answer_word", "result": "result", "question": "question",
                "manner": "manner", "speaker": "speaker", "thing": "thing", "ruling": "ruling",
                "entitled": "answer_word", "change": "calendar", "reader": "reader",
                "majority": "majority"}
DAYS = {4: 40}


class UnknownLine(Exception):
    """A line in a form that is not known here."""


class CaseFile:
    """One case, while it is played."""

    def __init__(self, text, folder=None):
        self.folder = folder  # of the case: for a policy of its own
        self.lines = [line for line in text.splitlines()
                      if line.strip() and not line.startswith("#")]
        self.policy, self.values, self.actors = "", {}, []
        self.labels, self.failures = {}, []
        self.play = None

    def run(self):
        """Plays all lines; what was not as the text says."""
        for line in self.lines:
            try:
                self._line(line)
            except (KeyError, ValueError) as error:
                raise UnknownLine(line) from error
        return self.failures

    def _line(self, line):
        words = line.split()
        if words[0] in ("cycle", "begins", "clock"):
            return
        if words[0] == "policy-file":
            self.policy = words[1]
        elif words[0] == "value":
            key, _, value = line[len("value "):].partition(" = ")
            self.values[key] = value
        elif words[0] == "actor":
            self.actors.append(words[1:])
        else:
            if self.play is None:
                self._begin()
            if words[0] == "?":
                self._check(line, words[1:])
            elif words[0] == "tick":
                self._tick(words[1])
            else:
                self._say(line)

    def _begin(self):
        if self.policy.startswith("@"):
            self.policy = str(self.folder / self.policy[1:])[:-len(".zpl")]
        given = parse(policy_text(self.policy))
        self.play = Scenario(policy_text(self.policy, **{
            key.replace("-", "_"): value for key, value in self.values.items()
            if given[key] is not None}))
        self.values = {key: value for key, value in self.values.items() if given[key] is None}
        self.play.actors["sec"] = self.play.actors["secretariat"]
        self.play.devices["sec"] = self.play.devices["secretariat"]
        for name, role, state, holder, *other in self.actors:
            self.play.enlist(name, role, "" if state == "-" else state,
                             actor=other[1] if other else "",
                             holder="" if holder == "-" else holder)

    def _tick(self, word):
        which = word_number("date", word)
        state = self.play.state
        self.play.at_day((closes_at(state, which) - START) / DAY)
        if not ticked(state, which):
            raise ValueError(word)

    def _id(self, name):
        if name in self.play.actors:
            return self.play.actors[name]
        return sha256(b"case " + name.encode()).digest()[:16]

    def _say(self, line):
        said, _, expected = line.partition(" => ")
        words = shlex.split(said)
        label = words.pop(0)[:-1] if words[0].endswith(":") else ""
        speaker, kind, *rest = words
        fields = dict(word.split("=", 1) for word in rest)
        if "received" in fields or "at" in fields:
            raise ValueError(line)
        fields.pop("text", None)
        fields.pop("dates", None)
        options = {}
        if "for" in fields:
            fields["on_behalf"] = fields.pop("for")
        if "mid" in fields:
            options["message_id"] = self._id(fields.pop("mid"))
        if "on_behalf" in fields:
            options["on_behalf"] = self._id(fields.pop("on_behalf"))
        subject = {name: self._value(kind, name, text) for name, text in fields.items()}
        if kind == "call":
            states = subject.pop("states", [])
            verdicts = self.play.call(states, days=DAYS, sessions=subject.pop("sessions"), **{
                key.replace("-", "_"): value for key, value in self.values.items()})
        else:
            if kind == "list-version" and subject["version"] == 1:
                subject.setdefault("dates", self.play.list_dates)
            verdicts = self.play.say(speaker, kind, **options, **subject)
        if label:
            self.labels[label] = next(entry["seq"] for entry in reversed(self.play.log)
                                      if "key" in entry)
        wanted = expected.split() if expected else ["accepted"] * len(verdicts)
        if verdicts != wanted:
            self.failures.append(f"{line}: {verdicts}")

    def _value(self, kind, name, text):
        spec = next(spec for spec in SUBJECTS[kind] if spec[0] == name)
        if spec[1] == "array":
            return [self._element(spec[4], item) for item in text.split(",") if item]
        return self._plain(kind, spec, text)

    def _labelled(self, label):
        """The index of a labelled line, or of the last own entry of a kind."""
        if label in self.labels:
            return self.labels[label]
        return next(entry["seq"] for entry in reversed(self.play.log)
                    if entry["kind"] == label and "key" not in entry)

    def _plain(self, kind, spec, text):
        name, form = spec[:2]
        if text.startswith("@"):
            return self._labelled(text[1:])
        if form == "uint":
            words = "screening_result" if (kind, name) == ("screening", "result") else \
                _WORD_FIELDS.get(name)
            if words and text in WORDS[words].split():
                return word_number(words, text)
            return int(text)
        if form in ("bin", "bin_or_none"):
            return self._id(text)
        return text

    def _element(self, shape, text):
        first, _, second = text.partition(":")
        if shape == "id_item":
            return self._id(first)
        if shape in ("objected", "removal"):
            return {"organisation": self._id(first), "reason": second}
        if shape == "session":
            return {"code": first, "name": second or "x"}
        if shape == "officer":
            return {"office": word_number("officer", first), "name": second, "title": "",
                    "delegation": ""}
        if shape == "number_item":
            return self._labelled(text[1:]) if text.startswith("@") else int(text)
        if shape in ("state_item", "line_item"):
            return text
        raise ValueError(shape)

    def _check(self, line, words):
        found = self._found(words)
        if found != words[1:]:
            self.failures.append(f"{line}: {' '.join(found)}")

    def _found(self, words):
        """What stands there instead of the words behind the first."""
        state, what = self.play.state, words[0]
        if what == "cycle":
            return [self.play.cycle_state()]
        if what == "count" and words[1] == "majority":
            return [words[1], str(state.cycle["majority"])]
        if what == "tally":
            numbers = {row["name"]: row["number"] for row in lists.tally(state)}
            return [words[1], str(numbers.get(words[1], "none"))]
        if what == "count":
            return [words[1], str(counts(state)[words[1]])]
        if what == "sentence":
            return lists.sentence_of(state).split()
        if what == "own" and len(words) == 2:  # which ones come is compared by the digests
            return words[1:]
        if what == "own":
            facts = [entry["subject"]["fact"] for entry in self.play.log
                     if entry["kind"] == words[1]
                     and entry["subject"]["organisation"] == self._id(words[2])]
            return [*words[1:3], facts[-1] if facts else "none"]
        org = self.play.org(self._id(words[1]))
        if what == "org":
            return [words[1], words_of("application")[org["state"]]]
        if what == "told":
            told = next(word for word, code in lists.TOLD.items() if code == org["told"])
            return [words[1], told]
        if what == "case":
            number = org["case_number"]
            return [words[1], words_of("case")[state.case[number]["state"]] if number else "none"]
        raise ValueError(what)
