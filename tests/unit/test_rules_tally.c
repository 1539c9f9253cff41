/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <stdio.h>

#include "registry/rules/lists.h"
#include "tests/support/generate.h"
#include "tests/unit/rules_state.h"

/* The tally as text: name=number, in order. */
static const char *tally_text(void)
{
    static char text[4096];
    dais_tally_counts_t counts;
    size_t size = 0;
    text[0] = '\0';
    dais_lists_tally(&world, &counts);
    for (unsigned i = 0; i < counts.count; i++)
        size += (size_t)snprintf(text + size, sizeof text - size, "%s%s=%llu", i == 0 ? "" : " ",
                                 counts.items[i].name, (unsigned long long)counts.items[i].number);
    return text;
}

static void make_counts(void)
{
    world.policy.small_cell = 1;
    world.policy.publish_applicants = DAIS_POLICY_APPLICANTS_COUNT;
    world.policy.disclosure_fact = DAIS_POLICY_DISCLOSURE_COUNT_ONLY;
    world.policy.disclosure_cause = DAIS_POLICY_DISCLOSURE_SEALED;
    world.cycle.applied = 30;
    world.cycle.circulated = 25;
    world.cycle.shown = 20;
    world.cycle.lodged = 9;
    world.cycle.standing = 5;
    world.cycle.withdrawn = 2;
    world.cycle.ruled = 1;
    world.cycle.lapsed = 1;
    world.cycle.objected = 4;
    world.cycle.invited = 19;
    world.cycle.registered = 18;
    world.cycle.registered_persons = 40;
    world.cycle.attended = 17;
    world.cycle.attended_persons = 33;
    world.cycle.notified = 6;
    world.cycle.accorded = 7;
}

/* Goal: a number stands in the tally from the time on at which the public may know it. Method: the
 * same counts before the list, with it, and after the window. */
static void test_times(void **state)
{
    (void)state;
    make_counts();
    assert_string_equal(tally_text(), "applied=30");
    world.policy.publish_applicants = DAIS_POLICY_APPLICANTS_NONE;
    assert_string_equal(tally_text(), "");
    world.cycle.listed = 10;
    assert_string_equal(tally_text(),
                        "list.circulated=25 objections.lodged=9 objections.standing=5 "
                        "objections.withdrawn=2 objections.decided=1 objections.lapsed=1 "
                        "objections.organisations=4");
    world.policy.disclosure_fact = DAIS_POLICY_DISCLOSURE_CHAIR;
    world.cycle.settled = 20;
    assert_string_equal(tally_text(), "list.circulated=25 list.shown=20 list.not-shown=5 "
                                      "invited=19 registered=18 registered.persons=40 "
                                      "attended=17 attended.persons=33");
}

/* Goal: routes are counted where the policy has them. Method: both words, and the form. */
static void test_routes(void **state)
{
    (void)state;
    make_counts();
    world.cycle.listed = 10;
    world.cycle.settled = 20;
    assert_null(strstr(tally_text(), "routes."));
    world.policy.ecosoc_route = DAIS_POLICY_ECOSOC_ROUTE_NOTIFY;
    assert_non_null(strstr(tally_text(), "list.not-shown=5 routes.notified=6 objections."));
    world.policy.ecosoc_route = DAIS_POLICY_ECOSOC_ROUTE_ACCORDED;
    assert_non_null(strstr(tally_text(), " routes.accorded=7 "));
}

static void make_cells(unsigned small_cell, const uint32_t *cells)
{
    static const unsigned states[] = {DAIS_APPLICATION_UNOPPOSED, DAIS_APPLICATION_ADMITTED,
                                      DAIS_APPLICATION_BLOCKED,   DAIS_APPLICATION_REFUSED,
                                      DAIS_APPLICATION_WITHDRAWN, DAIS_APPLICATION_LAPSED};
    make_counts();
    world.policy.small_cell = small_cell;
    world.policy.disclosure_cause = DAIS_POLICY_DISCLOSURE_PUBLIC;
    world.cycle.listed = 10;
    world.cycle.settled = 20;
    memset(world.cycle.by_state, 0, sizeof world.cycle.by_state);
    for (unsigned i = 0; i < 6; i++)
        world.cycle.by_state[states[i]] = cells[i];
}

/* Goal: where causes are public the list is split, and small cells are merged with the cell behind,
 * or before at the end, until none is left or all are one. Method: each of these. */
static void test_merging(void **state)
{
    (void)state;
    make_cells(1, (const uint32_t[]){1, 20, 1, 2, 0, 1});
    assert_non_null(strstr(tally_text(),
                           "list.awaiting=1 list.admitted=20 list.blocked=1 list.refused=2 "
                           "list.withdrawn=0 list.lapsed=1 objections."));
    make_cells(3, (const uint32_t[]){1, 20, 1, 2, 0, 1});
    assert_non_null(strstr(tally_text(), "25 list.awaiting+admitted=21 "
                                         "list.blocked+refused+withdrawn+lapsed=4 objections."));
    make_cells(100, (const uint32_t[]){1, 20, 1, 2, 0, 1});
    assert_non_null(strstr(tally_text(),
                           "25 list.awaiting+admitted+blocked+refused+withdrawn+lapsed=25 "
                           "objections.lodged=9 "
                           "objections.standing+withdrawn+decided+lapsed=9 "));
    make_cells(100, (const uint32_t[]){0, 0, 0, 0, 0, 0});
    assert_non_null(strstr(tally_text(), "25 list.awaiting=0 list.admitted=0 list.blocked=0 "));
}

/* Goal: merging changes no sum, and leaves no small cell unless there is only one. Method: random
 * cells and limits; the items of the list are added up. */
static void test_sums(void **state)
{
    (void)state;
    generate_t g = generate_begin(GENERATE_RANDOM, 5, NULL, 0);
    for (unsigned round = 0; round < 2000; round++) {
        uint32_t cells[6];
        uint64_t sum = 0;
        uint64_t merged = 0;
        unsigned cell_count = 0;
        unsigned small_count = 0;
        unsigned small = 1 + (unsigned)generate_below(&g, 8);
        for (unsigned i = 0; i < 6; i++) {
            cells[i] = (uint32_t)generate_below(&g, 10);
            sum += cells[i];
        }
        make_cells(small, cells);
        dais_tally_counts_t counts;
        dais_lists_tally(&world, &counts);
        for (unsigned i = 2; strncmp(counts.items[i].name, "list.", 5) == 0; i++) {
            merged += counts.items[i].number;
            cell_count++;
            small_count += counts.items[i].number > 0 && counts.items[i].number < small;
        }
        assert_int_equal(merged, sum);
        assert_true(small_count == 0 || cell_count == 1);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_WORLD(test_times),
        IN_WORLD(test_routes),
        IN_WORLD(test_merging),
        IN_WORLD(test_sums),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
