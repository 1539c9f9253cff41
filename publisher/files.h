/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_PUBLISHER_FILES_H
#define DAIS_PUBLISHER_FILES_H

#include "base/err.h"
#include "base/hash.h"
#include "base/slice.h"

/* The published folder. Each file appears whole or not at all (base/file.h), in the order in which
 * it is put, and one whose content stays the same is not touched. What a file held is remembered by
 * its hash, so that rendering a page again costs no disk. */
typedef struct dais_files dais_files_t;

/* The folder of a cycle below that of the site. BAD_TEXT unless its name can be one, and a part of
 * an address: letters, digits, "-", "." and "_", not led by ".", so that no log chooses where its
 * pages go. TOO_LONG if there is no room. */
DAIS_MUST_CHECK dais_err_t dais_files_folder(const char *site, dais_slice_t cycle, char *path,
                                             size_t capacity);

/* Makes the folder if it is not there; its parent has to be. */
DAIS_MUST_CHECK dais_err_t dais_files_open(dais_files_t **files, const char *folder);

/* A folder that is nowhere: each file that is put goes to `sink`, whose error is that of the put.
 * For whoever compares what would be published with what is. */
typedef dais_err_t dais_files_sink_t(void *context, const char *path, dais_slice_t bytes);
DAIS_MUST_CHECK dais_err_t dais_files_open_sink(dais_files_t **files, dais_files_sink_t *sink,
                                                void *context);
void dais_files_close(dais_files_t **files); /* *files is null afterwards */

/* path is relative, of our own making, with "/" between; folders on the way are made. Files are
 * readable by everybody. */
DAIS_MUST_CHECK dais_err_t dais_files_put(dais_files_t *files, const char *path,
                                          dais_slice_t bytes);

/* Deletes a file that was put; one that is not there is as good. */
DAIS_MUST_CHECK dais_err_t dais_files_drop(dais_files_t *files, const char *path);

/* Calls back for each file that was put and not dropped since opening, by its path in byte order:
 * what the manifest is made from. */
typedef void dais_files_fn_t(void *context, const char *path, const dais_hash_t *hash,
                             uint64_t size);
void dais_files_walk(const dais_files_t *files, dais_files_fn_t *each, void *context);

/* Was it put, and not dropped? */
bool dais_files_has(const dais_files_t *files, const char *path);

/* How many files were written, and how many were left as they stood. */
typedef struct {
    uint64_t written, kept;
} dais_files_figures_t;

dais_files_figures_t dais_files_figures(const dais_files_t *files);

#endif
