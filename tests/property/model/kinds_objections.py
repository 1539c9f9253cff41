# SPDX-License-Identifier: Apache-2.0
"""Objections; docs/rules.md, sections 5.3 and 6.5."""

from .kinds_cycle import distinct
from .kinds_orgs import OBJECTION_THING
from .pieces import (deadline, has_window, moot_case, move, raise_case, standing, ticked, urge,
                     weigh)
from .state import (APPLICATION, CANCELLED, CLOSED, ENDED, FORM, GROUP, OBJECTION,
                    OBJECTION_TIMELY, WITHDRAWN_TIMELY)
from .verdicts import refuse_if

_OBJECTABLE = [APPLICATION[word] for word in
               ("unopposed", "contested", "blocked", "pending", "provisional", "admitted")]


def entitled(state, party):
    """Whether a State may object now."""
    row = state.tables["STATE"][party] if party else None
    if row is None or not row["entitled"]:
        return False
    return state.policy["may-object"] != "parties-present" or row["present"] == 1


def _time_of_objections(state, msg):
    """early, late or the verdict that an objection gets."""
    now = state.cycle["state"]
    if has_window(state):
        if not ticked(state, 2):
            return "early"
        if now >= ENDED and not state.policy.role("decider"):
            return "late"
        return deadline(state, 3, msg.at, msg.actor, OBJECTION_THING)
    if now <= CLOSED:
        return "early"
    return "late" if now >= ENDED else "accepted"


def not_listed(state, number):
    """Whether it never stood on a list and has no other route."""
    if not number:
        return True
    return not state.orgs[number]["listed"] and state.orgs[number]["route"] == FORM


def _objectable(state, org):
    if state.policy["prior-accreditation"] == "bars-objection" and org["confirmed_prior"] == 2:
        return False
    protected = state.policy["ecosoc-objectable"] in ("no", "decision-only")
    return not (protected and org["confirmed_ecosoc"] == 2)


def _check_reason(state, reason):
    codes = state.policy.words("reason-codes")
    refuse_if(reason and state.policy["reasons"] == "none", "unknown-reason")
    refuse_if(reason and codes and reason not in codes, "unknown-reason")


def last_objection(state, number, party):
    """The last objection of a State to an organisation, or None."""
    mark = state.pair.get((number, party))
    return state.objection[mark["value"]] if mark else None


def _has(state, number, party, *words):
    row = last_objection(state, number, party)
    return row is not None and row["state"] in [OBJECTION[word] for word in words]


def _first_checks(state, msg, number, parties, reason):
    """Checks 1 to 6; the verdict that the time gives."""
    verdict = _time_of_objections(state, msg)
    refuse_if(verdict == "late", "late")
    refuse_if(verdict == "early", "early")
    refuse_if(not all(entitled(state, party) for party in parties), "not-entitled")
    refuse_if(not_listed(state, number), "not-listed")
    refuse_if(not _objectable(state, state.orgs[number]), "not-objectable")
    refuse_if(state.policy["reasons"] == "required" and not reason, "reason-required")
    _check_reason(state, reason)
    return verdict


def _check_undecided(state, number):
    org = state.orgs[number]
    by_route = org["state"] == APPLICATION["admitted"] and org["route"] != FORM
    refuse_if(org["decided"] or org["state"] not in _OBJECTABLE or by_route, "already-decided")


def check_objection(state, msg):
    """The message as a whole."""
    subject, group = msg.subject, state.policy["group-objection"]
    refuse_if(subject["states"] and group in ("none", None), "group-not-allowed")
    by_other = group == "representative" and subject["states"]
    refuse_if(by_other and not subject["source"], "source-required")
    own = state.tables["STATE"][msg.party]["code"]
    refuse_if(not distinct([own] + subject["states"]), "senseless")


