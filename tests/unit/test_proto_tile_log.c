/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "proto/tile_reader.h"
#include "proto/tree_verify.h"
#include "tests/support/slow.h"
#include "tree_reference.h"

/* One leaf more than a full tile of level 1 and a bit: three levels have tiles. */
#define LEAVES_MAX 66000
#define TILES_MAX  600

static dais_hash_t leaves[LEAVES_MAX];

/* What a folder of tiles would hold. Fails at call number `fail_at`, counted from 1. */
typedef struct {
    size_t count;
    size_t calls;
    size_t fail_at;
    struct {
        dais_tile_t tile;
        dais_hash_t hashes[DAIS_TILE_WIDTH];
    } tiles[TILES_MAX];
} shelf_t;

static shelf_t shelf;
static shelf_t other_shelf;
static dais_tile_writer_t writer;
static dais_tile_reader_t reader;

static int leaves_make(void **state)
{
    (void)state;
    reference_leaves(leaves, LEAVES_MAX);
    return 0;
}

static dais_err_t shelf_put(void *context, const dais_tile_t *tile, dais_slice_t bytes)
{
    shelf_t *to = context;
    if (++to->calls == to->fail_at)
        return DAIS_ERR_IO;
    assert_int_equal(bytes.size, tile->width * (size_t)DAIS_HASH_SIZE);
    assert_true(to->count < TILES_MAX);
    to->tiles[to->count].tile = *tile;
    memcpy(to->tiles[to->count].hashes, bytes.data, bytes.size);
    to->count++;
    return DAIS_OK;
}

/* The narrowest tile that is wide enough, so that both partial and full ones get read. A read that
 * fails spoils what it was to fill. */
static dais_err_t shelf_get(void *context, const dais_tile_t *tile, dais_hash_t *out)
{
    shelf_t *from = context;
    memset(out, 0xee, tile->width * sizeof(*out));
    if (++from->calls == from->fail_at)
        return DAIS_ERR_IO;
    unsigned best = DAIS_TILE_WIDTH + 1;
    for (size_t i = 0; i < from->count; i++) {
        const dais_tile_t *held = &from->tiles[i].tile;
        if (held->level != tile->level || held->index != tile->index || held->width < tile->width ||
            held->width >= best)
            continue;
        best = held->width;
        memcpy(out, from->tiles[i].hashes, tile->width * sizeof(*out));
    }
    return best <= DAIS_TILE_WIDTH ? DAIS_OK : DAIS_ERR_NOT_FOUND;
}

static void shelf_clear(shelf_t *which)
{
    which->count = 0;
    which->calls = 0;
    which->fail_at = 0;
}

static void append_until(size_t size, const dais_tile_sink_t *sink)
{
    while (writer.size < size)
        assert_int_equal(dais_tile_writer_append(&writer, &leaves[writer.size], sink), DAIS_OK);
}

static bool tile_equal(const dais_tile_t *a, const dais_tile_t *b)
{
    return a->kind == b->kind && a->level == b->level && a->index == b->index &&
           a->width == b->width;
}

/* Goal: tiles hold what the specification says. Method: a log of 66,000 leaves; each hash of each
 * tile against the definition, and the number of tiles of each level. */
static void test_tiles(void **state)
{
    (void)state;
    dais_tile_sink_t sink = {shelf_put, &shelf};
    shelf_clear(&shelf);
    dais_tile_writer_init(&writer);
    append_until(LEAVES_MAX, &sink);
    assert_int_equal(shelf.count, 257 + 1);
    assert_int_equal(dais_tile_writer_partials(&writer, &sink), DAIS_OK);
    assert_int_equal(shelf.count, 257 + 1 + 3);
    for (size_t i = 0; i < shelf.count; i++) {
        const dais_tile_t *tile = &shelf.tiles[i].tile;
        size_t span = (size_t)1 << (8 * tile->level);
        assert_int_equal(tile->kind, DAIS_TILE_HASHES);
        assert_int_equal(tile->width, dais_tile_width(tile->level, tile->index, LEAVES_MAX));
        for (size_t j = 0; j < tile->width; j++) {
            size_t first = (tile->index * 256 + j) * span;
            dais_hash_t expected = reference_root(leaves + first, span);
            assert_memory_equal(&shelf.tiles[i].hashes[j], &expected, sizeof(expected));
        }
    }
    dais_hash_t root = dais_tile_writer_root(&writer);
    dais_hash_t expected = reference_root(leaves, LEAVES_MAX);
    assert_memory_equal(&root, &expected, sizeof(root));
}

/* Goal: the root is right at every size. Method: each size to 600, then some around the edges of
 * tiles. */
