/* SPDX-License-Identifier: Apache-2.0
 *
 * Services, peers and lanes exist as long as a request or a worker needs them, so what strangers
 * name takes no memory beyond the bounds of the requests themselves. */
#include "broker/queue.h"

#include <assert.h>
#include <stdlib.h>

#define RETRY_MS_MIN 100
#define RETRY_MS_MAX 30000

struct dais_peer {
    dais_table_node_t node;
    dais_ring_t lanes;
    size_t waiting_count;
    size_t bytes;
    uint8_t id[];
};

struct dais_lane {
    dais_ring_t in_service; /* while something waits */
    dais_ring_t in_peer;
    dais_ring_t requests; /* those that wait */
    dais_service_t *service;
    dais_peer_t *peer;
    size_t request_count; /* waiting and held */
    size_t held_count;
};

struct dais_queue {
    dais_queue_limits_t limits;
    dais_table_t services;
    dais_table_t peers;
    dais_ring_t arrival;
    dais_queue_figures_t figures;
};

dais_err_t dais_queue_new(const dais_queue_limits_t *limits, const dais_random_t *random,
                          dais_queue_t **queue)
{
    *queue = (dais_queue_t *)calloc(1, sizeof(**queue));
    if (*queue == NULL)
        return DAIS_ERR_NO_MEMORY;
    (*queue)->limits = *limits;
    dais_ring_init(&(*queue)->arrival);
    dais_err_t err = dais_table_init(&(*queue)->services, random);
    if (err == DAIS_OK)
        err = dais_table_init(&(*queue)->peers, random);
    if (err != DAIS_OK) {
        free(*queue);
        *queue = NULL;
    }
    return err;
}

void dais_queue_destroy(dais_queue_t **queue)
{
    if (*queue == NULL)
        return;
    while (!dais_ring_is_empty(&(*queue)->arrival))
        dais_queue_end(*queue, DAIS_RING_OF((*queue)->arrival.next, dais_request_t, in_arrival));
    assert((*queue)->services.count == 0 && (*queue)->peers.count == 0);
    free(*queue);
    *queue = NULL;
}

dais_service_t *dais_queue_service(const dais_queue_t *queue, dais_slice_t name)
{
    return (dais_service_t *)dais_table_find(&queue->services, name);
}

const dais_service_t *dais_queue_service_of(const dais_request_t *request)
{
    return request->lane->service;
}

dais_service_t *dais_queue_need_service(dais_queue_t *queue, dais_slice_t name)
{
    static const char wait[] = "/wait";
    const size_t wait_size = sizeof(wait) - 1;
    dais_service_t *service = dais_queue_service(queue, name);
    assert(name.size <= DAIS_MDP_SERVICE_MAX);
    if (service != NULL)
        return service;
    service = (dais_service_t *)calloc(1, sizeof(*service));
    if (service == NULL)
        return NULL;
    memcpy(service->name, name.data, name.size);
    service->node.key = dais_slice(service->name, name.size);
    service->is_wait =
        name.size > wait_size && memcmp(name.data + name.size - wait_size, wait, wait_size) == 0;
    dais_ring_init(&service->lanes);
    dais_ring_init(&service->ready);
    dais_table_add(&queue->services, &service->node);
    return service;
}

void dais_queue_tidy(dais_queue_t *queue, dais_service_t *service)
{
    if (service->waiting_count + service->held_count + service->worker_count > 0)
        return;
    dais_table_remove(&queue->services, &service->node);
    free(service);
}

static dais_peer_t *queue_need_peer(dais_queue_t *queue, dais_slice_t id)
{
    dais_peer_t *peer = (dais_peer_t *)dais_table_find(&queue->peers, id);
    if (peer != NULL)
        return peer;
    peer = (dais_peer_t *)calloc(1, sizeof(*peer) + id.size);
    if (peer == NULL)
        return NULL;
    memcpy(peer->id, id.data, id.size);
    peer->node.key = dais_slice(peer->id, id.size);
    dais_ring_init(&peer->lanes);
    dais_table_add(&queue->peers, &peer->node);
    return peer;
}

static void queue_tidy_peer(dais_queue_t *queue, dais_peer_t *peer)
{
    if (!dais_ring_is_empty(&peer->lanes))
        return;
    dais_table_remove(&queue->peers, &peer->node);
    free(peer);
}

