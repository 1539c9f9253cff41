#!/usr/bin/env -S python3 -B
# SPDX-License-Identifier: Apache-2.0
"""What is sent twice, under an id that was used, by two devices of one office, or from an old outbox: at the
real daemons everything is in the log once."""
import os
import shutil
import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "interop"))

import cycle_world  # noqa: E402
import foreign_office as foreign  # noqa: E402

BUILD = Path(sys.argv.pop(1)).resolve()
INTAKES = ("intake", "intake2")
ACCEPTED, ID_CONFLICT = 1, 20


class SentAgain(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.world = world = cycle_world.Cycle(BUILD)
        cls.context = foreign.zmq.Context()
        cls.doors = []
        try:
            cls.set_up(world)
        except BaseException:
            cls.tearDownClass()
            raise

    @classmethod
    def set_up(cls, world):
        world.configure(intakes=INTAKES)
        world.start("broker")
        world.create()
        actor = foreign.new_id(cls.now_ms())
        cls.devices = [foreign.Device(os.urandom(32), actor) for _ in range(2)]
        for number, device in enumerate(cls.devices):
            world.write(f"keys/east-{number}.identity", device.identity("office", f"east.example/{number}"))
        world.first_roster((("desk", "secretariat", None, "B. Person"),
                            ("office", "office", None, "Office West"),
                            ("east-0", "office", None, "Office East"),
                            ("east-1", "office", None, "Office East"),
                            *((name, "intake", None, name) for name in INTAKES)))
        for name in ("desk", "office"):
            world.profile(name, world.endpoint())
        world.start("registry", *INTAKES)
        world.open_cycle("desk")
        cls.log = foreign.Log((world.folder / "genesis").read_bytes())
        cls.offices = []
        for device in cls.devices:
            door = foreign.Door(cls.context, world.endpoint(), world.broker_key.encode(), device)
            cls.doors.append(door)
            cls.offices.append(foreign.Office(device, door, cls.log, cls.now_ms))
        cls.offices[0].follow()

    @classmethod
    def tearDownClass(cls):
        for door in cls.doors:
            door.socket.close()
        cls.context.term()
        cls.world.close()

    @classmethod
    def now_ms(cls):
        return int(cls.world.now.timestamp() * 1000)

    def application(self, name, of_id=None):
        return self.offices[0].say(10, [b"", name, 1, "XA", 1, 1, 1, 2, [], b""], name=of_id)

    def sent(self, office, *items, intake="intake"):
        """[(seq, verdicts)] of the items; verdicts None for one that was there already."""
        k = office.send(list(items), intake)
        found = {}
        while k not in found:
            found = office.settle(k=k)
        code, rows = found[k]
        self.assertEqual(code, "")
        return [(seq, verdicts) for seq, verdicts, _ in rows]

    def size(self):
        return self.offices[0].look(foreign.CYCLE)[2]

    # Goal: the same message again is the entry that it was, whatever it comes in. Method: in a new
    # bundle; twice in one bundle; from the office's other device; and the log has not grown.
    def test_same_bytes(self):
        item = self.application("Once")
        (seq, verdicts), = self.sent(self.offices[0], item)
        self.assertEqual(verdicts, [ACCEPTED])
        size = self.size()
        for office in self.offices:
            self.assertEqual(self.sent(office, item), [(seq, None)])
            self.assertEqual(self.sent(office, item, item, intake="intake2"), [(seq, None)] * 2)
        self.assertEqual(self.size(), size)
        text, record = self.offices[1].proof(seq)
        self.assertEqual((record[7], f"index {seq}" in text), (item[0], True))

    # Goal: the same bundle again, to any intake, is one bundle: the stamp of the same intake is the first
    # one, that of another is of no effect. Method: the parcel itself, four times, two and two.
    def test_same_bundle(self):
        office, item = self.offices[0], self.application("One bundle")
        stream = office.stream(foreign.OPEN)
        parcel = stream.parcel([item], (self.log.size, self.log.root), self.log.box)
        stamps = [office.door.call(intake, "submit", "submitted", self.log.name, parcel)[0]
                  for intake in (*INTAKES, *INTAKES)]
        self.assertEqual(stamps[:2], stamps[2:])
        self.assertNotEqual(stamps[0], stamps[1])
        k, bundle = stream.k - 1, foreign.sha(foreign.unpack(parcel)[1])
        lines = []
        while not lines:
            lines = [line for line in office.ask(foreign.RECEIPTS, foreign.OPEN, k, foreign.WAIT_MS,
                                                 wait=True)[3] if line[0] == k and line[2] == 1]
        self.assertEqual([line[1] for line in lines], [bundle])
        times = {foreign.unpack(stamp[:-64])[5] for stamp in stamps[:2]}
        self.assertEqual(len(times), 1)  # the clock stands, so any of the two gives the record's time
        office.receipts[bundle] = {"received_at": times.pop()}
        (seq, verdicts, _), = office.check_receipts(foreign.OPEN, k, lines[0][4])
        self.assertEqual(verdicts, [ACCEPTED])
        size = self.size()
        self.assertEqual(self.sent(office, item), [(seq, None)])
        self.assertEqual(self.size(), size)

    # Goal: an id names one message of an actor for ever. Method: other bytes under it, in the same
    # bundle, in the next one, and by the other device; then the first bytes again.
    def test_id_conflict(self):
        first = self.application("A name")
        of_id = foreign.unpack(first[0])[3]
        other = self.application("Another name", of_id)
        (seq, verdicts), (_, conflict) = self.sent(self.offices[0], first, other)
        self.assertEqual((verdicts, conflict), ([ACCEPTED], [ID_CONFLICT]))
        for office in self.offices:
            self.assertEqual(self.sent(office, self.application("A third", of_id))[0][1], [ID_CONFLICT])
        self.assertEqual(self.sent(self.offices[1], first), [(seq, None)])

    # Goal: two devices of one office do not get into each other's way. Method: they send in turn, each
    # by the chain of its own key, through both intakes; each sees what became of its own.
    def test_two_devices(self):
        items = [self.application(f"Of device {n % 2}") for n in range(10)]
        rows = [self.sent(self.offices[n % 2], item, intake=INTAKES[n // 2 % 2])[0]
                for n, item in enumerate(items)]
        self.assertEqual([verdicts for _, verdicts in rows], [[ACCEPTED]] * 10)
        self.assertEqual(len({seq for seq, _ in rows}), 10)
        amendment = foreign.unpack(items[0][0])[3]
        item = self.offices[1].say(11, [amendment, "Changed by the other", 1, "XA", 1, 1, 1, 2, [], b""])
        self.assertEqual(self.sent(self.offices[1], item)[0][1], [ACCEPTED])

    # Goal: an outbox that was put back from a copy is noticed as a fork of its chain, and all of it is
    # delivered once. Method: copy it with one message queued, deliver that and a second, put the copy
    # back, queue a third: the first is a duplicate, the third is new.
    def test_restored_outbox(self):
        world = self.world

        def apply(name):
            return world.dais("office", "apply", "--name", name, "--category", "ngo", "--country",
                              "XA")[0]["id"]

        def deliver():
            row, = (row for row in world.dais("office", "send", "--progress", "none")
                    if row["type"] == "sent")
            return int(row["receipts"]), int(row["forks"]), int(row["waiting"])

        outbox = world.folder / "home" / ".local/share/dais/outbox"
        size = self.size()
        first = apply("First")
        shutil.copytree(outbox, world.folder / "copy")
        self.assertEqual(deliver(), (1, 0, 0))
        second = apply("Second")
        self.assertEqual(deliver(), (1, 0, 0))
        before = {row["id"]: row for row in world.dais("office", "outbox", "list")}
        shutil.rmtree(outbox)
        shutil.copytree(world.folder / "copy", outbox)
        third = apply("Third")
        self.assertEqual(deliver(), (2, 1, 0))
        rows = {row["id"]: row for row in world.dais("office", "outbox", "list")}
        self.assertEqual((rows[first]["seq"], rows[first]["duplicate"]), (before[first]["seq"], True))
        self.assertFalse(rows[third]["duplicate"])
        self.assertEqual(len({before[first]["seq"], before[second]["seq"], rows[third]["seq"]}), 3)
        folder = world.folder / "restored"
        world.dais("office", "receipts", "--offline", "-o", folder)
        world.good("dais", "verify", *sorted(folder.iterdir()), profile="office")
        self.offices[0].follow()
        own = [foreign.unpack(record[7]) for seq, record in self.log.records.items() if seq >= size]
        self.assertEqual([said[3][1] for said in own], ["chain-fork"])  # the three are not public yet
        self.assertEqual(self.size(), size + 3 + len(own))


if __name__ == "__main__":
    unittest.main()
