/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_AUDIT_RECEIPT_FILE_H
#define DAIS_AUDIT_RECEIPT_FILE_H

#include "audit/log_tree.h"
#include "base/file.h"
#include "proto/opening.h"
#include "proto/proof.h"

/* A receipt as a file: read, and held against what it says itself, the log's key, and a log. */
typedef struct {
    dais_file_bytes_t file;
    dais_proof_t proof; /* borrows from file */
    uint8_t *extra;     /* owned: the packed opening */
    dais_opening_t opening;
    dais_hash_t log;      /* the log that its entry is of, by its own word; zeros for genesis */
    dais_opened_t opened; /* what it is a receipt for */
    uint64_t size;        /* of the tree that it stands in */
    dais_hash_t root;     /* of that tree */
} dais_receipt_file_t;

/* Reads it and checks that record, author's signature, stamp and contents belong to one leaf.
 * Refusals say what does not; other errors are of the machine. To be freed in each case. */
dais_err_t dais_receipt_file_open(dais_receipt_file_t *receipt, const char *path) DAIS_MUST_CHECK;
void dais_receipt_file_free(dais_receipt_file_t *receipt);

/* The tree that a receipt stands in, by the word of its checkpoint; the signature is another
 * question. */
dais_err_t dais_receipt_tree(const dais_proof_t *proof, uint64_t *size,
                             dais_hash_t *root) DAIS_MUST_CHECK;

/* Is its leaf the one at its index of that log? WRONG_ENTRY; OUT_OF_RANGE where the log ends before
 * it. */
dais_err_t dais_receipt_file_place(const dais_receipt_file_t *receipt,
                                   dais_log_tree_t *log) DAIS_MUST_CHECK;

/* Is the tree that it stands in a beginning of that log? BAD_ROOT, which is a fork where both are
 * signed; OUT_OF_RANGE where the log ends before it. */
dais_err_t dais_receipt_file_history(const dais_receipt_file_t *receipt,
                                     dais_log_tree_t *log) DAIS_MUST_CHECK;

#endif
