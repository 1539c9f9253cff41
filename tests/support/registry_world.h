/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_TESTS_SUPPORT_REGISTRY_WORLD_H
#define DAIS_TESTS_SUPPORT_REGISTRY_WORLD_H

#include "registry/cycle.h"

/* A registry on a real folder, with offices and intakes that say what a test makes them say. Time
 * stands still until it is told otherwise, and chance follows from a seed. Whoever acts has a name,
 * from which their keys follow (tests/support/scenario_pack.h). Links with cmocka: what should work
 * and does not fails the test. */

#define WORLD_CHAINS 64

typedef struct {
    char name[32];
    unsigned stream; /* 2: of stamps */
    uint64_t next;
    uint64_t at;
    dais_hash_t prev;
} world_chain_t;

typedef struct {
    dais_house_t house;
    dais_clock_manual_t manual;
    dais_random_seeded_t seeded;
    char data[256];
    char name[DAIS_LIMIT_CODE + 1];
    dais_cycle_t *cycle;
    dais_hash_t log;
    dais_key_t box_key;
    world_chain_t chains[WORLD_CHAINS];
    unsigned chain_count;
    uint64_t messages; /* made; gives each its id */
    void **kept;       /* what slices point into, until world_close() */
    size_t kept_count;
} world_t;

/* A registry in this folder, which is there, without a cycle. */
void world_open(world_t *world, const char *folder, uint64_t wall_ms);
void world_close(world_t *world);

/* A cycle from these words of genesis: keys are set and signed here. */
void world_create(world_t *world, dais_genesis_t genesis);

/* The sound policy, the secretariat `sec`, and the cycle `c`. */
void world_create_sound(world_t *world);

/* The same as cycle `n<number>`; whatever cycle was open is to be closed before. */
void world_create_named(world_t *world, unsigned number);

/* Closes the cycle and opens it again: what a restart does. */
dais_err_t world_reopen(world_t *world);

/* One message of `who` with this subject, as it travels. Fields of *message that are zero are set:
 * log, id, actor, commitments to empty contents. */
dais_item_t world_item(world_t *world, const char *who, unsigned kind, const void *subject,
                       dais_message_t *message, dais_slice_t content);

typedef struct {
    dais_slice_t parcel;
    dais_slice_t envelope;
    dais_hash_t hash;
    dais_slice_t messages[DAIS_LIMIT_BUNDLE_MESSAGES];
    size_t count;
} world_bundle_t;

/* The next bundle of `who` in its stream; `head` may be null, else its seen is taken. */
world_bundle_t world_bundle(world_t *world, const char *who, unsigned stream,
                            const dais_item_t *items, size_t count, const dais_bundle_t *seen);

/* The next stamp of this intake over these, ready to be handed over. */
dais_hand_over_t world_stamp(world_t *world, const char *intake, uint64_t at,
                             const world_bundle_t *bundles, size_t count);

/* A batch of one hand-over. */
dais_take_t world_hand_over(world_t *world, const dais_hand_over_t *hand_over);

/* Stamps these and hands them over; it has to be taken. */
void world_send(world_t *world, const char *intake, uint64_t at, const world_bundle_t *bundles,
                size_t count);

/* The secretariat's key `by` adds a key, given in on the host. */
void world_add_key(world_t *world, const char *by, const char *name, unsigned role,
                   const char *state, const char *holder);

/* A bundle of one roster-change, of which everything is said. */
world_bundle_t world_roster_bundle(world_t *world, const char *by, dais_roster_change_t change);
dais_roster_change_t world_key(const char *name, unsigned role, const char *state,
                               const char *holder);

world_chain_t *world_chain(world_t *world, const char *name, unsigned stream);
dais_slice_t world_copy(world_t *world, dais_slice_t bytes);
void world_must(dais_err_t err);

/* Reads an entry and checks its opening against the log; fails the test if it does not hold. */
typedef struct {
    dais_book_entry_t entry;
    const dais_kind_t *kind;
} world_entry_t;
void world_read(world_t *world, uint64_t seq, world_entry_t *out);

/* How many entries of this kind there are from `from` on. */
unsigned world_count(world_t *world, unsigned kind, uint64_t from);

/* Refolds the log in memory by the rules and compares the state with the stored one, reads every
 * entry, and checks that each stamped bundle has its consequence. */
void world_verify(world_t *world);

#endif
