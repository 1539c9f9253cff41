/* SPDX-License-Identifier: Apache-2.0
 *
 * Guarantees: a reader of the folder never finds half a file, and never one that rests on another
 * which may be lost. Drafts are written without a sync each; dais_files_settle() then syncs either
 * the few of them or, once, the file system, before their names count. */
#include "publisher/files.h"

#include <assert.h>
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "publisher/files_known.h"

enum { PATH_SIZE = 1024, MODE = 0644, FOLDER_MODE = 0755, FEW = 8 };
#define FILE_SIZE_MAX ((size_t)256 * 1024 * 1024)

struct dais_files {
    char folder[PATH_SIZE];
    char made[PATH_SIZE]; /* the folder below it that the last file needed */
    int fd;               /* of the folder */
    files_known_t known;
    uint32_t *drafts; /* numbers of known files; the place in this list names the draft */
    size_t draft_count, draft_capacity;
    dais_files_figures_t figures;
    dais_files_sink_t *sink; /* null where the folder is a real one */
    void *context;
};

dais_err_t dais_files_folder(const char *site, dais_slice_t cycle, char *path, size_t capacity)
{
    for (size_t i = 0; i < cycle.size; i++) {
        uint8_t letter = cycle.data[i];
        bool good = letter < 128 && (isalnum(letter) || (letter != 0 && strchr("-_.", letter)));
        if (!good || (i == 0 && letter == '.'))
            return DAIS_ERR_BAD_TEXT;
    }
    if (cycle.size == 0)
        return DAIS_ERR_BAD_TEXT;
    int size = snprintf(path, capacity, "%s/%.*s", site, (int)cycle.size, (const char *)cycle.data);
    return size > 0 && (size_t)size < capacity ? DAIS_OK : DAIS_ERR_TOO_LONG;
}

dais_err_t dais_files_open(dais_files_t **files, const char *folder)
{
    *files = NULL;
    if (strlen(folder) + 2 > PATH_SIZE)
        return DAIS_ERR_TOO_LONG;
    dais_err_t err = dais_file_ensure_folder(folder, FOLDER_MODE);
    if (err != DAIS_OK)
        return err;
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return dais_file_err(errno);
    *files = calloc(1, sizeof **files);
    if (*files == NULL) {
        (void)close(fd);
        return DAIS_ERR_NO_MEMORY;
    }
    (*files)->fd = fd;
    (void)snprintf((*files)->folder, PATH_SIZE, "%s", folder);
    return DAIS_OK;
}

dais_err_t dais_files_open_sink(dais_files_t **files, const char *folder, dais_files_sink_t *sink,
                                void *context)
{
    *files = NULL;
    if (strlen(folder) + 2 > PATH_SIZE)
        return DAIS_ERR_TOO_LONG;
    *files = calloc(1, sizeof **files);
    if (*files == NULL)
        return DAIS_ERR_NO_MEMORY;
    (void)snprintf((*files)->folder, PATH_SIZE, "%s", folder);
    (*files)->fd = -1;
    (*files)->sink = sink;
    (*files)->context = context;
    return DAIS_OK;
}

/* Where a draft lies: beside the file that it becomes. */
static void draft_path(const dais_files_t *files, size_t i, char path[PATH_SIZE * 2])
{
    const char *name = files_known_at(&files->known, files->drafts[i])->path;
    const char *slash = strrchr(name, '/');
    (void)snprintf(path, (size_t)PATH_SIZE * 2, "%s/%.*s.dais-draft-%zu", files->folder,
                   slash == NULL ? 0 : (int)(slash + 1 - name), name, i);
}

static void drafts_drop(dais_files_t *files)
{
    char path[PATH_SIZE * 2];
    for (size_t i = 0; i < files->draft_count; i++) {
        draft_path(files, i, path);
        (void)unlink(path);
    }
    files->draft_count = 0;
}

/* After a failure: no draft is left, and nothing is taken for written that may not be. */
static void drafts_forget(dais_files_t *files)
{
    size_t count = files->draft_count;
    drafts_drop(files);
    for (size_t i = 0; i < count; i++)
        files_known_drop(&files->known, files->drafts[i]);
}

