/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_INTAKE_KNOWN_H
#define DAIS_INTAKE_KNOWN_H

#include "base/err.h"
#include "base/hash.h"

/* Which bundles were stamped lately, and where: bounded, the oldest are forgotten first. Whoever
 * sends a bundle again gets its first stamp while it is known; a second stamp does no harm, as the
 * registry counts the first. */
typedef struct dais_known dais_known_t;

typedef struct {
    uint32_t number; /* of the cycle */
    uint32_t index;  /* under the stamp */
    uint64_t j;
} dais_known_place_t;

/* All memory is reserved here: about 60 bytes a bundle. NO_MEMORY. */
DAIS_MUST_CHECK dais_err_t dais_known_new(uint32_t count_max, dais_known_t **known);
void dais_known_free(dais_known_t **known);

/* The bundle must not be known (asserted). */
void dais_known_add(dais_known_t *known, const dais_hash_t *bundle, dais_known_place_t place);
bool dais_known_find(const dais_known_t *known, const dais_hash_t *bundle,
                     dais_known_place_t *place);

/* Of a bundle whose stamp is no longer kept. Harmless on one that is not known. */
void dais_known_forget(dais_known_t *known, const dais_hash_t *bundle);

/* Takes back the newest `count` that were added: their commit failed. */
void dais_known_take_back(dais_known_t *known, uint32_t count);

#endif
