/* SPDX-License-Identifier: Apache-2.0 */
#include "registry/pairs.h"

#include <sodium.h>
#include <stdlib.h>

#define PAIRS_COUNT 256

typedef struct {
    dais_key_t key; /* zeros: empty; no device has such a key */
    dais_box_pair_t pair;
} pairs_slot_t;

struct dais_pairs {
    pairs_slot_t slots[PAIRS_COUNT];
};

dais_err_t dais_pairs_create(dais_pairs_t **pairs)
{
    *pairs = calloc(1, sizeof **pairs);
    return *pairs == NULL ? DAIS_ERR_NO_MEMORY : DAIS_OK;
}

void dais_pairs_destroy(dais_pairs_t **pairs)
{
    if (*pairs != NULL)
        sodium_memzero(*pairs, sizeof **pairs);
    free(*pairs);
    *pairs = NULL;
}

dais_err_t dais_pairs_get(dais_pairs_t *pairs, const dais_device_t *registry,
                          const dais_key_t *box_key, const dais_box_pair_t **pair)
{
    pairs_slot_t *slot = &pairs->slots[box_key->bytes[0] % PAIRS_COUNT];
    *pair = &slot->pair;
    if (memcmp(&slot->key, box_key, sizeof *box_key) == 0 &&
        !sodium_is_zero(box_key->bytes, sizeof box_key->bytes))
        return DAIS_OK;
    dais_err_t err = dais_box_pair(registry, box_key, &slot->pair);
    memset(&slot->key, 0, sizeof slot->key);
    if (err == DAIS_OK)
        slot->key = *box_key;
    return err;
}
