/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_PROTO_TREE_MEMORY_H
#define DAIS_PROTO_TREE_MEMORY_H

#include "proto/tree.h"

/* Sources for trees that are small enough to lie in memory. Both answer NOT_FOUND for a subtree
 * that reaches beyond their leaves. */

/* Leaf hashes alone. Each answer hashes its whole subtree anew: for a single proof. */
typedef struct {
    const dais_hash_t *leaves; /* borrowed */
    size_t count;
} dais_tree_leaves_t;

/* The source borrows `leaves`, and what that borrows. */
dais_tree_source_t dais_tree_leaves_source(const dais_tree_leaves_t *leaves);

/* The inclusion path of one leaf hash in the tree over all of them. OUT_OF_RANGE unless
 * index < count. */
dais_err_t dais_tree_leaves_inclusion(const dais_hash_t *leaves, size_t count, size_t index,
                                      dais_tree_path_t *path) DAIS_MUST_CHECK;

/* All complete subtrees, level by level: for a proof of each leaf. */
typedef struct {
    dais_hash_t *nodes; /* borrowed: room for 2 * count, of which the first count are the leaves */
    size_t count;
} dais_tree_nodes_t;

/* Hashes the levels above the leaves. Call once, when the leaves are in place. */
void dais_tree_nodes_build(const dais_tree_nodes_t *nodes);

dais_tree_source_t dais_tree_nodes_source(const dais_tree_nodes_t *nodes);

#endif
