/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/err.h"
#include "tests/unit/fault.h"

enum { REFUSAL, FAILURE };

/* The list once more, from the same file but by the shortest way to a table. */
static const struct {
    const char *code;
    const char *text;
    int class;
} listed[] = {
#define DAIS_ERR(name, code, class, text) {code, text, class},
#include "base/err.def"
#undef DAIS_ERR
};

/* Goal: a code can stand in text, JSON, logs and metrics as it is. Method: check each character. */
static void test_codes_are_words(void **state)
{
    (void)state;
    for (unsigned err = 0; err < DAIS_ERR_COUNT; err++) {
        const char *code = dais_err_code((dais_err_t)err);
        assert_non_null(code);
        assert_in_range(strlen(code), 2, 32);
        assert_int_equal(strspn(code, "abcdefghijklmnopqrstuvwxyz0123456789-"), strlen(code));
        assert_true(code[0] != '-' && code[strlen(code) - 1] != '-');
    }
}

/* Goal: a code means one thing. Method: compare every pair. */
static void test_codes_are_unique(void **state)
{
    (void)state;
    for (unsigned a = 0; a < DAIS_ERR_COUNT; a++)
        for (unsigned b = a + 1; b < DAIS_ERR_COUNT; b++)
            assert_string_not_equal(dais_err_code((dais_err_t)a), dais_err_code((dais_err_t)b));
}

/* Goal: a text is one sentence for a person. Method: not empty, no capital, no full stop. */
static void test_texts_are_sentences(void **state)
{
    (void)state;
    for (unsigned err = 0; err < DAIS_ERR_COUNT; err++) {
        const char *text = dais_err_text((dais_err_t)err);
        assert_non_null(text);
        assert_in_range(strlen(text), 10, 120);
        assert_true(text[strlen(text) - 1] != '.');
        assert_int_equal(strcspn(text, "\n\t\""), strlen(text));
    }
}

/* Goal: the three functions answer what the list says, and there are all three classes: nothing
 * wrong, refusal, failure. Method: compare with the list. */
static void test_list_is_what_is_answered(void **state)
{
    (void)state;
    unsigned count_by_class[] = {0, 0};
    assert_string_equal(dais_err_code(DAIS_OK), "ok");
    assert_false(dais_err_is_refusal(DAIS_OK));
    assert_int_equal(DAIS_ERR_COUNT, 1 + sizeof(listed) / sizeof(listed[0]));
    for (size_t i = 0; i < sizeof(listed) / sizeof(listed[0]); i++) {
        dais_err_t err = (dais_err_t)(i + 1);
        assert_string_equal(dais_err_code(err), listed[i].code);
        assert_string_equal(dais_err_text(err), listed[i].text);
        assert_int_equal(dais_err_is_refusal(err), listed[i].class == REFUSAL);
        count_by_class[listed[i].class]++;
    }
    assert_true(count_by_class[REFUSAL] > 0 && count_by_class[FAILURE] > 0);
}

static void ask_code(void *err)
{
    (void)dais_err_code(*(const dais_err_t *)err);
}

static void ask_text(void *err)
{
    (void)dais_err_text(*(const dais_err_t *)err);
}

static void ask_class(void *err)
{
    (void)dais_err_is_refusal(*(const dais_err_t *)err);
}

/* Goal: a number that is no error is a bug and stops the process. Method: ask, in a child. */
static void test_no_error_is_a_bug(void **state)
{
    (void)state;
    dais_err_t last = (dais_err_t)(DAIS_ERR_COUNT - 1);
    dais_err_t none = DAIS_ERR_COUNT;
    assert_false(fault_aborts(ask_code, &last));
    assert_true(fault_aborts(ask_code, &none));
    assert_true(fault_aborts(ask_text, &none));
    assert_true(fault_aborts(ask_class, &none));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_codes_are_words),     cmocka_unit_test(test_codes_are_unique),
        cmocka_unit_test(test_texts_are_sentences), cmocka_unit_test(test_list_is_what_is_answered),
        cmocka_unit_test(test_no_error_is_a_bug),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
