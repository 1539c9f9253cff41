/* SPDX-License-Identifier: Apache-2.0
 *
 * Contradictions about who sees what, and about places and texts: values that would show to one
 * reader, directly or by elimination, what another value keeps from that reader. */
#include "registry/rules/policy_check.h"

static bool sight_no_decider(const dais_policy_t *p)
{
    return p->decider.role == DAIS_POLICY_BODY_NONE;
}

static bool no_reasons_disclosed(const dais_policy_t *p)
{
    return p->reasons == DAIS_POLICY_REASONS_NONE &&
           p->disclosure_reason != DAIS_POLICY_DISCLOSURE_SEALED;
}

/* How far a value discloses by name, each step taking in those before it. */
static unsigned sight_names(dais_policy_disclosure_t disclosure)
{
    return disclosure <= DAIS_POLICY_DISCLOSURE_COUNT_ONLY ? 0 : (unsigned)disclosure;
}

static bool sight_counts(dais_policy_disclosure_t disclosure)
{
    return disclosure == DAIS_POLICY_DISCLOSURE_COUNT_ONLY ||
           disclosure == DAIS_POLICY_DISCLOSURE_PUBLIC;
}

/* Does `a` tell anybody what `b` would keep from them? The public gets a number by count-only and
 * by public, names only by public. */
static bool sight_is_wider(dais_policy_disclosure_t a, dais_policy_disclosure_t b)
{
    return sight_names(a) > sight_names(b) || (sight_counts(a) && !sight_counts(b));
}

static bool objector_wider(const dais_policy_t *p)
{
    return sight_is_wider(p->disclosure_objector, p->disclosure_fact);
}

static bool reason_wider(const dais_policy_t *p)
{
    return sight_is_wider(p->disclosure_reason, p->disclosure_fact);
}

static bool cause_wider(const dais_policy_t *p)
{
    return sight_is_wider(p->disclosure_cause, p->disclosure_fact);
}

static bool fact_to_nobody(const dais_policy_t *p)
{
    return p->disclosure_fact == DAIS_POLICY_DISCLOSURE_DECIDER && sight_no_decider(p);
}

static bool objector_to_nobody(const dais_policy_t *p)
{
    return p->disclosure_objector == DAIS_POLICY_DISCLOSURE_DECIDER && sight_no_decider(p);
}

static bool reason_to_nobody(const dais_policy_t *p)
{
    return p->disclosure_reason == DAIS_POLICY_DISCLOSURE_DECIDER && sight_no_decider(p);
}

static bool cause_to_nobody(const dais_policy_t *p)
{
    return p->disclosure_cause == DAIS_POLICY_DISCLOSURE_DECIDER && sight_no_decider(p);
}

static bool sight_opens(const dais_policy_t *p, dais_policy_opened_t kind)
{
    return p->opens.at[kind] != DAIS_POLICY_OPENS_AT_NEVER;
}

static bool open_objection_sealed_objector(const dais_policy_t *p)
{
    return p->disclosure_objector != DAIS_POLICY_DISCLOSURE_PUBLIC &&
           (sight_opens(p, DAIS_POLICY_OPENED_OBJECTION) ||
            sight_opens(p, DAIS_POLICY_OPENED_CO_SIGNATURE) ||
            sight_opens(p, DAIS_POLICY_OPENED_REASON_ADDED) ||
            sight_opens(p, DAIS_POLICY_OPENED_OBJECTION_WITHDRAWAL));
}

static bool open_objection_sealed_reason(const dais_policy_t *p)
{
    return p->disclosure_reason != DAIS_POLICY_DISCLOSURE_PUBLIC &&
           p->reasons != DAIS_POLICY_REASONS_NONE &&
           (sight_opens(p, DAIS_POLICY_OPENED_OBJECTION) ||
            sight_opens(p, DAIS_POLICY_OPENED_REASON_ADDED));
}

