#!/usr/bin/env -S python3 -B
# SPDX-License-Identifier: Apache-2.0
"""`dais send` against a peer that was not written with it, and that fails on demand."""
import json
import shutil
import signal
import subprocess
import sys
import unittest
from pathlib import Path

try:
    import office_peer
except ImportError as missing:
    print(f"skipped: {missing}")
    sys.exit(77)
import office_world
from office_world import LOG, ORG, ORIGIN

DAIS = str(Path(sys.argv.pop(1)).resolve())
SERVICE = "registry/dialogue-2027"


class Send(unittest.TestCase):
    def setUp(self):
        self.world = office_world.World(DAIS)
        self.addCleanup(self.world.close)
        self.world.draft()
        registry = office_peer.Device.load(
            self.world.folder / ("registry-" + ORIGIN.replace("/", "-") + ".secret"))
        self.peer = office_peer.Peer(registry, ORIGIN, bytes.fromhex(LOG))
        self.addCleanup(self.peer.close)
        self.peer.boxes = {}
        for name, role in (("office", "office"), ("party", "party")):
            self.world.keys(name, role, *(("--state", "XA") if role == "party" else ()))
            self.add_profile(name)
            device = office_peer.Device.load(self.world.folder / f"{name}.secret")
            self.peer.boxes[device.key] = bytes(device.box.public_key)

    def add_profile(self, name, *more):
        self.world.good("profile", "add", name, "--secret", f"{name}.secret", "--identity",
                        f"{name}.identity", "--genesis", "genesis", "--log", LOG, "--broker",
                        f"tcp://127.0.0.1:{self.peer.port}", "--broker-key", self.peer.public,
                        "--intake", "intake", "--intake", "intake2", *more)

    def apply(self, name="A"):
        return self.world.good("apply", "--name", name, "--category", "ngo", "--country", "XA",
                               profile="office")[0]["id"]

    def send(self, *more, profile="office"):
        """Exit code, the last object but an error, stderr."""
        code, out, err = self.world.run("send", "--json", *more, profile=profile)
        lines = [json.loads(line) for line in out.splitlines()]
        return code, next((line for line in lines if line["type"] == "sent"), None), err

    def rows(self, profile="office"):
        return {row["id"]: row for row in self.world.good("outbox", "list", profile=profile)}

    # Goal: what was queued has its receipt, which verifies offline and from the file alone. Method:
    # a message of each stream; files; one byte changed in a file.
    def test_receipts(self):
        first = self.apply()
        code, sent, err = self.send()
        self.assertEqual((code, sent["receipts"], sent["waiting"]), (0, 1, 0), err)
        row = self.rows()[first]
        self.assertEqual((row["state"], row["seq"], row["verdicts"]), ("logged", "3", ["accepted"]))
        lodged = self.world.good("object", "--target", ORG, profile="party")[0]["id"]
        code, sent, err = self.send(profile="party")
        self.assertEqual((code, sent["receipts"]), (0, 1), err)
        self.peer.close = lambda: None
        for profile, name in (("office", first), ("party", lodged)):
            self.world.good("receipts", "--offline", "-o", "out", profile=profile)
            path = f"out/{name}.receipt"
            seen = self.world.good("verify", path, profile=profile)[0]
            self.assertEqual((seen["good"], seen["id"], seen["stamped"], seen["intake"]),
                             (True, name, True, "rostered"))
            keys = self.world.good("profile", "show", profile=profile)[0]
            code, out, err = self.world.run("verify", path, "--log-key", self.peer.vkey(), "--log",
                                            keys["log"], "--json")
            self.assertEqual((code, json.loads(out)["intake"]), (0, "unchecked"), err)
            text = (self.world.folder / path).read_bytes()
            for at in range(40, len(text), 97):
                changed = bytearray(text)
                changed[at] ^= 1
                self.world.write("changed", bytes(changed))
                self.assertEqual(self.world.run("verify", "changed", profile=profile)[0], 4, at)
        office_peer.Peer.close(self.peer)

    # Goal: an office without a network queues a thousand messages, gets one, and ends with a thousand
    # receipts that verify offline; in few bundles, in order, each once. Method: rows imported, sent
    # to where nobody listens, then to the peer; every receipt as a file.
    def test_many(self):
        rows = "".join(f"Org {i},ngo,XA\n" for i in range(1000))
        self.world.write("many.csv", "name,category,country\n" + rows)
        self.world.good("import", "many.csv", profile="office")
        self.assertEqual(self.world.run("send", "--patience", "1", "--broker", "tcp://127.0.0.1:1",
                                        profile="office")[0], 5)
        code, sent, err = self.send()
        self.assertEqual((code, sent["receipts"]), (0, 1000), err)
        self.assertEqual(len(self.peer.submits), 4)
        self.assertEqual([int(row["seq"]) for row in self.rows().values()], list(range(3, 1003)))
        self.world.good("receipts", "--offline", "-o", "out", profile="office")
        files = sorted((self.world.folder / "out").iterdir())
        for start in range(0, 1000, 500):
            seen = self.world.good("verify", *files[start:start + 500], profile="office")
            self.assertEqual([row["good"] for row in seen], [True] * 500)

    # Goal: an answer that is lost costs nothing: the same bytes go out again and there is one
    # entry. Method: lose the answer of the first intake; the second has another stamp, and the
    # registry counts the first, which the outbox never saw.
    def test_lost_answer(self):
        self.apply()
        self.peer.lose["intake"] = 1
        code, sent, err = self.send("--patience", "60")
        self.assertEqual((code, sent["receipts"]), (0, 1), err)
        self.assertEqual([name for name, _ in self.peer.submits], ["intake", "intake2"])
        self.assertEqual(len({parcel for _, parcel in self.peer.submits}), 1)
        self.assertEqual(len(self.peer.leaves), 4)
        self.world.good("receipts", "--offline", "-o", "out", profile="office")
        for path in (self.world.folder / "out").iterdir():
            self.assertTrue(self.world.good("verify", path, profile="office")[0]["stamped"])

    # Goal: with the registry away all is stamped in time, and said so; the receipts come later.
    # Method: registry down, then up.
    def test_registry_away(self):
        self.apply("First")
        self.assertEqual(self.send()[0], 0)
        self.peer.submits.clear()
        self.apply()
        self.peer.down |= {SERVICE, SERVICE + "/wait"}
        code, sent, err = self.send("--patience", "1")
        self.assertEqual((code, sent["waiting"]), (5, 1), err)
        self.assertEqual(len(self.peer.submits), 1)
        self.assertEqual(self.send("--until", "stamp", "--patience", "1")[0], 0)
        self.peer.down.clear()
        code, sent, err = self.send()
        self.assertEqual((code, sent["receipts"]), (0, 1), err)
        self.assertEqual(len(self.peer.submits), 1)

    # Goal: busy is waited for; what one intake says no to for a reason of its own, another is asked
    # for; where all do, a person is told, and nothing is lost. Method: codes of both sorts.
    def test_refusals(self):
        self.apply()
        for name in ("intake", "intake2"):
            self.peer.refuse[name] = ("low-disk", 300)
        code, _, err = self.send("--patience", "1")
        self.assertEqual(code, 5)
        self.assertIn("error[low-disk]", err)
        for name in ("intake", "intake2"):
            self.peer.refuse[name] = ("unknown-key", 0)
        code, _, err = self.send("--patience", "5")
        self.assertEqual(code, 6)
        self.assertIn("error[unknown-key]", err)
        del self.peer.refuse["intake2"]
        code, sent, err = self.send()
        self.assertEqual((code, sent["receipts"]), (0, 1), err)

    # Goal: what no intake takes is refused for good, shown with its code, and not sent again; the
    # rest of its bundle and what was queued behind it goes through. Method: a bad message between
    # two good ones, in one bundle; then alone; then taken after all.
    def test_refused_for_good(self):
        good = [self.apply("A")]
        bad = self.apply("Bad One")
        good.append(self.apply("C"))
        self.peer.bad = b"Bad One"
        code, sent, err = self.send()
        self.assertEqual((code, sent["receipts"], sent["waiting"], sent["refused_by_intake"]),
                         (3, 2, 0, 1), err)
        self.assertIn("error[not-taken]", err)
        rows = self.rows()
        self.assertEqual((rows[bad]["state"], rows[bad]["verdict"]), ("refused", "bad-signature"))
        self.assertEqual([rows[each]["state"] for each in good], ["logged"] * 2)
        self.assertEqual(list(self.world.good("outbox", "list", "--state", "refused",
                                              profile="office"))[0]["id"], bad)
        before = len(self.peer.submits)
        self.assertEqual(self.send()[0], 0)
        self.assertEqual(len(self.peer.submits), before)
        other = self.apply("Bad One")
        code, sent, err = self.send()
        self.assertEqual((code, sent["receipts"]), (6, 0), err)
        self.peer.bad = None
        self.world.good("outbox", "retry", bad, other, profile="office")
        code, sent, err = self.send()
        self.assertEqual((code, sent["receipts"]), (0, 2), err)

    # Goal: several bundles are under way at a time. Method: intakes that answer none before three
    # have come.
    def test_several_under_way(self):
        rows = "".join(f"Org {i},ngo,XA\n" for i in range(600))
        self.world.write("many.csv", "name,category,country\n" + rows)
        self.world.good("import", "many.csv", profile="office")
        self.peer.hold = 3
        code, sent, err = self.send("--patience", "20")
        self.assertEqual((code, sent["receipts"]), (0, 600), err)
        self.assertEqual([name for name, _ in self.peer.submits], ["intake"] * 3)

    # Goal: a stamp by a key that is no intake's of the cycle proves nothing and is not counted,
    # whenever that comes out. Method: one fake of two intakes; both; a fake while the registry,
    # which could tell, is away.
    def test_fake_intake(self):
        real = dict(self.peer.intakes)
        fake = office_peer.Device(bytes(32))
        self.peer.fakes.add(fake.key)
        self.apply()
        self.peer.intakes["intake"] = fake
        code, sent, err = self.send()
        self.assertEqual((code, sent["receipts"]), (0, 1), err)
        self.assertIn("warning[not-on-roster]", err)
        self.assertEqual([name for name, _ in self.peer.submits], ["intake", "intake2"])
        said = self.apply("B")
        self.peer.intakes["intake2"] = fake
        code, _, err = self.send("--until", "stamp")
        self.assertEqual(code, 4, err)
        self.assertIn("error[not-on-roster]", err)
        self.assertNotIn("received_at", self.world.good("show", said, profile="office")[0])
        self.peer.down |= {SERVICE, SERVICE + "/wait"}
        code, _, err = self.send("--until", "stamp", "--patience", "1")
        self.assertEqual(code, 5, err)
        self.peer.down.clear()
        self.peer.intakes.update(real)
        code, sent, err = self.send()
        self.assertEqual((code, sent["receipts"]), (0, 1), err)

    # Goal: nobody takes a refusal for a success. Method: one of two refused; then all.
    def test_refused_verdicts(self):
        self.apply()
        self.apply("B")
        self.peer.verdicts = [32, 1]
        code, sent, err = self.send()
        self.assertEqual((code, sent["receipts"], sent["refused"]), (3, 2, 1), err)
        self.assertIn("refused[late]: application ", err)
        self.apply("C")
        self.peer.verdicts = [32]
        self.assertEqual(self.send()[0], 6)
        self.assertEqual(self.send()[0], 0)

    # Goal: what is turned away goes out in a new bundle, alone; three times is enough. Method: turn
    # away once, then always.
    def test_turned_away(self):
        ids = [self.apply(), self.apply("B")]
        self.peer.turn_away = ["quota"]
        code, sent, err = self.send()
        self.assertEqual((code, sent["receipts"]), (0, 2), err)
        self.assertIn("warning[quota]", err)
        self.assertEqual(len(self.peer.submits), 3)
        self.assertEqual({self.rows()[each]["state"] for each in ids}, {"logged"})
        stuck = self.apply("C")
        self.peer.turn_away = ["quota"] * 3
        code, sent, err = self.send()
        self.assertEqual((code, sent["stuck"]), (3, 1), err)
        self.assertEqual(self.rows()[stuck]["verdict"], "quota")
        self.world.good("outbox", "retry", stuck, profile="office")
        self.assertEqual(self.send()[0], 0)

    # Goal: a restored old outbox is noticed, and everything is delivered once. Method: copy the
    # outbox with one message queued, deliver that and a second one, put the copy back, queue a
    # third: the first comes back as a duplicate, the third is new.
    def test_restored(self):
        first = self.apply()
        data = self.world.folder / ".local/share/dais/outbox"
        shutil.copytree(data, self.world.folder / "copy")
        self.assertEqual(self.send()[0], 0)
        self.apply("B")
        self.assertEqual(self.send()[0], 0)
        before = self.rows()[first]["seq"]
        received = self.world.good("slip", first, profile="office")[0]["received_at"]
        shutil.rmtree(data)
        shutil.copytree(self.world.folder / "copy", data)
        third = self.apply("C")
        code, sent, err = self.send()
        self.assertEqual((code, sent["receipts"], sent["forks"]), (0, 2, 1), err)
        self.assertIn("warning[chain-fork]", err)
        rows = self.rows()
        self.assertEqual((rows[first]["seq"], rows[first]["duplicate"]), (before, True))
        slip = self.world.good("slip", first, profile="office")[0]
        self.assertEqual((slip["index"], slip["received_at"]), (before, received))
        self.assertFalse(rows[third]["duplicate"])
        self.assertEqual(len(self.peer.leaves), 6)
        self.world.good("receipts", "--offline", "-o", "out", profile="office")
        for path in (self.world.folder / "out").iterdir():
            self.assertTrue(self.world.good("verify", path, profile="office")[0]["good"])

    # Goal: a log that was rewritten is noticed by whoever saw it before. Method: change an early
    # leaf between two deliveries.
    def test_rewritten_log(self):
        self.apply()
        self.assertEqual(self.send()[0], 0)
        self.peer.hashes[1] = bytes(32)
        self.apply("B")
        code, _, err = self.send()
        self.assertEqual(code, 4)
        self.assertIn("error[seen-mismatch]", err)

    # Goal: Ctrl-C stops cleanly and the next call goes on with the same bytes. Method: interrupt it
    # while the registry does not answer.
    def test_interrupted(self):
        self.apply()
        self.peer.down |= {SERVICE, SERVICE + "/wait"}
        environment = dict(self.world.environment, DAIS_PROFILE="office")
        with subprocess.Popen([DAIS, "send", "--json"], env=environment, cwd=self.world.folder,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE) as sending:
            while not self.peer.submits:
                self.assertIsNone(sending.poll())
            code, _, err = self.world.run("send", profile="office")
            self.assertEqual(code, 8, err)
            sending.send_signal(signal.SIGINT)
            sending.communicate(timeout=30)
            self.assertEqual(sending.returncode, 130)
        self.peer.down.clear()
        code, sent, err = self.send()
        self.assertEqual((code, sent["receipts"]), (0, 1), err)
        self.assertEqual(len(self.peer.submits), 1)

    # Goal: nobody there is temporary, and costs nothing. Method: a port that nobody listens on.
    def test_unreachable(self):
        self.apply()
        code, _, err = self.world.run("send", "--patience", "1", "--broker", "tcp://127.0.0.1:1",
                                      profile="office")
        self.assertEqual(code, 5, err)
        self.assertEqual(self.send()[1]["receipts"], 1)

    # Goal: an intake-lost is not sent behind the deadline that it is to free: the way round is said,
    # and still open. Method: a deadline long passed and not closed; then one that is closed.
    def test_held_back(self):
        self.world.good("profile", "add", "sec", "--secret", "sec.secret", "--identity",
                        "sec.identity", "--genesis", "genesis", "--log", LOG, "--broker",
                        f"tcp://127.0.0.1:{self.peer.port}", "--broker-key", self.peer.public)
        device = office_peer.Device.load(self.world.folder / "sec.secret")
        self.peer.boxes[device.key] = bytes(device.box.public_key)
        self.world.good("cycle", "intake-lost", "11" * 32, "--reason", "fire", "--yes",
                        profile="sec")
        self.peer.due_ms = -3600000
        code, sent, err = self.send(profile="sec")
        self.assertEqual((code, sent), (5, None), err)
        self.assertIn("error[waits-for-deadline]", err)
        self.assertIn("dais-registry cycle admit", err)
        self.assertEqual(self.peer.submits, [])
        self.assertEqual({row["state"] for row in self.rows("sec").values()}, {"queued"})
        self.peer.ticked = 1
        code, sent, err = self.send(profile="sec")
        self.assertEqual((code, sent["receipts"]), (0, 1), err)

    # Goal: who waits in vain is told which deadline it is. Method: an answer that has nothing, and
    # the same deadline.
    def test_stuck_deadline_is_named(self):
        self.apply()
        self.peer.due_ms, self.peer.down = -3600000, {SERVICE + "/wait"}
        code, _, err = self.send("--patience", "1")
        self.assertEqual(code, 5)
        self.assertIn("hint: application-deadline of ", err)

    # Goal: the slip's commands give the fingerprints that it states. Method: run them by the shell.
    def test_slip(self):
        self.world.write("text.txt", "Some words.\n")
        said = self.world.good("comment", "--for", ORG, "--title", "T", "--language", "en",
                               "text.txt", profile="office")[0]["id"]
        self.assertEqual(self.send()[0], 0)
        slip = self.world.good("slip", said, profile="office")[0]
        _, page, _ = self.world.run("slip", said, profile="office")
        blocks = [block for block in page.split("\n\n") if "sha256sum" in block]
        self.assertEqual(len(blocks), 2)
        for block, name in zip(blocks, ("record_fingerprint", "content_fingerprint")):
            done = subprocess.run(["bash", "-c", block], capture_output=True, text=True, check=True)
            self.assertEqual(done.stdout.split()[0], slip[name])
            self.assertIn(slip[name], page)

    # Goal: deadlines are known without network once anything was delivered. Method: before, after.
    def test_deadlines(self):
        code, _, err = self.world.run("deadlines", profile="office")
        self.assertEqual(code, 1)
        self.assertIn("error[nothing-kept]", err)
        self.apply()
        self.send()
        cycle, row = self.world.good("deadlines", profile="office")
        self.assertEqual((cycle["state"], cycle["title"]), ("open", "Dialogue"))
        self.assertRegex(self.world.run("deadlines", profile="office")[2], "as of .*, 0 min ago")
        self.assertEqual((row["which"], row["zone"]), ("application-deadline", "Europe/Vienna"))
        self.assertRegex(row["left"], r"^24 h \d+ min$|^25 h 0 min$")


if __name__ == "__main__":
    unittest.main()
