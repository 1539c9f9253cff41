# SPDX-License-Identifier: Apache-2.0
"""The tables of the state, as docs/state.md lists them, and the digest over them.

What is counted is counted when it is asked for, never kept: a count that the programs keep and that
has drifted shows as another digest.
"""

from hashlib import sha256

from .policy import Policy
from .profile import pack

RULES = 1

(DRAFT, OPEN, CLOSED, LISTED, WINDOW, SETTLED, IN_SESSION, ENDED, SUMMARISED, ARCHIVED,
 CANCELLED) = range(1, 12)
ROW_STATES = {
    "cycle": "draft open closed listed window settled in-session ended summarised archived "
             "cancelled",
    "application": "submitted incomplete eligible screened-out duplicate listed unopposed "
                   "contested blocked pending provisional admitted refused withdrawn lapsed",
    "case": "raised referred deferred decided lapsed moot",
    "objection": "lodged invalid standing withdrawn upheld overturned lapsed",
    "comment": "submitted returned accepted published withheld superseded retracted",
}
STATES = {machine: {word: number for number, word in enumerate(words.split(), 1)}
          for machine, words in ROW_STATES.items()}
APPLICATION = STATES["application"]
CASE = STATES["case"]
OBJECTION = STATES["objection"]
COMMENT = STATES["comment"]

LATE, TIMELY, IN_AT_END = 1, 2, 4
GROUP, OBJECTION_TIMELY, WITHDRAWN_TIMELY = 1, 2, 4
REFUSED, WITHHELD, ERASED = 1, 2, 4
FORM, NOTIFY, ACCORDED = 1, 2, 3

# Fields of the digest in their order. A leading "#" is a count that is worked out here.
ROWS = {
    "cycle": "call opened listed settled ended summary archived closing closed #present #applied "
             "#circulated #by_state #notified #accorded #shown #lodged #standing #withdrawn #ruled "
             "#lapsed #objected #cases #invited #invited_of #registered #registered_persons "
             "#attended #attended_persons #attended_of rank list_version approved revision state "
             "majority endorsed tally_due",
    "date": "due announced ticked",
    "session": "concluded adopted code",
    "actor": "id state_number role",
    "key": "key box_key added retires_at ended suspect_since lost actor_number name holder",
    "state": "code entitled present",
    "organisation": "id applied listed decided before_decided invited withdrawn opened reply_by "
                    "office_number same_as_number case_number rank #standing #unsigned_count "
                    "#timely_count persons registered_in_person registered_online "
                    "attended_in_person attended_online version cause state route category ecosoc "
                    "prior confirmed_category confirmed_ecosoc confirmed_prior marks told "
                    "before_state before_case before_result before_cause",
    "objection": "instrument stood ended organisation_number state_number reason state marks "
                 "before",
    "case": "raised referred ended organisation_number state urgent result",
    "carried": "log id raised ended state before result before_result",
    "comment": "id entry ruled published organisation_number replaces_number state marks",
    "entry": "actor_number scope_number kind scope marks",
    "decision": "corrected root targets question result majority_before",
    "target": "number",
    "second": "key at seconded key_number kind",
    "notice": "reply_by organisation_number",
    "topic": "entry speakers",
    "summary": "entry language",
    "mark": "entry value",
}
_FIELDS = {name: fields.split() for name, fields in ROWS.items()}
_TEXTS = {"code", "name", "holder", "reason", "language"}
_OCTETS = {"id", "key", "box_key", "log"}

# Table, row and how many numbers of its key stand in a row of the digest; 0 for a dense table.
TABLES = [
    ("CYCLE", "cycle", 0), ("DATE", "date", 1), ("SESSION", "session", 0),
    ("ACTOR", "actor", 0), ("KEY", "key", 0), ("STATE", "state", 0),
    ("ORGANISATION", "organisation", 0), ("OBJECTION", "objection", 0), ("CASE", "case", 0),
    ("CARRIED", "carried", 0), ("COMMENT", "comment", 0), ("ENTRY", "entry", 0),
    ("DECISION", "decision", 1), ("SECOND", "second", 1), ("NOTICE", "notice", 1),
    ("TARGET", "target", 2), ("PAIR", "mark", 2), ("RECEIVED", "mark", 4), ("RANK", "mark", 1),
    ("AGENDA", "topic", 1), ("TOPIC", "topic", 1), ("SPEAKER", "mark", 2),
    ("SUMMARY", "summary", 2), ("PERMIT", "mark", 2), ("REQUEST", "mark", 2),
    ("DISCLOSED", "mark", 3), ("WITHHELD", "mark", 1),
]


