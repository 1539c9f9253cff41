/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/support/generate.h"
#include "tests/unit/rules_store.h"

static dais_mark_row_t mark(uint64_t value)
{
    return (dais_mark_row_t){.entry = value * 3 + 1, .value = value};
}

/* Goal: dense tables count up, keep and replace rows. Method: more rows than a chunk has, read back
 * all, replace one; other tables stay empty. */
static void test_dense(void **state)
{
    (void)state;
    dais_actor_row_t row = {.role = 0};
    assert_false(rows->port->dense_get(rows, DAIS_TABLE_ACTOR, 1, &row));
    for (uint32_t i = 1; i <= 1000; i++) {
        row.role = i;
        rows->port->dense_put(rows, DAIS_TABLE_ACTOR, i, &row);
        assert_int_equal(rows->port->count(rows, DAIS_TABLE_ACTOR), i);
    }
    row.role = 77777;
    rows->port->dense_put(rows, DAIS_TABLE_ACTOR, 500, &row);
    for (uint32_t i = 1; i <= 1000; i++) {
        assert_true(rows->port->dense_get(rows, DAIS_TABLE_ACTOR, i, &row));
        assert_int_equal(row.role, i == 500 ? 77777 : i);
    }
    assert_false(rows->port->dense_get(rows, DAIS_TABLE_ACTOR, 0, &row));
    assert_false(rows->port->dense_get(rows, DAIS_TABLE_ACTOR, 1001, &row));
    assert_int_equal(rows->port->count(rows, DAIS_TABLE_ACTOR), 1000);
    assert_int_equal(rows->port->count(rows, DAIS_TABLE_KEY), 0);
    assert_int_equal(rows->err, DAIS_OK);
}

/* Goal: the order of a sorted table is that of its numbers, whatever their size, and every part of
 * the key counts. Method: keys that differ in each part, put in backwards, then walked. */
static void test_sorted_order(void **state)
{
    (void)state;
    static const dais_row_key_t keys[] = {
        {{0, 0, 0, 0}}, {{0, 0, 0, 255}}, {{0, 0, 0, 256}},
        {{0, 0, 1, 0}}, {{0, 1, 0, 0}},   {{0, 1, 0, 1}},
        {{1, 0, 0, 0}}, {{256, 0, 0, 0}}, {{UINT64_MAX, 0, 0, UINT64_MAX}},
    };
    size_t count = sizeof keys / sizeof keys[0];
    for (size_t i = count; i-- > 0;) {
        dais_mark_row_t row = mark(i);
        rows->port->sorted_put(rows, DAIS_TABLE_RECEIVED, &keys[i], &row);
    }
    dais_row_key_t key = {{0}};
    dais_mark_row_t row;
    for (size_t i = 0; i < count; i++) {
        assert_true(rows->port->sorted_next(rows, DAIS_TABLE_RECEIVED, &key, &row));
        assert_memory_equal(&key, &keys[i], sizeof key);
        assert_int_equal(row.value, i);
        key.part[3]++;
    }
    key = (dais_row_key_t){{UINT64_MAX, 0, 1, 0}};
    assert_false(rows->port->sorted_next(rows, DAIS_TABLE_RECEIVED, &key, &row));
    key = (dais_row_key_t){{0}};
    assert_false(rows->port->sorted_next(rows, DAIS_TABLE_PAIR, &key, &row));
    assert_int_equal(rows->err, DAIS_OK);
}

#define MODEL_KEYS 4096

static struct {
    bool is_there;
    uint64_t value;
} model[MODEL_KEYS];

static dais_row_key_t model_key(uint64_t number)
{
    return (dais_row_key_t){{number / 256, number / 16 % 16, 0, number % 16}};
}

