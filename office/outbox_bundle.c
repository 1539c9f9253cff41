/* SPDX-License-Identifier: Apache-2.0
 *
 * A bundle is made in one transaction: its messages leave the queue, its row is there with the
 * bytes that travel, the chain goes on. So whatever dies, either nothing was signed or all of it
 * is kept, and no k is ever signed twice by one outbox. */
#include "office/outbox_bundle.h"

#include <assert.h>
#include <sodium.h>
#include <stdlib.h>

#include "proto/reader.h"
#include "proto/tree.h"

/* Room in a parcel for all but its items, and in a sealed one for the box. */
#define PARCEL_HEAD_BYTES  1024
#define PARCEL_ITEMS_BYTES (DAIS_LIMIT_BUNDLE_BYTES - PARCEL_HEAD_BYTES)

typedef struct {
    dais_txn_t *txn;
    const dais_bundler_t *bundler;
    unsigned stream;
    uint8_t *buffer; /* four parts, each as large as a bundle */
    dais_writer_t items_writer;
    dais_list_t items;
    dais_bundle_t head;
    size_t count;
    uint64_t numbers[DAIS_LIMIT_BUNDLE_MESSAGES];
    dais_slice_t messages[DAIS_LIMIT_BUNDLE_MESSAGES];
} bundling_t;

/* True if it went in. What has been turned away once goes alone. */
static bool bundling_add(bundling_t *bundling, uint64_t number, bool *alone)
{
    dais_outbox_message_t message;
    dais_outbox_fate_t fate;
    if (bundling->count == DAIS_LIMIT_BUNDLE_MESSAGES ||
        !dais_outbox_message(bundling->txn, number, &message) ||
        !dais_outbox_fate(bundling->txn, number, &fate))
        return false;
    *alone = fate.attempts > 0;
    if (*alone && bundling->count > 0)
        return false;
    dais_item_t item = {.message = message.message,
                        .public_opening = message.public_opening,
                        .private_opening = message.private_opening};
    size_t before = bundling->items_writer.size;
    if (dais_list_add(&bundling->items, &dais_shape_item, &item, &bundling->items_writer) !=
        DAIS_OK)
        return false;
    /* The item lies in the buffer, where its message is the first field: array, head, bytes. */
    dais_item_t packed;
    dais_slice_t bytes =
        dais_slice(bundling->items_writer.buffer + before, bundling->items_writer.size - before);
    if (dais_shape_decode(&dais_shape_item, bytes, &packed).err != DAIS_OK)
        return false;
    bundling->messages[bundling->count] = packed.message;
    bundling->numbers[bundling->count++] = number;
    return true;
}

static void bundling_collect(bundling_t *bundling)
{
    dais_walk_t walk;
    uint8_t prefix = (uint8_t)bundling->stream;
    bool alone = false;
    dais_writer_init(&bundling->items_writer, bundling->buffer, PARCEL_ITEMS_BYTES);
    dais_walk_open(&walk, bundling->txn, DAIS_OUTBOX_QUEUE, dais_slice(&prefix, 1),
                   dais_slice("", 0), DAIS_WALK_FORWARD);
    while (!alone && dais_walk_next(&walk)) {
        if (!bundling_add(bundling, dais_outbox_number(walk.key.data + 1), &alone))
            break;
    }
    dais_walk_close(&walk);
    /* A message that alone is too large for a bundle cannot have been put. */
    assert(bundling->txn->err != DAIS_OK || bundling->count > 0 || !alone);
}

void dais_outbox_seen(dais_txn_t *txn, const dais_vkey_t *log_key, uint64_t *size,
                      dais_hash_t *root)
{
    dais_slice_t row;
    dais_checkpoint_t checkpoint;
    *size = 0;
    *root = dais_tree_empty_root();
    if (!dais_txn_get(txn, DAIS_OUTBOX_HEAD, dais_slice_text("seen"), &row))
        return;
    if (dais_checkpoint_verify(row, log_key, &checkpoint).err != DAIS_OK) {
        dais_txn_fail(txn, DAIS_ERR_CORRUPT);
        return;
    }
    *size = checkpoint.size;
    *root = checkpoint.root;
}

void dais_outbox_seen_put(dais_txn_t *txn, const dais_vkey_t *log_key, dais_slice_t checkpoint)
{
    uint64_t size;
    dais_hash_t root;
    dais_checkpoint_t found;
    dais_outbox_seen(txn, log_key, &size, &root);
    dais_fault_t fault = dais_checkpoint_verify(checkpoint, log_key, &found);
    if (fault.err != DAIS_OK)
        dais_txn_fail(txn, fault.err);
    else if (found.size > size)
        dais_txn_put(txn, DAIS_OUTBOX_HEAD, dais_slice_text("seen"), checkpoint);
}

