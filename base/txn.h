/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_BASE_TXN_H
#define DAIS_BASE_TXN_H

#include "base/store.h"

/* A transaction on a store. Sticky: after the first error every call is a harmless no-op that finds
 * nothing, and the commit reports that error and aborts; so a step is a straight list of reads and
 * writes with one check at its end. That a key is absent is an answer, not an error.
 *
 * Keys have 1 to DAIS_STORE_KEY_SIZE_MAX bytes and are ordered as bytes, the shorter first; others
 * fail with TOO_SHORT or TOO_LONG. Slices that are handed out point into the store: they live until
 * the next write of the same transaction, or its pause or end, and are aligned to two bytes only.
 * What is written must not be such a slice: copy it first. */
#define DAIS_TXN_WALK_COUNT_MAX 8 /* walks (base/walk.h) at one time in one transaction */

typedef enum { DAIS_TXN_READ, DAIS_TXN_WRITE } dais_txn_mode_t;

/* The caller's to place, and not to be copied. Only err and detail are for the caller to read. */
typedef struct {
    dais_err_t err;
    int detail; /* LMDB's own number for err, or an errno value if it is positive; 0 if neither */
    dais_store_t *store;
    struct MDB_txn *handle; /* null once it has ended */
    dais_txn_mode_t mode;
    bool paused;
    unsigned round; /* counts pauses, so that no walk of before is taken up after */
    struct MDB_cursor *cursors[DAIS_TXN_WALK_COUNT_MAX];
} dais_txn_t;

/* Of write transactions there is one at a time in all processes: beginning a second waits for the
 * other process, and within this process is a bug. Read transactions see the state of when they
 * began; each keeps the pages of that state from being used again, so long reads go in slices. */
void dais_txn_begin(dais_txn_t *txn, dais_store_t *store, dais_txn_mode_t mode);

/* DAIS_OK only when all of it is on the disk; otherwise nothing of it is in the store, as far as
 * the disk still tells the truth (dais_store_failure()). Over in both cases. */
DAIS_MUST_CHECK dais_err_t dais_txn_commit(dais_txn_t *txn);

/* Ends a read transaction and reports its first error. */
DAIS_MUST_CHECK dais_err_t dais_txn_end(dais_txn_t *txn);

/* Over, nothing written. Harmless on one that is over, so every way out may call it. */
void dais_txn_abort(dais_txn_t *txn);

/* Between the slices of a long read: pausing lets the pages of this state go and ends all walks,
 * resuming sees the newest state. What is asked of it while paused is a bug. */
void dais_txn_pause(dais_txn_t *txn);
void dais_txn_resume(dais_txn_t *txn);

/* For the caller's own finding, such as a row that does not decode: err becomes the transaction's,
 * unless an earlier one stands. */
void dais_txn_fail(dais_txn_t *txn, dais_err_t err);

/* False and an empty *value if the key is absent, or after an error. */
DAIS_MUST_CHECK bool dais_txn_get(dais_txn_t *txn, size_t database, dais_slice_t key,
                                  dais_slice_t *value);

/* Replaces the value of a key that is there. */
void dais_txn_put(dais_txn_t *txn, size_t database, dais_slice_t key, dais_slice_t value);

/* Under the eight bytes of seq, big-endian, so that byte order is number order. A seq that is not
 * above all others fails with EXISTS: LMDB itself refuses it, so a wrong sequence shows here and
 * not at an audit. */
void dais_txn_append(dais_txn_t *txn, size_t database, uint64_t seq, dais_slice_t value);

/* True if the key was there. */
bool dais_txn_del(dais_txn_t *txn, size_t database, dais_slice_t key);

/* Of one database, as this transaction sees it; zeros after an error. */
typedef struct {
    uint64_t used_bytes; /* in pages */
    uint64_t entry_count;
} dais_txn_figures_t;

dais_txn_figures_t dais_txn_figures(dais_txn_t *txn, size_t database);

#endif
