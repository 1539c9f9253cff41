/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_AUDIT_FOLDER_H
#define DAIS_AUDIT_FOLDER_H

#include <stdio.h>

#include "base/err.h"

/* A published log, as its publisher writes it: `checkpoint`, `tile/`, `open/` (docs/formats.md). It
 * is read into the form of an exported log, so that everything that checks the one checks the
 * other. What is in the files is believed by nobody here; the checks come after. */

/* Is there a published log at this path, or in `log` below it? */
bool dais_folder_is_log(const char *path);

/* Writes it as an exported log to `file`, from its start. NOT_FOUND where a file of the log is
 * missing; TRUNCATED, TRAILING, WRONG_LOG, WRONG_ENTRY and the like for one that is not well
 * formed; BAD_ROOT for a tile of hashes that is not the one of the leaves. `at` (PATH_MAX bytes)
 * has the file at fault. */
DAIS_MUST_CHECK dais_err_t dais_folder_export(const char *path, FILE *file, char *at);

#endif
