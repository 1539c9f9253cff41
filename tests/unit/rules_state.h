/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_TESTS_UNIT_RULES_STATE_H
#define DAIS_TESTS_UNIT_RULES_STATE_H

/* A state that a test writes row by row, for what only reads it. To be included after cmocka. */

#include "registry/rules/rules_private.h"

static dais_rules_t world;

static inline int world_make(void **state)
{
    (void)state;
    memset(&world, 0, sizeof world);
    return dais_store_memory_create(&world.store) == DAIS_OK ? 0 : -1;
}

static inline int world_remove(void **state)
{
    (void)state;
    dais_store_memory_destroy(&world.store);
    return 0;
}

static inline void world_dense(dais_table_t table, uint64_t number, const void *row)
{
    world.store->port->dense_put(world.store, table, number, row);
}

static inline void world_mark(dais_table_t table, uint64_t a, uint64_t b, uint64_t c,
                              uint64_t entry, uint64_t value)
{
    dais_row_key_t key = {.part = {a, b, c}};
    dais_mark_row_t row = {.entry = entry, .value = value};
    world.store->port->sorted_put(world.store, table, &key, &row);
}

static inline void world_org(uint32_t number, dais_organisation_row_t row)
{
    row.id[0] = (uint8_t)number;
    world_dense(DAIS_TABLE_ORGANISATION, number, &row);
}

/* The next entry of the log; its index. */
static inline uint64_t world_entry(unsigned kind, uint32_t actor, dais_scope_t scope,
                                   uint32_t scope_number)
{
    dais_entry_row_t row = {.kind = (uint8_t)kind,
                            .actor_number = actor,
                            .scope = (uint8_t)scope,
                            .scope_number = scope_number};
    uint64_t seq = world.store->port->count(world.store, DAIS_TABLE_ENTRY);
    world_dense(DAIS_TABLE_ENTRY, seq + 1, &row);
    world.size = seq + 1;
    return seq;
}

static inline void world_target(uint64_t seq, uint64_t place, uint64_t number)
{
    dais_row_key_t key = {.part = {seq, place}};
    dais_target_row_t row = {.number = number};
    world.store->port->sorted_put(world.store, DAIS_TABLE_TARGET, &key, &row);
}

/* A message under rule as entry `seq`, by key 1 of actor 1 of the secretariat. */
static inline dais_step_t world_step(unsigned kind, const void *subject, uint64_t seq)
{
    static const dais_message_t message;
    static dais_rules_facts_t facts;
    facts = (dais_rules_facts_t){.seq = seq, .received_at = 1000, .key_number = 1};
    world.seq = seq;
    return (dais_step_t){
        .rules = &world,
        .facts = &facts,
        .kind = dais_kind_of(kind),
        .message = &message,
        .subject = subject,
        .who = {
            .key_number = 1, .actor_number = 1, .role = DAIS_ROLE_SECRETARIAT, .in_force = true}};
}

#define IN_WORLD(test) cmocka_unit_test_setup_teardown(test, world_make, world_remove)

#endif
