/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_REGISTRY_LOG_BOOK_H
#define DAIS_REGISTRY_LOG_BOOK_H

#include "base/clock.h"
#include "base/random.h"
#include "proto/checkpoint.h"
#include "proto/device.h"
#include "registry/log/rows.h"
#include "registry/rules/store.h"
#include "registry/rules/verdict.h"

/* The log of one cycle on disk: entries, tree, chains of bundles and stamps, and the state of the
 * rules, in one LMDB environment. The only door to it, in four words:
 *
 *   acquire   one process owns it (a file lock), under an epoch that it raises
 *   append    entries, with all that they change, in one transaction; then the fork guard is
 *             synced, the checkpoint is signed, and only then may anybody be answered
 *   read      entries, their openings, receipts and proofs, as of the last commit
 *   lookup    bundles by (key number, stream, k), stamps by (intake, j)
 *
 * It knows no procedure: what is admitted, and with which verdicts, is its caller's business. */
typedef struct dais_book dais_book_t;

/* Room to put rows together and take them apart. All logs of a process share one, as there is one
 * span at a time. */
typedef struct dais_book_space dais_book_space_t;

DAIS_MUST_CHECK dais_err_t dais_book_space_create(dais_book_space_t **space);
void dais_book_space_destroy(dais_book_space_t **space);

typedef struct {
    const char *folder; /* of the cycle; the store lies in it, and the lock */
    const char *guard;  /* path of the fork guard's file; null for a copy, which has none */
    size_t map_bytes;
    dais_clock_t clock;
    dais_random_t random; /* for salts */
    dais_book_space_t *space;
    dais_slice_t final; /* of a log that has ended and whose key is destroyed: its last signed
                           checkpoint; else empty. Lives for the call */
} dais_book_options_t;

#define DAIS_BOOK_STORE_NAME "store" /* folder in that of the cycle */

/* A new log with entry 0: genesis as it was signed, checked by the caller, who has loaded the
 * device whose key it names. The rules begin in the same transaction, by `begin`, which gets the
 * state and the leaf hash of entry 0. EXISTS if there is a log. */
typedef dais_err_t dais_book_begin_fn_t(void *context, dais_rules_store_t *state,
                                        const dais_hash_t *book);
DAIS_MUST_CHECK dais_err_t dais_book_create(const dais_book_options_t *options,
                                            const dais_genesis_t *genesis, dais_slice_t bytes,
                                            dais_book_begin_fn_t *begin, void *context);

/* Opens it for its one writer: lock (LOCKED), sync, verification, epoch. log_key is the device
 * that signs checkpoints, borrowed; null for whoever only reads, beside the writer if there is one:
 * it locks nothing, raises no epoch and signs nothing. With a final checkpoint it locks too, and
 * answers under that, which has to be of exactly this log (TREE_DIFFERS).
 *
 * Verified is all that costs nothing by the million: that applied entries, leaves, frontier, root
 * and the mark of the state agree, and that the fork guard names a size and root of this log
 * (APPLIED_DIFFERS, TREE_DIFFERS, STATE_DIFFERS, GUARD_MISSING, STORE_BEHIND, GUARD_DIFFERS; each
 * code says what to do). On error *log is null. */
DAIS_MUST_CHECK dais_err_t dais_book_acquire(dais_book_t **book, const dais_book_options_t *options,
                                             const dais_device_t *log_key);

/* Opens it to look at, whatever is wrong with it: read-only, nothing verified, no guard asked.
 * Everything but spans of reads is out of bounds. CORRUPT if it does not even say what it is. */
DAIS_MUST_CHECK dais_err_t dais_book_look(dais_book_t **book, const dais_book_options_t *options);

/* In a span of one that is looked at: how far the store is by now. False after an error. */
DAIS_MUST_CHECK bool dais_book_look_on(dais_book_t *book, dais_book_head_row_t *row);

/* *log is null afterwards; a null one is left alone. What is not committed is dropped. */
void dais_book_release(dais_book_t **book);

