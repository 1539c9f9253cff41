/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

#include <cmocka.h>

#include "registry/rules/verdict.h"
#include "tests/support/scenario.h"

/* Goal: the procedure does what docs/rules.md says. Method: each file of tests/scenarios says its
 * goal in its first line; who says what, the verdicts and the states that follow stand in it. */
static void test_scenario(void **state)
{
    char path[256];
    (void)snprintf(path, sizeof path, "tests/scenarios/%s.txt", (const char *)*state);
    scenario_run_file(path, NULL);
}

/* Goal: what really happened comes out of the rules. Method: the call, the events and the
 * outcome of each case as text. */
static void test_case(void **state)
{
    scenario_run_case(*state, NULL);
}

/* Goal: every verdict is produced by at least one named scenario. Method: count them in all that
 * ran before this, and print those that are missing. */
static void test_every_verdict(void **state)
{
    unsigned missing = 0;
    (void)state;
    for (const dais_verdict_info_t *info = dais_verdict_infos; info->code != NULL; info++) {
        if (scenario_seen(info->number) == 0) {
            print_message("no scenario has: %s\n", info->code);
            missing++;
        }
    }
    assert_int_equal(missing, 0);
}

/* Goal: every move of the tables is made in at least one named scenario. Method: count them in all
 * that ran before this, and print those that are missing. */
static void test_every_move(void **state)
{
    unsigned missing = 0;
    (void)state;
    for (unsigned machine = 0; machine < DAIS_MACHINE_COUNT; machine++) {
        const dais_machine_table_t *table = dais_machine((dais_machine_t)machine);
        for (unsigned pair = 0; pair < table->count * table->count; pair++) {
            unsigned from = pair / table->count + 1;
            unsigned to = pair % table->count + 1;
            if (!dais_machine_allows((dais_machine_t)machine, from, to) ||
                scenario_moved((dais_machine_t)machine, from, to) != 0)
                continue;
            print_message("no scenario has: %s %s -> %s\n", table->name, table->states[from].name,
                          table->states[to].name);
            missing++;
        }
    }
    assert_int_equal(missing, 0);
}

/* clang-format off */
#define SCENARIO(name) {"scenario " name, test_scenario, NULL, NULL, (char[]){name}}
#define CASE(name)     {"case " name, test_case, NULL, NULL, (char[]){name}}
/* clang-format on */

static const struct CMUnitTest tests[] = {
    SCENARIO("call"),
    SCENARIO("calendar"),
    SCENARIO("permits"),
    SCENARIO("application"),
    SCENARIO("objection"),
    SCENARIO("group"),
    SCENARIO("alone"),
    SCENARIO("presence"),
    SCENARIO("block"),
    SCENARIO("veto"),
    SCENARIO("vote"),
    SCENARIO("waiting"),
    SCENARIO("correction"),
    SCENARIO("part"),
    SCENARIO("mute"),
    SCENARIO("comment"),
    SCENARIO("comment-early"),
    SCENARIO("nowindow"),
    SCENARIO("roster"),
    SCENARIO("sight"),
    SCENARIO("held"),
    SCENARIO("many"),
    SCENARIO("settle"),
    SCENARIO("public"),
    SCENARIO("refer"),
    SCENARIO("carried"),
    SCENARIO("putback"),
    SCENARIO("latelist"),
    SCENARIO("toolate"),
    SCENARIO("always"),
    SCENARIO("disagreements"),
    SCENARIO("withdrawn-comment"),
    SCENARIO("nobody-waits"),
    SCENARIO("cancelled-again"),
    SCENARIO("gone"),
    SCENARIO("reopened"),
    SCENARIO("cancelled-draft"),
    SCENARIO("cancelled-listed"),
    SCENARIO("cancelled-settled"),
    SCENARIO("neverbegan"),
    SCENARIO("prelist"),
    SCENARIO("threshold"),
    SCENARIO("straight"),
    SCENARIO("provisional"),
    SCENARIO("unendorsed"),
    SCENARIO("comment-ends"),
    SCENARIO("accorded"),
    SCENARIO("before-window"),
    SCENARIO("called-again"),
    SCENARIO("carried-decided"),
    SCENARIO("deferred-twice"),
    SCENARIO("endless"),
    SCENARIO("fraction-late"),
    SCENARIO("held-late"),
    SCENARIO("putback-late"),
    SCENARIO("quota"),
    SCENARIO("shorter"),
    SCENARIO("stand-in"),
    SCENARIO("summary-late"),
    SCENARIO("own-case"),
    SCENARIO("keys-retire"),
    SCENARIO("unlisted-endorsement"),
    SCENARIO("comment-open"),
    SCENARIO("turns"),
    SCENARIO("received"),
    SCENARIO("asked"),
    CASE("untoc-2022-05-27"),
    CASE("untoc-2022-05-06"),
    cmocka_unit_test(test_every_verdict),
    cmocka_unit_test(test_every_move),
};

int main(void)
{
    return cmocka_run_group_tests(tests, NULL, NULL);
}
