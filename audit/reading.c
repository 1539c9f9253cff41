/* SPDX-License-Identifier: Apache-2.0
 *
 * The pieces of an entry are tied to one another by hashes and signatures, and each tie is a check
 * of its own. A bundle is opened once for all its entries, a stamp once for all its bundles: the
 * signature is nearly all that it costs. */
#include "audit/reading.h"

#include "proto/bundle.h"
#include "proto/content.h"
#include "proto/entry.h"
#include "proto/genesis.h"
#include "proto/stamp.h"
#include "proto/tree.h"

dais_err_t dais_reading_open(dais_reading_t *reading, const char *path, dais_checks_t *checks)
{
    *reading = (dais_reading_t){.checks = checks};
    dais_err_t err = dais_frames_open(&reading->frames, path);
    if (err == DAIS_OK && !dais_frames_are_export(&reading->frames)) {
        dais_reading_close(reading);
        err = DAIS_ERR_WRONG_DOMAIN;
    }
    return err;
}

dais_err_t dais_reading_open_again(dais_reading_t *reading, const char *path, dais_checks_t *checks)
{
    dais_err_t err = dais_reading_open(reading, path, checks);
    reading->is_again = true;
    return err;
}

dais_err_t dais_reading_is_whole(const char *path, bool *is_whole)
{
    dais_frames_t frames;
    dais_slice_t frame;
    dais_export_entry_t entry;
    *is_whole = true;
    dais_err_t err = dais_frames_open(&frames, path);
    if (err != DAIS_OK)
        return err;
    while (*is_whole && dais_frames_next(&frames, &frame).err == DAIS_OK && frame.size > 0)
        if (dais_shape_is(&dais_shape_export_entry, frame) &&
            dais_shape_decode(&dais_shape_export_entry, frame, &entry).err == DAIS_OK)
            *is_whole = entry.record.size > 0;
    dais_frames_close(&frames);
    return DAIS_OK;
}

void dais_reading_close(dais_reading_t *reading)
{
    dais_frames_close(&reading->frames);
}

static bool reading_ends(dais_reading_t *reading, dais_err_t err, size_t offset)
{
    char text[96];
    (void)snprintf(text, sizeof text, "%s, at byte %zu of the file", dais_err_code(err), offset);
    dais_checks_fail_all(reading->checks, DAIS_CHECK_FORM, text);
    return false;
}

static dais_slice_t reading_keep(uint8_t *bytes, size_t capacity, dais_slice_t slice)
{
    size_t size = slice.size < capacity ? slice.size : capacity; /* the shape has the same limit */
    memcpy(bytes, slice.data, size);
    return dais_slice(bytes, size);
}

/* What is signed, without a look at the signature. */
static dais_err_t reading_unsigned(const dais_shape_t *shape, dais_slice_t bytes, void *out)
{
    dais_slice_t signed_bytes;
    const uint8_t *signature;
    return dais_signed_read(shape, bytes, out, &signed_bytes, &signature).err;
}

/* One with a bad signature is read all the same, so that what stands in it is checked too. */
static bool reading_signed(dais_reading_t *reading, dais_check_t check, dais_err_t err,
                           const dais_shape_t *shape, dais_slice_t bytes, void *out)
{
    if (dais_checks_err(reading->checks, check, reading->state.next, err))
        return true;
    return err == DAIS_ERR_BAD_SIGNATURE && reading_unsigned(shape, bytes, out) == DAIS_OK;
}

static void reading_stamp(dais_reading_t *reading, const dais_export_stamp_t *item)
{
    reading->stamp_slice =
        reading_keep(reading->stamp_bytes, sizeof reading->stamp_bytes, item->stamp);
    dais_err_t err =
        reading->is_again
            ? reading_unsigned(&dais_shape_stamp, reading->stamp_slice, &reading->stamp)
            : dais_stamp_open(reading->stamp_slice, &reading->log, &reading->stamp).err;
    reading->has_stamp = reading_signed(reading, DAIS_CHECK_STAMPS, err, &dais_shape_stamp,
                                        reading->stamp_slice, &reading->stamp);
    reading->is_new_stamp = reading->has_stamp;
}

