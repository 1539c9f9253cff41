/* SPDX-License-Identifier: Apache-2.0
 *
 * The frame of a cycle: sessions, officers, agenda, documents, topics, and the States that are
 * entitled or present (docs/rules.md, 6.1). */
#include "registry/rules/rules_private.h"

/* The session of this code; 0 if the call names none. */
static uint64_t frame_session(dais_rules_t *rules, dais_slice_t code, dais_session_row_t *row)
{
    const dais_rules_store_port_t *port = rules->store->port;
    uint64_t text = dais_store_text_find(rules->store, code);
    uint64_t count = port->count(rules->store, DAIS_TABLE_SESSION);
    for (uint64_t number = 1; text != 0 && number <= count; number++)
        if (port->dense_get(rules->store, DAIS_TABLE_SESSION, number, row) &&
            row->code_number == text)
            return number;
    return 0;
}

static void frame_put_session(dais_rules_t *rules, uint64_t number, const dais_session_row_t *row)
{
    rules->store->port->dense_put(rules->store, DAIS_TABLE_SESSION, number, row);
    dais_cycle_begin(rules);
}

dais_verdict_t dais_kind_session_concluded(dais_step_t *step)
{
    const dais_session_concluded_t *subject = step->subject;
    dais_session_row_t row;
    uint64_t number = frame_session(step->rules, subject->session, &row);
    if (number == 0)
        return DAIS_VERDICT_UNKNOWN_SESSION;
    if (row.concluded != 0)
        return DAIS_VERDICT_NO_EFFECT;
    row.concluded = step->rules->seq;
    frame_put_session(step->rules, number, &row);
    return DAIS_VERDICT_ACCEPTED;
}

dais_verdict_t dais_kind_report_adopted(dais_step_t *step)
{
    const dais_report_adopted_t *subject = step->subject;
    dais_session_row_t row;
    uint64_t number = frame_session(step->rules, subject->session, &row);
    if (number == 0)
        return DAIS_VERDICT_UNKNOWN_SESSION;
    if (row.adopted != 0)
        return DAIS_VERDICT_NO_EFFECT;
    row.adopted = step->rules->seq;
    frame_put_session(step->rules, number, &row);
    return DAIS_VERDICT_ACCEPTED;
}

dais_verdict_t dais_kind_officers(dais_step_t *step)
{
    (void)step; /* The last such entry that was accepted names them; nothing hangs on them. */
    return DAIS_VERDICT_ACCEPTED;
}

/* An item or topic keeps what was counted under its number. */
static void frame_put_topic(dais_rules_t *rules, dais_table_t table, uint64_t number)
{
    dais_row_key_t key = {{number}};
    dais_topic_row_t row;
    if (!rules->store->port->sorted_get(rules->store, table, &key, &row))
        row = (dais_topic_row_t){.speakers = 0};
    row.entry = rules->seq;
    rules->store->port->sorted_put(rules->store, table, &key, &row);
}

dais_verdict_t dais_kind_agenda_item(dais_step_t *step)
{
    const dais_agenda_item_t *item = step->subject;
    frame_put_topic(step->rules, DAIS_TABLE_AGENDA, item->number);
    return DAIS_VERDICT_ACCEPTED;
}

dais_verdict_t dais_kind_document(dais_step_t *step)
{
    const dais_document_t *document = step->subject;
    if (document->item != 0 && !dais_step_knows(step->rules, DAIS_TABLE_AGENDA, document->item))
        return DAIS_VERDICT_UNKNOWN_ITEM;
    return DAIS_VERDICT_ACCEPTED;
}

dais_verdict_t dais_kind_topic(dais_step_t *step)
{
    const dais_topic_t *topic = step->subject;
    frame_put_topic(step->rules, DAIS_TABLE_TOPIC, topic->number);
    return DAIS_VERDICT_ACCEPTED;
}

/* A State that nobody named yet is not entitled. */
dais_verdict_t dais_kind_register_change(dais_step_t *step)
{
    const dais_register_change_t *change = step->subject;
    const dais_rules_store_port_t *port = step->rules->store->port;
    dais_state_row_t row = {.entitled = 0};
    uint32_t entitled = change->entitled == DAIS_ANSWER_YES ? 1 : 0;
    uint64_t number = dais_step_find_state(step->rules, change->state);
    if (number != 0)
        (void)port->dense_get(step->rules->store, DAIS_TABLE_STATE, number, &row);
    if (row.entitled == entitled)
        return DAIS_VERDICT_NO_EFFECT;
    number = dais_step_add_state(step->rules, change->state);
    if (port->dense_get(step->rules->store, DAIS_TABLE_STATE, number, &row)) {
        row.entitled = entitled;
        port->dense_put(step->rules->store, DAIS_TABLE_STATE, number, &row);
    }
    return DAIS_VERDICT_ACCEPTED;
}

static void frame_put_present(dais_rules_t *rules, uint64_t number, uint32_t present)
{
    const dais_rules_store_port_t *port = rules->store->port;
    dais_state_row_t row;
    if (!port->dense_get(rules->store, DAIS_TABLE_STATE, number, &row) || row.present == present)
        return;
    row.present = present;
    port->dense_put(rules->store, DAIS_TABLE_STATE, number, &row);
}

/* What a fraction of those present reaches changes with them. */
static void frame_weigh_all(dais_rules_t *rules)
{
    uint32_t count = dais_org_count(rules);
    if (rules->policy.objection_threshold.denominator == 0 || rules->cycle.settled != 0)
        return;
    for (uint32_t number = 1; number <= count; number++) {
        dais_org_t org;
        if (!dais_org_get(rules, number, &org) || org.row.version == 0)
            continue;
        dais_weigh(rules, &org);
        dais_org_put(rules, &org);
    }
}

dais_verdict_t dais_kind_presence(dais_step_t *step)
{
    const dais_presence_t *presence = step->subject;
    dais_rules_t *rules = step->rules;
    dais_state_item_t state;
    if (!dais_step_states_distinct(&presence->states))
        return DAIS_VERDICT_SENSELESS;
    uint64_t count = rules->store->port->count(rules->store, DAIS_TABLE_STATE);
    for (uint64_t number = 1; number <= count; number++)
        frame_put_present(rules, number, 0);
    dais_list_walk_t walk = dais_list_begin(&presence->states, &dais_shape_state_item);
    while (dais_list_next(&walk, &state))
        frame_put_present(rules, dais_step_add_state(rules, state.value), 1);
    rules->cycle.present = presence->states.count;
    frame_weigh_all(rules);
    return DAIS_VERDICT_ACCEPTED;
}
