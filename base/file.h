/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_BASE_FILE_H
#define DAIS_BASE_FILE_H

#include <sys/types.h>

#include "base/err.h"
#include "base/slice.h"

/* Whole files, durably. Every path is the operator's or our own, never one taken from input. Where
 * nothing else is said: NOT_FOUND, DENIED, FILE_TYPE, NO_SPACE, TOO_LONG (a path or name), IO. */

/* What an errno value means here: the one place where that is decided. */
dais_err_t dais_file_err(int errno_value);

/* Puts bytes in the place of whatever path names, or of nothing: at each instant, and after a power
 * failure, the path has the old content or the new one, whole. The file gets exactly mode,
 * whatever the umask. A symbolic link at path is replaced, not followed. After any error the old
 * content stands, and no draft is left, with one exception: if the last step, the fsync of the
 * folder, fails, the new content shows but may not survive a power failure. */
DAIS_MUST_CHECK dais_err_t dais_file_replace(const char *path, dais_slice_t bytes, mode_t mode);

/* As dais_file_replace(), but path must be free: EXISTS if there is anything, even a dangling
 * link. So that a key is never overwritten. */
DAIS_MUST_CHECK dais_err_t dais_file_create(const char *path, dais_slice_t bytes, mode_t mode);

/* The two above in steps, for content that does not stand in memory. Write to fd, then keep or
 * drop; after either the draft is over. A process that dies between leaves a file named
 * ".dais-draft-*" in the folder, which may be deleted. */
typedef struct {
    int folder_fd;
    int fd;           /* the caller writes here, from the start */
    const char *name; /* within the folder; points into the caller's path */
    char temporary[48];
} dais_draft_t;

/* path must outlive the draft. */
DAIS_MUST_CHECK dais_err_t dais_draft_open(dais_draft_t *draft, const char *path, mode_t mode);

typedef enum { DAIS_DRAFT_REPLACE, DAIS_DRAFT_CREATE } dais_draft_keep_t;

/* fsync, rename or link, fsync of the folder. The draft is over whatever is returned. */
DAIS_MUST_CHECK dais_err_t dais_draft_keep(dais_draft_t *draft, dais_draft_keep_t how);

void dais_draft_drop(dais_draft_t *draft);

/* Deletes the drafts that dead processes left in this folder, as they may hold what has to go.
 * Nobody may have one open there. */
DAIS_MUST_CHECK dais_err_t dais_draft_sweep(const char *folder);

/* Writes all of it to fd, however many calls that takes. */
DAIS_MUST_CHECK dais_err_t dais_file_write_all(int fd, dais_slice_t bytes);

/* A file's content on the heap, with a NUL after its last byte for the sake of C text. Freed with
 * dais_file_free(), which wipes it. */
typedef struct {
    uint8_t *data;
    size_t size; /* bytes, the NUL not counted */
} dais_file_bytes_t;

/* Reads a regular file of at most size_max bytes. TOO_LONG if it is larger, found before anything
 * is reserved; IO if it grows or shrinks meanwhile; FILE_TYPE for a folder, device or pipe, which
 * is not waited for. After an error bytes is empty and needs no freeing. */
DAIS_MUST_CHECK dais_err_t dais_file_read(const char *path, size_t size_max,
                                          dais_file_bytes_t *bytes);

/* The same for secrets: EXPOSED if group or others have any permission. What is judged is the
 * opened file, so nothing can be put in its place between the look and the read. */
DAIS_MUST_CHECK dais_err_t dais_file_read_secret(const char *path, size_t size_max,
                                                 dais_file_bytes_t *bytes);

/* Wipes and frees; bytes is then empty. Harmless on an empty one. */
void dais_file_free(dais_file_bytes_t *bytes);

/* fsync of a folder: only then do new names in it survive a power failure. */
DAIS_MUST_CHECK dais_err_t dais_file_sync_folder(const char *folder);

/* Makes the folder with exactly mode; one that is there already keeps its own. Its parent must
 * exist, and is synced in both cases: an earlier process may have died before it came to that. */
DAIS_MUST_CHECK dais_err_t dais_file_ensure_folder(const char *folder, mode_t mode);

#endif
