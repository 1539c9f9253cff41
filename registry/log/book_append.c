/* SPDX-License-Identifier: Apache-2.0
 *
 * Appending. All keys that are written here are sequential: rows by their first seq, leaves by seq;
 * a random key would dirty a page of its own. A leaf's row holds its commitment and the roots of
 * the subtrees that it completes, so each node of the tree is stored once, in order, and found
 * again by one lookup: subtree (level, index) was completed by leaf (index + 1) * 2^level - 1. */
#include "registry/log/book_private.h"

#include <assert.h>
#include <stdlib.h>

#include "proto/bundle.h"
#include "proto/entry.h"

void book_append_leaf(dais_book_t *book, const dais_hash_t *commitment)
{
    dais_frontier_t *frontier = &book->head.frontier;
    uint64_t seq = frontier->size;
    dais_hash_t value[1 + DAIS_FRONTIER_LEVELS];
    dais_hash_t hash = dais_entry_hash(seq, commitment);
    unsigned level = 0;
    value[0] = *commitment;
    for (; (seq >> level & 1) != 0; level++) {
        hash = dais_tree_node_hash(&frontier->hashes[level], &hash);
        value[level + 1] = hash;
    }
    frontier->hashes[level] = hash;
    frontier->size++;
    dais_txn_append(&book->txn, DAIS_BOOK_LEAVES, seq,
                    dais_slice(value, (level + 1) * sizeof value[0]));
}

/* One entry: its record is put together, committed to under the salt, and forgotten: it can be
 * rebuilt from the row. */
static void append_entry(dais_book_t *book, const dais_record_t *record, const dais_key_t *salt,
                         dais_writer_t *list_writer, dais_list_t *list)
{
    dais_writer_t writer;
    dais_slice_t bytes;
    dais_receipt_entry_t entry = {
        .index = record->index, .verdicts = record->verdicts, .salt = *salt};
    dais_writer_init(&writer, book->space->record, sizeof book->space->record);
    dais_err_t err = dais_shape_encode(&dais_shape_record, record, &writer);
    if (err == DAIS_OK)
        err = dais_writer_finish(&writer, &bytes);
    if (err == DAIS_OK)
        err = dais_list_add(list, &dais_shape_receipt_entry, &entry, list_writer);
    if (err != DAIS_OK) {
        dais_txn_fail(&book->txn, err);
        return;
    }
    dais_hash_t commitment = dais_record_commit(salt, bytes);
    book_append_leaf(book, &commitment);
}

/* The verdicts as a list, packed into the space. */
static dais_list_t append_verdicts(dais_book_t *book, const dais_verdicts_t *verdicts)
{
    dais_list_t list = {0};
    dais_writer_t writer;
    dais_writer_init(&writer, book->space->verdicts, sizeof book->space->verdicts);
    for (unsigned i = 0; i < verdicts->count; i++) {
        dais_code_item_t code = {verdicts->codes[i]};
        dais_err_t err = dais_list_add(&list, &dais_shape_code_item, &code, &writer);
        if (err != DAIS_OK)
            dais_txn_fail(&book->txn, err);
    }
    return list;
}

static void append_salts(dais_book_t *book, dais_key_t *salts, size_t count)
{
    dais_err_t err = dais_random_fill(&book->random, salts, count * sizeof *salts);
    if (err != DAIS_OK)
        dais_txn_fail(&book->txn, err);
}

void dais_book_own(dais_book_t *book, dais_slice_t own)
{
    static const dais_verdicts_t accepted = {.count = 1, .codes = {DAIS_VERDICT_ACCEPTED}};
    uint8_t entries[128];
    dais_key_t salt;
    dais_writer_t writer;
    dais_book_row_t row = {.is_own = 1,
                           .epoch = book->epoch,
                           .logged_at = book->now,
                           .received_at = book->now,
                           .body = own};
    dais_book_key_t key = dais_book_key_u64(book->head.frontier.size);
    append_salts(book, &salt, 1);
    dais_writer_init(&writer, entries, sizeof entries);
    dais_record_t record = {.epoch = book->epoch,
                            .logged_at = book->now,
                            .received_at = book->now,
                            .verdicts = append_verdicts(book, &accepted),
                            .message = own};
    append_entry(book, &record, &salt, &writer, &row.entries);
    book->head.logged_at = book->now;
    book_put(book, DAIS_BOOK_ROWS, &key, &dais_shape_book_row, &row);
}

void dais_book_bundle_begin(dais_book_t *book, const dais_book_bundle_t *bundle)
{
    book->bundle.of = *bundle;
    book->bundle.first = book->head.frontier.size;
    book->bundle.entries = (dais_list_t){0};
    book->bundle.twins = (dais_list_t){0};
    dais_writer_init(&book->bundle.entry_writer, book->space->entries, sizeof book->space->entries);
    dais_writer_init(&book->bundle.twin_writer, book->space->twins, sizeof book->space->twins);
    if (bundle->intake != 0 && bundle->at > book->now)
        book->now = bundle->at;
    book->bundle.logged_at = book->now;
    if (bundle->intake == 0)
        book->bundle.of.at = book->now;
    assert(bundle->message_count <= DAIS_LIMIT_BUNDLE_MESSAGES);
    append_salts(book, book->bundle.salts, bundle->message_count);
}

