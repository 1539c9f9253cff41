/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_REGISTRY_SERVICE_H
#define DAIS_REGISTRY_SERVICE_H

#include "registry/ask.h"

/* The services of one cycle, from the body of a request to the body of its answer, without
 * sockets. Hand-overs are queued, and carried out together by dais_service_run(): one transaction
 * for all that came in. Questions are answered at once, or parked until something has come in or
 * their time is over. Answers go out through `reply`, in any order. */
typedef struct dais_service dais_service_t;

/* Names a request for its answer; the caller's, copied. */
typedef struct {
    uint64_t a, b;
} dais_request_t;

typedef struct {
    dais_cycle_t *cycle; /* borrowed */
    void (*reply)(void *context, dais_request_t request, dais_slice_t body);
    void *context;
} dais_service_options_t;

#define DAIS_SERVICE_PARKED_MAX  4096
#define DAIS_SERVICE_QUEUE_BYTES ((size_t)32 << 20) /* beyond: busy */
#define DAIS_SERVICE_BATCH_BYTES ((size_t)8 << 20)  /* of one transaction */
#define DAIS_SERVICE_BATCH_COUNT 8192               /* messages */

DAIS_MUST_CHECK dais_err_t dais_service_create(const dais_service_options_t *options,
                                               dais_service_t **service);
void dais_service_destroy(dais_service_t **service);

/* One request, at this time of the boot clock. Each is answered, sooner or later: what is no call
 * is refused, by the call id that it opens with, or zeros. An error is of this machine: the process
 * is to end. */
DAIS_MUST_CHECK dais_err_t dais_service_request(dais_service_t *service, dais_request_t request,
                                                dais_slice_t body, uint64_t boot_ms);

/* Is there anything for dais_service_run() to do? */
bool dais_service_is_due(const dais_service_t *service);

/* Something other than a hand-over may have made a deadline ready: the clock is sure again. */
void dais_service_nudge(dais_service_t *service);

/* Carries out what is queued, up to one batch, and closes deadlines that are due. If
 * anything came in, parked questions are asked again. NO_SPACE and LOW_DISK: it was refused for
 * now, and so answered. Any other error means: answer nobody, exit. */
DAIS_MUST_CHECK dais_err_t dais_service_run(dais_service_t *service);

/* Answers what has waited for long enough. */
DAIS_MUST_CHECK dais_err_t dais_service_expire(dais_service_t *service, uint64_t boot_ms);

/* When the next one has; UINT64_MAX if nothing waits. */
uint64_t dais_service_next_ms(const dais_service_t *service);

/* How it is, for the operator. */
typedef struct {
    uint64_t taken_count; /* hand-overs that were taken, marks among them */
    size_t parked_count;  /* questions that wait */
} dais_service_figures_t;
dais_service_figures_t dais_service_figures(const dais_service_t *service);

/* The connection that requests came by is gone: what is parked or queued is forgotten. */
void dais_service_forget(dais_service_t *service);

#endif
