/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_TESTS_UNIT_STORE_FAULTS_H
#define DAIS_TESTS_UNIT_STORE_FAULTS_H

/* The calls that opening, committing and copying a store make, so that each can fail
 * (tests/unit/fault.h). To be included by the one source of a test. */

#include <lmdb.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "tests/unit/fault.h"

/* Each returns fault.code instead of what LMDB does. The "*" campaign counts them all. */
int mdb_env_create(MDB_env **env)
{
    return fault_hits("mdb_env_create") ? fault.code : FAULT_REAL(mdb_env_create)(env);
}

int mdb_env_set_mapsize(MDB_env *env, size_t size)
{
    return fault_hits("mdb_env_set_mapsize") ? fault.code
                                             : FAULT_REAL(mdb_env_set_mapsize)(env, size);
}

int mdb_env_set_maxdbs(MDB_env *env, MDB_dbi count)
{
    return fault_hits("mdb_env_set_maxdbs") ? fault.code
                                            : FAULT_REAL(mdb_env_set_maxdbs)(env, count);
}

int mdb_env_set_maxreaders(MDB_env *env, unsigned count)
{
    return fault_hits("mdb_env_set_maxreaders") ? fault.code
                                                : FAULT_REAL(mdb_env_set_maxreaders)(env, count);
}

int mdb_env_open(MDB_env *env, const char *path, unsigned flags, mdb_mode_t mode)
{
    return fault_hits("mdb_env_open") ? fault.code
                                      : FAULT_REAL(mdb_env_open)(env, path, flags, mode);
}

int mdb_reader_check(MDB_env *env, int *dead)
{
    return fault_hits("mdb_reader_check") ? fault.code : FAULT_REAL(mdb_reader_check)(env, dead);
}

int mdb_txn_begin(MDB_env *env, MDB_txn *parent, unsigned flags, MDB_txn **txn)
{
    return fault_hits("mdb_txn_begin") ? fault.code
                                       : FAULT_REAL(mdb_txn_begin)(env, parent, flags, txn);
}

int mdb_dbi_open(MDB_txn *txn, const char *name, unsigned flags, MDB_dbi *dbi)
{
    return fault_hits("mdb_dbi_open") ? fault.code
                                      : FAULT_REAL(mdb_dbi_open)(txn, name, flags, dbi);
}

static unsigned sync_count;
static unsigned folder_sync_count;

int mdb_env_sync(MDB_env *env, int force)
{
    if (fault_hits("mdb_env_sync"))
        return fault.code;
    sync_count += force != 0 ? 1 : 0;
    return FAULT_REAL(mdb_env_sync)(env, force);
}

/* The one that LMDB itself calls in each commit. */
int fdatasync(int fd)
{
    return fault_hits("fdatasync") ? -1 : FAULT_REAL(fdatasync)(fd);
}

int fsync(int fd)
{
    if (fault_hits("fsync"))
        return -1;
    struct stat status;
    if (fstat(fd, &status) == 0 && S_ISDIR(status.st_mode))
        folder_sync_count++;
    return FAULT_REAL(fsync)(fd);
}

#if FAULT_IN_RUNTIME
void *calloc(size_t count, size_t size)
{
    return fault_hits("calloc") ? NULL : FAULT_REAL(calloc)(count, size);
}
#endif

static bool stat_fails;
static dev_t other_device; /* added to the device that a folder is on */

int stat(const char *path, struct stat *status)
{
    if (stat_fails && fault_hits("stat"))
        return -1;
    int done = FAULT_REAL(stat)(path, status);
    if (done == 0)
        status->st_dev += other_device;
    return done;
}

#endif
