/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/store_private.h"
#include "tests/unit/store_fixture.h"
#include "tests/unit/txn_faults.h"

#define TEXT dais_slice_text

static const dais_slice_t nothing;

/* Goal: what is put is read in the same transaction and in later ones, replaced, deleted; absence
 * is an answer and poisons nothing; databases are apart. Method: ask for and delete an absent key,
 * put it twice, read it in both databases, open again, delete it twice. */
static void test_put_get_del(void **state)
{
    (void)state;
    dais_txn_t txn;
    dais_slice_t value;
    dais_txn_begin(&txn, store, DAIS_TXN_WRITE);
    assert_false(dais_txn_get(&txn, ROWS, TEXT("key"), &value));
    assert_null(value.data);
    assert_false(dais_txn_del(&txn, ROWS, TEXT("key")));
    dais_txn_put(&txn, ROWS, TEXT("key"), TEXT("one"));
    dais_txn_put(&txn, ROWS, TEXT("key"), TEXT("two"));
    dais_txn_put(&txn, ROWS, TEXT("empty"), nothing);
    assert_true(dais_txn_get(&txn, ROWS, TEXT("key"), &value));
    assert_true(dais_slice_equal(value, TEXT("two")));
    assert_false(dais_txn_get(&txn, LOG, TEXT("key"), &value));
    assert_int_equal(txn.err, DAIS_OK);
    assert_int_equal(dais_txn_commit(&txn), DAIS_OK);
    assert_int_equal(store_reopen(), DAIS_OK);
    assert_true(store_has("key", "two"));
    assert_true(store_has("empty", ""));
    dais_txn_begin(&txn, store, DAIS_TXN_WRITE);
    assert_true(dais_txn_del(&txn, ROWS, TEXT("key")));
    assert_false(dais_txn_del(&txn, ROWS, TEXT("key")));
    assert_int_equal(dais_txn_commit(&txn), DAIS_OK);
    assert_true(store_has("key", NULL));
}

/* Goal: an abort leaves nothing, and may follow any end. Method: abort after a put, abort again,
 * and abort after a commit. */
static void test_abort(void **state)
{
    (void)state;
    dais_txn_t txn;
    dais_txn_begin(&txn, store, DAIS_TXN_WRITE);
    dais_txn_put(&txn, ROWS, TEXT("key"), TEXT("one"));
    dais_txn_abort(&txn);
    dais_txn_abort(&txn);
    assert_true(store_has("key", NULL));
    dais_txn_begin(&txn, store, DAIS_TXN_WRITE);
    assert_int_equal(dais_txn_commit(&txn), DAIS_OK);
    dais_txn_abort(&txn);
}

/* Goal: keys and values that LMDB cannot hold are refusals and not worse; those at the edge work.
 * Method: put an empty key, keys of the largest size and one byte more, and a value too large; get
 * by an empty key and delete by one too long. */
static void test_sizes(void **state)
{
    (void)state;
    static uint8_t bytes[DAIS_STORE_KEY_SIZE_MAX + 1];
    const struct {
        dais_slice_t key;
        dais_slice_t value;
        dais_err_t err;
    } cases[] = {
        {nothing, TEXT("value"), DAIS_ERR_TOO_SHORT},
        {dais_slice(bytes, sizeof(bytes)), TEXT("value"), DAIS_ERR_TOO_LONG},
        {dais_slice(bytes, sizeof(bytes) - 1), TEXT("value"), DAIS_OK},
        {dais_slice(bytes, 1), dais_slice(bytes, (size_t)DAIS_STORE_VALUE_SIZE_MAX + 1),
         DAIS_ERR_TOO_LONG},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        dais_txn_t txn;
        dais_txn_begin(&txn, store, DAIS_TXN_WRITE);
        dais_txn_put(&txn, ROWS, cases[i].key, cases[i].value);
        assert_int_equal(dais_txn_commit(&txn), cases[i].err);
    }
    dais_slice_t value;
    dais_txn_t txn;
    dais_txn_begin(&txn, store, DAIS_TXN_READ);
    assert_false(dais_txn_get(&txn, ROWS, nothing, &value));
    assert_int_equal(dais_txn_end(&txn), DAIS_ERR_TOO_SHORT);
    dais_txn_begin(&txn, store, DAIS_TXN_WRITE);
    assert_false(dais_txn_del(&txn, ROWS, dais_slice(bytes, sizeof(bytes))));
    assert_int_equal(dais_txn_commit(&txn), DAIS_ERR_TOO_LONG);
    assert_int_equal(dais_store_failure(store), DAIS_OK);
}

/* Goal: numbers are appended in their order, gaps allowed, and found by it; one that is not above
 * all others is refused and spoils the transaction, as LMDB itself sees to it. Method: the
 * edges of one and two bytes and the largest number; then four that come too late, each after a
 * good put; then a walk. */