static void model_step(generate_t *g, unsigned share_put, bool is_rising, uint64_t step)
{
    uint64_t number = is_rising ? step % MODEL_KEYS : generate_below(g, MODEL_KEYS);
    dais_row_key_t key = model_key(number);
    dais_mark_row_t row = mark(step);
    if (generate_below(g, 100) < share_put) {
        rows->port->sorted_put(rows, DAIS_TABLE_RECEIVED, &key, &row);
        model[number].is_there = true;
        model[number].value = step;
    } else {
        rows->port->sorted_del(rows, DAIS_TABLE_RECEIVED, &key);
        model[number].is_there = false;
    }
}

static void model_check(void)
{
    dais_row_key_t next = {{0}};
    dais_mark_row_t row;
    for (uint64_t i = 0; i < MODEL_KEYS; i++) {
        dais_row_key_t key = model_key(i);
        bool found = rows->port->sorted_get(rows, DAIS_TABLE_RECEIVED, &key, &row);
        assert_int_equal(found, model[i].is_there);
        if (!found)
            continue;
        assert_int_equal(row.value, model[i].value);
        assert_true(rows->port->sorted_next(rows, DAIS_TABLE_RECEIVED, &next, &row));
        assert_memory_equal(&next, &key, sizeof key);
        assert_int_equal(row.value, model[i].value);
        next.part[3]++;
    }
    assert_false(rows->port->sorted_next(rows, DAIS_TABLE_RECEIVED, &next, &row));
}

/* Goal: a sorted table is what it should be after any sequence of writes. Method: random and rising
 * sequences that fill, thin out and empty it, against a plain array; each phase is checked by
 * looking up every key and by walking. */
static void test_sorted_against_model(void **state)
{
    (void)state;
    static const struct {
        unsigned share_put;
        bool is_rising;
        unsigned steps;
    } phases[] = {{100, true, 4096}, {0, true, 2048},  {100, false, 3000}, {40, false, 8000},
                  {0, true, 4096},   {100, true, 300}, {0, false, 500},    {95, false, 9000},
                  {0, false, 40000}, {0, true, 4096},  {60, false, 2000}};
    generate_t g = generate_begin(GENERATE_RANDOM, 7, NULL, 0);
    memset(model, 0, sizeof model);
    for (size_t i = 0; i < sizeof phases / sizeof phases[0]; i++) {
        for (unsigned step = 0; step < phases[i].steps; step++)
            model_step(&g, phases[i].share_put, phases[i].is_rising, step);
        model_check();
    }
    assert_int_equal(rows->err, DAIS_OK);
}

/* Goal: rows may be written while a table is walked. Method: every row met is deleted, and one far
 * behind put in; the walk meets each once. */
static void test_walk_with_writes(void **state)
{
    (void)state;
    dais_mark_row_t row = mark(1);
    for (uint64_t i = 0; i < 500; i++)
        rows->port->sorted_put(rows, DAIS_TABLE_TOUCHED, &(dais_row_key_t){{i * 2}}, &row);
    uint64_t met = 0;
    dais_row_key_t key = {{0}};
    while (rows->port->sorted_next(rows, DAIS_TABLE_TOUCHED, &key, &row)) {
        rows->port->sorted_del(rows, DAIS_TABLE_TOUCHED, &key);
        if (met == 0)
            rows->port->sorted_put(rows, DAIS_TABLE_TOUCHED, &(dais_row_key_t){{5001}}, &row);
        met++;
        key.part[0]++;
    }
    assert_int_equal(met, 501);
    /* Nor does it harm to take from a table that never had a row. */
    rows->port->sorted_del(rows, DAIS_TABLE_PAIR, &(dais_row_key_t){{7}});
    assert_int_equal(rows->err, DAIS_OK);
    key = (dais_row_key_t){{0}};
    assert_false(rows->port->sorted_next(rows, DAIS_TABLE_TOUCHED, &key, &row));
}

/* Goal: the index finds what was added, in its own space only. Method: some thousands of ids, each
 * looked up in both spaces of that size; a second add replaces the number. */
