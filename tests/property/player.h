/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_TESTS_PROPERTY_PLAYER_H
#define DAIS_TESTS_PROPERTY_PLAYER_H

#include "proto/device.h"
#include "registry/rules/rules_private.h"
#include "tests/property/sequence.h"

/* Plays a sequence to the rules as a registry would: bundles and stamps, ticks when they are asked
 * for, own entries when they are due. What the registry would not admit is passed over. */

#define PLAYER_ENTRIES_MAX 2048
#define PLAYER_BYTES       (1 << 20)

/* One entry of the log that was played. */
typedef struct {
    unsigned uid; /* of its event; 0 for genesis and own entries */
    unsigned who;
    const dais_kind_t *kind;
    dais_rules_facts_t facts; /* of a message; of an own entry only seq and received_at */
    dais_message_t message;   /* kind 0 for an own entry */
    uint64_t bundle;          /* number of the bundle, from 1 */
    uint64_t logged_at;
    dais_slice_t subject;
    dais_verdicts_t verdicts;
} played_t;

typedef struct player player_t;

/* Called after each entry, genesis included; the log has `count` entries then. */
typedef void player_fn_t(void *context, player_t *player);

struct player {
    dais_rules_store_t *store; /* borrowed */
    dais_rules_t *rules;
    const sequence_t *sequence;
    dais_hash_t log; /* to be set where another than the usual one is wanted */
    uint64_t clock;
    bool has_failed; /* the rules met a fault of their own, or a property does not hold */
    char failure[256];
    player_fn_t *entry_done;
    player_fn_t *before_entry; /* the entry that comes is not in the list yet */
    const played_t *coming;    /* that entry; null between entries */
    void *context;

    uint64_t count;                           /* entries */
    uint64_t seq_of[SEQUENCE_EVENTS_MAX + 1]; /* by uid; 0 for what is not logged */

    /* The bundle that may go on. */
    bool bundle_open;
    uint64_t bundles;
    const played_t *bundle_last;
    uint64_t intake_time[3]; /* of the last stamp of each intake */
    uint64_t intake_stamps[3];

    /* From here on nothing needs to be zero at the beginning. */
    size_t used;
    played_t entries[PLAYER_ENTRIES_MAX];
    uint8_t bytes[PLAYER_BYTES]; /* subjects and ids */
    uint8_t policy[DAIS_LIMIT_POLICY];
    uint8_t cases[64 * 64];
};

/* As new: no hooks, and the usual log. */
void player_reset(player_t *player);

dais_key_t player_key(unsigned number);
const dais_device_t *player_device(unsigned number);

/* Begins the log of the sequence in an empty store. False, and no failure, if the policy is one
 * that the loader refuses. */
bool player_begin(player_t *player, const sequence_t *sequence, dais_rules_store_t *store);
void player_end(player_t *player);

/* One event, with what is due before it. Returns whether anything was logged. */
bool player_event(player_t *player, const event_t *event);

/* The bundle is complete: appends what is due. */
void player_flush(player_t *player);

/* All of it: begin, events, flush. The caller ends it. */
bool player_run(player_t *player, const sequence_t *sequence, dais_rules_store_t *store);

/* The first failure counts. */
void player_fail(player_t *player, const char *what, ...) __attribute__((format(printf, 2, 3)));

/* Number of the organisation with this name, or 0. */
uint32_t player_org(player_t *player, uint64_t name);

/* The last entry of the log that was played. */
static inline const played_t *player_last(const player_t *player)
{
    return &player->entries[player->count - 1];
}

/* Genesis, as the rules are given it; its slices live as long as the player. */
dais_genesis_t player_genesis(player_t *player);

#endif