static void test_pitfall_append_out_of_order(void **state)
{
    (void)state;
    static const uint64_t good[] = {0, 1, 255, 256, 65535, 65536, UINT64_MAX - 1};
    static const uint64_t bad[] = {0, 255, 65537, UINT64_MAX - 1};
    dais_txn_t txn;
    dais_walk_t walk;
    dais_txn_begin(&txn, store, DAIS_TXN_WRITE);
    for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++)
        dais_txn_append(&txn, LOG, good[i], dais_slice(&good[i], sizeof(good[i])));
    assert_int_equal(dais_txn_commit(&txn), DAIS_OK);
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        dais_txn_begin(&txn, store, DAIS_TXN_WRITE);
        dais_txn_put(&txn, ROWS, TEXT("key"), TEXT("value"));
        dais_txn_append(&txn, LOG, bad[i], TEXT("again"));
        assert_int_equal(txn.detail, MDB_KEYEXIST);
        assert_int_equal(dais_txn_commit(&txn), DAIS_ERR_EXISTS);
    }
    assert_true(store_has("key", NULL));
    dais_txn_begin(&txn, store, DAIS_TXN_READ);
    dais_walk_open(&walk, &txn, LOG, nothing, nothing, DAIS_WALK_FORWARD);
    for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
        assert_true(dais_walk_next(&walk));
        assert_memory_equal(walk.value.data, &good[i], sizeof(good[i]));
        assert_int_equal(walk.key.size, 8);
    }
    assert_false(dais_walk_next(&walk));
    assert_int_equal(dais_txn_end(&txn), DAIS_OK);
    assert_int_equal(dais_store_failure(store), DAIS_OK);
}

/* Every call there is; none may do anything after an error. */
static void call_everything(dais_txn_t *txn)
{
    dais_slice_t value = TEXT("x");
    dais_walk_t walk;
    dais_txn_put(txn, ROWS, TEXT("key"), TEXT("value"));
    dais_txn_append(txn, LOG, 1, TEXT("value"));
    assert_false(dais_txn_get(txn, ROWS, TEXT("there"), &value));
    assert_int_equal(value.size, 0);
    assert_false(dais_txn_del(txn, ROWS, TEXT("there")));
    assert_int_equal(dais_txn_figures(txn, ROWS).entry_count, 0);
    dais_walk_open(&walk, txn, ROWS, nothing, nothing, DAIS_WALK_FORWARD);
    assert_false(dais_walk_next(&walk));
    dais_walk_del(&walk);
    dais_walk_close(&walk);
}

/* Goal: after the first error every call is a harmless no-op, and the commit reports that error and
 * writes nothing. Method: the caller's own finding, and a failure of each call of LMDB. */
static void test_errors_are_sticky(void **state)
{
    (void)state;
    static const char *const calls[] = {"mdb_get",       "mdb_put",         "mdb_del",
                                        "mdb_stat",      "mdb_cursor_open", "mdb_cursor_get",
                                        "mdb_cursor_del"};
    assert_int_equal(store_put("there", "value"), DAIS_OK);
    for (size_t i = 0; i < sizeof(calls) / sizeof(calls[0]); i++) {
        dais_txn_t txn;
        dais_walk_t walk;
        dais_slice_t value;
        dais_txn_begin(&txn, store, DAIS_TXN_WRITE);
        fault_set(calls[i], 0, MDB_MAP_FULL);
        (void)!dais_txn_get(&txn, ROWS, TEXT("there"), &value);
        dais_txn_put(&txn, ROWS, TEXT("key"), TEXT("value"));
        (void)dais_txn_del(&txn, ROWS, TEXT("key"));
        (void)dais_txn_figures(&txn, ROWS);
        dais_walk_open(&walk, &txn, ROWS, nothing, nothing, DAIS_WALK_FORWARD);
        if (dais_walk_next(&walk))
            dais_walk_del(&walk);
        assert_int_equal(fault.fired, 1);
        assert_int_equal(txn.err, DAIS_ERR_NO_SPACE);
        assert_int_equal(txn.detail, MDB_MAP_FULL);
        call_everything(&txn);
        dais_txn_fail(&txn, DAIS_ERR_CORRUPT);
        assert_int_equal(dais_txn_commit(&txn), DAIS_ERR_NO_SPACE);
        assert_true(store_has("there", "value"));
        assert_true(store_has("key", NULL));
    }
    dais_txn_t txn;
    dais_txn_begin(&txn, store, DAIS_TXN_WRITE);
    dais_txn_put(&txn, ROWS, TEXT("key"), TEXT("value"));
    dais_txn_fail(&txn, DAIS_ERR_NOT_UTF8);
    call_everything(&txn);
    assert_int_equal(dais_txn_commit(&txn), DAIS_ERR_NOT_UTF8);
    assert_true(store_has("key", NULL));
    assert_int_equal(dais_store_failure(store), DAIS_OK);
}

