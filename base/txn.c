/* SPDX-License-Identifier: Apache-2.0
 *
 * The sticky transaction. Every code of LMDB passes through txn_fail(), which turns it into ours,
 * keeps the first, and decides whether it condemns the store: a failed write or sync does (LMDB can
 * write in the middle of a transaction, when too many pages are dirty), and so does damage found on
 * the way. A full map does not: LMDB finds that out before it writes, spoils the transaction, and
 * the next one is good. */
#include "base/txn.h"

#include <assert.h>
#include <endian.h>
#include <unistd.h>

#include "base/store_private.h"

static dais_slice_t txn_slice(MDB_val val)
{
    return dais_slice(val.mv_data, val.mv_size);
}

/* LMDB does not write through these pointers; its type merely cannot say so. */
static MDB_val txn_val(dais_slice_t slice)
{
    return (MDB_val){.mv_size = slice.size, .mv_data = (void *)(uintptr_t)slice.data};
}

static bool txn_is_open(const dais_txn_t *txn)
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

static void txn_fail(dais_txn_t *txn, int code)
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
    assert(mode == DAIS_TXN_READ || !store->writing);
    *txn = (dais_txn_t){.store = store, .mode = mode, .err = store->failure};
    txn->detail = store->failure_detail;
    if (txn->err != DAIS_OK)
        return;
    unsigned flags = mode == DAIS_TXN_READ ? MDB_RDONLY : 0;
    txn_fail(txn, mdb_txn_begin(store->env, NULL, flags, &txn->handle));
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
    if (!txn_is_open(txn)) {
        dais_txn_abort(txn);
        return txn->err;
    }
    int code = mdb_txn_commit(txn_take_handle(txn));
    txn_fail(txn, code);
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
    if (!txn_is_open(txn))
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
    txn_fail(txn, txn->store->failure == DAIS_OK ? mdb_txn_renew(txn->handle)
                                                 : txn->store->failure_detail);
}

static MDB_dbi txn_database(const dais_txn_t *txn, size_t database)
{
    assert(database < txn->store->database_count);
    return txn->store->databases[database];
}

static bool txn_takes_key(dais_txn_t *txn, dais_slice_t key)
{
    if (!txn_is_open(txn))
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
    MDB_val key_val = txn_val(key);
    MDB_val found;
    int code = mdb_get(txn->handle, txn_database(txn, database), &key_val, &found);
    if (code == MDB_SUCCESS)
        *value = txn_slice(found);
    else if (code != MDB_NOTFOUND)
        txn_fail(txn, code);
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
    MDB_val key_val = txn_val(key);
    MDB_val value_val = txn_val(value);
    txn_fail(txn, mdb_put(txn->handle, txn_database(txn, database), &key_val, &value_val, flags));
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
    MDB_val key_val = txn_val(key);
    int code = mdb_del(txn->handle, txn_database(txn, database), &key_val, NULL);
    if (code != MDB_NOTFOUND)
        txn_fail(txn, code);
    return code == MDB_SUCCESS;
}

dais_txn_figures_t dais_txn_figures(dais_txn_t *txn, size_t database)
{
    dais_txn_figures_t figures = {0};
    if (!txn_is_open(txn))
        return figures;
    MDB_stat pages;
    int code = mdb_stat(txn->handle, txn_database(txn, database), &pages);
    txn_fail(txn, code);
    if (code != MDB_SUCCESS)
        return figures;
    uint64_t page_count =
        (uint64_t)pages.ms_branch_pages + pages.ms_leaf_pages + pages.ms_overflow_pages;
    figures.used_bytes = page_count * pages.ms_psize;
    figures.entry_count = pages.ms_entries;
    return figures;
}

static size_t walk_free_slot(const dais_txn_t *txn)
{
    size_t slot = 0;
    while (slot < DAIS_TXN_WALK_COUNT_MAX && txn->cursors[slot] != NULL)
        slot++;
    assert(slot < DAIS_TXN_WALK_COUNT_MAX);
    return slot;
}

void dais_walk_open(dais_walk_t *walk, dais_txn_t *txn, size_t database, dais_slice_t prefix,
                    dais_slice_t from, dais_walk_direction_t direction)
{
    *walk = (dais_walk_t){.txn = txn,
                          .prefix = prefix,
                          .from = from,
                          .direction = direction,
                          .round = txn->round,
                          .slot = DAIS_TXN_WALK_COUNT_MAX};
    if (!txn_is_open(txn))
        return;
    if (prefix.size > DAIS_STORE_KEY_SIZE_MAX || from.size > DAIS_STORE_KEY_SIZE_MAX) {
        dais_txn_fail(txn, DAIS_ERR_TOO_LONG);
        return;
    }
    size_t slot = walk_free_slot(txn);
    int code = mdb_cursor_open(txn->handle, txn_database(txn, database), &txn->cursors[slot]);
    txn_fail(txn, code);
    if (code == MDB_SUCCESS)
        walk->slot = slot;
}

