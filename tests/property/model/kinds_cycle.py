# SPDX-License-Identifier: Apache-2.0
"""The cycle, its frame and the roster; docs/rules.md, sections 6.1 and 6.2.

A kind is a function of the state and the message. It returns a verdict with its scope, raises
Refuse, or gives a list of (verdict, target) where there are several.
"""

from .pieces import (THINGS, begin, dues, end_case, end_objections,
                     expected_from_call, in_order, move, owe_tally, ticked, weigh)
from .policy import KEYS, BadValue, Policy, canonical
from .shapes import NUMBERS, WORDS
from .state import ERASED, IN_SESSION, ARCHIVED, is_open, new_row
from .verdicts import Refuse, refuse_if

ROLE = {word: number for number, word in enumerate(WORDS["role"].split(), 1)}
OPEN_CASES_MAX = 256
NOBODY = ("none", 0)


def accepted(scope=NOBODY):
    """The plain verdict."""
    return "accepted", scope


def no_effect(scope=NOBODY):
    """Done already."""
    return "no-effect", scope


def distinct(items):
    """Whether none stands there twice."""
    return len(set(items)) == len(items)


def call(state, msg):
    """The frame of the cycle."""
    subject = msg.subject
    refuse_if(not distinct([session["code"] for session in subject["sessions"]]), "senseless")
    values = _call_values(state, subject["values"])
    policy = Policy(state.policy.genesis, values)
    due = {}
    for date in subject["dates"]:
        which = date["which"]
        refuse_if(which in due or not expected_from_call(policy, which), "date-not-used")
        due[which] = date["at"]
    missing = [which for which in range(1, 15)
               if expected_from_call(policy, which) and which not in due]
    refuse_if(missing, "date-missing")
    refuse_if(not in_order(policy, due), "dates-out-of-order")
    refuse_if(not distinct(subject["states"]), "senseless")
    state.policy = policy
    state.cycle["call"] = msg.seq
    state.date.clear()
    set_dates(state, due, msg.seq)
    for number, _ in state.rows("SESSION"):
        state.session[number] = new_row("session")
    for number, session in enumerate(subject["sessions"], 1):
        if number == len(state.session):
            state.add("SESSION")
        state.session[number]["code"] = session["code"]
    for _, row in state.rows("STATE"):
        row["entitled"] = 0
    for code in subject["states"]:
        state.tables["STATE"][state.state_number(code, make=True)]["entitled"] = 1
    return accepted()


def _call_values(state, given):
    values = {}
    for value in given:
        key = value["key"]
        refuse_if(key not in KEYS, "unknown-policy-key")
        refuse_if(state.policy.genesis[key] is not None or key in values, "already-set")
        try:
            values[key] = canonical(key, value["value"])
        except BadValue as error:
            raise Refuse("bad-value") from error
        refuse_if(not 1 <= len(value["source"].encode()) <= 250, "bad-value")
    return values


def set_dates(state, due, seq):
    for which, at in due.items():
        row = state.date.setdefault(which, new_row("date"))
        row.update(due=at, announced=seq)


def open_cycle(state, msg):
    """Applications may come in."""
    in_force = state.cycle["call"]
    refuse_if(not in_force or msg.subject["call"] != in_force, "wrong-number")
    refuse_if(any(value is None for value in state.policy.values.values()), "policy-unset")
    refuse_if(any(msg.at >= at for at in dues(state).values()), "already-passed")
    move("cycle", state.cycle, "open")
    state.cycle["opened"] = msg.seq
    return accepted()


def _session(field):
    def kind(state, msg):
        number = state.find("SESSION", "code", msg.subject["session"])
        refuse_if(not number, "unknown-session")
        if state.session[number][field]:
            return no_effect()
        state.session[number][field] = msg.seq
        begin(state)
        return accepted()
    return kind


session_concluded = _session("concluded")
report_adopted = _session("adopted")


def officers(_state, _msg):
    """Kept in the log alone."""
    return accepted()


def _numbered(table):
    def kind(state, msg):
        rows = state.tables[table]
        rows.setdefault(msg.subject["number"], new_row("topic"))["entry"] = msg.seq
        return accepted()
    return kind


