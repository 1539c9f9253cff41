/* SPDX-License-Identifier: Apache-2.0
 *
 * How the rules begin, are taken up again, and go on with the registry's own entries. The state is
 * the store; kept
 * at hand beside it are the cycle's row, the dates and the policy in force, and all of them come
 * back from the store when it is taken up again. The policy is text 1 and the log's name text 2 of
 * the store, as genesis was the first to add any. */
#include "registry/rules/rules_private.h"

#include <stdlib.h>

#define TEXT_POLICY 1
#define TEXT_LOG    2

dais_err_t dais_rules_create(dais_rules_t **rules, dais_rules_store_t *store)
{
    *rules = calloc(1, sizeof **rules);
    if (*rules == NULL)
        return DAIS_ERR_NO_MEMORY;
    (*rules)->store = store;
    return DAIS_OK;
}

void dais_rules_destroy(dais_rules_t **rules)
{
    if (*rules == NULL)
        return;
    free((*rules)->frozen_text);
    free((*rules)->call_subject);
    free(*rules);
    *rules = NULL;
}

void dais_rules_watch(dais_rules_t *rules, dais_move_fn_t *moved, void *context)
{
    rules->moved = moved;
    rules->moved_context = context;
}

dais_err_t dais_rules_err(const dais_rules_t *rules, dais_err_t err)
{
    return rules->store->err != DAIS_OK ? rules->store->err : err;
}

dais_err_t dais_rules_flush(dais_rules_t *rules)
{
    dais_row_key_t key = {{0}};
    if (memcmp(&rules->cycle, &rules->cycle_stored, sizeof rules->cycle) != 0)
        rules->store->port->sorted_put(rules->store, DAIS_TABLE_CYCLE, &key, &rules->cycle);
    rules->cycle_stored = rules->cycle;
    return rules->store->err;
}

static dais_err_t rules_copy(uint8_t **copy, dais_slice_t bytes)
{
    free(*copy);
    *copy = malloc(bytes.size + 1);
    if (*copy == NULL)
        return DAIS_ERR_NO_MEMORY;
    if (bytes.size > 0) /* nothing at all comes from a store that failed */
        memcpy(*copy, bytes.data, bytes.size);
    return DAIS_OK;
}

static dais_err_t rules_use_policy(dais_rules_t *rules, dais_slice_t text,
                                   dais_policy_faults_t *faults)
{
    dais_policy_faults_t unlisted = {.items = NULL};
    dais_err_t err = rules_copy(&rules->frozen_text, text);
    if (err != DAIS_OK)
        return err;
    err = dais_policy_parse(dais_slice(rules->frozen_text, text.size), &rules->frozen,
                            faults != NULL ? faults : &unlisted);
    rules->policy = rules->frozen;
    return err;
}

dais_err_t dais_rules_use_call(dais_rules_t *rules, dais_slice_t subject)
{
    dais_call_t call;
    dais_value_t value;
    uint8_t *before = rules->call_subject;
    rules->call_subject = NULL;
    dais_err_t err = rules_copy(&rules->call_subject, subject);
    free(before); /* The policy in force points into it until here. */
    rules->policy = rules->frozen;
    if (err == DAIS_OK)
        err = dais_shape_decode(&dais_shape_call, dais_slice(rules->call_subject, subject.size),
                                &call)
                  .err;
    if (err != DAIS_OK)
        return err;
    dais_list_walk_t walk = dais_list_begin(&call.values, &dais_shape_value);
    while (err == DAIS_OK && dais_list_next(&walk, &value))
        err = dais_policy_apply_value(&rules->policy, dais_policy_key_find(value.key), value.value,
                                      (dais_policy_confirmed_t)value.confirmed, value.source, NULL);
    return err;
}

void dais_rules_put_entry(dais_rules_t *rules, const dais_entry_row_t *row)
{
    rules->store->port->dense_put(rules->store, DAIS_TABLE_ENTRY, rules->seq + 1, row);
    rules->size = rules->seq + 1;
}

static void rules_begin_roster(dais_rules_t *rules, const dais_genesis_t *genesis)
{
    const dais_rules_store_port_t *port = rules->store->port;
    dais_actor_row_t actor = {.role = DAIS_ROLE_SECRETARIAT};
    dais_key_row_t key = {.actor_number = 1};
    memcpy(actor.id, genesis->secretariat.bytes, sizeof actor.id);
    memcpy(key.key, genesis->secretariat_key.bytes, sizeof key.key);
    key.holder_number = (uint32_t)dais_store_text(rules->store, genesis->holder);
    port->dense_put(rules->store, DAIS_TABLE_ACTOR, 1, &actor);
    port->dense_put(rules->store, DAIS_TABLE_KEY, 1, &key);
    port->add(rules->store, DAIS_INDEX_ACTOR, dais_slice(actor.id, sizeof actor.id), 1);
    port->add(rules->store, DAIS_INDEX_KEY, dais_slice(key.key, sizeof key.key), 1);
}

static void rules_begin_cases(dais_rules_t *rules, const dais_genesis_t *genesis)
{
    dais_open_case_t open;
    uint32_t number = 0;
    dais_list_walk_t walk = dais_list_begin(&genesis->open_cases, &dais_shape_open_case);
    while (dais_list_next(&walk, &open)) {
        dais_carried_row_t row = {.raised = open.seq};
        memcpy(row.log, open.log.bytes, sizeof row.log);
        memcpy(row.id, open.organisation.bytes, sizeof row.id);
        dais_carried_move(rules, ++number, &row, DAIS_CASE_RAISED);
    }
}

