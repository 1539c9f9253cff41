/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_TESTS_UNIT_TXN_FAULTS_H
#define DAIS_TESTS_UNIT_TXN_FAULTS_H

/* The calls of LMDB that transactions make, so that each can fail (tests/unit/fault.h). To be
 * included by the one source of a test. */

#include <lmdb.h>

#include "tests/unit/fault.h"

/* Each returns fault.code instead of what LMDB does. */
int mdb_txn_begin(MDB_env *env, MDB_txn *parent, unsigned flags, MDB_txn **txn)
{
    return fault_hits("mdb_txn_begin") ? fault.code
                                       : FAULT_REAL(mdb_txn_begin)(env, parent, flags, txn);
}

int mdb_txn_renew(MDB_txn *txn)
{
    return fault_hits("mdb_txn_renew") ? fault.code : FAULT_REAL(mdb_txn_renew)(txn);
}

int mdb_txn_commit(MDB_txn *txn)
{
    if (!fault_hits("mdb_txn_commit"))
        return FAULT_REAL(mdb_txn_commit)(txn);
    mdb_txn_abort(txn);
    return fault.code;
}

int mdb_get(MDB_txn *txn, MDB_dbi dbi, MDB_val *key, MDB_val *value)
{
    return fault_hits("mdb_get") ? fault.code : FAULT_REAL(mdb_get)(txn, dbi, key, value);
}

int mdb_put(MDB_txn *txn, MDB_dbi dbi, MDB_val *key, MDB_val *value, unsigned flags)
{
    return fault_hits("mdb_put") ? fault.code : FAULT_REAL(mdb_put)(txn, dbi, key, value, flags);
}

int mdb_del(MDB_txn *txn, MDB_dbi dbi, MDB_val *key, MDB_val *value)
{
    return fault_hits("mdb_del") ? fault.code : FAULT_REAL(mdb_del)(txn, dbi, key, value);
}

int mdb_stat(MDB_txn *txn, MDB_dbi dbi, MDB_stat *pages)
{
    return fault_hits("mdb_stat") ? fault.code : FAULT_REAL(mdb_stat)(txn, dbi, pages);
}

int mdb_cursor_open(MDB_txn *txn, MDB_dbi dbi, MDB_cursor **cursor)
{
    return fault_hits("mdb_cursor_open") ? fault.code
                                         : FAULT_REAL(mdb_cursor_open)(txn, dbi, cursor);
}

int mdb_cursor_get(MDB_cursor *cursor, MDB_val *key, MDB_val *value, MDB_cursor_op step)
{
    return fault_hits("mdb_cursor_get") ? fault.code
                                        : FAULT_REAL(mdb_cursor_get)(cursor, key, value, step);
}

int mdb_cursor_del(MDB_cursor *cursor, unsigned flags)
{
    return fault_hits("mdb_cursor_del") ? fault.code : FAULT_REAL(mdb_cursor_del)(cursor, flags);
}

#endif
