/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_BASE_STORE_H
#define DAIS_BASE_STORE_H

#include "base/err.h"
#include "base/slice.h"

/* An LMDB environment in a folder of its own, with named databases that are declared when it is
 * opened and numbered from 0 in that order. A store and its transactions belong to one thread of
 * one process and do not survive a fork. The folder is on a local disk, and every process that
 * opens it is in one pid namespace (LMDB finds dead readers by their process id). What is read and
 * written in it: base/txn.h. */
typedef struct dais_store dais_store_t;

#define DAIS_STORE_FILE               "data.mdb" /* the one file in the folder that holds data */
#define DAIS_STORE_DATABASE_COUNT_MAX 32
#define DAIS_STORE_KEY_SIZE_MAX       511        /* bytes; LMDB's own limit as Debian builds it */
#define DAIS_STORE_VALUE_SIZE_MAX     0x7FFFFFFF /* bytes */

typedef struct {
    const char *folder;
    /* Make folder (mode 0700, its parent must exist) and store where they are not there. Without
     * it NOT_FOUND: a daemon whose disk is not mounted must not start afresh. */
    bool create;
    /* For whoever looks at a store of others, or at a copy: nothing is written but a reader's slot
     * in the lock file, nothing is synced, so what is read may not be durable yet; databases that
     * are not there are CORRUPT. map_bytes may be 0: as the store has it. */
    bool read_only;
    /* Once and for all, rounded up to whole pages: it is address space, not memory or disk. A store
     * that is already larger opens, but grows no more. */
    size_t map_bytes;
    unsigned reader_count_max; /* read transactions at one time, all processes together */
    const char *const *databases;
    size_t database_count; /* 1 to DAIS_STORE_DATABASE_COUNT_MAX */
} dais_store_options_t;

/* Opens in LMDB's default mode, the one in which a commit that returned is on the disk. Before it
 * returns, everything that can be seen in the store is on the disk as well: a process killed in
 * mid-commit leaves a state that is visible and not yet durable, so the data, the folder and the
 * folder's parent are synced here, and an answer may be given on what is read. Slots of readers
 * that died are freed. OPEN_TWICE if this process has the store open (closing one of the two would
 * let go the file locks of both); CORRUPT if it is not a store. On error *store is null. */
DAIS_MUST_CHECK dais_err_t dais_store_open(dais_store_t **store,
                                           const dais_store_options_t *options);

/* Every transaction must have ended. *store is null afterwards; a null one is left alone. */
void dais_store_close(dais_store_t **store);

/* The first failure after which the store may not be relied on: a write or sync that failed, or
 * damage found while reading. From then on every transaction fails with it. The daemon logs it,
 * answers nobody and exits. DAIS_OK while all is well; a full map is not among these, as nothing
 * was written. IO may mean a full disk: LMDB tells a write that was cut short no other way. */
dais_err_t dais_store_failure(const dais_store_t *store);

/* For the log line of that failure: LMDB's own number, or an errno value if it is positive. */
int dais_store_failure_detail(const dais_store_t *store);

/* Frees the slots of readers that died, whose pages could otherwise never be used again. To be
 * called each minute. *freed_count has how many there were. */
DAIS_MUST_CHECK dais_err_t dais_store_check_readers(dais_store_t *store, unsigned *freed_count);

/* Writes a compact copy of the last committed state to the file at path, durably and whole or not
 * at all; EXISTS if path is taken. Nothing that was deleted is in it. To open it, let path be
 * DAIS_STORE_FILE in a folder of its own. Blocks for the time it takes to read the whole store. */
DAIS_MUST_CHECK dais_err_t dais_store_copy(dais_store_t *store, const char *path);

/* Puts the copy, which lies in this folder, in the place of its store, durably: what was deleted is
 * gone from the folder then, also from copies that a process was killed over. Nobody may have the
 * store open. LMDB's lock file goes too: it counts transactions of the old one. */
DAIS_MUST_CHECK dais_err_t dais_store_place(const char *folder, const char *copy);

typedef struct {
    uint64_t map_bytes;
    uint64_t high_bytes;   /* the store never shrinks below this; at map_bytes only freed pages are
                              left to write to */
    uint64_t used_bytes;   /* in pages that hold rows of the declared databases now */
    uint64_t entry_count;  /* rows in them */
    unsigned reader_count; /* slots of read transactions ever used at one time */
} dais_store_figures_t;

DAIS_MUST_CHECK dais_err_t dais_store_figures(dais_store_t *store, dais_store_figures_t *figures);

#endif
