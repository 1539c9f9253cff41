/* SPDX-License-Identifier: Apache-2.0
 *
 * A procedure played twice: by the rules alone, in memory, and by the registry, to which the same
 * things are handed in by a mission's and an office's keys through an intake. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

#include <cmocka.h>

#include "base/file.h"
#include "base/store.h"
#include "registry/rules/digest.h"
#include "tests/unit/registry_played.h"

static void ended(void *context, dais_rules_t *rules)
{
    dais_hash_t of_scenario;
    dais_hash_t of_registry;
    dais_book_t *book = dais_cycle_book(world.cycle);
    (void)context;
    world_must(dais_digest_state(rules, &of_scenario));
    dais_book_begin(book, DAIS_TXN_READ);
    world_must(dais_digest_state(dais_cycle_rules(world.cycle), &of_registry));
    assert_int_equal(dais_book_size(book), dais_rules_size(rules));
    world_must(dais_book_end(book));
    assert_true(dais_hash_equal(&of_scenario, &of_registry));
    world_verify(&world);
}

/* Goal: the registry rules as the rules do, entry by entry, ticks by itself, owes what they owe,
 * and has the same state at the end. Method: play a case; everything that is said in it is handed
 * in. */
static void test_case(void **state)
{
    const scenario_listener_t listener = {.entry = hear, .due = due, .ended = ended};
    assert_int_equal(scratch_make(NULL), 0);
    world_open(&world, scratch_folder, 0);
    heard_count = 0;
    scenario_run_case(*state, &listener);
    assert_true(heard_count > 100);
    world_close(&world);
    assert_int_equal(scratch_remove(NULL), 0);
}

#define MARKER "once-said-and-then-erased"

/* Whether the store's file holds these bytes anywhere. */
static bool file_holds(const char *text)
{
    scratch_path_t path = scratch_path("cycles/c/store/" DAIS_STORE_FILE);
    dais_file_bytes_t bytes;
    world_must(dais_file_read(path.text, (size_t)64 << 20, &bytes));
    bool holds = memmem(bytes.data, bytes.size, text, strlen(text)) != NULL;
    dais_file_free(&bytes);
    return holds;
}

static void hear_erasure(void *context, dais_rules_t *rules, const scenario_heard_t *heard)
{
    hear(context, rules, heard);
    if (heard->kind->number == DAIS_KIND_ERASURE)
        assert_true(file_holds(MARKER)); /* it has no effect yet */
}

static void ended_erased(void *context, dais_rules_t *rules)
{
    static world_entry_t entry;
    dais_book_t *book = dais_cycle_book(world.cycle);
    (void)context;
    (void)rules;
    assert_false(file_holds(MARKER));
    assert_true(heard_application != 0);
    dais_book_begin(book, DAIS_TXN_READ);
    world_read(&world, heard_application, &entry);
    assert_int_equal(entry.entry.opening.public_opening.size, 0);
    world_must(dais_book_end(book));
    world_verify(&world);
    world_must(world_reopen(&world));
    world_verify(&world);
}

/* Goal: what is erased is in no file of the registry any more, and everything that is proved stays.
 * Method: an application with a marker in its content, an erasure, its second; the file is searched
 * before and after, and the log is refolded. */
static void test_erasure(void **state)
{
    const scenario_listener_t listener = {.entry = hear_erasure, .due = due, .ended = ended_erased};
    (void)state;
    assert_int_equal(scratch_make(NULL), 0);
    world_open(&world, scratch_folder, 0);
    heard_application = 0;
    scenario_run_heard("cycle c\n"
                       "actor intake intake - -\n"
                       "include open\n"
                       "clock 1\n"
                       "a: o1 application mid=a text=" MARKER "\n"
                       "o1 application mid=b text=another\n"
                       "e: sec erasure entries=@a reason=r => awaits-second\n"
                       "sec2 second seq=@e\n",
                       &listener);
    world_close(&world);
    assert_int_equal(scratch_remove(NULL), 0);
}

#define CASE(name)                                                                                 \
    {                                                                                              \
        "case " name, test_case, NULL, NULL, (char[])                                              \
        {                                                                                          \
            name                                                                                   \
        }                                                                                          \
    }

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE("untoc-2022-05-06"),
        CASE("untoc-2022-05-27"),
        cmocka_unit_test(test_erasure),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
