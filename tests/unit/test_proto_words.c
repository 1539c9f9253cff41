/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "proto/words.h"

/* Goal: each set counts from 1 without gaps, and a word stands in it once. Method: every number has
 * a word, and that word leads back to the number. */
static void test_sets(void **state)
{
    (void)state;
    size_t sets = 0;
    for (const dais_words_t *const *set = dais_words_all; *set != NULL; set++, sets++) {
        const dais_words_t *words = *set;
        assert_true(strlen(words->name) > 0 && strlen(words->text) > 0);
        assert_true(words->count >= 1);
        assert_string_equal(words->words[0], "none");
        for (uint64_t number = 1; number <= words->count; number++) {
            assert_non_null(words->words[number]);
            assert_int_equal(dais_words_find(words, words->words[number]), number);
        }
        for (const dais_words_t *const *other = dais_words_all; other != set; other++)
            assert_string_not_equal((*other)->name, words->name);
    }
    assert_true(sets >= 15);
}

/* Goal: a word is made of letters, digits and hyphens, so that it can stand in a line, a URL or a
 * metric. Method: every character of every word. */
static void test_words_are_plain(void **state)
{
    (void)state;
    static const char plain[] = "abcdefghijklmnopqrstuvwxyz0123456789-";
    for (const dais_words_t *const *set = dais_words_all; *set != NULL; set++) {
        for (uint64_t number = 1; number <= (*set)->count; number++) {
            const char *word = (*set)->words[number];
            assert_true(strlen(word) > 0);
            assert_int_equal(strspn(word, plain), strlen(word));
        }
    }
}

/* Goal: what is no word of the set is 0, "none" too. Method: near misses of one set, and a word of
 * another. */
static void test_strangers(void **state)
{
    (void)state;
    static const char *const strangers[] = {"", "none", "Office", "offic", "offices", "add"};
    for (size_t i = 0; i < sizeof strangers / sizeof strangers[0]; i++)
        assert_int_equal(dais_words_find(&dais_words_role, strangers[i]), 0);
    assert_int_equal(dais_words_find(&dais_words_role, "office"), DAIS_ROLE_OFFICE);
    assert_int_equal(dais_words_find(&dais_words_roster, "add"), DAIS_ROSTER_ADD);
}

/* Goal: the numbers in the code are those of the table. Method: the ends of two sets. */
static void test_numbers(void **state)
{
    (void)state;
    assert_int_equal(dais_words_role.count, DAIS_WORDS_END_role - 1);
    assert_string_equal(dais_words_role.words[DAIS_ROLE_INSPECTOR], "inspector");
    assert_string_equal(dais_words_date.words[DAIS_DATE_RETENTION], "retention");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sets),
        cmocka_unit_test(test_words_are_plain),
        cmocka_unit_test(test_strangers),
        cmocka_unit_test(test_numbers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
