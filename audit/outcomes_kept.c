/* SPDX-License-Identifier: Apache-2.0
 *
 * A published log keeps what earlier checkpoints rest on: the checkpoints, and tiles that were not
 * full then. Those are proved by the tree of the log; what is none of these and is not made anew
 * has no place on the site. */
#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "audit/outcomes_private.h"
#include "audit/play.h"
#include "proto/opening.h"
#include "proto/tile.h"

#define DEPTH_MAX 12
#define DRAFT     ".dais-draft-" /* base/file.h: a file that is being written */

typedef struct {
    outcomes_t *outcomes;
    const dais_files_t *made;
} kept_t;

static void kept_judge(const kept_t *kept, const char *path, bool is_good, const char *what)
{
    char where[160];
    dais_play_text(dais_slice_text(path), where, sizeof where);
    if (is_good)
        dais_checks_pass(kept->outcomes->checks, DAIS_CHECK_SITE_TILES);
    else
        dais_checks_fail_at(kept->outcomes->checks, DAIS_CHECK_SITE_TILES, where, what);
}

static dais_err_t kept_read(const kept_t *kept, const char *path, dais_file_bytes_t *file)
{
    char whole[PATH_MAX];
    if (snprintf(whole, sizeof whole, "%s/%s", kept->outcomes->folder, path) >= (int)sizeof whole)
        return DAIS_ERR_TOO_LONG;
    return dais_file_read(whole, SITE_FILE_MAX, file);
}

/* What is no file that can be read is a finding, and not the end of the search for others. */
static dais_err_t kept_unread(const kept_t *kept, const char *path, dais_err_t err)
{
    if (err != DAIS_ERR_NOT_FOUND && err != DAIS_ERR_FILE_TYPE && err != DAIS_ERR_TOO_LONG)
        return err;
    kept_judge(kept, path, false, dais_err_text(err));
    return DAIS_OK;
}

/* log/checkpoints/<size>: signed, of that size, and a beginning of this log. */
static dais_err_t kept_checkpoint(const kept_t *kept, const char *path, const char *name)
{
    outcomes_t *outcomes = kept->outcomes;
    dais_file_bytes_t file;
    dais_checkpoint_t checkpoint;
    char size[24];
    dais_err_t err = kept_read(kept, path, &file);
    if (err != DAIS_OK)
        return kept_unread(kept, path, err);
    bool is_good =
        dais_checkpoint_verify(dais_slice(file.data, file.size), &outcomes->key, &checkpoint).err ==
        DAIS_OK;
    if (is_good) {
        (void)snprintf(size, sizeof size, "%" PRIu64, checkpoint.size);
        is_good = strcmp(size, name) == 0 && checkpoint.size <= outcomes->size;
    }
    if (is_good) {
        dais_hash_t root = dais_nodes_root(&outcomes->log.nodes, checkpoint.size);
        is_good = dais_hash_equal(&root, &checkpoint.root);
    }
    dais_file_free(&file);
    kept_judge(kept, path, is_good, "it is no checkpoint of this log and size");
    return DAIS_OK;
}

/* Hashes of a level, from the tree of the log. */
static bool tile_hashes(const outcomes_t *outcomes, const dais_tile_t *tile, dais_slice_t found)
{
    if (found.size != tile->width * sizeof(dais_hash_t) || (size_t)tile->level * 8 >= 64)
        return false;
    for (unsigned i = 0; i < tile->width; i++) {
        const dais_hash_t *hash =
            dais_store_vector_at(&outcomes->log.nodes.levels[(size_t)tile->level * 8],
                                 tile->index * DAIS_TILE_WIDTH + i);
        if (hash == NULL || memcmp(found.data + i * sizeof *hash, hash->bytes, sizeof *hash) != 0)
            return false;
    }
    return true;
}

/* How long the first leaves of a bundle are, each with its size before it; 0 if it has fewer. */
static size_t leaves_size(dais_slice_t bundle, unsigned count)
{
    size_t at = 0;
    for (unsigned i = 0; i < count; i++) {
        if (at + 2 > bundle.size)
            return 0;
        at += 2 + ((size_t)bundle.data[at] << 8 | bundle.data[at + 1]);
    }
    return at <= bundle.size ? at : 0;
}

