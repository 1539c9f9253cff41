/* SPDX-License-Identifier: Apache-2.0
 *
 * Open addressing with linear steps. A slot is 8 bytes: where the item is, counted from 1, and a
 * part of the hash of its key; 0 is an empty slot. The items lie one behind the other in the order
 * in which they came: the hash, the number, the key. So the table that is met at random is small
 * enough for a processor's cache at a million keys, most of what is not there is told by it alone,
 * and what came lately lies together. At three quarters the table doubles, by the hashes that are
 * kept. */
#include "registry/rules/store_index.h"

#include <assert.h>
#include <sodium.h>
#include <stdlib.h>

#define SLOT_COUNT_MIN 16
#define PLACE_BITS     40 /* of a slot; the rest is of the hash */
#define PLACE_MASK     (((uint64_t)1 << PLACE_BITS) - 1)

typedef struct {
    uint64_t hash;
    uint64_t number;
    uint8_t key[]; /* filled up to 8 bytes */
} index_item_t;

static uint64_t index_hash(const dais_store_index_t *index, const void *key)
{
    uint64_t hash;
    _Static_assert(sizeof hash == crypto_shorthash_BYTES, "a hash is a number");
    (void)crypto_shorthash((unsigned char *)&hash, key, index->key_size, index->secret);
    return hash;
}

static index_item_t *index_item(const dais_store_index_t *index, uint64_t slot)
{
    return dais_store_vector_at(&index->items, (slot & PLACE_MASK) - 1);
}

/* The slot that has the key, or the empty one that it would take. The place is by the low bits of
 * the hash, the part in the slot its high ones. */
static uint64_t *index_slot(const dais_store_index_t *index, const void *key, uint64_t hash)
{
    for (uint64_t place = hash;; place++) {
        uint64_t *slot = &index->slots[place & (index->slot_count - 1)];
        if (*slot == 0)
            return slot;
        if (((*slot ^ hash) & ~PLACE_MASK) == 0 &&
            memcmp(index_item(index, *slot)->key, key, index->key_size) == 0)
            return slot;
    }
}

static bool index_grow(dais_store_index_t *index)
{
    uint64_t slot_count = index->slot_count == 0 ? SLOT_COUNT_MIN : index->slot_count * 2;
    uint64_t *slots = calloc((size_t)slot_count, sizeof *slots);
    if (slots == NULL)
        return false;
    free(index->slots);
    index->slots = slots;
    index->slot_count = slot_count;
    for (uint64_t i = 0; i < index->items.count; i++) {
        const index_item_t *item = dais_store_vector_at(&index->items, i);
        uint64_t place = item->hash;
        while (slots[place & (slot_count - 1)] != 0)
            place++;
        slots[place & (slot_count - 1)] = (item->hash & ~PLACE_MASK) | (i + 1);
    }
    return true;
}

uint64_t dais_store_index_find(const dais_store_index_t *index, const void *key)
{
    if (index->slot_count == 0)
        return 0;
    uint64_t slot = *index_slot(index, key, index_hash(index, key));
    return slot == 0 ? 0 : index_item(index, slot)->number;
}

static bool index_append(dais_store_index_t *index, const void *key, uint64_t hash, uint64_t number)
{
    index->items.item_size = sizeof(index_item_t) + ((index->key_size + 7) & ~(size_t)7);
    index_item_t *item = dais_store_vector_add(&index->items);
    if (item == NULL)
        return false;
    item->hash = hash;
    item->number = number;
    memcpy(item->key, key, index->key_size);
    return true;
}

bool dais_store_index_add(dais_store_index_t *index, const void *key, uint64_t number)
{
    assert(number != 0);
    if (index->items.count >= index->slot_count / 4 * 3 && !index_grow(index))
        return false;
    uint64_t hash = index_hash(index, key);
    uint64_t *slot = index_slot(index, key, hash);
    if (*slot != 0) {
        index_item(index, *slot)->number = number;
        return true;
    }
    if (!index_append(index, key, hash, number))
        return false;
    *slot = (hash & ~PLACE_MASK) | index->items.count;
    return true;
}

void dais_store_index_clear(dais_store_index_t *index)
{
    free(index->slots);
    dais_store_vector_clear(&index->items);
    *index = (dais_store_index_t){.key_size = index->key_size, .secret = index->secret};
}
