/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_BROKER_DOOR_MODE_H
#define DAIS_BROKER_DOOR_MODE_H

#include "base/err.h"
#include "base/logfmt.h"

/* Where a door cannot be opened for the mode of a file or folder: a log line with its path, its
 * mode in octal digits, and the command that mends it. secret: file of the door's key, or null;
 * endpoint: the door's. Nothing after another error than EXPOSED and OPEN_TO_ALL. */
void dais_door_mode(dais_log_t *log, const char *door, const char *secret, const char *endpoint,
                    dais_err_t err);

#endif
