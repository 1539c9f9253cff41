# SPDX-License-Identifier: Apache-2.0
"""Cases and decisions; docs/rules.md, sections 5.4 and 6.6."""

from .kinds_orgs import endorse
from .pieces import (case_of, end_case, end_objections, end_org, move, move_org, open_case,
                     pre_list, settle, ticked, weigh, words_of)
from .shapes import WORDS
from .state import (APPLICATION, CANCELLED, CASE, OBJECTION, OBJECTION_TIMELY, WINDOW, is_open,
                    new_row, objections_to)
from .verdicts import refuse_if

CARRIED_BASE = 1 << 32
CARRIED = 1
ADMITTED, REFUSED = 1, 2
SIMPLE, TWO_THIRDS = 1, 2


def carried_cases(state, org_id, only_open=False):
    """Cases of this id that earlier cycles left, with their numbers."""
    return [(number, row) for number, row in state.rows("CARRIED")
            if row["id"] == org_id and (is_open(row) or not only_open)]


def _target_number(state, org_id):
    """How the table of targets names it: the organisation, else its first open carried case."""
    number = state.org(org_id)
    if number:
        return number
    cases = carried_cases(state, org_id, True) or carried_cases(state, org_id)
    return CARRIED_BASE + cases[0][0]


def _open_cases(state, org_id):
    number = state.org(org_id)
    own = open_case(state, number) if number else None
    return ([own] if own else []) + [row for _, row in carried_cases(state, org_id, True)]


def referral(state, msg, org_id):
    """Cases are put to the body."""
    cases = _open_cases(state, org_id)
    refuse_if(not cases, "no-case")
    number = _target_number(state, org_id)
    if all(case["state"] == CASE["referred"] for case in cases):
        return "no-effect", number
    for case in cases:
        if case["state"] != CASE["referred"]:
            move("case", case, "referred")
            case["ended"] = 0
            if "referred" in case:
                case["referred"] = msg.seq
    return "accepted", number


def _question(subject):
    return WORDS["question"].split()[subject["question"] - 1]


def _check_frame(state, msg):
    """Checks 1 and 2, which decisions and corrections share."""
    subject, question = msg.subject, _question(msg.subject)
    key = "endorsement" if question == "endorse" else "decider"
    refuse_if(msg.role != state.policy.role(key), "not-competent")
    whole = question in ("procedure", "endorse")
    refuse_if(whole == bool(subject["targets"]), "senseless")
    refuse_if((question == "defer") != bool(subject["deferred_to"]), "senseless")
    refuse_if((question == "procedure") != bool(subject["majority"]), "senseless")


def _check_votes(state, subject):
    votes = subject["yes"], subject["no"], subject["abstained"]
    manner = WORDS["manner"].split()[subject["manner"] - 1]
    given = sum(votes) > 0
    refuse_if(manner == "consensus" and given, "vote-mismatch")
    refuse_if(manner == "recorded" and not given, "votes-required")
    if not given:
        return
    majority = SIMPLE
    if _question(subject) != "procedure":
        majority = state.cycle["majority"] or \
            {"two-thirds": TWO_THIRDS}.get(state.policy["majority"], SIMPLE)
    yes, no = votes[:2]
    carried = yes > no if majority == SIMPLE else yes > 0 and 3 * yes >= 2 * (yes + no)
    refuse_if(carried != (subject["result"] == CARRIED), "vote-mismatch")


def check_decision(state, msg):
    """The message as a whole; no-effect where it has none."""
    _check_frame(state, msg)
    question = _question(msg.subject)
    timed = (state.policy["decision-window"] or "none") != "none"
    if timed and question != "reverse":
        refuse_if(not ticked(state, 6), "early")
        refuse_if(ticked(state, 7), "late")
    _check_votes(state, msg.subject)
    if question != "endorse":
        return ""
    cycle = state.cycle
    refuse_if(not cycle["list_version"] or not cycle["settled"], "early")
    refuse_if(cycle["ended"], "late")
    return "no-effect" if cycle["endorsed"] else ""


def keep_decision(state, msg, **fields):
    """The row of a decision or correction."""
    subject = msg.subject
    state.decision[msg.seq] = new_row("decision", **dict({
        "root": msg.seq, "targets": len(subject["targets"]), "question": subject["question"],
        "result": subject["result"]}, **fields))


def decision_as_a_whole(state, msg):
    """procedure and endorse, which have no targets."""
    subject, before = msg.subject, 0
    if _question(subject) == "procedure":
        before = state.cycle["majority"]
        if subject["result"] == CARRIED:
            state.cycle["majority"] = subject["majority"]
    elif subject["result"] == CARRIED:
        endorse(state)
    keep_decision(state, msg, majority_before=before)
    return "accepted"


