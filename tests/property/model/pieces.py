# SPDX-License-Identifier: Apache-2.0
"""The pieces that kinds and ticks are made of; docs/rules.md, sections 3, 4 and 5."""

from .state import (ACCORDED, APPLICATION, CASE, COMMENT, DRAFT, FORM, IN_AT_END, IN_SESSION,
                    NOTIFY, OBJECTION_TIMELY, OPEN, SETTLED, STATES, SUMMARISED, is_in, is_open,
                    objections_to, sessions)

CAUSES = {word: number for number, word in enumerate(
    "none window threshold effect undecided decider lapse route endorsement list withdrawal "
    "session-end".split())}

_MOVES = {
    "cycle": {
        "draft": "open cancelled",
        "open": "closed listed cancelled",
        "closed": "listed cancelled",
        "listed": "window settled cancelled",
        "window": "settled cancelled",
        "settled": "in-session ended cancelled",
        "in-session": "ended",
        "ended": "summarised",
        "summarised": "archived",
    },
    "application": {
        "submitted": "incomplete eligible screened-out duplicate withdrawn lapsed",
        "incomplete": "submitted screened-out duplicate withdrawn lapsed",
        "eligible": "submitted incomplete screened-out duplicate listed admitted withdrawn lapsed",
        "screened-out": "submitted incomplete eligible duplicate withdrawn",
        "duplicate": "submitted incomplete eligible screened-out withdrawn",
        "listed": "eligible unopposed admitted refused withdrawn",
        "unopposed": "eligible contested admitted refused withdrawn lapsed",
        "contested": "unopposed blocked pending provisional admitted refused withdrawn lapsed",
        "blocked": "unopposed contested admitted refused withdrawn lapsed",
        "pending": "unopposed contested admitted refused withdrawn lapsed",
        "provisional": "unopposed contested admitted refused withdrawn lapsed",
        "admitted": "refused withdrawn",
        "refused": "admitted",
    },
    "case": {
        "raised": "referred deferred decided lapsed moot",
        "referred": "deferred decided lapsed moot",
        "deferred": "referred decided moot",
        "moot": "raised",
    },
    "objection": {
        "lodged": "invalid standing withdrawn",
        "standing": "withdrawn upheld overturned lapsed",
        "upheld": "overturned",
        "overturned": "upheld",
    },
    "comment": {
        "submitted": "returned accepted withheld retracted",
        "returned": "submitted retracted",
        "accepted": "published withheld superseded retracted",
        "published": "withheld superseded retracted",
    },
}


class ImpossibleMove(Exception):
    """The rules asked for a move that section 3 does not have: a fault of the rules."""


_WORDS_OF = {machine: {number: word for word, number in numbers.items()}
             for machine, numbers in STATES.items()}


def words_of(machine):
    """Number -> word of the states of a machine."""
    return _WORDS_OF[machine]


def move(machine, row, word):
    """Changes a state if it is another one, by the table."""
    before = words_of(machine)[row["state"]]
    if before == word:
        return
    if word not in _MOVES[machine].get(before, "").split():
        raise ImpossibleMove(f"{machine}: {before} -> {word}")
    row["state"] = STATES[machine][word]


def moves(machine):
    """State -> the states that can follow it."""
    return {word: _MOVES[machine].get(word, "").split() for word in STATES[machine]}


# Dates

GRACED = (1, 3, 4)
THINGS = {1: 1, 2: 4, 3: 3, 4: 12}
CALL_DATES = (8, 9, 11, 13)
DATE_KEYS = {1: ("application-deadline", 0), 2: ("objection-window", 0),
             3: ("objection-window", 1), 4: ("comment-deadline", 0),
             5: ("withdrawable-until", 0), 6: ("decision-window", 0),
             7: ("decision-window", 1), 12: ("list-min-notice", 0)}


def expected_from_call(policy, which):
    """Whether the call gives this date."""
    if which in CALL_DATES:
        return True
    return which in DATE_KEYS and policy.anchor(*DATE_KEYS[which]) in ("call", "session")


def expected_from_list(policy, which):
    """Whether list version 1 gives this date."""
    return which in DATE_KEYS and policy.anchor(*DATE_KEYS[which]) == "circulated"


