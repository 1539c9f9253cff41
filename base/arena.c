/* SPDX-License-Identifier: Apache-2.0 */
#include "base/arena.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

enum { CHUNK_SIZE = 64 * 1024, CAPACITY_FIRST = 8 };

struct dais_arena_chunk {
    dais_arena_chunk_t *next;
    size_t used;
    size_t size; /* of bytes */
    _Alignas(max_align_t) uint8_t bytes[];
};

void dais_arena_free(dais_arena_t *arena)
{
    for (dais_arena_chunk_t *chunk = arena->chunks; chunk != NULL;) {
        dais_arena_chunk_t *next = chunk->next;
        free(chunk);
        chunk = next;
    }
    *arena = (dais_arena_t){0};
}

/* Something large gets a chunk of its own, behind the one that is being filled. */
static dais_arena_chunk_t *arena_grow(dais_arena_t *arena, size_t size)
{
    size_t room = size > CHUNK_SIZE / 4 ? size : CHUNK_SIZE;
    dais_arena_chunk_t *chunk = calloc(1, sizeof *chunk + room);
    if (chunk == NULL) {
        arena->err = DAIS_ERR_NO_MEMORY;
        return NULL;
    }
    chunk->size = room;
    if (room == size && arena->chunks != NULL) {
        chunk->next = arena->chunks->next;
        arena->chunks->next = chunk;
    } else {
        chunk->next = arena->chunks;
        arena->chunks = chunk;
    }
    return chunk;
}

void *dais_arena_take(dais_arena_t *arena, size_t size)
{
    if (arena->err != DAIS_OK)
        return NULL;
    if (size > SIZE_MAX / 2) {
        arena->err = DAIS_ERR_NO_MEMORY;
        return NULL;
    }
    size_t need =
        (size + _Alignof(max_align_t) - 1) / _Alignof(max_align_t) * _Alignof(max_align_t);
    dais_arena_chunk_t *chunk = arena->chunks;
    if (chunk == NULL || chunk->size - chunk->used < need)
        chunk = arena_grow(arena, need);
    if (chunk == NULL)
        return NULL;
    void *bytes = chunk->bytes + chunk->used;
    chunk->used += need;
    return bytes;
}

dais_slice_t dais_arena_copy(dais_arena_t *arena, dais_slice_t bytes)
{
    uint8_t *copy = bytes.size == 0 ? NULL : dais_arena_take(arena, bytes.size);
    if (copy == NULL)
        return dais_slice(NULL, 0);
    memcpy(copy, bytes.data, bytes.size);
    return dais_slice(copy, bytes.size);
}

bool dais_arena_more(dais_arena_t *arena, void **items, size_t *capacity, size_t count,
                     size_t item_size)
{
    if (count < *capacity)
        return arena->err == DAIS_OK;
    size_t wider = *capacity == 0 ? CAPACITY_FIRST : *capacity * 2;
    if (wider > SIZE_MAX / 2 / item_size) {
        arena->err = DAIS_ERR_NO_MEMORY;
        return false;
    }
    void *fresh = dais_arena_take(arena, wider * item_size);
    if (fresh == NULL)
        return false;
    if (count > 0)
        memcpy(fresh, *items, count * item_size);
    *items = fresh;
    *capacity = wider;
    return true;
}