def decision(state, msg, org_id):
    """One target."""
    verdict = _check_target(state, _question(msg.subject), org_id)
    if verdict == "no-effect":
        return verdict, 0
    target = _target_number(state, org_id)
    if msg.subject["result"] == CARRIED:
        decide(state, msg, org_id)
    return "accepted", target


def _check_target(state, question, org_id):
    number, cases = state.org(org_id), _open_cases(state, org_id)
    carried = carried_cases(state, org_id)
    open_carried = carried_cases(state, org_id, True)
    refuse_if(not number and not carried, "unknown-organisation")
    refuse_if(state.cycle["state"] == CANCELLED and not open_carried, "wrong-state")
    org = state.orgs[number]
    word = words_of("application")[org["state"]] if number else ""
    refuse_if(number and pre_list(org) and not open_carried, "not-listed")
    gone = number and org["withdrawn"]
    if (gone or word == "lapsed") and not cases:
        return "no-effect"
    refuse_if(question == "defer" and not cases, "no-case")
    if question == "reverse":
        decided = number and org["decided"] and not gone and word in ("admitted", "refused")
        refuse_if(not decided, "nothing-to-reverse")
    there = {"admit": "admitted", "refuse": "refused", "strike": "refused"}.get(question)
    if number and word == there and not cases:
        return "no-effect"
    return "no-effect" if not number and not open_carried else ""


def decide(state, msg, org_id):
    """DECIDE, for a motion that is carried."""
    number, question = state.org(org_id), _question(msg.subject)
    want = {"admit": ADMITTED, "refuse": REFUSED, "strike": REFUSED}.get(question)
    if question == "reverse":
        org = state.orgs[number]
        want = ADMITTED if org["state"] == APPLICATION["refused"] else REFUSED
    if number and not _left_alone(state, number):
        _keep_before(state, number)
        if question == "defer":
            case = open_case(state, number)
            if case:
                move("case", case, "deferred")
        else:
            _decide_org(state, number, want, msg.seq)
        state.orgs[number]["decided"] = msg.seq
    for _, row in carried_cases(state, org_id, True):
        row.update(before=row["state"], before_result=row["result"], ended=msg.seq)
        if question == "defer":
            move("case", row, "deferred")
        else:
            move("case", row, "decided")
            row["result"] = want


def _left_alone(state, number):
    """Of who is on no list or withdrew, only carried cases are decided."""
    org = state.orgs[number]
    return pre_list(org) or org["withdrawn"] != 0


def _keep_before(state, number):
    org, case = state.orgs[number], case_of(state, number)
    org.update(before_state=org["state"], before_cause=org["cause"],
               before_case=case["state"] if case else 0,
               before_result=case["result"] if case else 0, before_decided=org["decided"])


def _decide_org(state, number, want, seq):
    _decide_objections(state, number, want, seq)
    case = case_of(state, number)
    if case and (is_open(case) or case["state"] == CASE["decided"]):
        move("case", case, "decided")
        case.update(result=want, ended=seq)
    if state.orgs[number]["state"] != APPLICATION["lapsed"]:
        move_org(state, number, "admitted" if want == ADMITTED else "refused", "decider")


def _decide_objections(state, number, want, seq):
    ruled, other = ("overturned", "upheld") if want == ADMITTED else ("upheld", "overturned")
    for row in objections_to(state, number, "lodged", "standing", other):
        row["before"] = row["state"]
        if row["state"] != OBJECTION["lodged"]:
            move("objection", row, ruled)
        elif want == REFUSED and row["marks"] & OBJECTION_TIMELY:
            move("objection", row, "standing")
            row["stood"] = seq
            move("objection", row, ruled)
        else:
            move("objection", row, "invalid")
        row["ended"] = seq


def check_correction(state, msg):
    """The message as a whole; no-effect where it has none."""
    subject = msg.subject
    _check_frame(state, msg)
    row = state.decision.get(subject["corrects"])
    refuse_if(row is None, "unknown-entry")
    refuse_if(row["corrected"], "superseded")
    refuse_if(not _same_matter(state, subject), "correction-mismatch")
    _check_votes(state, subject)
    carried = row["result"] == CARRIED
    return "no-effect" if _question(subject) == "endorse" and carried else ""


