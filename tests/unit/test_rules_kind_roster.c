/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/unit/rules_state.h"

static dais_key_t key_of(uint8_t first)
{
    dais_key_t key = {.bytes = {first, 0xee}};
    return key;
}

static dais_roster_change_t change(unsigned what, uint8_t key, uint8_t who, unsigned role)
{
    return (dais_roster_change_t){.change = what,
                                  .who = {.bytes = {who}},
                                  .role = role,
                                  .name = dais_slice_text("a key"),
                                  .key = key_of(key),
                                  .box_key = key_of((uint8_t)(key + 100))};
}

static dais_verdict_t roster_change(dais_roster_change_t subject, uint64_t seq)
{
    dais_step_t step = world_step(DAIS_KIND_ROSTER_CHANGE, &subject, seq);
    return dais_kind_roster_change(&step);
}

static dais_verdict_t add(uint8_t key, uint8_t who, unsigned role, const char *state,
                          const char *holder, uint64_t seq)
{
    dais_roster_change_t subject = change(DAIS_ROSTER_ADD, key, who, role);
    subject.state = dais_slice_text(state);
    subject.holder = dais_slice_text(holder);
    return roster_change(subject, seq);
}

static dais_key_row_t key_row(uint64_t number)
{
    dais_key_row_t row;
    assert_true(world.store->port->dense_get(world.store, DAIS_TABLE_KEY, number, &row));
    return row;
}

static uint64_t key_count(void)
{
    return world.store->port->count(world.store, DAIS_TABLE_KEY);
}

/* The secretariat's first key, as genesis makes it, and three more of it, a party and an intake. */
static void make_roster(void)
{
    assert_int_equal(add(1, 1, DAIS_ROLE_SECRETARIAT, "", "first", 0), DAIS_VERDICT_ACCEPTED);
    assert_int_equal(add(2, 1, DAIS_ROLE_SECRETARIAT, "", "second", 5), DAIS_VERDICT_ACCEPTED);
    assert_int_equal(add(3, 2, DAIS_ROLE_PARTY, "XA", "", 6), DAIS_VERDICT_ACCEPTED);
    assert_int_equal(add(4, 3, DAIS_ROLE_INTAKE, "", "", 7), DAIS_VERDICT_ACCEPTED);
}

/* Goal: an added key has its actor, its State, and all that was said of it. Method: a first and a
 * second key of an actor, a party with a State, read back. */
static void test_add(void **state)
{
    (void)state;
    make_roster();
    dais_key_t key = key_of(3);
    dais_roster_who_t who = dais_roster_find(world.store, &key);
    assert_int_equal(who.role, DAIS_ROLE_PARTY);
    assert_int_equal(who.state_number, 1);
    assert_int_equal(who.actor_number, 2);
    assert_true(who.in_force);
    assert_false(dais_roster_at(world.store, 3, 6).in_force);
    assert_true(dais_roster_at(world.store, 3, 7).in_force);
    assert_int_equal(key_row(2).actor_number, 1);
    assert_int_equal(key_row(2).added, 5);
    assert_int_equal(key_row(2).box_key[0], 102);
    assert_false(dais_roster_same_holder(world.store, 1, 2));
    assert_true(dais_slice_equal(world.store->port->text_get(world.store, key_row(2).name_number),
                                 dais_slice_text("a key")));
    assert_int_equal(world.store->port->count(world.store, DAIS_TABLE_ACTOR), 3);
}

/* Goal: what makes no sense or is taken is refused, and leaves nothing behind. Method: each refusal
 * of an addition; the numbers of keys, actors and States after it. */
static void test_add_refused(void **state)
{
    (void)state;
    make_roster();
    assert_int_equal(add(9, 9, DAIS_ROLE_PARTY, "", "", 9), DAIS_VERDICT_SENSELESS);
    assert_int_equal(add(9, 9, DAIS_ROLE_CHAIR, "XA", "", 9), DAIS_VERDICT_SENSELESS);
    dais_roster_change_t late = change(DAIS_ROSTER_ADD, 9, 9, DAIS_ROLE_CHAIR);
    late.at = 5;
    assert_int_equal(roster_change(late, 9), DAIS_VERDICT_SENSELESS);
    assert_int_equal(add(3, 9, DAIS_ROLE_CHAIR, "", "", 9), DAIS_VERDICT_ALREADY_THERE);
    assert_int_equal(add(9, 1, DAIS_ROLE_CHAIR, "", "", 9), DAIS_VERDICT_ROLE_CONFLICT);
    assert_int_equal(add(9, 2, DAIS_ROLE_PARTY, "XB", "", 9), DAIS_VERDICT_ROLE_CONFLICT);
    assert_int_equal(key_count(), 4);
    assert_int_equal(world.store->port->count(world.store, DAIS_TABLE_ACTOR), 3);
    assert_int_equal(world.store->port->count(world.store, DAIS_TABLE_STATE), 1);
    assert_int_equal(add(9, 2, DAIS_ROLE_PARTY, "XA", "", 9), DAIS_VERDICT_ACCEPTED);
}

