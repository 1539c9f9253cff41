/* SPDX-License-Identifier: Apache-2.0 */
#include "broker/staff.h"

#include <assert.h>
#include <stdlib.h>

struct dais_staff {
    dais_staff_limits_t limits;
    dais_queue_t *queue;
    dais_table_t table;
    dais_ring_t workers;
};

dais_err_t dais_staff_new(const dais_staff_limits_t *limits, dais_queue_t *queue,
                          const dais_random_t *random, dais_staff_t **staff)
{
    *staff = (dais_staff_t *)calloc(1, sizeof(**staff));
    if (*staff == NULL)
        return DAIS_ERR_NO_MEMORY;
    (*staff)->limits = *limits;
    (*staff)->queue = queue;
    dais_ring_init(&(*staff)->workers);
    dais_err_t err = dais_table_init(&(*staff)->table, random);
    if (err != DAIS_OK) {
        free(*staff);
        *staff = NULL;
    }
    return err;
}

void dais_staff_destroy(dais_staff_t **staff)
{
    if (*staff == NULL)
        return;
    while (!dais_ring_is_empty(&(*staff)->workers)) {
        dais_worker_t *worker = DAIS_RING_OF((*staff)->workers.next, dais_worker_t, in_staff);
        while (dais_staff_any(worker) != NULL) {
            dais_request_t *request = dais_staff_any(worker);
            dais_staff_release(worker, request);
            dais_queue_end((*staff)->queue, request);
        }
        dais_staff_leave(*staff, worker);
    }
    free(*staff);
    *staff = NULL;
}

dais_worker_t *dais_staff_find(const dais_staff_t *staff, dais_slice_t routing_id)
{
    return (dais_worker_t *)dais_table_find(&staff->table, routing_id);
}

static dais_worker_t *staff_add(dais_staff_t *staff, dais_slice_t routing_id, dais_slice_t name)
{
    dais_service_t *service = dais_queue_need_service(staff->queue, name);
    if (service == NULL)
        return NULL;
    dais_worker_t *worker = (dais_worker_t *)calloc(1, sizeof(*worker) + routing_id.size);
    if (worker == NULL) {
        dais_queue_tidy(staff->queue, service);
        return NULL;
    }
    memcpy(worker->routing_id, routing_id.data, routing_id.size);
    worker->node.key = dais_slice(worker->routing_id, routing_id.size);
    worker->service = service;
    service->worker_count++;
    dais_ring_init(&worker->held);
    dais_ring_append(&staff->workers, &worker->in_staff);
    dais_table_add(&staff->table, &worker->node);
    return worker;
}

static void worker_credit(dais_worker_t *worker)
{
    if (worker->credit_count++ == 0)
        dais_ring_append(&worker->service->ready, &worker->in_ready);
}

dais_err_t dais_staff_ready(dais_staff_t *staff, dais_slice_t routing_id, dais_slice_t service,
                            uint64_t now_ms, dais_worker_t **worker)
{
    *worker = dais_staff_find(staff, routing_id);
    if (*worker == NULL) {
        if (staff->table.count >= staff->limits.worker_count_max)
            return DAIS_ERR_NO_SPACE;
        *worker = staff_add(staff, routing_id, service);
        if (*worker == NULL)
            return DAIS_ERR_NO_MEMORY;
    } else if (!dais_slice_equal((*worker)->service->node.key, service)) {
        return DAIS_ERR_SENSELESS;
    } else if ((*worker)->credit_count + (*worker)->held_count >= staff->limits.credit_count_max) {
        return DAIS_ERR_NO_SPACE;
    }
    (*worker)->heard_ms = now_ms;
    worker_credit(*worker);
    return DAIS_OK;
}

dais_worker_t *dais_staff_next(const dais_service_t *service)
{
    if (dais_ring_is_empty(&service->ready))
        return NULL;
    return DAIS_RING_OF(service->ready.next, dais_worker_t, in_ready);
}

void dais_staff_hold(dais_worker_t *worker, dais_request_t *request)
{
    assert(worker->credit_count > 0);
    worker->credit_count--;
    worker->held_count++;
    dais_ring_append(&worker->held, &request->in_holder);
    dais_ring_remove(&worker->in_ready);
    if (worker->credit_count > 0) /* the others first */
        dais_ring_append(&worker->service->ready, &worker->in_ready);
}

dais_request_t *dais_staff_held(const dais_worker_t *worker, dais_slice_t address,
                                const dais_mdp_opening_t *opening)
{
    dais_request_t *first = NULL;
    for (dais_ring_t *link = worker->held.next; link != &worker->held; link = link->next) {
        dais_request_t *request = DAIS_RING_OF(link, dais_request_t, in_holder);
        if (!dais_slice_equal(dais_slice(request->address, request->address_size), address))
            continue;
        if (opening == NULL || !request->has_call_id)
            return first == NULL ? request : first;
        if (memcmp(request->call_id, opening->call_id.data, DAIS_MDP_CALL_ID_SIZE) == 0)
            return request;
        first = first == NULL ? request : first;
    }
    return first;
}

void dais_staff_release(dais_worker_t *worker, dais_request_t *request)
{
    dais_ring_remove(&request->in_holder);
    worker->held_count--;
    worker_credit(worker);
}

dais_request_t *dais_staff_any(const dais_worker_t *worker)
{
    if (dais_ring_is_empty(&worker->held))
        return NULL;
    return DAIS_RING_OF(worker->held.next, dais_request_t, in_holder);
}

void dais_staff_leave(dais_staff_t *staff, dais_worker_t *worker)
{
    dais_service_t *service = worker->service;
    assert(dais_ring_is_empty(&worker->held));
    dais_ring_remove(&worker->in_ready);
    dais_ring_remove(&worker->in_staff);
    dais_table_remove(&staff->table, &worker->node);
    free(worker);
    service->worker_count--;
    dais_queue_tidy(staff->queue, service);
}

dais_worker_t *dais_staff_silent(const dais_staff_t *staff, uint64_t now_ms)
{
    const dais_ring_t *head = &staff->workers;
    for (dais_ring_t *link = head->next; link != head; link = link->next) {
        dais_worker_t *worker = DAIS_RING_OF(link, dais_worker_t, in_staff);
        if (now_ms - worker->heard_ms > staff->limits.silence_ms_max)
            return worker;
    }
    return NULL;
}

void dais_staff_each(const dais_staff_t *staff, void (*visit)(void *context, dais_worker_t *worker),
                     void *context)
{
    const dais_ring_t *head = &staff->workers;
    for (dais_ring_t *link = head->next; link != head; link = link->next)
        visit(context, DAIS_RING_OF(link, dais_worker_t, in_staff));
}

size_t dais_staff_count(const dais_staff_t *staff)
{
    return staff->table.count;
}
