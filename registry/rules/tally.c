/* SPDX-License-Identifier: Apache-2.0
 *
 * The numbers that are public. Each is a running count of the cycle's row, so a tally costs the
 * same after a million entries. A number is left out until the public may know it; cells that are
 * so small that they would point at somebody are merged with a neighbour, which never changes a
 * sum. */
#include <assert.h>
#include <stdio.h>

#include "registry/rules/lists.h"
#include "registry/rules/rules_private.h"

#define CELL_COUNT_MAX 6

typedef struct {
    char name[DAIS_LIMIT_CODE + 1];
    uint64_t number;
} tally_cell_t;

typedef struct {
    unsigned count;
    tally_cell_t items[CELL_COUNT_MAX];
} tally_cells_t;

static void tally_add(dais_tally_counts_t *counts, const char *group, const char *name,
                      uint64_t number)
{
    assert(counts->count < DAIS_LIMIT_COUNTS);
    int size = snprintf(counts->items[counts->count].name, sizeof counts->items[0].name, "%s%s",
                        group, name);
    assert(size > 0 && (size_t)size < sizeof counts->items[0].name);
    counts->items[counts->count].number = number;
    counts->count++;
}

static void tally_cell(tally_cells_t *cells, const char *name, uint64_t number)
{
    tally_cell_t *cell = &cells->items[cells->count++];
    cell->number = number;
    (void)snprintf(cell->name, sizeof cell->name, "%s", name);
}

/* Puts the cell behind `at` into it. */
static void tally_join(tally_cells_t *cells, unsigned at)
{
    tally_cell_t *cell = &cells->items[at];
    size_t size = strlen(cell->name);
    size_t more = strlen(cell[1].name);
    assert(size + 1 + more < sizeof cell->name);
    cell->name[size] = '+';
    memcpy(cell->name + size + 1, cell[1].name, more + 1);
    cell->number += cell[1].number;
    cells->count--;
    memmove(&cell[1], &cell[2], (cells->count - at - 1) * sizeof *cell);
}

static void tally_merge(tally_cells_t *cells, uint32_t small_cell)
{
    unsigned at = 0;
    while (cells->count > 1 && at < cells->count) {
        if (cells->items[at].number == 0 || cells->items[at].number >= small_cell) {
            at++;
            continue;
        }
        tally_join(cells, at + 1 < cells->count ? at : at - 1);
        at = 0;
    }
}

static void tally_add_cells(dais_tally_counts_t *counts, const char *group, tally_cells_t *cells,
                            uint32_t small_cell)
{
    tally_merge(cells, small_cell);
    for (unsigned i = 0; i < cells->count; i++)
        tally_add(counts, group, cells->items[i].name, cells->items[i].number);
}

static void tally_list(const dais_rules_t *rules, dais_tally_counts_t *counts)
{
    const dais_cycle_row_t *cycle = &rules->cycle;
    const uint32_t *by_state = cycle->by_state;
    tally_cells_t cells = {.count = 0};
    if (rules->policy.disclosure_cause != DAIS_POLICY_DISCLOSURE_PUBLIC) {
        tally_add(counts, "list.", "shown", cycle->shown);
        tally_add(counts, "list.", "not-shown", (uint64_t)cycle->circulated - cycle->shown);
        return;
    }
    dais_list_account_t account = dais_lists_account(by_state);
    tally_cell(&cells, "awaiting", account.awaiting);
    tally_cell(&cells, "admitted", account.admitted);
    tally_cell(&cells, "blocked", account.blocked);
    tally_cell(&cells, "refused", account.refused);
    tally_cell(&cells, "withdrawn", account.withdrawn);
    tally_cell(&cells, "lapsed", account.lapsed);
    tally_add_cells(counts, "list.", &cells, rules->policy.small_cell);
}

static void tally_routes(const dais_rules_t *rules, dais_tally_counts_t *counts)
{
    if (rules->policy.ecosoc_route == DAIS_POLICY_ECOSOC_ROUTE_NOTIFY)
        tally_add(counts, "routes.", "notified", rules->cycle.notified);
    if (rules->policy.ecosoc_route == DAIS_POLICY_ECOSOC_ROUTE_ACCORDED)
        tally_add(counts, "routes.", "accorded", rules->cycle.accorded);
}

static void tally_objections(const dais_rules_t *rules, dais_tally_counts_t *counts)
{
    const dais_cycle_row_t *cycle = &rules->cycle;
    dais_policy_disclosure_t level = rules->policy.disclosure_fact;
    tally_cells_t cells = {.count = 0};
    if (level != DAIS_POLICY_DISCLOSURE_PUBLIC && level != DAIS_POLICY_DISCLOSURE_COUNT_ONLY)
        return;
    tally_add(counts, "objections.", "lodged", cycle->lodged);
    tally_cell(&cells, "standing", cycle->standing);
    tally_cell(&cells, "withdrawn", cycle->withdrawn);
    tally_cell(&cells, "decided", cycle->ruled);
    tally_cell(&cells, "lapsed", cycle->lapsed);
    tally_add_cells(counts, "objections.", &cells, rules->policy.small_cell);
    tally_add(counts, "objections.", "organisations", cycle->objected);
}

static void tally_part(const dais_cycle_row_t *cycle, dais_tally_counts_t *counts)
{
    tally_add(counts, "", "invited", cycle->invited);
    tally_add(counts, "", "registered", cycle->registered);
    tally_add(counts, "", "registered.persons", cycle->registered_persons);
    tally_add(counts, "", "attended", cycle->attended);
    tally_add(counts, "", "attended.persons", cycle->attended_persons);
}

void dais_lists_tally(dais_rules_t *rules, dais_tally_counts_t *counts)
{
    const dais_cycle_row_t *cycle = &rules->cycle;
    bool is_settled = cycle->settled != 0;
    counts->count = 0;
    if (rules->policy.publish_applicants != DAIS_POLICY_APPLICANTS_NONE)
        tally_add(counts, "", "applied", cycle->applied);
    if (cycle->listed != 0)
        tally_add(counts, "list.", "circulated", cycle->circulated);
    if (is_settled) {
        tally_list(rules, counts);
        tally_routes(rules, counts);
    }
    if (cycle->listed != 0)
        tally_objections(rules, counts);
    if (is_settled)
        tally_part(cycle, counts);
}
