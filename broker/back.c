/* SPDX-License-Identifier: Apache-2.0
 *
 * The door for workers: RFC 18, with credits. What is valid but not expected ends the worker, who
 * is told by DISCONNECT and comes back on a new socket; what is not valid is dropped. */
#include "broker/broker.h"

#define MESSAGE_EXTRA 2048 /* bytes of the frames before the body */

static void back_log(dais_broker_t *broker, const char *event, const dais_worker_t *worker,
                     const char *why)
{
    dais_log_line_t line;
    dais_log_begin(&line, &broker->daemon->log, DAIS_LOG_INFO, event);
    dais_log_text(&line, "service", worker->service->name);
    dais_log_u64(&line, "workers", worker->service->worker_count);
    dais_log_u64(&line, "held", worker->held_count);
    if (why != NULL)
        dais_log_text(&line, "why", why);
    dais_log_end(&line);
}

/* If it cannot be sent, the worker's own time-out tells it. */
static void back_tell(dais_broker_t *broker, dais_slice_t routing_id,
                      dais_mdp_worker_command_t command)
{
    dais_parts_t parts = {.count = 0};
    dais_err_t err = dais_parts_add(&parts, routing_id);
    if (err == DAIS_OK)
        err = dais_mdp_worker_open(&parts, command, dais_slice(NULL, 0));
    if (err != DAIS_OK || dais_parts_send(&parts, broker->back.socket) != DAIS_OK)
        dais_parts_drop(&parts);
}

/* What it held waits again, in the old order; but what a worker has taken down with it twice is let
 * go: it may be what ends them. Nobody knows what became of it, so its client hears nothing. */
static void back_give_back(dais_broker_t *broker, dais_worker_t *worker)
{
    while (!dais_ring_is_empty(&worker->held)) {
        dais_request_t *request = DAIS_RING_OF(worker->held.prev, dais_request_t, in_holder);
        dais_staff_release(worker, request);
        if (request->was_given_back) {
            dais_queue_end(broker->queue, request);
            continue;
        }
        request->was_given_back = true;
        dais_queue_give_back(broker->queue, request);
    }
}

void dais_back_lose(dais_broker_t *broker, dais_worker_t *worker, const char *why, bool tell)
{
    char name[DAIS_MDP_SERVICE_MAX + 1];
    dais_slice_t service = worker->service->node.key;
    memcpy(name, service.data, service.size);
    back_log(broker, "worker-gone", worker, why);
    if (tell)
        back_tell(broker, worker->node.key, DAIS_MDP_WORKER_DISCONNECT);
    back_give_back(broker, worker);
    dais_staff_leave(broker->staff, worker);
    dais_service_t *left = dais_queue_service(broker->queue, dais_slice(name, service.size));
    if (left != NULL)
        dais_broker_dispatch(broker, left);
}

static void back_ready(dais_broker_t *broker, dais_slice_t routing_id, dais_slice_t service)
{
    dais_worker_t *worker = NULL;
    bool is_new = dais_staff_find(broker->staff, routing_id) == NULL;
    dais_err_t err = DAIS_ERR_SENSELESS;
    bool is_ours = service.size >= 4 && memcmp(service.data, "mmi.", 4) == 0; /* RFC 8 */
    if (!is_ours)
        err = dais_staff_ready(broker->staff, routing_id, service,
                               dais_loop_now(broker->daemon->loop).boot_ms, &worker);
    if (err == DAIS_OK) {
        if (is_new)
            back_log(broker, "worker-ready", worker, NULL);
        dais_broker_dispatch(broker, worker->service);
        return;
    }
    worker = dais_staff_find(broker->staff, routing_id);
    if (worker != NULL)
        dais_back_lose(broker, worker, dais_err_code(err), true);
    else
        back_tell(broker, routing_id, DAIS_MDP_WORKER_DISCONNECT);
}

