/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_RULES_STORE_VECTOR_H
#define DAIS_RULES_STORE_VECTOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Items of one size, numbered from 0, which never move: they lie in chunks, so that growing costs
 * the same at a thousand items as at a million. All zero but for item_size is an empty one. */
typedef struct {
    size_t item_size; /* bytes */
    uint64_t count;
    uint8_t **chunks;
    size_t chunk_count;
    size_t chunk_capacity;
} dais_store_vector_t;

/* Null beyond the last. Lives until the vector is cleared. */
void *dais_store_vector_at(const dais_store_vector_t *vector, uint64_t number);

/* A new item at the end, of undefined content; null if no memory is left. */
void *dais_store_vector_add(dais_store_vector_t *vector);

/* Empty again, with the same size of item. */
void dais_store_vector_clear(dais_store_vector_t *vector);

#endif
