# SPDX-License-Identifier: Apache-2.0
"""Compares what two logs publish, value by value: numbers, texts, lengths and shapes have to be the
same; where bytes differ, the place is named by the record and field that they stand in. Written
from docs/formats.md alone."""
import base64
import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "browser"))
from hostile import DIGEST, Page  # noqa: E402

HASH, SIGNATURE = 32, 64
LENGTHS = {0xC4: 1, 0xC5: 2, 0xC6: 4, 0xCC: 1, 0xCD: 2, 0xCE: 4, 0xCF: 8, 0xD9: 1, 0xDA: 2,
           0xDB: 4, 0xDC: 2, 0xDD: 4}


class Leak(AssertionError):
    pass


def value(data, at=0):
    """The next value of MessagePack, and where it ends."""
    first = data[at]
    at += 1
    if first < 0x80:
        return first, at
    if first in LENGTHS:
        size = LENGTHS[first]
        number = int.from_bytes(data[at:at + size], "big")
        at += size
    elif 0x90 <= first <= 0xBF:
        number = first & (0x0F if first < 0xA0 else 0x1F)
    else:
        raise ValueError(f"type {first:#x}")
    if 0xCC <= first <= 0xCF:
        return number, at
    if 0x90 <= first < 0xA0 or first in (0xDC, 0xDD):
        items = []
        for _ in range(number):
            item, at = value(data, at)
            items.append(item)
        return items, at
    part = data[at:at + number]
    if len(part) != number:
        raise ValueError("truncated")
    is_bin = 0xC4 <= first <= 0xC6
    return (bytes(part) if is_bin else part.decode()), at + number


def record(data):
    """A record with its domain, and what stands behind it; None if these bytes are none."""
    try:
        found, end = value(data)
    except (ValueError, IndexError):
        return None
    good = isinstance(found, list) and found and isinstance(found[0], str) and \
        found[0].startswith("dais/") and len(data) - end in (0, SIGNATURE)
    return (found, data[end:]) if good else None


