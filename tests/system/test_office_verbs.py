#!/usr/bin/env -S python3 -B
# SPDX-License-Identifier: Apache-2.0
"""Every verb of `dais` that works without a network, run as a person runs it: its own examples, what
tired people get wrong, exit codes, and the objects of --json."""
import json
import os
import re
import shlex
import subprocess
import sys
import unittest
from pathlib import Path

import office_world
from office_world import LOG, ORG, OTHER

DAIS = str(Path(sys.argv.pop(1)).resolve())
ROLE_OF = {"cycle": "secretariat", "roster": "secretariat", "second": "secretariat",
           "summary": "chair", "endorse": "bureau", "decide": "conference", "object": "party",
           "cosign": "party", "add-reason": "party", "withdraw-objection": "party",
           "request-disclosure": "party"}
# Commands that need a network, or a file that only a delivery makes.
ONLINE = {"send", "receipts", "status", "list", "queue", "cases", "objections", "deadlines", "verify",
          "outbox parcel", "outbox export", "outbox import", "roster export",
          "profile add", "cycle draft", "keygen"}


def commands(world, path=()):
    """Every command with its help: (words, help)."""
    code, out, _ = world.run(*path, "-h")
    assert code == 0, path
    yield path, out
    inside = False
    for line in out.splitlines():
        if line == "commands:":
            inside = True
        elif inside and not line.strip():
            break
        elif inside:
            yield from commands(world, (*path, line.split()[0]))


def examples(text):
    return [line.strip() for line in text.partition("\nexamples:\n")[2].splitlines() if line.strip()]


