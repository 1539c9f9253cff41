/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_INTAKE_PEERS_H
#define DAIS_INTAKE_PEERS_H

#include "proto/roster_file.h"

/* The keys of one cycle, as the exported roster has them, found by signing key. */
typedef struct {
    dais_roster_head_t head;
    dais_roster_key_t *keys; /* by rising key */
    size_t count;
} dais_peers_t;

/* Reads the text of an exported roster (proto/roster_file.h has the faults). NO_MEMORY. On a fault
 * *peers is empty. */
DAIS_MUST_CHECK dais_fault_t dais_peers_parse(dais_slice_t text, dais_peers_t *peers);

/* Harmless on an empty one. */
void dais_peers_free(dais_peers_t *peers);

/* Null if the key is not on the roster. Lives until the peers are freed. */
const dais_roster_key_t *dais_peers_find(const dais_peers_t *peers, const dais_key_t *key);

#endif
