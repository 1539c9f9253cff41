/* SPDX-License-Identifier: Apache-2.0
 *
 * A run of receipts says as little as possible: about 40 bytes an entry. The sender rebuilds each
 * record from its own message, its stamp and the run, hashes it to the leaf, and proves all leaves
 * at once by the paths of the first and the last. A receipt that claims another verdict, time or
 * message thus leads to another root. */
#include "proto/receipt.h"

#include "proto/entry.h"

dais_err_t dais_receipt_record(const dais_receipts_t *receipts, const dais_receipt_entry_t *entry,
                               const dais_claim_t *claim, dais_writer_t *writer)
{
    if (entry->index >= claim->message_count)
        return DAIS_ERR_OUT_OF_RANGE;
    dais_record_t record = {.epoch = receipts->epoch,
                            .logged_at = receipts->logged_at,
                            .received_at = claim->received_at,
                            .verdicts = entry->verdicts,
                            .bundle = dais_hash_slice(&claim->bundle),
                            .index = entry->index,
                            .message = claim->messages[entry->index]};
    return dais_shape_encode(&dais_shape_record, &record, writer);
}

static dais_err_t leaf_rebuild(const dais_receipts_t *receipts, const dais_receipt_entry_t *entry,
                               const dais_claim_t *claim, dais_writer_t scratch, uint64_t seq,
                               dais_hash_t *leaf)
{
    dais_slice_t record;
    dais_err_t err = dais_receipt_record(receipts, entry, claim, &scratch);
    if (err == DAIS_OK)
        err = dais_writer_finish(&scratch, &record);
    if (err != DAIS_OK)
        return err;
    dais_hash_t commitment = dais_record_commit(&entry->salt, record);
    *leaf = dais_entry_hash(seq, &commitment);
    return DAIS_OK;
}

/* All leaves of the run, from records rebuilt one after the other. */
static dais_err_t leaves_rebuild(const dais_receipts_t *receipts, const dais_claim_t *claim,
                                 dais_writer_t scratch, dais_run_t *out)
{
    if (receipts->first > DAIS_SEQ_MAX - receipts->entries.count)
        return DAIS_ERR_OUT_OF_RANGE;
    dais_receipt_entry_t entry;
    dais_list_walk_t walk = dais_list_begin(&receipts->entries, &dais_shape_receipt_entry);
    for (uint64_t index_min = 0; dais_list_next(&walk, &entry); index_min = entry.index + 1) {
        if (entry.index < index_min)
            return DAIS_ERR_BAD_CHAIN;
        dais_err_t err = leaf_rebuild(receipts, &entry, claim, scratch,
                                      receipts->first + out->count, &out->leaves[out->count]);
        if (err != DAIS_OK)
            return err;
        out->count++;
    }
    return DAIS_OK;
}

static dais_tree_range_t run_range(const dais_run_t *run)
{
    return (dais_tree_range_t){.first = run->first,
                               .leaves = run->leaves,
                               .count = run->count,
                               .first_path = run->first_path,
                               .last_path = run->last_path};
}

dais_fault_t dais_receipts_check(const dais_receipts_t *receipts, const dais_claim_t *claim,
                                 uint8_t *scratch, size_t scratch_size, dais_run_t *out)
{
    dais_writer_t writer;
    dais_writer_init(&writer, scratch, scratch_size);
    memset(out, 0, sizeof *out);
    out->first = receipts->first;
    out->first_path = receipts->first_path;
    out->last_path = receipts->last_path;
    dais_fault_t fault =
        dais_checkpoint_verify(receipts->checkpoint, claim->log_key, &out->checkpoint);
    if (fault.err == DAIS_OK)
        fault.err = leaves_rebuild(receipts, claim, writer, out);
    if (fault.err == DAIS_OK) {
        dais_tree_range_t range = run_range(out);
        fault.err = dais_tree_range_verify(&range, out->checkpoint.size, &out->checkpoint.root);
    }
    if (fault.err != DAIS_OK)
        memset(out, 0, sizeof *out);
    return fault;
}

dais_err_t dais_run_path(const dais_run_t *run, uint64_t index, dais_tree_path_t *out)
{
    dais_tree_range_t range = run_range(run);
    return dais_tree_range_path(&range, run->checkpoint.size, index, out);
}
