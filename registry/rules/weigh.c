/* SPDX-License-Identifier: Apache-2.0
 *
 * The effect of objections (docs/rules.md, 5.1): when they reach the threshold, what the
 * organisation then is, when there is a case, and what the end of the window and of the session
 * make of it. Everything here changes the organisation that it is given and leaves it to the
 * caller to put it back. */
#include "registry/rules/rules_private.h"

bool dais_weigh_reached(const dais_rules_t *rules, const dais_org_t *org)
{
    dais_policy_threshold_t threshold = rules->policy.objection_threshold;
    uint64_t n = org->row.standing;
    uint64_t present = rules->cycle.present;
    if (n == 0 || threshold.numerator == 0)
        return false;
    if (threshold.denominator == 0)
        return n >= threshold.numerator;
    return present != 0 && n * threshold.denominator >= present * threshold.numerator;
}

void dais_weigh_raise(dais_rules_t *rules, dais_org_t *org)
{
    dais_case_row_t row = {.organisation_number = org->number};
    if (rules->policy.decider.role == DAIS_POLICY_BODY_NONE)
        return;
    if (org->row.case_number == 0)
        org->row.case_number =
            (uint32_t)rules->store->port->count(rules->store, DAIS_TABLE_CASE) + 1;
    else if (!dais_case_get(rules, org, &row) || row.state != DAIS_CASE_MOOT)
        return;
    dais_case_move(rules, org, &row, DAIS_CASE_RAISED);
}

void dais_weigh_urge(dais_rules_t *rules, dais_org_t *org)
{
    dais_case_row_t row;
    if (!dais_case_get(rules, org, &row) || !dais_case_is_open(row.state))
        return;
    row.urgent = 1;
    dais_case_put(rules, org, &row);
}

static void weigh_moot_always(dais_rules_t *rules, dais_org_t *org)
{
    dais_case_row_t row;
    if (dais_case_get(rules, org, &row) && dais_case_is_open(row.state))
        dais_case_move(rules, org, &row, DAIS_CASE_MOOT);
}

void dais_weigh_moot(dais_rules_t *rules, dais_org_t *org)
{
    if (org->row.timely_count == 0)
        weigh_moot_always(rules, org);
}

static void weigh_end_standing(dais_rules_t *rules, dais_org_t *org, dais_objection_state_t end)
{
    dais_ob_t ob;
    uint32_t state = 0;
    while (dais_ob_next(rules, org, &state, &ob))
        if (ob.row.state == DAIS_OBJECTION_STANDING)
            dais_ob_move(rules, org, &ob, end);
}

void dais_weigh_drop_standing(dais_rules_t *rules, dais_org_t *org)
{
    if (org->row.standing != 0)
        weigh_end_standing(rules, org, DAIS_OBJECTION_LAPSED);
}

void dais_weigh_drop_lodged(dais_rules_t *rules, dais_org_t *org, bool with_timely)
{
    dais_ob_t ob;
    uint32_t state = 0;
    if (org->row.unsigned_count + (with_timely ? org->row.timely_count : 0) == 0)
        return;
    while (dais_ob_next(rules, org, &state, &ob)) {
        bool is_timely = (ob.row.marks & DAIS_OBJECTION_TIMELY) != 0;
        if (ob.row.state == DAIS_OBJECTION_LODGED && (with_timely || !is_timely))
            dais_ob_move(rules, org, &ob, DAIS_OBJECTION_INVALID);
    }
}

void dais_weigh_withdraw(dais_rules_t *rules, dais_org_t *org)
{
    dais_weigh_drop_standing(rules, org);
    dais_weigh_drop_lodged(rules, org, true);
    weigh_moot_always(rules, org);
}

static bool weigh_is_undecided(const dais_org_t *org)
{
    return org->row.state >= DAIS_APPLICATION_UNOPPOSED &&
           org->row.state <= DAIS_APPLICATION_PROVISIONAL;
}

/* Under block and refer the effect holds at once. */
static bool weigh_is_held(const dais_org_t *org)
{
    return org->row.state == DAIS_APPLICATION_BLOCKED ||
           org->row.state == DAIS_APPLICATION_PENDING ||
           org->row.state == DAIS_APPLICATION_PROVISIONAL;
}

/* The tables lead to these states from contested, so an unopposed one passes through it. */
static void weigh_hold(dais_rules_t *rules, dais_org_t *org, dais_application_state_t to,
                       dais_cause_t cause)
{
    if (org->row.state == DAIS_APPLICATION_UNOPPOSED)
        dais_org_move(rules, org, DAIS_APPLICATION_CONTESTED, DAIS_CAUSE_THRESHOLD);
    dais_org_move(rules, org, to, cause);
    dais_weigh_raise(rules, org);
}

