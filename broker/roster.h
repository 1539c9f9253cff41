/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_BROKER_ROSTER_H
#define DAIS_BROKER_ROSTER_H

#include <stdio.h>

#include "base/curve.h"
#include "base/logfmt.h"

/* Who may come in at the front: the transport keys of all exported rosters (proto/roster_file.h) in
 * one folder, the files "<cycle>.roster". */
typedef struct dais_roster dais_roster_t;

#define DAIS_ROSTER_FILE_COUNT_MAX 1024

/* NO_MEMORY. The folder's name is copied; it need not exist yet. */
DAIS_MUST_CHECK dais_err_t dais_roster_new(const char *folder, dais_log_t *log,
                                           dais_roster_t **roster);
void dais_roster_destroy(dais_roster_t **roster);

/* Reads the files anew if one of them has come, gone or changed since the last time, or if forced.
 * A file that cannot be read or is not well formed is logged, and what it admitted before stays
 * admitted: a damaged extract must not lock everybody out, and who is revoked is so by the log.
 * True if the keys are others than before. */
bool dais_roster_refresh(dais_roster_t *roster, bool forced);

bool dais_roster_has(const dais_roster_t *roster, const uint8_t key[DAIS_CURVE_KEY_SIZE]);

size_t dais_roster_key_count(const dais_roster_t *roster);
size_t dais_roster_file_count(const dais_roster_t *roster);

#endif
