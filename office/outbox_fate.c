/* SPDX-License-Identifier: Apache-2.0
 *
 * What becomes of a bundle once it is on its way: stamped, turned away, or passed over because the
 * registry goes on from another place of the chain. Receipts are in outbox_receipts.c. */
#include <stdio.h>

#include "office/outbox_bundle.h"
#include "proto/reader.h"

bool dais_outbox_bundle_open(dais_txn_t *txn, unsigned stream, uint64_t from, uint64_t *k)
{
    dais_walk_t walk;
    uint8_t prefix = (uint8_t)stream;
    dais_outbox_key_t key = dais_outbox_key(stream, from);
    dais_walk_open(&walk, txn, DAIS_OUTBOX_OPEN, dais_slice(&prefix, 1),
                   dais_outbox_key_slice(&key), DAIS_WALK_FORWARD);
    bool found = dais_walk_next(&walk);
    if (found)
        *k = dais_outbox_number(walk.key.data + 1);
    dais_walk_close(&walk);
    return found;
}

bool dais_outbox_stamp(dais_txn_t *txn, unsigned stream, uint64_t k, dais_outbox_stamp_t *stamp)
{
    dais_outbox_key_t key = dais_outbox_key(stream, k);
    dais_reader_t reader;
    dais_slice_t row;
    memset(stamp, 0, sizeof *stamp);
    if (!dais_txn_get(txn, DAIS_OUTBOX_STAMP, dais_outbox_key_slice(&key), &row))
        return false;
    dais_reader_init(&reader, row);
    (void)dais_reader_array(&reader, 3, 3);
    stamp->stamp = dais_reader_bin(&reader, 1, DAIS_LIMIT_ENVELOPE);
    stamp->index = dais_reader_uint(&reader, 0, DAIS_LIMIT_STAMP_BUNDLES - 1);
    stamp->path = dais_reader_bin(&reader, 0, DAIS_LIMIT_STAMP_PATH);
    if (dais_reader_finish(&reader).err != DAIS_OK)
        dais_txn_fail(txn, DAIS_ERR_CORRUPT);
    return txn->err == DAIS_OK;
}

dais_err_t dais_outbox_stamp_put(dais_outbox_t *outbox, unsigned stream, uint64_t k,
                                 const dais_outbox_stamp_t *stamp, bool replace)
{
    uint8_t buffer[DAIS_LIMIT_ENVELOPE + DAIS_LIMIT_STAMP_PATH + 64];
    dais_outbox_key_t key = dais_outbox_key(stream, k);
    dais_outbox_stamp_t before;
    dais_slice_t row;
    dais_writer_t writer;
    dais_txn_t txn;
    dais_writer_init(&writer, buffer, sizeof buffer);
    dais_writer_array(&writer, 3);
    dais_writer_bin(&writer, stamp->stamp);
    dais_writer_uint(&writer, stamp->index);
    dais_writer_bin(&writer, stamp->path);
    dais_err_t err = dais_writer_finish(&writer, &row);
    if (err != DAIS_OK)
        return err;
    dais_txn_begin(&txn, outbox->store, DAIS_TXN_WRITE);
    if (replace || !dais_outbox_stamp(&txn, stream, k, &before))
        dais_txn_put(&txn, DAIS_OUTBOX_STAMP, dais_outbox_key_slice(&key), row);
    return dais_txn_commit(&txn);
}

dais_err_t dais_outbox_stamp_drop(dais_outbox_t *outbox, unsigned stream, uint64_t k)
{
    dais_txn_t txn;
    dais_outbox_key_t key = dais_outbox_key(stream, k);
    dais_txn_begin(&txn, outbox->store, DAIS_TXN_WRITE);
    (void)dais_txn_del(&txn, DAIS_OUTBOX_STAMP, dais_outbox_key_slice(&key));
    return dais_txn_commit(&txn);
}

/* A message of a bundle that is no more: back into the queue. */
static void fate_requeue(dais_txn_t *txn, unsigned stream, uint64_t number, const char *code)
{
    dais_outbox_fate_t fate;
    dais_outbox_key_t queue = dais_outbox_key(stream, number);
    if (!dais_outbox_fate(txn, number, &fate) || fate.state != DAIS_FATE_BUNDLED)
        return;
    fate.attempts += code != NULL;
    fate.state = fate.attempts >= DAIS_OUTBOX_ATTEMPTS_MAX ? DAIS_FATE_STUCK : DAIS_FATE_QUEUED;
    if (code != NULL)
        (void)snprintf(fate.code, sizeof fate.code, "%s", code);
    dais_outbox_fate_put(txn, number, &fate);
    if (fate.state == DAIS_FATE_QUEUED)
        dais_txn_put(txn, DAIS_OUTBOX_QUEUE, dais_outbox_key_slice(&queue), dais_slice("", 0));
}

/* The row goes, whose k another bundle of this key has or had; what is kept is what was said. */
static uint64_t fate_drop_bundle(dais_txn_t *txn, unsigned stream, uint64_t k, const char *code)
{
    dais_outbox_key_t key = dais_outbox_key(stream, k);
    dais_outbox_bundle_t bundle;
    if (!dais_outbox_bundle_get(txn, stream, k, &bundle))
        return 0;
    for (size_t i = 0; i < bundle.count; i++)
        fate_requeue(txn, stream, bundle.numbers[i], code);
    (void)dais_txn_del(txn, DAIS_OUTBOX_OPEN, dais_outbox_key_slice(&key));
    (void)dais_txn_del(txn, DAIS_OUTBOX_STAMP, dais_outbox_key_slice(&key));
    (void)dais_txn_del(txn, DAIS_OUTBOX_BUNDLE, dais_outbox_key_slice(&key));
    return bundle.count;
}

