/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_BROKER_SETTINGS_H
#define DAIS_BROKER_SETTINGS_H

#include "base/config.h"
#include "broker/outbox.h"
#include "broker/queue.h"
#include "broker/staff.h"

extern const dais_config_key_t dais_broker_settings[];

/* What goes together and what does not: tcp needs a key, a front needs a roster. */
dais_err_t dais_broker_check(const dais_config_t *config, FILE *errors);

dais_queue_limits_t dais_broker_queue_limits(const dais_config_t *config);
dais_staff_limits_t dais_broker_staff_limits(const dais_config_t *config);
dais_outbox_limits_t dais_broker_outbox_limits(const dais_config_t *config);

#endif
