#!/usr/bin/env -S python3 -B
# SPDX-License-Identifier: Apache-2.0
"""A whole office in Python, written from docs/protocol.md, docs/formats.md and docs/kinds.md alone.

It makes a key, connects to the broker, sends an application and a comment in bundles, checks the stamp,
the receipts, the checkpoint and the log behind them, and reads the list. It believes nothing that it has
not verified from genesis. Nothing here comes from Dais or knows its code.

  foreign_office.py keys FOLDER              makes the device; identity goes to the secretariat
  foreign_office.py act FOLDER ENDPOINT BROKER-KEY GENESIS [--clock FILE]
"""
import argparse
import base64
import hashlib
import os
import sys
import time
from datetime import datetime
from pathlib import Path

try:
    import msgpack
    import nacl.public
    import nacl.signing
    import zmq
    import zmq.utils.z85 as z85
except ImportError as missing:
    print(f"skipped: {missing}")
    sys.exit(77)

ZERO = bytes(32)
OPEN, SEALED = 0, 1  # the streams of a key
SEALED_KINDS = {20, 21, 22, 23, 38}
ROSTER_CHANGE = 44
CHECKPOINT, ENTRIES, RECEIPTS, PROOF, CYCLE, LIST, STATUS = 1, 2, 4, 5, 6, 7, 8
WAIT_MS = 60000


class Wrong(Exception):
    """Something does not prove what it says."""


class Refused(Exception):
    """A `refused` came: the code, and when to try again."""

    def __init__(self, code, retry_ms):
        super().__init__(code)
        self.code, self.retry_ms = code, retry_ms


def demand(truth, what):
    if not truth:
        raise Wrong(what)


# Profile: unsigned integers, bin, str and arrays, each in its shortest form.

def pack(value):
    return msgpack.packb(value, use_bin_type=True)


def unpack(data, domain=None):
    value = msgpack.unpackb(data, raw=False)
    demand(pack(value) == data, "not the one encoding of it")
    demand(domain is None or value[0] == f"dais/{domain}/1\n", f"not a {domain}")
    return value


def sha(*parts):
    return hashlib.sha256(b"".join(parts)).digest()


# Tree: RFC 6962 with SHA-256.

def leaf_hash(leaf):
    return sha(b"\0", leaf)


def split_at(size):
    """How many of so many leaves stand in the left subtree."""
    return 1 << (size - 1).bit_length() - 1


def root_of(leaves):
    if len(leaves) < 2:
        return leaf_hash(leaves[0]) if leaves else sha()
    k = split_at(len(leaves))
    return sha(b"\1", root_of(leaves[:k]), root_of(leaves[k:]))


def beside(index, low, high):
    """The subtrees whose roots are the path of a leaf, from the leaf upwards."""
    if high - low == 1:
        return []
    middle = low + split_at(high - low)
    if index < middle:
        return beside(index, low, middle) + [(middle, high)]
    return beside(index, middle, high) + [(low, middle)]


def known_by(index, size, path):
    """{subtree: root} of a path; it has exactly as many hashes as it takes."""
    places = beside(index, 0, size) if index < size else None
    demand(places is not None and len(path) == 32 * len(places), "a path of the wrong length")
    return {place: path[32 * n:32 * n + 32] for n, place in enumerate(places)}


def root_from(low, high, known, leaves):
    """The root over leaves low to high - 1, of which some are in `leaves`, the rest in `known`."""
    if (low, high) in known:
        return known[low, high]
    if high - low == 1:
        return leaf_hash(leaves[low])
    middle = low + split_at(high - low)
    return sha(b"\1", root_from(low, middle, known, leaves), root_from(middle, high, known, leaves))


def check_inclusion(leaf, index, size, path, root):
    demand(root_from(0, size, known_by(index, size, path), {index: leaf}) == root,
           "the path does not lead to the root")