class Compare:
    """`differ` has the places at which bytes differ, and how often."""

    def __init__(self):
        self.differ = {}

    def note(self, place):
        self.differ[place] = self.differ.get(place, 0) + 1

    def values(self, a, b, place):
        if type(a) is not type(b):
            raise Leak(f"{place}: {a!r:.80} and {b!r:.80}")
        if isinstance(a, list):
            self.lists(a, b, place)
        elif isinstance(a, bytes):
            self.bytes(a, b, place)
        elif a != b and place == "dais/export-end/1[1]":
            self.checkpoint(a, b)
        elif a != b:
            raise Leak(f"{place}: {a!r:.80} and {b!r:.80}")

    def lists(self, a, b, place):
        if len(a) != len(b):
            raise Leak(f"{place}: {len(a)} items and {len(b)}")
        is_record = bool(a) and isinstance(a[0], str) and a[0].startswith("dais/")
        for i, (one, two) in enumerate(zip(a, b)):
            self.values(one, two, f"{a[0].strip()}[{i}]" if is_record else f"{place}[]")

    def bytes(self, a, b, place):
        if a == b:
            return
        if len(a) != len(b):
            raise Leak(f"{place}: {len(a)} bytes and {len(b)}")
        one, two = record(a), record(b)
        if one and two:
            self.lists(one[0], two[0], place)
            if one[1] != two[1]:
                self.note(f"{one[0][0].strip()} signature")
        elif len(a) == HASH:
            self.note(place)
        else:
            raise Leak(f"{place}: {a[:40]!r} and {b[:40]!r}")

    def hashes(self, a, b, place, first=0):
        """Hashes one after the other; those before `first` do not differ."""
        if len(a) != len(b) or len(a) % HASH:
            raise Leak(f"{place}: {len(a)} bytes and {len(b)}")
        for at in range(0, len(a), HASH):
            if a[at:at + HASH] != b[at:at + HASH]:
                if at // HASH < first:
                    raise Leak(f"{place}: hash {at // HASH}, before anything differs")
                self.note(place)

    def framed(self, a, b, size, place):
        """Records, each behind its length."""
        at = 0
        if len(a) != len(b):
            raise Leak(f"{place}: {len(a)} bytes and {len(b)}")
        while at < len(a):
            length = int.from_bytes(a[at:at + size], "big")
            if a[at:at + size] != b[at:at + size]:
                raise Leak(f"{place}: a length at {at}")
            at += size
            self.bytes(a[at:at + length], b[at:at + length], place)
            at += length

    # Texts.

    def base64(self, a, b, place):
        if a != b:
            self.bytes(*(base64.b64decode(each, validate=True) for each in (a, b)), place)

    def checkpoint(self, a, b):
        a, b = a.split("\n"), b.split("\n")
        if a[:2] != b[:2] or len(a) != len(b):
            raise Leak(f"checkpoint: {a[:2]} and {b[:2]}")
        self.base64(a[2], b[2], "checkpoint root")
        for one, two in zip(a[3:], b[3:]):
            if one == two:
                continue
            (head, mark), (other, mark_b) = one.rsplit(" ", 1), two.rsplit(" ", 1)
            one, two = base64.b64decode(mark), base64.b64decode(mark_b)
            if head != other or len(one) != 4 + SIGNATURE or len(one) != len(two) or \
                    one[:4] != two[:4]:
                raise Leak("checkpoint: a signature line")
            self.note("checkpoint signature")

    def receipt(self, a, b):
        (a, note_a), (b, note_b) = a.split("\n\n", 1), b.split("\n\n", 1)
        for one, two in zip(a.split("\n"), b.split("\n"), strict=True):
            if one.startswith("extra "):
                self.base64(one[6:], two[6:], "receipt extra")
            elif one != two and len(base64.b64decode(one)) == len(base64.b64decode(two)) == HASH:
                self.note("receipt path")
            elif one != two:
                raise Leak(f"receipt: {one} and {two}")
        self.checkpoint(note_a, note_b)

    def page(self, a, b, place):
        one, two = Page(a).nodes, Page(b).nodes
        if len(one) != len(two):
            raise Leak(f"{place}: other elements")
        for a, b in zip(one, two):
            if a == b:
                continue
            if a[0] != "text" or not a[2] or not DIGEST.fullmatch(a[1]) or \
                    not DIGEST.fullmatch(b[1]):
                raise Leak(f"{place}: {a} and {b}")
            self.note("page root")

    def manifest(self, a, b):
        a, b = json.loads(a), json.loads(b)
        for one, two in zip(a.pop("files"), b.pop("files"), strict=True):
            if one.pop("sha256") != two.pop("sha256"):
                self.note("manifest sha256")
            if one != two:
                raise Leak(f"manifest: {one} and {two}")
        if a != b:
            raise Leak("manifest")

    def file(self, name, a, b, first):
        """One file of a site. `first` is the index of the first entry that differs."""
        if len(a) != len(b):
            raise Leak(f"{name}: {len(a)} bytes and {len(b)}")
        if a == b:
            return
        if name.startswith("log/checkpoint"):
            self.checkpoint(a.decode(), b.decode())
        elif name.startswith("log/tile/entries/"):
            self.framed(a, b, 2, "leaf")
        elif name.startswith("log/tile/0/"):
            self.hashes(a, b, "tile of leaf hashes", first % 256)
        elif name.startswith("log/tile/"):
            self.hashes(a, b, "tile")
        elif name.startswith("log/open/"):
            self.bytes(a, b, name)
        elif name.startswith("receipts/"):
            self.receipt(a.decode(), b.decode())
        elif name.endswith(".html"):
            self.page(a.decode(), b.decode(), name)
        elif name == "data/manifest.json":
            self.manifest(a, b)
        else:
            raise Leak(f"{name} differs")
