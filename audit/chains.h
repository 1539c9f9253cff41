/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_AUDIT_CHAINS_H
#define DAIS_AUDIT_CHAINS_H

#include <sodium.h>

#include "audit/reading.h"
#include "registry/rules/rules.h"
#include "registry/rules/store_index.h"
#include "registry/rules/store_vector.h"

/* What has to follow what: bundles of a key, stamps of an intake, ticks after what was received
 * before them, and what a tick names after that. As far as the log is open: where one of a chain
 * is not shown, the next one is taken as it is. */
typedef struct {
    dais_checks_t *checks; /* borrowed */
    dais_store_index_t index;
    dais_store_vector_t links;
    dais_store_vector_t parked;
    uint8_t secret[crypto_shorthash_KEYBYTES];
    uint64_t epoch, logged_at;    /* of the last open entry */
    uint64_t closed;              /* the latest instant that a tick has closed */
    uint64_t dated;               /* the last open entry that set dates */
    dais_store_vector_t received; /* when each stamped entry was received, with its index */
    bool no_memory;
} dais_chains_t;

void dais_chains_init(dais_chains_t *chains, dais_checks_t *checks);
void dais_chains_free(dais_chains_t *chains);

/* A bundle or stamp that entries stand under from now on. */
void dais_chains_bundle(dais_chains_t *chains, uint64_t seq, const dais_bundle_t *bundle,
                        const dais_hash_t *hash);
void dais_chains_stamp(dais_chains_t *chains, uint64_t seq, const dais_stamp_t *stamp,
                       const dais_hash_t *hash);

/* An open entry, before the rules have taken it. `store` is theirs (null where they have stopped):
 * which intakes there are. closes_at is the instant that a tick closes, its due if 0. */
void dais_chains_entry(dais_chains_t *chains, const dais_reading_entry_t *entry,
                       dais_rules_store_t *store, uint64_t closes_at);

/* After the last entry: what ticks named and nobody has seen. is_closed says that no more can
 * follow, all_open that no entry was closed. */
void dais_chains_end(dais_chains_t *chains, bool is_closed, bool all_open);

#endif
