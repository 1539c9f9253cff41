/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "registry/rules/visible.h"
#include "tests/unit/rules_state.h"

enum { NOW = 60 };

/* Sixty entries that no reader but their kind's may see: most are screenings of organisation 1,
 * which is told as admitted; organisation 2 is not. */
static void begin(void)
{
    memset(world.policy.opens.at, DAIS_POLICY_OPENS_AT_DECIDED, sizeof world.policy.opens.at);
    world.policy.confirmed[DAIS_POLICY_KEY_OPENS] = DAIS_POLICY_CONFIRMED_ASSUMED;
    world.policy.disclosure_objector = DAIS_POLICY_DISCLOSURE_SEALED;
    world.policy.disclosure_cause = DAIS_POLICY_DISCLOSURE_SEALED;
    world_org(1, (dais_organisation_row_t){.told = DAIS_TOLD_ADMITTED});
    world_org(2, (dais_organisation_row_t){.told = DAIS_TOLD_NOTHING});
    world_dense(DAIS_TABLE_STATE, 1, &(dais_state_row_t){.code = "XA", .entitled = 1});
    world.store->port->add(world.store, DAIS_INDEX_STATE, dais_slice("XA\0\0\0\0\0", 8), 1);
    world_dense(DAIS_TABLE_ACTOR, 1, &(dais_actor_row_t){.role = DAIS_ROLE_SECRETARIAT});
    world_dense(DAIS_TABLE_ACTOR, 2,
                &(dais_actor_row_t){.role = DAIS_ROLE_PARTY, .state_number = 1});
    for (unsigned i = 0; i < 60; i++)
        (void)world_entry(DAIS_KIND_SCREENING, 1, DAIS_SCOPE_ORGANISATION, 1);
}

static void put_entry(uint64_t seq, unsigned kind, dais_scope_t scope, uint32_t number)
{
    dais_entry_row_t row = {
        .kind = (uint8_t)kind, .actor_number = 2, .scope = (uint8_t)scope, .scope_number = number};
    world_dense(DAIS_TABLE_ENTRY, seq + 1, &row);
}

static dais_disclosure_t to(unsigned reader, const char *state)
{
    return (dais_disclosure_t){.reader = reader, .state = dais_slice_text(state)};
}

static uint64_t last_target;

static dais_verdict_t disclose(dais_disclosure_t subject, uint64_t index)
{
    dais_number_item_t item = {.value = index};
    dais_step_t step = world_step(DAIS_KIND_DISCLOSURE, &subject, NOW);
    dais_verdict_t verdict = dais_target_disclosure(&step, &item);
    last_target = step.target;
    return verdict;
}

static dais_verdict_t withhold(uint64_t index, uint64_t seq)
{
    dais_number_item_t item = {.value = index};
    dais_step_t step = world_step(DAIS_KIND_WITHHOLDING, NULL, seq);
    dais_verdict_t verdict = dais_target_withholding(&step, &item);
    last_target = step.target;
    return verdict;
}

/* Goal: a State is named where the reader is a State, and only there. Method: all four. */
static void test_message(void **state)
{
    (void)state;
    dais_disclosure_t subject = to(DAIS_READER_STATE, "XA");
    dais_step_t step = world_step(DAIS_KIND_DISCLOSURE, &subject, NOW);
    assert_int_equal(dais_kind_disclosure(&step), DAIS_VERDICT_ACCEPTED);
    subject = to(DAIS_READER_STATE, "");
    assert_int_equal(dais_kind_disclosure(&step), DAIS_VERDICT_SENSELESS);
    subject = to(DAIS_READER_CHAIR, "XA");
    assert_int_equal(dais_kind_disclosure(&step), DAIS_VERDICT_SENSELESS);
    subject = to(DAIS_READER_CHAIR, "");
    assert_int_equal(dais_kind_disclosure(&step), DAIS_VERDICT_ACCEPTED);
    assert_int_equal(dais_kind_withholding(&step), DAIS_VERDICT_ACCEPTED);
    assert_int_equal(dais_kind_erasure(&step), DAIS_VERDICT_ACCEPTED);
}

