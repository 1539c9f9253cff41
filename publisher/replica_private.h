/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_PUBLISHER_REPLICA_PRIVATE_H
#define DAIS_PUBLISHER_REPLICA_PRIVATE_H

#include "publisher/replica.h"

#define REPLICA_LEVELS 63

typedef struct {
    size_t size;
    uint8_t bytes[];
} replica_leaf_t;

typedef struct {
    uint8_t *bytes; /* null for a closed entry */
    size_t size;
    uint32_t turn; /* how often it was opened or replaced */
} replica_opening_t;

/* The complete subtrees of one level. */
typedef struct {
    dais_hash_t *items;
    size_t count, capacity;
} replica_nodes_t;

struct dais_replica {
    dais_vkey_t key;
    dais_fold_t *fold;
    uint64_t size, capacity;
    replica_leaf_t **leaves;
    replica_opening_t *openings;
    bool *dirty; /* by number of the open file: it differs from what is on the disk */
    replica_nodes_t nodes[REPLICA_LEVELS];
    uint8_t *note;
    size_t note_size;
    dais_hash_t root;
    uint64_t published; /* size of the last checkpoint taken */
    uint64_t written;   /* size of the last checkpoint that was written to files */
};

#endif
