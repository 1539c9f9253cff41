/* SPDX-License-Identifier: Apache-2.0 */
#include "base/ballast.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"

static void ballast_log(dais_log_t *log, dais_log_level_t level, const char *event,
                        const char *path, uint64_t free_bytes)
{
    dais_log_line_t line;
    dais_log_begin(&line, log, level, event);
    dais_log_text(&line, "path", path);
    dais_log_u64(&line, "free_bytes", free_bytes);
    dais_log_end(&line);
}

/* Allocated, not merely sized: a sparse file would give nothing back. */
static dais_err_t ballast_make(const char *path, uint64_t bytes)
{
    dais_draft_t draft;
    dais_err_t err = dais_draft_open(&draft, path, S_IRUSR | S_IWUSR);
    if (err != DAIS_OK)
        return err;
    int code = posix_fallocate(draft.fd, 0, (off_t)bytes);
    if (code != 0) {
        dais_draft_drop(&draft);
        return dais_file_err(code);
    }
    return dais_draft_keep(&draft, DAIS_DRAFT_REPLACE);
}

dais_err_t dais_ballast_look(const char *path, uint64_t bytes, uint64_t floor_bytes,
                             uint64_t free_bytes, dais_log_t *log)
{
    struct stat status;
    bool there = stat(path, &status) == 0;
    if (bytes == 0)
        return DAIS_OK;
    if (there && free_bytes < floor_bytes / 2) {
        if (unlink(path) != 0)
            return dais_file_err(errno);
        ballast_log(log, DAIS_LOG_ERROR, "ballast-released", path, free_bytes);
        return DAIS_OK;
    }
    if (there || free_bytes < floor_bytes + 2 * bytes)
        return DAIS_OK;
    dais_err_t err = ballast_make(path, bytes);
    if (err == DAIS_OK)
        ballast_log(log, DAIS_LOG_INFO, "ballast-taken", path, free_bytes);
    return err;
}
