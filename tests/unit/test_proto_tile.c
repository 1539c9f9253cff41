/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "proto/tile.h"
#include "tree_reference.h"

static dais_err_t parse(const char *path, dais_tile_t *tile)
{
    return dais_tile_path_parse(dais_slice_text(path), tile);
}

/* Goal: paths are those of the specification, both ways. Method: its examples, and the ends of each
 * range: the last tile of each level below 2^63 leaves. */
static void test_known_paths(void **state)
{
    (void)state;
    static const struct {
        dais_tile_t tile;
        const char *path;
    } cases[] = {
        {{DAIS_TILE_HASHES, 0, 0, 256}, "tile/0/000"},
        {{DAIS_TILE_HASHES, 0, 0, 1}, "tile/0/000.p/1"},
        {{DAIS_TILE_HASHES, 0, 999, 255}, "tile/0/999.p/255"},
        {{DAIS_TILE_HASHES, 0, 1000, 256}, "tile/0/x001/000"},
        {{DAIS_TILE_HASHES, 0, 1234067, 112}, "tile/0/x001/x234/067.p/112"},
        {{DAIS_TILE_HASHES, 0, 1000000, 10}, "tile/0/x001/x000/000.p/10"},
        {{DAIS_TILE_ENTRIES, 0, 1234067, 256}, "tile/entries/x001/x234/067"},
        {{DAIS_TILE_ENTRIES, 0, 36028797018963967, 255},
         "tile/entries/x036/x028/x797/x018/x963/967.p/255"},
        {{DAIS_TILE_HASHES, 1, 140737488355327, 256}, "tile/1/x140/x737/x488/x355/327"},
        {{DAIS_TILE_HASHES, 6, 127, 256}, "tile/6/127"},
        {{DAIS_TILE_HASHES, 7, 0, 127}, "tile/7/000.p/127"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        char path[DAIS_TILE_PATH_MAX];
        dais_tile_t tile;
        dais_tile_path_put(&cases[i].tile, path);
        assert_string_equal(path, cases[i].path);
        assert_int_equal(parse(path, &tile), DAIS_OK);
        assert_int_equal(tile.kind, cases[i].tile.kind);
        assert_int_equal(tile.level, cases[i].tile.level);
        assert_int_equal(tile.index, cases[i].tile.index);
        assert_int_equal(tile.width, cases[i].tile.width);
    }
}

/* Goal: a tile has one path. Method: one path for each way to write it otherwise, or to write
 * nothing that can be. */
static void test_other_paths_are_refused(void **state)
{
    (void)state;
    static const struct {
        const char *path;
        dais_err_t err;
    } cases[] = {
        {"", DAIS_ERR_BAD_TEXT},
        {"tile", DAIS_ERR_BAD_TEXT},
        {"tile/", DAIS_ERR_BAD_TEXT},
        {"/tile/0/000", DAIS_ERR_BAD_TEXT},
        {"tile/0", DAIS_ERR_BAD_TEXT},
        {"tile/0/", DAIS_ERR_BAD_TEXT},
        {"tile//000", DAIS_ERR_BAD_TEXT},
        {"tile/00/000", DAIS_ERR_BAD_TEXT},
        {"tile/-1/000", DAIS_ERR_BAD_TEXT},
        {"tile/data/000", DAIS_ERR_BAD_TEXT},
        {"tile/entries000", DAIS_ERR_BAD_TEXT},
        {"tile/8/000", DAIS_ERR_OUT_OF_RANGE},
        {"tile/64/000", DAIS_ERR_OUT_OF_RANGE},
        {"tile/0/0", DAIS_ERR_BAD_TEXT},
        {"tile/0/00", DAIS_ERR_BAD_TEXT},
        {"tile/0/0000", DAIS_ERR_BAD_TEXT},
        {"tile/0/00a", DAIS_ERR_BAD_TEXT},
        {"tile/0/00/", DAIS_ERR_BAD_TEXT},
        {"tile/0/000/", DAIS_ERR_BAD_TEXT},
        {"tile/0/x000/000", DAIS_ERR_BAD_TEXT},
        {"tile/0/x001", DAIS_ERR_BAD_TEXT},
        {"tile/0/x001/", DAIS_ERR_BAD_TEXT},
        {"tile/0/x001/x002", DAIS_ERR_BAD_TEXT},
        {"tile/0/001/002", DAIS_ERR_BAD_TEXT},
        {"tile/0/X001/002", DAIS_ERR_BAD_TEXT},
        {"tile/0/000.p", DAIS_ERR_BAD_TEXT},
        {"tile/0/000.p/", DAIS_ERR_BAD_TEXT},
        {"tile/0/000.p/0", DAIS_ERR_BAD_TEXT},
        {"tile/0/000.p/01", DAIS_ERR_BAD_TEXT},
        {"tile/0/000.p/256", DAIS_ERR_BAD_TEXT},
        {"tile/0/000.p/1/", DAIS_ERR_BAD_TEXT},
        {"tile/0/000.q/1", DAIS_ERR_BAD_TEXT},
        {"tile/entries/x036/x028/x797/x018/x963/968", DAIS_ERR_OUT_OF_RANGE},
        {"tile/0/x036/x028/x797/x018/x964/000", DAIS_ERR_OUT_OF_RANGE},
        {"tile/0/x999/x999/x999/x999/x999/x999/x999/999", DAIS_ERR_OUT_OF_RANGE},
        {"tile/6/128", DAIS_ERR_OUT_OF_RANGE},
        {"tile/7/001", DAIS_ERR_OUT_OF_RANGE},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        dais_tile_t tile;
        assert_int_equal(parse(cases[i].path, &tile), cases[i].err);
    }
}

/* Goal: whatever is read is written back the same. Method: random tiles; then each path with one
 * byte changed or cut off, which is refused or is the path of another tile. */
static void test_round_trip(void **state)
{
    (void)state;
    uint64_t seed = 8;
    for (size_t trial = 0; trial < 20000; trial++) {
        uint64_t random = reference_random(&seed);
        dais_tile_t tile = {.width = 1 + (unsigned)(random >> 8) % 256};
        tile.kind = (random & 1) != 0 ? DAIS_TILE_ENTRIES : DAIS_TILE_HASHES;
        if (tile.kind == DAIS_TILE_HASHES)
            tile.level = (unsigned)(random >> 4) % 7;
        tile.index = reference_random(&seed) >> (9 + 8 * tile.level);
        tile.index >>= reference_random(&seed) % (56 - 8 * tile.level);
        char path[DAIS_TILE_PATH_MAX];
        char again[DAIS_TILE_PATH_MAX];
        dais_tile_path_put(&tile, path);
        dais_tile_t back;
        assert_int_equal(parse(path, &back), DAIS_OK);
        dais_tile_path_put(&back, again);
        assert_string_equal(path, again);

        size_t length = strlen(path);
        size_t at = (size_t)(random >> 20) % length;
        if ((random & 2) != 0)
            path[at] = 0;
        else
            path[at] = "0123456789x/.pentries"[reference_random(&seed) % 21];
        if (parse(path, &back) != DAIS_OK)
            continue;
        dais_tile_path_put(&back, again);
        assert_string_equal(path, again);
    }
}

/* Goal: a tree of some size has just the tiles that the specification says. Method: its examples of
 * 70,000 and 256 leaves, and the largest trees. */
static void test_widths(void **state)
{
    (void)state;
    static const struct {
        unsigned level;
        uint64_t index;
        uint64_t size;
        unsigned width;
    } cases[] = {
        {0, 0, 0, 0},
        {0, 0, 1, 1},
        {0, 0, 255, 255},
        {0, 0, 256, 256},
        {0, 1, 256, 0},
        {1, 0, 256, 1},
        {1, 0, 255, 0},
        {0, 272, 70000, 256},
        {0, 273, 70000, 112},
        {0, 274, 70000, 0},
        {1, 0, 70000, 256},
        {1, 1, 70000, 17},
        {2, 0, 70000, 1},
        {3, 0, 70000, 0},
        {8, 0, UINT64_MAX, 0},
        {7, 0, INT64_MAX, 127},
        {6, 127, INT64_MAX, 255},
        {0, 36028797018963967, INT64_MAX, 255},
        {0, 36028797018963968, INT64_MAX, 0},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        assert_int_equal(dais_tile_width(cases[i].level, cases[i].index, cases[i].size),
                         cases[i].width);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_known_paths),
        cmocka_unit_test(test_other_paths_are_refused),
        cmocka_unit_test(test_round_trip),
        cmocka_unit_test(test_widths),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
