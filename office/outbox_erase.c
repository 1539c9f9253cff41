/* SPDX-License-Identifier: Apache-2.0 */
#include "office/outbox_erase.h"

#include <stdlib.h>

#include "proto/reader.h"
#include "proto/writer.h"

#define ERASED_KEY_SIZE 14

static void erased_key(uint64_t number, uint8_t key[ERASED_KEY_SIZE])
{
    memcpy(key, "erased", 6); /* NOLINT(bugprone-not-null-terminated-result): no text */
    dais_outbox_number_put(number, key + 6);
}

bool dais_outbox_erased(dais_txn_t *txn, uint64_t number, uint64_t *at)
{
    uint8_t key[ERASED_KEY_SIZE];
    dais_slice_t row;
    erased_key(number, key);
    if (!dais_txn_get(txn, DAIS_OUTBOX_HEAD, dais_slice(key, sizeof key), &row))
        return false;
    if (row.size == 8)
        *at = dais_outbox_number(row.data);
    else
        dais_txn_fail(txn, DAIS_ERR_CORRUPT);
    return txn->err == DAIS_OK;
}

/* What was deleted still lies in the file. */
static void erased_mark(dais_txn_t *txn)
{
    dais_txn_put(txn, DAIS_OUTBOX_HEAD, dais_slice_text("erased"), dais_slice_text("1"));
}

static void erased_put(dais_txn_t *txn, uint64_t number, uint64_t at)
{
    uint8_t key[ERASED_KEY_SIZE];
    uint8_t row[8];
    erased_key(number, key);
    dais_outbox_number_put(at, row);
    dais_txn_put(txn, DAIS_OUTBOX_HEAD, dais_slice(key, sizeof key), dais_slice(row, sizeof row));
    erased_mark(txn);
}

/* What is written must not lie in the store, so it is copied first. Null without memory, which
 * fails the transaction. */
static uint8_t *erase_copy(dais_txn_t *txn, dais_slice_t *bytes)
{
    uint8_t *copy = malloc(bytes->size + 1);
    if (copy == NULL) {
        dais_txn_fail(txn, DAIS_ERR_NO_MEMORY);
        return NULL;
    }
    memcpy(copy, bytes->data, bytes->size);
    bytes->data = copy;
    return copy;
}

static void erase_message(dais_txn_t *txn, uint64_t number, const dais_outbox_message_t *message)
{
    dais_outbox_message_t left = *message;
    uint8_t *copy = erase_copy(txn, &left.message);
    left.public_opening = left.private_opening = dais_slice(NULL, 0);
    if (copy != NULL)
        dais_outbox_message_put(txn, number, &left);
    free(copy);
}

/* Of a bundle that is done with only the envelope is needed: whatever went out in it is left out.
 */
static void erase_bundle(dais_txn_t *txn, unsigned stream, const dais_outbox_bundle_t *bundle)
{
    dais_outbox_bundle_t left = *bundle;
    uint8_t *copy;
    left.parcel = dais_outbox_envelope(bundle->parcel);
    copy = erase_copy(txn, &left.parcel);
    if (copy != NULL)
        dais_outbox_bundle_put_envelope(txn, stream, &left);
    free(copy);
}

/* The proof that the registry gave of a message that the log had before holds its contents. */
static void erase_duplicate(dais_txn_t *txn, const dais_bundler_t *bundler, uint64_t number)
{
    dais_outbox_key_t key = dais_outbox_key(DAIS_OUTBOX_DUPLICATE_STREAM, number);
    dais_checked_proof_t checked;
    dais_slice_t row;
    if (!dais_txn_get(txn, DAIS_OUTBOX_RECEIPT, dais_outbox_key_slice(&key), &row))
        return;
    dais_err_t err = dais_checked_proof_open(row, bundler->log_key, bundler->log, &checked);
    if (err != DAIS_OK) {
        dais_txn_fail(txn, err);
        return;
    }
    size_t capacity = DAIS_PROOF_BYTES_MAX(DAIS_LIMIT_OPENING, checked.proof.checkpoint.size);
    uint8_t *room = malloc(DAIS_LIMIT_OPENING + capacity);
    dais_writer_t opening;
    dais_writer_t text;
    checked.opening.public_opening = checked.opening.private_opening = dais_slice(NULL, 0);
    if (room == NULL) {
        err = DAIS_ERR_NO_MEMORY;
    } else {
        dais_writer_init(&opening, room, DAIS_LIMIT_OPENING);
        dais_writer_init(&text, room + DAIS_LIMIT_OPENING, capacity);
        err = dais_shape_encode(&dais_shape_opening, &checked.opening, &opening);
    }
    if (err == DAIS_OK)
        err = dais_proof_put(&text, dais_slice(opening.buffer, opening.size), checked.proof.index,
                             &checked.proof.path, checked.proof.checkpoint);
    if (err == DAIS_OK)
        dais_txn_put(txn, DAIS_OUTBOX_RECEIPT, dais_outbox_key_slice(&key),
                     dais_slice(text.buffer, text.size));
    else
        dais_txn_fail(txn, err);
    free(room);
    dais_checked_proof_free(&checked);
}

