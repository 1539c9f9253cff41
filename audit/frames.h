/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_AUDIT_FRAMES_H
#define DAIS_AUDIT_FRAMES_H

#include <stdio.h>

#include "proto/export.h"

/* The frames of an exported log, one after the other, in memory for one of them. */
typedef struct {
    FILE *file;      /* owned; read by its descriptor, in large pieces */
    uint8_t *buffer; /* owned: what was read and not handed out lies from start to end */
    size_t start, end;
    size_t offset; /* of the next frame in the file */
} dais_frames_t;

/* path is an exported log or the folder of a published one (audit/folder.h). NO_MEMORY, or as
 * dais_file_read() for a file that cannot be opened, or as dais_folder_export(), which also names
 * the file at fault on stderr. */
dais_err_t dais_frames_open(dais_frames_t *frames, const char *path) DAIS_MUST_CHECK;
void dais_frames_close(dais_frames_t *frames);

/* True if the file opens as an exported log does: with the length of its head, which is below
 * 64 KiB, and the head. Reading starts at the first frame again. */
bool dais_frames_are_export(dais_frames_t *frames);

/* The next frame; an empty slice at the end of the file. It lives until the next call. The offset
 * of a fault counts from the start of the file. */
dais_fault_t dais_frames_next(dais_frames_t *frames, dais_slice_t *frame) DAIS_MUST_CHECK;

#endif