static dais_err_t bundling_head(bundling_t *bundling, dais_slice_t *envelope)
{
    dais_outbox_chain_t chain = dais_outbox_chain(bundling->txn, bundling->stream);
    dais_writer_t writer;
    bundling->head.log = *bundling->bundler->log;
    bundling->head.stream = bundling->stream;
    bundling->head.k = chain.next;
    bundling->head.prev = chain.prev;
    dais_outbox_seen(bundling->txn, bundling->bundler->log_key, &bundling->head.seen_size,
                     &bundling->head.seen_root);
    dais_writer_init(&writer, bundling->buffer + DAIS_LIMIT_BUNDLE_BYTES, DAIS_LIMIT_ENVELOPE);
    dais_err_t err = dais_bundle_sign(&bundling->head, bundling->messages, bundling->count,
                                      bundling->bundler->device, &writer);
    return err == DAIS_OK ? dais_writer_finish(&writer, envelope) : err;
}

/* The bytes that travel, in the third part of the buffer. */
static dais_err_t bundling_parcel(bundling_t *bundling, dais_slice_t envelope, dais_slice_t *parcel)
{
    uint8_t *at = bundling->buffer + (size_t)2 * DAIS_LIMIT_BUNDLE_BYTES;
    uint8_t *scratch = bundling->buffer + (size_t)3 * DAIS_LIMIT_BUNDLE_BYTES;
    dais_writer_t writer;
    dais_err_t err;
    dais_writer_init(&writer, at, DAIS_LIMIT_BUNDLE_BYTES);
    if (bundling->stream == DAIS_STREAM_OPEN) {
        dais_parcel_t open = {.envelope = envelope, .items = bundling->items};
        err = dais_shape_encode(&dais_shape_parcel, &open, &writer);
    } else {
        /* The box is written where the items are no more needed: behind the envelope. */
        dais_writer_t box_writer;
        dais_sealed_parcel_t sealed = {.envelope = envelope};
        dais_writer_init(&box_writer, bundling->buffer + DAIS_LIMIT_BUNDLE_BYTES + envelope.size,
                         DAIS_LIMIT_BUNDLE_BYTES - envelope.size);
        err =
            dais_sealed_close(bundling->bundler->registry_box_key, bundling->bundler->log, envelope,
                              &bundling->items, scratch, DAIS_LIMIT_BUNDLE_BYTES, &box_writer);
        sodium_memzero(scratch, DAIS_LIMIT_BUNDLE_BYTES);
        if (err == DAIS_OK)
            err = dais_writer_finish(&box_writer, &sealed.box);
        if (err == DAIS_OK)
            err = dais_shape_encode(&dais_shape_sealed_parcel, &sealed, &writer);
    }
    return err == DAIS_OK ? dais_writer_finish(&writer, parcel) : err;
}

/* The row of a bundle: hash, time, numbers of its messages, parcel. */
static void bundle_row_put(dais_txn_t *txn, unsigned stream, const dais_outbox_bundle_t *bundle)
{
    uint8_t numbers[sizeof bundle->numbers];
    size_t capacity = bundle->parcel.size + sizeof numbers + 128;
    uint8_t *row = malloc(capacity);
    dais_slice_t bytes;
    dais_writer_t writer;
    dais_outbox_key_t key = dais_outbox_key(stream, bundle->k);
    if (row == NULL) {
        dais_txn_fail(txn, DAIS_ERR_NO_MEMORY);
        return;
    }
    for (size_t i = 0; i < bundle->count; i++)
        dais_outbox_number_put(bundle->numbers[i], numbers + 8 * i);
    dais_writer_init(&writer, row, capacity);
    dais_writer_array(&writer, 4);
    dais_writer_bin(&writer, dais_hash_slice(&bundle->hash));
    dais_writer_uint(&writer, bundle->signed_at);
    dais_writer_bin(&writer, dais_slice(numbers, 8 * bundle->count));
    dais_writer_bin(&writer, bundle->parcel);
    if (dais_writer_finish(&writer, &bytes) == DAIS_OK)
        dais_txn_put(txn, DAIS_OUTBOX_BUNDLE, dais_outbox_key_slice(&key), bytes);
    else
        dais_txn_fail(txn, DAIS_ERR_NO_SPACE);
    free(row);
}

static void bundling_keep(bundling_t *bundling, dais_slice_t envelope, dais_slice_t parcel,
                          uint64_t now_ms)
{
    dais_outbox_key_t key = dais_outbox_key(bundling->stream, bundling->head.k);
    dais_outbox_bundle_t bundle = {.k = bundling->head.k,
                                   .hash = dais_bundle_hash(envelope),
                                   .parcel = parcel,
                                   .signed_at = now_ms,
                                   .count = bundling->count};
    memcpy(bundle.numbers, bundling->numbers, sizeof bundle.numbers);
    bundle_row_put(bundling->txn, bundling->stream, &bundle);
    dais_outbox_chain_t chain = {.next = bundling->head.k + 1, .prev = bundle.hash};
    dais_outbox_chain_put(bundling->txn, bundling->stream, &chain);
    dais_txn_put(bundling->txn, DAIS_OUTBOX_OPEN, dais_outbox_key_slice(&key), dais_slice("", 0));
}

