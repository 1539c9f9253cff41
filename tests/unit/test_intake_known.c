/* SPDX-License-Identifier: Apache-2.0 */
#include "intake/known.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/random.h"

#define COUNT_MAX 50
#define NAMES     200

static dais_known_t *known;

/* Hashes that share their first bytes in runs, so that they contend for the same places. */
static dais_hash_t name(uint32_t number)
{
    dais_hash_t hash = {{(uint8_t)(number % 7), 0, 0, 0}};
    memcpy(hash.bytes + 8, &number, sizeof number);
    return hash;
}

/* The same by the plainest means: names by age. */
static uint32_t model[COUNT_MAX];
static size_t model_count;

static size_t model_find(uint32_t number)
{
    for (size_t i = 0; i < model_count; i++) {
        if (model[i] == number)
            return i;
    }
    return model_count;
}

static void model_remove(size_t i)
{
    memmove(model + i, model + i + 1, (model_count - i - 1) * sizeof model[0]);
    model_count--;
}

static void check_all(void)
{
    for (uint32_t number = 0; number < NAMES; number++) {
        dais_hash_t bundle = name(number);
        dais_known_place_t place;
        bool found = dais_known_find(known, &bundle, &place);
        assert_int_equal(found, model_find(number) < model_count);
        if (found)
            assert_int_equal(place.index, number);
    }
}

/* Goal: it holds the newest, forgets the oldest, and takes back, like the plainest list. Method:
 * 20,000 random steps against such a list, with names that collide. */
static void test_like_a_list(void **state)
{
    (void)state;
    dais_random_seeded_t seeded;
    dais_random_t random = dais_random_seeded(&seeded, 4711);
    model_count = 0;
    assert_int_equal(dais_known_new(COUNT_MAX, &known), DAIS_OK);
    for (int step = 0; step < 20000; step++) {
        uint32_t number;
        assert_int_equal(dais_random_fill(&random, &number, sizeof number), DAIS_OK);
        bool back = number % 11 == 0;
        number = number / 11 % NAMES;
        dais_hash_t bundle = name(number);
        if (back && model_count > 0) {
            dais_known_take_back(known, 1);
            model_count--;
        } else if (model_find(number) == model_count) {
            if (model_count == COUNT_MAX)
                model_remove(0);
            model[model_count++] = number;
            dais_known_add(known, &bundle, (dais_known_place_t){.index = number});
        }
        if (step % 50 == 0)
            check_all();
    }
    dais_known_free(&known);
    assert_null(known);
}

/* Goal: one that was forgotten may be added anew, and the place it had goes without harm. Method:
 * forget, add, and push everything out. */
static void test_forget(void **state)
{
    (void)state;
    dais_known_place_t place;
    assert_int_equal(dais_known_new(3, &known), DAIS_OK);
    dais_hash_t first = name(0);
    dais_known_add(known, &first, (dais_known_place_t){.j = 1});
    dais_known_forget(known, &first);
    dais_known_forget(known, &first);
    assert_false(dais_known_find(known, &first, &place));
    for (uint32_t number = 7; number <= 14; number += 7) {
        dais_hash_t bundle = name(number);
        dais_known_add(known, &bundle, (dais_known_place_t){.j = number});
    }
    dais_known_add(known, &first, (dais_known_place_t){.j = 2}); /* pushes its old row out */
    assert_true(dais_known_find(known, &first, &place));
    assert_int_equal(place.j, 2);
    dais_known_free(&known);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_like_a_list),
        cmocka_unit_test(test_forget),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
