# SPDX-License-Identifier: Apache-2.0
"""Policies as plain values; docs/policies.md. Only what a good policy holds is understood."""

import re

from .shapes import WORDS

_BODIES = "secretariat chair bureau conference".split()
_LEVELS = "sealed count-only chair decider states-on-request public".split()

# Key -> ("words", ...) any of them in table order, ("word", ...) one of them, or a form.
KEYS = {
    "eligible-categories": ("words", WORDS["category"].split()),
    "ecosoc-route": ("word", ["same-form", "notify", "accorded"]),
    "prior-accreditation": ("word", ["none", "bars-objection", "cited"]),
    "approver": ("body?",),
    "list-maker": ("body?",),
    "required-documents": ("codes?",),
    "representatives-max": ("limit",),
    "capacity": ("limit",),
    "priority-order": ("word", ["none", "received"]),
    "quota": ("limit",),
    "application-deadline": ("time?",),
    "list-min-notice": ("time?",),
    "objection-window": ("window?",),
    "comment-deadline": ("time?",),
    "withdrawable-until": ("time?",),
    "decision-window": ("window?",),
    "grace": ("duration?",),
    "late": ("word", ["refuse", "flag", "permit"]),
    "calendar": ("word", ["day-after", "day-of"]),
    "midnight": ("word", ["start", "end"]),
    "timezone": ("zone",),
    "holidays": ("days?",),
    "begins-after": ("words", ["none", "sessions-concluded", "reports-adopted"]),
    "retention": ("duration",),
    "may-object": ("word", ["states-parties", "member-states", "parties-present"]),
    "register": ("codes",),
    "ecosoc-objectable": ("word", ["yes", "no", "decision-only"]),
    "objection-threshold": ("threshold?",),
    "objection-effect": ("word", ["block", "refer", "veto", "none-until-vote"]),
    "state-while-undecided": ("word", ["none", "excluded", "provisional", "admitted"]),
    "group-objection": ("word", ["none", "each-signs", "representative"]),
    "reasons": ("word", ["none", "voluntary", "required"]),
    "reason-codes": ("codes?",),
    "decider": ("decider?",),
    "majority": ("word", ["none", "simple", "two-thirds"]),
    "endorsement": ("body?",),
    "lapse-rule": ("word", ["none", "out", "in", "carried"]),
    "reapply": ("word", ["each-cycle", "never", "not-needed"]),
    "status-duration": ("word", ["cycle", "session", "mandate", "permanent"]),
    "opens": ("opens",),
    "disclosure-fact": ("word", _LEVELS),
    "disclosure-objector": ("word", _LEVELS),
    "disclosure-reason": ("word", _LEVELS),
    "disclosure-cause": ("word", _LEVELS),
    "list-readers": ("words", "states secretariat chair bureau conference public".split()),
    "participants-from": ("word", ["admitted", "invited", "attended"]),
    "publish-applicants": ("word", ["none", "count", "names"]),
    "screening-reasons": ("word", ["none", "applicant", "public"]),
    "notify-applicant": ("word", ["never", "outcome", "objection", "objection-with-reason"]),
    "reply-window": ("duration?",),
    "small-cell": ("number",),
    "rights": ("words", "none attend speak panel written documents".split()),
    "comments-from": ("word", ["anyone", "admitted"]),
    "blocked-comments": ("word", ["withhold", "publish"]),
    "written-limit-words": ("limit",),
    "written-languages": ("words", "ar zh en fr ru es other".split()),
    "content-rule": ("word", ["none", "no-country-situations", "own-activities"]),
    "quantifiers": ("quantifiers",),
}

