/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_TESTS_PROPERTY_STORE_FLAT_H
#define DAIS_TESTS_PROPERTY_STORE_FLAT_H

#include "registry/rules/store.h"

/* A third back of the rules' store, as plain as can be: arrays that are searched from the front,
 * and that can be copied. A search tries many ways on from one state, which the backs of the
 * product need not be able to do. Aborts where there is no memory. */
dais_rules_store_t *store_flat_create(void);
void store_flat_destroy(dais_rules_store_t *store);

/* `to` becomes the same as `from`. */
void store_flat_copy(dais_rules_store_t *to, const dais_rules_store_t *from);

#endif
