/* SPDX-License-Identifier: Apache-2.0
 *
 * The way of an entry through the rules (docs/rules.md, 2): what is asked of every message before
 * its kind is, the verdicts of its targets, and the row of the entry. The state is the store; kept
 * at hand beside it are the cycle's row, the dates and the policy in force, and all of them come
 * back from the store when it is taken up again. The policy is text 1 and the log's name text 2 of
 * the store, as genesis was the first to add any. */
#include "registry/rules/rules_private.h"

#include <assert.h>
#include <stdlib.h>

#define TEXT_POLICY 1
#define TEXT_LOG    2

/* Room for the decoded subject of any kind. */
typedef union {
#define KIND(number, NAME, name, stream, subject, text) dais_##subject##_t as_##NAME;
#include "proto/messages.def"
#undef KIND
} rules_subject_t;

/* Room for one element of a list of targets. */
typedef union {
    dais_id_item_t id;
    dais_objected_t objected;
    dais_number_item_t number;
} rules_element_t;

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

/* Writes the cycle back and says what the store has to say. */
static dais_err_t rules_flush(dais_rules_t *rules)
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
    *copy = malloc(bytes.size);
    if (*copy == NULL)
        return DAIS_ERR_NO_MEMORY;
    memcpy(*copy, bytes.data, bytes.size);
    return DAIS_OK;
}

static dais_err_t rules_use_policy(dais_rules_t *rules, dais_slice_t text,
                                   dais_policy_faults_t *faults)
{
    dais_err_t err = rules_copy(&rules->frozen_text, text);
    if (err != DAIS_OK)
        return err;
    err = dais_policy_parse(dais_slice(rules->frozen_text, text.size), &rules->frozen, faults);
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

static void rules_put_entry(dais_rules_t *rules, const dais_entry_row_t *row)
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
    rules_put_entry(rules, &(dais_entry_row_t){.kind = DAIS_KIND_GENESIS});
    return rules_flush(rules);
}

dais_err_t dais_rules_resume(dais_rules_t *rules)
{
    const dais_rules_store_port_t *port = rules->store->port;
    dais_row_key_t key = {{0}};
    bool found = port->sorted_get(rules->store, DAIS_TABLE_CYCLE, &key, &rules->cycle);
    dais_slice_t log = port->text_get(rules->store, TEXT_LOG);
    if (!found || log.size != DAIS_HASH_SIZE)
        return rules->store->err != DAIS_OK ? rules->store->err : DAIS_ERR_CORRUPT;
    memcpy(rules->log.bytes, log.data, DAIS_HASH_SIZE);
    rules->cycle_stored = rules->cycle;
    rules->size = port->count(rules->store, DAIS_TABLE_ENTRY);
    dais_dates_load(rules);
    dais_err_t err = rules_use_policy(rules, port->text_get(rules->store, TEXT_POLICY), NULL);
    if (err == DAIS_OK && rules->cycle.call_number != 0)
        err = dais_rules_use_call(rules, port->text_get(rules->store, rules->cycle.call_number));
    return err != DAIS_OK ? err : rules->store->err;
}

static bool rules_has_role(const dais_rules_t *rules, uint32_t roles, unsigned role)
{
    const dais_policy_t *policy = &rules->policy;
    const struct {
        uint32_t bit;
        dais_policy_body_t body;
    } named[] = {{DAIS_BY_LIST_MAKER, policy->list_maker.role},
                 {DAIS_BY_APPROVER, policy->approver.role},
                 {DAIS_BY_ENDORSER, policy->endorsement.role},
                 {DAIS_BY_DECIDER, policy->decider.role}};
    if (role != 0 && (roles >> role & 1U) != 0)
        return true;
    for (size_t i = 0; i < sizeof named / sizeof named[0]; i++)
        if ((roles & named[i].bit) != 0 && role != 0 && dais_step_role_of(named[i].body) == role)
            return true;
    return false;
}

typedef struct {
    uint8_t bytes[DAIS_ID_SIZE + 4];
} rules_message_key_t;

