#!/usr/bin/env -S python3 -B
# SPDX-License-Identifier: Apache-2.0
"""`dais` with the real daemons when these come and go: a thousand messages over a broker that comes
late and is restarted, an intake that is killed, a registry that is away; and the roster that it makes
from the log."""
import base64
import json
import signal
import subprocess
import sys
import unittest
from datetime import timedelta
from pathlib import Path

import cycle_world

BUILD = Path(sys.argv.pop(1)).resolve()
PEOPLE = (("desk", "secretariat", None, "B. Person"), ("office", "office", None, "Office East"),
          ("intake", "intake", None, "Intake one"), ("intake2", "intake", None, "Intake two"))


class Daemons(unittest.TestCase):
    def setUp(self):
        self.world = world = cycle_world.Cycle(BUILD)
        self.addCleanup(world.close)
        port = cycle_world.free_port()
        world.configure(intakes=("intake", "intake2"), port=port)
        world.start("broker")
        world.create()
        world.first_roster(PEOPLE)
        for name in ("desk", "office"):
            world.profile(name, f"tcp://127.0.0.1:{port}")

    def on_host(self, *words):
        return self.world.run("dais-registry", *words, "--config", self.world.folder / "registry.zpl")

    # Goal: what is mistaken on the registry's host is named, with what to do. Method: a bad name and
    # host, keys that are there, an identity for genesis, a secret that others can read.
    def test_host_mistakes(self):
        world = self.world
        for words, code, status in (
                (("prepare", "two words", "--host", "registry.example"), "bad-value", 2),
                (("prepare", "next", "--host", "registry example"), "bad-value", 2),
                (("prepare", world.name, "--host", "registry.example"), "exists", 1),
                (("create", world.folder / "keys" / "sec.identity"), "wrong-domain", 2)):
            found, out, err = self.on_host("cycle", *words)
            self.assertEqual((found, out), (status, ""), err)
            self.assertIn(f"error[{code}]: ", err)
            self.assertIn("hint: ", err)
        self.assertIn("this is the identity of a device, and a genesis is wanted", err)
        self.assertIn("dais cycle draft", err)
        self.assertIn(world.name, self.on_host("cycle", "list")[1])
        self.assertNotIn("next", self.on_host("cycle", "list")[1])
        secret = next(world.folder.glob(f"**/{world.name}/log.secret"))
        secret.chmod(0o644)
        found, _, err = self.on_host("cycle", "seal", world.name)
        self.assertEqual(found, 7)
        self.assertIn(f"error[exposed]: {secret}: a secret that others can read: its mode is 0644", err)
        self.assertIn(f"chmod 0600 {secret}", err)

    # Goal: whoever gives a bundle in on the host learns the verdict of each message, and of a refusal
    # what to do. Method: a new key twice over, of which the second is refused; then that key once more
    # beside a new one.
    def test_host_verdicts(self):
        world = self.world
        world.keys("more", "office")
        world.keys("next", "office")
        for count, (status, given) in enumerate(((0, {"more": "accepted"}),
                                                 (6, {"more": "already-there"}),
                                                 (3, {"more": "already-there", "next": "accepted"}))):
            for name in given:
                world.dais("sec", "roster", "add", "--identity", f"keys/{name}.identity", "--holder",
                           name)
            world.dais("sec", "outbox", "parcel", "-o", f"more{count}.parcel")
            found, out, err = self.on_host("cycle", "admit", world.name,
                                           world.folder / f"more{count}.parcel")
            self.assertEqual(found, status, out + err)
            lines = out.splitlines()
            self.assertEqual([line.split(maxsplit=1)[1] for line in lines[1:]],
                             [f"roster-change: {verdict}" for verdict in given.values()])
            self.assertEqual(err.count("refused["), int(status != 0), err)
            self.assertEqual(err.count("hint: "), int(status != 0), err)

    def queue(self, count):
        rows = "".join(f"Org {i},ngo,XA\n" for i in range(count))
        self.world.write("many.csv", "name,category,country\n" + rows)
        self.world.dais("office", "import", "many.csv")

    def send(self):
        """Starts a dais send that goes on for as long as it takes."""
        names = dict(self.world.environment, DAIS_PROFILE="office")
        sending = subprocess.Popen([self.world.programs["dais"], "send", "--json", "--patience",
                                    str(cycle_world.WAIT_S)], cwd=self.world.folder, env=names,
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.addCleanup(sending.kill)
        return sending

    def sent(self, sending, count):
        """It has ended with `count` receipts, each of which verifies. These applications come before
        the call, so the rules refuse them: with 6, and on the record."""
        out, err = sending.communicate(timeout=cycle_world.WAIT_S * 2)
        sent = next(row for row in map(json.loads, out.splitlines()) if row["type"] == "sent")
        self.assertEqual((sending.returncode, sent["receipts"], sent["waiting"]), (6, count, 0), err)
        folder = self.world.folder / "receipts"
        self.world.dais("office", "receipts", "--offline", "-o", folder)
        files = sorted(folder.iterdir())
        # They hold what was said, sealed or not.
        self.assertEqual({path.stat().st_mode & 0o777 for path in files}, {0o600})
        self.assertEqual(folder.stat().st_mode & 0o777, 0o700)
        self.assertEqual(len(files), count)
        for start in range(0, count, 500):
            self.world.good("dais", "verify", *files[start:start + 500], profile="office")

    # Goal: a thousand messages of an office without a network end in a thousand receipts, though the
    # broker is restarted midway. Method: no broker at first; start it, end it after the first stamp,
    # start it again.
    def test_broker_comes_and_goes(self):
        self.world.daemons["broker"].end()
        self.queue(1000)
        sending = self.send()
        self.world.start("registry", "intake", "intake2", "broker")
        self.world.daemons["intake"].wait_for("event=stamped")
        self.world.daemons["broker"].end()
        self.world.start("broker")
        self.sent(sending, 1000)

    # Goal: the registry may be away: everything is stamped, and has its receipt once it is back; an
    # intake killed after its stamp costs nothing. Method: no registry; kill the intake once it has
    # stamped; start both.
    def test_registry_away_and_intake_killed(self):
        self.world.start("intake", "intake2")
        self.queue(300)
        sending = self.send()
        self.world.daemons["intake"].wait_for("event=stamped")
        self.world.daemons["intake"].end(signal.SIGKILL)
        self.world.start("intake", "registry")
        self.sent(sending, 300)

    # Goal: whoever has created a cycle is told every command up to the first key that can send, and
    # they work as they stand; the key that signed genesis is told why it cannot. Method: a second
    # cycle; run what was printed, with files and names in the place of the words in capitals.
    def test_created_and_then(self):
        world = self.world
        world.daemons["broker"].end()
        world.name = "second-2027"
        world.write("cycle.keys", world.registry("cycle", "prepare", world.name, "--host",
                                                 cycle_world.HOST, "--rehearsal"))
        world.dais(None, "cycle", "draft", "--policy", cycle_world.SOURCE / "policies" /
                   f"{world.policy}.zpl", "--keys", "cycle.keys", "--secret", "keys/sec.secret",
                   "--identity", "keys/sec.identity", "--holder", "A. Person", "-o", "second")
        code, out, err = world.run("dais-registry", "cycle", "create", "second", "--config",
                                   world.folder / "registry.zpl")
        self.assertEqual(code, 0, err)
        self.assertRegex(out, r"^created second-2027\nlog [0-9a-f]{64}\n$")
        words = {"SECRET": "keys/sec.secret", "IDENTITY": "keys/sec.identity", "HOLDER": "B"}
        commands = [line.split() for line in err.splitlines() if line.startswith("  ")]
        self.assertEqual(len(commands), 5)
        for program, *arguments in commands:
            arguments = [words.get(word, word) for word in arguments]
            more = ("--config", world.folder / "registry.zpl") if program != "dais" else ()
            world.good(program, *arguments, *more)
        world.registry("roster", "export", world.name,
                       world.folder / "rosters" / f"{world.name}.roster")
        world.start("broker", "registry", "intake")
        endpoint = world.daemons["broker"].wait_for("event=door", "tcp://")
        port = endpoint.rsplit(":", 1)[1].strip('"')
        world.dais(None, "profile", "add", "second-desk", "--secret", "desk.secret", "--identity",
                   "desk.identity", "--genesis", "second", "--log",
                   world.folder / "rosters" / f"{world.name}.roster", "--broker",
                   f"tcp://127.0.0.1:{port}", "--broker-key", world.broker_key, "--clock",
                   world.folder / "clock")
        row = world.dais("second-desk", "deadlines", "--refresh")[0]
        self.assertEqual((row["cycle"], row["state"], row["entries"]), (world.name, "draft", "2"))
        world.dais("second-2027-host", "roster", "add", "--identity", "keys/office.identity",
                   "--holder", "C")
        world.dais(None, "profile", "add", "host-online", "--secret", "keys/sec.secret", "--identity",
                   "keys/sec.identity", "--genesis", "second", "--log", out.split()[3], "--broker",
                   f"tcp://127.0.0.1:{port}", "--broker-key", world.broker_key, "--clock",
                   world.folder / "clock")
        code, _, err = world.run("dais", "send", profile="host-online")
        self.assertEqual(code, 6, err)
        self.assertIn("this key signed genesis", err)
        self.assertIn("dais outbox parcel", err)

    # Goal: an office whose clock is far behind is told so within its patience, and its message is
    # stamped all the same. Method: a rehearsal a day ahead of the clock file of another profile; send
    # has two seconds (it once waited for as long as its clock was behind).
    def test_clock_of_office_behind(self):
        world = self.world
        world.start("registry", "intake", "intake2")
        world.write("old-clock", cycle_world.instant(world.now - timedelta(days=1)) + "\n")
        world.dais(None, "profile", "add", "behind", "--secret", "keys/office.secret", "--identity",
                   "keys/office.identity", "--genesis", "genesis", "--log", world.log, "--broker",
                   world.endpoint(), "--broker-key", world.broker_key, "--intake", "intake",
                   "--clock", world.folder / "old-clock")
        world.dais("behind", "apply", "--name", "Org", "--category", "ngo", "--country", "XA")
        code, _, err = world.run("dais", "send", "--patience", "2", profile="behind")
        self.assertEqual(code, 5, err)
        self.assertIn("error[stale-ask]", err)
        self.assertIn("set this machine's clock", err)
        world.daemons["intake"].wait_for("event=stamped")

    # Goal: an intake that is gone for good behind a deadline is got rid of by the way that send names,
    # and what was held then comes in. Method: a key's retirement as the deadline; the second intake
    # never comes back; an application is sent behind it; send holds the intake-lost back; two
    # holders give it in on the host.
    def test_intake_gone_behind_deadline(self):
        world = self.world
        world.start("registry", "intake", "intake2")
        world.keys("leaver", "office")
        world.dais("desk", "roster", "add", "--identity", "keys/leaver.identity", "--holder", "L")
        at = cycle_world.instant(world.now + timedelta(hours=1))
        world.dais("desk", "roster", "retire", "--identity", "keys/leaver.identity", "--at", at,
                   "--holder", "L", "--yes")
        world.send("desk")
        world.daemons["intake2"].end()
        world.go_on(hours=2)
        world.dais("office", "apply", "--name", "Held", "--category", "ngo", "--country", "XA")
        code, _, err = world.run("dais", "send", "--patience", "2", profile="office")
        self.assertEqual(code, 5, err)
        self.assertIn("hint: key-retires of ", err)
        shown = (world.folder / "keys" / "intake2.identity").read_text()
        key = base64.b64decode(shown.split("key ")[1].split()[0].split("+", 2)[2])[1:].hex()
        lost = world.dais("desk", "cycle", "intake-lost", key, "--reason", "fire", "--yes")[0]
        code, _, err = world.run("dais", "send", profile="desk")
        self.assertEqual(code, 5, err)
        self.assertIn("error[waits-for-deadline]", err)
        world.daemons["registry"].end()
        world.dais("desk", "outbox", "parcel", "-o", "lost.parcel")
        said = world.registry("cycle", "admit", world.name, world.folder / "lost.parcel")
        world.dais("sec", "second", said.split()[2], "--yes")
        world.dais("sec", "outbox", "parcel", "-o", "second.parcel")
        world.registry("cycle", "admit", world.name, world.folder / "second.parcel")
        world.start("registry")
        world.settle(lambda: any(row.get("which") == "key-retires" and row["left"] == "closed" or
                                 row.get("which") is None and int(row["entries"]) > 9 for row in
                                 world.dais("desk", "deadlines", "--refresh")))
        world.send("office")
        rows = {row["id"]: row for row in world.dais("desk", "outbox", "list")}
        self.assertEqual(rows[lost["id"]]["kind"], "intake-lost")

    # Goal: the roster that dais makes from the log is that of the registry, byte for byte. Method:
    # after one more key.
    def test_roster(self):
        self.world.start("registry", "intake", "intake2")
        self.world.keys("late", "office")
        self.world.dais("desk", "roster", "add", "--identity", "keys/late.identity", "--holder", "L")
        self.world.send("desk")
        code, _, err = self.world.run("dais", "roster", "export", "mine.roster", profile="desk")
        self.assertEqual(code, 1)
        self.assertIn("error[nothing-kept]", err)
        self.world.dais("desk", "roster", "export", "mine.roster", "--refresh")
        self.world.daemons["registry"].end()
        self.world.dais("desk", "roster", "export", "again.roster")
        self.assertEqual((self.world.folder / "again.roster").read_text(),
                         (self.world.folder / "mine.roster").read_text())
        self.world.registry("roster", "export", self.world.name, self.world.folder / "its.roster")
        mine, its = ((self.world.folder / f"{name}.roster").read_text() for name in ("mine", "its"))
        self.assertEqual(mine, its)
        self.assertEqual(mine.count("key office "), 2)


if __name__ == "__main__":
    unittest.main()
