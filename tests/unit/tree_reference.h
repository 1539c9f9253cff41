/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_TESTS_UNIT_TREE_REFERENCE_H
#define DAIS_TESTS_UNIT_TREE_REFERENCE_H

/* The definitions of RFC 6962, section 2.1, written down as they stand there: slow, recursive, and
 * sharing nothing with what they check but SHA-256. */

#include "base/hash.h"
#include "proto/tree.h"

static inline dais_hash_t reference_leaf(const void *bytes, size_t size)
{
    dais_slice_t parts[] = {dais_slice("\x00", 1), dais_slice(bytes, size)};
    return dais_hash(parts, 2);
}

static inline dais_hash_t reference_node(dais_hash_t left, dais_hash_t right)
{
    dais_slice_t parts[] = {dais_slice("\x01", 1), dais_hash_slice(&left), dais_hash_slice(&right)};
    return dais_hash(parts, 3);
}

/* The largest power of two below n; n > 1. */
static inline size_t reference_split(size_t n)
{
    size_t k = 1;
    while (k * 2 < n)
        k *= 2;
    return k;
}

static inline dais_hash_t reference_root(const dais_hash_t *leaves, size_t n)
{
    if (n == 0)
        return dais_hash(NULL, 0);
    if (n == 1)
        return leaves[0];
    size_t k = reference_split(n);
    return reference_node(reference_root(leaves, k), reference_root(leaves + k, n - k));
}

static inline void reference_add(dais_tree_path_t *path, dais_hash_t hash)
{
    path->hashes[path->count++] = hash;
}

/* PATH(m, D[n]); path->count is 0 before. */
static inline void reference_path(const dais_hash_t *leaves, size_t m, size_t n,
                                  dais_tree_path_t *path)
{
    if (n <= 1)
        return;
    size_t k = reference_split(n);
    if (m < k) {
        reference_path(leaves, m, k, path);
        reference_add(path, reference_root(leaves + k, n - k));
    } else {
        reference_path(leaves + k, m - k, n - k, path);
        reference_add(path, reference_root(leaves, k));
    }
}

/* SUBPROOF(m, D[n], b); path->count is 0 before. PROOF(m, D[n]) is that with b true. */
static inline void reference_proof(const dais_hash_t *leaves, size_t m, size_t n, bool b,
                                   dais_tree_path_t *path)
{
    if (m == n) {
        if (!b)
            reference_add(path, reference_root(leaves, n));
        return;
    }
    size_t k = reference_split(n);
    if (m <= k) {
        reference_proof(leaves, m, k, b, path);
        reference_add(path, reference_root(leaves + k, n - k));
    } else {
        reference_proof(leaves + k, m - k, n - k, false, path);
        reference_add(path, reference_root(leaves, k));
    }
}

static inline bool reference_path_equal(const dais_tree_path_t *a, const dais_tree_path_t *b)
{
    return dais_slice_equal(dais_tree_path_bytes(a), dais_tree_path_bytes(b));
}

/* Leaves that all differ: the leaf hash of the index. */
static inline void reference_leaves(dais_hash_t *leaves, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        uint64_t number = i;
        leaves[i] = reference_leaf(&number, sizeof(number));
    }
}

/* A tree in which all leaves are the same: any of its subtrees is known by its level alone, so it
 * may have any size. Fails once `left` answers are given. */
typedef struct {
    dais_hash_t levels[64];
    size_t left;
} reference_even_t;

static inline dais_err_t reference_even_hash(void *context, unsigned level, uint64_t index,
                                             dais_hash_t *out)
{
    reference_even_t *tree = context;
    (void)index;
    if (tree->left == 0)
        return DAIS_ERR_IO;
    tree->left--;
    *out = tree->levels[level];
    return DAIS_OK;
}

static inline dais_tree_source_t reference_even(reference_even_t *tree, const dais_hash_t *leaf)
{
    tree->left = SIZE_MAX;
    tree->levels[0] = *leaf;
    for (size_t level = 1; level < 64; level++)
        tree->levels[level] = reference_node(tree->levels[level - 1], tree->levels[level - 1]);
    return (dais_tree_source_t){reference_even_hash, tree};
}

/* A generator whose sequence is the same everywhere, so that a failure can be repeated
 * (splitmix64). */
static inline uint64_t reference_random(uint64_t *seed)
{
    uint64_t z = *seed += 0x9e3779b97f4a7c15ULL;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9ULL;
    z = (z ^ z >> 27) * 0x94d049bb133111ebULL;
    return z ^ z >> 31;
}

#endif
