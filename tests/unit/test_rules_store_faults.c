/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/unit/rules_store.h"
#include "tests/unit/txn_faults.h"

#if FAULT_IN_RUNTIME
extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *memory, size_t size);

void *malloc(size_t size)
{
    return fault_hits("memory") ? NULL : __libc_malloc(size);
}

void *calloc(size_t count, size_t size)
{
    return fault_hits("memory") ? NULL : __libc_calloc(count, size);
}

void *realloc(void *memory, size_t size)
{
    return fault_hits("memory") ? NULL : __libc_realloc(memory, size);
}
#endif

/* Every form of write, often enough for each structure to grow more than once. */
static void write_much(dais_rules_store_t *store)
{
    dais_actor_row_t actor = {.role = 1};
    dais_mark_row_t mark = {.value = 1};
    for (uint32_t i = 1; i <= 400 && store->err == DAIS_OK; i++) {
        char text[16];
        uint8_t id[16] = {0};
        memcpy(id, &i, sizeof i);
        (void)snprintf(text, sizeof text, "text %u", i);
        store->port->dense_put(store, DAIS_TABLE_ACTOR, i, &actor);
        store->port->sorted_put(store, DAIS_TABLE_PAIR, &(dais_row_key_t){{i * 7 % 400}}, &mark);
        store->port->add(store, DAIS_INDEX_ACTOR, dais_slice(id, sizeof id), i);
        (void)dais_store_text(store, dais_slice_text(text));
    }
}

/* How many rows a table that is walked has; the walk also has to be in order. */
static uint64_t walk_count(dais_rules_store_t *store)
{
    dais_row_key_t key = {{0}};
    dais_mark_row_t mark;
    uint64_t count = 0;
    while (store->port->sorted_next(store, DAIS_TABLE_PAIR, &key, &mark)) {
        assert_int_equal(mark.value, 1);
        key.part[3]++;
        count++;
    }
    return count;
}

/* Goal: where no memory is left the store says so, stays whole and gives all of it back. Method:
 * each allocation of a long sequence of writes fails in turn; what was written before is found
 * again when the error is lifted, and the writes go on from there. */
static void test_no_memory(void **state)
{
    (void)state;
    unsigned failures = 0;
    /* OpenSSL asks for memory at the first hash, and its want of it is no matter of the store. */
    (void)dais_hash_one(dais_slice_text("first"));
    for (unsigned skip = 0;; skip++) {
        dais_rules_store_t *store;
        fault_set("memory", skip, 0);
        dais_err_t err = dais_store_memory_create(&store);
        if (err == DAIS_OK)
            write_much(store);
        bool is_over = fault.fired == 0;
        fault_clear();
        if (is_over) {
            assert_int_equal(walk_count(store), 400);
            dais_store_memory_destroy(&store);
            break;
        }
        failures++;
        if (err != DAIS_OK) {
            assert_int_equal(err, DAIS_ERR_NO_MEMORY);
            assert_null(store);
            continue;
        }
        assert_int_equal(store->err, DAIS_ERR_NO_MEMORY);
        assert_int_equal(walk_count(store), 0);
        store->err = DAIS_OK;
        uint64_t written = store->port->count(store, DAIS_TABLE_ACTOR);
        uint64_t walked = walk_count(store);
        assert_true(walked == written || walked + 1 == written);
        write_much(store);
        assert_int_equal(store->err, DAIS_OK);
        assert_int_equal(walk_count(store), 400);
        assert_int_equal(store->port->count(store, DAIS_TABLE_ACTOR), 400);
        dais_store_memory_destroy(&store);
    }
    assert_true(failures > 100);
}

/* Goal: without memory there is no store on LMDB either. Method: its one allocation fails. */
static void test_no_memory_lmdb(void **state)
{
    (void)state;
    dais_rules_store_t *store;
    fault_set("memory", 0, 0);
    dais_err_t err = dais_store_lmdb_create(&store, 0);
    fault_clear();
    assert_int_equal(err, DAIS_ERR_NO_MEMORY);
    assert_null(store);
}

/* Goal: a failure of LMDB shows in the store at once, whatever call met it. Method: reads, writes
 * and walks, each with its own call of LMDB failing. */
static void test_lmdb_fails(void **state)
{
    (void)state;
    static const char *const calls[] = {"mdb_get", "mdb_get",        "mdb_put",
                                        "mdb_put", "mdb_cursor_get", "mdb_cursor_get"};
    dais_actor_row_t actor = {.role = 1};
    dais_mark_row_t mark = {.value = 1};
    dais_row_key_t key = {{0}};
    uint8_t id[16] = {1};
    for (unsigned i = 0; i < 6; i++) {
        fault_set(calls[i], 0, MDB_MAP_FULL);
        switch (i) {
        case 0: assert_false(rows->port->dense_get(rows, DAIS_TABLE_ACTOR, 1, &actor)); break;
        case 1: assert_int_equal(rows->port->text_get(rows, 1).size, 0); break;
        case 2: rows->port->add(rows, DAIS_INDEX_ACTOR, dais_slice(id, sizeof id), 1); break;
        case 3: assert_int_equal(rows->port->text_add(rows, dais_slice_text("a")), 0); break;
        case 4: assert_false(rows->port->sorted_next(rows, DAIS_TABLE_PAIR, &key, &mark)); break;
        default: rows->port->dense_put(rows, DAIS_TABLE_ACTOR, 1, &actor); break;
        }
        assert_int_equal(fault.fired, 1);
        fault_clear();
        assert_true(rows->err != DAIS_OK);
        assert_int_equal(rows->err, rows_txn.err);
        dais_txn_abort(&rows_txn);
        rows_begin();
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_lmdb_fails, rows_make_lmdb, rows_remove),
#if FAULT_IN_RUNTIME
        cmocka_unit_test(test_no_memory),
        cmocka_unit_test(test_no_memory_lmdb),
#endif
    };
#if !FAULT_IN_RUNTIME
    (void)test_no_memory;
    (void)test_no_memory_lmdb;
    (void)printf("skipped: a sanitizer owns malloc\n");
#endif
    return cmocka_run_group_tests(tests, NULL, NULL);
}
