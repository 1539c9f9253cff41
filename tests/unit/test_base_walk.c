/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/random.h"
#include "tests/unit/store_fixture.h"
#include "tests/unit/txn_faults.h"

#define TEXT dais_slice_text

static const dais_slice_t nothing;

static const char *const walk_keys[] = {"a",     "b",         "b\x01", "bb",
                                        "b\xFF", "b\xFF\xFF", "c",     "\xFF\xFF"};

static void put_walk_keys(void)
{
    dais_txn_t txn;
    dais_txn_begin(&txn, store, DAIS_TXN_WRITE);
    for (size_t i = 0; i < sizeof(walk_keys) / sizeof(walk_keys[0]); i++)
        dais_txn_put(&txn, ROWS, TEXT(walk_keys[i]), TEXT(walk_keys[i]));
    assert_int_equal(dais_txn_commit(&txn), DAIS_OK);
}

/* The numbers in walk_keys of what a walk meets, as digits. */
static void walk_digits(const char *prefix, const char *from, dais_walk_direction_t direction,
                        char digits[16])
{
    dais_txn_t txn;
    dais_walk_t walk;
    size_t count = 0;
    dais_txn_begin(&txn, store, DAIS_TXN_READ);
    for (dais_walk_open(&walk, &txn, ROWS, TEXT(prefix), TEXT(from), direction);
         dais_walk_next(&walk); count++) {
        size_t i = 0;
        while (!dais_slice_equal(walk.key, TEXT(walk_keys[i])))
            i++;
        assert_true(dais_slice_equal(walk.value, walk.key));
        digits[count] = (char)('0' + i);
    }
    digits[count] = '\0';
    assert_false(dais_walk_next(&walk));
    assert_int_equal(walk.key.size, 0);
    assert_int_equal(dais_txn_end(&txn), DAIS_OK);
}

/* Goal: a walk meets the rows of its prefix from where it starts, in order, and no others. Method:
 * a table of prefixes and starts with the rows met forward and backward; first an empty store. */
static void test_walks(void **state)
{
    (void)state;
    static const struct {
        const char *prefix, *from, *forward, *backward;
    } cases[] = {
        {"", "", "01234567", "76543210"},
        {"", "b", "1234567", "10"},
        {"", "ba", "34567", "210"},
        {"", "d", "7", "6543210"},
        {"", "\xFF\xFF\xFF", "", "76543210"},
        {"", "A", "01234567", ""},
        {"b", "", "12345", "54321"},
        {"b", "b", "12345", "1"},
        {"b", "bb", "345", "321"},
        {"b", "bc", "45", "321"},
        {"b", "a", "12345", ""},
        {"b", "c", "", "54321"},
        {"b\xFF", "", "45", "54"},
        {"\xFF", "", "7", "7"},
        {"\xFF\xFF\xFF", "", "", ""},
        {"bz", "", "", ""},
        {"0", "", "", ""},
    };
    char digits[16];
    walk_digits("", "", DAIS_WALK_FORWARD, digits);
    assert_string_equal(digits, "");
    walk_digits("", "", DAIS_WALK_BACKWARD, digits);
    assert_string_equal(digits, "");
    put_walk_keys();
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        walk_digits(cases[i].prefix, cases[i].from, DAIS_WALK_FORWARD, digits);
        assert_string_equal(digits, cases[i].forward);
        walk_digits(cases[i].prefix, cases[i].from, DAIS_WALK_BACKWARD, digits);
        assert_string_equal(digits, cases[i].backward);
    }
}

/* Goal: a failure of each step of a walk ends it and is reported; so is a prefix that no key can
 * have. Method: fail the n-th move, both ways. */
