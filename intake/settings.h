/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_INTAKE_SETTINGS_H
#define DAIS_INTAKE_SETTINGS_H

#include "base/config.h"

/* What the configuration of an intake may hold. */
extern const dais_config_key_t dais_intake_settings[];

/* What the table cannot express: both endpoints are of one sort, and tcp has the broker's key. */
DAIS_MUST_CHECK dais_err_t dais_intake_settings_check(const dais_config_t *config, FILE *errors);

#endif
