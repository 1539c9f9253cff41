/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_BROKER_QUEUE_H
#define DAIS_BROKER_QUEUE_H

#include "base/mdp.h"
#include "broker/ring.h"
#include "broker/table.h"

/* Requests that wait for a worker, and those that a worker holds.
 *
 * A service has a lane for each peer that waits for it, and takes from the lanes in turn, one
 * request each: who sends much waits behind its own requests, not others behind it. Within a lane
 * the order is that of arrival. A peer is a key at the front door, however many connections it
 * opens, and a connection at the local door.
 *
 * Nothing here knows sockets; the instant is handed in, so a test can let hours pass. */

typedef struct dais_queue dais_queue_t;
typedef struct dais_service dais_service_t;
typedef struct dais_lane dais_lane_t;
typedef struct dais_peer dais_peer_t;
typedef struct dais_request dais_request_t;

typedef struct {
    size_t service_count_max; /* requests waiting for one service */
    size_t peer_count_max;    /* requests of one peer, waiting */
    size_t peer_bytes_max;    /* bodies of one peer, waiting and held */
    size_t bytes_max;         /* bodies of all, waiting and held */
    size_t parked_count_max;  /* requests of one peer held at one service named ".../wait" */
    uint64_t expiry_ms;       /* how long one may wait */
} dais_queue_limits_t;

struct dais_service {
    dais_table_node_t node;
    dais_ring_t lanes; /* those with something waiting, the next one to serve first */
    size_t waiting_count;
    size_t held_count;
    size_t worker_count;
    dais_ring_t ready; /* workers with credits, the one that rested longest first */
    bool is_wait;
    char name[DAIS_MDP_SERVICE_MAX + 1];
};

struct dais_request {
    dais_ring_t in_lane;    /* while it waits */
    dais_ring_t in_arrival; /* while it waits: all of them, the oldest first */
    dais_ring_t in_holder;  /* while a worker holds it */
    dais_lane_t *lane;
    dais_parts_t body; /* kept while it is held, in case its worker goes away */
    size_t size;       /* bytes of the body, counted until the request ends */
    uint64_t arrived_ms;
    bool was_given_back; /* a worker had it and went away: nobody knows what became of it */
    bool has_call_id;
    uint8_t call_id[DAIS_MDP_CALL_ID_SIZE];
    size_t address_size; /* routing id and key: what the worker sees, and where the answer goes */
    uint8_t address[];
};

/* NO_MEMORY, ENTROPY. */
DAIS_MUST_CHECK dais_err_t dais_queue_new(const dais_queue_limits_t *limits,
                                          const dais_random_t *random, dais_queue_t **queue);

/* All workers must have left their services. */
void dais_queue_destroy(dais_queue_t **queue);

/* Appends a request; the frames of parts from `first` on are moved out of it. BUSY if a bound is
 * reached, and *retry_ms then says when to try again; NO_MEMORY. */
DAIS_MUST_CHECK dais_err_t dais_queue_put(dais_queue_t *queue, dais_slice_t service,
                                          dais_slice_t peer, dais_slice_t address,
                                          dais_parts_t *parts, size_t first, uint64_t now_ms,
                                          uint32_t *retry_ms);

/* The next request of a service, by turns; from now on it is held.
 * Null if none waits, or all that wait have reached what they may have parked. */
dais_request_t *dais_queue_take(dais_queue_t *queue, dais_service_t *service);

/* The other way: it waits again, first of its lane. */
void dais_queue_give_back(dais_queue_t *queue, dais_request_t *request);

/* The request is over, and freed. */
void dais_queue_end(dais_queue_t *queue, dais_request_t *request);

/* One that has waited too long at now_ms, the oldest first; null if there is none. */
dais_request_t *dais_queue_expired(const dais_queue_t *queue, uint64_t now_ms);

/* The service of that name; null if nothing waits for it and nobody serves it. */
dais_service_t *dais_queue_service(const dais_queue_t *queue, dais_slice_t name);

const dais_service_t *dais_queue_service_of(const dais_request_t *request);

/* The service of that name, made if it is not there. Null if there is no memory. */
dais_service_t *dais_queue_need_service(dais_queue_t *queue, dais_slice_t name);

/* To be called when a worker has left it: forgets the service if nothing else needs it. */
void dais_queue_tidy(dais_queue_t *queue, dais_service_t *service);

typedef struct {
    size_t service_count, peer_count;
    size_t waiting_count, held_count;
    size_t bytes;
} dais_queue_figures_t;

dais_queue_figures_t dais_queue_figures(const dais_queue_t *queue);

#endif
