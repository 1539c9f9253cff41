/* SPDX-License-Identifier: Apache-2.0 */
#include "registry/rules/policy.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

#include "proto/kind.h"
#include "proto/words.h"
#include "registry/rules/policy_print.h"
#include "tests/support/policy_text.h"

static char text_buffer[DAIS_LIMIT_POLICY];
static dais_policy_t policy;

static dais_err_t parse(dais_slice_t text)
{
    dais_policy_faults_t faults = {.capacity = 0};
    return dais_policy_parse(text, &policy, &faults);
}

static dais_slice_t sound(void)
{
    return policy_text(NULL, 0, text_buffer, sizeof text_buffer);
}

/* Goal: a call gives values to unset keys only, and well-formed ones only; with the last of them
 * nothing is missing. Method: two unset keys, refusals of each kind, then good values. */
static void test_apply(void **state)
{
    (void)state;
    static const policy_change_t changes[] = {{"capacity", NULL}, {"majority", NULL}};
    static dais_policy_t before;
    dais_policy_fault_t fault;
    char quotes[] = "it's \"so\"";
    char too_long[DAIS_POLICY_TEXT_SIZE_MAX + 1];
    dais_slice_t here = dais_slice_text("note verbale, paragraph 2");
    dais_slice_t value = dais_slice_text("40");
    const dais_policy_key_t key = DAIS_POLICY_KEY_CAPACITY;
    memset(too_long, 'x', sizeof too_long);
    assert_int_equal(parse(policy_text(changes, 2, text_buffer, sizeof text_buffer)), DAIS_OK);
    before = policy;
    assert_int_equal(dais_policy_missing(&policy, 0), DAIS_POLICY_KEY_CAPACITY);
    assert_int_equal(dais_policy_missing(&policy, DAIS_POLICY_KEY_CAPACITY + 1),
                     DAIS_POLICY_KEY_MAJORITY);
    const struct {
        dais_policy_key_t key;
        dais_slice_t value;
        dais_policy_confirmed_t confirmed;
        dais_slice_t source;
        dais_err_t err;
    } refused[] = {
        {DAIS_POLICY_KEY_LATE, dais_slice_text("flag"), DAIS_POLICY_CONFIRMED_SOURCE, here,
         DAIS_ERR_KEY_ALREADY_SET},
        {key, value, DAIS_POLICY_CONFIRMED_NONE, here, DAIS_ERR_BAD_VALUE},
        {key, value, (dais_policy_confirmed_t)4, here, DAIS_ERR_BAD_VALUE},
        {key, value, DAIS_POLICY_CONFIRMED_SOURCE, dais_slice_text("  "), DAIS_ERR_BAD_VALUE},
        {key, value, DAIS_POLICY_CONFIRMED_SOURCE, dais_slice_text(quotes), DAIS_ERR_BAD_VALUE},
        {key, value, DAIS_POLICY_CONFIRMED_SOURCE, dais_slice(too_long, sizeof too_long),
         DAIS_ERR_BAD_VALUE},
        {key, dais_slice_text("4\n"), DAIS_POLICY_CONFIRMED_SOURCE, here, DAIS_ERR_BAD_VALUE},
        {key, dais_slice_text("0"), DAIS_POLICY_CONFIRMED_SOURCE, here, DAIS_ERR_BAD_VALUE},
        {key, dais_slice(NULL, 0), DAIS_POLICY_CONFIRMED_SOURCE, here, DAIS_ERR_BAD_VALUE},
        {DAIS_POLICY_KEY_MAJORITY, dais_slice_text("none"), DAIS_POLICY_CONFIRMED_SOURCE, here,
         DAIS_ERR_SENSELESS},
    };
    for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++) {
        assert_int_equal(dais_policy_apply_value(&policy, refused[i].key, refused[i].value,
                                                 refused[i].confirmed, refused[i].source, &fault),
                         refused[i].err);
        assert_int_equal(fault.err, refused[i].err);
        assert_true(fault.key.size > 0);
        assert_true(dais_policy_equal(&before, &policy));
    }
    assert_int_equal(
        dais_policy_apply_value(&policy, key, value, DAIS_POLICY_CONFIRMED_SOURCE, here, NULL),
        DAIS_OK);
    assert_int_equal(policy.capacity, 40);
    assert_int_equal(policy.confirmed[key], DAIS_POLICY_CONFIRMED_SOURCE);
    assert_true(dais_slice_equal(policy.source[key], here));
    assert_false(dais_policy_equal(&before, &policy));
    assert_int_equal(
        dais_policy_apply_value(&policy, key, value, DAIS_POLICY_CONFIRMED_SOURCE, here, &fault),
        DAIS_ERR_KEY_ALREADY_SET);
    assert_int_equal(dais_policy_apply_value(&policy, DAIS_POLICY_KEY_MAJORITY,
                                             dais_slice_text("two-thirds"),
                                             DAIS_POLICY_CONFIRMED_ASSUMED, here, &fault),
                     DAIS_OK);
    assert_int_equal(fault.err, DAIS_OK);
    assert_int_equal(dais_policy_missing(&policy, 0), DAIS_POLICY_KEY_COUNT);
}

/* Goal: policies that differ in anything but lines are not equal. Method: one difference at a
 * time, in the head, a value, a confirmation and a source. */
