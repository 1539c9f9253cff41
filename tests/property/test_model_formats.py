# SPDX-License-Identifier: Apache-2.0
"""The model's reading of the formats against the golden files, whose bytes the programs make."""

import unittest
from hashlib import sha256
from pathlib import Path

from model import tree
from model.exported import leaves_of, read_export
from model.profile import Refused, pack, unpack, unpack_first
from model.records import (Device, check_opening, decode, encode, pad, read_checkpoint,
                           read_genesis, read_message, read_own, record_commitment, unpad, vkey)
from model.shapes import KINDS, NUMBERS, RECORDS, SIGNED, SUBJECTS, read_fields, write_fields

GOLDEN = Path(__file__).resolve().parents[1] / "golden"
PLAIN = {"record_own": "record", "opening_own": "opening", "stamp_mark": "stamp",
         "export_entry_closed": "export_entry"}


def golden(name, folder=GOLDEN):
    """The bytes of a golden file."""
    lines = (folder / f"{name}.v1.hex").read_text(encoding="ascii").splitlines()
    return bytes.fromhex("".join(line for line in lines if not line.startswith("#")))


def golden_text(name):
    """The text of a golden file that is one."""
    return (GOLDEN / f"{name}.v1.txt").read_text(encoding="utf-8")


class Profile(unittest.TestCase):
    """One encoding for each value."""

    def test_round_trip(self):
        """Values at the borders of each form come back."""
        for number in (0, 127, 128, 255, 256, 65535, 65536, (1 << 32) - 1, 1 << 32, (1 << 63) - 1):
            self.assertEqual(unpack(pack(number)), number)
        for size in (0, 1, 31, 32, 255, 256, 65535, 65536):
            for value in (bytes(size), "x" * size, [1] * size):
                self.assertEqual(unpack(pack(value)), value)

    def test_refusals(self):
        """What is not the one encoding is refused by its code."""
        cases = {"cc7f": "not-shortest", "cd00ff": "not-shortest", "c50001aa": "not-shortest",
                 "d91f" + "61" * 31: "not-shortest", "dc0001c0": "not-shortest",
                 "c0": "wrong-type", "80": "wrong-type", "ca00000000": "wrong-type",
                 "ff": "wrong-type", "a1ff": "not-utf8", "a3eda080": "not-utf8",
                 "9191919190": "too-deep", "c402aa": "truncated", "91": "truncated",
                 "0000": "trailing-bytes", "": "truncated"}
        for coded, code in cases.items():
            with self.subTest(coded), self.assertRaises(Refused) as caught:
                unpack(bytes.fromhex(coded))
            self.assertEqual(caught.exception.code, code, coded)


