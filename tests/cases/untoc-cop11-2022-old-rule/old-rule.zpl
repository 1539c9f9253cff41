# SPDX-License-Identifier: Apache-2.0
# docs/policies.md says what each key means and how its value is written.

policy
    id = untoc-conference-rule-17
    version = 1
    title = "Conference of the Parties to the UN Convention against Transnational Organized Crime, observers under rule 17"
    valid-from = 2022-10-18
    legal-basis = "Rules of procedure of the Conference, rule 17, as applied since its eleventh session"

# Admission

eligible-categories
    value = "ngo"
    source = "Rules of procedure of the UNTOC Conference, rule 17, paragraphs 1 and 2, unodc.org/unodc/en/treaties/CTOC/participation-ngos.html"
    confirmed = source

ecosoc-route
    value = "accorded"
    source = "Rules of procedure of the UNTOC Conference, rule 17, paragraph 1, unodc.org/unodc/en/treaties/CTOC/participation-ngos.html"
    confirmed = source

prior-accreditation
    value = "none"
    source = "Inferred: nothing gives an earlier accreditation an effect"
    confirmed = assumed

approver
    value = "none"
    source = "No source: Rule 17 sends applications to the bureau; that the bureau approves is not said"
    confirmed = assumed

list-maker
    value = "secretariat, secretariat of the Conference"
    source = "Rules of procedure of the UNTOC Conference, rule 17, paragraph 2, unodc.org/unodc/en/treaties/CTOC/participation-ngos.html"
    confirmed = source

required-documents
    source = "Not found: which documents an application needs"
    confirmed = unset

representatives-max
    source = "Rule 17, paragraph 3, limits the number and does not give it"
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
    value = "session-30d"
    source = "Rules of procedure of the UNTOC Conference, rule 17, paragraph 2, unodc.org/unodc/en/treaties/CTOC/participation-ngos.html"
    confirmed = source

objection-window
    source = "Rule 17 is silent on it"
    confirmed = unset

comment-deadline
    source = "Not found: until when written comments are taken"
    confirmed = unset

withdrawable-until
    source = "Rule 17 is silent on it; at COP11 objections were withdrawn some days before the vote"
    confirmed = unset

decision-window
    source = "Rule 17 is silent on it"
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
    source = "No source: Inferred from the seat of the secretariat"
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
    value = "states-parties"
    source = "No source: Rule 17 does not say whose objection counts; inferred from the membership"
    confirmed = assumed

register
    value = "untoc"
    source = "No source: Inferred from the membership of the Conference"
    confirmed = assumed

ecosoc-objectable
    value = "decision-only"
    source = "Rules of procedure of the UNTOC Conference, rule 17, paragraph 1, unodc.org/unodc/en/treaties/CTOC/participation-ngos.html"
    confirmed = source

objection-threshold
    value = "1"
    source = "Rules of procedure of the UNTOC Conference, rule 17, paragraph 2, unodc.org/unodc/en/treaties/CTOC/participation-ngos.html"
    confirmed = source

objection-effect
    value = "refer"
    source = "Rules of procedure of the UNTOC Conference, rule 17, paragraph 2, unodc.org/unodc/en/treaties/CTOC/participation-ngos.html"
    confirmed = source

state-while-undecided
    value = "excluded"
    source = "COP11, 17 and 18 October 2022, uncaccoalition.org/unprecedented-vote-to-protect-civil-society-space-at-un-level-at-untoc-cop11"
    confirmed = practice

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
    value = "conference, this-session, Conference of the Parties to the UN Convention against Transnational Organized Crime"
    source = "Rules of procedure of the UNTOC Conference, rule 17, paragraph 2, unodc.org/unodc/en/treaties/CTOC/participation-ngos.html"
    confirmed = source

majority
    value = "two-thirds"
    source = "COP11, 17 and 18 October 2022, eyeonglobaltransparency.net/2022/10/19/untoc-liberalizes-rules-on-including-civil-society-organizations-as-observers"
    confirmed = practice

endorsement
    value = "none"
    source = "Inferred: nothing says that the list is endorsed as a whole"
    confirmed = assumed

lapse-rule
    value = "out"
    source = "No source: Inferred from the Conference on corruption, whose rule is the same"
    confirmed = assumed

reapply
    value = "each-cycle"
    source = "Inferred: rule 17 is of one Conference"
    confirmed = assumed

status-duration
    value = "session"
    source = "Inferred: rule 17 is of one Conference"
    confirmed = assumed

# Who sees what

opens
    value = "received: presence endorsement referral lapse; decided: application amendment withdrawal status-confirmed merge transfer late-permit decision correction invitation; published: registration attendance intervention comment comment-ruling suggestion summary; never: screening list-version objection co-signature reason-added objection-withdrawal correspondence disclosure-request disclosure notice reply"
    source = "No source: Chosen so that nothing opens that other values seal"
    confirmed = assumed

disclosure-fact
    value = "public"
    source = "COP11, 17 and 18 October 2022, uncaccoalition.org/unprecedented-vote-to-protect-civil-society-space-at-un-level-at-untoc-cop11"
    confirmed = practice

disclosure-objector
    value = "decider"
    source = "COP11, 17 and 18 October 2022, eyeonglobaltransparency.net/2022/10/19/untoc-liberalizes-rules-on-including-civil-society-organizations-as-observers"
    confirmed = practice

disclosure-reason
    value = "decider"
    source = "Inferred: as the objector"
    confirmed = assumed

disclosure-cause
    value = "public"
    source = "No source: Follows from the objection being debated in plenary"
    confirmed = assumed

list-readers
    value = "states secretariat chair bureau conference"
    source = "No source: Rule 17 has the list circulated as a document; to whom is inferred"
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
    value = "attend speak documents"
    source = "Rules of procedure of the UNTOC Conference, rule 17, paragraph 3, unodc.org/unodc/en/treaties/CTOC/participation-ngos.html"
    confirmed = source

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
    value = "own-activities"
    source = "Rules of procedure of the UNTOC Conference, rule 17, paragraph 3, unodc.org/unodc/en/treaties/CTOC/participation-ngos.html"
    confirmed = source

quantifiers
    value = "one 1, a few 2, some 3, several 5, multiple 8, many 12"
    source = "No source: Words of the Summary by the Chair of 27 May 2022, paragraphs 9 to 20; the numbers are chosen"
    confirmed = assumed
