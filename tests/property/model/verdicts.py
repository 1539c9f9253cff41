# SPDX-License-Identifier: Apache-2.0
"""The words of verdicts and their classes."""

DONE = ("accepted", "accepted-late", "incomplete", "timely-after-tick", "awaits-second")
NOTED = ("no-effect",)
REFUSED = tuple("""
already-applied already-decided already-listed already-open already-passed already-set
already-there bad-value category-not-eligible correction-mismatch date-missing date-not-used
dates-out-of-order duplicate-objection early group-not-allowed id-conflict key-ended
language-not-taken late no-case no-objection no-place no-reapply no-right not-admitted
not-approved not-competent not-eligible not-entitled not-later not-listed not-objectable
not-on-list not-requested not-yours nothing-to-reverse nothing-to-second nothing-to-sign
notice-too-short out-of-turn permits-unknown policy-unset reason-required repeated-target
role-conflict same-holder sealed-by-policy senseless source-required superseded too-long
too-many-cases too-many-persons unknown-actor unknown-comment unknown-entry unknown-item
unknown-key unknown-organisation unknown-policy-key unknown-reason unknown-session unknown-topic
vote-mismatch votes-required window-shortened withheld wrong-number wrong-state
""".split())

# The texts say of the numbers only that the examples' 0 is accepted; the others are our own.
NUMBER_OF = {word: number for number, word in enumerate(DONE + NOTED + REFUSED)}


def is_refused(word):
    """Whether a verdict is of the class refused."""
    return word in REFUSED


class Refuse(Exception):
    """A message or a target is refused with this verdict."""

    def __init__(self, word):
        super().__init__(word)
        self.word = word
        if word not in REFUSED:
            raise ValueError(word)


def refuse_if(condition, word):
    """One check."""
    if condition:
        raise Refuse(word)