static void weigh_unopposed(dais_rules_t *rules, dais_org_t *org)
{
    dais_org_move(rules, org, DAIS_APPLICATION_UNOPPOSED, DAIS_CAUSE_WINDOW);
    dais_weigh_moot(rules, org);
}

static void weigh_in_window(dais_rules_t *rules, dais_org_t *org)
{
    const dais_policy_t *policy = &rules->policy;
    bool reached = dais_weigh_reached(rules, org);
    bool is_excluded = policy->state_while_undecided == DAIS_POLICY_UNDECIDED_EXCLUDED;
    if (org->row.standing == 0) {
        weigh_unopposed(rules, org);
    } else if (reached && policy->objection_effect == DAIS_POLICY_EFFECT_BLOCK) {
        weigh_hold(rules, org, DAIS_APPLICATION_BLOCKED, DAIS_CAUSE_EFFECT);
    } else if (reached && policy->objection_effect == DAIS_POLICY_EFFECT_REFER) {
        weigh_hold(rules, org,
                   is_excluded ? DAIS_APPLICATION_PENDING : DAIS_APPLICATION_PROVISIONAL,
                   DAIS_CAUSE_UNDECIDED);
    } else {
        dais_org_move(rules, org, DAIS_APPLICATION_CONTESTED, DAIS_CAUSE_THRESHOLD);
        if (policy->objection_effect == DAIS_POLICY_EFFECT_NONE_UNTIL_VOTE)
            dais_weigh_raise(rules, org);
        else
            dais_weigh_moot(rules, org);
    }
}

static void weigh_admit(dais_rules_t *rules, dais_org_t *org, dais_cause_t cause)
{
    dais_application_state_t to = DAIS_APPLICATION_ADMITTED;
    if (rules->policy.endorsement.role != DAIS_POLICY_BODY_NONE && rules->cycle.endorsed == 0 &&
        org->row.route == DAIS_ROUTE_FORM)
        to = org->row.standing == 0 ? DAIS_APPLICATION_UNOPPOSED : DAIS_APPLICATION_CONTESTED;
    dais_org_move(rules, org, to, cause);
    org->row.cause = (uint8_t)cause;
}

static void weigh_admit_undecided(dais_rules_t *rules, dais_org_t *org)
{
    dais_cause_t cause = org->row.standing == 0 ? DAIS_CAUSE_WINDOW : DAIS_CAUSE_THRESHOLD;
    dais_weigh_moot(rules, org);
    dais_weigh_drop_standing(rules, org);
    weigh_admit(rules, org, cause);
}

/* By withdrawals; where there is no window, by objections too. */
static void weigh_after_window(dais_rules_t *rules, dais_org_t *org)
{
    uint32_t n = org->row.standing;
    if (weigh_is_held(org)) {
        if (!dais_weigh_reached(rules, org))
            weigh_admit_undecided(rules, org);
    } else if (org->row.state == DAIS_APPLICATION_CONTESTED) {
        if (n == 0)
            weigh_unopposed(rules, org);
    } else if (org->row.state == DAIS_APPLICATION_UNOPPOSED) {
        if (n == 0)
            return;
        dais_org_move(rules, org, DAIS_APPLICATION_CONTESTED, DAIS_CAUSE_THRESHOLD);
        dais_weigh_raise(rules, org);
    } else if (org->row.state == DAIS_APPLICATION_ADMITTED) {
        if (n == 0)
            dais_weigh_moot(rules, org);
        else if (rules->policy.objection_effect == DAIS_POLICY_EFFECT_NONE_UNTIL_VOTE)
            dais_weigh_raise(rules, org);
    }
}

void dais_weigh(dais_rules_t *rules, dais_org_t *org)
{
    if (rules->cycle.settled != 0)
        weigh_after_window(rules, org);
    else if (weigh_is_undecided(org))
        weigh_in_window(rules, org);
}

static void weigh_settle_contested(dais_rules_t *rules, dais_org_t *org)
{
    dais_policy_effect_t effect = rules->policy.objection_effect;
    if (effect == DAIS_POLICY_EFFECT_VETO && dais_weigh_reached(rules, org)) {
        weigh_end_standing(rules, org, DAIS_OBJECTION_UPHELD);
        dais_org_move(rules, org, DAIS_APPLICATION_REFUSED, DAIS_CAUSE_EFFECT);
    } else if (effect == DAIS_POLICY_EFFECT_NONE_UNTIL_VOTE) {
        weigh_admit(rules, org, DAIS_CAUSE_EFFECT);
    } else {
        dais_weigh_drop_standing(rules, org);
        weigh_admit(rules, org, DAIS_CAUSE_THRESHOLD);
    }
}

