# SPDX-License-Identifier: Apache-2.0
"""Logs in the hands of somebody who holds every secret key: exported logs taken apart, changed and
put together again, signed anew where that is asked for. From docs/formats.md."""
import base64
import os

from office_peer import Device, leaf_hash, pack, sha, tree_root, unpack

HEAD, STAMP, BUNDLE, ENTRY, END = (f"dais/export{name}/1\n" for name in
                                   ("", "-stamp", "-bundle", "-entry", "-end"))


class Log:
    """An exported log: frames as lists of values, in their order."""

    def __init__(self, path):
        data, self.frames, at = path.read_bytes(), [], 0
        while at < len(data):
            size = int.from_bytes(data[at:at + 4], "big")
            self.frames.append(unpack(data[at + 4:at + 4 + size]))
            at += 4 + size

    def write(self, path):
        packed = [pack(frame) for frame in self.frames]
        path.write_bytes(b"".join(len(each).to_bytes(4, "big") + each for each in packed))
        return path

    def places(self, kind):
        return [at for at, frame in enumerate(self.frames) if frame[0] == kind]

    def entry(self, seq):
        """Place of the frame of an entry."""
        return self.places(ENTRY)[seq]

    def record(self, seq):
        return unpack(self.frames[self.entry(seq)][3])

    def message(self, seq):
        """The message or own record of an entry, genesis excepted."""
        return unpack(self.record(seq)[7])

    def find(self, kind, own=False):
        """Indices of entries of this kind of message."""
        domain = "dais/own/1\n" if own else "dais/message/1\n"
        found = []
        for seq in range(1, len(self.places(ENTRY))):
            if len(self.frames[self.entry(seq)][3]) == 0:
                continue
            message = self.message(seq)
            if message[0] == domain and message[2] == kind:
                found.append(seq)
        return found

    def put_record(self, seq, record):
        """Another record in its place, with a commitment that fits."""
        frame = self.frames[self.entry(seq)]
        frame[3] = pack(record)
        frame[2] = os.urandom(32)
        frame[1] = pack(["dais/entry/1\n", seq, sha(b"dais/record/1\n", frame[2], frame[3])])

    def close(self, seq):
        """Shows the leaf alone."""
        frame = self.frames[self.entry(seq)]
        frame[2:] = [b""] * (len(frame) - 2)

    def number(self):
        """Leaves numbered as they stand."""
        for seq, at in enumerate(self.places(ENTRY)):
            leaf = unpack(self.frames[at][1])
            self.frames[at][1] = pack([leaf[0], seq, leaf[2]])

    def sign(self, secret):
        """Counts, and signs the tree over the leaves, with the log's own key."""
        leaves = [leaf_hash(self.frames[at][1]) for at in self.places(ENTRY)]
        origin, end = self.frames[0][1], self.frames[-1]
        text = f"{origin}\n{len(leaves)}\n{base64.b64encode(tree_root(leaves)).decode()}\n"
        key_id = base64.b64decode(end[1].rsplit(" ", 1)[1])[:4]
        signature = Device.load(secret).sign_key.sign(text.encode()).signature
        end[1] = f"{text}\n\N{EM DASH} {origin} {base64.b64encode(key_id + signature).decode()}\n"
        self.frames[0][2] = len(leaves)

    def envelope(self, seq):
        """Places of the bundle's frame and the stamp's that a message stands under; None for no
        stamp."""
        at = self.entry(seq)
        bundle = max(place for place in self.places(BUNDLE) if place < at)
        if self.frames[bundle][2] == 0:
            return bundle, None
        return bundle, max(place for place in self.places(STAMP) if place < bundle)

