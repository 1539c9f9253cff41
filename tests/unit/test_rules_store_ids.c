/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tests/support/generate.h"
#include "tests/unit/rules_store.h"

/* An id as real ones are, led by time; its other bytes are of no order. */
static void timed_id(uint64_t number, uint8_t id[16])
{
    uint64_t mixed = number * 0x9e3779b97f4a7c15ULL;
    memset(id, 0, 16);
    id[3] = (uint8_t)(number >> 16);
    id[4] = (uint8_t)(number >> 8);
    id[5] = (uint8_t)(number >> 4);
    memcpy(id + 6, &mixed, sizeof mixed);
}

/* Goal: the index finds what was added in whatever order it came. Method: ids led by time, most
 * nearly in order, some from long ago and some from a time to come; after each one that was added
 * before is looked for, and one that was not. */
static void test_index_in_time(void **state)
{
    enum { IDS = 6000 };
    static bool added[IDS];
    generate_t g = generate_begin(GENERATE_RANDOM, 11, NULL, 0);
    uint8_t id[16];
    (void)state;
    memset(added, 0, sizeof added);
    for (uint64_t step = 0; step < IDS; step++) {
        uint64_t near = step + generate_below(&g, 40);
        uint64_t number = generate_below(&g, 10) == 0 ? generate_below(&g, IDS) : near % IDS;
        uint64_t other = generate_below(&g, IDS);
        timed_id(number, id);
        rows->port->add(rows, DAIS_INDEX_COMMENT, dais_slice(id, 16), number + 1);
        added[number] = true;
        timed_id(other, id);
        assert_int_equal(rows->port->find(rows, DAIS_INDEX_COMMENT, dais_slice(id, 16)),
                         added[other] ? other + 1 : 0);
    }
    for (uint64_t number = 0; number < IDS; number++) {
        timed_id(number, id);
        assert_int_equal(rows->port->find(rows, DAIS_INDEX_COMMENT, dais_slice(id, 16)),
                         added[number] ? number + 1 : 0);
    }
    assert_int_equal(rows->err, DAIS_OK);
}

#define ID_COUNT 100000U

static dais_slice_t large_id(uint8_t id[16], uint32_t number)
{
    memcpy(id, &number, sizeof number);
    return dais_slice(id, 16);
}

/* Goal: an index that has grown to many pages is as sound as a small one. Method: a hundred
 * thousand ids, of which the last byte in their order changes least often. */
static void test_large_index(void **state)
{
    uint8_t id[16] = {0};
    dais_index_t space = DAIS_INDEX_ORGANISATION;
    (void)state;
    for (uint32_t i = 1; i <= ID_COUNT; i++)
        rows->port->add(rows, space, large_id(id, i), i);
    for (uint32_t i = 1; i <= ID_COUNT; i++)
        assert_int_equal(rows->port->find(rows, space, large_id(id, i)), i);
    assert_int_equal(rows->port->find(rows, space, large_id(id, ID_COUNT + 1)), 0);
    assert_int_equal(rows->err, DAIS_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_BOTH(test_index_in_time),
        cmocka_unit_test_setup_teardown(test_large_index, rows_make_memory, rows_remove),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
