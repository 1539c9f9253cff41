/* SPDX-License-Identifier: Apache-2.0 */
#include "registry/clock_keep.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/file.h"

void dais_clock_keep_path(const char *folder, bool is_rehearsal, char path[512])
{
    (void)snprintf(path, 512, "%s/%s", folder, is_rehearsal ? ".clock-rehearsal" : ".clock");
}

/* Writes the file if there is anything new to be kept. */
static dais_err_t keep_write(dais_clock_keep_t *keep)
{
    uint8_t kept[DAIS_CLOCK_KEPT_MAX];
    size_t size = dais_clock_guard_keep(&keep->guard, kept);
    if (size == keep->kept_size && memcmp(kept, keep->kept, size) == 0)
        return DAIS_OK;
    dais_err_t err = dais_file_replace(keep->path, dais_slice(kept, size), S_IRUSR | S_IWUSR);
    if (err == DAIS_OK) {
        memcpy(keep->kept, kept, size);
        keep->kept_size = size;
    }
    return err;
}

dais_err_t dais_clock_keep_start(dais_clock_keep_t *keep, const char *path, dais_clock_mode_t mode,
                                 const dais_clock_t *clock, uint64_t floor_ms)
{
    dais_clock_reading_t reading;
    dais_file_bytes_t bytes;
    memset(keep, 0, sizeof *keep);
    if (snprintf(keep->path, sizeof keep->path, "%s", path) >= (int)sizeof keep->path)
        return DAIS_ERR_TOO_LONG;
    dais_err_t err = dais_clock_reading(clock, &reading);
    if (err != DAIS_OK)
        return err;
    err = dais_file_read(path, DAIS_CLOCK_KEPT_MAX, &bytes);
    if (err == DAIS_OK)
        err = dais_clock_guard_resume(&keep->guard, mode, dais_slice(bytes.data, bytes.size),
                                      &reading, floor_ms);
    else if (err == DAIS_ERR_NOT_FOUND) {
        dais_clock_guard_start(&keep->guard, mode, &reading, floor_ms);
        err = DAIS_OK;
    }
    dais_file_free(&bytes);
    return err == DAIS_OK ? keep_write(keep) : err;
}

dais_err_t dais_clock_keep_step(dais_clock_keep_t *keep, const dais_clock_t *clock,
                                dais_clock_doubt_t *doubt)
{
    dais_clock_reading_t reading;
    dais_err_t err = dais_clock_reading(clock, &reading);
    if (err != DAIS_OK)
        return err;
    *doubt = dais_clock_guard_step(&keep->guard, &reading);
    return keep_write(keep);
}

dais_err_t dais_clock_keep_accept(dais_clock_keep_t *keep, const dais_clock_t *clock)
{
    dais_clock_reading_t reading;
    dais_err_t err = dais_clock_reading(clock, &reading);
    if (err != DAIS_OK)
        return err;
    dais_clock_guard_accept(&keep->guard, &reading);
    return keep_write(keep);
}
