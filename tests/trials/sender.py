# SPDX-License-Identifier: Apache-2.0
"""Offices that go on sending whatever happens to the daemons, many keys in one thread, and write down
in a ledger what they saw. They know nothing of our library: all from docs/protocol.md and
docs/formats.md. What is not answered is sent again, byte for byte, to any intake; what is stamped is
never sent again, as a stamp is a promise."""
import queue
import secrets
import sys
import threading
import time
from hashlib import blake2b, sha256
from pathlib import Path

import zmq
from nacl.public import Box, PrivateKey, PublicKey
from zmq.utils import z85

from ledger import Sent

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "property"))

from model import tree  # noqa: E402
from model.profile import Refused, pack, unpack, unpack_deep  # noqa: E402
from model.records import (NO_HASH, Device, bundle_root, decode, encode, make_message,  # noqa: E402
                           read_checkpoint, read_genesis, record_commitment)

AHEAD = 16         # bundles of a key that have no receipt yet
ANSWER_S = 0.4     # for a submit; then it is unknown
WAIT_MS = 400      # that the registry may keep a question about receipts
PAUSE_S = 0.1      # after a refusal, or where nothing can be asked
RECEIPTS = 4       # what is asked for
LOGGED, PARKED, TURNED_AWAY = 1, 2, 3


class Site:
    """What senders know of the cycle before they begin."""

    def __init__(self, world, endpoint, intakes, ledger, chance, pace_s=0.02):
        genesis = read_genesis((world.folder / "genesis").read_bytes())
        self.world, self.ledger, self.chance = world, ledger, chance
        self.pace_s = pace_s  # between two bundles of a key
        self.log, self.log_key = bytes.fromhex(world.log), genesis["log_key"]
        self.origin, self.box_key = genesis["origin"], genesis["registry_box_key"]
        self.endpoint, self.server_key = endpoint, world.broker_key.encode()
        self.intakes = intakes  # service: its key
        self.service = f"registry/{genesis['cycle']}/wait"

    def now_ms(self):
        played = self.world.clock is not None
        return int((self.world.now.timestamp() if played else time.time()) * 1000)


