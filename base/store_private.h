/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_BASE_STORE_PRIVATE_H
#define DAIS_BASE_STORE_PRIVATE_H

/* What store.c and txn.c share; nobody else includes it. */

#include <lmdb.h>
#include <sys/types.h>

#include "base/store.h"

struct dais_store {
    MDB_env *env;
    MDB_dbi databases[DAIS_STORE_DATABASE_COUNT_MAX];
    size_t database_count;
    size_t txn_count; /* transactions that are open */
    bool writing;     /* one of them writes */
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

#endif
