# SPDX-License-Identifier: Apache-2.0
"""Records, signatures, commitments, messages and checkpoints; docs/formats.md."""

import base64
from hashlib import blake2b, sha256

from nacl.bindings import crypto_scalarmult_base
from nacl.exceptions import BadSignatureError
from nacl.signing import SigningKey, VerifyKey

from . import tree
from .profile import Refused, pack, unpack, unpack_first
from .shapes import KINDS, NUMBERS, RECORDS, SIGNED, SUBJECTS, read_fields, write_fields

NO_HASH = bytes(32)
PADDED = (1024, 4096, 16384, 65536, 262144)


def encode(name, fields):
    """The bytes of a record without its signature."""
    domain, specs = RECORDS[name]
    return pack([domain] + write_fields(specs, fields))


def _fields(name, value):
    domain, specs = RECORDS[name]
    if not isinstance(value, list) or not value:
        raise Refused("wrong-type", name)
    if value[0] != domain:
        raise Refused("wrong-domain", name)
    return read_fields(specs, value[1:])


def decode(name, data):
    """The fields of a record; of one that is signed, with the signature checked by `key`."""
    if name not in SIGNED:
        return _fields(name, unpack(data))
    value, size = unpack_first(data)
    fields = _fields(name, value)
    if len(data) != size + 64:
        raise Refused("truncated" if len(data) < size + 64 else "trailing-bytes", name)
    key = fields["secretariat_key" if name == "genesis" else "key"]
    verify(key, data[:size], data[size:])
    return fields


def verify(key, data, signature):
    """Refuses unless the signature is by the key over the bytes."""
    try:
        VerifyKey(key).verify(data, signature)
    except BadSignatureError as error:
        raise Refused("bad-signature") from error


class Device:
    """A device's keys, which follow from its seed."""

    def __init__(self, seed):
        self.signer = SigningKey(self._subkey(seed, 1))
        self.key = bytes(self.signer.verify_key)
        self.box_key = crypto_scalarmult_base(self._subkey(seed, 2))

    @staticmethod
    def _subkey(seed, number):
        return blake2b(key=seed, digest_size=32, salt=number.to_bytes(8, "little") + bytes(8),
                       person=b"dais-dev" + bytes(8)).digest()

    def sign(self, data):
        """The signature alone."""
        return self.signer.sign(data).signature

    def signed(self, name, fields):
        """A signed record: its bytes and the signature behind them."""
        data = encode(name, fields)
        return data + self.sign(data)


def key_id(name, key):
    """The four bytes by which a key is known in signed notes."""
    return sha256(name.encode() + b"\n\x01" + key).digest()[:4]


def vkey(name, key):
    """A key as C2SP writes it."""
    coded = base64.b64encode(b"\x01" + key).decode()
    return f"{name}+{key_id(name, key).hex()}+{coded}"


def commitment(salt, content):
    """Commitment to content."""
    return sha256(b"dais/content/1\n" + salt + content).digest()


def record_commitment(salt, record):
    """What a leaf holds of a record."""
    return sha256(b"dais/record/1\n" + salt + record).digest()


def pad(content):
    """Private content as it is committed to."""
    if not content:
        return b""
    step = next(size for size in PADDED if size > len(content))
    return content + b"\x80" + bytes(step - len(content) - 1)


def unpad(padded):
    """The content of its padded form."""
    content = padded.rstrip(b"\x00")[:-1] if padded else b""
    if pad(content) != padded:
        raise Refused("bad-padding")
    return content


def check_opening(opening, committed, private):
    """Checks that an opening, where there is one, opens its commitment."""
    if not opening:
        return
    if len(opening) < 32:
        raise Refused("too-short", "opening")
    if commitment(opening[:32], opening[32:]) != committed:
        raise Refused("bad-commitment")
    if private:
        unpad(opening[32:])


def read_subject(kind, value):
    """The fields of a subject, by the kind's number."""
    if kind not in KINDS or KINDS[kind][0] not in SUBJECTS:
        raise Refused("unknown-kind", str(kind))
    return read_fields(SUBJECTS[KINDS[kind][0]], value)


def write_subject(kind, fields):
    """The array of a subject, by the kind's name."""
    return write_fields(SUBJECTS[kind], fields)


def read_message(data):
    """The fields of a message, its subject as fields as well."""
    fields = decode("message", data)
    if len(data) > 65536:
        raise Refused("too-long", "message")
    if KINDS.get(fields["kind"], ("", "own"))[1] == "own":
        raise Refused("unknown-kind")
    return dict(fields, subject=read_subject(fields["kind"], fields["subject"]))


def read_own(data):
    """The fields of an own record, its subject as fields as well."""
    fields = decode("own", data)
    if KINDS.get(fields["kind"], ("", "open"))[1] != "own":
        raise Refused("unknown-kind")
    return dict(fields, subject=read_subject(fields["kind"], fields["subject"]))


def read_genesis(data):
    """The fields of entry 0, checked."""
    fields = decode("genesis", data)
    if sha256(fields["policy"].encode()).digest() != fields["policy_hash"]:
        raise Refused("bad-commitment", "policy")
    rehearsal = "rehearsal/" if fields["rehearsal"] else ""
    if not fields["origin"].startswith(rehearsal):
        raise Refused("wrong-origin")
    host, _, cycle = fields["origin"][len(rehearsal):].partition("/")
    if not host or cycle != fields["cycle"] or "/" in cycle:
        raise Refused("wrong-origin")
    return fields


def make_message(log, kind, fields):
    """The bytes of a message without content; fields: id, actor, on_behalf, said_at, subject."""
    empty = commitment(bytes(32), b"")
    return encode("message", dict(
        fields, log=log, kind=NUMBERS[kind], subject=write_subject(kind, fields["subject"]),
        public_commitment=empty, private_commitment=empty))


def make_own(log, kind, subject):
    """The bytes of an own record."""
    return encode("own", {"log": log, "kind": NUMBERS[kind],
                          "subject": write_subject(kind, subject)})


def make_checkpoint(origin, device, size, root):
    """A signed checkpoint."""
    text = f"{origin}\n{size}\n{base64.b64encode(root).decode()}\n"
    line = base64.b64encode(key_id(origin, device.key) + device.sign(text.encode())).decode()
    return f"{text}\n\u2014 {origin} {line}\n"


def read_checkpoint(note, origin, key):
    """Size and root of a checkpoint that this key signed."""
    text, gap, lines = note.rpartition("\n\n")
    parts = text.split("\n")
    if not gap or len(parts) != 3 or not lines.endswith("\n"):
        raise Refused("bad-text")
    if parts[0] != origin:
        raise Refused("wrong-origin")
    signed = False
    for line in lines[:-1].split("\n"):
        dash, name, coded = line.split(" ")
        blob = base64.b64decode(coded, validate=True)
        if dash != "\u2014":
            raise Refused("bad-text")
        if name == origin and blob[:4] == key_id(origin, key):
            verify(key, (text + "\n").encode(), blob[4:])
            signed = True
    if not signed:
        raise Refused("unknown-key")
    if str(int(parts[1])) != parts[1]:
        raise Refused("bad-text")
    return int(parts[1]), base64.b64decode(parts[2], validate=True)


def bundle_root(messages):
    """Root over the messages of a bundle."""
    return tree.root_of([tree.leaf_hash(message) for message in messages])