dais_err_t dais_rules_begin(dais_rules_t *rules, const dais_genesis_t *genesis,
                            const dais_hash_t *log, dais_policy_faults_t *faults)
{
    if (genesis->rules != DAIS_RULES_NUMBER)
        return DAIS_ERR_UNKNOWN_RULES;
    dais_err_t err = rules_use_policy(rules, genesis->policy, faults);
    if (err != DAIS_OK)
        return err;
    rules->log = *log;
    (void)dais_store_text(rules->store, genesis->policy);
    (void)dais_store_text(rules->store, dais_hash_slice(log));
    dais_cycle_move(rules, DAIS_CYCLE_DRAFT);
    rules_begin_roster(rules, genesis);
    rules_begin_cases(rules, genesis);
    dais_rules_put_entry(rules, &(dais_entry_row_t){.kind = DAIS_KIND_GENESIS});
    return dais_rules_flush(rules);
}

dais_err_t dais_rules_resume(dais_rules_t *rules)
{
    const dais_rules_store_port_t *port = rules->store->port;
    dais_row_key_t key = {{0}};
    bool found = port->sorted_get(rules->store, DAIS_TABLE_CYCLE, &key, &rules->cycle);
    dais_slice_t log = port->text_get(rules->store, TEXT_LOG);
    if (!found || log.size != DAIS_HASH_SIZE)
        return dais_rules_err(rules, DAIS_ERR_CORRUPT);
    memcpy(rules->log.bytes, log.data, DAIS_HASH_SIZE);
    rules->cycle_stored = rules->cycle;
    rules->size = port->count(rules->store, DAIS_TABLE_ENTRY);
    dais_dates_load(rules);
    dais_err_t err = rules_use_policy(rules, port->text_get(rules->store, TEXT_POLICY), NULL);
    if (err == DAIS_OK && rules->cycle.call_number != 0)
        err = dais_rules_use_call(rules, port->text_get(rules->store, rules->cycle.call_number));
    return dais_rules_err(rules, err);
}

bool dais_rules_owes(dais_rules_t *rules)
{
    dais_writer_t nowhere;
    uint8_t byte;
    dais_writer_init(&nowhere, &byte, 0);
    return dais_due_first(rules, &nowhere) != NULL;
}

dais_message_key_t dais_rules_message_key(const dais_id_t *id, uint32_t actor_number)
{
    dais_message_key_t key;
    memcpy(key.bytes, id->bytes, DAIS_ID_SIZE);
    for (unsigned i = 0; i < 4; i++)
        key.bytes[DAIS_ID_SIZE + i] = (uint8_t)(actor_number >> (24 - 8 * i));
    return key;
}

static dais_err_t rules_own_effect(dais_rules_t *rules, const dais_kind_t *kind,
                                   const dais_own_t *own, dais_entry_row_t *entry)
{
    dais_tick_t tick;
    switch (kind->number) {
    case DAIS_KIND_OUTCOME:
    case DAIS_KIND_TALLY:
    case DAIS_KIND_LAPSE:
    case DAIS_KIND_CLOSE: return dais_due_apply(rules, kind, own->subject, entry);
    default: break;
    }
    if (dais_rules_owes(rules))
        return DAIS_ERR_OWN_MISSING;
    switch (kind->number) {
    case DAIS_KIND_TICK:
        if (dais_shape_decode(kind->subject, own->subject, &tick).err != DAIS_OK)
            return DAIS_ERR_OWN_WRONG;
        return dais_tick_apply(rules, &tick);
    case DAIS_KIND_TURNED_AWAY: return DAIS_OK;
    case DAIS_KIND_FORK_EVIDENCE: rules->cycle.closed = rules->seq; return DAIS_OK;
    default: return DAIS_ERR_OWN_WRONG;
    }
}

dais_err_t dais_rules_apply_own(dais_rules_t *rules, uint64_t seq, const dais_kind_t *kind,
                                const dais_own_t *own)
{
    dais_entry_row_t entry = {.kind = (uint8_t)kind->number};
    if (dais_rules_has_ended(rules))
        return DAIS_ERR_LOG_ENDED;
    if (seq != rules->size)
        return DAIS_ERR_WRONG_SEQ;
    rules->seq = seq;
    dais_err_t err = dais_rules_err(rules, rules_own_effect(rules, kind, own, &entry));
    if (err != DAIS_OK)
        return err;
    dais_rules_put_entry(rules, &entry);
    return dais_rules_flush(rules);
}

dais_err_t dais_rules_due(dais_rules_t *rules, const dais_kind_t **kind, dais_writer_t *subject)
{
    *kind = dais_rules_has_ended(rules) ? NULL : dais_due_first(rules, subject);
    return dais_rules_err(rules, subject->err);
}

uint64_t dais_rules_find(dais_rules_t *rules, const dais_id_t *id, const dais_id_t *actor)
{
    dais_message_key_t key = dais_rules_message_key(id, dais_roster_actor(rules->store, actor));
    return rules->store->port->find(rules->store, DAIS_INDEX_MESSAGE,
                                    dais_slice(key.bytes, sizeof key.bytes));
}

const dais_policy_t *dais_rules_policy(const dais_rules_t *rules)
{
    return &rules->policy;
}

dais_rules_store_t *dais_rules_store(const dais_rules_t *rules)
{
    return rules->store;
}

const dais_hash_t *dais_rules_log(const dais_rules_t *rules)
{
    return &rules->log;
}

uint64_t dais_rules_size(const dais_rules_t *rules)
{
    return rules->size;
}

bool dais_rules_has_ended(const dais_rules_t *rules)
{
    return rules->cycle.closed != 0;
}