static rules_message_key_t rules_message_key(const dais_id_t *id, uint32_t actor_number)
{
    rules_message_key_t key;
    memcpy(key.bytes, id->bytes, DAIS_ID_SIZE);
    for (unsigned i = 0; i < 4; i++)
        key.bytes[DAIS_ID_SIZE + i] = (uint8_t)(actor_number >> (24 - 8 * i));
    return key;
}

/* Remembers the id, and says if it was used before. */
static bool rules_id_is_used(dais_step_t *step)
{
    dais_rules_store_t *store = step->rules->store;
    rules_message_key_t key = rules_message_key(&step->message->id, step->who.actor_number);
    dais_slice_t bytes = dais_slice(key.bytes, sizeof key.bytes);
    if (store->port->find(store, DAIS_INDEX_MESSAGE, bytes) != 0)
        return true;
    store->port->add(store, DAIS_INDEX_MESSAGE, bytes, step->rules->seq);
    return false;
}

/* What is asked of every message, in the order in which it is asked. */
static dais_verdict_t rules_ask_first(dais_step_t *step, const dais_kind_entry_t *entry)
{
    unsigned state = step->cycle_state;
    if (rules_id_is_used(step))
        return DAIS_VERDICT_ID_CONFLICT;
    if (!step->who.in_force)
        return DAIS_VERDICT_KEY_ENDED;
    if (!rules_has_role(step->rules, entry->roles, step->who.role))
        return DAIS_VERDICT_NOT_COMPETENT;
    if (state < entry->first_state || state > entry->last_state)
        return DAIS_VERDICT_WRONG_STATE;
    if (!entry->is_for_organisation && step->message->on_behalf.size != 0)
        return DAIS_VERDICT_SENSELESS;
    return entry->rule(step);
}

static bool rules_is_refused(dais_verdict_t verdict)
{
    return dais_verdict_info(verdict)->class == DAIS_VERDICT_CLASS_REFUSED;
}

static const dais_list_t *rules_targets(const dais_kind_entry_t *entry, const void *subject)
{
    return (const dais_list_t *)(const void *)((const uint8_t *)subject + entry->targets_offset);
}

/* Every element of a list of targets opens with what names it. */
static size_t rules_name_size(const dais_shape_t *element)
{
    return element == &dais_shape_number_item ? sizeof(uint64_t) : DAIS_ID_SIZE;
}

static bool rules_is_repeated(uint8_t seen[][DAIS_ID_SIZE], unsigned count, size_t size,
                              const rules_element_t *element)
{
    memcpy(seen[count], element, size);
    for (unsigned i = 0; i < count; i++)
        if (memcmp(seen[i], seen[count], size) == 0)
            return true;
    return false;
}

/* Each target by itself: effects of one come before the checks of the next. */
static void rules_each_target(dais_step_t *step, const dais_kind_entry_t *entry,
                              dais_verdicts_t *verdicts)
{
    uint8_t seen[DAIS_LIMIT_TARGETS][DAIS_ID_SIZE];
    uint64_t numbers[DAIS_LIMIT_TARGETS];
    rules_element_t element;
    size_t size = rules_name_size(entry->element);
    dais_list_walk_t walk = dais_list_begin(rules_targets(entry, step->subject), entry->element);
    for (step->place = 0; dais_list_next(&walk, &element); step->place++) {
        dais_verdict_t verdict = DAIS_VERDICT_REPEATED_TARGET;
        step->target = 0;
        if (!rules_is_repeated(seen, step->place, size, &element))
            verdict = entry->target(step, &element);
        verdicts->codes[step->place] = (uint16_t)verdict;
        numbers[step->place] = rules_is_refused(verdict) ? 0 : step->target;
    }
    for (uint32_t i = 0; i < step->place; i++)
        dais_step_put_target(step, i, numbers[i]);
    dais_step_about(step, DAIS_SCOPE_TARGETS, step->place);
}

