#!/usr/bin/env -S python3 -B
# SPDX-License-Identifier: Apache-2.0
"""Every kind of page in a real browser: axe-core, tidy, script off, no style sheet, print, narrow
screens. Screenshots go to the folder that is named last, for people to look at."""
import json
import os
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

import atom
import chromium

CASE_PLAY, PUBLISHER, AXE, PICTURES = (Path(each) for each in sys.argv[1:5])
del sys.argv[1:]
# Many comments and an Arabic one; decisions and amended lists. The nightly run has more.
CASES = ("untoc-2022-05-27", "uncac-cosp9-2021")
if os.environ.get("DAIS_FULL") == "1":
    CASES += ("untoc-2022-05-06", "firearms-2023-05-05", "untoc-cop11-2022", "oewg-ict-2022")
DESKTOP, PHONE, ZOOMED = (1280, 800, False), (390, 844, True), (320, 640, True)
RULES = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa",
                                               "wcag22aa", "best-practice"]}}
MISSING = [what for what, found in (("chromium", chromium.program()), ("axe-core", AXE.is_file()),
                                    ("tidy", shutil.which("tidy"))) if not found]
if MISSING:
    print("skipped: needs " + ", ".join(MISSING) + "; script/bootstrap browser installs them")
    sys.exit(77)


def run(*arguments):
    done = subprocess.run([str(each) for each in arguments], capture_output=True, text=True,
                          check=False, timeout=120)
    if done.returncode != 0:
        raise AssertionError(f"{arguments}: {done.returncode}\n{done.stdout}{done.stderr}")