/* Leaves: the first of the newest bundle of that index, which is made anew and compared. */
static bool tile_leaves(const kept_t *kept, const dais_tile_t *tile, dais_slice_t found)
{
    char path[DAIS_TILE_PATH_MAX + 8] = "log/";
    dais_file_bytes_t newest;
    dais_tile_t now = *tile;
    now.width = dais_tile_width(0, tile->index, kept->outcomes->size);
    dais_tile_path_put(&now, path + strlen(path));
    if (now.width < tile->width || kept_read(kept, path, &newest) != DAIS_OK)
        return false;
    size_t size = leaves_size(dais_slice(newest.data, newest.size), tile->width);
    bool is_good =
        size > 0 && found.size == size && memcmp(found.data, newest.data, found.size) == 0;
    dais_file_free(&newest);
    return is_good;
}

static dais_err_t kept_tile(const kept_t *kept, const char *path, const dais_tile_t *tile)
{
    dais_file_bytes_t file;
    dais_err_t err = kept_read(kept, path, &file);
    if (err != DAIS_OK)
        return kept_unread(kept, path, err);
    dais_slice_t found = dais_slice(file.data, file.size);
    bool is_known = dais_tile_width(tile->level, tile->index, kept->outcomes->size) >= tile->width;
    bool is_good =
        is_known && (tile->kind == DAIS_TILE_HASHES ? tile_hashes(kept->outcomes, tile, found)
                                                    : tile_leaves(kept, tile, found));
    dais_file_free(&file);
    kept_judge(kept, path, is_good, "it is no tile of this log");
    return DAIS_OK;
}

static dais_err_t kept_file(const kept_t *kept, const char *path)
{
    static const char checkpoints[] = "log/checkpoints/";
    char where[160];
    dais_tile_t tile;
    if (dais_files_has(kept->made, path))
        return DAIS_OK;
    if (strncmp(path, checkpoints, strlen(checkpoints)) == 0)
        return kept_checkpoint(kept, path, path + strlen(checkpoints));
    if (strncmp(path, "log/", 4) == 0 &&
        dais_tile_path_parse(dais_slice_text(path + 4), &tile) == DAIS_OK)
        return kept_tile(kept, path, &tile);
    dais_play_text(dais_slice_text(path), where, sizeof where);
    dais_checks_fail_at(kept->outcomes->checks, DAIS_CHECK_SITE_FILES, where,
                        "the log makes no such file");
    return DAIS_OK;
}

static int names_seen(const struct dirent *entry)
{
    return strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0;
}

/* A file that is being written. A folder of such a name is none, and hides nothing. */
static bool is_draft(const char *path, const struct stat *about)
{
    const char *slash = strrchr(path, '/');
    const char *name = slash == NULL ? path : slash + 1;
    return S_ISREG(about->st_mode) && strncmp(name, DRAFT, strlen(DRAFT)) == 0;
}

static int names_order(const struct dirent **a, const struct dirent **b)
{
    return strcmp((*a)->d_name, (*b)->d_name);
}

/* below is "" or ends with a slash. */
static dais_err_t kept_walk(const kept_t *kept, const char *below, unsigned depth)
{
    char path[PATH_MAX];
    char whole[PATH_MAX];
    struct dirent **names;
    struct stat about;
    dais_err_t err = DAIS_OK;
    if (snprintf(whole, sizeof whole, "%s/%s", kept->outcomes->folder, below) >=
            (int)sizeof whole ||
        depth > DEPTH_MAX)
        return DAIS_ERR_TOO_LONG;
    int count = scandir(whole, &names, names_seen, names_order);
    if (count < 0)
        return dais_file_err(errno);
    for (int i = 0; i < count; i++) {
        bool fits =
            snprintf(path, sizeof path, "%s%s", below, names[i]->d_name) < (int)sizeof path - 1 &&
            snprintf(whole, sizeof whole, "%s/%s", kept->outcomes->folder, path) <
                (int)sizeof whole;
        free(names[i]);
        if (!fits)
            err = DAIS_ERR_TOO_LONG;
        if (err == DAIS_OK && lstat(whole, &about) != 0)
            err = dais_file_err(errno);
        if (err == DAIS_OK && S_ISDIR(about.st_mode)) {
            (void)snprintf(path + strlen(path), sizeof path - strlen(path), "/");
            err = kept_walk(kept, path, depth + 1);
        } else if (err == DAIS_OK && is_draft(path, &about)) {
            dais_checks_skip(kept->outcomes->checks, DAIS_CHECK_SITE_FILES,
                             "a file is being written, or was left behind by who died over it");
        } else if (err == DAIS_OK) {
            err = kept_file(kept, path);
        }
    }
    free((void *)names);
    return err;
}

