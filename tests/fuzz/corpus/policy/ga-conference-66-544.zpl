# SPDX-License-Identifier: Apache-2.0
# docs/policies.md says what each key means and how its value is written.

policy
    id = ga-conference-66-544
    version = 1
    title = "UN Conference on Sustainable Development (Rio+20), under decision 66/544 of the General Assembly"
    valid-from = unset
    legal-basis = "General Assembly decision 66/544"

# Admission

eligible-categories
    value = "ngo major-group"
    source = "General Assembly decision 66/544, static.un.org/zh/ga/66/decisions/544.shtml"
    confirmed = source

ecosoc-route
    value = "notify"
    source = "Inferred: those with ECOSOC status do not apply for accreditation"
    confirmed = assumed

prior-accreditation
    value = "none"
    source = "Inferred: nothing gives an earlier accreditation an effect"
    confirmed = assumed

approver
    value = "none"
    source = "Inferred: nothing says that the list is approved before it is circulated"
    confirmed = assumed

list-maker
    value = "secretariat, secretariat of the conference"
    source = "General Assembly decision 66/544, static.un.org/zh/ga/66/decisions/544.shtml"
    confirmed = source

required-documents
    value = "contact-details purpose programmes proof-of-activity annual-reports governing-body membership charter pre-registration-form"
    source = "General Assembly decision 66/544, static.un.org/zh/ga/66/decisions/544.shtml"
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
    value = "session-120d"
    source = "Four months in decision 66/544 (static.un.org/zh/ga/66/decisions/544.shtml), here counted as 120 days"
    confirmed = assumed

list-min-notice
    source = "The list stands in annexes of a note; its date is not given"
    confirmed = unset

objection-window
    value = "none"
    source = "Inferred: a name is struck by an amendment, and there is no window for objections"
    confirmed = assumed

comment-deadline
    source = "Not found: until when written comments are taken"
    confirmed = unset

withdrawable-until
    source = "A motion can be withdrawn until it is voted on; no date is given"
    confirmed = unset

decision-window
    source = "Not found: a time within which cases are settled"
    confirmed = unset

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
    source = "No source: Inferred from the seat of the Assembly"
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
    source = "Inferred: Member States move amendments"
    confirmed = assumed

register
    value = "un-charter"
    source = "Inferred: Member States are those of the United Nations"
    confirmed = assumed

ecosoc-objectable
    value = "no"
    source = "Inferred: those with ECOSOC status are not on the list"
    confirmed = assumed

objection-threshold
    value = "none"
    source = "No source: Follows from objection-effect: only a vote counts"
    confirmed = assumed

objection-effect
    value = "none-until-vote"
    source = "General Assembly decision 66/544, static.un.org/zh/ga/66/decisions/544.shtml"
    confirmed = source

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
    source = "Inferred: reasons are given in debate"
    confirmed = assumed

reason-codes
    value = "none"
    source = "No source: No list of reasons was found"
    confirmed = assumed

decider
    value = "conference, this-session, General Assembly"
    source = "General Assembly decision 66/544, static.un.org/zh/ga/66/decisions/544.shtml"
    confirmed = source

majority
    value = "simple"
    source = "Inferred: no other majority is asked for"
    confirmed = assumed

endorsement
    value = "conference, General Assembly"
    source = "General Assembly decision 66/544, static.un.org/zh/ga/66/decisions/544.shtml"
    confirmed = source

lapse-rule
    value = "in"
    source = "Inferred: a name stays that no decision strikes"
    confirmed = assumed

reapply
    value = "never"
    source = "Inferred: there is one list"
    confirmed = assumed

status-duration
    value = "mandate"
    source = "Remembered: for the conference and its preparatory meetings"
    confirmed = assumed

# Who sees what

opens
    value = "received: presence endorsement objection co-signature reason-added objection-withdrawal referral disclosure-request lapse; listed: application amendment withdrawal list-version; decided: status-confirmed merge transfer late-permit decision correction invitation; published: registration attendance intervention comment comment-ruling suggestion summary; never: screening correspondence disclosure notice reply"
    source = "Chosen: the list is a public document and the debate is public"
    confirmed = assumed

disclosure-fact
    value = "public"
    source = "Inferred: the debate is public"
    confirmed = assumed

disclosure-objector
    value = "public"
    source = "Inferred: the debate is public"
    confirmed = assumed

disclosure-reason
    value = "public"
    source = "Inferred: the debate is public"
    confirmed = assumed

disclosure-cause
    value = "public"
    source = "Inferred: the debate is public"
    confirmed = assumed

list-readers
    value = "states secretariat chair public"
    source = "Inferred: a note with annexes is a public document"
    confirmed = assumed

participants-from
    value = "admitted"
    source = "Inferred: the list names those who are accredited"
    confirmed = assumed

publish-applicants
    value = "names"
    source = "Inferred: a note with annexes is a public document"
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
    source = "As the decisions on the conference say"
    confirmed = unset

comments-from
    source = "Not found: whether written comments are taken"
    confirmed = unset

blocked-comments
    source = "Not found: whether written comments are taken"
    confirmed = unset

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
