/* SPDX-License-Identifier: Apache-2.0 */
#include "registry/rules/roster.h"

#include "proto/message.h"
#include "proto/words.h"

/* A key counts from the entry behind the one that added it, up to and with the one that ended it;
 * so no entry changes what it is itself judged by. */
static bool roster_in_force(const dais_key_row_t *key, uint64_t seq)
{
    return key->added < seq && (key->ended == 0 || seq <= key->ended);
}

static dais_roster_who_t roster_who(dais_rules_store_t *store, uint32_t key_number,
                                    const dais_key_row_t *key)
{
    dais_roster_who_t who = {.key_number = key_number, .actor_number = key->actor_number};
    dais_actor_row_t actor;
    if (!store->port->dense_get(store, DAIS_TABLE_ACTOR, key->actor_number, &actor))
        return (dais_roster_who_t){.key_number = 0};
    memcpy(who.actor.bytes, actor.id, sizeof actor.id);
    who.role = actor.role;
    who.state_number = actor.state_number;
    who.suspect = key->suspect_since != 0;
    return who;
}

dais_roster_who_t dais_roster_find(dais_rules_store_t *store, const dais_key_t *key)
{
    dais_key_row_t row;
    uint64_t number =
        store->port->find(store, DAIS_INDEX_KEY, dais_slice(key->bytes, sizeof key->bytes));
    if (!store->port->dense_get(store, DAIS_TABLE_KEY, number, &row))
        return (dais_roster_who_t){.key_number = 0};
    dais_roster_who_t who = roster_who(store, (uint32_t)number, &row);
    who.in_force = who.key_number != 0 && row.ended == 0;
    return who;
}

dais_roster_who_t dais_roster_at(dais_rules_store_t *store, uint32_t key_number, uint64_t seq)
{
    dais_key_row_t row;
    if (!store->port->dense_get(store, DAIS_TABLE_KEY, key_number, &row))
        return (dais_roster_who_t){.key_number = 0};
    dais_roster_who_t who = roster_who(store, key_number, &row);
    who.in_force = who.key_number != 0 && roster_in_force(&row, seq);
    return who;
}

uint32_t dais_roster_actor(dais_rules_store_t *store, const dais_id_t *actor)
{
    dais_slice_t id = dais_slice(actor->bytes, sizeof actor->bytes);
    return (uint32_t)store->port->find(store, DAIS_INDEX_ACTOR, id);
}

bool dais_roster_may_on_host(unsigned kind, unsigned role)
{
    return role == DAIS_ROLE_SECRETARIAT &&
           (kind == DAIS_KIND_ROSTER_CHANGE || kind == DAIS_KIND_INTAKE_LOST ||
            kind == DAIS_KIND_CLOCK_ACCEPTED || kind == DAIS_KIND_SECOND);
}

bool dais_roster_same_holder(dais_rules_store_t *store, uint32_t a, uint32_t b)
{
    dais_key_row_t row_a;
    dais_key_row_t row_b;
    /* Each text is kept once, so that the same bytes have the same number. */
    return store->port->dense_get(store, DAIS_TABLE_KEY, a, &row_a) &&
           store->port->dense_get(store, DAIS_TABLE_KEY, b, &row_b) &&
           row_a.holder_number == row_b.holder_number;
}

void dais_roster_walk(dais_rules_store_t *store,
                      void (*each)(void *context, uint32_t key_number, const dais_key_row_t *key,
                                   const dais_actor_row_t *actor),
                      void *context)
{
    uint64_t count = store->port->count(store, DAIS_TABLE_KEY);
    for (uint64_t number = 1; number <= count; number++) {
        dais_key_row_t key;
        dais_actor_row_t actor;
        if (store->port->dense_get(store, DAIS_TABLE_KEY, number, &key) &&
            store->port->dense_get(store, DAIS_TABLE_ACTOR, key.actor_number, &actor))
            each(context, (uint32_t)number, &key, &actor);
    }
}

typedef struct {
    void (*each)(void *context, uint32_t key_number, const dais_key_t *key);
    void *context;
} roster_intakes_t;

static void roster_if_intake(void *context, uint32_t key_number, const dais_key_row_t *key,
                             const dais_actor_row_t *actor)
{
    const roster_intakes_t *intakes = (const roster_intakes_t *)context;
    if (actor->role != DAIS_ROLE_INTAKE || key->ended != 0 || key->lost != 0)
        return;
    dais_key_t bytes;
    memcpy(bytes.bytes, key->key, sizeof bytes.bytes);
    intakes->each(intakes->context, key_number, &bytes);
}

void dais_roster_intakes(dais_rules_store_t *store,
                         void (*each)(void *context, uint32_t key_number, const dais_key_t *key),
                         void *context)
{
    roster_intakes_t intakes = {.each = each, .context = context};
    dais_roster_walk(store, roster_if_intake, &intakes);
}