def check_consistency(old_size, old_root, size, root, proof):
    """RFC 9162, 2.1.4.2: the tree of `size` begins with that of `old_size`."""
    hashes = [proof[n:n + 32] for n in range(0, len(proof), 32)]
    if old_size == size:
        demand(not hashes and old_root == root, "two trees of one size")
        return
    node, last = old_size - 1, size - 1
    while node & 1:
        node, last = node >> 1, last >> 1
    if node == 0:
        hashes.insert(0, old_root)
    demand(hashes, "no proof")
    old = new = hashes[0]
    for each in hashes[1:]:
        demand(last > 0, "a proof that is too long")
        if node & 1 or node == last:
            old, new = sha(b"\1", each, old), sha(b"\1", each, new)
            while not node & 1 and node:
                node, last = node >> 1, last >> 1
        else:
            new = sha(b"\1", new, each)
        node, last = node >> 1, last >> 1
    demand(last == 0 and (old, new) == (old_root, root), "the log was rewritten")


# Keys and signatures.

def subkey(seed, number):
    return hashlib.blake2b(b"", key=seed, digest_size=32, salt=number.to_bytes(8, "little") + bytes(8),
                           person=b"dais-dev" + bytes(8)).digest()


def key_id(name, key):
    return sha(name.encode(), b"\n\1", key)[:4]


class Device:
    """One secret and what follows from it."""

    def __init__(self, seed, actor):
        self.seed, self.actor = seed, actor
        self.signer = nacl.signing.SigningKey(subkey(seed, 1))
        self.key = bytes(self.signer.verify_key)
        self.box = nacl.public.PrivateKey(subkey(seed, 2))
        self.transport = z85.encode(bytes(self.box.public_key))

    def sign(self, record):
        data = pack(record)
        return data + self.signer.sign(data).signature

    def identity(self, role, name, state=""):
        vkey = f"{name}+{key_id(name, self.key).hex()}+" + base64.b64encode(b"\1" + self.key).decode()
        party = f"state {state}\n" if role == "party" else ""
        return (f"dais/identity/1\nactor {self.actor.hex()}\nrole {role}\n{party}key {vkey}\n"
                f"transport {self.transport.decode()}\n")


def opened(signed, domain, key=None):
    """A signed record as its fields; its key is field 2 unless it is given."""
    record = unpack(signed[:-64], domain)
    try:
        nacl.signing.VerifyKey(key or record[2]).verify(signed[:-64], signed[-64:])
    except Exception as wrong:
        raise Wrong(f"the signature of a {domain}") from wrong
    return record


# Messages and bundles.

def new_id(now_ms):
    return now_ms.to_bytes(6, "big") + os.urandom(10)


def commit(content):
    """(commitment, opening)."""
    salt = os.urandom(32)
    return sha(b"dais/content/1\n", salt, content), salt + content


def padded(content):
    if not content:
        return b""
    size = next(n for n in (1024, 4096, 16384, 65536, 262144) if len(content) < n)
    return content + b"\x80" + bytes(size - len(content) - 1)


def message(log, kind, actor, now_ms, subject, on_behalf=b"", public=b"", private=b"", name=None):
    """An item of a parcel: the message, and what opens its two commitments."""
    (public_commitment, public_opening), (private_commitment, private_opening) = (
        commit(public), commit(padded(private)))
    said = pack(["dais/message/1\n", log, kind, name or new_id(now_ms), actor, on_behalf, now_ms,
                 subject, public_commitment, private_commitment])
    return [said, public_opening, private_opening]


