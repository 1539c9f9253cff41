# SPDX-License-Identifier: Apache-2.0
"""What an entry does to the state, and what the registry then owes; docs/rules.md, 2 and 7."""

from . import kinds_cycle, kinds_decisions, kinds_objections, kinds_orgs, kinds_part, lists
from .pieces import next_deadline, tick, words_of
from .policy import parse
from .seeing import SCOPES
from .shapes import NUMBERS, number_word
from .state import CANCELLED, FORM, REFUSED, State, is_in, is_open, new_row
from .verdicts import Refuse, is_refused, refuse_if

CAUSE_KEYS = {1: "objection-window", 2: "objection-threshold", 3: "objection-effect",
              4: "state-while-undecided", 5: "decider", 6: "lapse-rule", 7: "ecosoc-route",
              8: "endorsement", 9: "list-maker"}


class OwnEntryWrong(Exception):
    """The registry logged what is not due, or did not log what is."""


class Message:
    """A message under rule, with what the state knows of who said it."""

    def __init__(self, state, entry):
        self.seq = entry["seq"]
        self.kind = entry["kind"]
        self.id = entry["id"]
        self.on_behalf = entry["on_behalf"]
        self.at = entry["received_at"]
        self.subject = entry["subject"]
        self.key = state.find("KEY", "key", entry["key"])
        if not self.key:
            raise ValueError(f"entry {self.seq}: its key is not on the roster")
        self.actor = state.key[self.key]["actor_number"]
        actor = state.actor[self.actor]
        if actor["id"] != entry["actor"]:
            raise ValueError(f"entry {self.seq}: its key is of another actor")
        self.role = number_word("role", actor["role"])
        self.party = actor["state_number"]
        intake = state.find("KEY", "key", entry["intake"]) if entry["intake"] else 0
        self.receipt = (self.at, intake, entry["j"],
                        entry["bundle_index"] * 256 + entry["index"])
        self.place = 0


def _of_application(msg):
    return msg.subject["thing"] == kinds_orgs.APPLICATION_THING


def _withdrawal(state, msg):
    if _of_application(msg):
        return kinds_orgs.withdraw_application(state, msg)
    return kinds_part.withdraw_comment(state, msg)


C, G, O, D, T = kinds_cycle, kinds_orgs, kinds_objections, kinds_decisions, kinds_part
_LIVE = (1, 9)

# Kind -> roles (a key of the policy stands for the role that it names), states, function.
ONE = {
    "call": ("secretariat", (1, 1), C.call),
    "open": ("secretariat", (1, 1), C.open_cycle),
    "session-concluded": ("secretariat", (2, 9), C.session_concluded),
    "report-adopted": ("secretariat", (2, 9), C.report_adopted),
    "officers": ("secretariat", _LIVE, C.officers),
    "agenda-item": ("secretariat", _LIVE, C.agenda_item),
    "document": ("secretariat", _LIVE, C.document),
    "topic": ("secretariat", _LIVE, C.topic),
    "register-change": ("secretariat", _LIVE, C.register_change),
    "application": ("office", _LIVE, G.application),
    "amendment": ("office", (2, 7), G.amendment),
    "withdrawal": ("office", (2, 9), _withdrawal),
    "status-confirmed": ("secretariat", (2, 7), G.status_confirmed),
    "screening": ("secretariat", (2, 7), G.screening),
    "merge": ("secretariat", (2, 7), G.merge),
    "transfer": ("secretariat", (2, 9), G.transfer),
    "list-version": ("secretariat @list-maker", (2, 5), G.list_version),
    "calendar-change": ("secretariat", (2, 9), C.calendar_change),
    "late-permit": ("secretariat", (2, 9), C.late_permit),
    "presence": ("secretariat", (2, 9), C.presence),
    "endorsement": ("@approver @endorsement", (2, 7), G.endorsement),
    "registration": ("secretariat", (2, 9), T.registration),
    "attendance": ("secretariat", (7, 9), T.attendance),
    "intervention": ("secretariat", (7, 9), T.intervention),
    "comment": ("office", (2, 9), T.comment),
    "comment-ruling": ("secretariat", (2, 9), T.comment_ruling),
    "suggestion": ("secretariat", (2, 9), T.suggestion),
    "summary": ("chair", (8, 9), T.summary),
    "notice": ("secretariat", (2, 9), G.notice),
    "reply": ("office", (2, 9), G.reply),
    "roster-change": ("secretariat", (1, 11), C.roster_change),
    "intake-lost": ("secretariat", (1, 11), C.intake_lost),
    "clock-accepted": ("secretariat", (1, 11), C.clock_accepted),
    "cancellation": ("secretariat", (1, 6), C.cancellation),
    "closing-order": ("secretariat", (10, 11), C.closing_order),
    "second": ("secretariat", (1, 11), C.second),
}


def _no_check(_state, _msg):
    return ""


