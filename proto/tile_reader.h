/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_PROTO_TILE_READER_H
#define DAIS_PROTO_TILE_READER_H

#include "proto/tile_writer.h"

/* Answers for any complete subtree of a log from its tiles, for proofs. Keeps the tile that it read
 * last of each level: 64 KiB. The tiles are not authenticated here: a proof made of wrong ones does
 * not verify. */
typedef struct {
    uint64_t size; /* leaves of the log that the tiles are of */
    dais_tile_source_t source;
    struct {
        bool held;
        uint64_t index;
        dais_hash_t hashes[DAIS_TILE_WIDTH];
    } levels[DAIS_TILE_LEVELS];
} dais_tile_reader_t;

/* What the source's context points to must outlive the reader. */
void dais_tile_reader_init(dais_tile_reader_t *reader, uint64_t size,
                           const dais_tile_source_t *source);

/* The source for proto/tree.h; borrows the reader. NOT_FOUND for a subtree that reaches beyond the
 * log, else the error of the tile source. */
dais_tree_source_t dais_tile_reader_source(dais_tile_reader_t *reader);

#endif