static dais_lane_t *queue_need_lane(dais_service_t *service, dais_peer_t *peer)
{
    for (dais_ring_t *link = peer->lanes.next; link != &peer->lanes; link = link->next) {
        dais_lane_t *lane = DAIS_RING_OF(link, dais_lane_t, in_peer);
        if (lane->service == service)
            return lane;
    }
    dais_lane_t *lane = (dais_lane_t *)calloc(1, sizeof(*lane));
    if (lane == NULL)
        return NULL;
    lane->service = service;
    lane->peer = peer;
    dais_ring_init(&lane->requests);
    dais_ring_append(&peer->lanes, &lane->in_peer);
    return lane;
}

static void queue_tidy_lane(dais_queue_t *queue, dais_lane_t *lane)
{
    dais_service_t *service = lane->service;
    dais_peer_t *peer = lane->peer;
    if (lane->request_count == 0) {
        dais_ring_remove(&lane->in_service);
        dais_ring_remove(&lane->in_peer);
        free(lane);
    }
    queue_tidy_peer(queue, peer);
    dais_queue_tidy(queue, service);
}

/* As long as the one that is served next has waited: so long will this one wait as well, about. */
static uint32_t queue_retry_ms(const dais_service_t *service, uint64_t now_ms)
{
    uint64_t retry_ms = RETRY_MS_MIN;
    if (!dais_ring_is_empty(&service->lanes)) {
        const dais_lane_t *lane = DAIS_RING_OF(service->lanes.next, dais_lane_t, in_service);
        retry_ms += now_ms - DAIS_RING_OF(lane->requests.next, dais_request_t, in_lane)->arrived_ms;
    }
    return (uint32_t)(retry_ms < RETRY_MS_MAX ? retry_ms : RETRY_MS_MAX);
}

static bool queue_has_room(const dais_queue_t *queue, const dais_service_t *service,
                           const dais_peer_t *peer, size_t size)
{
    const dais_queue_limits_t *limits = &queue->limits;
    return service->waiting_count < limits->service_count_max &&
           peer->waiting_count < limits->peer_count_max &&
           peer->bytes + size <= limits->peer_bytes_max &&
           queue->figures.bytes + size <= limits->bytes_max;
}

static size_t body_size(const dais_parts_t *parts, size_t first)
{
    size_t size = 0;
    for (size_t i = first; i < parts->count; i++)
        size += dais_parts_at(parts, i).size;
    return size;
}

static dais_request_t *request_make(dais_slice_t address, dais_parts_t *parts, size_t first,
                                    uint64_t now_ms)
{
    dais_mdp_opening_t opening;
    dais_request_t *request = (dais_request_t *)calloc(1, sizeof(*request) + address.size);
    if (request == NULL)
        return NULL;
    request->size = body_size(parts, first);
    request->arrived_ms = now_ms;
    request->address_size = address.size;
    memcpy(request->address, address.data, address.size);
    request->has_call_id =
        parts->count == first + 1 && dais_mdp_opening(dais_parts_at(parts, first), &opening);
    if (request->has_call_id)
        memcpy(request->call_id, opening.call_id.data, DAIS_MDP_CALL_ID_SIZE);
    for (size_t i = first; i < parts->count; i++) {
        request->body.frames[request->body.count++] = parts->frames[i];
        parts->frames[i] = NULL;
    }
    return request;
}

/* A lane stands in its service's ring exactly while something waits in it. */
static void lane_add(dais_queue_t *queue, dais_lane_t *lane, dais_request_t *request)
{
    request->lane = lane;
    if (dais_ring_is_empty(&lane->requests))
        dais_ring_append(&lane->service->lanes, &lane->in_service);
    dais_ring_append(&lane->requests, &request->in_lane);
    lane->service->waiting_count++;
    lane->peer->waiting_count++;
    queue->figures.waiting_count++;
}

static void lane_remove(dais_queue_t *queue, dais_request_t *request)
{
    dais_lane_t *lane = request->lane;
    dais_ring_remove(&request->in_lane);
    dais_ring_remove(&request->in_arrival);
    if (dais_ring_is_empty(&lane->requests))
        dais_ring_remove(&lane->in_service);
    lane->service->waiting_count--;
    lane->peer->waiting_count--;
    queue->figures.waiting_count--;
}

