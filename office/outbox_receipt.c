/* SPDX-License-Identifier: Apache-2.0
 *
 * One receipt out of what is kept: the run is checked anew, as long after as one likes, and the
 * entry's opening put together from message, bundle, stamp and salt. */
#include <stdlib.h>

#include "office/outbox_receipts.h"
#include "proto/reader.h"
#include "proto/stamp.h"
#include "proto/tree_memory.h"

#define ARENA_BYTES ((size_t)2 << 20)

typedef struct {
    dais_outbox_bundle_t bundle;
    dais_slice_t messages[DAIS_LIMIT_BUNDLE_MESSAGES];
    dais_hash_t leaves[DAIS_LIMIT_BUNDLE_MESSAGES];
    dais_receipts_t receipts;
    dais_run_t run;
    dais_claim_t claim;
} making_t;

static dais_slice_t arena_keep(dais_writer_t *arena, dais_slice_t bytes)
{
    dais_slice_t kept = dais_slice(arena->buffer + arena->size, bytes.size);
    dais_writer_raw(arena, bytes);
    return arena->err == DAIS_OK ? kept : dais_slice(NULL, 0);
}

static void making_messages(dais_txn_t *txn, making_t *making, dais_writer_t *arena)
{
    dais_outbox_message_t message;
    for (size_t i = 0; i < making->bundle.count; i++) {
        if (!dais_outbox_message(txn, making->bundle.numbers[i], &message))
            return;
        making->messages[i] = arena_keep(arena, message.message);
        making->leaves[i] = dais_tree_leaf_hash(making->messages[i]);
    }
}

/* The verdicts and salt of one message of the run, and its record. */
static dais_err_t making_record(making_t *making, uint64_t index, uint64_t *seq,
                                dais_writer_t *arena, dais_opening_t *opening)
{
    dais_receipt_entry_t entry;
    *seq = making->receipts.first;
    dais_list_walk_t walk = dais_list_begin(&making->receipts.entries, &dais_shape_receipt_entry);
    for (; dais_list_next(&walk, &entry); (*seq)++) {
        if (entry.index != index)
            continue;
        size_t start = arena->size;
        dais_err_t err = dais_receipt_record(&making->receipts, &entry, &making->claim, arena);
        opening->record = dais_slice(arena->buffer + start, arena->size - start);
        opening->salt = entry.salt;
        return err;
    }
    return DAIS_ERR_NOT_FOUND;
}

static dais_err_t making_message_path(const making_t *making, uint64_t index, dais_writer_t *arena,
                                      dais_opening_t *opening)
{
    dais_tree_path_t path;
    dais_err_t err = dais_tree_leaves_inclusion(making->leaves, making->bundle.count, index, &path);
    if (err == DAIS_OK)
        opening->message_path = arena_keep(arena, dais_tree_path_bytes(&path));
    return err;
}

static dais_err_t making_finish(making_t *making, const dais_bundler_t *bundler, uint8_t *scratch,
                                dais_writer_t *arena, dais_outbox_receipt_t *receipt)
{
    uint64_t seq;
    dais_err_t err = dais_receipts_check(&making->receipts, &making->claim, scratch,
                                         DAIS_LIMIT_RECORD, &making->run)
                         .err;
    if (err == DAIS_OK)
        err = making_record(making, receipt->fate.index, &seq, arena, &receipt->opening);
    if (err == DAIS_OK)
        err = making_message_path(making, receipt->fate.index, arena, &receipt->opening);
    if (err == DAIS_OK)
        err = dais_run_path(&making->run, seq, &receipt->path);
    if (err != DAIS_OK)
        return err;
    receipt->opening.seq = seq;
    receipt->leaf = making->run.leaves[seq - making->run.first];
    receipt->note = making->receipts.checkpoint;
    return dais_checkpoint_verify(receipt->note, bundler->log_key, &receipt->checkpoint).err;
}

