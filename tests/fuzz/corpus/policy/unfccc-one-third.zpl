# SPDX-License-Identifier: Apache-2.0
# docs/policies.md says what each key means and how its value is written.

policy
    id = unfccc-one-third
    version = 1
    title = "Conference of the Parties to the UN Framework Convention on Climate Change, observers"
    valid-from = unset
    legal-basis = "UN Framework Convention on Climate Change, article 7, paragraph 6"

# Admission

eligible-categories
    value = "ngo igo"
    source = "UNFCCC, article 7, paragraph 6, unfccc.int/documents/200972"
    confirmed = source

ecosoc-route
    value = "same-form"
    source = "Admission does not depend on ECOSOC status, unfccc.int/parties_and_observers/observer_organizations/items/9523.php"
    confirmed = source

prior-accreditation
    value = "none"
    source = "Inferred: nothing gives an earlier accreditation an effect"
    confirmed = assumed

approver
    value = "bureau, Bureau of the Conference of the Parties"
    source = "Admission of observers, unfccc.int/parties_and_observers/observer_organizations/items/9523.php"
    confirmed = source

list-maker
    value = "secretariat, secretariat of the Convention"
    source = "Admission of observers, unfccc.int/parties_and_observers/observer_organizations/items/9523.php"
    confirmed = source

required-documents
    value = "letter statutes registration non-profit-proof"
    source = "Observer status, fao.org/mountain-partnership/news/news-detail/it/c/427534"
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
    value = "none"
    source = "Inferred: applications are taken at any time"
    confirmed = assumed

list-min-notice
    source = "Not found: how long before the session the document goes out"
    confirmed = unset

objection-window
    source = "At the meeting; no times are given"
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
    source = "That of Bonn or of the host of the session"
    confirmed = unset

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
    value = "parties-present"
    source = "UNFCCC, article 7, paragraph 6, unfccc.int/documents/200972"
    confirmed = source

register
    value = "unfccc"
    source = "UNFCCC, article 7, paragraph 6, unfccc.int/documents/200972"
    confirmed = source

ecosoc-objectable
    value = "yes"
    source = "Admission does not depend on ECOSOC status, unfccc.int/parties_and_observers/observer_organizations/items/9523.php"
    confirmed = source

objection-threshold
    value = "1/3"
    source = "UNFCCC, article 7, paragraph 6, unfccc.int/documents/200972"
    confirmed = source

objection-effect
    value = "refer"
    source = "Inferred: article 7 bars admission from a third on, and the Conference is who admits"
    confirmed = assumed

state-while-undecided
    value = "provisional"
    source = "Admission of observers, unfccc.int/parties_and_observers/observer_organizations/items/9523.php"
    confirmed = source

group-objection
    value = "each-signs"
    source = "Chosen: a State is bound by what it signs itself"
    confirmed = assumed

reasons
    value = "none"
    source = "Inferred: the objection counts, not its reason"
    confirmed = assumed

reason-codes
    value = "none"
    source = "No source: No list of reasons was found"
    confirmed = assumed

decider
    value = "conference, this-session, Conference of the Parties to the UNFCCC"
    source = "UNFCCC, article 7, paragraph 6, unfccc.int/documents/200972"
    confirmed = source

majority
    source = "Article 7 counts objections; no majority for other decisions was found"
    confirmed = unset

endorsement
    value = "none"
    source = "Inferred: nothing says that the list is endorsed as a whole"
    confirmed = assumed

lapse-rule
    value = "carried"
    source = "Inferred: the next session takes the case up"
    confirmed = assumed

reapply
    value = "not-needed"
    source = "Status is permanent, unfccc.int/parties_and_observers/observer_organizations/items/9523.php"
    confirmed = source

status-duration
    value = "permanent"
    source = "Status is permanent, unfccc.int/parties_and_observers/observer_organizations/items/9523.php"
    confirmed = source

# Who sees what

opens
    value = "received: presence endorsement objection co-signature reason-added objection-withdrawal referral disclosure-request lapse; listed: application amendment withdrawal list-version; decided: status-confirmed merge transfer late-permit decision correction invitation; published: registration attendance intervention comment comment-ruling suggestion summary; never: screening correspondence disclosure notice reply"
    source = "Chosen: the list is a public document and the meeting is public"
    confirmed = assumed

disclosure-fact
    value = "public"
    source = "Inferred: objections are raised in the meeting"
    confirmed = assumed

disclosure-objector
    value = "public"
    source = "Inferred: objections are raised in the meeting"
    confirmed = assumed

disclosure-reason
    value = "sealed"
    source = "No source: Follows from reasons: none are taken"
    confirmed = assumed

disclosure-cause
    value = "public"
    source = "Inferred: objections are raised in the meeting"
    confirmed = assumed

list-readers
    value = "states secretariat chair bureau conference public"
    source = "List of organizations that apply, sdg.iisd.org/news/unfccc-publishes-list-of-organizations-applying-for-observer-status"
    confirmed = source

participants-from
    value = "admitted"
    source = "Inferred: the list names those who are accredited"
    confirmed = assumed

publish-applicants
    value = "names"
    source = "List of organizations that apply, sdg.iisd.org/news/unfccc-publishes-list-of-organizations-applying-for-observer-status"
    confirmed = source

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
    value = "attend speak"
    source = "Inferred: they attend, and speak through constituencies"
    confirmed = assumed

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