static void rules_rule(dais_step_t *step, dais_verdicts_t *verdicts)
{
    const dais_kind_entry_t *entry = dais_kind_entry(step->kind->number);
    verdicts->count = 1;
    if (entry->target != NULL && rules_targets(entry, step->subject)->count != 0)
        verdicts->count = (uint16_t)rules_targets(entry, step->subject)->count;
    dais_verdict_t verdict = rules_ask_first(step, entry);
    for (unsigned i = 0; i < verdicts->count; i++)
        verdicts->codes[i] = (uint16_t)verdict;
    if (rules_is_refused(verdict))
        dais_step_about(step, DAIS_SCOPE_NONE, 0);
    else if (entry->target != NULL && verdict != DAIS_VERDICT_ACCEPTED)
        dais_step_about(step, DAIS_SCOPE_TARGETS, 0);
    else if (entry->target != NULL)
        rules_each_target(step, entry, verdicts);
}

/* Is an own entry due? What it would say is not asked. */
static bool rules_owes(dais_rules_t *rules)
{
    dais_writer_t nowhere;
    uint8_t byte;
    dais_writer_init(&nowhere, &byte, 0);
    return dais_due_first(rules, &nowhere) != NULL;
}

dais_err_t dais_rules_apply(dais_rules_t *rules, const dais_rules_facts_t *facts,
                            const dais_kind_t *kind, const dais_message_t *message,
                            dais_verdicts_t *verdicts)
{
    rules_subject_t subject;
    dais_step_t step = {.rules = rules, .facts = facts, .kind = kind, .message = message};
    if (dais_rules_has_ended(rules))
        return DAIS_ERR_LOG_ENDED;
    if (facts->seq != rules->size)
        return DAIS_ERR_WRONG_SEQ;
    rules->seq = facts->seq;
    if (facts->first_of_bundle && rules_owes(rules))
        return DAIS_ERR_OWN_MISSING;
    step.who = dais_roster_at(rules->store, facts->key_number, facts->seq);
    if (step.who.key_number == 0 ||
        memcmp(step.who.actor.bytes, message->actor.bytes, DAIS_ID_SIZE) != 0)
        return rules->store->err != DAIS_OK ? rules->store->err : DAIS_ERR_WRONG_ACTOR;
    dais_err_t err = dais_shape_decode(kind->subject, message->subject, &subject).err;
    if (err != DAIS_OK)
        return err;
    step.subject = &subject;
    step.cycle_state = (dais_cycle_state_t)rules->cycle.state;
    rules_rule(&step, verdicts);
    rules_put_entry(
        rules,
        &(dais_entry_row_t){.actor_number = step.who.actor_number,
                            .scope_number = (uint32_t)step.scope_number,
                            .kind = (uint8_t)kind->number,
                            .scope = (uint8_t)step.scope,
                            .marks = dais_verdicts_all_refused(verdicts) ? DAIS_ENTRY_REFUSED : 0});
    return rules_flush(rules);
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
    if (rules_owes(rules))
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
    dais_err_t err = rules_own_effect(rules, kind, own, &entry);
    if (err != DAIS_OK)
        return err;
    rules_put_entry(rules, &entry);
    return rules_flush(rules);
}

dais_err_t dais_rules_due(dais_rules_t *rules, const dais_kind_t **kind, dais_writer_t *subject)
{
    *kind = dais_rules_has_ended(rules) ? NULL : dais_due_first(rules, subject);
    return subject->err != DAIS_OK ? subject->err : rules->store->err;
}

uint64_t dais_rules_find(dais_rules_t *rules, const dais_id_t *id, const dais_id_t *actor)
{
    rules_message_key_t key = rules_message_key(id, dais_roster_actor(rules->store, actor));
    return rules->store->port->find(rules->store, DAIS_INDEX_MESSAGE,
                                    dais_slice(key.bytes, sizeof key.bytes));
}

unsigned dais_rules_targets(const dais_kind_t *kind, dais_slice_t subject)
{
    rules_subject_t decoded;
    const dais_kind_entry_t *entry = dais_kind_entry(kind->number);
    if (entry == NULL || entry->target == NULL ||
        dais_shape_decode(kind->subject, subject, &decoded).err != DAIS_OK)
        return 1;
    uint32_t count = rules_targets(entry, &decoded)->count;
    return count != 0 ? count : 1;
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