class Sender:
    """One office with one key."""

    def __init__(self, site, context, name):
        keys = site.world.folder / "keys"
        seed = bytes.fromhex((keys / f"{name}.secret").read_text().split("seed ")[1].split()[0])
        identity = dict(line.split(" ", 1) for line in
                        (keys / f"{name}.identity").read_text().splitlines()[1:])
        self.site, self.name, self.actor = site, name, bytes.fromhex(identity["actor"])
        self.device = Device(seed)
        secret = blake2b(key=seed, digest_size=32, salt=(2).to_bytes(8, "little") + bytes(8),
                         person=b"dais-dev" + bytes(8)).digest()
        self.box = Box(PrivateKey(secret), PublicKey(site.box_key))
        self.socket = context.socket(zmq.DEALER)
        self.socket.linger = 0
        self.socket.curve_serverkey = site.server_key
        self.socket.curve_secretkey = z85.encode(secret)
        self.socket.curve_publickey = z85.encode(self.device.box_key)
        self.socket.connect(site.endpoint)
        self.bundles = []              # by k
        self.parcels = []              # the bytes that travel, by k
        self.prev, self.envelope = NO_HASH, b""
        self.organisation = b""
        self.calls = {}                # id: (k, until)
        self.to_send = {}              # k: when
        self.first_open = 0            # the first k without a fate
        self.ask = None                # (call id, hash of the ask, until)
        self.ask_at = self.say_at = 0.0
        self.seen = (0, tree.EMPTY_ROOT)

    # Saying.

    def message(self):
        """An application, of an organisation that nobody has heard of; mostly, a change to the first
        one, as the naive rules look at all organisations at every step."""
        site = self.site
        name = site.now_ms().to_bytes(6, "big") + secrets.token_bytes(10)
        amends = self.organisation and site.chance.random() < 0.99
        subject = {"organisation": self.organisation if amends else b"", "category": 1,
                   "applicant": f"Organisation {name.hex()}", "country": "XA", "ecosoc": 1,
                   "prior": 1, "mode": 1, "persons": 2, "documents": [], "mandate": b""}
        self.organisation = self.organisation or name
        return name, make_message(site.log, "amendment" if amends else "application", {
            "id": name, "actor": self.actor, "on_behalf": b"", "said_at": site.now_ms(),
            "subject": subject})

    def bundle(self, messages):
        """The next of the chain; it is on its way from here on."""
        k, texts = len(self.bundles), [text for _, text in messages]
        envelope = self.device.signed("bundle", {
            "log": self.site.log, "key": self.device.key, "stream": 0, "k": k, "prev": self.prev,
            "count": len(texts), "root": bundle_root(texts), "seen_size": self.seen[0],
            "seen_root": self.seen[1]})
        self.envelope, self.prev = envelope, sha256(envelope).digest()
        empty = bytes(32)  # salt of contents that are empty
        self.parcels.append(encode("parcel", {
            "envelope": envelope, "items": [{"message": text, "public_opening": empty,
                                             "private_opening": empty} for text in texts]}))
        self.bundles.append(Sent(self.prev, self.device.key, k, messages))
        self.to_send[k] = 0.0

    def is_settled(self):
        return self.first_open == len(self.bundles) and not self.calls and not self.to_send

    def repeat(self):
        """Sends a part of what it has sent once more, all of which it was unsure of, to every
        intake, and asks for all receipts again: they have to be the same (L3)."""
        self.first_open = 0
        for sent in list(self.bundles):
            if sent.k == 0 or sent.tries > 1 or self.site.chance.random() < 0.1:
                for intake in sorted(self.site.intakes):
                    self._submit(sent.k, time.monotonic(), intake)

    def fence(self):
        """Says something new by every intake: once that is in the log, all that these had stamped
        before has been taken too."""
        for intake in sorted(self.site.intakes):
            self.bundle([self.message()])
            k = len(self.bundles) - 1
            del self.to_send[k]
            self._submit(k, time.monotonic(), intake)

    # Calling.

    def _call(self, service, *rest):
        call = secrets.token_bytes(16)
        body = pack([rest[0], call, *rest[1:]])
        try:
            self.socket.send_multipart([b"MDPC02", b"\1", service.encode(), body], zmq.NOBLOCK)
        except zmq.Again:
            pass  # nobody is there: it goes unanswered
        return call

    def _submit(self, k, now, intake=None):
        intake = intake or self.site.chance.choice(sorted(self.site.intakes))
        self.site.ledger.invoke(self.bundles[k], intake)
        call = self._call(intake, "dais/submit/1\n", self.site.log, self.parcels[k])
        self.calls[call] = (k, now + ANSWER_S)

    def _ask(self, now):
        ask = self.device.signed("ask", {
            "log": self.site.log, "key": self.device.key, "at": self.site.now_ms(),
            "nonce": secrets.token_bytes(16), "what": [RECEIPTS, 0, self.first_open, WAIT_MS]})
        call = self._call(self.site.service, "dais/ask-call/1\n", ask)
        self.ask = (call, sha256(ask).digest(), now + WAIT_MS / 1000 + ANSWER_S)

    def step(self, now, says):
        """Whatever is due."""
        for call, (k, until) in list(self.calls.items()):
            if now > until:
                del self.calls[call]
                self.site.ledger.unknown(self.bundles[k])
                self.to_send[k] = now
        if says and now >= self.say_at and len(self.bundles) - self.first_open < AHEAD:
            self.say_at = now + self.site.pace_s
            self.bundle([self.message() for _ in range(self.site.chance.randint(1, 3))])
        for k, when in list(self.to_send.items()):
            if when <= now:
                del self.to_send[k]
                self._submit(k, now)
        if self.ask and now > self.ask[2]:
            self.ask = None
        if self.ask is None and now >= self.ask_at and self.first_open < len(self.bundles):
            self._ask(now)

    # Hearing.

    def hear(self, now):
        """Takes in all answers that are there."""
        while True:
            try:
                frames = self.socket.recv_multipart(zmq.NOBLOCK)
            except zmq.Again:
                return
            answer = unpack_deep(frames[3])
            if answer[1] in self.calls:
                self._submitted(self.calls.pop(answer[1])[0], answer, now)
            elif self.ask and answer[1] == self.ask[0]:
                self._answered(answer, now)

    def _submitted(self, k, answer, now):
        sent = self.bundles[k]
        if answer[0] == "dais/refused/1\n":
            self.site.ledger.refused(sent, answer[2])
            self.to_send[k] = now + PAUSE_S
            return
        stamp = decode("stamp", answer[2])
        if stamp["log"] != self.site.log or stamp["key"] not in self.site.intakes.values():
            raise Refused("unknown-key", "stamp")
        tree.check_path(tree.leaf_hash(sent.name), answer[3], stamp["count"], answer[4],
                        stamp["root"])
        self.site.ledger.stamped(sent, stamp["at"], stamp["key"])

    def _answered(self, answer, now):
        asked = self.ask[1]
        self.ask = None
        if answer[0] != "dais/answered/1\n":
            self.ask_at = now + PAUSE_S
            return
        said = unpack(self.box.decrypt(answer[2]))
        if said[1] != self.site.log or said[2] != asked or said[3][0] != RECEIPTS:
            raise Refused("wrong-log", "answer")
        told = set()
        for k, name, state, code, receipts in said[3][3]:
            if k < len(self.bundles) and name == self.bundles[k].name:
                told.add(k)
                twins = {index: seq for twin, index, seq in said[3][4] if twin == k}
                self._fate(self.bundles[k], state, code, receipts, twins)
        while self.first_open in told and self.bundles[self.first_open].fate:
            self.first_open += 1

    def _fate(self, sent, state, code, receipts, twins):
        if state == TURNED_AWAY:
            self.site.ledger.turned_away(sent, code)
        elif state == LOGGED and not receipts:
            self.site.ledger.twins(sent, twins)
        elif state == LOGGED:
            run = decode("receipts", receipts)
            self._check(sent, run)
            self.site.ledger.receipt(sent, {
                entry["index"]: (run["first"] + at, [number for number in entry["verdicts"]])
                for at, entry in enumerate(run["entries"])})

    def _check(self, sent, run):
        """The run leads to a checkpoint of the log's key, from a stamp that was given: offline."""
        size, root = read_checkpoint(run["checkpoint"], self.site.origin, self.site.log_key)
        self.site.ledger.shown(size, root)
        if size > self.seen[0]:
            self.seen = (size, root)
        last = len(run["entries"]) - 1
        for at, path in ((0, run["first_path"]), (last, run["last_path"])):
            ways = []
            for stamped, _ in sent.stamps:
                entry = run["entries"][at]
                record = encode("record", {
                    "epoch": run["epoch"], "logged_at": run["logged_at"], "received_at": stamped,
                    "verdicts": entry["verdicts"], "bundle": sent.name, "index": entry["index"],
                    "message": sent.messages[entry["index"]][1]})
                leaf = encode("entry", {"seq": run["first"] + at,
                                        "commitment": record_commitment(entry["salt"], record)})
                try:
                    tree.check_path(tree.leaf_hash(leaf), run["first"] + at, size, path, root)
                    ways.append(stamped)
                except Refused:
                    continue
            if not ways and len(sent.stamps) >= sent.tries:
                raise Refused("bad-proof", f"receipt of {sent.name.hex()}")


