/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_BASE_WALK_H
#define DAIS_BASE_WALK_H

#include "base/txn.h"

/* The rows whose keys open with prefix, one after the other:
 *
 *   dais_walk_open(&walk, &txn, ROWS, prefix, from, DAIS_WALK_FORWARD);
 *   while (dais_walk_next(&walk))
 *       use(walk.key, walk.value);
 *
 * Forward from the first key that is not below from, backward from the last that is not above it;
 * an empty from is the near end of the prefix, an empty prefix is the whole database. Other writes
 * to the same database during the walk do no harm, but whether it meets their rows is open. */
typedef enum { DAIS_WALK_FORWARD, DAIS_WALK_BACKWARD } dais_walk_direction_t;

typedef struct {
    dais_slice_t key;
    dais_slice_t value;
    dais_txn_t *txn;
    dais_slice_t prefix;
    dais_slice_t from;
    dais_walk_direction_t direction;
    bool started;
    unsigned round;
    size_t slot; /* in the transaction's cursors; DAIS_TXN_WALK_COUNT_MAX once it is over */
} dais_walk_t;

/* prefix and from must outlive the walk. At most DAIS_TXN_WALK_COUNT_MAX at a time in one
 * transaction. A walk is over at its last row, at the first error, or when it is closed; one left
 * open is closed with its transaction. */
void dais_walk_open(dais_walk_t *walk, dais_txn_t *txn, size_t database, dais_slice_t prefix,
                    dais_slice_t from, dais_walk_direction_t direction);
DAIS_MUST_CHECK bool dais_walk_next(dais_walk_t *walk);

/* Deletes the row the walk is at; its key and value are then empty, and the walk goes on from
 * there. Before the first row, or for the second time, it is a bug. */
void dais_walk_del(dais_walk_t *walk);

/* Harmless on one that is over. */
void dais_walk_close(dais_walk_t *walk);

#endif