static uint64_t next_retirement(uint64_t *number)
{
    dais_row_key_t key = {{0}};
    dais_mark_row_t mark;
    if (!world.store->port->sorted_next(world.store, DAIS_TABLE_RETIRES, &key, &mark))
        return 0;
    *number = key.part[1];
    return key.part[0];
}

/* Goal: a key retires at an instant to come, and a later word replaces it. Method: twice; then what
 * is refused or has no effect. */
static void test_retire(void **state)
{
    (void)state;
    uint64_t number = 0;
    make_roster();
    dais_roster_change_t retire = change(DAIS_ROSTER_RETIRE, 3, 2, DAIS_ROLE_PARTY);
    retire.state = dais_slice_text("XA");
    retire.at = 1000;
    assert_int_equal(roster_change(retire, 10), DAIS_VERDICT_ALREADY_PASSED);
    retire.at = 1001;
    assert_int_equal(roster_change(retire, 10), DAIS_VERDICT_ACCEPTED);
    assert_int_equal(next_retirement(&number), 1001);
    retire.at = 2000;
    assert_int_equal(roster_change(retire, 11), DAIS_VERDICT_ACCEPTED);
    assert_int_equal(next_retirement(&number), 2000);
    assert_int_equal(number, 3);
    assert_int_equal(key_row(3).retires_at, 2000);
    retire.key = key_of(9);
    assert_int_equal(roster_change(retire, 12), DAIS_VERDICT_UNKNOWN_KEY);
    retire.key = key_of(1);
    assert_int_equal(roster_change(retire, 12), DAIS_VERDICT_UNKNOWN_KEY);
    retire = change(DAIS_ROSTER_RETIRE, 3, 2, DAIS_ROLE_CHAIR);
    assert_int_equal(roster_change(retire, 12), DAIS_VERDICT_UNKNOWN_KEY);
    retire = change(DAIS_ROSTER_RETIRE, 3, 77, DAIS_ROLE_PARTY);
    retire.state = dais_slice_text("XA");
    assert_int_equal(roster_change(retire, 12), DAIS_VERDICT_UNKNOWN_KEY);
}

static dais_verdict_t second(uint64_t waiting, uint32_t key_number, uint64_t seq)
{
    dais_second_t subject = {.seq = waiting};
    dais_step_t step = world_step(DAIS_KIND_SECOND, &subject, seq);
    dais_rules_facts_t facts = *step.facts;
    facts.key_number = key_number;
    step.facts = &facts;
    return dais_kind_second(&step);
}

/* Goal: a revocation waits for another holder, ends the key then, and its retirement with it.
 * Method: the refusals of a second, in order; the second; a second revocation that is overtaken. */
static void test_revoke(void **state)
{
    (void)state;
    uint64_t number = 0;
    make_roster();
    dais_roster_change_t revoke = change(DAIS_ROSTER_RETIRE, 3, 2, DAIS_ROLE_PARTY);
    revoke.state = dais_slice_text("XA");
    revoke.at = 3000;
    assert_int_equal(roster_change(revoke, 10), DAIS_VERDICT_ACCEPTED);
    revoke.change = DAIS_ROSTER_REVOKE;
    revoke.at = 77;
    assert_int_equal(roster_change(revoke, 11), DAIS_VERDICT_AWAITS_SECOND);
    assert_int_equal(roster_change(revoke, 12), DAIS_VERDICT_AWAITS_SECOND);
    assert_int_equal(second(14, 2, 14), DAIS_VERDICT_WRONG_NUMBER);
    assert_int_equal(second(10, 2, 14), DAIS_VERDICT_NOTHING_TO_SECOND);
    assert_int_equal(second(11, 1, 14), DAIS_VERDICT_SAME_HOLDER);
    assert_int_equal(key_row(3).ended, 0);
    assert_int_equal(second(11, 2, 15), DAIS_VERDICT_ACCEPTED);
    assert_int_equal(key_row(3).ended, 15);
    assert_int_equal(key_row(3).suspect_since, 77);
    assert_int_equal(next_retirement(&number), 0);
    assert_int_equal(second(11, 2, 16), DAIS_VERDICT_NOTHING_TO_SECOND);
    assert_int_equal(second(12, 2, 16), DAIS_VERDICT_NO_EFFECT);
    assert_int_equal(second(12, 2, 17), DAIS_VERDICT_NO_EFFECT);
    assert_int_equal(roster_change(revoke, 18), DAIS_VERDICT_NO_EFFECT);
}

