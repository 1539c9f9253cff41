/* SPDX-License-Identifier: Apache-2.0 */
#include "proto/tree_range.h"

/* One level of the tree on the way up: the nodes lo..hi are known, out of `count` nodes. */
typedef struct {
    uint64_t lo;
    uint64_t hi;
    uint64_t count;
    dais_slice_t first_path; /* what is left of it */
    dais_slice_t last_path;
    dais_hash_t nodes[DAIS_TREE_RANGE_MAX + 2];
} level_t;

static bool path_take(dais_slice_t *path, dais_hash_t *out)
{
    if (path->size < DAIS_HASH_SIZE)
        return false;
    memcpy(out->bytes, path->data, DAIS_HASH_SIZE);
    *path = dais_slice(path->data + DAIS_HASH_SIZE, path->size - DAIS_HASH_SIZE);
    return true;
}

/* Adds to the known nodes the outer siblings of the first and the last of them. A path names a
 * sibling at each level where there is one, also where it is known already. */
static bool level_widen(level_t *level)
{
    uint64_t last = level->count - 1;
    dais_hash_t left;
    dais_hash_t right;
    if ((level->lo | 1) <= last && !path_take(&level->first_path, &left))
        return false;
    if ((level->hi | 1) <= last && !path_take(&level->last_path, &right))
        return false;
    if (level->hi % 2 == 0 && level->hi < last)
        level->nodes[++level->hi - level->lo] = right;
    if (level->lo % 2 == 1) {
        memmove(level->nodes + 1, level->nodes,
                (size_t)(level->hi - level->lo + 1) * sizeof level->nodes[0]);
        level->nodes[0] = left;
        level->lo--;
    }
    return true;
}

/* Hashes pairs into the level above; a last node without a sibling goes up as it is. */
static void level_rise(level_t *level)
{
    uint64_t known = level->hi - level->lo + 1;
    for (uint64_t i = 0; i < known; i += 2)
        level->nodes[i / 2] = i + 1 < known
                                  ? dais_tree_node_hash(&level->nodes[i], &level->nodes[i + 1])
                                  : level->nodes[i];
    level->lo /= 2;
    level->hi /= 2;
    level->count = (level->count + 1) / 2;
}

dais_err_t dais_tree_range_path(const dais_tree_range_t *range, uint64_t size, uint64_t index,
                                dais_tree_path_t *out)
{
    out->count = 0;
    if (range->count == 0 || range->count > DAIS_TREE_RANGE_MAX || index < range->first ||
        index - range->first >= range->count || range->first >= size ||
        range->count > size - range->first)
        return DAIS_ERR_OUT_OF_RANGE;
    level_t level = {.lo = range->first,
                     .hi = range->first + range->count - 1,
                     .count = size,
                     .first_path = range->first_path,
                     .last_path = range->last_path};
    memcpy(level.nodes, range->leaves, range->count * sizeof level.nodes[0]);
    for (; level.count > 1; index /= 2) {
        if (!level_widen(&level))
            return DAIS_ERR_BAD_PROOF;
        uint64_t sibling = index ^ 1;
        if (sibling < level.count)
            out->hashes[out->count++] = level.nodes[sibling - level.lo];
        level_rise(&level);
    }
    return DAIS_OK;
}
