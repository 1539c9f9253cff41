/* SPDX-License-Identifier: Apache-2.0 */
#include "registry/pairs.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "proto/device.h"

/* The device of this number, which follows from it; the registry's is 0. */
static dais_device_t device_of(unsigned number)
{
    dais_device_t device;
    dais_seed_t seed = {{(uint8_t)number, (uint8_t)(number >> 8)}};
    dais_device_derive(&seed, &device);
    return device;
}

static void assert_pair(dais_pairs_t *pairs, unsigned asker)
{
    const dais_box_pair_t *pair;
    dais_box_pair_t expected;
    dais_device_t registry = device_of(0);
    dais_device_t device = device_of(asker);
    assert_int_equal(dais_box_pair(&registry, &device.box_key, &expected), DAIS_OK);
    assert_int_equal(dais_pairs_get(pairs, &registry, &device.box_key, &pair), DAIS_OK);
    assert_memory_equal(pair, &expected, sizeof expected);
}

/* Goal: nobody ever gets what is shared with another, whatever is kept. Method: 600 askers, more
 * than are kept, so that they meet in their places; each twice in a row, then all again. */
static void test_pairs(void **state)
{
    (void)state;
    dais_pairs_t *pairs;
    assert_int_equal(dais_pairs_create(&pairs), DAIS_OK);
    for (unsigned round = 0; round < 2; round++) {
        for (unsigned asker = 1; asker <= 600; asker++) {
            assert_pair(pairs, asker);
            assert_pair(pairs, asker);
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
    dais_device_t registry = device_of(0);
    dais_key_t zeros = {{0}};
    dais_key_t one = {{1}};
    assert_int_equal(dais_pairs_create(&pairs), DAIS_OK);
    for (unsigned round = 0; round < 2; round++) {
        assert_int_equal(dais_pairs_get(pairs, &registry, &zeros, &pair), DAIS_ERR_BAD_KEY);
        assert_int_equal(dais_pairs_get(pairs, &registry, &one, &pair), DAIS_ERR_BAD_KEY);
        assert_pair(pairs, 1);
    }
    dais_pairs_destroy(&pairs);
}

int main(void)
{
    if (dais_crypto_init() != DAIS_OK)
        return 1;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_pairs),
        cmocka_unit_test(test_bad_keys),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
