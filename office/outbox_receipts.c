/* SPDX-License-Identifier: Apache-2.0
 *
 * A run of receipts is checked outside of any transaction, then kept in one. What is kept is the
 * registry's record as it came: a receipt can be put together and checked again at any time. */
#include "office/outbox_receipts.h"

#include <stdlib.h>

#include "proto/reader.h"
#include "proto/stamp.h"

/* All that checking a run takes, on the heap. */
typedef struct {
    dais_outbox_bundle_t bundle;
    dais_slice_t messages[DAIS_LIMIT_BUNDLE_MESSAGES];
    uint8_t *bytes; /* of the messages */
    dais_claim_t claim;
    dais_receipts_t receipts;
    dais_run_t run;
    uint8_t scratch[DAIS_LIMIT_RECORD];
} checking_t;

static void checking_free(checking_t *checking)
{
    free(checking->bytes);
    free(checking);
}

/* Copies the messages of the bundle out of the store: the check takes long for a transaction. */
static void checking_messages(dais_txn_t *txn, checking_t *checking)
{
    dais_outbox_message_t message;
    size_t size = 0;
    for (size_t i = 0; i < checking->bundle.count; i++)
        size += dais_outbox_message(txn, checking->bundle.numbers[i], &message)
                    ? message.message.size
                    : 0;
    checking->bytes = malloc(size + 1);
    if (checking->bytes == NULL)
        dais_txn_fail(txn, DAIS_ERR_NO_MEMORY);
    size = 0;
    for (size_t i = 0; checking->bytes != NULL && i < checking->bundle.count; i++) {
        if (!dais_outbox_message(txn, checking->bundle.numbers[i], &message))
            break;
        memcpy(checking->bytes + size, message.message.data, message.message.size);
        checking->messages[i] = dais_slice(checking->bytes + size, message.message.size);
        size += message.message.size;
    }
}

/* When the stamp says that the bundle was received. A bundle that was given to the registry on its
 * host has no stamp; it was received when it was logged. */
static uint64_t checking_received(dais_txn_t *txn, const dais_bundler_t *bundler, unsigned stream,
                                  uint64_t k, uint64_t logged_at)
{
    dais_outbox_stamp_t stamp;
    dais_stamp_t opened;
    if (!dais_outbox_stamp(txn, stream, k, &stamp))
        return logged_at;
    if (dais_stamp_open(stamp.stamp, bundler->log, &opened).err != DAIS_OK)
        dais_txn_fail(txn, DAIS_ERR_CORRUPT);
    return opened.at;
}

static dais_err_t checking_start(dais_outbox_t *outbox, const dais_bundler_t *bundler,
                                 unsigned stream, uint64_t k, dais_slice_t receipts,
                                 checking_t **out)
{
    dais_txn_t txn;
    checking_t *checking = calloc(1, sizeof *checking);
    *out = checking;
    if (checking == NULL)
        return DAIS_ERR_NO_MEMORY;
    dais_txn_begin(&txn, outbox->store, DAIS_TXN_READ);
    dais_fault_t fault = dais_shape_decode(&dais_shape_receipts, receipts, &checking->receipts);
    if (fault.err != DAIS_OK)
        dais_txn_fail(&txn, fault.err);
    else if (!dais_outbox_bundle_get(&txn, stream, k, &checking->bundle))
        dais_txn_fail(&txn, DAIS_ERR_NOT_FOUND);
    else
        checking_messages(&txn, checking);
    checking->claim = (dais_claim_t){
        .log_key = bundler->log_key,
        .bundle = checking->bundle.hash,
        .messages = checking->messages,
        .message_count = checking->bundle.count,
        .received_at = checking_received(&txn, bundler, stream, k, checking->receipts.logged_at)};
    dais_err_t err = dais_txn_end(&txn);
    if (err == DAIS_OK)
        err = dais_receipts_check(&checking->receipts, &checking->claim, checking->scratch,
                                  sizeof checking->scratch, &checking->run)
                  .err;
    return err;
}

static void fate_logged(dais_txn_t *txn, uint64_t number, uint64_t seq, bool duplicate,
                        const dais_list_t *verdicts)
{
    dais_outbox_fate_t fate;
    dais_code_item_t code;
    if (!dais_outbox_fate(txn, number, &fate) || fate.state == DAIS_FATE_LOGGED)
        return;
    fate.state = DAIS_FATE_LOGGED;
    fate.seq = seq;
    fate.duplicate = duplicate;
    fate.verdict_count = 0;
    dais_list_walk_t walk = dais_list_begin(verdicts, &dais_shape_code_item);
    while (dais_list_next(&walk, &code))
        fate.verdicts[fate.verdict_count++] = (uint16_t)code.value;
    dais_outbox_fate_put(txn, number, &fate);
}

/* Once every message of a bundle is logged, it waits for nothing more, and of its bytes only the
 * envelope is still needed. */
static void bundle_settle(dais_txn_t *txn, unsigned stream, const dais_outbox_bundle_t *bundle)
{
    dais_outbox_key_t key = dais_outbox_key(stream, bundle->k);
    for (size_t i = 0; i < bundle->count; i++) {
        dais_outbox_fate_t fate;
        if (!dais_outbox_fate(txn, bundle->numbers[i], &fate) || fate.state != DAIS_FATE_LOGGED)
            return;
    }
    (void)dais_txn_del(txn, DAIS_OUTBOX_OPEN, dais_outbox_key_slice(&key));
}

