/* SPDX-License-Identifier: Apache-2.0
 *
 * Open addressing with linear steps. A slot is a number, 0 for an empty slot, and the key behind
 * it, filled up to eight bytes. At three quarters the table doubles, so that a key is moved about
 * once in its life. */
#include "registry/rules/store_index.h"

#include <assert.h>
#include <sodium.h>
#include <stdlib.h>
#include <sys/mman.h>

#define SLOT_COUNT_MIN 16
#define HUGE_PAGE_SIZE ((size_t)2 << 20) /* bytes */

static size_t index_stride(const dais_store_index_t *index)
{
    return sizeof(uint64_t) + ((index->key_size + 7) & ~(size_t)7);
}

static uint64_t index_number(const uint8_t *slot)
{
    uint64_t number;
    memcpy(&number, slot, sizeof number);
    return number;
}

static void index_fill(const dais_store_index_t *index, uint8_t *slot, const void *key,
                       uint64_t number)
{
    memcpy(slot, &number, sizeof number);
    memcpy(slot + sizeof number, key, index->key_size);
}

/* The slot that has the key, or the empty one that it would take. */
static uint8_t *index_slot(const dais_store_index_t *index, const void *key)
{
    uint64_t hash;
    _Static_assert(sizeof hash == crypto_shorthash_BYTES, "a hash is a number");
    (void)crypto_shorthash((unsigned char *)&hash, key, index->key_size, index->secret);
    for (uint64_t place = hash;; place++) {
        uint8_t *slot = index->slots + (place & (index->slot_count - 1)) * index_stride(index);
        if (index_number(slot) == 0 || memcmp(slot + sizeof hash, key, index->key_size) == 0)
            return slot;
    }
}

/* Slots of zeros. A large table is asked for in huge pages: its places are met at random, and its
 * pages would else be faulted in one by one. Where there are none, nothing but time is lost. */
static uint8_t *index_slots(size_t slot_count, size_t stride)
{
    size_t size = slot_count * stride;
    if (size < HUGE_PAGE_SIZE)
        return calloc(slot_count, stride);
    size = (size + HUGE_PAGE_SIZE - 1) / HUGE_PAGE_SIZE * HUGE_PAGE_SIZE;
    uint8_t *slots = aligned_alloc(HUGE_PAGE_SIZE, size);
    if (slots == NULL)
        return NULL;
    (void)madvise(slots, size, MADV_HUGEPAGE);
    memset(slots, 0, size);
    return slots;
}

static bool index_grow(dais_store_index_t *index)
{
    const dais_store_index_t before = *index;
    uint64_t slot_count = before.slot_count == 0 ? SLOT_COUNT_MIN : before.slot_count * 2;
    uint8_t *slots = index_slots(slot_count, index_stride(index));
    if (slots == NULL)
        return false;
    index->slots = slots;
    index->slot_count = slot_count;
    for (uint64_t i = 0; i < before.slot_count; i++) {
        const uint8_t *slot = before.slots + i * index_stride(index);
        const uint8_t *key = slot + sizeof(uint64_t);
        if (index_number(slot) != 0)
            index_fill(index, index_slot(index, key), key, index_number(slot));
    }
    free(before.slots);
    return true;
}

uint64_t dais_store_index_find(const dais_store_index_t *index, const void *key)
{
    return index->slot_count == 0 ? 0 : index_number(index_slot(index, key));
}

bool dais_store_index_add(dais_store_index_t *index, const void *key, uint64_t number)
{
    assert(number != 0);
    if (index->used_count >= index->slot_count / 4 * 3 && !index_grow(index))
        return false;
    uint8_t *slot = index_slot(index, key);
    index->used_count += index_number(slot) == 0;
    index_fill(index, slot, key, number);
    return true;
}

void dais_store_index_clear(dais_store_index_t *index)
{
    free(index->slots);
    *index = (dais_store_index_t){.key_size = index->key_size, .secret = index->secret};
}
