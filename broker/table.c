/* SPDX-License-Identifier: Apache-2.0 */
#include "broker/table.h"

#include <assert.h>
#include <sodium.h>

_Static_assert(sizeof(((dais_table_t *)0)->seed) == crypto_shorthash_KEYBYTES, "SipHash's key");

dais_err_t dais_table_init(dais_table_t *table, const dais_random_t *random)
{
    memset(table, 0, sizeof(*table));
    return dais_random_fill(random, table->seed, sizeof(table->seed));
}

static size_t table_bucket(const dais_table_t *table, dais_slice_t key)
{
    uint64_t hash = 0;
    static const uint8_t nothing[1];
    const uint8_t *bytes = key.size == 0 ? nothing : key.data;
    (void)crypto_shorthash((unsigned char *)&hash, bytes, key.size, table->seed);
    return hash % DAIS_TABLE_BUCKETS;
}

dais_table_node_t *dais_table_find(const dais_table_t *table, dais_slice_t key)
{
    dais_table_node_t *node = table->buckets[table_bucket(table, key)];
    while (node != NULL && !dais_slice_equal(node->key, key))
        node = node->next;
    return node;
}

void dais_table_add(dais_table_t *table, dais_table_node_t *node)
{
    assert(dais_table_find(table, node->key) == NULL);
    dais_table_node_t **bucket = &table->buckets[table_bucket(table, node->key)];
    node->next = *bucket;
    *bucket = node;
    table->count++;
}

void dais_table_remove(dais_table_t *table, dais_table_node_t *node)
{
    dais_table_node_t **link = &table->buckets[table_bucket(table, node->key)];
    while (*link != node) {
        assert(*link != NULL);
        link = &(*link)->next;
    }
    *link = node->next;
    table->count--;
}
