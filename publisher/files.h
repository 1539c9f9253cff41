/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_PUBLISHER_FILES_H
#define DAIS_PUBLISHER_FILES_H

#include "base/err.h"
#include "base/hash.h"
#include "base/slice.h"

/* The published folder. Files are put, and appear when they are settled: each whole or not at all,
 * everything that was put before on the disk before anything that is put after, and one whose
 * content stays the same not touched. One sync does for all files of a batch: a site has tens of
 * thousands. What a file held is remembered by its hash, so that rendering a page again costs no
 * disk. */
typedef struct dais_files dais_files_t;

/* The folder of a cycle below that of the site. BAD_TEXT unless its name can be one, and a part of
 * an address: letters, digits, "-", "." and "_", not led by ".", so that no log chooses where its
 * pages go. TOO_LONG if there is no room. */
DAIS_MUST_CHECK dais_err_t dais_files_folder(const char *site, dais_slice_t cycle, char *path,
                                             size_t capacity);

/* Makes the folder if it is not there; its parent has to be. */
DAIS_MUST_CHECK dais_err_t dais_files_open(dais_files_t **files, const char *folder);

/* A folder that is nowhere: each file that is put goes to `sink`, whose error is that of the put.
 * For whoever compares what would be published with what is; `folder` is where that stands, or
 * empty, and only dais_files_path() gives it. */
typedef dais_err_t dais_files_sink_t(void *context, const char *path, dais_slice_t bytes);
DAIS_MUST_CHECK dais_err_t dais_files_open_sink(dais_files_t **files, const char *folder,
                                                dais_files_sink_t *sink, void *context);

/* What was put and not settled is dropped. *files is null afterwards. */
void dais_files_close(dais_files_t **files);

/* path is relative, of our own making, with "/" between; folders on the way are made. Files are
 * readable by everybody. A process that ends before they are settled leaves files named
 * ".dais-draft-N" behind, which the next one overwrites. */
DAIS_MUST_CHECK dais_err_t dais_files_put(dais_files_t *files, const char *path,
                                          dais_slice_t bytes);

/* What was put appears: synced, then renamed, then the names synced. */
DAIS_MUST_CHECK dais_err_t dais_files_settle(dais_files_t *files);

/* Deletes a file that was put; one that is not there is as good. Settles first. */
DAIS_MUST_CHECK dais_err_t dais_files_drop(dais_files_t *files, const char *path);

/* A file that was made from what this mark stands for, by this process, and has not changed since:
 * then it need not even be rendered, and is counted as kept. */
bool dais_files_is_marked(dais_files_t *files, const char *path, const dais_hash_t *mark);

/* Marks a file that was put. */
void dais_files_mark(dais_files_t *files, const char *path, const dais_hash_t *mark);

/* Calls back for each file that was put and not dropped since opening, by its path in byte order:
 * what the manifest is made from. */
typedef void dais_files_fn_t(void *context, const char *path, const dais_hash_t *hash,
                             uint64_t size);
DAIS_MUST_CHECK dais_err_t dais_files_walk(dais_files_t *files, dais_files_fn_t *each,
                                           void *context);

/* Was it put, and not dropped? */
bool dais_files_has(const dais_files_t *files, const char *path);

const char *dais_files_path(const dais_files_t *files); /* of the folder */

/* How many files were written, and how many were left as they stood. */
typedef struct {
    uint64_t written, kept;
} dais_files_figures_t;

dais_files_figures_t dais_files_figures(const dais_files_t *files);

#endif
