# SPDX-License-Identifier: Apache-2.0
"""Who may see what; docs/rules.md, section 8.

Each reason to see an entry is worked out as the index from which it holds. So an answer for an
older size is the answer that was given then.
"""

from .shapes import KINDS
from .state import REFUSED

OBJECTION_KINDS = ("objection", "co-signature", "reason-added", "objection-withdrawal")
LEVELS = {word: number for number, word in enumerate(
    "sealed count-only chair decider states-on-request public".split())}
SCOPES = {"none": 0, "organisation": 1, "comment": 2, "actor": 3, "targets": 4}
PUBLIC_READER = {"role": "", "actor": 0}
_RULED_ON = """
application amendment withdrawal status-confirmed screening merge transfer list-version
late-permit objection co-signature reason-added objection-withdrawal presence referral
endorsement decision correction correspondence invitation registration attendance intervention
comment comment-ruling suggestion summary disclosure-request disclosure notice reply lapse
""".split()
_OF_OFFICE = ("application", "amendment", "withdrawal", "comment", "comment-ruling", "notice",
              "reply", "transfer", "registration", "attendance", "status-confirmed")
_ENTRIES_NAMED = ("disclosure", "withholding", "erasure")


def kind_of(state, seq):
    """The kind of an entry by its word."""
    return KINDS[state.entry[seq + 1]["kind"]][0]


def level_of(state, kind):
    """Who learns of an entry of the objection kinds, as a number."""
    level = LEVELS[state.policy["disclosure-objector"]]
    if kind != "objection-withdrawal" and state.policy["reasons"] != "none":
        level = min(level, LEVELS[state.policy["disclosure-reason"]])
    return level


def targets_of(state, seq):
    """The numbers in the table of targets, those that are not 0."""
    row = state.entry[seq + 1]
    if row["scope"] != SCOPES["targets"]:
        return []
    numbers = [state.target[(seq, place)]["number"] for place in range(row["scope_number"])]
    return [number for number in numbers if number]


def organisations_of(state, seq):
    """The organisations of this cycle that an entry is about, by their numbers."""
    row = state.entry[seq + 1]
    if row["scope"] == SCOPES["organisation"]:
        return [row["scope_number"]]
    if row["scope"] == SCOPES["comment"]:
        return [state.comment[row["scope_number"]]["organisation_number"]]
    if kind_of(state, seq) in _ENTRIES_NAMED:
        return []
    return [number for number in targets_of(state, seq) if number < len(state.orgs)]


def opens_word(state, seq):
    """The instant at which the policy opens an entry to the public."""
    kind = kind_of(state, seq)
    if kind == "withdrawal" and state.entry[seq + 1]["scope"] == SCOPES["comment"]:
        kind = "comment"
    return state.policy.opens(kind) if kind in _RULED_ON else "received"


def _highest(indices):
    """The highest of some indices; never if one is nothing, or there is none."""
    return max(indices) if indices and all(indices) else None


def _about_nothing(state, seq):
    row = state.entry[seq + 1]
    whole = row["scope"] == SCOPES["targets"] and not row["scope_number"]
    return whole or row["scope"] == SCOPES["none"]


def _of_organisations(state, seq, field):
    """The highest index of a field of those that it is about; never if one has none."""
    if kind_of(state, seq) in _ENTRIES_NAMED or \
            any(number >= len(state.orgs) for number in targets_of(state, seq)):
        return None
    return _highest([state.orgs[number][field] for number in organisations_of(state, seq)])


def _listed_index(state, seq):
    kind = kind_of(state, seq)
    if kind == "late-permit":
        return state.cycle["listed"] or None
    if kind == "list-version" or _about_nothing(state, seq):
        return seq
    return _of_organisations(state, seq, "listed")


def _decided_index(state, seq):
    if kind_of(state, seq) == "late-permit":
        return state.cycle["settled"] or None
    if _about_nothing(state, seq):
        return seq
    return _of_organisations(state, seq, "opened")


def _published_index(state, seq):
    row = state.entry[seq + 1]
    if row["scope"] == SCOPES["comment"]:
        return state.comment[row["scope_number"]]["published"] or None
    if _about_nothing(state, seq):
        return state.cycle["summary"] or None
    return _highest([state.cycle["summary"], _of_organisations(state, seq, "opened")])


