# SPDX-License-Identifier: Apache-2.0
"""What is said in each operation of roles.txt, about what is one's own or on the file and about what is
another's or not there. The subjects are those of docs/kinds.md."""
import os

import roles_world as world
from roles_world import DAY_MS, foreign

FAR = 10 ** 9  # no entry has this index
UNKNOWN = bytes([255] * 16)  # nobody's id


class Said:
    """`subject(operation, side)` for one cycle: (subject, on_behalf)."""

    def __init__(self, cycle):
        self.cycle, self.world = cycle, cycle.world

    def subject(self, operation, side):
        made = getattr(self, operation.replace("-", "_"))(side == "own")
        return made if isinstance(made, tuple) else (made, b"")

    def org(self, name):
        return self.cycle.orgs.get(name, bytes(16))

    def named(self, own, name):
        return self.org(name) if own else UNKNOWN

    def seq(self, name):
        return self.cycle.seqs.get(name, 0)

    def comment_id(self, own, name):
        return self.cycle.ids.get(name, bytes(16)) if own else UNKNOWN

    def at(self):
        return self.world.now_ms()

    # The cycle and its frame.

    def call(self, _):
        return self.world.call_subject()

    def open(self, own):
        return [self.seq("call") if own else FAR]

    def session_concluded(self, own):
        return ["wg6" if own else "wg9", self.at()]

    def report_adopted(self, own):
        return ["wg6" if own else "wg9", "R/1", self.at()]

    def officers(self, _):
        return [[[1, "A. Person", "", "XA"]]]

    def agenda_item(self, _):
        return [7, "An item"]

    def document(self, own):
        return ["D/1", "A document", 0 if own else 998, "en", b""]

    def topic(self, _):
        return [7, "A topic", "", []]

    def register_change(self, own):
        return ["XE", 2, "An instrument", self.at()] if own else ["XF", 1, "An instrument", self.at()]

    def presence(self, own):
        return ["wg6", ["XA"] if own else ["XA", "XA"]]

    def calendar_change(self, own):
        retention = self.world.session + 3651 * DAY_MS
        return [1, [self.world.date(world.RETENTION if own else 5, retention)], "2026a", "A reason"]

    def late_permit(self, own):
        who = self.world.people["other-office"].actor if own else UNKNOWN
        return [who, 1, self.at() + DAY_MS, "A reason"]

    def cancellation(self, _):
        return ["A reason"]

    def closing_order(self, _):
        return [""]

    def second(self, own):
        return [self.seq("waiting") if own else 1]

    # The roster.

    def roster_change(self, own):
        device = foreign.Device(os.urandom(32), foreign.new_id(self.world.start))
        if not own:
            return self.world.add("other-office")
        return [1, device.actor, 1, "", "new.example/1", "New", device.key, bytes(device.box.public_key), 0]

    def intake_lost(self, own):
        return [self.world.people["intake"].key if own else os.urandom(32), "A reason"]

    def clock_accepted(self, _):
        return [self.at(), "A reason"]

    # Applications.

    def application(self, own):
        return self.world.application("late", b"" if own else self.org("x-list"))

    def amendment(self, own):
        return self.world.application("amend", self.org("amend" if own else "x-amend"))

    def withdrawal_application(self, own):
        return [1, self.org("withdraw" if own else "x-amend")]

    def withdrawal_comment(self, own):
        return [2, self.comment_id(own, "retract")]

    def status_confirmed(self, own):
        return [self.named(own, "status"), 1, 1, 1, "A document"]

    def screening(self, own):
        return [self.named(own, "screen"), 1, "", b""]

    def merge(self, own):
        return [self.org("kept"), self.named(own, "dropped")]

    def transfer(self, own):
        return [self.named(own, "transfer"), self.world.people["other-office"].actor]

    def notice(self, own):
        return [self.named(own, "status"), 1, 0]

    def reply(self, own):
        return [self.org("reply" if own else "x-amend"), self.seq("notice" if own else "other-notice")]

    def correspondence(self, own):
        return [[self.named(own, "comment")], "Reference 1", self.at()]

    # The list.

    def list_version(self, own):
        return self.world.list_subject(self.cycle, ["late-list" if own else "nobody"],
                                       "A reason" if self.cycle.version else "")

    def endorsement(self, own):
        return [self.cycle.version + 1 if own else 900, 1]

    # Objections.

    def objection(self, own):
        return [[[self.named(own, "obj"), ""]], [], ""]

    def co_signature(self, own):
        name = "cosign" if own else "cosign-other"
        return [self.cycle.ids.get(name, UNKNOWN), [[self.org(name), ""]]]

    def reason_added(self, own):
        return [[[self.org("reason" if own else "ow-other"), "a-reason"]]]

    def objection_withdrawal(self, own):
        return [[self.org("ow" if own else "ow-other")]]

    def disclosure_request(self, own):
        return [[self.named(own, "comment")]]

    # Cases and decisions.

    def referral(self, own):
        return [[self.named(own, "ref")], "Conference", "Its session"]

    def decision(self, own):
        return self.world.decision(self.named(own, "dec"))

    def correction(self, own):
        return [self.seq("decision") if own else 1, *self.world.decision(self.org("corr"))]

    # Taking part.

    def invitation(self, own):
        return [[self.named(own, "inv")]]

    def registration(self, own):
        return [self.named(own, "reg"), 1, 1]

    def attendance(self, own):
        return [self.named(own, "reg"), 1, 1]

    def intervention(self, own):
        return [1, self.named(own, "reg"), "", 0, []]

    # Texts.

    def comment(self, own):
        return self.world.comment(), self.org("comment" if own else "x-comment")

    def comment_ruling(self, own):
        return [self.comment_id(own, "rule"), 2, "", 0, 0]

    def suggestion(self, own):
        return [self.comment_id(own, "suggest"), 0, "A suggestion.", "", "", 0]

    def summary(self, own):
        return [(2 if self.cycle.state == "summarised" else 1) if own else 50, "en", 10]

    # Who may see.

    def disclosure(self, own):
        return [[self.seq("disclose") if own else FAR], 5, ""]

    def withholding(self, own):
        return [[self.seq("withhold") if own else FAR], "a-reason"]

    def erasure(self, own):
        return [[self.seq("erase") if own else FAR], "a-reason"]
