/* SPDX-License-Identifier: Apache-2.0 */
#include "publisher/files_known.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum { CAPACITY_FIRST = 256 };

void files_known_free(files_known_t *known)
{
    for (uint32_t i = 0; i < known->count; i++)
        free(known->items[i].path);
    free(known->items);
    free(known->table);
    free(known->order);
    *known = (files_known_t){0};
}

/* FNV-1a: paths are our own, so nobody chooses them to meet. */
static uint32_t path_hash(const char *path)
{
    uint32_t hash = 2166136261U;
    for (; *path != '\0'; path++)
        hash = (hash ^ (uint8_t)*path) * 16777619U;
    return hash;
}

/* Dropped items keep their place in the table, so that a search goes on behind them. */
static uint32_t *table_place(const files_known_t *known, const char *path)
{
    uint32_t at = path_hash(path) & (known->table_size - 1);
    while (known->table[at] != FILES_KNOWN_NONE) {
        const char *other = known->items[known->table[at]].path;
        if (other != NULL && strcmp(other, path) == 0)
            break;
        at = (at + 1) & (known->table_size - 1);
    }
    return &known->table[at];
}

uint32_t files_known_find(const files_known_t *known, const char *path)
{
    return known->table_size == 0 ? FILES_KNOWN_NONE : *table_place(known, path);
}

/* Room for one more; the table is never more than half full. */
static dais_err_t known_grow(files_known_t *known)
{
    if (known->count < known->capacity)
        return DAIS_OK;
    uint32_t capacity = known->capacity == 0 ? CAPACITY_FIRST : known->capacity * 2;
    files_known_item_t *items = realloc(known->items, capacity * sizeof *items);
    if (items == NULL)
        return DAIS_ERR_NO_MEMORY;
    known->items = items;
    uint32_t *table = malloc(sizeof *table * 2 * capacity);
    if (table == NULL)
        return DAIS_ERR_NO_MEMORY;
    memset(table, 0xff, sizeof *table * 2 * capacity);
    free(known->table);
    known->table = table;
    known->table_size = 2 * capacity;
    known->capacity = capacity;
    for (uint32_t i = 0; i < known->count; i++) {
        if (known->items[i].path != NULL)
            *table_place(known, known->items[i].path) = i;
    }
    return DAIS_OK;
}

dais_err_t files_known_put(files_known_t *known, const char *path, const dais_hash_t *hash,
                           uint64_t size, uint32_t *number)
{
    *number = files_known_find(known, path);
    if (*number == FILES_KNOWN_NONE) {
        dais_err_t err = known_grow(known);
        char *copy = err == DAIS_OK ? strdup(path) : NULL;
        if (copy == NULL)
            return err == DAIS_OK ? DAIS_ERR_NO_MEMORY : err;
        *table_place(known, path) = *number = known->count;
        known->items[known->count++] = (files_known_item_t){.path = copy};
        known->is_stale = true;
    }
    files_known_item_t *item = &known->items[*number];
    if (!dais_hash_equal(&item->hash, hash))
        item->mark = (dais_hash_t){{0}};
    item->hash = *hash;
    item->size = size;
    return DAIS_OK;
}

void files_known_drop(files_known_t *known, uint32_t number)
{
    free(known->items[number].path);
    known->items[number].path = NULL;
    known->is_stale = true;
}

void files_known_mark(files_known_t *known, uint32_t number, const dais_hash_t *mark)
{
    known->items[number].mark = *mark;
}

const files_known_item_t *files_known_at(const files_known_t *known, uint32_t number)
{
    assert(number < known->count);
    return &known->items[number];
}

static int compare_paths(const void *a, const void *b, void *context)
{
    const files_known_t *known = context;
    return strcmp(known->items[*(const uint32_t *)a].path, known->items[*(const uint32_t *)b].path);
}

dais_err_t files_known_order(files_known_t *known, const uint32_t **order, size_t *count)
{
    if (known->is_stale) {
        uint32_t *wider = realloc(known->order, (known->count + 1) * sizeof *wider);
        if (wider == NULL)
            return DAIS_ERR_NO_MEMORY;
        known->order = wider;
        known->order_count = 0;
        for (uint32_t i = 0; i < known->count; i++) {
            if (known->items[i].path != NULL)
                known->order[known->order_count++] = i;
        }
        qsort_r(known->order, known->order_count, sizeof *known->order, compare_paths, known);
        known->is_stale = false;
    }
    *order = known->order;
    *count = known->order_count;
    return DAIS_OK;
}
