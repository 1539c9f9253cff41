#!/usr/bin/env -S python3 -B
# SPDX-License-Identifier: Apache-2.0
"""One cycle over real daemons, from genesis to the public page: an organisation is objected to by
one State and is on no public list; the other takes part; the audit proves it."""
import re
import shutil
import subprocess
import sys
import unittest
import urllib.request
from datetime import datetime, timedelta, timezone
from pathlib import Path

import cycle_world

BUILD = Path(sys.argv.pop(1)).resolve()
PEOPLE = (("desk", "secretariat", None, "B. Person"), ("office", "office", None, "Office East"),
          ("office2", "office", None, "Office West"), ("xa", "party", "XA", "Mission of XA"),
          ("xb", "party", "XB", "Mission of XB"), ("chair", "chair", None, "Chair"),
          ("conf", "conference", None, "Conference"), ("inspector", "inspector", None, "Inspector"),
          ("intake", "intake", None, "Intake"))


class OneCycle(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.world = world = cycle_world.Cycle(BUILD)
        try:
            world.configure()
            world.start("broker")
            world.create()
            world.first_roster(PEOPLE)
            for name, *_ in PEOPLE:
                if name != "intake":
                    world.profile(name, world.endpoint())
            world.start("registry", "intake", "publisher")
            cls.play()
        except BaseException:
            try:
                world.close()
            finally:
                raise

    @classmethod
    def tearDownClass(cls):
        cls.world.close()

    @classmethod
    def play(cls):
        world = cls.world
        cls.session = world.open_cycle("desk")
        cls.watch = world.say("office", "apply", "--name", "Harbour Watch", "--category", "ngo",
                              "--country", "XA")["id"]
        cls.rivers = world.say("office2", "apply", "--name", "Clean Rivers Forum", "--category",
                               "academia", "--country", "XB")["id"]
        for organisation in (cls.watch, cls.rivers):
            world.say("desk", "cycle", "screen", organisation, "--result", "eligible")
        world.go_on(days=40)
        world.settle(lambda: cls.is_ticked("application-deadline"))
        world.say("desk", "cycle", "circulate", "--add", cls.watch, "--add", cls.rivers,
                  "--yes")
        targets = world.write("targets.txt", cls.rivers + "\n")
        world.say("xa", "object", "--targets", targets, "--yes")
        world.set_time(cls.session - timedelta(hours=6))
        world.settle(lambda: cls.is_ticked("objection-closes"))
        world.say("desk", "cycle", "invite", "--target", cls.watch)

    @classmethod
    def is_ticked(cls, date):
        return any(row.get("which") == date and row["ticked"] != "0"
                   for row in cls.world.dais("desk", "deadlines", "--refresh"))

    # Goal: who was not objected to is on the public list; who was, is not, and is counted.
    # Method: the list as the public gets it, from the registry and on the page.
    def test_participants(self):
        rows = self.world.dais("office", "list", "--participants")
        names = [row.get("name") for row in rows]
        self.assertIn("Harbour Watch", names)
        self.assertNotIn("Clean Rivers Forum", names)

    # Goal: a person reads how a list adds up in one sentence, with the causes where they are told to
    # that reader. Method: the list of the secretariat and the one of a regional office.
    def test_account(self):
        out = self.world.good("dais", "list", profile="desk")
        self.assertRegex(out, r"Circulated: (\d+) = shown: \d+ \+ not shown: 1\. Of these .*blocked: 1")
        out = self.world.good("dais", "list", profile="office")
        self.assertNotIn("blocked", out)

    # Goal: every sender holds receipts that verify without a network. Method: each receipt of each
    # outbox, as a text, by `dais verify`.
    def test_receipts(self):
        for name in ("office", "office2", "xa", "desk"):
            folder = self.world.folder / f"receipts-{name}"
            self.world.dais(name, "receipts", "--offline", "-o", folder)
            files = sorted(folder.iterdir())
            self.assertTrue(files, name)
            self.world.good("dais", "verify", *files, profile=name)

    # Goal: the page shows what the list says. Method: wait until the publisher is up to the
    # registry, read the page over HTTP, and look for both names in every file of the site.
    def test_page(self):
        site = self.world.folder / "site" / self.world.name
        page = site / "participants.html"
        # The name stands among the changes before the invitation puts it on the list.
        account = "Circulated: 2 = shown: 1 + not shown: 1."
        self.world.settle(lambda: page.exists() and account in page.read_text())
        port = int((self.world.folder / "port").read_text())
        with urllib.request.urlopen(
                f"http://127.0.0.1:{port}/{self.world.name}/participants.html") as answer:
            self.assertIn("Harbour Watch", answer.read().decode())
        for path in site.rglob("*"):
            if path.is_file():
                self.assertNotIn(b"Clean Rivers Forum", path.read_bytes(), path)

    # Goal: the log proves all of it. Method: dais-registry check refolds the store; dais-audit
    # verifies what is exported.
    def test_audit(self):
        self.world.registry("check", self.world.name)
        key = self.world.log_key()
        self.world.good("dais-audit", "verify", "--key", key,
                        self.world.folder / "site" / self.world.name)
        whole = self.world.folder / "whole.export"
        self.world.registry("cycle", "export", self.world.name, whole)
        self.world.good("dais-audit", "verify", "--key", key, whole)

    # Goal: an operator sees of each daemon that it works, in a form that Prometheus takes, and no
    # number that the page does not explain. Method: the four files after the cycle was played;
    # promtool where it is installed.
    def test_metrics(self):
        page = (cycle_world.SOURCE / "docs" / "operations.md").read_text()
        self.world.settle(lambda: self.metrics("registry").get("dais_registry_entries", 0) > 10)
        self.world.settle(lambda: self.metrics("intake").get("dais_intake_spooled_stamps", 1) == 0)
        for daemon, name in (("broker", "last_request"), ("broker", "last_answer"),
                             ("intake", "last_stamp"), ("intake", "last_hand_over"),
                             ("registry", "last_hand_over"), ("registry", "last_commit"),
                             ("publisher", "last_answer"), ("publisher", "last_rendered")):
            self.world.settle(lambda key=f"dais_{daemon}_{name}_timestamp_seconds", of=daemon: abs(
                self.metrics(of)[key] - datetime.now(timezone.utc).timestamp()) < 600)
            for each in self.metrics(daemon):
                self.assertIn(f"| `{each}` |", page)
        for each in ("bundles_total", "stamps_total", "cycles"):
            self.assertGreater(self.metrics("intake")[f"dais_intake_{each}"], 0, each)
        if shutil.which("promtool"):
            for path in (self.world.folder / "metrics").glob("*.prom"):
                subprocess.run(["promtool", "check", "metrics"], input=path.read_bytes(), check=True)

    @classmethod
    def metrics(cls, daemon):
        """The numbers of a daemon by name; each line of its file is one of three forms."""
        values, types = {}, {}
        for line in (cls.world.folder / "metrics" / f"{daemon}.prom").read_text().splitlines():
            match = re.fullmatch(r"# HELP (dais_[a-z_]+) \S.*|# TYPE (dais_[a-z_]+) (gauge|counter)|"
                                 r"(dais_[a-z_]+) ([0-9]+(?:\.[0-9]{3})?)", line)
            assert match, line
            if match[2]:
                types[match[2]] = match[3]
                assert (match[3] == "counter") == match[2].endswith("_total"), line
            if match[4]:
                assert match[4] in types and match[4] not in values, line
                values[match[4]] = float(match[5])
        return values

    # Goal: the Chair cannot settle the objection. Method: a decision by the chair's key.
    def test_chair_is_not_competent(self):
        row = self.world.said("chair", "decide", "admit", "--target", self.rivers, "--manner", "consensus",
                              "--result", "carried", "--body", "Chair", "--session", "now", "--yes")
        self.assertEqual(row["verdicts"], ["not-competent"])

if __name__ == "__main__":
    unittest.main()
