/* SPDX-License-Identifier: Apache-2.0
 *
 * Objections and cases: their rows, and their moves along the tables of states.def. The counts of
 * an organisation and of the cycle follow the rows, as in move.c. */
#include "registry/rules/rules_private.h"

#include <assert.h>

static void move_ob_report(dais_rules_t *rules, uint32_t number, unsigned from, unsigned to)
{
    assert(from == 0 || dais_machine_allows(DAIS_MACHINE_OBJECTION, from, to));
    dais_move_report(
        rules, &(dais_move_t){
                   .machine = DAIS_MACHINE_OBJECTION, .number = number, .from = from, .to = to});
}

static bool move_ob_get(dais_rules_t *rules, uint64_t number, dais_ob_t *ob)
{
    ob->number = (uint32_t)number;
    if (!rules->store->port->dense_get(rules->store, DAIS_TABLE_OBJECTION, number, &ob->row))
        return false;
    ob->stored = ob->row;
    return true;
}

bool dais_ob_last(dais_rules_t *rules, const dais_org_t *org, uint32_t state, dais_ob_t *ob)
{
    dais_mark_row_t pair;
    dais_row_key_t key = {{org->number, state}};
    return rules->store->port->sorted_get(rules->store, DAIS_TABLE_PAIR, &key, &pair) &&
           move_ob_get(rules, pair.value, ob);
}

bool dais_ob_next(dais_rules_t *rules, const dais_org_t *org, uint32_t *state, dais_ob_t *ob)
{
    dais_mark_row_t pair;
    dais_row_key_t key = {{org->number, (uint64_t)*state + 1}};
    if (!rules->store->port->sorted_next(rules->store, DAIS_TABLE_PAIR, &key, &pair) ||
        key.part[0] != org->number)
        return false;
    *state = (uint32_t)key.part[1];
    return move_ob_get(rules, pair.value, ob);
}

void dais_ob_add(dais_rules_t *rules, dais_org_t *org, uint32_t state, uint32_t reason,
                 dais_ob_t *ob)
{
    uint64_t count = rules->store->port->count(rules->store, DAIS_TABLE_OBJECTION);
    memset(ob, 0, sizeof *ob);
    ob->number = (uint32_t)count + 1;
    ob->row = (dais_objection_row_t){.instrument = rules->seq,
                                     .organisation_number = org->number,
                                     .state_number = state,
                                     .reason_number = reason,
                                     .state = DAIS_OBJECTION_LODGED};
    dais_mark_row_t pair = {.entry = rules->seq, .value = ob->number};
    dais_row_key_t key = {{org->number, state}};
    rules->store->port->sorted_put(rules->store, DAIS_TABLE_PAIR, &key, &pair);
    move_ob_report(rules, ob->number, 0, DAIS_OBJECTION_LODGED);
    dais_ob_put(rules, org, ob);
}

static void move_ob_count_org(dais_organisation_row_t *org, const dais_objection_row_t *row,
                              uint32_t one)
{
    if (row->state == DAIS_OBJECTION_STANDING)
        org->standing += one;
    if (row->state == DAIS_OBJECTION_LODGED && (row->marks & DAIS_OBJECTION_TIMELY) != 0)
        org->timely_count += one;
    else if (row->state == DAIS_OBJECTION_LODGED)
        org->unsigned_count += one;
}

/* Of those that ever stood. cycle.standing follows the organisation's. */
static void move_ob_count_cycle(dais_cycle_row_t *cycle, const dais_objection_row_t *row,
                                uint32_t one)
{
    if (row->stood == 0)
        return;
    cycle->lodged += one;
    if (row->state == DAIS_OBJECTION_WITHDRAWN)
        cycle->withdrawn += one;
    if (row->state == DAIS_OBJECTION_UPHELD || row->state == DAIS_OBJECTION_OVERTURNED)
        cycle->ruled += one;
    if (row->state == DAIS_OBJECTION_LAPSED)
        cycle->lapsed += one;
}

void dais_ob_put(dais_rules_t *rules, dais_org_t *org, dais_ob_t *ob)
{
    assert(ob->row.organisation_number == org->number);
    move_ob_count_org(&org->row, &ob->stored, UINT32_MAX);
    move_ob_count_org(&org->row, &ob->row, 1);
    move_ob_count_cycle(&rules->cycle, &ob->stored, UINT32_MAX);
    move_ob_count_cycle(&rules->cycle, &ob->row, 1);
    rules->store->port->dense_put(rules->store, DAIS_TABLE_OBJECTION, ob->number, &ob->row);
    ob->stored = ob->row;
}

