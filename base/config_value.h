/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_BASE_CONFIG_VALUE_H
#define DAIS_BASE_CONFIG_VALUE_H

#include "base/config.h"

/* Is this a value that the setting takes? *number is that of NUMBER, BYTES and TIME_MS, else 0.
 * BAD_VALUE with a text that says what is valid, or OUT_OF_RANGE likewise. */
DAIS_MUST_CHECK dais_err_t dais_config_value(const dais_config_key_t *key, const char *text,
                                             uint64_t *number, char *valid, size_t valid_size);

#endif
