# SPDX-License-Identifier: Apache-2.0
"""Kinds, subjects, records and words as the tables of docs/kinds.md and docs/formats.md give them.

A field is (name, type, least, most) and for arrays the shape of the elements besides. Bounds are of
numbers, of bytes or of elements. "bin_or_none" takes nothing or exactly `most` bytes; "text" is a
str that may hold newlines; "any" is one value whose shape is given elsewhere.
"""

from .profile import Refused, pack

SEQ = (1 << 63) - 1
TIME = 253402300799999

KINDS = {
    1: ("call", "open"),
    2: ("open", "open"),
    3: ("session-concluded", "open"),
    4: ("report-adopted", "open"),
    5: ("officers", "open"),
    6: ("agenda-item", "open"),
    7: ("document", "open"),
    8: ("topic", "open"),
    9: ("register-change", "open"),
    10: ("application", "open"),
    11: ("amendment", "open"),
    12: ("withdrawal", "open"),
    13: ("status-confirmed", "open"),
    14: ("screening", "open"),
    15: ("merge", "open"),
    16: ("transfer", "open"),
    17: ("list-version", "open"),
    18: ("calendar-change", "open"),
    19: ("late-permit", "open"),
    20: ("objection", "sealed"),
    21: ("co-signature", "sealed"),
    22: ("reason-added", "sealed"),
    23: ("objection-withdrawal", "sealed"),
    24: ("presence", "open"),
    25: ("referral", "open"),
    26: ("endorsement", "open"),
    27: ("decision", "open"),
    28: ("correction", "open"),
    29: ("correspondence", "open"),
    30: ("invitation", "open"),
    31: ("registration", "open"),
    32: ("attendance", "open"),
    33: ("intervention", "open"),
    34: ("comment", "open"),
    35: ("comment-ruling", "open"),
    36: ("suggestion", "open"),
    37: ("summary", "open"),
    38: ("disclosure-request", "sealed"),
    39: ("disclosure", "open"),
    40: ("withholding", "open"),
    41: ("erasure", "open"),
    42: ("notice", "open"),
    43: ("reply", "open"),
    44: ("roster-change", "open"),
    45: ("intake-lost", "open"),
    46: ("clock-accepted", "open"),
    47: ("cancellation", "open"),
    48: ("closing-order", "open"),
    49: ("second", "open"),
    128: ("genesis", "own"),
    129: ("fork-evidence", "own"),
    130: ("tick", "own"),
    131: ("turned-away", "own"),
    132: ("outcome", "own"),
    133: ("tally", "own"),
    134: ("lapse", "own"),
    135: ("close", "own"),
    136: ("slot", "own"),
    137: ("cover", "own"),
}