class Fleet:
    """Offices at work, in a thread of their own. `says`: whether they make new bundles."""

    def __init__(self, site, names):
        self.site, self.context = site, zmq.Context()
        self.senders = [Sender(site, self.context, name) for name in names]
        self.says = threading.Event()
        self.tasks = queue.SimpleQueue()
        self.tasks_left = 0
        self.stops = threading.Event()
        self.failure = None
        self.thread = threading.Thread(target=self._work, daemon=True)
        self.thread.start()

    def _work(self):
        poller = zmq.Poller()
        for sender in self.senders:
            poller.register(sender.socket, zmq.POLLIN)
        try:
            while not self.stops.is_set():
                for socket, _ in poller.poll(20):
                    next(each for each in self.senders if each.socket is socket).hear(time.monotonic())
                while not self.tasks.empty():
                    self.tasks.get()()
                    self.tasks_left -= 1
                for sender in self.senders:
                    sender.step(time.monotonic(), self.says.is_set())
        except Exception as failure:  # pylint: disable=broad-except
            self.failure = failure  # told by whoever waits

    def do(self, task):
        """Has it done by the thread that the senders belong to."""
        self.tasks_left += 1
        self.tasks.put(task)

    def all_do(self, what):
        """Has every sender do it."""
        self.do(lambda: [what(sender) for sender in self.senders])

    def is_settled(self):
        """Whether every bundle has its receipts or was turned away."""
        if self.failure:
            raise self.failure
        return self.tasks_left == 0 and all(sender.is_settled() for sender in self.senders)

    def settled(self):
        """Bundles whose fate is known."""
        if self.failure:
            raise self.failure
        return sum(sender.first_open for sender in self.senders)

    def close(self):
        self.stops.set()
        self.thread.join()
        for sender in self.senders:
            sender.socket.close()
        self.context.term()
        if self.failure:
            raise self.failure
