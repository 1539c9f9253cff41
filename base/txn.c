/* SPDX-License-Identifier: Apache-2.0
 *
 * The sticky transaction. Every code of LMDB passes through dais_txn_fail_code(), which turns it
 * into ours, keeps the first, and decides whether it condemns the store: a failed write or sync
 * does (LMDB can write in the middle of a transaction, when too many pages are dirty), and so does
 * damage found on the way. A full map does not: LMDB finds that out before it writes, spoils the
 * transaction, and the next one is good. */
#include "base/txn.h"

#include <assert.h>
#include <endian.h>
#include <unistd.h>

#include "base/store_private.h"

bool dais_txn_is_open(const dais_txn_t *txn)
{
    if (txn->err != DAIS_OK)
        return false;
    assert(txn->handle != NULL && !txn->paused);
    return true;
}

void dais_txn_fail(dais_txn_t *txn, dais_err_t err)
{
    if (txn->err == DAIS_OK)
        txn->err = err;
}

static bool txn_condemns(const dais_txn_t *txn, int code)
{
    if (dais_store_err(code) == DAIS_ERR_CORRUPT)
        return true;
    return txn->mode == DAIS_TXN_WRITE && code > 0;
}

void dais_txn_fail_code(dais_txn_t *txn, int code)
{
    if (code == MDB_SUCCESS)
        return;
    dais_txn_fail(txn, dais_store_err(code));
    txn->detail = code;
    if (txn_condemns(txn, code))
        dais_store_fail(txn->store, code);
}

void dais_txn_begin(dais_txn_t *txn, dais_store_t *store, dais_txn_mode_t mode)
{
    assert(store->process == getpid());
    assert(mode == DAIS_TXN_READ || (!store->writing && !store->read_only));
    *txn = (dais_txn_t){.store = store, .mode = mode, .err = store->failure};
    txn->detail = store->failure_detail;
    if (txn->err != DAIS_OK)
        return;
    unsigned flags = mode == DAIS_TXN_READ ? MDB_RDONLY : 0;
    dais_txn_fail_code(txn, mdb_txn_begin(store->env, NULL, flags, &txn->handle));
    if (txn->err != DAIS_OK)
        return;
    store->txn_count++;
    store->writing = store->writing || mode == DAIS_TXN_WRITE;
}

static void txn_close_walks(dais_txn_t *txn)
{
    for (size_t i = 0; i < DAIS_TXN_WALK_COUNT_MAX; i++) {
        if (txn->cursors[i] != NULL)
            mdb_cursor_close(txn->cursors[i]);
        txn->cursors[i] = NULL;
    }
}

/* The handle is about to be freed by LMDB, whatever becomes of the commit. */
static MDB_txn *txn_take_handle(dais_txn_t *txn)
{
    MDB_txn *handle = txn->handle;
    txn_close_walks(txn);
    txn->handle = NULL;
    txn->store->txn_count--;
    if (txn->mode == DAIS_TXN_WRITE)
        txn->store->writing = false;
    return handle;
}

void dais_txn_abort(dais_txn_t *txn)
{
    if (txn->handle != NULL)
        mdb_txn_abort(txn_take_handle(txn));
}

dais_err_t dais_txn_commit(dais_txn_t *txn)
{
    assert(txn->mode == DAIS_TXN_WRITE);
    /* A read transaction may have found damage meanwhile. */
    if (txn->store->failure != DAIS_OK)
        dais_txn_fail(txn, txn->store->failure);
    if (!dais_txn_is_open(txn)) {
        dais_txn_abort(txn);
        return txn->err;
    }
    int code = mdb_txn_commit(txn_take_handle(txn));
    dais_txn_fail_code(txn, code);
    if (code != MDB_SUCCESS && code != MDB_MAP_FULL)
        dais_store_fail(txn->store, code);
    return txn->err;
}

dais_err_t dais_txn_end(dais_txn_t *txn)
{
    assert(txn->mode == DAIS_TXN_READ);
    dais_txn_abort(txn);
    return txn->err;
}

