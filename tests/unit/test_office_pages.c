/* SPDX-License-Identifier: Apache-2.0 */
#include "office/pages.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* A registry with `rows` rows, three a page, whose log grows by one entry at some pages. */
typedef struct {
    uint64_t rows;
    uint64_t size;
    unsigned grows; /* so many times more, each before the second page */
    unsigned asked;
} registry_t;

static json_t *ask_all(registry_t *registry, dais_pages_t *pages)
{
    json_t *rows = json_array();
    while (!pages->is_done) {
        uint64_t end = pages->from + 3 < registry->rows ? pages->from + 3 : registry->rows;
        uint64_t from = pages->from;
        registry->asked++;
        if (from == 3 && registry->grows > 0) {
            registry->grows--;
            registry->size++;
        }
        if (!dais_pages_take(pages, registry->size, end < registry->rows ? end : 0, rows))
            continue;
        for (uint64_t row = from; row < end; row++)
            (void)json_array_append_new(rows, json_integer((json_int_t)row));
    }
    return rows;
}

static void assert_rows(json_t *rows, size_t count)
{
    assert_int_equal(json_array_size(rows), count);
    for (size_t i = 0; i < count; i++)
        assert_int_equal(json_integer_value(json_array_get(rows, i)), i);
    json_decref(rows);
}

/* Goal: each row is there once, in order. Method: no row, one page, several, the last full or not.
 */
static void test_pages(void **state)
{
    (void)state;
    for (uint64_t count = 0; count < 12; count++) {
        registry_t registry = {.rows = count, .size = 7};
        dais_pages_t pages = {.from = 0};
        assert_rows(ask_all(&registry, &pages), count);
        assert_int_equal(registry.asked, count == 0 ? 1 : (count + 2) / 3);
        assert_false(pages.is_mixed || pages.is_cut);
    }
}

/* Goal: pages of two states are not put together, unless there is no other way, and then that is
 * known. Method: a log that grows between two pages some times, and one that always does. */
static void test_growing(void **state)
{
    (void)state;
    for (unsigned grows = 1; grows < 9; grows++) {
        registry_t registry = {.rows = 8, .size = 7, .grows = grows};
        dais_pages_t pages = {.from = 0};
        assert_rows(ask_all(&registry, &pages), 8);
        assert_int_equal(registry.asked, 3 + 2 * grows);
        assert_false(pages.is_mixed);
    }
    registry_t registry = {.rows = 8, .size = 7, .grows = 1000};
    dais_pages_t pages = {.from = 0};
    assert_rows(ask_all(&registry, &pages), 8);
    assert_int_equal(registry.grows, 1000 - 9);
    assert_true(pages.is_mixed);
    assert_false(pages.is_cut);
}

/* Goal: a registry whose answers never end does not keep anybody for ever. Method: one that always
 * says to go on, and one that says to go back. */
static void test_endless(void **state)
{
    dais_pages_t pages = {.from = 0};
    json_t *rows = json_array();
    unsigned asked = 0;
    (void)state;
    for (; !pages.is_done; asked++)
        assert_true(dais_pages_take(&pages, 7, pages.from + 1, rows));
    assert_true(pages.is_cut);
    assert_in_range(asked, 1000, 10000);
    pages = (dais_pages_t){.from = 5, .size = 7};
    assert_true(dais_pages_take(&pages, 7, 4, rows));
    assert_true(pages.is_done && !pages.is_cut);
    json_decref(rows);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_pages), cmocka_unit_test(test_growing),
                                       cmocka_unit_test(test_endless)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