static void test_roots(void **state)
{
    (void)state;
    static const size_t sizes[] = {767, 768, 769, 65535, 65536, 65537, 65792, 65793};
    dais_tile_sink_t sink = {shelf_put, &shelf};
    shelf_clear(&shelf);
    dais_tile_writer_init(&writer);
    for (size_t i = 0; i <= 600 + sizeof(sizes) / sizeof(sizes[0]); i += slow_step(19)) {
        size_t size = i <= 600 ? i : sizes[i - 601];
        append_until(size, &sink);
        dais_hash_t root = dais_tile_writer_root(&writer);
        dais_hash_t expected = reference_root(leaves, size);
        assert_memory_equal(&root, &expected, sizeof(root));
    }
}

/* Goal: a writer that takes up a log goes on as the first would have. Method: stop at sizes around
 * the edges of tiles, publish, resume from what was published, go on for 600 leaves; compare all
 * tiles that either makes. */
static void test_resume(void **state)
{
    (void)state;
    static const size_t sizes[] = {0, 1, 255, 256, 257, 511, 1000, 65279, 65280, 65400};
    for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
        dais_tile_sink_t sink = {shelf_put, &shelf};
        dais_tile_source_t source = {shelf_get, &shelf};
        shelf_clear(&shelf);
        shelf_clear(&other_shelf);
        dais_tile_writer_init(&writer);
        append_until(sizes[i], &sink);
        assert_int_equal(dais_tile_writer_partials(&writer, &sink), DAIS_OK);
        size_t published = shelf.count;
        append_until(sizes[i] + 600, &sink);
        assert_int_equal(dais_tile_writer_partials(&writer, &sink), DAIS_OK);

        memset(&writer, 0xee, sizeof(writer));
        size_t later = shelf.count;
        shelf.count = published;
        assert_int_equal(dais_tile_writer_resume(&writer, sizes[i], &source), DAIS_OK);
        dais_hash_t root = dais_tile_writer_root(&writer);
        dais_hash_t expected = reference_root(leaves, sizes[i]);
        assert_memory_equal(&root, &expected, sizeof(root));
        sink.context = &other_shelf;
        append_until(sizes[i] + 600, &sink);
        assert_int_equal(dais_tile_writer_partials(&writer, &sink), DAIS_OK);
        assert_int_equal(other_shelf.count, later - published);
        for (size_t j = 0; j < other_shelf.count; j++) {
            const dais_tile_t *tile = &other_shelf.tiles[j].tile;
            assert_true(tile_equal(tile, &shelf.tiles[published + j].tile));
            assert_memory_equal(other_shelf.tiles[j].hashes, shelf.tiles[published + j].hashes,
                                tile->width * sizeof(dais_hash_t));
        }
    }
}

/* Goal: a failure of the sink loses nothing. Method: let each call fail in turn around the place
 * where two levels complete a tile, repeat the append, compare the root. */
static void test_sink_fails(void **state)
{
    (void)state;
    dais_tile_sink_t sink = {shelf_put, &shelf};
    dais_hash_t expected = reference_root(leaves, 65536);
    for (size_t fail_at = 1; fail_at <= 3; fail_at++) {
        shelf_clear(&shelf);
        dais_tile_writer_init(&writer);
        append_until(65535, &sink);
        shelf.calls = 0;
        shelf.fail_at = fail_at;
        dais_err_t err = dais_tile_writer_append(&writer, &leaves[65535], &sink);
        assert_int_equal(err, fail_at < 3 ? DAIS_ERR_IO : DAIS_OK);
        assert_int_equal(writer.size, fail_at < 3 ? 65535 : 65536);
        append_until(65536, &sink);
        dais_hash_t root = dais_tile_writer_root(&writer);
        assert_memory_equal(&root, &expected, sizeof(root));
    }
    shelf.fail_at = 0;
    append_until(65793, &sink);
    for (size_t fail_at = 1; fail_at <= 3; fail_at++) {
        shelf.calls = 0;
        shelf.fail_at = fail_at;
        assert_int_equal(dais_tile_writer_partials(&writer, &sink), DAIS_ERR_IO);
    }
}

static dais_tree_source_t reader_over(shelf_t *tiles, size_t size)
{
    dais_tile_source_t source = {shelf_get, tiles};
    dais_tile_reader_init(&reader, size, &source);
    return dais_tile_reader_source(&reader);
}

/* Goal: proofs can be made from the tiles alone, of any published size. Method: three sizes; random
 * and outer indices; each proof verifies against the root of the definition. The partial tiles of
 * the smaller sizes are then removed, as they may be once full ones are there. */
