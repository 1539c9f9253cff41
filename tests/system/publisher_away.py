#!/usr/bin/env -S python3 -B
# SPDX-License-Identifier: Apache-2.0
"""A publisher that was away, or died over its pages: what opened meanwhile is shown, what was erased
is gone, and the audit finds nothing."""
import shutil
import sys
import unittest
from datetime import timedelta
from pathlib import Path

import cycle_world

BUILD = Path(sys.argv.pop(1)).resolve()
PEOPLE = (("desk", "secretariat", None, "B. Person"), ("other", "secretariat", None, "C. Person"),
          ("office", "office", None, "Office East"), ("intake", "intake", None, "Intake"))


class Away(unittest.TestCase):
    def setUp(self):
        self.world = world = cycle_world.Cycle(BUILD)
        self.addCleanup(world.close)
        world.configure()
        world.start("broker")
        world.create()
        world.first_roster(PEOPLE)
        for name in ("desk", "other", "office"):
            world.profile(name, world.endpoint())
        world.start("registry", "intake", "publisher")
        self.site = world.folder / "site" / world.name
        session = world.open_cycle("desk")
        self.organisation = world.say("office", "apply", "--name", "Harbour Watch", "--category",
                                      "ngo", "--country", "XA")["id"]
        world.say("desk", "cycle", "screen", self.organisation, "--result", "eligible")
        world.go_on(days=40)
        world.settle(lambda: self.is_ticked("application-deadline"))
        world.say("desk", "cycle", "circulate", "--add", self.organisation, "--yes")
        world.set_time(session - timedelta(hours=6))
        world.settle(lambda: self.is_ticked("objection-closes"))
        world.say("desk", "cycle", "invite", "--target", self.organisation)

    def is_ticked(self, date):
        return any(row.get("which") == date and row["ticked"] != "0"
                   for row in self.world.dais("desk", "deadlines", "--refresh"))

    def comment(self, title, text):
        path = self.world.write("comment.txt", text)
        return self.world.say("office", "comment", "--for", self.organisation, "--title", title,
                              "--language", "en", path)

    def publish(self, comment):
        for ruling in ("accept", "publish"):
            self.world.say("desk", "cycle", "comment", ruling, comment["id"], "--yes")

    def page(self):
        path = self.site / "comments.html"
        return path.read_text() if path.exists() else ""

    def assert_site(self):
        """By the registry's own export every file of the site is what it has to be."""
        whole = self.world.folder / "whole.export"
        whole.unlink(missing_ok=True)
        self.world.registry("cycle", "export", self.world.name, whole)
        code, out, err = self.world.run("dais-audit", "outcomes", "--key", self.world.log_key(),
                                        whole, self.site)
        self.assertEqual(code, 0, out + err)

    # Goal: what happens to earlier entries while no publisher runs is made up for by the next. Method:
    # a comment is published and another erased; then a third is published, which the pages wait for.
    def test_away(self):
        erased, opened = self.comment("Erased", "text that is to be forgotten"), \
            self.comment("Opened", "text that is to be shown")
        self.publish(erased)
        self.world.settle(lambda: "Erased" in self.page())
        self.world.daemons["publisher"].end()
        self.publish(opened)
        erasure = self.world.say("desk", "cycle", "erase", "--entry", erased["seq"], "--reason",
                                 "privacy", "--yes")
        self.world.say("other", "second", erasure["seq"], "--yes")
        self.world.start("publisher")
        self.publish(self.comment("Later", "text"))
        self.world.settle(lambda: "Later" in self.page())
        self.assertIn("Opened", self.page())
        self.assertEqual([str(path.relative_to(self.site)) for path in self.site.rglob("*")
                          if path.is_file() and b"to be forgotten" in path.read_bytes()], [])
        self.assert_site()

    # Goal: a publisher that died after it had written entries, and before the checkpoint that covers
    # them, goes on from there. Method: the checkpoint of before in the place of the newest; and a site
    # of which a file is missing is not taken for an empty one.
    def test_died(self):
        self.publish(self.comment("First", "text"))
        self.world.settle(lambda: "First" in self.page())
        before = (self.site / "log" / "checkpoint").read_bytes()
        self.publish(self.comment("Second", "text"))
        self.world.settle(lambda: "Second" in self.page())
        self.world.daemons["publisher"].end()
        (self.site / "log" / "checkpoint").write_bytes(before)
        self.world.start("publisher")
        self.publish(self.comment("Third", "text"))
        self.world.settle(lambda: "Third" in self.page())
        self.assertIn("Second", self.page())
        self.assert_site()
        publisher = self.world.daemons["publisher"]
        publisher.end()
        (self.site / "log" / "open" / "0").rename(self.world.folder / "open.0")
        publisher.launch()
        self.assertNotEqual(publisher.ended(), 0)
        publisher.wait_for("event=site-not-read", "corrupt")
        shutil.rmtree(self.site)
        self.world.start("publisher")
        self.world.settle(lambda: "Third" in self.page())
        self.assert_site()


if __name__ == "__main__":
    unittest.main()
