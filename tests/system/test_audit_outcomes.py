#!/usr/bin/env -S python3 -B
# SPDX-License-Identifier: Apache-2.0
"""dais-audit outcomes: a site held against the log that it should follow from."""
import json
import random
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

PLAY, PUBLISHER, AUDIT = (Path(sys.argv.pop(1)).resolve() for _ in range(3))
CASE = "untoc-2022-05-27"
SEED = 20220527


def run(*arguments):
    done = subprocess.run([str(each) for each in arguments], capture_output=True, text=True,
                          check=False, timeout=120)
    return done.returncode, done.stdout, done.stderr


class Outcomes(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.holder = tempfile.TemporaryDirectory()
        cls.folder = Path(cls.holder.name)
        cls.key = cls.folder / "key"
        cls.whole, cls.public = cls.log(), cls.log("--public")
        cls.site = cls.render("site", cls.public)

    @classmethod
    def tearDownClass(cls):
        cls.holder.cleanup()

    @classmethod
    def log(cls, *more):
        path = cls.folder / ("log" + "".join(more))
        if not path.exists():
            code, out, err = run(PLAY, "--export", path, "--key", cls.key, *more, CASE)
            assert code == 0, out + err
        return path

    @classmethod
    def render(cls, name, log):
        code, out, err = run(PUBLISHER, "render", "--key", cls.key, "--site", cls.folder / name, log)
        assert code == 0, out + err
        return cls.folder / name

    def setUp(self):
        self.copy = self.folder / "copy"
        shutil.rmtree(self.copy, ignore_errors=True)
        shutil.copytree(self.site, self.copy)
        self.cycle = self.copy / CASE

    def audit(self, code, log=None, site=None, key=True):
        arguments = [*(("--key", self.key) if key else ()), log or self.whole, site or self.copy]
        found, out, err = run(AUDIT, "outcomes", "--json", *arguments)
        self.assertEqual((found, err), (code, ""), out)
        result = json.loads(out)
        return {check["name"]: check["result"] for check in result["checks"]}, result["failures"]

    def one(self, check, code=4, **how):
        """The only failure there is, of this check."""
        checks, failures = self.audit(code, **how)
        self.assertEqual([(each["name"]) for each in failures], [check], failures)
        self.assertEqual(checks[check], "FAIL")
        return failures[0]

    # Goal: a site passes against every form of its log, twice with the same text. Method: the whole
    # log, the public's part, the site's own log; site and cycle; every check had something to do.
    def test_good(self):
        for log in (self.whole, self.public, self.cycle):
            for site in (self.copy, self.cycle):
                checks, _ = self.audit(0, log=log, site=site)
                self.assertEqual(set(checks.values()), {"PASS"}, (log, site))
        texts = [run(AUDIT, "outcomes", "--key", self.key, self.whole, self.copy)[1] for _ in "ab"]
        self.assertEqual(texts[0], texts[1])
        self.assertNotIn("there was none", texts[0])

    # Goal: nothing is trusted but the key. Method: no key; that of another log.
    def test_trust(self):
        checks, _ = self.audit(3, key=False)
        self.assertEqual((checks["site-checkpoint"], checks["site-source"], checks["site-pages"]),
                         ("NOT-CHECKED", "NOT-CHECKED", "PASS"))
        other = self.folder / "other.key"
        run(PLAY, "--key", other, "untoc-2022-05-06")
        code, out, _ = run(AUDIT, "outcomes", "--key", other, self.whole, self.copy)
        self.assertEqual(code, 4)
        self.assertIn("FAIL 45 site-checkpoint", out)
        self.assertRegex(out, r"49 site-log +NOT-CHECKED 1")

    # Goal: the site may be as of an earlier time than the log. Method: a site of the first 150
    # entries against the whole log, against a later public part, and the other way round.
    def test_sizes(self):
        early = self.render("early", self.log("--public", "--size", "150"))
        checks, _ = self.audit(0, site=early)
        self.assertEqual(checks["site-log"], "PASS")
        shown = run(AUDIT, "outcomes", "--key", self.key, self.whole, early)[1].splitlines()[-1]
        self.assertRegex(shown, "^the site shows the first 150 of the [0-9]+ entries of the log$")
        checks, _ = self.audit(3, log=self.public, site=early)
        self.assertEqual((checks["site-open"], checks["site-pages"]), ("NOT-CHECKED", "PASS"))
        checks, _ = self.audit(3, log=self.log("--size", "150"))
        self.assertEqual((checks["site-log"], checks["site-pages"]), ("NOT-CHECKED", "NOT-CHECKED"))
        checks, failures = self.audit(4, log=self.log("--fork", "57"))
        self.assertEqual((failures[0]["name"], failures[0]["entry"]), ("site-log", "57"))
        self.assertEqual(checks["site-pages"], "NOT-CHECKED")

    # Goal: the site has the files that it should have. Method: one more, one less, a draft, of which
    # nobody can say whether it is being written, a folder in the place of a file; another style of the
    # front page, or none; a link to nowhere among the checkpoints, which hides no other finding.
    def test_files(self):
        draft = self.cycle / "data" / ".dais-draft-1"
        draft.write_text("half a page")
        self.assertEqual(self.audit(3)[0]["site-files"], "NOT-CHECKED")
        draft.unlink()
        style = self.copy / "style.css"
        content = style.read_bytes()
        style.write_bytes(content + b"li { display: none }")
        self.assertEqual(self.one("site-files")["where"], "../style.css")
        style.unlink()
        self.assertEqual(self.one("site-files")["where"], "../style.css")
        style.write_bytes(content)
        link = self.cycle / "log" / "checkpoints" / "5"
        kept = link.read_bytes() if link.exists() else None
        link.unlink(missing_ok=True)
        link.symlink_to("nowhere")
        self.assertEqual(self.one("site-tiles")["where"], "log/checkpoints/5")
        link.unlink()
        if kept is not None:
            link.write_bytes(kept)
        (self.cycle / "data" / "secret.csv").write_text("a,b\n")
        self.assertEqual(self.one("site-files")["where"], "data/secret.csv")
        (self.cycle / "data" / "secret.csv").unlink()
        (self.cycle / ".dais-draft-2").mkdir()
        (self.cycle / ".dais-draft-2" / "secret.html").write_text("hidden")
        self.assertEqual(self.one("site-files")["where"], ".dais-draft-2/secret.html")
        shutil.rmtree(self.cycle / ".dais-draft-2")
        (self.cycle / "cases.html").unlink()
        self.assertEqual(self.one("site-files")["where"], "cases.html")

    # Goal: tables are told apart by row and column, whatever was done to them. Method: rows swapped,
    # a row more, a row less, a cell that says the same in other bytes.
    def test_tables(self):
        path = self.cycle / "data" / "topics.csv"
        kept = path.read_bytes()
        lines = kept.split(b"\r\n")
        path.write_bytes(b"\r\n".join([lines[0], lines[1].replace(b'"', b"", 2), *lines[2:]]))
        self.assertIn("is written otherwise", self.one("site-data")["text"])
        path.write_bytes(kept.replace(b"\r\n", b"\n"))
        self.assertIn("in other bytes", self.one("site-data")["text"])
        path.write_bytes(b"\r\n".join([*lines[:3], lines[4], lines[3], *lines[5:]]))
        _, failures = self.audit(4)
        self.assertEqual({each["name"] for each in failures}, {"site-data"})
        self.assertIn("data/topics.csv, row 3", failures[0]["where"])
        path.write_bytes(kept)
        path = self.cycle / "data" / "outcomes.csv"
        lines = path.read_bytes().split(b"\r\n")
        path.write_bytes(b"\r\n".join([*lines[:5], lines[5].replace(b"admitted", b"refused"),
                                       *lines[6:]]))
        _, failures = self.audit(4)
        places = {(each["name"], each.get("where")) for each in failures}
        self.assertIn(("site-data", "data/outcomes.csv, row 5, column status"), places)
        self.assertIn(("site-facts", "data/outcomes.csv, row 5, column status"), places)
        path.write_bytes(b"\r\n".join([*lines[:5], *lines[6:]]))
        _, failures = self.audit(4)
        self.assertIn("before row 5", " ".join(each.get("where", "") for each in failures))

    # Goal: a changed page is named by table, row and column, or by line and heading. Method: a cell,
    # a heading, a link, a line more, the front page.
    def test_pages(self):
        path = self.cycle / "participants.html"
        kept = path.read_text()
        path.write_text(kept.replace('<h1><bdi>Participants', '<h1><bdi>Participants list', 1))
        self.assertRegex(self.one("site-pages")["where"], r"^participants\.html, line \d+, under")
        path.write_text(kept.replace("</table>", "</table>\n<p>More.</p>", 1))
        self.assertIn("<p>More.</p>", self.one("site-pages")["text"])
        path.write_text(kept.replace("href=\"index.html\"", "href=\"elsewhere.html\"", 1))
        self.assertIn("elsewhere", self.one("site-pages")["text"])
        path.write_text(kept)

    # Goal: the front page says of this cycle what the log makes it say, and no more, in a way that is
    # seen. Method: another state; the right line in a comment beside a false one; the same line
    # twice; a sentence above the list. Another cycle's line is nobody's business here.
    def test_front(self):
        front = self.copy / "index.html"
        kept = front.read_text()
        line = next(each for each in kept.splitlines(True) if each.startswith("<li>"))
        other = line.replace(CASE, "other-2021")
        front.write_text(kept.replace(line, other + line + other.replace("-2021", "-2023")))
        self.audit(0)
        false = line.replace(": archived", ": open")
        for wrong in (false, f"<!--\n{line}-->\n{false}", line + line, line + false, "", "<p>No.</p>\n" + line,
                      line.rstrip("\n") + "<p>No.</p>\n", other.replace("</bdi>", "</bdi><b>") + line,
                      other.replace("other-2021", "..") + line, other.replace("other-2021", "") + line,
                      other.replace(": archived", ": archived; the line below is forged") + line):
            front.write_text(kept.replace(line, wrong))
            self.assertEqual(self.one("site-pages")["where"], "../index.html", wrong)
        front.write_text(kept.replace("<h1>Cycles</h1>", "<h1>Cycles</h1>\n<p>All are open.</p>"))
        self.assertEqual(self.one("site-pages")["where"], "../index.html")

    # Goal: what rests on earlier checkpoints is proved too. Method: a site that has grown, with a
    # checkpoint and a tile of before; each changed; receipts and feed as well.
    def test_kept(self):
        site = self.render("grown", self.log("--public", "--size", "150"))
        self.render("grown", self.public)
        grown = site / CASE
        self.audit(0, site=site)
        for path, check in ((grown / "log" / "checkpoints" / "150", "site-tiles"),
                            (grown / "log" / "tile" / "0" / "000.p" / "150", "site-tiles"),
                            (grown / "log" / "tile" / "entries" / "000.p" / "150", "site-tiles"),
                            (sorted((grown / "receipts").iterdir())[0], "site-receipts"),
                            (grown / "feed.xml", "site-feed")):
            kept = path.read_bytes()
            path.write_bytes(kept[:60] + bytes([kept[60] ^ 1]) + kept[61:])
            self.assertIn(path.name, self.one(check, site=site)["where"])
            path.write_bytes(kept)
        for path in (grown / "log" / "tile" / "0" / "000.p" / "150",
                     grown / "log" / "tile" / "entries" / "000.p" / "150"):
            kept = path.read_bytes()
            for size in (0, len(kept) // 2, len(kept) - 1, len(kept) - 34):
                path.write_bytes(kept[:size])
                self.assertIn(path.name, self.one("site-tiles", site=site)["where"], size)
            path.write_bytes(kept + kept[:34])
            self.assertIn(path.name, self.one("site-tiles", site=site)["where"])
            path.write_bytes(kept)

    # Goal: another version's bytes are not called wrong, and its facts are still looked at. Method:
    # the foot of every page names another renderer; then a cell that no entry makes.
    def test_other_version(self):
        for path in self.cycle.rglob("*.html"):
            path.write_text(path.read_text().replace("Made by dais-publisher ", "Made by other "))
        checks, _ = self.audit(3)
        self.assertEqual((checks["site-pages"], checks["site-files"], checks["site-facts"]),
                         ("NOT-CHECKED", "NOT-CHECKED", "PASS"))
        path = self.cycle / "data" / "comments.csv"
        kept = path.read_bytes()
        rows = kept.split(b"\r\n")
        for changed in ([*rows[:2], *rows[3:]], [*rows[:3], rows[2], *rows[3:]],
                        [*rows[:2], rows[3], *rows[3:]]):
            path.write_bytes(b"\r\n".join(changed))
            _, failures = self.audit(4)
            self.assertEqual({each["name"] for each in failures}, {"site-facts"})
        path.write_bytes(kept)
        path = self.cycle / "data" / "tallies.csv"
        path.write_bytes(path.read_bytes().replace(b'circulated","25"', b'circulated","24"'))
        _, failures = self.audit(4)
        self.assertEqual({each["name"] for each in failures}, {"site-facts"})

    # Goal: whatever a site holds is judged and ends nothing. Method: bytes flipped, cut, put in and
    # repeated in files by chance; never a pass where anything has changed.
    def test_hostile_bytes(self):
        pick = random.Random(SEED)
        for turn in range(24):
            shutil.rmtree(self.copy)
            shutil.copytree(self.site, self.copy)
            path = pick.choice(sorted(each for each in self.cycle.rglob("*") if each.is_file()))
            kept, at = path.read_bytes(), pick.randrange(path.stat().st_size)
            changed = (kept[:at] + bytes([kept[at] ^ 1 << pick.randrange(8)]) + kept[at + 1:],
                       kept[:at], kept[:at] + pick.randbytes(30) + kept[at:],
                       pick.choice((b'"', b"<", b"\0", b"\xff", b"\n")) * 3000)[turn % 4]
            path.write_bytes(changed)
            code, out, err = run(AUDIT, "outcomes", "--key", self.key, self.whole, self.copy)
            self.assertIn(code, (1, 4), f"seed {SEED}, turn {turn}, {path}: {out}{err}")

    # Goal: what cannot be read is said. Method: no site, a folder without one, no log.
    def test_mistakes(self):
        for log, site in ((self.whole, self.folder / "absent"), (self.whole, self.folder),
                          (self.folder / "absent", self.copy)):
            code, out, err = run(AUDIT, "outcomes", "--key", self.key, log, site)
            self.assertEqual((code, out), (1, ""))
            self.assertIn("error[not-found]", err)


if __name__ == "__main__":
    unittest.main()