/* Hands an answer on; one that no request of this worker waits for ends the worker. */
static void back_answer(dais_broker_t *broker, dais_worker_t *worker, dais_parts_t *parts,
                        const dais_mdp_command_t *command)
{
    dais_mdp_opening_t opening;
    bool opens = command->body + 1 == parts->count &&
                 dais_mdp_opening(dais_parts_at(parts, command->body), &opening);
    dais_request_t *request = dais_staff_held(worker, command->address, opens ? &opening : NULL);
    if (request == NULL) {
        broker->figures.stray_count++;
        dais_back_lose(broker, worker, "stray-answer", true);
        return;
    }
    broker->last_answer_ms = dais_loop_now(broker->daemon->loop).wall_ms;
    bool is_final = command->command == DAIS_MDP_WORKER_FINAL;
    dais_client_answer(broker, command->address,
                       is_final ? DAIS_MDP_CLIENT_FINAL : DAIS_MDP_CLIENT_PARTIAL,
                       worker->service->node.key, parts, command->body);
    if (!is_final)
        return;
    dais_staff_release(worker, request);
    dais_queue_end(broker->queue, request);
    dais_broker_dispatch(broker, worker->service);
}

static void back_command(dais_broker_t *broker, dais_worker_t *worker, dais_parts_t *parts,
                         const dais_mdp_command_t *command)
{
    worker->heard_ms = dais_loop_now(broker->daemon->loop).boot_ms;
    switch ((dais_mdp_worker_command_t)command->command) {
    case DAIS_MDP_WORKER_PARTIAL:
    case DAIS_MDP_WORKER_FINAL: back_answer(broker, worker, parts, command); break;
    case DAIS_MDP_WORKER_HEARTBEAT: break;
    case DAIS_MDP_WORKER_DISCONNECT: dais_back_lose(broker, worker, "left", false); break;
    case DAIS_MDP_WORKER_READY: /* is not handed to here */
    case DAIS_MDP_WORKER_REQUEST: dais_back_lose(broker, worker, "not-expected", true); break;
    }
}

static void back_take(dais_door_t *back, dais_parts_t *parts)
{
    dais_broker_t *broker = back->broker;
    dais_mdp_command_t command;
    uint8_t key[DAIS_CURVE_KEY_SIZE];
    dais_slice_t routing_id = dais_parts_at(parts, 0);
    const char *user = dais_parts_user_id(parts);
    dais_worker_t *worker = dais_staff_find(broker->staff, routing_id);
    if (back->has_curve &&
        (user == NULL || dais_curve_parse(dais_slice_text(user), key) != DAIS_OK ||
         !dais_door_admits(back, key))) {
        broker->figures.not_admitted_count++;
        if (worker != NULL)
            dais_back_lose(broker, worker, "not-admitted", true);
        return;
    }
    if (dais_mdp_worker_read(parts, 1, &command) != DAIS_OK) {
        broker->figures.malformed_count++;
        if (worker != NULL)
            dais_back_lose(broker, worker, "malformed", true);
        return;
    }
    if (command.command == DAIS_MDP_WORKER_READY)
        back_ready(broker, routing_id, command.service);
    else if (worker != NULL)
        back_command(broker, worker, parts, &command);
    else if (command.command != DAIS_MDP_WORKER_DISCONNECT)
        back_tell(broker, routing_id, DAIS_MDP_WORKER_DISCONNECT);
}

bool dais_back_ready(void *context, short events)
{
    (void)events;
    dais_door_t *back = (dais_door_t *)context;
    dais_parts_t parts = {.count = 0};
    dais_err_t err = dais_parts_receive(&parts, back->socket, DAIS_FRAME_SIZE_MAX + MESSAGE_EXTRA);
    if (err == DAIS_OK)
        back_take(back, &parts);
    else if (err == DAIS_ERR_TOO_LONG)
        back->broker->figures.oversize_count++;
    dais_parts_drop(&parts);
    return err != DAIS_ERR_WOULD_WAIT;
}

static void back_beat_one(void *context, dais_worker_t *worker)
{
    back_tell((dais_broker_t *)context, worker->node.key, DAIS_MDP_WORKER_HEARTBEAT);
}

void dais_back_beat(dais_broker_t *broker)
{
    uint64_t now_ms = dais_loop_now(broker->daemon->loop).boot_ms;
    dais_worker_t *silent = dais_staff_silent(broker->staff, now_ms);
    for (; silent != NULL; silent = dais_staff_silent(broker->staff, now_ms))
        dais_back_lose(broker, silent, "silent", true);
    dais_staff_each(broker->staff, back_beat_one, broker);
}