static void test_index(void **state)
{
    (void)state;
    uint8_t id[16] = {0};
    for (uint32_t i = 1; i <= 3000; i++) {
        memcpy(id, &i, sizeof i);
        assert_int_equal(rows->port->find(rows, DAIS_INDEX_ORGANISATION, dais_slice(id, 16)), 0);
        rows->port->add(rows, DAIS_INDEX_ORGANISATION, dais_slice(id, 16), i);
    }
    rows->port->add(rows, DAIS_INDEX_ORGANISATION, dais_slice(id, 16), 9999);
    for (uint32_t i = 1; i <= 3000; i++) {
        memcpy(id, &i, sizeof i);
        assert_int_equal(rows->port->find(rows, DAIS_INDEX_ORGANISATION, dais_slice(id, 16)),
                         i == 3000 ? 9999 : i);
        assert_int_equal(rows->port->find(rows, DAIS_INDEX_ACTOR, dais_slice(id, 16)), 0);
    }
}

/* Goal: each space takes keys of its size. Method: one key in each. */
static void test_index_spaces(void **state)
{
    (void)state;
    static const size_t sizes[DAIS_INDEX_COUNT] = {20, 16, 16, 32, 8, 16, 16, 32};
    uint8_t key[32] = {7};
    for (unsigned i = 0; i < DAIS_INDEX_COUNT; i++)
        rows->port->add(rows, (dais_index_t)i, dais_slice(key, sizes[i]), i + 1);
    for (unsigned i = 0; i < DAIS_INDEX_COUNT; i++)
        assert_int_equal(rows->port->find(rows, (dais_index_t)i, dais_slice(key, sizes[i])), i + 1);
}

/* Goal: each text is kept once, under a number from 1 on; the empty one is 0. Method: two texts,
 * again, absent ones, a long one, and the port's own add, which gives a new number each time. */
static void test_texts(void **state)
{
    (void)state;
    static const char large[60000] = "long";
    assert_int_equal(dais_store_text(rows, dais_slice_text("")), 0);
    assert_int_equal(dais_store_text_find(rows, dais_slice_text("")), 0);
    assert_int_equal(dais_store_text_find(rows, dais_slice_text("one")), 0);
    assert_int_equal(dais_store_text(rows, dais_slice_text("one")), 1);
    assert_int_equal(dais_store_text(rows, dais_slice_text("two")), 2);
    assert_int_equal(dais_store_text(rows, dais_slice_text("one")), 1);
    assert_int_equal(dais_store_text_find(rows, dais_slice_text("two")), 2);
    assert_int_equal(dais_store_text(rows, dais_slice(large, sizeof large)), 3);
    assert_true(dais_slice_equal(rows->port->text_get(rows, 1), dais_slice_text("one")));
    assert_true(dais_slice_equal(rows->port->text_get(rows, 3), dais_slice(large, sizeof large)));
    assert_int_equal(rows->port->text_get(rows, 0).size, 0);
    assert_int_equal(rows->port->text_get(rows, 4).size, 0);
    assert_int_equal(rows->port->text_add(rows, dais_slice_text("one")), 4);
    assert_int_equal(rows->port->text_add(rows, dais_slice(NULL, 0)), 5);
    assert_int_equal(rows->port->text_get(rows, 5).size, 0);
}

/* Goal: after clear() a store is as new. Method: one thing of each form before; none after, and all
 * forms work again from 1 on. */
static void test_clear(void **state)
{
    (void)state;
    dais_actor_row_t actor = {.role = 3};
    dais_mark_row_t row = mark(5);
    dais_row_key_t key = {{4, 2, 0, 0}};
    for (unsigned round = 0; round < 2; round++) {
        dais_row_key_t any = {{0}};
        assert_int_equal(rows->port->count(rows, DAIS_TABLE_ACTOR), 0);
        assert_false(rows->port->sorted_next(rows, DAIS_TABLE_PAIR, &any, &row));
        assert_int_equal(dais_store_text_find(rows, dais_slice_text("text")), 0);
        rows->port->dense_put(rows, DAIS_TABLE_ACTOR, 1, &actor);
        rows->port->sorted_put(rows, DAIS_TABLE_PAIR, &key, &row);
        rows->port->sorted_put(rows, DAIS_TABLE_RANK, &key, &row);
        rows->port->sorted_del(rows, DAIS_TABLE_RANK, &key);
        assert_int_equal(dais_store_text(rows, dais_slice_text("text")), 1);
        assert_int_equal(rows->port->count(rows, DAIS_TABLE_ACTOR), 1);
        rows->port->clear(rows);
    }
    assert_int_equal(rows->err, DAIS_OK);
}

