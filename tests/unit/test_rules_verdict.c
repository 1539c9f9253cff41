/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "registry/rules/rules.h"
#include "registry/rules/verdict.h"

/* Goal: the list is sound: numbers rise and fit a row of codes, no code stands twice, every text is
 * there and without full stop, and both look-ups find every line. Method: the whole list. */
static void test_list(void **state)
{
    (void)state;
    unsigned before = 0;
    for (const dais_verdict_info_t *info = dais_verdict_infos; info->code != NULL; info++) {
        assert_true(info->number > before && info->number < 256);
        before = info->number;
        assert_ptr_equal(dais_verdict_info(info->number), info);
        assert_ptr_equal(dais_verdict_named(dais_slice_text(info->code)), info);
        assert_true(strlen(info->happened) > 0 && strlen(info->why) > 0 && strlen(info->todo) > 0);
        assert_true(info->happened[strlen(info->happened) - 1] != '.');
        assert_true(info->why[strlen(info->why) - 1] != '.');
        assert_true(info->todo[strlen(info->todo) - 1] != '.');
    }
}

/* Goal: what is not there is not found. Method: numbers of gaps and beyond, and strange codes. */
static void test_absent(void **state)
{
    (void)state;
    assert_null(dais_verdict_info(0));
    assert_null(dais_verdict_info(6));
    assert_null(dais_verdict_info(255));
    assert_null(dais_verdict_info(256));
    assert_null(dais_verdict_info(UINT64_MAX));
    assert_null(dais_verdict_named(dais_slice_text("")));
    assert_null(dais_verdict_named(dais_slice_text("Accepted")));
}

/* Goal: the summary of several verdicts. Method: all pairs of classes, and an unknown code, which
 * is in no class. */
static void test_summary(void **state)
{
    (void)state;
    static const uint16_t codes[] = {DAIS_VERDICT_ACCEPTED, DAIS_VERDICT_NO_EFFECT,
                                     DAIS_VERDICT_LATE, 6};
    for (unsigned a = 0; a < 4; a++) {
        for (unsigned b = 0; b < 4; b++) {
            dais_verdicts_t verdicts = {.count = 2, .codes = {codes[a], codes[b]}};
            assert_int_equal(dais_verdicts_any_done(&verdicts), a == 0 || b == 0);
            assert_int_equal(dais_verdicts_all_refused(&verdicts), a == 2 && b == 2);
        }
    }
}

/* Goal: who may say a kind is told where no policy has a word in it. Method: one role; two ways by
 * policy; no kind of a person. */
static void test_roles(void **state)
{
    (void)state;
    assert_int_equal(dais_rules_roles(DAIS_KIND_APPLICATION), 1U << DAIS_ROLE_OFFICE);
    assert_int_equal(dais_rules_roles(DAIS_KIND_OBJECTION), 1U << DAIS_ROLE_PARTY);
    assert_int_equal(dais_rules_roles(DAIS_KIND_SUMMARY), 1U << DAIS_ROLE_CHAIR);
    assert_int_equal(dais_rules_roles(DAIS_KIND_LIST_VERSION), 0);
    assert_int_equal(dais_rules_roles(DAIS_KIND_DECISION), 0);
    assert_int_equal(dais_rules_roles(DAIS_KIND_TICK), 0);
    assert_int_equal(dais_rules_roles(9999), 0);
}

/* Goal: of what a record holds the first verdict says whether it had an effect. Method: none; a
 * number that is no verdict; a refusal before one that has an effect; the other way round; one that
 * is noted. */
static void test_first_done(void **state)
{
    static const struct {
        unsigned count;
        uint64_t codes[2];
        bool is_done;
    } records[] = {
        {0, {0}, false},
        {1, {65535}, false},
        {2, {DAIS_VERDICT_LATE, DAIS_VERDICT_ACCEPTED}, false},
        {2, {DAIS_VERDICT_ACCEPTED, DAIS_VERDICT_LATE}, true},
        {1, {DAIS_VERDICT_NO_EFFECT}, false},
    };
    (void)state;
    for (size_t i = 0; i < sizeof records / sizeof records[0]; i++) {
        uint8_t bytes[32];
        dais_writer_t writer;
        dais_record_t record = {.verdicts = {.count = 0}};
        dais_writer_init(&writer, bytes, sizeof bytes);
        for (unsigned j = 0; j < records[i].count; j++) {
            dais_code_item_t code = {records[i].codes[j]};
            assert_int_equal(dais_list_add(&record.verdicts, &dais_shape_code_item, &code, &writer),
                             DAIS_OK);
        }
        assert_int_equal(dais_verdict_first_done(&record), records[i].is_done);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_list),       cmocka_unit_test(test_absent),
        cmocka_unit_test(test_summary),    cmocka_unit_test(test_roles),
        cmocka_unit_test(test_first_done),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
