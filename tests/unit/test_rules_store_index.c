/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <sodium.h>

#include "registry/rules/store_index.h"

/* So many keys that some two of them agree in all that a slot holds of a hash and in the place of a
 * small table. */
#define KEYS       200000U
#define PLACE_BITS 4
#define PART_BITS  24 /* as in store_index.c */

static const uint8_t secret[crypto_shorthash_KEYBYTES] = {1, 2, 3};

typedef struct {
    uint64_t sorts_by; /* the part in the slot, then the place */
    uint64_t key;
} hashed_t;

static int by_hash(const void *a, const void *b)
{
    uint64_t one = ((const hashed_t *)a)->sorts_by;
    uint64_t other = ((const hashed_t *)b)->sorts_by;
    return one < other ? -1 : one > other;
}

/* Two keys that meet in one slot and are not told apart by it. */
static void find_twins(uint64_t twins[2])
{
    hashed_t *all = calloc(KEYS, sizeof *all);
    size_t at = 1;
    assert_non_null(all);
    for (uint64_t key = 0; key < KEYS; key++) {
        uint64_t hash;
        (void)crypto_shorthash((unsigned char *)&hash, (const unsigned char *)&key, sizeof key,
                               secret);
        all[key] = (hashed_t){
            (hash >> (64 - PART_BITS)) << PLACE_BITS | (hash & ((1U << PLACE_BITS) - 1)), key};
    }
    qsort(all, KEYS, sizeof *all, by_hash);
    while (at < KEYS && all[at].sorts_by != all[at - 1].sorts_by)
        at++;
    assert_true(at < KEYS);
    twins[0] = all[at - 1].key;
    twins[1] = all[at].key;
    free(all);
}

/* Goal: keys of which the slot says the same are told apart by themselves. Method: two such keys,
 * looked for; one that is there is not taken for the other, and each keeps its number while the
 * table grows, until it is given another. */
static void test_twins(void **state)
{
    dais_store_index_t index = {.key_size = sizeof(uint64_t), .secret = secret};
    uint64_t twins[2];
    (void)state;
    find_twins(twins);
    assert_true(dais_store_index_add(&index, &twins[0], 7));
    assert_int_equal(dais_store_index_find(&index, &twins[1]), 0);
    assert_true(dais_store_index_add(&index, &twins[1], 8));
    for (uint64_t key = KEYS; key < 2 * (uint64_t)KEYS; key += 100)
        assert_true(dais_store_index_add(&index, &key, key));
    assert_int_equal(dais_store_index_find(&index, &twins[0]), 7);
    assert_int_equal(dais_store_index_find(&index, &twins[1]), 8);
    assert_true(dais_store_index_add(&index, &twins[1], 9));
    assert_int_equal(dais_store_index_find(&index, &twins[0]), 7);
    assert_int_equal(dais_store_index_find(&index, &twins[1]), 9);
    dais_store_index_clear(&index);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_twins)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
