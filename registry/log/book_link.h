/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_REGISTRY_LOG_BOOK_LINK_H
#define DAIS_REGISTRY_LOG_BOOK_LINK_H

#include "registry/log/book.h"

/* LOOKUP: the chains of bundles and of stamps, and what waits. Within a span, as all else. */

/* The end of a chain of bundles: the number that comes next and the hash that it has to name. */
typedef struct {
    uint64_t next;
    dais_hash_t prev; /* zeros for next = 0 */
} dais_book_chain_t;

dais_book_chain_t dais_book_chain(dais_book_t *book, uint32_t key_number, unsigned stream);

/* What became of bundle k, among those that used up their number. Its slices live until the next
 * write. False if there is none. */
DAIS_MUST_CHECK bool dais_book_link(dais_book_t *book, uint32_t key_number, unsigned stream,
                                    uint64_t k, dais_book_link_t *link);

/* Those that were turned away and used up no number, from number k on; for as long as `each`
 * answers true. */
typedef bool dais_book_aside_fn_t(void *context, uint64_t k, const dais_book_link_t *link);
void dais_book_aside_walk(dais_book_t *book, uint32_t key_number, unsigned stream, uint64_t k,
                          dais_book_aside_fn_t *each, void *context);

/* The envelope of bundle k of this chain: what shows a fork. Empty if it is not there. */
dais_slice_t dais_book_envelope(dais_book_t *book, uint32_t key_number, unsigned stream,
                                uint64_t k);

/* The end of an intake's chain of stamps. */
typedef struct {
    bool has_any;
    uint64_t j;         /* of the last one */
    dais_slice_t bytes; /* stamp and signature; lives until the next write */
} dais_book_stamps_t;

dais_book_stamps_t dais_book_stamps(dais_book_t *book, uint32_t intake);
DAIS_MUST_CHECK bool dais_book_stamp(dais_book_t *book, uint32_t intake, uint64_t j,
                                     dais_slice_t *bytes);
void dais_book_put_stamp(dais_book_t *book, uint32_t intake, uint64_t j, dais_slice_t bytes);

/* Bundles that wait for an earlier one of their chain. */
void dais_book_park(dais_book_t *book, uint32_t key_number, unsigned stream, uint64_t k,
                    const dais_book_waiting_t *waiting);
DAIS_MUST_CHECK bool dais_book_is_parked(dais_book_t *book, uint32_t key_number, unsigned stream,
                                         uint64_t k, const dais_hash_t *bundle);
void dais_book_unpark(dais_book_t *book, uint32_t key_number, unsigned stream, uint64_t k,
                      const dais_hash_t *bundle);

/* One of those with this number, in no order that means anything. */
DAIS_MUST_CHECK bool dais_book_parked_at(dais_book_t *book, uint32_t key_number, unsigned stream,
                                         uint64_t k, dais_book_waiting_t *waiting);
uint64_t dais_book_parked_count(dais_book_t *book);
uint64_t dais_book_parked_of(dais_book_t *book, uint32_t key_number);

/* Calls back for all, by key number, stream, k; for as long as it answers true. */
typedef bool dais_book_parked_fn_t(void *context, uint32_t key_number, unsigned stream, uint64_t k,
                                   const dais_book_waiting_t *waiting);
void dais_book_parked_walk(dais_book_t *book, dais_book_parked_fn_t *each, void *context);

/* Bundles that were stamped at or behind a deadline that is not closed yet. */
void dais_book_hold(dais_book_t *book, const dais_book_waiting_t *waiting);

/* The first of them that was stamped before `before`, from number `*number` on; *number becomes
 * its own. */
DAIS_MUST_CHECK bool dais_book_held_next(dais_book_t *book, uint64_t before, uint64_t *number,
                                         dais_book_waiting_t *waiting);
void dais_book_unhold(dais_book_t *book, uint64_t number, size_t parcel_size);
uint64_t dais_book_held_bytes(const dais_book_t *book);

/* What an actor has sent on this day. */
uint64_t dais_book_spent(dais_book_t *book, uint32_t actor_number, uint64_t day);
void dais_book_spend(dais_book_t *book, uint32_t actor_number, uint64_t day, uint64_t messages);

#endif
