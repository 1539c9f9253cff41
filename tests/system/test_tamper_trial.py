#!/usr/bin/env -S python3 -B
# SPDX-License-Identifier: Apache-2.0
"""A cycle that was really played, and copies of it with which somebody has tampered: registry,
intake, publisher or whoever serves the files, with their keys where they have them. Each is caught
by a check that is named here; what nobody has touched passes all of them.

Called as: test_tamper_trial.py PLAYED AUDIT PUBLISHER STORE_EDIT, PLAYED as played_cycle.py left
it."""
import base64
import json
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

try:
    from tampering import BUNDLE, ENTRY, STAMP, Log
except ImportError as missing:
    print(f"skipped: needs {missing.name}")
    sys.exit(77)
from office_peer import Device, leaf_hash, pack, sha, split, tree_path, unpack

PLAYED, AUDIT, PUBLISHER, EDIT = (Path(sys.argv.pop(1)).resolve() for _ in range(4))
CYCLE = "untoc-2022-05-27"
ROWS = Path(__file__).resolve().parents[2] / "registry" / "rules" / "rows.def"
TABLES = [line.split("(")[1].split(",")[0] for line in ROWS.read_text().splitlines()
          if line.startswith("TABLE(")]
TOPIC, APPLICATION, OBJECTION, COMMENT, TICK = 8, 10, 20, 34, 130
NOT_COMPETENT = 22
DAY_MS = 86400000


def run(program, *arguments):
    done = subprocess.run([program, *map(str, arguments)], capture_output=True, text=True,
                          check=False, timeout=120)
    return done.returncode, done.stdout, done.stderr


class Copy:
    """A copy of the played cycle, to be tampered with; what is not touched is not copied."""

    def __init__(self, folder):
        self.folder, self.key = folder, PLAYED / "log.key"
        self.whole, self.public = folder / "whole.export", PLAYED / "public.export"
        folder.mkdir()
        shutil.copy(PLAYED / "whole.export", self.whole)

    def _copied(self, name):
        if not (self.folder / name).exists():
            shutil.copytree(PLAYED / name, self.folder / name)
        return self.folder / name / CYCLE

    @property
    def site(self):
        return self._copied("site")

    @property
    def registry(self):
        return self._copied("registry")

    def log(self):
        return Log(self.whole)

    def keep(self, log, sign=True):
        """The registry's key signs what was made of its log."""
        if sign:
            log.sign(PLAYED / "registry" / CYCLE / "log.secret")
        log.write(self.whole)

    def audit(self, verb, *arguments):
        code, out, err = run(AUDIT, verb, "--json", "--key", self.key, *arguments)
        if not out:
            raise AssertionError(f"{verb}: exit {code}, {err}")
        return code, json.loads(out)

    def verify(self):
        return self.audit("verify", self.whole)

    def verify_site(self):
        return self.audit("verify", self.site)

    def receipts(self):
        return self.audit("receipts", "--log", self.whole, PLAYED / "receipts")

    def outcomes(self, log=None):
        return self.audit("outcomes", log or self.whole, self.site)

    def db(self):
        return self.audit("db", "--log", self.public, self.registry)

    def edit(self, *what):
        code, out, err = run(EDIT, self.registry / "store", *what)
        if code != 0:
            raise AssertionError(err)
        return [line.split() for line in out.splitlines()]

    def replace(self, path, old, new):
        content = (self.site / path).read_bytes()
        if old.encode() not in content:
            raise AssertionError(f"{path}: no {old}")
        (self.site / path).write_bytes(content.replace(old.encode(), new.encode(), 1))


# What is done, one function each. It gets a copy and returns what came of looking at it.

def fork(copy):
    """The registry signs a second history; receipts of the first are out."""
    log = copy.log()
    record = log.record(150)
    record[2] += 1
    log.put_record(150, record)
    copy.keep(log)
    return copy.receipts()


def fork_site(copy):
    """The same, held against what is published."""
    fork(copy)
    return copy.outcomes()


def fork_receipt(copy):
    """The registry signs a second history, and the site shows a receipt of that."""
    log = copy.log()
    seq = log.find(COMMENT)[0]
    record = log.record(seq + 20)
    record[2] += 1
    log.put_record(seq + 20, record)
    log.sign(PLAYED / "registry" / CYCLE / "log.secret")
    leaves = [leaf_hash(log.frames[at][1]) for at in log.places(ENTRY)]
    path = copy.site / "receipts" / f"{seq}.txt"
    lines = path.read_text().split("\n")
    hashes = tree_path(seq, leaves)
    proof = [base64.b64encode(hashes[at:at + 32]).decode() for at in range(0, len(hashes), 32)]
    path.write_text("\n".join([*lines[:3], *proof, "", log.frames[-1][1]]))
    return copy.outcomes()


