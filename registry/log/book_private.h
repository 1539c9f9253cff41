/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_REGISTRY_LOG_BOOK_PRIVATE_H
#define DAIS_REGISTRY_LOG_BOOK_PRIVATE_H

#include "base/walk.h"
#include "proto/device.h"
#include "registry/log/book.h"
#include "registry/log/guard.h"

#define BOOK_ROW_MAX   (DAIS_LIMIT_BUNDLE_BYTES + (size_t)256 * 1024)
#define BOOK_LIST_MAX  (DAIS_LIMIT_BUNDLE_MESSAGES * (size_t)1024) /* see log_append.c */
#define BOOK_NODES_MAX (2 * DAIS_LIMIT_BUNDLE_MESSAGES)

struct dais_book_space {
    uint8_t row[BOOK_ROW_MAX];
    uint8_t record[DAIS_LIMIT_RECORD];
    uint8_t entries[BOOK_LIST_MAX]; /* receipt entries of the bundle that is appended */
    uint8_t twins[DAIS_LIMIT_BUNDLE_MESSAGES * 16];
    uint8_t verdicts[DAIS_LIMIT_TARGETS * 3];
    dais_hash_t nodes[BOOK_NODES_MAX]; /* of the bundle that is read */
};

typedef struct {
    dais_frontier_t frontier; /* its size is that of the log */
    uint64_t logged_at;
    uint64_t held_bytes;
    bool has_erased; /* rows were written anew, and the file still holds the old ones */
} book_head_t;

struct dais_book {
    char folder[512];
    char guard_path[512];
    size_t map_bytes;
    dais_clock_t clock;
    dais_random_t random;
    dais_book_space_t *space;
    int lock_fd;
    dais_store_t *store;
    dais_rules_store_t *state;
    dais_guard_file_t guard;
    const dais_device_t *key; /* borrowed; null for readers */
    dais_book_about_t about;
    char cycle[DAIS_LIMIT_CODE + 1];
    char origin[DAIS_LIMIT_ORIGIN + 1];
    uint32_t epoch;
    book_head_t head;
    book_head_t committed;
    dais_txn_t txn;
    bool in_span;
    bool is_looked_at;
    uint64_t now;
    uint8_t checkpoint[DAIS_CHECKPOINT_SIGNED_MAX];
    size_t checkpoint_size;
    uint64_t signed_size;
    struct {
        dais_book_bundle_t of;
        uint64_t first;
        uint64_t logged_at;
        dais_list_t entries;
        dais_list_t twins;
        dais_writer_t entry_writer;
        dais_writer_t twin_writer;
        dais_key_t salts[DAIS_LIMIT_BUNDLE_MESSAGES];
    } bundle;
    struct { /* what is known of the row that was read last in this span */
        bool is_known;
        uint64_t first;
        uint64_t count; /* entries */
        dais_book_row_t row;
        bool has_nodes;
        size_t message_count;
    } read;
};

/* The folder of the store within that of the cycle. */
void book_store_folder(const char *folder, char path[512]);

/* Opens the store of this folder; it has to be there unless `create`. */
dais_err_t book_open_store(dais_book_t *book, bool create);

/* Encodes a row of this shape into space->row and puts it; the encoder's error becomes the
 * transaction's. */
void book_put(dais_book_t *book, size_t database, const dais_book_key_t *key,
              const dais_shape_t *shape, const void *row);

/* Reads and decodes a row. False if it is absent, or after an error; one that does not decode is
 * CORRUPT. Its slices live until the next write. */
bool book_get(dais_book_t *book, size_t database, const dais_book_key_t *key,
              const dais_shape_t *shape, void *row);
bool book_decode(dais_book_t *book, const dais_shape_t *shape, dais_slice_t bytes, void *row);

/* Writes the head row of the span. */
void book_put_head(dais_book_t *book);

/* Reads the head row into log->head and log->committed; *row for those who verify it. */
bool book_load_head(dais_book_t *book, dais_book_head_row_t *row);
bool book_load_about(dais_book_t *book);

/* Appends one leaf and the subtrees that it completes. */
void book_append_leaf(dais_book_t *book, const dais_hash_t *commitment);

/* The tree as it stands in the store. */
dais_tree_source_t book_tree_source(dais_book_t *book);

/* Guard and signature for what is committed. */
dais_err_t book_guard_and_sign(dais_book_t *book);

/* Compares what the store says of itself, and the guard. */
dais_err_t book_verify(dais_book_t *book);

/* The parcel without the contents of those of its messages for which gone[index] is set. */
DAIS_MUST_CHECK dais_err_t book_parcel_without(dais_slice_t bytes, const bool *gone,
                                               dais_writer_t *items, dais_writer_t *out);

#endif