dais_err_t dais_outbox_turned_away(dais_outbox_t *outbox, unsigned stream, uint64_t k,
                                   const char *code)
{
    dais_txn_t txn;
    dais_txn_begin(&txn, outbox->store, DAIS_TXN_WRITE);
    (void)fate_drop_bundle(&txn, stream, k, code);
    return dais_txn_commit(&txn);
}

dais_err_t dais_outbox_fork(dais_outbox_t *outbox, unsigned stream, uint64_t k,
                            const dais_outbox_chain_t *chain, uint64_t *count)
{
    dais_txn_t txn;
    uint64_t open = k;
    *count = 0;
    dais_txn_begin(&txn, outbox->store, DAIS_TXN_WRITE);
    while (dais_outbox_bundle_open(&txn, stream, open, &open))
        *count += fate_drop_bundle(&txn, stream, open, NULL);
    dais_outbox_chain_put(&txn, stream, chain);
    return dais_txn_commit(&txn);
}

/* The hash of the bundle before, as its own header says. */
static dais_hash_t refused_prev(dais_txn_t *txn, const dais_hash_t *log,
                                const dais_outbox_bundle_t *bundle)
{
    dais_bundle_t head = {.k = 0};
    if (dais_bundle_read(dais_outbox_envelope(bundle->parcel), log, &head).err != DAIS_OK)
        dais_txn_fail(txn, DAIS_ERR_CORRUPT);
    return head.prev;
}

static void refused_one(dais_txn_t *txn, uint64_t number, const char *code)
{
    dais_outbox_fate_t fate;
    if (!dais_outbox_fate(txn, number, &fate) || fate.state != DAIS_FATE_BUNDLED)
        return;
    fate.state = DAIS_FATE_REFUSED;
    (void)snprintf(fate.code, sizeof fate.code, "%s", code);
    dais_outbox_fate_put(txn, number, &fate);
}

dais_err_t dais_outbox_refused(dais_outbox_t *outbox, const dais_hash_t *log, unsigned stream,
                               uint64_t k, const char *code, uint64_t *count)
{
    dais_txn_t txn;
    dais_outbox_bundle_t bundle;
    dais_outbox_chain_t chain = {.next = k};
    uint64_t open = k;
    *count = 0;
    dais_txn_begin(&txn, outbox->store, DAIS_TXN_WRITE);
    if (!dais_outbox_bundle_get(&txn, stream, k, &bundle)) {
        dais_txn_fail(&txn, DAIS_ERR_NOT_FOUND);
    } else {
        chain.prev = refused_prev(&txn, log, &bundle);
        *count = bundle.count == 1;
        if (bundle.count == 1)
            refused_one(&txn, bundle.numbers[0], code);
        (void)fate_drop_bundle(&txn, stream, k, code);
        while (dais_outbox_bundle_open(&txn, stream, open, &open))
            (void)fate_drop_bundle(&txn, stream, open, NULL);
        dais_outbox_chain_put(&txn, stream, &chain);
    }
    return dais_txn_commit(&txn);
}

bool dais_outbox_look_up(dais_txn_t *txn, const dais_id_t *id, uint64_t *number,
                         dais_outbox_message_t *message, dais_outbox_fate_t *fate)
{
    return dais_outbox_find(txn, id, number) && dais_outbox_fate(txn, *number, fate) &&
           dais_outbox_message(txn, *number, message);
}

dais_err_t dais_outbox_retry(dais_outbox_t *outbox, const dais_id_t *id, bool dry)
{
    dais_txn_t txn;
    uint64_t number;
    dais_outbox_fate_t fate;
    dais_outbox_message_t message;
    dais_txn_begin(&txn, outbox->store, DAIS_TXN_WRITE);
    if (!dais_outbox_look_up(&txn, id, &number, &message, &fate) ||
        (fate.state != DAIS_FATE_STUCK && fate.state != DAIS_FATE_REFUSED)) {
        dais_txn_fail(&txn, DAIS_ERR_NOT_FOUND);
    } else if (!dry) {
        dais_outbox_key_t queue = dais_outbox_key(dais_outbox_stream(message.kind), number);
        fate.state = DAIS_FATE_QUEUED;
        fate.attempts = 1; /* alone in its bundle, all the same */
        dais_outbox_fate_put(&txn, number, &fate);
        dais_txn_put(&txn, DAIS_OUTBOX_QUEUE, dais_outbox_key_slice(&queue), dais_slice("", 0));
    }
    return dais_txn_commit(&txn);
}

/* "host", stream, k. */
static void host_key(unsigned stream, uint64_t k, uint8_t key[13])
{
    dais_outbox_key_t rest = dais_outbox_key(stream, k);
    memcpy(key, "host", 4); /* NOLINT(bugprone-not-null-terminated-result): no text */
    memcpy(key + 4, rest.bytes, sizeof rest.bytes);
}

dais_err_t dais_outbox_on_host(dais_outbox_t *outbox, unsigned stream, uint64_t k)
{
    uint8_t key[13];
    dais_txn_t txn;
    host_key(stream, k, key);
    dais_txn_begin(&txn, outbox->store, DAIS_TXN_WRITE);
    dais_txn_put(&txn, DAIS_OUTBOX_HEAD, dais_slice(key, sizeof key), dais_slice("", 0));
    return dais_txn_commit(&txn);
}

bool dais_outbox_is_on_host(dais_txn_t *txn, unsigned stream, uint64_t k)
{
    uint8_t key[13];
    dais_slice_t row;
    host_key(stream, k, key);
    return dais_txn_get(txn, DAIS_OUTBOX_HEAD, dais_slice(key, sizeof key), &row);
}
