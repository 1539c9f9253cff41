/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_REGISTRY_LOG_GUARD_H
#define DAIS_REGISTRY_LOG_GUARD_H

#include "proto/guard.h"

/* The fork guard's file (proto/guard.h): it lies apart from the store, on another disk where there
 * is one, and holds the last checkpoint that was signed. It is written and synced after a commit
 * and before the signature, so that whatever store comes back from a backup, the log never signs
 * two histories. */
typedef struct {
    int fd; /* -1 while it is not open */
    dais_guard_t last;
    size_t next_slot;
} dais_guard_file_t;

/* Makes the file with its first slot, durably. EXISTS if there is one. */
DAIS_MUST_CHECK dais_err_t dais_guard_file_create(const char *path, const dais_guard_t *first);

/* Opens it and reads the last turn. NOT_FOUND; CORRUPT if neither slot is good or they contradict
 * each other. On error it is not open. */
DAIS_MUST_CHECK dais_err_t dais_guard_file_open(dais_guard_file_t *guard, const char *path);

/* Harmless on one that is not open. */
void dais_guard_file_close(dais_guard_file_t *guard);

/* Writes the slot whose turn it is and syncs it: *next but for its turn, which is set here. After
 * an error nothing may be signed any more. */
DAIS_MUST_CHECK dais_err_t dais_guard_file_write(dais_guard_file_t *guard,
                                                 const dais_guard_t *next);

#endif
