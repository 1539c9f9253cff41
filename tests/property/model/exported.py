# SPDX-License-Identifier: Apache-2.0
"""The exported log: reading one with everything checked, and writing one with real keys."""

from hashlib import sha256

from . import tree
from .profile import Refused
from .records import (NO_HASH, bundle_root, check_opening, decode, encode, make_checkpoint,
                      make_message, make_own, read_checkpoint, read_genesis, read_message,
                      read_own, record_commitment)
from .shapes import KINDS, NUMBERS, RECORDS
from .verdicts import NUMBER_OF

FRAME_MAX = 1 << 20


def _frames(data):
    at = 0
    while at < len(data):
        size = int.from_bytes(data[at:at + 4], "big")
        if size > FRAME_MAX or len(data) - at - 4 < size:
            raise Refused("truncated", f"frame at {at}")
        yield data[at + 4:at + 4 + size]
        at += 4 + size


def _name_of(frame):
    """Which of the five export records a frame is, by its domain."""
    for name in ("export_head", "export_stamp", "export_bundle", "export_entry", "export_end"):
        domain = RECORDS[name][0].encode()
        if frame[2:2 + len(domain)] == domain:
            return name
    raise Refused("wrong-domain")


class _LogReader:
    """What is known while a log is read from front to back."""

    def __init__(self):
        self.log = NO_HASH
        self.genesis = None
        self.hashes = []
        self.entries = []
        self.stamp = None
        self.bundle = None

    def take_stamp(self, fields):
        """A stamp covers the bundles that follow."""
        self.stamp = decode("stamp", fields["stamp"])
        if self.stamp["log"] != self.log:
            raise Refused("wrong-log")

    def take_bundle(self, fields):
        """The entries that follow are of this bundle."""
        header = decode("bundle", fields["envelope"])
        if header["log"] != self.log:
            raise Refused("wrong-log")
        name = sha256(fields["envelope"]).digest()
        if fields["stamped"]:
            if self.stamp is None:
                raise Refused("wrong-entry", "no stamp")
            tree.check_path(tree.leaf_hash(name), fields["index"], self.stamp["count"],
                            fields["path"], self.stamp["root"])
        elif fields["index"] or fields["path"]:
            raise Refused("wrong-entry", "path without stamp")
        self.bundle = {"header": header, "hash": name, "index": fields["index"],
                       "stamp": self.stamp if fields["stamped"] else None}

    def take_entry(self, fields):
        """One entry, open or closed."""
        leaf = decode("entry", fields["leaf"])
        if leaf["seq"] != len(self.entries):
            raise Refused("wrong-entry", "seq")
        self.hashes.append(tree.leaf_hash(fields["leaf"]))
        if not self.entries:
            self.log = self.hashes[0]
        if not fields["record"]:
            self.entries.append(None)
            return
        if record_commitment(fields["salt"], fields["record"]) != leaf["commitment"]:
            raise Refused("bad-commitment")
        record = decode("record", fields["record"])
        entry = {"seq": leaf["seq"], "epoch": record["epoch"], "logged_at": record["logged_at"],
                 "received_at": record["received_at"], "verdicts": record["verdicts"]}
        if record["bundle"]:
            self._said(entry, record, fields)
        else:
            self._own(entry, record)
        self.entries.append(entry)

    def _own(self, entry, record):
        if record["index"] or record["received_at"] != record["logged_at"]:
            raise Refused("wrong-entry")
        if entry["seq"] == 0:
            self.genesis = read_genesis(record["message"])
            entry.update(kind="genesis", subject=self.genesis)
            return
        own = read_own(record["message"])
        if own["log"] != self.log:
            raise Refused("wrong-log")
        entry.update(kind=KINDS[own["kind"]][0], subject=own["subject"])

    def _said(self, entry, record, fields):
        bundle = self.bundle
        if bundle is None or bundle["hash"] != record["bundle"]:
            raise Refused("wrong-entry", "bundle")
        message = read_message(record["message"])
        if message["log"] != self.log:
            raise Refused("wrong-log")
        header, stamp = bundle["header"], bundle["stamp"]
        tree.check_path(tree.leaf_hash(record["message"]), record["index"], header["count"],
                        fields["message_path"], header["root"])
        kind, stream = KINDS[message["kind"]][:2]
        if header["stream"] != (stream == "sealed"):
            raise Refused("wrong-stream")
        received = stamp["at"] if stamp else record["logged_at"]
        if received != record["received_at"]:
            raise Refused("wrong-entry", "received_at")
        check_opening(fields["public_opening"], message["public_commitment"], False)
        check_opening(fields["private_opening"], message["private_commitment"], True)
        entry.update(kind=kind, subject=message["subject"], id=message["id"],
                     actor=message["actor"], on_behalf=message["on_behalf"], key=header["key"],
                     bundle=bundle["hash"], bundle_index=bundle["index"],
                     index=record["index"], intake=stamp["key"] if stamp else b"",
                     j=stamp["j"] if stamp else 0)

    def take_end(self, fields, head):
        """The checkpoint is over exactly these entries."""
        if self.genesis is None or self.genesis["origin"] != head["origin"]:
            raise Refused("wrong-origin")
        size, root = read_checkpoint(fields["checkpoint"], head["origin"],
                                     self.genesis["log_key"])
        if size != len(self.entries) or size != head["size"]:
            raise Refused("wrong-entry", "size")
        if tree.root_of(self.hashes) != root:
            raise Refused("bad-root")


