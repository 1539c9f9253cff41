/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_PROTO_TREE_VERIFY_H
#define DAIS_PROTO_TREE_VERIFY_H

#include "proto/tree.h"

/* Checks of proofs in the tree of RFC 6962, section 2.1. A proof is given as its hashes one after
 * the other, as it stands in records; dais_tree_path_bytes() makes that of a path. All of them
 * refuse a proof that is a hash too long or too short (BAD_PROOF), and numbers that no tree has
 * (OUT_OF_RANGE). The caller has authenticated the roots. */

/* That `leaf` is the leaf hash number `index` of the tree with this root.
 * OUT_OF_RANGE unless index < size <= DAIS_TREE_SIZE_MAX. */
dais_err_t dais_tree_inclusion_verify(uint64_t index, uint64_t size, const dais_hash_t *leaf,
                                      dais_slice_t path, const dais_hash_t *root) DAIS_MUST_CHECK;

/* That the first size1 leaves of the tree with root2 are the tree with root1. Equal sizes take an
 * empty proof and equal roots. OUT_OF_RANGE unless 0 < size1 <= size2 <= DAIS_TREE_SIZE_MAX: any
 * tree extends the empty one, so whoever has no earlier state has nothing to verify. */
dais_err_t dais_tree_consistency_verify(uint64_t size1, uint64_t size2, const dais_hash_t *root1,
                                        const dais_hash_t *root2,
                                        dais_slice_t proof) DAIS_MUST_CHECK;

/* Consecutive leaf hashes, with the inclusion paths of the first and of the last of them. */
typedef struct {
    uint64_t first;            /* index of leaves[0] */
    const dais_hash_t *leaves; /* borrowed */
    size_t count;              /* at least 1 */
    dais_slice_t first_path;   /* borrowed */
    dais_slice_t last_path;    /* borrowed */
} dais_tree_range_t;

/* That each leaf of the range stands at its index in the tree with this root. Both paths are
 * checked whole, also where they repeat what the leaves give: no byte of a proof is without
 * effect. OUT_OF_RANGE if the range is empty or reaches beyond size. */
dais_err_t dais_tree_range_verify(const dais_tree_range_t *range, uint64_t size,
                                  const dais_hash_t *root) DAIS_MUST_CHECK;

#endif
