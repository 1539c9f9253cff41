/* SPDX-License-Identifier: Apache-2.0 */
#include "publisher/files.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"

enum { PATH_SIZE = 1024, CAPACITY_FIRST = 64, MODE = 0644, FOLDER_MODE = 0755 };
#define FILE_SIZE_MAX ((size_t)256 * 1024 * 1024)

typedef struct {
    char *path; /* owned */
    dais_hash_t hash;
    uint64_t size;
} file_t;

struct dais_files {
    char folder[PATH_SIZE];
    file_t *items; /* by path */
    size_t count, capacity;
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
    int size = snprintf(path, capacity, "%s/%.*s", site, (int)cycle.size, (const char *)cycle.data);
    if (cycle.size == 0)
        return DAIS_ERR_BAD_TEXT;
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
    *files = calloc(1, sizeof **files);
    if (*files == NULL)
        return DAIS_ERR_NO_MEMORY;
    (void)snprintf((*files)->folder, PATH_SIZE, "%s", folder);
    return DAIS_OK;
}

dais_err_t dais_files_open_sink(dais_files_t **files, dais_files_sink_t *sink, void *context)
{
    *files = calloc(1, sizeof **files);
    if (*files == NULL)
        return DAIS_ERR_NO_MEMORY;
    (*files)->sink = sink;
    (*files)->context = context;
    return DAIS_OK;
}

void dais_files_close(dais_files_t **files)
{
    if (*files == NULL)
        return;
    for (size_t i = 0; i < (*files)->count; i++)
        free((*files)->items[i].path);
    free((*files)->items);
    free(*files);
    *files = NULL;
}

/* Place of the first path that is not before this one. */
static size_t files_place(const dais_files_t *files, const char *path)
{
    size_t low = 0;
    size_t high = files->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (strcmp(files->items[middle].path, path) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static file_t *files_find(dais_files_t *files, const char *path)
{
    size_t place = files_place(files, path);
    bool found = place < files->count && strcmp(files->items[place].path, path) == 0;
    return found ? &files->items[place] : NULL;
}

static dais_err_t files_remember(dais_files_t *files, const char *path, const dais_hash_t *hash,
                                 uint64_t size)
{
    file_t *item = files_find(files, path);
    if (item == NULL) {
        if (files->count == files->capacity) {
            size_t capacity = files->capacity == 0 ? CAPACITY_FIRST : files->capacity * 2;
            file_t *wider = realloc(files->items, capacity * sizeof *wider);
            if (wider == NULL)
                return DAIS_ERR_NO_MEMORY;
            files->items = wider;
            files->capacity = capacity;
        }
        char *copy = strdup(path);
        if (copy == NULL)
            return DAIS_ERR_NO_MEMORY;
        size_t place = files_place(files, path);
        memmove(files->items + place + 1, files->items + place,
                (files->count - place) * sizeof(file_t));
        files->count++;
        item = &files->items[place];
        item->path = copy;
    }
    item->hash = *hash;
    item->size = size;
    return DAIS_OK;
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

static dais_err_t folders_make(const dais_files_t *files, const char *path)
{
    char folder[PATH_SIZE * 2];
    for (const char *slash = strchr(path, '/'); slash != NULL; slash = strchr(slash + 1, '/')) {
        (void)snprintf(folder, sizeof folder, "%s/%.*s", files->folder, (int)(slash - path), path);
        if (access(folder, F_OK) == 0)
            continue;
        dais_err_t err = dais_file_ensure_folder(folder, FOLDER_MODE);
        if (err != DAIS_OK)
            return err;
    }
    return DAIS_OK;
}

dais_err_t dais_files_put(dais_files_t *files, const char *path, dais_slice_t bytes)
{
    char whole[PATH_SIZE * 2];
    dais_hash_t hash = dais_hash_one(bytes);
    const file_t *known = files_find(files, path);
    if (strlen(path) >= PATH_SIZE)
        return DAIS_ERR_TOO_LONG;
    if (files->sink != NULL) {
        dais_err_t err = files->sink(files->context, path, bytes);
        return err == DAIS_OK ? files_remember(files, path, &hash, bytes.size) : err;
    }
    (void)snprintf(whole, sizeof whole, "%s/%s", files->folder, path);
    if (known != NULL ? dais_hash_equal(&known->hash, &hash) : disk_has(whole, &hash)) {
        files->figures.kept++;
        return files_remember(files, path, &hash, bytes.size);
    }
    dais_err_t err = folders_make(files, path);
    if (err == DAIS_OK)
        err = dais_file_replace(whole, bytes, MODE);
    if (err == DAIS_OK)
        err = files_remember(files, path, &hash, bytes.size);
    files->figures.written += err == DAIS_OK;
    return err;
}

dais_err_t dais_files_drop(dais_files_t *files, const char *path)
{
    char whole[PATH_SIZE * 2];
    file_t *item = files_find(files, path);
    if (strlen(path) >= PATH_SIZE)
        return DAIS_ERR_TOO_LONG;
    (void)snprintf(whole, sizeof whole, "%s/%s", files->folder, path);
    if (files->sink == NULL && unlink(whole) != 0 && errno != ENOENT)
        return dais_file_err(errno);
    if (item != NULL) {
        size_t place = (size_t)(item - files->items);
        free(item->path);
        files->count--;
        memmove(files->items + place, files->items + place + 1,
                (files->count - place) * sizeof(file_t));
    }
    return DAIS_OK;
}

bool dais_files_has(const dais_files_t *files, const char *path)
{
    size_t place = files_place(files, path);
    return place < files->count && strcmp(files->items[place].path, path) == 0;
}

void dais_files_walk(const dais_files_t *files, dais_files_fn_t *each, void *context)
{
    for (size_t i = 0; i < files->count; i++)
        each(context, files->items[i].path, &files->items[i].hash, files->items[i].size);
}

dais_files_figures_t dais_files_figures(const dais_files_t *files)
{
    return files->figures;
}
