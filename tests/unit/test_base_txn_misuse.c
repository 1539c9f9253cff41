/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tests/unit/fault.h"
#include "tests/unit/store_fixture.h"

#define TEXT dais_slice_text

static const dais_slice_t nothing;

static dais_store_t *child_store;

static void child_open(void)
{
    scratch_path_t folder = scratch_path("child");
    dais_store_options_t options = store_options(folder.text);
    if (dais_store_open(&child_store, &options) != DAIS_OK)
        _exit(0);
}

static void misuse(void *context)
{
    int way = *(const int *)context;
    dais_txn_t txn;
    dais_txn_t other;
    dais_walk_t walk[DAIS_TXN_WALK_COUNT_MAX + 1];
    dais_slice_t value;
    bool reads = way >= 4;
    if (way == 0) { /* a store of before the fork */
        dais_txn_begin(&txn, store, DAIS_TXN_READ);
        return;
    }
    child_open();
    dais_txn_begin(&txn, child_store, reads ? DAIS_TXN_READ : DAIS_TXN_WRITE);
    dais_walk_open(&walk[0], &txn, ROWS, nothing, nothing, DAIS_WALK_FORWARD);
    if (way == 1) /* a second writer, which LMDB would let wait for itself for ever */
        dais_txn_begin(&other, child_store, DAIS_TXN_WRITE);
    if (way == 2) { /* a database that is not declared */
        dais_txn_put(&txn, DATABASE_COUNT, TEXT("key"), TEXT("value"));
    }
    if (way == 3) { /* after its end */
        dais_txn_abort(&txn);
        dais_txn_put(&txn, ROWS, TEXT("key"), TEXT("value"));
    }
    if (way == 4) /* writing to what reads */
        dais_txn_put(&txn, ROWS, TEXT("key"), TEXT("value"));
    if (way == 5)
        (void)dais_txn_del(&txn, ROWS, TEXT("key"));
    if (way == 6)
        dais_walk_del(&walk[0]);
    if (way == 7)
        (void)!dais_txn_commit(&txn);
    if (way == 8) { /* asking while paused */
        dais_txn_pause(&txn);
        (void)!dais_txn_get(&txn, ROWS, TEXT("key"), &value);
    }
    if (way == 9) /* resuming what is not paused */
        dais_txn_resume(&txn);
    if (way == 10) { /* a walk of before the pause */
        dais_txn_pause(&txn);
        dais_txn_resume(&txn);
        (void)!dais_walk_next(&walk[0]);
    }
    for (size_t i = 1; way == 11 && i <= DAIS_TXN_WALK_COUNT_MAX; i++) /* one walk too many */
        dais_walk_open(&walk[i], &txn, ROWS, nothing, nothing, DAIS_WALK_FORWARD);
}

static void misuse_writer(void *context)
{
    int way = *(const int *)context;
    dais_txn_t txn;
    child_open();
    dais_txn_begin(&txn, child_store, DAIS_TXN_WRITE);
    if (way == 0)
        (void)!dais_txn_end(&txn);
    if (way == 1)
        dais_txn_pause(&txn);
    dais_walk_t walk;
    dais_walk_open(&walk, &txn, ROWS, nothing, nothing, DAIS_WALK_FORWARD);
    dais_txn_put(&txn, ROWS, TEXT("key"), TEXT("value"));
    if (way == 2 || dais_walk_next(&walk)) /* before there is a row; then the same row twice */
        dais_walk_del(&walk);
    if (way == 3)
        dais_walk_del(&walk);
}

/* Goal: what no input can cause is a bug and stops the process. Method: each way, in a child with a
 * store of its own, beside ways that are good. */
static void test_misuse_is_a_bug(void **state)
{
    (void)state;
    int good = 12;
    assert_false(fault_aborts(misuse, &good));
    for (int way = 0; way < 12; way++)
        assert_true(fault_aborts(misuse, &way));
    good = 4;
    assert_false(fault_aborts(misuse_writer, &good));
    for (int way = 0; way < 4; way++)
        assert_true(fault_aborts(misuse_writer, &way));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_STORE(test_misuse_is_a_bug),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
