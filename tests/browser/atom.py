# SPDX-License-Identifier: Apache-2.0
"""What RFC 4287 demands of a feed document, and RFC 6721 of a deleted entry, as a check of our own:
no validator is among the packages that this project installs."""
import re
from urllib.parse import urlsplit
from xml.etree import ElementTree

ATOM, DELETED = "{http://www.w3.org/2005/Atom}", "{http://purl.org/atompub/tombstones/1.0}"
LANG = "{http://www.w3.org/XML/1998/namespace}"
INSTANT = re.compile(r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])T([01]\d|2[0-3]):[0-5]\d:"
                     r"([0-5]\d|60)(\.\d+)?(Z|[+-]([01]\d|2[0-3]):[0-5]\d)")
MEDIA_TYPE = re.compile(r"[^\s/]+/[^\s/]+")
# Child: (at least, at most) of a feed, and of an entry; None is any number (4.1.1, 4.1.2).
FEED = {"author": (0, None), "category": (0, None), "contributor": (0, None), "generator": (0, 1),
        "icon": (0, 1), "id": (1, 1), "link": (0, None), "logo": (0, 1), "rights": (0, 1),
        "subtitle": (0, 1), "title": (1, 1), "updated": (1, 1), "entry": (0, None)}
ENTRY = {"author": (0, None), "category": (0, None), "content": (0, 1), "contributor": (0, None),
         "id": (1, 1), "link": (0, None), "published": (0, 1), "rights": (0, 1), "source": (0, 1),
         "summary": (0, 1), "title": (1, 1), "updated": (1, 1)}
TEXT = {"title", "subtitle", "summary", "rights"}


class Check:
    def __init__(self, content):
        self.faults = []
        self.feed = ElementTree.fromstring(content)
        if self.feed.tag != ATOM + "feed":
            self.bad("the root is no atom:feed")
            return
        self.children(self.feed, FEED)
        self.entries = self.feed.findall(ATOM + "entry")
        for entry in self.entries:
            self.children(entry, ENTRY)
            self.of_entry(entry)
        for gone in self.feed.findall(DELETED + "deleted-entry"):
            self.of_deleted(gone)
        self.of_feed()

    def bad(self, text):
        self.faults.append(text)

    def children(self, element, table):
        counts = {}
        for child in element:
            name = child.tag
            if not name.startswith(ATOM):
                continue  # 6.4: foreign markup is ignored
            name = name[len(ATOM):]
            counts[name] = counts.get(name, 0) + 1
            if name not in table:
                self.bad(f"{element.tag}: atom:{name} may not stand there")
            self.of_child(name, child)
        for name, (least, most) in table.items():
            if not least <= counts.get(name, 0) <= (most if most is not None else 1 << 30):
                self.bad(f"{element.tag}: {counts.get(name, 0)} of atom:{name}")

    def of_child(self, name, child):
        if name in TEXT and (child.get("type", "text") != "text" or len(child)):
            self.bad(f"atom:{name}: a text with child elements or of another type")
        if name in ("updated", "published") and not INSTANT.fullmatch(child.text or ""):
            self.bad(f"atom:{name}: {child.text!r} is no date of RFC 3339")
        if name == "id":
            self.of_id(child.text or "")
        if name == "link":
            self.of_link(child)
        if name in ("author", "contributor"):
            self.of_person(child)

    def of_id(self, text):
        if not urlsplit(text).scheme or text != text.strip():
            self.bad(f"atom:id: {text!r} is no absolute IRI")

    def of_link(self, link):
        if not link.get("href"):
            self.bad("atom:link without href")
        if "type" in link.attrib and not MEDIA_TYPE.fullmatch(link.get("type")):
            self.bad(f"atom:link: type {link.get('type')!r}")

    def of_person(self, person):
        names = person.findall(ATOM + "name")
        if len(names) != 1 or not (names[0].text or "").strip():
            self.bad("a person without exactly one name")

    def of_entry(self, entry):
        links = [link for link in entry.findall(ATOM + "link")
                 if link.get("rel", "alternate") == "alternate"]
        if entry.find(ATOM + "content") is None and not links:
            self.bad("an entry without content and without an alternate link")
        pairs = [(link.get("type"), link.get("hreflang")) for link in links]
        if len(pairs) != len(set(pairs)):
            self.bad("two alternate links of the same type and language")

    def of_deleted(self, gone):
        self.of_id(gone.get("ref", ""))
        if not INSTANT.fullmatch(gone.get("when", "")):
            self.bad(f"deleted-entry: when {gone.get('when')!r}")

    def of_feed(self):
        if self.feed.find(ATOM + "author") is None:
            self.bad("neither the feed nor each entry has an author")
        if not any(link.get("rel") == "self" for link in self.feed.findall(ATOM + "link")):
            self.bad("no link to itself (a should)")
        seen = set()
        for entry in self.entries:
            key = entry.findtext(ATOM + "id"), entry.findtext(ATOM + "updated")
            if key in seen:
                self.bad(f"the entry {key[0]} stands there twice with the same date")
            seen.add(key)
        gone = {each.get("ref") for each in self.feed.findall(DELETED + "deleted-entry")}
        for entry in self.entries:
            if entry.findtext(ATOM + "id") in gone:
                self.bad(f"{entry.findtext(ATOM + 'id')} is there and deleted")
