#!/usr/bin/env -S python3 -B
# SPDX-License-Identifier: Apache-2.0
"""What script/demo runs once everything is built: a whole cycle on this machine, and what came of
it. See script/demo -h."""
import argparse
import csv
import re
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "tests" / "system"), str(ROOT / "script")]

import cycle_world  # noqa: E402
import demo_case  # noqa: E402

CASE = ROOT / "tests" / "cases" / "untoc-2022-05-27"
NEXT = ROOT / "script" / "demo_next"
OBJECTED = "Harbour Watch"
SENTENCE = ("Twenty-one non-governmental organizations and three other stakeholders, two from "
            "academia and one from the private sector, took part.")
# The key that signs genesis stays on the registry's host; the secretariat speaks with another.
PEOPLE = {"sec": "desk"}
STORY = {
    "call": "The secretariat calls for applications; the dates are fixed and every value that no "
            "source gives is marked as assumed.",
    "application": "Two regional offices forward applications of 25 organisations.",
    "list-version": "The secretariat circulates the list to the States.",
    "objection": f"One State objects to one organisation, in a sealed message: {OBJECTED}.",
    "decision": "The Chair tries to settle the objection. The registry answers: not-competent.",
    "invitation": "The 24 others are invited.",
    "referral": "The case is put to the Conference of the Parties at its next session.",
    "comment": "Six organisations send written comments in six languages, one of them Arabic.",
    "report-adopted": "The reports of both working groups are adopted: the dialogue may begin.",
    "intervention": "The dialogue is held: 24 stakeholders and others speak on 19 topics.",
    "summary": "The Chair's summary is published.",
}


class Checks:
    def __init__(self):
        self.failed = 0

    def check(self, what, holds):
        self.failed += not holds
        print(f"  {'PASS' if holds else 'FAIL'}  {what}")


def teller():
    told = set()
    begin = time.monotonic()

    def tell(what, line):
        key = line.kind if what == "say" else None
        if key in STORY and key not in told:
            told.add(key)
            print(f"  {time.monotonic() - begin:5.1f} s  {STORY[key]}", flush=True)
    return tell


def set_up(build, folder, case):
    world = cycle_world.Cycle(build, name=case.name, policy=case.policy, folder=folder,
                              begins=cycle_world.instant(case.begins))
    world.configure()
    world.start("broker")
    world.create()
    people = [("desk", "secretariat", None, "The secretariat's desk"),
              ("inspector", "inspector", None, "An inspector")]
    people += [(name, role, state, holder or f"Holder of {name}")
               for name, role, state, holder in case.actors]
    world.first_roster(people)
    for name, *_ in people:
        if name != "intake":
            world.profile(name, world.endpoint())
    world.start("registry", "intake", "publisher")
    return world, {name: PEOPLE.get(name, name) for name in ["sec", *(each[0] for each in people)]}


def read(world, page):
    port = int((world.folder / "port").read_text())
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/{world.name}/{page}", timeout=30) as answer:
        return answer.read().decode()


def published(world):
    """Waits until the site shows all that the registry has."""
    rows = world.dais("desk", "receipts", "--offline")
    last = max(int(row["seq"]) for row in rows if "seq" in row)
    checkpoint = world.folder / "site" / world.name / "log" / "checkpoint"
    world.settle(lambda: checkpoint.exists() and
                 int(checkpoint.read_text().splitlines()[1]) > last)
    world.settle(lambda: "The Chair's account" in read(world, "summary.html") or
                 "Revision 1" in read(world, "summary.html"))


def verify(world, player):
    checks = Checks()
    site = world.folder / "site" / world.name
    participants = read(world, "participants.html")
    with open(site / "data/participants.csv", newline="", encoding="utf-8-sig") as file:
        rows = list(csv.DictReader(file))
    public = b"".join(path.read_bytes() for path in site.rglob("*") if path.is_file())
    checks.check("the page says who took part, counted from the record", SENTENCE in participants)
    checks.check("24 participants on the public list", len(rows) == 24)
    checks.check("25 circulated = 24 shown + 1 not shown",
                 "Circulated: 25 = shown: 24 + not shown: 1." in participants)
    checks.check(f"{OBJECTED} is in no public file", OBJECTED.encode() not in public)
    checks.check("one case is open, and nobody is told whose it is",
                 "Organisations with an objection that stands: 1" in read(world, "cases.html"))
    checks.check("six comments are published, in six languages",
                 "Comments came in 6 languages" in read(world, "statistics.html"))
    checks.check("the Arabic comment is written from right to left",
                 'lang="ar" dir="rtl"' in read(world, "comments.html"))
    checks.check("a suggestion is marked in its comment, one that is no quotation only listed",
                 [sum(word in path.read_text(encoding="utf-8")
                      for path in (site / "comments").iterdir())
                  for word in ("<mark id=", "not quoted word for word")] == [1, 1])
    checks.check("the registry's store is what its log makes of it",
                 world.run("dais-registry", "check", world.name, "--config",
                           world.folder / "registry.zpl")[0] == 0)
    for name in ("office", "office2", "xa", "desk", "chair"):
        folder = world.folder / f"receipts-{name}"
        world.dais(name, "receipts", "--offline", "-o", folder)
        files = sorted(folder.iterdir())
        code = world.run("dais", "verify", *files, profile=name)[0]
        checks.check(f"{len(files)} receipts of {name} verify without a network", code == 0)
    audit(world, checks)
    print(f"  {player.count} messages were sent, each with a receipt.")
    return checks.failed == 0