/* As it travels, a parcel is its domain, the envelope and what it carries: here nothing. */
void dais_outbox_bundle_put_envelope(dais_txn_t *txn, unsigned stream,
                                     const dais_outbox_bundle_t *bundle)
{
    uint8_t room[DAIS_LIMIT_ENVELOPE + 128];
    dais_writer_t writer;
    dais_outbox_bundle_t left = *bundle;
    dais_writer_init(&writer, room, sizeof room);
    dais_writer_array(&writer, 3);
    dais_writer_str(&writer, dais_slice_text("dais/parcel/1\n"));
    dais_writer_bin(&writer, bundle->parcel);
    dais_writer_array(&writer, 0);
    dais_err_t err = dais_writer_finish(&writer, &left.parcel);
    if (err == DAIS_OK)
        bundle_row_put(txn, stream, &left);
    else
        dais_txn_fail(txn, err);
}

static void bundling_move_messages(bundling_t *bundling)
{
    for (size_t i = 0; i < bundling->count; i++) {
        dais_outbox_fate_t fate;
        dais_outbox_key_t queue = dais_outbox_key(bundling->stream, bundling->numbers[i]);
        if (!dais_outbox_fate(bundling->txn, bundling->numbers[i], &fate))
            return;
        fate.state = DAIS_FATE_BUNDLED;
        fate.k = bundling->head.k;
        fate.index = i;
        dais_outbox_fate_put(bundling->txn, bundling->numbers[i], &fate);
        (void)dais_txn_del(bundling->txn, DAIS_OUTBOX_QUEUE, dais_outbox_key_slice(&queue));
    }
}

static void bundling_make(bundling_t *bundling, uint64_t now_ms)
{
    dais_slice_t envelope;
    dais_slice_t parcel;
    dais_err_t err = bundling_head(bundling, &envelope);
    if (err == DAIS_OK)
        err = bundling_parcel(bundling, envelope, &parcel);
    if (err == DAIS_OK)
        bundling_keep(bundling, envelope, parcel, now_ms);
    else
        dais_txn_fail(bundling->txn, err);
    bundling_move_messages(bundling);
}

dais_err_t dais_outbox_bundle(dais_outbox_t *outbox, const dais_bundler_t *bundler, unsigned stream,
                              uint64_t now_ms, bool *made)
{
    dais_txn_t txn;
    bundling_t *bundling = calloc(1, sizeof *bundling);
    *made = false;
    if (bundling == NULL)
        return DAIS_ERR_NO_MEMORY;
    *bundling = (bundling_t){.txn = &txn, .bundler = bundler, .stream = stream};
    bundling->buffer = malloc((size_t)4 * DAIS_LIMIT_BUNDLE_BYTES);
    dais_txn_begin(&txn, outbox->store, DAIS_TXN_WRITE);
    if (bundling->buffer == NULL)
        dais_txn_fail(&txn, DAIS_ERR_NO_MEMORY);
    else
        bundling_collect(bundling);
    *made = bundling->count > 0;
    if (*made)
        bundling_make(bundling, now_ms);
    free(bundling->buffer);
    free(bundling);
    return dais_txn_commit(&txn);
}

bool dais_outbox_bundle_get(dais_txn_t *txn, unsigned stream, uint64_t k,
                            dais_outbox_bundle_t *bundle)
{
    dais_outbox_key_t key = dais_outbox_key(stream, k);
    dais_reader_t reader;
    dais_slice_t row;
    memset(bundle, 0, sizeof *bundle);
    if (!dais_txn_get(txn, DAIS_OUTBOX_BUNDLE, dais_outbox_key_slice(&key), &row))
        return false;
    dais_reader_init(&reader, row);
    (void)dais_reader_array(&reader, 4, 4);
    dais_slice_t hash = dais_reader_bin(&reader, DAIS_HASH_SIZE, DAIS_HASH_SIZE);
    bundle->signed_at = dais_reader_uint(&reader, 0, DAIS_TIME_MAX_MS);
    dais_slice_t numbers = dais_reader_bin(&reader, 8, (size_t)8 * DAIS_LIMIT_BUNDLE_MESSAGES);
    bundle->parcel = dais_reader_bin(&reader, 0, DAIS_LIMIT_BUNDLE_BYTES);
    if (dais_reader_finish(&reader).err != DAIS_OK || numbers.size % 8 != 0) {
        dais_txn_fail(txn, DAIS_ERR_CORRUPT);
        return false;
    }
    bundle->k = k;
    memcpy(bundle->hash.bytes, hash.data, DAIS_HASH_SIZE);
    bundle->count = numbers.size / 8;
    for (size_t i = 0; i < bundle->count; i++)
        bundle->numbers[i] = dais_outbox_number(numbers.data + 8 * i);
    return true;
}

dais_slice_t dais_outbox_envelope(dais_slice_t parcel)
{
    dais_reader_t reader;
    dais_reader_init(&reader, parcel);
    (void)dais_reader_array(&reader, 3, 3);
    (void)dais_reader_text(&reader, 1, DAIS_LIMIT_CODE);
    return dais_reader_bin(&reader, 1, DAIS_LIMIT_ENVELOPE);
}
