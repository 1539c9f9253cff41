/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_TESTS_SUPPORT_WORLD_RUN_H
#define DAIS_TESTS_SUPPORT_WORLD_RUN_H

#include "tests/support/world.h"

/* A log that holds a run of entries of one bundle, and the receipts for the run. */
typedef struct {
    dais_hash_t *leaves; /* of the whole log, entry 0 first */
    size_t size;
    size_t first; /* index of the run's first entry */
    size_t count;
    dais_receipts_t receipts; /* decoded from packed */
    dais_slice_t packed;
    dais_claim_t claim;
} world_run_t;

/* Runs leave gaps in their bundle, as they do where some messages were logged before. */
static inline size_t world_run_index(const world_run_t *run, size_t i)
{
    return i * run->claim.message_count / run->count;
}

static inline dais_receipt_entry_t world_run_entry(const world_run_t *run, size_t i)
{
    return (dais_receipt_entry_t){.index = world_run_index(run, i),
                                  .verdicts = world_verdicts(i % 3, 1 + i % 2),
                                  .salt = world_salt(1000 + i)};
}

/* Not by dais_receipt_record(), which this is to judge. */
static inline dais_hash_t world_run_leaf(const world_run_t *run, const dais_receipts_t *receipts,
                                         const dais_receipt_entry_t *entry, uint64_t seq)
{
    dais_record_t record = {.epoch = receipts->epoch,
                            .logged_at = receipts->logged_at,
                            .received_at = run->claim.received_at,
                            .verdicts = entry->verdicts,
                            .bundle = dais_hash_slice(&run->claim.bundle),
                            .index = entry->index,
                            .message = run->claim.messages[entry->index]};
    size_t used = world_arena.used;
    dais_slice_t packed = world_pack(&dais_shape_record, &record);
    world_arena.used = used; /* Only its hash is kept. */
    dais_hash_t commitment = dais_record_commit(&entry->salt, packed);
    return dais_entry_hash(seq, &commitment);
}

static inline dais_slice_t world_checkpoint(const world_t *world, const dais_hash_t *leaves,
                                            size_t size)
{
    dais_checkpoint_t checkpoint = {.origin = dais_slice_text(world->origin),
                                    .size = size,
                                    .root = dais_tree_root(leaves, size)};
    dais_writer_t writer = world_writer();
    world_must(
        dais_checkpoint_sign(&checkpoint, &world->log_key, world->log_device.secret, &writer));
    return world_keep(&writer);
}

static inline void world_run_leaves(const world_t *world, world_run_t *run,
                                    dais_receipts_t *receipts)
{
    dais_receipt_entry_t entries[DAIS_LIMIT_BUNDLE_MESSAGES];
    for (size_t i = 0; i < run->count; i++)
        entries[i] = world_run_entry(run, i);
    run->leaves = (dais_hash_t *)(void *)world_room(run->size * sizeof(dais_hash_t));
    for (size_t i = 0; i < run->size; i++)
        run->leaves[i] = i == 0 ? world->log : world_hash("leaf", i);
    for (size_t i = 0; i < run->count; i++)
        run->leaves[run->first + i] = world_run_leaf(run, receipts, &entries[i], run->first + i);
    dais_writer_t writer = world_writer();
    for (size_t i = 0; i < run->count; i++)
        world_must(
            dais_list_add(&receipts->entries, &dais_shape_receipt_entry, &entries[i], &writer));
    (void)world_keep(&writer);
}

static inline dais_slice_t world_path(const world_run_t *run, size_t index)
{
    dais_tree_path_t path;
    world_must(dais_tree_leaves_inclusion(run->leaves, run->size, index, &path));
    dais_slice_t bytes = dais_tree_path_bytes(&path);
    return dais_slice(world_copy(bytes), bytes.size);
}

/* `first` entries, then `count` of the bundle, then `after` more. first is at least 1: genesis. */
static inline void world_run_make(const world_t *world, const world_bundle_t *bundle, size_t first,
                                  size_t count, size_t after, world_run_t *run)
{
    *run = (world_run_t){.size = first + count + after,
                         .first = first,
                         .count = count,
                         .claim = {.log_key = &world->log_key,
                                   .bundle = bundle->hash,
                                   .messages = bundle->messages,
                                   .message_count = bundle->count,
                                   .received_at = WORLD_NOW_MS + 5}};
    dais_receipts_t receipts = {.first = first, .epoch = 3, .logged_at = WORLD_NOW_MS + 9};
    world_run_leaves(world, run, &receipts);
    receipts.first_path = world_path(run, first);
    receipts.last_path = world_path(run, first + count - 1);
    receipts.checkpoint = world_checkpoint(world, run->leaves, run->size);
    run->packed = world_pack(&dais_shape_receipts, &receipts);
    world_must(dais_shape_decode(&dais_shape_receipts, run->packed, &run->receipts).err);
}

#endif
