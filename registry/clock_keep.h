/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_REGISTRY_CLOCK_KEEP_H
#define DAIS_REGISTRY_CLOCK_KEEP_H

#include "base/clock_guard.h"
#include "base/clock_reading.h"

/* The guard of the clock (base/clock_guard.h) with the file that its anchor is kept in, so that a
 * restart is no way around a doubt. The registry has two: real cycles ask the kernel too whether
 * its clock is kept right, rehearsals do not. */
typedef struct {
    dais_clock_guard_t guard;
    char path[512];
    uint8_t kept[DAIS_CLOCK_KEPT_MAX]; /* what the file holds */
    size_t kept_size;
} dais_clock_keep_t;

/* Goes on from the file, or begins afresh where there is none. floor_ms is the latest time that was
 * given out. CORRUPT, CLOCK, and what files fail with. */
DAIS_MUST_CHECK dais_err_t dais_clock_keep_start(dais_clock_keep_t *keep, const char *path,
                                                 dais_clock_mode_t mode, const dais_clock_t *clock,
                                                 uint64_t floor_ms);

/* To be called each second. *doubt is what there is; the file follows. */
DAIS_MUST_CHECK dais_err_t dais_clock_keep_step(dais_clock_keep_t *keep, const dais_clock_t *clock,
                                                dais_clock_doubt_t *doubt);

/* An operator has said that the clock is right. */
DAIS_MUST_CHECK dais_err_t dais_clock_keep_accept(dais_clock_keep_t *keep,
                                                  const dais_clock_t *clock);

/* Where the file lies in the data folder. */
void dais_clock_keep_path(const char *folder, bool is_rehearsal, char path[512]);

#endif
