/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_PROTO_RECEIPT_H
#define DAIS_PROTO_RECEIPT_H

#include "proto/checkpoint.h"
#include "proto/shape.h"
#include "proto/tree_range.h"

/* What the sender holds already, and needs to check a run of receipts for one of its bundles. */
typedef struct {
    const dais_vkey_t *log_key;   /* from genesis */
    dais_hash_t bundle;           /* hash of the envelope that was sent */
    const dais_slice_t *messages; /* of the bundle, in their order */
    size_t message_count;
    uint64_t received_at; /* ms, from the stamp */
} dais_claim_t;

/* A run that has been checked: each entry is in the tree that the log has signed. */
typedef struct {
    dais_checkpoint_t checkpoint; /* borrows from the receipts */
    uint64_t first;               /* index of the first entry */
    size_t count;
    dais_hash_t leaves[DAIS_LIMIT_BUNDLE_MESSAGES]; /* leaf hashes */
    dais_slice_t first_path;                        /* borrows from the receipts */
    dais_slice_t last_path;
} dais_run_t;

/* Rebuilds the record of one entry of a run behind what the writer holds. OUT_OF_RANGE if the
 * bundle has no such message. */
dais_err_t dais_receipt_record(const dais_receipts_t *receipts, const dais_receipt_entry_t *entry,
                               const dais_claim_t *claim, dais_writer_t *writer) DAIS_MUST_CHECK;

/* Checks a run offline: checkpoint signed by the log, records rebuilt and committed to by leaves
 * that stand in that tree, positions in the bundle rising. `scratch` holds one record at a time
 * (DAIS_LIMIT_RECORD bytes). *out is all zero after a fault. */
dais_fault_t dais_receipts_check(const dais_receipts_t *receipts, const dais_claim_t *claim,
                                 uint8_t *scratch, size_t scratch_size,
                                 dais_run_t *out) DAIS_MUST_CHECK;

/* The inclusion path of entry `index` of the log, out of a checked run that holds it. */
dais_err_t dais_run_path(const dais_run_t *run, uint64_t index,
                         dais_tree_path_t *out) DAIS_MUST_CHECK;

#endif
