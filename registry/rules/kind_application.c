/* SPDX-License-Identifier: Apache-2.0
 *
 * What an office says of its applications (docs/rules.md, 6.3). The verdicts are seen by the
 * office, so none of them depends on what it may not see: an organisation of somebody else is as
 * unknown to it as none, and a withdrawal is accepted whatever became of the application. */
#include "registry/rules/rules_private.h"

/* The claims that application and amendment share. */
typedef struct {
    uint64_t category, ecosoc, prior, persons;
    const dais_list_t *documents;
} application_claims_t;

static bool application_is_complete(const dais_policy_t *policy, const dais_list_t *documents)
{
    const dais_policy_word_list_t *required = &policy->required_documents;
    for (unsigned i = 0; i < required->count; i++) {
        bool found = false;
        dais_line_item_t item;
        dais_list_walk_t walk = dais_list_begin(documents, &dais_shape_line_item);
        while (!found && dais_list_next(&walk, &item))
            found = dais_slice_equal(item.value, required->items[i]);
        if (!found)
            return false;
    }
    return true;
}

static dais_verdict_t application_check_claims(const dais_policy_t *policy,
                                               const application_claims_t *claims)
{
    if ((policy->eligible_categories >> claims->category & 1U) == 0)
        return DAIS_VERDICT_CATEGORY_NOT_ELIGIBLE;
    if (policy->representatives_max != DAIS_POLICY_NO_LIMIT &&
        claims->persons > policy->representatives_max)
        return DAIS_VERDICT_TOO_MANY_PERSONS;
    return DAIS_VERDICT_ACCEPTED;
}

static void application_claim(dais_org_t *org, const application_claims_t *claims)
{
    org->row.category = (uint8_t)claims->category;
    org->row.ecosoc = (uint8_t)claims->ecosoc;
    org->row.prior = (uint8_t)claims->prior;
    org->row.persons = (uint16_t)claims->persons;
}

/* Without a deadline applications are taken until the meeting; after it closes nothing can be done
 * for one that came in time and was logged too late. */
static dais_verdict_t application_timing(const dais_step_t *step)
{
    bool has_begun = step->cycle_state >= DAIS_CYCLE_IN_SESSION;
    if (step->cycle_state == DAIS_CYCLE_DRAFT)
        return DAIS_VERDICT_EARLY;
    if (!dais_dates_is_set(step->rules, DAIS_DATE_APPLICATION))
        return has_begun ? DAIS_VERDICT_LATE : DAIS_VERDICT_ACCEPTED;
    dais_verdict_t verdict =
        dais_dates_deadline(step, DAIS_DATE_APPLICATION, DAIS_THING_APPLICATION);
    if (verdict == DAIS_VERDICT_TIMELY_AFTER_TICK && has_begun)
        return DAIS_VERDICT_LATE;
    return verdict;
}

/* Its place: at once where the order of receipt is settled, or never will be. */
static void application_queue(const dais_step_t *step, dais_org_t *org)
{
    dais_rules_t *rules = step->rules;
    const dais_rules_facts_t *facts = step->facts;
    dais_row_key_t key = {{facts->received_at, facts->intake, facts->j,
                           (uint64_t)facts->bundle_index * 256 + facts->index}};
    dais_mark_row_t mark = {.entry = rules->seq, .value = org->number};
    if (!dais_dates_is_set(rules, DAIS_DATE_APPLICATION) ||
        dais_dates_is_ticked(rules, DAIS_DATE_APPLICATION))
        dais_org_rank(rules, org);
    else
        rules->store->port->sorted_put(rules->store, DAIS_TABLE_RECEIVED, &key, &mark);
}

static dais_verdict_t application_enter(dais_step_t *step, const dais_id_t *id,
                                        const application_claims_t *claims, dais_verdict_t timing)
{
    dais_rules_t *rules = step->rules;
    bool is_complete = application_is_complete(&rules->policy, claims->documents);
    dais_org_t org;
    dais_org_add(rules, id, &org);
    org.row.office_number = step->who.actor_number;
    org.row.marks = dais_step_marks(timing);
    application_claim(&org, claims);
    application_queue(step, &org);
    dais_org_move(rules, &org,
                  is_complete ? DAIS_APPLICATION_SUBMITTED : DAIS_APPLICATION_INCOMPLETE,
                  DAIS_CAUSE_NONE);
    dais_org_put(rules, &org);
    dais_step_about(step, DAIS_SCOPE_ORGANISATION, org.number);
    return !is_complete && timing == DAIS_VERDICT_ACCEPTED ? DAIS_VERDICT_INCOMPLETE : timing;
}

dais_verdict_t dais_kind_application(dais_step_t *step)
{
    const dais_application_t *subject = step->subject;
    application_claims_t claims = {subject->category, subject->ecosoc, subject->prior,
                                   subject->persons, &subject->documents};
    dais_id_t id = step->message->id;
    dais_org_t org;
    if (subject->organisation.size == sizeof id.bytes)
        memcpy(id.bytes, subject->organisation.data, sizeof id.bytes);
    if (dais_step_for_other(step, id.bytes))
        return DAIS_VERDICT_SENSELESS;
    dais_verdict_t timing = application_timing(step);
    if (timing == DAIS_VERDICT_EARLY || timing == DAIS_VERDICT_LATE)
        return timing;
    if (step->rules->policy.reapply == DAIS_POLICY_REAPPLY_NEVER && subject->organisation.size != 0)
        return DAIS_VERDICT_NO_REAPPLY;
    if (dais_org_find(step->rules, &id, &org))
        return DAIS_VERDICT_ALREADY_APPLIED;
    dais_verdict_t verdict = application_check_claims(&step->rules->policy, &claims);
    if (verdict != DAIS_VERDICT_ACCEPTED)
        return verdict;
    return application_enter(step, &id, &claims, timing);
}

