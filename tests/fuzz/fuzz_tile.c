/* SPDX-License-Identifier: Apache-2.0
 *
 * Names of tiles, and entry bundles: a name that is accepted is the one that its tile is written
 * as; the leaves of an accepted bundle make up the same bundle.
 *
 * Input: a name, which opens with "tile"; or the width of an entry bundle less one, and its bytes.
 */
#include "proto/entry_bundle.h"
#include "proto/tile.h"
#include "tests/fuzz/fuzz.h"

static bool check_path(dais_slice_t bytes)
{
    dais_tile_t tile;
    char path[DAIS_TILE_PATH_MAX];
    dais_err_t err = dais_tile_path_parse(bytes, &tile);
    assert(err == DAIS_OK || err == DAIS_ERR_BAD_TEXT || err == DAIS_ERR_OUT_OF_RANGE);
    if (err != DAIS_OK)
        return false;
    dais_tile_path_put(&tile, path);
    assert(dais_slice_equal(dais_slice_text(path), bytes));
    assert(dais_tile_path_parse(fuzz_flipped(bytes, 0, bytes.size), &tile) != DAIS_OK ||
           (dais_tile_path_put(&tile, path), !dais_slice_equal(dais_slice_text(path), bytes)));
    return true;
}

/* The widths of all tiles of a level add up to the hashes that it has. */
static void check_widths(dais_slice_t bytes)
{
    uint64_t size = 0;
    memcpy(&size, bytes.data, bytes.size < 3 ? bytes.size : 3);
    for (unsigned level = 0; level <= DAIS_TILE_LEVELS; level++) {
        uint64_t hashes = level == DAIS_TILE_LEVELS ? 0 : size >> (8 * level);
        uint64_t full = hashes / DAIS_TILE_WIDTH;
        assert(full == 0 || dais_tile_width(level, full - 1, size) == DAIS_TILE_WIDTH);
        assert(dais_tile_width(level, full, size) == hashes % DAIS_TILE_WIDTH);
        assert(dais_tile_width(level, full + 1, size) == 0);
    }
}

static void check_entries(dais_slice_t bytes, unsigned width)
{
    dais_entry_bundle_t bundle;
    dais_slice_t leaf;
    unsigned count = 0;
    dais_writer_t writer = fuzz_writer(0);
    dais_entry_bundle_init(&bundle, bytes, width);
    for (; dais_entry_bundle_next(&bundle, &leaf); count++) {
        dais_err_t err = dais_entry_bundle_put(&writer, leaf);
        assert(err == DAIS_OK);
    }
    dais_fault_t fault = dais_entry_bundle_finish(&bundle);
    fuzz_check_fault(fault, bytes);
    assert(!dais_entry_bundle_next(&bundle, &leaf));
    assert(dais_slice_equal(dais_slice(writer.buffer, writer.size),
                            dais_slice(bytes.data, writer.size)));
    if (fault.err == DAIS_OK)
        assert(count == width && writer.size == bytes.size);
    /* Stopped before its end, a bundle is not whole. */
    dais_entry_bundle_init(&bundle, bytes, width);
    assert(dais_entry_bundle_finish(&bundle).err == DAIS_ERR_TRUNCATED);
    /* What is longer than two bytes can say is no leaf. */
    writer = fuzz_writer(0);
    dais_slice_t long_leaf = dais_slice(bytes.data, (size_t)1 << 16);
    assert(dais_entry_bundle_put(&writer, long_leaf) == DAIS_ERR_TOO_LONG && writer.size == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    dais_slice_t bytes = fuzz_input(data, size);
    bool is_path = check_path(bytes);
    check_widths(bytes);
    if (!is_path && bytes.size > 0)
        check_entries(dais_slice(bytes.data + 1, bytes.size - 1), 1U + bytes.data[0]);
    return 0;
}