def drop(copy):
    """The registry leaves out the objection, numbers the rest anew and signs."""
    log = copy.log()
    at, bundle = log.entry(log.find(OBJECTION)[0]), log.envelope(log.find(OBJECTION)[0])[0]
    del log.frames[at], log.frames[bundle]
    log.number()
    copy.keep(log)
    return copy.verify()


def drop_unsigned(copy):
    """Whoever hands the file on takes an entry out of it."""
    log = copy.log()
    del log.frames[log.entry(170)]
    log.number()
    copy.keep(log, sign=False)
    return copy.verify()


def reorder(copy):
    """The registry puts the objection behind the tick that closes the window, and signs."""
    log = copy.log()
    seq = log.find(OBJECTION)[0]
    bundle, stamp = log.envelope(seq)
    moved = [log.frames[stamp], log.frames[bundle], log.frames[log.entry(seq)]]
    late = next(tick for tick in log.find(TICK, own=True)
                if tick > seq and log.message(tick)[3][1] > log.record(seq)[3])
    behind = log.frames[log.entry(late)]
    log.frames = [frame for frame in log.frames if all(frame is not each for each in moved[1:])]
    at = next(i for i, frame in enumerate(log.frames) if frame is behind) + 1
    # Another entry of the same bundle, if it follows there, would stand under the wrong one.
    while log.frames[at][0] == ENTRY:
        at += 1
    log.frames[at:at] = moved
    log.number()
    copy.keep(log)
    return copy.verify()


def edit_leaf(copy):
    """The registry changes a leaf's commitment and signs the tree over it."""
    log = copy.log()
    frame = log.frames[log.entry(97)]
    leaf = unpack(frame[1])
    frame[1] = pack([leaf[0], leaf[1], sha(leaf[2])])
    copy.keep(log)
    return copy.verify()


def edit_leaf_site(copy):
    """Somebody changes a leaf in a published entry bundle."""
    path = copy.site / "log/tile/entries/000.p/238"
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    return copy.outcomes()


def edit_leaf_store(copy):
    """Somebody changes a leaf in the registry's store."""
    key, value = copy.edit("list", "leaves")[97]
    copy.edit("put", "leaves", key, "00" * 32 + value[64:])
    return copy.db()


def edit_record(copy):
    """The registry gives the chair's refused decision another verdict, and signs."""
    log = copy.log()
    refused = next(seq for seq in range(1, 238) if log.record(seq)[4] not in ([1], [[1]]))
    record = log.record(refused)
    record[4] = [1] if not isinstance(record[4][0], list) else [[1]]
    log.put_record(refused, record)
    copy.keep(log)
    return copy.verify()


def edit_record_unsigned(copy):
    """Somebody changes a byte of a record in the file."""
    log = copy.log()
    frame = log.frames[log.entry(120)]
    frame[3] = frame[3][:-3] + bytes([frame[3][-3] ^ 1]) + frame[3][-2:]
    copy.keep(log, sign=False)
    return copy.verify()


def edit_record_store(copy):
    """Somebody changes a message in the registry's store."""
    said = b"dais/message/1\n".hex()
    key, value = next(row for row in copy.edit("list", "rows") if said in row[1])
    at = value.index(said) + 2 * 80
    copy.edit("put", "rows", key, value[:at] + f"{int(value[at:at + 2], 16) ^ 1:02x}" + value[at + 2:])
    return copy.db()


def edit_state(copy):
    """Somebody changes the state of an application in the registry's store."""
    tag = f"{TABLES.index('ORGANISATION'):02x}"
    key, value = next(row for row in copy.edit("list", "state") if row[0].startswith(tag))
    copy.edit("put", "state", key, value[:32] + "ffff" + value[36:])
    return copy.db()


def stale_backup(copy):
    """The operator puts an old backup in the place of the store."""
    shutil.rmtree(copy.registry / "store")
    shutil.copytree(PLAYED / "stale" / "store", copy.registry / "store")
    return copy.db()


def stale_backup_guard(copy):
    """The same, and the fork guard is that of the old store."""
    stale_backup(copy)
    (copy.registry / "guard").unlink()
    return copy.db()


