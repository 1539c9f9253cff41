/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "registry/rules/digest.h"
#include "registry/rules/lists.h"
#include "registry/rules/rules_private.h"
#include "registry/rules/visible.h"
#include "tests/unit/rules_failing.h"
#include "tests/unit/rules_scenarios.h"

/* By each way that leads to the store so many calls fail; all calls in the long run. */
#define EACH_WAY  2
#define WAYS_SIZE 65536

static uint64_t failures;
static struct {
    uint64_t way;
    unsigned count;
} ways[WAYS_SIZE];

/* Is this call still to fail? Counts it then. */
static bool is_wanted(uint64_t call)
{
    if (getenv("DAIS_FULL") != NULL || call >= FAILING_CALLS_MAX)
        return true;
    size_t at = failing.ways[call] % WAYS_SIZE;
    while (ways[at].count != 0 && ways[at].way != failing.ways[call])
        at = (at + 1) % WAYS_SIZE;
    ways[at].way = failing.ways[call];
    return ++ways[at].count <= EACH_WAY;
}

/* Plays until something is said to be wrong; the entry at which it was, or the tape's size. */
static uint64_t play_until(const scenario_tape_t *tape, uint64_t fail_at, dais_err_t *err)
{
    dais_rules_t *rules = NULL;
    uint64_t seq = 0;
    *err = dais_rules_create(&rules, failing_start(fail_at, DAIS_ERR_IO));
    for (; *err == DAIS_OK && seq < scenario_tape_size(tape); seq++)
        *err = scenario_tape_play(tape, seq, rules);
    if (*err == DAIS_OK) {
        dais_hash_t digest;
        *err = dais_digest_state(rules, &digest);
    }
    dais_rules_destroy(&rules);
    return seq;
}

static void fail_each_call(const char *name, const scenario_tape_t *tape)
{
    dais_err_t err;
    failing.records = true;
    assert_int_equal(play_until(tape, 0, &err), scenario_tape_size(tape));
    failing.records = false;
    assert_int_equal(err, DAIS_OK);
    uint64_t calls = failing.calls;
    for (uint64_t fail_at = 1; fail_at <= calls; fail_at++) {
        if (!is_wanted(fail_at - 1))
            continue;
        (void)play_until(tape, fail_at, &err);
        if (err != DAIS_ERR_IO)
            fail_msg("%s, call %llu of %llu: %s", name, (unsigned long long)fail_at,
                     (unsigned long long)calls, dais_err_code(err));
        failures++;
    }
}

/* Goal: a store that fails is never taken for one in which nothing stands: the entry under rule
 * ends with the store's error, at whichever call, and no assert is tripped on the way. Method: all
 * scenarios and cases, with each call to the store failing in turn; by one way through the code not
 * more than two, unless DAIS_FULL is set. */
static void test_each_call(void **state)
{
    (void)state;
    assert_int_equal(dais_store_memory_create(&failing.inner), DAIS_OK);
    scenario_each(fail_each_call);
    dais_store_memory_destroy(&failing.inner);
    print_message("%llu failures\n", (unsigned long long)failures);
}

static void take_row(void *context, const dais_list_row_t *row)
{
    (void)row;
    ++*(unsigned *)context;
}

static void take_key(void *context, uint32_t number, const dais_key_row_t *key,
                     const dais_actor_row_t *actor)
{
    (void)number;
    (void)key;
    (void)actor;
    ++*(unsigned *)context;
}

static void take_intake(void *context, uint32_t number, const dais_key_t *key)
{
    (void)number;
    (void)key;
    ++*(unsigned *)context;
}

static void ask_entries(dais_rules_t *rules)
{
    static const dais_reader_who_t readers[] = {
        {0, 0, 0}, {DAIS_ROLE_OFFICE, 3, 0}, {DAIS_ROLE_PARTY, 5, 1}, {DAIS_ROLE_REGISTRY, 0, 0}};
    uint64_t size = dais_rules_size(rules);
    for (uint64_t seq = 0; seq < size; seq++) {
        for (size_t i = 0; i < sizeof readers / sizeof readers[0]; i++)
            (void)dais_visible_entry(rules, readers[i], seq, size);
        (void)dais_visible_public_from(rules, seq);
        (void)dais_visible_erased(rules, seq);
    }
}

static void ask_facts(dais_rules_t *rules)
{
    static const dais_reader_who_t secretariat = {DAIS_ROLE_SECRETARIAT, 1, 0};
    static const dais_reader_who_t office = {DAIS_ROLE_OFFICE, 3, 0};
    uint32_t count = dais_org_count(rules);
    for (uint32_t org = 1; org <= count; org++) {
        for (unsigned fact = 0; fact <= DAIS_FACT_PARTICIPANT; fact++) {
            (void)dais_visible_fact(rules, dais_visible_public(), (dais_fact_t)fact, org,
                                    dais_rules_size(rules));
            (void)dais_visible_fact(rules, secretariat, (dais_fact_t)fact, org,
                                    dais_rules_size(rules));
            (void)dais_visible_fact(rules, office, (dais_fact_t)fact, org, dais_rules_size(rules));
        }
        (void)dais_visible_standing(rules, secretariat, org);
    }
}

