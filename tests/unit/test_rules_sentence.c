/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "proto/words.h"
#include "registry/rules/lists.h"

static void assert_number(uint64_t number, const char *expected)
{
    char text[24];
    assert_int_equal(dais_lists_number(number, text, sizeof text), strlen(expected));
    assert_string_equal(text, expected);
}

/* Goal: numbers are words up to ninety-nine and digits from there on. Method: the edges of each
 * form, and the greatest number. */
static void test_numbers(void **state)
{
    (void)state;
    assert_number(0, "zero");
    assert_number(1, "one");
    assert_number(12, "twelve");
    assert_number(19, "nineteen");
    assert_number(20, "twenty");
    assert_number(21, "twenty-one");
    assert_number(40, "forty");
    assert_number(99, "ninety-nine");
    assert_number(100, "100");
    assert_number(UINT64_MAX, "18446744073709551615");
}

static void assert_sentence(dais_attended_t attended, const char *expected)
{
    char text[512];
    assert_int_equal(dais_lists_sentence(&attended, text, sizeof text), strlen(expected));
    assert_string_equal(text, expected);
}

/* Goal: the sentence of the summary, in every form of the rules. Method: numbers with nobody, one,
 * several, of one category and of more. */
static void test_sentences(void **state)
{
    (void)state;
    assert_sentence((dais_attended_t){{0}}, "No stakeholder took part.");
    assert_sentence((dais_attended_t){{0, 21}},
                    "Twenty-one non-governmental organizations took part.");
    assert_sentence((dais_attended_t){{0, 1}}, "One non-governmental organization took part.");
    assert_sentence((dais_attended_t){{0, 21, 2, 1}},
                    "Twenty-one non-governmental organizations and three other stakeholders, two "
                    "from academia and one from the private sector, took part.");
    assert_sentence((dais_attended_t){{0, 2, 3}},
                    "Two non-governmental organizations and three other stakeholders from "
                    "academia took part.");
    assert_sentence((dais_attended_t){{0, 2, 0, 1}},
                    "Two non-governmental organizations and one other stakeholder from the "
                    "private sector took part.");
    assert_sentence((dais_attended_t){{0, 0, 3}}, "Three stakeholders from academia took part.");
    assert_sentence((dais_attended_t){{0, 0, 0, 0, 1}},
                    "One stakeholder from civil society took part.");
    assert_sentence((dais_attended_t){{0, 0, 2, 1}},
                    "Three stakeholders, two from academia and one from the private sector, "
                    "took part.");
    assert_sentence((dais_attended_t){{0, 120, 1, 2, 3, 4, 100}},
                    "120 non-governmental organizations and 110 other stakeholders, one from "
                    "academia, two from the private sector, three from civil society, four from "
                    "the major groups and 100 from intergovernmental organizations, took part.");
    assert_sentence((dais_attended_t){{0, 0, 0, 0, 0, 100}},
                    "100 stakeholders from the major groups took part.");
}

/* Goal: a buffer that is too small gets nothing, one that just fits gets all, and 512 bytes always
 * do. Method: the longest sentence into every size. */
static void test_capacity(void **state)
{
    (void)state;
    char text[512];
    const uint32_t most = 777777777;
    dais_attended_t attended = {{0, most, most, most, most, most, most}};
    size_t size = dais_lists_sentence(&attended, text, sizeof text);
    assert_true(size > 0);
    for (size_t capacity = 0; capacity <= size; capacity++)
        assert_int_equal(dais_lists_sentence(&attended, text, capacity), 0);
    assert_int_equal(dais_lists_sentence(&attended, text, size + 1), size);
    for (size_t capacity = 0; capacity <= 11; capacity++)
        assert_int_equal(dais_lists_number(77, text, capacity), capacity > 13 ? 13 : 0);
}

/* Goal: the word for how many is that of the highest number not above it. Method: three phrases,
 * at, below and above each number. */
static void test_quantifiers(void **state)
{
    (void)state;
    static const char *const expected[] = {"", "one", "a few", "a few", "some", "some"};
    dais_policy_t policy;
    memset(&policy, 0, sizeof policy);
    policy.quantifiers.count = 3;
    policy.quantifiers.items[0].phrase = dais_slice_text("one");
    policy.quantifiers.items[0].from = 1;
    policy.quantifiers.items[1].phrase = dais_slice_text("a few");
    policy.quantifiers.items[1].from = 2;
    policy.quantifiers.items[2].phrase = dais_slice_text("some");
    policy.quantifiers.items[2].from = 4;
    for (uint32_t i = 0; i < 6; i++) {
        dais_slice_t phrase = dais_lists_quantifier(&policy, i);
        assert_true(dais_slice_equal(phrase, dais_slice_text(expected[i])));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_numbers),
        cmocka_unit_test(test_sentences),
        cmocka_unit_test(test_capacity),
        cmocka_unit_test(test_quantifiers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
