# SPDX-License-Identifier: Apache-2.0
"""The other side of `dais send`, in another language and with faults on demand: one process that
speaks the client half of MDP/0.2 over CURVE and answers as intakes and as the registry would, from
docs/protocol.md and docs/formats.md. What real daemons hardly ever do can be asked of it: an answer
that gets lost, a chain that went on elsewhere, a bundle that is turned away."""
import base64
import hashlib
import os
import threading
import time

import msgpack
import nacl.public
import nacl.signing
import zmq

ZERO = bytes(32)
SEALED = {20, 21, 22, 23, 38}


def sha(*parts):
    return hashlib.sha256(b"".join(parts)).digest()


def pack(value):
    return msgpack.packb(value, use_bin_type=True)


def unpack(data):
    return msgpack.unpackb(data, raw=False, strict_map_key=False)


def split(data):
    """A signed record: (fields, record bytes, signature)."""
    return unpack(data[:-64]), data[:-64], data[-64:]


def subkey(seed, number):
    return hashlib.blake2b(b"", digest_size=32, key=seed, salt=number.to_bytes(8, "little") + bytes(8),
                           person=b"dais-dev" + bytes(8)).digest()


class Device:
    def __init__(self, seed):
        self.sign_key = nacl.signing.SigningKey(subkey(seed, 1))
        self.box = nacl.public.PrivateKey(subkey(seed, 2))
        self.key = bytes(self.sign_key.verify_key)

    @staticmethod
    def load(path):
        return Device(bytes.fromhex(path.read_text().split("seed ")[1].strip()))

    def signed(self, record):
        data = pack(record)
        return data + self.sign_key.sign(data).signature


def leaf_hash(leaf):
    return sha(b"\0", leaf)


def tree_root(hashes):
    if not hashes:
        return sha(b"")
    if len(hashes) == 1:
        return hashes[0]
    k = 1 << (len(hashes) - 1).bit_length() - 1
    return sha(b"\1", tree_root(hashes[:k]), tree_root(hashes[k:]))


def tree_path(index, hashes):
    if len(hashes) <= 1:
        return b""
    k = 1 << (len(hashes) - 1).bit_length() - 1
    if index < k:
        return tree_path(index, hashes[:k]) + tree_root(hashes[k:])
    return tree_path(index - k, hashes[k:]) + tree_root(hashes[:k])


def tree_consistency(size, hashes, whole=True):
    if size == len(hashes):
        return b"" if whole else tree_root(hashes)
    k = 1 << (len(hashes) - 1).bit_length() - 1
    if size <= k:
        return tree_consistency(size, hashes[:k], whole) + tree_root(hashes[k:])
    return tree_consistency(size - k, hashes[k:], False) + tree_root(hashes[:k])


