/* SPDX-License-Identifier: Apache-2.0 */
#include "audit/frames.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>

#include "audit/folder.h"
#include "base/file.h"

#define FRAME_HEAD ((size_t)4) /* bytes of length */

/* A published folder becomes an exported log in a file that is gone when it is closed. */
static dais_err_t frames_of_folder(dais_frames_t *frames, const char *path)
{
    char at[PATH_MAX];
    frames->file = tmpfile();
    if (frames->file == NULL)
        return dais_file_err(errno);
    dais_err_t err = dais_folder_export(path, frames->file, at);
    if (err == DAIS_OK && fflush(frames->file) != 0)
        err = dais_file_err(errno);
    rewind(frames->file);
    if (err == DAIS_OK)
        return DAIS_OK;
    (void)fprintf(stderr, "%s\n", at);
    dais_frames_close(frames);
    return err;
}

dais_err_t dais_frames_open(dais_frames_t *frames, const char *path)
{
    *frames = (dais_frames_t){.file = NULL};
    if (dais_folder_is_log(path)) {
        dais_err_t err = frames_of_folder(frames, path);
        if (err != DAIS_OK)
            return err;
    } else {
        frames->file = fopen(path, "rbe");
    }
    if (frames->file == NULL)
        return dais_file_err(errno);
    frames->buffer = malloc(DAIS_EXPORT_FRAME_MAX);
    if (frames->buffer != NULL)
        return DAIS_OK;
    dais_frames_close(frames);
    return DAIS_ERR_NO_MEMORY;
}

void dais_frames_close(dais_frames_t *frames)
{
    if (frames->file != NULL)
        (void)fclose(frames->file);
    free(frames->buffer);
    *frames = (dais_frames_t){.file = NULL};
}

bool dais_frames_are_export(dais_frames_t *frames)
{
    uint8_t first[64];
    size_t size = fread(first, 1, sizeof first, frames->file);
    rewind(frames->file);
    frames->offset = 0;
    if (size < 2 * FRAME_HEAD || first[0] != 0 || first[1] != 0)
        return false;
    return dais_shape_of(dais_slice(first + FRAME_HEAD, size - FRAME_HEAD)) ==
           &dais_shape_export_head;
}

static dais_fault_t frames_fault(const dais_frames_t *frames, dais_err_t err, size_t more)
{
    return (dais_fault_t){ferror(frames->file) ? DAIS_ERR_IO : err, frames->offset + more};
}

dais_fault_t dais_frames_next(dais_frames_t *frames, dais_slice_t *frame)
{
    uint8_t head[FRAME_HEAD];
    size_t got = fread(head, 1, sizeof head, frames->file);
    *frame = dais_slice(frames->buffer, 0);
    if (got == 0)
        return frames_fault(frames, DAIS_OK, 0);
    size_t size = (size_t)head[0] << 24 | (size_t)head[1] << 16 | (size_t)head[2] << 8 | head[3];
    if (got < sizeof head || size == 0)
        return frames_fault(frames, DAIS_ERR_TRUNCATED, 0);
    if (size > DAIS_EXPORT_FRAME_MAX)
        return frames_fault(frames, DAIS_ERR_TOO_LONG, 0);
    if (fread(frames->buffer, 1, size, frames->file) != size)
        return frames_fault(frames, DAIS_ERR_TRUNCATED, FRAME_HEAD);
    frames->offset += FRAME_HEAD + size;
    *frame = dais_slice(frames->buffer, size);
    return (dais_fault_t){DAIS_OK, 0};
}
