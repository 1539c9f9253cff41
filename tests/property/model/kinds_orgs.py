# SPDX-License-Identifier: Apache-2.0
"""Applications and the list; docs/rules.md, sections 6.3 and 6.4."""

from .kinds_cycle import ROLE, set_dates, accepted, no_effect
from .pieces import (acts, become_settled, deadline, dues, end_case, end_objections,
                     expected_from_list, give_rank, has_window, in_order, move, move_org,
                     open_case, open_window, owe_tally, pre_list, route_of, ticked,
                     words_of)
from .shapes import WORDS
from .state import (APPLICATION, DRAFT, ENDED, FORM, IN_SESSION, LATE, OPEN,
                    SETTLED, TIMELY, WINDOW, category, new_row)
from .verdicts import refuse_if

APPLICATION_THING, COMMENT_THING, OBJECTION_THING, LIST_THING = 1, 2, 3, 4


def scope_org(number):
    """An entry about one organisation."""
    return "organisation", number


def _check_claims(state, subject):
    word = WORDS["category"].split()[subject["category"] - 1]
    refuse_if(word not in state.policy.words("eligible-categories"), "category-not-eligible")
    most = state.policy.limit("representatives-max")
    refuse_if(most is not None and subject["persons"] > most, "too-many-persons")


def _complete(state, subject):
    return set(state.policy.words("required-documents")) <= set(subject["documents"])


def _marks(verdict):
    return {"accepted-late": LATE, "timely-after-tick": TIMELY}.get(verdict, 0)


_CLAIMS = ("category", "ecosoc", "prior", "persons")


def application(state, msg):
    """An organisation applies."""
    subject, now = msg.subject, state.cycle["state"]
    refuse_if(now == DRAFT, "early")
    if 1 in state.date:
        verdict = deadline(state, 1, msg.at, msg.actor, APPLICATION_THING)
    else:
        verdict = "accepted" if now <= SETTLED else "late"
    refuse_if(verdict == "late", "late")
    refuse_if(verdict == "timely-after-tick" and now >= IN_SESSION, "late")
    refuse_if(state.policy["reapply"] == "never" and subject["organisation"], "no-reapply")
    org_id = subject["organisation"] or msg.id
    refuse_if(state.org(org_id), "already-applied")
    _check_claims(state, subject)
    complete = _complete(state, subject)
    number = state.add(
        "ORGANISATION", id=org_id, applied=msg.seq, office_number=msg.actor, route=FORM,
        state=APPLICATION["submitted" if complete else "incomplete"], marks=_marks(verdict),
        **{name: subject[name] for name in _CLAIMS})
    if 1 not in state.date or ticked(state, 1):
        give_rank(state, number, msg.seq)
    else:
        state.received[msg.receipt] = {"entry": msg.seq, "value": number}
    if verdict == "accepted" and not complete:
        verdict = "incomplete"
    return verdict, scope_org(number)


def amendment(state, msg):
    """An application is changed before it is on any list."""
    subject = msg.subject
    number = state.org(subject["organisation"])
    refuse_if(not acts(state, msg.actor, number), "not-yours")
    org = state.orgs[number]
    refuse_if(org["withdrawn"], "wrong-state")
    refuse_if(not pre_list(org), "already-listed")
    if ticked(state, 1) and msg.at < org["reply_by"]:
        verdict = "accepted"
    else:
        verdict = deadline(state, 1, msg.at, msg.actor, APPLICATION_THING)
    refuse_if(verdict == "late", "late")
    _check_claims(state, subject)
    for claim in ("category", "ecosoc", "prior"):
        if org[claim] != subject[claim]:
            org["confirmed_" + claim] = 0
    org.update({name: subject[name] for name in _CLAIMS})
    complete = _complete(state, subject)
    move_org(state, number, "submitted" if complete else "incomplete")
    org["route"] = FORM
    if verdict == "accepted" and not complete:
        verdict = "incomplete"
    return verdict, scope_org(number)


def withdraw_application(state, msg):
    """An office withdraws; the verdict tells nothing of where the organisation stood."""
    number = state.org(msg.subject["id"])
    refuse_if(not acts(state, msg.actor, number), "not-yours")
    org = state.orgs[number]
    if org["withdrawn"] or state.cycle["state"] >= ENDED:
        return no_effect(scope_org(number))
    org["withdrawn"] = msg.seq
    if org["state"] not in (APPLICATION["refused"], APPLICATION["lapsed"]):
        end_objections(state, number, "standing", "lapsed", msg.seq)
        end_objections(state, number, "lodged", "invalid", msg.seq)
        case = open_case(state, number)
        if case:
            end_case(case, "moot", msg.seq)
        move_org(state, number, "withdrawn", "withdrawal")
    return accepted(scope_org(number))