class Peer:
    """Faults: lose[service] answers are swallowed after the work is done; down has services that do
    not answer; refuse[service] = (code, retry_ms); bad has a piece of a message for which an intake
    refuses a bundle for good; turn_away = codes for the next bundles; hold: no submit is answered
    before so many have come; fakes: keys whose stamps the registry does not take."""

    def __init__(self, registry, origin, log):
        self.registry, self.origin, self.log = registry, origin, log
        self.intakes = {name: Device(os.urandom(32)) for name in ("intake", "intake2")}
        self.stamps = {name: (0, ZERO) for name in self.intakes}
        self.lose, self.down, self.refuse, self.turn_away = {}, set(), {}, []
        self.bad, self.hold, self.held, self.fakes = None, 0, [], set()
        self.due_ms, self.ticked = 90000000, 0  # of the deadline, from now; entry that closed it
        self.verdicts = []  # of the next messages; accepted once it is empty
        self.leaves, self.hashes = [], []
        self.chains, self.lines, self.seen, self.openings = {}, {}, {}, {}
        self.submits, self.asks = [], []
        self.append(pack(["dais/entry/1\n", 0, sha(b"genesis")]))  # of no matter here
        self.roster([intake.key for intake in self.intakes.values()])
        public, secret = zmq.curve_keypair()
        self.public = public.decode()
        self.context = zmq.Context()
        self.socket = self.context.socket(zmq.ROUTER)
        self.socket.curve_server = True
        self.socket.curve_secretkey = secret
        self.socket.curve_publickey = public
        self.socket.linger = 0
        self.port = self.socket.bind_to_random_port("tcp://127.0.0.1")
        self.stop = threading.Event()
        self.thread = threading.Thread(target=self.serve, daemon=True)
        self.thread.start()

    def close(self):
        self.stop.set()
        self.thread.join()
        self.socket.close()
        self.context.term()

    def append(self, leaf):
        self.leaves.append(leaf)
        self.hashes.append(leaf_hash(leaf))

    def roster(self, keys):
        """Entries that add these keys as intakes', without a stamp as given in on the host."""
        author, now = Device(os.urandom(32)), int(time.time() * 1000)
        messages = [pack(["dais/message/1\n", self.log, 44, os.urandom(16), bytes(16), b"", now,
                          [1, os.urandom(16), 7, "", "intake", "", key, os.urandom(32), 0],
                          os.urandom(32), os.urandom(32)]) for key in keys]
        hashes = [leaf_hash(message) for message in messages]
        envelope = author.signed(["dais/bundle/1\n", self.log, author.key, 0, 0, ZERO, len(keys),
                                  tree_root(hashes), 0, tree_root([])])
        for index, message in enumerate(messages):
            self.enter([1, now, now, [1], sha(envelope), index, message], envelope,
                       tree_path(index, hashes), b"", [b"", b""])

    def enter(self, record, envelope, path, stamp, openings):
        """Appends an entry with all that opens it; its index and salt."""
        seq, salt = len(self.leaves), os.urandom(32)
        packed = pack(["dais/record/1\n", *record])
        self.append(pack(["dais/entry/1\n", seq, sha(b"dais/record/1\n", salt, packed)]))
        self.openings[seq] = pack(["dais/opening/1\n", seq, packed, salt, envelope, path, stamp, 0,
                                   b"", *openings])
        return seq, salt

    def serve(self):
        while not self.stop.is_set():
            if self.socket.poll(50):
                frames = self.socket.recv_multipart()
                answer = self.work(frames[3].decode(), frames[4])
                if answer is not None:
                    self.held.append([frames[0], b"MDPC02", b"\3", frames[3], answer])
                if len(self.submits) >= self.hold:
                    for each in self.held:
                        self.socket.send_multipart(each)
                    self.held.clear()

    def work(self, service, body):
        call = unpack(body)
        if service in self.down:
            return None
        if service in self.refuse:
            code, retry = self.refuse[service]
            return pack(["dais/refused/1\n", call[1], code, retry, b"", 0])
        if self.bad is not None and call[0] == "dais/submit/1\n" and self.bad in call[3]:
            self.submits.append((service, call[3]))
            return pack(["dais/refused/1\n", call[1], "bad-signature", 0, b"", 0])
        if call[0] == "dais/submit/1\n":
            answer = self.submit(service, call)
        elif call[0] == "dais/look/1\n":
            answer = pack(["dais/shown/1\n", call[1], self.look(call[3])])
        else:
            answer = self.ask(call)
        if self.lose.get(service, 0) > 0:
            self.lose[service] -= 1
            return None
        return answer

    def submit(self, service, call):
        intake, (j, prev) = self.intakes[service], self.stamps[service]
        parcel = call[3]
        envelope = unpack(parcel)[1]
        name = sha(envelope)
        stamp = intake.signed(["dais/stamp/1\n", self.log, intake.key, j, prev,
                               int(time.time() * 1000), 1, leaf_hash(name)])
        self.stamps[service] = (j + 1, sha(stamp))
        self.submits.append((service, parcel))
        if intake.key not in self.fakes:
            self.take(parcel, stamp)
        return pack(["dais/submitted/1\n", call[1], stamp, 0, b""])

    def take(self, parcel, stamp):
        record = unpack(parcel)
        envelope = record[1]
        head, signed, signature = split(envelope)
        nacl.signing.VerifyKey(head[2]).verify(signed, signature)
        items = record[2]
        if record[0] == "dais/sealed-parcel/1\n":
            items = unpack(nacl.public.SealedBox(self.registry.box).decrypt(record[2]))[3]
        key = (head[2], head[3])
        chain = self.chains.setdefault(key, [0, ZERO])
        lines = self.lines.setdefault(key, [])
        name = sha(envelope)
        if any(line[1] == name for line in lines):
            return
        k = head[4]
        if k != chain[0] or head[5] != chain[1]:
            lines.append([k, name, 3, "chain-fork", b"", []])
            return
        chain[:] = [k + 1, name]
        if self.turn_away:
            lines.append([k, name, 3, self.turn_away.pop(0), b"", []])
            return
        lines.append([k, name, 1, "", *self.log_bundle(head, name, envelope, items, stamp)])

    def log_bundle(self, head, name, envelope, items, stamp):
        logged, received = int(time.time() * 1000), split(stamp)[0][5]
        first, entries, twins = len(self.leaves), [], []
        paths = [leaf_hash(item[0]) for item in items]
        for index, item in enumerate(items):
            message = unpack(item[0])
            assert (message[2] in SEALED) == (head[3] == 1)
            who = (message[4], message[3])
            if who in self.seen:
                twins.append([head[4], index, self.seen[who]])
                continue
            verdict = self.verdicts.pop(0) if self.verdicts else 1
            self.seen[who], salt = self.enter(
                [1, logged, received, [verdict], name, index, item[0]], envelope,
                tree_path(index, paths), stamp, item[1:])
            entries.append([index, [verdict], salt])
        if not entries:
            return b"", twins
        last = first + len(entries) - 1
        return pack(["dais/receipts/1\n", first, entries, 1, logged, tree_path(first, self.hashes),
                     tree_path(last, self.hashes), self.checkpoint()]), twins

    def checkpoint(self):
        text = (f"{self.origin}\n{len(self.hashes)}\n"
                f"{base64.b64encode(tree_root(self.hashes)).decode()}\n")
        number = sha(self.origin.encode(), b"\n\1", self.registry.key)[:4]
        signature = self.registry.sign_key.sign(text.encode()).signature
        return f"{text}\n\u2014 {self.origin} {base64.b64encode(number + signature).decode()}\n"

    def vkey(self):
        number = sha(self.origin.encode(), b"\n\1", self.registry.key)[:4]
        return f"{self.origin}+{number.hex()}+{base64.b64encode(bytes([1]) + self.registry.key).decode()}"

    def look(self, what):
        if what[0] == 1:
            old = what[1]
            proof = tree_consistency(old, self.hashes) if 0 < old < len(self.hashes) else b""
            return [1, self.checkpoint(), proof]
        if what[0] == 2:
            rows = [[leaf, self.openings.get(seq, b"") if seq < 3 else b""]
                    for seq, leaf in enumerate(self.leaves)][what[1]:what[1] + what[2]]
            return [2, self.checkpoint(), what[1], rows]
        assert what[0] == 6
        now = int(time.time() * 1000)
        return [6, "open", len(self.leaves), now, "Dialogue", 0,
                [[1, now + self.due_ms, now + self.due_ms, self.ticked, "2027-05-01T00:00:00+02:00", "Europe/Vienna"]]]

    def ask(self, call):
        ask, signed, signature = split(call[2])
        nacl.signing.VerifyKey(ask[2]).verify(signed, signature)
        self.asks.append(ask[5])
        answer = pack(["dais/answer/1\n", self.log, sha(call[2]), self.answer(ask[2], ask[5])])
        box = nacl.public.Box(self.registry.box, nacl.public.PublicKey(self.boxes[ask[2]]))
        return pack(["dais/answered/1\n", call[1], bytes(box.encrypt(answer, os.urandom(24)))])

    def answer(self, key, what):
        if what[0] == 4:
            chain = self.chains.get((key, what[1]), [0, ZERO])
            lines = [line for line in self.lines.get((key, what[1]), []) if line[0] >= what[2]]
            return [4, *chain, [line[:5] for line in lines],
                    [twin for line in lines for twin in line[5]]]
        assert what[0] == 5
        seq, text = what[1], ["c2sp.org/tlog-proof@v1"]
        text.append("extra " + base64.b64encode(self.openings[seq]).decode())
        text.append(f"index {seq}")
        path = tree_path(seq, self.hashes)
        text += [base64.b64encode(path[i:i + 32]).decode() for i in range(0, len(path), 32)]
        return [5, ("\n".join(text) + "\n\n" + self.checkpoint()).encode()]
