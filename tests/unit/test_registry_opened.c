/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

#include <cmocka.h>

#include "registry/rules/visible.h"
#include "tests/unit/registry_played.h"
#include "tests/unit/registry_service.h"

static bool is_open(uint64_t seq, uint64_t size)
{
    return dais_visible_entry(dais_cycle_rules(world.cycle), dais_visible_public(), seq, size);
}

/* Asks on until the end what has opened since, and marks it. */
static unsigned ask_opened(uint64_t since, uint8_t *marks)
{
    dais_ask_opened_t what = {.what = DAIS_WHAT_OPENED, .since = since};
    dais_answer_entries_t answer = {.from = 1};
    unsigned count = 0;
    while (answer.from != 0) {
        dais_entry_line_t line;
        dais_opening_t opening;
        reply_count = 0;
        uint64_t number = request(look(&dais_shape_ask_opened, &what));
        world_must(dais_shape_decode(&dais_shape_answer_entries, shown(number), &answer).err);
        dais_list_walk_t walk = dais_list_begin(&answer.entries, &dais_shape_entry_line);
        for (; dais_list_next(&walk, &line); count++) {
            world_must(dais_shape_decode(&dais_shape_opening, line.opening, &opening).err);
            marks[opening.seq] = 1;
        }
        what.from = answer.from;
    }
    return count;
}

/* Whoever knew what was open at `since`, and was given each later entry as it was when it came. */
static void check_since(uint64_t since, uint64_t size, unsigned *later)
{
    uint8_t marks[1024] = {0};
    assert_true(size <= sizeof marks);
    (void)ask_opened(since, marks);
    dais_book_begin(dais_cycle_book(world.cycle), DAIS_TXN_READ);
    for (uint64_t seq = 0; seq < size; seq++) {
        bool was_open = is_open(seq, seq < since ? since : seq + 1);
        if ((is_open(seq, size) && !was_open) != (marks[seq] != 0))
            fail_msg("entry %u, since %u: %s", (unsigned)seq, (unsigned)since,
                     marks[seq] != 0 ? "told, and was known" : "opened, and is not told");
        *later += marks[seq] != 0 && seq >= since;
    }
    world_must(dais_book_end(dais_cycle_book(world.cycle)));
}

static void ended(void *context, dais_rules_t *rules)
{
    unsigned later = 0;
    uint64_t size = dais_rules_size(rules);
    (void)context;
    service_start();
    for (uint64_t since = 0; since <= size; since++)
        check_since(since, size, &later);
    dais_service_destroy(&service);
    assert_true(later > 0);
}

/* Goal: a follower that asks what has opened since a size misses nothing, also not of the entries
 * behind that size, which opened after they came; and gets nothing that it has. Method: a whole
 * cycle, asked for since every size that its log had. */
static void test_opened(void **state)
{
    const scenario_listener_t listener = {.entry = hear, .due = due, .ended = ended};
    (void)state;
    assert_int_equal(scratch_make(NULL), 0);
    world_open(&world, scratch_folder, 0);
    scenario_run_case("untoc-2022-05-27", &listener);
    world_close(&world);
    assert_int_equal(scratch_remove(NULL), 0);
}

#define LARGE_COUNT 40
#define LARGE_BYTES 60000

/* Applications with long texts, which open together when they are listed. */
static const char *large_text(void)
{
    static char text[LARGE_COUNT * (LARGE_BYTES + 200) + 4096];
    size_t at = (size_t)snprintf(
        text, sizeof text,
        "cycle c\npolicy opens = @listed application\npolicy publish-applicants = names\n"
        "actor intake intake - -\ninclude open\nclock 1\n");
    for (unsigned i = 0; i < LARGE_COUNT; i++) {
        at += (size_t)snprintf(text + at, sizeof text - at, "o1 application mid=a%u text=", i);
        memset(text + at, 'a' + (int)(i % 26), LARGE_BYTES);
        at += LARGE_BYTES;
        at += (size_t)snprintf(text + at, sizeof text - at,
                               "\nsec screening organisation=a%u result=eligible\n", i);
    }
    at += (size_t)snprintf(text + at, sizeof text - at,
                           "tick application-deadline\nsec list-version version=1 added=a0");
    for (unsigned i = 1; i < LARGE_COUNT; i++)
        at += (size_t)snprintf(text + at, sizeof text - at, ",a%u", i);
    assert_true(at + 1 < sizeof text);
    text[at] = '\n';
    return text;
}

static void ended_large(void *context, dais_rules_t *rules)
{
    uint8_t marks[1024] = {0};
    uint64_t opened = dais_visible_public_from(rules, heard_application);
    (void)context;
    assert_true(opened > 1);
    service_start();
    assert_int_equal(ask_opened(opened - 1, marks), LARGE_COUNT);
    dais_service_destroy(&service);
}

/* Goal: what does not fit into one answer is in the next. Method: more than fits into two, which
 * opens by one entry. */
static void test_large(void **state)
{
    const scenario_listener_t listener = {.entry = hear, .due = due, .ended = ended_large};
    (void)state;
    assert_int_equal(scratch_make(NULL), 0);
    heard_application = 0;
    world_open(&world, scratch_folder, 0);
    scenario_run_heard(large_text(), &listener);
    world_close(&world);
    assert_int_equal(scratch_remove(NULL), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_opened), cmocka_unit_test(test_large)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