static dais_verdict_t intake_lost(uint8_t key, uint64_t seq)
{
    dais_intake_lost_t subject = {.key = key_of(key)};
    dais_step_t step = world_step(DAIS_KIND_INTAKE_LOST, &subject, seq);
    return dais_kind_intake_lost(&step);
}

/* Goal: an intake is lost for good when a second holder agrees. Method: keys that are no intake's,
 * twice the same word, both seconded, once more. */
static void test_intake_lost(void **state)
{
    (void)state;
    make_roster();
    assert_int_equal(intake_lost(9, 10), DAIS_VERDICT_UNKNOWN_KEY);
    assert_int_equal(intake_lost(1, 10), DAIS_VERDICT_UNKNOWN_KEY);
    assert_int_equal(intake_lost(4, 10), DAIS_VERDICT_AWAITS_SECOND);
    assert_int_equal(intake_lost(4, 11), DAIS_VERDICT_AWAITS_SECOND);
    assert_int_equal(second(10, 2, 12), DAIS_VERDICT_ACCEPTED);
    assert_int_equal(key_row(4).lost, 12);
    assert_int_equal(key_row(4).ended, 0);
    assert_int_equal(second(11, 2, 13), DAIS_VERDICT_NO_EFFECT);
    assert_int_equal(intake_lost(4, 14), DAIS_VERDICT_NO_EFFECT);
}

/* Goal: an erasure that is seconded marks its entries, and no others. Method: targets of which one
 * was refused, one is not there; the next entry's targets stay. */
static void test_erasure(void **state)
{
    (void)state;
    make_roster();
    for (unsigned i = 0; i < 20; i++)
        (void)world_entry(DAIS_KIND_COMMENT, 2, DAIS_SCOPE_NONE, 0);
    dais_step_t step = world_step(DAIS_KIND_ERASURE, NULL, 20);
    dais_step_await(&step, NULL, 0);
    world_target(20, 0, 3);
    world_target(20, 1, 0);
    world_target(20, 2, 99);
    world_target(20, 3, 4);
    world_target(21, 0, 5);
    assert_int_equal(second(20, 2, 22), DAIS_VERDICT_ACCEPTED);
    for (uint64_t seq = 0; seq < 20; seq++) {
        dais_entry_row_t row;
        assert_true(world.store->port->dense_get(world.store, DAIS_TABLE_ENTRY, seq + 1, &row));
        assert_int_equal(row.marks, seq == 3 || seq == 4 ? DAIS_ENTRY_ERASED : 0);
    }
}

/* Goal: a closing order that is seconded makes the end due. Method: the cycle's row after it. */
static void test_closing(void **state)
{
    (void)state;
    make_roster();
    dais_step_t step = world_step(DAIS_KIND_CLOSING_ORDER, NULL, 20);
    dais_step_await(&step, NULL, 0);
    world.policy.publish_applicants = DAIS_POLICY_APPLICANTS_COUNT;
    assert_int_equal(second(20, 2, 21), DAIS_VERDICT_ACCEPTED);
    assert_int_equal(world.cycle.closing, 20);
    assert_int_equal(world.cycle.tally_due, 1);
}

/* Goal: the word that a clock was accepted is taken as it is. Method: one. */
static void test_clock_accepted(void **state)
{
    (void)state;
    dais_clock_accepted_t subject = {.at = 5};
    dais_step_t step = world_step(DAIS_KIND_CLOCK_ACCEPTED, &subject, 3);
    assert_int_equal(dais_kind_clock_accepted(&step), DAIS_VERDICT_ACCEPTED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_WORLD(test_add),     IN_WORLD(test_add_refused),    IN_WORLD(test_retire),
        IN_WORLD(test_revoke),  IN_WORLD(test_intake_lost),    IN_WORLD(test_erasure),
        IN_WORLD(test_closing), IN_WORLD(test_clock_accepted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