static void reading_bundle(dais_reading_t *reading, const dais_export_bundle_t *item)
{
    reading->bundle_slice =
        reading_keep(reading->bundle_bytes, sizeof reading->bundle_bytes, item->envelope);
    dais_err_t err =
        reading->is_again
            ? reading_unsigned(&dais_shape_bundle, reading->bundle_slice, &reading->bundle)
            : dais_bundle_open(reading->bundle_slice, &reading->log, &reading->bundle).err;
    reading->has_bundle = reading_signed(reading, DAIS_CHECK_BUNDLES, err, &dais_shape_bundle,
                                         reading->bundle_slice, &reading->bundle);
    reading->is_new_bundle = reading->has_bundle;
    reading->is_stamped = item->stamped == 1;
    reading->bundle_index = item->index;
    reading->bundle_hash = dais_bundle_hash(reading->bundle_slice);
    dais_tree_paths_begin(&reading->paths, reading->bundle.count, &reading->bundle.root);
    if (!reading->is_stamped || reading->is_again)
        return;
    err = reading->has_stamp
              ? dais_stamp_prove(&reading->stamp, item->index, &reading->bundle_hash, item->path)
              : DAIS_ERR_BAD_CHAIN;
    (void)dais_checks_err(reading->checks, DAIS_CHECK_RECEIVED, reading->state.next, err);
}

static dais_err_t reading_own(dais_reading_t *reading, dais_reading_entry_t *out,
                              const dais_export_entry_t *item)
{
    if (item->message_path.size + item->public_opening.size + item->private_opening.size > 0 ||
        out->record.received_at != out->record.logged_at)
        return DAIS_ERR_WRONG_ENTRY;
    if (out->seq == 0) {
        dais_err_t err = dais_genesis_open(out->record.message, &out->genesis).err;
        (void)dais_checks_err(reading->checks, DAIS_CHECK_GENESIS, 0, err);
        out->kind = err == DAIS_OK ? dais_kind_of(DAIS_KIND_GENESIS) : NULL;
        return DAIS_OK; /* what is wrong with it is noted there */
    }
    dais_err_t err = dais_own_decode(out->record.message, &out->own, &out->kind).err;
    return err == DAIS_OK && !dais_hash_equal(&out->own.log, &reading->log) ? DAIS_ERR_WRONG_LOG
                                                                            : err;
}

static dais_err_t reading_message(dais_reading_t *reading, dais_reading_entry_t *out,
                                  const dais_export_entry_t *item)
{
    dais_err_t err = dais_message_decode(out->record.message, &out->message, &out->kind).err;
    if (err == DAIS_OK && !dais_hash_equal(&out->message.log, &reading->log))
        err = DAIS_ERR_WRONG_LOG;
    if (err == DAIS_OK &&
        (!reading->has_bundle ||
         !dais_slice_equal(out->record.bundle, dais_hash_slice(&reading->bundle_hash))))
        err = DAIS_ERR_WRONG_ENTRY;
    if (err == DAIS_OK && !reading->is_again) {
        dais_hash_t leaf = dais_tree_leaf_hash(out->record.message);
        err = dais_tree_paths_verify(&reading->paths, out->record.index, &leaf, item->message_path);
    }
    if (err == DAIS_OK && reading->bundle.stream != (uint64_t)out->kind->stream)
        err = DAIS_ERR_WRONG_STREAM;
    return err;
}

static void reading_time(dais_reading_t *reading, dais_reading_entry_t *out)
{
    uint64_t at = reading->is_stamped ? reading->stamp.at : out->record.logged_at;
    out->has_stamp = reading->is_stamped && reading->has_stamp;
    if (out->has_stamp)
        out->stamp = reading->stamp;
    out->bundle_index = reading->bundle_index;
    if (!reading->is_stamped || reading->has_stamp)
        (void)dais_checks_err(reading->checks, DAIS_CHECK_RECEIVED, out->seq,
                              out->record.received_at == at ? DAIS_OK : DAIS_ERR_WRONG_ENTRY);
}

static void reading_content(dais_reading_t *reading, const dais_reading_entry_t *entry,
                            dais_slice_t opening, const dais_hash_t *commitment, bool is_private,
                            dais_slice_t *content)
{
    if (opening.size == 0)
        return;
    dais_err_t err = dais_content_open(opening, commitment, content);
    if (err == DAIS_OK && is_private)
        err = dais_content_unpad(*content, content);
    (void)dais_checks_err(reading->checks, DAIS_CHECK_CONTENTS, entry->seq, err);
}

static void reading_contents(dais_reading_t *reading, dais_reading_entry_t *out,
                             const dais_export_entry_t *item)
{
    dais_slice_t private_content;
    if (reading->is_again)
        return;
    reading_content(reading, out, item->public_opening, &out->message.public_commitment, false,
                    &out->public_content);
    reading_content(reading, out, item->private_opening, &out->message.private_commitment, true,
                    &private_content);
    out->lacks_content = item->public_opening.size == 0;
    if (item->private_opening.size == 0)
        dais_checks_count(reading->checks, DAIS_CHECK_CONTENTS, DAIS_CHECK_SEALED);
}

