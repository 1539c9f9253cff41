/* SPDX-License-Identifier: Apache-2.0 */
#include "registry/rules/state.h"
#include "tests/docs/doc_parts.h"

/* Where a thing can begin. An application that lacks a document begins as incomplete. */
static bool state_begins(dais_machine_t machine, unsigned state)
{
    return state == 1 ||
           (machine == DAIS_MACHINE_APPLICATION && state == DAIS_APPLICATION_INCOMPLETE);
}

static bool state_leads_to(const dais_machine_table_t *table, unsigned from, unsigned to)
{
    return (table->states[from].next >> to & 1U) != 0;
}

static void states_table(doc_text_t *out, const dais_machine_table_t *table)
{
    doc_put(out, "| number | state | may become |\n| --- | --- | --- |\n");
    for (unsigned from = 1; from <= table->count; from++) {
        const char *before = "";
        doc_put(out, "| %u | %s%s | ", from, table->states[from].name,
                table->states[from].is_final ? " (final)" : "");
        for (unsigned to = 1; to <= table->count; to++) {
            if (!state_leads_to(table, from, to))
                continue;
            doc_put(out, "%s%s", before, table->states[to].name);
            before = ", ";
        }
        doc_put(out, "%s |\n", table->states[from].next == 0 ? "nothing" : "");
    }
}

/* Names of nodes are numbers, since Mermaid takes no hyphen in one. */
static void states_diagram(doc_text_t *out, dais_machine_t machine,
                           const dais_machine_table_t *table)
{
    doc_put(out, "\n```mermaid\nstateDiagram-v2\n");
    for (unsigned state = 1; state <= table->count; state++)
        doc_put(out, "    state \"%s\" as s%u\n", table->states[state].name, state);
    for (unsigned state = 1; state <= table->count; state++)
        if (state_begins(machine, state))
            doc_put(out, "    [*] --> s%u\n", state);
    for (unsigned from = 1; from <= table->count; from++) {
        for (unsigned to = 1; to <= table->count; to++)
            if (state_leads_to(table, from, to))
                doc_put(out, "    s%u --> s%u\n", from, to);
        if (table->states[from].is_final)
            doc_put(out, "    s%u --> [*]\n", from);
    }
    doc_put(out, "```\n");
}

void doc_states(doc_text_t *out, const char *argument)
{
    for (unsigned machine = 0; machine < DAIS_MACHINE_COUNT; machine++) {
        const dais_machine_table_t *table = dais_machine((dais_machine_t)machine);
        if (strcmp(table->name, argument) != 0)
            continue;
        states_table(out, table);
        states_diagram(out, (dais_machine_t)machine, table);
        return;
    }
    doc_fail("there is no machine '%s'", argument);
}
