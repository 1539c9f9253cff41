/* SPDX-License-Identifier: Apache-2.0
 *
 * The state in memory. Rows lie in chunks and never move; sorted tables find theirs through a
 * B-tree of keys, and chain the places of deleted rows in a list of free ones; the index is such a
 * tree for each space, since ids are led by time: what is asked for lies beside what came last,
 * where a hash would have each id meet another place of a table that no cache holds. Whatever ids
 * somebody thinks up, none costs more than the height of the tree. All that can fail is memory. */
#include <assert.h>
#include <endian.h>
#include <stdlib.h>

#include "registry/rules/store.h"
#include "registry/rules/store_order.h"
#include "registry/rules/store_vector.h"

typedef struct {
    dais_store_vector_t rows;
    dais_store_order_t order; /* of sorted tables */
    uint64_t free_slot;       /* the last row deleted, plus 1; its bytes hold the one before */
} memory_table_t;

typedef struct {
    uint8_t *bytes;
    size_t size;
} memory_text_t;

typedef struct {
    dais_rules_store_t port; /* first, so that a pointer to it is one to the whole */
    memory_table_t tables[DAIS_TABLE_COUNT];
    dais_store_order_t spaces[DAIS_INDEX_COUNT];
    dais_store_vector_t texts;
} memory_t;

static const size_t memory_key_sizes[DAIS_INDEX_COUNT] = {
    [DAIS_INDEX_MESSAGE] = 20, [DAIS_INDEX_INSTRUMENT] = 16, [DAIS_INDEX_ACTOR] = 16,
    [DAIS_INDEX_KEY] = 32,     [DAIS_INDEX_STATE] = 8,       [DAIS_INDEX_ORGANISATION] = 16,
    [DAIS_INDEX_COMMENT] = 16, [DAIS_INDEX_TEXT] = 32,
};

static memory_t *memory_of(dais_rules_store_t *store)
{
    return (memory_t *)store;
}

static memory_table_t *memory_table(dais_rules_store_t *store, dais_table_t table)
{
    return &memory_of(store)->tables[table];
}

/* Null, and the store has failed, where no memory is left. */
static void *memory_held(dais_rules_store_t *store, void *memory)
{
    if (memory == NULL)
        store->err = DAIS_ERR_NO_MEMORY;
    return memory;
}

static uint64_t memory_count(dais_rules_store_t *store, dais_table_t table)
{
    return store->err == DAIS_OK ? memory_table(store, table)->rows.count : 0;
}

static bool memory_dense_get(dais_rules_store_t *store, dais_table_t table, uint64_t number,
                             void *row)
{
    const dais_store_vector_t *rows = &memory_table(store, table)->rows;
    if (store->err != DAIS_OK || number == 0 || number > rows->count)
        return false;
    memcpy(row, dais_store_vector_at(rows, number - 1), rows->item_size);
    return true;
}

static void memory_dense_put(dais_rules_store_t *store, dais_table_t table, uint64_t number,
                             const void *row)
{
    dais_store_vector_t *rows = &memory_table(store, table)->rows;
    if (store->err != DAIS_OK)
        return;
    assert(number >= 1 && number <= rows->count + 1);
    void *place = number <= rows->count ? dais_store_vector_at(rows, number - 1)
                                        : memory_held(store, dais_store_vector_add(rows));
    if (place != NULL)
        memcpy(place, row, rows->item_size);
}

static bool memory_sorted_get(dais_rules_store_t *store, dais_table_t table,
                              const dais_row_key_t *key, void *row)
{
    memory_table_t *sorted = memory_table(store, table);
    const uint64_t *slot =
        store->err == DAIS_OK ? dais_store_order_find(&sorted->order, key) : NULL;
    if (slot == NULL)
        return false;
    memcpy(row, dais_store_vector_at(&sorted->rows, *slot), sorted->rows.item_size);
    return true;
}

/* A row to write to, of which *slot is the number; it is not yet taken. Null without memory. */
static uint8_t *memory_free_row(dais_rules_store_t *store, memory_table_t *sorted, uint64_t *slot)
{
    if (sorted->free_slot == 0) {
        uint8_t *row = memory_held(store, dais_store_vector_add(&sorted->rows));
        if (row == NULL)
            return NULL;
        uint64_t none = 0;
        memcpy(row, &none, sizeof none);
        sorted->free_slot = sorted->rows.count;
    }
    *slot = sorted->free_slot - 1;
    return dais_store_vector_at(&sorted->rows, *slot);
}

static void memory_sorted_put(dais_rules_store_t *store, dais_table_t table,
                              const dais_row_key_t *key, const void *row)
{
    memory_table_t *sorted = memory_table(store, table);
    uint64_t slot;
    if (store->err != DAIS_OK)
        return;
    const uint64_t *found = dais_store_order_find(&sorted->order, key);
    if (found != NULL) {
        memcpy(dais_store_vector_at(&sorted->rows, *found), row, sorted->rows.item_size);
        return;
    }
    uint8_t *place = memory_free_row(store, sorted, &slot);
    if (place == NULL)
        return;
    if (!dais_store_order_insert(&sorted->order, key, slot)) {
        store->err = DAIS_ERR_NO_MEMORY;
        return;
    }
    memcpy(&sorted->free_slot, place, sizeof sorted->free_slot);
    memcpy(place, row, sorted->rows.item_size);
}