void dais_files_close(dais_files_t **files)
{
    if (*files == NULL)
        return;
    drafts_drop(*files);
    files_known_free(&(*files)->known);
    free((*files)->drafts);
    if ((*files)->fd >= 0)
        (void)close((*files)->fd);
    free(*files);
    *files = NULL;
}

/* What an earlier process left, so that a restart does not write everything again. */
static bool disk_has(const char *path, const dais_hash_t *hash)
{
    dais_file_bytes_t bytes;
    if (dais_file_read(path, FILE_SIZE_MAX, &bytes) != DAIS_OK)
        return false;
    dais_hash_t found = dais_hash_one(dais_slice(bytes.data, bytes.size));
    dais_file_free(&bytes);
    return dais_hash_equal(&found, hash);
}

static dais_err_t folders_make(dais_files_t *files, const char *path)
{
    char folder[PATH_SIZE * 2];
    const char *last = strrchr(path, '/');
    size_t size = last == NULL ? 0 : (size_t)(last - path);
    if (strlen(files->made) == size && memcmp(files->made, path, size) == 0)
        return DAIS_OK;
    for (const char *slash = strchr(path, '/'); slash != NULL; slash = strchr(slash + 1, '/')) {
        (void)snprintf(folder, sizeof folder, "%s/%.*s", files->folder, (int)(slash - path), path);
        if (access(folder, F_OK) == 0)
            continue;
        dais_err_t err = dais_file_ensure_folder(folder, FOLDER_MODE);
        if (err != DAIS_OK)
            return err;
    }
    (void)snprintf(files->made, sizeof files->made, "%.*s", (int)size, path);
    return DAIS_OK;
}

static dais_err_t draft_add(dais_files_t *files, uint32_t number)
{
    if (files->draft_count == files->draft_capacity) {
        size_t capacity = files->draft_capacity == 0 ? 64 : files->draft_capacity * 2;
        uint32_t *wider = realloc(files->drafts, capacity * sizeof *wider);
        if (wider == NULL)
            return DAIS_ERR_NO_MEMORY;
        files->drafts = wider;
        files->draft_capacity = capacity;
    }
    files->drafts[files->draft_count++] = number;
    return DAIS_OK;
}

/* A draft that an earlier process left under this name may have been written to the end of a disk
 * that was full; it is written anew. */
static dais_err_t draft_write(dais_files_t *files, uint32_t number, dais_slice_t bytes)
{
    char path[PATH_SIZE * 2];
    dais_err_t err = draft_add(files, number);
    if (err != DAIS_OK)
        return err;
    draft_path(files, files->draft_count - 1, path);
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, MODE);
    if (fd < 0)
        return dais_file_err(errno);
    err = dais_file_write_all(fd, bytes);
    if (err == DAIS_OK && fchmod(fd, MODE) != 0)
        err = dais_file_err(errno);
    if (close(fd) != 0 && err == DAIS_OK)
        err = dais_file_err(errno);
    return err;
}

dais_err_t dais_files_put(dais_files_t *files, const char *path, dais_slice_t bytes)
{
    char whole[PATH_SIZE * 2];
    dais_hash_t hash = dais_hash_one(bytes);
    uint32_t number = files_known_find(&files->known, path);
    if (strlen(path) >= PATH_SIZE)
        return DAIS_ERR_TOO_LONG;
    if (files->sink != NULL) {
        dais_err_t given = files->sink(files->context, path, bytes);
        return given != DAIS_OK ? given
                                : files_known_put(&files->known, path, &hash, bytes.size, &number);
    }
    (void)snprintf(whole, sizeof whole, "%s/%s", files->folder, path);
    bool same = number != FILES_KNOWN_NONE
                    ? dais_hash_equal(&files_known_at(&files->known, number)->hash, &hash)
                    : disk_has(whole, &hash);
    dais_err_t err = files_known_put(&files->known, path, &hash, bytes.size, &number);
    if (err == DAIS_OK && same)
        files->figures.kept++;
    if (err != DAIS_OK || same)
        return err;
    err = folders_make(files, path);
    if (err == DAIS_OK)
        err = draft_write(files, number, bytes);
    if (err != DAIS_OK)
        drafts_forget(files); /* what the others hold is not known any more either */
    files->figures.written += err == DAIS_OK;
    return err;
}

