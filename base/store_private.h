/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_BASE_STORE_PRIVATE_H
#define DAIS_BASE_STORE_PRIVATE_H

/* What store.c, txn.c and walk.c share; nobody else includes it. */

#include <lmdb.h>
#include <sys/types.h>

#include "base/txn.h"

struct dais_store {
    MDB_env *env;
    MDB_dbi databases[DAIS_STORE_DATABASE_COUNT_MAX];
    size_t database_count;
    size_t txn_count; /* transactions that are open */
    bool writing;     /* one of them writes */
    bool read_only;
    dais_err_t failure;
    int failure_detail;
    /* What tells one folder from another, for the list of all stores of this process. */
    dev_t device;
    ino_t inode;
    pid_t process;
    struct dais_store *next;
};

/* What a return code of LMDB, which may be an errno value, means here: the one place where that is
 * decided. */
dais_err_t dais_store_err(int lmdb_code);

/* Remembers the first failure for good. */
void dais_store_fail(dais_store_t *store, int lmdb_code);

/* Whether calls may still do something: false after an error. That it has not ended and is not
 * paused is the caller's to see to. */
bool dais_txn_is_open(const dais_txn_t *txn);

/* Takes in what a call of LMDB returned; MDB_SUCCESS changes nothing. */
void dais_txn_fail_code(dais_txn_t *txn, int lmdb_code);

MDB_dbi dais_txn_database(const dais_txn_t *txn, size_t database);

static inline dais_slice_t dais_txn_slice(MDB_val val)
{
    return dais_slice(val.mv_data, val.mv_size);
}

/* LMDB does not write through these pointers; its type merely cannot say so. */
static inline MDB_val dais_txn_val(dais_slice_t slice)
{
    return (MDB_val){.mv_size = slice.size, .mv_data = (void *)(uintptr_t)slice.data};
}

#endif
