/* SPDX-License-Identifier: Apache-2.0 */
#include "audit/nodes.h"

#include <assert.h>

void dais_nodes_init(dais_nodes_t *nodes)
{
    for (unsigned level = 0; level < 64; level++)
        nodes->levels[level] = (dais_store_vector_t){.item_size = sizeof(dais_hash_t)};
}

void dais_nodes_free(dais_nodes_t *nodes)
{
    for (unsigned level = 0; level < 64; level++)
        dais_store_vector_clear(&nodes->levels[level]);
}

uint64_t dais_nodes_size(const dais_nodes_t *nodes)
{
    return nodes->levels[0].count;
}

bool dais_nodes_append(dais_nodes_t *nodes, const dais_hash_t *leaf)
{
    dais_hash_t hash = *leaf;
    for (unsigned level = 0;; level++) {
        dais_store_vector_t *row = &nodes->levels[level];
        dais_hash_t *place = dais_store_vector_add(row);
        if (place == NULL)
            return false;
        *place = hash;
        if (row->count % 2 != 0)
            return true;
        const dais_hash_t *left = dais_store_vector_at(row, row->count - 2);
        hash = dais_tree_node_hash(left, place);
    }
}

static dais_err_t nodes_hash(void *context, unsigned level, uint64_t index, dais_hash_t *out)
{
    const dais_nodes_t *nodes = context;
    const dais_hash_t *hash =
        level < 64 ? dais_store_vector_at(&nodes->levels[level], index) : NULL;
    if (hash == NULL)
        return DAIS_ERR_NOT_FOUND;
    *out = *hash;
    return DAIS_OK;
}

dais_hash_t dais_nodes_root(dais_nodes_t *nodes, uint64_t size)
{
    dais_tree_source_t source = {.hash = nodes_hash, .context = nodes};
    dais_hash_t root;
    assert(size <= dais_nodes_size(nodes));
    dais_err_t err = dais_tree_source_root(&source, size, &root);
    assert(err == DAIS_OK);
    (void)err;
    return root;
}
