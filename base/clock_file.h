/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_BASE_CLOCK_FILE_H
#define DAIS_BASE_CLOCK_FILE_H

#include <limits.h>

#include "base/clock.h"

/* A clock for rehearsals: its wall clock is what a file says, one RFC 3339 instant and a newline,
 * and stands still until whoever plays the time puts another file in its place (written beside it
 * and renamed: base/file.h, or mv). All daemons of a rehearsal read the same file. The boot clock
 * is the machine's, so timers run on. Only a rehearsal may use one: a daemon that holds a real
 * cycle refuses it. */
typedef struct {
    char path[PATH_MAX];
} dais_clock_file_t;

/* Reads the file once, to see that it can be read. The caller keeps `file` for as long as the clock
 * is used. What dais_file_read() says of the path; BAD_TEXT or OUT_OF_RANGE for what is in it.
 * Readings later answer CLOCK for all of these. */
DAIS_MUST_CHECK dais_err_t dais_clock_file(dais_clock_file_t *file, const char *path,
                                           dais_clock_t *clock);

#endif
