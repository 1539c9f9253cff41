#!/usr/bin/env -S python3 -B
# SPDX-License-Identifier: Apache-2.0
"""Hostile texts in every field, as a browser takes them: what tree it makes of the pages, and
whether it runs, asks for or lays out anything that it should not."""
import sys
import unittest

import chromium
import hostile

CASE_PLAY, PUBLISHER = sys.argv[1:3]
del sys.argv[1:]
if not chromium.program():
    print("skipped: needs chromium; script/bootstrap browser installs it")
    sys.exit(77)
WALK = """(() => { const nodes = [], walk = n => {
    if (n.nodeType === 3) nodes.push(['text', n.data, n.parentNode.localName === 'code']);
    else if (n.nodeType !== 1) nodes.push(['other', n.nodeName, n.nodeType]);
    else nodes.push(['element', n.namespaceURI + ' ' + n.localName,
                     [...n.attributes].map(a => a.name + '=' + a.value).sort()]);
    n.childNodes.forEach(walk); };
    walk(document.documentElement); return nodes; })()"""


class HostileDom(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.sites = hostile.Sites(CASE_PLAY, PUBLISHER)
        cls.addClassCleanup(cls.sites.close)
        cls.browser = chromium.Browser()
        cls.addClassCleanup(cls.browser.close)

    def load(self, path):
        """The tree of a page; nothing but itself and its style sheet may have been asked for."""
        self.browser.go(path.as_uri())
        nodes = self.browser.value(WALK)
        asked = {each["params"]["request"]["url"].rsplit("/", 1)[-1]
                 for each in self.browser.events
                 if each.get("method") == "Network.requestWillBeSent"}
        self.assertLessEqual(asked, {path.name, "style.css", "favicon.ico"}, path)
        self.assertFalse([each for each in self.browser.events if each.get("method") in
                          ("Page.javascriptDialogOpening", "Runtime.exceptionThrown")], path)
        return nodes

    # Goal: the tree that a browser builds has no node more, whatever people send, and each text in
    # it is the text that they sent. Method: Chromium's own tree of every page of both sites.
    def test_tree(self):
        self.browser.screen(1280, 800)
        for plain, other in self.sites.pairs("*.html"):
            one, two = self.load(plain), self.load(other)
            self.assertEqual(len(one), len(two), plain)
            for a, b in zip(one, two):
                if a[0] == "text":
                    self.assertEqual(b[0], "text", plain)
                    self.assertTrue(hostile.same(self.sites, a[1], b[1], a[2]), (plain, a, b))
                else:
                    self.assertEqual(a, b, plain)

    # Goal: a word without end pushes nothing off the screen. Method: the width of each hostile page on
    # a narrow phone; only tables and code scroll, inside themselves.
    def test_narrow(self):
        self.browser.screen(320, 640, True)
        for _, other in self.sites.pairs("*.html"):
            self.browser.go(other.as_uri())
            self.assertLessEqual(self.browser.value("document.documentElement.scrollWidth"), 320,
                                 other)

    # Goal: marks of direction in a text do not reach what stands around it. Method: each element
    # that holds submitted text and does not end its line is isolated.
    def test_isolated(self):
        for plain, other in self.sites.pairs("*.html"):
            self.browser.go(other.as_uri())
            loose = self.browser.value("""(() => { const found = [], walk = document.createTreeWalker(
                document.body, NodeFilter.SHOW_TEXT); let n;
                while ((n = walk.nextNode())) {
                    if (!/[\\u202a-\\u202e\\u2066-\\u2069]/.test(n.data)) continue;
                    let e = n.parentElement; const s = getComputedStyle(e);
                    if (s.display.startsWith('inline') && !s.unicodeBidi.includes('isolate') &&
                        s.unicodeBidi !== 'plaintext') found.push(e.outerHTML.slice(0, 200));
                } return found; })()""")
            self.assertEqual(loose, [], plain)


if __name__ == "__main__":
    unittest.main()
