/* SPDX-License-Identifier: Apache-2.0
 *
 * Guarantees: what is in the replica was proved when it came; the folder never shows a checkpoint
 * whose tiles, leaves and openings are not on the disk before it. */
#include "publisher/replica.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "proto/entry_bundle.h"
#include "proto/opening.h"
#include "proto/proof.h"
#include "proto/shape.h"
#include "proto/tile.h"
#include "publisher/replica_private.h"

dais_err_t dais_replica_create(dais_replica_t **replica, const dais_vkey_t *key)
{
    *replica = calloc(1, sizeof **replica);
    if (*replica == NULL)
        return DAIS_ERR_NO_MEMORY;
    (*replica)->key = *key;
    dais_err_t err = dais_fold_create(&(*replica)->fold);
    if (err != DAIS_OK)
        dais_replica_destroy(replica);
    return err;
}

void dais_replica_destroy(dais_replica_t **replica)
{
    if (*replica == NULL)
        return;
    for (size_t i = 0; i < (*replica)->size; i++) {
        free((*replica)->leaves[i]);
        free((*replica)->openings[i].bytes);
    }
    for (size_t level = 0; level < REPLICA_LEVELS; level++)
        free((*replica)->nodes[level].items);
    free((*replica)->leaves);
    free((*replica)->openings);
    free((*replica)->dirty);
    free((*replica)->note);
    dais_fold_destroy(&(*replica)->fold);
    free(*replica);
    *replica = NULL;
}

static dais_err_t node_push(replica_nodes_t *nodes, const dais_hash_t *hash)
{
    if (nodes->count == nodes->capacity) {
        size_t capacity = nodes->capacity == 0 ? 256 : nodes->capacity * 2;
        dais_hash_t *wider = realloc(nodes->items, capacity * sizeof *wider);
        if (wider == NULL)
            return DAIS_ERR_NO_MEMORY;
        nodes->items = wider;
        nodes->capacity = capacity;
    }
    nodes->items[nodes->count++] = *hash;
    return DAIS_OK;
}

/* The leaf, and every subtree that it completes. */
static dais_err_t nodes_append(dais_replica_t *replica, const dais_hash_t *leaf)
{
    dais_hash_t hash = *leaf;
    for (size_t level = 0; level < REPLICA_LEVELS; level++) {
        replica_nodes_t *nodes = &replica->nodes[level];
        dais_err_t err = node_push(nodes, &hash);
        if (err != DAIS_OK || nodes->count % 2 != 0)
            return err;
        hash =
            dais_tree_node_hash(&nodes->items[nodes->count - 2], &nodes->items[nodes->count - 1]);
    }
    return DAIS_OK;
}

static dais_err_t source_hash(void *context, unsigned level, uint64_t index, dais_hash_t *out)
{
    const dais_replica_t *replica = context;
    if (level >= REPLICA_LEVELS || index >= replica->nodes[level].count)
        return DAIS_ERR_NOT_FOUND;
    *out = replica->nodes[level].items[index];
    return DAIS_OK;
}

static dais_tree_source_t replica_source(dais_replica_t *replica)
{
    return (dais_tree_source_t){.hash = source_hash, .context = replica};
}

static dais_err_t replica_room(dais_replica_t *replica)
{
    if (replica->size < replica->capacity)
        return DAIS_OK;
    size_t capacity = replica->capacity == 0 ? 1024 : replica->capacity * 2;
    replica_leaf_t **leaves = realloc(replica->leaves, capacity * sizeof(replica_leaf_t *));
    if (leaves == NULL)
        return DAIS_ERR_NO_MEMORY;
    replica->leaves = leaves;
    replica_opening_t *openings = realloc(replica->openings, capacity * sizeof *openings);
    if (openings == NULL)
        return DAIS_ERR_NO_MEMORY;
    replica->openings = openings;
    bool *dirty = realloc(replica->dirty, capacity / DAIS_LIMIT_OPEN_FILE_ENTRIES * sizeof *dirty);
    if (dirty == NULL)
        return DAIS_ERR_NO_MEMORY;
    size_t old = replica->capacity / DAIS_LIMIT_OPEN_FILE_ENTRIES;
    memset(dirty + old, 0, (capacity / DAIS_LIMIT_OPEN_FILE_ENTRIES - old) * sizeof *dirty);
    replica->dirty = dirty;
    replica->capacity = capacity;
    return DAIS_OK;
}

dais_err_t dais_replica_leaf(dais_replica_t *replica, dais_slice_t leaf)
{
    dais_entry_t entry;
    dais_err_t err = dais_shape_decode(&dais_shape_entry, leaf, &entry).err;
    if (err == DAIS_OK && entry.seq != replica->size)
        err = DAIS_ERR_WRONG_ENTRY;
    if (err == DAIS_OK)
        err = replica_room(replica);
    replica_leaf_t *copy = err == DAIS_OK ? malloc(sizeof *copy + leaf.size) : NULL;
    if (copy == NULL)
        return err == DAIS_OK ? DAIS_ERR_NO_MEMORY : err;
    dais_hash_t hash = dais_tree_leaf_hash(leaf);
    err = nodes_append(replica, &hash);
    if (err != DAIS_OK) {
        free(copy);
        return err;
    }
    copy->size = leaf.size;
    memcpy(copy->bytes, leaf.data, leaf.size);
    replica->leaves[replica->size] = copy;
    replica->openings[replica->size] = (replica_opening_t){0};
    replica->dirty[replica->size / DAIS_LIMIT_OPEN_FILE_ENTRIES] = true;
    replica->size++;
    return DAIS_OK;
}

