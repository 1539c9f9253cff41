/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/property/store_flat.h"

#include <stdlib.h>

typedef struct {
    uint8_t *bytes;
    size_t size;     /* bytes used */
    size_t capacity; /* bytes */
} vector_t;

typedef struct {
    uint8_t space;
    uint8_t size;
    uint8_t key[46];
    uint64_t number;
} index_row_t;

typedef struct {
    dais_rules_store_t base;
    vector_t tables[DAIS_TABLE_COUNT]; /* of a sorted one: key, row, key, row, … */
    vector_t index;
    vector_t texts; /* each text behind its size */
    uint64_t text_count;
} flat_t;

static flat_t *flat_of(dais_rules_store_t *store)
{
    return (flat_t *)(void *)store;
}

/* Room for `size` bytes more at this place. */
static uint8_t *vector_open(vector_t *vector, size_t at, size_t size)
{
    if (vector->size + size > vector->capacity) {
        vector->capacity = 2 * (vector->size + size);
        vector->bytes = realloc(vector->bytes, vector->capacity);
        if (vector->bytes == NULL)
            abort();
    }
    if (at < vector->size)
        memmove(vector->bytes + at + size, vector->bytes + at, vector->size - at);
    vector->size += size;
    return vector->bytes + at;
}

static size_t row_size(dais_table_t table)
{
    return dais_table_info(table)->row_size;
}

static uint64_t flat_count(dais_rules_store_t *store, dais_table_t table)
{
    return flat_of(store)->tables[table].size / row_size(table);
}

static bool flat_dense_get(dais_rules_store_t *store, dais_table_t table, uint64_t number,
                           void *row)
{
    if (number == 0 || number > flat_count(store, table))
        return false;
    memcpy(row, flat_of(store)->tables[table].bytes + (number - 1) * row_size(table),
           row_size(table));
    return true;
}

static void flat_dense_put(dais_rules_store_t *store, dais_table_t table, uint64_t number,
                           const void *row)
{
    vector_t *vector = &flat_of(store)->tables[table];
    size_t at = (number - 1) * row_size(table);
    if (number == 0 || at > vector->size)
        abort();
    if (at == vector->size)
        (void)vector_open(vector, at, row_size(table));
    memcpy(vector->bytes + at, row, row_size(table));
}

static int key_compare(const dais_row_key_t *a, const dais_row_key_t *b)
{
    for (unsigned i = 0; i < 4; i++)
        if (a->part[i] != b->part[i])
            return a->part[i] < b->part[i] ? -1 : 1;
    return 0;
}

/* Where the first row is whose key is not below this one. */
static size_t sorted_place(const vector_t *vector, dais_table_t table, const dais_row_key_t *key,
                           bool *is_there)
{
    size_t step = sizeof *key + row_size(table);
    size_t at = 0;
    int order = -1;
    for (; at < vector->size; at += step) {
        dais_row_key_t found;
        memcpy(&found, vector->bytes + at, sizeof found);
        order = key_compare(&found, key);
        if (order >= 0)
            break;
    }
    *is_there = at < vector->size && order == 0;
    return at;
}

static bool flat_sorted_get(dais_rules_store_t *store, dais_table_t table,
                            const dais_row_key_t *key, void *row)
{
    bool is_there;
    const vector_t *vector = &flat_of(store)->tables[table];
    size_t at = sorted_place(vector, table, key, &is_there);
    if (is_there)
        memcpy(row, vector->bytes + at + sizeof *key, row_size(table));
    return is_there;
}

static void flat_sorted_put(dais_rules_store_t *store, dais_table_t table,
                            const dais_row_key_t *key, const void *row)
{
    bool is_there;
    vector_t *vector = &flat_of(store)->tables[table];
    size_t at = sorted_place(vector, table, key, &is_there);
    if (!is_there)
        memcpy(vector_open(vector, at, sizeof *key + row_size(table)), key, sizeof *key);
    memcpy(vector->bytes + at + sizeof *key, row, row_size(table));
}

static void flat_sorted_del(dais_rules_store_t *store, dais_table_t table,
                            const dais_row_key_t *key)
{
    bool is_there;
    vector_t *vector = &flat_of(store)->tables[table];
    size_t size = sizeof *key + row_size(table);
    size_t at = sorted_place(vector, table, key, &is_there);
    if (!is_there)
        return;
    memmove(vector->bytes + at, vector->bytes + at + size, vector->size - at - size);
    vector->size -= size;
}

