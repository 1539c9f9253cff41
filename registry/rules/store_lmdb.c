/* SPDX-License-Identifier: Apache-2.0
 *
 * The state in one named database of the registry's store, inside the registry's transaction: an
 * entry and what it changed are on the disk together or not at all. Keys:
 *
 *   dense    table, number                            1 + 8 bytes
 *   sorted   table, the four numbers                  1 + 4 * 8 bytes
 *   index    0x80 + space, the key's bytes
 *   texts    0xc0, number                             1 + 8 bytes
 *
 * with numbers big-endian, so that byte order is number order. Values are rows as they lie in
 * memory, numbers of eight bytes, and texts. How many rows a dense table has is read off its last
 * key, once for each transaction, so that nothing is kept twice.
 *
 * Errors are those of the transaction; a value that has not the size of its row is CORRUPT. */
#include <assert.h>
#include <endian.h>
#include <stdlib.h>

#include "base/walk.h"
#include "registry/rules/store.h"
#include "registry/rules/store_lmdb_key.h"

#define KEY_SIZE_MAX (1 + sizeof(dais_row_key_t))
_Static_assert(DAIS_TABLE_COUNT <= TAG_INDEX, "tables have tags of their own");

typedef struct {
    dais_rules_store_t port; /* first, so that a pointer to it is one to the whole */
    dais_txn_t *txn;
    size_t database;
    struct {
        uint64_t count;
        bool is_known;
    } counts[DAIS_TABLE_COUNT + 1]; /* the last one is of texts */
} lmdb_t;

#define COUNT_TEXTS DAIS_TABLE_COUNT

typedef struct {
    uint8_t bytes[KEY_SIZE_MAX];
    size_t size;
} lmdb_key_t;

static lmdb_t *lmdb_of(dais_rules_store_t *store)
{
    return (lmdb_t *)store;
}

static dais_slice_t lmdb_slice(const lmdb_key_t *key)
{
    return dais_slice(key->bytes, key->size);
}

static lmdb_key_t lmdb_key(unsigned tag)
{
    lmdb_key_t key = {.bytes = {(uint8_t)tag}, .size = 1};
    return key;
}

static void lmdb_key_add(lmdb_key_t *key, uint64_t number)
{
    uint64_t number_be = htobe64(number);
    memcpy(key->bytes + key->size, &number_be, sizeof number_be);
    key->size += sizeof number_be;
}

static lmdb_key_t lmdb_numbered_key(unsigned tag, uint64_t number)
{
    lmdb_key_t key = lmdb_key(tag);
    lmdb_key_add(&key, number);
    return key;
}

static lmdb_key_t lmdb_sorted_key(dais_table_t table, const dais_row_key_t *parts)
{
    lmdb_key_t key = lmdb_key(table);
    for (unsigned i = 0; i < 4; i++)
        lmdb_key_add(&key, parts->part[i]);
    return key;
}

static lmdb_key_t lmdb_index_key(dais_index_t space, dais_slice_t bytes)
{
    lmdb_key_t key = lmdb_key(TAG_INDEX + (unsigned)space);
    assert(bytes.size < sizeof key.bytes);
    memcpy(key.bytes + 1, bytes.data, bytes.size);
    key.size += bytes.size;
    return key;
}

static uint64_t lmdb_number(const uint8_t *bytes)
{
    uint64_t number_be;
    memcpy(&number_be, bytes, sizeof number_be);
    return be64toh(number_be);
}

/* After each use of the transaction. False if it has failed, now or before. */
static bool lmdb_goes_on(lmdb_t *lmdb)
{
    assert(lmdb->txn != NULL);
    if (lmdb->txn->err != DAIS_OK)
        lmdb->port.err = lmdb->txn->err;
    return lmdb->port.err == DAIS_OK;
}

/* Copies a value of exactly this size; false if the key is absent or something is wrong. */
static bool lmdb_get(lmdb_t *lmdb, const lmdb_key_t *key, void *value, size_t size)
{
    dais_slice_t found;
    if (!lmdb_goes_on(lmdb))
        return false;
    bool is_there = dais_txn_get(lmdb->txn, lmdb->database, lmdb_slice(key), &found);
    if (!lmdb_goes_on(lmdb) || !is_there)
        return false;
    if (found.size != size) {
        dais_txn_fail(lmdb->txn, DAIS_ERR_CORRUPT);
        return lmdb_goes_on(lmdb);
    }
    memcpy(value, found.data, size);
    return true;
}

