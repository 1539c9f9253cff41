/* SPDX-License-Identifier: Apache-2.0 */
#include "proto/tile_reader.h"

enum { LEVEL_BITS = 8 };

void dais_tile_reader_init(dais_tile_reader_t *reader, uint64_t size,
                           const dais_tile_source_t *source)
{
    reader->size = size;
    reader->source = *source;
    for (unsigned level = 0; level < DAIS_TILE_LEVELS; level++)
        reader->levels[level].held = false;
}

/* The hashes of one tile, read if it is not the one held. */
static dais_err_t tile_get(dais_tile_reader_t *reader, unsigned level, uint64_t index,
                           const dais_hash_t **hashes)
{
    *hashes = reader->levels[level].hashes;
    if (reader->levels[level].held && reader->levels[level].index == index)
        return DAIS_OK;
    unsigned width = dais_tile_width(level, index, reader->size);
    dais_tile_t tile = {DAIS_TILE_HASHES, level, index, width};
    reader->levels[level].held = false;
    dais_err_t err =
        reader->source.read(reader->source.context, &tile, reader->levels[level].hashes);
    if (err != DAIS_OK)
        return err;
    reader->levels[level].held = true;
    reader->levels[level].index = index;
    return DAIS_OK;
}

static dais_err_t reader_hash(void *context, unsigned level, uint64_t index, dais_hash_t *out)
{
    dais_tile_reader_t *reader = context;
    if (level >= 64 || index >= reader->size >> level)
        return DAIS_ERR_NOT_FOUND;
    /* The subtree is the root over 2^within neighbours in one tile. */
    unsigned within = level % LEVEL_BITS;
    uint64_t first = index << within;
    const dais_hash_t *hashes;
    dais_err_t err = tile_get(reader, level / LEVEL_BITS, first / DAIS_TILE_WIDTH, &hashes);
    if (err == DAIS_OK)
        *out = dais_tree_root(hashes + first % DAIS_TILE_WIDTH, (size_t)1 << within);
    return err;
}

dais_tree_source_t dais_tile_reader_source(dais_tile_reader_t *reader)
{
    return (dais_tree_source_t){.hash = reader_hash, .context = reader};
}