void dais_txn_pause(dais_txn_t *txn)
{
    assert(txn->mode == DAIS_TXN_READ);
    if (!dais_txn_is_open(txn))
        return;
    txn_close_walks(txn);
    mdb_txn_reset(txn->handle);
    txn->paused = true;
    txn->round++;
}

void dais_txn_resume(dais_txn_t *txn)
{
    if (txn->err != DAIS_OK)
        return;
    assert(txn->paused);
    txn->paused = false;
    dais_txn_fail_code(txn, txn->store->failure == DAIS_OK ? mdb_txn_renew(txn->handle)
                                                           : txn->store->failure_detail);
}

MDB_dbi dais_txn_database(const dais_txn_t *txn, size_t database)
{
    assert(database < txn->store->database_count);
    return txn->store->databases[database];
}

static bool txn_takes_key(dais_txn_t *txn, dais_slice_t key)
{
    if (!dais_txn_is_open(txn))
        return false;
    if (key.size == 0)
        dais_txn_fail(txn, DAIS_ERR_TOO_SHORT);
    if (key.size > DAIS_STORE_KEY_SIZE_MAX)
        dais_txn_fail(txn, DAIS_ERR_TOO_LONG);
    return txn->err == DAIS_OK;
}

bool dais_txn_get(dais_txn_t *txn, size_t database, dais_slice_t key, dais_slice_t *value)
{
    *value = dais_slice(NULL, 0);
    if (!txn_takes_key(txn, key))
        return false;
    MDB_val key_val = dais_txn_val(key);
    MDB_val found;
    int code = mdb_get(txn->handle, dais_txn_database(txn, database), &key_val, &found);
    if (code == MDB_SUCCESS)
        *value = dais_txn_slice(found);
    else if (code != MDB_NOTFOUND)
        dais_txn_fail_code(txn, code);
    return code == MDB_SUCCESS;
}

static void txn_put(dais_txn_t *txn, size_t database, dais_slice_t key, dais_slice_t value,
                    unsigned flags)
{
    assert(txn->mode == DAIS_TXN_WRITE);
    if (!txn_takes_key(txn, key))
        return;
    if (value.size > DAIS_STORE_VALUE_SIZE_MAX) {
        dais_txn_fail(txn, DAIS_ERR_TOO_LONG);
        return;
    }
    MDB_val key_val = dais_txn_val(key);
    MDB_val value_val = dais_txn_val(value);
    dais_txn_fail_code(
        txn, mdb_put(txn->handle, dais_txn_database(txn, database), &key_val, &value_val, flags));
}

void dais_txn_put(dais_txn_t *txn, size_t database, dais_slice_t key, dais_slice_t value)
{
    txn_put(txn, database, key, value, 0);
}

void dais_txn_append(dais_txn_t *txn, size_t database, uint64_t seq, dais_slice_t value)
{
    uint64_t key_be = htobe64(seq);
    txn_put(txn, database, dais_slice(&key_be, sizeof(key_be)), value, MDB_APPEND);
}

bool dais_txn_del(dais_txn_t *txn, size_t database, dais_slice_t key)
{
    assert(txn->mode == DAIS_TXN_WRITE);
    if (!txn_takes_key(txn, key))
        return false;
    MDB_val key_val = dais_txn_val(key);
    int code = mdb_del(txn->handle, dais_txn_database(txn, database), &key_val, NULL);
    if (code != MDB_NOTFOUND)
        dais_txn_fail_code(txn, code);
    return code == MDB_SUCCESS;
}

dais_txn_figures_t dais_txn_figures(dais_txn_t *txn, size_t database)
{
    dais_txn_figures_t figures = {0};
    if (!dais_txn_is_open(txn))
        return figures;
    MDB_stat pages;
    int code = mdb_stat(txn->handle, dais_txn_database(txn, database), &pages);
    dais_txn_fail_code(txn, code);
    if (code != MDB_SUCCESS)
        return figures;
    uint64_t page_count =
        (uint64_t)pages.ms_branch_pages + pages.ms_leaf_pages + pages.ms_overflow_pages;
    figures.used_bytes = page_count * pages.ms_psize;
    figures.entry_count = pages.ms_entries;
    return figures;
}