def swap_outcome(copy):
    """The publisher's page calls somebody blocked who was admitted."""
    copy.replace("participants.html", "<td><bdi>admitted</bdi></td>", "<td><bdi>blocked</bdi></td>")
    return copy.outcomes()


def swap_names(copy):
    """The page of participants names one organisation in the place of another."""
    copy.replace("participants.html", "Harbour Foundation", "Harbour Watch")
    return copy.outcomes()


def change_cell(copy):
    """A cell of a published table is changed."""
    copy.replace("data/participants.csv", '"admitted","96"', '"refused","96"')
    return copy.outcomes()


def change_number(copy):
    """A number of the tally is changed, in the table that programs read."""
    content = json.loads((copy.site / "data/tallies.json").read_text())
    content["rows"][5]["number"] = str(int(content["rows"][5]["number"]) + 1)
    (copy.site / "data/tallies.json").write_text(json.dumps(content))
    return copy.outcomes()


def change_comment(copy):
    """The page of a comment says something else than its author did."""
    path = sorted((copy.site / "comments").iterdir())[0]
    content = path.read_text(encoding="utf-8")
    at = content.index(">", content.index('class="text"')) + 1
    path.write_text(content[:at] + "Not " + content[at:], encoding="utf-8")
    return copy.outcomes()


def change_comment_log(copy):
    """The comment is changed in the log that is handed on."""
    log = copy.log()
    frame = log.frames[log.entry(log.find(COMMENT)[0])]
    frame[5] = frame[5][:-4] + b"NOT!"
    copy.keep(log, sign=False)
    return copy.verify()


def withhold_comment(copy, look):
    """The publisher makes its whole site without a comment that is open to the public."""
    public = Log(copy.public)
    public.close(Log(copy.whole).find(COMMENT)[2])
    public.write(copy.folder / "less.export")
    code, _, err = run(PUBLISHER, "render", "--key", copy.key, "--site", copy.folder / "site",
                       copy.folder / "less.export")
    if code != 0:
        raise AssertionError(err)
    return look(copy)


def withhold_comment_whole(copy):
    return withhold_comment(copy, Copy.outcomes)


def withhold_comment_public(copy):
    return withhold_comment(copy, Copy.verify_site)


def leak(copy):
    """The publisher shows the application of the organisation that was objected to."""
    whole, public = copy.log(), Log(copy.public)
    seq = next(each for each in whole.find(APPLICATION)
               if not public.frames[public.entry(each)][3])
    at = public.entry(seq)
    # It stands under its own stamp and bundle; what comes behind it, under those of before again.
    above = max(place for place in public.places(BUNDLE) if place < at)
    before = max(place for place in public.places(STAMP) if place < above)
    bundle, stamp = whole.envelope(seq)
    shown = [*whole.frames[whole.entry(seq)][:6], b""]
    public.frames[at:at + 1] = [whole.frames[stamp], whole.frames[bundle], shown,
                                public.frames[before], public.frames[above]]
    public.write(copy.folder / "more.export")
    code, _, err = run(PUBLISHER, "render", "--key", copy.key, "--site", copy.folder / "site",
                       copy.folder / "more.export")
    if code != 0:
        raise AssertionError(err)
    return copy.outcomes()


def back_date(copy):
    """Intake and registry together make a late message one that came in time."""
    log = copy.log()
    seq = log.find(COMMENT)[3]
    bundle, stamp = log.envelope(seq)
    fields = split(log.frames[stamp][1])[0]
    fields[5] -= 10 * DAY_MS
    log.frames[stamp][1] = Device.load(PLAYED / "keys/intake.secret").signed(fields)
    for other in range(1, 238):
        if log.record(other)[5] and log.envelope(other)[1] == stamp:
            record = log.record(other)
            record[3] = fields[5]
            log.put_record(other, record)
    copy.keep(log)
    return copy.verify()


def back_date_alone(copy):
    """The registry alone says that a message came earlier than its stamp does."""
    log = copy.log()
    seq = log.find(COMMENT)[3]
    record = log.record(seq)
    record[3] -= DAY_MS
    log.put_record(seq, record)
    copy.keep(log)
    return copy.verify()