def audit(world, checks):
    key = world.log_key()
    code, out, err = world.run("dais-audit", "verify", "--key", key,
                               world.folder / "site" / world.name / "log")
    checks.check("dais-audit verifies the published log", code == 0)
    print("        " + (out.strip().splitlines()[-1] if code == 0 else out + err))
    whole = world.folder / "whole.export"
    world.registry("cycle", "export", world.name, whole)
    code, out, err = world.run("dais-audit", "verify", "--key", key, whole)
    checks.check("an inspector's export of all entries is verified and refolded", code == 0)
    print("        " + (out.strip().splitlines()[-1] if code == 0 else out + err))
    code, out, err = world.run("dais-audit", "outcomes", "--key", key, whole, world.folder / "site")
    checks.check("every page, cell, comment and receipt of the site follows from that export",
                 code == 0)
    print("        " + (out.strip().splitlines()[-1] if code == 0 else out + err))
    code, out, err = world.run("dais-audit", "db", "--key", key, "--log", whole,
                               world.folder / "registry" / world.name)
    checks.check("the registry's store, while it runs, is refolded and compared key by key",
                 code == 0)
    print("        " + (out.strip().splitlines()[-1] if code == 0 else out + err))
    told = world.run("dais-audit", "explain", whole, OBJECTED)[1]
    checks.check(f"dais-audit explains what became of {OBJECTED}", "blocked" in told)


def play_next(build, folder):
    """The next dialogue, up to where States may object, with daemons of its own."""
    folder.mkdir()
    case = demo_case.Case(NEXT)
    world, people = set_up(build, folder, case)
    try:
        player = demo_case.Player(world, case, people, lambda what, line: None)
        player.play()
    except BaseException:
        world.close()
        raise
    return world, player.ids


def tries(world, ids):
    """Shell lines to try, in an order in which each of them does something; the first sets up."""
    programs = ":".join(str(Path(world.programs[name]).parent) for name in ("dais", "dais-audit"))
    return f'cd {world.folder}; export HOME=$PWD/home PATH={programs}:$PATH', [
        ("apply", "dais apply -p office --name 'Evening Choir' --category ngo --country XA; "
                  "dais send -p office"),
        ("object", f"dais object -p xa --target {ids['n3']} --yes; dais send -p xa"),
        ("the list", "dais list -p desk"),
        ("withdraw", f"dais withdraw-objection -p xa --target {ids['n3']} --yes; dais send -p xa; "
                     "dais list -p desk"),
        ("audit", f"dais-audit verify --key '{world.log_key()}' site/{world.name}"),
    ]


def try_these(world, ids):
    first, lines = tries(world, ids)
    print(f"""
The next dialogue has begun too: its list is with the States, and its window for objections is open.
Profiles: office (a regional office), xa (the mission of State XA), chair, conf (the Conference), desk
(the secretariat), inspector. Five things to try in another terminal, after

  {first}
""")
    for number, (what, line) in enumerate(lines, 1):
        print(f"  {number}. {what + ':':<10} {line}")
    print(f"\nIts pages: {address(world)}", flush=True)


def tried(world, ids):
    """Whether all that is printed to try does what it should."""
    first, lines = tries(world, ids)
    standing = []
    for what, line in lines:
        done = subprocess.run(["bash", "-ec", f"{first}; {line}"], capture_output=True, text=True,
                              check=False)
        if done.returncode != 0:
            print(f"  FAIL  {what}: {line}\n{done.stdout}{done.stderr}")
            return False
        standing += re.findall(r"Harbour Watch .* (\S+)\n", done.stdout)
    good = standing == ["blocked", "unopposed"]
    print(f"  {'PASS' if good else 'FAIL'}  the five things to try work; Harbour Watch was {', then '.join(standing)}")
    return good


def address(world):
    port = int((world.folder / "port").read_text())
    return f"http://127.0.0.1:{port}/{world.name}/index.html"


def wait(world):
    print(f"\nThe pages: {address(world)}\nCtrl-C stops everything.", flush=True)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        signal.pause()
    except KeyboardInterrupt:
        print("\nStopping.")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("build")
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--keep", action="store_true")
    parser.add_argument("--folder")
    options = parser.parse_args()
    case = demo_case.Case(CASE)
    temporary = None
    if options.folder is None:
        temporary = tempfile.TemporaryDirectory(prefix="dais-demo-")
    elif Path(options.folder).exists():
        parser.error(f"{options.folder} exists")
    else:
        Path(options.folder).mkdir(mode=0o755)
    folder = Path(options.folder or temporary.name).resolve()
    print(f"A rehearsal of the dialogue of 27 May 2022, in {folder}", flush=True)
    world, people = set_up(options.build, folder, case)
    following = None
    try:
        player = demo_case.Player(world, case, people, teller())
        player.play()
        published(world)
        print("What came of it:", flush=True)
        good = verify(world, player)
        if options.keep:
            following, ids = play_next(options.build, folder / "next")
            try_these(following, ids)
            good = (not options.check or tried(following, ids)) and good
        if not options.check:
            wait(world)
    finally:
        for each in (following, world):
            if each:
                each.close()
        if temporary:
            temporary.cleanup()
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
