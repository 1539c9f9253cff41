# SPDX-License-Identifier: Apache-2.0
# docs/policies.md says what each key means and how its value is written.

policy
    id = oewg-ict-2022
    version = 1
    title = "Open-ended working group on security of and in the use of ICTs, accreditation of stakeholders"
    valid-from = 2022-04-22
    legal-basis = "Chair's modalities for the participation of stakeholders, agreed on 22 April 2022"

# Admission

eligible-categories
    value = "ngo academia private-sector"
    source = "First round, 2022, dig.watch/updates/results-of-the-accreditation-of-stakeholders-to-the-oewg-2021-2025-raises-concerns"
    confirmed = source

ecosoc-route
    value = "notify"
    source = "Modalities of 22 April 2022, letstalkcyber.org/news/oewg-agrees-on-modalities-for-multistakeholder-participation-after-silent-procedure"
    confirmed = source

prior-accreditation
    value = "none"
    source = "Inferred: nothing gives an earlier accreditation an effect"
    confirmed = assumed

approver
    value = "none"
    source = "Inferred: nothing says that the list is approved before it is circulated"
    confirmed = assumed

list-maker
    value = "chair, Chair of the working group"
    source = "Modalities of 22 April 2022, letstalkcyber.org/news/oewg-agrees-on-modalities-for-multistakeholder-participation-after-silent-procedure"
    confirmed = source

required-documents
    value = "letter purpose programmes interaction-with-un"
    source = "Chair's instructions of 2022, letstalkcyber.org/news/oewg-chair-shares-instructions-for-oewg-accreditation-to-be-submitted-by-24-may-2022"
    confirmed = source

representatives-max
    source = "Not found: how many persons an organisation may send"
    confirmed = unset

capacity
    source = "Not found: how many organisations can be invited"
    confirmed = unset

priority-order
    value = "received"
    source = "Chosen: the order of receipt is the one that nobody sets by hand"
    confirmed = assumed

quota
    source = "Not found: whether places are divided among categories"
    confirmed = unset

# Times

application-deadline
    source = "Each round sets a date; the first was 24 May 2022, 62 days before the session; Chair's instructions of 2022, letstalkcyber.org/news/oewg-chair-shares-instructions-for-oewg-accreditation-to-be-submitted-by-24-may-2022"
    confirmed = unset

list-min-notice
    source = "Not found: how long before the meeting the list goes out"
    confirmed = unset

objection-window
    source = "Ends with the silence; in the first round 37 days after the deadline, which is inferred"
    confirmed = unset

comment-deadline
    source = "Not found: until when written comments are taken"
    confirmed = unset

withdrawable-until
    source = "Not found: until when an objection can be withdrawn"
    confirmed = unset

decision-window
    value = "none"
    source = "Inferred: no account mentions that an objection was put before a body"
    confirmed = assumed

grace
    value = "none"
    source = "Chosen: a deadline is closed when it is due"
    confirmed = assumed

late
    value = "refuse"
    source = "Chosen: what comes after a deadline is refused"
    confirmed = assumed

calendar
    value = "day-after"
    source = "Chosen: the day of the event is not counted"
    confirmed = assumed

midnight
    value = "end"
    source = "Chosen: a period that ends on a date takes in that date"
    confirmed = assumed

timezone
    value = "America/New_York"
    source = "No source: Inferred from the seat of the working group"
    confirmed = assumed

holidays
    value = "none"
    source = "No source: No period of this policy is counted in working days"
    confirmed = assumed

begins-after
    value = "none"
    source = "Inferred: the meeting follows no other"
    confirmed = assumed

retention
    source = "Not found: how long late decisions and corrections are taken"
    confirmed = unset

# Objection

may-object
    value = "member-states"
    source = "Modalities of 22 April 2022, letstalkcyber.org/news/oewg-agrees-on-modalities-for-multistakeholder-participation-after-silent-procedure"
    confirmed = source

register
    value = "un-charter"
    source = "Inferred: Member States are those of the United Nations"
    confirmed = assumed

ecosoc-objectable
    value = "no"
    source = "Modalities of 22 April 2022, letstalkcyber.org/news/oewg-agrees-on-modalities-for-multistakeholder-participation-after-silent-procedure"
    confirmed = source

objection-threshold
    value = "1"
    source = "Modalities of 22 April 2022, letstalkcyber.org/news/oewg-agrees-on-modalities-for-multistakeholder-participation-after-silent-procedure"
    confirmed = source

objection-effect
    value = "veto"
    source = "Inferred: no account mentions that an objection was put before a body"
    confirmed = assumed

