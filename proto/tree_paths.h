/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_PROTO_TREE_PATHS_H
#define DAIS_PROTO_TREE_PATHS_H

#include "proto/tree.h"

/* Inclusion paths of many leaves of one small tree, such as a bundle's. What one path has proved is
 * not hashed again for the next: all leaves together cost about one node each, where path by path
 * they cost eight. Each path is still compared to its last byte. */
#define DAIS_TREE_PATHS_MAX    256 /* leaves of the tree */
#define DAIS_TREE_PATHS_LEVELS 9

typedef struct {
    uint64_t size;
    dais_hash_t root;
    bool known[2 * DAIS_TREE_PATHS_MAX]; /* by level, then index; see tree_paths.c */
    dais_hash_t nodes[2 * DAIS_TREE_PATHS_MAX];
} dais_tree_paths_t;

/* size is 1 to DAIS_TREE_PATHS_MAX; a larger one only means that nothing is remembered. */
void dais_tree_paths_begin(dais_tree_paths_t *paths, uint64_t size, const dais_hash_t *root);

/* As dais_tree_inclusion_verify() with this size and root. */
dais_err_t dais_tree_paths_verify(dais_tree_paths_t *paths, uint64_t index, const dais_hash_t *leaf,
                                  dais_slice_t path) DAIS_MUST_CHECK;

#endif
