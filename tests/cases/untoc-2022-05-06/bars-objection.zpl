# SPDX-License-Identifier: Apache-2.0
# docs/policies.md says what each key means and how its value is written.

policy
    id = untoc-constructive-dialogue
    version = 1
    title = "Constructive dialogue on the review process of the UN Convention against Transnational Organized Crime"
    valid-from = 2022-05-27
    legal-basis = "Procedures and rules of the review mechanism (Conference resolution 9/1, annex), paragraph 53; Convention, article 32, paragraph 3 (c)"

# Admission

eligible-categories
    value = "ngo academia private-sector"
    source = "Summary by the Chair of the constructive dialogue of 27 May 2022, paragraphs 2 and 4, unodc.org/unodc/en/organized-crime/intro/review-mechanism-untoc/constructive-dialogues.html"
    confirmed = source

ecosoc-route
    value = "same-form"
    source = "Inferred: no separate way for organisations with ECOSOC status is told of"
    confirmed = assumed

prior-accreditation
    value = "bars-objection"
    source = "Dialogue on firearms of 6 May 2022: one with rule 17 status kept out, globalinitiative.net/announcements/statement-5-5-22"
    confirmed = practice

approver
    value = "none"
    source = "Inferred: nothing says that the list is approved before it is circulated"
    confirmed = assumed

list-maker
    value = "secretariat, secretariat of the Conference"
    source = "Inferred: the secretariat takes the registrations"
    confirmed = assumed

required-documents
    source = "Not found: which documents an application needs"
    confirmed = unset

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
    source = "Not found: a rule; each call sets a date"
    confirmed = unset

list-min-notice
    source = "Not found: how long before the meeting the list goes out"
    confirmed = unset

objection-window
    source = "Not found: from when until when States may object"
    confirmed = unset

comment-deadline
    source = "Not found: until when written comments are taken"
    confirmed = unset

withdrawable-until
    source = "Not found: until when an objection can be withdrawn"
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
    value = "Europe/Vienna"
    source = "Calls for the dialogues give Vienna time, but the address of none was kept"
    confirmed = assumed

holidays
    value = "none"
    source = "No source: No period of this policy is counted in working days"
    confirmed = assumed

begins-after
    value = "sessions-concluded reports-adopted"
    source = "Summary by the Chair of the constructive dialogue of 27 May 2022, paragraph 2, unodc.org/unodc/en/organized-crime/intro/review-mechanism-untoc/constructive-dialogues.html"
    confirmed = source

retention
    source = "Not found: how long late decisions and corrections are taken"
    confirmed = unset

# Objection

may-object
    value = "states-parties"
    source = "Paragraph 21 of the Chair's summary speaks of a State; that it has to be a party is inferred"
    confirmed = assumed

register
    value = "untoc"
    source = "Inferred: the dialogue serves the Convention; one on a protocol takes its parties"
    confirmed = assumed

ecosoc-objectable
    source = "Not found: whether ECOSOC status protects from objections; earlier rule 17 status did not"
    confirmed = unset

objection-threshold
    value = "1"
    source = "Summary by the Chair of the constructive dialogue of 27 May 2022, paragraph 21, unodc.org/unodc/en/organized-crime/intro/review-mechanism-untoc/constructive-dialogues.html"
    confirmed = practice

objection-effect
    value = "block"
    source = "Summary by the Chair of the constructive dialogue of 27 May 2022, paragraph 21, unodc.org/unodc/en/organized-crime/intro/review-mechanism-untoc/constructive-dialogues.html"
    confirmed = practice

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
    source = "Inferred: nothing asks for reasons and nothing forbids them"
    confirmed = assumed

reason-codes
    value = "none"
    source = "No source: No list of reasons was found"
    confirmed = assumed

decider
    value = "conference, next-session, Conference of the Parties to the UN Convention against Transnational Organized Crime"
    source = "Summary by the Chair of the constructive dialogue of 27 May 2022, paragraph 21, unodc.org/unodc/en/organized-crime/intro/review-mechanism-untoc/constructive-dialogues.html"
    confirmed = source

majority
    source = "Not found: the majority for this question; COP11 took it as procedural for rule 17"
    confirmed = unset

endorsement
    value = "none"
    source = "Inferred: nothing says that the list is endorsed as a whole"
    confirmed = assumed

lapse-rule
    value = "carried"
    source = "Inferred from paragraph 21 of the Chair's summary: the matter is left to the next Conference"
    confirmed = assumed

reapply
    value = "each-cycle"
    source = "Inferred: each dialogue has a call of its own"
    confirmed = assumed

status-duration
    value = "cycle"
    source = "Inferred: each dialogue has a call of its own"
    confirmed = assumed

# Who sees what

opens
    value = "decided: application amendment withdrawal status-confirmed merge transfer late-permit decision correction invitation; received: presence endorsement; published: registration attendance intervention comment comment-ruling suggestion summary; never: screening list-version objection co-signature reason-added objection-withdrawal referral correspondence disclosure-request disclosure notice reply lapse"
    source = "Chosen: nothing of an applicant opens before its outcome is settled"
    confirmed = assumed

disclosure-fact
    value = "count-only"
    source = "Paragraph 21 of the Chair's summary tells of objections and names no organisation; that numbers are public is inferred"
    confirmed = assumed

disclosure-objector
    value = "sealed"
    source = "Summary by the Chair of the constructive dialogue of 27 May 2022, paragraph 21, which names no State, unodc.org/unodc/en/organized-crime/intro/review-mechanism-untoc/constructive-dialogues.html"
    confirmed = practice

disclosure-reason
    value = "sealed"
    source = "Summary by the Chair of the constructive dialogue of 27 May 2022, paragraph 21, which gives no reason, unodc.org/unodc/en/organized-crime/intro/review-mechanism-untoc/constructive-dialogues.html"
    confirmed = practice

disclosure-cause
    value = "sealed"
    source = "No source: Follows from the number alone being public"
    confirmed = assumed

list-readers
    value = "states secretariat chair bureau"
    source = "Inferred: those who object, list, chair and prepare"
    confirmed = assumed

participants-from
    value = "invited"
    source = "Inferred: who is objected to is not invited and not on the list"
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
    source = "Summary by the Chair of the constructive dialogue of 27 May 2022, paragraph 4, with numbers as small as one, unodc.org/unodc/en/organized-crime/intro/review-mechanism-untoc/constructive-dialogues.html"
    confirmed = practice

# Rights and texts

rights
    value = "attend speak panel written"
    source = "Paragraphs 4, 8 and 9 of the Chair's summary for all but panel, which is remembered"
    confirmed = assumed

comments-from
    value = "admitted"
    source = "Inferred: written comments are part of taking part"
    confirmed = assumed

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
    value = "no-country-situations"
    source = "Remembered: no country situations"
    confirmed = assumed

quantifiers
    value = "one 1, a few 2, some 3, several 5, multiple 8, many 12"
    source = "No source: Words of the Summary by the Chair of 27 May 2022, paragraphs 9 to 20; the numbers are chosen"
    confirmed = assumed