/* Copies all that is needed out of the store. */
static dais_err_t making_read(dais_outbox_t *outbox, const dais_bundler_t *bundler, uint64_t number,
                              making_t *making, dais_writer_t *arena,
                              dais_outbox_receipt_t *receipt)
{
    dais_txn_t txn;
    dais_outbox_message_t message;
    dais_outbox_stamp_t stamp = {0};
    dais_stamp_t opened = {0};
    dais_slice_t row;
    dais_txn_begin(&txn, outbox->store, DAIS_TXN_READ);
    bool good = dais_outbox_message(&txn, number, &message) &&
                dais_outbox_fate(&txn, number, &receipt->fate) &&
                receipt->fate.state == DAIS_FATE_LOGGED && receipt->fate.duplicate == 0;
    unsigned stream = good ? dais_outbox_stream(message.kind) : 0;
    dais_outbox_key_t key = dais_outbox_key(stream, receipt->fate.k);
    good = good && dais_outbox_bundle_get(&txn, stream, receipt->fate.k, &making->bundle) &&
           dais_txn_get(&txn, DAIS_OUTBOX_RECEIPT, dais_outbox_key_slice(&key), &row);
    bool stamped = good && dais_outbox_stamp(&txn, stream, receipt->fate.k, &stamp);
    if (good) {
        making_messages(&txn, making, arena);
        receipt->opening.envelope = arena_keep(arena, dais_outbox_envelope(making->bundle.parcel));
        receipt->opening.stamp = arena_keep(arena, stamp.stamp);
        receipt->opening.bundle_index = stamp.index;
        receipt->opening.bundle_path = arena_keep(arena, stamp.path);
        receipt->opening.public_opening = arena_keep(arena, message.public_opening);
        receipt->opening.private_opening = arena_keep(arena, message.private_opening);
        row = arena_keep(arena, row);
    }
    dais_err_t err = dais_txn_end(&txn);
    if (err == DAIS_OK && !good)
        err = DAIS_ERR_NOT_FOUND;
    if (err == DAIS_OK)
        err = dais_shape_decode(&dais_shape_receipts, row, &making->receipts).err;
    if (err == DAIS_OK && stamped)
        err = dais_stamp_open(receipt->opening.stamp, bundler->log, &opened).err;
    making->claim = (dais_claim_t){.log_key = bundler->log_key,
                                   .bundle = making->bundle.hash,
                                   .messages = making->messages,
                                   .message_count = making->bundle.count,
                                   .received_at = stamped ? opened.at : making->receipts.logged_at};
    return err == DAIS_OK ? arena->err : err;
}

static dais_err_t receipt_make(dais_outbox_t *outbox, const dais_bundler_t *bundler,
                               uint64_t number, dais_outbox_receipt_t *receipt)
{
    making_t *making = calloc(1, sizeof *making);
    uint8_t *scratch = malloc(DAIS_LIMIT_RECORD);
    dais_writer_t arena;
    memset(receipt, 0, sizeof *receipt);
    receipt->number = number;
    receipt->arena = malloc(ARENA_BYTES + (size_t)DAIS_LIMIT_BUNDLE_BYTES);
    dais_err_t err =
        making == NULL || scratch == NULL || receipt->arena == NULL ? DAIS_ERR_NO_MEMORY : DAIS_OK;
    dais_writer_init(&arena, receipt->arena, ARENA_BYTES + (size_t)DAIS_LIMIT_BUNDLE_BYTES);
    if (err == DAIS_OK)
        err = making_read(outbox, bundler, number, making, &arena, receipt);
    if (err == DAIS_OK)
        err = making_finish(making, bundler, scratch, &arena, receipt);
    free(scratch);
    free(making);
    if (err != DAIS_OK)
        dais_outbox_receipt_free(receipt);
    return err;
}

void dais_outbox_receipt_free(dais_outbox_receipt_t *receipt)
{
    free(receipt->arena);
    free(receipt->extra);
    receipt->arena = NULL;
    receipt->extra = NULL;
}

