/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_BASE_ARENA_H
#define DAIS_BASE_ARENA_H

#include "base/err.h"
#include "base/slice.h"

/* Memory that is given back all at once. Sticky: after NO_MEMORY every further call gives null, so
 * that a step is a straight list of calls with one look at err at its end. {0} is empty. */
typedef struct dais_arena_chunk dais_arena_chunk_t;

typedef struct {
    dais_arena_chunk_t *chunks; /* the newest first */
    dais_err_t err;
} dais_arena_t;

/* Everything that was taken is gone; the arena can be used again. */
void dais_arena_free(dais_arena_t *arena);

/* Zeros, aligned for any type. Null after a failure. */
void *dais_arena_take(dais_arena_t *arena, size_t size);

/* A copy of the bytes; empty after a failure, and of empty bytes. */
dais_slice_t dais_arena_copy(dais_arena_t *arena, dais_slice_t bytes);

/* A list whose items lie in an arena: any struct that begins with these three. Growing it moves
 * the items, so pointers to them hold until the next one is added. */
#define DAIS_ARENA_LIST(type)                                                                      \
    struct {                                                                                       \
        type *items;                                                                               \
        size_t count;                                                                              \
        size_t capacity;                                                                           \
    }

/* A further item of `list`, zeros; null after a failure. */
#define DAIS_ARENA_ADD(arena, list)                                                                \
    (dais_arena_more((arena), (void **)&(list)->items, &(list)->capacity, (list)->count,           \
                     sizeof *(list)->items)                                                        \
         ? &(list)->items[(list)->count++]                                                         \
         : NULL)

/* Room for one item more than count. For DAIS_ARENA_ADD. */
bool dais_arena_more(dais_arena_t *arena, void **items, size_t *capacity, size_t count,
                     size_t item_size);

#endif
