/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_REGISTRY_PAIRS_H
#define DAIS_REGISTRY_PAIRS_H

#include "proto/box.h"

/* What the registry's box key and those who asked last share, so that it is not worked out for
 * every answer. Of two askers that meet in a slot the later one stays. */
typedef struct dais_pairs dais_pairs_t;

DAIS_MUST_CHECK dais_err_t dais_pairs_create(dais_pairs_t **pairs);
void dais_pairs_destroy(dais_pairs_t **pairs); /* wipes them */

/* The pair of this registry and this key; it lives until the next call. BAD_KEY. */
DAIS_MUST_CHECK dais_err_t dais_pairs_get(dais_pairs_t *pairs, const dais_device_t *registry,
                                          const dais_key_t *box_key, const dais_box_pair_t **pair);

#endif