class Stream:
    """The chain of bundles of one key, log and stream."""

    def __init__(self, device, log, number):
        self.device, self.log, self.number = device, log, number
        self.k, self.prev = 0, ZERO
        self.sent = {}  # k -> (hash, items)

    def bundle(self, items, seen):
        """The envelope of the next bundle; seen is (size, root)."""
        root = root_of([item[0] for item in items])
        envelope = self.device.sign(["dais/bundle/1\n", self.log, self.device.key, self.number, self.k,
                                     self.prev, len(items), root, *seen])
        name = sha(envelope)
        self.sent[self.k] = (name, items)
        self.k, self.prev = self.k + 1, name
        return envelope

    def parcel(self, items, seen, registry_box):
        envelope = self.bundle(items, seen)
        if self.number == OPEN:
            return pack(["dais/parcel/1\n", envelope, items])
        sealed = pack(["dais/sealed/1\n", self.log, sha(envelope), items])
        box = nacl.public.SealedBox(nacl.public.PublicKey(registry_box)).encrypt(sealed)
        return pack(["dais/sealed-parcel/1\n", envelope, box])


# The connection: MDP/0.2 on a DEALER with CURVE.

class Door:
    """`server_key` None is a door without CURVE, which only the broker's own host has."""

    def __init__(self, context, endpoint, server_key=None, device=None):
        self.socket = context.socket(zmq.DEALER)
        self.socket.linger = 0
        if server_key:
            self.socket.curve_serverkey = server_key
            self.socket.curve_publickey = device.transport
            self.socket.curve_secretkey = z85.encode(bytes(device.box))
        self.socket.connect(endpoint)
        self.early = {}

    def start(self, service, domain, *fields):
        """Sends a call and gives its id."""
        call = os.urandom(16)
        self.socket.send_multipart([b"MDPC02", b"\x01", service.encode(),
                                    pack([f"dais/{domain}/1\n", call, *fields])])
        return call

    def finish(self, call, domain):
        """The fields of the answer behind its call id. Answers come in any order."""
        while call not in self.early:
            if not self.socket.poll(WAIT_MS):
                raise Wrong("no answer")
            header, command, _, body = self.socket.recv_multipart()
            demand((header, command) == (b"MDPC02", b"\x03"), "not a FINAL")
            answer = unpack(body)
            self.early[answer[1]] = answer
        answer = self.early.pop(call)
        if answer[0] == "dais/refused/1\n":
            raise Refused(answer[2], answer[3])
        demand(answer[0] == f"dais/{domain}/1\n", f"not {domain}")
        return answer[2:]

    def call(self, service, domain, answer, *fields):
        return self.finish(self.start(service, domain, *fields), answer)


# What is verified of a log.

