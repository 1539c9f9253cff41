/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_PUBLISHER_SETTINGS_H
#define DAIS_PUBLISHER_SETTINGS_H

#include "base/config.h"

extern const dais_config_key_t dais_publisher_settings[];
dais_err_t dais_publisher_settings_check(const dais_config_t *config, FILE *errors);

#endif