uint64_t dais_book_bundle_received(const dais_book_t *book)
{
    return book->bundle.of.at;
}

void dais_book_bundle_entry(dais_book_t *book, unsigned index, dais_slice_t message,
                            const dais_verdicts_t *verdicts)
{
    assert(book->bundle.entries.count < book->bundle.of.message_count);
    dais_record_t record = {.epoch = book->epoch,
                            .logged_at = book->bundle.logged_at,
                            .received_at = book->bundle.of.at,
                            .verdicts = append_verdicts(book, verdicts),
                            .bundle = dais_hash_slice(&book->bundle.of.hash),
                            .index = index,
                            .message = message};
    append_entry(book, &record, &book->bundle.salts[book->bundle.entries.count],
                 &book->bundle.entry_writer, &book->bundle.entries);
}

void dais_book_bundle_twin(dais_book_t *book, unsigned index, uint64_t seq)
{
    dais_book_twin_t twin = {.index = index, .seq = seq};
    dais_err_t err =
        dais_list_add(&book->bundle.twins, &dais_shape_book_twin, &twin, &book->bundle.twin_writer);
    if (err != DAIS_OK)
        dais_txn_fail(&book->txn, err);
}

static void bundle_put_row(dais_book_t *book)
{
    const dais_book_bundle_t *of = &book->bundle.of;
    dais_book_key_t key = dais_book_key_u64(book->bundle.first);
    dais_book_row_t row = {.epoch = book->epoch,
                           .logged_at = book->bundle.logged_at,
                           .received_at = of->at,
                           .key_number = of->key_number,
                           .stream = of->stream,
                           .k = of->k,
                           .intake = of->intake,
                           .j = of->j,
                           .bundle_index = of->index,
                           .bundle_path = of->path,
                           .entries = book->bundle.entries,
                           .body = of->parcel};
    book->head.logged_at = book->bundle.logged_at;
    book_put(book, DAIS_BOOK_ROWS, &key, &dais_shape_book_row, &row);
}

/* The contents of a message that the log has already are not kept a second time, where an erasure
 * of its entry would not find them. */
static void bundle_put_row_without_twins(dais_book_t *book)
{
    bool gone[DAIS_LIMIT_BUNDLE_MESSAGES] = {false};
    size_t size = book->bundle.of.parcel.size;
    uint8_t *room = malloc(2 * size);
    dais_book_twin_t twin;
    dais_writer_t items;
    dais_writer_t out;
    dais_list_walk_t walk = dais_list_begin(&book->bundle.twins, &dais_shape_book_twin);
    while (dais_list_next(&walk, &twin))
        gone[twin.index] = true;
    dais_err_t err = room == NULL ? DAIS_ERR_NO_MEMORY : DAIS_OK;
    if (err == DAIS_OK) {
        dais_writer_init(&items, room, size);
        dais_writer_init(&out, room + size, size);
        err = book_parcel_without(book->bundle.of.parcel, gone, &items, &out);
    }
    if (err != DAIS_OK) {
        dais_txn_fail(&book->txn, err);
    } else {
        book->bundle.of.parcel = dais_slice(out.buffer, out.size);
        bundle_put_row(book);
    }
    free(room);
}

void dais_book_bundle_end(dais_book_t *book)
{
    const dais_book_bundle_t *of = &book->bundle.of;
    dais_book_link_t link = {.bundle = of->hash,
                             .state = DAIS_BUNDLE_LOGGED,
                             .count = book->bundle.entries.count,
                             .twins = book->bundle.twins};
    dais_book_key_t key = dais_book_key_link(of->key_number, of->stream);
    dais_book_key_add(&key, of->k);
    if (link.count > 0) {
        link.first = book->bundle.first;
        if (link.twins.count > 0)
            bundle_put_row_without_twins(book);
        else
            bundle_put_row(book);
    }
    book_put(book, DAIS_BOOK_LINKS, &key, &dais_shape_book_link, &link);
}

void dais_book_turned_away(dais_book_t *book, const dais_bundle_t *head, uint32_t key_number,
                           const dais_hash_t *bundle, dais_slice_t envelope, const char *code,
                           uint64_t seq, bool uses_number)
{
    dais_book_link_t link = {.bundle = *bundle,
                             .state = DAIS_BUNDLE_TURNED_AWAY,
                             .first = seq,
                             .code = dais_slice_text(code),
                             .envelope = envelope};
    dais_book_key_t key = dais_book_key_link(key_number, (unsigned)head->stream);
    dais_book_key_add(&key, head->k);
    if (!uses_number)
        dais_book_key_add(&key, seq);
    book_put(book, uses_number ? DAIS_BOOK_LINKS : DAIS_BOOK_ASIDE, &key, &dais_shape_book_link,
             &link);
}