/* Goal: what failed stays failed, and then nothing is found or done. Method: the error is set by
 * hand, as each back sets it, and every call is made. */
static void test_sticky(void **state)
{
    (void)state;
    dais_actor_row_t actor = {.role = 3};
    dais_mark_row_t row = mark(5);
    dais_row_key_t key = {{4, 2, 0, 0}};
    rows->port->dense_put(rows, DAIS_TABLE_ACTOR, 1, &actor);
    rows->port->sorted_put(rows, DAIS_TABLE_PAIR, &key, &row);
    uint64_t text = dais_store_text(rows, dais_slice_text("text"));
    rows->err = DAIS_ERR_NO_MEMORY;
    if (rows_disk != NULL)
        dais_txn_fail(&rows_txn, DAIS_ERR_NO_MEMORY);
    assert_int_equal(rows->port->count(rows, DAIS_TABLE_ACTOR), 0);
    assert_false(rows->port->dense_get(rows, DAIS_TABLE_ACTOR, 1, &actor));
    rows->port->dense_put(rows, DAIS_TABLE_ACTOR, 1, &actor);
    assert_false(rows->port->sorted_get(rows, DAIS_TABLE_PAIR, &key, &row));
    rows->port->sorted_put(rows, DAIS_TABLE_PAIR, &key, &row);
    rows->port->sorted_del(rows, DAIS_TABLE_PAIR, &key);
    assert_false(rows->port->sorted_next(rows, DAIS_TABLE_PAIR, &key, &row));
    assert_int_equal(dais_store_text_find(rows, dais_slice_text("text")), 0);
    assert_int_equal(rows->port->text_get(rows, text).size, 0);
    assert_int_equal(dais_store_text(rows, dais_slice_text("text")), 0);
    assert_int_equal(rows->port->text_add(rows, dais_slice_text("text")), 0);
    assert_int_equal(rows->err, DAIS_ERR_NO_MEMORY);
    if (rows_disk != NULL)
        rows->port->clear(rows);
}

/* Goal: each table is described as rows.def has it. Method: names and sizes of some, and all rows
 * are long enough to be chained when they are free. */
static void test_table_info(void **state)
{
    (void)state;
    assert_string_equal(dais_table_info(DAIS_TABLE_CYCLE)->name, "CYCLE");
    assert_string_equal(dais_table_info(DAIS_TABLE_PAIR)->row, "mark");
    assert_int_equal(dais_table_info(DAIS_TABLE_PAIR)->form, DAIS_TABLE_SORTED);
    assert_int_equal(dais_table_info(DAIS_TABLE_KEY)->form, DAIS_TABLE_DENSE);
    assert_int_equal(dais_table_info(DAIS_TABLE_LAPSING)->form, DAIS_TABLE_SCRATCH);
    assert_int_equal(dais_table_info(DAIS_TABLE_KEY)->row_size, sizeof(dais_key_row_t));
    for (unsigned i = 0; i < DAIS_TABLE_COUNT; i++)
        assert_true(dais_table_info((dais_table_t)i)->row_size >= sizeof(uint64_t));
}

/* Goal: what a committed transaction held is there in the next one, what an aborted one held is
 * not. Method: a row and a text of each, looked for after the end. */
