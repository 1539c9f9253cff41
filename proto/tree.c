/* SPDX-License-Identifier: Apache-2.0 */
#include "proto/tree.h"

#include <assert.h>

enum {
    PREFIX_LEAF = 0x00,
    PREFIX_NODE = 0x01,
    LEVELS = 64, /* of a tree of DAIS_TREE_SIZE_MAX leaves, leaves included */
};

dais_hash_t dais_tree_leaf_hash(dais_slice_t leaf)
{
    static const uint8_t prefix = PREFIX_LEAF;
    dais_slice_t parts[] = {{&prefix, 1}, leaf};
    return dais_hash(parts, 2);
}

dais_hash_t dais_tree_node_hash(const dais_hash_t *left, const dais_hash_t *right)
{
    /* Copied together because one update of the hash costs less than three. */
    uint8_t node[1 + 2 * DAIS_HASH_SIZE];
    node[0] = PREFIX_NODE;
    memcpy(node + 1, left->bytes, DAIS_HASH_SIZE);
    memcpy(node + 1 + DAIS_HASH_SIZE, right->bytes, DAIS_HASH_SIZE);
    return dais_hash_one(dais_slice(node, sizeof(node)));
}

dais_hash_t dais_tree_empty_root(void)
{
    return dais_hash(NULL, 0);
}

/* Bits that it takes to write x; 0 for 0. */
static unsigned bit_count(uint64_t x)
{
    return x == 0 ? 0 : 64 - (unsigned)__builtin_clzll(x);
}

dais_hash_t dais_tree_root(const dais_hash_t *leaves, size_t count)
{
    if (count == 0)
        return dais_tree_empty_root();
    /* Complete subtrees so far, the largest first: as many as count has bits set. */
    dais_hash_t stack[LEVELS];
    size_t depth = 0;
    for (size_t i = 0; i < count; i++) {
        stack[depth++] = leaves[i];
        for (size_t full = i + 1; (full & 1) == 0; full >>= 1, depth--)
            stack[depth - 2] = dais_tree_node_hash(&stack[depth - 2], &stack[depth - 1]);
    }
    for (; depth > 1; depth--)
        stack[depth - 2] = dais_tree_node_hash(&stack[depth - 2], &stack[depth - 1]);
    return stack[0];
}

/* Up to this level the path of a leaf meets a sibling at each level: there, the way of the leaf and
 * that of the last leaf have not met yet. Above it only left siblings are left, one for each bit of
 * the index. */
static unsigned path_inner(uint64_t index, uint64_t size)
{
    return bit_count(index ^ (size - 1));
}

size_t dais_tree_path_count(uint64_t index, uint64_t size)
{
    assert(index < size && size <= DAIS_TREE_SIZE_MAX);
    unsigned inner = path_inner(index, size);
    return inner + (size_t)__builtin_popcountll(index >> inner);
}

/* The root of the leaves right of the last multiple of 2^levels below size. At least one bit of
 * size below `levels` is set. */
static dais_err_t edge_root(const dais_tree_source_t *source, uint64_t size, unsigned levels,
                            dais_hash_t *out)
{
    bool begun = false;
    for (unsigned level = 0; level < levels; level++) {
        if ((size >> level & 1) == 0)
            continue;
        dais_hash_t left;
        dais_err_t err = source->hash(source->context, level, (size >> level) - 1, &left);
        if (err != DAIS_OK)
            return err;
        *out = begun ? dais_tree_node_hash(&left, out) : left;
        begun = true;
    }
    assert(begun);
    return DAIS_OK;
}

dais_err_t dais_tree_source_root(const dais_tree_source_t *source, uint64_t size, dais_hash_t *root)
{
    if (size > DAIS_TREE_SIZE_MAX)
        return DAIS_ERR_OUT_OF_RANGE;
    if (size > 0)
        return edge_root(source, size, LEVELS, root);
    *root = dais_tree_empty_root();
    return DAIS_OK;
}

/* Adds to the path the siblings from `level` up on the way from leaf `index` to the root. */
static dais_err_t path_add(const dais_tree_source_t *source, uint64_t index, uint64_t size,
                           unsigned level, dais_tree_path_t *path)
{
    unsigned inner = path_inner(index, size);
    for (; level < inner || index >> level != 0; level++) {
        assert(level < LEVELS);
        uint64_t node = index >> level;
        if (level >= inner && (node & 1) == 0)
            continue;
        dais_hash_t *out = &path->hashes[path->count];
        /* Only the topmost right sibling reaches the end of the tree and may be incomplete. */
        bool incomplete = level + 1 == inner && (size & (((uint64_t)1 << level) - 1)) != 0;
        dais_err_t err = incomplete ? edge_root(source, size, level, out)
                                    : source->hash(source->context, level, node ^ 1, out);
        if (err != DAIS_OK)
            return err;
        path->count++;
    }
    return DAIS_OK;
}

dais_err_t dais_tree_inclusion(const dais_tree_source_t *source, uint64_t index, uint64_t size,
                               dais_tree_path_t *path)
{
    if (index >= size || size > DAIS_TREE_SIZE_MAX)
        return DAIS_ERR_OUT_OF_RANGE;
    path->count = 0;
    return path_add(source, index, size, 0, path);
}

dais_err_t dais_tree_consistency(const dais_tree_source_t *source, uint64_t size1, uint64_t size2,
                                 dais_tree_path_t *path)
{
    if (size1 == 0 || size1 > size2 || size2 > DAIS_TREE_SIZE_MAX)
        return DAIS_ERR_OUT_OF_RANGE;
    path->count = 0;
    if (size1 == size2)
        return DAIS_OK;
    /* The last complete subtree of the old tree; its path in the new one leads to both roots. Where
     * it is the whole old tree, the verifier has its hash already: the old root. */
    unsigned level = (unsigned)__builtin_ctzll(size1);
    if (size1 != (uint64_t)1 << level) {
        dais_err_t err =
            source->hash(source->context, level, (size1 - 1) >> level, &path->hashes[0]);
        if (err != DAIS_OK)
            return err;
        path->count = 1;
    }
    return path_add(source, size1 - 1, size2, level, path);
}