static void test_proofs_from_tiles(void **state)
{
    (void)state;
    static const size_t sizes[] = {300, 12345, LEAVES_MAX};
    dais_tile_sink_t sink = {shelf_put, &shelf};
    shelf_clear(&shelf);
    dais_tile_writer_init(&writer);
    dais_hash_t roots[3];
    for (size_t i = 0; i < 3; i++) {
        append_until(sizes[i], &sink);
        assert_int_equal(dais_tile_writer_partials(&writer, &sink), DAIS_OK);
        roots[i] = reference_root(leaves, sizes[i]);
    }
    uint64_t seed = 12345;
    for (size_t i = 0; i < 6; i++) {
        size_t size = sizes[i % 3];
        const dais_hash_t *root = &roots[i % 3];
        dais_tree_source_t source = reader_over(&shelf, size);
        dais_tree_path_t path;
        for (size_t trial = 0; trial < 202; trial++) {
            uint64_t index = trial < 2 ? (size - 1) * trial : reference_random(&seed) % size;
            assert_int_equal(dais_tree_inclusion(&source, index, size, &path), DAIS_OK);
            assert_int_equal(dais_tree_inclusion_verify(index, size, &leaves[index],
                                                        dais_tree_path_bytes(&path), root),
                             DAIS_OK);
        }
        for (size_t j = 0; j <= i % 3; j++) {
            assert_int_equal(dais_tree_consistency(&source, sizes[j], size, &path), DAIS_OK);
            assert_int_equal(dais_tree_consistency_verify(sizes[j], size, &roots[j], root,
                                                          dais_tree_path_bytes(&path)),
                             DAIS_OK);
        }
        for (size_t j = 0; i == 2 && j < shelf.count; j++) {
            dais_tile_t *tile = &shelf.tiles[j].tile;
            if (tile->width < dais_tile_width(tile->level, tile->index, LEAVES_MAX))
                tile->level = 99;
        }
    }
}

/* Goal: each subtree inside the log is right, none outside is given. Method: all levels, the first
 * and the last subtree of each, and the one behind it. */
static void test_every_level(void **state)
{
    (void)state;
    dais_tile_sink_t sink = {shelf_put, &shelf};
    shelf_clear(&shelf);
    dais_tile_writer_init(&writer);
    append_until(LEAVES_MAX, &sink);
    assert_int_equal(dais_tile_writer_partials(&writer, &sink), DAIS_OK);
    dais_tree_source_t source = reader_over(&shelf, LEAVES_MAX);
    for (unsigned level = 0; level <= 66; level++) {
        uint64_t count = level < 64 ? (uint64_t)LEAVES_MAX >> level : 0;
        dais_hash_t hash;
        assert_int_equal(source.hash(source.context, level, count, &hash), DAIS_ERR_NOT_FOUND);
        for (uint64_t index = 0; index<count; index += count> 1 ? count - 1 : 1) {
            assert_int_equal(source.hash(source.context, level, index, &hash), DAIS_OK);
            dais_hash_t expected = reference_root(leaves + (index << level), (size_t)1 << level);
            assert_memory_equal(&hash, &expected, sizeof(hash));
        }
    }
}

/* Goal: a source that fails is reported and leaves nothing wrong behind. Method: fail once, ask
 * again; the same for taking up a log; sizes from 2^63 on. */
static void test_source_fails(void **state)
{
    (void)state;
    dais_tile_sink_t sink = {shelf_put, &shelf};
    shelf_clear(&shelf);
    dais_tile_writer_init(&writer);
    append_until(300, &sink);
    assert_int_equal(dais_tile_writer_partials(&writer, &sink), DAIS_OK);
    dais_tree_source_t source = reader_over(&shelf, 300);
    dais_hash_t hash;
    assert_int_equal(source.hash(source.context, 0, 1, &hash), DAIS_OK);
    shelf.calls = 0;
    shelf.fail_at = 1;
    assert_int_equal(source.hash(source.context, 0, 299, &hash), DAIS_ERR_IO);
    assert_int_equal(source.hash(source.context, 0, 1, &hash), DAIS_OK);
    assert_memory_equal(&hash, &leaves[1], sizeof(hash));

    dais_tile_source_t tiles = {shelf_get, &shelf};
    for (size_t fail_at = 1; fail_at <= 2; fail_at++) {
        shelf.calls = 0;
        shelf.fail_at = fail_at;
        assert_int_equal(dais_tile_writer_resume(&writer, 300, &tiles), DAIS_ERR_IO);
    }
    shelf.fail_at = 0;
    assert_int_equal(dais_tile_writer_resume(&writer, 301, &tiles), DAIS_ERR_NOT_FOUND);
    assert_int_equal(dais_tile_writer_resume(&writer, DAIS_TREE_SIZE_MAX, &tiles),
                     DAIS_ERR_OUT_OF_RANGE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_tiles),
        cmocka_unit_test(test_roots),
        cmocka_unit_test(test_resume),
        cmocka_unit_test(test_sink_fails),
        cmocka_unit_test(test_proofs_from_tiles),
        cmocka_unit_test(test_every_level),
        cmocka_unit_test(test_source_fails),
    };
    return cmocka_run_group_tests(tests, leaves_make, NULL);
}
