/* SPDX-License-Identifier: Apache-2.0
 *
 * The instants of a cycle: which ones the policy expects, in which order they have to stand, and
 * what comes in time. Instants reach this as numbers and are only compared; how they were counted
 * in days, zones and holidays is the business of whoever announces them. */
#include "registry/rules/rules_private.h"

#include <assert.h>

bool dais_dates_is_set(const dais_rules_t *rules, unsigned date)
{
    assert(date < DAIS_DATE_COUNT);
    return rules->date_set[date];
}

bool dais_dates_is_ticked(const dais_rules_t *rules, unsigned date)
{
    return dais_dates_is_set(rules, date) && rules->dates[date].ticked != 0;
}

uint64_t dais_dates_due(const dais_rules_t *rules, unsigned date)
{
    return dais_dates_is_set(rules, date) ? rules->dates[date].due : 0;
}

/* Of what somebody outside sends, that is: applications, objections, comments. */
static bool dates_has_grace(unsigned date)
{
    return date == DAIS_DATE_APPLICATION || date == DAIS_DATE_OBJECTION_CLOSES ||
           date == DAIS_DATE_COMMENT;
}

static uint64_t dates_closes(const dais_policy_t *policy, unsigned date, uint64_t due)
{
    return due + (dates_has_grace(date) ? policy->grace : 0);
}

uint64_t dais_dates_closes(const dais_rules_t *rules, unsigned date)
{
    return dates_closes(&rules->policy, date, dais_dates_due(rules, date));
}

void dais_dates_put(dais_rules_t *rules, unsigned date, uint64_t due, uint64_t ticked)
{
    dais_row_key_t key = {{date}};
    rules->date_set[date] = true;
    rules->dates[date].due = due;
    rules->dates[date].ticked = ticked;
    if (ticked == 0)
        rules->dates[date].announced = rules->seq;
    rules->store->port->sorted_put(rules->store, DAIS_TABLE_DATE, &key, &rules->dates[date]);
}

void dais_dates_clear(dais_rules_t *rules)
{
    for (unsigned date = 1; date < DAIS_DATE_COUNT; date++) {
        dais_row_key_t key = {{date}};
        if (rules->date_set[date])
            rules->store->port->sorted_del(rules->store, DAIS_TABLE_DATE, &key);
        rules->date_set[date] = false;
    }
}

void dais_dates_load(dais_rules_t *rules)
{
    for (unsigned date = 1; date < DAIS_DATE_COUNT; date++) {
        dais_row_key_t key = {{date}};
        rules->date_set[date] = rules->store->port->sorted_get(rules->store, DAIS_TABLE_DATE, &key,
                                                               &rules->dates[date]);
    }
}

/* Is there leave for this author and thing that reaches beyond this instant? */
static bool dates_is_permitted(const dais_step_t *step, unsigned thing)
{
    dais_mark_row_t permit;
    dais_row_key_t key = {{step->who.actor_number, thing}};
    dais_rules_store_t *store = step->rules->store;
    return store->port->sorted_get(store, DAIS_TABLE_PERMIT, &key, &permit) &&
           step->facts->received_at < permit.value;
}

dais_verdict_t dais_dates_deadline(const dais_step_t *step, unsigned date, unsigned thing)
{
    const dais_rules_t *rules = step->rules;
    uint64_t at = step->facts->received_at;
    bool is_in = !dais_dates_is_set(rules, date) || at < dais_dates_due(rules, date);
    bool is_taken = is_in;
    if (!is_in && at < dais_dates_closes(rules, date))
        is_taken = rules->policy.late == DAIS_POLICY_LATE_FLAG || dates_is_permitted(step, thing);
    if (!is_taken)
        return DAIS_VERDICT_LATE;
    if (dais_dates_is_ticked(rules, date))
        return DAIS_VERDICT_TIMELY_AFTER_TICK;
    return is_in ? DAIS_VERDICT_ACCEPTED : DAIS_VERDICT_ACCEPTED_LATE;
}

const dais_policy_time_t *dais_dates_time(const dais_policy_t *policy, unsigned date)
{
    switch (date) {
    case DAIS_DATE_APPLICATION: return &policy->application_deadline;
    case DAIS_DATE_OBJECTION_OPENS: return &policy->objection_window.start;
    case DAIS_DATE_OBJECTION_CLOSES: return &policy->objection_window.end;
    case DAIS_DATE_COMMENT: return &policy->comment_deadline;
    case DAIS_DATE_WITHDRAWABLE: return &policy->withdrawable_until;
    case DAIS_DATE_DECISION_OPENS: return &policy->decision_window.start;
    case DAIS_DATE_DECISION_CLOSES: return &policy->decision_window.end;
    case DAIS_DATE_LIST_NOTICE: return &policy->list_min_notice;
    default: return NULL;
    }
}

