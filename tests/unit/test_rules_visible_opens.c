/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <glob.h>

#include "registry/rules/visible.h"
#include "tests/support/scenario.h"

#define ENTRIES_MAX 1024

/* What the public could see before the entry that comes, and what kinds were met. */
static struct {
    uint64_t from[ENTRIES_MAX];
    bool erased[ENTRIES_MAX];
    uint64_t count;
    bool met[256];
    unsigned opened; /* entries that were opened by a later one */
} seen;

static void look(void *context, dais_rules_t *rules, const scenario_heard_t *heard)
{
    bool may_open = dais_visible_may_open(heard->kind->number);
    (void)context;
    assert_true(heard->seq < ENTRIES_MAX);
    if (heard->seq == 0)
        seen.count = 0;
    for (uint64_t seq = 0; seq < seen.count; seq++) {
        uint64_t from = dais_visible_public_from(rules, seq);
        bool erased = dais_visible_erased(rules, seq);
        bool is_other = from != seen.from[seq] || erased != seen.erased[seq];
        if (is_other && !may_open)
            fail_msg("%s %llu opened %llu", heard->kind->name, (unsigned long long)heard->seq,
                     (unsigned long long)seq);
        seen.opened += is_other;
        seen.from[seq] = from;
        seen.erased[seq] = erased;
    }
    seen.from[heard->seq] = dais_visible_public_from(rules, heard->seq);
    seen.erased[heard->seq] = dais_visible_erased(rules, heard->seq);
    seen.count = heard->seq + 1;
    seen.met[heard->kind->number] = true;
}

/* Goal: a kind of which it is said that no entry of it opens or erases an earlier one does not.
 * Method: the logs that have every kind; after each entry all before it are asked again. */
static void test_kinds_that_open_nothing(void **state)
{
    scenario_listener_t listener = {.entry = look};
    glob_t found;
    unsigned silent = 0;
    (void)state;
    assert_int_equal(glob(DAIS_SOURCE_DIR "/tests/golden/logs/*.txt", 0, NULL, &found), 0);
    for (size_t i = 0; i < found.gl_pathc; i++)
        scenario_run_file(found.gl_pathv[i] + strlen(DAIS_SOURCE_DIR "/"), &listener);
    globfree(&found);
    scenario_run_file("tests/scenarios/received.txt", &listener);
    scenario_run_case("untoc-2022-05-27", &listener);
    for (unsigned kind = 0; kind < 256; kind++)
        silent += seen.met[kind] && !dais_visible_may_open(kind);
    assert_true(silent >= 20);
    assert_true(seen.opened > 20);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_kinds_that_open_nothing)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
