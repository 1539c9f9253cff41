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
    (void)snprintf(path, sizeof path, "tests/scenarios/%s.txt", name);
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
        SCENARIO("gone"),
        SCENARIO("reopened"),
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
