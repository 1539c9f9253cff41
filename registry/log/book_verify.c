/* SPDX-License-Identifier: Apache-2.0
 *
 * What is compared at every start. Nothing here grows with the log: a few lookups and a hash for
 * each level of the tree. What differs is named by a code and left as it is: nothing is repaired,
 * cut or deleted here. */
#include "registry/log/book_private.h"
#include "registry/log/mark.h"

static dais_err_t verify_tree(dais_book_t *book, const dais_book_head_row_t *row)
{
    dais_frontier_t loaded;
    dais_tree_source_t source = book_tree_source(book);
    dais_slice_t behind;
    dais_book_key_t next = dais_book_key_u64(row->size);
    if (row->size != book->head.frontier.size || row->size == 0 ||
        dais_txn_get(&book->txn, DAIS_BOOK_LEAVES, dais_book_key_slice(&next), &behind))
        return DAIS_ERR_APPLIED_DIFFERS;
    if (dais_frontier_load(&loaded, &source, row->size) != DAIS_OK)
        return DAIS_ERR_TREE_DIFFERS;
    dais_hash_t root = dais_frontier_root(&loaded);
    return dais_frontier_equal(&loaded, &book->head.frontier) && dais_hash_equal(&root, &row->root)
               ? DAIS_OK
               : DAIS_ERR_TREE_DIFFERS;
}

static dais_err_t verify_state(dais_book_t *book, const dais_book_head_row_t *row)
{
    if (book->state->port->count(book->state, DAIS_TABLE_ENTRY) != row->size)
        return DAIS_ERR_APPLIED_DIFFERS;
    dais_hash_t mark = dais_book_mark(book->state, row->size);
    return dais_hash_equal(&mark, &row->mark) ? DAIS_OK : DAIS_ERR_STATE_DIFFERS;
}

/* The guard may be behind, by a commit that was not signed any more; never ahead, never beside. */
static dais_err_t verify_guard(dais_book_t *book)
{
    if (book->guard.fd < 0)
        return DAIS_OK;
    const dais_guard_t *guard = &book->guard.last;
    dais_tree_source_t source = book_tree_source(book);
    dais_hash_t root;
    if (!dais_hash_equal(&guard->log, &book->about.name))
        return DAIS_ERR_GUARD_DIFFERS;
    if (guard->size > book->head.frontier.size)
        return DAIS_ERR_STORE_BEHIND;
    if (guard->size == 0 || dais_tree_source_root(&source, guard->size, &root) != DAIS_OK ||
        !dais_hash_equal(&root, &guard->root))
        return DAIS_ERR_GUARD_DIFFERS;
    return DAIS_OK;
}

static dais_err_t verify_rows(dais_book_t *book)
{
    dais_book_head_row_t row;
    if (!book_load_about(book) || !book_load_head(book, &row))
        return book->txn.err != DAIS_OK ? book->txn.err : DAIS_ERR_CORRUPT;
    dais_err_t err = verify_tree(book, &row);
    if (err == DAIS_OK)
        err = verify_state(book, &row);
    return err == DAIS_OK ? verify_guard(book) : err;
}

dais_err_t book_verify(dais_book_t *book)
{
    dais_err_t err = DAIS_OK;
    if (book->guard_path[0] != 0)
        err = dais_guard_file_open(&book->guard, book->guard_path);
    if (err == DAIS_ERR_NOT_FOUND)
        return DAIS_ERR_GUARD_MISSING;
    if (err != DAIS_OK)
        return err;
    dais_book_begin(book, DAIS_TXN_READ);
    err = verify_rows(book);
    dais_err_t of_reads = dais_book_end(book);
    return of_reads != DAIS_OK ? of_reads : err;
}
