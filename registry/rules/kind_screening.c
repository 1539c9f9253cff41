/* SPDX-License-Identifier: Apache-2.0
 *
 * What the secretariat finds and says of applications (docs/rules.md, 6.3). */
#include "registry/rules/rules_private.h"

/* Only a confirmed status carries a route. */
static dais_route_t screening_route(const dais_rules_t *rules, const dais_org_t *org)
{
    if (org->row.confirmed_ecosoc != DAIS_ANSWER_YES)
        return DAIS_ROUTE_FORM;
    if (rules->policy.ecosoc_route == DAIS_POLICY_ECOSOC_ROUTE_NOTIFY)
        return DAIS_ROUTE_NOTIFY;
    if (rules->policy.ecosoc_route == DAIS_POLICY_ECOSOC_ROUTE_ACCORDED)
        return DAIS_ROUTE_ACCORDED;
    return DAIS_ROUTE_FORM;
}

static void screening_take_route(dais_rules_t *rules, dais_org_t *org)
{
    org->row.route = (uint8_t)screening_route(rules, org);
    if (org->row.route != DAIS_ROUTE_FORM)
        dais_org_move(rules, org, DAIS_APPLICATION_ADMITTED, DAIS_CAUSE_ROUTE);
}

/* Finds the organisation that the entry is about. */
static bool screening_find(dais_step_t *step, const dais_id_t *id, dais_org_t *org)
{
    if (!dais_org_find(step->rules, id, org))
        return false;
    dais_step_about(step, DAIS_SCOPE_ORGANISATION, org->number);
    return true;
}

dais_verdict_t dais_kind_status_confirmed(dais_step_t *step)
{
    const dais_status_confirmed_t *status = step->subject;
    dais_org_t org;
    if (!screening_find(step, &status->organisation, &org))
        return DAIS_VERDICT_UNKNOWN_ORGANISATION;
    if (org.row.state == DAIS_APPLICATION_REFUSED || org.row.state == DAIS_APPLICATION_WITHDRAWN ||
        org.row.state == DAIS_APPLICATION_LAPSED)
        return DAIS_VERDICT_WRONG_STATE;
    org.row.confirmed_category = (uint8_t)status->category;
    org.row.confirmed_ecosoc = (uint8_t)status->ecosoc;
    org.row.confirmed_prior = (uint8_t)status->prior;
    if (org.row.state == DAIS_APPLICATION_ELIGIBLE)
        screening_take_route(step->rules, &org);
    dais_org_put(step->rules, &org);
    return DAIS_VERDICT_ACCEPTED;
}

static dais_application_state_t screening_state(uint64_t result)
{
    switch (result) {
    case DAIS_SCREENING_ELIGIBLE: return DAIS_APPLICATION_ELIGIBLE;
    case DAIS_SCREENING_INCOMPLETE: return DAIS_APPLICATION_INCOMPLETE;
    case DAIS_SCREENING_SCREENED_OUT: return DAIS_APPLICATION_SCREENED_OUT;
    default: return DAIS_APPLICATION_DUPLICATE;
    }
}

/* The organisation that a duplicate is; 0 if it is none, or itself. */
static uint32_t screening_same_as(dais_rules_t *rules, dais_slice_t same_as, const dais_org_t *org)
{
    dais_id_t id;
    dais_org_t other;
    memcpy(id.bytes, same_as.data, sizeof id.bytes);
    if (!dais_org_find(rules, &id, &other) || other.number == org->number)
        return 0;
    return other.number;
}

static dais_verdict_t screening_check(const dais_step_t *step, const dais_org_t *org,
                                      uint32_t *same_as)
{
    const dais_screening_t *screening = step->subject;
    bool is_eligible = screening->result == DAIS_SCREENING_ELIGIBLE;
    bool is_duplicate = screening->result == DAIS_SCREENING_DUPLICATE;
    if (!dais_org_is_pre_list(org))
        return DAIS_VERDICT_WRONG_STATE;
    if (!is_eligible && screening->reason.size == 0)
        return DAIS_VERDICT_REASON_REQUIRED;
    if (is_duplicate != (screening->same_as.size != 0))
        return DAIS_VERDICT_SENSELESS;
    if (is_duplicate)
        *same_as = screening_same_as(step->rules, screening->same_as, org);
    if (is_duplicate && *same_as == 0)
        return DAIS_VERDICT_UNKNOWN_ORGANISATION;
    if (org->row.state == screening_state(screening->result))
        return DAIS_VERDICT_NO_EFFECT;
    if (is_eligible && org->row.state == DAIS_APPLICATION_INCOMPLETE)
        return DAIS_VERDICT_WRONG_STATE;
    if (is_eligible &&
        (step->rules->policy.eligible_categories >> dais_org_category(&org->row) & 1U) == 0)
        return DAIS_VERDICT_CATEGORY_NOT_ELIGIBLE;
    return DAIS_VERDICT_ACCEPTED;
}

