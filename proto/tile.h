/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_PROTO_TILE_H
#define DAIS_PROTO_TILE_H

#include "base/err.h"
#include "base/hash.h"
#include "base/slice.h"
#include "proto/tree.h"

/* The names of the files that C2SP tlog-tiles publishes a log as. A tile holds up to 256 hashes of
 * every eighth level of the tree; an entry bundle holds the leaves under one tile of level 0. */

#define DAIS_TILE_WIDTH     256 /* hashes of a full tile */
#define DAIS_TILE_BYTES_MAX ((size_t)DAIS_TILE_WIDTH * DAIS_HASH_SIZE)
#define DAIS_TILE_LEVELS    8  /* reach DAIS_TREE_SIZE_MAX leaves; the top one is never full */
#define DAIS_TILE_PATH_MAX  56 /* bytes, terminator included */

typedef enum {
    DAIS_TILE_HASHES,
    DAIS_TILE_ENTRIES,
} dais_tile_kind_t;

typedef struct {
    dais_tile_kind_t kind;
    unsigned level; /* below DAIS_TILE_LEVELS; 0 for entries */
    uint64_t index; /* of the tile in its level */
    unsigned width; /* 1 to 256; 256 is a full tile */
} dais_tile_t;

/* How many hashes tile `index` of `level` has in a tree of `size` leaves; 0 if there is no such
 * tile. Holds for entry bundles too, at level 0. */
unsigned dais_tile_width(unsigned level, uint64_t index, uint64_t size);

/* Writes the terminated path from the log's prefix on, as in "tile/0/x001/x234/067.p/112" and
 * "tile/entries/000". */
void dais_tile_path_put(const dais_tile_t *tile, char path[DAIS_TILE_PATH_MAX]);

/* Accepts only what dais_tile_path_put() writes. BAD_TEXT, or OUT_OF_RANGE for a tile that would
 * lie beyond 2^63 leaves. */
dais_err_t dais_tile_path_parse(dais_slice_t path, dais_tile_t *tile) DAIS_MUST_CHECK;

#endif
