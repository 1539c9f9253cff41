#!/usr/bin/env -S python3 -B
# SPDX-License-Identifier: Apache-2.0
"""dais-publisher render, on the logs that the cases leave."""
import csv
import hashlib
import io
import json
import re
import re
import subprocess
import sys
import tempfile
import unittest
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

AUDIT = sys.argv.pop()
PUBLISHER = sys.argv.pop()
CASE_PLAY = sys.argv.pop()
CASE = "untoc-2022-05-27"
SOURCE = Path(__file__).resolve().parents[2]
VOID = {"meta", "link", "br", "hr", "img", "input", "path", "rect"}


def run(*arguments):
    done = subprocess.run([str(argument) for argument in arguments], capture_output=True,
                          text=True, check=False, timeout=120)
    return done.returncode, done.stdout, done.stderr


def files(folder):
    return {str(path.relative_to(folder)): path.read_bytes()
            for path in sorted(folder.rglob("*")) if path.is_file()}


class Page(HTMLParser):
    """Reads a page strictly: every element is closed in its turn."""

    def __init__(self, text):
        super().__init__()
        self.stack, self.tags, self.links, self.ids, self.words = [], [], [], [], ""
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        attributes = dict(attrs)
        if "href" in attributes:
            self.links.append(attributes["href"])
        if "id" in attributes:
            self.ids.append(attributes["id"])
        if tag not in VOID:
            self.stack.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.tags.append(tag)

    def handle_endtag(self, tag):
        if not self.stack or self.stack.pop() != tag:
            raise AssertionError(f"</{tag}> closes what is not open")

    def handle_data(self, data):
        self.words += data


