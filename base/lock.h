/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_BASE_LOCK_H
#define DAIS_BASE_LOCK_H

#include "base/err.h"

/* A file that one process at a time holds, for as long as it lives: flock(2), which the kernel lets
 * go whatever the process dies of. Makes the file (mode 0600) if it is not there. LOCKED if another
 * process, or this one, has it; *fd is then -1. */
DAIS_MUST_CHECK dais_err_t dais_lock_take(const char *path, int *fd);

/* Harmless on -1; *fd is -1 afterwards. The file stays. */
void dais_lock_drop(int *fd);

#endif
