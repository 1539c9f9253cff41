/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "tests/support/scenario_public.h"

static void follow(const char *name, bool is_case)
{
    char path[256];
    scenario_public_t *follower = scenario_public_create();
    scenario_listener_t listener = scenario_public_listener(follower);
    (void)snprintf(path, sizeof path, "tests/%s.txt", name);
    if (is_case)
        scenario_run_case(name, &listener);
    else
        scenario_run_file(path, &listener);
    assert_true(scenario_public_compared(follower) > 0);
    assert_true(scenario_public_opened(follower) > 0);
    assert_true(scenario_public_derived(follower) > 0);
    scenario_public_destroy(&follower);
}

/* Goal: the public fold holds what the whole log would tell the public, and a public audit derives
 * again what can be and finds no fault in a log that the rules made. Method: follow each scenario
 * with both, compare at every index at which nothing is owed, and fold the same entries backwards
 * at the end. */
static void test_scenario(void **state)
{
    follow(*state, false);
}

/* Goal: the same of what really happened. Method: the cases. */
static void test_case(void **state)
{
    follow(*state, true);
}

/* clang-format off */
#define SCENARIO(name) {"public of scenario " name, test_scenario, NULL, NULL, (char[]){name}}
#define CASE(name)     {"public of case " name, test_case, NULL, NULL, (char[]){name}}
/* clang-format on */

int main(void)
{
    const struct CMUnitTest tests[] = {
        SCENARIO("scenarios/call"),
        SCENARIO("scenarios/calendar"),
        SCENARIO("scenarios/permits"),
        SCENARIO("scenarios/application"),
        SCENARIO("scenarios/objection"),
        SCENARIO("scenarios/group"),
        SCENARIO("scenarios/alone"),
        SCENARIO("scenarios/presence"),
        SCENARIO("scenarios/block"),
        SCENARIO("scenarios/veto"),
        SCENARIO("scenarios/vote"),
        SCENARIO("scenarios/waiting"),
        SCENARIO("scenarios/correction"),
        SCENARIO("scenarios/part"),
        SCENARIO("scenarios/mute"),
        SCENARIO("scenarios/comment"),
        SCENARIO("scenarios/comment-early"),
        SCENARIO("scenarios/nowindow"),
        SCENARIO("scenarios/roster"),
        SCENARIO("scenarios/sight"),
        SCENARIO("scenarios/held"),
        SCENARIO("scenarios/many"),
        SCENARIO("scenarios/settle"),
        SCENARIO("scenarios/public"),
        SCENARIO("scenarios/refer"),
        SCENARIO("scenarios/carried"),
        SCENARIO("scenarios/putback"),
        SCENARIO("scenarios/latelist"),
        SCENARIO("scenarios/toolate"),
        SCENARIO("scenarios/always"),
        SCENARIO("scenarios/gone"),
        SCENARIO("scenarios/reopened"),
        SCENARIO("scenarios/received"),
        SCENARIO("scenarios/comment-ends"),
        SCENARIO("scenarios/comment-open"),
        SCENARIO("scenarios/withdrawn-comment"),
        SCENARIO("scenarios/disagreements"),
        SCENARIO("scenarios/called-again"),
        SCENARIO("scenarios/keys-retire"),
        SCENARIO("scenarios/summary-late"),
        SCENARIO("scenarios/cancelled-listed"),
        SCENARIO("scenarios/provisional"),
        SCENARIO("scenarios/unendorsed"),
        SCENARIO("scenarios/accorded"),
        SCENARIO("scenarios/straight"),
        SCENARIO("scenarios/before-window"),
        SCENARIO("golden/logs/every-kind"),
        SCENARIO("golden/logs/ga-conference-66-544"),
        SCENARIO("golden/logs/ga-high-level-meeting"),
        SCENARIO("golden/logs/oewg-ict-2022"),
        SCENARIO("golden/logs/uncac-conference-rule-17"),
        SCENARIO("golden/logs/unfccc-one-third"),
        SCENARIO("golden/logs/untoc-conference-rule-17"),
        SCENARIO("golden/logs/untoc-constructive-dialogue"),
        CASE("untoc-2022-05-27"),
        CASE("untoc-cop11-2022"),
        CASE("untoc-cop11-2022-old-rule"),
        CASE("uncac-cosp9-2021"),
        CASE("oewg-ict-2022"),
        CASE("firearms-2023-05-05"),
        CASE("untoc-2022-05-06"),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
