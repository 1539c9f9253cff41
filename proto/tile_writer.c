/* SPDX-License-Identifier: Apache-2.0 */
#include "proto/tile_writer.h"

#include <assert.h>

enum { LEVEL_BITS = 8 };

/* Hashes that a level holds and that are not yet in a full tile. */
static unsigned level_width(uint64_t size, unsigned level)
{
    return (unsigned)(size >> (LEVEL_BITS * level)) % DAIS_TILE_WIDTH;
}

static dais_tile_t level_tile(uint64_t size, unsigned level, unsigned width)
{
    uint64_t hashes = size >> (LEVEL_BITS * level);
    return (dais_tile_t){DAIS_TILE_HASHES, level, hashes / DAIS_TILE_WIDTH, width};
}

void dais_tile_writer_init(dais_tile_writer_t *writer)
{
    writer->size = 0;
}

dais_err_t dais_tile_writer_resume(dais_tile_writer_t *writer, uint64_t size,
                                   const dais_tile_source_t *source)
{
    if (size >= DAIS_TREE_SIZE_MAX)
        return DAIS_ERR_OUT_OF_RANGE;
    writer->size = size;
    for (unsigned level = 0; level < DAIS_TILE_LEVELS; level++) {
        unsigned width = level_width(size, level);
        if (width == 0)
            continue;
        dais_tile_t tile = level_tile(size, level, width);
        dais_err_t err = source->read(source->context, &tile, writer->hashes[level]);
        if (err != DAIS_OK)
            return err;
    }
    return DAIS_OK;
}

dais_err_t dais_tile_writer_append(dais_tile_writer_t *writer, const dais_hash_t *leaf,
                                   const dais_tile_sink_t *sink)
{
    assert(writer->size < DAIS_TREE_SIZE_MAX - 1);
    /* Nothing that is written here counts before size does: a failure needs no undoing. */
    dais_hash_t hash = *leaf;
    for (unsigned level = 0;; level++) {
        dais_hash_t *hashes = writer->hashes[level];
        unsigned width = level_width(writer->size, level);
        hashes[width] = hash;
        if (width + 1 < DAIS_TILE_WIDTH)
            break;
        dais_tile_t tile = level_tile(writer->size, level, DAIS_TILE_WIDTH);
        dais_err_t err = sink->tile(sink->context, &tile, dais_slice(hashes, DAIS_TILE_BYTES_MAX));
        if (err != DAIS_OK)
            return err;
        hash = dais_tree_root(hashes, DAIS_TILE_WIDTH);
    }
    writer->size++;
    return DAIS_OK;
}

dais_err_t dais_tile_writer_partials(const dais_tile_writer_t *writer, const dais_tile_sink_t *sink)
{
    for (unsigned level = 0; level < DAIS_TILE_LEVELS; level++) {
        unsigned width = level_width(writer->size, level);
        if (width == 0)
            continue;
        dais_tile_t tile = level_tile(writer->size, level, width);
        dais_slice_t bytes = dais_slice(writer->hashes[level], width * (size_t)DAIS_HASH_SIZE);
        dais_err_t err = sink->tile(sink->context, &tile, bytes);
        if (err != DAIS_OK)
            return err;
    }
    return DAIS_OK;
}

dais_hash_t dais_tile_writer_root(const dais_tile_writer_t *writer)
{
    if (writer->size == 0)
        return dais_tree_empty_root();
    /* A tile of a higher level stands to the left of all that the lower ones hold. */
    dais_hash_t right = {{0}};
    bool begun = false;
    for (unsigned level = 0; level < DAIS_TILE_LEVELS; level++) {
        unsigned width = level_width(writer->size, level);
        dais_hash_t hashes[DAIS_TILE_WIDTH];
        if (width == 0)
            continue;
        memcpy(hashes, writer->hashes[level], width * sizeof(hashes[0]));
        if (begun)
            hashes[width++] = right;
        right = dais_tree_root(hashes, width);
        begun = true;
    }
    return right;
}
