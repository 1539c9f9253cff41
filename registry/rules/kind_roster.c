/* SPDX-License-Identifier: Apache-2.0
 *
 * Changes of the roster, and what a second holder agrees to. No key ends by one person's word: a
 * revocation, the loss of an intake, an erasure and the end of the log wait until a secretariat key
 * of another holder seconds them. */
#include "registry/rules/rules_private.h"

static dais_slice_t roster_bytes(const dais_key_t *key)
{
    return dais_slice(key->bytes, sizeof key->bytes);
}

static uint64_t roster_key(dais_rules_t *rules, const uint8_t *bytes, dais_key_row_t *row)
{
    const dais_rules_store_port_t *port = rules->store->port;
    uint64_t number = port->find(rules->store, DAIS_INDEX_KEY, dais_slice(bytes, DAIS_KEY_SIZE));
    return port->dense_get(rules->store, DAIS_TABLE_KEY, number, row) ? number : 0;
}

static void roster_put_key(dais_rules_t *rules, uint64_t number, const dais_key_row_t *row)
{
    rules->store->port->dense_put(rules->store, DAIS_TABLE_KEY, number, row);
}

/* Number and row of the actor; a new one, not yet put, where there is none. */
static uint32_t roster_actor(dais_rules_t *rules, const dais_id_t *id, dais_actor_row_t *row)
{
    dais_rules_store_t *store = rules->store;
    uint32_t number = dais_roster_actor(store, id);
    *row = (dais_actor_row_t){.role = 0};
    memcpy(row->id, id->bytes, sizeof row->id);
    if (number == 0 || !store->port->dense_get(store, DAIS_TABLE_ACTOR, number, row))
        number = (uint32_t)store->port->count(store, DAIS_TABLE_ACTOR) + 1;
    return number;
}

static void roster_add_actor(dais_rules_t *rules, uint32_t number, const dais_actor_row_t *row)
{
    dais_rules_store_t *store = rules->store;
    store->port->dense_put(store, DAIS_TABLE_ACTOR, number, row);
    store->port->add(store, DAIS_INDEX_ACTOR, dais_slice(row->id, sizeof row->id), number);
}

static void roster_add_key(dais_rules_t *rules, const dais_roster_change_t *change,
                           uint32_t actor_number)
{
    dais_rules_store_t *store = rules->store;
    uint64_t number = store->port->count(store, DAIS_TABLE_KEY) + 1;
    dais_key_row_t row = {
        .added = rules->seq,
        .actor_number = actor_number,
        .name_number = (uint32_t)dais_store_text(store, change->name),
        .holder_number = (uint32_t)dais_store_text(store, change->holder),
    };
    memcpy(row.key, change->key.bytes, sizeof row.key);
    memcpy(row.box_key, change->box_key.bytes, sizeof row.box_key);
    roster_put_key(rules, number, &row);
    store->port->add(store, DAIS_INDEX_KEY, roster_bytes(&change->key), number);
}

static dais_verdict_t roster_add(dais_rules_t *rules, const dais_roster_change_t *change)
{
    dais_key_row_t key;
    dais_actor_row_t actor;
    if (change->at != 0)
        return DAIS_VERDICT_SENSELESS;
    if (roster_key(rules, change->key.bytes, &key) != 0)
        return DAIS_VERDICT_ALREADY_THERE;
    uint32_t number = roster_actor(rules, &change->who, &actor);
    bool is_new = actor.role == 0;
    if (!is_new && (actor.role != change->role ||
                    actor.state_number != dais_step_find_state(rules, change->state)))
        return DAIS_VERDICT_ROLE_CONFLICT;
    if (is_new) {
        actor.role = (uint32_t)change->role;
        if (change->state.size > 0)
            actor.state_number = dais_step_add_state(rules, change->state);
        roster_add_actor(rules, number, &actor);
    }
    roster_add_key(rules, change, number);
    return DAIS_VERDICT_ACCEPTED;
}

/* The scratch table by which the next retirement is found. */
static void roster_forget_retirement(dais_rules_t *rules, uint64_t number,
                                     const dais_key_row_t *key)
{
    dais_row_key_t at = {.part = {key->retires_at, number}};
    if (key->retires_at != 0)
        rules->store->port->sorted_del(rules->store, DAIS_TABLE_RETIRES, &at);
}

static dais_verdict_t roster_retire(const dais_step_t *step, uint64_t number, dais_key_row_t *key,
                                    uint64_t at)
{
    dais_rules_t *rules = step->rules;
    if (at <= step->facts->received_at)
        return DAIS_VERDICT_ALREADY_PASSED;
    roster_forget_retirement(rules, number, key);
    key->retires_at = at;
    roster_put_key(rules, number, key);
    dais_row_key_t place = {.part = {at, number}};
    dais_mark_row_t mark = {.entry = rules->seq};
    rules->store->port->sorted_put(rules->store, DAIS_TABLE_RETIRES, &place, &mark);
    return DAIS_VERDICT_ACCEPTED;
}

static dais_verdict_t roster_end(dais_step_t *step, const dais_roster_change_t *change)
{
    dais_rules_t *rules = step->rules;
    dais_key_row_t key;
    dais_actor_row_t actor;
    uint64_t number = roster_key(rules, change->key.bytes, &key);
    if (number == 0 || key.actor_number != roster_actor(rules, &change->who, &actor) ||
        actor.role != change->role)
        return DAIS_VERDICT_UNKNOWN_KEY;
    if (key.ended != 0)
        return DAIS_VERDICT_NO_EFFECT;
    if (change->change == DAIS_ROSTER_RETIRE)
        return roster_retire(step, number, &key, change->at);
    dais_step_await(step, &change->key, change->at);
    return DAIS_VERDICT_AWAITS_SECOND;
}