# (what, the check that catches it, what that says of the place). One table for all.
TRIALS = (
    (fork, "receipt-history", r"^0"),
    (fork_site, "site-log", None),
    (fork_receipt, "site-receipts", r"^receipts/\d+\.txt"),
    (drop, "seen", None),
    (drop_unsigned, "form", None),
    (reorder, "order", None),
    (edit_leaf, "records", None),
    (edit_leaf_site, "site-tiles", r"^log/tile/entries/000\.p/238$"),
    (edit_leaf_store, "store-leaves", None),
    (edit_record, "verdicts", None),
    (edit_record_unsigned, "records", None),
    (edit_record_store, "store-openings", None),
    (edit_state, "store-state", r"^ORGANISATION 1$"),
    (stale_backup, "store-guard", None),
    (stale_backup_guard, "store-signed", None),
    (swap_outcome, "site-pages",
     r'^participants\.html, line \d+, table "Every change of a public fact.*", row \d+, column From'),
    (swap_names, "site-pages",
     r'^participants\.html, line \d+, table "Organisations that take part", row 1, column Organ'),
    (change_cell, "site-data", r"^data/participants\.csv, row 2, column status$"),
    (change_cell, "site-facts", r"^data/participants\.csv, row 2, column status$"),
    (change_number, "site-data", r"^data/tallies\.json, rows 6, number$"),
    (change_comment, "site-comments", r"^comments/c\d+\.html, line \d+"),
    (change_comment_log, "contents", None),
    (withhold_comment_whole, "site-open", None),
    (withhold_comment_public, "opened", None),
    (leak, "site-open", None),
    (back_date, "stamp-chain", None),
    (back_date_alone, "received", None),
)


class Trial(unittest.TestCase):
    def setUp(self):
        place = tempfile.TemporaryDirectory(prefix="dais-tamper-")
        self.addCleanup(place.cleanup)
        self.place = Path(place.name)

    # Goal: a cycle that nobody has tampered with passes everything. Method: the log, the public's
    # part, the site, the receipts, the pages against both logs, and the store.
    def test_original(self):
        copy = Copy(self.place / "copy")
        looks = [copy.verify(), copy.verify_site(), copy.receipts(), copy.outcomes(),
                 copy.outcomes(copy.public), copy.db()]
        self.assertEqual([(code, result["failures"]) for code, result in looks], [(0, [])] * 6)

    # Goal: the publisher shows nothing of a log in which an open verdict is not the one of the rules,
    # though the registry signed it. Method: a topic of the secretariat's that is refused; exit, words,
    # and a folder that stays away. The same log untouched is rendered.
    def test_publisher(self):
        copy = Copy(self.place / "copy")
        site = copy.folder / "new-site"
        self.assertEqual(run(PUBLISHER, "render", "--key", copy.key, "--site", site, copy.public)[0], 0)
        shutil.rmtree(site)
        log = Log(copy.public)
        seq = log.find(TOPIC)[0]
        record = log.record(seq)
        self.assertIn(record[4], ([1], [[1]]))
        record[4] = [NOT_COMPETENT] if record[4] == [1] else [[NOT_COMPETENT]]
        log.put_record(seq, record)
        log.sign(PLAYED / "registry" / CYCLE / "log.secret")
        code, _, err = run(PUBLISHER, "render", "--key", copy.key, "--site", site,
                           log.write(copy.folder / "wrong.export"))
        self.assertEqual(code, 4, err)
        self.assertRegex(err, rf"entry {seq}: .*\n.*error\[wrong-verdict\]")
        self.assertFalse(site.exists())

    # Goal: every tampering is caught by the check that is named for it. Method: the table, each row
    # on a copy of its own; the log taken apart and put together again is the log.
    def test_tampering(self):
        Log(PLAYED / "whole.export").write(self.place / "again")
        self.assertEqual((self.place / "again").read_bytes(), (PLAYED / "whole.export").read_bytes())
        for number, (what, check, where) in enumerate(TRIALS):
            with self.subTest(what=what.__name__, check=check):
                copy = Copy(self.place / str(number))
                code, result = what(copy)
                caught = [each for each in result["failures"] if each["name"] == check]
                self.assertEqual(code, 4, result["sentence"])
                self.assertTrue(caught, {each["name"] for each in result["failures"]})
                if where:
                    self.assertRegex(caught[0].get("where", ""), where)
                first = caught[0].get("where") or f"entry {caught[0].get('entry', '-')}"
                print(f"{what.__name__:24} {check:16} {first}: {caught[0]['text']}")
                shutil.rmtree(copy.folder)


if __name__ == "__main__":
    unittest.main()
