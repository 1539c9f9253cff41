/* SPDX-License-Identifier: Apache-2.0
 *
 * The file is opened anew for each reading: what is renamed into its place is another file. */
#include "base/clock_file.h"

#include "base/file.h"

#define CLOCK_FILE_SIZE_MAX 64 /* bytes: an instant, its newline and some room */

static dais_err_t clock_file_wall(const char *path, uint64_t *wall_ms)
{
    dais_file_bytes_t bytes;
    dais_err_t err = dais_file_read(path, CLOCK_FILE_SIZE_MAX, &bytes);
    if (err != DAIS_OK)
        return err;
    dais_slice_t text = dais_slice(bytes.data, bytes.size);
    if (text.size > 0 && text.data[text.size - 1] == '\n')
        text.size--;
    err = dais_clock_parse(text, wall_ms);
    dais_file_free(&bytes);
    return err;
}

static dais_err_t clock_file_read(void *context, dais_now_t *now)
{
    const dais_clock_file_t *file = (const dais_clock_file_t *)context;
    dais_clock_t system = dais_clock_system();
    dais_now_t both;
    if (dais_clock_now(&system, &both) != DAIS_OK ||
        clock_file_wall(file->path, &both.wall_ms) != DAIS_OK)
        return DAIS_ERR_CLOCK;
    *now = both;
    return DAIS_OK;
}

dais_err_t dais_clock_file(dais_clock_file_t *file, const char *path, dais_clock_t *clock)
{
    size_t size = strlen(path);
    if (size >= sizeof file->path)
        return DAIS_ERR_TOO_LONG;
    memcpy(file->path, path, size + 1);
    *clock = (dais_clock_t){.read = clock_file_read, .context = file};
    uint64_t wall_ms;
    return clock_file_wall(file->path, &wall_ms);
}