/* Who was given time by a notice has it whatever the screening said since, which it may not see. */
static dais_verdict_t amendment_timing(const dais_step_t *step, const dais_org_t *org)
{
    if (dais_dates_is_ticked(step->rules, DAIS_DATE_APPLICATION) &&
        step->facts->received_at < org->row.reply_by)
        return DAIS_VERDICT_ACCEPTED;
    return dais_dates_deadline(step, DAIS_DATE_APPLICATION, DAIS_THING_APPLICATION);
}

/* A claim that is no longer made is no longer confirmed. */
static void amendment_unconfirm(dais_org_t *org, const application_claims_t *claims)
{
    if (org->row.category != claims->category)
        org->row.confirmed_category = 0;
    if (org->row.ecosoc != claims->ecosoc)
        org->row.confirmed_ecosoc = 0;
    if (org->row.prior != claims->prior)
        org->row.confirmed_prior = 0;
}

static dais_verdict_t amendment_enter(dais_step_t *step, dais_org_t *org,
                                      const application_claims_t *claims, dais_verdict_t timing)
{
    bool is_complete = application_is_complete(&step->rules->policy, claims->documents);
    amendment_unconfirm(org, claims);
    application_claim(org, claims);
    org->row.route = DAIS_ROUTE_FORM;
    dais_org_move(step->rules, org,
                  is_complete ? DAIS_APPLICATION_SUBMITTED : DAIS_APPLICATION_INCOMPLETE,
                  DAIS_CAUSE_NONE);
    dais_org_put(step->rules, org);
    dais_step_about(step, DAIS_SCOPE_ORGANISATION, org->number);
    return !is_complete && timing == DAIS_VERDICT_ACCEPTED ? DAIS_VERDICT_INCOMPLETE : timing;
}

dais_verdict_t dais_kind_amendment(dais_step_t *step)
{
    const dais_amendment_t *subject = step->subject;
    application_claims_t claims = {subject->category, subject->ecosoc, subject->prior,
                                   subject->persons, &subject->documents};
    dais_org_t org;
    if (dais_step_for_other(step, subject->organisation.bytes))
        return DAIS_VERDICT_SENSELESS;
    if (!dais_org_find(step->rules, &subject->organisation, &org) || !dais_step_acts(step, &org))
        return DAIS_VERDICT_NOT_YOURS;
    if (org.row.withdrawn != 0)
        return DAIS_VERDICT_WRONG_STATE;
    if (!dais_org_is_pre_list(&org))
        return DAIS_VERDICT_ALREADY_LISTED;
    dais_verdict_t timing = amendment_timing(step, &org);
    if (timing == DAIS_VERDICT_LATE)
        return timing;
    dais_verdict_t verdict = application_check_claims(&step->rules->policy, &claims);
    if (verdict != DAIS_VERDICT_ACCEPTED)
        return verdict;
    return amendment_enter(step, &org, &claims, timing);
}

static dais_verdict_t withdrawal_of_application(dais_step_t *step, const dais_id_t *id)
{
    dais_rules_t *rules = step->rules;
    dais_org_t org;
    if (dais_step_for_other(step, id->bytes))
        return DAIS_VERDICT_SENSELESS;
    if (!dais_org_find(rules, id, &org) || !dais_step_acts(step, &org))
        return DAIS_VERDICT_NOT_YOURS;
    dais_step_about(step, DAIS_SCOPE_ORGANISATION, org.number);
    if (org.row.withdrawn != 0 || step->cycle_state >= DAIS_CYCLE_ENDED)
        return DAIS_VERDICT_NO_EFFECT;
    org.row.withdrawn = rules->seq;
    if (org.row.state != DAIS_APPLICATION_REFUSED && org.row.state != DAIS_APPLICATION_LAPSED) {
        dais_weigh_withdraw(rules, &org);
        dais_org_move(rules, &org, DAIS_APPLICATION_WITHDRAWN, DAIS_CAUSE_WITHDRAWAL);
    }
    dais_org_put(rules, &org);
    return DAIS_VERDICT_ACCEPTED;
}

dais_verdict_t dais_kind_withdrawal(dais_step_t *step)
{
    const dais_withdrawal_t *subject = step->subject;
    switch (subject->thing) {
    case DAIS_THING_APPLICATION: return withdrawal_of_application(step, &subject->id);
    case DAIS_THING_COMMENT: return dais_comment_withdraw(step, &subject->id);
    default:
        return step->cycle_state > DAIS_CYCLE_SUMMARISED ? DAIS_VERDICT_WRONG_STATE
                                                         : DAIS_VERDICT_SENSELESS;
    }
}

dais_verdict_t dais_kind_reply(dais_step_t *step)
{
    const dais_reply_t *reply = step->subject;
    dais_rules_t *rules = step->rules;
    dais_row_key_t key = {{reply->notice}};
    dais_notice_row_t notice;
    dais_org_t org;
    if (dais_step_for_other(step, reply->organisation.bytes))
        return DAIS_VERDICT_SENSELESS;
    if (!dais_org_find(rules, &reply->organisation, &org) || !dais_step_acts(step, &org))
        return DAIS_VERDICT_NOT_YOURS;
    if (!rules->store->port->sorted_get(rules->store, DAIS_TABLE_NOTICE, &key, &notice) ||
        notice.organisation_number != org.number)
        return DAIS_VERDICT_UNKNOWN_ENTRY;
    if (notice.reply_by == 0 || step->facts->received_at >= notice.reply_by)
        return DAIS_VERDICT_LATE;
    dais_step_about(step, DAIS_SCOPE_ORGANISATION, org.number);
    return DAIS_VERDICT_ACCEPTED;
}