def _known(state, org_id):
    number = state.org(org_id)
    refuse_if(not number, "unknown-organisation")
    return number, state.orgs[number]


def _take_route(state, number):
    org = state.orgs[number]
    org["route"] = route_of(state, number)
    if org["route"] != FORM:
        move_org(state, number, "admitted", "route")


def status_confirmed(state, msg):
    """Claims become facts."""
    number, org = _known(state, msg.subject["organisation"])
    ended = [APPLICATION[word] for word in ("refused", "withdrawn", "lapsed")]
    refuse_if(org["state"] in ended, "wrong-state")
    for claim in ("category", "ecosoc", "prior"):
        org["confirmed_" + claim] = msg.subject[claim]
    if org["state"] == APPLICATION["eligible"]:
        _take_route(state, number)
    return accepted(scope_org(number))


def screening(state, msg):
    """What the secretariat found."""
    subject = msg.subject
    number, org = _known(state, subject["organisation"])
    refuse_if(not pre_list(org), "wrong-state")
    word = WORDS["screening_result"].split()[subject["result"] - 1]
    refuse_if(word != "eligible" and not subject["reason"], "reason-required")
    refuse_if((word == "duplicate") != bool(subject["same_as"]), "senseless")
    same = state.org(subject["same_as"]) if subject["same_as"] else 0
    refuse_if(subject["same_as"] and same in (0, number), "unknown-organisation")
    if org["state"] == APPLICATION[word]:
        return no_effect(scope_org(number))
    if word == "eligible":
        refuse_if(org["state"] == APPLICATION["incomplete"], "wrong-state")
        claimed = WORDS["category"].split()[category(org) - 1]
        refuse_if(claimed not in state.policy.words("eligible-categories"),
                  "category-not-eligible")
    move_org(state, number, word)
    if word == "eligible":
        _take_route(state, number)
    if word == "duplicate":
        org["same_as_number"] = same
    return accepted(scope_org(number))


def merge(state, msg):
    """Two ids are one organisation."""
    kept, _ = _known(state, msg.subject["kept"])
    number, org = _known(state, msg.subject["dropped"])
    refuse_if(kept == number, "unknown-organisation")
    refuse_if(not pre_list(org), "wrong-state")
    scope = ("targets", [kept, number])
    if org["state"] == APPLICATION["duplicate"]:
        return no_effect(scope)
    move_org(state, number, "duplicate")
    org["same_as_number"] = kept
    return accepted(scope)


def transfer(state, msg):
    """Another office acts."""
    number, org = _known(state, msg.subject["organisation"])
    office = state.find("ACTOR", "id", msg.subject["office"])
    refuse_if(not office or state.actor[office]["role"] != ROLE["office"], "unknown-actor")
    if org["office_number"] == office:
        return no_effect(scope_org(number))
    org["office_number"] = office
    return accepted(scope_org(number))


def notice(state, msg):
    """An applicant is told something."""
    subject = msg.subject
    number, org = _known(state, subject["organisation"])
    sealed = state.policy["notify-applicant"] in ("never", "outcome")
    refuse_if(subject["thing"] == OBJECTION_THING and sealed, "sealed-by-policy")
    refuse_if(subject["thing"] == LIST_THING, "senseless")
    refuse_if(subject["reply_by"] and subject["reply_by"] <= msg.at, "already-passed")
    state.notice[msg.seq] = new_row("notice", reply_by=subject["reply_by"],
                                    organisation_number=number)
    if subject["thing"] == APPLICATION_THING:
        org["reply_by"] = subject["reply_by"]
    return accepted(scope_org(number))


def reply(state, msg):
    """An applicant replies in time."""
    number = state.org(msg.subject["organisation"])
    refuse_if(not acts(state, msg.actor, number), "not-yours")
    row = state.notice.get(msg.subject["notice"])
    refuse_if(row is None or row["organisation_number"] != number, "unknown-entry")
    refuse_if(not row["reply_by"] or msg.at >= row["reply_by"], "late")
    return accepted(scope_org(number))


def correspondence(state, _msg, org_id):
    """A letter about an organisation."""
    return "accepted", _known(state, org_id)[0]