class Log:
    """What genesis says, and the last checkpoint that was verified."""

    def __init__(self, genesis):
        record = opened(genesis, "genesis", key=unpack(genesis[:-64])[11])
        self.genesis, self.cycle, self.origin, self.key, self.box = (genesis, *record[1:3], *record[8:10])
        demand(record[7] == sha(record[6].encode()), "the policy's hash")
        self.name = None  # leaf hash of entry 0
        self.size, self.root = 0, sha()
        self.leaves, self.records = [], {}
        self.roles = {record[11]: 3}  # key -> role, as the log's roster has it

    def checkpoint(self, note):
        """(size, root) of a checkpoint that the log's key has signed."""
        text, _, signatures = note.rpartition("\n\n")
        text += "\n"
        origin, size, root, *rest = text.split("\n")
        demand(origin == self.origin and rest == [""], "another log's checkpoint")
        mark = f"\u2014 {self.origin} "
        for line in signatures.splitlines():
            data = base64.b64decode(line[len(mark):]) if line.startswith(mark) else b""
            if data[:4] == key_id(self.origin, self.key):
                nacl.signing.VerifyKey(self.key).verify(text.encode(), data[4:])
                return int(size), base64.b64decode(root)
        raise Wrong("nobody known has signed the checkpoint")

    def record(self, opening, leaf):
        """The record of an opening that opens this leaf; checked as "Opening" says."""
        (_, seq, data, salt, envelope, path, stamp, index, stamp_path, public, private) = (
            unpack(opening, "opening"))
        demand(leaf == pack(["dais/entry/1\n", seq, sha(b"dais/record/1\n", salt, data)]), "the leaf")
        record = unpack(data, "record")
        logged_at, received_at, bundle, place, said = record[2], record[3], *record[5:8]
        if not bundle:
            demand((envelope, path, stamp, index, stamp_path, public, private, received_at) ==
                   (b"", b"", b"", 0, b"", b"", b"", logged_at), "an own entry with more")
            demand(said == self.genesis if seq == 0 else unpack(said, "own")[1] == self.name, "whose")
            return record
        header, fields = opened(envelope, "bundle"), unpack(said, "message")
        demand(sha(envelope) == bundle and header[1] == fields[1] == self.name, "the bundle")
        demand(header[3] == (SEALED if fields[2] in SEALED_KINDS else OPEN), "the stream")
        check_inclusion(said, place, header[6], path, header[7])
        if stamp:
            fields = opened(stamp, "stamp")
            demand(fields[1] == self.name and fields[5] == received_at, "the stamp")
            check_inclusion(bundle, index, fields[6], stamp_path, fields[7])
        else:
            demand(not stamp_path and received_at == logged_at, "no stamp, and a time")
        for held, commitment in ((public, unpack(said)[8]), (private, unpack(said)[9])):
            demand(not held or sha(b"dais/content/1\n", held) == commitment, "the content")
        return record

    def take(self, note, first, lines):
        """Entries that follow those that are known, all of which the checkpoint covers."""
        demand(first == len(self.leaves), "not the next entries")
        for leaf, opening in lines:
            seq = len(self.leaves)
            demand(unpack(leaf, "entry")[1] == seq, "out of order")
            if seq == 0:
                self.name = leaf_hash(leaf)
            self.leaves.append(leaf)
            if opening:
                self.records[seq] = self.record(opening, leaf)
                self.note_role(self.records[seq])
        size, root = self.checkpoint(note)
        if len(self.leaves) == size:
            demand(root_of(self.leaves) == root, "the entries are not those of the checkpoint")
            self.size, self.root = size, root

    def note_role(self, record):
        """The keys of the log's roster, from its own entries."""
        said = unpack(record[7]) if record[5] else None  # only what came in a bundle
        if said and said[2] == ROSTER_CHANGE and record[4] == [1] and said[7][0] == 1:
            self.roles[said[7][6]] = said[7][2]


