/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_INTAKE_ROSTERS_H
#define DAIS_INTAKE_ROSTERS_H

#include "intake/core.h"

/* The exported rosters in a folder: every file `<cycle>.roster` there is one. They are replaced
 * whole by whoever exports them, so each is read again when it is another file than before. */
typedef struct dais_rosters dais_rosters_t;

/* folder outlives it. NO_MEMORY. */
DAIS_MUST_CHECK dais_err_t dais_rosters_new(const char *folder, dais_rosters_t **rosters);
void dais_rosters_free(dais_rosters_t **rosters);

/* Reads what is new or changed, or all of it, into the intake. What cannot be read or is no roster
 * is logged and passed over: the roster that was read before goes on to count. An error only if the
 * folder itself cannot be read. */
DAIS_MUST_CHECK dais_err_t dais_rosters_read(dais_rosters_t *rosters, dais_intake_t *intake,
                                             dais_log_t *log, bool all);

#endif
