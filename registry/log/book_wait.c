/* SPDX-License-Identifier: Apache-2.0
 *
 * What is taken in and cannot be logged yet, kept as it was handed over: an intake that was told
 * "taken" may forget it. */
#include <endian.h>

#include "registry/log/book_link.h"
#include "registry/log/book_private.h"

#define PARKED_K_AT 5 /* where k begins in a key: behind key number and stream */

static dais_book_key_t parked_key(uint32_t key_number, unsigned stream, uint64_t k)
{
    dais_book_key_t key = dais_book_key_link(key_number, stream);
    dais_book_key_add(&key, k);
    return key;
}

void dais_book_park(dais_book_t *book, uint32_t key_number, unsigned stream, uint64_t k,
                    const dais_book_waiting_t *waiting)
{
    dais_book_key_t key = parked_key(key_number, stream, k);
    dais_book_key_add_hash(&key, &waiting->bundle);
    book_put(book, DAIS_BOOK_PARKED, &key, &dais_shape_book_waiting, waiting);
}

bool dais_book_is_parked(dais_book_t *book, uint32_t key_number, unsigned stream, uint64_t k,
                         const dais_hash_t *bundle)
{
    dais_book_key_t key = parked_key(key_number, stream, k);
    dais_slice_t value;
    dais_book_key_add_hash(&key, bundle);
    return dais_txn_get(&book->txn, DAIS_BOOK_PARKED, dais_book_key_slice(&key), &value);
}

void dais_book_unpark(dais_book_t *book, uint32_t key_number, unsigned stream, uint64_t k,
                      const dais_hash_t *bundle)
{
    dais_book_key_t key = parked_key(key_number, stream, k);
    dais_book_key_add_hash(&key, bundle);
    (void)dais_txn_del(&book->txn, DAIS_BOOK_PARKED, dais_book_key_slice(&key));
}

bool dais_book_parked_at(dais_book_t *book, uint32_t key_number, unsigned stream, uint64_t k,
                         dais_book_waiting_t *waiting)
{
    dais_book_key_t prefix = parked_key(key_number, stream, k);
    dais_walk_t walk;
    dais_walk_open(&walk, &book->txn, DAIS_BOOK_PARKED, dais_book_key_slice(&prefix),
                   dais_slice(NULL, 0), DAIS_WALK_FORWARD);
    bool found =
        dais_walk_next(&walk) && book_decode(book, &dais_shape_book_waiting, walk.value, waiting);
    dais_walk_close(&walk);
    return found;
}

uint64_t dais_book_parked_count(dais_book_t *book)
{
    return dais_txn_figures(&book->txn, DAIS_BOOK_PARKED).entry_count;
}

uint64_t dais_book_parked_of(dais_book_t *book, uint32_t key_number)
{
    dais_book_key_t prefix = dais_book_key_u32(key_number);
    dais_walk_t walk;
    uint64_t count = 0;
    dais_walk_open(&walk, &book->txn, DAIS_BOOK_PARKED, dais_book_key_slice(&prefix),
                   dais_slice(NULL, 0), DAIS_WALK_FORWARD);
    while (dais_walk_next(&walk))
        count++;
    dais_walk_close(&walk);
    return count;
}

void dais_book_parked_walk(dais_book_t *book, dais_book_parked_fn_t *each, void *context)
{
    dais_walk_t walk;
    dais_book_waiting_t waiting;
    bool goes_on = true;
    dais_walk_open(&walk, &book->txn, DAIS_BOOK_PARKED, dais_slice(NULL, 0), dais_slice(NULL, 0),
                   DAIS_WALK_FORWARD);
    while (goes_on && dais_walk_next(&walk) &&
           book_decode(book, &dais_shape_book_waiting, walk.value, &waiting)) {
        uint32_t key_number_be;
        memcpy(&key_number_be, walk.key.data, sizeof key_number_be);
        goes_on = each(context, be32toh(key_number_be), walk.key.data[sizeof key_number_be],
                       dais_book_key_number(walk.key, PARKED_K_AT), &waiting);
    }
    dais_walk_close(&walk);
}

/* Numbers rise for as long as any are held; the order among them is what counts. */
static uint64_t held_last(dais_book_t *book)
{
    dais_walk_t walk;
    dais_walk_open(&walk, &book->txn, DAIS_BOOK_HELD, dais_slice(NULL, 0), dais_slice(NULL, 0),
                   DAIS_WALK_BACKWARD);
    uint64_t last = dais_walk_next(&walk) ? dais_book_key_number(walk.key, 0) : 0;
    dais_walk_close(&walk);
    return last;
}

void dais_book_hold(dais_book_t *book, const dais_book_waiting_t *waiting)
{
    dais_book_key_t key = dais_book_key_u64(held_last(book) + 1);
    book_put(book, DAIS_BOOK_HELD, &key, &dais_shape_book_waiting, waiting);
    book->head.held_bytes += waiting->parcel.size;
}

bool dais_book_held_next(dais_book_t *book, uint64_t before, uint64_t *number,
                         dais_book_waiting_t *waiting)
{
    dais_book_key_t from = dais_book_key_u64(*number);
    dais_walk_t walk;
    bool found = false;
    dais_walk_open(&walk, &book->txn, DAIS_BOOK_HELD, dais_slice(NULL, 0),
                   dais_book_key_slice(&from), DAIS_WALK_FORWARD);
    while (!found && dais_walk_next(&walk) &&
           book_decode(book, &dais_shape_book_waiting, walk.value, waiting)) {
        found = waiting->at < before;
        *number = dais_book_key_number(walk.key, 0);
    }
    dais_walk_close(&walk);
    return found;
}

void dais_book_unhold(dais_book_t *book, uint64_t number, size_t parcel_size)
{
    dais_book_key_t key = dais_book_key_u64(number);
    if (dais_txn_del(&book->txn, DAIS_BOOK_HELD, dais_book_key_slice(&key)))
        book->head.held_bytes -= parcel_size;
}

uint64_t dais_book_held_bytes(const dais_book_t *book)
{
    return book->head.held_bytes;
}
