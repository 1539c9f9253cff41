/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_OFFICE_PATHS_H
#define DAIS_OFFICE_PATHS_H

#include <limits.h>
#include <stddef.h>

#include "base/err.h"

/* Where a person's and the system's files lie, after the XDG base directory specification. */
typedef enum {
    DAIS_PATH_CONFIG, /* $XDG_CONFIG_HOME/dais, or ~/.config/dais */
    DAIS_PATH_DATA,   /* $XDG_DATA_HOME/dais, or ~/.local/share/dais */
    DAIS_PATH_SYSTEM, /* dais in the first of $XDG_CONFIG_DIRS, or /etc/xdg/dais */
} dais_path_base_t;

/* Writes "<base>/<rest>" to path. NOT_FOUND if neither the variable nor HOME is set to an absolute
 * path, TOO_LONG. */
DAIS_MUST_CHECK dais_err_t dais_path_make(dais_path_base_t base, const char *rest,
                                          char path[PATH_MAX]);

/* Makes every folder above the last part of path, each mode 0700. */
DAIS_MUST_CHECK dais_err_t dais_path_ensure_parents(const char *path);

/* name within the folder of the file at beside, unless name is absolute. TOO_LONG. */
DAIS_MUST_CHECK dais_err_t dais_path_beside(const char *beside, const char *name,
                                            char path[PATH_MAX]);

/* A name that a profile or key file may have: 1 to 64 of [A-Za-z0-9._-], not led by a dot. */
bool dais_path_name_ok(const char *name);

#endif
