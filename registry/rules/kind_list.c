/* SPDX-License-Identifier: Apache-2.0
 *
 * The circulated list: its versions, their approval and the endorsement of the list as a whole
 * (docs/rules.md, 6.4). A version is taken or refused as one. */
#include "registry/rules/rules_private.h"

static bool list_is_permitted(const dais_step_t *step)
{
    dais_mark_row_t permit;
    dais_row_key_t key = {{step->who.actor_number, DAIS_THING_LIST}};
    dais_rules_store_t *store = step->rules->store;
    return store->port->sorted_get(store, DAIS_TABLE_PERMIT, &key, &permit) &&
           step->facts->received_at < permit.value;
}

/* ACCEPTED or ACCEPTED_LATE to go on. */
static dais_verdict_t list_check_first(const dais_step_t *step)
{
    const dais_list_version_t *list = step->subject;
    const dais_rules_t *rules = step->rules;
    dais_verdict_t verdict = DAIS_VERDICT_ACCEPTED;
    bool is_first = list->version == 1;
    if (list->version != (uint64_t)rules->cycle.list_version + 1)
        return DAIS_VERDICT_WRONG_NUMBER;
    if (is_first && step->cycle_state == DAIS_CYCLE_OPEN &&
        dais_dates_is_set(rules, DAIS_DATE_APPLICATION))
        return DAIS_VERDICT_EARLY;
    if (is_first && dais_dates_is_ticked(rules, DAIS_DATE_OBJECTION_CLOSES))
        return DAIS_VERDICT_LATE;
    if (is_first && dais_dates_is_ticked(rules, DAIS_DATE_LIST_NOTICE)) {
        if (!list_is_permitted(step))
            return DAIS_VERDICT_LATE;
        verdict = DAIS_VERDICT_ACCEPTED_LATE;
    }
    if (rules->policy.approver.role != DAIS_POLICY_BODY_NONE &&
        rules->cycle.approved < list->version)
        return DAIS_VERDICT_NOT_APPROVED;
    if (!is_first && list->reason.size == 0)
        return DAIS_VERDICT_REASON_REQUIRED;
    return is_first && list->removed.count != 0 ? DAIS_VERDICT_SENSELESS : verdict;
}

/* One organisation of a list: there, once in the whole entry, and in a state that the list can
 * change. */
typedef struct {
    uint32_t seen[2 * DAIS_LIMIT_LIST_CHANGES];
    uint32_t count;
} list_seen_t;

static dais_verdict_t list_check_org(dais_rules_t *rules, const dais_id_t *id, bool is_removal,
                                     list_seen_t *seen)
{
    dais_org_t org;
    if (!dais_org_find(rules, id, &org))
        return DAIS_VERDICT_UNKNOWN_ORGANISATION;
    for (uint32_t i = 0; i < seen->count; i++)
        if (seen->seen[i] == org.number)
            return DAIS_VERDICT_REPEATED_TARGET;
    seen->seen[seen->count++] = org.number;
    if (is_removal)
        return org.row.state == DAIS_APPLICATION_LISTED ||
                       org.row.state == DAIS_APPLICATION_UNOPPOSED
                   ? DAIS_VERDICT_ACCEPTED
                   : DAIS_VERDICT_NOT_ELIGIBLE;
    return org.row.state == DAIS_APPLICATION_ELIGIBLE ? DAIS_VERDICT_ACCEPTED
                                                      : DAIS_VERDICT_NOT_ELIGIBLE;
}

static dais_verdict_t list_check_orgs(dais_rules_t *rules, const dais_list_version_t *list)
{
    dais_id_item_t item;
    dais_removal_t removal;
    list_seen_t seen = {.count = 0};
    dais_verdict_t verdict = DAIS_VERDICT_ACCEPTED;
    dais_list_walk_t walk = dais_list_begin(&list->added, &dais_shape_id_item);
    while (verdict == DAIS_VERDICT_ACCEPTED && dais_list_next(&walk, &item))
        verdict = list_check_org(rules, &item.value, false, &seen);
    walk = dais_list_begin(&list->removed, &dais_shape_removal);
    while (verdict == DAIS_VERDICT_ACCEPTED && dais_list_next(&walk, &removal))
        verdict = list_check_org(rules, &removal.organisation, true, &seen);
    return verdict;
}

