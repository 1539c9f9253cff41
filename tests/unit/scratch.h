/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_TESTS_UNIT_SCRATCH_H
#define DAIS_TESTS_UNIT_SCRATCH_H

/* A folder for one test, below the working folder: each test starts with an empty one and leaves
 * nothing behind. */

#include <dirent.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define SCRATCH_PATH_MAX 256

static char scratch_folder[32];

static inline int scratch_remove_one(const char *path, const struct stat *status, int type,
                                     struct FTW *where)
{
    (void)status;
    (void)type;
    (void)where;
    return remove(path);
}

static inline int scratch_make(void **state)
{
    static const char pattern[] = "scratch-XXXXXX";
    _Static_assert(sizeof(pattern) <= sizeof(scratch_folder), "the pattern fits, its NUL as well");
    (void)state;
    memcpy(scratch_folder, pattern, sizeof(pattern));
    return mkdtemp(scratch_folder) == NULL ? -1 : 0;
}

static inline int scratch_remove(void **state)
{
    (void)state;
    return nftw(scratch_folder, scratch_remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

typedef struct {
    char text[SCRATCH_PATH_MAX];
} scratch_path_t;

static inline scratch_path_t scratch_path(const char *name)
{
    scratch_path_t path;
    (void)snprintf(path.text, sizeof(path.text), "%s/%s", scratch_folder, name);
    return path;
}

/* How many names there are in a folder; -1 if it cannot be read. */
static inline int scratch_count(const char *folder)
{
    DIR *dir = opendir(folder);
    if (dir == NULL)
        return -1;
    int count = 0;
    for (const struct dirent *entry = readdir(dir); entry != NULL; entry = readdir(dir))
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
            count++;
    (void)closedir(dir);
    return count;
}

#endif