void dais_weigh_settle(dais_rules_t *rules, dais_org_t *org)
{
    bool has_window = rules->policy.objection_window.end.anchor != DAIS_POLICY_ANCHOR_NONE;
    dais_weigh_drop_lodged(rules, org, false);
    if (org->row.state == DAIS_APPLICATION_LISTED)
        dais_org_move(rules, org, DAIS_APPLICATION_UNOPPOSED, DAIS_CAUSE_NONE);
    if (org->row.state == DAIS_APPLICATION_UNOPPOSED)
        weigh_admit(rules, org, has_window ? DAIS_CAUSE_WINDOW : DAIS_CAUSE_LIST);
    else if (org->row.state == DAIS_APPLICATION_CONTESTED)
        weigh_settle_contested(rules, org);
    /* From here on the public may be told of it, also where its state stays. */
    dais_org_touch(rules, org);
}

static void weigh_lapse(dais_rules_t *rules, const dais_org_t *org)
{
    dais_mark_row_t mark = {.entry = rules->seq};
    dais_row_key_t key = {{org->number}};
    rules->store->port->sorted_put(rules->store, DAIS_TABLE_LAPSING, &key, &mark);
}

/* The case of an organisation whose session is over, and its objections. */
static void weigh_end_case(dais_rules_t *rules, dais_org_t *org, bool is_carried)
{
    dais_case_row_t row;
    bool is_open = dais_case_get(rules, org, &row) && dais_case_is_open(row.state);
    if (is_open && (is_carried || row.state == DAIS_CASE_DEFERRED))
        return;
    if (is_open)
        dais_case_move(rules, org, &row, DAIS_CASE_LAPSED);
    dais_weigh_drop_lodged(rules, org, true);
    dais_weigh_drop_standing(rules, org);
}

/* Waits for an endorsement that does not come any more. */
static void weigh_end_waiting(dais_rules_t *rules, dais_org_t *org)
{
    bool is_in = rules->policy.lapse_rule == DAIS_POLICY_LAPSE_IN;
    dais_org_move(rules, org, is_in ? DAIS_APPLICATION_ADMITTED : DAIS_APPLICATION_LAPSED,
                  DAIS_CAUSE_LAPSE);
    weigh_end_case(rules, org, false);
}

static void weigh_end_held(dais_rules_t *rules, dais_org_t *org)
{
    dais_policy_lapse_t rule = rules->policy.lapse_rule;
    if (rule == DAIS_POLICY_LAPSE_OUT)
        dais_org_move(rules, org, DAIS_APPLICATION_LAPSED, DAIS_CAUSE_LAPSE);
    else if (rule == DAIS_POLICY_LAPSE_IN)
        dais_org_move(rules, org, DAIS_APPLICATION_ADMITTED, DAIS_CAUSE_LAPSE);
    weigh_end_case(rules, org, rule == DAIS_POLICY_LAPSE_CARRIED);
}

void dais_weigh_end(dais_rules_t *rules, dais_org_t *org)
{
    switch ((dais_application_state_t)org->row.state) {
    case DAIS_APPLICATION_SUBMITTED:
    case DAIS_APPLICATION_INCOMPLETE:
    case DAIS_APPLICATION_ELIGIBLE:
        dais_org_move(rules, org, DAIS_APPLICATION_LAPSED, DAIS_CAUSE_SESSION_END);
        dais_weigh_drop_lodged(rules, org, true);
        break;
    case DAIS_APPLICATION_UNOPPOSED:
    case DAIS_APPLICATION_CONTESTED: weigh_end_waiting(rules, org); break;
    case DAIS_APPLICATION_BLOCKED:
    case DAIS_APPLICATION_PENDING:
    case DAIS_APPLICATION_PROVISIONAL: weigh_end_held(rules, org); break;
    case DAIS_APPLICATION_ADMITTED:
        if (!dais_case_has_open(rules, org)) {
            dais_weigh_drop_lodged(rules, org, true);
            return;
        }
        weigh_end_case(rules, org, rules->policy.lapse_rule == DAIS_POLICY_LAPSE_CARRIED);
        break;
    case DAIS_APPLICATION_SCREENED_OUT:
    case DAIS_APPLICATION_DUPLICATE:
    case DAIS_APPLICATION_LISTED:
    case DAIS_APPLICATION_REFUSED:
    case DAIS_APPLICATION_WITHDRAWN:
    case DAIS_APPLICATION_LAPSED: dais_weigh_drop_lodged(rules, org, true); return;
    }
    weigh_lapse(rules, org);
}