dais_err_t outcomes_kept(outcomes_t *outcomes, const dais_files_t *made)
{
    kept_t kept = {outcomes, made};
    return kept_walk(&kept, "", 0);
}

/* The openings of a file one after the other, beside those of another. */
typedef struct {
    dais_list_walk_t walk;
    dais_slice_t packed;
    uint64_t seq; /* UINT64_MAX at the end */
} openings_t;

static void openings_next(openings_t *openings)
{
    dais_packed_t packed;
    dais_opening_t opening;
    bool is_there = dais_list_next(&openings->walk, &packed);
    openings->packed = is_there ? packed.opening : dais_slice(NULL, 0);
    openings->seq =
        is_there && dais_shape_decode(&dais_shape_opening, packed.opening, &opening).err == DAIS_OK
            ? opening.seq
            : UINT64_MAX;
}

static bool openings_begin(const outcomes_t *outcomes, dais_slice_t bytes, dais_open_file_t *file,
                           openings_t *openings)
{
    dais_hash_t log;
    if (!dais_log_tree_leaf(&outcomes->log, 0, &log) ||
        dais_open_file_decode(bytes, &log, file).err != DAIS_OK)
        return false;
    openings->walk = dais_list_begin(&file->openings, &dais_shape_packed);
    openings_next(openings);
    return true;
}

/* What a person has to know of an entry that is shown otherwise than it is. */
static const char *openings_part(dais_slice_t found, dais_slice_t wanted)
{
    dais_opening_t a;
    dais_opening_t b;
    if (dais_shape_decode(&dais_shape_opening, found, &a).err != DAIS_OK ||
        dais_shape_decode(&dais_shape_opening, wanted, &b).err != DAIS_OK)
        return "what the site shows of it cannot be read";
    if (!dais_slice_equal(a.public_opening, b.public_opening))
        return "the site shows another content of it";
    if (!dais_slice_equal(a.record, b.record))
        return "the site shows another record of it";
    return "the site shows another proof of it";
}

void outcomes_openings(outcomes_t *outcomes, const char *path, dais_slice_t found,
                       dais_slice_t wanted)
{
    dais_open_file_t files[2];
    openings_t a;
    openings_t b;
    if (!openings_begin(outcomes, found, &files[0], &a) ||
        !openings_begin(outcomes, wanted, &files[1], &b)) {
        dais_checks_fail_at(outcomes->checks, DAIS_CHECK_SITE_OPEN, path, "it cannot be read");
        return;
    }
    while (a.seq != UINT64_MAX || b.seq != UINT64_MAX) {
        uint64_t seq = a.seq < b.seq ? a.seq : b.seq;
        if (a.seq > b.seq)
            dais_checks_fail(outcomes->checks, DAIS_CHECK_SITE_OPEN, seq,
                             "it is open to the public, and the site does not open it");
        else if (a.seq < b.seq)
            dais_checks_fail(outcomes->checks, DAIS_CHECK_SITE_OPEN, seq,
                             "the site opens it, and it is not open to the public");
        else if (!dais_slice_equal(a.packed, b.packed))
            dais_checks_fail(outcomes->checks, DAIS_CHECK_SITE_OPEN, seq,
                             openings_part(a.packed, b.packed));
        else
            dais_checks_pass(outcomes->checks, DAIS_CHECK_SITE_OPEN);
        if (a.seq == seq)
            openings_next(&a);
        if (b.seq == seq)
            openings_next(&b);
    }
}
