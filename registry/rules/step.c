/* SPDX-License-Identifier: Apache-2.0
 *
 * What the rules of every kind need of a message under rule. */
#include "registry/rules/rules_private.h"

bool dais_step_for_other(const dais_step_t *step, const uint8_t *id)
{
    dais_slice_t spoken_of = dais_slice(id, DAIS_ID_SIZE);
    return step->message->on_behalf.size != 0 &&
           !dais_slice_equal(step->message->on_behalf, spoken_of);
}

bool dais_step_acts(const dais_step_t *step, const dais_org_t *org)
{
    return org->row.office_number == step->who.actor_number;
}

void dais_step_about(dais_step_t *step, dais_scope_t scope, uint64_t number)
{
    step->scope = scope;
    step->scope_number = number;
}

void dais_step_put_target(dais_step_t *step, uint32_t place, uint64_t number)
{
    dais_row_key_t key = {{step->rules->seq, place}};
    dais_target_row_t row = {.number = number};
    step->rules->store->port->sorted_put(step->rules->store, DAIS_TABLE_TARGET, &key, &row);
}

void dais_step_await(dais_step_t *step, const dais_key_t *key, uint64_t at)
{
    dais_rules_t *rules = step->rules;
    dais_row_key_t index = {{rules->seq}};
    dais_second_row_t row = {
        .at = at, .key_number = step->who.key_number, .kind = step->kind->number};
    if (key != NULL)
        memcpy(row.key, key->bytes, sizeof row.key);
    rules->store->port->sorted_put(rules->store, DAIS_TABLE_SECOND, &index, &row);
}

unsigned dais_step_role_of(dais_policy_body_t body)
{
    switch (body) {
    case DAIS_POLICY_BODY_SECRETARIAT: return DAIS_ROLE_SECRETARIAT;
    case DAIS_POLICY_BODY_CHAIR: return DAIS_ROLE_CHAIR;
    case DAIS_POLICY_BODY_BUREAU: return DAIS_ROLE_BUREAU;
    case DAIS_POLICY_BODY_CONFERENCE: return DAIS_ROLE_CONFERENCE;
    case DAIS_POLICY_BODY_NONE: break;
    }
    return 0;
}

bool dais_step_has_word(const dais_policy_word_list_t *words, dais_slice_t word)
{
    for (unsigned i = 0; i < words->count; i++)
        if (dais_slice_equal(words->items[i], word))
            return true;
    return false;
}

typedef struct {
    uint8_t bytes[DAIS_LIMIT_STATE];
} step_code_t;

static step_code_t step_code(dais_slice_t code)
{
    step_code_t full = {{0}};
    if (code.size != 0)
        memcpy(full.bytes, code.data, code.size < sizeof full ? code.size : sizeof full);
    return full;
}

uint32_t dais_step_find_state(dais_rules_t *rules, dais_slice_t code)
{
    step_code_t full = step_code(code);
    return (uint32_t)rules->store->port->find(rules->store, DAIS_INDEX_STATE,
                                              dais_slice(full.bytes, sizeof full));
}

uint32_t dais_step_add_state(dais_rules_t *rules, dais_slice_t code)
{
    const dais_rules_store_port_t *port = rules->store->port;
    uint32_t number = dais_step_find_state(rules, code);
    step_code_t full = step_code(code);
    dais_state_row_t row = {.entitled = 0};
    if (number != 0)
        return number;
    number = (uint32_t)port->count(rules->store, DAIS_TABLE_STATE) + 1;
    memcpy(row.code, full.bytes, sizeof row.code);
    port->dense_put(rules->store, DAIS_TABLE_STATE, number, &row);
    port->add(rules->store, DAIS_INDEX_STATE, dais_slice(full.bytes, sizeof full), number);
    return number;
}

bool dais_step_states_distinct(const dais_list_t *states)
{
    step_code_t seen[DAIS_LIMIT_STATES];
    unsigned count = 0;
    dais_state_item_t item;
    dais_list_walk_t walk = dais_list_begin(states, &dais_shape_state_item);
    while (dais_list_next(&walk, &item)) {
        seen[count] = step_code(item.value);
        for (unsigned i = 0; i < count; i++)
            if (memcmp(&seen[i], &seen[count], sizeof seen[i]) == 0)
                return false;
        count++;
    }
    return true;
}

bool dais_step_topics_known(dais_rules_t *rules, const dais_list_t *topics)
{
    dais_number_item_t item;
    dais_list_walk_t walk = dais_list_begin(topics, &dais_shape_number_item);
    while (dais_list_next(&walk, &item))
        if (!dais_step_knows(rules, DAIS_TABLE_TOPIC, item.value))
            return false;
    return true;
}

bool dais_step_knows(dais_rules_t *rules, dais_table_t table, uint64_t number)
{
    dais_topic_row_t row;
    dais_row_key_t key = {{number}};
    return rules->store->port->sorted_get(rules->store, table, &key, &row);
}

uint8_t dais_step_marks(dais_verdict_t timing)
{
    if (timing == DAIS_VERDICT_ACCEPTED_LATE)
        return DAIS_MARK_LATE;
    return timing == DAIS_VERDICT_TIMELY_AFTER_TICK ? DAIS_MARK_TIMELY : 0;
}
