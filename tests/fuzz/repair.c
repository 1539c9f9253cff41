/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/fuzz/repair.h"

#include "proto/content.h"
#include "proto/frontier.h"
#include "tests/fuzz/fuzz.h"
#include "tests/support/sample_arena.h"

static const dais_slice_t none = {NULL, 0};

/* The device whose key this is. */
static const dais_device_t *device_of(const dais_key_t *key)
{
    for (const dais_sample_actor_t *actor = dais_sample_actors(); actor->name != NULL; actor++) {
        if (memcmp(actor->device.key.bytes, key->bytes, DAIS_KEY_SIZE) == 0)
            return &actor->device;
    }
    return NULL;
}

static dais_slice_t written(const dais_writer_t *writer, dais_err_t err)
{
    return err == DAIS_OK ? dais_slice(writer->buffer, writer->size) : none;
}

dais_slice_t repair_signed(const dais_shape_t *shape, dais_slice_t bytes, const dais_key_t *key,
                           void *out, unsigned buffer)
{
    dais_slice_t rest;
    if (dais_shape_decode_first(shape, bytes, out, &rest).err != DAIS_OK)
        return none;
    const dais_device_t *device = device_of(key);
    dais_writer_t writer = fuzz_writer(buffer);
    return device == NULL ? none : written(&writer, dais_signed_write(shape, out, device, &writer));
}

/* salt || content as the commitment to it; left alone if there is no salt. */
static void commitment_set(dais_slice_t opening, dais_hash_t *commitment)
{
    dais_key_t salt;
    if (opening.size < DAIS_SALT_SIZE)
        return;
    memcpy(salt.bytes, opening.data, DAIS_SALT_SIZE);
    *commitment = dais_content_commit(
        &salt, dais_slice(opening.data + DAIS_SALT_SIZE, opening.size - DAIS_SALT_SIZE));
}

/* The message with commitments to these openings, behind what the writer holds. */
static dais_slice_t message_commit(dais_slice_t bytes, dais_slice_t public, dais_slice_t private,
                                   dais_writer_t *writer)
{
    dais_message_t message;
    size_t before = writer->size;
    if (dais_shape_decode(&dais_shape_message, bytes, &message).err != DAIS_OK)
        return bytes;
    commitment_set(public, &message.public_commitment);
    commitment_set(private, &message.private_commitment);
    if (dais_shape_encode(&dais_shape_message, &message, writer) != DAIS_OK)
        return bytes;
    return dais_slice(writer->buffer + before, writer->size - before);
}

/* The items with good commitments, and the tree over their messages. */
static bool items_repair(dais_list_t *items, repair_step_t step, dais_frontier_t *tree)
{
    dais_writer_t messages = fuzz_writer(1);
    dais_writer_t list = fuzz_writer(2);
    dais_list_t fresh = {0};
    dais_list_walk_t walk = dais_list_begin(items, &dais_shape_item);
    for (dais_item_t item; dais_list_next(&walk, &item);) {
        if (step == REPAIR_COMMITMENT)
            item.message =
                message_commit(item.message, item.public_opening, item.private_opening, &messages);
        dais_hash_t leaf = dais_tree_leaf_hash(item.message);
        dais_frontier_append(tree, &leaf);
        if (dais_list_add(&fresh, &dais_shape_item, &item, &list) != DAIS_OK)
            return false;
    }
    *items = fresh;
    return true;
}

dais_slice_t repair_parcel(dais_slice_t bytes, repair_step_t step)
{
    dais_parcel_t parcel;
    dais_bundle_t head;
    dais_slice_t rest;
    dais_frontier_t tree = {0};
    if (dais_shape_decode(&dais_shape_parcel, bytes, &parcel).err != DAIS_OK ||
        dais_shape_decode_first(&dais_shape_bundle, parcel.envelope, &head, &rest).err != DAIS_OK ||
        !items_repair(&parcel.items, step, &tree))
        return none;
    if (step != REPAIR_SIGNATURE) {
        head.count = parcel.items.count;
        head.root = dais_frontier_root(&tree);
    }
    uint8_t buffer[DAIS_LIMIT_ENVELOPE];
    dais_writer_t envelope;
    dais_writer_init(&envelope, buffer, sizeof buffer);
    const dais_device_t *device = device_of(&head.key);
    if (device == NULL ||
        dais_signed_write(&dais_shape_bundle, &head, device, &envelope) != DAIS_OK)
        return none;
    parcel.envelope = dais_slice(buffer, envelope.size);
    dais_writer_t writer = fuzz_writer(0);
    return written(&writer, dais_shape_encode(&dais_shape_parcel, &parcel, &writer));
}