/* Goal: what can be disclosed is disclosed once, and is then seen. Method: the same twice, to two
 * readers; entries that are not there, are open, or are the registry's own. */
static void test_disclosure(void **state)
{
    (void)state;
    begin();
    assert_int_equal(disclose(to(DAIS_READER_CHAIR, ""), 0), DAIS_VERDICT_UNKNOWN_ENTRY);
    assert_int_equal(disclose(to(DAIS_READER_CHAIR, ""), NOW), DAIS_VERDICT_UNKNOWN_ENTRY);
    assert_int_equal(last_target, 0);
    assert_int_equal(disclose(to(DAIS_READER_CHAIR, ""), 5), DAIS_VERDICT_ACCEPTED);
    assert_int_equal(last_target, 5);
    assert_int_equal(disclose(to(DAIS_READER_CHAIR, ""), 5), DAIS_VERDICT_NO_EFFECT);
    assert_int_equal(disclose(to(DAIS_READER_STATE, "XB"), 5), DAIS_VERDICT_ACCEPTED);
    assert_int_equal(disclose(to(DAIS_READER_STATE, "XB"), 5), DAIS_VERDICT_NO_EFFECT);
    assert_int_equal(disclose(to(DAIS_READER_STATE, "XA"), 5), DAIS_VERDICT_ACCEPTED);
    assert_int_equal(disclose(to(DAIS_READER_PUBLIC, ""), 5), DAIS_VERDICT_ACCEPTED);
    assert_int_equal(dais_visible_public_from(&world, 5), NOW + 1);
    assert_int_equal(disclose(to(DAIS_READER_STATES, ""), 5), DAIS_VERDICT_ALREADY_OPEN);
    put_entry(6, DAIS_KIND_TURNED_AWAY, DAIS_SCOPE_NONE, 0);
    assert_int_equal(disclose(to(DAIS_READER_CHAIR, ""), 6), DAIS_VERDICT_ALREADY_OPEN);
    put_entry(7, DAIS_KIND_LAPSE, DAIS_SCOPE_ORGANISATION, 1);
    assert_int_equal(disclose(to(DAIS_READER_CHAIR, ""), 7), DAIS_VERDICT_ACCEPTED);
    assert_int_equal(withhold(8, 50), DAIS_VERDICT_ACCEPTED);
    assert_int_equal(disclose(to(DAIS_READER_CHAIR, ""), 8), DAIS_VERDICT_WITHHELD);
}

/* Goal: to the public goes nothing that the policy never opens, nor what is about somebody who was
 * not told as admitted, as long as causes are sealed. Method: each scope with either organisation.
 */
static void test_to_public(void **state)
{
    (void)state;
    begin();
    world_dense(DAIS_TABLE_COMMENT, 1, &(dais_comment_row_t){.organisation_number = 2});
    put_entry(5, DAIS_KIND_SCREENING, DAIS_SCOPE_ORGANISATION, 2);
    put_entry(6, DAIS_KIND_COMMENT, DAIS_SCOPE_COMMENT, 1);
    put_entry(7, DAIS_KIND_DECISION, DAIS_SCOPE_TARGETS, 3);
    put_entry(8, DAIS_KIND_DECISION, DAIS_SCOPE_TARGETS, 2);
    put_entry(9, DAIS_KIND_DECISION, DAIS_SCOPE_TARGETS, 1);
    put_entry(10, DAIS_KIND_LATE_PERMIT, DAIS_SCOPE_ACTOR, 2);
    put_entry(11, DAIS_KIND_COMMENT, DAIS_SCOPE_COMMENT, 9);
    put_entry(12, DAIS_KIND_DISCLOSURE, DAIS_SCOPE_TARGETS, 1);
    world_target(7, 0, 1);
    world_target(7, 1, 0);
    world_target(8, 0, 1);
    world_target(8, 1, 2);
    world_target(9, 0, (1ULL << 32) + 1);
    world_target(12, 0, 2);
    static const dais_verdict_t sealed[] = {
        DAIS_VERDICT_SEALED_BY_POLICY, DAIS_VERDICT_SEALED_BY_POLICY, DAIS_VERDICT_ACCEPTED,
        DAIS_VERDICT_SEALED_BY_POLICY, DAIS_VERDICT_SEALED_BY_POLICY, DAIS_VERDICT_ACCEPTED,
        DAIS_VERDICT_SEALED_BY_POLICY, DAIS_VERDICT_ACCEPTED};
    for (unsigned i = 0; i < 8; i++)
        assert_int_equal(disclose(to(DAIS_READER_PUBLIC, ""), 5 + i), sealed[i]);
    world.policy.disclosure_cause = DAIS_POLICY_DISCLOSURE_PUBLIC;
    assert_int_equal(disclose(to(DAIS_READER_PUBLIC, ""), 5), DAIS_VERDICT_ACCEPTED);
    world.policy.opens.at[DAIS_POLICY_OPENED_COMMENT] = DAIS_POLICY_OPENS_AT_NEVER;
    assert_int_equal(disclose(to(DAIS_READER_PUBLIC, ""), 6), DAIS_VERDICT_SEALED_BY_POLICY);
    assert_int_equal(disclose(to(DAIS_READER_APPLICANT, ""), 6), DAIS_VERDICT_ACCEPTED);
}