def objection(state, msg, target):
    """A State objects, alone or for others."""
    number = state.org(target["organisation"])
    named = [state.state_number(code) for code in msg.subject["states"]]
    by_other = state.policy["group-objection"] == "representative" and named
    own_counts = not by_other or entitled(state, msg.party)
    asked = named if by_other else [msg.party] + named
    verdict = _first_checks(state, msg, number, asked, target["reason"])
    if own_counts:
        twice = _has(state, number, msg.party, "standing", "lodged")
    else:
        twice = all(_has(state, number, party, "standing", "lodged") for party in named)
    refuse_if(twice, "duplicate-objection")
    _check_undecided(state, number)
    stand = []
    if own_counts:
        stand.append(_lodge(state, msg, number, msg.party, target["reason"], 0))
    for party in named:
        if not _has(state, number, party, "standing", "lodged"):
            row = _lodge(state, msg, number, party, target["reason"], GROUP)
            if by_other:
                stand.append(row)
    _stand(state, msg, number, stand, verdict)
    state.instruments.setdefault(msg.id, msg.seq)
    return verdict, number


def _lodge(state, msg, number, party, reason, marks):
    made = state.add("OBJECTION", instrument=msg.seq, organisation_number=number,
                     state_number=party, reason=reason, state=OBJECTION["lodged"], marks=marks)
    state.pair[(number, party)] = {"entry": msg.seq, "value": made}
    return state.objection[made]


def _stand(state, msg, number, rows, verdict):
    """STAND of all of one target, or what came in time and was logged too late."""
    if verdict == "timely-after-tick":
        for row in rows:
            row["marks"] |= OBJECTION_TIMELY
        raise_case(state, number, msg.seq)
        urge(state, number)
        return
    for row in rows:
        move("objection", row, "standing")
        row["stood"] = msg.seq
    weigh(state, number, msg.seq)


def check_co_signature(state, _msg):
    """The message as a whole."""
    refuse_if(state.policy["group-objection"] != "each-signs", "group-not-allowed")


def co_signature(state, msg, target):
    """A named State joins."""
    number = state.org(target["organisation"])
    verdict = _first_checks(state, msg, number, [msg.party], target["reason"])
    row = last_objection(state, number, msg.party)
    fits = (row is not None and row["state"] == OBJECTION["lodged"]
            and row["instrument"] == state.instruments.get(msg.subject["instrument"])
            and not row["marks"] & OBJECTION_TIMELY)
    refuse_if(not fits, "nothing-to-sign")
    _check_undecided(state, number)
    row["reason"] = target["reason"] or row["reason"]
    _stand(state, msg, number, [row], verdict)
    return verdict, number


def reason_added(state, msg, target):
    """A State gives its reason, or another."""
    number = state.org(target["organisation"])
    refuse_if(not _has(state, number, msg.party, "standing"), "no-objection")
    refuse_if(not target["reason"], "reason-required")
    _check_reason(state, target["reason"])
    row = last_objection(state, number, msg.party)
    if row["reason"] == target["reason"]:
        return "no-effect", number
    row["reason"] = target["reason"]
    return "accepted", number


def objection_withdrawal(state, msg, org_id):
    """A State withdraws its objection, and nobody else's."""
    number = state.org(org_id)
    if state.cycle["state"] in range(ENDED, CANCELLED + 1):
        return "no-effect", number
    row = last_objection(state, number, msg.party)
    gone = row is None or row["state"] in (OBJECTION["invalid"], OBJECTION["withdrawn"])
    refuse_if(gone, "no-objection")
    was_lodged = row["state"] == OBJECTION["lodged"]
    refuse_if(not was_lodged and row["state"] != OBJECTION["standing"], "already-decided")
    if 5 in state.date:
        refuse_if(msg.at >= state.date[5]["due"], "late")
        if ticked(state, 5):
            row["marks"] |= WITHDRAWN_TIMELY
            urge(state, number)
            return "timely-after-tick", number
    move("objection", row, "withdrawn")
    row["ended"] = msg.seq
    if not was_lodged:
        weigh(state, number, msg.seq)
    elif not standing(state, number):
        moot_case(state, number, msg.seq)
    return "accepted", number


def disclosure_request(state, msg, org_id):
    """A State asks who objected; the verdict does not depend on whether anybody did."""
    number = state.org(org_id)
    refuse_if(not state.tables["STATE"][msg.party]["entitled"], "not-entitled")
    refuse_if(not_listed(state, number), "not-listed")
    level = state.policy["disclosure-objector"]
    refuse_if(level not in ("states-on-request", "public"), "sealed-by-policy")
    if (msg.party, number) in state.request:
        return "no-effect", number
    state.request[(msg.party, number)] = {"entry": msg.seq, "value": 0}
    return "accepted", number
