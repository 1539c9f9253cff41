/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_BASE_EXIT_H
#define DAIS_BASE_EXIT_H

#include "base/err.h"

/* What every program of ours exits with. Supervisors must not restart on DAMAGED and CONFIG: a
 * person has to look (RestartPreventExitStatus=7 9). */
typedef enum {
    DAIS_EXIT_DONE = 0, /* also: it was done already */
    DAIS_EXIT_FAILED = 1,
    DAIS_EXIT_USAGE = 2,
    DAIS_EXIT_PARTLY = 3,
    DAIS_EXIT_UNVERIFIED = 4,
    DAIS_EXIT_TEMPORARY = 5, /* to try again is safe */
    DAIS_EXIT_REFUSED = 6,   /* for good */
    DAIS_EXIT_CONFIG = 7,    /* or policy */
    DAIS_EXIT_LOCKED = 8,
    DAIS_EXIT_DAMAGED = 9,
    DAIS_EXIT_INTERRUPTED = 130,
} dais_exit_t;

/* The exit that fits an error which nobody has a better word for. */
dais_exit_t dais_exit_of(dais_err_t err);

#endif