def _same_matter(state, subject):
    """Whether question and targets are the same; what was kept as 0 is matched by any."""
    seq = subject["corrects"]
    corrected = state.subjects[seq]
    if corrected["question"] != subject["question"] or \
            len(corrected["targets"]) != len(subject["targets"]):
        return False
    pairs = enumerate(zip(corrected["targets"], subject["targets"]))
    return all(before == now or not state.target[(seq, place)]["number"]
               for place, (before, now) in pairs)


def keep_correction(state, msg, majority_before=0):
    """The row of the correction, and the mark on what it corrects."""
    corrected = state.decision[msg.subject["corrects"]]
    corrected["corrected"] = msg.seq
    keep_decision(state, msg, root=corrected["root"], majority_before=majority_before)


def correction_as_a_whole(state, msg):
    """procedure and endorse."""
    subject, between = msg.subject, 0
    carried = subject["result"] == CARRIED
    if _question(subject) == "procedure":
        corrected = state.decision[subject["corrects"]]
        between = state.cycle["majority"]
        if corrected["result"] == CARRIED:
            between = corrected["majority_before"]
        state.cycle["majority"] = subject["majority"] if carried else between
    elif carried:
        endorse(state)
    keep_correction(state, msg, between)
    return "accepted"


def correction(state, msg, org_id):
    """One target of a decision that was recorded wrongly."""
    corrects = msg.subject["corrects"]
    if not state.target[(corrects, msg.place)]["number"]:
        return "no-effect", 0
    number, target = state.org(org_id), _target_number(state, org_id)
    org = state.orgs[number] if number else None
    undo = state.decision[corrects]["result"] == CARRIED
    refuse_if(undo and not _is_last(state, org, org_id, corrects), "superseded")
    if number and org["withdrawn"]:
        return "no-effect", 0
    put_back = undo and number and org["decided"] == corrects
    if undo:
        _put_back_carried(state, org_id, corrects)
    if put_back:
        _put_back(state, number, corrects, _question(msg.subject) == "defer")
    if msg.subject["result"] == CARRIED:
        decide(state, msg, org_id)
    if put_back and state.cycle["state"] == CANCELLED:
        _cancel_again(state, number, msg.seq)
    elif put_back:
        _bring_up_to_date(state, number, msg.seq, _question(msg.subject) == "defer")
    return "accepted", target


def _cancel_again(state, number, seq):
    """What was open when the cycle was cancelled is so no more."""
    case = open_case(state, number)
    if case:
        end_case(case, "moot", seq)
    end_objections(state, number, "standing", "lapsed", seq)
    end_objections(state, number, "lodged", "invalid", seq)


def _is_last(state, org, org_id, corrects):
    """Whether a decision is the last on this target, with what it takes to put it back."""
    if org and org["decided"]:
        return org["decided"] == corrects and org["before_state"] != 0
    return any(row["ended"] == corrects and row["before"]
               for _, row in carried_cases(state, org_id))


def _put_back_carried(state, org_id, corrects):
    for _, row in carried_cases(state, org_id):
        if row["ended"] == corrects and row["before"]:
            row.update(state=row["before"], result=row["before_result"], ended=0, before=0,
                       before_result=0)


def _put_back(state, number, corrects, deferral):
    org, case = state.orgs[number], case_of(state, number)
    earlier = org["before_decided"]
    if not deferral:
        _put_back_objections(state, number, corrects, earlier)
        org.update(state=org["before_state"], cause=org["before_cause"])
    if case and org["before_case"] and (not deferral or case["state"] == CASE["deferred"]):
        case.update(state=org["before_case"], result=org["before_result"])
        if is_open(case):
            case["ended"] = 0
        elif case["ended"] == corrects:
            case["ended"] = earlier
    org["decided"] = earlier
    org.update(before_state=0, before_cause=0, before_case=0, before_result=0, before_decided=0)


def _put_back_objections(state, number, corrects, earlier):
    for _, row in state.rows("OBJECTION"):
        if row["organisation_number"] == number and row["ended"] == corrects:
            live = row["before"] in (OBJECTION["lodged"], OBJECTION["standing"])
            row.update(state=row["before"], ended=0 if live else earlier, before=0)
            if row["state"] == OBJECTION["lodged"]:
                row["stood"] = 0


def _bring_up_to_date(state, number, seq, deferral):
    """A state that was put back is what it would have become since; a deferral put none back."""
    org = state.orgs[number]
    word = words_of("application")[org["state"]]
    if state.cycle["settled"]:
        if not deferral and word in ("listed", "unopposed", "contested"):
            settle(state, number, seq)
    else:
        if state.cycle["state"] == WINDOW and word == "listed":
            move_org(state, number, "unopposed")
        weigh(state, number, seq)
    if state.cycle["ended"]:
        end_org(state, number, seq)