# The same for kinds of many verdicts: field of the targets, check of the message, one target.
MANY = {
    "objection": ("party", _LIVE, "targets", O.check_objection, O.objection),
    "co-signature": ("party", _LIVE, "targets", O.check_co_signature, O.co_signature),
    "reason-added": ("party", (4, 9), "targets", _no_check, O.reason_added),
    "objection-withdrawal": ("party", (1, 11), "targets", _no_check, O.objection_withdrawal),
    "disclosure-request": ("party", (4, 9), "targets", _no_check, O.disclosure_request),
    "referral": ("secretariat", (4, 10), "targets", _no_check, D.referral),
    "decision": ("@decider @endorsement", (1, 11), "targets", D.check_decision, D.decision),
    "correction": ("@decider @endorsement", (1, 11), "targets", D.check_correction,
                   D.correction),
    "correspondence": ("secretariat", _LIVE, "organisations", _no_check, G.correspondence),
    "invitation": ("secretariat", (2, 7), "targets", _no_check, T.invitation),
    "disclosure": ("secretariat", (2, 11), "entries", T.check_disclosure, T.disclosure),
    "withholding": ("secretariat", (8, 11), "entries", _no_check, T.withholding),
    "erasure": ("secretariat", (2, 11), "entries", _no_check, T.erasure),
}
_WHOLE = {"decision": D.decision_as_a_whole, "correction": D.correction_as_a_whole}
_KEEP = {"decision": D.keep_decision, "correction": D.keep_correction}
_SPEAKS_FOR = ("application", "amendment", "reply", "withdrawal")


def _roles(state, words):
    return [state.policy.role(word[1:]) if word.startswith("@") else word
            for word in words.split()]


def _spoken_of(msg):
    """The organisation that a message of an office speaks of."""
    if msg.kind == "application":
        return msg.subject["organisation"] or msg.id
    return msg.subject["id" if msg.kind == "withdrawal" else "organisation"]


def _check_on_behalf(state, msg):
    if msg.kind == "comment":
        refuse_if(not msg.on_behalf, "not-yours")
        return
    if msg.kind == "withdrawal" and not _of_application(msg):
        return
    allowed = [b""]
    if msg.kind in _SPEAKS_FOR:
        allowed.append(_spoken_of(msg))
    refuse_if(msg.on_behalf not in allowed, "senseless")


def _first_checks(state, msg):
    """Steps 1 to 4, and the first check of step 5."""
    refuse_if((msg.actor, msg.id) in state.ids, "id-conflict")
    refuse_if(state.key[msg.key]["ended"], "key-ended")
    roles, (least, most) = (ONE.get(msg.kind) or MANY[msg.kind])[:2]
    refuse_if(msg.role not in _roles(state, roles), "not-competent")
    if msg.kind == "withdrawal" and _of_application(msg):
        most = CANCELLED
    refuse_if(not least <= state.cycle["state"] <= most, "wrong-state")
    _check_on_behalf(state, msg)


def _target_id(target):
    return target["organisation"] if isinstance(target, dict) else target


def _each_target(state, msg, targets, function):
    """(verdict, number) of each."""
    results, seen = [], set()
    for msg.place, target in enumerate(targets):
        try:
            refuse_if(_target_id(target) in seen, "repeated-target")
            results.append(function(state, msg, target))
        except Refuse as refusal:
            results.append((refusal.word, 0))
        seen.add(_target_id(target))
    return results


def _rule_many(state, msg):
    """Verdicts and scope of a kind of many verdicts."""
    _, _, field, check, function = MANY[msg.kind]
    targets = msg.subject[field]
    verdict = check(state, msg)
    if verdict:
        return [verdict] * max(1, len(targets)), ("targets", [0] * len(targets))
    if not targets:
        whole = _WHOLE.get(msg.kind)
        return [whole(state, msg) if whole else "accepted"], ("targets", [])
    results = _each_target(state, msg, targets, function)
    if msg.kind in _KEEP:
        _KEEP[msg.kind](state, msg)
    return [verdict for verdict, _ in results], ("targets", [number for _, number in results])


def _rule(state, msg):
    """Verdicts and scope of a message."""
    many = MANY.get(msg.kind)
    try:
        _first_checks(state, msg)
        if many:
            return _rule_many(state, msg)
        verdict, scope = ONE[msg.kind][2](state, msg)
        return [verdict], scope
    except Refuse as refusal:
        count = max(1, len(msg.subject[many[2]])) if many else 1
        return [refusal.word] * count, ("none", 0)


def _add_entry(state, entry, actor, verdicts, scope):
    """The row of an entry, and of each of its targets."""
    refused = all(map(is_refused, verdicts))
    word, what = scope
    number = what
    if word == "targets":
        number = len(what)
        for place, target in enumerate(what):
            state.target[(entry["seq"], place)] = new_row("target", number=target)
    state.add("ENTRY", actor_number=actor, scope_number=number, kind=NUMBERS[entry["kind"]],
              scope=SCOPES[word], marks=REFUSED if refused else 0)
    state.subjects.append(entry["subject"])
    state.size += 1