/* The root that a path of n hashes leads to in a complete tree of 2^n leaves. */
static dais_hash_t path_root(uint64_t index, dais_hash_t leaf, dais_slice_t path)
{
    for (size_t at = 0; at + DAIS_HASH_SIZE <= path.size; at += DAIS_HASH_SIZE, index /= 2) {
        dais_hash_t sibling;
        memcpy(sibling.bytes, path.data + at, DAIS_HASH_SIZE);
        leaf = index % 2 == 0 ? dais_tree_node_hash(&leaf, &sibling)
                              : dais_tree_node_hash(&sibling, &leaf);
    }
    return leaf;
}

static uint64_t path_leaves(dais_slice_t path)
{
    return (uint64_t)1 << path.size / DAIS_HASH_SIZE;
}

/* The bundle header over the record's message, signed, behind what the writer holds. */
static dais_slice_t envelope_repair(const dais_opening_t *opening, dais_record_t *record,
                                    repair_step_t step, dais_writer_t *writer)
{
    dais_bundle_t head;
    dais_slice_t rest;
    size_t before = writer->size;
    if (dais_shape_decode_first(&dais_shape_bundle, opening->envelope, &head, &rest).err != DAIS_OK)
        return opening->envelope;
    if (step != REPAIR_SIGNATURE) {
        head.count = path_leaves(opening->message_path);
        record->index %= head.count;
        head.root =
            path_root(record->index, dais_tree_leaf_hash(record->message), opening->message_path);
    }
    const dais_device_t *device = device_of(&head.key);
    if (device == NULL || dais_signed_write(&dais_shape_bundle, &head, device, writer) != DAIS_OK)
        return opening->envelope;
    return dais_slice(writer->buffer + before, writer->size - before);
}

/* The stamp over that bundle, signed; the record then says its time. */
static dais_slice_t stamp_repair(dais_opening_t *opening, dais_record_t *record, repair_step_t step,
                                 dais_writer_t *writer)
{
    dais_stamp_t stamp;
    dais_slice_t rest;
    size_t before = writer->size;
    if (dais_shape_decode_first(&dais_shape_stamp, opening->stamp, &stamp, &rest).err != DAIS_OK) {
        if (opening->stamp.size == 0 && step != REPAIR_SIGNATURE)
            record->received_at = record->logged_at;
        return opening->stamp;
    }
    if (step != REPAIR_SIGNATURE) {
        stamp.count = path_leaves(opening->bundle_path);
        opening->bundle_index %= stamp.count;
        dais_hash_t hash = dais_bundle_hash(opening->envelope);
        stamp.root = path_root(opening->bundle_index, dais_tree_leaf_hash(dais_hash_slice(&hash)),
                               opening->bundle_path);
        record->received_at = stamp.at;
    }
    const dais_device_t *device = device_of(&stamp.key);
    if (device == NULL || dais_signed_write(&dais_shape_stamp, &stamp, device, writer) != DAIS_OK)
        return opening->stamp;
    return dais_slice(writer->buffer + before, writer->size - before);
}

/* What the registry itself entered: genesis is signed, the rest is not. */
static void own_repair(dais_record_t *record, repair_step_t step, dais_writer_t *writer)
{
    dais_genesis_t genesis;
    dais_slice_t rest;
    size_t before = writer->size;
    if (step != REPAIR_SIGNATURE)
        record->received_at = record->logged_at;
    if (dais_shape_decode_first(&dais_shape_genesis, record->message, &genesis, &rest).err !=
        DAIS_OK)
        return;
    const dais_device_t *device = device_of(&genesis.secretariat_key);
    if (step != REPAIR_SIGNATURE)
        genesis.policy_hash = dais_hash_one(genesis.policy);
    if (device != NULL &&
        dais_signed_write(&dais_shape_genesis, &genesis, device, writer) == DAIS_OK)
        record->message = dais_slice(writer->buffer + before, writer->size - before);
}

dais_slice_t repair_opening(dais_slice_t bytes, repair_step_t step)
{
    dais_opening_t opening;
    dais_record_t record;
    dais_writer_t parts = fuzz_writer(1);
    if (dais_shape_decode(&dais_shape_opening, bytes, &opening).err != DAIS_OK ||
        dais_shape_decode(&dais_shape_record, opening.record, &record).err != DAIS_OK)
        return none;
    dais_hash_t bundle;
    if (record.bundle.size == 0) {
        own_repair(&record, step, &parts);
    } else {
        if (step == REPAIR_COMMITMENT)
            record.message = message_commit(record.message, opening.public_opening,
                                            opening.private_opening, &parts);
        opening.envelope = envelope_repair(&opening, &record, step, &parts);
        opening.stamp = stamp_repair(&opening, &record, step, &parts);
        bundle = dais_bundle_hash(opening.envelope);
        record.bundle = dais_hash_slice(&bundle);
    }
    dais_writer_t packed = fuzz_writer(2);
    if (dais_shape_encode(&dais_shape_record, &record, &packed) != DAIS_OK)
        return none;
    opening.record = dais_slice(packed.buffer, packed.size);
    dais_writer_t writer = fuzz_writer(0);
    return written(&writer, dais_shape_encode(&dais_shape_opening, &opening, &writer));
}
