/* SPDX-License-Identifier: Apache-2.0
 *
 * The log as files: C2SP tlog-tiles, and beside them what opens the open entries. Written so that
 * whoever reads at any instant finds all that the checkpoint rests on. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "proto/entry_bundle.h"
#include "proto/shape.h"
#include "proto/tile.h"
#include "publisher/out.h"
#include "publisher/replica_private.h"

enum { PATH_SIZE = 256, LEAF_FRAME = 2 };
#define OPEN_FILE_MAX ((size_t)DAIS_LIMIT_OPENING * DAIS_LIMIT_OPEN_FILE_ENTRIES) /* bytes */
#define BUNDLE_MAX    ((size_t)DAIS_TILE_WIDTH * (DAIS_LIMIT_LEAF + LEAF_FRAME))

static dais_err_t hashes_write(dais_replica_t *replica, dais_files_t *files,
                               const dais_tile_t *tile)
{
    char path[DAIS_TILE_PATH_MAX + PATH_SIZE] = "log/";
    const replica_nodes_t *nodes = &replica->nodes[(size_t)tile->level * 8];
    dais_tile_path_put(tile, path + strlen(path));
    return dais_files_put(files, path,
                          dais_slice(nodes->items + tile->index * DAIS_TILE_WIDTH,
                                     tile->width * sizeof(dais_hash_t)));
}

static dais_err_t leaves_write(dais_replica_t *replica, dais_files_t *files,
                               const dais_tile_t *tile)
{
    char path[DAIS_TILE_PATH_MAX + PATH_SIZE] = "log/";
    dais_out_t out = {0};
    for (uint64_t i = 0; i < tile->width; i++) {
        const replica_leaf_t *leaf = replica->leaves[tile->index * DAIS_TILE_WIDTH + i];
        uint8_t size[LEAF_FRAME] = {(uint8_t)(leaf->size >> 8), (uint8_t)leaf->size};
        dais_out_raw(&out, dais_slice(size, sizeof size));
        dais_out_raw(&out, dais_slice(leaf->bytes, leaf->size));
    }
    dais_tile_path_put(tile, path + strlen(path));
    dais_err_t err =
        out.err != DAIS_OK ? out.err : dais_files_put(files, path, dais_out_slice(&out));
    dais_out_free(&out);
    return err;
}

/* The tiles of one level that are new since the last time; level 0 has the entry bundles too. */
static dais_err_t level_write(dais_replica_t *replica, dais_files_t *files, unsigned level)
{
    uint64_t before = (replica->written >> (8 * level)) / DAIS_TILE_WIDTH;
    uint64_t count = replica->published >> (8 * level);
    dais_err_t err = DAIS_OK;
    for (uint64_t index = before; index * DAIS_TILE_WIDTH < count && err == DAIS_OK; index++) {
        dais_tile_t tile = {.kind = DAIS_TILE_HASHES,
                            .level = level,
                            .index = index,
                            .width = dais_tile_width(level, index, replica->published)};
        err = hashes_write(replica, files, &tile);
        tile.kind = DAIS_TILE_ENTRIES;
        if (err == DAIS_OK && level == 0)
            err = leaves_write(replica, files, &tile);
    }
    return err;
}