static void lmdb_put(lmdb_t *lmdb, const lmdb_key_t *key, dais_slice_t value)
{
    if (!lmdb_goes_on(lmdb))
        return;
    dais_txn_put(lmdb->txn, lmdb->database, lmdb_slice(key), value);
    (void)lmdb_goes_on(lmdb);
}

/* The last number below this tag. */
static uint64_t lmdb_last(lmdb_t *lmdb, unsigned tag)
{
    lmdb_key_t prefix = lmdb_key(tag);
    dais_walk_t walk;
    uint64_t number = 0;
    dais_walk_open(&walk, lmdb->txn, lmdb->database, lmdb_slice(&prefix), dais_slice(NULL, 0),
                   DAIS_WALK_BACKWARD);
    if (dais_walk_next(&walk)) {
        if (walk.key.size == 1 + sizeof number)
            number = lmdb_number(walk.key.data + 1);
        else
            dais_txn_fail(lmdb->txn, DAIS_ERR_CORRUPT);
    }
    dais_walk_close(&walk);
    return lmdb_goes_on(lmdb) ? number : 0;
}

static uint64_t lmdb_counted(lmdb_t *lmdb, unsigned which, unsigned tag)
{
    if (!lmdb_goes_on(lmdb))
        return 0;
    if (!lmdb->counts[which].is_known) {
        lmdb->counts[which].count = lmdb_last(lmdb, tag);
        lmdb->counts[which].is_known = lmdb_goes_on(lmdb);
    }
    return lmdb->counts[which].count;
}

static uint64_t lmdb_count(dais_rules_store_t *store, dais_table_t table)
{
    return lmdb_counted(lmdb_of(store), table, table);
}

static bool lmdb_dense_get(dais_rules_store_t *store, dais_table_t table, uint64_t number,
                           void *row)
{
    lmdb_key_t key = lmdb_numbered_key(table, number);
    return lmdb_get(lmdb_of(store), &key, row, dais_table_info(table)->row_size);
}

static void lmdb_dense_put(dais_rules_store_t *store, dais_table_t table, uint64_t number,
                           const void *row)
{
    lmdb_t *lmdb = lmdb_of(store);
    uint64_t count = lmdb_count(store, table);
    if (!lmdb_goes_on(lmdb))
        return;
    assert(number >= 1 && number <= count + 1);
    lmdb_key_t key = lmdb_numbered_key(table, number);
    lmdb_put(lmdb, &key, dais_slice(row, dais_table_info(table)->row_size));
    if (number > count)
        lmdb->counts[table].count = number;
}

static bool lmdb_sorted_get(dais_rules_store_t *store, dais_table_t table,
                            const dais_row_key_t *parts, void *row)
{
    lmdb_key_t key = lmdb_sorted_key(table, parts);
    return lmdb_get(lmdb_of(store), &key, row, dais_table_info(table)->row_size);
}

static void lmdb_sorted_put(dais_rules_store_t *store, dais_table_t table,
                            const dais_row_key_t *parts, const void *row)
{
    lmdb_key_t key = lmdb_sorted_key(table, parts);
    lmdb_put(lmdb_of(store), &key, dais_slice(row, dais_table_info(table)->row_size));
}

static void lmdb_sorted_del(dais_rules_store_t *store, dais_table_t table,
                            const dais_row_key_t *parts)
{
    lmdb_t *lmdb = lmdb_of(store);
    lmdb_key_t key = lmdb_sorted_key(table, parts);
    if (!lmdb_goes_on(lmdb))
        return;
    (void)dais_txn_del(lmdb->txn, lmdb->database, lmdb_slice(&key));
    (void)lmdb_goes_on(lmdb);
}

/* Copies out the row that a walk has found. */
static bool lmdb_take(lmdb_t *lmdb, dais_table_t table, const dais_walk_t *walk,
                      dais_row_key_t *parts, void *row)
{
    size_t size = dais_table_info(table)->row_size;
    if (walk->key.size != KEY_SIZE_MAX || walk->value.size != size) {
        dais_txn_fail(lmdb->txn, DAIS_ERR_CORRUPT);
        return lmdb_goes_on(lmdb);
    }
    for (unsigned i = 0; i < 4; i++)
        parts->part[i] = lmdb_number(walk->key.data + 1 + i * sizeof(uint64_t));
    memcpy(row, walk->value.data, size);
    return true;
}