class Office:
    """`now` gives the time in milliseconds."""

    def __init__(self, device, door, log, now=lambda: int(time.time() * 1000)):
        self.device, self.door, self.log, self.now = device, door, log, now
        self.streams, self.stamps, self.receipts = {}, {}, {}
        self.service = f"registry/{log.cycle}"

    # Asking.

    def look(self, *what):
        return self.door.call(self.service, "look", "shown", self.log.name or ZERO, list(what))[0]

    def signed_ask(self, *what):
        return self.device.sign(["dais/ask/1\n", self.log.name, self.device.key, self.now(),
                                 os.urandom(16), list(what)])

    def open_answer(self, ask, box):
        """Nobody but the registry can have made it, and only for this ask."""
        key = nacl.public.PublicKey(self.log.box)
        answer = unpack(nacl.public.Box(self.device.box, key).decrypt(box), "answer")
        demand(answer[1:3] == [self.log.name, sha(ask)], "the answer to another ask")
        return answer[3]

    def ask(self, *what, wait=False):
        ask = self.signed_ask(*what)
        service = self.service + "/wait" if wait else self.service
        return self.open_answer(ask, self.door.call(service, "ask-call", "answered", ask)[0])

    # Following the log.

    def follow(self):
        """Brings what is known of the log up to what the registry has signed."""
        what, note, _ = self.look(CHECKPOINT, 0, 0)
        goal = self.log.checkpoint(note)[0]
        while self.log.size < goal:
            what, note, first, lines = self.look(ENTRIES, len(self.log.leaves), 1024, 0)
            demand(what == ENTRIES and lines, "no entries")
            self.log.take(note, first, lines)

    def advance(self):
        """A newer checkpoint, if it is of the same log."""
        _, note, proof = self.look(CHECKPOINT, self.log.size, 0)
        size, root = self.log.checkpoint(note)
        check_consistency(self.log.size, self.log.root, size, root, proof)

    # Sending.

    def stream(self, number):
        if number not in self.streams:
            self.streams[number] = Stream(self.device, self.log.name, number)
        return self.streams[number]

    def say(self, kind, subject, **more):
        return message(self.log.name, kind, self.device.actor, self.now(), subject, **more)

    def send(self, items, intake="intake"):
        """Puts the items into the next bundle of their stream, and has it stamped; gives its k."""
        kinds = {unpack(item[0])[2] for item in items}
        stream = self.stream(SEALED if kinds <= SEALED_KINDS else OPEN)
        parcel = stream.parcel(items, (self.log.size, self.log.root), self.log.box)
        self.check_stamp(sha(unpack(parcel)[1]), *self.door.call(
            intake, "submit", "submitted", self.log.name, parcel))
        return stream.k - 1

    def check_stamp(self, bundle, stamp, index, path):
        fields = opened(stamp, "stamp")
        demand(fields[1] == self.log.name, "the stamp of another log")
        demand(self.log.roles.get(fields[2]) == 7, "the stamp of no intake of the roster")
        check_inclusion(bundle, index, fields[6], path, fields[7])
        last = self.stamps.get(fields[2])
        if last:
            before = unpack(last[:-64])
            demand(fields[3] >= before[3] and fields[5] >= before[5], "a stamp that goes back")
            demand(fields[3] != before[3] + 1 or fields[4] == sha(last), "the chain of the stamps")
        self.stamps[fields[2]] = stamp
        self.receipts[bundle] = {"received_at": fields[5]}

    def settle(self, number=OPEN, k=0, wait_ms=WAIT_MS):
        """What became of the bundles from k on: {k: (code, [(seq, verdicts, item) of each entry])}."""
        _, following, _, lines, twins = self.ask(RECEIPTS, number, k, wait_ms, wait=True)
        found = {}
        for at, bundle, state, code, receipts in lines:
            if state == 2 or self.stream(number).sent.get(at, (None,))[0] != bundle:
                continue
            rows = self.check_receipts(number, at, receipts) if receipts else []
            found[at] = (code, rows + [(seq, None, self.stream(number).sent[at][1][index])
                                       for n, index, seq in twins if n == at])
        demand(following <= self.stream(number).k or found == {}, "more than was sent")
        return found

    def check_receipts(self, number, k, receipts):
        bundle, items = self.stream(number).sent[k]
        (_, first, entries, epoch, logged_at, first_path, last_path, note) = unpack(receipts, "receipts")
        size, root = self.log.checkpoint(note)
        rows, leaves = [], {}
        for seq, (index, verdicts, salt) in enumerate(entries, first):
            record = pack(["dais/record/1\n", epoch, logged_at, self.receipts[bundle]["received_at"],
                           verdicts, bundle, index, items[index][0]])
            leaves[seq] = pack(["dais/entry/1\n", seq, sha(b"dais/record/1\n", salt, record)])
            rows.append((seq, verdicts, items[index]))
        last = first + len(entries) - 1
        check_inclusion(leaves[first], first, size, first_path, root)
        check_inclusion(leaves[last], last, size, last_path, root)
        known = {**known_by(first, size, first_path), **known_by(last, size, last_path)}
        outside = {place: root for place, root in known.items()
                   if place[1] <= first or place[0] > last}
        demand(root_from(0, size, outside, leaves) == root, "the entries between")
        return rows

    def proof(self, seq):
        """The receipt of one entry as a text, checked; (text, record)."""
        text = self.ask(PROOF, seq)[1].decode()
        head, _, note = text.partition("\n\n")
        title, extra, index, *path = head.split("\n")
        demand((title, index) == ("c2sp.org/tlog-proof@v1", f"index {seq}"), "the proof")
        opening = base64.b64decode(extra[len("extra "):])
        fields = unpack(opening, "opening")
        leaf = pack(["dais/entry/1\n", seq, sha(b"dais/record/1\n", fields[3], fields[2])])
        size, root = self.log.checkpoint(note)
        check_inclusion(leaf, seq, size, b"".join(map(base64.b64decode, path)), root)
        return text, self.log.record(opening, leaf)