/* What it says of itself; lives as long as the log. */
typedef struct {
    dais_hash_t name; /* leaf hash of entry 0 */
    const char *cycle;
    const char *origin;
    bool is_rehearsal;
    dais_vkey_t vkey;
    dais_key_t box_key;
} dais_book_about_t;

const dais_book_about_t *dais_book_about(const dais_book_t *book);

/* A span of reads, or of reads and writes, of which there is one at a time. Sticky, as dais_txn_t
 * is. The state of the rules is read and written within it. */
void dais_book_begin(dais_book_t *book, dais_txn_mode_t mode);
dais_txn_t *dais_book_txn(dais_book_t *book);
dais_rules_store_t *dais_book_state(dais_book_t *book);
dais_err_t dais_book_failure(const dais_book_t *book); /* of the span */

/* Ends one of reads, or drops one of writes, and reports its first error; or forgets that too. */
DAIS_MUST_CHECK dais_err_t dais_book_end(dais_book_t *book);
void dais_book_drop(dais_book_t *book);

/* Ends one of writes: commit, then the guard, then the signature. After NO_SPACE nothing was
 * written and the log goes on; after any other error it may not be used any more, and nobody may
 * be answered. */
DAIS_MUST_CHECK dais_err_t dais_book_commit(dais_book_t *book);

/* Its first step alone, for tests of what a crash leaves behind. */
DAIS_MUST_CHECK dais_err_t dais_book_commit_unguarded(dais_book_t *book);

/* Entries there are: in a span of writes with those that it has appended. */
uint64_t dais_book_size(const dais_book_t *book);
uint32_t dais_book_epoch(const dais_book_t *book);
dais_hash_t dais_book_root(const dais_book_t *book);

/* logged_at of the last entry. */
uint64_t dais_book_last_at(const dais_book_t *book);

/* logged_at of what is appended in this span: the clock's reading when it began, but never before
 * that of the last entry. A bundle stamped later than that moves it on. */
uint64_t dais_book_now(const dais_book_t *book);

/* Writes a compact copy of the last commit to this file (base/store.h). Between spans. */
DAIS_MUST_CHECK dais_err_t dais_book_copy(dais_book_t *book, const char *path);

/* The newest signed checkpoint. Empty for one that was acquired without key. Lives until the next
 * commit. */
dais_slice_t dais_book_checkpoint(const dais_book_t *book);
uint64_t dais_book_signed_size(const dais_book_t *book);

/* APPEND. A bundle: begin, each new entry in its order, end. Slices are copied. */
typedef struct {
    dais_hash_t hash;
    uint32_t key_number;
    unsigned stream;
    uint64_t k;
    uint32_t intake; /* 0: it came without a stamp, and the rest is not meant */
    uint64_t j;
    uint64_t at;
    uint64_t index;
    dais_slice_t path;
    dais_slice_t parcel;  /* opened: an encoded `parcel` */
    size_t message_count; /* at most so many entries come of it */
} dais_book_bundle_t;

void dais_book_bundle_begin(dais_book_t *book, const dais_book_bundle_t *bundle);
void dais_book_bundle_entry(dais_book_t *book, unsigned index, dais_slice_t message,
                            const dais_verdicts_t *verdicts);
void dais_book_bundle_twin(dais_book_t *book, unsigned index, uint64_t seq);
void dais_book_bundle_end(dais_book_t *book);

/* received_at of the bundle that is being appended. */
uint64_t dais_book_bundle_received(const dais_book_t *book);

/* An entry of the registry's own: the encoded own record. */
void dais_book_own(dais_book_t *book, dais_slice_t own);

/* A bundle that is not admitted, after the own entry `seq` (0: none) that says so. One that used
 * up its number is the next link of its chain. */
void dais_book_turned_away(dais_book_t *book, const dais_bundle_t *head, uint32_t key_number,
                           const dais_hash_t *bundle, dais_slice_t envelope, const char *code,
                           uint64_t seq, bool uses_number);

#endif
