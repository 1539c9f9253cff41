/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_AUDIT_NODES_H
#define DAIS_AUDIT_NODES_H

#include "proto/tree.h"
#include "registry/rules/store_vector.h"

/* The tree of a log that is read from front to back, with every complete subtree kept: the root
 * of any beginning of it is found in logarithmic time. 64 bytes an entry. */
typedef struct {
    dais_store_vector_t levels[64];
} dais_nodes_t;

void dais_nodes_init(dais_nodes_t *nodes);
void dais_nodes_free(dais_nodes_t *nodes);

/* False if no memory is left. */
bool dais_nodes_append(dais_nodes_t *nodes, const dais_hash_t *leaf) DAIS_MUST_CHECK;

uint64_t dais_nodes_size(const dais_nodes_t *nodes);

/* The root of the first `size` leaves; size is at most dais_nodes_size(). */
dais_hash_t dais_nodes_root(dais_nodes_t *nodes, uint64_t size);

#endif
