/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_PROTO_TREE_H
#define DAIS_PROTO_TREE_H

#include "base/err.h"
#include "base/hash.h"
#include "base/slice.h"

/* The Merkle tree of RFC 6962, section 2.1, with SHA-256: hashes, roots, and the making of proofs.
 * Proofs are checked by proto/tree_verify.h.
 *
 * "Level l, index i" names the complete subtree over the leaves [i * 2^l, (i + 1) * 2^l); level 0
 * is the leaves themselves. */

#define DAIS_TREE_SIZE_MAX ((uint64_t)1 << 63) /* leaves */

/* Hashes in one proof. An inclusion path over 2^63 leaves has at most 63, a consistency proof one
 * more: it may open with the hash that it starts from. */
#define DAIS_TREE_PATH_MAX 64

/* A proof of either kind, from the leaf's end to the root's end. */
typedef struct {
    size_t count;
    dais_hash_t hashes[DAIS_TREE_PATH_MAX];
} dais_tree_path_t;

/* The proof as its hashes one after the other; lives as long as the path. */
static inline dais_slice_t dais_tree_path_bytes(const dais_tree_path_t *path)
{
    return dais_slice(path->hashes, path->count * DAIS_HASH_SIZE);
}

/* Where proofs get the hashes of complete subtrees from: LMDB, tiles, memory. Asked only for
 * subtrees that lie wholly inside the tree; its error is passed on. */
typedef struct {
    dais_err_t (*hash)(void *context, unsigned level, uint64_t index, dais_hash_t *out);
    void *context;
} dais_tree_source_t;

/* Leaf and node are hashed with a different first byte, so that neither can pass for the other. */
dais_hash_t dais_tree_leaf_hash(dais_slice_t leaf);
dais_hash_t dais_tree_node_hash(const dais_hash_t *left, const dais_hash_t *right);

/* The root of the tree without leaves. */
dais_hash_t dais_tree_empty_root(void);

/* The root over these leaf hashes. Hashes each node once. */
dais_hash_t dais_tree_root(const dais_hash_t *leaves, size_t count);

/* How many hashes the inclusion path of leaf `index` has. index < size <= DAIS_TREE_SIZE_MAX. */
size_t dais_tree_path_count(uint64_t index, uint64_t size);

/* The root of the first `size` leaves of what source holds. OUT_OF_RANGE above
 * DAIS_TREE_SIZE_MAX. */
dais_err_t dais_tree_source_root(const dais_tree_source_t *source, uint64_t size,
                                 dais_hash_t *root) DAIS_MUST_CHECK;

/* PATH(index, D[size]) of section 2.1.1. OUT_OF_RANGE unless
 * index < size <= DAIS_TREE_SIZE_MAX. */
dais_err_t dais_tree_inclusion(const dais_tree_source_t *source, uint64_t index, uint64_t size,
                               dais_tree_path_t *path) DAIS_MUST_CHECK;

/* PROOF(size1, D[size2]) of section 2.1.2; empty for equal sizes. OUT_OF_RANGE unless
 * 0 < size1 <= size2 <= DAIS_TREE_SIZE_MAX: from the empty tree nothing has to be proved. */
dais_err_t dais_tree_consistency(const dais_tree_source_t *source, uint64_t size1, uint64_t size2,
                                 dais_tree_path_t *path) DAIS_MUST_CHECK;

#endif
