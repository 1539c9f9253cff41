/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "registry/rules/state.h"

/* Goal: every machine's table is whole: each state has a name, what follows is a state of it, and
 * nothing follows itself. Method: all states of all machines. */
static void test_tables(void **state)
{
    (void)state;
    static const unsigned counts[] = {11, 15, 6, 7, 7};
    for (unsigned m = 0; m < DAIS_MACHINE_COUNT; m++) {
        const dais_machine_table_t *table = dais_machine((dais_machine_t)m);
        assert_int_equal(table->count, counts[m]);
        assert_true(strlen(table->name) > 0 && strlen(table->text) > 0);
        assert_null(table->states[0].name);
        for (unsigned i = 1; i <= table->count; i++) {
            assert_true(strlen(table->states[i].name) > 0);
            assert_int_equal(table->states[i].next >> (table->count + 1), 0);
            assert_int_equal(table->states[i].next & (1U | 1U << i), 0);
        }
    }
}

static uint32_t reach(const dais_machine_table_t *table, unsigned from)
{
    uint32_t reached = 1U << from;
    for (unsigned round = 0; round < table->count; round++) {
        for (unsigned i = 1; i <= table->count; i++) {
            if ((reached >> i & 1U) != 0)
                reached |= table->states[i].next;
        }
    }
    return reached;
}

/* Goal: nothing is stuck, and nothing is out of reach. Method: from each state that is not final a
 * final one is reached, and from the first state each other. */
static void test_reach(void **state)
{
    (void)state;
    for (unsigned m = 0; m < DAIS_MACHINE_COUNT; m++) {
        const dais_machine_table_t *table = dais_machine((dais_machine_t)m);
        uint32_t final = 0;
        for (unsigned i = 1; i <= table->count; i++)
            final |= (uint32_t)table->states[i].is_final << i;
        for (unsigned i = 1; i <= table->count; i++)
            assert_true(table->states[i].is_final || (reach(table, i) & final) != 0);
        assert_int_equal(reach(table, 1), (2U << table->count) - 2);
    }
}

/* Goal: a move is allowed as the table says, in that direction only. Method: moves of each machine
 * with their reverse. */
static void test_allows(void **state)
{
    (void)state;
    assert_true(dais_machine_allows(DAIS_MACHINE_CYCLE, DAIS_CYCLE_DRAFT, DAIS_CYCLE_OPEN));
    assert_false(dais_machine_allows(DAIS_MACHINE_CYCLE, DAIS_CYCLE_OPEN, DAIS_CYCLE_DRAFT));
    assert_true(dais_machine_allows(DAIS_MACHINE_APPLICATION, DAIS_APPLICATION_UNOPPOSED,
                                    DAIS_APPLICATION_CONTESTED));
    assert_false(dais_machine_allows(DAIS_MACHINE_APPLICATION, DAIS_APPLICATION_LAPSED,
                                     DAIS_APPLICATION_ADMITTED));
    assert_true(dais_machine_allows(DAIS_MACHINE_CASE, DAIS_CASE_MOOT, DAIS_CASE_RAISED));
    assert_false(dais_machine_allows(DAIS_MACHINE_CASE, DAIS_CASE_DEFERRED, DAIS_CASE_LAPSED));
    assert_true(dais_machine_allows(DAIS_MACHINE_OBJECTION, DAIS_OBJECTION_UPHELD,
                                    DAIS_OBJECTION_OVERTURNED));
    assert_false(
        dais_machine_allows(DAIS_MACHINE_OBJECTION, DAIS_OBJECTION_LODGED, DAIS_OBJECTION_LAPSED));
    assert_true(
        dais_machine_allows(DAIS_MACHINE_COMMENT, DAIS_COMMENT_RETURNED, DAIS_COMMENT_SUBMITTED));
    assert_false(
        dais_machine_allows(DAIS_MACHINE_COMMENT, DAIS_COMMENT_PUBLISHED, DAIS_COMMENT_ACCEPTED));
}

/* Goal: "in" and "pre-list" are what the rules say. Method: all states of an application. */
static void test_application_words(void **state)
{
    (void)state;
    for (unsigned i = 1; i <= 15; i++) {
        assert_int_equal(dais_application_is_in(i), i == 12 || i == 11);
        assert_int_equal(dais_application_is_pre_list(i), i <= 5);
    }
    assert_false(dais_application_is_pre_list(0));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_tables),
        cmocka_unit_test(test_reach),
        cmocka_unit_test(test_allows),
        cmocka_unit_test(test_application_words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
