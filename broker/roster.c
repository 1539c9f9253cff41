/* SPDX-License-Identifier: Apache-2.0
 *
 * Each file keeps its own keys, sorted; the whole is the union, sorted, in which a key is found by
 * halving. A file is read again when its inode, size or time has changed, so a look each second
 * costs one stat(2) a file. */
#include "broker/roster.h"

#include <dirent.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/file.h"
#include "proto/roster_file.h"

typedef struct {
    char *name;
    struct stat status;
    uint8_t (*keys)[DAIS_CURVE_KEY_SIZE];
    size_t key_count;
    bool seen;
} roster_file_t;

struct dais_roster {
    char *folder;
    dais_log_t *log;
    roster_file_t files[DAIS_ROSTER_FILE_COUNT_MAX];
    size_t file_count;
    uint8_t (*keys)[DAIS_CURVE_KEY_SIZE];
    size_t key_count;
};

dais_err_t dais_roster_new(const char *folder, dais_log_t *log, dais_roster_t **roster)
{
    *roster = (dais_roster_t *)calloc(1, sizeof(**roster));
    if (*roster == NULL)
        return DAIS_ERR_NO_MEMORY;
    (*roster)->log = log;
    (*roster)->folder = strdup(folder);
    if ((*roster)->folder != NULL)
        return DAIS_OK;
    free(*roster);
    *roster = NULL;
    return DAIS_ERR_NO_MEMORY;
}

static void roster_file_free(roster_file_t *file)
{
    free(file->name);
    free(file->keys);
    *file = (roster_file_t){.name = NULL};
}

void dais_roster_destroy(dais_roster_t **roster)
{
    if (*roster == NULL)
        return;
    for (size_t i = 0; i < (*roster)->file_count; i++)
        roster_file_free(&(*roster)->files[i]);
    free((*roster)->keys);
    free((*roster)->folder);
    free(*roster);
    *roster = NULL;
}

static void roster_log(dais_roster_t *roster, const char *event, const char *name, size_t key_count,
                       dais_err_t err)
{
    dais_log_line_t line;
    dais_log_begin(&line, roster->log, err == DAIS_OK ? DAIS_LOG_INFO : DAIS_LOG_ERROR, event);
    dais_log_text(&line, "file", name);
    dais_log_u64(&line, "keys", key_count);
    if (err != DAIS_OK)
        dais_log_err(&line, err);
    dais_log_end(&line);
}

static int key_compare(const void *a, const void *b)
{
    return memcmp(a, b, DAIS_CURVE_KEY_SIZE);
}

/* Takes the file's keys from its text; the file is untouched after an error. */
static dais_err_t roster_parse(roster_file_t *file, dais_slice_t text)
{
    dais_roster_reader_t reader;
    dais_roster_head_t head;
    dais_roster_key_t key;
    size_t count_max = text.size / DAIS_CURVE_KEY_SIZE + 1; /* a line is longer than its key */
    uint8_t(*keys)[DAIS_CURVE_KEY_SIZE] =
        (uint8_t(*)[DAIS_CURVE_KEY_SIZE])calloc(count_max, sizeof(*keys));
    if (keys == NULL)
        return DAIS_ERR_NO_MEMORY;
    size_t count = 0;
    dais_roster_reader_init(&reader, text, &head);
    while (dais_roster_reader_next(&reader, &key))
        memcpy(keys[count++], key.box_key.bytes, DAIS_CURVE_KEY_SIZE);
    dais_fault_t fault = dais_roster_reader_finish(&reader);
    if (fault.err != DAIS_OK) {
        free(keys);
        return fault.err;
    }
    free(file->keys);
    file->keys = keys;
    file->key_count = count;
    return DAIS_OK;
}

static bool status_same(const struct stat *a, const struct stat *b)
{
    return a->st_ino == b->st_ino && a->st_size == b->st_size &&
           a->st_mtim.tv_sec == b->st_mtim.tv_sec && a->st_mtim.tv_nsec == b->st_mtim.tv_nsec;
}

