/* SPDX-License-Identifier: Apache-2.0
 *
 * One entry bundle and one file of openings are in memory at a time. Every tile of hashes is made
 * anew from the leaves and compared, since stock tools prove by those tiles. */
#include "audit/folder.h"

#include <inttypes.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/file.h"
#include "proto/checkpoint.h"
#include "proto/entry_bundle.h"
#include "proto/export_log.h"
#include "proto/note.h"
#include "proto/opening.h"
#include "proto/shape.h"
#include "proto/tile_writer.h"
#include "proto/tree.h"

#define OPEN_FILE_MAX ((size_t)DAIS_LIMIT_OPENING * 256)
#define BUNDLE_MAX    ((size_t)DAIS_TILE_WIDTH * (DAIS_LIMIT_LEAF + 2))

typedef struct {
    char folder[PATH_MAX];
    char *at; /* the file that is being read */
    dais_file_bytes_t note;
    dais_checkpoint_t checkpoint;
    dais_hash_t log; /* leaf hash of entry 0 */
    dais_file_bytes_t leaves_file;
    dais_entry_bundle_t leaves;
    dais_file_bytes_t open_file;
    dais_open_file_t open;
    dais_list_walk_t openings;
    dais_opening_t next; /* the next open entry of this file */
    bool has_next;
    dais_tile_writer_t *tiles;
    FILE *out;
} folder_t;

static bool folder_path(const char *path, const char *below, char out[PATH_MAX])
{
    int size = snprintf(out, PATH_MAX, "%s/%s", path, below);
    return size > 0 && size < PATH_MAX;
}

static bool is_file(const char *path, const char *below)
{
    char whole[PATH_MAX];
    struct stat about;
    return folder_path(path, below, whole) && stat(whole, &about) == 0 && S_ISREG(about.st_mode);
}

bool dais_folder_is_log(const char *path)
{
    return is_file(path, "checkpoint") || is_file(path, "log/checkpoint");
}

static dais_err_t folder_read(folder_t *folder, const char *name, size_t size_max,
                              dais_file_bytes_t *bytes)
{
    dais_file_free(bytes);
    if (!folder_path(folder->folder, name, folder->at))
        return DAIS_ERR_TOO_LONG;
    return dais_file_read(folder->at, size_max, bytes);
}

static dais_slice_t folder_slice(const dais_file_bytes_t *bytes)
{
    return dais_slice(bytes->data, bytes->size);
}

static dais_err_t tile_compare(void *context, const dais_tile_t *tile, dais_slice_t bytes)
{
    folder_t *folder = context;
    dais_file_bytes_t found = {0};
    char name[DAIS_TILE_PATH_MAX];
    dais_tile_path_put(tile, name);
    dais_err_t err = folder_read(folder, name, bytes.size, &found);
    if (err == DAIS_ERR_TOO_LONG ||
        (err == DAIS_OK && !dais_slice_equal(folder_slice(&found), bytes)))
        err = DAIS_ERR_BAD_ROOT;
    dais_file_free(&found);
    return err;
}

static dais_err_t next_opening(folder_t *folder)
{
    dais_packed_t packed;
    folder->has_next = dais_list_next(&folder->openings, &packed);
    return folder->has_next
               ? dais_shape_decode(&dais_shape_opening, packed.opening, &folder->next).err
               : DAIS_OK;
}

static dais_err_t load_openings(folder_t *folder, uint64_t number)
{
    char name[64];
    (void)snprintf(name, sizeof name, "open/%" PRIu64, number);
    dais_err_t err = folder_read(folder, name, OPEN_FILE_MAX, &folder->open_file);
    if (err == DAIS_OK)
        err = dais_open_file_decode(folder_slice(&folder->open_file), &folder->log, &folder->open)
                  .err;
    if (err != DAIS_OK)
        return err;
    folder->openings = dais_list_begin(&folder->open.openings, &dais_shape_packed);
    return next_opening(folder);
}

/* As many leaves as the width says, and nothing behind them. Looked at as a whole, so that the file
 * at fault is the one that was read last. */
static dais_err_t leaves_check(dais_entry_bundle_t leaves)
{
    dais_slice_t leaf;
    while (dais_entry_bundle_next(&leaves, &leaf))
        continue;
    return dais_entry_bundle_finish(&leaves).err;
}

