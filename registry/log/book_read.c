/* SPDX-License-Identifier: Apache-2.0
 *
 * Entries rebuilt from the rows of their bundles. The row that was read last is remembered for the
 * span, with the tree over its messages: whoever reads a log in order decodes each bundle once. */
#include "registry/log/book_read.h"

#include "proto/bundle.h"
#include "proto/tree_memory.h"
#include "registry/log/book_private.h"

/* The row that seq belongs to: the last that does not begin behind it. */
static bool read_row(dais_book_t *book, uint64_t seq)
{
    if (book->read.is_known && seq >= book->read.first && seq - book->read.first < book->read.count)
        return true;
    book->read.is_known = book->read.has_nodes = false;
    if (seq >= book->head.frontier.size)
        return false;
    dais_book_key_t from = dais_book_key_u64(seq);
    dais_walk_t walk;
    dais_walk_open(&walk, &book->txn, DAIS_BOOK_ROWS, dais_slice(NULL, 0),
                   dais_book_key_slice(&from), DAIS_WALK_BACKWARD);
    bool found = dais_walk_next(&walk);
    uint64_t first = found ? dais_book_key_number(walk.key, 0) : 0;
    dais_slice_t bytes = found ? walk.value : dais_slice(NULL, 0);
    dais_walk_close(&walk);
    if (!found || !book_decode(book, &dais_shape_book_row, bytes, &book->read.row))
        return false;
    book->read.first = first;
    book->read.count = book->read.row.entries.count;
    book->read.is_known = seq - first < book->read.count;
    if (!book->read.is_known)
        dais_txn_fail(&book->txn, DAIS_ERR_CORRUPT);
    return book->read.is_known;
}

/* The entry's verdicts, salt and position in its bundle. */
static void read_receipt_entry(const dais_book_t *book, uint64_t seq, dais_receipt_entry_t *entry)
{
    dais_list_walk_t walk = dais_list_begin(&book->read.row.entries, &dais_shape_receipt_entry);
    for (uint64_t at = book->read.first; dais_list_next(&walk, entry) && at < seq; at++) {
    }
}

/* The parcel of the row; its own message for an own entry. */
static bool read_item(dais_book_t *book, uint64_t index, dais_parcel_t *parcel, dais_item_t *item)
{
    *item = (dais_item_t){.message = book->read.row.body};
    *parcel = (dais_parcel_t){.envelope = dais_slice(NULL, 0)};
    if (book->read.row.is_own == 1)
        return true;
    if (!book_decode(book, &dais_shape_parcel, book->read.row.body, parcel))
        return false;
    dais_list_walk_t walk = dais_list_begin(&parcel->items, &dais_shape_item);
    for (uint64_t at = 0; dais_list_next(&walk, item); at++)
        if (at == index)
            return true;
    dais_txn_fail(&book->txn, DAIS_ERR_CORRUPT);
    return false;
}

static void read_nodes(dais_book_t *book, const dais_parcel_t *parcel)
{
    size_t count = 0;
    dais_item_t item;
    dais_list_walk_t walk = dais_list_begin(&parcel->items, &dais_shape_item);
    while (dais_list_next(&walk, &item))
        book->space->nodes[count++] = dais_tree_leaf_hash(item.message);
    dais_tree_nodes_t nodes = {book->space->nodes, count};
    dais_tree_nodes_build(&nodes);
    book->read.message_count = count;
    book->read.has_nodes = true;
}

static void read_message_path(dais_book_t *book, const dais_parcel_t *parcel,
                              dais_book_entry_t *out)
{
    dais_tree_path_t path;
    if (!book->read.has_nodes)
        read_nodes(book, parcel);
    dais_tree_nodes_t nodes = {book->space->nodes, book->read.message_count};
    dais_tree_source_t source = dais_tree_nodes_source(&nodes);
    dais_err_t err =
        dais_tree_inclusion(&source, out->record.index, book->read.message_count, &path);
    dais_slice_t bytes = dais_tree_path_bytes(&path);
    if (err == DAIS_OK && bytes.size > sizeof out->message_path)
        err = DAIS_ERR_CORRUPT;
    if (err != DAIS_OK) {
        dais_txn_fail(&book->txn, err);
        return;
    }
    memcpy(out->message_path, bytes.data, bytes.size);
    out->opening.message_path = dais_slice(out->message_path, bytes.size);
}