static void test_walk_faults(void **state)
{
    (void)state;
    put_walk_keys();
    dais_txn_t txn;
    dais_walk_t walk;
    for (int direction = 0; direction < 2; direction++) {
        for (unsigned n = 0; n < 4; n++) {
            dais_txn_begin(&txn, store, DAIS_TXN_READ);
            fault_set("mdb_cursor_get", n, EIO);
            dais_walk_open(&walk, &txn, ROWS, TEXT("b"), nothing, (dais_walk_direction_t)direction);
            while (dais_walk_next(&walk))
                continue;
            assert_int_equal(fault.fired, 1);
            assert_int_equal(walk.key.size, 0);
            assert_int_equal(dais_txn_end(&txn), DAIS_ERR_IO);
        }
    }
    dais_txn_begin(&txn, store, DAIS_TXN_READ);
    dais_walk_open(&walk, &txn, ROWS, nothing, nothing, DAIS_WALK_FORWARD);
    assert_true(dais_walk_next(&walk));
    dais_txn_fail(&txn, DAIS_ERR_NOT_UTF8);
    assert_false(dais_walk_next(&walk));
    assert_int_equal(dais_txn_end(&txn), DAIS_ERR_NOT_UTF8);
    static uint8_t large[DAIS_STORE_KEY_SIZE_MAX + 1];
    for (int i = 0; i < 2; i++) {
        dais_slice_t key = dais_slice(large, sizeof(large));
        dais_txn_begin(&txn, store, DAIS_TXN_READ);
        dais_walk_open(&walk, &txn, ROWS, i == 0 ? key : nothing, i == 1 ? key : nothing,
                       DAIS_WALK_FORWARD);
        assert_false(dais_walk_next(&walk));
        assert_int_equal(dais_txn_end(&txn), DAIS_ERR_TOO_LONG);
    }
}

/* Goal: the longest prefix has its walks too, backward when its last byte cannot grow. Method: a
 * key of the largest size that ends in 0xFF and one after it; walk both ways. */
static void test_walk_longest_prefix(void **state)
{
    (void)state;
    static uint8_t key[DAIS_STORE_KEY_SIZE_MAX];
    memset(key, 0xFF, sizeof(key));
    key[0] = 1;
    dais_slice_t slice = dais_slice(key, sizeof(key));
    dais_txn_t txn;
    dais_walk_t walk;
    dais_txn_begin(&txn, store, DAIS_TXN_WRITE);
    dais_txn_put(&txn, ROWS, slice, TEXT("value"));
    dais_txn_put(&txn, ROWS, TEXT("\x02"), TEXT("other"));
    for (int direction = 0; direction < 2; direction++) {
        dais_walk_open(&walk, &txn, ROWS, slice, nothing, (dais_walk_direction_t)direction);
        assert_true(dais_walk_next(&walk));
        assert_true(dais_slice_equal(walk.value, TEXT("value")));
        assert_false(dais_walk_next(&walk));
    }
    assert_int_equal(dais_txn_commit(&txn), DAIS_OK);
}

/* Goal: walks left open are closed with their transaction, by each of its ends, and one may be
 * closed early, twice, or after the transaction. Method: as many as there may be, each time; the
 * sanitizer sees what leaks. */
static void test_walks_left_open(void **state)
{
    (void)state;
    put_walk_keys();
    for (int way = 0; way < 4; way++) {
        dais_txn_t txn;
        dais_walk_t walks[DAIS_TXN_WALK_COUNT_MAX];
        dais_txn_begin(&txn, store, way < 2 ? DAIS_TXN_READ : DAIS_TXN_WRITE);
        for (size_t i = 0; i < DAIS_TXN_WALK_COUNT_MAX; i++) {
            dais_walk_open(&walks[i], &txn, ROWS, nothing, nothing, DAIS_WALK_FORWARD);
            assert_true(dais_walk_next(&walks[i]));
        }
        dais_walk_close(&walks[3]);
        dais_walk_close(&walks[3]);
        dais_walk_open(&walks[3], &txn, ROWS, nothing, nothing, DAIS_WALK_BACKWARD);
        assert_true(dais_walk_next(&walks[3]));
        if (way == 0) {
            dais_txn_pause(&txn);
            dais_walk_close(&walks[0]);
            dais_txn_resume(&txn);
            dais_walk_open(&walks[0], &txn, ROWS, nothing, nothing, DAIS_WALK_FORWARD);
            assert_true(dais_walk_next(&walks[0]));
        }
        if (way < 2)
            assert_int_equal(dais_txn_end(&txn), DAIS_OK);
        else if (way == 2)
            assert_int_equal(dais_txn_commit(&txn), DAIS_OK);
        else
            dais_txn_abort(&txn);
        dais_walk_close(&walks[0]);
    }
}

/* The naive model that the store is compared with: keys are 0 to 999, values their version. */
#define MODEL_SIZE 1000

typedef struct {
    uint32_t version[MODEL_SIZE]; /* 0: absent */
} model_t;

static uint32_t pick(const dais_random_t *random, uint32_t below)
{
    uint32_t number = 0;
    assert_int_equal(dais_random_fill(random, &number, sizeof(number)), DAIS_OK);
    return number % below;
}

