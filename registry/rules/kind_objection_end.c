/* SPDX-License-Identifier: Apache-2.0
 *
 * The withdrawal of objections, and what a State asks to know of them (docs/rules.md, 6.5). */
#include "registry/rules/rules_private.h"

dais_verdict_t dais_kind_objection_withdrawal(dais_step_t *step)
{
    (void)step; /* Each target has a verdict of its own. */
    return DAIS_VERDICT_ACCEPTED;
}

static dais_verdict_t withdrawal_timing(const dais_step_t *step)
{
    const unsigned date = DAIS_DATE_WITHDRAWABLE;
    bool is_in = step->facts->received_at < dais_dates_due(step->rules, date);
    if (!dais_dates_is_set(step->rules, date))
        return DAIS_VERDICT_ACCEPTED;
    if (!is_in)
        return DAIS_VERDICT_LATE;
    return dais_dates_is_ticked(step->rules, date) ? DAIS_VERDICT_TIMELY_AFTER_TICK
                                                   : DAIS_VERDICT_ACCEPTED;
}

/* The objection that can be withdrawn, or why none can. */
static dais_verdict_t withdrawal_find(dais_step_t *step, const dais_id_t *id, dais_org_t *org,
                                      dais_ob_t *ob)
{
    dais_rules_t *rules = step->rules;
    if (!dais_org_find(rules, id, org) || !dais_ob_last(rules, org, step->who.state_number, ob) ||
        ob->row.state == DAIS_OBJECTION_INVALID || ob->row.state == DAIS_OBJECTION_WITHDRAWN)
        return DAIS_VERDICT_NO_OBJECTION;
    if (ob->row.state != DAIS_OBJECTION_LODGED && ob->row.state != DAIS_OBJECTION_STANDING)
        return DAIS_VERDICT_ALREADY_DECIDED;
    return withdrawal_timing(step);
}

/* Whether it still holds is left to whoever rules on the case. */
static void withdrawal_mark(dais_step_t *step, dais_org_t *org, dais_ob_t *ob)
{
    ob->row.marks |= DAIS_OBJECTION_WITHDRAWN_TIMELY;
    dais_ob_put(step->rules, org, ob);
    dais_weigh_urge(step->rules, org);
}

static void withdrawal_take(dais_step_t *step, dais_org_t *org, dais_ob_t *ob)
{
    bool stood = ob->row.state == DAIS_OBJECTION_STANDING;
    dais_ob_move(step->rules, org, ob, DAIS_OBJECTION_WITHDRAWN);
    if (stood)
        dais_weigh(step->rules, org);
    else if (org->row.standing == 0)
        dais_weigh_moot(step->rules, org);
}

dais_verdict_t dais_target_objection_withdrawal(dais_step_t *step, const void *element)
{
    const dais_id_item_t *item = element;
    dais_org_t org;
    dais_ob_t ob;
    if (dais_org_find(step->rules, &item->value, &org))
        step->target = org.number;
    if (step->cycle_state >= DAIS_CYCLE_ENDED)
        return DAIS_VERDICT_NO_EFFECT;
    dais_verdict_t verdict = withdrawal_find(step, &item->value, &org, &ob);
    if (verdict == DAIS_VERDICT_TIMELY_AFTER_TICK)
        withdrawal_mark(step, &org, &ob);
    else if (verdict == DAIS_VERDICT_ACCEPTED)
        withdrawal_take(step, &org, &ob);
    else
        return verdict;
    dais_org_put(step->rules, &org);
    return verdict;
}

dais_verdict_t dais_kind_disclosure_request(dais_step_t *step)
{
    (void)step; /* Each target has a verdict of its own. */
    return DAIS_VERDICT_ACCEPTED;
}

/* On the register; whether it is present does not matter to what it may ask. */
static bool request_is_entitled(dais_rules_t *rules, uint32_t state)
{
    dais_state_row_t row;
    return rules->store->port->dense_get(rules->store, DAIS_TABLE_STATE, state, &row) &&
           row.entitled != 0;
}

dais_verdict_t dais_target_disclosure_request(dais_step_t *step, const void *element)
{
    const dais_id_item_t *item = element;
    dais_rules_t *rules = step->rules;
    dais_rules_store_t *store = rules->store;
    dais_policy_disclosure_t level = rules->policy.disclosure_objector;
    dais_mark_row_t mark = {.entry = rules->seq};
    dais_org_t org;
    if (!request_is_entitled(rules, step->who.state_number))
        return DAIS_VERDICT_NOT_ENTITLED;
    if (!dais_org_find(rules, &item->value, &org) || !dais_objection_is_listed(&org))
        return DAIS_VERDICT_NOT_LISTED;
    if (level != DAIS_POLICY_DISCLOSURE_STATES_ON_REQUEST && level != DAIS_POLICY_DISCLOSURE_PUBLIC)
        return DAIS_VERDICT_SEALED_BY_POLICY;
    step->target = org.number;
    dais_row_key_t key = {{step->who.state_number, org.number}};
    dais_mark_row_t before;
    if (store->port->sorted_get(store, DAIS_TABLE_REQUEST, &key, &before))
        return DAIS_VERDICT_NO_EFFECT;
    store->port->sorted_put(store, DAIS_TABLE_REQUEST, &key, &mark);
    return DAIS_VERDICT_ACCEPTED;
}