static dais_err_t open_file_write(dais_replica_t *replica, dais_files_t *files, uint64_t number)
{
    char path[PATH_SIZE];
    dais_open_file_t file = {.log = replica->nodes[0].items[0], .number = number};
    uint64_t first = number * DAIS_LIMIT_OPEN_FILE_ENTRIES;
    size_t room = 4096;
    dais_writer_t items;
    dais_writer_t whole;
    dais_slice_t bytes;
    for (uint64_t i = first; i < first + DAIS_LIMIT_OPEN_FILE_ENTRIES && i < replica->published;
         i++)
        room += replica->openings[i].size + 16;
    uint8_t *memory = malloc(2 * room);
    if (memory == NULL)
        return DAIS_ERR_NO_MEMORY;
    dais_writer_init(&items, memory, room);
    dais_writer_init(&whole, memory + room, room);
    dais_err_t err = DAIS_OK;
    for (uint64_t i = first; i < first + DAIS_LIMIT_OPEN_FILE_ENTRIES && i < replica->published;
         i++) {
        dais_packed_t packed = {.opening = dais_replica_opening(replica, i)};
        if (packed.opening.size > 0 && err == DAIS_OK)
            err = dais_list_add(&file.openings, &dais_shape_packed, &packed, &items);
    }
    if (err == DAIS_OK)
        err = dais_shape_encode(&dais_shape_open_file, &file, &whole);
    if (err == DAIS_OK)
        err = dais_writer_finish(&whole, &bytes);
    (void)snprintf(path, sizeof path, "log/open/%" PRIu64, number);
    if (err == DAIS_OK)
        err = dais_files_put(files, path, bytes);
    free(memory);
    return err;
}

dais_err_t dais_replica_write(dais_replica_t *replica, dais_files_t *files)
{
    char path[PATH_SIZE];
    dais_err_t err = DAIS_OK;
    for (unsigned level = 0; level < DAIS_TILE_LEVELS && err == DAIS_OK; level++)
        err = level_write(replica, files, level);
    for (uint64_t n = 0; n * DAIS_LIMIT_OPEN_FILE_ENTRIES < replica->published && err == DAIS_OK;
         n++) {
        if (replica->dirty[n])
            err = open_file_write(replica, files, n);
        if (err == DAIS_OK && (n + 1) * DAIS_LIMIT_OPEN_FILE_ENTRIES <= replica->published)
            replica->dirty[n] = false;
    }
    (void)snprintf(path, sizeof path, "log/checkpoints/%" PRIu64, replica->published);
    if (err == DAIS_OK)
        err = dais_files_put(files, path, dais_replica_note(replica));
    return err == DAIS_OK ? dais_files_settle(files) : err;
}

/* All partial tiles that stand beside a tile which is full by now. */
static dais_err_t partials_of(dais_files_t *files, const dais_tile_t *tile)
{
    char path[DAIS_TILE_PATH_MAX + PATH_SIZE] = "log/";
    dais_tile_path_put(tile, path + strlen(path));
    for (unsigned width = tile->width; width > 0; width--) {
        dais_tile_t partial = *tile;
        partial.width = width;
        dais_tile_path_put(&partial, path + strlen("log/"));
        dais_err_t err = dais_files_drop(files, path);
        if (err != DAIS_OK)
            return err;
    }
    return DAIS_OK;
}

/* Tiles that were partial at the size before and are full at this one. */
static dais_err_t partials_drop(const dais_replica_t *replica, dais_files_t *files)
{
    dais_err_t err = DAIS_OK;
    for (unsigned level = 0; level < DAIS_TILE_LEVELS && err == DAIS_OK; level++) {
        dais_tile_t tile = {.kind = DAIS_TILE_HASHES, .level = level};
        tile.index = (replica->written >> (8 * level)) / DAIS_TILE_WIDTH;
        tile.width = dais_tile_width(level, tile.index, replica->written);
        if (tile.width == 0 ||
            dais_tile_width(level, tile.index, replica->published) != DAIS_TILE_WIDTH)
            continue;
        err = partials_of(files, &tile);
        tile.kind = DAIS_TILE_ENTRIES;
        if (err == DAIS_OK && level == 0)
            err = partials_of(files, &tile);
    }
    return err;
}

dais_err_t dais_replica_finish(dais_replica_t *replica, dais_files_t *files)
{
    dais_err_t err = dais_files_settle(files);
    if (err == DAIS_OK)
        err = dais_files_put(files, "log/checkpoint", dais_replica_note(replica));
    if (err == DAIS_OK)
        err = dais_files_settle(files);
    if (err == DAIS_OK)
        err = partials_drop(replica, files);
    if (err == DAIS_OK)
        replica->written = replica->published;
    return err;
}

