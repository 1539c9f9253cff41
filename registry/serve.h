/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_REGISTRY_SERVE_H
#define DAIS_REGISTRY_SERVE_H

#include "base/loop.h"
#include "registry/service.h"
#include "registry/settings.h"

/* The registry at a broker: every cycle of the house as the services `registry/<cycle>` and
 * `registry/<cycle>/wait`, in one loop. */
typedef struct dais_serving dais_serving_t;

#define DAIS_SERVE_CYCLES_MAX   1024
#define DAIS_SERVE_WAIT_CREDITS 1024 /* of those that wait */

typedef struct {
    dais_loop_t *loop;
    dais_house_t *house;
    const dais_registry_broker_t *broker;
    uint32_t credits; /* requests of one cycle under way, but for those that wait */
    bool is_played;   /* the time comes from a clock file: rehearsals alone are served */
    /* The first failure of this machine: nobody is answered any more, and the process is to end. */
    void (*failed)(void *context, dais_err_t err);
    void *context;
} dais_serving_options_t;

/* Opens every cycle in the house's data folder and registers its services. What a cycle refuses to
 * open with is told in a log line and is the error: a registry does not serve half of what it
 * holds. WRONG_PURPOSE for a real cycle on a clock file. On error *serving is null. */
DAIS_MUST_CHECK dais_err_t dais_serving_start(const dais_serving_options_t *options,
                                              dais_serving_t **serving);

/* Opens and serves cycles that have come into the data folder since. What one of them refuses to
 * open with is told in a log line and is the error; all others go on. */
DAIS_MUST_CHECK dais_err_t dais_serving_reload(dais_serving_t *serving);

/* Leaves the broker and closes the cycles. */
void dais_serving_stop(dais_serving_t **serving);

/* How it is, for the operator. Times are of the wall clock; 0: never yet. */
typedef struct {
    size_t cycle_count;
    uint64_t entry_count;  /* of all cycles */
    uint64_t taken_count;  /* hand-overs taken since the start */
    uint64_t taken_ms;     /* when one last was */
    uint64_t committed_ms; /* when a log last grew */
    size_t parked_count;   /* questions that wait */
    bool is_unsure;        /* the clock is, of real cycles or of rehearsals */
    bool is_low;           /* the disk is too full */
} dais_serving_figures_t;
dais_serving_figures_t dais_serving_figures(const dais_serving_t *serving);

#endif
