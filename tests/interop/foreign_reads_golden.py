#!/usr/bin/env -S python3 -B
# SPDX-License-Identifier: Apache-2.0
"""The foreign office reads the golden files and refuses each of them with any byte changed: so what it finds
good at the real daemons it would not have found good anyhow."""
import sys
import unittest
from pathlib import Path

import foreign_office as foreign

GOLDEN = Path(__file__).resolve().parents[1] / "golden"
STEP = 7  # of how many bytes one is changed


def golden(name):
    lines = (GOLDEN / f"{name}.v1.hex").read_text().splitlines()[1:]
    return bytes.fromhex("".join(lines))


class Golden(unittest.TestCase):
    def setUp(self):
        self.log = foreign.Log(golden("genesis"))
        self.log.name = foreign.unpack(golden("message"))[1]
        self.office = foreign.Office(None, None, self.log)
        _, envelope, items = foreign.unpack(golden("parcel"), "parcel")
        self.bundle = foreign.sha(envelope)
        stream = foreign.Stream(None, self.log.name, foreign.OPEN)
        stream.sent[0] = (self.bundle, items)
        self.office.streams[foreign.OPEN] = stream
        self.at = foreign.unpack(golden("stamp")[:-64])[5]

    def refuses_changes(self, data, read):
        """It reads the data, and nothing that differs from it in one bit."""
        read(data)
        for at in range(0, len(data), STEP):
            for bit in (1, 128):
                changed = data[:at] + bytes([data[at] ^ bit]) + data[at + 1:]
                with self.assertRaises(Exception, msg=f"byte {at}"):
                    read(changed)

    # Goal: genesis, stamps and checkpoints are believed by their signatures alone. Method: bits changed.
    def test_signed(self):
        self.refuses_changes(golden("genesis"), foreign.Log)
        self.refuses_changes(golden("stamp"), lambda data: foreign.opened(data, "stamp"))
        note = (GOLDEN / "checkpoint.v1.txt").read_text()
        size, root = self.log.checkpoint(note)
        self.assertEqual((size, root), (10, self.log.checkpoint(
            (GOLDEN / "checkpoint_cosigned.v1.txt").read_text())[1]))
        for at, mark in enumerate(note[:-2]):
            with self.assertRaises(Exception, msg=f"character {at}"):
                self.log.checkpoint(note[:at] + ("A" if mark != "A" else "B") + note[at + 1:])

    # Goal: an opening is good for its leaf and for no other. Method: bits changed in either.
    def test_opening(self):
        leaf = golden("entry")
        self.assertEqual(self.log.record(golden("opening"), leaf)[4], [0])
        self.refuses_changes(golden("opening"), lambda data: self.log.record(data, leaf))
        self.refuses_changes(leaf, lambda data: self.log.record(golden("opening"), data))

    # Goal: receipts prove the entries of a bundle, those between first and last too. Method: three
    # messages; bits changed in the receipts, in each message, and in the time of the stamp.
    def test_receipts(self):
        self.office.receipts[self.bundle] = {"received_at": self.at}

        def read(receipts):
            return self.office.check_receipts(foreign.OPEN, 0, receipts)

        self.assertEqual([seq for seq, _, _ in read(golden("receipts"))], [5, 6, 7])
        self.refuses_changes(golden("receipts"), read)
        items = self.office.streams[foreign.OPEN].sent[0][1]
        for item in items:
            kept, item[0] = item[0], item[0][:-1] + bytes([item[0][-1] ^ 1])
            self.assertRaises(foreign.Wrong, read, golden("receipts"))
            item[0] = kept
        self.office.receipts[self.bundle] = {"received_at": self.at + 1}
        self.assertRaises(foreign.Wrong, read, golden("receipts"))


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
