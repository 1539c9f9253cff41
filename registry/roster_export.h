/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_REGISTRY_ROSTER_EXPORT_H
#define DAIS_REGISTRY_ROSTER_EXPORT_H

#include "registry/cycle.h"

/* The roster as broker and intake read it (proto/roster_file.h): keys in force, by rising number.
 * Left out are keys without a transport key, as that of genesis, and intakes that are lost. */

/* Replaces the file at path by what the log says now. Between batches. */
DAIS_MUST_CHECK dais_err_t dais_roster_export(dais_cycle_t *cycle, const char *path);

/* The same to <cycle>.roster in the house's folder of rosters, if it has one. */
DAIS_MUST_CHECK dais_err_t dais_roster_publish(dais_cycle_t *cycle);

#endif
