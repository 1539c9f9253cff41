/* SPDX-License-Identifier: Apache-2.0
 *
 * Organisations, comments and the cycle: their rows, and their moves along the tables of
 * states.def. A move that no table has is a bug of the rules and stops the program; what a message
 * asks for in the wrong state was refused before. Every count of the cycle that depends on an
 * organisation is taken off and put on again when its row is put back, so that no kind counts. */
#include "registry/rules/rules_private.h"

#include <assert.h>

void dais_move_report(dais_rules_t *rules, const dais_move_t *move)
{
    dais_move_t told = *move;
    told.seq = rules->seq;
    if (rules->moved != NULL)
        rules->moved(rules->moved_context, &told);
}

static void move_along(dais_rules_t *rules, const dais_move_t *move)
{
    assert(move->from == 0 || dais_machine_allows(move->machine, move->from, move->to));
    dais_move_report(rules, move);
}

unsigned dais_org_category(const dais_organisation_row_t *row)
{
    return row->confirmed_category != 0 ? row->confirmed_category : row->category;
}

bool dais_org_is_in(const dais_org_t *org)
{
    return dais_application_is_in(org->row.state);
}

bool dais_org_is_pre_list(const dais_org_t *org)
{
    return dais_application_is_pre_list(org->row.state);
}

uint32_t dais_org_count(dais_rules_t *rules)
{
    return (uint32_t)rules->store->port->count(rules->store, DAIS_TABLE_ORGANISATION);
}

bool dais_org_get(dais_rules_t *rules, uint64_t number, dais_org_t *org)
{
    org->number = (uint32_t)number;
    if (number == 0 ||
        !rules->store->port->dense_get(rules->store, DAIS_TABLE_ORGANISATION, number, &org->row))
        return false;
    org->stored = org->row;
    return true;
}

bool dais_org_find(dais_rules_t *rules, const dais_id_t *id, dais_org_t *org)
{
    dais_slice_t key = dais_slice(id->bytes, sizeof id->bytes);
    uint64_t number = rules->store->port->find(rules->store, DAIS_INDEX_ORGANISATION, key);
    return dais_org_get(rules, number, org);
}

void dais_org_add(dais_rules_t *rules, const dais_id_t *id, dais_org_t *org)
{
    memset(org, 0, sizeof *org);
    org->number = dais_org_count(rules) + 1;
    memcpy(org->row.id, id->bytes, sizeof org->row.id);
    org->row.applied = rules->seq;
    org->row.route = DAIS_ROUTE_FORM;
    rules->store->port->add(rules->store, DAIS_INDEX_ORGANISATION,
                            dais_slice(id->bytes, sizeof id->bytes), org->number);
}

/* 32-bit counts go up and down by the same amounts, so that wrapping around cannot show. */
static void move_count_standing(dais_cycle_row_t *cycle, const dais_organisation_row_t *row,
                                uint32_t one)
{
    if (row->version != 0) {
        cycle->circulated += one;
        cycle->by_state[row->state] += one;
        if (row->told == DAIS_TOLD_ADMITTED || row->told == DAIS_TOLD_PROVISIONAL)
            cycle->shown += one;
    }
    if (row->state == DAIS_APPLICATION_ADMITTED && row->route == DAIS_ROUTE_NOTIFY)
        cycle->notified += one;
    if (row->state == DAIS_APPLICATION_ADMITTED && row->route == DAIS_ROUTE_ACCORDED)
        cycle->accorded += one;
    cycle->standing += one * row->standing;
    if (row->standing != 0)
        cycle->objected += one;
}

static void move_count_part(dais_cycle_row_t *cycle, const dais_organisation_row_t *row,
                            uint32_t one)
{
    unsigned category = dais_org_category(row);
    uint32_t registered = (uint32_t)row->registered_in_person + row->registered_online;
    uint32_t attended = (uint32_t)row->attended_in_person + row->attended_online;
    if (row->invited != 0 && dais_application_is_in(row->state)) {
        cycle->invited += one;
        cycle->invited_of[category] += one;
    }
    cycle->registered += registered != 0 ? one : 0;
    cycle->registered_persons += one * registered;
    cycle->attended_persons += one * attended;
    if (attended != 0) {
        cycle->attended += one;
        cycle->attended_of[category] += one;
    }
}

static void move_count(dais_cycle_row_t *cycle, const dais_organisation_row_t *row, uint32_t one)
{
    if (row->state == 0) /* not there before */
        return;
    cycle->applied += one;
    move_count_standing(cycle, row, one);
    move_count_part(cycle, row, one);
}

void dais_org_put(dais_rules_t *rules, dais_org_t *org)
{
    dais_cycle_row_t *cycle = &rules->cycle;
    if (memcmp(&org->row, &org->stored, sizeof org->row) == 0)
        return;
    move_count(cycle, &org->stored, UINT32_MAX);
    move_count(cycle, &org->row, 1);
    if (dais_org_is_in(org) && org->row.invited == 0 && org->row.rank < cycle->rank_hint)
        cycle->rank_hint = org->row.rank;
    rules->store->port->dense_put(rules->store, DAIS_TABLE_ORGANISATION, org->number, &org->row);
    org->stored = org->row;
}

void dais_org_touch(dais_rules_t *rules, const dais_org_t *org)
{
    dais_mark_row_t mark = {.entry = rules->seq};
    dais_row_key_t key = {{org->number}};
    rules->store->port->sorted_put(rules->store, DAIS_TABLE_TOUCHED, &key, &mark);
}

void dais_org_move(dais_rules_t *rules, dais_org_t *org, dais_application_state_t to,
                   dais_cause_t cause)
{
    if (org->row.state == to)
        return;
    if (cause != DAIS_CAUSE_NONE)
        org->row.cause = (uint8_t)cause;
    move_along(rules, &(dais_move_t){.machine = DAIS_MACHINE_APPLICATION,
                                     .number = org->number,
                                     .from = org->row.state,
                                     .to = to,
                                     .cause = (dais_cause_t)org->row.cause});
    org->row.state = (uint8_t)to;
    dais_org_touch(rules, org);
}

void dais_org_rank(dais_rules_t *rules, dais_org_t *org)
{
    dais_mark_row_t mark = {.entry = rules->seq, .value = org->number};
    org->row.rank = ++rules->cycle.rank;
    dais_row_key_t key = {{org->row.rank}};
    rules->store->port->sorted_put(rules->store, DAIS_TABLE_RANK, &key, &mark);
}

void dais_comment_move(dais_rules_t *rules, uint32_t number, dais_comment_row_t *row,
                       dais_comment_state_t to)
{
    if (row->state == to)
        return;
    move_along(rules, &(dais_move_t){.machine = DAIS_MACHINE_COMMENT,
                                     .number = number,
                                     .from = row->state,
                                     .to = to});
    row->state = (uint8_t)to;
}

void dais_cycle_move(dais_rules_t *rules, dais_cycle_state_t to)
{
    move_along(rules,
               &(dais_move_t){.machine = DAIS_MACHINE_CYCLE, .from = rules->cycle.state, .to = to});
    rules->cycle.state = (uint8_t)to;
}