static dais_err_t draft_sync(const char *path)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (fd < 0)
        return dais_file_err(errno);
    dais_err_t err = fsync(fd) == 0 ? DAIS_OK : dais_file_err(errno);
    (void)close(fd);
    return err;
}

/* The drafts are on the disk afterwards. */
static dais_err_t drafts_sync(dais_files_t *files)
{
    char path[PATH_SIZE * 2];
    dais_err_t err = DAIS_OK;
    if (files->draft_count > FEW)
        return syncfs(files->fd) == 0 ? DAIS_OK : dais_file_err(errno);
    for (size_t i = 0; i < files->draft_count && err == DAIS_OK; i++) {
        draft_path(files, i, path);
        err = draft_sync(path);
    }
    return err;
}

static dais_err_t draft_rename(dais_files_t *files, size_t i)
{
    char draft[PATH_SIZE * 2];
    char path[PATH_SIZE * 2];
    draft_path(files, i, draft);
    (void)snprintf(path, sizeof path, "%s/%s", files->folder,
                   files_known_at(&files->known, files->drafts[i])->path);
    return rename(draft, path) == 0 ? DAIS_OK : dais_file_err(errno);
}

/* Their names are on the disk afterwards. */
static dais_err_t names_sync(const dais_files_t *files)
{
    char path[PATH_SIZE * 2];
    dais_err_t err = DAIS_OK;
    if (files->draft_count > FEW)
        return syncfs(files->fd) == 0 ? DAIS_OK : dais_file_err(errno);
    for (size_t i = 0; i < files->draft_count && err == DAIS_OK; i++) {
        draft_path(files, i, path);
        *strrchr(path, '/') = '\0';
        err = dais_file_sync_folder(path);
    }
    return err;
}

dais_err_t dais_files_settle(dais_files_t *files)
{
    if (files->draft_count == 0)
        return DAIS_OK;
    dais_err_t err = drafts_sync(files);
    for (size_t i = 0; i < files->draft_count && err == DAIS_OK; i++)
        err = draft_rename(files, i);
    if (err == DAIS_OK)
        err = names_sync(files);
    if (err != DAIS_OK)
        drafts_forget(files);
    files->draft_count = 0;
    return err;
}

dais_err_t dais_files_drop(dais_files_t *files, const char *path)
{
    char whole[PATH_SIZE * 2];
    if (strlen(path) >= PATH_SIZE)
        return DAIS_ERR_TOO_LONG;
    dais_err_t err = dais_files_settle(files);
    if (err != DAIS_OK)
        return err;
    (void)snprintf(whole, sizeof whole, "%s/%s", files->folder, path);
    if (files->sink == NULL && unlink(whole) != 0 && errno != ENOENT)
        return dais_file_err(errno);
    uint32_t number = files_known_find(&files->known, path);
    if (number != FILES_KNOWN_NONE)
        files_known_drop(&files->known, number);
    return DAIS_OK;
}

bool dais_files_is_marked(dais_files_t *files, const char *path, const dais_hash_t *mark)
{
    uint32_t number = files_known_find(&files->known, path);
    bool is = number != FILES_KNOWN_NONE &&
              dais_hash_equal(&files_known_at(&files->known, number)->mark, mark);
    files->figures.kept += is;
    return is;
}

void dais_files_mark(dais_files_t *files, const char *path, const dais_hash_t *mark)
{
    uint32_t number = files_known_find(&files->known, path);
    assert(number != FILES_KNOWN_NONE);
    files_known_mark(&files->known, number, mark);
}

dais_err_t dais_files_walk(dais_files_t *files, dais_files_fn_t *each, void *context)
{
    const uint32_t *order;
    size_t count;
    dais_err_t err = files_known_order(&files->known, &order, &count);
    for (size_t i = 0; err == DAIS_OK && i < count; i++) {
        const files_known_item_t *item = files_known_at(&files->known, order[i]);
        each(context, item->path, &item->hash, item->size);
    }
    return err;
}

bool dais_files_has(const dais_files_t *files, const char *path)
{
    return files_known_find(&files->known, path) != FILES_KNOWN_NONE;
}

const char *dais_files_path(const dais_files_t *files)
{
    return files->folder;
}

dais_files_figures_t dais_files_figures(const dais_files_t *files)
{
    return files->figures;
}