/* Goal: what condemns the store is a failure of the machine in a write transaction, damage in any,
 * and a commit that did not return well; a full map, and a reader that found no memory, do not.
 * Method: a table of faults in calls of LMDB; after each, ask for the failure, write, and open
 * again. */
static void test_what_condemns(void **state)
{
    (void)state;
    static const struct {
        const char *call;
        int code;
        dais_txn_mode_t mode;
        bool condemns;
    } cases[] = {
        {"mdb_get", MDB_CORRUPTED, DAIS_TXN_READ, true},
        {"mdb_get", MDB_PAGE_NOTFOUND, DAIS_TXN_WRITE, true},
        {"mdb_get", ENOMEM, DAIS_TXN_READ, false},
        {"mdb_txn_begin", MDB_READERS_FULL, DAIS_TXN_READ, false},
        {"mdb_txn_begin", ENOMEM, DAIS_TXN_READ, false},
        {"mdb_txn_begin", MDB_PANIC, DAIS_TXN_WRITE, true},
        {"mdb_put", EIO, DAIS_TXN_WRITE, true},
        {"mdb_put", MDB_TXN_FULL, DAIS_TXN_WRITE, false},
        {"mdb_put", MDB_MAP_FULL, DAIS_TXN_WRITE, false},
        {"mdb_txn_commit", MDB_MAP_FULL, DAIS_TXN_WRITE, false},
        {"mdb_txn_commit", MDB_BAD_TXN, DAIS_TXN_WRITE, true},
        {"mdb_txn_commit", ENOSPC, DAIS_TXN_WRITE, true},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        dais_txn_t txn;
        dais_slice_t value;
        fault_set(cases[i].call, 0, cases[i].code);
        dais_txn_begin(&txn, store, cases[i].mode);
        (void)!dais_txn_get(&txn, ROWS, TEXT("key"), &value);
        if (cases[i].mode == DAIS_TXN_WRITE)
            dais_txn_put(&txn, ROWS, TEXT("key"), TEXT("value"));
        dais_err_t err =
            cases[i].mode == DAIS_TXN_WRITE ? dais_txn_commit(&txn) : dais_txn_end(&txn);
        assert_int_equal(fault.fired, 1);
        assert_int_equal(err, dais_store_err(cases[i].code));
        assert_int_equal(dais_store_failure(store), cases[i].condemns ? err : DAIS_OK);
        assert_int_equal(store_put("other", "value"), cases[i].condemns ? err : DAIS_OK);
        assert_int_equal(store_reopen(), DAIS_OK);
        assert_true(store_has("key", NULL));
    }
}

/* Goal: damage that a reader finds stops a writer that had begun before, and a reader that pauses.
 * Method: begin all three, let one mdb_get find damage, then end the others. */
static void test_damage_stops_all(void **state)
{
    (void)state;
    dais_txn_t writer;
    dais_txn_t reader;
    dais_txn_t paused;
    dais_slice_t value;
    dais_txn_begin(&writer, store, DAIS_TXN_WRITE);
    dais_txn_put(&writer, ROWS, TEXT("key"), TEXT("value"));
    dais_txn_begin(&paused, store, DAIS_TXN_READ);
    dais_txn_pause(&paused);
    dais_txn_begin(&reader, store, DAIS_TXN_READ);
    fault_set("mdb_get", 0, MDB_CORRUPTED);
    assert_false(dais_txn_get(&reader, ROWS, TEXT("key"), &value));
    assert_int_equal(dais_txn_end(&reader), DAIS_ERR_CORRUPT);
    assert_int_equal(dais_txn_commit(&writer), DAIS_ERR_CORRUPT);
    dais_txn_resume(&paused);
    assert_int_equal(paused.detail, MDB_CORRUPTED);
    assert_int_equal(dais_txn_end(&paused), DAIS_ERR_CORRUPT);
    assert_int_equal(store_reopen(), DAIS_OK);
    assert_true(store_has("key", NULL));
}

/* Goal: MDB_MAP_FULL spoils the transaction it happens in, for LMDB as for us: nothing of it may be
 * committed, even what fitted; the next one is good. Method: LMDB's own calls, then ours. */