static bool flat_sorted_next(dais_rules_store_t *store, dais_table_t table, dais_row_key_t *key,
                             void *row)
{
    bool is_there;
    const vector_t *vector = &flat_of(store)->tables[table];
    size_t at = sorted_place(vector, table, key, &is_there);
    if (at >= vector->size)
        return false;
    memcpy(key, vector->bytes + at, sizeof *key);
    memcpy(row, vector->bytes + at + sizeof *key, row_size(table));
    return true;
}

static uint64_t flat_find(dais_rules_store_t *store, dais_index_t space, dais_slice_t key)
{
    const vector_t *vector = &flat_of(store)->index;
    for (size_t at = 0; at < vector->size; at += sizeof(index_row_t)) {
        const index_row_t *row = (const index_row_t *)(const void *)(vector->bytes + at);
        if (row->space == space && row->size == key.size &&
            memcmp(row->key, key.data, key.size) == 0)
            return row->number;
    }
    return 0;
}

static void flat_add(dais_rules_store_t *store, dais_index_t space, dais_slice_t key,
                     uint64_t number)
{
    vector_t *vector = &flat_of(store)->index;
    index_row_t row = {.space = (uint8_t)space, .size = (uint8_t)key.size, .number = number};
    if (key.size > sizeof row.key)
        abort();
    memcpy(row.key, key.data, key.size);
    memcpy(vector_open(vector, vector->size, sizeof row), &row, sizeof row);
}

static dais_slice_t flat_text_get(dais_rules_store_t *store, uint64_t number)
{
    const vector_t *vector = &flat_of(store)->texts;
    for (size_t at = 0; at < vector->size;) {
        uint64_t size;
        memcpy(&size, vector->bytes + at, sizeof size);
        at += sizeof size;
        if (--number == 0)
            return dais_slice(vector->bytes + at, size);
        at += size;
    }
    return dais_slice(NULL, 0);
}

static uint64_t flat_text_add(dais_rules_store_t *store, dais_slice_t text)
{
    flat_t *flat = flat_of(store);
    uint64_t size = text.size;
    memcpy(vector_open(&flat->texts, flat->texts.size, sizeof size), &size, sizeof size);
    if (size > 0)
        memcpy(vector_open(&flat->texts, flat->texts.size, size), text.data, size);
    return ++flat->text_count;
}

static void flat_clear(dais_rules_store_t *store)
{
    flat_t *flat = flat_of(store);
    for (unsigned i = 0; i < DAIS_TABLE_COUNT; i++)
        flat->tables[i].size = 0;
    flat->index.size = 0;
    flat->texts.size = 0;
    flat->text_count = 0;
    flat->base.err = DAIS_OK;
}

static const dais_rules_store_port_t flat_port = {
    flat_count,      flat_dense_get,  flat_dense_put,   flat_sorted_get,
    flat_sorted_put, flat_sorted_del, flat_sorted_next, flat_find,
    flat_add,        flat_text_get,   flat_text_add,    flat_clear,
};

dais_rules_store_t *store_flat_create(void)
{
    flat_t *flat = calloc(1, sizeof *flat);
    if (flat == NULL)
        abort();
    flat->base.port = &flat_port;
    return &flat->base;
}

void store_flat_destroy(dais_rules_store_t *store)
{
    flat_t *flat = flat_of(store);
    for (unsigned i = 0; i < DAIS_TABLE_COUNT; i++)
        free(flat->tables[i].bytes);
    free(flat->index.bytes);
    free(flat->texts.bytes);
    free(flat);
}

static void vector_copy(vector_t *to, const vector_t *from)
{
    to->size = 0;
    if (from->size > 0)
        memcpy(vector_open(to, 0, from->size), from->bytes, from->size);
}

void store_flat_copy(dais_rules_store_t *to, const dais_rules_store_t *from)
{
    flat_t *a = flat_of(to);
    const flat_t *b = (const flat_t *)(const void *)from;
    for (unsigned i = 0; i < DAIS_TABLE_COUNT; i++)
        vector_copy(&a->tables[i], &b->tables[i]);
    vector_copy(&a->index, &b->index);
    vector_copy(&a->texts, &b->texts);
    a->text_count = b->text_count;
    a->base.err = b->base.err;
}