static int walk_move(dais_walk_t *walk, dais_slice_t key, MDB_cursor_op step)
{
    MDB_val key_val = txn_val(key);
    MDB_val value_val = {0};
    int code = mdb_cursor_get(walk->txn->cursors[walk->slot], &key_val, &value_val, step);
    if (code != MDB_SUCCESS)
        return code;
    walk->key = txn_slice(key_val);
    walk->value = txn_slice(value_val);
    return code;
}

/* LMDB cannot look for an empty key. */
static int walk_move_to(dais_walk_t *walk, dais_slice_t key)
{
    return walk_move(walk, key, key.size == 0 ? MDB_FIRST : MDB_SET_RANGE);
}

static bool walk_has_prefix(dais_slice_t key, dais_slice_t prefix)
{
    return key.size >= prefix.size && dais_slice_equal(dais_slice(key.data, prefix.size), prefix);
}

static bool walk_is_below(dais_slice_t a, dais_slice_t b)
{
    size_t shorter = a.size < b.size ? a.size : b.size;
    int order = shorter == 0 ? 0 : memcmp(a.data, b.data, shorter);
    return order < 0 || (order == 0 && a.size < b.size);
}

static int walk_start_forward(dais_walk_t *walk)
{
    return walk_move_to(walk, walk_is_below(walk->from, walk->prefix) ? walk->prefix : walk->from);
}

/* The least key that is above all with this prefix: its last byte that can grow does, and what
 * follows falls away. Empty if there is none, that is if all its bytes are 0xFF. */
static dais_slice_t walk_after_prefix(dais_slice_t prefix, uint8_t key[DAIS_STORE_KEY_SIZE_MAX])
{
    size_t size = prefix.size;
    while (size > 0 && prefix.data[size - 1] == 0xFF)
        size--;
    if (size == 0)
        return dais_slice(NULL, 0);
    memcpy(key, prefix.data, size);
    key[size - 1]++;
    return dais_slice(key, size);
}

/* To the last key below bound, or at it if that is allowed; an empty bound is above all. LMDB only
 * looks upward, so this goes one too far and steps back. */
static int walk_move_below(dais_walk_t *walk, dais_slice_t bound, bool bound_counts)
{
    int code = bound.size == 0 ? MDB_NOTFOUND : walk_move(walk, bound, MDB_SET_RANGE);
    if (code == MDB_NOTFOUND)
        return walk_move(walk, bound, MDB_LAST);
    if (code != MDB_SUCCESS || (bound_counts && dais_slice_equal(walk->key, bound)))
        return code;
    return walk_move(walk, bound, MDB_PREV);
}

static int walk_start_backward(dais_walk_t *walk)
{
    uint8_t key[DAIS_STORE_KEY_SIZE_MAX];
    bool from_is_end = walk->from.size == 0 || (!walk_has_prefix(walk->from, walk->prefix) &&
                                                walk_is_below(walk->prefix, walk->from));
    if (from_is_end)
        return walk_move_below(walk, walk_after_prefix(walk->prefix, key), false);
    return walk_move_below(walk, walk->from, true);
}

static int walk_step(dais_walk_t *walk)
{
    bool forward = walk->direction == DAIS_WALK_FORWARD;
    if (walk->started)
        return walk_move(walk, walk->key, forward ? MDB_NEXT : MDB_PREV);
    walk->started = true;
    return forward ? walk_start_forward(walk) : walk_start_backward(walk);
}

static bool walk_is_open(const dais_walk_t *walk)
{
    if (walk->slot == DAIS_TXN_WALK_COUNT_MAX || !txn_is_open(walk->txn))
        return false;
    assert(walk->round == walk->txn->round);
    return true;
}

bool dais_walk_next(dais_walk_t *walk)
{
    bool open = walk_is_open(walk);
    int code = open ? walk_step(walk) : MDB_NOTFOUND;
    if (code == MDB_SUCCESS && walk_has_prefix(walk->key, walk->prefix))
        return true;
    if (code != MDB_SUCCESS && code != MDB_NOTFOUND)
        txn_fail(walk->txn, code);
    dais_walk_close(walk);
    return false;
}

void dais_walk_del(dais_walk_t *walk)
{
    assert(walk->txn->mode == DAIS_TXN_WRITE);
    if (!walk_is_open(walk))
        return;
    assert(walk->key.size > 0);
    txn_fail(walk->txn, mdb_cursor_del(walk->txn->cursors[walk->slot], 0));
    walk->key = walk->value = dais_slice(NULL, 0);
}

void dais_walk_close(dais_walk_t *walk)
{
    walk->key = walk->value = dais_slice(NULL, 0);
    if (walk->slot == DAIS_TXN_WALK_COUNT_MAX)
        return;
    if (walk->round == walk->txn->round && walk->txn->handle != NULL) {
        mdb_cursor_close(walk->txn->cursors[walk->slot]);
        walk->txn->cursors[walk->slot] = NULL;
    }
    walk->slot = DAIS_TXN_WALK_COUNT_MAX;
}