/* Version 1 sets what is counted from the circulation. */
static dais_verdict_t list_check_first_dates(const dais_step_t *step, dais_dates_plan_t *plan)
{
    const dais_list_version_t *list = step->subject;
    dais_verdict_t verdict =
        dais_dates_take(&list->dates, &step->rules->policy, dais_dates_from_list, plan);
    if (verdict != DAIS_VERDICT_ACCEPTED)
        return verdict;
    return plan->is_set[DAIS_DATE_OBJECTION_CLOSES] &&
                   plan->due[DAIS_DATE_OBJECTION_CLOSES] <= step->facts->received_at
               ? DAIS_VERDICT_ALREADY_PASSED
               : DAIS_VERDICT_ACCEPTED;
}

/* A later one can move the end of the window, for what it adds. */
static dais_verdict_t list_check_later_dates(const dais_step_t *step, dais_dates_plan_t *plan)
{
    const dais_list_version_t *list = step->subject;
    const unsigned end = DAIS_DATE_OBJECTION_CLOSES;
    dais_date_t date;
    bool seen = false;
    dais_list_walk_t walk = dais_list_begin(&list->dates, &dais_shape_date);
    while (dais_list_next(&walk, &date)) {
        if (date.which != end || seen || list->added.count == 0)
            return DAIS_VERDICT_DATE_NOT_USED;
        if (date.at <= plan->due[end])
            return DAIS_VERDICT_NOT_LATER;
        seen = true;
        plan->due[end] = date.at;
    }
    return DAIS_VERDICT_ACCEPTED;
}

/* What is added to a running window gets as long as was announced. */
static bool list_notice_is_short(const dais_step_t *step, const dais_dates_plan_t *plan)
{
    const dais_list_version_t *list = step->subject;
    const dais_rules_t *rules = step->rules;
    uint64_t length = dais_dates_due(rules, DAIS_DATE_OBJECTION_CLOSES) -
                      dais_dates_due(rules, DAIS_DATE_OBJECTION_OPENS);
    return list->version > 1 && list->added.count != 0 &&
           dais_dates_is_ticked(rules, DAIS_DATE_OBJECTION_OPENS) &&
           plan->due[DAIS_DATE_OBJECTION_CLOSES] < step->facts->received_at + length;
}

static dais_verdict_t list_check(const dais_step_t *step)
{
    const dais_list_version_t *list = step->subject;
    dais_dates_plan_t plan = dais_dates_plan(step->rules);
    dais_verdict_t timing = list_check_first(step);
    if (timing != DAIS_VERDICT_ACCEPTED && timing != DAIS_VERDICT_ACCEPTED_LATE)
        return timing;
    dais_verdict_t verdict = list_check_orgs(step->rules, list);
    if (verdict == DAIS_VERDICT_ACCEPTED)
        verdict = list->version == 1 ? list_check_first_dates(step, &plan)
                                     : list_check_later_dates(step, &plan);
    if (verdict != DAIS_VERDICT_ACCEPTED)
        return verdict;
    if (list_notice_is_short(step, &plan))
        return DAIS_VERDICT_NOTICE_TOO_SHORT;
    return dais_dates_in_order(&step->rules->policy, &plan) ? timing
                                                            : DAIS_VERDICT_DATES_OUT_OF_ORDER;
}

static void list_remove(dais_step_t *step, const dais_list_t *removed, uint32_t place)
{
    dais_rules_t *rules = step->rules;
    dais_removal_t removal;
    dais_org_t org;
    dais_list_walk_t walk = dais_list_begin(removed, &dais_shape_removal);
    while (dais_list_next(&walk, &removal)) {
        if (!dais_org_find(rules, &removal.organisation, &org))
            continue;
        dais_org_move(rules, &org, DAIS_APPLICATION_ELIGIBLE, DAIS_CAUSE_NONE);
        org.row.version = 0;
        dais_org_put(rules, &org);
        dais_step_put_target(step, place++, org.number);
    }
}