static bool dates_is_always_given(unsigned date)
{
    return date == DAIS_DATE_SESSION_STARTS || date == DAIS_DATE_SESSION_ENDS ||
           date == DAIS_DATE_RETENTION || date == DAIS_DATE_ARCHIVES;
}

bool dais_dates_from_call(const dais_policy_t *policy, unsigned date)
{
    const dais_policy_time_t *time = dais_dates_time(policy, date);
    if (time == NULL)
        return dates_is_always_given(date);
    return time->anchor == DAIS_POLICY_ANCHOR_CALL || time->anchor == DAIS_POLICY_ANCHOR_SESSION;
}

bool dais_dates_from_list(const dais_policy_t *policy, unsigned date)
{
    const dais_policy_time_t *time = dais_dates_time(policy, date);
    return time != NULL && time->anchor == DAIS_POLICY_ANCHOR_CIRCULATED;
}

dais_dates_plan_t dais_dates_plan(const dais_rules_t *rules)
{
    dais_dates_plan_t plan = {.is_set = {false}};
    for (unsigned date = 1; date < DAIS_DATE_COUNT; date++) {
        plan.is_set[date] = rules->date_set[date];
        plan.due[date] = dais_dates_due(rules, date);
    }
    return plan;
}

/* What has to come before what: at the latest at the same instant, or before it. */
static const struct {
    unsigned first, second;
    bool closes_first, closes_second; /* compare the end of the grace */
    bool may_be_same;
} dates_order[] = {
    {DAIS_DATE_APPLICATION, DAIS_DATE_OBJECTION_CLOSES, true, true, true},
    {DAIS_DATE_APPLICATION, DAIS_DATE_LIST_NOTICE, true, false, true},
    {DAIS_DATE_APPLICATION, DAIS_DATE_SESSION_STARTS, true, false, true},
    {DAIS_DATE_OBJECTION_OPENS, DAIS_DATE_OBJECTION_CLOSES, false, false, false},
    {DAIS_DATE_OBJECTION_CLOSES, DAIS_DATE_SESSION_ENDS, true, false, true},
    {DAIS_DATE_LIST_NOTICE, DAIS_DATE_SESSION_STARTS, false, false, true},
    {DAIS_DATE_SESSION_STARTS, DAIS_DATE_SESSION_ENDS, false, false, false},
    {DAIS_DATE_DECISION_OPENS, DAIS_DATE_DECISION_CLOSES, false, false, false},
    {DAIS_DATE_SESSION_ENDS, DAIS_DATE_ARCHIVES, false, false, true},
    {DAIS_DATE_ARCHIVES, DAIS_DATE_RETENTION, false, false, true},
    {DAIS_DATE_COMMENT, DAIS_DATE_ARCHIVES, false, false, true},
};

bool dais_dates_in_order(const dais_policy_t *policy, const dais_dates_plan_t *plan)
{
    for (size_t i = 0; i < sizeof dates_order / sizeof dates_order[0]; i++) {
        unsigned first = dates_order[i].first;
        unsigned second = dates_order[i].second;
        uint64_t a = plan->due[first];
        uint64_t b = plan->due[second];
        if (!plan->is_set[first] || !plan->is_set[second])
            continue;
        if (dates_order[i].closes_first)
            a = dates_closes(policy, first, a);
        if (dates_order[i].closes_second)
            b = dates_closes(policy, second, b);
        if (dates_order[i].may_be_same ? a > b : a >= b)
            return false;
    }
    return true;
}

dais_verdict_t dais_dates_take(const dais_list_t *dates, const dais_policy_t *policy,
                               dais_dates_expected_t *expected, dais_dates_plan_t *plan)
{
    bool seen[DAIS_DATE_COUNT] = {false};
    dais_date_t date;
    dais_list_walk_t walk = dais_list_begin(dates, &dais_shape_date);
    while (dais_list_next(&walk, &date)) {
        if (!expected(policy, (unsigned)date.which) || seen[date.which])
            return DAIS_VERDICT_DATE_NOT_USED;
        seen[date.which] = true;
        plan->is_set[date.which] = true;
        plan->due[date.which] = date.at;
    }
    for (unsigned which = 1; which < DAIS_DATE_COUNT; which++)
        if (expected(policy, which) && !seen[which])
            return DAIS_VERDICT_DATE_MISSING;
    return DAIS_VERDICT_ACCEPTED;
}

void dais_dates_announce(dais_rules_t *rules, const dais_list_t *dates)
{
    dais_date_t date;
    dais_list_walk_t walk = dais_list_begin(dates, &dais_shape_date);
    while (dais_list_next(&walk, &date))
        dais_dates_put(rules, (unsigned)date.which, date.at, 0);
}