class Render(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.temporary = tempfile.TemporaryDirectory()
        cls.folder = Path(cls.temporary.name)
        cls.log, cls.key = cls.folder / "log.export", cls.folder / "log.key"
        code, _, err = run(CASE_PLAY, "--public", "--export", cls.log, "--key", cls.key, CASE)
        assert code == 0, err
        code, cls.said, err = cls.render("site", cls.log)
        assert code == 0, err
        cls.site = cls.folder / "site" / CASE

    @classmethod
    def tearDownClass(cls):
        cls.temporary.cleanup()

    @classmethod
    def render(cls, site, log):
        return run(PUBLISHER, "render", "--key", cls.key, "--site", cls.folder / site, log)

    def pages(self):
        for path in sorted(self.site.parent.rglob("*.html")):
            yield path, Page(path.read_text())

    # Goal: the sentence of the summary's paragraph 4 comes out of the log, and the organisation
    # that was objected to is on no public page. Method: the case's own outcome, word for word.
    def test_sentence(self):
        page = Page((self.site / "participants.html").read_text())
        self.assertIn("Twenty-one non-governmental organizations and three other stakeholders, "
                      "two from academia and one from the private sector, took part.", page.words)
        with open(self.site / "data/participants.csv", newline="", encoding="utf-8-sig") as file:
            self.assertEqual(len(list(csv.DictReader(file))), 24)

    # Goal: the draft of a summary counts in the policy's words, quotes what was marked, names the
    # entries of every sentence, and does not name who was objected to. Method: known sentences of
    # the case; each sentence's entries are there, and are of the kinds that can bear it.
    def test_draft(self):
        code, draft, _ = run(PUBLISHER, "draft", "--key", self.key, self.log)
        self.assertEqual(code, 0)
        lines = [line for line in draft.splitlines()[3:] if line]
        self.assertEqual([line for line in lines if re.match(r"[IV]+\. ", line)],
                         ["I. Introduction", "II. Agenda", "III. Inputs and suggestions",
                          "IV. Participation and objections"])
        numbers = [int(line.split(".")[0]) for line in lines if re.match(r"\d+\. ", line)]
        self.assertEqual(numbers, list(range(1, len(numbers) + 1)))
        sentences = [line for line in lines if not re.match(r"[IV]+\. |First cluster$", line)]
        for sentence in sentences:
            self.assertRegex(sentence, r"[.\"] \[\d+(-\d+)?(, \d+(-\d+)?)*\]$")
        self.assertIn("Twenty-one non-governmental organizations and three other stakeholders, two "
                      "from academia and one from the private sector, took part. [179-202]", draft)
        self.assertIn('A few speakers spoke on "Trust between governments and stakeholders". '
                      "[16, 215-216]", draft)
        self.assertIn('"Hold the next dialogue in person." [228]', draft)
        self.assertNotIn("Harbour Watch", draft)

    # Goal: before there is anything to draft from, the draft is short and true. Method: the log
    # when only genesis and the roster are in it; a log that is not there.
    def test_draft_of_little(self):
        log = self.folder / "begin.export"
        code, _, err = run(CASE_PLAY, "--public", "--size", "9", "--export", log, "--key",
                           self.folder / "begin.key", CASE)
        self.assertEqual(code, 0, err)
        code, draft, err = run(PUBLISHER, "draft", "--key", self.folder / "begin.key", log)
        self.assertEqual(code, 0, err)
        self.assertNotRegex(draft, r"(?m)^\d+\. ")
        code, draft, err = run(PUBLISHER, "draft", "--key", self.key, self.folder / "none")
        self.assertEqual((code, draft), (1, ""))
        self.assertIn("error[not-found]", err)

    # Goal: the same log gives the same bytes, and what is there is not written again. Method:
    # render into a second folder, and into the first once more.
    def test_same_bytes(self):
        self.assertEqual(self.render("again", self.log)[0], 0)
        self.assertEqual(files(self.folder / "again"), files(self.folder / "site"))
        code, said, _ = self.render("site", self.log)
        self.assertEqual(code, 0)
        self.assertIn(" 0 files written", said)

    # Goal: when the log goes on, receipts that were published stay as they are and stay true, and so
    # do pages of comments that nothing new concerns. Method: a site of the first part of the log,
    # then of all of it; every receipt is judged by dais-audit.
    def test_log_goes_on(self):
        early = self.folder / "early.export"
        self.assertEqual(run(CASE_PLAY, "--public", "--size", "170", "--export", early, CASE)[0], 0)
        self.assertEqual(self.render("growing", early)[0], 0)
        site = self.folder / "growing" / CASE
        before = files(site)
        code, said, err = self.render("growing", self.log)
        self.assertEqual(code, 0, said + err)
        after = files(site)
        kept = [name for name in before if name.startswith("receipts/")]
        self.assertEqual(len(kept), 6)
        for name in kept:
            self.assertEqual(after[name], before[name], name)
            self.assertEqual(run(AUDIT, "receipt", "--key", self.key, site / name)[0], 0, name)
        self.assertNotEqual(before["log/checkpoint"], after["log/checkpoint"])
        pages = [name for name in before if name.startswith("comments/")]
        changed = [name for name in pages if before[name] != after[name]]
        marked = [name for name in pages if b"Suggestions marked in it" in after[name] and
                  b"Suggestions marked in it" not in before[name]]
        self.assertEqual(changed, marked)
        del after["log/checkpoints/170"]
        whole = files(self.site)
        differ = sorted(name for name in whole if whole[name] != after.pop(name))
        self.assertEqual(differ, ["data/manifest.json", *sorted(kept)])
        self.assertEqual([name for name in after if not name.endswith(".p/170")], [])

    # Goal: pages are well-formed, without script, and every link leads to a file that is there.
    # Method: a strict reading of every page.
    def test_pages(self):
        count = 0
        for path, page in self.pages():
            with self.subTest(path.name):
                count += 1
                self.assertEqual(page.stack, [])
                self.assertNotIn("script", page.tags)
                self.assertEqual(len(page.ids), len(set(page.ids)))
                for link in page.links:
                    if link.startswith("#"):
                        self.assertIn(link[1:], page.ids)
                    else:
                        self.assertTrue((path.parent / link).is_file(), link)
        self.assertGreaterEqual(count, 12)

    # Goal: the list of files tells the truth. Method: hash every file that it names; every file
    # outside log/ is named.
    def test_manifest(self):
        manifest = json.loads((self.site / "data/manifest.json").read_text())
        named = {item["path"]: item["sha256"] for item in manifest["files"]}
        for name, content in files(self.site).items():
            if name.startswith("log/") or name == "data/manifest.json":
                continue
            self.assertEqual(named.pop(name), hashlib.sha256(content).hexdigest(), name)
        self.assertEqual(named, {})

    # Goal: CSV and JSON say the same. Method: compare them cell by cell.
    def test_tables(self):
        for path in sorted((self.site / "data").glob("*.csv")):
            table = json.loads(path.with_suffix(".json").read_text())
            text = path.read_bytes().decode("utf-8-sig")
            rows = list(csv.DictReader(io.StringIO(text, newline="")))
            self.assertEqual(len(rows), len(table["rows"]), path.name)
            for row, other in zip(rows, table["rows"]):
                self.assertEqual(row, {name: value or "" for name, value in other.items()})

    # Goal: no field is without its explanation. Method: the dictionary has each column of each table
    # and each field that the definitions of the records name, in their order, all with a text.
    def test_dictionary(self):
        dictionary = json.loads((self.site / "data/dictionary.json").read_text())
        tables = {table["name"]: table for table in dictionary["tables"]}
        records = {record["name"]: record for record in dictionary["records"]}
        for path in (self.site / "data").glob("*.csv"):
            head = next(csv.reader(io.StringIO(path.read_bytes().decode("utf-8-sig"))))
            self.assertEqual([field["name"] for field in tables.pop(path.stem)["fields"]], head)
        self.assertEqual(tables, {})
        for name in ("records", "subjects"):
            text = (SOURCE / "proto" / f"{name}.def").read_text()
            for record in re.findall(r"^(?:RECORD|TUPLE|SCALAR)\((\w+)", text, re.MULTILINE):
                fields = re.findall(rf"^[A-Z_]+\({record}, (\w+)[,)]", text, re.MULTILINE)
                listed = [field["name"] for field in records[record]["fields"]]
                self.assertLessEqual({each for each in fields if not each[0].isdigit()},
                                     set(listed) | {record}, record)
        kinds = re.findall(r'^KIND\((\d+), \w+, "([\w-]+)"', (SOURCE / "proto/messages.def")
                           .read_text(), re.MULTILINE)
        self.assertEqual([(kind["number"], kind["name"]) for kind in dictionary["kinds"]], kinds)

        def explained(item):
            if isinstance(item, dict):
                self.assertTrue(item.get("text", "none is needed"), item)
                for each in item.values():
                    explained(each)
            elif isinstance(item, list):
                for each in item:
                    explained(each)
        explained(dictionary)

    # Goal: the feed is one. Method: parse it, and look for the elements that RFC 4287 asks for.
    def test_feed(self):
        atom = "{http://www.w3.org/2005/Atom}"
        feed = ElementTree.parse(self.site / "feed.xml").getroot()
        self.assertEqual(feed.tag, atom + "feed")
        for element in ("id", "title", "updated", "author"):
            self.assertIsNotNone(feed.find(atom + element), element)
        entries = feed.findall(atom + "entry")
        self.assertTrue(entries)
        for entry in entries:
            for element in ("id", "title", "updated", "link"):
                self.assertIsNotNone(entry.find(atom + element), element)
        identifiers = [entry.find(atom + "id").text for entry in entries]
        self.assertEqual(len(identifiers), len(set(identifiers)))

    # Goal: a log that is not what its key signed makes no site. Method: one byte changed, at places
    # all over the file.
    def test_changed_log(self):
        content = self.log.read_bytes()
        changed = self.folder / "changed.export"
        for at in range(7, len(content), len(content) // 40):
            changed.write_bytes(content[:at] + bytes([content[at] ^ 1]) + content[at + 1:])
            code, _, err = self.render("never", changed)
            self.assertNotEqual(code, 0, at)
            self.assertIn("error[", err)
        self.assertFalse((self.folder / "never" / CASE / "log" / "checkpoint").exists())

    # Goal: what an inspector may see is never made into pages. Method: the inspector's export.
    def test_inspectors_log(self):
        log = self.folder / "inspector.export"
        self.assertEqual(run(CASE_PLAY, "--export", log, CASE)[0], 0)
        code, _, err = self.render("leak", log)
        self.assertEqual(code, 1)
        self.assertIn("error[wrong-purpose]", err)
        self.assertFalse((self.folder / "leak").exists())

    # Goal: tired mistakes are said. Method: no such file, a key of another log, no site.
    def test_mistakes(self):
        code, _, err = self.render("site", self.folder / "missing")
        self.assertEqual((code, "error[not-found]" in err, "hint:" in err), (1, True, True))
        code, _, err = run(PUBLISHER, "render", "--key", "nonsense", "--site", "x", self.log)
        self.assertEqual((code, "error[bad-key]" in err), (2, True))
        code, _, err = run(PUBLISHER, "render", "--key", self.key, self.log)
        self.assertEqual((code, "error[usage]" in err), (2, True))


if __name__ == "__main__":
    unittest.main()