agenda_item = _numbered("AGENDA")
topic = _numbered("TOPIC")


def document(state, msg):
    """A document, of an item that is on the agenda."""
    item = msg.subject["item"]
    refuse_if(item and item not in state.agenda, "unknown-item")
    return accepted()


def register_change(state, msg):
    """A State becomes or ceases to be entitled."""
    entitled = int(msg.subject["entitled"] == 2)
    number = state.state_number(msg.subject["state"])
    before = state.tables["STATE"][number]["entitled"] if number else 0
    if entitled == before:
        return no_effect()
    number = state.state_number(msg.subject["state"], make=True)
    state.tables["STATE"][number]["entitled"] = entitled
    return accepted()


def presence(state, msg):
    """Exactly these States are present."""
    codes = msg.subject["states"]
    refuse_if(not distinct(codes), "senseless")
    for _, row in state.rows("STATE"):
        row["present"] = 0
    for code in codes:
        state.tables["STATE"][state.state_number(code, make=True)]["present"] = 1
    threshold = state.policy.threshold()
    if threshold and threshold[1] and not state.cycle["settled"]:
        for number, org in state.rows("ORGANISATION"):
            if org["version"]:
                weigh(state, number, msg.seq)
    return accepted()


EXTEND, POSTPONE = 1, 2


def calendar_change(state, msg):
    """Dates to come are moved, later only."""
    change = msg.subject["change"]
    refuse_if(change == POSTPONE and state.cycle["state"] >= IN_SESSION, "wrong-state")
    due, moved = dues(state), {}
    for date in msg.subject["dates"]:
        which = date["which"]
        refuse_if(which in moved or which in (10, 14), "date-not-used")
        refuse_if(which not in due, "date-missing")
        refuse_if(ticked(state, which) or msg.at >= due[which], "already-passed")
        refuse_if(date["at"] <= due[which], "not-later")
        moved[which] = date["at"]
    refuse_if(change == EXTEND and 8 in moved, "senseless")
    after = {**due, **moved}
    for start, end in ((2, 3), (6, 7)):
        if start in due and end in due:
            refuse_if(after[end] - after[start] < due[end] - due[start], "window-shortened")
    refuse_if(not in_order(state.policy, after), "dates-out-of-order")
    set_dates(state, moved, msg.seq)
    return accepted()


def late_permit(state, msg):
    """Somebody may still send in the time of grace."""
    refuse_if(state.policy["late"] != "permit", "permits-unknown")
    thing = msg.subject["thing"]
    actor = state.find("ACTOR", "id", msg.subject["actor"])
    roles = {1: ["office"], 2: ["office"], 3: ["party"],
             4: ["secretariat", "chair", "bureau", "conference"]}[thing]
    known = actor and state.actor[actor]["role"] in [ROLE[role] for role in roles]
    refuse_if(not known, "unknown-actor")
    which = THINGS[thing]
    refuse_if(which not in state.date, "date-missing")
    refuse_if(ticked(state, which) and which != 12, "already-passed")
    state.permit[(actor, thing)] = {"entry": msg.seq, "value": msg.subject["until"]}
    return accepted(("actor", actor))


def cancellation(state, msg):
    """The cycle ends; carried cases go on."""
    move("cycle", state.cycle, "cancelled")
    for _, case in state.rows("CASE"):
        if is_open(case):
            end_case(case, "moot", msg.seq)
    for number, _ in state.rows("ORGANISATION"):
        end_objections(state, number, "standing", "lapsed", msg.seq)
        end_objections(state, number, "lodged", "invalid", msg.seq)
    return accepted()


def _check_cases(state):
    """What is open at the end has to fit into the next genesis."""
    cases = [row for _, row in state.rows("CASE") + state.rows("CARRIED") if is_open(row)]
    refuse_if(len(cases) > OPEN_CASES_MAX, "too-many-cases")


def closing_order(state, msg):
    """The log is to be closed, once seconded."""
    refuse_if(state.cycle["state"] == ARCHIVED and not ticked(state, 11), "early")
    _check_cases(state)
    await_second(state, msg)
    return "awaits-second", NOBODY