static dais_err_t load_leaves(folder_t *folder, uint64_t index)
{
    char name[DAIS_TILE_PATH_MAX];
    dais_tile_t tile = {.kind = DAIS_TILE_ENTRIES,
                        .index = index,
                        .width = dais_tile_width(0, index, folder->checkpoint.size)};
    dais_tile_path_put(&tile, name);
    dais_err_t err = folder_read(folder, name, BUNDLE_MAX, &folder->leaves_file);
    if (err != DAIS_OK)
        return err;
    dais_entry_bundle_init(&folder->leaves, folder_slice(&folder->leaves_file), tile.width);
    return leaves_check(folder->leaves);
}

static dais_err_t next_leaf(folder_t *folder, uint64_t seq, dais_slice_t *leaf)
{
    dais_err_t err =
        seq % DAIS_TILE_WIDTH == 0 ? load_leaves(folder, seq / DAIS_TILE_WIDTH) : DAIS_OK;
    if (err != DAIS_OK)
        return err;
    if (!dais_entry_bundle_next(&folder->leaves, leaf))
        return DAIS_ERR_TRUNCATED;
    dais_hash_t hash = dais_tree_leaf_hash(*leaf);
    if (seq == 0)
        folder->log = hash;
    return dais_tile_writer_append(folder->tiles, &hash,
                                   &(dais_tile_sink_t){.tile = tile_compare, .context = folder});
}

static dais_err_t folder_entry(void *context, uint64_t seq, dais_export_given_t *out)
{
    folder_t *folder = context;
    *out = (dais_export_given_t){.is_open = false};
    dais_err_t err = next_leaf(folder, seq, &out->leaf);
    if (err == DAIS_OK && seq % DAIS_LIMIT_OPEN_FILE_ENTRIES == 0)
        err = load_openings(folder, seq / DAIS_LIMIT_OPEN_FILE_ENTRIES);
    /* The one before was handed out; its slices lived until this call. What the last file opens
     * beyond the checkpoint is left alone: it is written before the checkpoint that covers it. */
    if (err == DAIS_OK && folder->has_next && folder->next.seq < seq)
        err = next_opening(folder);
    if (err == DAIS_OK && folder->has_next && folder->next.seq == seq) {
        out->is_open = true;
        out->opening = folder->next;
    }
    return err;
}

static dais_err_t folder_write(void *context, dais_slice_t bytes)
{
    folder_t *folder = context;
    return fwrite(bytes.data, 1, bytes.size, folder->out) == bytes.size ? DAIS_OK : DAIS_ERR_IO;
}

/* The signature is the checks' business; here the text says how much there is to read. */
static dais_err_t read_checkpoint(folder_t *folder)
{
    dais_note_t note;
    dais_err_t err = folder_read(folder, "checkpoint", DAIS_LIMIT_CHECKPOINT, &folder->note);
    if (err == DAIS_OK)
        err = dais_note_parse(folder_slice(&folder->note), &note).err;
    if (err == DAIS_OK)
        err = dais_checkpoint_parse(note.text, &folder->checkpoint).err;
    return err;
}

static dais_err_t folder_run(folder_t *folder)
{
    dais_err_t err = read_checkpoint(folder);
    if (err != DAIS_OK)
        return err;
    dais_export_source_t source = {.entry = folder_entry,
                                   .context = folder,
                                   .origin = folder->checkpoint.origin,
                                   .size = folder->checkpoint.size,
                                   .checkpoint = folder_slice(&folder->note)};
    err = dais_export_log(&source, folder_write, folder);
    if (err == DAIS_OK)
        err = dais_tile_writer_partials(
            folder->tiles, &(dais_tile_sink_t){.tile = tile_compare, .context = folder});
    return err;
}

dais_err_t dais_folder_export(const char *path, FILE *file, char *at)
{
    folder_t folder = {.at = at, .out = file};
    bool direct = is_file(path, "checkpoint");
    at[0] = '\0';
    if (snprintf(folder.folder, sizeof folder.folder, "%s%s", path, direct ? "" : "/log") >=
        (int)sizeof folder.folder)
        return DAIS_ERR_TOO_LONG;
    folder.tiles = malloc(sizeof *folder.tiles);
    if (folder.tiles == NULL)
        return DAIS_ERR_NO_MEMORY;
    dais_tile_writer_init(folder.tiles);
    dais_err_t err = folder_run(&folder);
    dais_file_free(&folder.note);
    dais_file_free(&folder.leaves_file);
    dais_file_free(&folder.open_file);
    free(folder.tiles);
    return err;
}
