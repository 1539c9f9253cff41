/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_REGISTRY_SETTINGS_H
#define DAIS_REGISTRY_SETTINGS_H

#include <stdint.h>

#include "base/args.h"

/* What the registry is told by its command line. */
typedef struct {
    char data[400];       /* a folder for each cycle lies in it */
    char guards[400];     /* where fork guards lie; empty: each in its cycle's folder */
    char broker[400];     /* endpoint of the broker's back or local door */
    char clock_file[400]; /* of a rehearsal; empty: the system's clock */
    uint64_t quota;       /* messages of one actor and day */
} dais_registry_settings_t;

#define DAIS_REGISTRY_DATA   "/var/lib/dais/registry"
#define DAIS_REGISTRY_BROKER "ipc:///run/dais/back/broker"

/* Answers what the program is to exit with, having said why, if it is not DONE. */
int dais_registry_settings_read(const dais_args_t *args, dais_registry_settings_t *settings);

#endif
