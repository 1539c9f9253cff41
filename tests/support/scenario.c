/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/support/scenario.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/clock.h"
#include "tests/support/scenario_check.h"
#include "tests/support/scenario_private.h"

static unsigned scenario_moves[DAIS_MACHINE_COUNT][16][16];

unsigned scenario_moved(dais_machine_t machine, unsigned from, unsigned to)
{
    return scenario_moves[machine][from][to];
}

static void scenario_watch(void *context, const dais_move_t *move)
{
    (void)context;
    if (!move->is_restored)
        scenario_moves[move->machine][move->from][move->to]++;
}

static void scenario_ask_own(scenario_t *s, const char *expected)
{
    const char *found = s->own_read < s->own_count ? s->own[s->own_read] : "none";
    if (strcmp(found, expected) != 0)
        scenario_fail(s, "own entry", found);
    s->own_read++;
}

static void scenario_ask(scenario_t *s, char *text)
{
    char found[512];
    if (strncmp(text, "own ", 4) == 0) {
        scenario_ask_own(s, text + 4);
        return;
    }
    char *expected = scenario_check_ask(s->rules, text, found, sizeof found);
    if (expected == NULL)
        scenario_fail(s, "cannot be asked", text);
    if (strcmp(found, expected) != 0)
        scenario_fail(s, "is", found);
}

/* KEY = VALUE, kept in the text itself. */
static void scenario_keep(const scenario_t *s, policy_change_t *changes, unsigned *count,
                          char *text)
{
    char *equals = strstr(text, " = ");
    if (equals == NULL || *count == 64)
        scenario_fail(s, "not KEY = VALUE", text);
    *equals = 0;
    changes[(*count)++] =
        (policy_change_t){text, strcmp(equals + 3, "unset") == 0 ? NULL : equals + 3};
}

static void scenario_begins(scenario_t *s, const char *date)
{
    scenario_must(s, dais_clock_parse(dais_slice_text(date), &s->pack.base_ms));
    s->clock_ms = s->pack.base_ms;
}

static bool scenario_head_line(scenario_t *s, char *text)
{
    if (strncmp(text, "cycle ", 6) == 0)
        s->cycle = text + 6;
    else if (strncmp(text, "begins ", 7) == 0)
        scenario_begins(s, text + 7);
    else if (strncmp(text, "policy-file ", 12) == 0)
        s->policy_file = text + 12;
    else if (strncmp(text, "policy ", 7) == 0)
        scenario_keep(s, s->changes, &s->change_count, text + 7);
    else if (strncmp(text, "value ", 6) == 0)
        scenario_keep(s, s->values, &s->value_count, text + 6);
    else if (strncmp(text, "carry-many ", 11) == 0)
        s->carried_more = (unsigned)strtoul(text + 11, NULL, 10);
    else if (strncmp(text, "carry ", 6) == 0)
        s->carried[s->carried_count++] = text + 6;
    else
        return false;
    return true;
}

static void scenario_lines(scenario_t *s, char *text);

/* Lines that many scenarios share. Their text is kept, since the policy points into it. */
static void scenario_include(scenario_t *s, const char *name)
{
    char path[512];
    char *text = malloc(INCLUDE_SIZE_MAX);
    unsigned line_number = s->line_number;
    assert_non_null(text);
    assert_true(s->included_count < sizeof s->included / sizeof s->included[0]);
    s->included[s->included_count++] = text;
    (void)snprintf(path, sizeof path, "%s/tests/scenarios/%s.txt", DAIS_SOURCE_DIR, name);
    (void)policy_text_file(path, text, INCLUDE_SIZE_MAX);
    scenario_lines(s, text);
    s->line_number = line_number;
}

static void scenario_line(scenario_t *s, char *text)
{
    if (strncmp(text, "include ", 8) == 0) {
        scenario_include(s, text + 8);
        return;
    }
    if (text[0] == 0 || text[0] == '#' || scenario_head_line(s, text))
        return;
    scenario_begin_if_new(s);
    if (strncmp(text, "actor ", 6) == 0)
        scenario_add_actor(s, text + 6);
    else if (strncmp(text, "clock ", 6) == 0)
        s->clock_ms = s->pack.base_ms + strtoull(text + 6, NULL, 10) * HOUR_MS;
    else if (strncmp(text, "tick ", 5) == 0)
        scenario_tick(s, text + 5);
    else if (strncmp(text, "not-tick ", 9) == 0)
        scenario_not_tick(s, text + 9);
    else if (strncmp(text, "registry ", 9) == 0)
        scenario_own(s, text);
    else if (strncmp(text, "? ", 2) == 0)
        scenario_ask(s, text + 2);
    else
        scenario_message(s, text);
    scenario_check_counts(s->rules);
}

