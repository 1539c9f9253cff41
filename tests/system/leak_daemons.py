#!/usr/bin/env -S python3 -B
# SPDX-License-Identifier: Apache-2.0
"""The leak trial over real daemons: twice the same cycle, but that another State objects, with
another text. What daemons log, what whoever is not entitled is answered, and how large files of the
site are, is the same."""
import re
import sys
import unittest
from datetime import timedelta
from pathlib import Path

import cycle_world

BUILD = Path(sys.argv.pop(1)).resolve()
PEOPLE = (("desk", "secretariat", None, "B. Person"), ("office", "office", None, "Office East"),
          ("office2", "office", None, "Office West"), ("xa", "party", "XA", "Mission of XA"),
          ("xb", "party", "XB", "Mission of XB"), ("xc", "party", "XC", "Mission of XC"),
          ("chair", "chair", None, "Chair"), ("intake", "intake", None, "Intake"))
VALUES = {
    "required-documents": "none", "representatives-max": "no-limit", "capacity": "no-limit",
    "quota": "no-limit", "application-deadline": "call+30d", "list-min-notice": "none",
    "objection-window": "circulated..session-1d", "comment-deadline": "session",
    "withdrawable-until": "none", "decision-window": "none", "retention": "3650d",
    "ecosoc-objectable": "yes", "majority": "simple", "written-limit-words": "no-limit",
    "written-languages": "en fr"}
ASKERS = ("office", "office2", "xc")  # who may not know who objects
QUESTIONS = (("list",), ("list", "--participants"), ("status",), ("deadlines", "--refresh"),
             ("objections", "--refresh"), ("cases", "--refresh"), ("queue",))
# Fields of log lines that are of this run: instants, processes, addresses, random ids and hashes.
OF_THIS_RUN = {"ts", "pid", "door", "bundle", "message"}
# Fields that count what came together by chance: the clock of a rehearsal jumps, and marks with it.
BY_CHANCE = {"j", "next", "from", "size", "published", "at", "untold"}
ID = re.compile(r"\b[0-9a-f]{32}\b|\b[0-9a-f]{64}\b")