dais_verdict_t dais_kind_screening(dais_step_t *step)
{
    const dais_screening_t *screening = step->subject;
    uint32_t same_as = 0;
    dais_org_t org;
    if (!screening_find(step, &screening->organisation, &org))
        return DAIS_VERDICT_UNKNOWN_ORGANISATION;
    dais_verdict_t verdict = screening_check(step, &org, &same_as);
    if (verdict != DAIS_VERDICT_ACCEPTED)
        return verdict;
    if (same_as != 0)
        org.row.same_as_number = same_as;
    dais_org_move(step->rules, &org, screening_state(screening->result), DAIS_CAUSE_NONE);
    if (screening->result == DAIS_SCREENING_ELIGIBLE)
        screening_take_route(step->rules, &org);
    dais_org_put(step->rules, &org);
    return DAIS_VERDICT_ACCEPTED;
}

dais_verdict_t dais_kind_merge(dais_step_t *step)
{
    const dais_merge_t *merge = step->subject;
    dais_rules_t *rules = step->rules;
    dais_org_t kept;
    dais_org_t dropped;
    if (!dais_org_find(rules, &merge->kept, &kept) ||
        !dais_org_find(rules, &merge->dropped, &dropped) || kept.number == dropped.number)
        return DAIS_VERDICT_UNKNOWN_ORGANISATION;
    if (!dais_org_is_pre_list(&dropped))
        return DAIS_VERDICT_WRONG_STATE;
    dais_step_put_target(step, 0, kept.number);
    dais_step_put_target(step, 1, dropped.number);
    dais_step_about(step, DAIS_SCOPE_TARGETS, 2);
    if (dropped.row.state == DAIS_APPLICATION_DUPLICATE)
        return DAIS_VERDICT_NO_EFFECT;
    dropped.row.same_as_number = kept.number;
    dais_org_move(rules, &dropped, DAIS_APPLICATION_DUPLICATE, DAIS_CAUSE_NONE);
    dais_org_put(rules, &dropped);
    return DAIS_VERDICT_ACCEPTED;
}

dais_verdict_t dais_kind_transfer(dais_step_t *step)
{
    const dais_transfer_t *transfer = step->subject;
    dais_rules_store_t *store = step->rules->store;
    dais_actor_row_t actor;
    dais_org_t org;
    uint32_t office = dais_roster_actor(store, &transfer->office);
    if (!screening_find(step, &transfer->organisation, &org))
        return DAIS_VERDICT_UNKNOWN_ORGANISATION;
    if (office == 0 || !store->port->dense_get(store, DAIS_TABLE_ACTOR, office, &actor) ||
        actor.role != DAIS_ROLE_OFFICE)
        return DAIS_VERDICT_UNKNOWN_ACTOR;
    if (org.row.office_number == office)
        return DAIS_VERDICT_NO_EFFECT;
    org.row.office_number = office;
    dais_org_put(step->rules, &org);
    return DAIS_VERDICT_ACCEPTED;
}

static dais_verdict_t notice_check(const dais_step_t *step)
{
    const dais_notice_t *notice = step->subject;
    dais_policy_notify_t told = step->rules->policy.notify_applicant;
    if (notice->thing == DAIS_THING_OBJECTION &&
        (told == DAIS_POLICY_NOTIFY_NEVER || told == DAIS_POLICY_NOTIFY_OUTCOME))
        return DAIS_VERDICT_SEALED_BY_POLICY;
    if (notice->thing == DAIS_THING_LIST)
        return DAIS_VERDICT_SENSELESS;
    if (notice->reply_by != 0 && notice->reply_by <= step->facts->received_at)
        return DAIS_VERDICT_ALREADY_PASSED;
    return DAIS_VERDICT_ACCEPTED;
}

dais_verdict_t dais_kind_notice(dais_step_t *step)
{
    const dais_notice_t *notice = step->subject;
    dais_rules_t *rules = step->rules;
    dais_org_t org;
    if (!screening_find(step, &notice->organisation, &org))
        return DAIS_VERDICT_UNKNOWN_ORGANISATION;
    dais_verdict_t verdict = notice_check(step);
    if (verdict != DAIS_VERDICT_ACCEPTED)
        return verdict;
    dais_row_key_t key = {{rules->seq}};
    dais_notice_row_t row = {.reply_by = notice->reply_by, .organisation_number = org.number};
    rules->store->port->sorted_put(rules->store, DAIS_TABLE_NOTICE, &key, &row);
    if (notice->thing == DAIS_THING_APPLICATION)
        org.row.reply_by = notice->reply_by;
    dais_org_put(rules, &org);
    return DAIS_VERDICT_ACCEPTED;
}

dais_verdict_t dais_kind_correspondence(dais_step_t *step)
{
    (void)step; /* Each organisation that it is about has a verdict of its own. */
    return DAIS_VERDICT_ACCEPTED;
}

dais_verdict_t dais_target_correspondence(dais_step_t *step, const void *element)
{
    const dais_id_item_t *item = element;
    dais_org_t org;
    if (!dais_org_find(step->rules, &item->value, &org))
        return DAIS_VERDICT_UNKNOWN_ORGANISATION;
    step->target = org.number;
    return DAIS_VERDICT_ACCEPTED;
}
