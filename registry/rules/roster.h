/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_RULES_ROSTER_H
#define DAIS_RULES_ROSTER_H

#include "registry/rules/store.h"

/* Which key may do what, by the log's own entries. Everything that asks for a role, a State or a
 * holder asks here. Numbers of keys and actors never change their meaning. */

/* What an actor says with one of its keys. */
typedef struct {
    uint32_t key_number; /* 0 if the key is not on the roster */
    uint32_t actor_number;
    dais_id_t actor;
    unsigned role;         /* DAIS_ROLE_...; 0 for nobody */
    uint32_t state_number; /* of a party; else 0 */
    bool in_force;         /* as of the next entry */
    bool suspect;          /* revoked, with a suspect-since */
} dais_roster_who_t;

/* By key, as of the next entry. The registry asks it before it admits a bundle: a bundle of a key
 * that is not on the roster or not in force is not admitted, and neither is a message whose actor
 * is not the key's. */
dais_roster_who_t dais_roster_find(dais_rules_store_t *store, const dais_key_t *key);

/* By key number: what the key could do when entry `seq` was logged. */
dais_roster_who_t dais_roster_at(dais_rules_store_t *store, uint32_t key_number, uint64_t seq);

/* 0 if no key of this actor was ever added. */
uint32_t dais_roster_actor(dais_rules_store_t *store, const dais_id_t *actor);

/* Whether a message of this kind may come without a stamp from somebody in this role: given in on
 * the registry's host, where there is no intake yet or any more. */
bool dais_roster_may_on_host(unsigned kind, unsigned role);

/* True if both keys name the same holder, byte for byte; two that name nobody are the same. */
bool dais_roster_same_holder(dais_rules_store_t *store, uint32_t a, uint32_t b);

/* The intakes that a tick has to hear from: keys of role intake in force and not lost. Calls back
 * for each, by rising key number. */
void dais_roster_intakes(dais_rules_store_t *store,
                         void (*each)(void *context, uint32_t key_number, const dais_key_t *key),
                         void *context);

/* All keys, by rising number; what the broker's admission list is exported from. */
void dais_roster_walk(dais_rules_store_t *store,
                      void (*each)(void *context, uint32_t key_number, const dais_key_row_t *key,
                                   const dais_actor_row_t *actor),
                      void *context);

#endif
