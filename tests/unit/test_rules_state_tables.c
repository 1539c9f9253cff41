/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "registry/rules/state.h"
#include "tests/support/policy_text.h"

#define DOCUMENT DAIS_SOURCE_DIR "/docs/rules.md"

static char page[256 * 1024];

static const dais_machine_table_t *machine_of(const char *name)
{
    for (unsigned machine = 0; machine < DAIS_MACHINE_COUNT; machine++)
        if (strcmp(dais_machine((dais_machine_t)machine)->name, name) == 0)
            return dais_machine((dais_machine_t)machine);
    fail_msg("no machine %s", name);
    return NULL;
}

static unsigned state_of(const dais_machine_table_t *table, const char *name)
{
    for (unsigned state = 1; state <= table->count; state++)
        if (strcmp(table->states[state].name, name) == 0)
            return state;
    fail_msg("%s has no state '%s'", table->name, name);
    return 0;
}

/* "listed (no deadline), window": what may follow. Cuts the text. */
static uint32_t next_of(const dais_machine_table_t *table, char *text)
{
    uint32_t next = 0;
    char *rest = NULL;
    if (strcmp(text, "none") == 0)
        return 0;
    for (char *word = strtok_r(text, ",", &rest); word; word = strtok_r(NULL, ",", &rest)) {
        word += strspn(word, " ");
        char *remark = strstr(word, " (");
        if (remark != NULL)
            *remark = '\0';
        next |= UINT32_C(1) << state_of(table, word);
    }
    return next;
}

/* One row of a table of the page: "| 9 blocked, 10 pending | admitted, refused |". The number of
 * states in it. */
static unsigned compare_row(const dais_machine_table_t *table, char *row)
{
    char *states = row + 2;
    char *between = strstr(states, " | ");
    assert_non_null(between);
    char *nexts = between + 3;
    char *end = strstr(nexts, " |");
    assert_non_null(end);
    *between = *end = '\0';
    /* What is said of those that have no next but in words: "none (a reversal changes …)". */
    uint32_t next = strncmp(nexts, "none", 4) == 0 ? 0 : next_of(table, nexts);
    unsigned count = 0;
    char *rest = NULL;
    for (char *word = strtok_r(states, ",", &rest); word; word = strtok_r(NULL, ",", &rest)) {
        char *name = NULL;
        unsigned long number = strtoul(word, &name, 10);
        unsigned state = state_of(table, name + 1);
        assert_int_equal(number, state);
        if (table->states[state].next != next)
            fail_msg("%s %s: next %x in the page, %x in the table", table->name, name + 1, next,
                     table->states[state].next);
        count++;
    }
    return count;
}

/* Goal: the specification has the moves that the code has. Method: the tables of section 3 of
 * docs/rules.md, row by row; every state of every machine stands there once. */
static void test_page(void **state)
{
    (void)state;
    const dais_machine_table_t *table = NULL;
    unsigned rows = 0;
    unsigned wanted = 0;
    for (unsigned machine = 0; machine < DAIS_MACHINE_COUNT; machine++)
        wanted += dais_machine((dais_machine_t)machine)->count;
    (void)policy_text_file(DOCUMENT, page, sizeof page);
    char *section = strstr(page, "\n## 3. States\n");
    assert_non_null(section);
    char *end = strstr(section, "\n## 4. ");
    assert_non_null(end);
    *end = '\0';
    char *rest = NULL;
    for (char *line = strtok_r(section, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest)) {
        char *head = strstr(line, " | next |");
        if (head != NULL) {
            *head = '\0';
            table = machine_of(line + 2);
        } else if (line[0] == '|' && line[2] != '-') {
            assert_non_null(table);
            rows += compare_row(table, line);
        }
    }
    assert_int_equal(rows, wanted);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_page)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
