#!/usr/bin/env -S python3 -B
# SPDX-License-Identifier: Apache-2.0
"""Hostile texts in every field, on really rendered sites, read by parsers that are not ours."""
import csv
import io
import json
import sys
import unittest
from xml.etree import ElementTree

import atom
import hostile

CASE_PLAY, PUBLISHER, AUDIT = sys.argv[1:4]
del sys.argv[1:]
# What a page, table or feed shows and somebody fills in as text (proto/subjects.def).
SHOWN = {"application.applicant", "comment.title", "writing.text", "attachment.name",
         "attachment.media_type", "suggestion.sentence", "suggestion.article",
         "suggestion.addressee", "topic.title", "topic.cluster", "articles.value", "call.title",
         "session.name", "report_adopted.symbol", "officer.name", "officer.title",
         "officer.delegation", "agenda_item.title", "document.symbol", "document.title",
         "document.language", "intervention.name", "date.local", "date.zone", "decision.body",
         "decision.session", "referral.body", "referral.session", "summary.language",
         "application.country", "amendment.country", "comment.language"}
READ_BY_RULES = {"application.country", "amendment.country", "comment.language"}
LONGEST = 64 * 1024


class Hostile(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.sites = hostile.Sites(CASE_PLAY, PUBLISHER)
        cls.addClassCleanup(cls.sites.close)

    # Goal: the trial is about all that people fill in. Method: the fields that were replaced are
    # those that are shown, but the few that a rule reads; a text of 64 KiB is among them.
    def test_fields(self):
        self.assertEqual(SHOWN - self.sites.fields, READ_BY_RULES)
        sizes = [len(text.encode()) for text in self.sites.texts.values()]
        self.assertGreater(max(sizes), LONGEST - 8)

    # Goal: no text becomes an element, attribute or comment, and each is read as it was sent.
    # Method: Python's parser over every page of both sites, node by node; most of the texts are
    # found again whole.
    def test_pages(self):
        found = set()
        for plain, other in self.sites.pairs("*.html"):
            one, two = hostile.Page(plain.read_text()), hostile.Page(other.read_text())
            self.assertEqual(len(one.nodes), len(two.nodes), plain)
            for a, b in zip(one.nodes, two.nodes):
                self.assertEqual(a[0], b[0], plain)
                if a[0] == "text":
                    self.assertTrue(hostile.same(self.sites, a[1], b[1], a[2]), (plain, a, b))
                    found.update(each[:9] for each in hostile.TOKEN.findall(a[1]))
                else:
                    self.assertEqual(a, b, plain)
        self.assertGreater(len(found), 200)

    # Goal: tables are whole, and no cell is a formula. Method: the csv module over both; each
    # cell is the text, led by an apostrophe where a spreadsheet would begin to count.
    def test_csv(self):
        led = 0
        for plain, other in self.sites.pairs("*.csv"):
            rows = [list(csv.reader(io.StringIO(path.read_bytes().decode("utf-8-sig"), newline=""),
                                    strict=True)) for path in (plain, other)]
            self.assertEqual([len(row) for row in rows[0]], [len(row) for row in rows[1]], plain)
            for a, b in zip(sum(rows[0], []), sum(rows[1], [])):
                text = self.sites.expected(a)
                formula = text[:1] in ("=", "+", "-", "@", "\t", "\r", "\uff1d", "\uff0b", "\uff0d",
                                       "\uff20")
                led += formula
                self.assertEqual(b, ("'" if formula else "") + text, plain)
        self.assertGreater(led, 20)

    def compare_json(self, plain, other, where):
        if isinstance(plain, str):
            self.assertEqual(self.sites.expected(plain), other, where)
        elif isinstance(plain, list):
            self.assertEqual(len(plain), len(other), where)
            for a, b in zip(plain, other):
                self.compare_json(a, b, where)
        elif isinstance(plain, dict):
            self.assertEqual(list(plain), list(other), where)
            for name, value in plain.items():
                self.compare_json(value, other[name], where)
        else:
            self.assertEqual(plain, other, where)

    # Goal: JSON is JSON and says the same. Method: Python's reader over both. The manifest has
    # hashes and sizes of the others, so that only its list of files is compared.
    def test_json(self):
        for plain, other in self.sites.pairs("*.json"):
            one, two = (json.loads(path.read_text()) for path in (plain, other))
            if plain.name == "manifest.json":
                one, two = ([each["path"] for each in side["files"]] for side in (one, two))
            self.compare_json(one, two, plain)

    # Goal: an honest site passes its audit whatever people wrote. Method: the site of each case
    # against its log, every check of it.
    def test_audit(self):
        for case in hostile.CASES:
            log, key = (self.sites.folder / f"hostile-{case}.{end}" for end in ("export", "key"))
            hostile.run(AUDIT, "outcomes", "--key", key, log, self.sites.folder / "hostile" / case)

    # Goal: the feed stays one. Method: the musts of Atom, and both element by element.
    def test_feed(self):
        for plain, other in self.sites.pairs("feed.xml"):
            self.assertEqual(atom.Check(other.read_bytes()).faults, [])
            nodes = [list(ElementTree.parse(path).getroot().iter()) for path in (plain, other)]
            self.assertEqual(len(nodes[0]), len(nodes[1]))
            for a, b in zip(*nodes):
                self.assertEqual((a.tag, a.attrib, a.tail), (b.tag, b.attrib, b.tail))
                text = hostile.NOT_XML.sub("\ufffd", self.sites.expected(a.text or ""))
                self.assertEqual(text, b.text or "")


if __name__ == "__main__":
    unittest.main()