SUBJECTS = {
    "call": [
        ("title", "str", 1, 256),
        ("meeting", "str", 1, 64),
        ("sessions", "array", 1, 8, "session"),
        ("values", "array", 0, 96, "value"),
        ("dates", "array", 1, 16, "date"),
        ("tzdata", "str", 1, 64),
        ("states", "array", 0, 256, "state_item"),
    ],
    "open": [
        ("call", "uint", 0, SEQ),
    ],
    "session-concluded": [
        ("session", "str", 1, 64),
        ("at", "uint", 0, TIME),
    ],
    "report-adopted": [
        ("session", "str", 1, 64),
        ("symbol", "str", 0, 64),
        ("at", "uint", 0, TIME),
    ],
    "officers": [
        ("officers", "array", 1, 16, "officer"),
    ],
    "agenda-item": [
        ("number", "uint", 0, 999),
        ("title", "str", 1, 256),
    ],
    "document": [
        ("symbol", "str", 1, 64),
        ("title", "str", 1, 256),
        ("item", "uint", 0, 999),
        ("language", "str", 2, 64),
        ("digest", "bin_or_none", 0, 32),
    ],
    "topic": [
        ("number", "uint", 0, 999),
        ("title", "str", 1, 256),
        ("cluster", "str", 0, 256),
        ("articles", "array", 0, 64, "line_item"),
    ],
    "register-change": [
        ("state", "str", 2, 8),
        ("entitled", "uint", 1, 2),
        ("instrument", "str", 1, 256),
        ("at", "uint", 0, TIME),
    ],
    "application": [
        ("organisation", "bin_or_none", 0, 16),
        ("applicant", "str", 1, 256),
        ("category", "uint", 1, 6),
        ("country", "str", 2, 8),
        ("ecosoc", "uint", 1, 2),
        ("prior", "uint", 1, 2),
        ("mode", "uint", 1, 2),
        ("persons", "uint", 0, 999),
        ("documents", "array", 0, 32, "line_item"),
        ("mandate", "bin_or_none", 0, 32),
    ],
    "amendment": [
        ("organisation", "bin", 16, 16),
        ("applicant", "str", 1, 256),
        ("category", "uint", 1, 6),
        ("country", "str", 2, 8),
        ("ecosoc", "uint", 1, 2),
        ("prior", "uint", 1, 2),
        ("mode", "uint", 1, 2),
        ("persons", "uint", 0, 999),
        ("documents", "array", 0, 32, "line_item"),
        ("mandate", "bin_or_none", 0, 32),
    ],
    "withdrawal": [
        ("thing", "uint", 1, 4),
        ("id", "bin", 16, 16),
    ],
    "status-confirmed": [
        ("organisation", "bin", 16, 16),
        ("category", "uint", 1, 6),
        ("ecosoc", "uint", 1, 2),
        ("prior", "uint", 1, 2),
        ("document", "str", 1, 256),
    ],
    "screening": [
        ("organisation", "bin", 16, 16),
        ("result", "uint", 1, 4),
        ("reason", "str", 0, 64),
        ("same_as", "bin_or_none", 0, 16),
    ],
    "merge": [
        ("kept", "bin", 16, 16),
        ("dropped", "bin", 16, 16),
    ],
    "transfer": [
        ("organisation", "bin", 16, 16),
        ("office", "bin", 16, 16),
    ],
    "list-version": [
        ("version", "uint", 0, 999),
        ("added", "array", 0, 2048, "id_item"),
        ("removed", "array", 0, 2048, "removal"),
        ("dates", "array", 0, 16, "date"),
        ("reason", "str", 0, 256),
    ],
    "calendar-change": [
        ("change", "uint", 1, 2),
        ("dates", "array", 1, 16, "date"),
        ("tzdata", "str", 1, 64),
        ("reason", "str", 1, 256),
    ],
    "late-permit": [
        ("actor", "bin", 16, 16),
        ("thing", "uint", 1, 4),
        ("until", "uint", 0, TIME),
        ("reason", "str", 1, 256),
    ],
    "objection": [
        ("targets", "array", 1, 256, "objected"),
        ("states", "array", 0, 256, "state_item"),
        ("source", "str", 0, 256),
    ],
    "co-signature": [
        ("instrument", "bin", 16, 16),
        ("targets", "array", 1, 256, "objected"),
    ],
    "reason-added": [
        ("targets", "array", 1, 256, "objected"),
    ],
    "objection-withdrawal": [
        ("targets", "array", 1, 256, "id_item"),
    ],
    "presence": [
        ("session", "str", 1, 64),
        ("states", "array", 0, 256, "state_item"),
    ],
    "referral": [
        ("targets", "array", 1, 256, "id_item"),
        ("body", "str", 1, 256),
        ("session", "str", 1, 256),
    ],
    "endorsement": [
        ("version", "uint", 0, 999),
        ("result", "uint", 1, 2),
    ],
    "decision": [
        ("question", "uint", 1, 7),
        ("targets", "array", 0, 256, "id_item"),
        ("manner", "uint", 1, 3),
        ("yes", "uint", 0, 999),
        ("no", "uint", 0, 999),
        ("abstained", "uint", 0, 999),
        ("result", "uint", 1, 2),
        ("majority", "uint", 0, 2),
        ("body", "str", 1, 256),
        ("session", "str", 1, 256),
        ("deferred_to", "str", 0, 256),
    ],
    "correction": [
        ("corrects", "uint", 0, SEQ),
        ("question", "uint", 1, 7),
        ("targets", "array", 0, 256, "id_item"),
        ("manner", "uint", 1, 3),
        ("yes", "uint", 0, 999),
        ("no", "uint", 0, 999),
        ("abstained", "uint", 0, 999),
        ("result", "uint", 1, 2),
        ("majority", "uint", 0, 2),
        ("body", "str", 1, 256),
        ("session", "str", 1, 256),
        ("deferred_to", "str", 0, 256),
    ],
    "correspondence": [
        ("organisations", "array", 0, 256, "id_item"),
        ("reference", "str", 1, 256),
        ("dated", "uint", 0, TIME),
    ],
    "invitation": [
        ("targets", "array", 1, 256, "id_item"),
    ],
    "registration": [
        ("organisation", "bin", 16, 16),
        ("mode", "uint", 1, 2),
        ("persons", "uint", 0, 999),
    ],
    "attendance": [
        ("organisation", "bin", 16, 16),
        ("mode", "uint", 1, 2),
        ("persons", "uint", 0, 999),
    ],
    "intervention": [
        ("speaker", "uint", 1, 5),
        ("organisation", "bin_or_none", 0, 16),
        ("name", "str", 0, 256),
        ("item", "uint", 0, 999),
        ("topics", "array", 0, 32, "number_item"),
    ],
    "comment": [
        ("title", "str", 1, 256),
        ("language", "str", 2, 64),
        ("words", "uint", 0, 999999),
        ("item", "uint", 0, 999),
        ("topics", "array", 0, 32, "number_item"),
        ("replaces", "bin_or_none", 0, 16),
    ],
    "comment-ruling": [
        ("comment", "bin", 16, 16),
        ("ruling", "uint", 1, 4),
        ("reason", "str", 0, 64),
        ("span_start", "uint", 0, 262144),
        ("span_end", "uint", 0, 262144),
    ],
    "suggestion": [
        ("comment", "bin_or_none", 0, 16),
        ("intervention", "uint", 0, SEQ),
        ("sentence", "str", 1, 2048),
        ("article", "str", 0, 64),
        ("addressee", "str", 0, 256),
        ("topic", "uint", 0, 999),
    ],
    "summary": [
        ("revision", "uint", 0, 999),
        ("language", "str", 2, 64),
        ("paragraphs", "uint", 0, 999),
    ],
    "disclosure-request": [
        ("targets", "array", 1, 256, "id_item"),
    ],
    "disclosure": [
        ("entries", "array", 1, 256, "number_item"),
        ("reader", "uint", 1, 6),
        ("state", "str", 0, 8),
    ],
    "withholding": [
        ("entries", "array", 1, 256, "number_item"),
        ("reason", "str", 1, 64),
    ],
    "erasure": [
        ("entries", "array", 1, 256, "number_item"),
        ("reason", "str", 1, 64),
    ],
    "notice": [
        ("organisation", "bin", 16, 16),
        ("thing", "uint", 1, 4),
        ("reply_by", "uint", 0, TIME),
    ],
    "reply": [
        ("organisation", "bin", 16, 16),
        ("notice", "uint", 0, SEQ),
    ],
    "roster-change": [
        ("change", "uint", 1, 3),
        ("who", "bin", 16, 16),
        ("role", "uint", 1, 10),
        ("state", "str", 0, 8),
        ("name", "str", 1, 200),
        ("holder", "str", 0, 256),
        ("key", "bin", 32, 32),
        ("box_key", "bin", 32, 32),
        ("at", "uint", 0, TIME),
    ],
    "intake-lost": [
        ("key", "bin", 32, 32),
        ("reason", "str", 1, 256),
    ],
    "clock-accepted": [
        ("at", "uint", 0, TIME),
        ("reason", "str", 1, 256),
    ],
    "cancellation": [
        ("reason", "str", 1, 256),
    ],
    "closing-order": [
        ("successor", "str", 0, 255),
    ],
    "second": [
        ("seq", "uint", 0, SEQ),
    ],
    "fork-evidence": [
        ("checkpoint", "text", 1, 4096),
        ("bundle", "bin_or_none", 0, 32),
    ],
    "tick": [
        ("which", "uint", 1, 14),
        ("due", "uint", 0, TIME),
        ("stamps", "array", 0, 16, "closing"),
        ("parked", "array", 0, 1024, "digest_item"),
    ],
    "turned-away": [
        ("bundle", "bin", 32, 32),
        ("code", "str", 1, 64),
    ],
    "outcome": [
        ("organisation", "bin", 16, 16),
        ("fact", "str", 1, 64),
        ("rule", "str", 0, 64),
        ("value", "str", 0, 1024),
    ],
    "tally": [
        ("version", "uint", 0, 999),
        ("counts", "array", 1, 64, "count"),
    ],
    "lapse": [
        ("organisation", "bin", 16, 16),
        ("fact", "str", 1, 64),
    ],
    "close": [
        ("order", "uint", 0, SEQ),
        ("open_cases", "array", 0, 256, "open_case"),
    ],
    "slot": [
        ("filler", "bin", 0, 64),
    ],
    "cover": [
        ("filler", "bin", 0, 64),
    ],
}

