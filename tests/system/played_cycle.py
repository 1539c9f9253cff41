#!/usr/bin/env -S python3 -B
# SPDX-License-Identifier: Apache-2.0
"""Plays the demonstration's cycle on real daemons and leaves in a folder what came of it, for tests
that look at a finished cycle. Called as: played_cycle.py BUILD FOLDER, or played_cycle.py --end FOLDER,
which deletes the folder.

  registry/ site/ keys/      as the daemons left them
  stale/                     a backup of the registry's store, taken before the list was settled
  early.export               the public's part of the log at that time
  whole.export public.export the whole log, and the public's part of it
  log.key                    the log's key as text
  receipts/                  every receipt of the secretariat's desk"""
import shutil
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "script"), str(ROOT / "tests" / "system")]

import demo_case  # noqa: E402
import demo_play  # noqa: E402


def play(build, place):
    case = demo_case.Case(demo_play.CASE)
    world, people = demo_play.set_up(build, place, case)

    def told(what, line):
        if what == "say" and line.kind == "referral":
            world.registry("backup", world.name, place / "stale")
            world.registry("cycle", "export", world.name, place / "early.export", "--public")
    try:
        player = demo_case.Player(world, case, people, told)
        player.play()
        demo_play.published(world)
        world.registry("cycle", "export", world.name, place / "whole.export")
        world.registry("cycle", "export", world.name, place / "public.export", "--public")
        world.dais("desk", "receipts", "--offline", "-o", place / "receipts")
        (place / "log.key").write_text(world.log_key() + "\n")
    finally:
        world.close()


def main(build, folder):
    shutil.rmtree(folder, ignore_errors=True)
    if build == "--end":
        return
    # Sockets have short paths, so the cycle is played elsewhere.
    with tempfile.TemporaryDirectory(prefix="dais-played-") as place:
        play(build, Path(place))
        kept = ("registry", "site", "keys", "stale", "receipts", "early.export", "whole.export",
                "public.export", "log.key")
        Path(folder).mkdir()
        for name in kept:
            shutil.move(Path(place) / name, Path(folder) / name)


if __name__ == "__main__":
    main(*sys.argv[1:])
