/* SPDX-License-Identifier: Apache-2.0
 *
 * What a key says, in signed bundles. One signature check admits 256 messages, and any single one
 * can still be proved to be the author's by at most eight hashes, without showing its neighbours.
 * Nothing here knows who may say what: that is the registry's, from the roster in the log. */
#include "proto/bundle.h"

#include <assert.h>

#include "proto/content.h"
#include "proto/frontier.h"
#include "proto/tree_verify.h"

/* What the header says of a beginning, it says in one way only. */
static dais_err_t head_check(const dais_bundle_t *head)
{
    static const dais_hash_t none;
    if (head->k == 0 && !dais_hash_equal(&head->prev, &none))
        return DAIS_ERR_BAD_CHAIN;
    if (head->seen_size > 0)
        return DAIS_OK;
    dais_hash_t empty = dais_tree_empty_root();
    return dais_hash_equal(&head->seen_root, &empty) ? DAIS_OK : DAIS_ERR_BAD_ROOT;
}

dais_err_t dais_bundle_sign(dais_bundle_t *head, const dais_slice_t *messages, size_t count,
                            const dais_device_t *device, dais_writer_t *writer)
{
    assert(count >= 1 && count <= DAIS_LIMIT_BUNDLE_MESSAGES);
    dais_frontier_t tree = {0};
    for (size_t i = 0; i < count; i++) {
        dais_hash_t leaf = dais_tree_leaf_hash(messages[i]);
        dais_frontier_append(&tree, &leaf);
    }
    head->key = device->key;
    head->count = count;
    head->root = dais_frontier_root(&tree);
    dais_err_t err = head_check(head);
    return err != DAIS_OK ? err : dais_signed_write(&dais_shape_bundle, head, device, writer);
}

dais_fault_t dais_bundle_read(dais_slice_t envelope, const dais_hash_t *log, dais_bundle_t *out)
{
    dais_slice_t signed_bytes;
    const uint8_t *signature;
    dais_fault_t fault =
        dais_signed_read(&dais_shape_bundle, envelope, out, &signed_bytes, &signature);
    if (fault.err == DAIS_OK && !dais_hash_equal(&out->log, log))
        fault.err = DAIS_ERR_WRONG_LOG;
    if (fault.err == DAIS_OK)
        fault.err = head_check(out);
    if (fault.err != DAIS_OK)
        memset(out, 0, sizeof *out);
    return fault;
}

dais_fault_t dais_bundle_open(dais_slice_t envelope, const dais_hash_t *log, dais_bundle_t *out)
{
    dais_fault_t fault =
        dais_signed_open(&dais_shape_bundle, envelope, log, &out->log, &out->key, out);
    if (fault.err == DAIS_OK)
        fault.err = head_check(out);
    if (fault.err != DAIS_OK)
        memset(out, 0, sizeof *out);
    return fault;
}

dais_hash_t dais_bundle_hash(dais_slice_t envelope)
{
    return dais_signed_hash(envelope);
}

static dais_err_t openings_check(const dais_item_t *item, const dais_message_t *message)
{
    dais_slice_t content;
    dais_err_t err = DAIS_OK;
    if (item->public_opening.size > 0)
        err = dais_content_open(item->public_opening, &message->public_commitment, &content);
    if (err == DAIS_OK && item->private_opening.size > 0) {
        err = dais_content_open(item->private_opening, &message->private_commitment, &content);
        if (err == DAIS_OK)
            err = dais_content_unpad(content, &content);
    }
    return err;
}

static dais_fault_t item_check(const dais_bundle_t *head, const dais_item_t *item)
{
    dais_message_t message;
    const dais_kind_t *kind;
    dais_fault_t fault = dais_message_decode(item->message, &message, &kind);
    if (fault.err != DAIS_OK)
        return fault;
    if (!dais_hash_equal(&message.log, &head->log))
        fault.err = DAIS_ERR_WRONG_LOG;
    else if ((uint64_t)kind->stream != head->stream)
        fault.err = DAIS_ERR_WRONG_STREAM;
    else
        fault.err = openings_check(item, &message);
    return fault;
}

dais_fault_t dais_bundle_check_items(const dais_bundle_t *head, const dais_list_t *items,
                                     size_t *index)
{
    *index = 0;
    if (items->count != head->count)
        return (dais_fault_t){DAIS_ERR_WRONG_COUNT, 0};
    dais_frontier_t tree = {0};
    dais_list_walk_t walk = dais_list_begin(items, &dais_shape_item);
    for (dais_item_t item; dais_list_next(&walk, &item); ++*index) {
        dais_fault_t fault = item_check(head, &item);
        if (fault.err != DAIS_OK) {
            fault.offset += (size_t)(item.message.data - items->items.data);
            return fault;
        }
        dais_hash_t leaf = dais_tree_leaf_hash(item.message);
        dais_frontier_append(&tree, &leaf);
    }
    dais_hash_t root = dais_frontier_root(&tree);
    return (dais_fault_t){dais_hash_equal(&root, &head->root) ? DAIS_OK : DAIS_ERR_BAD_ROOT, 0};
}

dais_fault_t dais_parcel_open(dais_slice_t bytes, const dais_hash_t *log, dais_parcel_t *out,
                              dais_bundle_t *head)
{
    memset(out, 0, sizeof *out);
    memset(head, 0, sizeof *head);
    if (bytes.size > DAIS_LIMIT_BUNDLE_BYTES)
        return (dais_fault_t){DAIS_ERR_TOO_LONG, DAIS_LIMIT_BUNDLE_BYTES};
    dais_fault_t fault = dais_shape_decode(&dais_shape_parcel, bytes, out);
    const uint8_t *part = bytes.data; /* the offset counts from here */
    if (fault.err == DAIS_OK) {
        part = out->envelope.data;
        fault = dais_bundle_open(out->envelope, log, head);
    }
    /* What is sealed never travels in the clear, whoever signed it. */
    if (fault.err == DAIS_OK && head->stream != DAIS_STREAM_OPEN)
        fault.err = DAIS_ERR_WRONG_STREAM;
    if (fault.err == DAIS_OK) {
        size_t index;
        part = out->items.items.data;
        fault = dais_bundle_check_items(head, &out->items, &index);
    }
    if (fault.err != DAIS_OK) {
        fault.offset += (size_t)(part - bytes.data);
        memset(out, 0, sizeof *out);
        memset(head, 0, sizeof *head);
    }
    return fault;
}

dais_err_t dais_bundle_prove(const dais_bundle_t *head, uint64_t index, dais_slice_t message,
                             dais_slice_t path)
{
    dais_hash_t leaf = dais_tree_leaf_hash(message);
    return dais_tree_inclusion_verify(index, head->count, &leaf, path, &head->root);
}
