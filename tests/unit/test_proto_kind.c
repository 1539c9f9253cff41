/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "proto/kind.h"

/* Goal: numbers and names are the ones that logs hold for ever. Method: all of them, as they were
 * fixed, in one list; a changed, dropped or inserted kind fails. */
static void test_numbers_and_names_are_fixed(void **state)
{
    (void)state;
    static const char *const from_1[] = {"call",
                                         "open",
                                         "session-concluded",
                                         "report-adopted",
                                         "officers",
                                         "agenda-item",
                                         "document",
                                         "topic",
                                         "register-change",
                                         "application",
                                         "amendment",
                                         "withdrawal",
                                         "status-confirmed",
                                         "screening",
                                         "merge",
                                         "transfer",
                                         "list-version",
                                         "calendar-change",
                                         "late-permit",
                                         "objection",
                                         "co-signature",
                                         "reason-added",
                                         "objection-withdrawal",
                                         "presence",
                                         "referral",
                                         "endorsement",
                                         "decision",
                                         "correction",
                                         "correspondence",
                                         "invitation",
                                         "registration",
                                         "attendance",
                                         "intervention",
                                         "comment",
                                         "comment-ruling",
                                         "suggestion",
                                         "summary",
                                         "disclosure-request",
                                         "disclosure",
                                         "withholding",
                                         "erasure",
                                         "notice",
                                         "reply",
                                         "roster-change",
                                         "intake-lost",
                                         "clock-accepted",
                                         "cancellation",
                                         "closing-order",
                                         "second"};
    static const char *const from_128[] = {"genesis", "fork-evidence", "tick",  "turned-away",
                                           "outcome", "tally",         "lapse", "close",
                                           "slot",    "cover"};
    const dais_kind_t *kind = dais_kinds;
    for (unsigned i = 0; i < sizeof from_1 / sizeof from_1[0]; i++, kind++) {
        assert_int_equal(kind->number, 1 + i);
        assert_string_equal(kind->name, from_1[i]);
    }
    for (unsigned i = 0; i < sizeof from_128 / sizeof from_128[0]; i++, kind++) {
        assert_int_equal(kind->number, 128 + i);
        assert_string_equal(kind->name, from_128[i]);
    }
    assert_null(kind->name);
}

/* Goal: a kind is found by its number and by its name, and nothing else is. Method: all numbers to
 * 300, all names, and near misses. */
static void test_lookup(void **state)
{
    (void)state;
    size_t found = 0;
    for (uint64_t number = 0; number < 300; number++) {
        const dais_kind_t *kind = dais_kind_of(number);
        if (kind == NULL)
            continue;
        found++;
        assert_int_equal(kind->number, number);
        assert_ptr_equal(dais_kind_named(dais_slice_text(kind->name)), kind);
    }
    assert_int_equal(found, 59);
    assert_null(dais_kind_of(UINT64_MAX));
    assert_null(dais_kind_of((uint64_t)1 << 32 | 1));
    assert_null(dais_kind_named(dais_slice_text("")));
    assert_null(dais_kind_named(dais_slice_text("calls")));
    assert_null(dais_kind_named(dais_slice_text("cal")));
    assert_null(dais_kind_named(dais_slice_text("Call")));
}

/* Goal: exactly the kinds by which a State objects are sealed, and those of the registry its own.
 * Method: the list of the sealed ones; number 128 parts messages and own records. */
static void test_streams(void **state)
{
    (void)state;
    static const unsigned sealed[] = {DAIS_KIND_OBJECTION, DAIS_KIND_CO_SIGNATURE,
                                      DAIS_KIND_REASON_ADDED, DAIS_KIND_OBJECTION_WITHDRAWAL,
                                      DAIS_KIND_DISCLOSURE_REQUEST};
    for (const dais_kind_t *kind = dais_kinds; kind->name != NULL; kind++) {
        dais_stream_t expected = kind->number >= 128 ? DAIS_STREAM_OWN : DAIS_STREAM_OPEN;
        for (size_t i = 0; i < sizeof sealed / sizeof sealed[0]; i++)
            expected = kind->number == sealed[i] ? DAIS_STREAM_SEALED : expected;
        assert_int_equal(kind->stream, expected);
    }
}

/* Goal: the subject of a kind is an array of its own, as a message needs it, and fits. Method: form
 * and presence for each; genesis alone is a record. */
static void test_subjects(void **state)
{
    (void)state;
    for (const dais_kind_t *kind = dais_kinds; kind->name != NULL; kind++) {
        assert_non_null(kind->subject);
        assert_int_equal(kind->subject->form,
                         kind->number == DAIS_KIND_GENESIS ? DAIS_SHAPE_RECORD : DAIS_SHAPE_TUPLE);
        assert_true(strlen(kind->text) > 0);
        assert_true(kind->subject->field_count >= 1);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_numbers_and_names_are_fixed),
        cmocka_unit_test(test_lookup),
        cmocka_unit_test(test_streams),
        cmocka_unit_test(test_subjects),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