void dais_ob_move(dais_rules_t *rules, dais_org_t *org, dais_ob_t *ob, dais_objection_state_t to)
{
    if (ob->row.state == to)
        return;
    move_ob_report(rules, ob->number, ob->row.state, to);
    ob->row.state = (uint8_t)to;
    if (to == DAIS_OBJECTION_STANDING)
        ob->row.stood = rules->seq;
    else
        ob->row.ended = rules->seq;
    dais_ob_put(rules, org, ob);
}

bool dais_case_is_open(unsigned state)
{
    return state == DAIS_CASE_RAISED || state == DAIS_CASE_REFERRED || state == DAIS_CASE_DEFERRED;
}

bool dais_case_get(dais_rules_t *rules, const dais_org_t *org, dais_case_row_t *row)
{
    return org->row.case_number != 0 &&
           rules->store->port->dense_get(rules->store, DAIS_TABLE_CASE, org->row.case_number, row);
}

bool dais_case_has_open(dais_rules_t *rules, const dais_org_t *org)
{
    dais_case_row_t row;
    return dais_case_get(rules, org, &row) && dais_case_is_open(row.state);
}

void dais_case_put(dais_rules_t *rules, const dais_org_t *org, const dais_case_row_t *row)
{
    rules->store->port->dense_put(rules->store, DAIS_TABLE_CASE, org->row.case_number, row);
}

static void move_case_count(dais_rules_t *rules, unsigned from, unsigned to)
{
    rules->cycle.cases += dais_case_is_open(to) ? 1 : 0;
    rules->cycle.cases -= dais_case_is_open(from) ? 1 : 0;
}

static void move_case_report(dais_rules_t *rules, const dais_move_t *move)
{
    assert(move->from == 0 || move->is_restored ||
           dais_machine_allows(DAIS_MACHINE_CASE, move->from, move->to));
    move_case_count(rules, move->from, move->to);
    dais_move_report(rules, move);
}

void dais_case_move(dais_rules_t *rules, dais_org_t *org, dais_case_row_t *row,
                    dais_case_state_t to)
{
    if (row->state != to)
        move_case_report(rules, &(dais_move_t){.machine = DAIS_MACHINE_CASE,
                                               .number = org->row.case_number,
                                               .from = row->state,
                                               .to = to});
    row->state = (uint8_t)to;
    if (to == DAIS_CASE_RAISED)
        row->raised = rules->seq;
    if (to == DAIS_CASE_REFERRED)
        row->referred = rules->seq;
    row->ended = dais_case_is_open(to) ? 0 : rules->seq;
    dais_case_put(rules, org, row);
}

bool dais_carried_next(dais_rules_t *rules, const dais_id_t *id, uint32_t *number,
                       dais_carried_row_t *row)
{
    uint64_t count = rules->store->port->count(rules->store, DAIS_TABLE_CARRIED);
    for (uint64_t n = (uint64_t)*number + 1; n <= count; n++) {
        if (rules->store->port->dense_get(rules->store, DAIS_TABLE_CARRIED, n, row) &&
            memcmp(row->id, id->bytes, sizeof row->id) == 0) {
            *number = (uint32_t)n;
            return true;
        }
    }
    return false;
}

void dais_carried_move(dais_rules_t *rules, uint32_t number, dais_carried_row_t *row,
                       dais_case_state_t to)
{
    if (row->state != to)
        move_case_report(rules, &(dais_move_t){.machine = DAIS_MACHINE_CASE,
                                               .number = number,
                                               .from = row->state,
                                               .to = to,
                                               .is_carried = true});
    row->state = (uint8_t)to;
    rules->store->port->dense_put(rules->store, DAIS_TABLE_CARRIED, number, row);
}

void dais_case_restore(dais_rules_t *rules, dais_org_t *org, dais_case_row_t *row, unsigned to)
{
    if (row->state != to)
        move_case_report(rules, &(dais_move_t){.machine = DAIS_MACHINE_CASE,
                                               .number = org->row.case_number,
                                               .from = row->state,
                                               .to = to,
                                               .is_restored = true});
    row->state = (uint8_t)to;
    dais_case_put(rules, org, row);
}

void dais_carried_restore(dais_rules_t *rules, uint32_t number, dais_carried_row_t *row,
                          unsigned to)
{
    if (row->state != to)
        move_case_report(rules, &(dais_move_t){.machine = DAIS_MACHINE_CASE,
                                               .number = number,
                                               .from = row->state,
                                               .to = to,
                                               .is_carried = true,
                                               .is_restored = true});
    row->state = (uint8_t)to;
    rules->store->port->dense_put(rules->store, DAIS_TABLE_CARRIED, number, row);
}