TUPLES = {
    "id_item": ("id_item", "bin", 16, 16),
    "number_item": ("number_item", "uint", 0, SEQ),
    "line_item": ("line_item", "str", 1, 256),
    "state_item": ("state_item", "str", 2, 8),
    "digest_item": ("digest_item", "bin", 32, 32),
    "session": [
        ("code", "str", 1, 64),
        ("name", "str", 1, 256),
    ],
    "value": [
        ("key", "str", 1, 64),
        ("value", "str", 0, 1024),
        ("confirmed", "uint", 1, 3),
        ("source", "str", 0, 256),
    ],
    "date": [
        ("which", "uint", 1, 14),
        ("at", "uint", 0, TIME),
        ("local", "str", 1, 64),
        ("zone", "str", 1, 64),
    ],
    "officer": [
        ("office", "uint", 1, 4),
        ("name", "str", 1, 256),
        ("title", "str", 0, 256),
        ("delegation", "str", 0, 256),
    ],
    "removal": [
        ("organisation", "bin", 16, 16),
        ("reason", "str", 1, 64),
    ],
    "objected": [
        ("organisation", "bin", 16, 16),
        ("reason", "str", 0, 64),
    ],
    "closing": [
        ("stamp", "bin", 1, 512),
    ],
    "count": [
        ("name", "str", 1, 64),
        ("number", "uint", 0, SEQ),
    ],
}