/* Goal: what tells of objections goes no further than its level. Method: every level, every reader,
 * with the State having asked and not. */
static void test_levels(void **state)
{
    (void)state;
    static const struct {
        unsigned reader;
        const char *state;
        dais_policy_disclosure_t least;
    } readers[] = {{DAIS_READER_PUBLIC, "", DAIS_POLICY_DISCLOSURE_PUBLIC},
                   {DAIS_READER_APPLICANT, "", DAIS_POLICY_DISCLOSURE_PUBLIC},
                   {DAIS_READER_STATES, "", DAIS_POLICY_DISCLOSURE_PUBLIC},
                   {DAIS_READER_STATE, "XA", DAIS_POLICY_DISCLOSURE_STATES_ON_REQUEST},
                   {DAIS_READER_CHAIR, "", DAIS_POLICY_DISCLOSURE_CHAIR},
                   {DAIS_READER_DECIDER, "", DAIS_POLICY_DISCLOSURE_DECIDER}};
    begin();
    world_mark(DAIS_TABLE_REQUEST, 1, 1, 0, 3, 0);
    uint64_t index = 1;
    for (dais_policy_disclosure_t level = DAIS_POLICY_DISCLOSURE_SEALED;
         level <= DAIS_POLICY_DISCLOSURE_PUBLIC; level++) {
        world.policy.disclosure_objector = level;
        for (unsigned i = 0; i < 6; i++, index++) {
            put_entry(index, DAIS_KIND_OBJECTION, DAIS_SCOPE_TARGETS, 2);
            world_target(index, 0, 1);
            world_target(index, 1, 0);
            assert_int_equal(disclose(to(readers[i].reader, readers[i].state), index),
                             level >= readers[i].least ? DAIS_VERDICT_ACCEPTED
                                                       : DAIS_VERDICT_SEALED_BY_POLICY);
        }
    }
    world_target(50, 0, 1);
    world_target(50, 1, 2);
    put_entry(50, DAIS_KIND_CO_SIGNATURE, DAIS_SCOPE_TARGETS, 2);
    world.policy.disclosure_objector = DAIS_POLICY_DISCLOSURE_STATES_ON_REQUEST;
    assert_int_equal(disclose(to(DAIS_READER_STATE, "XA"), 50), DAIS_VERDICT_NOT_REQUESTED);
    assert_int_equal(disclose(to(DAIS_READER_STATE, "XQ"), 50), DAIS_VERDICT_NOT_REQUESTED);
    world.policy.disclosure_objector = DAIS_POLICY_DISCLOSURE_PUBLIC;
    assert_int_equal(disclose(to(DAIS_READER_STATE, "XA"), 50), DAIS_VERDICT_ACCEPTED);
}

