/* SPDX-License-Identifier: Apache-2.0
 *
 * The call and the opening of a cycle (docs/rules.md, 6.1). A call replaces all of an earlier one:
 * so its values are laid over the policy of genesis, and never over those of the call before. */
#include "registry/rules/rules_private.h"

static bool call_sessions_distinct(const dais_call_t *call)
{
    dais_slice_t seen[DAIS_LIMIT_SESSIONS];
    unsigned count = 0;
    dais_session_t session;
    dais_list_walk_t walk = dais_list_begin(&call->sessions, &dais_shape_session);
    while (dais_list_next(&walk, &session)) {
        for (unsigned i = 0; i < count; i++)
            if (dais_slice_equal(seen[i], session.code))
                return false;
        seen[count++] = session.code;
    }
    return true;
}

static dais_verdict_t call_set(dais_policy_t *policy, const dais_value_t *value)
{
    dais_policy_key_t key = dais_policy_key_find(value->key);
    if (key == DAIS_POLICY_KEY_COUNT)
        return DAIS_VERDICT_UNKNOWN_POLICY_KEY;
    if (dais_policy_is_set(policy, key))
        return DAIS_VERDICT_ALREADY_SET;
    dais_err_t err = dais_policy_apply_value(
        policy, key, value->value, (dais_policy_confirmed_t)value->confirmed, value->source, NULL);
    return err == DAIS_OK ? DAIS_VERDICT_ACCEPTED : DAIS_VERDICT_BAD_VALUE;
}

static dais_verdict_t call_values(const dais_call_t *call, dais_policy_t *policy)
{
    dais_value_t value;
    dais_list_walk_t walk = dais_list_begin(&call->values, &dais_shape_value);
    while (dais_list_next(&walk, &value)) {
        dais_verdict_t verdict = call_set(policy, &value);
        if (verdict != DAIS_VERDICT_ACCEPTED)
            return verdict;
    }
    return DAIS_VERDICT_ACCEPTED;
}

static dais_verdict_t call_check(const dais_call_t *call, dais_policy_t *policy)
{
    dais_dates_plan_t plan = {.is_set = {false}};
    if (!call_sessions_distinct(call))
        return DAIS_VERDICT_SENSELESS;
    dais_verdict_t verdict = call_values(call, policy);
    if (verdict == DAIS_VERDICT_ACCEPTED)
        verdict = dais_dates_take(&call->dates, policy, dais_dates_from_call, &plan);
    if (verdict != DAIS_VERDICT_ACCEPTED)
        return verdict;
    if (!dais_dates_in_order(policy, &plan))
        return DAIS_VERDICT_DATES_OUT_OF_ORDER;
    return dais_step_states_distinct(&call->states) ? DAIS_VERDICT_ACCEPTED
                                                    : DAIS_VERDICT_SENSELESS;
}

/* Rows that an earlier call had more are left empty: dense tables never shrink. */
static void call_put_sessions(dais_rules_t *rules, const dais_call_t *call)
{
    const dais_rules_store_port_t *port = rules->store->port;
    dais_session_t session;
    uint64_t number = 0;
    dais_list_walk_t walk = dais_list_begin(&call->sessions, &dais_shape_session);
    while (dais_list_next(&walk, &session)) {
        dais_session_row_t row = {.code_number =
                                      (uint32_t)dais_store_text(rules->store, session.code)};
        port->dense_put(rules->store, DAIS_TABLE_SESSION, ++number, &row);
    }
    uint64_t count = port->count(rules->store, DAIS_TABLE_SESSION);
    while (number < count)
        port->dense_put(rules->store, DAIS_TABLE_SESSION, ++number,
                        &(dais_session_row_t){.code_number = 0});
}

static void call_put_entitled(dais_rules_t *rules, uint64_t number, uint32_t entitled)
{
    dais_state_row_t row;
    if (!rules->store->port->dense_get(rules->store, DAIS_TABLE_STATE, number, &row))
        return;
    row.entitled = entitled;
    rules->store->port->dense_put(rules->store, DAIS_TABLE_STATE, number, &row);
}

static void call_put_states(dais_rules_t *rules, const dais_call_t *call)
{
    dais_state_item_t state;
    uint64_t count = rules->store->port->count(rules->store, DAIS_TABLE_STATE);
    for (uint64_t number = 1; number <= count; number++)
        call_put_entitled(rules, number, 0);
    dais_list_walk_t walk = dais_list_begin(&call->states, &dais_shape_state_item);
    while (dais_list_next(&walk, &state))
        call_put_entitled(rules, dais_step_add_state(rules, state.value), 1);
}

dais_verdict_t dais_kind_call(dais_step_t *step)
{
    const dais_call_t *call = step->subject;
    dais_rules_t *rules = step->rules;
    dais_policy_t policy = rules->frozen;
    dais_verdict_t verdict = call_check(call, &policy);
    if (verdict != DAIS_VERDICT_ACCEPTED)
        return verdict;
    rules->store->err = dais_rules_err(
        rules, dais_rules_use_call(rules, step->message->subject)); /* for want of memory */
    rules->cycle.call = rules->seq;
    rules->cycle.call_number = (uint32_t)dais_store_text(rules->store, step->message->subject);
    dais_dates_clear(rules);
    dais_dates_announce(rules, &call->dates);
    call_put_sessions(rules, call);
    call_put_states(rules, call);
    return DAIS_VERDICT_ACCEPTED;
}

dais_verdict_t dais_kind_open(dais_step_t *step)
{
    const dais_open_t *open = step->subject;
    dais_rules_t *rules = step->rules;
    if (rules->cycle.call == 0 || open->call != rules->cycle.call)
        return DAIS_VERDICT_WRONG_NUMBER;
    if (dais_policy_missing(&rules->policy, (dais_policy_key_t)0) != DAIS_POLICY_KEY_COUNT)
        return DAIS_VERDICT_POLICY_UNSET;
    for (unsigned date = 1; date < DAIS_DATE_COUNT; date++)
        if (dais_dates_is_set(rules, date) &&
            step->facts->received_at >= dais_dates_due(rules, date))
            return DAIS_VERDICT_ALREADY_PASSED;
    dais_cycle_move(rules, DAIS_CYCLE_OPEN);
    rules->cycle.opened = rules->seq;
    return DAIS_VERDICT_ACCEPTED;
}