def _empty(row):
    fields = {name: "" if name in _TEXTS else b"" if name in _OCTETS else 0
              for name in _FIELDS[row] if not name.startswith("#")}
    return dict(fields, key=bytes(32)) if row == "second" else fields


_EMPTY = {row: _empty(row) for row in ROWS}


def new_row(row, **given):
    """A row with what is given, and nothing in all other fields."""
    fields = dict(_EMPTY[row], **given)
    if len(fields) != len(_EMPTY[row]):
        raise KeyError(set(fields) - set(_EMPTY[row]))
    return fields


_TABLE_NAMES = dict({name.lower(): name for name, _, _ in TABLES}, orgs="ORGANISATION")


class State:
    """Everything that the rules keep. A dense table is a list whose element 0 is nothing."""

    def __init__(self):
        self.tables = {name: ({} if size else [None]) for name, _, size in TABLES}
        self.cycle = new_row("cycle", state=DRAFT)
        self.tables["CYCLE"] = [None, self.cycle]
        self.policy = None
        self.log = b""
        self.size = 0
        # Scratch, and what can be read again from the log.
        self.lapsing = set()
        self.ids = set()
        self.instruments = {}
        self.comment_ids = {}
        self.subjects = []

    def __getattr__(self, name):
        """A table by its name in lower case: state.orgs is short for the organisations."""
        if name not in _TABLE_NAMES:
            raise AttributeError(name)
        return self.tables[_TABLE_NAMES[name]]

    def copy(self):
        """Another state that goes its own way from here. Rows hold nothing that is changed."""
        other = State.__new__(State)
        other.__dict__.update(self.__dict__)
        other.tables = {name: [row and dict(row) for row in rows] if isinstance(rows, list)
                        else {key: dict(row) for key, row in rows.items()}
                        for name, rows in self.tables.items()}
        other.cycle = other.tables["CYCLE"][1]
        for name in ("lapsing", "ids", "instruments", "comment_ids", "subjects"):
            setattr(other, name, getattr(self, name).copy())
        return other

    def add(self, table, **fields):
        """Appends a row to a dense table and returns its number."""
        row = next(row for name, row, _ in TABLES if name == table)
        self.tables[table].append(new_row(row, **fields))
        return len(self.tables[table]) - 1

    def rows(self, table):
        """The rows of a dense table with their numbers."""
        return list(enumerate(self.tables[table]))[1:]

    def find(self, table, field, value):
        """The number of the first row of a dense table with this value, or 0."""
        for number, row in self.rows(table):
            if row[field] == value:
                return number
        return 0

    def org(self, org_id):
        """Number of an organisation by its id, or 0."""
        return self.find("ORGANISATION", "id", org_id)

    def state_number(self, code, make=False):
        """Number of a State by its code; where asked for, one is made."""
        number = self.find("STATE", "code", code)
        if not number and make:
            number = self.add("STATE", code=code)
        return number

    def start(self, genesis, log):
        """Entry 0."""
        self.log = log
        self.policy = Policy(genesis["values"])
        self.add("ACTOR", id=genesis["secretariat"], role=3)
        self.add("KEY", key=genesis["secretariat_key"], box_key=bytes(32), actor_number=1,
                 holder=genesis["holder"])
        for case in genesis["open_cases"]:
            self.add("CARRIED", log=case["log"], id=case["organisation"], raised=case["seq"],
                     state=CASE["raised"])


def sessions(state):
    """The sessions of the call; what an earlier call had more is no session."""
    return [(number, row) for number, row in state.rows("SESSION") if row["code"]]


def category(org):
    """The confirmed category, else the claimed one."""
    return org["confirmed_category"] or org["category"]


def is_in(org):
    """Whether its standing lets it take part."""
    return org["state"] in (APPLICATION["admitted"], APPLICATION["provisional"])


def is_open(case):
    """Whether a case waits for its decision."""
    return case["state"] in (CASE["raised"], CASE["referred"], CASE["deferred"])


def objections_to(state, number, *words):
    """Objections to an organisation in these states."""
    states = [OBJECTION[word] for word in words]
    return [row for _, row in state.rows("OBJECTION")
            if row["organisation_number"] == number and row["state"] in states]


def _org_counts(state, number):
    lodged = objections_to(state, number, "lodged")
    return {
        "standing": len(objections_to(state, number, "standing")),
        "unsigned_count": sum(not row["marks"] & OBJECTION_TIMELY for row in lodged),
        "timely_count": sum(bool(row["marks"] & OBJECTION_TIMELY) for row in lodged),
    }


def _persons(org, what):
    return org[f"{what}_in_person"] + org[f"{what}_online"]