static dais_err_t receipts_keep(dais_outbox_t *outbox, unsigned stream, const checking_t *checking,
                                dais_slice_t receipts)
{
    dais_txn_t txn;
    dais_receipt_entry_t entry;
    uint64_t seq = checking->receipts.first;
    dais_outbox_key_t key = dais_outbox_key(stream, checking->bundle.k);
    dais_txn_begin(&txn, outbox->store, DAIS_TXN_WRITE);
    dais_list_walk_t walk = dais_list_begin(&checking->receipts.entries, &dais_shape_receipt_entry);
    while (dais_list_next(&walk, &entry))
        fate_logged(&txn, checking->bundle.numbers[entry.index], seq++, false, &entry.verdicts);
    dais_txn_put(&txn, DAIS_OUTBOX_RECEIPT, dais_outbox_key_slice(&key), receipts);
    bundle_settle(&txn, stream, &checking->bundle);
    return dais_txn_commit(&txn);
}

dais_err_t dais_outbox_receipts_put(dais_outbox_t *outbox, const dais_bundler_t *bundler,
                                    unsigned stream, uint64_t k, dais_slice_t receipts)
{
    checking_t *checking;
    dais_err_t err = checking_start(outbox, bundler, stream, k, receipts, &checking);
    if (err == DAIS_OK)
        err = receipts_keep(outbox, stream, checking, receipts);
    if (checking != NULL)
        checking_free(checking);
    return err;
}

dais_err_t dais_checked_proof_open(dais_slice_t text, const dais_vkey_t *log_key,
                                   const dais_hash_t *log, dais_checked_proof_t *out)
{
    memset(out, 0, sizeof *out);
    dais_fault_t fault = dais_proof_parse(text, &out->proof);
    if (fault.err != DAIS_OK)
        return fault.err;
    size_t size = 0;
    out->extra = malloc(out->proof.extra_size + 1);
    dais_err_t err = out->extra == NULL ? DAIS_ERR_NO_MEMORY
                                        : dais_base64_decode(out->proof.extra, out->extra,
                                                             out->proof.extra_size, &size);
    if (err == DAIS_OK)
        err =
            dais_shape_decode(&dais_shape_opening, dais_slice(out->extra, size), &out->opening).err;
    if (err == DAIS_OK)
        err = dais_opening_check(&out->opening, log, &out->opened).err;
    if (err == DAIS_OK && out->opening.seq != out->proof.index)
        err = DAIS_ERR_WRONG_ENTRY;
    if (err == DAIS_OK)
        err = dais_proof_verify(&out->proof, &out->opened.leaf, log_key, &out->checkpoint);
    if (err != DAIS_OK)
        dais_checked_proof_free(out);
    return err;
}

void dais_checked_proof_free(dais_checked_proof_t *checked)
{
    free(checked->extra);
    checked->extra = NULL;
}

/* Under which name the proof of a message that was logged before is kept. */
static dais_outbox_key_t duplicate_key(uint64_t number)
{
    return dais_outbox_key(DAIS_OUTBOX_DUPLICATE_STREAM, number);
}

dais_err_t dais_outbox_duplicate_put(dais_outbox_t *outbox, const dais_bundler_t *bundler,
                                     unsigned stream, uint64_t k, uint64_t index,
                                     dais_slice_t proof)
{
    dais_checked_proof_t checked;
    dais_outbox_bundle_t bundle;
    dais_outbox_message_t message;
    dais_txn_t txn;
    dais_err_t err = dais_checked_proof_open(proof, bundler->log_key, bundler->log, &checked);
    if (err != DAIS_OK)
        return err;
    dais_txn_begin(&txn, outbox->store, DAIS_TXN_WRITE);
    if (!dais_outbox_bundle_get(&txn, stream, k, &bundle) || index >= bundle.count ||
        !dais_outbox_message(&txn, bundle.numbers[index], &message)) {
        dais_txn_fail(&txn, DAIS_ERR_NOT_FOUND);
    } else if (!dais_slice_equal(message.message, checked.opened.record.message)) {
        dais_txn_fail(&txn, DAIS_ERR_WRONG_ENTRY);
    } else {
        dais_outbox_key_t key = duplicate_key(bundle.numbers[index]);
        fate_logged(&txn, bundle.numbers[index], checked.opening.seq, true,
                    &checked.opened.record.verdicts);
        dais_txn_put(&txn, DAIS_OUTBOX_RECEIPT, dais_outbox_key_slice(&key), proof);
        bundle_settle(&txn, stream, &bundle);
    }
    dais_checked_proof_free(&checked);
    return dais_txn_commit(&txn);
}

dais_err_t dais_outbox_stamp_of_proof(dais_outbox_t *outbox, const dais_bundler_t *bundler,
                                      unsigned stream, uint64_t k, dais_slice_t proof)
{
    dais_checked_proof_t checked;
    dais_outbox_bundle_t bundle;
    dais_txn_t txn;
    dais_err_t err = dais_checked_proof_open(proof, bundler->log_key, bundler->log, &checked);
    if (err != DAIS_OK)
        return err;
    dais_txn_begin(&txn, outbox->store, DAIS_TXN_READ);
    bool found = dais_outbox_bundle_get(&txn, stream, k, &bundle);
    err = dais_txn_end(&txn);
    dais_hash_t named = dais_bundle_hash(checked.opening.envelope);
    if (err == DAIS_OK && (!found || !dais_hash_equal(&named, &bundle.hash)))
        err = DAIS_ERR_WRONG_ENTRY;
    /* dais_opening_check() has proved the bundle under the stamp. */
    if (err == DAIS_OK && checked.opened.has_stamp) {
        dais_outbox_stamp_t stamp = {.stamp = checked.opening.stamp,
                                     .index = checked.opening.bundle_index,
                                     .path = checked.opening.bundle_path};
        err = dais_outbox_stamp_put(outbox, stream, k, &stamp, true);
    }
    dais_checked_proof_free(&checked);
    return err;
}
