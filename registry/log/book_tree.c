/* SPDX-License-Identifier: Apache-2.0
 *
 * The tree as it lies in the rows of the leaves; registry/log/book_append.c says how. */
#include "proto/entry.h"
#include "registry/log/book_private.h"
#include "registry/log/book_read.h"

static dais_err_t tree_hash(void *context, unsigned level, uint64_t index, dais_hash_t *out)
{
    dais_book_t *book = context;
    uint64_t seq = ((index + 1) << level) - 1;
    dais_book_key_t key = dais_book_key_u64(seq);
    dais_slice_t value;
    if (!dais_txn_get(&book->txn, DAIS_BOOK_LEAVES, dais_book_key_slice(&key), &value))
        return book->txn.err != DAIS_OK ? book->txn.err : DAIS_ERR_CORRUPT;
    if (value.size < (level + (size_t)1) * sizeof *out)
        return DAIS_ERR_CORRUPT;
    memcpy(out, value.data + level * sizeof *out, sizeof *out);
    if (level == 0)
        *out = dais_entry_hash(seq, out);
    return DAIS_OK;
}

dais_tree_source_t book_tree_source(dais_book_t *book)
{
    return (dais_tree_source_t){tree_hash, book};
}

dais_err_t dais_book_inclusion(dais_book_t *book, uint64_t seq, uint64_t size,
                               dais_tree_path_t *path)
{
    dais_tree_source_t source = book_tree_source(book);
    if (size > book->head.frontier.size)
        return DAIS_ERR_OUT_OF_RANGE;
    return dais_tree_inclusion(&source, seq, size, path);
}

dais_err_t dais_book_consistency(dais_book_t *book, uint64_t old_size, uint64_t size,
                                 dais_tree_path_t *path)
{
    dais_tree_source_t source = book_tree_source(book);
    if (size > book->head.frontier.size)
        return DAIS_ERR_OUT_OF_RANGE;
    return dais_tree_consistency(&source, old_size, size, path);
}

dais_err_t dais_book_root_at(dais_book_t *book, uint64_t size, dais_hash_t *root)
{
    dais_tree_source_t source = book_tree_source(book);
    if (size > book->head.frontier.size)
        return DAIS_ERR_OUT_OF_RANGE;
    if (size == book->head.frontier.size) {
        *root = dais_frontier_root(&book->head.frontier);
        return DAIS_OK;
    }
    return dais_tree_source_root(&source, size, root);
}

bool dais_book_leaf(dais_book_t *book, uint64_t seq, uint8_t bytes[64], dais_slice_t *leaf)
{
    dais_book_key_t key = dais_book_key_u64(seq);
    dais_slice_t value;
    dais_hash_t commitment;
    dais_writer_t writer;
    if (!dais_txn_get(&book->txn, DAIS_BOOK_LEAVES, dais_book_key_slice(&key), &value))
        return false;
    if (value.size < sizeof commitment) {
        dais_txn_fail(&book->txn, DAIS_ERR_CORRUPT);
        return false;
    }
    memcpy(commitment.bytes, value.data, sizeof commitment);
    dais_writer_init(&writer, bytes, DAIS_ENTRY_SIZE_MAX);
    return dais_entry_write(seq, &commitment, &writer) == DAIS_OK &&
           dais_writer_finish(&writer, leaf) == DAIS_OK;
}
