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
#include "tests/unit/rules_failing.h"
#include "tests/unit/rules_scenarios.h"

/* Of the calls of a long scenario only every n-th fails; all of them in the long run. */
#define CALLS_MAX 250

static uint64_t failures;

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
    assert_int_equal(play_until(tape, 0, &err), scenario_tape_size(tape));
    assert_int_equal(err, DAIS_OK);
    uint64_t calls = failing.calls;
    bool is_full = getenv("DAIS_FULL") != NULL;
    uint64_t step = is_full || calls < CALLS_MAX ? 1 : calls / CALLS_MAX + 1;
    for (uint64_t fail_at = 1; fail_at <= calls; fail_at += step) {
        (void)play_until(tape, fail_at, &err);
        if (err != DAIS_ERR_IO)
            fail_msg("%s, call %llu of %llu: %s", name, (unsigned long long)fail_at,
                     (unsigned long long)calls, dais_err_code(err));
        failures++;
    }
}

/* Goal: a store that fails is never taken for one in which nothing stands: the entry under rule
 * ends with the store's error, at whichever call, and no assert is tripped on the way. Method: all
 * scenarios and cases, with each call to the store failing in turn (every n-th of long ones,
 * unless DAIS_FULL is set). */
static void test_each_call(void **state)
{
    (void)state;
    assert_int_equal(dais_store_memory_create(&failing.inner), DAIS_OK);
    scenario_each(fail_each_call);
    dais_store_memory_destroy(&failing.inner);
    print_message("%llu failures\n", (unsigned long long)failures);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_each_call)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
