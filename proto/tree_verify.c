/* SPDX-License-Identifier: Apache-2.0
 *
 * The way from leaf i of a tree of n leaves to its root has two parts. Below the level where it
 * meets the way of the last leaf ("inner") each level has a sibling, left or right as the bit of i
 * says. Above it, i's subtree is the right edge of the tree: only left siblings are left, one for
 * each bit set in i. Both counts follow from i and n alone, so the length of a proof is known
 * before it is read, and no step depends on what it holds. */
#include "proto/tree_verify.h"

/* A proof cut at the level where the two parts meet. */
typedef struct {
    const uint8_t *hashes;
    size_t inner;
    size_t count;
} proof_t;

static dais_hash_t proof_hash(const proof_t *proof, size_t i)
{
    dais_hash_t hash;
    memcpy(hash.bytes, proof->hashes + i * DAIS_HASH_SIZE, DAIS_HASH_SIZE);
    return hash;
}

static size_t inner_count(uint64_t index, uint64_t size)
{
    uint64_t apart = index ^ (size - 1);
    return apart == 0 ? 0 : 64 - (size_t)__builtin_clzll(apart);
}

/* The node above `hash` and hash number i of the proof; bits are those of the index, from the level
 * of the proof's first hash up. */
static dais_hash_t climb_step(const proof_t *proof, size_t i, uint64_t bits,
                              const dais_hash_t *hash)
{
    dais_hash_t sibling = proof_hash(proof, i);
    bool left = i >= proof->inner || (bits >> i & 1) != 0;
    return left ? dais_tree_node_hash(&sibling, hash) : dais_tree_node_hash(hash, &sibling);
}

static dais_hash_t climb(const proof_t *proof, uint64_t bits, dais_hash_t hash)
{
    for (size_t i = 0; i < proof->count; i++)
        hash = climb_step(proof, i, bits, &hash);
    return hash;
}

/* The same way in the older tree, which ends with this subtree: nothing is to the right of it. */
static dais_hash_t climb_left(const proof_t *proof, uint64_t bits, dais_hash_t hash)
{
    for (size_t i = 0; i < proof->count; i++) {
        if (i >= proof->inner || (bits >> i & 1) != 0)
            hash = climb_step(proof, i, bits, &hash);
    }
    return hash;
}

static dais_err_t root_check(const dais_hash_t *found, const dais_hash_t *root)
{
    return dais_hash_equal(found, root) ? DAIS_OK : DAIS_ERR_BAD_PROOF;
}

dais_err_t dais_tree_inclusion_verify(uint64_t index, uint64_t size, const dais_hash_t *leaf,
                                      dais_slice_t path, const dais_hash_t *root)
{
    if (index >= size || size > DAIS_TREE_SIZE_MAX)
        return DAIS_ERR_OUT_OF_RANGE;
    proof_t proof = {path.data, inner_count(index, size), dais_tree_path_count(index, size)};
    if (path.size != proof.count * DAIS_HASH_SIZE)
        return DAIS_ERR_BAD_PROOF;
    dais_hash_t found = climb(&proof, index, *leaf);
    return root_check(&found, root);
}

/* The sizes differ. Starts from the last complete subtree of the old tree. */
static dais_err_t growth_verify(uint64_t size1, uint64_t size2, const dais_hash_t *root1,
                                const dais_hash_t *root2, dais_slice_t bytes)
{
    uint64_t last = size1 - 1;
    size_t level = (size_t)__builtin_ctzll(size1);
    size_t seeds = size1 == (uint64_t)1 << level ? 0 : 1;
    size_t count = dais_tree_path_count(last, size2) - level;
    if (bytes.size != (seeds + count) * DAIS_HASH_SIZE)
        return DAIS_ERR_BAD_PROOF;

    proof_t whole = {bytes.data, 0, 0};
    dais_hash_t seed = seeds == 0 ? *root1 : proof_hash(&whole, 0);
    proof_t proof = {bytes.data + seeds * DAIS_HASH_SIZE, inner_count(last, size2) - level, count};
    dais_hash_t found1 = climb_left(&proof, last >> level, seed);
    dais_hash_t found2 = climb(&proof, last >> level, seed);
    dais_err_t err = root_check(&found1, root1);
    return err != DAIS_OK ? err : root_check(&found2, root2);
}

dais_err_t dais_tree_consistency_verify(uint64_t size1, uint64_t size2, const dais_hash_t *root1,
                                        const dais_hash_t *root2, dais_slice_t proof)
{
    if (size1 == 0 || size1 > size2 || size2 > DAIS_TREE_SIZE_MAX)
        return DAIS_ERR_OUT_OF_RANGE;
    if (size1 < size2)
        return growth_verify(size1, size2, root1, root2, proof);
    return proof.size != 0 ? DAIS_ERR_BAD_PROOF : root_check(root1, root2);
}

/* The sibling at `level` in a path that has one there. */
static dais_hash_t path_sibling(dais_slice_t path, uint64_t index, uint64_t size, size_t level)
{
    proof_t proof = {path.data, inner_count(index, size), 0};
    if (level < proof.inner)
        return proof_hash(&proof, level);
    uint64_t between = (index >> proof.inner) & (((uint64_t)1 << (level - proof.inner)) - 1);
    return proof_hash(&proof, proof.inner + (size_t)__builtin_popcountll(between));
}

/* That the sibling which `path` names at `level` of `index` is the root over the range's leaves
 * there. */
static dais_err_t sibling_check(const dais_tree_range_t *range, uint64_t size, uint64_t index,
                                dais_slice_t path, size_t level)
{
    uint64_t begin = ((index >> level) ^ 1) << level;
    dais_hash_t said = path_sibling(path, index, size, level);
    dais_hash_t found = dais_tree_root(range->leaves + (begin - range->first), (size_t)1 << level);
    return root_check(&found, &said);
}

/* The leaves between the first and the last split, in just one way, into complete subtrees: the
 * right siblings on the way up from the first and the left siblings on the way up from the last,
 * below the node where both ways meet. Either path names their roots, and is bound to the tree's
 * root by its own check. */
static dais_err_t middle_verify(const dais_tree_range_t *range, uint64_t size, uint64_t last)
{
    size_t meet = inner_count(range->first, last + 1);
    for (size_t level = 0; level + 1 < meet; level++) {
        dais_err_t err = DAIS_OK;
        if ((range->first >> level & 1) == 0)
            err = sibling_check(range, size, range->first, range->first_path, level);
        if (err == DAIS_OK && (last >> level & 1) != 0)
            err = sibling_check(range, size, last, range->last_path, level);
        if (err != DAIS_OK)
            return err;
    }
    return DAIS_OK;
}

dais_err_t dais_tree_range_verify(const dais_tree_range_t *range, uint64_t size,
                                  const dais_hash_t *root)
{
    if (range->count == 0 || size > DAIS_TREE_SIZE_MAX || range->first >= size ||
        range->count > size - range->first)
        return DAIS_ERR_OUT_OF_RANGE;
    uint64_t last = range->first + (range->count - 1);
    dais_err_t err =
        dais_tree_inclusion_verify(range->first, size, &range->leaves[0], range->first_path, root);
    if (err == DAIS_OK)
        err = dais_tree_inclusion_verify(last, size, &range->leaves[range->count - 1],
                                         range->last_path, root);
    return err != DAIS_OK ? err : middle_verify(range, size, last);
}
