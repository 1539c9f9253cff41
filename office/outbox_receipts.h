/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_OFFICE_OUTBOX_RECEIPTS_H
#define DAIS_OFFICE_OUTBOX_RECEIPTS_H

#include "office/outbox_bundle.h"
#include "proto/opening.h"
#include "proto/proof.h"
#include "proto/receipt.h"

/* Receipts: checked against what was sent before anything is believed, and kept as they came. */

/* A receipt for one message, put together from what the outbox keeps and checked anew. Everything
 * lies in `arena` and `extra`. */
typedef struct {
    uint8_t *arena;
    uint8_t *extra;
    uint64_t number;
    dais_outbox_fate_t fate;
    dais_opening_t opening;
    dais_hash_t leaf;
    dais_tree_path_t path;
    dais_checkpoint_t checkpoint;
    dais_slice_t note; /* the signed checkpoint */
} dais_outbox_receipt_t;

/* Checks the receipts record of bundle k offline and, if it is good, keeps it: its messages are
 * logged, and the bundle waits no more once no message of it does. Errors of
 * dais_receipts_check(); BAD_PROOF may mean that another stamp counts than the one that is kept. */
DAIS_MUST_CHECK dais_err_t dais_outbox_receipts_put(dais_outbox_t *outbox,
                                                    const dais_bundler_t *bundler, unsigned stream,
                                                    uint64_t k, dais_slice_t receipts);

/* The log had message `index` of bundle k already, as the proof says, which is checked and kept. */
DAIS_MUST_CHECK dais_err_t dais_outbox_duplicate_put(dais_outbox_t *outbox,
                                                     const dais_bundler_t *bundler, unsigned stream,
                                                     uint64_t k, uint64_t index,
                                                     dais_slice_t proof);

/* The stamp in the proof of an entry of bundle k, checked against the bundle and kept in the place
 * of the one before. */
DAIS_MUST_CHECK dais_err_t dais_outbox_stamp_of_proof(dais_outbox_t *outbox,
                                                      const dais_bundler_t *bundler,
                                                      unsigned stream, uint64_t k,
                                                      dais_slice_t proof);

/* The receipt of one message; of one that the log had before, that of its first entry. NOT_FOUND if
 * it has none. Free with dais_outbox_receipt_free(). */
DAIS_MUST_CHECK dais_err_t dais_outbox_receipt(dais_outbox_t *outbox, const dais_bundler_t *bundler,
                                               uint64_t number, dais_outbox_receipt_t *receipt);
void dais_outbox_receipt_free(dais_outbox_receipt_t *receipt);

/* The receipt of one message as a text (C2SP tlog-proof), on the heap. NOT_FOUND as above. */
DAIS_MUST_CHECK dais_err_t dais_outbox_proof(dais_outbox_t *outbox, const dais_bundler_t *bundler,
                                             uint64_t number, uint8_t **text, size_t *size);

/* Proofs of messages that the log had before stand among the receipts, by number, under this. */
#define DAIS_OUTBOX_DUPLICATE_STREAM 2

/* A proof in text form, checked: the leaf in the log, and the opening in its extra line against the
 * leaf. *opening borrows from *extra, which is to be freed. */
typedef struct {
    dais_proof_t proof;
    dais_checkpoint_t checkpoint;
    uint8_t *extra;
    dais_opening_t opening;
    dais_opened_t opened;
} dais_checked_proof_t;

DAIS_MUST_CHECK dais_err_t dais_checked_proof_open(dais_slice_t text, const dais_vkey_t *log_key,
                                                   const dais_hash_t *log,
                                                   dais_checked_proof_t *out);
void dais_checked_proof_free(dais_checked_proof_t *checked);

#endif
