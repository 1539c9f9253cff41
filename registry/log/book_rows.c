/* SPDX-License-Identifier: Apache-2.0
 *
 * Rows in and out of the store, and the two that say what and how far the log is. */
#include "registry/log/book_private.h"

#include <stdio.h>

#include "registry/log/mark.h"

void book_put(dais_book_t *book, size_t database, const dais_book_key_t *key,
              const dais_shape_t *shape, const void *row)
{
    dais_writer_t writer;
    dais_slice_t bytes;
    dais_writer_init(&writer, book->space->row, sizeof book->space->row);
    dais_err_t err = dais_shape_encode(shape, row, &writer);
    if (err == DAIS_OK)
        err = dais_writer_finish(&writer, &bytes);
    if (err != DAIS_OK)
        dais_txn_fail(&book->txn, err);
    else
        dais_txn_put(&book->txn, database, dais_book_key_slice(key), bytes);
}

bool book_decode(dais_book_t *book, const dais_shape_t *shape, dais_slice_t bytes, void *row)
{
    if (dais_shape_decode(shape, bytes, row).err == DAIS_OK)
        return true;
    dais_txn_fail(&book->txn, DAIS_ERR_CORRUPT);
    return false;
}

bool book_get(dais_book_t *book, size_t database, const dais_book_key_t *key,
              const dais_shape_t *shape, void *row)
{
    dais_slice_t bytes;
    return dais_txn_get(&book->txn, database, dais_book_key_slice(key), &bytes) &&
           book_decode(book, shape, bytes, row);
}

void book_put_head(dais_book_t *book)
{
    uint8_t frontier[DAIS_FRONTIER_BYTES_MAX];
    size_t size = dais_frontier_encode(&book->head.frontier, frontier);
    dais_book_head_row_t row = {.size = book->head.frontier.size,
                                .root = dais_frontier_root(&book->head.frontier),
                                .frontier = dais_slice(frontier, size),
                                .logged_at = book->head.logged_at,
                                .epoch = book->epoch,
                                .mark = dais_book_mark(book->state, book->head.frontier.size),
                                .held_bytes = book->head.held_bytes};
    dais_book_key_t key = dais_book_key_word("head");
    book_put(book, DAIS_BOOK_META, &key, &dais_shape_book_head_row, &row);
}

bool book_load_head(dais_book_t *book, dais_book_head_row_t *row)
{
    dais_book_key_t key = dais_book_key_word("head");
    if (!book_get(book, DAIS_BOOK_META, &key, &dais_shape_book_head_row, row) ||
        dais_frontier_decode(row->frontier, &book->head.frontier).err != DAIS_OK)
        return false;
    book->head.logged_at = row->logged_at;
    book->head.held_bytes = row->held_bytes;
    dais_slice_t value;
    key = dais_book_key_word("erased");
    book->head.has_erased =
        dais_txn_get(&book->txn, DAIS_BOOK_META, dais_book_key_slice(&key), &value);
    book->epoch = (uint32_t)row->epoch;
    book->committed = book->head;
    return true;
}

bool book_load_about(dais_book_t *book)
{
    dais_book_about_row_t row;
    dais_book_key_t key = dais_book_key_word("about");
    if (!book_get(book, DAIS_BOOK_META, &key, &dais_shape_book_about_row, &row) ||
        row.version != DAIS_BOOK_VERSION ||
        dais_vkey_make(row.origin, row.log_key.bytes, &book->about.vkey) != DAIS_OK)
        return false;
    (void)snprintf(book->cycle, sizeof book->cycle, "%.*s", (int)row.cycle.size,
                   (const char *)row.cycle.data);
    (void)snprintf(book->origin, sizeof book->origin, "%.*s", (int)row.origin.size,
                   (const char *)row.origin.data);
    book->about.name = row.log;
    book->about.cycle = book->cycle;
    book->about.origin = book->origin;
    book->about.is_rehearsal = row.rehearsal == 1;
    book->about.box_key = row.box_key;
    return true;
}