/* Is everything of it settled, so that nothing has to be sent once more? */
static bool erase_may(dais_txn_t *txn, uint64_t number, const dais_outbox_message_t *message,
                      dais_outbox_bundle_t *bundle)
{
    dais_outbox_fate_t fate;
    uint64_t k;
    unsigned stream = dais_outbox_stream(message->kind);
    return dais_outbox_fate(txn, number, &fate) && fate.state == DAIS_FATE_LOGGED &&
           dais_outbox_bundle_get(txn, stream, fate.k, bundle) &&
           !(dais_outbox_bundle_open(txn, stream, fate.k, &k) && k == fate.k);
}

dais_err_t dais_outbox_erase(dais_outbox_t *outbox, const dais_bundler_t *bundler, uint64_t number,
                             uint64_t at)
{
    dais_txn_t txn;
    dais_outbox_message_t message;
    dais_outbox_bundle_t *bundle = malloc(sizeof *bundle);
    if (bundle == NULL)
        return DAIS_ERR_NO_MEMORY;
    dais_txn_begin(&txn, outbox->store, DAIS_TXN_WRITE);
    if (!dais_outbox_message(&txn, number, &message) ||
        !erase_may(&txn, number, &message, bundle)) {
        dais_txn_fail(&txn, DAIS_ERR_NOT_FOUND);
    } else {
        unsigned stream = dais_outbox_stream(message.kind);
        erase_bundle(&txn, stream, bundle);
        erase_duplicate(&txn, bundler, number);
        if (dais_outbox_message(&txn, number, &message))
            erase_message(&txn, number, &message);
        erased_put(&txn, number, at);
    }
    free(bundle);
    return dais_txn_commit(&txn);
}

static void remove_rows(dais_txn_t *txn, const dais_id_t *id, uint64_t number,
                        const dais_outbox_message_t *message)
{
    uint8_t bytes[8];
    dais_outbox_key_t queue = dais_outbox_key(dais_outbox_stream(message->kind), number);
    dais_outbox_number_put(number, bytes);
    (void)dais_txn_del(txn, DAIS_OUTBOX_QUEUE, dais_outbox_key_slice(&queue));
    (void)dais_txn_del(txn, DAIS_OUTBOX_ID, dais_slice(id->bytes, sizeof id->bytes));
    (void)dais_txn_del(txn, DAIS_OUTBOX_FATE, dais_slice(bytes, sizeof bytes));
    (void)dais_txn_del(txn, DAIS_OUTBOX_MESSAGE, dais_slice(bytes, sizeof bytes));
    erased_mark(txn);
}

dais_err_t dais_outbox_remove(dais_outbox_t *outbox, const dais_id_t *id, bool dry)
{
    dais_txn_t txn;
    uint64_t number;
    dais_outbox_fate_t fate;
    dais_outbox_message_t message;
    dais_txn_begin(&txn, outbox->store, DAIS_TXN_WRITE);
    if (!dais_outbox_look_up(&txn, id, &number, &message, &fate) ||
        fate.state == DAIS_FATE_BUNDLED || fate.state == DAIS_FATE_LOGGED)
        dais_txn_fail(&txn, DAIS_ERR_NOT_FOUND);
    else if (!dry)
        remove_rows(&txn, id, number, &message);
    return dais_txn_commit(&txn);
}

dais_err_t dais_outbox_forget_erased(dais_outbox_t *outbox, bool *busy)
{
    dais_txn_t txn;
    dais_slice_t row;
    *busy = false;
    dais_txn_begin(&txn, outbox->store, DAIS_TXN_READ);
    bool left = dais_txn_get(&txn, DAIS_OUTBOX_HEAD, dais_slice_text("erased"), &row);
    dais_err_t err = dais_txn_end(&txn);
    if (err != DAIS_OK || !left)
        return err;
    err = dais_outbox_compact(outbox, busy);
    if (err != DAIS_OK || *busy)
        return err;
    /* Only now is it done: a process that dies before does it once more. */
    dais_txn_begin(&txn, outbox->store, DAIS_TXN_WRITE);
    (void)dais_txn_del(&txn, DAIS_OUTBOX_HEAD, dais_slice_text("erased"));
    return dais_txn_commit(&txn);
}