dais_err_t dais_queue_put(dais_queue_t *queue, dais_slice_t name, dais_slice_t peer_id,
                          dais_slice_t address, dais_parts_t *parts, size_t first, uint64_t now_ms,
                          uint32_t *retry_ms)
{
    dais_err_t err = DAIS_ERR_NO_MEMORY;
    dais_request_t *request = NULL;
    dais_service_t *service = dais_queue_need_service(queue, name);
    dais_peer_t *peer = service == NULL ? NULL : queue_need_peer(queue, peer_id);
    dais_lane_t *lane = peer == NULL ? NULL : queue_need_lane(service, peer);
    *retry_ms = RETRY_MS_MIN;
    if (lane != NULL && !queue_has_room(queue, service, peer, body_size(parts, first))) {
        *retry_ms = queue_retry_ms(service, now_ms);
        err = DAIS_ERR_BUSY;
    } else if (lane != NULL) {
        request = request_make(address, parts, first, now_ms);
    }
    if (request != NULL) {
        lane_add(queue, lane, request);
        dais_ring_append(&queue->arrival, &request->in_arrival);
        lane->request_count++;
        peer->bytes += request->size;
        queue->figures.bytes += request->size;
        return DAIS_OK;
    }
    if (lane != NULL)
        queue_tidy_lane(queue, lane);
    else if (peer != NULL)
        queue_tidy_peer(queue, peer);
    if (lane == NULL && service != NULL)
        dais_queue_tidy(queue, service);
    return err;
}

dais_request_t *dais_queue_take(dais_queue_t *queue, dais_service_t *service)
{
    for (dais_ring_t *link = service->lanes.next; link != &service->lanes; link = link->next) {
        dais_lane_t *lane = DAIS_RING_OF(link, dais_lane_t, in_service);
        if (service->is_wait && lane->held_count >= queue->limits.parked_count_max)
            continue;
        dais_request_t *request = DAIS_RING_OF(lane->requests.next, dais_request_t, in_lane);
        lane_remove(queue, request);
        if (lane->in_service.next != NULL) { /* to the end of the turn */
            dais_ring_remove(&lane->in_service);
            dais_ring_append(&service->lanes, &lane->in_service);
        }
        lane->held_count++;
        service->held_count++;
        queue->figures.held_count++;
        return request;
    }
    return NULL;
}

static void queue_unhold(dais_queue_t *queue, dais_request_t *request)
{
    dais_ring_remove(&request->in_holder);
    request->lane->held_count--;
    request->lane->service->held_count--;
    queue->figures.held_count--;
}

void dais_queue_give_back(dais_queue_t *queue, dais_request_t *request)
{
    dais_lane_t *lane = request->lane;
    queue_unhold(queue, request);
    lane_add(queue, lane, request);
    dais_ring_remove(&request->in_lane);
    dais_ring_append(lane->requests.next, &request->in_lane); /* before the first */
    dais_ring_append(queue->arrival.next, &request->in_arrival);
}

void dais_queue_end(dais_queue_t *queue, dais_request_t *request)
{
    /* NOLINTNEXTLINE(clang-analyzer-unix.Malloc): a freed one has left its ring, unseen by it */
    dais_lane_t *lane = request->lane;
    if (request->in_lane.next != NULL)
        lane_remove(queue, request);
    else
        queue_unhold(queue, request);
    lane->request_count--;
    lane->peer->bytes -= request->size;
    queue->figures.bytes -= request->size;
    dais_parts_drop(&request->body);
    free(request);
    queue_tidy_lane(queue, lane);
}

dais_request_t *dais_queue_expired(const dais_queue_t *queue, uint64_t now_ms)
{
    if (dais_ring_is_empty(&queue->arrival))
        return NULL;
    dais_request_t *oldest = DAIS_RING_OF(queue->arrival.next, dais_request_t, in_arrival);
    return now_ms - oldest->arrived_ms >= queue->limits.expiry_ms ? oldest : NULL;
}

dais_queue_figures_t dais_queue_figures(const dais_queue_t *queue)
{
    dais_queue_figures_t figures = queue->figures;
    figures.service_count = queue->services.count;
    figures.peer_count = queue->peers.count;
    return figures;
}