def in_order(policy, due):
    """Whether instants, by the number of their date, are in the order of section 4."""
    grace = policy.duration("grace")
    closes = {which: at + (grace if which in GRACED else 0) for which, at in due.items()}
    pairs = [
        (closes.get(1), closes.get(3), False), (closes.get(1), due.get(12), False),
        (closes.get(1), due.get(8), False), (due.get(2), due.get(3), True),
        (closes.get(3), due.get(9), False), (due.get(12), due.get(8), False),
        (due.get(8), due.get(9), True), (due.get(6), due.get(7), True),
        (due.get(9), due.get(13), False), (due.get(13), due.get(11), False),
        (due.get(4), due.get(13), False),
    ]
    return all(first is None or second is None or first < second
               or (not strict and first == second) for first, second, strict in pairs)


def dues(state):
    """Number -> instant of the dates that are set."""
    return {which: row["due"] for which, row in state.date.items()}


def ticked(state, which):
    """Whether a tick of this date is logged."""
    return which in state.date and state.date[which]["ticked"] != 0


def closes_at(state, which):
    """The instant at which a date is closed."""
    grace = state.policy.duration("grace") if which in GRACED else 0
    return state.date[which]["due"] + grace


def in_time(state, which, at, actor, thing):
    """in, grace or out."""
    if which not in state.date or at < state.date[which]["due"]:
        return "in"
    if at >= closes_at(state, which):
        return "out"
    late = state.policy["late"]
    permit = state.permit.get((actor, thing))
    if late == "flag" or (late == "permit" and permit and at < permit["value"]):
        return "grace"
    return "out"


def deadline(state, which, at, actor, thing):
    """The verdict on what has to come before a date."""
    when = in_time(state, which, at, actor, thing)
    if when == "out":
        return "late"
    if ticked(state, which):
        return "timely-after-tick"
    return "accepted" if when == "in" else "accepted-late"


def next_deadline(state):
    """(instant, number of the date, due) of the next tick, or None."""
    found = [(key["retires_at"], 14, key["retires_at"]) for _, key in state.rows("KEY")
             if key["retires_at"] and not key["ended"]]
    if state.cycle["state"] not in (DRAFT, STATES["cycle"]["cancelled"]):
        found += [(closes_at(state, which), which, row["due"])
                  for which, row in state.date.items() if not row["ticked"]]
    return min(found) if found else None


def has_window(state):
    """Whether the policy in force has a time for objections."""
    return (state.policy["objection-window"] or "none") != "none"


# Objections and their effect. An organisation is given by its number.

def standing(state, number):
    """How many objections to it stand."""
    return len(objections_to(state, number, "standing"))


def reached(state, number):
    """Whether the standing objections are as many as it takes."""
    count, threshold = standing(state, number), state.policy.threshold()
    if not count or threshold is None:
        return False
    first, second = threshold
    if second is None:
        return count >= first
    present = sum(row["present"] for _, row in state.rows("STATE"))
    return present >= 1 and count * second >= present * first


def case_of(state, number):
    """The case of this cycle, or None."""
    case = state.orgs[number]["case_number"]
    return state.case[case] if case else None


def open_case(state, number):
    """The same if it is open."""
    case = case_of(state, number)
    return case if case and is_open(case) else None


def raise_case(state, number, seq):
    """RAISE."""
    if not state.policy.role("decider"):
        return
    case = case_of(state, number)
    if case is None:
        state.orgs[number]["case_number"] = state.add(
            "CASE", raised=seq, organisation_number=number, state=CASE["raised"])
    elif case["state"] == CASE["moot"]:
        move("case", case, "raised")
        case.update(raised=seq, ended=0)


def urge(state, number):
    """A case with something that was logged too late goes first."""
    case = open_case(state, number)
    if case:
        case["urgent"] = 1


def moot_case(state, number, seq):
    """MOOT."""
    timely = [row for row in objections_to(state, number, "lodged")
              if row["marks"] & OBJECTION_TIMELY]
    case = open_case(state, number)
    if case and not timely:
        end_case(case, "moot", seq)


def end_case(case, word, seq):
    """A case ends undecided."""
    move("case", case, word)
    case["ended"] = seq


def end_objections(state, number, before, word, seq):
    """Objections in one state go to another."""
    for row in objections_to(state, number, before):
        move("objection", row, word)
        row["ended"] = seq


def move_org(state, number, word, cause=None):
    """MOVE of an application, and the cause where one is named."""
    org = state.orgs[number]
    move("application", org, word)
    if cause is not None:
        org["cause"] = CAUSES[cause]


