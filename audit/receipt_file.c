/* SPDX-License-Identifier: Apache-2.0 */
#include "audit/receipt_file.h"

#include <stdlib.h>

#include "proto/entry.h"
#include "proto/message.h"

/* The log that the entry says it is of: of an own entry or message; genesis names it by its leaf.
 */
static dais_err_t receipt_log(dais_receipt_file_t *receipt)
{
    const dais_kind_t *kind;
    dais_record_t record;
    dais_message_t message;
    dais_own_t own;
    dais_err_t err = dais_record_decode(receipt->opening.record, &record).err;
    if (err != DAIS_OK || receipt->opening.seq == 0)
        return err;
    if (record.bundle.size > 0) {
        err = dais_message_decode(record.message, &message, &kind).err;
        receipt->log = message.log;
    } else {
        err = dais_own_decode(record.message, &own, &kind).err;
        receipt->log = own.log;
    }
    return err;
}

dais_err_t dais_receipt_tree(const dais_proof_t *proof, uint64_t *size, dais_hash_t *root)
{
    dais_note_t note;
    dais_checkpoint_t checkpoint;
    dais_err_t err = dais_note_parse(proof->checkpoint, &note).err;
    if (err == DAIS_OK)
        err = dais_checkpoint_parse(note.text, &checkpoint).err;
    if (err != DAIS_OK)
        return err;
    *size = checkpoint.size;
    *root = checkpoint.root;
    return DAIS_OK;
}

static dais_err_t receipt_read(dais_receipt_file_t *receipt)
{
    size_t size;
    dais_slice_t text = dais_slice(receipt->file.data, receipt->file.size);
    dais_err_t err = dais_proof_parse(text, &receipt->proof).err;
    if (err == DAIS_OK)
        err = dais_receipt_tree(&receipt->proof, &receipt->size, &receipt->root);
    if (err != DAIS_OK)
        return err;
    receipt->extra = malloc(receipt->proof.extra_size + 1);
    if (receipt->extra == NULL)
        return DAIS_ERR_NO_MEMORY;
    err =
        dais_base64_decode(receipt->proof.extra, receipt->extra, receipt->proof.extra_size, &size);
    return err != DAIS_OK ? err
                          : dais_shape_decode(&dais_shape_opening, dais_slice(receipt->extra, size),
                                              &receipt->opening)
                                .err;
}

dais_err_t dais_receipt_file_open(dais_receipt_file_t *receipt, const char *path)
{
    *receipt = (dais_receipt_file_t){.extra = NULL};
    dais_err_t err = dais_file_read(path, 2 * (size_t)DAIS_LIMIT_PROOF_EXTRA, &receipt->file);
    if (err == DAIS_OK)
        err = receipt_read(receipt);
    if (err == DAIS_OK && receipt->opening.seq != receipt->proof.index)
        err = DAIS_ERR_WRONG_ENTRY;
    if (err == DAIS_OK)
        err = receipt_log(receipt);
    return err == DAIS_OK
               ? dais_opening_check(&receipt->opening, &receipt->log, &receipt->opened).err
               : err;
}

void dais_receipt_file_free(dais_receipt_file_t *receipt)
{
    dais_file_free(&receipt->file);
    free(receipt->extra);
    receipt->extra = NULL;
}

dais_err_t dais_receipt_file_place(const dais_receipt_file_t *receipt, dais_log_tree_t *log)
{
    dais_hash_t leaf;
    if (!dais_log_tree_leaf(log, receipt->opened.seq, &leaf))
        return DAIS_ERR_OUT_OF_RANGE;
    return dais_hash_equal(&leaf, &receipt->opened.leaf) ? DAIS_OK : DAIS_ERR_WRONG_ENTRY;
}

dais_err_t dais_receipt_file_history(const dais_receipt_file_t *receipt, dais_log_tree_t *log)
{
    if (receipt->size > dais_log_tree_size(log))
        return DAIS_ERR_OUT_OF_RANGE;
    dais_hash_t root = dais_nodes_root(&log->nodes, receipt->size);
    return dais_hash_equal(&root, &receipt->root) ? DAIS_OK : DAIS_ERR_BAD_ROOT;
}