static bool open_case_sealed_fact(const dais_policy_t *p)
{
    return p->disclosure_fact != DAIS_POLICY_DISCLOSURE_PUBLIC &&
           (sight_opens(p, DAIS_POLICY_OPENED_REFERRAL) ||
            sight_opens(p, DAIS_POLICY_OPENED_DISCLOSURE_REQUEST) ||
            sight_opens(p, DAIS_POLICY_OPENED_LAPSE));
}

static bool public_objector_never_open(const dais_policy_t *p)
{
    return p->disclosure_objector == DAIS_POLICY_DISCLOSURE_PUBLIC &&
           !sight_opens(p, DAIS_POLICY_OPENED_OBJECTION);
}

static bool open_screening_sealed_cause(const dais_policy_t *p)
{
    return p->disclosure_cause != DAIS_POLICY_DISCLOSURE_PUBLIC &&
           sight_opens(p, DAIS_POLICY_OPENED_SCREENING);
}

static bool screening_sealed_cause(const dais_policy_t *p)
{
    return p->disclosure_cause != DAIS_POLICY_DISCLOSURE_PUBLIC &&
           p->screening_reasons != DAIS_POLICY_SCREENING_NONE;
}

static bool notify_sealed_fact(const dais_policy_t *p)
{
    return p->disclosure_fact != DAIS_POLICY_DISCLOSURE_PUBLIC &&
           p->notify_applicant >= DAIS_POLICY_NOTIFY_OBJECTION;
}

static bool notify_sealed_reason(const dais_policy_t *p)
{
    return p->disclosure_reason != DAIS_POLICY_DISCLOSURE_PUBLIC &&
           p->notify_applicant == DAIS_POLICY_NOTIFY_OBJECTION_WITH_REASON;
}

static bool reply_to_nothing(const dais_policy_t *p)
{
    return p->notify_applicant == DAIS_POLICY_NOTIFY_NEVER && p->reply_window != 0;
}

static bool names_never_open(const dais_policy_t *p)
{
    return p->publish_applicants == DAIS_POLICY_APPLICANTS_NAMES &&
           !sight_opens(p, DAIS_POLICY_OPENED_APPLICATION);
}

/* Once decided, an application may open whatever is said of applicants: the outcome is public. */
static bool open_applications_unnamed(const dais_policy_t *p)
{
    return p->publish_applicants != DAIS_POLICY_APPLICANTS_NAMES &&
           p->opens.at[DAIS_POLICY_OPENED_APPLICATION] < DAIS_POLICY_OPENS_AT_DECIDED;
}

static bool blocked_not_admitted(const dais_policy_t *p)
{
    return p->comments_from == DAIS_POLICY_COMMENTER_ADMITTED &&
           p->blocked_comments == DAIS_POLICY_BLOCKED_COMMENTS_PUBLISH;
}

static bool capacity_no_order(const dais_policy_t *p)
{
    return p->capacity != DAIS_POLICY_NO_LIMIT && p->priority_order == DAIS_POLICY_PRIORITY_NONE;
}

static bool quota_no_order(const dais_policy_t *p)
{
    return p->quota != DAIS_POLICY_NO_LIMIT && p->priority_order == DAIS_POLICY_PRIORITY_NONE;
}

static bool quota_over_capacity(const dais_policy_t *p)
{
    return p->quota != DAIS_POLICY_NO_LIMIT && p->quota > p->capacity;
}

