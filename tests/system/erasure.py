#!/usr/bin/env -S python3 -B
# SPDX-License-Identifier: Apache-2.0
"""Erasure over real daemons: a comment with an attachment and an application with a private text
are published, erased by the secretariat and a second holder, and then looked for in every file that
a daemon or the site has, whole and in parts, as bytes and in every form they could be in."""
import base64
import json
import random
import shutil
import sys
import unittest
from datetime import timedelta
from pathlib import Path

import cycle_world

BUILD = Path(sys.argv.pop(1)).resolve()
PEOPLE = (("desk", "secretariat", None, "B. Person"), ("other", "secretariat", None, "C. Person"),
          ("office", "office", None, "Office East"),
          ("xa", "party", "XA", "Mission of XA"), ("intake", "intake", None, "Intake"))
VALUES = {
    "required-documents": "none", "representatives-max": "no-limit", "capacity": "no-limit",
    "quota": "no-limit", "application-deadline": "call+30d", "list-min-notice": "none",
    "objection-window": "circulated..session-1d", "comment-deadline": "session",
    "withdrawable-until": "none", "decision-window": "none", "retention": "3650d",
    "ecosoc-objectable": "yes", "majority": "simple", "written-limit-words": "no-limit",
    "written-languages": "en fr"}
PART = 16  # bytes
LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789<>&\"'\n é\u0634"


def text_of(seed, size):
    """A text in which no part stands twice, with characters that JSON and HTML write otherwise."""
    chance = random.Random(seed)
    return "".join(chance.choice(LETTERS) for _ in range(size))