static void test_pitfall_map_full_spoils_the_transaction(void **state)
{
    (void)state;
    static uint8_t large[STORE_MAP_BYTES];
    MDB_txn *raw = NULL;
    MDB_val key = {.mv_size = 3, .mv_data = large};
    MDB_val value = {.mv_size = sizeof(large), .mv_data = large};
    assert_int_equal(mdb_txn_begin(store->env, NULL, 0, &raw), MDB_SUCCESS);
    assert_int_equal(mdb_put(raw, store->databases[ROWS], &key, &value, 0), MDB_MAP_FULL);
    value.mv_size = 1;
    assert_int_equal(mdb_put(raw, store->databases[ROWS], &key, &value, 0), MDB_BAD_TXN);
    assert_int_equal(mdb_txn_commit(raw), MDB_BAD_TXN);

    dais_txn_t txn;
    dais_txn_begin(&txn, store, DAIS_TXN_WRITE);
    dais_txn_put(&txn, ROWS, TEXT("fits"), TEXT("value"));
    dais_txn_put(&txn, ROWS, TEXT("large"), dais_slice(large, sizeof(large)));
    assert_int_equal(txn.err, DAIS_ERR_NO_SPACE);
    dais_txn_put(&txn, ROWS, TEXT("after"), TEXT("value"));
    assert_int_equal(dais_txn_commit(&txn), DAIS_ERR_NO_SPACE);
    assert_true(store_has("fits", NULL));
    assert_true(store_has("after", NULL));
    assert_int_equal(store_put("next", "value"), DAIS_OK);
}

/* Goal: a reader keeps its state until it pauses, then sees the newest; the same thread may write
 * meanwhile. A pause that comes after an error changes nothing. Method: write beside a reader and
 * read before and after a pause; fail mdb_txn_renew and pause again; end one while it pauses. */
static void test_pause_and_resume(void **state)
{
    (void)state;
    dais_txn_t reader;
    dais_slice_t value;
    dais_txn_begin(&reader, store, DAIS_TXN_READ);
    assert_int_equal(store_put("key", "value"), DAIS_OK);
    assert_false(dais_txn_get(&reader, ROWS, TEXT("key"), &value));
    dais_txn_pause(&reader);
    dais_txn_resume(&reader);
    assert_true(dais_txn_get(&reader, ROWS, TEXT("key"), &value));
    dais_txn_pause(&reader);
    fault_set("mdb_txn_renew", 0, MDB_READERS_FULL);
    dais_txn_resume(&reader);
    assert_int_equal(reader.err, DAIS_ERR_NO_SPACE);
    dais_txn_pause(&reader);
    dais_txn_resume(&reader);
    assert_int_equal(dais_txn_end(&reader), DAIS_ERR_NO_SPACE);
    dais_txn_begin(&reader, store, DAIS_TXN_READ);
    dais_txn_pause(&reader);
    assert_int_equal(dais_txn_end(&reader), DAIS_OK);
}

/* Goal: while a reader stands, the room of what is rewritten cannot be used again and the map
 * fills; a pause lets it go. Method: rewrite one row until the map is full, or is not. */
static void test_pitfall_a_standing_reader_fills_the_map(void **state)
{
    (void)state;
    static uint8_t large[60000];
    for (int paused = 0; paused < 2; paused++) {
        dais_txn_t reader;
        dais_err_t err = DAIS_OK;
        dais_txn_begin(&reader, store, DAIS_TXN_READ);
        for (int i = 0; i < 100 && err == DAIS_OK; i++) {
            dais_txn_t txn;
            dais_txn_begin(&txn, store, DAIS_TXN_WRITE);
            dais_txn_put(&txn, ROWS, TEXT("key"), dais_slice(large, sizeof(large)));
            err = dais_txn_commit(&txn);
            if (paused == 1) {
                dais_txn_pause(&reader);
                dais_txn_resume(&reader);
            }
        }
        assert_int_equal(err, paused == 1 ? DAIS_OK : DAIS_ERR_NO_SPACE);
        assert_int_equal(dais_txn_end(&reader), DAIS_OK);
    }
}

/* Goal: no more readers at one time than were asked for, and an ended one frees its slot. Method:
 * begin five where four are allowed and end them, twice. */
static void test_readers_have_a_limit(void **state)
{
    (void)state;
    dais_txn_t readers[5];
    for (int round = 0; round < 2; round++) {
        for (int i = 0; i < 5; i++)
            dais_txn_begin(&readers[i], store, DAIS_TXN_READ);
        for (int i = 0; i < 5; i++)
            assert_int_equal(dais_txn_end(&readers[i]), i < 4 ? DAIS_OK : DAIS_ERR_NO_SPACE);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_STORE(test_put_get_del),
        IN_STORE(test_abort),
        IN_STORE(test_sizes),
        IN_STORE(test_pitfall_append_out_of_order),
        IN_STORE(test_errors_are_sticky),
        IN_STORE(test_what_condemns),
        IN_STORE(test_damage_stops_all),
        IN_STORE(test_pitfall_map_full_spoils_the_transaction),
        IN_STORE(test_pause_and_resume),
        IN_STORE(test_pitfall_a_standing_reader_fills_the_map),
        IN_STORE(test_readers_have_a_limit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