def _opened_index(state, seq):
    word = opens_word(state, seq)
    if word == "received":
        return seq
    if word == "never" or state.entry[seq + 1]["marks"] & REFUSED:
        return None
    index = {"listed": _listed_index, "decided": _decided_index,
             "published": _published_index}[word]
    return index(state, seq)


def _public_indices(state, seq):
    """Entries from which on the public may see it."""
    indices = [_opened_index(state, seq)]
    mark = state.disclosed.get((seq, 1, 0))
    if mark:
        indices.append(mark["entry"])
    return indices


def _disclosed_indices(state, reader, seq):
    found = []
    actor = state.actor[reader["actor"]]
    party = state.tables["STATE"][actor["state_number"]]
    entitled = party is not None and party["entitled"]
    for (entry, to, code), mark in state.disclosed.items():
        own = any(state.orgs[number]["office_number"] == reader["actor"]
                  for number in organisations_of(state, seq))
        fits = (to == 2 and own, to == 3 and entitled,
                to == 4 and code == actor["state_number"],
                to == 5 and reader["role"] == "chair",
                to == 6 and reader["role"] == state.policy.role("decider"))
        if entry == seq and any(fits):
            found.append(mark["entry"])
    return found


def _office_index(state, reader, seq):
    kind, row = kind_of(state, seq), state.entry[seq + 1]
    if kind == "late-permit":
        to_it = row["scope"] == SCOPES["actor"] and row["scope_number"] == reader["actor"]
        return seq if to_it else None
    if row["scope"] not in (SCOPES["organisation"], SCOPES["comment"]):
        return None
    office = state.orgs[organisations_of(state, seq)[0]]["office_number"]
    told = kind in _OF_OFFICE or \
        (kind == "screening" and state.policy["screening-reasons"] != "none")
    return seq if told and office == reader["actor"] else None


def reads_list(state, reader):
    """Whether a reader is one of the list's readers."""
    readers = state.policy.words("list-readers")
    if "public" in readers:
        return True
    if reader["role"] == "party":
        party = state.actor[reader["actor"]]["state_number"]
        return "states" in readers and state.tables["STATE"][party]["entitled"] == 1
    return reader["role"] in ("secretariat", "chair", "bureau", "conference") and \
        reader["role"] in readers


def _list_reader_index(state, reader, seq):
    kind = kind_of(state, seq)
    if not reads_list(state, reader) or state.entry[seq + 1]["marks"] & REFUSED:
        return None
    if kind == "list-version":
        return seq
    if kind in ("application", "amendment", "status-confirmed"):
        return _highest([state.orgs[number]["listed"]
                         for number in organisations_of(state, seq)])
    return None


def _role_index(state, reader, seq):
    """What secretariat, Chair and decider see by their role."""
    kind, role = kind_of(state, seq), reader["role"]
    decides = role != "" and role == state.policy.role("decider")
    if kind in OBJECTION_KINDS:
        level = level_of(state, kind)
        seen = (role in ("chair", "secretariat") and level >= LEVELS["chair"]) or \
            (decides and level >= LEVELS["decider"])
        return seq if seen else None
    if role == "secretariat":
        return seq
    told = decides and kind in ("referral", "decision", "correction", "lapse")
    return seq if told else None


def _indices(state, reader, seq):
    """All indices from which this reader may see the entry; None where a reason fails."""
    indices = _public_indices(state, seq)
    indices.append(_list_reader_index(state, reader, seq))
    if reader["actor"]:
        indices += _disclosed_indices(state, reader, seq)
        indices.append(_role_index(state, reader, seq))
        if reader["role"] == "office":
            indices.append(_office_index(state, reader, seq))
    return indices


def may_see(state, reader, seq, size):
    """Whether a reader, {"role": word, "actor": number}, may see an entry in a log of this size."""
    if seq >= size or seq >= state.size:
        return False
    if reader["role"] in ("inspector", "registry"):
        return True
    if reader["actor"] and state.entry[seq + 1]["actor_number"] == reader["actor"]:
        return True
    closed = state.withheld.get(seq)
    for index in _indices(state, reader, seq):
        if index is None:
            continue
        index = max(seq, index)
        if size > index and not (closed and closed["entry"] <= index):
            return True
    return False