static void test_equal(void **state)
{
    (void)state;
    static const char *const differences[][2] = {
        {"id = test", "id = best"},
        {"version = 3", "version = 4"},
        {"A test", "A pest"},
        {"2022-05-27", "2022-05-28"},
        {"legal-basis = \"none\"", "legal-basis = \"some\""},
        {"source = here", "source = there"},
        {"confirmed = practice", "confirmed = source"},
        {"3650d", "3651d"},
    };
    static dais_policy_t first;
    static char first_text[sizeof text_buffer];
    dais_slice_t text = sound();
    memcpy(first_text, text_buffer, text.size);
    assert_int_equal(parse(dais_slice(first_text, text.size)), DAIS_OK);
    first = policy;
    assert_true(dais_policy_equal(&first, &policy));
    for (size_t i = 0; i < sizeof differences / sizeof differences[0]; i++) {
        assert_int_equal(parse(policy_text_replaced(differences[i][0], differences[i][1])),
                         DAIS_OK);
        assert_false(dais_policy_equal(&first, &policy));
        assert_false(dais_policy_equal(&policy, &first));
    }
    assert_int_equal(parse(policy_text_replaced("version = 3", "\n\n    version = 3")), DAIS_OK);
    assert_true(dais_policy_equal(&first, &policy));
}

/* Goal: the opening of an entry is asked by the number of its kind. Method: a kind that the
 * policy rules on, kinds that always open, and an unset policy. */
static void test_opens_at(void **state)
{
    (void)state;
    static const policy_change_t changes[] = {{"opens", "@published comment summary"}};
    assert_int_equal(parse(policy_text(changes, 1, text_buffer, sizeof text_buffer)), DAIS_OK);
    assert_int_equal(dais_policy_opens_at(&policy, DAIS_KIND_COMMENT),
                     DAIS_POLICY_OPENS_AT_PUBLISHED);
    assert_int_equal(dais_policy_opens_at(&policy, DAIS_KIND_OBJECTION),
                     DAIS_POLICY_OPENS_AT_NEVER);
    assert_int_equal(dais_policy_opens_at(&policy, DAIS_KIND_LAPSE), DAIS_POLICY_OPENS_AT_NEVER);
    assert_int_equal(dais_policy_opens_at(&policy, DAIS_KIND_CALL), DAIS_POLICY_OPENS_AT_RECEIVED);
    assert_int_equal(dais_policy_opens_at(&policy, DAIS_KIND_TICK), DAIS_POLICY_OPENS_AT_RECEIVED);
    assert_int_equal(dais_policy_opens_at(&policy, 100000), DAIS_POLICY_OPENS_AT_RECEIVED);
    memset(&policy, 0, sizeof policy);
    assert_int_equal(dais_policy_opens_at(&policy, DAIS_KIND_COMMENT), DAIS_POLICY_OPENS_AT_NONE);
}

/* Goal: the words that policies share with messages have the same numbers in both, and each kind
 * on whose opening policies rule is a kind of message. Method: compare the lists. */
static void test_words_of_the_wire(void **state)
{
    (void)state;
    static const struct {
        dais_policy_list_t list;
        const dais_words_t *wire;
    } shared[] = {{DAIS_POLICY_WORDS_category, &dais_words_category},
                  {DAIS_POLICY_WORDS_confirmed, &dais_words_confirmed},
                  {DAIS_POLICY_WORDS_majority, &dais_words_majority}};
    for (size_t i = 0; i < sizeof shared / sizeof shared[0]; i++) {
        const dais_policy_words_t *list = dais_policy_words(shared[i].list);
        assert_int_equal(list->count, shared[i].wire->count + 1);
        for (unsigned n = 1; n < list->count; n++)
            assert_string_equal(list->words[n], shared[i].wire->words[n]);
    }
    const dais_policy_words_t *opened = dais_policy_words(DAIS_POLICY_WORDS_opened);
    for (unsigned n = 1; n < opened->count; n++)
        assert_non_null(dais_kind_named(dais_slice_text(opened->words[n])));
}

/* Goal: printing fails rather than cutting a policy short. Method: a buffer of every size below
 * the one it takes, and a value that no line can hold. */
static void test_print_space(void **state)
{
    (void)state;
    static char text[DAIS_LIMIT_POLICY];
    static char longest[2000];
    size_t full = 0;
    size_t size = 0;
    assert_int_equal(parse(sound()), DAIS_OK);
    assert_int_equal(dais_policy_print(&policy, text, sizeof text, &full), DAIS_OK);
    for (size_t capacity = 0; capacity < full; capacity++) {
        assert_int_equal(dais_policy_print(&policy, text, capacity, &size), DAIS_ERR_NO_SPACE);
        assert_int_equal(size, full);
    }
    memset(longest, 'x', sizeof longest);
    policy.timezone = dais_slice(longest, sizeof longest);
    assert_int_equal(dais_policy_print(&policy, text, sizeof text, &size), DAIS_ERR_NO_SPACE);
}

/* Goal: names of keys are found, others are not. Method: both. */
static void test_key_find(void **state)
{
    (void)state;
    assert_int_equal(dais_policy_key_find(dais_slice_text("late")), DAIS_POLICY_KEY_LATE);
    assert_int_equal(dais_policy_key_find(dais_slice_text("lat")), DAIS_POLICY_KEY_COUNT);
    assert_int_equal(POLICY_SOUND_COUNT, DAIS_POLICY_KEY_COUNT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_apply),       cmocka_unit_test(test_equal),
        cmocka_unit_test(test_opens_at),    cmocka_unit_test(test_words_of_the_wire),
        cmocka_unit_test(test_print_space), cmocka_unit_test(test_key_find),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
