/* SPDX-License-Identifier: Apache-2.0
 *
 * Where two states of the same events differ, and how that is shown. */
#include "audit/whatif_print.h"

#include <stdio.h>
#include <string.h>

#include "audit/play.h"
#include "proto/view.h"
#include "registry/rules/lists.h"
#include "registry/rules/policy_key.h"
#include "registry/rules/policy_value.h"

static void whatif_note(json_t *changes, json_t *change)
{
    (void)json_array_append_new(changes, change);
}

static void whatif_key(json_t *changes, const dais_policy_t *was, const dais_policy_t *would_be,
                       dais_policy_key_t key)
{
    char values[2][DAIS_LIMIT_VALUE] = {"unset", "unset"};
    const dais_policy_t *policies[] = {was, would_be};
    for (unsigned i = 0; i < 2; i++) {
        dais_policy_out_t out = {.data = values[i], .capacity = sizeof values[i] - 1};
        if (policies[i]->confirmed[key] == DAIS_POLICY_CONFIRMED_NONE)
            continue;
        dais_policy_value_write(policies[i], key, &out);
        values[i][out.size < sizeof values[i] ? out.size : sizeof values[i] - 1] = 0;
    }
    if (strcmp(values[0], values[1]) != 0)
        whatif_note(changes, json_pack("{ss ss ss ss}", "what", "policy", "key",
                                       dais_policy_key_info(key).name, "was", values[0], "would_be",
                                       values[1]));
}

static const char *whatif_state(dais_rules_t *rules, dais_slice_t id)
{
    dais_organisation_row_t row;
    dais_rules_store_t *store = dais_rules_store(rules);
    uint64_t number = store->port->find(store, DAIS_INDEX_ORGANISATION, id);
    if (number == 0 || !store->port->dense_get(store, DAIS_TABLE_ORGANISATION, number, &row))
        return "none";
    return dais_machine(DAIS_MACHINE_APPLICATION)->states[row.state].name;
}

/* Those that `was` knows, or those that it does not. They are found by id, as one may not have been
 * let apply under either of the policies. */
static void whatif_orgs(dais_rules_t *was, dais_rules_t *would_be, bool is_new, json_t *changes)
{
    dais_rules_store_t *store = dais_rules_store(is_new ? would_be : was);
    uint64_t count = store->port->count(store, DAIS_TABLE_ORGANISATION);
    for (uint64_t number = 1; number <= count; number++) {
        dais_organisation_row_t row;
        char id[DAIS_PLAY_ID_TEXT];
        if (!store->port->dense_get(store, DAIS_TABLE_ORGANISATION, number, &row))
            continue;
        dais_slice_t name = dais_slice(row.id, sizeof row.id);
        const char *states[] = {whatif_state(was, name), whatif_state(would_be, name)};
        dais_play_id(row.id, id);
        if (strcmp(states[0], states[1]) != 0 && (!is_new || strcmp(states[0], "none") == 0))
            whatif_note(changes, json_pack("{ss ss ss ss}", "what", "organisation", "id", id, "was",
                                           states[0], "would_be", states[1]));
    }
}

static void whatif_sentence(dais_rules_t *was, dais_rules_t *would_be_rules, json_t *changes)
{
    char texts[2][512];
    dais_attended_t attended = dais_lists_attended(was);
    dais_attended_t other = dais_lists_attended(would_be_rules);
    (void)dais_lists_sentence(&attended, texts[0], sizeof texts[0]);
    (void)dais_lists_sentence(&other, texts[1], sizeof texts[1]);
    if (strcmp(texts[0], texts[1]) != 0)
        whatif_note(changes, json_pack("{ss ss ss}", "what", "sentence", "was", texts[0],
                                       "would_be", texts[1]));
}

static void whatif_numbers(dais_rules_t *was, dais_rules_t *would_be_rules, json_t *changes)
{
    dais_tally_counts_t counts;
    dais_tally_counts_t other;
    dais_lists_tally(was, &counts);
    dais_lists_tally(would_be_rules, &other);
    for (unsigned i = 0; i < counts.count; i++)
        for (unsigned j = 0; j < other.count; j++)
            if (strcmp(counts.items[i].name, other.items[j].name) == 0 &&
                counts.items[i].number != other.items[j].number)
                whatif_note(changes, json_pack("{ss ss so so}", "what", "number", "name",
                                               counts.items[i].name, "was",
                                               dais_view_number(counts.items[i].number), "would_be",
                                               dais_view_number(other.items[j].number)));
}

static void whatif_print_change(const json_t *change)
{
    const char *what = json_string_value(json_object_get(change, "what"));
    const char *names[] = {"entry", "kind", "key", "id", "name"};
    (void)printf("%s", what);
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        const char *text = json_string_value(json_object_get(change, names[i]));
        if (text != NULL)
            (void)printf(" %s", text);
    }
    if (json_object_get(change, "target") != NULL)
        (void)printf(" target %d", (int)json_integer_value(json_object_get(change, "target")));
    (void)printf(": %s -> %s\n", json_string_value(json_object_get(change, "was")),
                 json_string_value(json_object_get(change, "would_be")));
}

bool dais_whatif_print(json_t *changes, bool json)
{
    size_t at;
    const json_t *change;
    if (json) {
        json_t *object = json_pack("{ss ss sO}", "type", "what-if", "v", "1", "changes", changes);
        bool written = object != NULL &&
                       json_dumpf(object, stdout, JSON_INDENT(2) | JSON_ENSURE_ASCII) == 0 &&
                       fputc('\n', stdout) != EOF;
        json_decref(object);
        return written;
    }
    json_array_foreach(changes, at, change) whatif_print_change(change);
    if (json_array_size(changes) == 0)
        (void)puts("nothing would be otherwise");
    return true;
}

void dais_whatif_compare(dais_rules_t *was, dais_rules_t *would_be, json_t *changes)
{
    for (unsigned key = 0; key < DAIS_POLICY_KEY_COUNT; key++)
        whatif_key(changes, dais_rules_policy(was), dais_rules_policy(would_be),
                   (dais_policy_key_t)key);
    whatif_orgs(was, would_be, false, changes);
    whatif_orgs(was, would_be, true, changes);
    whatif_numbers(was, would_be, changes);
    whatif_sentence(was, would_be, changes);
}
