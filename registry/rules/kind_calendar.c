/* SPDX-License-Identifier: Apache-2.0
 *
 * Dates that move, leave to come late, and the early and late ends of a cycle (docs/rules.md,
 * 6.1). */
#include "registry/rules/rules_private.h"

static dais_verdict_t calendar_date(const dais_step_t *step, const dais_date_t *date,
                                    dais_dates_plan_t *plan, bool seen[])
{
    const dais_rules_t *rules = step->rules;
    unsigned which = (unsigned)date->which;
    if (seen[which] || which == DAIS_DATE_REPLY || which == DAIS_DATE_KEY_RETIRES)
        return DAIS_VERDICT_DATE_NOT_USED;
    seen[which] = true;
    if (!dais_dates_is_set(rules, which))
        return DAIS_VERDICT_DATE_MISSING;
    if (dais_dates_is_ticked(rules, which) ||
        step->facts->received_at >= dais_dates_due(rules, which))
        return DAIS_VERDICT_ALREADY_PASSED;
    if (date->at <= dais_dates_due(rules, which))
        return DAIS_VERDICT_NOT_LATER;
    plan->due[which] = date->at;
    return DAIS_VERDICT_ACCEPTED;
}

/* Later, but shorter than announced? A window that would end before it begins is out of order. */
static bool calendar_shortens(const dais_rules_t *rules, const dais_dates_plan_t *plan,
                              unsigned start, unsigned end)
{
    if (!plan->is_set[start] || !plan->is_set[end])
        return false;
    uint64_t before = dais_dates_due(rules, end) - dais_dates_due(rules, start);
    return plan->due[end] < plan->due[start] || plan->due[end] - plan->due[start] < before;
}

static dais_verdict_t calendar_check(const dais_step_t *step, dais_dates_plan_t *plan)
{
    const dais_calendar_change_t *change = step->subject;
    bool seen[DAIS_DATE_COUNT] = {false};
    dais_date_t date;
    dais_list_walk_t walk = dais_list_begin(&change->dates, &dais_shape_date);
    while (dais_list_next(&walk, &date)) {
        dais_verdict_t verdict = calendar_date(step, &date, plan, seen);
        if (verdict != DAIS_VERDICT_ACCEPTED)
            return verdict;
    }
    if (change->change == DAIS_CALENDAR_EXTEND && seen[DAIS_DATE_SESSION_STARTS])
        return DAIS_VERDICT_SENSELESS;
    if (calendar_shortens(step->rules, plan, DAIS_DATE_OBJECTION_OPENS,
                          DAIS_DATE_OBJECTION_CLOSES) ||
        calendar_shortens(step->rules, plan, DAIS_DATE_DECISION_OPENS, DAIS_DATE_DECISION_CLOSES))
        return DAIS_VERDICT_WINDOW_SHORTENED;
    return dais_dates_in_order(&step->rules->policy, plan) ? DAIS_VERDICT_ACCEPTED
                                                           : DAIS_VERDICT_DATES_OUT_OF_ORDER;
}

dais_verdict_t dais_kind_calendar_change(dais_step_t *step)
{
    const dais_calendar_change_t *change = step->subject;
    dais_dates_plan_t plan = dais_dates_plan(step->rules);
    if (change->change == DAIS_CALENDAR_POSTPONE && step->cycle_state >= DAIS_CYCLE_IN_SESSION)
        return DAIS_VERDICT_WRONG_STATE;
    dais_verdict_t verdict = calendar_check(step, &plan);
    if (verdict == DAIS_VERDICT_ACCEPTED)
        dais_dates_announce(step->rules, &change->dates);
    return verdict;
}

/* May an actor of this role send the thing at all? */
static bool calendar_may_send(unsigned role, unsigned thing)
{
    switch (thing) {
    case DAIS_THING_APPLICATION:
    case DAIS_THING_COMMENT: return role == DAIS_ROLE_OFFICE;
    case DAIS_THING_OBJECTION: return role == DAIS_ROLE_PARTY;
    default:
        return role == DAIS_ROLE_SECRETARIAT || role == DAIS_ROLE_CHAIR ||
               role == DAIS_ROLE_BUREAU || role == DAIS_ROLE_CONFERENCE;
    }
}

static unsigned calendar_date_of(unsigned thing)
{
    switch (thing) {
    case DAIS_THING_APPLICATION: return DAIS_DATE_APPLICATION;
    case DAIS_THING_COMMENT: return DAIS_DATE_COMMENT;
    case DAIS_THING_OBJECTION: return DAIS_DATE_OBJECTION_CLOSES;
    default: return DAIS_DATE_LIST_NOTICE;
    }
}

dais_verdict_t dais_kind_late_permit(dais_step_t *step)
{
    const dais_late_permit_t *permit = step->subject;
    dais_rules_t *rules = step->rules;
    dais_actor_row_t actor;
    unsigned thing = (unsigned)permit->thing;
    unsigned date = calendar_date_of(thing);
    if (rules->policy.late != DAIS_POLICY_LATE_PERMIT)
        return DAIS_VERDICT_PERMITS_UNKNOWN;
    uint32_t number = dais_roster_actor(rules->store, &permit->actor);
    if (number == 0 ||
        !rules->store->port->dense_get(rules->store, DAIS_TABLE_ACTOR, number, &actor) ||
        !calendar_may_send(actor.role, thing))
        return DAIS_VERDICT_UNKNOWN_ACTOR;
    if (!dais_dates_is_set(rules, date))
        return DAIS_VERDICT_DATE_MISSING;
    if (date != DAIS_DATE_LIST_NOTICE && dais_dates_is_ticked(rules, date))
        return DAIS_VERDICT_ALREADY_PASSED;
    dais_row_key_t key = {{number, thing}};
    dais_mark_row_t mark = {.entry = rules->seq, .value = permit->until};
    rules->store->port->sorted_put(rules->store, DAIS_TABLE_PERMIT, &key, &mark);
    dais_step_about(step, DAIS_SCOPE_ACTOR, number);
    return DAIS_VERDICT_ACCEPTED;
}

dais_verdict_t dais_kind_cancellation(dais_step_t *step)
{
    dais_rules_t *rules = step->rules;
    uint32_t count = dais_org_count(rules);
    dais_cycle_move(rules, DAIS_CYCLE_CANCELLED);
    for (uint32_t number = 1; number <= count; number++) {
        dais_org_t org;
        if (!dais_org_get(rules, number, &org))
            continue;
        dais_weigh_withdraw(rules, &org);
        dais_org_put(rules, &org);
    }
    return DAIS_VERDICT_ACCEPTED;
}

dais_verdict_t dais_kind_closing_order(dais_step_t *step)
{
    const dais_rules_t *rules = step->rules;
    if (step->cycle_state == DAIS_CYCLE_ARCHIVED &&
        !dais_dates_is_ticked(rules, DAIS_DATE_RETENTION))
        return DAIS_VERDICT_EARLY;
    if (rules->cycle.cases > DAIS_LIMIT_OPEN_CASES)
        return DAIS_VERDICT_TOO_MANY_CASES;
    dais_step_await(step, NULL, 0);
    return DAIS_VERDICT_AWAITS_SECOND;
}