dais_err_t dais_replica_open(dais_replica_t *replica, dais_slice_t bytes)
{
    dais_opening_t opening;
    dais_opened_t opened;
    dais_err_t err = dais_shape_decode(&dais_shape_opening, bytes, &opening).err;
    if (err == DAIS_OK && opening.seq >= replica->size)
        err = DAIS_ERR_OUT_OF_RANGE;
    if (err == DAIS_OK)
        err = dais_opening_check(&opening, &replica->nodes[0].items[0], &opened).err;
    if (err == DAIS_OK && !dais_hash_equal(&opened.leaf, &replica->nodes[0].items[opening.seq]))
        err = DAIS_ERR_WRONG_ENTRY;
    uint8_t *copy = err == DAIS_OK ? malloc(bytes.size) : NULL;
    if (copy == NULL)
        return err == DAIS_OK ? DAIS_ERR_NO_MEMORY : err;
    err = dais_fold_take(replica->fold, &opened);
    if (err != DAIS_OK) {
        free(copy);
        return err;
    }
    memcpy(copy, bytes.data, bytes.size);
    replica_opening_t *kept = &replica->openings[opening.seq];
    free(kept->bytes);
    *kept = (replica_opening_t){.bytes = copy, .size = bytes.size, .turn = kept->turn + 1};
    replica->dirty[opening.seq / DAIS_LIMIT_OPEN_FILE_ENTRIES] = true;
    return DAIS_OK;
}

dais_err_t dais_replica_checkpoint(dais_replica_t *replica, dais_slice_t bytes)
{
    dais_checkpoint_t checkpoint;
    dais_hash_t root;
    dais_tree_source_t source = replica_source(replica);
    dais_err_t err = dais_checkpoint_verify(bytes, &replica->key, &checkpoint).err;
    if (err == DAIS_OK && checkpoint.size != replica->size)
        err = DAIS_ERR_OUT_OF_RANGE;
    if (err == DAIS_OK)
        err = dais_tree_source_root(&source, replica->size, &root);
    if (err == DAIS_OK && !dais_hash_equal(&root, &checkpoint.root))
        err = DAIS_ERR_BAD_ROOT;
    uint8_t *copy = err == DAIS_OK ? malloc(bytes.size) : NULL;
    if (copy == NULL)
        return err == DAIS_OK ? DAIS_ERR_NO_MEMORY : err;
    memcpy(copy, bytes.data, bytes.size);
    free(replica->note);
    replica->note = copy;
    replica->note_size = bytes.size;
    replica->root = root;
    replica->published = checkpoint.size;
    return DAIS_OK;
}

uint64_t dais_replica_size(const dais_replica_t *replica)
{
    return replica->size;
}

uint64_t dais_replica_published(const dais_replica_t *replica)
{
    return replica->published;
}

dais_slice_t dais_replica_note(const dais_replica_t *replica)
{
    return dais_slice(replica->note, replica->note_size);
}

dais_hash_t dais_replica_root(const dais_replica_t *replica)
{
    return replica->root;
}

dais_fold_t *dais_replica_fold(const dais_replica_t *replica)
{
    return replica->fold;
}

const dais_vkey_t *dais_replica_key(const dais_replica_t *replica)
{
    return &replica->key;
}

dais_hash_t dais_replica_log(const dais_replica_t *replica)
{
    return replica->size > 0 ? replica->nodes[0].items[0] : (dais_hash_t){{0}};
}

dais_slice_t dais_replica_opening(const dais_replica_t *replica, uint64_t seq)
{
    if (seq >= replica->size)
        return dais_slice(NULL, 0);
    return dais_slice(replica->openings[seq].bytes, replica->openings[seq].size);
}

uint32_t dais_replica_turn(const dais_replica_t *replica, uint64_t seq)
{
    return seq < replica->size ? replica->openings[seq].turn : 0;
}

bool dais_replica_is_receipt(const dais_replica_t *replica, uint64_t seq, dais_slice_t text)
{
    dais_proof_t proof;
    dais_slice_t opening = dais_replica_opening(replica, seq);
    if (opening.size == 0 || dais_proof_parse(text, &proof).err != DAIS_OK || proof.index != seq ||
        proof.extra_size != opening.size)
        return false;
    char *extra = malloc(DAIS_BASE64_SIZE(opening.size));
    bool is = extra != NULL &&
              dais_slice_equal(dais_slice(extra, dais_base64_encode(opening, extra)), proof.extra);
    free(extra);
    return is &&
           dais_proof_verify(&proof, &replica->nodes[0].items[seq], &replica->key, NULL) == DAIS_OK;
}

dais_err_t dais_replica_receipt(dais_replica_t *replica, uint64_t seq, dais_writer_t *writer)
{
    dais_tree_path_t path;
    dais_tree_source_t source = replica_source(replica);
    dais_slice_t opening = dais_replica_opening(replica, seq);
    if (opening.size == 0)
        return DAIS_ERR_NOT_FOUND;
    dais_err_t err = dais_tree_inclusion(&source, seq, replica->published, &path);
    return err != DAIS_OK ? err
                          : dais_proof_put(writer, opening, seq, &path, dais_replica_note(replica));
}
