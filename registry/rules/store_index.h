/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_RULES_STORE_INDEX_H
#define DAIS_RULES_STORE_INDEX_H

#include "base/slice.h"
#include "registry/rules/store_vector.h"

/* Keys of one size, each with a number that is not 0; added and found, never deleted. All zero but
 * for key_size and secret is an empty one. */
typedef struct {
    size_t key_size; /* bytes */
    /* Ids are chosen by whoever sends them: a hash that nobody can foretell keeps a sender from
     * making all of them fall into one place. Nothing is ever read out in the order of places, so
     * it makes no difference to any result. */
    const uint8_t *secret; /* of crypto_shorthash(); borrowed */
    uint64_t *slots;
    uint64_t slot_count; /* a power of two, or 0 */
    dais_store_vector_t items;
} dais_store_index_t;

/* 0 if the key is not there. */
uint64_t dais_store_index_find(const dais_store_index_t *index, const void *key);

/* A key that is there gets the new number. False if no memory is left. */
bool dais_store_index_add(dais_store_index_t *index, const void *key, uint64_t number);

void dais_store_index_clear(dais_store_index_t *index);

#endif
