/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_BROKER_STAFF_H
#define DAIS_BROKER_STAFF_H

#include "broker/queue.h"

/* The workers: who serves what, with how many credits, holding which requests, last heard when. A
 * worker is a connection at the back, known by its routing id. It gains a credit by each READY and
 * each FINAL, and spends one by each request. */
typedef struct dais_staff dais_staff_t;

typedef struct {
    dais_table_node_t node; /* key: the routing id */
    dais_ring_t in_staff;
    dais_ring_t in_ready; /* while it has credits */
    dais_ring_t held;     /* requests */
    dais_service_t *service;
    uint32_t credit_count;
    uint32_t held_count;
    uint64_t heard_ms;
    uint8_t routing_id[];
} dais_worker_t;

typedef struct {
    uint32_t worker_count_max;
    uint32_t credit_count_max; /* credits and held requests of one worker */
    uint64_t silence_ms_max;   /* after that it counts as gone */
} dais_staff_limits_t;

/* The queue outlives the staff. NO_MEMORY, ENTROPY. */
DAIS_MUST_CHECK dais_err_t dais_staff_new(const dais_staff_limits_t *limits, dais_queue_t *queue,
                                          const dais_random_t *random, dais_staff_t **staff);
void dais_staff_destroy(dais_staff_t **staff);

/* Null if it has not registered. */
dais_worker_t *dais_staff_find(const dais_staff_t *staff, dais_slice_t routing_id);

/* A READY: registers a worker, or gives it one more credit. SENSELESS if it has registered for
 * another service, NO_SPACE if there are too many workers or credits, NO_MEMORY. */
DAIS_MUST_CHECK dais_err_t dais_staff_ready(dais_staff_t *staff, dais_slice_t routing_id,
                                            dais_slice_t service, uint64_t now_ms,
                                            dais_worker_t **worker);

/* The one that is to get the next request of a service; null if none has a credit. */
dais_worker_t *dais_staff_next(const dais_service_t *service);

/* It gets this request, which was taken from the queue. */
void dais_staff_hold(dais_worker_t *worker, dais_request_t *request);

/* Which of its requests an answer to this address means: the one with this call id, if one has it,
 * else the oldest of this address. Null if it holds none for this address. */
dais_request_t *dais_staff_held(const dais_worker_t *worker, dais_slice_t address,
                                const dais_mdp_opening_t *opening);

/* It has answered the request for good, and has its credit back; the request is the caller's. */
void dais_staff_release(dais_worker_t *worker, dais_request_t *request);

/* The oldest request that it holds; null if none. */
dais_request_t *dais_staff_any(const dais_worker_t *worker);

/* Forgets it; it must hold nothing any more. */
void dais_staff_leave(dais_staff_t *staff, dais_worker_t *worker);

/* One that has been silent for too long; null if there is none. */
dais_worker_t *dais_staff_silent(const dais_staff_t *staff, uint64_t now_ms);

/* Calls back for each worker. None may be added or leave meanwhile. */
void dais_staff_each(const dais_staff_t *staff, void (*visit)(void *context, dais_worker_t *worker),
                     void *context);

size_t dais_staff_count(const dais_staff_t *staff);

#endif