WORDS = {
    "role":
        "office party secretariat chair bureau conference intake registry publisher "
        "inspector",
    "roster": "add retire revoke",
    "confirmed": "source practice assumed",
    "date":
        "application-deadline objection-opens objection-closes comment-deadline "
        "withdrawable-until decision-opens decision-closes session-starts session-ends "
        "reply-window retention list-min-notice archives key-retires",
    "officer": "chair co-chair vice-chair rapporteur",
    "category": "ngo academia private-sector civil-society major-group igo",
    "mode": "in-person online",
    "answer_word": "no yes",
    "thing": "application comment objection list",
    "screening_result": "eligible incomplete screened-out duplicate",
    "calendar": "extend postpone",
    "question": "admit refuse strike defer procedure endorse reverse",
    "manner": "recorded unrecorded consensus",
    "result": "carried not-carried",
    "majority": "simple two-thirds",
    "speaker": "organisation state chair secretariat igo",
    "ruling": "return accept withhold publish",
    "reader": "public applicant states state chair decider",
}

RECORDS = {
    "message": ("dais/message/1\n", [
        ("log", "bin", 32, 32),
        ("kind", "uint", 0, 127),
        ("id", "bin", 16, 16),
        ("actor", "bin", 16, 16),
        ("on_behalf", "bin_or_none", 0, 16),
        ("said_at", "uint", 0, TIME),
        ("subject", "any", 1, 61440),
        ("public_commitment", "bin", 32, 32),
        ("private_commitment", "bin", 32, 32),
    ]),
    "own": ("dais/own/1\n", [
        ("log", "bin", 32, 32),
        ("kind", "uint", 0, 255),
        ("subject", "any", 1, 61440),
    ]),
    "genesis": ("dais/genesis/1\n", [
        ("cycle", "str", 1, 64),
        ("origin", "str", 1, 255),
        ("rehearsal", "uint", 0, 1),
        ("created_at", "uint", 0, TIME),
        ("rules", "uint", 0, 65535),
        ("policy", "text", 1, 49152),
        ("policy_hash", "bin", 32, 32),
        ("log_key", "bin", 32, 32),
        ("registry_box_key", "bin", 32, 32),
        ("secretariat", "bin", 16, 16),
        ("secretariat_key", "bin", 32, 32),
        ("holder", "str", 1, 256),
        ("previous_checkpoint", "text", 0, 4096),
        ("open_cases", "array", 0, 256, "open_case"),
    ]),
    "bundle": ("dais/bundle/1\n", [
        ("log", "bin", 32, 32),
        ("key", "bin", 32, 32),
        ("stream", "uint", 0, 1),
        ("k", "uint", 0, SEQ),
        ("prev", "bin", 32, 32),
        ("count", "uint", 1, 256),
        ("root", "bin", 32, 32),
        ("seen_size", "uint", 0, SEQ),
        ("seen_root", "bin", 32, 32),
    ]),
    "parcel": ("dais/parcel/1\n", [
        ("envelope", "bin", 1, 512),
        ("items", "array", 1, 256, "item"),
    ]),
    "sealed_parcel": ("dais/sealed-parcel/1\n", [
        ("envelope", "bin", 1, 512),
        ("box", "bin", 1, 1048576),
    ]),
    "sealed": ("dais/sealed/1\n", [
        ("log", "bin", 32, 32),
        ("bundle", "bin", 32, 32),
        ("items", "array", 1, 256, "item"),
    ]),
    "stamp": ("dais/stamp/1\n", [
        ("log", "bin", 32, 32),
        ("key", "bin", 32, 32),
        ("j", "uint", 0, SEQ),
        ("prev", "bin", 32, 32),
        ("at", "uint", 0, TIME),
        ("count", "uint", 0, 8192),
        ("root", "bin", 32, 32),
    ]),
    "entry": ("dais/entry/1\n", [
        ("seq", "uint", 0, SEQ),
        ("commitment", "bin", 32, 32),
    ]),
    "record": ("dais/record/1\n", [
        ("epoch", "uint", 0, (1 << 32) - 1),
        ("logged_at", "uint", 0, TIME),
        ("received_at", "uint", 0, TIME),
        ("verdicts", "array", 1, 256, "code_item"),
        ("bundle", "bin_or_none", 0, 32),
        ("index", "uint", 0, 255),
        ("message", "bin", 1, 65536),
    ]),
    "receipts": ("dais/receipts/1\n", [
        ("first", "uint", 0, SEQ),
        ("entries", "array", 1, 256, "receipt_entry"),
        ("epoch", "uint", 0, (1 << 32) - 1),
        ("logged_at", "uint", 0, TIME),
        ("first_path", "path", 0, 2016),
        ("last_path", "path", 0, 2016),
        ("checkpoint", "text", 1, 4096),
    ]),
    "ask": ("dais/ask/1\n", [
        ("log", "bin", 32, 32),
        ("key", "bin", 32, 32),
        ("at", "uint", 0, TIME),
        ("nonce", "bin", 16, 16),
        ("what", "any", 1, 8192),
    ]),
    "answer": ("dais/answer/1\n", [
        ("log", "bin", 32, 32),
        ("ask", "bin", 32, 32),
        ("body", "any", 1, 1048576),
    ]),
    "opening": ("dais/opening/1\n", [
        ("seq", "uint", 0, SEQ),
        ("record", "bin", 1, 262144),
        ("salt", "bin", 32, 32),
        ("envelope", "bin", 0, 512),
        ("message_path", "path", 0, 256),
        ("stamp", "bin", 0, 512),
        ("bundle_index", "uint", 0, 8191),
        ("bundle_path", "path", 0, 416),
        ("public_opening", "bin", 0, 262176),
        ("private_opening", "bin", 0, 262176),
    ]),
    "open_file": ("dais/open/1\n", [
        ("log", "bin", 32, 32),
        ("number", "uint", 0, 36028797018963967),
        ("openings", "array", 0, 256, "packed"),
    ]),
    "guard": ("dais/guard/1\n", [
        ("log", "bin", 32, 32),
        ("turn", "uint", 0, SEQ),
        ("epoch", "uint", 0, (1 << 32) - 1),
        ("size", "uint", 0, SEQ),
        ("root", "bin", 32, 32),
    ]),
    "export_head": ("dais/export/1\n", [
        ("origin", "str", 1, 255),
        ("size", "uint", 0, SEQ),
    ]),
    "export_stamp": ("dais/export-stamp/1\n", [
        ("stamp", "bin", 1, 512),
    ]),
    "export_bundle": ("dais/export-bundle/1\n", [
        ("envelope", "bin", 1, 512),
        ("stamped", "uint", 0, 1),
        ("index", "uint", 0, 8191),
        ("path", "path", 0, 416),
    ]),
    "export_entry": ("dais/export-entry/1\n", [
        ("leaf", "bin", 1, 65535),
        ("salt", "bin_or_none", 0, 32),
        ("record", "bin", 0, 262144),
        ("message_path", "path", 0, 256),
        ("public_opening", "bin", 0, 262176),
        ("private_opening", "bin", 0, 262176),
    ]),
    "export_end": ("dais/export-end/1\n", [
        ("checkpoint", "text", 1, 4096),
    ]),
}

