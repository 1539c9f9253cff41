/* SPDX-License-Identifier: Apache-2.0
 *
 * A ring of bundles by age, and an index into it by hash: open addressing with linear probing, at
 * most half full, where a removal moves later ones of its run up so that no marks are left. Hashes
 * are SHA-256 of signed bytes; a peer that seeks collisions in their first bytes must sign for each
 * try and gains longer runs, not a wrong answer. */
#include "intake/known.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
    dais_hash_t bundle;
    dais_known_place_t place;
} known_row_t;

struct dais_known {
    known_row_t *rows; /* ring */
    uint32_t *slots;   /* row + 1; 0 is empty */
    uint32_t row_max;
    uint32_t slot_count; /* a power of two */
    uint32_t first;      /* oldest row */
    uint32_t count;
};

dais_err_t dais_known_new(uint32_t count_max, dais_known_t **out)
{
    assert(count_max > 0 && count_max <= UINT32_MAX / 4);
    *out = NULL;
    dais_known_t *known = (dais_known_t *)calloc(1, sizeof *known);
    if (known == NULL)
        return DAIS_ERR_NO_MEMORY;
    known->row_max = count_max;
    known->slot_count = 2;
    while (known->slot_count < 2 * count_max)
        known->slot_count *= 2;
    known->rows = (known_row_t *)calloc(count_max, sizeof *known->rows);
    known->slots = (uint32_t *)calloc(known->slot_count, sizeof *known->slots);
    if (known->rows == NULL || known->slots == NULL) {
        dais_known_free(&known);
        return DAIS_ERR_NO_MEMORY;
    }
    *out = known;
    return DAIS_OK;
}

void dais_known_free(dais_known_t **known)
{
    if (*known == NULL)
        return;
    free((*known)->rows);
    free((*known)->slots);
    free(*known);
    *known = NULL;
}

static uint32_t known_home(const dais_known_t *known, const dais_hash_t *bundle)
{
    uint32_t word;
    memcpy(&word, bundle->bytes, sizeof word);
    return word & (known->slot_count - 1);
}

/* The slot of the bundle, or the empty one where it would go. */
static uint32_t known_slot(const dais_known_t *known, const dais_hash_t *bundle)
{
    uint32_t slot = known_home(known, bundle);
    while (known->slots[slot] != 0 &&
           !dais_hash_equal(&known->rows[known->slots[slot] - 1].bundle, bundle))
        slot = (slot + 1) & (known->slot_count - 1);
    return slot;
}

bool dais_known_find(const dais_known_t *known, const dais_hash_t *bundle,
                     dais_known_place_t *place)
{
    uint32_t row = known->slots[known_slot(known, bundle)];
    if (row == 0)
        return false;
    *place = known->rows[row - 1].place;
    return true;
}

/* Empties a slot and moves up whatever would no longer be found behind it. */
static void known_clear(dais_known_t *known, uint32_t hole)
{
    uint32_t mask = known->slot_count - 1;
    for (uint32_t slot = (hole + 1) & mask; known->slots[slot] != 0; slot = (slot + 1) & mask) {
        uint32_t home = known_home(known, &known->rows[known->slots[slot] - 1].bundle);
        if (((slot - home) & mask) < ((slot - hole) & mask))
            continue; /* between the hole and itself: found without the hole */
        known->slots[hole] = known->slots[slot];
        hole = slot;
    }
    known->slots[hole] = 0;
}

/* The row may have been forgotten, and its bundle added anew in another row. */
static void known_remove(dais_known_t *known, uint32_t row)
{
    uint32_t slot = known_slot(known, &known->rows[row].bundle);
    if (known->slots[slot] == row + 1)
        known_clear(known, slot);
}

void dais_known_forget(dais_known_t *known, const dais_hash_t *bundle)
{
    uint32_t slot = known_slot(known, bundle);
    if (known->slots[slot] != 0)
        known_clear(known, slot);
}

void dais_known_add(dais_known_t *known, const dais_hash_t *bundle, dais_known_place_t place)
{
    assert(known->slots[known_slot(known, bundle)] == 0);
    if (known->count == known->row_max) {
        known_remove(known, known->first);
        known->first = (known->first + 1) % known->row_max;
        known->count--;
    }
    uint32_t row = (known->first + known->count) % known->row_max;
    known->rows[row] = (known_row_t){.bundle = *bundle, .place = place};
    known->slots[known_slot(known, bundle)] = row + 1;
    known->count++;
}

void dais_known_take_back(dais_known_t *known, uint32_t count)
{
    assert(count <= known->count);
    for (uint32_t i = 0; i < count; i++) {
        known->count--;
        known_remove(known, (known->first + known->count) % known->row_max);
    }
}
