/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_INTAKE_SPOOL_H
#define DAIS_INTAKE_SPOOL_H

#include "base/txn.h"
#include "proto/records.h"

/* What an intake has stamped: the chain of each cycle, the stamps, and the bundles that the
 * registry does not hold yet. All cycles share one LMDB environment, so that one flush of the disk
 * serves whatever has come in; rows of a cycle lie together under its number. */
typedef struct dais_spool dais_spool_t;

/* Where the chain of one cycle stands. */
typedef struct {
    dais_hash_t log;
    uint32_t number; /* of the cycle in this spool, from 1 */
    char origin[DAIS_LIMIT_ORIGIN + 1];
    uint64_t next_j;  /* of the next stamp */
    dais_hash_t prev; /* hash of stamp next_j - 1; zeros for none */
    uint64_t at;      /* its time */
    uint64_t taken;   /* the registry holds the stamps below this one, durably */
    uint64_t kept;    /* stamps below this one are forgotten here */
    uint32_t date_count;
    uint64_t dates[DAIS_LIMIT_DATES]; /* deadlines as far as they are known, by rising time */
} dais_chain_t;

/* One stamp with the hashes of the bundles under it, in their order. Lives as dais_txn_get() says.
 */
typedef struct {
    dais_slice_t stamp;
    dais_slice_t hashes;
    size_t count;
} dais_spool_stamp_t;

/* Makes the folder if it is not there and create is set. Errors of dais_store_open(). */
DAIS_MUST_CHECK dais_err_t dais_spool_open(dais_spool_t **spool, const char *folder,
                                           size_t map_bytes, bool create);
void dais_spool_close(dais_spool_t **spool);
/* Puts a compact copy in the place of the spool's file: what was deleted lies in LMDB's free pages
 * until they happen to be used again. Between transactions. After an error the spool is as it was
 * (*open stays true), or is closed and no call but dais_spool_close() may follow. */
DAIS_MUST_CHECK dais_err_t dais_spool_compact(dais_spool_t *spool, bool *open);

dais_store_t *dais_spool_store(dais_spool_t *spool);

/* Everything below is done in a transaction of the caller's. */
void dais_spool_begin(dais_spool_t *spool, dais_txn_t *txn, dais_txn_mode_t mode);

/* Calls back for each chain, in the order of their logs' hashes. A row that is none fails the
 * transaction with CORRUPT. */
void dais_spool_chains(dais_txn_t *txn, void (*each)(void *context, const dais_chain_t *chain),
                       void *context);
void dais_spool_put_chain(dais_txn_t *txn, const dais_chain_t *chain);

/* Writes stamp j of a cycle; hashes has the hash of each bundle. */
void dais_spool_put_stamp(dais_txn_t *txn, uint32_t number, uint64_t j, dais_slice_t stamp,
                          dais_slice_t hashes);
DAIS_MUST_CHECK bool dais_spool_get_stamp(dais_txn_t *txn, uint32_t number, uint64_t j,
                                          dais_spool_stamp_t *row);
void dais_spool_del_stamp(dais_txn_t *txn, uint32_t number, uint64_t j);

/* The bundles under a stamp, by their index there. */
void dais_spool_put_parcel(dais_txn_t *txn, uint32_t number, uint64_t j, size_t index,
                           dais_slice_t parcel);
DAIS_MUST_CHECK bool dais_spool_get_parcel(dais_txn_t *txn, uint32_t number, uint64_t j,
                                           size_t index, dais_slice_t *parcel);
void dais_spool_del_parcel(dais_txn_t *txn, uint32_t number, uint64_t j, size_t index);

/* What the guard of the clock keeps, and what an operator has accepted: a row each. */
typedef enum { DAIS_SPOOL_CLOCK, DAIS_SPOOL_ACCEPTED } dais_spool_note_t;
void dais_spool_put_note(dais_txn_t *txn, dais_spool_note_t note, dais_slice_t value);
DAIS_MUST_CHECK bool dais_spool_get_note(dais_txn_t *txn, dais_spool_note_t note,
                                         dais_slice_t *value);
void dais_spool_del_note(dais_txn_t *txn, dais_spool_note_t note);

#endif