static void test_transactions(void **state)
{
    (void)state;
    dais_actor_row_t actor = {.role = 3};
    rows->port->dense_put(rows, DAIS_TABLE_ACTOR, 1, &actor);
    assert_int_equal(dais_store_text(rows, dais_slice_text("kept")), 1);
    assert_int_equal(dais_txn_commit(&rows_txn), DAIS_OK);
    rows_begin();
    rows->port->dense_put(rows, DAIS_TABLE_ACTOR, 2, &actor);
    assert_int_equal(dais_store_text(rows, dais_slice_text("lost")), 2);
    dais_txn_fail(&rows_txn, DAIS_ERR_IO);
    assert_int_equal(rows->port->count(rows, DAIS_TABLE_ACTOR), 0);
    assert_int_equal(rows->err, DAIS_ERR_IO);
    dais_txn_abort(&rows_txn);
    rows_begin();
    assert_int_equal(rows->err, DAIS_OK);
    assert_int_equal(rows->port->count(rows, DAIS_TABLE_ACTOR), 1);
    assert_int_equal(dais_store_text_find(rows, dais_slice_text("kept")), 1);
    assert_int_equal(dais_store_text_find(rows, dais_slice_text("lost")), 0);
    assert_int_equal(dais_store_text(rows, dais_slice_text("new")), 2);
}

/* Bytes of the database as they lie, behind the back of the port. */
static void put_raw(const char *key, size_t key_size, const char *value)
{
    dais_txn_put(&rows_txn, 1, dais_slice(key, key_size), dais_slice_text(value));
}

/* Goal: stored bytes that are no row are CORRUPT, wherever they are met. Method: values and keys of
 * a wrong size, put there behind the port's back; each is read in the way that meets it. */
static void test_corrupt(void **state)
{
    (void)state;
    dais_mark_row_t row;
    dais_actor_row_t actor;
    dais_row_key_t key = {{0}};
    char bytes[33] = {DAIS_TABLE_ACTOR, 0, 0, 0, 0, 0, 0, 0, 1};
    put_raw(bytes, 9, "short");
    assert_false(rows->port->dense_get(rows, DAIS_TABLE_ACTOR, 1, &actor));
    assert_int_equal(rows->err, DAIS_ERR_CORRUPT);
    dais_txn_abort(&rows_txn);
    rows_begin();
    put_raw(bytes, 8, "key");
    assert_int_equal(rows->port->count(rows, DAIS_TABLE_ACTOR), 0);
    assert_int_equal(rows->err, DAIS_ERR_CORRUPT);
    dais_txn_abort(&rows_txn);
    rows_begin();
    memset(bytes, 0, sizeof bytes);
    bytes[0] = DAIS_TABLE_PAIR;
    put_raw(bytes, 33, "short");
    assert_false(rows->port->sorted_next(rows, DAIS_TABLE_PAIR, &key, &row));
    assert_int_equal(rows->err, DAIS_ERR_CORRUPT);
    dais_txn_abort(&rows_txn);
    rows_begin();
    bytes[19] = 1; /* behind the key that the search begins at */
    put_raw(bytes, 20, "0123456789abcdef");
    assert_false(rows->port->sorted_next(rows, DAIS_TABLE_PAIR, &key, &row));
    assert_int_equal(rows->err, DAIS_ERR_CORRUPT);
}

/* Goal: destroying what is not there does no harm. Method: null. */
static void test_destroy_null(void **state)
{
    (void)state;
    dais_rules_store_t *none = NULL;
    dais_store_memory_destroy(&none);
    dais_store_lmdb_destroy(&none);
    assert_null(none);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_BOTH(test_dense),
        ON_BOTH(test_sorted_order),
        ON_BOTH(test_sorted_against_model),
        ON_BOTH(test_walk_with_writes),
        ON_BOTH(test_index),
        ON_BOTH(test_index_spaces),
        ON_BOTH(test_texts),
        ON_BOTH(test_clear),
        ON_BOTH(test_sticky),
        cmocka_unit_test(test_table_info),
        cmocka_unit_test_setup_teardown(test_transactions, rows_make_lmdb, rows_remove),
        cmocka_unit_test_setup_teardown(test_corrupt, rows_make_lmdb, rows_remove),
        cmocka_unit_test(test_destroy_null),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