dais_verdict_t dais_kind_roster_change(dais_step_t *step)
{
    const dais_roster_change_t *change = (const dais_roster_change_t *)step->subject;
    if ((change->role == DAIS_ROLE_PARTY) == (change->state.size == 0))
        return DAIS_VERDICT_SENSELESS;
    return change->change == DAIS_ROSTER_ADD ? roster_add(step->rules, change)
                                             : roster_end(step, change);
}

dais_verdict_t dais_kind_intake_lost(dais_step_t *step)
{
    const dais_intake_lost_t *lost = (const dais_intake_lost_t *)step->subject;
    dais_key_row_t key;
    if (roster_key(step->rules, lost->key.bytes, &key) == 0 ||
        dais_roster_find(step->rules->store, &lost->key).role != DAIS_ROLE_INTAKE)
        return DAIS_VERDICT_UNKNOWN_KEY;
    if (key.lost != 0)
        return DAIS_VERDICT_NO_EFFECT;
    dais_step_await(step, &lost->key, 0);
    return DAIS_VERDICT_AWAITS_SECOND;
}

dais_verdict_t dais_kind_clock_accepted(dais_step_t *step)
{
    (void)step; /* a word on the file, for people */
    return DAIS_VERDICT_ACCEPTED;
}

static dais_verdict_t second_revoke(dais_rules_t *rules, const dais_second_row_t *waiting)
{
    dais_key_row_t key;
    uint64_t number = roster_key(rules, waiting->key, &key);
    if (number == 0 || key.ended != 0)
        return DAIS_VERDICT_NO_EFFECT;
    roster_forget_retirement(rules, number, &key);
    key.ended = rules->seq;
    key.suspect_since = waiting->at;
    roster_put_key(rules, number, &key);
    return DAIS_VERDICT_ACCEPTED;
}

static dais_verdict_t second_intake_lost(dais_rules_t *rules, const dais_second_row_t *waiting)
{
    dais_key_row_t key;
    uint64_t number = roster_key(rules, waiting->key, &key);
    if (number == 0 || key.lost != 0)
        return DAIS_VERDICT_NO_EFFECT;
    key.lost = rules->seq;
    roster_put_key(rules, number, &key);
    return DAIS_VERDICT_ACCEPTED;
}

/* The targets of the erasure that are not 0 were found to be entries with content. */
static dais_verdict_t second_erasure(dais_rules_t *rules, uint64_t index)
{
    dais_rules_store_t *store = rules->store;
    dais_row_key_t place = {.part = {index}};
    dais_target_row_t target;
    while (store->port->sorted_next(store, DAIS_TABLE_TARGET, &place, &target) &&
           place.part[0] == index) {
        dais_entry_row_t entry;
        place.part[1]++;
        if (target.number == 0 ||
            !store->port->dense_get(store, DAIS_TABLE_ENTRY, target.number + 1, &entry))
            continue;
        entry.marks |= DAIS_ENTRY_ERASED;
        store->port->dense_put(store, DAIS_TABLE_ENTRY, target.number + 1, &entry);
    }
    return DAIS_VERDICT_ACCEPTED;
}

/* A correction may have opened cases again since the order. */
static dais_verdict_t second_closing(dais_rules_t *rules, uint64_t index)
{
    if (rules->cycle.cases > DAIS_LIMIT_OPEN_CASES)
        return DAIS_VERDICT_TOO_MANY_CASES;
    rules->cycle.closing = index;
    dais_cycle_tally(rules);
    return DAIS_VERDICT_ACCEPTED;
}

static dais_verdict_t second_take_effect(dais_rules_t *rules, uint64_t index,
                                         const dais_second_row_t *waiting)
{
    switch (waiting->kind) {
    case DAIS_KIND_CLOSING_ORDER: return second_closing(rules, index);
    case DAIS_KIND_ERASURE: return second_erasure(rules, index);
    case DAIS_KIND_INTAKE_LOST: return second_intake_lost(rules, waiting);
    default: return second_revoke(rules, waiting);
    }
}

dais_verdict_t dais_kind_second(dais_step_t *step)
{
    const dais_second_t *second = (const dais_second_t *)step->subject;
    dais_rules_t *rules = step->rules;
    if (second->seq >= rules->seq)
        return DAIS_VERDICT_WRONG_NUMBER;
    dais_row_key_t place = {.part = {second->seq}};
    dais_second_row_t waiting;
    if (!rules->store->port->sorted_get(rules->store, DAIS_TABLE_SECOND, &place, &waiting) ||
        waiting.seconded != 0)
        return DAIS_VERDICT_NOTHING_TO_SECOND;
    if (dais_roster_same_holder(rules->store, waiting.key_number, step->facts->key_number))
        return DAIS_VERDICT_SAME_HOLDER;
    dais_verdict_t verdict = second_take_effect(rules, second->seq, &waiting);
    if (verdict != DAIS_VERDICT_ACCEPTED)
        return verdict;
    waiting.seconded = rules->seq;
    rules->store->port->sorted_put(rules->store, DAIS_TABLE_SECOND, &place, &waiting);
    return verdict;
}
