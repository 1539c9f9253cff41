/* SPDX-License-Identifier: Apache-2.0 */
#include "base/nearest.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

static size_t distance(const char *a, const char *b)
{
    return dais_edit_distance(dais_slice_text(a), dais_slice_text(b));
}

/* Goal: the distance counts slips, two swapped neighbours as one. Method: words whose distance is
 * known, both ways round. */
static void test_distance(void **state)
{
    (void)state;
    static const struct {
        const char *a, *b;
        size_t distance;
    } known[] = {{"", "", 0},           {"", "abc", 3},
                 {"same", "same", 0},   {"veto", "vetto", 1},
                 {"veto", "vet", 1},    {"veto", "vote", 2},
                 {"show", "shwo", 1},   {"ab", "ba", 1},
                 {"ca", "abc", 3},      {"kitten", "sitting", 3},
                 {"refer", "block", 5}, {"saturday", "sunday", 3}};
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        assert_int_equal(distance(known[i].a, known[i].b), known[i].distance);
        assert_int_equal(distance(known[i].b, known[i].a), known[i].distance);
    }
}

/* Goal: words too long for the table are no words. Method: at the limit and one byte over it. */
static void test_long_words(void **state)
{
    (void)state;
    char text[DAIS_NEAREST_SIZE_MAX + 2];
    memset(text, 'x', sizeof text);
    dais_slice_t at_limit = dais_slice(text, DAIS_NEAREST_SIZE_MAX);
    dais_slice_t over = dais_slice(text, DAIS_NEAREST_SIZE_MAX + 1);
    assert_int_equal(dais_edit_distance(at_limit, at_limit), 0);
    assert_true(dais_edit_distance(over, at_limit) == SIZE_MAX);
    assert_true(dais_edit_distance(at_limit, over) == SIZE_MAX);
}

/* Goal: a slip is recognised, another word is not, and the nearest wins, the first of equals.
 * Method: a short list with neighbours. */
static void test_nearest(void **state)
{
    (void)state;
    static const char *const words[] = {"block", "refer", "veto", "none-until-vote", "vote"};
    assert_string_equal(dais_nearest(dais_slice_text("blok"), words, 5), "block");
    assert_string_equal(dais_nearest(dais_slice_text("none-until-veto"), words, 5),
                        "none-until-vote");
    assert_string_equal(dais_nearest(dais_slice_text("vete"), words, 5), "veto");
    assert_string_equal(dais_nearest(dais_slice_text("vote"), words, 5), "vote");
    assert_null(dais_nearest(dais_slice_text("blk"), words, 1));
    assert_null(dais_nearest(dais_slice_text("exclude"), words, 5));
    assert_null(dais_nearest(dais_slice_text("veto"), words, 0));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_distance),
        cmocka_unit_test(test_long_words),
        cmocka_unit_test(test_nearest),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