static void scenario_lines(scenario_t *s, char *text)
{
    for (char *line = text; line != NULL;) {
        char *end = strchr(line, '\n');
        char shown[1024];
        if (end != NULL)
            *end++ = 0;
        while (*line == ' ')
            line++;
        (void)snprintf(shown, sizeof shown, "%s", line);
        s->line = shown;
        s->line_number++;
        scenario_line(s, line);
        line = end;
    }
}

/* Taken up from its store the state is the same. */
static void scenario_resume(const scenario_t *s)
{
    dais_rules_t *again;
    scenario_must(s, dais_rules_create(&again, s->store));
    scenario_must(s, dais_rules_resume(again));
    assert_int_equal(dais_rules_size(again), dais_rules_size(s->rules));
    assert_true(dais_policy_equal(dais_rules_policy(again), dais_rules_policy(s->rules)));
    assert_memory_equal(&again->cycle, &s->rules->cycle, sizeof again->cycle);
    assert_memory_equal(again->date_set, s->rules->date_set, sizeof again->date_set);
    dais_rules_destroy(&again);
}

void scenario_run(const char *text)
{
    scenario_run_heard(text, NULL);
}

void scenario_run_heard(const char *text, const scenario_listener_t *listener)
{
    char *copy = strdup(text);
    scenario_t *s = calloc(1, sizeof *s);
    assert_non_null(copy);
    assert_non_null(s);
    assert_int_equal(dais_store_memory_create(&s->store), DAIS_OK);
    assert_int_equal(dais_rules_create(&s->rules, s->store), DAIS_OK);
    dais_rules_watch(s->rules, scenario_watch, NULL);
    s->clock_ms = s->pack.base_ms = SCENARIO_BASE_MS;
    s->listener = listener;
    s->cycle = "dialogue";
    scenario_lines(s, copy);
    scenario_resume(s);
    if (listener != NULL && listener->ended != NULL)
        listener->ended(listener->context, s->rules);
    dais_rules_destroy(&s->rules);
    dais_store_memory_destroy(&s->store);
    for (unsigned i = 0; i < s->included_count; i++)
        free(s->included[i]);
    free(s);
    free(copy);
}

/* Puts the file's text behind what is there. */
static void scenario_read(const char *path, char *text, size_t capacity)
{
    char full[512];
    size_t size = strlen(text);
    (void)snprintf(full, sizeof full, "%s/%s", DAIS_SOURCE_DIR, path);
    (void)policy_text_file(full, text + size, capacity - size);
}

static char scenario_text[256 * 1024];

void scenario_run_file(const char *path, const scenario_listener_t *listener)
{
    scenario_text[0] = 0;
    scenario_read(path, scenario_text, sizeof scenario_text);
    scenario_run_heard(scenario_text, listener);
}

static const char *scenario_from;
static const char *scenario_to;

void scenario_change(const char *from, const char *to)
{
    scenario_from = from;
    scenario_to = to;
}

static void scenario_replace(char *text, size_t capacity)
{
    char *at = strstr(text, scenario_from);
    size_t from = strlen(scenario_from);
    size_t to = strlen(scenario_to);
    assert_non_null(at);
    assert_true(strlen(text) + to < capacity);
    memmove(at + to, at + from, strlen(at + from) + 1);
    for (size_t i = 0; i < to; i++)
        at[i] = scenario_to[i];
}

void scenario_run_case(const char *name, const scenario_listener_t *listener)
{
    static const char *const files[] = {"call.txt", "events.txt", "outcome.txt"};
    scenario_text[0] = 0;
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        char path[256];
        (void)snprintf(path, sizeof path, "tests/cases/%s/%s", name, files[i]);
        scenario_read(path, scenario_text, sizeof scenario_text);
    }
    if (scenario_from != NULL)
        scenario_replace(scenario_text, sizeof scenario_text);
    scenario_run_heard(scenario_text, listener);
}
