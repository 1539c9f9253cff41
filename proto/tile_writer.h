/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_PROTO_TILE_WRITER_H
#define DAIS_PROTO_TILE_WRITER_H

#include "proto/tile.h"

/* Makes the tiles of a growing log. Holds the hashes that are not yet in a full tile: 64 KiB. */
typedef struct {
    uint64_t size; /* leaves, at most 2^63 - 1 */
    dais_hash_t hashes[DAIS_TILE_LEVELS][DAIS_TILE_WIDTH];
} dais_tile_writer_t;

/* Where finished tiles go. `bytes` is the content of the file, tile->width hashes one after the
 * other, and lives for the call. */
typedef struct {
    dais_err_t (*tile)(void *context, const dais_tile_t *tile, dais_slice_t bytes);
    void *context;
} dais_tile_sink_t;

/* Where the tiles of a log come from. Fills exactly tile->width hashes: where a partial tile is
 * gone because the full one exists, from the start of that. */
typedef struct {
    dais_err_t (*read)(void *context, const dais_tile_t *tile, dais_hash_t *out);
    void *context;
} dais_tile_source_t;

void dais_tile_writer_init(dais_tile_writer_t *writer);

/* Takes up a log of `size` leaves from its partial tiles. OUT_OF_RANGE from 2^63 leaves up, else
 * the error of the source; the writer is then unusable. What the source says is believed: the
 * caller compares the root with that of a checkpoint (dais_tile_writer_root). */
dais_err_t dais_tile_writer_resume(dais_tile_writer_t *writer, uint64_t size,
                                   const dais_tile_source_t *source) DAIS_MUST_CHECK;

/* Appends a leaf hash. Each tile that it completes goes to the sink, the lower level first. On an
 * error of the sink, which is passed on, the leaf is not appended; the same call may be made again,
 * and then repeats the tiles. */
dais_err_t dais_tile_writer_append(dais_tile_writer_t *writer, const dais_hash_t *leaf,
                                   const dais_tile_sink_t *sink) DAIS_MUST_CHECK;

/* Hands the sink every partial tile of the present size, the lowest level first: with the full
 * tiles so far, all that a checkpoint of this size needs. */
dais_err_t dais_tile_writer_partials(const dais_tile_writer_t *writer,
                                     const dais_tile_sink_t *sink) DAIS_MUST_CHECK;

dais_hash_t dais_tile_writer_root(const dais_tile_writer_t *writer);

#endif