/* A message that the log had before has a proof as the registry wrote it. */
static dais_err_t proof_of_duplicate(dais_outbox_t *outbox, uint64_t number, uint8_t **text,
                                     size_t *size)
{
    dais_txn_t txn;
    dais_slice_t row;
    dais_outbox_key_t key = dais_outbox_key(DAIS_OUTBOX_DUPLICATE_STREAM, number);
    dais_txn_begin(&txn, outbox->store, DAIS_TXN_READ);
    if (!dais_txn_get(&txn, DAIS_OUTBOX_RECEIPT, dais_outbox_key_slice(&key), &row)) {
        dais_txn_fail(&txn, DAIS_ERR_NOT_FOUND);
    } else {
        *text = malloc(row.size);
        *size = row.size;
        if (*text == NULL)
            dais_txn_fail(&txn, DAIS_ERR_NO_MEMORY);
        else
            memcpy(*text, row.data, row.size);
    }
    return dais_txn_end(&txn);
}

/* The receipt of the entry that the log had before, out of its proof. */
static dais_err_t receipt_of_duplicate(dais_outbox_t *outbox, const dais_bundler_t *bundler,
                                       uint64_t number, dais_outbox_receipt_t *receipt)
{
    dais_checked_proof_t checked;
    size_t size = 0;
    memset(receipt, 0, sizeof *receipt);
    receipt->number = number;
    dais_err_t err = proof_of_duplicate(outbox, number, &receipt->arena, &size);
    if (err == DAIS_OK)
        err = dais_checked_proof_open(dais_slice(receipt->arena, size), bundler->log_key,
                                      bundler->log, &checked);
    if (err != DAIS_OK) {
        dais_outbox_receipt_free(receipt);
        return err;
    }
    receipt->extra = checked.extra;
    receipt->opening = checked.opening;
    receipt->leaf = checked.opened.leaf;
    receipt->path = checked.proof.path;
    receipt->note = checked.proof.checkpoint;
    receipt->checkpoint = checked.checkpoint;
    receipt->fate.state = DAIS_FATE_LOGGED;
    receipt->fate.seq = checked.opening.seq;
    receipt->fate.duplicate = 1;
    return DAIS_OK;
}

dais_err_t dais_outbox_receipt(dais_outbox_t *outbox, const dais_bundler_t *bundler,
                               uint64_t number, dais_outbox_receipt_t *receipt)
{
    dais_err_t err = receipt_make(outbox, bundler, number, receipt);
    return err == DAIS_ERR_NOT_FOUND ? receipt_of_duplicate(outbox, bundler, number, receipt) : err;
}

dais_err_t dais_outbox_proof(dais_outbox_t *outbox, const dais_bundler_t *bundler, uint64_t number,
                             uint8_t **text, size_t *size)
{
    dais_outbox_receipt_t receipt;
    dais_writer_t writer;
    dais_slice_t extra;
    *text = NULL;
    dais_err_t err = receipt_make(outbox, bundler, number, &receipt);
    if (err == DAIS_ERR_NOT_FOUND)
        return proof_of_duplicate(outbox, number, text, size);
    if (err != DAIS_OK)
        return err;
    uint8_t *opening = malloc(DAIS_LIMIT_OPENING);
    size_t capacity = DAIS_PROOF_BYTES_MAX(DAIS_LIMIT_OPENING, receipt.note.size);
    *text = malloc(capacity);
    if (opening == NULL || *text == NULL)
        err = DAIS_ERR_NO_MEMORY;
    dais_writer_init(&writer, opening, DAIS_LIMIT_OPENING);
    if (err == DAIS_OK)
        err = dais_shape_encode(&dais_shape_opening, &receipt.opening, &writer);
    if (err == DAIS_OK)
        err = dais_writer_finish(&writer, &extra);
    dais_writer_init(&writer, *text, capacity);
    if (err == DAIS_OK)
        err = dais_proof_put(&writer, extra, receipt.opening.seq, &receipt.path, receipt.note);
    *size = writer.size;
    free(opening);
    dais_outbox_receipt_free(&receipt);
    if (err != DAIS_OK) {
        free(*text);
        *text = NULL;
    }
    return err;
}