def _people(orgs, what):
    took = [org for org in orgs if _persons(org, what)]
    return {what: len(took), f"{what}_persons": sum(_persons(org, what) for org in took)}


def by_category(orgs):
    """Eight counts."""
    return [sum(category(org) == number for org in orgs) for number in range(8)]


def counts(state):
    """All running counts of the cycle."""
    orgs = [row for _, row in state.rows("ORGANISATION")]
    listed = [org for org in orgs if org["version"]]
    objections = [row for _, row in state.rows("OBJECTION") if row["stood"]]
    standing = [row for row in objections if row["state"] == OBJECTION["standing"]]
    invited = [org for org in orgs if org["invited"] and is_in(org)]
    admitted = [org for org in orgs if org["state"] == APPLICATION["admitted"]]
    cases = [row for _, row in state.rows("CASE") + state.rows("CARRIED")]

    def became(*words):
        return sum(row["state"] in [OBJECTION[word] for word in words] for row in objections)

    return {
        "present": sum(row["present"] for _, row in state.rows("STATE")),
        "applied": len(orgs),
        "circulated": len(listed),
        "by_state": [sum(org["state"] == number for org in listed) for number in range(16)],
        "notified": sum(org["route"] == NOTIFY for org in admitted),
        "accorded": sum(org["route"] == ACCORDED for org in admitted),
        "shown": sum(org["told"] in (1, 2) for org in listed),
        "lodged": len(objections),
        "standing": len(standing),
        "withdrawn": became("withdrawn"),
        "ruled": became("upheld", "overturned"),
        "lapsed": became("lapsed"),
        "objected": len({row["organisation_number"] for row in standing}),
        "cases": sum(is_open(case) for case in cases),
        "invited": len(invited),
        "invited_of": by_category(invited),
        **_people(orgs, "registered"),
        **_people(orgs, "attended"),
        "attended_of": by_category([org for org in orgs if _persons(org, "attended")]),
    }


def _row_array(state, row_name, number, row):
    worked_out = {}
    if row_name == "cycle":
        worked_out = counts(state)
    elif row_name == "organisation":
        worked_out = _org_counts(state, number)
    return [row[name] if name in row else worked_out[name[1:]] for name in _FIELDS[row_name]]


def table_arrays(state):
    """The tables as arrays, as the digest takes them."""
    arrays = []
    for name, row_name, size in TABLES:
        if size:
            rows = [[*(key if size > 1 else [key]), *_row_array(state, row_name, key, row)]
                    for key, row in sorted(state.tables[name].items())]
        else:
            rows = [_row_array(state, row_name, key, row) for key, row in state.rows(name)]
        arrays.append(rows)
    return arrays


def state_digest(state):
    """The digest over everything that is kept."""
    return sha256(pack(["dais/state/1\n", RULES, state.size, table_arrays(state)])).digest()


def _standing_org(state, org):
    case = state.case[org["case_number"]] if org["case_number"] else None
    return [org["id"], org["state"], org["route"], category(org), org["confirmed_ecosoc"],
            org["confirmed_prior"], org["version"], case["state"] if case else 0,
            case["result"] if case else 0, case["urgent"] if case else 0,
            int(org["decided"] != 0), org["told"], int(org["invited"] != 0),
            int(_persons(org, "registered") > 0), int(_persons(org, "attended") > 0),
            org["marks"]]


def standing_arrays(state):
    """What the digest of standing is over: where everybody stands, and no index."""
    cycle = state.cycle
    pairs = []
    for (org, party), mark in sorted(state.pair.items()):
        objection = state.objection[mark["value"]]
        pairs.append([state.orgs[org]["id"], state.tables["STATE"][party]["code"],
                      objection["state"], objection["marks"]])
    return [
        [cycle[name] for name in
         ("state", "list_version", "approved", "endorsed", "majority", "revision")],
        [[which, int(row["ticked"] != 0)] for which, row in sorted(state.date.items())],
        [[int(row["concluded"] != 0), int(row["adopted"] != 0)]
         for _, row in sessions(state)],
        [[row["code"], row["entitled"], row["present"]] for _, row in state.rows("STATE")],
        [_standing_org(state, org) for _, org in state.rows("ORGANISATION")],
        pairs,
        [[row["id"], row["state"]] for _, row in state.rows("COMMENT")],
        [[row["id"], row["state"], row["result"]] for _, row in state.rows("CARRIED")],
    ]


def standing_digest(state):
    """The digest of where everybody stands."""
    return sha256(pack(["dais/standing/1\n", *standing_arrays(state)])).digest()