def told(state, org):
    """What the public is to be told of an organisation, as a number."""
    sealed = state.policy["disclosure-cause"] != "public"
    final = state.cycle["settled"] or org["decided"] or org["route"] != FORM
    word = words_of("application")[org["state"]]
    if is_in(org) and final:
        return lists.TOLD["provisional" if word == "provisional" and not sealed else "admitted"]
    if word in ("listed", "unopposed", "contested"):
        word = "awaiting"
    known = word in ("awaiting", "pending", "blocked", "refused", "withdrawn", "lapsed")
    fact = lists.TOLD[word if known and not sealed else "not-shown"]
    if not sealed and final and (org["version"] or org["route"] != FORM):
        return fact
    return fact if org["told"] else 0


def _word_told(number):
    return next(word for word, code in lists.TOLD.items() if code == number)


def _outcome(state, org):
    rule = value = ""
    if state.policy["disclosure-cause"] == "public" and org["cause"] in CAUSE_KEYS:
        rule = CAUSE_KEYS[org["cause"]]
        value = state.policy[rule]
    return {"organisation": org["id"], "fact": _word_told(told(state, org)), "rule": rule,
            "value": value}


def _open_cases(state):
    cases = [{"log": row["log"], "organisation": row["id"], "seq": row["raised"]}
             for _, row in state.rows("CARRIED") if is_open(row)]
    for _, row in state.rows("CASE"):
        if is_open(row):
            org = state.orgs[row["organisation_number"]]
            cases.append({"log": state.log, "organisation": org["id"], "seq": row["raised"]})
    return cases


def due(state):
    """(kind, subject) of the own entry that is due next, or None."""
    if state.lapsing:
        org = state.orgs[min(state.lapsing)]
        return "lapse", {"organisation": org["id"],
                         "fact": words_of("application")[org["state"]]}
    for _, org in state.rows("ORGANISATION"):
        if told(state, org) != org["told"]:
            return "outcome", _outcome(state, org)
    if state.cycle["tally_due"]:
        numbers = lists.tally(state)
        if numbers:
            return "tally", {"version": state.cycle["list_version"], "counts": numbers}
    if state.cycle["closing"] and not state.cycle["closed"]:
        return "close", {"order": state.cycle["closing"], "open_cases": _open_cases(state)}
    return None


def _log_due(state, entry):
    """A lapse, outcome, tally or close; its scope."""
    seq, subject = entry["seq"], entry["subject"]
    if due(state) != (entry["kind"], subject):
        raise OwnEntryWrong(f"entry {seq}: {due(state)} is due, not {entry['kind']} {subject}")
    if entry["kind"] == "tally":
        state.cycle["tally_due"] = 0
        return "none", 0
    if entry["kind"] == "close":
        state.cycle["closed"] = seq
        return "none", 0
    number = state.org(subject["organisation"])
    org = state.orgs[number]
    if entry["kind"] == "lapse":
        state.lapsing.discard(number)
    else:
        org["told"] = lists.TOLD[subject["fact"]]
        shown = subject["fact"] in ("admitted", "provisional")
        if (shown or state.policy["disclosure-cause"] == "public") and not org["opened"]:
            org["opened"] = seq
    return "organisation", number


def _log_own(state, entry):
    """One of the registry's own entries; its scope."""
    seq, kind, subject = entry["seq"], entry["kind"], entry["subject"]
    if kind in ("lapse", "outcome", "tally", "close"):
        return _log_due(state, entry)
    if kind == "fork-evidence":
        state.cycle["closed"] = seq
    elif due(state):
        raise OwnEntryWrong(f"entry {seq}: {due(state)} is due before {kind}")
    elif kind == "tick":
        deadline = next_deadline(state)
        if deadline is None or deadline[1:] != (subject["which"], subject["due"]):
            raise OwnEntryWrong(f"entry {seq}: {deadline} is the next deadline")
        tick(state, subject["which"], subject["due"], seq)
    elif kind != "turned-away":
        raise OwnEntryWrong(f"entry {seq}: {kind} is reserved")
    return "none", 0


def start(genesis, log):
    """The state after entry 0. Genesis as its record's fields."""
    state = State()
    state.start(dict(genesis, values=parse(genesis["policy"])), log)
    _add_entry(state, {"seq": 0, "kind": "genesis", "subject": genesis}, 0, ["accepted"],
               ("none", 0))
    return state


def apply(state, entry, same_bundle=False):
    """Applies an entry after the first and returns its verdicts."""
    if state.cycle["closed"]:
        raise OwnEntryWrong("nothing may follow the end of a log")
    if "key" not in entry:
        _add_entry(state, entry, 0, ["accepted"], _log_own(state, entry))
        return ["accepted"]
    if not same_bundle and due(state):
        raise OwnEntryWrong(f"entry {entry['seq']}: {due(state)} is due before it")
    msg = Message(state, entry)
    verdicts, scope = _rule(state, msg)
    state.ids.add((msg.actor, msg.id))
    _add_entry(state, entry, msg.actor, verdicts, scope)
    return verdicts
