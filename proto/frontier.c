/* SPDX-License-Identifier: Apache-2.0 */
#include "proto/frontier.h"

#include <assert.h>
#include <endian.h>

enum { SIZE_BYTES = 8 };

static bool level_used(const dais_frontier_t *frontier, unsigned level)
{
    return (frontier->size >> level & 1) != 0;
}

void dais_frontier_append(dais_frontier_t *frontier, const dais_hash_t *leaf)
{
    assert(frontier->size < DAIS_TREE_SIZE_MAX - 1);
    dais_hash_t hash = *leaf;
    unsigned level = 0;
    for (; level_used(frontier, level); level++)
        hash = dais_tree_node_hash(&frontier->hashes[level], &hash);
    frontier->hashes[level] = hash;
    frontier->size++;
}

/* A frontier is a source of just the subtrees that its root is made of. */
static dais_err_t frontier_hash(void *context, unsigned level, uint64_t index, dais_hash_t *out)
{
    const dais_frontier_t *frontier = context;
    assert(level_used(frontier, level) && index == (frontier->size >> level) - 1);
    *out = frontier->hashes[level];
    return DAIS_OK;
}

dais_hash_t dais_frontier_root(const dais_frontier_t *frontier)
{
    dais_tree_source_t source = {frontier_hash, (void *)(uintptr_t)frontier};
    dais_hash_t root;
    dais_err_t err = dais_tree_source_root(&source, frontier->size, &root);
    assert(err == DAIS_OK);
    (void)err;
    return root;
}

bool dais_frontier_equal(const dais_frontier_t *a, const dais_frontier_t *b)
{
    if (a->size != b->size)
        return false;
    for (unsigned level = 0; level < DAIS_FRONTIER_LEVELS; level++) {
        if (level_used(a, level) && !dais_hash_equal(&a->hashes[level], &b->hashes[level]))
            return false;
    }
    return true;
}

dais_err_t dais_frontier_load(dais_frontier_t *frontier, const dais_tree_source_t *source,
                              uint64_t size)
{
    if (size >= DAIS_TREE_SIZE_MAX)
        return DAIS_ERR_OUT_OF_RANGE;
    frontier->size = size;
    for (unsigned level = 0; level < DAIS_FRONTIER_LEVELS; level++) {
        if (!level_used(frontier, level))
            continue;
        dais_err_t err =
            source->hash(source->context, level, (size >> level) - 1, &frontier->hashes[level]);
        if (err != DAIS_OK)
            return err;
    }
    return DAIS_OK;
}

size_t dais_frontier_encode(const dais_frontier_t *frontier, uint8_t out[DAIS_FRONTIER_BYTES_MAX])
{
    uint64_t size_be = htobe64(frontier->size);
    memcpy(out, &size_be, SIZE_BYTES);
    size_t written = SIZE_BYTES;
    for (unsigned level = DAIS_FRONTIER_LEVELS; level-- > 0;) {
        if (!level_used(frontier, level))
            continue;
        memcpy(out + written, frontier->hashes[level].bytes, DAIS_HASH_SIZE);
        written += DAIS_HASH_SIZE;
    }
    return written;
}

dais_fault_t dais_frontier_decode(dais_slice_t bytes, dais_frontier_t *frontier)
{
    if (bytes.size < SIZE_BYTES)
        return (dais_fault_t){DAIS_ERR_TRUNCATED, bytes.size};
    uint64_t size_be;
    memcpy(&size_be, bytes.data, SIZE_BYTES);
    uint64_t size = be64toh(size_be);
    if (size >= DAIS_TREE_SIZE_MAX)
        return (dais_fault_t){DAIS_ERR_OUT_OF_RANGE, 0};
    size_t due = SIZE_BYTES + (size_t)__builtin_popcountll(size) * DAIS_HASH_SIZE;
    if (bytes.size < due)
        return (dais_fault_t){DAIS_ERR_TRUNCATED, bytes.size};
    if (bytes.size > due)
        return (dais_fault_t){DAIS_ERR_TRAILING, due};

    *frontier = (dais_frontier_t){.size = size};
    const uint8_t *next = bytes.data + SIZE_BYTES;
    for (unsigned level = DAIS_FRONTIER_LEVELS; level-- > 0;) {
        if (!level_used(frontier, level))
            continue;
        memcpy(frontier->hashes[level].bytes, next, DAIS_HASH_SIZE);
        next += DAIS_HASH_SIZE;
    }
    return (dais_fault_t){DAIS_OK, 0};
}
