#!/usr/bin/env -S python3 -B
# SPDX-License-Identifier: Apache-2.0
"""Offices that are on the roster and do as they should not: what they say in another's name or have
exchanged is turned away on the record, what they say again is not there again, and they go on."""
import sys
import unittest
from hashlib import sha256
from pathlib import Path

import trial_world
from model.records import encode

BUILD = Path(sys.argv.pop(1)).resolve()


class Authors(unittest.TestCase):
    def setUp(self):
        self.trial = trial = trial_world.Trial(BUILD, senders=3)
        self.addCleanup(trial.close)
        trial.begin()
        trial.works(5)
        trial.fleet.says.clear()
        trial.world.settle(trial.fleet.is_settled)
        self.liar, self.other = trial.fleet.senders[:2]

    def fate(self, task):
        """The code, or "logged", of the bundle that the task makes."""
        self.trial.fleet.do(task)
        self.trial.world.settle(self.trial.fleet.is_settled)
        return self.liar.bundles[-1].fate

    # Goal: who speaks is whose key it is. Method: a message with the id of another actor, under a
    # signature that is good.
    def test_name(self):
        liar, other = self.liar, self.other

        def lie():
            own, liar.actor = liar.actor, other.actor
            liar.bundle([liar.message()])
            liar.actor = own

        self.assertEqual(self.fate(lie), "wrong-actor")
        self.end()

    # Goal: a message that comes again is not logged again, and its sender gets the index that it has.
    # Method: the message of a bundle that is in the log in two other bundles.
    def test_again(self):
        liar = self.liar
        first, message = liar.bundles[0].entries[0][0], liar.bundles[0].messages[0]
        before = self.trial.size()
        for _ in range(2):
            self.assertEqual(self.fate(lambda: liar.bundle([message])), "twins")
            self.assertEqual(liar.bundles[-1].twins, {0: first})
        self.assertEqual(self.trial.size(), before)
        self.end()

    # Goal: an item that was not signed is not taken with those that were. Method: another message
    # in a parcel behind a header that was signed over the first.
    def test_exchanged(self):
        liar = self.liar

        def lie():
            liar.bundle([liar.message()])
            salt = bytes(32)
            liar.parcels[-1] = encode("parcel", {
                "envelope": liar.envelope, "items": [{"message": liar.message()[1],
                                                      "public_opening": salt,
                                                      "private_opening": salt}]})
            self.assertEqual(sha256(liar.envelope).digest(), liar.bundles[-1].name)

        self.assertEqual(self.fate(lie), "bad-root")
        self.end()

    def end(self):
        self.trial.fleet.says.set()
        self.trial.works(20)
        self.trial.settle()
        self.trial.judge()


if __name__ == "__main__":
    unittest.main()