class Golden(unittest.TestCase):
    """Each golden file is read, and written again to the same bytes."""

    def test_records(self):
        """Records, with signatures where they have one."""
        seen = set()
        for path in sorted(GOLDEN.glob("*.v1.hex")):
            name = path.name[:-len(".v1.hex")]
            record = PLAIN.get(name, name)
            if record not in RECORDS:
                continue
            seen.add(record)
            with self.subTest(name):
                data = golden(name)
                fields = decode(record, data)
                again = encode(record, fields)
                self.assertEqual(again, data[:-64] if record in SIGNED else data)
        self.assertEqual(seen, set(RECORDS))

    def test_subjects(self):
        """Subjects of all kinds."""
        missing = set(SUBJECTS)
        for path in sorted((*GOLDEN.glob("*.hex"), *GOLDEN.glob("draft/*.hex"))):
            name = path.name[:-len(".v1.hex")]
            kinds = [name.replace("_", "-")] if name != "reserved" else ["slot", "cover"]
            for kind in kinds:
                if kind not in SUBJECTS:
                    continue
                with self.subTest(kind):
                    data = golden(name, path.parent)
                    fields = read_fields(SUBJECTS[kind], unpack(data))
                    self.assertEqual(pack(write_fields(SUBJECTS[kind], fields)), data)
                missing.discard(kind)
        self.assertEqual(missing, set())

    def test_messages(self):
        """Message, own record and genesis with their subjects."""
        self.assertEqual(read_message(golden("message"))["kind"], NUMBERS["comment"])
        self.assertEqual(read_own(golden("own"))["subject"]["code"], "chain-fork")
        self.assertEqual(read_genesis(golden("genesis"))["rehearsal"], 0)

    def test_each_byte_counts(self):
        """No changed byte of a signed record is taken."""
        data = golden("bundle")
        for at in range(0, len(data), 7):
            changed = data[:at] + bytes([data[at] ^ 1]) + data[at + 1:]
            with self.assertRaises(Refused):
                decode("bundle", changed)

    def test_parcel(self):
        """The items of a parcel are those of its bundle."""
        parcel = decode("parcel", golden("parcel"))
        header = decode("bundle", parcel["envelope"])
        messages = [item["message"] for item in parcel["items"]]
        hashes = [tree.leaf_hash(message) for message in messages]
        self.assertEqual(tree.root_of(hashes), header["root"])
        for item in parcel["items"]:
            message = read_message(item["message"])
            check_opening(item["public_opening"], message["public_commitment"], False)
            check_opening(item["private_opening"], message["private_commitment"], True)
            self.assertEqual(KINDS[message["kind"]][1], "open")

    def test_keys(self):
        """A device's keys follow from its seed."""
        seed = bytes.fromhex(golden_text("secret").split()[2])
        device = Device(seed)
        lines = dict(line.split(" ", 1) for line in golden_text("identity").splitlines()[1:])
        name = lines["key"].split("+")[0]
        self.assertEqual(vkey(name, device.key), lines["key"])
        genesis = read_genesis(golden("genesis"))
        self.assertEqual(vkey(genesis["origin"], genesis["log_key"]), golden_text("vkey"))

    def test_tree(self):
        """Checkpoint, tile, entry bundle and frontier are of one tree."""
        genesis = read_genesis(golden("genesis"))
        for name in ("checkpoint", "checkpoint_cosigned"):
            size, root = read_checkpoint(golden_text(name), genesis["origin"],
                                         genesis["log_key"])
        tile, bundle = golden("tile"), golden("entry_bundle")
        hashes = [tile[at:at + 32] for at in range(0, len(tile), 32)]
        self.assertEqual((len(hashes), tree.root_of(hashes)), (size, root))
        leaves = []
        while bundle:
            length = int.from_bytes(bundle[:2], "big")
            leaves.append(bundle[2:2 + length])
            bundle = bundle[2 + length:]
        self.assertEqual([tree.leaf_hash(leaf) for leaf in leaves], hashes)
        frontier = size.to_bytes(8, "big") + tree.root_of(hashes[:8]) + tree.root_of(hashes[8:])
        self.assertEqual(golden("frontier"), frontier)
        for index, leaf in enumerate(hashes):
            path = tree.path_of(hashes, index)
            tree.check_path(leaf, index, size, path, root)
            with self.assertRaises(Refused):
                tree.check_path(leaf, index, size, path + bytes(32), root)

    def test_opening(self):
        """An opening opens its leaf, up to the stamp."""
        opening = decode("opening", golden("opening"))
        leaf = decode("entry", golden("entry"))
        self.assertEqual(record_commitment(opening["salt"], opening["record"]),
                         leaf["commitment"])
        record = decode("record", opening["record"])
        self.assertEqual(sha256(opening["envelope"]).digest(), record["bundle"])
        stamp = decode("stamp", opening["stamp"])
        self.assertEqual(stamp["at"], record["received_at"])
        tree.check_path(tree.leaf_hash(record["bundle"]), opening["bundle_index"],
                        stamp["count"], opening["bundle_path"], stamp["root"])

    def test_padding(self):
        """Private content takes one of six sizes."""
        for size in (0, 1, 1023, 1024, 4095, 4096, 70000, 262143):
            padded = pad(b"a" * size)
            self.assertEqual(unpad(padded), b"a" * size)
            self.assertIn(len(padded), (0, 1024, 4096, 16384, 65536, 262144))
        with self.assertRaises(Refused):
            unpad(b"\x80" + bytes(4095))


class Export(unittest.TestCase):
    """The exported log."""

    def test_whole(self):
        """All entries of the example, with all that they rest on."""
        entries = read_export(golden("export"))
        self.assertEqual([entry["seq"] for entry in entries], list(range(10)))
        self.assertEqual(entries[5]["kind"], "comment")
        self.assertEqual(entries[8]["kind"], "disclosure-request")
        self.assertEqual(entries[9]["kind"], "turned-away")
        self.assertEqual(entries[5]["index"], 0)

    def test_public(self):
        """The public's copy has the same leaves and one closed entry."""
        entries = read_export(golden("export_public"))
        self.assertIsNone(entries[8])
        self.assertEqual(leaves_of(golden("export")), leaves_of(golden("export_public")))

    def test_changed(self):
        """No changed byte of it is taken."""
        data = golden("export")
        for at in range(3, len(data), 97):
            changed = data[:at] + bytes([data[at] ^ 1]) + data[at + 1:]
            with self.assertRaises(Refused, msg=str(at)):
                read_export(changed)

    def test_values_of_frames(self):
        """A frame is a record and nothing else."""
        self.assertEqual(unpack_first(golden("export_head"))[1], len(golden("export_head")))


if __name__ == "__main__":
    unittest.main()
