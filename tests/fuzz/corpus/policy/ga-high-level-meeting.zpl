# SPDX-License-Identifier: Apache-2.0
# docs/policies.md says what each key means and how its value is written.

policy
    id = ga-high-level-meeting
    version = 1
    title = "High-level meeting of the General Assembly, bodies without ECOSOC status"
    valid-from = unset
    legal-basis = "Resolution on the modalities of the meeting, such as A/RES/76/307"

# Admission

eligible-categories
    value = "ngo civil-society academia private-sector"
    source = "Summit of the Future, A/RES/76/307, ngosbeyond2014.org/articles/2024/4/21/summit-of-the-future-no-28-applications-to-be-accredited-to.html"
    confirmed = source

ecosoc-route
    value = "notify"
    source = "No source: Bodies with ECOSOC status need not apply; that they give notice is inferred"
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
    value = "chair, President of the General Assembly"
    source = "Summit of the Future, A/RES/76/307, ngosbeyond2014.org/articles/2024/4/21/summit-of-the-future-no-28-applications-to-be-accredited-to.html"
    confirmed = source

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
    source = "Each meeting sets a date; 31 May 2024 for the Summit of the Future; Summit of the Future, A/RES/76/307, ngosbeyond2014.org/articles/2024/4/21/summit-of-the-future-no-28-applications-to-be-accredited-to.html"
    confirmed = unset

list-min-notice
    source = "Not found: how long before the meeting the list goes out"
    confirmed = unset

objection-window
    source = "Set in each letter of the President"
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
    source = "Summit of the Future, A/RES/76/307, ngosbeyond2014.org/articles/2024/4/21/summit-of-the-future-no-28-applications-to-be-accredited-to.html"
    confirmed = source

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
    source = "Summit of the Future, A/RES/76/307, ngosbeyond2014.org/articles/2024/4/21/summit-of-the-future-no-28-applications-to-be-accredited-to.html"
    confirmed = source

register
    value = "un-charter"
    source = "Inferred: Member States are those of the United Nations"
    confirmed = assumed

ecosoc-objectable
    value = "no"
    source = "Inferred: bodies with ECOSOC status need not apply"
    confirmed = assumed

objection-threshold
    value = "1"
    source = "Summit of the Future, A/RES/76/307, ngosbeyond2014.org/articles/2024/4/21/summit-of-the-future-no-28-applications-to-be-accredited-to.html"
    confirmed = source

objection-effect
    value = "block"
    source = "Inferred: the list goes on without the name, and the Assembly may decide"
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
    source = "Remembered: the usual footnote, as in the modalities of the working group on ICT security"
    confirmed = assumed

reason-codes
    value = "none"
    source = "No source: No list of reasons was found"
    confirmed = assumed

decider
    value = "conference, this-session, General Assembly"
    source = "Summit of the Future, A/RES/76/307, ngosbeyond2014.org/articles/2024/4/21/summit-of-the-future-no-28-applications-to-be-accredited-to.html"
    confirmed = source

majority
    source = "The rules of procedure of the Assembly"
    confirmed = unset

endorsement
    value = "conference, General Assembly"
    source = "A/79/L.86, paragraph 8, press.un.org/en/2025/ga12684.doc.htm"
    confirmed = source

lapse-rule
    value = "out"
    source = "Inferred: a name that is off the list stays off it"
    confirmed = assumed

reapply
    value = "each-cycle"
    source = "Inferred: each meeting has a list of its own"
    confirmed = assumed

status-duration
    value = "cycle"
    source = "Inferred: each meeting has a list of its own"
    confirmed = assumed

# Who sees what

opens
    value = "decided: application amendment withdrawal status-confirmed merge transfer late-permit decision correction invitation; received: presence endorsement; published: registration attendance intervention comment comment-ruling suggestion summary; never: screening list-version objection co-signature reason-added objection-withdrawal referral correspondence disclosure-request disclosure notice reply lapse"
    source = "No source: Chosen so that nothing opens that other values seal"
    confirmed = assumed

disclosure-fact
    value = "states-on-request"
    source = "Remembered: the usual footnote, as in the modalities of the working group on ICT security"
    confirmed = assumed

disclosure-objector
    value = "states-on-request"
    source = "Remembered: the usual footnote, as in the modalities of the working group on ICT security"
    confirmed = assumed

disclosure-reason
    value = "states-on-request"
    source = "Remembered: the usual footnote, as in the modalities of the working group on ICT security"
    confirmed = assumed

disclosure-cause
    value = "states-on-request"
    source = "Remembered: the usual footnote, as in the modalities of the working group on ICT security"
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
    source = "As the resolution on the meeting says"
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
