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
#include "tests/support/scenario_tape.h"
#include "tests/unit/fault.h"

#if FAULT_IN_RUNTIME
extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);

void *malloc(size_t size)
{
    return fault_hits("memory") ? NULL : __libc_malloc(size);
}

void *calloc(size_t count, size_t size)
{
    return fault_hits("memory") ? NULL : __libc_calloc(count, size);
}
#endif

/* Plays all of it, and both digests; what comes out well is right. */
static dais_err_t play_all(const scenario_tape_t *tape, dais_rules_store_t *store)
{
    dais_rules_t *rules = NULL;
    dais_hash_t digest;
    dais_hash_t right;
    dais_err_t err = dais_rules_create(&rules, store);
    for (uint64_t seq = 0; err == DAIS_OK && seq < scenario_tape_size(tape); seq++)
        err = scenario_tape_play(tape, seq, rules);
    if (err == DAIS_OK)
        err = dais_digest_standing(rules, &digest);
    if (err == DAIS_OK)
        err = dais_digest_state(rules, &digest);
    assert_true(scenario_tape_digest(tape, scenario_tape_size(tape) - 1, &right));
    if (err == DAIS_OK)
        assert_memory_equal(&digest, &right, sizeof right);
    dais_rules_destroy(&rules);
    return err;
}

/* Goal: where no memory is left the rules say so at that entry, and give all of it back. Method:
 * each allocation in the replay of a scenario with two calls fails in turn. */
static void test_no_memory(void **state)
{
    (void)state;
    scenario_tape_t *tape = scenario_tape_create();
    scenario_listener_t listener = scenario_tape_listener(tape);
    scenario_run_file("tests/scenarios/called-again.txt", &listener);
    unsigned failures = 0;
    for (unsigned skip = 0;; skip++) {
        dais_rules_store_t *store = NULL;
        assert_int_equal(dais_store_memory_create(&store), DAIS_OK);
        fault_set("memory", skip, 0);
        dais_err_t err = play_all(tape, store);
        bool is_over = fault.fired == 0;
        fault_clear();
        dais_store_memory_destroy(&store);
        if (is_over) {
            assert_int_equal(err, DAIS_OK);
            break;
        }
        /* The cryptographic library can do without some of what it asks for, and has no code of
         * its own for want of the rest. */
        assert_true(err == DAIS_OK || err == DAIS_ERR_NO_MEMORY || err == DAIS_ERR_CRYPTO);
        failures++;
    }
    scenario_tape_destroy(&tape);
    print_message("%u failures\n", failures);
    assert_true(!FAULT_IN_RUNTIME || failures > 10);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_no_memory)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