# The program.

def make_keys(folder):
    seed, actor = os.urandom(32), new_id(int(time.time() * 1000))
    device = Device(seed, actor)
    folder.mkdir(parents=True)
    with open(folder / "secret", "x", opener=lambda name, how: os.open(name, how, 0o600),
              encoding="ascii") as secret:
        secret.write(f"dais/secret/1\nseed {seed.hex()}\n")
    (folder / "identity").write_text(device.identity("office", "office.example/foreign"))
    print(folder / "identity")


def load_keys(folder):
    seed = bytes.fromhex((folder / "secret").read_text().split()[2])
    actor = bytes.fromhex((folder / "identity").read_text().split()[2])
    return Device(seed, actor)


def clock_of(path):
    """The time as the rehearsal's clock file has it."""
    return lambda: int(datetime.fromisoformat(
        path.read_text().strip().replace("Z", "+00:00")).timestamp() * 1000)


def act(options):
    log = Log(options.genesis.read_bytes())
    device = load_keys(options.folder)
    context = zmq.Context()
    door = Door(context, options.endpoint, options.broker_key.encode(), device)
    office = Office(device, door, log, **({"now": clock_of(options.clock)} if options.clock else {}))
    office.follow()
    state = office.look(CYCLE)
    print(f"log {log.name.hex()} size {log.size} state {state[1]}")
    application = office.say(10, [b"", "Lanterns Abroad", 1, "XB", 1, 1, 1, 2, [], b""],
                             private=pack(["dais/writing/1\n", "A letter.\n", []]))
    organisation = unpack(application[0])[3]
    first = office.send([application])
    comment = office.say(34, ["On lanterns", "en", 3, 0, [], b""], on_behalf=organisation,
                         public=pack(["dais/writing/1\n", "Light every harbour.\n", []]))
    second = office.send([comment])
    done = {}
    while not {first, second} <= set(done):
        done.update(office.settle(k=first if first not in done else second))
    for k in (first, second):
        code, rows = done[k]
        for seq, verdicts, item in rows:
            print(f"entry {seq} kind {unpack(item[0])[2]} verdicts {verdicts} {code}".rstrip())
    office.advance()
    seq = done[first][1][0][0]
    text, record = office.proof(seq)
    demand(record[7] == application[0], "the proof of another message")
    (options.folder / "receipt").write_text(text)
    _, _, size, version, _, rows, account = office.look(LIST, 2, 0, 0)
    print(f"participants {len(rows)} of version {version} at {size}, not shown {account[0][9]}")
    _, _, _, rows = office.ask(STATUS, organisation, 0)
    print("status", *(f"{row[3]}: {row[5]}" for row in rows if row[1] == organisation))
    office.follow()
    print(f"log {log.name.hex()} size {log.size} verified")
    door.socket.close()
    context.term()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    verbs = parser.add_subparsers(required=True)
    keys = verbs.add_parser("keys")
    keys.add_argument("folder", type=Path)
    keys.set_defaults(run=lambda options: make_keys(options.folder))
    acting = verbs.add_parser("act")
    acting.add_argument("folder", type=Path)
    acting.add_argument("endpoint")
    acting.add_argument("broker_key")
    acting.add_argument("genesis", type=Path)
    acting.add_argument("--clock", type=Path)
    acting.set_defaults(run=act)
    options = parser.parse_args()
    options.run(options)


if __name__ == "__main__":
    main()