def _weigh_move(state, number, word, cause):
    """Of a weighing: where the state stays, the cause stays; an effect is reached by contested."""
    org = state.orgs[number]
    if org["state"] == APPLICATION[word]:
        return
    if APPLICATION[word] in _UNDER_EFFECT and org["state"] == APPLICATION["unopposed"]:
        move_org(state, number, "contested")
    move_org(state, number, word, cause)


_UNDER_EFFECT = [APPLICATION[word] for word in ("blocked", "pending", "provisional")]
_IN_WINDOW = [APPLICATION["unopposed"], APPLICATION["contested"], *_UNDER_EFFECT]


def weigh(state, number, seq):
    """WEIGH."""
    if not state.cycle["settled"]:
        if state.orgs[number]["state"] in _IN_WINDOW:
            _weigh_before(state, number, seq)
    else:
        _weigh_after(state, number, seq)


def _weigh_before(state, number, seq):
    policy, effect = state.policy, state.policy["objection-effect"]
    if not standing(state, number):
        _weigh_move(state, number, "unopposed", "window")
        moot_case(state, number, seq)
    elif reached(state, number) and effect == "block":
        _weigh_move(state, number, "blocked", "effect")
        raise_case(state, number, seq)
    elif reached(state, number) and effect == "refer":
        excluded = policy["state-while-undecided"] == "excluded"
        _weigh_move(state, number, "pending" if excluded else "provisional", "undecided")
        raise_case(state, number, seq)
    else:
        _weigh_move(state, number, "contested", "threshold")
        if effect == "none-until-vote":
            raise_case(state, number, seq)
        else:
            moot_case(state, number, seq)


def _weigh_after(state, number, seq):
    now, count = state.orgs[number]["state"], standing(state, number)
    if now in _UNDER_EFFECT and not reached(state, number):
        moot_case(state, number, seq)
        end_objections(state, number, "standing", "lapsed", seq)
        admit(state, number, "threshold" if count else "window")
    elif now == APPLICATION["contested"] and not count:
        move_org(state, number, "unopposed", "window")
        moot_case(state, number, seq)
    elif now == APPLICATION["unopposed"] and count:
        move_org(state, number, "contested", "threshold")
        raise_case(state, number, seq)
    elif now == APPLICATION["admitted"]:
        if not count:
            moot_case(state, number, seq)
        elif state.policy["objection-effect"] == "none-until-vote":
            raise_case(state, number, seq)


def admit(state, number, cause):
    """ADMIT."""
    waits = state.policy.role("endorsement") and not state.cycle["endorsed"]
    if waits and state.orgs[number]["route"] == FORM:
        word = "contested" if standing(state, number) else "unopposed"
    else:
        word = "admitted"
    move_org(state, number, word, cause)


def settle(state, number, seq):
    """SETTLE."""
    for row in objections_to(state, number, "lodged"):
        if not row["marks"] & OBJECTION_TIMELY:
            move("objection", row, "invalid")
            row["ended"] = seq
    org = state.orgs[number]
    if org["state"] == APPLICATION["listed"]:
        move_org(state, number, "unopposed")
    if org["state"] == APPLICATION["unopposed"]:
        admit(state, number, "window" if has_window(state) else "list")
    elif org["state"] == APPLICATION["contested"]:
        _settle_contested(state, number, seq)


def _settle_contested(state, number, seq):
    effect = state.policy["objection-effect"]
    if effect == "veto" and reached(state, number):
        move_org(state, number, "refused", "effect")
        end_objections(state, number, "standing", "upheld", seq)
    elif effect == "none-until-vote":
        admit(state, number, "effect")
    else:
        end_objections(state, number, "standing", "lapsed", seq)
        admit(state, number, "threshold")


def end_org(state, number, seq):
    """END, but for its first sentence."""
    word = words_of("application")[state.orgs[number]["state"]]
    rule = state.policy["lapse-rule"]
    if word in ("submitted", "incomplete", "eligible"):
        move_org(state, number, "lapsed", "session-end")
        end_objections(state, number, "lodged", "invalid", seq)
    elif word in ("unopposed", "contested"):
        move_org(state, number, "admitted" if rule == "in" else "lapsed", "lapse")
        _end_case(state, number, seq, "out" if rule in ("carried", "none") else rule)
    elif word in ("blocked", "pending", "provisional"):
        if rule in ("out", "in"):
            move_org(state, number, "admitted" if rule == "in" else "lapsed", "lapse")
        _end_case(state, number, seq, rule)
    elif word == "admitted" and open_case(state, number):
        _end_case(state, number, seq, rule)
    else:
        end_objections(state, number, "lodged", "invalid", seq)
        return
    state.lapsing.add(number)


