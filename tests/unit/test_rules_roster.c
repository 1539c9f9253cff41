/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "proto/message.h"
#include "proto/words.h"
#include "registry/rules/roster.h"
#include "tests/unit/rules_store.h"

static dais_key_t key_of(uint8_t first)
{
    dais_key_t key = {.bytes = {first, 0xee}};
    return key;
}

static dais_id_t id_of(uint8_t first)
{
    dais_id_t id = {.bytes = {first, 0xaa}};
    return id;
}

static void add_actor(uint32_t number, uint32_t role, uint32_t state_number)
{
    dais_actor_row_t row = {.role = role, .state_number = state_number};
    dais_id_t id = id_of((uint8_t)number);
    memcpy(row.id, id.bytes, sizeof row.id);
    rows->port->dense_put(rows, DAIS_TABLE_ACTOR, number, &row);
    rows->port->add(rows, DAIS_INDEX_ACTOR, dais_slice(id.bytes, sizeof id.bytes), number);
}

static void add_key(uint32_t number, dais_key_row_t row)
{
    dais_key_t key = key_of((uint8_t)number);
    memcpy(row.key, key.bytes, sizeof row.key);
    rows->port->dense_put(rows, DAIS_TABLE_KEY, number, &row);
    rows->port->add(rows, DAIS_INDEX_KEY, dais_slice(key.bytes, sizeof key.bytes), number);
}

/* A secretariat with two keys, a party, two intakes of which one is lost, one ended. */
static void make_roster(void)
{
    uint32_t first = (uint32_t)dais_store_text(rows, dais_slice_text("first holder"));
    uint32_t other = (uint32_t)dais_store_text(rows, dais_slice_text("other holder"));
    add_actor(1, DAIS_ROLE_SECRETARIAT, 0);
    add_actor(2, DAIS_ROLE_PARTY, 4);
    add_actor(3, DAIS_ROLE_INTAKE, 0);
    add_key(1, (dais_key_row_t){.actor_number = 1, .holder_number = first});
    add_key(2, (dais_key_row_t){.actor_number = 1, .added = 5, .ended = 9, .holder_number = other});
    add_key(3, (dais_key_row_t){.actor_number = 2, .added = 6, .ended = 7, .suspect_since = 40});
    add_key(4, (dais_key_row_t){.actor_number = 3, .added = 2});
    add_key(5, (dais_key_row_t){.actor_number = 3, .added = 2, .lost = 8});
    add_key(6, (dais_key_row_t){.actor_number = 3, .added = 2, .ended = 8});
    add_key(7, (dais_key_row_t){.actor_number = 3, .added = 2, .holder_number = first});
}

/* Goal: a key is found with its actor, role and State, and whether it counts from now on. Method:
 * one in force, one ended, one of a party that is suspect, and a stranger. */
static void test_find(void **state)
{
    (void)state;
    make_roster();
    dais_key_t key = key_of(1);
    dais_roster_who_t who = dais_roster_find(rows, &key);
    dais_id_t id = id_of(1);
    assert_int_equal(who.key_number, 1);
    assert_int_equal(who.actor_number, 1);
    assert_memory_equal(&who.actor, &id, sizeof id);
    assert_int_equal(who.role, DAIS_ROLE_SECRETARIAT);
    assert_true(who.in_force && !who.suspect);
    key = key_of(2);
    assert_false(dais_roster_find(rows, &key).in_force);
    key = key_of(3);
    who = dais_roster_find(rows, &key);
    assert_int_equal(who.state_number, 4);
    assert_true(!who.in_force && who.suspect);
    key = key_of(99);
    who = dais_roster_find(rows, &key);
    assert_int_equal(who.key_number, 0);
    assert_int_equal(who.role, 0);
    assert_false(who.in_force);
}

/* Goal: a key counts from the entry behind its own up to the one that ends it. Method: the entries
 * around both. */
static void test_at(void **state)
{
    (void)state;
    make_roster();
    assert_false(dais_roster_at(rows, 2, 5).in_force);
    assert_true(dais_roster_at(rows, 2, 6).in_force);
    assert_true(dais_roster_at(rows, 2, 9).in_force);
    assert_false(dais_roster_at(rows, 2, 10).in_force);
    assert_true(dais_roster_at(rows, 1, 1).in_force);
    assert_true(dais_roster_at(rows, 1, UINT64_MAX).in_force);
    assert_int_equal(dais_roster_at(rows, 8, 6).key_number, 0);
    assert_int_equal(dais_roster_at(rows, 0, 6).key_number, 0);
}