state-while-undecided
    value = "none"
    source = "No source: Follows from objection-effect, under which nothing is undecided"
    confirmed = assumed

group-objection
    value = "each-signs"
    source = "Chosen: a State is bound by what it signs itself"
    confirmed = assumed

reasons
    value = "voluntary"
    source = "Modalities of 22 April 2022, letstalkcyber.org/news/oewg-agrees-on-modalities-for-multistakeholder-participation-after-silent-procedure"
    confirmed = source

reason-codes
    value = "none"
    source = "No source: No list of reasons was found"
    confirmed = assumed

decider
    value = "none"
    source = "Inferred: no account mentions that an objection was put before a body"
    confirmed = assumed

majority
    value = "none"
    source = "Inferred: no account mentions that an objection was put before a body"
    confirmed = assumed

endorsement
    value = "none"
    source = "Inferred: nothing says that the list is endorsed as a whole"
    confirmed = assumed

lapse-rule
    value = "none"
    source = "Inferred: no account mentions that an objection was put before a body"
    confirmed = assumed

reapply
    value = "each-cycle"
    source = "Modalities of 22 April 2022, letstalkcyber.org/news/oewg-agrees-on-modalities-for-multistakeholder-participation-after-silent-procedure"
    confirmed = source

status-duration
    value = "mandate"
    source = "Modalities of 22 April 2022, letstalkcyber.org/news/oewg-agrees-on-modalities-for-multistakeholder-participation-after-silent-procedure"
    confirmed = source

# Who sees what

opens
    value = "decided: application amendment withdrawal status-confirmed merge transfer late-permit decision correction invitation; received: presence endorsement; published: registration attendance intervention comment comment-ruling suggestion summary; never: screening list-version objection co-signature reason-added objection-withdrawal referral correspondence disclosure-request disclosure notice reply lapse"
    source = "No source: Chosen so that nothing opens that other values seal"
    confirmed = assumed

disclosure-fact
    value = "states-on-request"
    source = "Modalities of 22 April 2022, letstalkcyber.org/news/oewg-agrees-on-modalities-for-multistakeholder-participation-after-silent-procedure"
    confirmed = source

disclosure-objector
    value = "states-on-request"
    source = "Modalities of 22 April 2022, letstalkcyber.org/news/oewg-agrees-on-modalities-for-multistakeholder-participation-after-silent-procedure"
    confirmed = source

disclosure-reason
    value = "states-on-request"
    source = "Modalities of 22 April 2022, letstalkcyber.org/news/oewg-agrees-on-modalities-for-multistakeholder-participation-after-silent-procedure"
    confirmed = source

disclosure-cause
    value = "states-on-request"
    source = "Inferred: as the objection"
    confirmed = assumed

list-readers
    value = "states secretariat chair"
    source = "Inferred: those who object, list and chair"
    confirmed = assumed

participants-from
    value = "admitted"
    source = "Inferred: the list names those who are accredited"
    confirmed = assumed

publish-applicants
    value = "count"
    source = "Chosen: the number tells nothing of any one applicant"
    confirmed = assumed

screening-reasons
    value = "none"
    source = "Chosen: a reason given to some tells the others theirs"
    confirmed = assumed

notify-applicant
    value = "outcome"
    source = "Chosen: an applicant learns what became of its application"
    confirmed = assumed

reply-window
    value = "none"
    source = "Chosen: only the outcome is told, and there is nothing to reply to"
    confirmed = assumed

small-cell
    value = "1"
    source = "Chosen: the numbers are of organisations, and all are shown"
    confirmed = assumed

# Rights and texts

rights
    value = "attend speak written"
    source = "Modalities of 22 April 2022, letstalkcyber.org/news/oewg-agrees-on-modalities-for-multistakeholder-participation-after-silent-procedure"
    confirmed = source

comments-from
    value = "admitted"
    source = "Modalities of 22 April 2022, letstalkcyber.org/news/oewg-agrees-on-modalities-for-multistakeholder-participation-after-silent-procedure"
    confirmed = source

blocked-comments
    value = "withhold"
    source = "Inferred: written comments are part of taking part"
    confirmed = assumed

written-limit-words
    source = "Not found: a limit to written comments"
    confirmed = unset

written-languages
    source = "Not found: the languages of written comments"
    confirmed = unset

content-rule
    source = "Not found: what written comments have to keep to"
    confirmed = unset

quantifiers
    value = "one 1, a few 2, some 3, several 5, multiple 8, many 12"
    source = "No source: Words of the Summary by the Chair of 27 May 2022, paragraphs 9 to 20; the numbers are chosen"
    confirmed = assumed
