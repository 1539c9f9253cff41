/* SPDX-License-Identifier: Apache-2.0 */
#include "registry/rules/store_vector.h"

#include <stdlib.h>

/* A chunk is small enough for a state of three organisations to cost little, as the tests make
 * many thousands of those. */
#define CHUNK_ITEMS 64U

void *dais_store_vector_at(const dais_store_vector_t *vector, uint64_t number)
{
    if (number >= vector->count)
        return NULL;
    return vector->chunks[number / CHUNK_ITEMS] + (number % CHUNK_ITEMS) * vector->item_size;
}

static bool vector_grow(dais_store_vector_t *vector)
{
    if (vector->chunk_count == vector->chunk_capacity) {
        size_t capacity = vector->chunk_capacity == 0 ? 4 : vector->chunk_capacity * 2;
        uint8_t **chunks = realloc(vector->chunks, capacity * sizeof *chunks);
        if (chunks == NULL)
            return false;
        vector->chunks = chunks;
        vector->chunk_capacity = capacity;
    }
    uint8_t *chunk = malloc(CHUNK_ITEMS * vector->item_size);
    if (chunk == NULL)
        return false;
    vector->chunks[vector->chunk_count++] = chunk;
    return true;
}

void *dais_store_vector_add(dais_store_vector_t *vector)
{
    if (vector->count == vector->chunk_count * CHUNK_ITEMS && !vector_grow(vector))
        return NULL;
    vector->count++;
    return dais_store_vector_at(vector, vector->count - 1);
}

void dais_store_vector_clear(dais_store_vector_t *vector)
{
    for (size_t i = 0; i < vector->chunk_count; i++)
        free(vector->chunks[i]);
    free((void *)vector->chunks);
    *vector = (dais_store_vector_t){.item_size = vector->item_size};
}