static void list_add(dais_step_t *step, const dais_list_version_t *list)
{
    dais_rules_t *rules = step->rules;
    uint32_t place = 0;
    dais_id_item_t item;
    dais_org_t org;
    dais_list_walk_t walk = dais_list_begin(&list->added, &dais_shape_id_item);
    while (dais_list_next(&walk, &item)) {
        if (!dais_org_find(rules, &item.value, &org))
            continue;
        dais_org_move(rules, &org, DAIS_APPLICATION_LISTED, DAIS_CAUSE_LIST);
        org.row.version = (uint16_t)list->version;
        if (org.row.listed == 0)
            org.row.listed = rules->seq;
        if (rules->cycle.state == DAIS_CYCLE_WINDOW)
            dais_org_move(rules, &org, DAIS_APPLICATION_UNOPPOSED, DAIS_CAUSE_NONE);
        dais_org_put(rules, &org);
        dais_step_put_target(step, place++, org.number);
    }
}

/* The cycle goes on before organisations are added, so that they find the window as it is. */
static void list_circulate(dais_rules_t *rules)
{
    rules->cycle.listed = rules->seq;
    dais_cycle_move(rules, DAIS_CYCLE_LISTED);
    if (dais_dates_is_ticked(rules, DAIS_DATE_OBJECTION_OPENS))
        dais_cycle_move(rules, DAIS_CYCLE_WINDOW);
}

dais_verdict_t dais_kind_list_version(dais_step_t *step)
{
    const dais_list_version_t *list = step->subject;
    dais_rules_t *rules = step->rules;
    dais_verdict_t verdict = list_check(step);
    if (verdict != DAIS_VERDICT_ACCEPTED && verdict != DAIS_VERDICT_ACCEPTED_LATE)
        return verdict;
    dais_dates_announce(rules, &list->dates);
    rules->cycle.list_version = (uint16_t)list->version;
    list_remove(step, &list->removed, list->added.count);
    if (list->version == 1)
        list_circulate(rules);
    list_add(step, list);
    if (list->version == 1 && rules->policy.objection_window.end.anchor == DAIS_POLICY_ANCHOR_NONE)
        dais_cycle_settle(rules);
    dais_cycle_tally(rules);
    dais_step_about(step, DAIS_SCOPE_TARGETS, list->added.count + list->removed.count);
    return verdict;
}

static dais_verdict_t endorsement_approve(dais_step_t *step, const dais_endorsement_t *subject)
{
    dais_rules_t *rules = step->rules;
    if (step->who.role != dais_step_role_of(rules->policy.approver.role))
        return DAIS_VERDICT_NOT_COMPETENT;
    if (subject->result == DAIS_RESULT_CARRIED)
        rules->cycle.approved = (uint16_t)subject->version;
    return DAIS_VERDICT_ACCEPTED;
}

static dais_verdict_t endorsement_endorse(dais_step_t *step, const dais_endorsement_t *subject)
{
    dais_rules_t *rules = step->rules;
    if (step->who.role != dais_step_role_of(rules->policy.endorsement.role))
        return DAIS_VERDICT_NOT_COMPETENT;
    if (rules->cycle.settled == 0)
        return DAIS_VERDICT_EARLY;
    if (rules->cycle.endorsed != 0)
        return DAIS_VERDICT_NO_EFFECT;
    if (subject->result == DAIS_RESULT_CARRIED)
        dais_cycle_endorse(rules);
    return DAIS_VERDICT_ACCEPTED;
}

dais_verdict_t dais_kind_endorsement(dais_step_t *step)
{
    const dais_endorsement_t *subject = step->subject;
    uint64_t current = step->rules->cycle.list_version;
    if (subject->version == current + 1)
        return endorsement_approve(step, subject);
    if (subject->version == current && current != 0)
        return endorsement_endorse(step, subject);
    return DAIS_VERDICT_WRONG_NUMBER;
}