static bool lmdb_sorted_next(dais_rules_store_t *store, dais_table_t table, dais_row_key_t *parts,
                             void *row)
{
    lmdb_t *lmdb = lmdb_of(store);
    lmdb_key_t prefix = lmdb_key(table);
    lmdb_key_t from = lmdb_sorted_key(table, parts);
    dais_walk_t walk;
    if (!lmdb_goes_on(lmdb))
        return false;
    dais_walk_open(&walk, lmdb->txn, lmdb->database, lmdb_slice(&prefix), lmdb_slice(&from),
                   DAIS_WALK_FORWARD);
    bool found = dais_walk_next(&walk) && lmdb_take(lmdb, table, &walk, parts, row);
    dais_walk_close(&walk);
    return lmdb_goes_on(lmdb) && found;
}

static uint64_t lmdb_find(dais_rules_store_t *store, dais_index_t space, dais_slice_t bytes)
{
    uint64_t number = 0;
    lmdb_key_t key = lmdb_index_key(space, bytes);
    return lmdb_get(lmdb_of(store), &key, &number, sizeof number) ? number : 0;
}

static void lmdb_add(dais_rules_store_t *store, dais_index_t space, dais_slice_t bytes,
                     uint64_t number)
{
    assert(number != 0);
    lmdb_key_t key = lmdb_index_key(space, bytes);
    lmdb_put(lmdb_of(store), &key, dais_slice(&number, sizeof number));
}

static dais_slice_t lmdb_text_get(dais_rules_store_t *store, uint64_t number)
{
    lmdb_t *lmdb = lmdb_of(store);
    lmdb_key_t key = lmdb_numbered_key(TAG_TEXT, number);
    dais_slice_t text = dais_slice(NULL, 0);
    if (!lmdb_goes_on(lmdb) || !dais_txn_get(lmdb->txn, lmdb->database, lmdb_slice(&key), &text))
        text = dais_slice(NULL, 0);
    return lmdb_goes_on(lmdb) ? text : dais_slice(NULL, 0);
}

static uint64_t lmdb_text_add(dais_rules_store_t *store, dais_slice_t text)
{
    lmdb_t *lmdb = lmdb_of(store);
    uint64_t number = lmdb_counted(lmdb, COUNT_TEXTS, TAG_TEXT) + 1;
    lmdb_key_t key = lmdb_numbered_key(TAG_TEXT, number);
    lmdb_put(lmdb, &key, text);
    if (!lmdb_goes_on(lmdb))
        return 0;
    lmdb->counts[COUNT_TEXTS].count = number;
    return number;
}

static void lmdb_forget_counts(lmdb_t *lmdb)
{
    memset(lmdb->counts, 0, sizeof lmdb->counts);
}

static void lmdb_clear(dais_rules_store_t *store)
{
    lmdb_t *lmdb = lmdb_of(store);
    dais_walk_t walk;
    lmdb_forget_counts(lmdb);
    if (!lmdb_goes_on(lmdb))
        return;
    dais_walk_open(&walk, lmdb->txn, lmdb->database, dais_slice(NULL, 0), dais_slice(NULL, 0),
                   DAIS_WALK_FORWARD);
    while (dais_walk_next(&walk))
        dais_walk_del(&walk);
    dais_walk_close(&walk);
    (void)lmdb_goes_on(lmdb);
}

static const dais_rules_store_port_t lmdb_port = {
    .count = lmdb_count,
    .dense_get = lmdb_dense_get,
    .dense_put = lmdb_dense_put,
    .sorted_get = lmdb_sorted_get,
    .sorted_put = lmdb_sorted_put,
    .sorted_del = lmdb_sorted_del,
    .sorted_next = lmdb_sorted_next,
    .find = lmdb_find,
    .add = lmdb_add,
    .text_get = lmdb_text_get,
    .text_add = lmdb_text_add,
    .clear = lmdb_clear,
};

dais_err_t dais_store_lmdb_create(dais_rules_store_t **store, size_t database)
{
    *store = NULL;
    lmdb_t *lmdb = calloc(1, sizeof *lmdb);
    if (lmdb == NULL)
        return DAIS_ERR_NO_MEMORY;
    lmdb->port.port = &lmdb_port;
    lmdb->database = database;
    *store = &lmdb->port;
    return DAIS_OK;
}

void dais_store_lmdb_use(dais_rules_store_t *store, dais_txn_t *txn)
{
    lmdb_t *lmdb = lmdb_of(store);
    lmdb->txn = txn;
    lmdb->port.err = txn->err;
    lmdb_forget_counts(lmdb);
}

void dais_store_lmdb_destroy(dais_rules_store_t **store)
{
    if (*store != NULL)
        free(lmdb_of(*store));
    *store = NULL;
}
