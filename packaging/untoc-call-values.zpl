# SPDX-License-Identifier: Apache-2.0
# Values of a call, for dais cycle call --values: each key that policies/untoc-constructive-dialogue.zpl
# leaves unset. They are examples and no advice: set each to what was decided, and say in `source` where
# that stands. docs/policies.md says what each key means and how its value is written.
# `confirmed` is source (it is written there), practice (it was done so) or assumed.

# Admission

# Codes of the documents without which an application is incomplete: "statutes report", or none.
required-documents
    value = "none"
    source = "the call"
    confirmed = assumed

# Persons that one organisation may register: a number, or no-limit.
representatives-max
    value = "no-limit"
    source = "the call"
    confirmed = assumed

# Organisations that can be invited: a number, or no-limit.
capacity
    value = "no-limit"
    source = "the call"
    confirmed = assumed

# Organisations of one category that can be invited: a number, or no-limit.
quota
    value = "no-limit"
    source = "the call"
    confirmed = assumed

# Times: call, circulated or session, with d (days) or wd (working days) to add or take off

# Until when applications are taken; or none.
application-deadline
    value = "call+30d"
    source = "the call"
    confirmed = assumed

# When the list has to be circulated at the latest; or none.
list-min-notice
    value = "none"
    source = "the call"
    confirmed = assumed

# From when until when objections are taken; or none.
objection-window
    value = "circulated..session-1d"
    source = "the call"
    confirmed = assumed

# Until when written comments are taken; or none.
comment-deadline
    value = "session"
    source = "the call"
    confirmed = assumed

# Until when an objection can be withdrawn; or none.
withdrawable-until
    value = "none"
    source = "the call"
    confirmed = assumed

# From when until when the decider can settle a case; or none.
decision-window
    value = "none"
    source = "the call"
    confirmed = assumed

# How long after the archiving the log stays open for late decisions and corrections: s, min, h or d.
retention
    value = "3650d"
    source = "the call"
    confirmed = assumed

# Objection

# Whether an organisation in consultative status with ECOSOC can be objected to: yes, no, decision-only.
ecosoc-objectable
    value = "yes"
    source = "the call"
    confirmed = assumed

# Majority of those present and voting: none, simple, two-thirds.
majority
    value = "simple"
    source = "the call"
    confirmed = assumed

# Contributions

# Most words of a written comment: a number, or no-limit.
written-limit-words
    value = "no-limit"
    source = "the call"
    confirmed = assumed

# Languages of written comments.
written-languages
    value = "en fr"
    source = "the call"
    confirmed = assumed
