/* SPDX-License-Identifier: Apache-2.0
 *
 * Deadlines: which is the next one to be closed, and what its tick does (docs/rules.md, 7.1). Only
 * the tick that is next is taken; any other was not made by these rules. */
#include "registry/rules/rules_private.h"

/* The next retirement of a key that is still in force. */
static bool tick_next_retirement(dais_rules_t *rules, dais_row_key_t *key)
{
    dais_mark_row_t mark;
    *key = (dais_row_key_t){{0}};
    return rules->store->port->sorted_next(rules->store, DAIS_TABLE_RETIRES, key, &mark);
}

static bool tick_dates_count(const dais_rules_t *rules)
{
    return rules->cycle.state != DAIS_CYCLE_DRAFT && rules->cycle.state != DAIS_CYCLE_CANCELLED;
}

bool dais_rules_next_deadline(dais_rules_t *rules, dais_rules_deadline_t *deadline)
{
    bool found = false;
    dais_row_key_t retires;
    if (dais_rules_has_ended(rules))
        return false;
    for (unsigned date = 1; date < DAIS_DATE_KEY_RETIRES && tick_dates_count(rules); date++) {
        uint64_t closes = dais_dates_closes(rules, date);
        if (!dais_dates_is_set(rules, date) || dais_dates_is_ticked(rules, date) ||
            (found && closes >= deadline->closes_at))
            continue;
        found = true;
        *deadline = (dais_rules_deadline_t){date, dais_dates_due(rules, date), closes};
    }
    if (tick_next_retirement(rules, &retires) &&
        (!found || retires.part[0] < deadline->closes_at)) {
        found = true;
        *deadline =
            (dais_rules_deadline_t){DAIS_DATE_KEY_RETIRES, retires.part[0], retires.part[0]};
    }
    return found;
}

/* Gives ranks in order of receipt, and forgets that order. */
static void tick_rank(dais_rules_t *rules)
{
    const dais_rules_store_port_t *port = rules->store->port;
    dais_row_key_t key = {{0}};
    dais_mark_row_t mark;
    while (port->sorted_next(rules->store, DAIS_TABLE_RECEIVED, &key, &mark)) {
        dais_org_t org;
        port->sorted_del(rules->store, DAIS_TABLE_RECEIVED, &key);
        if (!dais_org_get(rules, mark.value, &org))
            continue;
        dais_org_rank(rules, &org);
        dais_org_put(rules, &org);
    }
}

static void tick_application(dais_rules_t *rules)
{
    if (rules->cycle.state == DAIS_CYCLE_OPEN)
        dais_cycle_move(rules, DAIS_CYCLE_CLOSED);
    tick_rank(rules);
}

static void tick_objection_opens(dais_rules_t *rules)
{
    if (rules->cycle.state != DAIS_CYCLE_LISTED)
        return;
    dais_cycle_move(rules, DAIS_CYCLE_WINDOW);
    uint32_t count = dais_org_count(rules);
    for (uint32_t number = 1; number <= count; number++) {
        dais_org_t org;
        if (!dais_org_get(rules, number, &org) || org.row.state != DAIS_APPLICATION_LISTED)
            continue;
        dais_org_move(rules, &org, DAIS_APPLICATION_UNOPPOSED, DAIS_CAUSE_NONE);
        dais_org_put(rules, &org);
    }
}

static void tick_retire(dais_rules_t *rules, uint64_t due)
{
    const dais_rules_store_port_t *port = rules->store->port;
    dais_row_key_t key;
    while (tick_next_retirement(rules, &key) && key.part[0] == due) {
        dais_key_row_t row;
        port->sorted_del(rules->store, DAIS_TABLE_RETIRES, &key);
        if (!port->dense_get(rules->store, DAIS_TABLE_KEY, key.part[1], &row))
            continue;
        row.ended = rules->seq;
        port->dense_put(rules->store, DAIS_TABLE_KEY, key.part[1], &row);
    }
}

/* A tick that finds the cycle in another state than the one it is for only marks the date. */
static void tick_effect(dais_rules_t *rules, const dais_tick_t *tick)
{
    switch (tick->which) {
    case DAIS_DATE_APPLICATION: tick_application(rules); break;
    case DAIS_DATE_OBJECTION_OPENS: tick_objection_opens(rules); break;
    case DAIS_DATE_OBJECTION_CLOSES:
        if (rules->cycle.state == DAIS_CYCLE_WINDOW)
            dais_cycle_settle(rules);
        break;
    case DAIS_DATE_SESSION_STARTS: dais_cycle_begin(rules); break;
    case DAIS_DATE_SESSION_ENDS:
        if (rules->cycle.state == DAIS_CYCLE_SETTLED || rules->cycle.state == DAIS_CYCLE_IN_SESSION)
            dais_cycle_end(rules);
        break;
    case DAIS_DATE_ARCHIVES: dais_cycle_file(rules); break;
    default: break;
    }
}

dais_err_t dais_tick_apply(dais_rules_t *rules, const dais_tick_t *tick)
{
    dais_rules_deadline_t next;
    if (!dais_rules_next_deadline(rules, &next) || next.which != tick->which ||
        next.due != tick->due)
        return DAIS_ERR_OWN_WRONG;
    if (tick->which == DAIS_DATE_KEY_RETIRES) {
        tick_retire(rules, tick->due);
        return DAIS_OK;
    }
    dais_dates_put(rules, (unsigned)tick->which, tick->due, rules->seq);
    tick_effect(rules, tick);
    dais_cycle_tally(rules);
    return DAIS_OK;
}