TUPLES.update({
    "open_case": [
        ("log", "bin", 32, 32),
        ("organisation", "bin", 16, 16),
        ("seq", "uint", 0, SEQ),
    ],
    "item": [
        ("message", "bin", 1, 65536),
        ("public_opening", "bin", 0, 262176),
        ("private_opening", "bin", 0, 262176),
    ],
    "receipt_entry": [
        ("index", "uint", 0, 255),
        ("verdicts", "array", 1, 256, "code_item"),
        ("salt", "bin", 32, 32),
    ],
    "code_item": ("code_item", "uint", 0, 65535),
    "packed": ("packed", "bin", 1, 1048576),
})

NUMBERS = {name: number for number, (name, _) in KINDS.items()}
SIGNED = ("genesis", "bundle", "stamp", "ask")


_WORD_LISTS = {name: words.split() for name, words in WORDS.items()}


def word_number(words, word):
    """The number of a word of a set; words count from 1."""
    return _WORD_LISTS[words].index(word) + 1


def number_word(words, number):
    """The word of a number."""
    return _WORD_LISTS[words][number - 1]


def _check_text(field, value, newlines):
    for char in value:
        control = ord(char) < 0x20 or 0x7F <= ord(char) <= 0x9F
        if control and not (newlines and char == "\n"):
            raise Refused("control-character", field)