static void memory_sorted_del(dais_rules_store_t *store, dais_table_t table,
                              const dais_row_key_t *key)
{
    memory_table_t *sorted = memory_table(store, table);
    uint64_t slot;
    if (store->err != DAIS_OK || !dais_store_order_remove(&sorted->order, key, &slot))
        return;
    memcpy(dais_store_vector_at(&sorted->rows, slot), &sorted->free_slot, sizeof sorted->free_slot);
    sorted->free_slot = slot + 1;
}

static bool memory_sorted_next(dais_rules_store_t *store, dais_table_t table, dais_row_key_t *key,
                               void *row)
{
    memory_table_t *sorted = memory_table(store, table);
    uint64_t slot;
    if (store->err != DAIS_OK || !dais_store_order_seek(&sorted->order, key, &slot))
        return false;
    memcpy(row, dais_store_vector_at(&sorted->rows, slot), sorted->rows.item_size);
    return true;
}

/* Bytes as numbers, in the order of the bytes. */
static dais_row_key_t memory_key(dais_index_t space, dais_slice_t key)
{
    uint64_t parts[4] = {0};
    dais_row_key_t numbers;
    assert(key.size == memory_key_sizes[space] && key.size <= sizeof parts);
    memcpy(parts, key.data, key.size);
    for (unsigned i = 0; i < 4; i++)
        numbers.part[i] = be64toh(parts[i]);
    return numbers;
}

static uint64_t memory_find(dais_rules_store_t *store, dais_index_t space, dais_slice_t key)
{
    dais_row_key_t numbers = memory_key(space, key);
    if (store->err != DAIS_OK)
        return 0;
    const uint64_t *found = dais_store_order_find(&memory_of(store)->spaces[space], &numbers);
    return found == NULL ? 0 : *found;
}

static void memory_add(dais_rules_store_t *store, dais_index_t space, dais_slice_t key,
                       uint64_t number)
{
    dais_store_order_t *order = &memory_of(store)->spaces[space];
    dais_row_key_t numbers = memory_key(space, key);
    if (store->err != DAIS_OK)
        return;
    uint64_t *found = dais_store_order_find(order, &numbers);
    if (found != NULL)
        *found = number;
    else if (!dais_store_order_insert(order, &numbers, number))
        store->err = DAIS_ERR_NO_MEMORY;
}

static dais_slice_t memory_text_get(dais_rules_store_t *store, uint64_t number)
{
    if (store->err != DAIS_OK || number == 0)
        return dais_slice(NULL, 0);
    const memory_text_t *text = dais_store_vector_at(&memory_of(store)->texts, number - 1);
    return text == NULL ? dais_slice(NULL, 0) : dais_slice(text->bytes, text->size);
}

static uint64_t memory_text_add(dais_rules_store_t *store, dais_slice_t text)
{
    dais_store_vector_t *texts = &memory_of(store)->texts;
    if (store->err != DAIS_OK)
        return 0;
    uint8_t *bytes = memory_held(store, malloc(text.size == 0 ? 1 : text.size));
    if (bytes == NULL)
        return 0;
    memory_text_t *place = memory_held(store, dais_store_vector_add(texts));
    if (place == NULL) {
        free(bytes);
        return 0;
    }
    if (text.size > 0)
        memcpy(bytes, text.data, text.size);
    *place = (memory_text_t){.bytes = bytes, .size = text.size};
    return texts->count;
}

static void memory_clear(dais_rules_store_t *store)
{
    memory_t *memory = memory_of(store);
    for (unsigned i = 0; i < DAIS_TABLE_COUNT; i++) {
        dais_store_vector_clear(&memory->tables[i].rows);
        dais_store_order_clear(&memory->tables[i].order);
        memory->tables[i].free_slot = 0;
    }
    for (unsigned i = 0; i < DAIS_INDEX_COUNT; i++)
        dais_store_order_clear(&memory->spaces[i]);
    for (uint64_t i = 0; i < memory->texts.count; i++)
        free(((memory_text_t *)dais_store_vector_at(&memory->texts, i))->bytes);
    dais_store_vector_clear(&memory->texts);
    store->err = DAIS_OK;
}

static const dais_rules_store_port_t memory_port = {
    .count = memory_count,
    .dense_get = memory_dense_get,
    .dense_put = memory_dense_put,
    .sorted_get = memory_sorted_get,
    .sorted_put = memory_sorted_put,
    .sorted_del = memory_sorted_del,
    .sorted_next = memory_sorted_next,
    .find = memory_find,
    .add = memory_add,
    .text_get = memory_text_get,
    .text_add = memory_text_add,
    .clear = memory_clear,
};

dais_err_t dais_store_memory_create(dais_rules_store_t **store)
{
    *store = NULL;
    memory_t *memory = calloc(1, sizeof *memory);
    if (memory == NULL)
        return DAIS_ERR_NO_MEMORY;
    for (unsigned i = 0; i < DAIS_TABLE_COUNT; i++)
        memory->tables[i].rows.item_size = dais_table_info((dais_table_t)i)->row_size;
    memory->texts.item_size = sizeof(memory_text_t);
    memory->port.port = &memory_port;
    *store = &memory->port;
    return DAIS_OK;
}

void dais_store_memory_destroy(dais_rules_store_t **store)
{
    if (*store == NULL)
        return;
    memory_clear(*store);
    free(memory_of(*store));
    *store = NULL;
}