def forms_of(part):
    """What these bytes look like in other forms; of base64 what is sure at each of its phases."""
    yield part
    yield part.hex().encode()
    yield part.hex().upper().encode()
    for phase in range(3):
        code = base64.b64encode(bytes(phase) + part)
        code = code[(0, 2, 3)[phase]:len(code) // 4 * 4 - 4]
        yield code
        yield code.replace(b"+", b"-").replace(b"/", b"_")


def needles_of(content):
    """All forms of each part of 16 bytes, so that not a tenth of a content is left behind. Of a
    text, as pages, feeds and JSON would write it, too."""
    found = set()
    for start in range(0, len(content) - PART + 1, PART):
        found.update(forms_of(content[start:start + PART]))
    return found


def needles_of_text(text):
    found = needles_of(text.encode())
    for start in range(0, len(text) - PART + 1, PART):
        part = text[start:start + PART]
        found.add(json.dumps(part)[1:-1].encode())
        found.add(json.dumps(part, ensure_ascii=False)[1:-1].encode())
        found.add(part.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace(
            '"', "&quot;").replace("'", "&#39;").replace("\n", "&#10;").encode())
        found.update((part.encode("utf-16-le"), part.encode("utf-16-be")))
    return found


class Search:
    """Where one of many needles stands: by their first 8 bytes, at every place of a file."""
    HEAD = 8

    def __init__(self, needles):
        self.by_head = {}
        for needle in needles:
            assert len(needle) >= self.HEAD, needle
            self.by_head.setdefault(needle[:self.HEAD], []).append(needle)

    def __call__(self, content):
        head, by_head = self.HEAD, self.by_head
        for start in range(len(content) - head + 1):
            for needle in by_head.get(content[start:start + head], ()):
                if content.startswith(needle, start):
                    return start, needle
        return None


class Erasure(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.world = cycle_world.Cycle(BUILD)
        cls.addClassCleanup(cls.world.close)
        cls.text, cls.private = text_of(1, 60000), text_of(2, 30000)
        cls.attached = random.Random(3).randbytes(100000)
        cls.kept = text_of(4, 1000)
        cls.play()

    @classmethod
    def play(cls):
        world = cls.world
        world.configure()
        world.start("broker")
        world.create()
        world.first_roster(PEOPLE)
        for name, *_ in PEOPLE:
            if name != "intake":
                world.profile(name, world.endpoint())
        world.start("registry", "intake", "publisher")
        session = world.now + timedelta(days=90)
        values = world.write("values.zpl", "".join(
            f'{key}\n    value = "{value}"\n    confirmed = assumed\n    source = "the call"\n'
            for key, value in VALUES.items()))
        call = world.say("desk", "cycle", "call", "--title", "Dialogue 2027", "--meeting", "D",
                         "--session", "wg6:Working group", "--state", "XA", "--values", values,
                         *(word for which, days in (("session-starts", 90), ("session-ends", 91),
                                                    ("archives", 300), ("retention", 3650))
                           for word in ("--date", f"{which}=" + cycle_world.instant(
                               world.now + timedelta(days=days)).replace(".000", ""))))
        world.say("desk", "cycle", "open", "--call", call["seq"])
        private = world.write("private.txt", cls.private)
        others = cls.outboxes()
        application = world.say("office", "apply", "--name", "Harbour Watch", "--category", "ngo",
                                "--country", "XA", "--private", private)
        cls.organisation, cls.application_seq = application["id"], application["seq"]
        cls.restore(cls.outboxes() - others)
        world.say("desk", "cycle", "screen", cls.organisation, "--result", "eligible")
        world.go_on(days=40)
        world.settle(lambda: cls.is_ticked("application-deadline"))
        world.say("desk", "cycle", "circulate", "--add", cls.organisation, "--yes")
        world.set_time(session - timedelta(hours=6))
        world.settle(lambda: cls.is_ticked("objection-closes"))
        world.say("desk", "cycle", "invite", "--target", cls.organisation)
        (world.folder / "attached.bin").write_bytes(cls.attached)
        cls.comment_seq, cls.comment_id = cls.comment("About vessels", cls.text, "--attach",
                                                      "attached.bin")
        _, cls.kept_id = cls.comment("About harbours", cls.kept)
        for name in ("private.txt", "attached.bin", "comment.txt"):
            (world.folder / name).unlink()  # the authors' own copies

    @classmethod
    def outboxes(cls):
        return {path.parent for path in Path(cls.world.environment["HOME"]).rglob("data.mdb")}

    @classmethod
    def restore(cls, folders):
        """The office loses its outbox and goes on with a copy of it: the application stands there
        as a duplicate, with the registry's proof of it, contents and all; the comments will not. It
        goes out with another, or its bundle would be the one that the registry knows."""
        copy = cls.world.folder / "copy.outbox"
        cls.world.good("dais", "outbox", "export", copy, profile="office")
        [folder] = folders
        shutil.rmtree(folder)
        cls.world.dais("office", "apply", "--name", "Pier Watch", "--category", "ngo",
                       "--country", "XA")
        cls.world.good("dais", "outbox", "import", copy, profile="office")
        cls.world.send("office")
        copy.unlink()

    @classmethod
    def comment(cls, title, text, *more):
        path = cls.world.write("comment.txt", text)
        said = cls.world.say("office", "comment", "--for", cls.organisation, "--title", title,
                             "--language", "en", *more, path)
        for ruling in ("accept", "publish"):
            cls.world.say("desk", "cycle", "comment", ruling, said["id"], "--yes")
        return said["seq"], said["id"]

    @classmethod
    def is_ticked(cls, date):
        return any(row.get("which") == date and row["ticked"] != "0"
                   for row in cls.world.dais("desk", "deadlines", "--refresh"))

    def files(self):
        """What daemons, site, logs and the offices hold: outboxes as well as all else of theirs."""
        world = self.world
        for path in sorted(Path(world.environment["HOME"]).rglob("*")):
            if path.is_file():
                yield f"home/{path.name}", path.read_bytes()
        for name in ("registry", "intake", "site", "rosters", "door", "back", "broker"):
            for folder in {world.folder / name, Path(world.data) / name}:
                for path in sorted(folder.rglob("*")):
                    if path.is_file():
                        yield f"{name}/{path.name}", path.read_bytes()
        for name, daemon in self.world.daemons.items():
            yield f"log of {name}", "\n".join(str(each) for each in daemon.lines).encode()

    def found(self, needles):
        search = Search(needles)
        return {name for name, content in self.files() if search(content)}

    def published(self, what):
        page = self.world.folder / "site" / self.world.name / "comments.html"
        self.world.settle(lambda: page.exists() and what(page.read_text()))

    def pages(self):
        return {path.name: path.read_text() for path in
                (self.world.folder / "site" / self.world.name / "comments").iterdir()}

    def salts(self):
        """The salts of the two contents, from an inspector's export of before."""
        whole = self.world.folder / "before.export"
        self.world.registry("cycle", "export", self.world.name, whole)
        content = whole.read_bytes()
        whole.unlink()
        found = []
        for what in (b"dais/writing/1\n", self.private[:64].encode()):
            start = content.index(what)
            while what.startswith(b"dais") and self.text[:64].encode() not in content[start:start + 200]:
                start = content.index(what, start + 1)
            found.append(content[start - 32:start])
        return found

    # Goal: what is erased is nowhere any more, everything else is there, and the log proves as much
    # as before. Method: the contents and their salts are found in files first, to show that the
    # search sees; then erased with a second, and looked for until the daemons have had their time,
    # and again after all of them were started anew; the audit says ERASED and passes.
    def test_erased_everywhere(self):
        world = self.world
        self.published(lambda page: "About vessels" in page and "About harbours" in page)
        needles = (needles_of_text(self.text) | needles_of_text(self.private) |
                   needles_of(self.attached))
        before = self.found(needles)
        self.assertTrue({"home/data.mdb", "registry/data.mdb", "site/0", "site/comments.csv", "site/comments.json",
                         f"site/{self.comment_seq}.txt"} <= before, before)
        # What an intake had and gave away is out of its file without anybody asking.
        world.settle(lambda: "intake/data.mdb" not in self.found(needles))
        for salt in self.salts():
            needles.update(forms_of(salt))
        key = world.log_key()
        site = world.folder / "site" / world.name
        erasure = world.say("desk", "cycle", "erase", "--entry", self.comment_seq, "--entry",
                            self.application_seq, "--reason", "privacy", "--yes")
        # One holder alone takes nothing out of an outbox.
        self.assertNotIn("erased", self.receipts())
        self.assertIn(self.text, self.shown("show", self.comment_id)["content"]["text"])
        world.say("other", "second", erasure["seq"], "--yes")
        world.settle(lambda: any("was erased" in page for page in self.pages().values()))
        receipt = site / "receipts" / f"{self.comment_seq}.txt"
        world.settle(lambda: not Search(needles)(receipt.read_bytes()))
        world.settle(lambda: "intake/data.mdb" not in self.found(needles))
        self.assertEqual(self.found(needles), {"home/data.mdb"})
        self.author(needles)
        self.assertEqual(self.found(needles), set())
        self.assertTrue(self.found(needles_of_text(self.kept)) >= {"site/0", "registry/data.mdb"})
        self.judge(key, site, receipt)
        for name in ("publisher", "intake", "registry"):
            self.assertEqual(world.daemons[name].end(), 0)
        world.start("registry", "intake", "publisher")
        self.assertEqual(self.found(needles), set())
        self.judge(key, site, receipt)

    def receipts(self, *arguments):
        """What `dais receipts` of the author tells people."""
        code, _, err = self.world.run("dais", "receipts", *arguments, profile="office")
        self.assertEqual(code, 0, err)
        return err

    def shown(self, *arguments):
        return self.world.dais("office", *arguments)[-1]

    def author(self, needles):
        """The outbox of the author learns of it, is rid of the texts, and is as good as before."""
        world = self.world
        kept = self.shown("show", self.kept_id)
        self.assertTrue(self.shown("show", self.organisation)["duplicate"])
        self.assertFalse(self.shown("show", self.comment_id)["duplicate"])
        backup = world.folder / "erased.outbox"
        told = self.receipts("-o", world.folder / "receipts")
        for each in (self.comment_id, self.organisation):
            self.assertIn(f"{each} was erased by the secretariat at entry", told)
            said = self.shown("show", each)
            self.assertNotIn("content", said)
            self.assertNotIn("private", said)
            self.assertIn("the receipt stays valid", said["text"])
            self.assertEqual(self.shown("slip", each)["erased"], said["erased"])
            self.assertIn("The text was erased", world.good("dais", "slip", each, profile="office"))
            world.good("dais", "verify", world.folder / "receipts" / f"{each}.receipt",
                       profile="office")
        self.assertEqual(self.shown("show", self.kept_id), kept)
        self.assertNotIn("was erased", self.receipts())
        world.good("dais", "outbox", "export", backup, profile="office")
        self.assertIsNone(Search(needles)(backup.read_bytes()))
        self.assertEqual(self.shown("outbox", "import", backup)["added"], 0)
        for path in (world.folder / "receipts").iterdir():
            self.assertIsNone(Search(needles)(path.read_bytes()), path)

    def judge(self, key, site, receipt):
        whole = self.world.folder / "whole.export"
        self.world.registry("cycle", "export", self.world.name, whole)
        for log in (site, whole):
            report = json.loads(self.world.good("dais-audit", "verify", "--json", "--key", key, log))
            erased = {check["name"]: int(check["counts"]["ERASED"]) for check in report["checks"]}
            self.assertEqual({name: count for name, count in erased.items() if count},
                             {"contents": 1})
        whole.unlink()
        self.world.good("dais-audit", "receipt", "--key", key, receipt)
        self.world.registry("check", self.world.name)


if __name__ == "__main__":
    unittest.main()