/* Goal: a key whose actor is not stored is nobody's. Method: such a key, by both ways. */
static void test_without_actor(void **state)
{
    (void)state;
    add_key(1, (dais_key_row_t){.actor_number = 9});
    dais_key_t key = key_of(1);
    assert_int_equal(dais_roster_find(rows, &key).key_number, 0);
    assert_false(dais_roster_find(rows, &key).in_force);
    assert_false(dais_roster_at(rows, 1, 1).in_force);
}

/* Goal: holders are compared byte for byte, and two that name nobody are the same. Method: pairs of
 * each sort, and keys that are not there. */
static void test_same_holder(void **state)
{
    (void)state;
    make_roster();
    assert_true(dais_roster_same_holder(rows, 1, 1));
    assert_true(dais_roster_same_holder(rows, 1, 7));
    assert_false(dais_roster_same_holder(rows, 1, 2));
    assert_false(dais_roster_same_holder(rows, 1, 3));
    assert_true(dais_roster_same_holder(rows, 3, 4));
    assert_false(dais_roster_same_holder(rows, 1, 8));
    assert_false(dais_roster_same_holder(rows, 0, 1));
}

/* Goal: an actor is found by its id. Method: one that is there, one that is not. */
static void test_actor(void **state)
{
    (void)state;
    make_roster();
    dais_id_t id = id_of(2);
    assert_int_equal(dais_roster_actor(rows, &id), 2);
    id = id_of(9);
    assert_int_equal(dais_roster_actor(rows, &id), 0);
}

static void note_intake(void *context, uint32_t key_number, const dais_key_t *key)
{
    dais_key_t expected = key_of((uint8_t)key_number);
    uint32_t *seen = (uint32_t *)context;
    assert_memory_equal(key, &expected, sizeof expected);
    *seen = *seen * 10 + key_number;
}

static void note_key(void *context, uint32_t key_number, const dais_key_row_t *key,
                     const dais_actor_row_t *actor)
{
    uint32_t *seen = (uint32_t *)context;
    assert_int_equal(key->key[0], key_number);
    assert_int_equal(actor->id[0], key->actor_number);
    *seen = *seen * 10 + key_number;
}

/* Goal: ticks wait for intakes in force and not lost, in order; the walk gives every key. Method:
 * the roster with one of each, seen as digits. */
static void test_walks(void **state)
{
    (void)state;
    uint32_t seen = 0;
    make_roster();
    dais_roster_intakes(rows, note_intake, &seen);
    assert_int_equal(seen, 47);
    seen = 0;
    dais_roster_walk(rows, note_key, &seen);
    assert_int_equal(seen, 1234567);
    add_key(8, (dais_key_row_t){.actor_number = 9});
    seen = 0;
    dais_roster_walk(rows, note_key, &seen);
    assert_int_equal(seen, 1234567);
}

/* Goal: what may come without a stamp are four kinds, of the secretariat. Method: every kind and
 * role. */
static void test_on_host(void **state)
{
    unsigned count = 0;
    (void)state;
    for (unsigned kind = 0; kind < 256; kind++)
        for (unsigned role = 0; role < 16; role++)
            count += dais_roster_may_on_host(kind, role);
    assert_int_equal(count, 4);
    assert_true(dais_roster_may_on_host(DAIS_KIND_ROSTER_CHANGE, DAIS_ROLE_SECRETARIAT));
    assert_true(dais_roster_may_on_host(DAIS_KIND_INTAKE_LOST, DAIS_ROLE_SECRETARIAT));
    assert_true(dais_roster_may_on_host(DAIS_KIND_CLOCK_ACCEPTED, DAIS_ROLE_SECRETARIAT));
    assert_true(dais_roster_may_on_host(DAIS_KIND_SECOND, DAIS_ROLE_SECRETARIAT));
    assert_false(dais_roster_may_on_host(DAIS_KIND_SECOND, DAIS_ROLE_CHAIR));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_on_host),
        ON_BOTH(test_find),
        ON_BOTH(test_at),
        ON_BOTH(test_without_actor),
        ON_BOTH(test_same_holder),
        ON_BOTH(test_actor),
        ON_BOTH(test_walks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
