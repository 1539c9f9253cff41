/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_BROKER_TABLE_H
#define DAIS_BROKER_TABLE_H

#include "base/random.h"

/* Finds things by bytes that peers choose: names of services, routing ids, keys. The hash is keyed,
 * so that nobody can choose them to fall into one bucket. A node is the first member of what it
 * stands for, which owns its memory and the key's. */
typedef struct dais_table_node dais_table_node_t;
struct dais_table_node {
    dais_table_node_t *next;
    dais_slice_t key;
};

#define DAIS_TABLE_BUCKETS 4096

typedef struct {
    dais_table_node_t *buckets[DAIS_TABLE_BUCKETS];
    uint8_t seed[16];
    size_t count;
} dais_table_t;

/* ENTROPY. */
DAIS_MUST_CHECK dais_err_t dais_table_init(dais_table_t *table, const dais_random_t *random);

/* Null if there is none. */
dais_table_node_t *dais_table_find(const dais_table_t *table, dais_slice_t key);

/* The key must not be there yet. */
void dais_table_add(dais_table_t *table, dais_table_node_t *node);
void dais_table_remove(dais_table_t *table, dais_table_node_t *node);

#endif