/* All that is ever asked of a state. */
static void ask_everything(dais_rules_t *rules)
{
    static const dais_reader_who_t secretariat = {DAIS_ROLE_SECRETARIAT, 1, 0};
    static const dais_reader_who_t registry = {DAIS_ROLE_REGISTRY, 0, 0};
    dais_list_account_t account;
    dais_tally_counts_t counts;
    dais_hash_t digest;
    unsigned rows = 0;
    (void)dais_lists_circulated(rules, secretariat, take_row, &rows, &account);
    (void)dais_lists_circulated(rules, registry, take_row, &rows, &account);
    dais_lists_participants(rules, take_row, &rows, &account);
    dais_lists_tally(rules, &counts);
    (void)dais_lists_attended(rules);
    dais_roster_walk(dais_rules_store(rules), take_key, &rows);
    dais_roster_intakes(dais_rules_store(rules), take_intake, &rows);
    ask_entries(rules);
    ask_facts(rules);
    dais_err_t err = dais_digest_standing(rules, &digest);
    if (err == DAIS_OK)
        err = dais_digest_state(rules, &digest);
    assert_int_equal(err, dais_rules_store(rules)->err);
}

/* The state is made once; what is asked of it changes nothing. */
static void fail_each_question(const char *name, const scenario_tape_t *tape)
{
    dais_rules_t *rules = NULL;
    dais_hash_t before;
    dais_hash_t after;
    assert_int_equal(dais_rules_create(&rules, failing_start(0, DAIS_ERR_IO)), DAIS_OK);
    for (uint64_t seq = 0; seq < scenario_tape_size(tape); seq++)
        assert_int_equal(scenario_tape_play(tape, seq, rules), DAIS_OK);
    assert_int_equal(dais_digest_state(rules, &before), DAIS_OK);
    failing.calls = 0;
    failing.records = true;
    ask_everything(rules);
    failing.records = false;
    uint64_t calls = failing.calls;
    for (uint64_t fail_at = 1; fail_at <= calls && fail_at <= FAILING_CALLS_MAX; fail_at++) {
        if (!is_wanted(fail_at - 1))
            continue;
        failing.calls = 0;
        failing.fail_at = fail_at;
        ask_everything(rules);
        if (failing.base.err != DAIS_ERR_IO)
            fail_msg("%s, question %llu", name, (unsigned long long)fail_at);
        failing.base.err = DAIS_OK;
        failures++;
    }
    failing.fail_at = 0;
    assert_int_equal(dais_digest_state(rules, &after), DAIS_OK);
    assert_memory_equal(&before, &after, sizeof after);
    dais_rules_destroy(&rules);
}

/* Goal: what is asked of a store that fails on the way ends and changes nothing. Method: all lists,
 * facts, entries for several readers, the roster and both digests of the last state of each
 * scenario, with calls to the store failing in turn. */
static void test_each_question(void **state)
{
    (void)state;
    assert_int_equal(dais_store_memory_create(&failing.inner), DAIS_OK);
    scenario_each(fail_each_question);
    dais_store_memory_destroy(&failing.inner);
    print_message("%llu failures\n", (unsigned long long)failures);
}

/* A state that is taken up again from a store that fails. */
static void fail_each_start(const char *name, const scenario_tape_t *tape)
{
    dais_rules_t *rules = NULL;
    assert_int_equal(dais_rules_create(&rules, failing_start(0, DAIS_ERR_IO)), DAIS_OK);
    for (uint64_t seq = 0; seq < scenario_tape_size(tape); seq++)
        assert_int_equal(scenario_tape_play(tape, seq, rules), DAIS_OK);
    dais_rules_destroy(&rules);
    for (uint64_t fail_at = 1;; fail_at++) {
        failing.calls = 0;
        failing.fail_at = fail_at;
        assert_int_equal(dais_rules_create(&rules, &failing.base), DAIS_OK);
        dais_err_t err = dais_rules_resume(rules);
        dais_rules_destroy(&rules);
        failing.base.err = DAIS_OK;
        if (failing.calls < fail_at) {
            assert_int_equal(err, DAIS_OK);
            return;
        }
        if (err != DAIS_ERR_IO)
            fail_msg("%s, read %llu: %s", name, (unsigned long long)fail_at, dais_err_code(err));
        failures++;
    }
}

/* Goal: a restart on a store that fails says so. Method: each read of it fails in turn, for the
 * last state of each scenario. */
static void test_each_start(void **state)
{
    (void)state;
    assert_int_equal(dais_store_memory_create(&failing.inner), DAIS_OK);
    scenario_each(fail_each_start);
    dais_store_memory_destroy(&failing.inner);
    print_message("%llu failures\n", (unsigned long long)failures);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_each_call),
                                       cmocka_unit_test(test_each_question),
                                       cmocka_unit_test(test_each_start)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