/* True if its keys were read anew. */
static bool roster_read(dais_roster_t *roster, roster_file_t *file, bool forced)
{
    char path[PATH_MAX];
    struct stat status;
    dais_file_bytes_t bytes;
    int size = snprintf(path, sizeof(path), "%s/%s", roster->folder, file->name);
    if (size < 0 || (size_t)size >= sizeof(path) || stat(path, &status) != 0)
        return false;
    if (!forced && status_same(&status, &file->status))
        return false;
    file->status = status; /* also if it is bad: it is reported once, not each second */
    dais_err_t err = dais_file_read(path, DAIS_ROSTER_FILE_SIZE_MAX, &bytes);
    if (err == DAIS_OK) {
        err = roster_parse(file, dais_slice(bytes.data, bytes.size));
        dais_file_free(&bytes);
    }
    roster_log(roster, err == DAIS_OK ? "roster-read" : "roster-bad", file->name, file->key_count,
               err);
    return err == DAIS_OK;
}

static roster_file_t *roster_need_file(dais_roster_t *roster, const char *name)
{
    for (size_t i = 0; i < roster->file_count; i++) {
        if (strcmp(roster->files[i].name, name) == 0)
            return &roster->files[i];
    }
    if (roster->file_count == DAIS_ROSTER_FILE_COUNT_MAX)
        return NULL;
    roster_file_t *file = &roster->files[roster->file_count];
    file->name = strdup(name);
    if (file->name == NULL)
        return NULL;
    roster->file_count++;
    return file;
}

static bool name_fits(const char *name)
{
    static const char end[] = ".roster";
    size_t size = strlen(name);
    return name[0] != '.' && size > sizeof(end) - 1 &&
           strcmp(name + size - (sizeof(end) - 1), end) == 0;
}

/* Looks through the folder; true if the keys of a file have changed. */
static bool roster_scan(dais_roster_t *roster, bool forced)
{
    bool changed = false;
    for (size_t i = 0; i < roster->file_count; i++)
        roster->files[i].seen = false;
    DIR *dir = opendir(roster->folder);
    if (dir == NULL)
        return false;
    for (const struct dirent *entry = readdir(dir); entry != NULL; entry = readdir(dir)) {
        roster_file_t *file =
            name_fits(entry->d_name) ? roster_need_file(roster, entry->d_name) : NULL;
        if (file == NULL)
            continue;
        file->seen = true;
        changed = roster_read(roster, file, forced) || changed;
    }
    (void)closedir(dir);
    for (size_t i = 0; i < roster->file_count;) {
        if (roster->files[i].seen) {
            i++;
            continue;
        }
        roster_log(roster, "roster-gone", roster->files[i].name, 0, DAIS_OK);
        roster_file_free(&roster->files[i]);
        roster->files[i] = roster->files[--roster->file_count];
        roster->files[roster->file_count] = (roster_file_t){.name = NULL};
        changed = true;
    }
    return changed;
}

bool dais_roster_refresh(dais_roster_t *roster, bool forced)
{
    if (!roster_scan(roster, forced))
        return false;
    size_t count = 0;
    for (size_t i = 0; i < roster->file_count; i++)
        count += roster->files[i].key_count;
    uint8_t(*keys)[DAIS_CURVE_KEY_SIZE] =
        (uint8_t(*)[DAIS_CURVE_KEY_SIZE])calloc(count + 1, sizeof(*keys));
    if (keys == NULL) {
        roster_log(roster, "roster-bad", "all", count, DAIS_ERR_NO_MEMORY);
        return false;
    }
    size_t used = 0;
    for (size_t i = 0; i < roster->file_count; i++) {
        const roster_file_t *file = &roster->files[i];
        if (file->key_count > 0)
            memcpy(keys[used], file->keys, file->key_count * sizeof(*keys));
        used += file->key_count;
    }
    qsort(keys, count, sizeof(*keys), key_compare);
    bool same = count == roster->key_count &&
                (count == 0 || memcmp(keys, roster->keys, count * sizeof(*keys)) == 0);
    free(roster->keys);
    roster->keys = keys;
    roster->key_count = count;
    return !same;
}

bool dais_roster_has(const dais_roster_t *roster, const uint8_t key[DAIS_CURVE_KEY_SIZE])
{
    return roster->key_count > 0 && bsearch(key, roster->keys, roster->key_count,
                                            sizeof(*roster->keys), key_compare) != NULL;
}

size_t dais_roster_key_count(const dais_roster_t *roster)
{
    return roster->key_count;
}

size_t dais_roster_file_count(const dais_roster_t *roster)
{
    return roster->file_count;
}