def _check_bounds(field, kind, size, least, most):
    if kind == "uint":
        if not least <= size <= most:
            raise Refused("out-of-range", field)
        return
    if size > most:
        raise Refused("too-long", field)
    if size < least or (kind == "bin_or_none" and size not in (0, most)):
        raise Refused("too-short", field)
    if kind == "path" and size % 32:
        raise Refused("out-of-range", field)


_TYPES = {"uint": int, "bin": bytes, "bin_or_none": bytes, "path": bytes,
          "str": str, "text": str, "array": list}


def _read_field(spec, value):
    name, kind, least, most = spec[:4]
    if kind == "any":
        _check_bounds(name, kind, len(pack(value)), least, most)
        return value
    if not isinstance(value, _TYPES[kind]):
        raise Refused("wrong-type", name)
    if kind == "uint":
        size = value
    elif kind in ("str", "text"):
        size = len(value.encode())
    else:
        size = len(value)
    _check_bounds(name, kind, size, least, most)
    if kind in ("str", "text"):
        _check_text(name, value, kind == "text")
    if kind == "array":
        return [_read_element(spec[4], item) for item in value]
    return value


def _read_element(shape, value):
    spec = TUPLES[shape]
    if isinstance(spec, tuple):
        return _read_field(spec, value)
    return read_fields(spec, value)


def read_fields(specs, values):
    """A dictionary of the fields of an array, each checked."""
    if not isinstance(values, list):
        raise Refused("wrong-type")
    if len(values) != len(specs):
        raise Refused("wrong-count")
    return {spec[0]: _read_field(spec, value) for spec, value in zip(specs, values)}


def _write_field(spec, value):
    if spec[1] != "array":
        return value
    shape = TUPLES[spec[4]]
    if isinstance(shape, tuple):
        return list(value)
    return [write_fields(shape, item) for item in value]


def write_fields(specs, fields):
    """The array that read_fields would read."""
    values = [_write_field(spec, fields[spec[0]]) for spec in specs]
    read_fields(specs, values)
    return values
