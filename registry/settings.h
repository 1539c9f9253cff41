/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_REGISTRY_SETTINGS_H
#define DAIS_REGISTRY_SETTINGS_H

#include "base/config.h"
#include "base/curve.h"
#include "registry/house.h"

/* The settings of dais-registry, with what each does: see `dais-registry --print-config`. */
extern const dais_config_key_t dais_registry_settings[];

#define DAIS_REGISTRY_CONFIG "/etc/dais/registry.zpl"

/* What the settings say of the house. Texts live as long as the configuration. Room, clock and
 * randomness are the caller's to add. */
void dais_registry_house(const dais_config_t *config, dais_house_t *house);

/* How the broker is reached: keys only over tcp. *has_keys is false for ipc. */
typedef struct {
    const char *endpoint;
    bool has_keys;
    dais_curve_pair_t own;
    uint8_t server_key[DAIS_CURVE_KEY_SIZE];
} dais_registry_broker_t;

/* Reads the key file. EXPOSED, BAD_KEY, PLAIN_TCP, and what dais_file_read() says. */
DAIS_MUST_CHECK dais_err_t dais_registry_broker(const dais_config_t *config,
                                                dais_registry_broker_t *broker);

#endif