def read_export(data):
    """The entries of an exported log as dictionaries; None for a closed one."""
    reader, head, ended = _LogReader(), None, False
    for frame in _frames(data):
        name = _name_of(frame)
        fields = decode(name, frame)
        if ended or (head is None) != (name == "export_head"):
            raise Refused("wrong-entry", "order of frames")
        if name == "export_head":
            head = fields
        elif name == "export_stamp":
            reader.take_stamp(fields)
        elif name == "export_bundle":
            reader.take_bundle(fields)
        elif name == "export_entry":
            reader.take_entry(fields)
        else:
            reader.take_end(fields, head)
            ended = True
    if not ended:
        raise Refused("truncated")
    return reader.entries


def leaves_of(data):
    """The leaves of an exported log."""
    return [decode("export_entry", frame)["leaf"] for frame in _frames(data)
            if _name_of(frame) == "export_entry"]


class LogWriter:
    """Writes a log as an export, one entry after the other, signed by the devices given.

    A bundle has one message and, where it has a stamp, a stamp of its own: more is not needed to
    replay rules, and each piece is checked by the reader above.
    """

    def __init__(self, devices, salt):
        self.devices = devices
        self.salt = salt
        self.leaves = []
        self.frames = []
        self.chains = {}
        self.origin = ""

    def _frame(self, name, fields):
        record = encode(name, fields)
        self.frames.append(len(record).to_bytes(4, "big") + record)

    def _entry(self, message, verdicts, logged_at, received_at, bundle):
        seq = len(self.leaves)
        record = encode("record", {
            "epoch": 1, "logged_at": logged_at, "received_at": received_at,
            "verdicts": [NUMBER_OF[word] for word in verdicts], "bundle": bundle, "index": 0,
            "message": message})
        salt = self.salt(seq)
        leaf = encode("entry", {"seq": seq, "commitment": record_commitment(salt, record)})
        self.leaves.append(leaf)
        self._frame("export_entry", {
            "leaf": leaf, "salt": salt, "record": record, "message_path": b"",
            "public_opening": b"", "private_opening": b""})

    @property
    def log(self):
        """Leaf hash of entry 0."""
        return tree.leaf_hash(self.leaves[0])

    def genesis(self, fields, at):
        """Entry 0, signed by the device called secretariat."""
        self.origin = fields["origin"]
        message = self.devices["secretariat"].signed("genesis", fields)
        self._entry(message, ["accepted"], at, at, b"")

    def own(self, kind, subject, at):
        """One of the registry's own entries."""
        self._entry(make_own(self.log, kind, subject), ["accepted"], at, at, b"")

    def said(self, device, entry, intake):
        """A message in a bundle of its own; under a stamp where an intake is named."""
        message = make_message(self.log, entry["kind"], {
            "id": entry["id"], "actor": entry["actor"], "on_behalf": entry["on_behalf"],
            "said_at": entry["received_at"], "subject": entry["subject"]})
        stream = int(KINDS[NUMBERS[entry["kind"]]][1] == "sealed")
        envelope = self._chained(device, "bundle", stream, {
            "stream": stream, "count": 1, "root": bundle_root([message]), "seen_size": 0,
            "seen_root": tree.EMPTY_ROOT})
        name = sha256(envelope).digest()
        if intake:
            stamp = self._chained(intake, "stamp", 0, {
                "at": entry["received_at"], "count": 1, "root": tree.leaf_hash(name)})
            self._frame("export_stamp", {"stamp": stamp})
        self._frame("export_bundle", {"envelope": envelope, "stamped": int(bool(intake)),
                                      "index": 0, "path": b""})
        self._entry(message, entry["verdicts"], entry["logged_at"], entry["received_at"], name)

    def _chained(self, name, record, stream, fields):
        number, prev = self.chains.get((name, record, stream), (0, NO_HASH))
        device = self.devices[name]
        counter = "k" if record == "bundle" else "j"
        data = device.signed(record, dict(fields, log=self.log, key=device.key, prev=prev,
                                          **{counter: number}))
        self.chains[(name, record, stream)] = (number + 1, sha256(data).digest())
        return data

    def finish(self):
        """The bytes of the export."""
        root = tree.root_of([tree.leaf_hash(leaf) for leaf in self.leaves])
        self._frame("export_end", {"checkpoint": make_checkpoint(
            self.origin, self.devices["log"], len(self.leaves), root)})
        head = encode("export_head", {"origin": self.origin, "size": len(self.leaves)})
        return len(head).to_bytes(4, "big") + head + b"".join(self.frames)
