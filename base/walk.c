/* SPDX-License-Identifier: Apache-2.0
 *
 * LMDB can look for the first key that is not below another, and step from there. All else about
 * prefixes and the way back is made of that here. A walk's cursor is kept by its transaction, so
 * that a walk which is left open, or whose place on the stack is gone, leaks and harms nothing. */
#include "base/walk.h"

#include <assert.h>

#include "base/store_private.h"

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
    if (!dais_txn_is_open(txn))
        return;
    if (prefix.size > DAIS_STORE_KEY_SIZE_MAX || from.size > DAIS_STORE_KEY_SIZE_MAX) {
        dais_txn_fail(txn, DAIS_ERR_TOO_LONG);
        return;
    }
    size_t slot = walk_free_slot(txn);
    int code = mdb_cursor_open(txn->handle, dais_txn_database(txn, database), &txn->cursors[slot]);
    dais_txn_fail_code(txn, code);
    if (code == MDB_SUCCESS)
        walk->slot = slot;
}

static int walk_move(dais_walk_t *walk, dais_slice_t key, MDB_cursor_op step)
{
    MDB_val key_val = dais_txn_val(key);
    MDB_val value_val = {0};
    int code = mdb_cursor_get(walk->txn->cursors[walk->slot], &key_val, &value_val, step);
    if (code != MDB_SUCCESS)
        return code;
    walk->key = dais_txn_slice(key_val);
    walk->value = dais_txn_slice(value_val);
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
    if (walk->slot == DAIS_TXN_WALK_COUNT_MAX || !dais_txn_is_open(walk->txn))
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
        dais_txn_fail_code(walk->txn, code);
    dais_walk_close(walk);
    return false;
}

void dais_walk_del(dais_walk_t *walk)
{
    assert(walk->txn->mode == DAIS_TXN_WRITE);
    if (!walk_is_open(walk))
        return;
    assert(walk->key.size > 0);
    dais_txn_fail_code(walk->txn, mdb_cursor_del(walk->txn->cursors[walk->slot], 0));
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
