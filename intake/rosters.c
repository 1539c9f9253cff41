/* SPDX-License-Identifier: Apache-2.0 */
#include "intake/rosters.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "base/file.h"

#define ROSTER_SUFFIX ".roster"

/* Which file it was that was read last: a file that replaces it has another inode, one that was
 * written in place another time or size. */
typedef struct {
    char name[NAME_MAX + 1];
    ino_t inode;
    off_t size;
    struct timespec changed;
} roster_seen_t;

struct dais_rosters {
    const char *folder;
    size_t count;
    roster_seen_t seen[DAIS_INTAKE_CYCLES_MAX];
};

dais_err_t dais_rosters_new(const char *folder, dais_rosters_t **rosters)
{
    *rosters = (dais_rosters_t *)calloc(1, sizeof **rosters);
    if (*rosters == NULL)
        return DAIS_ERR_NO_MEMORY;
    (*rosters)->folder = folder;
    return DAIS_OK;
}

void dais_rosters_free(dais_rosters_t **rosters)
{
    free(*rosters);
    *rosters = NULL;
}

static bool name_is_roster(const char *name)
{
    size_t size = strlen(name);
    size_t suffix = sizeof ROSTER_SUFFIX - 1;
    return name[0] != '.' && size > suffix && strcmp(name + size - suffix, ROSTER_SUFFIX) == 0;
}

static roster_seen_t *rosters_seen(dais_rosters_t *rosters, const char *name)
{
    for (size_t i = 0; i < rosters->count; i++) {
        if (strcmp(rosters->seen[i].name, name) == 0)
            return &rosters->seen[i];
    }
    if (rosters->count == DAIS_INTAKE_CYCLES_MAX)
        return NULL;
    roster_seen_t *seen = &rosters->seen[rosters->count++];
    (void)snprintf(seen->name, sizeof seen->name, "%s", name);
    return seen;
}

static bool seen_is_same(const roster_seen_t *seen, const struct stat *status)
{
    return seen->inode == status->st_ino && seen->size == status->st_size &&
           seen->changed.tv_sec == status->st_mtim.tv_sec &&
           seen->changed.tv_nsec == status->st_mtim.tv_nsec;
}

static void roster_log_bad(dais_log_t *log, const char *path, dais_fault_t fault)
{
    dais_log_line_t line;
    dais_log_begin(&line, log, DAIS_LOG_ERROR, "roster-unread");
    dais_log_err(&line, fault.err);
    dais_log_u64(&line, "offset", fault.offset);
    dais_log_text(&line, "path", path);
    dais_log_end(&line);
}

static void roster_read(const char *path, dais_intake_t *intake, dais_log_t *log)
{
    dais_file_bytes_t bytes;
    dais_fault_t fault = {dais_file_read(path, DAIS_ROSTER_FILE_SIZE_MAX, &bytes), 0};
    if (fault.err == DAIS_OK) {
        fault = dais_intake_roster(intake, dais_slice(bytes.data, bytes.size));
        dais_file_free(&bytes);
    }
    if (fault.err != DAIS_OK)
        roster_log_bad(log, path, fault);
}

static void rosters_look_at(dais_rosters_t *rosters, const char *name, dais_intake_t *intake,
                            dais_log_t *log, bool all)
{
    char path[PATH_MAX];
    struct stat status;
    int size = snprintf(path, sizeof path, "%s/%s", rosters->folder, name);
    if (size < 0 || (size_t)size >= sizeof path || stat(path, &status) != 0)
        return;
    roster_seen_t *seen = rosters_seen(rosters, name);
    if (seen == NULL || (!all && seen_is_same(seen, &status)))
        return;
    seen->inode = status.st_ino;
    seen->size = status.st_size;
    seen->changed = status.st_mtim;
    roster_read(path, intake, log);
}

dais_err_t dais_rosters_read(dais_rosters_t *rosters, dais_intake_t *intake, dais_log_t *log,
                             bool all)
{
    DIR *folder = opendir(rosters->folder);
    if (folder == NULL)
        return dais_file_err(errno);
    for (const struct dirent *entry = readdir(folder); entry != NULL; entry = readdir(folder)) {
        if (name_is_roster(entry->d_name))
            rosters_look_at(rosters, entry->d_name, intake, log, all);
    }
    (void)closedir(folder);
    return DAIS_OK;
}