class Run:
    """One cycle in which this State objects to one of two organisations."""

    def __init__(self, objector, text):
        self.world = world = cycle_world.Cycle(BUILD)
        self.objector = objector
        try:
            world.configure()
            world.start("broker")
            world.create()
            world.first_roster(PEOPLE)
            for name, *_ in PEOPLE:
                if name != "intake":
                    world.profile(name, world.endpoint())
            world.start("registry", "intake", "publisher")
            self.play(text)
        except BaseException:
            world.close()
            raise

    def play(self, text):
        world = self.world
        session = world.now + timedelta(days=90)
        values = world.write("values.zpl", "".join(
            f'{key}\n    value = "{value}"\n    confirmed = assumed\n    source = "the call"\n'
            for key, value in VALUES.items()))
        call = world.say("desk", "cycle", "call", "--title", "Dialogue 2027", "--meeting", "D",
                         "--session", "wg6:Working group", "--state", "XA", "--state", "XB",
                         "--state", "XC", "--values", values,
                         *(word for which, days in (("session-starts", 90), ("session-ends", 91),
                                                    ("archives", 300), ("retention", 3650))
                           for word in ("--date", f"{which}=" + cycle_world.instant(
                               world.now + timedelta(days=days)).replace(".000", ""))))
        world.say("desk", "cycle", "open", "--call", call["seq"])
        self.organisations = [
            world.say(office, "apply", "--name", name, "--category", "ngo", "--country", "XD")["id"]
            for office, name in (("office", "Harbour Watch"), ("office2", "Clean Rivers"))]
        for organisation in self.organisations:
            world.say("desk", "cycle", "screen", organisation, "--result", "eligible")
        world.go_on(days=40)
        world.settle(lambda: self.is_ticked("application-deadline"))
        world.say("desk", "cycle", "circulate", "--yes",
                  *(word for each in self.organisations for word in ("--add", each)))
        world.say(self.objector, "object", "--target", self.organisations[1], "--yes", "--private",
                  world.write("reasons.txt", text))
        world.set_time(session - timedelta(hours=6))
        world.settle(lambda: self.is_ticked("objection-closes"))
        invited = world.say("desk", "cycle", "invite", "--target", self.organisations[0])
        self.size = int(invited["seq"]) + 1
        checkpoint = self.site() / "log/checkpoint"
        world.settle(lambda: int(checkpoint.read_text().split("\n")[1]) >= self.size)

    def site(self):
        return Path(self.world.data) / "site" / self.world.name

    def is_ticked(self, date):
        return any(row.get("which") == date and row["ticked"] != "0"
                   for row in self.world.dais("desk", "deadlines", "--refresh"))

    def log(self, daemon):
        """Lines as sets of fields, without what is of this run or came by chance."""
        found = set()
        for line in self.world.daemons[daemon].lines:
            fields = dict(re.findall(r'(\w+)=("(?:[^"\\]|\\.)*"|\S*)', line or ""))
            found.add(tuple((name, "*" if name in OF_THIS_RUN | BY_CHANCE else value)
                            for name, value in fields.items()))
        return found

    def secrets(self):
        """What would tell who objected: key and transport key of the mission, its State, its id."""
        identity = (self.world.folder / "keys" / f"{self.objector}.identity").read_text()
        words = {word for line in identity.splitlines()[1:] for word in line.split()[1:]
                 if len(word) > 8}
        return words | {self.objector.upper() + " ", f"={self.objector.upper()}"}

    def answers(self):
        """What those who may not know are told, ids by the order in which they are named."""
        found = {}
        for who in ASKERS:
            for words in QUESTIONS:
                code, out, err = self.world.run("dais", *words, "--json", profile=who)
                names = {}
                text = ID.sub(lambda hit, known=names: known.setdefault(
                    hit[0], f"<{len(known)}, {len(hit[0])} digits>"), out + err)
                found[who, words] = code, text, len(out)
        return found

    def sizes(self):
        """Files of the site; checkpoints and partial tiles are of sizes that came by chance."""
        return {str(path.relative_to(self.site())): path.stat().st_size
                for path in sorted(self.site().rglob("*"))
                if path.is_file() and "checkpoints" not in path.parts and
                not any(part.endswith(".p") for part in path.parts)}


class LeakDaemons(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.runs = []
        for objector, text in (("xa", "It is not in order.\n"),
                               ("xb", "We object for reasons of our own. " * 200)):
            cls.runs.append(Run(objector, text))
            cls.addClassCleanup(cls.runs[-1].world.close)

    # Goal: no log says who objects, or what, or how long that is. Method: the lines of each daemon
    # in both runs; and none has a word that tells.
    def test_logs(self):
        one, two = self.runs
        for daemon in ("broker", "intake", "registry", "publisher"):
            self.assertEqual(one.log(daemon), two.log(daemon), daemon)
            for run in self.runs:
                text = "\n".join(str(line) for line in run.world.daemons[daemon].lines)
                for secret in run.secrets():
                    self.assertNotIn(secret, text, daemon)
        forms = {tuple(name for name, _ in line) for line in one.log("registry")
                 if ("event", "bundle-logged") in line}
        self.assertEqual(len(forms), 2, "one form for what is open and one for what is sealed")

    # Goal: offices and a State that is not involved are told the same, in as many bytes. Method:
    # each question of theirs in both runs.
    def test_answers(self):
        one, two = (run.answers() for run in self.runs)
        self.assertEqual(one, two)
        self.assertLessEqual({code for code, _, _ in one.values()}, {0}, one)
        told = "".join(text for _, text, _ in one.values())
        self.assertIn("Harbour Watch", told)
        self.assertNotIn("\"XA\"", told.replace('"country":"XA"', ""))
        # The State that objected is told so: the question is one that can be answered.
        who = self.runs[0].world.dais("xa", "objections", "--refresh")
        self.assertIn("XA", str(who))

    # Goal: no file of the site is longer or shorter. Method: names and sizes of all.
    def test_sizes(self):
        one, two = (run.sizes() for run in self.runs)
        self.assertEqual(one, two)
        self.assertGreater(len(one), 25)


if __name__ == "__main__":
    unittest.main()