/* Goal: what a State asked goes to that State alone. Method: to it, to another, to the Chair. */
static void test_request(void **state)
{
    (void)state;
    begin();
    put_entry(5, DAIS_KIND_DISCLOSURE_REQUEST, DAIS_SCOPE_TARGETS, 0);
    world.policy.opens.at[DAIS_POLICY_OPENED_DISCLOSURE_REQUEST] = DAIS_POLICY_OPENS_AT_NEVER;
    assert_int_equal(disclose(to(DAIS_READER_CHAIR, ""), 5), DAIS_VERDICT_SEALED_BY_POLICY);
    assert_int_equal(disclose(to(DAIS_READER_STATE, "XB"), 5), DAIS_VERDICT_SEALED_BY_POLICY);
    assert_int_equal(disclose(to(DAIS_READER_STATE, "XA"), 5), DAIS_VERDICT_ACCEPTED);
}

/* Goal: what is withheld is withheld once and for good. Method: twice, what is open, what is not
 * there, own entries; the public sees nothing of it later. */
static void test_withholding(void **state)
{
    (void)state;
    begin();
    assert_int_equal(withhold(0, NOW), DAIS_VERDICT_UNKNOWN_ENTRY);
    assert_int_equal(withhold(NOW, NOW), DAIS_VERDICT_UNKNOWN_ENTRY);
    assert_int_equal(withhold(5, NOW), DAIS_VERDICT_ACCEPTED);
    assert_int_equal(last_target, 5);
    assert_int_equal(withhold(5, NOW + 1), DAIS_VERDICT_NO_EFFECT);
    put_entry(6, DAIS_KIND_OUTCOME, DAIS_SCOPE_ORGANISATION, 1);
    assert_int_equal(withhold(6, NOW), DAIS_VERDICT_ALREADY_OPEN);
    world_org(1, (dais_organisation_row_t){.opened = 58});
    assert_int_equal(withhold(7, NOW), DAIS_VERDICT_ALREADY_OPEN);
    world_org(1, (dais_organisation_row_t){.opened = 70});
    assert_int_equal(dais_visible_public_from(&world, 5), 0);
    assert_int_equal(dais_visible_public_from(&world, 7), 71);
}

/* Goal: an erasure waits for a second holder. Method: an entry, one that is erased already, one of
 * the registry, one that is not there. */
static void test_erasure(void **state)
{
    (void)state;
    begin();
    dais_step_t step = world_step(DAIS_KIND_ERASURE, NULL, NOW);
    dais_row_key_t key = {.part = {NOW}};
    dais_second_row_t waiting;
    put_entry(6, DAIS_KIND_LAPSE, DAIS_SCOPE_ORGANISATION, 1);
    world_dense(DAIS_TABLE_ENTRY, 8, &(dais_entry_row_t){.kind = 14, .marks = DAIS_ENTRY_ERASED});
    assert_int_equal(dais_target_erasure(&step, &(dais_number_item_t){.value = 0}),
                     DAIS_VERDICT_UNKNOWN_ENTRY);
    assert_int_equal(dais_target_erasure(&step, &(dais_number_item_t){.value = 6}),
                     DAIS_VERDICT_UNKNOWN_ENTRY);
    assert_int_equal(dais_target_erasure(&step, &(dais_number_item_t){.value = 7}),
                     DAIS_VERDICT_NO_EFFECT);
    assert_false(world.store->port->sorted_get(world.store, DAIS_TABLE_SECOND, &key, &waiting));
    assert_int_equal(dais_target_erasure(&step, &(dais_number_item_t){.value = 5}),
                     DAIS_VERDICT_AWAITS_SECOND);
    assert_true(world.store->port->sorted_get(world.store, DAIS_TABLE_SECOND, &key, &waiting));
    assert_int_equal(step.target, 5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_WORLD(test_message), IN_WORLD(test_disclosure), IN_WORLD(test_to_public),
        IN_WORLD(test_levels),  IN_WORLD(test_request),    IN_WORLD(test_withholding),
        IN_WORLD(test_erasure),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
