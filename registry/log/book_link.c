/* SPDX-License-Identifier: Apache-2.0 */
#include "registry/log/book_link.h"

#include "registry/log/book_private.h"
#include "registry/log/book_read.h"

/* The last row under a prefix; its slices live until the next write. */
static bool link_last(dais_book_t *book, size_t database, const dais_book_key_t *prefix,
                      dais_slice_t *key, dais_slice_t *value)
{
    dais_walk_t walk;
    dais_walk_open(&walk, &book->txn, database, dais_book_key_slice(prefix), dais_slice(NULL, 0),
                   DAIS_WALK_BACKWARD);
    bool found = dais_walk_next(&walk);
    if (found) {
        *key = walk.key;
        *value = walk.value;
    }
    dais_walk_close(&walk);
    return found;
}

dais_book_chain_t dais_book_chain(dais_book_t *book, uint32_t key_number, unsigned stream)
{
    dais_book_chain_t chain = {.next = 0};
    dais_book_key_t prefix = dais_book_key_link(key_number, stream);
    dais_book_link_t link;
    dais_slice_t key;
    dais_slice_t value;
    if (link_last(book, DAIS_BOOK_LINKS, &prefix, &key, &value) &&
        book_decode(book, &dais_shape_book_link, value, &link)) {
        chain.next = dais_book_key_number(key, prefix.size) + 1;
        chain.prev = link.bundle;
    }
    return chain;
}

bool dais_book_link(dais_book_t *book, uint32_t key_number, unsigned stream, uint64_t k,
                    dais_book_link_t *link)
{
    dais_book_key_t key = dais_book_key_link(key_number, stream);
    dais_book_key_add(&key, k);
    return book_get(book, DAIS_BOOK_LINKS, &key, &dais_shape_book_link, link);
}

void dais_book_aside_walk(dais_book_t *book, uint32_t key_number, unsigned stream, uint64_t k,
                          dais_book_aside_fn_t *each, void *context)
{
    dais_book_key_t prefix = dais_book_key_link(key_number, stream);
    dais_book_key_t from = prefix;
    dais_book_link_t link;
    dais_walk_t walk;
    bool goes_on = true;
    dais_book_key_add(&from, k);
    dais_walk_open(&walk, &book->txn, DAIS_BOOK_ASIDE, dais_book_key_slice(&prefix),
                   dais_book_key_slice(&from), DAIS_WALK_FORWARD);
    while (goes_on && dais_walk_next(&walk) &&
           book_decode(book, &dais_shape_book_link, walk.value, &link))
        goes_on = each(context, dais_book_key_number(walk.key, prefix.size), &link);
    dais_walk_close(&walk);
}

dais_slice_t dais_book_envelope(dais_book_t *book, uint32_t key_number, unsigned stream, uint64_t k)
{
    dais_book_link_t link;
    dais_book_row_t row;
    dais_parcel_t parcel = {.envelope = dais_slice(NULL, 0)};
    if (!dais_book_link(book, key_number, stream, k, &link))
        return dais_slice(NULL, 0);
    if (link.envelope.size > 0 || link.count == 0)
        return link.envelope;
    dais_book_key_t key = dais_book_key_u64(link.first);
    if (book_get(book, DAIS_BOOK_ROWS, &key, &dais_shape_book_row, &row))
        (void)book_decode(book, &dais_shape_parcel, row.body, &parcel);
    return parcel.envelope;
}

dais_book_stamps_t dais_book_stamps(dais_book_t *book, uint32_t intake)
{
    dais_book_stamps_t stamps = {.has_any = false};
    dais_book_key_t prefix = dais_book_key_u32(intake);
    dais_slice_t key;
    if (link_last(book, DAIS_BOOK_STAMPS, &prefix, &key, &stamps.bytes)) {
        stamps.has_any = true;
        stamps.j = dais_book_key_number(key, prefix.size);
    }
    return stamps;
}

bool dais_book_stamp(dais_book_t *book, uint32_t intake, uint64_t j, dais_slice_t *bytes)
{
    dais_book_key_t key = dais_book_key_u32(intake);
    dais_book_key_add(&key, j);
    return dais_txn_get(&book->txn, DAIS_BOOK_STAMPS, dais_book_key_slice(&key), bytes);
}

void dais_book_put_stamp(dais_book_t *book, uint32_t intake, uint64_t j, dais_slice_t bytes)
{
    dais_book_key_t key = dais_book_key_u32(intake);
    dais_book_key_add(&key, j);
    dais_txn_put(&book->txn, DAIS_BOOK_STAMPS, dais_book_key_slice(&key), bytes);
}

uint64_t dais_book_spent(dais_book_t *book, uint32_t actor_number, uint64_t day)
{
    dais_book_spent_t spent;
    dais_book_key_t key = dais_book_key_u32(actor_number);
    bool found = book_get(book, DAIS_BOOK_SPENT, &key, &dais_shape_book_spent, &spent);
    return found && spent.day == day ? spent.messages : 0;
}

void dais_book_spend(dais_book_t *book, uint32_t actor_number, uint64_t day, uint64_t messages)
{
    dais_book_key_t key = dais_book_key_u32(actor_number);
    dais_book_spent_t spent = {.day = day,
                               .messages = dais_book_spent(book, actor_number, day) + messages};
    book_put(book, DAIS_BOOK_SPENT, &key, &dais_shape_book_spent, &spent);
}
