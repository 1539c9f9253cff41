/* SPDX-License-Identifier: Apache-2.0 */
#include "registry/pairs.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

#include <cmocka.h>

#include "tests/support/scenario_pack.h"

static dais_box_pair_t fresh(const char *who)
{
    dais_box_pair_t pair;
    assert_int_equal(
        dais_box_pair(scenario_pack_device("registry"), &scenario_pack_device(who)->box_key, &pair),
        DAIS_OK);
    return pair;
}

static void assert_pair(dais_pairs_t *pairs, const char *who)
{
    const dais_box_pair_t *pair;
    dais_box_pair_t expected = fresh(who);
    assert_int_equal(dais_pairs_get(pairs, scenario_pack_device("registry"),
                                    &scenario_pack_device(who)->box_key, &pair),
                     DAIS_OK);
    assert_memory_equal(pair, &expected, sizeof expected);
}

/* Goal: nobody ever gets what is shared with another, whatever is kept. Method: 600 askers, more
 * than are kept, so that they meet in their places; each twice in a row, then all again. */
static void test_pairs(void **state)
{
    (void)state;
    char who[32];
    dais_pairs_t *pairs;
    assert_int_equal(dais_pairs_create(&pairs), DAIS_OK);
    for (unsigned round = 0; round < 2; round++) {
        for (unsigned i = 0; i < 600; i++) {
            (void)snprintf(who, sizeof who, "asker %u", i);
            assert_pair(pairs, who);
            assert_pair(pairs, who);
        }
    }
    dais_pairs_destroy(&pairs);
    assert_null(pairs);
}

/* Goal: a key that no device can have is refused each time, and what was kept in its place is not
 * given out for it. Method: zeros and the key of order 1, before and after others. */
static void test_bad_keys(void **state)
{
    (void)state;
    const dais_box_pair_t *pair;
    dais_pairs_t *pairs;
    dais_key_t zeros = {{0}};
    dais_key_t one = {{1}};
    assert_int_equal(dais_pairs_create(&pairs), DAIS_OK);
    for (unsigned round = 0; round < 2; round++) {
        assert_int_equal(dais_pairs_get(pairs, scenario_pack_device("registry"), &zeros, &pair),
                         DAIS_ERR_BAD_KEY);
        assert_int_equal(dais_pairs_get(pairs, scenario_pack_device("registry"), &one, &pair),
                         DAIS_ERR_BAD_KEY);
        assert_pair(pairs, "office");
    }
    dais_pairs_destroy(&pairs);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_pairs),
        cmocka_unit_test(test_bad_keys),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
