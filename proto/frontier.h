/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_PROTO_FRONTIER_H
#define DAIS_PROTO_FRONTIER_H

#include "proto/tree.h"

#define DAIS_FRONTIER_LEVELS 64

/* All that is needed of a tree to append to it and to know its root: the roots of the complete
 * subtrees that its leaves fall into, one for each bit set in size. hashes[l] is the one of 2^l
 * leaves, and means something only where that bit is set. {0} is the empty tree. */
typedef struct {
    uint64_t size; /* leaves, below 2^63 */
    dais_hash_t hashes[DAIS_FRONTIER_LEVELS];
} dais_frontier_t;

/* Costs one node hash on average. The tree has fewer than 2^63 - 1 leaves. */
void dais_frontier_append(dais_frontier_t *frontier, const dais_hash_t *leaf);

dais_hash_t dais_frontier_root(const dais_frontier_t *frontier);

/* Whether they are of the same tree; what lies in unused levels does not count. */
bool dais_frontier_equal(const dais_frontier_t *a, const dais_frontier_t *b);

/* The frontier of the first `size` leaves of what source holds. OUT_OF_RANGE from 2^63 up, else
 * the error of the source; the frontier is then unspecified. */
dais_err_t dais_frontier_load(dais_frontier_t *frontier, const dais_tree_source_t *source,
                              uint64_t size) DAIS_MUST_CHECK;

/* The flat form: size as 8 bytes, big-endian, then the hashes in the order of the leaves under
 * them, which is the largest subtree first. One tree has one form. */
#define DAIS_FRONTIER_BYTES_MAX (8 + (DAIS_FRONTIER_LEVELS - 1) * DAIS_HASH_SIZE)

/* Returns the number of bytes written. */
size_t dais_frontier_encode(const dais_frontier_t *frontier, uint8_t out[DAIS_FRONTIER_BYTES_MAX]);

/* TRUNCATED, TRAILING, or OUT_OF_RANGE for a size of 2^63 or more; *frontier is then as it was. */
dais_fault_t dais_frontier_decode(dais_slice_t bytes, dais_frontier_t *frontier) DAIS_MUST_CHECK;

#endif
