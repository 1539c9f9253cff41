/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_REGISTRY_CHECK_H
#define DAIS_REGISTRY_CHECK_H

#include "registry/cycle.h"

/* The whole log, from its first entry: every leaf is that of its rebuilt record, every opening
 * holds (signatures of bundles and stamps, contents, paths), the tree over the leaves has the root
 * that was signed, the rules give each entry the verdicts that it has and the state that is stored,
 * and every bundle under a stamp has its consequence. What start-up cannot look at is looked at
 * here. */
typedef struct {
    dais_err_t err; /* the first thing that does not hold */
    uint64_t seq;   /* the entry that it was found at; the size, if it is none of one entry */
    const char *what;
    uint64_t entries;
    uint64_t bundles; /* stamped, logged */
    uint64_t turned_away;
    dais_hash_t state; /* digest of the state */
} dais_check_t;

/* Reads only. The error is of this machine; what is wrong with the log stands in *check. */
DAIS_MUST_CHECK dais_err_t dais_check_cycle(dais_cycle_t *cycle, dais_check_t *check);

#endif