static dais_err_t bundle_load(dais_replica_t *replica, const char *folder, uint64_t index,
                              unsigned width)
{
    char path[PATH_SIZE * 4];
    char name[DAIS_TILE_PATH_MAX];
    dais_file_bytes_t file;
    dais_entry_bundle_t bundle;
    dais_slice_t leaf;
    dais_tile_t tile = {.kind = DAIS_TILE_ENTRIES, .index = index, .width = width};
    dais_tile_path_put(&tile, name);
    (void)snprintf(path, sizeof path, "%s/log/%s", folder, name);
    dais_err_t err = dais_file_read(path, BUNDLE_MAX, &file);
    if (err != DAIS_OK)
        return err;
    dais_entry_bundle_init(&bundle, dais_slice(file.data, file.size), width);
    while (err == DAIS_OK && dais_entry_bundle_next(&bundle, &leaf))
        err = dais_replica_leaf(replica, leaf);
    if (err == DAIS_OK)
        err = dais_entry_bundle_finish(&bundle).err;
    dais_file_free(&file);
    return err;
}

/* Of an entry that the checkpoint does not cover it is left out: whoever wrote it died before that,
 * and it comes again with its leaf. */
static dais_err_t opening_load(dais_replica_t *replica, dais_slice_t bytes)
{
    dais_opening_t opening;
    dais_err_t err = dais_shape_decode(&dais_shape_opening, bytes, &opening).err;
    if (err == DAIS_OK && opening.seq < replica->size)
        err = dais_replica_open(replica, bytes);
    return err;
}

static dais_err_t openings_load(dais_replica_t *replica, const char *folder, uint64_t number)
{
    char path[PATH_SIZE * 4];
    dais_file_bytes_t file;
    dais_open_file_t open_file;
    (void)snprintf(path, sizeof path, "%s/log/open/%" PRIu64, folder, number);
    dais_err_t err = dais_file_read(path, OPEN_FILE_MAX, &file);
    if (err != DAIS_OK)
        return err;
    err = dais_open_file_decode(dais_slice(file.data, file.size), &replica->nodes[0].items[0],
                                &open_file)
              .err;
    if (err == DAIS_OK) {
        dais_list_walk_t walk = dais_list_begin(&open_file.openings, &dais_shape_packed);
        dais_packed_t packed;
        while (err == DAIS_OK && dais_list_next(&walk, &packed))
            err = opening_load(replica, packed.opening);
    }
    dais_file_free(&file);
    return err;
}

/* All that the checkpoint covers has to be there. */
static dais_err_t entries_load(dais_replica_t *replica, const char *folder, dais_slice_t note,
                               uint64_t size)
{
    dais_err_t err = DAIS_OK;
    for (uint64_t i = 0; err == DAIS_OK && i * DAIS_TILE_WIDTH < size; i++)
        err = bundle_load(replica, folder, i, dais_tile_width(0, i, size));
    if (err == DAIS_OK)
        err = dais_replica_checkpoint(replica, note);
    for (uint64_t i = 0; err == DAIS_OK && i * DAIS_LIMIT_OPEN_FILE_ENTRIES < size; i++)
        err = openings_load(replica, folder, i);
    return err == DAIS_ERR_NOT_FOUND ? DAIS_ERR_CORRUPT : err;
}

dais_err_t dais_replica_load(dais_replica_t *replica, const char *folder)
{
    char path[PATH_SIZE * 4];
    dais_file_bytes_t file;
    dais_checkpoint_t checkpoint;
    (void)snprintf(path, sizeof path, "%s/log/checkpoint", folder);
    dais_err_t err = dais_file_read(path, DAIS_LIMIT_CHECKPOINT, &file);
    if (err != DAIS_OK)
        return err;
    dais_slice_t note = dais_slice(file.data, file.size);
    err = dais_checkpoint_verify(note, &replica->key, &checkpoint).err;
    if (err == DAIS_OK)
        err = entries_load(replica, folder, note, checkpoint.size);
    if (err == DAIS_OK)
        replica->written = checkpoint.size;
    dais_file_free(&file);
    return err;
}