/* The stamp that the row's bundle came under; empty where it came under none. */
static dais_slice_t read_stamp(dais_book_t *book)
{
    dais_slice_t stamp = {0};
    dais_book_key_t key = dais_book_key_u32((uint32_t)book->read.row.intake);
    dais_book_key_add(&key, book->read.row.j);
    if (book->read.row.intake != 0 &&
        !dais_txn_get(&book->txn, DAIS_BOOK_STAMPS, dais_book_key_slice(&key), &stamp))
        dais_txn_fail(&book->txn, DAIS_ERR_CORRUPT);
    return stamp;
}

static void read_record(dais_book_t *book, dais_book_entry_t *out)
{
    dais_writer_t writer;
    dais_writer_init(&writer, book->space->record, sizeof book->space->record);
    dais_err_t err = dais_shape_encode(&dais_shape_record, &out->record, &writer);
    if (err == DAIS_OK)
        err = dais_writer_finish(&writer, &out->opening.record);
    if (err != DAIS_OK)
        dais_txn_fail(&book->txn, err);
}

bool dais_book_entry(dais_book_t *book, uint64_t seq, dais_book_entry_t *out)
{
    dais_receipt_entry_t entry;
    dais_parcel_t parcel;
    dais_item_t item;
    memset(out, 0, sizeof *out);
    if (!read_row(book, seq) || !dais_book_leaf(book, seq, out->leaf_bytes, &out->leaf))
        return false;
    const dais_book_row_t *row = &book->read.row;
    read_receipt_entry(book, seq, &entry);
    if (!read_item(book, entry.index, &parcel, &item))
        return false;
    out->record = (dais_record_t){.epoch = row->epoch,
                                  .logged_at = row->logged_at,
                                  .received_at = row->received_at,
                                  .verdicts = entry.verdicts,
                                  .index = entry.index,
                                  .message = item.message};
    out->opening = (dais_opening_t){.seq = seq, .salt = entry.salt};
    out->key_number = (uint32_t)row->key_number;
    out->stream = row->stream;
    if (row->is_own == 0) {
        out->bundle = dais_bundle_hash(parcel.envelope);
        out->record.bundle = dais_hash_slice(&out->bundle);
        out->opening.envelope = parcel.envelope;
        out->opening.stamp = read_stamp(book);
        out->opening.bundle_index = row->bundle_index;
        out->opening.bundle_path = row->bundle_path;
        out->opening.public_opening = item.public_opening;
        out->opening.private_opening = item.private_opening;
        read_message_path(book, &parcel, out);
    }
    read_record(book, out);
    return dais_book_failure(book) == DAIS_OK;
}

bool dais_book_message(dais_book_t *book, uint64_t seq, dais_slice_t *message)
{
    dais_receipt_entry_t entry;
    dais_parcel_t parcel;
    dais_item_t item;
    book->read.is_known = false; /* it is asked between writes */
    if (!read_row(book, seq))
        return false;
    read_receipt_entry(book, seq, &entry);
    bool found = read_item(book, entry.index, &parcel, &item);
    *message = item.message;
    book->read.is_known = false;
    return found;
}

static dais_err_t receipts_paths(dais_book_t *book, uint64_t first, uint64_t count,
                                 dais_tree_path_t paths[2])
{
    uint64_t size = dais_book_signed_size(book);
    dais_err_t err = dais_book_inclusion(book, first, size, &paths[0]);
    return err == DAIS_OK ? dais_book_inclusion(book, first + count - 1, size, &paths[1]) : err;
}

dais_err_t dais_book_receipts(dais_book_t *book, uint64_t first, dais_writer_t *writer)
{
    dais_tree_path_t paths[2];
    if (!read_row(book, first) || book->read.first != first || book->read.row.is_own == 1)
        return book->txn.err != DAIS_OK ? book->txn.err : DAIS_ERR_NOT_FOUND;
    const dais_book_row_t *row = &book->read.row;
    dais_err_t err = receipts_paths(book, first, row->entries.count, paths);
    if (err != DAIS_OK)
        return err;
    dais_receipts_t receipts = {.first = first,
                                .entries = row->entries,
                                .epoch = row->epoch,
                                .logged_at = row->logged_at,
                                .first_path = dais_tree_path_bytes(&paths[0]),
                                .last_path = dais_tree_path_bytes(&paths[1]),
                                .checkpoint = dais_book_checkpoint(book)};
    return dais_shape_encode(&dais_shape_receipts, &receipts, writer);
}
