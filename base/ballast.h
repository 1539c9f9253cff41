/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_BASE_BALLAST_H
#define DAIS_BASE_BALLAST_H

#include "base/logfmt.h"

/* A file that does nothing but take up room, so that there is some to give back when others have
 * filled the disk: to start, to hand on what is held and to delete, a store needs pages as well. */

/* One look at it. Removes the file when less than half of floor_bytes is free, and makes it again
 * (`bytes` large, really allocated) once floor_bytes and twice its size are. Logs both. Harmless
 * with bytes 0. What the system says: NO_SPACE and IO are no reason to stop. */
DAIS_MUST_CHECK dais_err_t dais_ballast_look(const char *path, uint64_t bytes, uint64_t floor_bytes,
                                             uint64_t free_bytes, dais_log_t *log);

#endif
