/* SPDX-License-Identifier: Apache-2.0 */
#include "proto/tree_memory.h"

static bool subtree_inside(size_t count, unsigned level, uint64_t index)
{
    return level < 64 && index < (uint64_t)count >> level;
}

static dais_err_t leaves_hash(void *context, unsigned level, uint64_t index, dais_hash_t *out)
{
    const dais_tree_leaves_t *leaves = context;
    if (!subtree_inside(leaves->count, level, index))
        return DAIS_ERR_NOT_FOUND;
    *out = dais_tree_root(leaves->leaves + (index << level), (size_t)1 << level);
    return DAIS_OK;
}

dais_tree_source_t dais_tree_leaves_source(const dais_tree_leaves_t *leaves)
{
    return (dais_tree_source_t){.hash = leaves_hash, .context = (void *)(uintptr_t)leaves};
}

dais_err_t dais_tree_leaves_inclusion(const dais_hash_t *leaves, size_t count, size_t index,
                                      dais_tree_path_t *path)
{
    dais_tree_leaves_t all = {leaves, count};
    dais_tree_source_t source = dais_tree_leaves_source(&all);
    return dais_tree_inclusion(&source, index, count, path);
}

/* Level l has count >> l nodes, one level behind the other: fewer than 2 * count in all. */
static size_t level_start(size_t count, unsigned level)
{
    size_t start = 0;
    for (unsigned below = 0; below < level; below++)
        start += count >> below;
    return start;
}

void dais_tree_nodes_build(const dais_tree_nodes_t *nodes)
{
    dais_hash_t *below = nodes->nodes;
    for (size_t width = nodes->count; width > 1; width >>= 1) {
        dais_hash_t *level = below + width;
        for (size_t i = 0; i < width >> 1; i++)
            level[i] = dais_tree_node_hash(&below[2 * i], &below[2 * i + 1]);
        below = level;
    }
}

static dais_err_t nodes_hash(void *context, unsigned level, uint64_t index, dais_hash_t *out)
{
    const dais_tree_nodes_t *nodes = context;
    if (!subtree_inside(nodes->count, level, index))
        return DAIS_ERR_NOT_FOUND;
    *out = nodes->nodes[level_start(nodes->count, level) + index];
    return DAIS_OK;
}

dais_tree_source_t dais_tree_nodes_source(const dais_tree_nodes_t *nodes)
{
    return (dais_tree_source_t){.hash = nodes_hash, .context = (void *)(uintptr_t)nodes};
}