def await_second(state, msg, **fields):
    """The entry waits for a second key."""
    state.second[msg.seq] = new_row("second", key_number=msg.key, kind=NUMBERS[msg.kind], **fields)


def second(state, msg):
    """A second holder agrees."""
    seq = msg.subject["seq"]
    refuse_if(seq >= msg.seq, "wrong-number")
    row = state.second.get(seq)
    refuse_if(row is None or row["seconded"], "nothing-to-second")
    same = state.key[row["key_number"]]["holder"] == state.key[msg.key]["holder"]
    refuse_if(same, "same-holder")
    if not _SECONDED[row["kind"]](state, seq, row, msg.seq):
        return no_effect()
    row["seconded"] = msg.seq
    return accepted()


def _closing_seconded(state, order, _row, _seq):
    _check_cases(state)
    state.cycle["closing"] = order
    owe_tally(state)
    return True


def _erasure_seconded(state, order, _row, _seq):
    for place in range(state.entry[order + 1]["scope_number"]):
        number = state.target[(order, place)]["number"]
        if number:
            state.entry[number + 1]["marks"] |= ERASED
    return True


def _revocation_seconded(state, _order, row, seq):
    key = state.key[state.find("KEY", "key", row["key"])]
    if key["ended"]:
        return False
    key.update(ended=seq, suspect_since=row["at"])
    return True


def _loss_seconded(state, _order, row, seq):
    key = state.key[state.find("KEY", "key", row["key"])]
    if key["lost"]:
        return False
    key["lost"] = seq
    return True


_SECONDED = {
    NUMBERS["closing-order"]: _closing_seconded,
    NUMBERS["erasure"]: _erasure_seconded,
    NUMBERS["roster-change"]: _revocation_seconded,
    NUMBERS["intake-lost"]: _loss_seconded,
}

ADD, RETIRE = 1, 2


def roster_change(state, msg):
    """Which key may do what."""
    subject = msg.subject
    refuse_if((subject["role"] == ROLE["party"]) != bool(subject["state"]), "senseless")
    if subject["change"] == ADD:
        return _add_key(state, msg)
    number = state.find("KEY", "key", subject["key"])
    refuse_if(not number, "unknown-key")
    key = state.key[number]
    actor = state.actor[key["actor_number"]]
    refuse_if((actor["id"], actor["role"]) != (subject["who"], subject["role"]), "unknown-key")
    if key["ended"]:
        return no_effect()
    if subject["change"] == RETIRE:
        refuse_if(subject["at"] <= msg.at, "already-passed")
        key["retires_at"] = subject["at"]
        return accepted()
    await_second(state, msg, key=subject["key"], at=subject["at"])
    return "awaits-second", NOBODY


def _add_key(state, msg):
    subject = msg.subject
    refuse_if(subject["at"], "senseless")
    refuse_if(state.find("KEY", "key", subject["key"]), "already-there")
    number = state.find("ACTOR", "id", subject["who"])
    if number:
        actor = state.actor[number]
        party = state.tables["STATE"][actor["state_number"]]
        code = party["code"] if party else ""
        refuse_if((actor["role"], code) != (subject["role"], subject["state"]), "role-conflict")
    else:
        party = state.state_number(subject["state"], make=True) if subject["state"] else 0
        number = state.add("ACTOR", id=subject["who"], role=subject["role"], state_number=party)
    state.add("KEY", key=subject["key"], box_key=subject["box_key"], added=msg.seq,
              actor_number=number, name=subject["name"], holder=subject["holder"])
    return accepted()


def intake_lost(state, msg):
    """An intake is gone for good, once seconded."""
    number = state.find("KEY", "key", msg.subject["key"])
    refuse_if(not number, "unknown-key")
    key = state.key[number]
    refuse_if(state.actor[key["actor_number"]]["role"] != ROLE["intake"], "unknown-key")
    if key["lost"]:
        return no_effect()
    await_second(state, msg, key=msg.subject["key"])
    return "awaits-second", NOBODY


def clock_accepted(_state, _msg):
    """Kept in the log alone."""
    return accepted()
