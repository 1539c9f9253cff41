/* SPDX-License-Identifier: Apache-2.0 */
#include "audit/frames.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "audit/folder.h"
#include "base/file.h"

#define FRAME_HEAD ((size_t)4) /* bytes of length */
#define READ_AHEAD                                                                                 \
    ((size_t)1 << 20) /* bytes; reading costs a third of it all with stdio's 4 KiB                 \
                       */
#define BUFFER (FRAME_HEAD + DAIS_EXPORT_FRAME_MAX + READ_AHEAD)

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
    if (err == DAIS_OK && lseek(fileno(frames->file), 0, SEEK_SET) != 0)
        err = dais_file_err(errno);
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
    frames->buffer = malloc(BUFFER);
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

/* Has the buffer at least `size` bytes now, as far as the file goes? */
static dais_err_t frames_fill(dais_frames_t *frames, size_t size)
{
    if (frames->end - frames->start >= size)
        return DAIS_OK;
    memmove(frames->buffer, frames->buffer + frames->start, frames->end - frames->start);
    frames->end -= frames->start;
    frames->start = 0;
    while (frames->end < size) {
        ssize_t got =
            read(fileno(frames->file), frames->buffer + frames->end, BUFFER - frames->end);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return got == 0 ? DAIS_OK : DAIS_ERR_IO;
        frames->end += (size_t)got;
    }
    return DAIS_OK;
}

bool dais_frames_are_export(dais_frames_t *frames)
{
    const size_t first = 64;
    if (frames_fill(frames, first) != DAIS_OK || frames->end < 2 * FRAME_HEAD ||
        frames->buffer[0] != 0 || frames->buffer[1] != 0)
        return false;
    size_t size = frames->end < first ? frames->end : first;
    return dais_shape_of(dais_slice(frames->buffer + FRAME_HEAD, size - FRAME_HEAD)) ==
           &dais_shape_export_head;
}

static dais_fault_t frames_fault(const dais_frames_t *frames, dais_err_t err, size_t more)
{
    return (dais_fault_t){err, frames->offset + more};
}

dais_fault_t dais_frames_next(dais_frames_t *frames, dais_slice_t *frame)
{
    *frame = dais_slice(frames->buffer, 0);
    dais_err_t err = frames_fill(frames, FRAME_HEAD);
    size_t got = frames->end - frames->start;
    if (err != DAIS_OK || got == 0)
        return frames_fault(frames, err, 0);
    const uint8_t *head = frames->buffer + frames->start;
    size_t size = got < FRAME_HEAD ? 0
                                   : (size_t)head[0] << 24 | (size_t)head[1] << 16 |
                                         (size_t)head[2] << 8 | head[3];
    if (size == 0)
        return frames_fault(frames, DAIS_ERR_TRUNCATED, 0);
    if (size > DAIS_EXPORT_FRAME_MAX)
        return frames_fault(frames, DAIS_ERR_TOO_LONG, 0);
    err = frames_fill(frames, FRAME_HEAD + size);
    if (err == DAIS_OK && frames->end - frames->start < FRAME_HEAD + size)
        err = DAIS_ERR_TRUNCATED;
    if (err != DAIS_OK)
        return frames_fault(frames, err, FRAME_HEAD);
    *frame = dais_slice(frames->buffer + frames->start + FRAME_HEAD, size);
    frames->start += FRAME_HEAD + size;
    frames->offset += FRAME_HEAD + size;
    return (dais_fault_t){DAIS_OK, 0};
}