def _end_case(state, number, seq, rule):
    case = open_case(state, number)
    if case:
        if rule == "carried" or case["state"] == CASE["deferred"]:
            return
        end_case(case, "lapsed", seq)
    end_objections(state, number, "lodged", "invalid", seq)
    end_objections(state, number, "standing", "lapsed", seq)


def mark_in_at_end(org):
    """Who took part is fixed when the session ends."""
    if is_in(org):
        org["marks"] |= IN_AT_END


# The cycle

def begin(state):
    """BEGIN."""
    if state.cycle["state"] != SETTLED or not ticked(state, 8):
        return
    rows = [row for _, row in sessions(state)]
    after = state.policy.words("begins-after")
    if "sessions-concluded" in after and not all(row["concluded"] for row in rows):
        return
    if "reports-adopted" in after and not all(row["adopted"] for row in rows):
        return
    move("cycle", state.cycle, "in-session")


def file(state, seq):
    """FILE."""
    if state.cycle["state"] == SUMMARISED and ticked(state, 13):
        move("cycle", state.cycle, "archived")
        state.cycle["archived"] = seq


def become_settled(state, seq):
    """SETTLED."""
    state.cycle["settled"] = seq
    move("cycle", state.cycle, "settled")
    for number, org in state.rows("ORGANISATION"):
        if org["version"]:
            settle(state, number, seq)
    begin(state)


def give_rank(state, number, seq):
    """The next rank."""
    state.cycle["rank"] += 1
    state.orgs[number]["rank"] = state.cycle["rank"]
    state.rank[state.cycle["rank"]] = {"entry": seq, "value": number}


def route_of(state, number):
    """The route of an organisation that is eligible."""
    if state.orgs[number]["confirmed_ecosoc"] != 2:
        return FORM
    return {"notify": NOTIFY, "accorded": ACCORDED}.get(state.policy["ecosoc-route"], FORM)


def owe_tally(state):
    """A tally is due, unless it would have no counts."""
    if state.policy["publish-applicants"] != "none" or state.cycle["listed"]:
        state.cycle["tally_due"] = 1


def tick(state, which, due, seq):
    """What the tick of a date does."""
    if which == 14:
        for _, key in state.rows("KEY"):
            if key["retires_at"] == due and not key["ended"]:
                key["ended"] = seq
        return
    state.date[which]["ticked"] = seq
    owe_tally(state)
    now = state.cycle["state"]
    if which == 1 and now == OPEN:
        move("cycle", state.cycle, "closed")
        for key in sorted(state.received):
            give_rank(state, state.received[key]["value"], seq)
        state.received.clear()
    elif which == 2 and now == STATES["cycle"]["listed"]:
        open_window(state)
    elif which == 3 and now == STATES["cycle"]["window"]:
        become_settled(state, seq)
    elif which == 8:
        begin(state)
    elif which == 9 and now in (SETTLED, IN_SESSION):
        _end_session(state, seq)
    elif which == 13:
        file(state, seq)


def open_window(state):
    """The window opens for all who are listed."""
    move("cycle", state.cycle, "window")
    for number, org in state.rows("ORGANISATION"):
        if org["state"] == APPLICATION["listed"]:
            move_org(state, number, "unopposed")


def _end_session(state, seq):
    state.cycle["ended"] = seq
    move("cycle", state.cycle, "ended")
    for number, org in state.rows("ORGANISATION"):
        mark_in_at_end(org)
        end_org(state, number, seq)


def acts(state, actor, number):
    """Whether the actor is the office of the organisation; number 0 is none."""
    return number != 0 and state.orgs[number]["office_number"] == actor


def pre_list(org):
    """Whether it is before any list."""
    return org["state"] <= APPLICATION["duplicate"]


def supersede(state, number):
    """What a published comment replaces is superseded."""
    replaced = state.comment[number] if number else None
    if replaced and replaced["state"] in (COMMENT["accepted"], COMMENT["published"]):
        move("comment", replaced, "superseded")

