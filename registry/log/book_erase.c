/* SPDX-License-Identifier: Apache-2.0 */
#include "registry/log/book_erase.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "registry/log/book_private.h"

/* The position of entry `seq` in the bundle whose row this is. */
static uint64_t erase_index(const dais_book_row_t *row, uint64_t first, uint64_t seq)
{
    dais_receipt_entry_t entry = {.index = 0};
    dais_list_walk_t walk = dais_list_begin(&row->entries, &dais_shape_receipt_entry);
    for (uint64_t at = first; dais_list_next(&walk, &entry) && at < seq; at++) {
    }
    return entry.index;
}

dais_err_t book_parcel_without(dais_slice_t bytes, const bool *gone, dais_writer_t *items,
                               dais_writer_t *out)
{
    dais_parcel_t parcel;
    dais_item_t item;
    dais_list_t left = {0};
    dais_err_t err = dais_shape_decode(&dais_shape_parcel, bytes, &parcel).err;
    if (err != DAIS_OK)
        return DAIS_ERR_CORRUPT;
    dais_list_walk_t walk = dais_list_begin(&parcel.items, &dais_shape_item);
    for (uint64_t at = 0; err == DAIS_OK && dais_list_next(&walk, &item); at++) {
        if (gone[at])
            item.public_opening = item.private_opening = dais_slice(NULL, 0);
        err = dais_list_add(&left, &dais_shape_item, &item, items);
    }
    parcel.items = left;
    return err == DAIS_OK ? dais_shape_encode(&dais_shape_parcel, &parcel, out) : err;
}

/* What is written must not lie in the store, so the row is put together in room of its own. */
static dais_err_t erase_row(dais_book_t *book, uint64_t first, dais_slice_t bytes, uint64_t seq)
{
    size_t size = bytes.size;
    bool gone[DAIS_LIMIT_BUNDLE_MESSAGES] = {false};
    dais_book_row_t row;
    dais_writer_t items;
    dais_writer_t out;
    uint8_t *room = malloc(3 * size);
    if (room == NULL)
        return DAIS_ERR_NO_MEMORY;
    memcpy(room, bytes.data, size);
    dais_writer_init(&items, room + size, size);
    dais_writer_init(&out, room + 2 * size, size);
    dais_err_t err = dais_shape_decode(&dais_shape_book_row, dais_slice(room, size), &row).err;
    if (err == DAIS_OK && row.is_own == 0) {
        gone[erase_index(&row, first, seq)] = true;
        err = book_parcel_without(row.body, gone, &items, &out);
        dais_book_key_t key = dais_book_key_u64(first);
        row.body = dais_slice(out.buffer, out.size);
        if (err == DAIS_OK)
            book_put(book, DAIS_BOOK_ROWS, &key, &dais_shape_book_row, &row);
    }
    memset(room, 0, 3 * size);
    free(room);
    return err;
}

void dais_book_erase(dais_book_t *book, uint64_t seq)
{
    dais_book_key_t from = dais_book_key_u64(seq);
    dais_walk_t walk;
    dais_walk_open(&walk, &book->txn, DAIS_BOOK_ROWS, dais_slice(NULL, 0),
                   dais_book_key_slice(&from), DAIS_WALK_BACKWARD);
    bool found = dais_walk_next(&walk);
    uint64_t first = found ? dais_book_key_number(walk.key, 0) : 0;
    dais_slice_t bytes = found ? walk.value : dais_slice(NULL, 0);
    dais_walk_close(&walk);
    book->read.is_known = false;
    dais_err_t err = found ? erase_row(book, first, bytes, seq) : DAIS_OK;
    if (err != DAIS_OK)
        dais_txn_fail(&book->txn, err);
    dais_book_key_t key = dais_book_key_word("erased");
    dais_txn_put(&book->txn, DAIS_BOOK_META, dais_book_key_slice(&key), dais_slice_text("1"));
    book->head.has_erased = true;
}

bool dais_book_has_erased(const dais_book_t *book)
{
    return book->head.has_erased;
}

/* Only now is it done: a process that dies before does it once more. */
static dais_err_t compact_done(dais_book_t *book)
{
    dais_book_key_t key = dais_book_key_word("erased");
    dais_book_begin(book, DAIS_TXN_WRITE);
    (void)dais_txn_del(&book->txn, DAIS_BOOK_META, dais_book_key_slice(&key));
    book->head.has_erased = false;
    return dais_book_commit_unguarded(book);
}

/* The copy under its own name first. */
static dais_err_t compact_copy(dais_book_t *book, const char *draft)
{
    (void)unlink(draft); /* of a process that died here */
    return dais_store_copy(book->store, draft);
}

dais_err_t dais_book_compact(dais_book_t *book)
{
    char folder[512];
    char draft[600];
    assert(!book->in_span);
    book_store_folder(book->folder, folder);
    (void)snprintf(draft, sizeof draft, "%s/compact.draft", folder);
    dais_err_t err = compact_copy(book, draft);
    if (err != DAIS_OK)
        return err;
    dais_store_lmdb_destroy(&book->state);
    dais_store_close(&book->store);
    err = dais_store_place(folder, draft);
    if (err == DAIS_OK)
        err = book_open_store(book, false);
    return err == DAIS_OK ? compact_done(book) : err;
}