static void reading_record(dais_reading_t *reading, dais_reading_entry_t *out,
                           const dais_export_entry_t *item)
{
    bool is_said = out->record.bundle.size > 0;
    dais_err_t err =
        is_said ? reading_message(reading, out, item) : reading_own(reading, out, item);
    if (!dais_checks_err(reading->checks, DAIS_CHECK_MESSAGES, out->seq, err)) {
        out->kind = NULL;
        return;
    }
    if (!is_said)
        return;
    out->has_bundle = true;
    out->bundle = reading->bundle;
    out->bundle_hash = reading->bundle_hash;
    out->is_first_of_bundle = !dais_hash_equal(&reading->last_bundle, &reading->bundle_hash);
    reading_time(reading, out);
    reading_contents(reading, out, item);
}

static void reading_entry(dais_reading_t *reading, const dais_export_entry_t *item,
                          dais_reading_entry_t *out)
{
    dais_entry_t leaf;
    dais_key_t salt;
    if (reading->wants != NULL && reading->has_log &&
        !reading->wants(reading->context, reading->state.next - 1)) {
        *out = (dais_reading_entry_t){.seq = reading->state.next - 1};
        return;
    }
    *out = (dais_reading_entry_t){.leaf = dais_tree_leaf_hash(item->leaf)};
    out->seq = reading->state.next - 1; /* as the leaf says; the frame was checked before */
    if (!reading->has_log)
        reading->log = out->leaf;
    reading->has_log = true;
    if (item->salt.size == 0)
        return;
    out->is_shown = true;
    memcpy(salt.bytes, item->salt.data, sizeof salt.bytes);
    dais_err_t err =
        reading->is_again
            ? dais_record_decode(item->record, &out->record).err
            : dais_entry_open(item->leaf, &salt, item->record, &leaf, &out->record).err;
    out->is_open = dais_checks_err(reading->checks, DAIS_CHECK_RECORDS, out->seq, err);
    if (out->is_open)
        reading_record(reading, out, item);
}

static void reading_head(dais_reading_t *reading, const dais_export_head_t *head)
{
    memcpy(reading->origin, head->origin.data, head->origin.size);
    reading->origin[head->origin.size] = 0;
}

static void reading_end(dais_reading_t *reading, const dais_export_end_t *end)
{
    memcpy(reading->checkpoint, end->checkpoint.data, end->checkpoint.size);
    reading->checkpoint_size = end->checkpoint.size;
}

/* Takes one item; true if it is an entry. */
static bool reading_item(dais_reading_t *reading, const dais_export_item_t *item,
                         dais_reading_entry_t *out)
{
    switch (item->type) {
    case DAIS_EXPORT_HEAD: reading_head(reading, &item->as.head); break;
    case DAIS_EXPORT_STAMP: reading_stamp(reading, &item->as.stamp); break;
    case DAIS_EXPORT_BUNDLE: reading_bundle(reading, &item->as.bundle); break;
    case DAIS_EXPORT_END: reading_end(reading, &item->as.end); break;
    case DAIS_EXPORT_ENTRY: reading_entry(reading, &item->as.entry, out); return true;
    }
    return false;
}

static void reading_remember(dais_reading_t *reading, const dais_reading_entry_t *out)
{
    memset(&reading->last_bundle, 0, sizeof reading->last_bundle);
    if (out->has_bundle)
        reading->last_bundle = out->bundle_hash;
}

bool dais_reading_next(dais_reading_t *reading, dais_reading_entry_t *out)
{
    dais_export_item_t item;
    dais_slice_t frame;
    reading->is_new_stamp = reading->is_new_bundle = false;
    for (;;) {
        size_t offset = reading->frames.offset;
        dais_fault_t fault = dais_frames_next(&reading->frames, &frame);
        if (fault.err != DAIS_OK)
            return reading_ends(reading, fault.err, fault.offset);
        if (frame.size == 0) {
            dais_err_t err = dais_export_finish(&reading->state);
            return err == DAIS_OK ? false : reading_ends(reading, err, offset);
        }
        fault = dais_export_read(&reading->state, frame, &item);
        if (fault.err != DAIS_OK)
            return reading_ends(reading, fault.err, offset + 4 + fault.offset);
        dais_checks_pass(reading->checks, DAIS_CHECK_FORM);
        if (!reading_item(reading, &item, out))
            continue;
        reading_remember(reading, out);
        return true;
    }
}