INSTANTS = "received listed decided published never".split()
_TIME = r"(?:call|circulated|session)(?:[+-][1-9]\d*w?d)?"
_BODY = rf"(?:{'|'.join(_BODIES)})"
_CODE = "[a-z0-9-]+"
_FORMS = {
    "body": rf"{_BODY}, .+",
    "codes": rf"{_CODE}(?: {_CODE})*",
    "limit": r"[1-9]\d{0,6}|no-limit",
    "number": r"[1-9]\d{0,6}",
    "time": _TIME,
    "window": rf"{_TIME}\.\.{_TIME}",
    "duration": r"[1-9]\d*(?:s|min|h|d)",
    "zone": r"[A-Za-z_]+(?:/[A-Za-z0-9_+-]+)*",
    "days": r"\d{4}-\d\d-\d\d(?: \d{4}-\d\d-\d\d)*",
    "threshold": r"[1-9]\d{0,6}|[1-9]\d*/[1-9]\d*",
    "decider": rf"{_BODY}, (?:this|next)-session, .+",
    "opens": rf"(?:{'|'.join(INSTANTS)}): .+",
    "quantifiers": r"[^,]+ [1-9]\d*(?:, [^,]+ [1-9]\d*)*",
}
_UNITS = {"s": 1000, "min": 60000, "h": 3600000, "d": 86400000}


class BadValue(Exception):
    """A value that its key does not take."""


def canonical(key, text):
    """The canonical form of a value."""
    form = KEYS[key][0]
    if form == "word":
        if text not in KEYS[key][1]:
            raise BadValue(key)
        return text
    if form == "words":
        given = text.split(" ")
        known = KEYS[key][1]
        alone = "none" in given and len(given) > 1
        if alone or len(set(given)) != len(given) or not set(given) <= set(known):
            raise BadValue(key)
        return " ".join(word for word in known if word in given)
    if form.endswith("?") and text == "none":
        return text
    if not re.fullmatch(_FORMS[form.rstrip("?")], text):
        raise BadValue(key)
    if form in ("limit", "number") and text != "no-limit" and int(text) > 1000000:
        raise BadValue(key)
    return text


def parse(text):
    """Key -> canonical value, or None where the call has to give it."""
    values, key = {}, None
    for line in text.split("\n"):
        if not line or line.lstrip().startswith("#"):
            continue
        if not line.startswith(" "):
            key = line.strip()
            if key != "policy":
                values[key] = None
        elif line.startswith("    value = ") and key in KEYS:
            values[key] = canonical(key, line.split(" = ", 1)[1].strip('"'))
    if set(values) != set(KEYS):
        raise BadValue("keys")
    return values


class Policy:
    """The policy in force: that of genesis, completed by the call."""

    def __init__(self, genesis, call=None):
        self.genesis = genesis
        self.values = dict(genesis, **(call or {}))

    def __getitem__(self, key):
        return self.values[key]

    def words(self, key):
        """The words or codes of a value; none of them for `none` or nothing."""
        value = self.values[key] or "none"
        return [word for word in value.split(" ") if word != "none"]

    def limit(self, key):
        """A number, or None for no limit."""
        value = self.values[key]
        return int(value) if value and value != "no-limit" else None

    def role(self, key):
        """The role of the body that a key names, or nothing."""
        value = self.values[key] or "none"
        return "" if value == "none" else value.split(",")[0]

    def duration(self, key):
        """Milliseconds; 0 for none."""
        value = self.values[key] or "none"
        if value == "none":
            return 0
        number, unit = re.fullmatch(r"(\d+)([a-z]+)", value).groups()
        return int(number) * _UNITS[unit]

    def threshold(self):
        """(count, None), (numerator, denominator) or None."""
        value = self.values["objection-threshold"] or "none"
        if value == "none":
            return None
        first, _, second = value.partition("/")
        return int(first), int(second) if second else None

    def anchor(self, key, place):
        """The anchor word of the time at a place of a value; nothing where it has none."""
        value = self.values[key] or "none"
        if value == "none":
            return ""
        return re.match("[a-z]+", value.split("..")[place])[0]

    def opens(self, kind):
        """The instant at which a kind opens to the public; received where nothing is said."""
        for part in self.values["opens"].split("; "):
            instant, kinds = part.split(": ")
            if kind in kinds.split(" "):
                return instant
        return "received"

    def quantifiers(self):
        """Number -> phrase, by rising number."""
        pairs = [part.rsplit(" ", 1) for part in self.values["quantifiers"].split(", ")]
        return [(int(number), phrase) for phrase, number in pairs]