def list_version(state, msg):
    """The list is circulated or amended."""
    subject, cycle = msg.subject, state.cycle
    version = subject["version"]
    refuse_if(version != cycle["list_version"] + 1, "wrong-number")
    verdict = _first_list_verdict(state, msg) if version == 1 else "accepted"
    names_approver = state.policy.role("approver")
    refuse_if(names_approver and cycle["approved"] < version, "not-approved")
    refuse_if(version > 1 and not subject["reason"], "reason-required")
    refuse_if(version == 1 and subject["removed"], "senseless")
    added, removed = _list_changes(state, subject)
    given = _list_dates(state, msg)
    due = {**dues(state), **given}
    if version > 1 and added and ticked(state, 2):
        announced = state.date[3]["due"] - state.date[2]["due"]
        refuse_if(due[3] - msg.at < announced, "notice-too-short")
    refuse_if(not in_order(state.policy, due), "dates-out-of-order")
    for number in removed:
        move_org(state, number, "eligible")
        state.orgs[number]["version"] = 0
    for number in added:
        org = state.orgs[number]
        move_org(state, number, "listed", "list")
        org["version"] = version
        org["listed"] = org["listed"] or msg.seq
    set_dates(state, given, msg.seq)
    cycle["list_version"] = version
    if version == 1:
        cycle["listed"] = msg.seq
        move("cycle", cycle, "listed")
        if not has_window(state):
            become_settled(state, msg.seq)
        elif ticked(state, 2):
            open_window(state)
    elif cycle["state"] == WINDOW:
        for number in added:
            move_org(state, number, "unopposed")
    owe_tally(state)
    return verdict, ("targets", added + removed)


def _first_list_verdict(state, msg):
    refuse_if(state.cycle["state"] == OPEN and 1 in state.date, "early")
    refuse_if(ticked(state, 3), "late")
    if not ticked(state, 12):
        return "accepted"
    permit = state.permit.get((msg.actor, LIST_THING))
    refuse_if(permit is None or msg.at >= permit["value"], "late")
    return "accepted-late"


def _list_changes(state, subject):
    seen, added, removed = set(), [], []
    for org_id in subject["added"]:
        added.append(_list_change(state, org_id, seen, ("eligible",)))
    for removal in subject["removed"]:
        removed.append(_list_change(state, removal["organisation"], seen,
                                    ("listed", "unopposed")))
    return added, removed


def _list_change(state, org_id, seen, words):
    number, org = _known(state, org_id)
    refuse_if(number in seen, "repeated-target")
    refuse_if(words_of("application")[org["state"]] not in words, "not-eligible")
    seen.add(number)
    return number


def _list_dates(state, msg):
    """The instants that the version gives, checked."""
    subject, given = msg.subject, {}
    first = subject["version"] == 1
    for date in subject["dates"]:
        which = date["which"]
        used = expected_from_list(state.policy, which) if first else \
            which == 3 and subject["added"]
        refuse_if(which in given or not used, "date-not-used")
        given[which] = date["at"]
    if first:
        missing = [which for which in range(1, 15)
                   if expected_from_list(state.policy, which) and which not in given]
        refuse_if(missing, "date-missing")
        closes = given.get(3, dues(state).get(3))
        refuse_if(closes is not None and closes <= msg.at, "already-passed")
    elif 3 in given:
        refuse_if(given[3] <= state.date[3]["due"], "not-later")
    return given


CARRIED = 1


def endorsement(state, msg):
    """A version is approved before it is circulated, or the list endorsed after the window."""
    version, carried = msg.subject["version"], msg.subject["result"] == CARRIED
    cycle = state.cycle
    if version == cycle["list_version"] + 1:
        refuse_if(msg.role != state.policy.role("approver"), "not-competent")
        if carried:
            cycle["approved"] = version
        return accepted()
    refuse_if(version != cycle["list_version"] or not version, "wrong-number")
    refuse_if(msg.role != state.policy.role("endorsement"), "not-competent")
    refuse_if(not cycle["settled"], "early")
    if cycle["endorsed"]:
        return no_effect()
    if carried:
        endorse(state)
    return accepted()


def endorse(state):
    """All who wait for the endorsement are admitted."""
    state.cycle["endorsed"] = 1
    for number, org in state.rows("ORGANISATION"):
        if org["version"] and words_of("application")[org["state"]] in ("unopposed", "contested"):
            move_org(state, number, "admitted", "endorsement")