class Verbs(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.world = office_world.World(DAIS).profiles()
        cls.world.write("list.csv", "name,category,country,persons\nHarbour Watch,ngo,XA,2\n")

    @classmethod
    def tearDownClass(cls):
        cls.world.close()

    def role(self, words):
        return ROLE_OF.get(words[0], "office") if words else "office"

    # Goal: help is there on every level, and its examples run. Method: walk through all commands;
    # run each example that works offline; all exit with 0 and say nothing of an error.
    def test_examples_run(self):
        ran = 0
        for words, text in commands(self.world):
            lines = examples(text)
            with self.subTest(" ".join(words)):
                self.assertGreaterEqual(len(lines), 2, "two examples")
            for line in lines:
                name = " ".join(words)
                if name in ONLINE or any(line.startswith(f"dais {each}") for each in ONLINE):
                    continue
                with self.subTest(line):
                    code, out, err = self.world.run(*shlex.split(line)[1:],
                                                    profile=self.role(shlex.split(line)[1:2]))
                    self.assertEqual(code, 0, out + err)
                    self.assertNotIn("error[", err)
                    ran += 1
        self.assertGreater(ran, 100)

    # Goal: a bare command that needs another says so and exits with 2. Method: the program and its
    # groups, bare.
    def test_bare_commands(self):
        for words in ((), ("cycle",), ("cycle", "comment"), ("roster",), ("profile",), ("outbox",)):
            with self.subTest(words):
                code, out, err = self.world.run(*words)
                self.assertEqual((code, out), (2, ""))
                self.assertIn("commands:", err)

    # Goal: three slips of tired people get a code, the nearest right word, exit 2, and change
    # nothing. Method: a misspelt verb, a misspelt option, a misspelt word; each with --json too.
    def test_slips(self):
        slips = (("aply",), ("apply", "--nmae", "x"),
                 ("apply", "--name", "x", "--category", "ngos", "--country", "XA"),
                 ("apply", "--name", "x", "--category", "ngo"),
                 ("apply", "--name", "x", "--category", "ngo", "--country", "XA", "--persons", "1000"),
                 ("withdraw", "01A400516A804DE72480ACE4B6E9A0C5", "--yes"),
                 ("comment", "--for", ORG, "--title", "t", "--language", "en", "none.txt"),
                 ("cycle", "conclude-session", "wg6", "--at", "26 May 2027"))
        before = self.world.good("outbox", "list", profile="office")
        for slip in slips:
            with self.subTest(slip):
                code, out, err = self.world.run(*slip, profile=self.role(slip))
                self.assertEqual((code, out), (2, ""))
                self.assertRegex(err, r"^error\[[a-z-]+\]: ")
                self.assertIn("hint: ", err)
                code, out, _ = self.world.run(*slip, "--json", profile=self.role(slip))
                error = json.loads(out.splitlines()[-1])
                self.assertEqual((code, error["type"], error["v"], error["exit"]),
                                 (2, "error", "1", 2))
                self.assertIn(f"error[{error['code']}]: ", err)
        self.assertEqual(self.world.good("outbox", "list", profile="office"), before)

    # Goal: what is soon mistaken is said in words that help. Method: the wrong profile, a file that is
    # no outbox, keys that are there, a line that is down.
    def test_what_is_soon_mistaken(self):
        for words, profile, wanted, text in (
                (("apply", "--name", "A", "--category", "ngo", "--country", "XA", "--dry-run"),
                 "party", 0, "profile party is of role party, and apply is said by role office"),
                (("object", "--target", ORG, "--dry-run"), "office", 0, "said by role party"),
                (("outbox", "import", "policy.zpl"), "office", 1, "error[no-outbox]"),
                (("keygen", "office", "--role", "office", "--folder", "."), None, 1,
                 "hint: take another name"),
                (("list",), "office", 5, "dais config show --origin")):
            code, _, err = self.world.run(*words, profile=profile)
            self.assertEqual(code, wanted, (words, err))
            self.assertIn(text, err)
        code, _, err = self.world.run("object", "--target", ORG, "--dry-run", profile="party")
        self.assertNotIn("warning", err)

    # Goal: a dry run shows all and queues nothing. Method: with and without.
    def test_dry_run(self):
        call = ("apply", "--name", "Dry Dock", "--category", "ngo", "--country", "XA")
        before = len(self.world.good("outbox", "list", profile="office"))
        shown = self.world.good(*call, "--dry-run", profile="office")[0]
        self.assertEqual(shown["type"], "would-queue")
        self.assertEqual(shown["subject"]["applicant"], "Dry Dock")
        self.assertEqual(len(self.world.good("outbox", "list", profile="office")), before)
        queued = self.world.good(*call, profile="office")[0]
        self.assertEqual(queued["type"], "queued")
        rows = self.world.good("outbox", "list", profile="office")
        self.assertEqual(len(rows), before + 1)
        self.assertIn(queued["id"], [row["id"] for row in rows])

    # Goal: what cannot be undone shows target, cycle and consequence and takes a yes. Method: without
    # a terminal and without --yes it exits with 2, says which flag, and queues nothing; on a terminal
    # anything but the word yes is a no; with yes, and with --yes, it is queued.
    def test_final_verbs_ask(self):
        before = len(self.world.good("outbox", "list", profile="secretariat"))
        code, out, err = self.world.run("cycle", "merge", ORG, OTHER, profile="secretariat")
        self.assertEqual((code, out), (2, ""))
        self.assertIn("error[needs-yes]", err)
        for each in (ORG, OTHER, "in cycle dialogue-2027", "becomes a duplicate of the first"):
            self.assertIn(each, err)
        self.assertEqual(len(self.world.good("outbox", "list", profile="secretariat")), before)
        for answer, wanted, more in (("y", 2, 0), ("yes", 0, 1)):
            code, shown = self.on_terminal(answer, "cycle", "merge", ORG, OTHER)
            self.assertEqual(code, wanted, shown)
            self.assertIn("Go on? [yes/no]", shown)
            self.assertEqual(len(self.world.good("outbox", "list", profile="secretariat")),
                             before + more)
        done = self.world.good("cycle", "merge", ORG, OTHER, "--yes", profile="secretariat")[0]
        self.assertIn("becomes a duplicate", done["consequence"])

    def on_terminal(self, answer, *words):
        """Exit code, and all that a person sees who answers so."""
        master, slave = os.openpty()
        names = dict(self.world.environment, DAIS_PROFILE="secretariat")
        with subprocess.Popen([DAIS, *words], env=names, cwd=self.world.folder, stdin=slave,
                              stdout=slave, stderr=slave) as process:
            os.close(slave)
            shown = b""
            while b"[yes/no]" not in shown:
                shown += os.read(master, 4096)
            os.write(master, answer.encode() + b"\n")
            try:
                while more := os.read(master, 4096):
                    shown += more
            except OSError:  # the other end is closed
                pass
            code = process.wait(timeout=60)
        os.close(master)
        return code, shown.decode()

    # Goal: an unknown profile is an error and never a default. Method: none named, an unknown one.
    def test_profiles(self):
        code, _, err = self.world.run("outbox", "list")
        self.assertEqual(code, 7)
        self.assertIn("error[no-profile]", err)
        code, _, err = self.world.run("outbox", "list", profile="ofice")
        self.assertEqual(code, 7)
        self.assertIn("error[unknown-profile]", err)

    # Goal: words are counted, files attached. Method: a comment with an attachment, then show.
    def test_comment(self):
        self.world.write("a.csv", "x,y\n")
        queued = self.world.good("comment", "--for", ORG, "--title", "T", "--language", "en",
                                 "text.txt", "--attach", "a.csv", profile="office")[0]
        self.assertEqual(queued["subject"]["words"], 11)
        shown = self.world.good("show", queued["id"], profile="office")[0]
        self.assertEqual(shown["content"]["text"],
                         "1. A first paragraph of ten words, more or less so.\n")
        self.assertEqual(shown["content"]["attachments"][0]["name"], "a.csv")
        self.assertTrue(shown["content"]["attachments"][0]["inside"])

    # Goal: targets are read from a file, bad lines named. Method: the file of two, then a bad one.
    def test_targets(self):
        queued = self.world.good("object", "--targets", "targets.txt", profile="party")[0]
        self.assertEqual([each["organisation"] for each in queued["subject"]["targets"]],
                         [ORG, OTHER])
        self.world.write("bad.txt", f"{ORG}\nxyz\n")
        code, _, err = self.world.run("object", "--targets", "bad.txt", profile="party")
        self.assertEqual(code, 2)
        self.assertIn("bad.txt:2: ", err)

    # Goal: the dry run of a decision prints majority, base and outcome. Method: votes around two
    # thirds and a half.
    def test_decisions(self):
        for yes, no, under, outcome in ((61, 20, "simple", "carried"), (20, 20, "simple", "not-carried"),
                                        (40, 20, "two-thirds", "carried"),
                                        (39, 20, "two-thirds", "not-carried")):
            with self.subTest((yes, no, under)):
                shown = self.world.good("decide", "admit", "--target", ORG, "--in-favour", yes,
                                        "--against", no, "--abstaining", 5, "--body", "Conference",
                                        "--session", "13", "--under", under, "--dry-run",
                                        profile="conference")[0]
                self.assertEqual((shown["majority"], shown["base"], shown["outcome"]),
                                 (under, yes + no, outcome))
                self.assertEqual(shown["subject"]["result"], outcome)
        code, _, err = self.world.run("decide", "admit", "--target", ORG, "--in-favour", 1,
                                      "--against", 2, "--body", "C", "--session", "13", "--under",
                                      "simple", "--result", "carried", profile="conference")
        self.assertEqual(code, 2)
        self.assertIn("error[vote-mismatch]", err)

    # Goal: text from outside cannot steer a terminal. Method: a title with right-to-left letters is
    # isolated, marks of direction are escaped.
    def test_text_is_isolated(self):
        title = "\u202eabc \u0645\u0631\u062d\u0628\u0627"
        queued = self.world.good("comment", "--for", ORG, "--title", title, "--language", "ar",
                                 "text.txt", profile="office")[0]
        self.assertEqual(queued["subject"]["title"], title)
        _, out, _ = self.world.run("show", queued["id"], profile="office")
        line = next(line for line in out.splitlines() if "title:" in line)
        self.assertIn("\u2068\\u{202e}abc \u0645\u0631\u062d\u0628\u0627\u2069", line)

    # Goal: many rows are imported whole or not at all. Method: a good file, one with a bad row, one
    # with a repeated name under each sort of dry run, JSON Lines.
    def test_import(self):
        def count():
            return len(self.world.good("outbox", "list", profile="office"))
        before = count()
        head = "name,category,country,document\r\n"
        self.world.write("bad.csv", head + "A,ngo,XA,\r\nB,club,XA,\r\n\"C \"\"c\"\",ngo,XA,d1\r\n")
        code, out, err = self.world.run("import", "bad.csv", "--json", profile="office")
        rows = [json.loads(line) for line in out.splitlines()]
        self.assertEqual(code, 1)
        self.assertIn("error[rows-at-fault]", err)
        self.assertEqual([row["line"] for row in rows if row.get("status") == "error"], [3, 4])
        self.assertEqual(count(), before)
        self.world.write("twice.csv", head + "A,ngo,XA,\n\"B \"\"b\"\", c\",ngo,XB,d1\nA,ngo,XA,\n")
        for flag, imported in (("--dry-run", 0), ("--dry-run=if-warning", 0),
                               ("--dry-run=if-error", 3)):
            done = self.world.good("import", "twice.csv", flag, profile="office")[-1]
            self.assertEqual((done["imported"], done["warnings"]), (imported, 1), flag)
        self.assertEqual(count(), before + 3)
        self.world.write("two.jsonl", json.dumps({"name": "D", "category": "ngo", "country": "XA",
                                                  "document": ["d1", "d2"], "persons": 2}) + "\n")
        done = self.world.good("import", "two.jsonl", profile="office")[-1]
        self.assertEqual(done["imported"], 1)
        self.world.write("odd.csv", "nmae\nx\n")
        code, out, _ = self.world.run("import", "odd.csv", "--json", profile="office")
        self.assertEqual((code, json.loads(out.splitlines()[0])["code"]), (1, "unknown-column"))

    # Goal: an outbox goes to another machine in a file, and nothing of it twice. Method: export,
    # say one more, take the file in here (nothing new) and where the outbox is empty (all of it);
    # a file of another key is refused.
    def test_outbox_files(self):
        self.world.good("apply", "--name", "E", "--category", "ngo", "--country", "XA",
                        profile="office")
        name = f"{self.id()}.outbox"
        done = self.world.good("outbox", "export", name, profile="office")[0]
        self.assertEqual((self.world.folder / name).stat().st_mode & 0o777, 0o600)
        self.assertEqual(self.world.run("outbox", "export", name, profile="office")[0], 1)
        merged = self.world.good("outbox", "import", name, profile="office")[0]
        self.assertEqual((merged["added"], merged["known"]), (0, done["messages"]))
        elsewhere = {"XDG_DATA_HOME": str(self.world.folder / "elsewhere")}
        merged = self.world.good("outbox", "import", name, profile="office", **elsewhere)[0]
        self.assertEqual((merged["added"], merged["known"]), (done["messages"], 0))
        rows = self.world.good("outbox", "list", profile="office", **elsewhere)
        self.assertEqual([row["id"] for row in rows],
                         [row["id"] for row in self.world.good("outbox", "list", profile="office")])
        code, _, err = self.world.run("outbox", "import", name, profile="party")
        self.assertEqual(code, 6)
        self.assertIn("error[wrong-purpose]", err)
        backup = self.world.good("outbox", "backup", ".", profile="office")[0]
        self.assertTrue((self.world.folder / backup["file"]).exists())

    # Goal: whatever changes something can be tried first. Method: dry runs of what makes keys,
    # profiles and files: each says what it would do, and leaves the folder as it was.
    def test_dry_runs(self):
        def all_files():
            return {str(path): path.stat().st_size for path in self.world.folder.rglob("*")
                    if path.is_file() and path.name != "lock.mdb"}
        said = self.world.good("apply", "--name", "A", "--category", "ngo", "--country", "XA",
                               profile="office")[0]
        self.world.good("outbox", "export", "dry.outbox", profile="office")
        self.world.good("roster", "add", "--identity", "office.identity", "--holder", "A",
                        profile="secretariat")
        before = all_files()
        rows = self.world.good("outbox", "list", profile="office")
        elsewhere = {"XDG_DATA_HOME": str(self.world.folder / "dry")}
        self.world.good("outbox", "list", profile="office", **elsewhere)
        for words, kind, how in (
                (("keygen", "dry", "--role", "office", "--folder", "."), "would-make-keys", {}),
                (("keygen", "dry", "--role", "office"), "would-make-keys", {}),
                (("profile", "add", "dry", "--secret", "office.secret", "--identity",
                  "office.identity", "--genesis", "genesis", "--log", office_world.LOG), "would-add",
                 {}),
                (("outbox", "export", "dry.new"), "would-export", {"profile": "office"}),
                (("outbox", "backup", "."), "would-export", {"profile": "office"}),
                (("outbox", "import", "dry.outbox"), "would-merge",
                 {"profile": "office", **elsewhere}),
                (("send",), "would-send", {"profile": "office"}),
                (("outbox", "remove", said["id"]), "would-remove", {"profile": "office"}),
                (("outbox", "parcel", "-o", "dry.parcel"), "would-parcel",
                 {"profile": "secretariat"})):
            done = self.world.good(*words, "--dry-run", **how)[0]
            self.assertEqual(done["type"], kind, words)
        after = {path: size for path, size in all_files().items() if "/dry/" not in path}
        self.assertEqual(after, before)
        self.assertEqual(self.world.good("outbox", "list", profile="office"), rows)
        self.assertEqual(self.world.good("outbox", "list", profile="office", **elsewhere), [])
        for words in (("keygen", "office", "--role", "office", "--folder", "."),
                      ("outbox", "retry", said["id"]), ("outbox", "export", "dry.outbox")):
            self.assertNotEqual(self.world.run(*words, "--dry-run", profile="office")[0], 0, words)

    # Goal: what has not gone out is taken back whole or not at all, by who means it. Method: two
    # applications; one of them beside an id that is none, without --yes, with it; again.
    def test_remove(self):
        kept, gone = (self.world.good("apply", "--name", name, "--category", "ngo", "--country", "XA",
                                      profile="office")[0]["id"] for name in ("Kept", "Gone"))
        for words, error in (((gone, "0" * 32, "--yes"), "unknown-message"), ((gone,), "needs-yes"),
                             (("nonsense", "--yes"), "bad-value"),
                             ((gone, gone, "--yes"), "bad-value")):
            code, _, err = self.world.run("outbox", "remove", *words, profile="office")
            self.assertEqual(code, 2, err)
            self.assertIn(f"error[{error}]", err)
            self.assertIn("hint: ", err)
        waiting = self.world.good("send", "--dry-run", profile="office")[0]["new"]
        before = {row["id"] for row in self.world.good("outbox", "list", profile="office")}
        self.assertLessEqual({kept, gone}, before)
        done = self.world.good("outbox", "remove", gone, "--yes", profile="office")[0]
        self.assertEqual((done["type"], done["messages"]), ("removed", 1))
        after = {row["id"] for row in self.world.good("outbox", "list", profile="office")}
        self.assertEqual(before - after, {gone})
        self.assertEqual(self.world.good("send", "--dry-run", profile="office")[0]["new"],
                         waiting - 1)
        self.assertEqual(self.world.run("outbox", "remove", gone, "--yes", profile="office")[0], 2)

    # Goal: what cannot be written is not signed, so that nothing is lost on its way to the registry's
    # host. Method: a parcel into no folder, and over another file; then into a good one.
    def test_parcel_is_kept(self):
        self.world.good("roster", "add", "--identity", "office.identity", "--holder", "A",
                        profile="secretariat")
        self.world.write("taken.parcel", "something else")
        for path, error in (("absent/x.parcel", "not-found"), ("taken.parcel", "exists")):
            code, _, err = self.world.run("outbox", "parcel", "-o", path, profile="secretariat")
            self.assertNotEqual(code, 0)
            self.assertIn(f"error[{error}]", err)
        self.assertEqual(self.world.good("outbox", "parcel", "-o", "kept.parcel",
                                         profile="secretariat")[0]["type"], "parcel")
        self.assertTrue((self.world.folder / "kept.parcel").exists())

    # Goal: hostile sizes are refused and overrun nothing. Method: an import whose name is long and
    # given many times; more options than one call takes.
    def test_overruns(self):
        self.world.write("long.jsonl", '{"' + "k" * 300000 + '": [' + ", ".join(['"a"'] * 128) + "]}\n")
        code, out, err = self.world.run("import", "long.jsonl", "--dry-run", profile="office")
        self.assertEqual(code, 1, err)
        self.assertIn("a name is too long", out)
        names = [word for i in range(123) for word in ("--intake", f"i{i}")]
        code, _, err = self.world.run("profile", "add", "many", "--secret", "office.secret",
                                      "--identity", "office.identity", "--genesis", "genesis", "--log",
                                      office_world.LOG, "--broker-key", "x" * 40, *names)
        self.assertEqual(code, 2, err)
        self.assertIn("error[bad-value]", err)
        names = [word for i in range(15) for word in ("--intake", f"{i:064}")]
        code, _, err = self.world.run("profile", "add", "many", "--secret", "office.secret",
                                      "--identity", "office.identity", "--genesis", "genesis", "--log",
                                      office_world.LOG, *names)
        self.assertEqual(code, 2, err)
        self.assertIn("too long together", err)

    # Goal: what is checked is the profile that is added. Method: a bad one, while another is named.
    def test_add_checks_its_own(self):
        words = ("profile", "add", "bad", "--secret", "office.secret", "--identity",
                 "office.identity", "--genesis", "genesis", "--log", "nonsense")
        self.assertNotEqual(self.world.run(*words)[0], 0)
        self.assertNotEqual(self.world.run("-p", "office", *words)[0], 0)
        self.assertNotIn("bad", [row["profile"] for row in self.world.good("profile", "list")])

    # Goal: the manual page in the tree is that of the program. Method: print it again; only the date
    # may differ. To renew it: dais --man-page, with the date in the place of $Mdocdate$.
    def test_manual_page(self):
        page = (office_world.SOURCE / "man" / "dais.1").read_text().splitlines()
        printed = self.world.run("--man-page")[1].splitlines()
        self.assertTrue(page[1].startswith(".Dd "), page[1])
        self.assertEqual(printed[:1] + page[1:2] + printed[2:], page)

    # Goal: no code is printed that dais help does not know. Method: every code that the sources give
    # to dais_say_error() as text.
    def test_own_codes_are_explained(self):
        known = {row["code"] for row in self.world.good("help")}
        for path in sorted((office_world.SOURCE / "office").glob("*.c")):
            for code in re.findall(r'DAIS_EXIT_\w+,\s*"([a-z][a-z-]+)"', path.read_text()):
                self.assertIn(code, known, path.name)

    # Goal: codes are explained. Method: a verdict, an error, an unknown one, all of them.
    def test_help_code(self):
        self.assertIn("deadline", self.world.run("help", "late")[1])
        self.assertIn("refusal", self.world.run("help", "bad-signature")[1])
        code, _, err = self.world.run("help", "lat")
        self.assertEqual(code, 1)
        self.assertIn("did you mean late?", err)
        self.assertGreater(len(self.world.good("help")), 120)

    # Goal: --json of every listing opens with type and v; --plain is parted by tabs. Method: the
    # outbox in both.
    def test_forms(self):
        self.world.good("apply", "--name", "F", "--category", "ngo", "--country", "XA",
                        profile="office")
        for row in self.world.good("outbox", "list", profile="office"):
            self.assertEqual((row["type"], row["v"]), ("message-row", "1"))
        _, out, _ = self.world.run("outbox", "list", "--plain", profile="office")
        self.assertEqual({len(line.split("\t")) for line in out.splitlines()}, {6})


class Keys(unittest.TestCase):
    def setUp(self):
        self.world = office_world.World(DAIS)
        self.addCleanup(self.world.close)

    # Goal: a secret is readable by its owner alone and never overwritten. Method: make it twice;
    # open it to others, and every verb refuses it.
    def test_keygen(self):
        self.world.keys("one", "office")
        secret = self.world.folder / "one.secret"
        self.assertEqual(secret.stat().st_mode & 0o777, 0o600)
        before = secret.read_bytes()
        code, _, err = self.world.run("keygen", "one", "--role", "office", "--folder", ".")
        self.assertEqual(code, 1)
        self.assertIn("error[exists]", err)
        self.assertEqual(secret.read_bytes(), before)
        code, _, _ = self.world.run("keygen", "two", "--role", "office", "--state", "XA")
        self.assertEqual(code, 2)

    # Goal: check finds what is wrong before anything is sent. Method: a secret open to others, an
    # identity of another device, a cut genesis.
    def test_config_check(self):
        self.world.profiles()
        self.assertTrue(self.world.good("config", "check", profile="office")[0]["good"])
        (self.world.folder / "office.secret").chmod(0o644)
        code, _, err = self.world.run("config", "check", profile="office")
        self.assertEqual(code, 7)
        self.assertIn("error[exposed]", err)
        (self.world.folder / "office.secret").chmod(0o600)
        genesis = (self.world.folder / "genesis").read_bytes()
        self.world.write("genesis", genesis[:-1])
        self.assertEqual(self.world.run("config", "check", profile="office")[0], 7)
        self.world.write("genesis", genesis)
        self.world.write("office.identity", (self.world.folder / "party.identity").read_bytes())
        code, _, err = self.world.run("config", "check", profile="office")
        self.assertEqual(code, 7)
        self.assertIn("error[bad-key]", err)

    # Goal: a policy at fault makes no genesis. Method: a wrong word in it.
    def test_draft(self):
        self.world.draft("--dry-run")
        self.assertFalse((self.world.folder / "genesis").exists())
        text = (self.world.folder / "policy.zpl").read_text()
        self.world.write("policy.zpl", text.replace("value = \"block\"", "value = \"blok\""))
        code, _, err = self.world.run(
            "cycle", "draft", "--policy", "policy.zpl", "--keys", "cycle.keys", "--secret",
            "sec.secret", "--identity", "sec.identity", "--holder", "A", "-o", "genesis")
        self.assertEqual(code, 7)
        self.assertIn("did you mean block?", err)
        self.assertFalse((self.world.folder / "genesis").exists())

    # Goal: secret and identity taken for one another, or for genesis: it is said which file is which.
    # Method: each in the place of another, for a draft, a profile and the roster.
    def test_files_mixed_up(self):
        self.world.profiles()
        draft = ("cycle", "draft", "--policy", "policy.zpl", "--holder", "A", "-o", "new")
        add = ("profile", "add", "new", "--log", LOG)
        for words, profile, wanted in (
                ((*draft, "--keys", "cycle.keys", "--secret", "sec.identity", "--identity",
                  "sec.identity"), None, "--secret sec.identity: this is a public identity"),
                ((*draft, "--keys", "cycle.keys", "--secret", "sec.secret", "--identity",
                  "sec.secret"), None, "--identity sec.secret: this is a secret"),
                ((*draft, "--keys", "sec.identity", "--secret", "sec.secret", "--identity",
                  "sec.identity"), None, "what is wanted here is what dais-registry cycle prepare"),
                ((*add, "--secret", "office.identity", "--identity", "office.identity", "--genesis",
                  "genesis"), None, "this is a public identity (NAME.identity), and what is wanted"),
                ((*add, "--secret", "office.secret", "--identity", "office.secret", "--genesis",
                  "genesis"), None, "this is a secret (NAME.secret), and what is wanted"),
                ((*add, "--secret", "office.secret", "--identity", "office.identity", "--genesis",
                  "office.identity"), None, "what is wanted here is a genesis"),
                (("roster", "add", "--identity", "office.secret", "--holder", "A"), "secretariat",
                 "this is a secret (NAME.secret), and what is wanted")):
            code, _, err = self.world.run(*words, profile=profile)
            self.assertIn(code, (2, 7), words)
            self.assertIn("error[wrong-domain]", err)
            self.assertIn(wanted, err)
        self.assertFalse((self.world.folder / "new").exists())
        self.assertEqual(self.world.run("config", "check", profile="new")[0], 7)

    # Goal: a profile is replaced on demand alone, and the one before it is kept; a replacement at fault,
    # and a dry run, change nothing. Method: each of them, and what config show finds then.
    def test_profile_replace(self):
        self.world.profiles()
        path = self.world.folder / ".config" / "dais" / "profiles" / "office.zpl"
        before = path.read_bytes()
        add = ("profile", "add", "office", "--secret", "office.secret", "--identity",
               "office.identity", "--genesis", "genesis", "--log", LOG)
        code, _, err = self.world.run(*add)
        self.assertEqual(code, 1)
        self.assertIn("error[exists]", err)
        self.assertIn("hint: --replace", err)
        self.assertNotEqual(self.world.run(*add[:4], "office.secret", "--identity",
                                           "party.identity", *add[7:], "--replace")[0], 0)
        self.assertEqual(path.read_bytes(), before)
        self.world.good(*add, "--replace", "--dry-run")
        self.assertEqual(path.read_bytes(), before)
        self.assertFalse(path.with_name("office.zpl.before").exists())
        self.world.good(*add, "--replace")
        self.assertNotEqual(path.read_bytes(), before)
        self.assertEqual(path.with_name("office.zpl.before").read_bytes(), before)
        self.assertEqual([row["profile"] for row in self.world.good("profile", "list")].count("office"),
                         1)

    # Goal: a profile of a rehearsal that has no clock says that it takes the time of this machine; of
    # one with a clock, and of a real cycle, nothing is said. Method: all three.
    def test_profile_clock(self):
        self.world.keys("sec", "secretariat")
        self.world.cycle_keys("rehearsal/" + office_world.ORIGIN)
        self.world.write("policy.zpl", office_world.POLICY.read_bytes())
        self.world.good("cycle", "draft", "--policy", "policy.zpl", "--keys", "cycle.keys", "--secret",
                        "sec.secret", "--identity", "sec.identity", "--holder", "A", "-o", "genesis")
        self.world.write("clock", "2031-03-01T09:00:00Z\n")
        add = ("--secret", "sec.secret", "--identity", "sec.identity", "--genesis", "genesis", "--log",
               LOG)
        _, _, err = self.world.run("profile", "add", "bare", *add)
        self.assertIn("takes the time of this machine", err)
        _, _, err = self.world.run("profile", "add", "timed", *add, "--clock", "clock")
        self.assertNotIn("time of this machine", err)
        call = ("cycle", "call", "--title", "T", "--meeting", "M", "--session", "wg6:Group", "--values",
                office_world.SAMPLE, "--date", "session-starts=2031-09-01T10:00:00Z", "--dry-run")
        for profile in ("bare", "timed"):  # by each clock that date is to come
            code, _, err = self.world.run(*call, profile=profile)
            self.assertEqual(code, 0, err)
            self.assertNotIn("date-past", err)
        code, _, err = self.world.run(*(str(word).replace("2031", "2030") for word in call), profile="timed")
        self.assertEqual(code, 0, err)
        self.assertIn("warning[date-past]: session-starts=", err)
        self.assertIn("by the clock of the rehearsal", err)
        self.assertIn("2031-03-01T09:00", err)

    # Goal: what a call lacks is named: dates, the file of values. A date that has gone by is warned of.
    # The sample of packaging/ gives all that the policy leaves open. Method: each in turn.
    def test_call(self):
        self.world.profiles()
        call = ("cycle", "call", "--title", "T", "--meeting", "M", "--session", "wg6:Group", "--dry-run")
        code, _, err = self.world.run(*call, profile="secretariat")
        self.assertEqual(code, 2)
        self.assertIn("error[missing-key]: date is missing: --date WHICH=TIME", err)
        code, _, err = self.world.run(*call, "--values", "none.zpl", profile="secretariat")
        self.assertEqual(code, 2)
        self.assertIn("error[not-found]: values none.zpl: there is no such file", err)
        self.assertIn("packaging/untoc-call-values.zpl", err)
        code, _, err = self.world.run(*call, "--date", "session-starts=2020-05-27T10:00",
                                      profile="secretariat")
        self.assertEqual(code, 0, err)
        self.assertIn("warning[date-past]: session-starts=", err)
        done = self.world.good(*call, "--values", office_world.SAMPLE, "--date",
                               "session-starts=2097-05-27T10:00", profile="secretariat")[0]
        unset = re.findall(r"^([a-z-]+)\n(?:    (?!confirmed).*\n)*    confirmed = unset",
                           office_world.POLICY.read_text(), re.M)
        self.assertGreater(len(unset), 10)
        self.assertEqual(sorted(each["key"] for each in done["subject"]["values"]), sorted(unset))

    # Goal: what the key that signed genesis says goes by parcel, and the hint says so; no date of 1970
    # is shown. Method: it enters a key in the roster; another key says something.
    def test_roster_add(self):
        self.world.profiles()
        code, out, err = self.world.run("roster", "add", "--identity", "office.identity", "--holder",
                                        "A", profile="secretariat")
        self.assertEqual(code, 0, err)
        self.assertIn("dais outbox parcel -o FILE, then dais-registry cycle admit dialogue-2027", err)
        self.assertNotIn("dais send", err)
        self.assertNotIn("1970", out)
        code, _, err = self.world.run("apply", "--name", "A", "--category", "ngo", "--country", "XA",
                                      profile="office")
        self.assertIn("dais send delivers it", err)

    # Goal: who drafts with a policy that leaves keys open is told that the call has to give them.
    # Method: a policy of the project that does.
    def test_draft_unset(self):
        self.world.draft("--dry-run")
        policies = Path(__file__).resolve().parents[2] / "policies"
        code, _, err = self.world.run(
            "cycle", "draft", "--policy", policies / "untoc-constructive-dialogue.zpl", "--keys",
            "cycle.keys", "--secret", "sec.secret", "--identity", "sec.identity", "--holder", "A",
            "-o", "genesis")
        self.assertEqual(code, 0, err)
        self.assertIn("dais cycle call --values has to give each of them", err)


if __name__ == "__main__":
    unittest.main()
