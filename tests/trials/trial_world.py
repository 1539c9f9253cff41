# SPDX-License-Identifier: Apache-2.0
"""What the campaigns share: a cycle that is open, offices that keep sending, and the comparison of
what these saw with the log in the end."""
import base64
import os
import random
import sys
import threading
from datetime import datetime
from pathlib import Path

try:
    import nacl  # noqa: F401
    import zmq  # noqa: F401
except ImportError as missing:
    print(f"skipped: {missing}")
    sys.exit(77)

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "system"))

import cycle_world  # noqa: E402
from ledger import Broken, Ledger, check  # noqa: E402
from model.records import read_checkpoint  # noqa: E402
from sender import Fleet, Sender, Site  # noqa: E402

FULL = os.environ.get("DAIS_FULL") == "1"
SETTLE_S = cycle_world.WAIT_S  # after healing, everything has its end within this time (L10)


def seed():
    """Of this run: named by DAIS_SEED, or a new one; a failure names it."""
    return int(os.environ.get("DAIS_SEED") or random.SystemRandom().randrange(1 << 32))


class Trial:
    """`senders` offices of one key each, at `intakes`; daemons of `programs` in place of the built
    ones, with `environment`. The ledger lies in the world's folder, what is tried in `data`."""

    def __init__(self, build, senders, intakes=("intake", "intake2"), data=None, programs=None,
                 played=True, environment=None):
        self.seed = seed()
        self.chance = random.Random(self.seed)
        self.world = cycle_world.Cycle(build, data=data, played=played)
        self.world.programs.update({**(programs or {}), **cycle_world.planted()})
        self.intakes, self.fleet, self.ledger = intakes, None, None
        self.published = {}  # path: content
        self.environment = environment or {}
        self.offices = [f"office{number}" for number in range(senders)]
        try:
            self._set_up()
        except BaseException:
            self.world.close()
            raise

    def _set_up(self):
        world, port = self.world, cycle_world.free_port()
        world.configure(intakes=self.intakes, port=port)
        for daemon in world.daemons.values():
            daemon.environment = dict(self.environment)
        world.start("broker")
        world.create()
        world.first_roster([("desk", "secretariat", None, "B. Person"),
                            *((name, "intake", None, name) for name in self.intakes),
                            *((name, "office", None, name) for name in self.offices)])
        self.endpoint = f"tcp://127.0.0.1:{port}"
        world.profile("desk", self.endpoint)
        world.start("registry", *self.intakes)
        world.open_cycle("desk")
        self.ledger = Ledger(world.folder / "ledger")
        self.begins = self.size()

    def size(self):
        """Entries of the log."""
        rows = self.world.registry("check", self.world.name).split()
        return int(rows[rows.index("entries,") - 1])

    def begin(self):
        """The offices come to work."""
        keys = {name: self.key_of(name) for name in self.intakes}
        site = Site(self.world, self.endpoint, keys, self.ledger, random.Random(self.seed + 1))
        self.fleet = Fleet(site, self.offices)
        self.fleet.says.set()

    def key_of(self, name):
        """The signing key in an identity."""
        rows = (self.world.folder / "keys" / f"{name}.identity").read_text().splitlines()
        vkey = next(row for row in rows if row.startswith("key "))
        return base64.b64decode(vkey.split("+", 2)[2])[1:]

    def pause(self, seconds):
        """Lets the offices work."""
        threading.Event().wait(seconds)
        self.fleet.settled()  # says what went wrong

    def deadline(self, which):
        """When it closes."""
        row = next(row for row in self.world.dais("desk", "deadlines", "--refresh")
                   if row.get("which") == which)
        return datetime.fromisoformat(row["closes_at"].replace("Z", "+00:00"))

    def works(self, more):
        """Waits until `more` further bundles have their fate: what was healed does work again."""
        wanted = self.fleet.settled() + more
        self.world.settle(lambda: self.fleet.settled() >= wanted, SETTLE_S)

    def settle(self):
        """Nothing new is said; everything that was said comes to its end (L10)."""
        self.fleet.says.clear()
        self.world.settle(self.fleet.is_settled, SETTLE_S)
        for what in (Sender.repeat, Sender.fence):
            self.fleet.all_do(what)
            self.world.settle(self.fleet.is_settled, SETTLE_S)

    def judge(self, others=()):
        """The log against the ledger, and the state against that of the registry; its entries.
        `others`: kinds of what the trial has said itself."""
        world = self.world
        world.daemons["registry"].end()
        whole = world.folder / "whole.export"
        whole.unlink(missing_ok=True)
        world.registry("cycle", "export", world.name, whole)
        entries, state = check(self.ledger, whole.read_bytes(), self.begins, others)
        said = world.registry("check", world.name)
        if state.hex() not in said:
            raise AssertionError(f"L7: the state of the naive fold is {state.hex()}: {said}")
        world.start("registry")
        return entries

    def look_at_site(self):
        """What is published is of one history, and what is whole stays as it is (L8)."""
        log = self.world.data / "site" / self.world.name / "log"
        if not (log / "checkpoint").exists():
            return
        note = (log / "checkpoint").read_text()
        self.ledger.shown(*read_checkpoint(note, self.fleet.site.origin, self.fleet.site.log_key))
        for path in (*log.glob("tile/**/*"), *log.glob("checkpoints/*")):
            drafts = path.name.startswith(".")
            if path.is_file() and not drafts and ".p" not in str(path.relative_to(log)):
                found = path.read_bytes()
                if self.published.setdefault(path, found) != found:
                    raise Broken(f"L8: {path} has changed")

    def judge_site(self):
        """The pages come to the end of the log, and an audit of them finds nothing."""
        world, key = self.world, self.world.log_key()
        checkpoint = world.data / "site" / world.name / "log" / "checkpoint"
        size = str(self.size())
        world.settle(lambda: checkpoint.read_text().split("\n")[1] == size, SETTLE_S)
        self.look_at_site()
        world.good("dais-audit", "verify", "--key", key, checkpoint.parent)

    def close(self):
        try:
            if self.fleet:
                self.fleet.close()
        finally:
            if self.ledger:
                print(f"seed {self.seed}: " + ", ".join(f"{count} {what}" for what, count in
                                                        sorted(self.ledger.counts.items())))
                self.ledger.close()
            self.world.close()