class Pages(unittest.TestCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        cls.temporary = tempfile.TemporaryDirectory(prefix="dais-pages-")
        cls.addClassCleanup(cls.temporary.cleanup)
        folder = Path(cls.temporary.name)
        cls.sites = {}
        for case in CASES:
            log, key = folder / f"{case}.export", folder / f"{case}.key"
            run(CASE_PLAY, "--public", "--export", log, "--key", key, case)
            run(PUBLISHER, "render", "--key", key, "--site", folder / case, log)
            cls.sites[case] = folder / case
        cls.pages = [path for case in CASES for path in sorted(cls.sites[case].rglob("*.html"))]
        cls.browser = chromium.Browser()
        cls.addClassCleanup(cls.browser.close)
        PICTURES.mkdir(parents=True, exist_ok=True)

    def name(self, path):
        return "-".join(path.relative_to(self.temporary.name).with_suffix("").parts[1:])

    def each(self, screen, cases=CASES):
        self.browser.screen(*screen)
        for path in self.pages:
            if any(path.is_relative_to(self.sites[case]) for case in cases):
                self.browser.go(path.as_uri())
                yield path

    # Goal: no barrier that a machine can find. Method: axe-core with all rules of WCAG 2.2 AA and
    # its best practices, on each page, as a desktop shows it and of one case as a phone does; a page with faults of
    # its own shows that it sees any.
    def test_axe(self):
        axe, faults = AXE.read_text(), {}
        for screen, cases in ((DESKTOP, CASES), (PHONE, CASES[:1])):
            for path in self.each(screen, cases):
                self.browser.value(axe + "; undefined")
                found = self.browser.value(f"axe.run(document, {json.dumps(RULES)}).then("
                                           "r => r.violations.map(v => [v.id, v.nodes.map("
                                           "n => n.html).slice(0, 3)]))")
                if found:
                    faults[str(path), screen] = found
        self.assertEqual(faults, {})
        self.browser.go("data:text/html,<title>x</title><img src=x><p style='color:%23ddd'>much too pale</p>")
        self.browser.value(axe + "; undefined")
        found = self.browser.value("axe.run().then(r => r.violations.map(v => v.id))")
        self.assertTrue({"image-alt", "color-contrast", "html-has-lang"} <= set(found), found)

    # Goal: the markup is what the standard asks for. Method: tidy, whose every warning counts.
    def test_tidy(self):
        for path in self.pages:
            done = subprocess.run(["tidy", "-q", "-e", path], capture_output=True, text=True,
                                  check=False, timeout=60)
            self.assertEqual((done.returncode, done.stderr), (0, ""), path.name)

    # Goal: nobody has to scroll to and fro to read. Method: the width of 320 pixels that WCAG 1.4.10
    # asks for, which is 400 % on a desktop; only tables and code may scroll, inside themselves.
    def test_narrow(self):
        for screen in (ZOOMED, PHONE, DESKTOP):
            for path in self.each(screen):
                self.assertLessEqual(self.browser.value("document.documentElement.scrollWidth"),
                                     screen[0], path.name)

    # Goal: pages are complete without script and without style sheet, and say nothing to the
    # console. Method: the text that a browser shows with both, and with neither, is the same words.
    def test_bare(self):
        words = "document.querySelector('main').innerText.split(/\\s+/).join(' ')"
        whole = {}
        for path in self.each(DESKTOP):
            whole[path] = self.browser.value(words)
            self.assertTrue(whole[path])
            faults = [each for each in self.browser.events
                      if each.get("method") in ("Log.entryAdded", "Runtime.exceptionThrown")]
            self.assertEqual(faults, [], path.name)
            self.assertEqual(self.browser.value("document.scripts.length"), 0)
        self.browser.call("Emulation.setScriptExecutionDisabled", value=True)
        self.browser.call("Network.setBlockedURLs", urls=["*.css"])
        try:
            for path in self.each(DESKTOP):
                self.assertEqual(self.browser.value(words).replace(" ", ""),
                                 whole[path].replace(" ", ""), path.name)
        finally:
            self.browser.call("Network.setBlockedURLs", urls=[])
            self.browser.call("Emulation.setScriptExecutionDisabled", value=False)

    # Goal: on paper there is the text, the heads of a table again on each sheet, and no navigation.
    # Method: the computed style for print; a PDF of A4 is made.
    def test_print(self):
        page = self.sites[CASES[0]] / CASES[0] / "participants.html"
        self.browser.screen(*DESKTOP)
        self.browser.go(page.as_uri())
        self.browser.call("Emulation.setEmulatedMedia", media="print")
        try:
            shown = self.browser.value(
                "['nav', '.skip', 'thead', 'main'].map(s => getComputedStyle("
                "document.querySelector(s)).display)")
        finally:
            self.browser.call("Emulation.setEmulatedMedia", media="")
        self.assertEqual(shown, ["none", "none", "table-header-group", "block"])
        pdf = self.browser.call("Page.printToPDF", preferCSSPageSize=True)["data"]
        self.assertGreater(len(pdf), 10000)

    # Goal: everything can be reached by keyboard, and one sees where one is. Method: Tab goes to
    # the link that skips, which shows itself, and on to every link in turn; each has an outline.
    def test_keyboard(self):
        self.browser.screen(*DESKTOP)
        self.browser.go((self.sites[CASES[0]] / CASES[0] / "participants.html").as_uri())
        count = self.browser.value("document.querySelectorAll('a, [tabindex]').length")
        seen = []
        for _ in range(count):
            for kind in ("rawKeyDown", "keyUp"):
                self.browser.call("Input.dispatchKeyEvent", type=kind, key="Tab", code="Tab",
                                  windowsVirtualKeyCode=9)
            seen.append(self.browser.value(
                "(() => {const e = document.activeElement, s = getComputedStyle(e), "
                "b = e.getBoundingClientRect(); return [[...document.querySelectorAll("
                "'a, [tabindex]')].indexOf(e), s.outlineStyle, b.left >= 0]})()"))
        self.assertEqual([each[0] for each in seen], list(range(count)))
        self.assertEqual({each[1] == "none" for each in seen}, {False})
        self.assertEqual({each[2] for each in seen}, {True})

    # Goal: a comment in Arabic is read from the right, and what stands around it is not. Method:
    # computed directions of the page, the title and the text.
    def test_arabic(self):
        arabic = [path for path in self.pages if 'lang="ar"' in path.read_text() and
                  path.parent.name == "comments"]
        self.assertTrue(arabic)
        for path in arabic:
            self.browser.go(path.as_uri())
            directions = self.browser.value(
                "['html', 'h1', '.text', 'footer'].map(s => getComputedStyle("
                "document.querySelector(s)).direction)")
            self.assertEqual(directions, ["ltr", "rtl", "rtl", "ltr"])

    # Goal: a suggestion is found in the text of its comment and back, and the text is no other for it.
    # Method: in the browser's tree, each mark is a link to an item of the list that links to it, both
    # say the same sentence, and the text is put together from its nodes; the list says of the one
    # that is no quotation that it is none.
    def test_suggestions(self):
        found, loose = 0, 0
        for path in self.each(DESKTOP, CASES[:1]):
            if path.parent.name != "comments":
                continue
            items = self.browser.value("""[...document.querySelectorAll('li[id^=suggestion]')].map(e => {
                const link = e.querySelector('a'), said = e.querySelector('bdi').textContent;
                if (!link) return [e.textContent.includes('not quoted word for word')];
                const mark = document.querySelector(link.hash), back = mark.querySelector('a');
                return [mark.textContent === said && back.hash === '#' + e.id,
                        mark.closest('.text').textContent.includes(said),
                        mark.parentElement.className === 'text',
                        document.getElementById(back.getAttribute('aria-describedby')).textContent,
                        getComputedStyle(back).textDecorationLine];})""")
            found += sum(len(each) > 1 for each in items)
            loose += sum(len(each) == 1 for each in items)
            for number, each in enumerate(items, 1):
                self.assertIn(each, ([True], [True, True, True, f"Suggestion {number}",
                                              "underline"]), path.name)
        self.assertEqual((found, loose), (1, 1))

    # Goal: a feed that readers take. Method: the musts of RFC 4287 and RFC 6721 (atom.py), which
    # have to find each of some planted faults.
    def test_feeds(self):
        for case, site in self.sites.items():
            content = (site / case / "feed.xml").read_bytes()
            self.assertEqual(atom.Check(content).faults, [], case)
        for old, new in ((b"<id>", b"<id> "), (b"<updated>", b"<updated>x"),
                         (b"<author>", b"<rights/><rights/><author>"),
                         (b"href=", b"ref="), (b"<title>", b"<title type='html'>"),
                         (b"<entry>", b"<entry><entry/>"), (b"<name>", b"<nom/><name>a</name><name>")):
            self.assertIn(old, content)
            self.assertNotEqual(atom.Check(content.replace(old, new, 1)).faults, [], new)

    # Goal: people can look at the pages. Method: each page of the first case as a picture, on a
    # desktop and on a phone; they are no empty sheets.
    def test_pictures(self):
        for kind, screen in (("desktop", DESKTOP), ("phone", PHONE)):
            for path in self.each(screen, CASES[:1]):
                picture = PICTURES / f"{self.name(path)}-{kind}.png"
                self.browser.picture(picture)
                self.assertGreater(picture.stat().st_size, 4000)
        print(f"pictures: {PICTURES}")


if __name__ == "__main__":
    unittest.main()
