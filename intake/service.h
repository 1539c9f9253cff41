/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_INTAKE_SERVICE_H
#define DAIS_INTAKE_SERVICE_H

#include "base/daemon.h"
#include "base/mdp_client.h"
#include "base/mdp_worker.h"
#include "intake/core.h"
#include "intake/rosters.h"

/* The intake on its sockets: a worker of its service at the broker's back door, a client of the
 * registries at the broker's local door, and the timers that drive the core. */
typedef struct dais_intake_service dais_intake_service_t;

#define DAIS_INTAKE_SERVICES_MAX 8

typedef struct {
    const char *services[DAIS_INTAKE_SERVICES_MAX]; /* the names it answers to */
    size_t service_count;
    const char *back;             /* endpoint for workers */
    const char *door;             /* endpoint for clients */
    const dais_curve_pair_t *own; /* null where both are ipc */
    const uint8_t *broker_key;    /* of the broker; null as well */
    uint32_t credit_count;
    uint32_t heartbeat_ms;
    dais_rosters_t *rosters;
} dais_intake_service_options_t;

/* Works in the loop of the daemon, and ends it (dais_daemon_fail()) when the core has failed.
 * NO_MEMORY. */
DAIS_MUST_CHECK dais_err_t dais_intake_service_new(dais_daemon_t *daemon,
                                                   const dais_intake_service_options_t *options,
                                                   dais_intake_service_t **service);

/* Starts to serve; what the sockets say of their endpoints. The intake was opened with
 * dais_intake_service_answer and this service as its context. */
DAIS_MUST_CHECK dais_err_t dais_intake_service_start(dais_intake_service_t *service,
                                                     dais_intake_t *intake);
void dais_intake_service_free(dais_intake_service_t **freed);

void dais_intake_service_answer(void *context, uint64_t token, dais_slice_t body);

/* The wall clock when the whole chain was last seen to work; 0: never yet. An intake that is idle
 * marks each cycle now and then, so both go on as long as intake, broker and registries do. */
typedef struct {
    uint64_t stamped_ms;  /* a stamp or mark was made */
    uint64_t answered_ms; /* a registry answered a hand-over */
} dais_intake_times_t;
dais_intake_times_t dais_intake_service_times(const dais_intake_service_t *service);

/* All rosters are read again: for SIGHUP. */
void dais_intake_service_reload(void *context);

#endif