static dais_slice_t model_key(uint32_t number, uint8_t key[4])
{
    key[0] = (uint8_t)(number / 256);
    key[1] = (uint8_t)number;
    key[2] = key[3] = 0x55;
    return dais_slice(key, 4);
}

static uint32_t model_number(dais_slice_t key)
{
    assert_int_equal(key.size, 4);
    return key.data[0] * 256U + key.data[1];
}

/* Walks over all or one prefix and compares with the model; deletes each met row with a chance of
 * one in delete_one_in, 0 for none. */
static void model_walk(dais_txn_t *txn, model_t *model, const dais_random_t *random,
                       uint32_t delete_one_in)
{
    bool forward = pick(random, 2) == 0;
    uint8_t prefix = (uint8_t)pick(random, 5); /* 4: all of them */
    bool all = prefix == 4;
    uint32_t first = all ? 0 : prefix * 256U;
    uint32_t end = all || first + 256 > MODEL_SIZE ? MODEL_SIZE : first + 256;
    uint32_t next = forward ? first : end - 1;
    dais_walk_t walk;
    dais_walk_open(&walk, txn, ROWS, dais_slice(&prefix, all ? 0 : 1), nothing,
                   forward ? DAIS_WALK_FORWARD : DAIS_WALK_BACKWARD);
    while (dais_walk_next(&walk)) {
        uint32_t number = model_number(walk.key);
        for (; next != number; next += forward ? 1U : UINT32_MAX) {
            assert_in_range(next, first, end - 1);
            assert_int_equal(model->version[next], 0);
        }
        assert_int_equal(walk.value.size, 200);
        assert_memory_equal(walk.value.data, &model->version[number], sizeof(uint32_t));
        next += forward ? 1U : UINT32_MAX;
        if (delete_one_in > 0 && pick(random, delete_one_in) == 0) {
            dais_walk_del(&walk);
            model->version[number] = 0;
        }
    }
    for (; next >= first && next < end; next += forward ? 1U : UINT32_MAX)
        assert_int_equal(model->version[next], 0);
}

static void model_change(dais_txn_t *txn, model_t *model, const dais_random_t *random)
{
    uint8_t key[4];
    uint8_t value[200] = {0};
    uint32_t number = pick(random, MODEL_SIZE);
    if (pick(random, 3) == 0) {
        assert_int_equal(dais_txn_del(txn, ROWS, model_key(number, key)),
                         model->version[number] != 0);
        model->version[number] = 0;
        return;
    }
    model->version[number]++;
    memcpy(value, &model->version[number], sizeof(uint32_t));
    dais_txn_put(txn, ROWS, model_key(number, key), dais_slice(value, sizeof(value)));
}

/* Goal: the store has what a table in memory has, whatever is put, deleted, deleted during walks
 * both ways, committed, aborted and reopened. Method: transactions of random steps from one seed,
 * over enough rows for a tree of several levels, compared by walks before and after each. */
static void test_against_a_model(void **state)
{
    (void)state;
    dais_random_seeded_t seeded;
    dais_random_t random = dais_random_seeded(&seeded, 20220527);
    model_t model = {0};
    for (int round = 0; round < 300; round++) {
        model_t changed = model;
        dais_txn_t txn;
        dais_txn_begin(&txn, store, DAIS_TXN_WRITE);
        for (uint32_t steps = pick(&random, 120); steps > 0; steps--)
            model_change(&txn, &changed, &random);
        model_walk(&txn, &changed, &random, round % 25 == 0 ? 1 : 1 + pick(&random, 20));
        model_walk(&txn, &changed, &random, 0);
        if (pick(&random, 5) == 0) {
            dais_txn_abort(&txn);
        } else {
            assert_int_equal(dais_txn_commit(&txn), DAIS_OK);
            model = changed;
        }
        if (pick(&random, 20) == 0)
            assert_int_equal(store_reopen(), DAIS_OK);
        dais_txn_begin(&txn, store, DAIS_TXN_READ);
        model_walk(&txn, &model, &random, 0);
        assert_int_equal(dais_txn_end(&txn), DAIS_OK);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_STORE(test_walks),
        IN_STORE(test_walk_faults),
        IN_STORE(test_walk_longest_prefix),
        IN_STORE(test_walks_left_open),
        IN_STORE(test_against_a_model),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