const dais_policy_combination_t dais_policy_combinations_sight[] = {
    {DAIS_POLICY_KEY_REASONS, DAIS_POLICY_KEY_DISCLOSURE_REASON, no_reasons_disclosed,
     "no reasons are taken, so there is none to disclose"},
    {DAIS_POLICY_KEY_DISCLOSURE_OBJECTOR, DAIS_POLICY_KEY_DISCLOSURE_FACT, objector_wider,
     "whoever learns who objected learns that somebody did"},
    {DAIS_POLICY_KEY_DISCLOSURE_REASON, DAIS_POLICY_KEY_DISCLOSURE_FACT, reason_wider,
     "whoever learns why a State objected learns that one did"},
    {DAIS_POLICY_KEY_DISCLOSURE_CAUSE, DAIS_POLICY_KEY_DISCLOSURE_FACT, cause_wider,
     "whoever learns the cause of each absence learns of objections"},
    {DAIS_POLICY_KEY_DISCLOSURE_FACT, DAIS_POLICY_KEY_DECIDER, fact_to_nobody,
     "it is disclosed to the decider, and there is none"},
    {DAIS_POLICY_KEY_DISCLOSURE_OBJECTOR, DAIS_POLICY_KEY_DECIDER, objector_to_nobody,
     "it is disclosed to the decider, and there is none"},
    {DAIS_POLICY_KEY_DISCLOSURE_REASON, DAIS_POLICY_KEY_DECIDER, reason_to_nobody,
     "it is disclosed to the decider, and there is none"},
    {DAIS_POLICY_KEY_DISCLOSURE_CAUSE, DAIS_POLICY_KEY_DECIDER, cause_to_nobody,
     "it is disclosed to the decider, and there is none"},
    {DAIS_POLICY_KEY_OPENS, DAIS_POLICY_KEY_DISCLOSURE_OBJECTOR, open_objection_sealed_objector,
     "entries that name the objecting State would open to the public"},
    {DAIS_POLICY_KEY_OPENS, DAIS_POLICY_KEY_DISCLOSURE_OBJECTOR, public_objector_never_open,
     "the objector is public, but objections never open"},
    {DAIS_POLICY_KEY_OPENS, DAIS_POLICY_KEY_DISCLOSURE_REASON, open_objection_sealed_reason,
     "entries that carry the reason would open to the public"},
    {DAIS_POLICY_KEY_OPENS, DAIS_POLICY_KEY_DISCLOSURE_FACT, open_case_sealed_fact,
     "entries that name an organisation as objected to would open to the public"},
    {DAIS_POLICY_KEY_OPENS, DAIS_POLICY_KEY_DISCLOSURE_CAUSE, open_screening_sealed_cause,
     "an open screening tells one cause of absence, and so by elimination the other"},
    {DAIS_POLICY_KEY_SCREENING_REASONS, DAIS_POLICY_KEY_DISCLOSURE_CAUSE, screening_sealed_cause,
     "whoever gets no screening reason would know that there was an objection"},
    {DAIS_POLICY_KEY_NOTIFY_APPLICANT, DAIS_POLICY_KEY_DISCLOSURE_FACT, notify_sealed_fact,
     "an applicant would be told what is kept from all but a few"},
    {DAIS_POLICY_KEY_NOTIFY_APPLICANT, DAIS_POLICY_KEY_DISCLOSURE_REASON, notify_sealed_reason,
     "an applicant would be told a reason that is kept from all but a few"},
    {DAIS_POLICY_KEY_NOTIFY_APPLICANT, DAIS_POLICY_KEY_REPLY_WINDOW, reply_to_nothing,
     "there is time to reply, and nothing to reply to"},
    {DAIS_POLICY_KEY_PUBLISH_APPLICANTS, DAIS_POLICY_KEY_OPENS, names_never_open,
     "names of applicants are to be published, but applications never open"},
    {DAIS_POLICY_KEY_OPENS, DAIS_POLICY_KEY_PUBLISH_APPLICANTS, open_applications_unnamed,
     "applications open before their outcome, but who applied is not to be public"},
    {DAIS_POLICY_KEY_COMMENTS_FROM, DAIS_POLICY_KEY_BLOCKED_COMMENTS, blocked_not_admitted,
     "only admitted organisations comment, and one that is kept out is not admitted"},
    {DAIS_POLICY_KEY_CAPACITY, DAIS_POLICY_KEY_PRIORITY_ORDER, capacity_no_order,
     "there are fewer places than organisations may come, and no order among them"},
    {DAIS_POLICY_KEY_QUOTA, DAIS_POLICY_KEY_PRIORITY_ORDER, quota_no_order,
     "there are fewer places than organisations may come, and no order among them"},
    {DAIS_POLICY_KEY_QUOTA, DAIS_POLICY_KEY_CAPACITY, quota_over_capacity,
     "one category would get more places than there are"},
    {DAIS_POLICY_KEY_COUNT, DAIS_POLICY_KEY_COUNT, NULL, NULL},
};
