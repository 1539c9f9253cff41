/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_REGISTRY_LOG_BOOK_READ_H
#define DAIS_REGISTRY_LOG_BOOK_READ_H

#include "proto/tree.h"
#include "registry/log/book.h"

/* READ: what the log holds, and what proves it. To be asked within a span; in one of writes only
 * between bundles. What is handed out lives until the next call of this kind or the next write. */

/* One entry with all that opens it. Records, paths and leaves are rebuilt; contents that were
 * erased are not there. */
typedef struct {
    uint8_t leaf_bytes[64];
    dais_slice_t leaf;
    dais_record_t record;
    dais_opening_t opening; /* all of it, private contents too: its reader is the caller's care */
    uint32_t key_number;
    uint64_t stream;
    dais_hash_t bundle; /* its hash; zeros for an own entry */
    uint8_t message_path[DAIS_LIMIT_BUNDLE_PATH];
} dais_book_entry_t;

/* False if there is no such entry, or after an error. */
DAIS_MUST_CHECK bool dais_book_entry(dais_book_t *book, uint64_t seq, dais_book_entry_t *out);

/* The leaf alone, into a buffer of 64 bytes. */
DAIS_MUST_CHECK bool dais_book_leaf(dais_book_t *book, uint64_t seq, uint8_t bytes[64],
                                    dais_slice_t *leaf);

/* The message of entry `seq` alone: the memory of duplicates compares it. */
DAIS_MUST_CHECK bool dais_book_message(dais_book_t *book, uint64_t seq, dais_slice_t *message);

/* The receipts of the bundle whose first new entry is `first`, under the newest checkpoint, behind
 * what the writer holds. NOT_FOUND if no bundle's entries begin there; NO_SPACE. */
DAIS_MUST_CHECK dais_err_t dais_book_receipts(dais_book_t *book, uint64_t first,
                                              dais_writer_t *writer);

/* Proofs in the tree of the first `size` entries. OUT_OF_RANGE. */
DAIS_MUST_CHECK dais_err_t dais_book_inclusion(dais_book_t *book, uint64_t seq, uint64_t size,
                                               dais_tree_path_t *path);
DAIS_MUST_CHECK dais_err_t dais_book_consistency(dais_book_t *book, uint64_t old_size,
                                                 uint64_t size, dais_tree_path_t *path);

/* The root of the first `size` entries. OUT_OF_RANGE. */
DAIS_MUST_CHECK dais_err_t dais_book_root_at(dais_book_t *book, uint64_t size, dais_hash_t *root);

#endif
