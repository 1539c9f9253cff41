/* SPDX-License-Identifier: Apache-2.0 */
#include "proto/tile.h"

#include <assert.h>

#include "proto/text.h"

enum {
    LEVEL_BITS = 8,
    GROUP_BASE = 1000, /* three digits of the index in each element of the path */
    GROUP_DIGITS = 3,
};

/* Tiles of this level that begin below 2^63 leaves. */
static uint64_t index_end(unsigned level)
{
    unsigned bits = LEVEL_BITS * (level + 1);
    return bits >= 63 ? 1 : DAIS_TREE_SIZE_MAX >> bits;
}

unsigned dais_tile_width(unsigned level, uint64_t index, uint64_t size)
{
    if (level >= DAIS_TILE_LEVELS)
        return 0;
    uint64_t hashes = size >> (LEVEL_BITS * level);
    uint64_t full = hashes / DAIS_TILE_WIDTH;
    if (index < full)
        return DAIS_TILE_WIDTH;
    return index == full ? (unsigned)(hashes % DAIS_TILE_WIDTH) : 0;
}

static bool tile_ok(const dais_tile_t *tile)
{
    return tile->level < DAIS_TILE_LEVELS && tile->index < index_end(tile->level) &&
           tile->width > 0 && tile->width <= DAIS_TILE_WIDTH &&
           (tile->kind == DAIS_TILE_HASHES || tile->level == 0);
}

static void index_put(dais_writer_t *writer, uint64_t index)
{
    uint64_t unit = 1;
    while (index / unit >= GROUP_BASE)
        unit *= GROUP_BASE;
    for (; unit > 0; unit /= GROUP_BASE) {
        unsigned group = (unsigned)(index / unit % GROUP_BASE);
        char digits[GROUP_DIGITS] = {(char)('0' + group / 100), (char)('0' + group / 10 % 10),
                                     (char)('0' + group % 10)};
        dais_text_put(writer, unit > 1 ? "/x" : "/");
        dais_writer_raw(writer, dais_slice(digits, GROUP_DIGITS));
    }
}

void dais_tile_path_put(const dais_tile_t *tile, char path[DAIS_TILE_PATH_MAX])
{
    assert(tile_ok(tile));
    dais_writer_t writer;
    dais_writer_init(&writer, path, DAIS_TILE_PATH_MAX);
    dais_text_put(&writer, "tile/");
    if (tile->kind == DAIS_TILE_ENTRIES)
        dais_text_put(&writer, "entries");
    else
        dais_text_put_uint(&writer, tile->level);
    index_put(&writer, tile->index);
    if (tile->width < DAIS_TILE_WIDTH) {
        dais_text_put(&writer, ".p/");
        dais_text_put_uint(&writer, tile->width);
    }
    dais_writer_raw(&writer, dais_slice("", 1));
    assert(writer.err == DAIS_OK);
}

/* Takes the three digits of one group. */
static bool group_take(dais_slice_t *rest, uint64_t *group)
{
    if (rest->size < GROUP_DIGITS)
        return false;
    *group = 0;
    for (size_t i = 0; i < GROUP_DIGITS; i++) {
        uint8_t digit = rest->data[i];
        if (digit < '0' || digit > '9')
            return false;
        *group = *group * 10 + (digit - (uint64_t)'0');
    }
    *rest = dais_slice(rest->data + GROUP_DIGITS, rest->size - GROUP_DIGITS);
    return true;
}

/* The groups of the index: all but the last are marked, and the first is not zero if more follow.
 */
static dais_err_t index_take(dais_slice_t *rest, uint64_t end, uint64_t *index)
{
    *index = 0;
    for (bool first = true;; first = false) {
        bool more = dais_text_prefix(rest, "x");
        uint64_t group;
        if (!group_take(rest, &group) || (first && more && group == 0))
            return DAIS_ERR_BAD_TEXT;
        if (*index > (end - 1) / GROUP_BASE)
            return DAIS_ERR_OUT_OF_RANGE;
        *index = *index * GROUP_BASE + group;
        if (!more)
            return *index < end ? DAIS_OK : DAIS_ERR_OUT_OF_RANGE;
        if (!dais_text_prefix(rest, "/"))
            return DAIS_ERR_BAD_TEXT;
    }
}

static dais_err_t level_take(dais_slice_t *rest, dais_tile_t *tile)
{
    if (dais_text_prefix(rest, "entries/")) {
        tile->kind = DAIS_TILE_ENTRIES;
        return DAIS_OK;
    }
    const uint8_t *slash = rest->size == 0 ? NULL : memchr(rest->data, '/', rest->size);
    if (slash == NULL)
        return DAIS_ERR_BAD_TEXT;
    size_t size = (size_t)(slash - rest->data);
    uint64_t level;
    dais_err_t err = dais_text_uint(dais_slice(rest->data, size), DAIS_TILE_LEVELS - 1, &level);
    if (err != DAIS_OK)
        return err;
    tile->level = (unsigned)level;
    *rest = dais_slice(slash + 1, rest->size - size - 1);
    return DAIS_OK;
}

static dais_err_t width_take(dais_slice_t rest, unsigned *width)
{
    *width = DAIS_TILE_WIDTH;
    if (rest.size == 0)
        return DAIS_OK;
    uint64_t number;
    if (!dais_text_prefix(&rest, ".p/") ||
        dais_text_uint(rest, DAIS_TILE_WIDTH - 1, &number) != DAIS_OK || number == 0)
        return DAIS_ERR_BAD_TEXT;
    *width = (unsigned)number;
    return DAIS_OK;
}

dais_err_t dais_tile_path_parse(dais_slice_t path, dais_tile_t *tile)
{
    dais_tile_t found = {.kind = DAIS_TILE_HASHES};
    if (!dais_text_prefix(&path, "tile/"))
        return DAIS_ERR_BAD_TEXT;
    dais_err_t err = level_take(&path, &found);
    if (err == DAIS_OK)
        err = index_take(&path, index_end(found.level), &found.index);
    if (err == DAIS_OK)
        err = width_take(path, &found.width);
    if (err == DAIS_OK)
        *tile = found;
    return err;
}
