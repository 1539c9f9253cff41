/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_RULES_STORE_ORDER_H
#define DAIS_RULES_STORE_ORDER_H

#include "registry/rules/store.h"

/* Keys of four numbers in their order, each with the slot of its row: a B-tree in memory. All zero
 * is an empty one. */
typedef struct dais_store_order_node dais_store_order_node_t;

typedef struct {
    dais_store_order_node_t *root;
    unsigned height;               /* levels above the leaves */
    dais_store_order_node_t *last; /* the leaf that was met last: the next key is often there */
    bool has_gaps;                 /* something was removed; then no leaf is known to begin where
                                      its parent says, and `last` is not asked */
} dais_store_order_t;

/* The slot of the key, to be read or changed before anything else is done with the tree; null if
 * the key is not there. */
uint64_t *dais_store_order_find(dais_store_order_t *order, const dais_row_key_t *key);

/* The lowest key that is not below *key, into *key; false if there is none. */
bool dais_store_order_seek(dais_store_order_t *order, dais_row_key_t *key, uint64_t *slot);

/* The key must not be there. False, and nothing changed in what is found, if no memory is left. */
bool dais_store_order_insert(dais_store_order_t *order, const dais_row_key_t *key, uint64_t slot);

/* False if the key was not there; else *slot is free. */
bool dais_store_order_remove(dais_store_order_t *order, const dais_row_key_t *key, uint64_t *slot);

void dais_store_order_clear(dais_store_order_t *order);

#endif
