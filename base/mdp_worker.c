/* SPDX-License-Identifier: Apache-2.0
 *
 * One slot a credit. A slot that is held has the client's address; its turn goes up when it is
 * freed, so that a token of before cannot answer who came after. The worker registers when the
 * connection is up, one READY a credit, and counts anything that comes from the broker as a sign of
 * life; after LIVENESS intervals without one it makes a new socket. */
#include "base/mdp_worker.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/backoff.h"

#define HEARTBEAT_MS_DEFAULT 2500
#define LIVENESS             4
#define CONNECT_MS_MAX       10000
#define GOODBYE_MS_MAX       200  /* how long what is under way may delay the end of the program */
#define REQUEST_OVERHEAD     2048 /* bytes of the frames before the body */

typedef struct {
    bool held;
    uint32_t turn;
    uint16_t address_size;
    uint8_t address[DAIS_MDP_ADDRESS_MAX];
} slot_t;

struct dais_mdp_worker {
    dais_loop_t *loop;
    dais_random_t random;
    dais_mdp_worker_options_t options;
    char *endpoint, *service;
    dais_curve_pair_t own;
    uint8_t server_key[DAIS_CURVE_KEY_SIZE];
    zsock_t *socket, *monitor;
    dais_watch_t *socket_watch, *monitor_watch;
    dais_timer_t link_timer; /* makes the socket, or gives up on its handshake */
    dais_timer_t beat_timer;
    dais_backoff_t backoff;
    uint64_t heard_at_ms;
    slot_t *slots;
    uint32_t *free_slots; /* a stack */
    uint32_t free_count;
    dais_mdp_worker_figures_t figures;
};

static void worker_free_slot(dais_mdp_worker_t *worker, uint32_t slot)
{
    worker->slots[slot].held = false;
    worker->slots[slot].turn++;
    worker->free_slots[worker->free_count++] = slot;
    worker->figures.held_count--;
}

static void worker_close(dais_mdp_worker_t *worker)
{
    dais_loop_unwatch(worker->loop, &worker->socket_watch);
    dais_loop_unwatch(worker->loop, &worker->monitor_watch);
    dais_loop_cancel(worker->loop, &worker->beat_timer);
    dais_socket_close(&worker->socket);
    dais_socket_close(&worker->monitor);
    worker->figures.is_up = false;
}

static void worker_lose(dais_mdp_worker_t *worker)
{
    worker_close(worker);
    dais_loop_timer(worker->loop, &worker->link_timer,
                    dais_backoff_next_ms(&worker->backoff, &worker->random));
    bool held = worker->figures.held_count > 0;
    for (uint32_t slot = 0; slot < worker->options.credit_count; slot++) {
        if (worker->slots[slot].held)
            worker_free_slot(worker, slot);
    }
    if (held && worker->options.lost != NULL)
        worker->options.lost(worker->options.context);
}

/* What cannot be sent now is lost, as on any bad line: the other side's time-outs settle it. The
 * queue takes what all credits can have under way, so that happens only when the broker is stuck.
 */
static void worker_send(dais_mdp_worker_t *worker, dais_mdp_worker_command_t command,
                        dais_slice_t subject, const dais_slice_t *body)
{
    dais_parts_t parts = {.count = 0};
    dais_err_t err = dais_mdp_worker_open(&parts, command, subject);
    if (err == DAIS_OK && body != NULL)
        err = dais_parts_add(&parts, *body);
    if (err == DAIS_OK)
        err = dais_parts_send(&parts, worker->socket);
    if (err != DAIS_OK)
        worker->figures.dropped_count++;
    dais_parts_drop(&parts);
}

static void worker_beat(void *context)
{
    dais_mdp_worker_t *worker = (dais_mdp_worker_t *)context;
    uint64_t now_ms = dais_loop_now(worker->loop).boot_ms;
    if (now_ms - worker->heard_at_ms > (uint64_t)worker->options.heartbeat_ms * LIVENESS) {
        worker_lose(worker);
        return;
    }
    worker_send(worker, DAIS_MDP_WORKER_HEARTBEAT, dais_slice(NULL, 0), NULL);
    dais_loop_timer(worker->loop, &worker->beat_timer, worker->options.heartbeat_ms);
}

static void worker_up(dais_mdp_worker_t *worker)
{
    worker->figures.is_up = true;
    worker->heard_at_ms = dais_loop_now(worker->loop).boot_ms;
    dais_loop_cancel(worker->loop, &worker->link_timer);
    for (uint32_t i = 0; i < worker->options.credit_count; i++)
        worker_send(worker, DAIS_MDP_WORKER_READY, dais_slice_text(worker->service), NULL);
    dais_loop_timer(worker->loop, &worker->beat_timer, worker->options.heartbeat_ms);
}

static bool worker_link(void *context, short events)
{
    (void)events;
    dais_mdp_worker_t *worker = (dais_mdp_worker_t *)context;
    dais_link_t link = DAIS_LINK_OTHER;
    if (dais_link_next(worker->monitor, &link) != DAIS_OK)
        return false;
    if (link == DAIS_LINK_UP && !worker->figures.is_up)
        worker_up(worker);
    else if (link == DAIS_LINK_REFUSED || (link != DAIS_LINK_OTHER && worker->figures.is_up))
        worker_lose(worker);
    return worker->monitor != NULL;
}

/* The key stands last in the address that our broker writes. */
static dais_slice_t address_key(dais_slice_t address)
{
    if (address.size < DAIS_CURVE_KEY_SIZE)
        return dais_slice(NULL, 0);
    return dais_slice(address.data + address.size - DAIS_CURVE_KEY_SIZE, DAIS_CURVE_KEY_SIZE);
}

/* A broker that sends more than there are credits is not believed the rest either. */
static void worker_take(dais_mdp_worker_t *worker, const dais_parts_t *parts,
                        const dais_mdp_command_t *command)
{
    if (worker->free_count == 0) {
        worker->figures.dropped_count++;
        return;
    }
    uint32_t number = worker->free_slots[--worker->free_count];
    slot_t *slot = &worker->slots[number];
    slot->held = true;
    slot->address_size = (uint16_t)command->address.size;
    memcpy(slot->address, command->address.data, command->address.size);
    worker->figures.held_count++;
    worker->figures.request_count++;
    dais_mdp_request_t request = {.token = {.slot = number, .turn = slot->turn},
                                  .client = command->address,
                                  .key = address_key(command->address),
                                  .body = dais_parts_at(parts, command->body)};
    worker->options.serve(worker->options.context, &request);
}

/* False if the connection is over. */
static bool worker_command(dais_mdp_worker_t *worker, const dais_parts_t *parts)
{
    dais_mdp_command_t command;
    if (dais_mdp_worker_read(parts, 0, &command) != DAIS_OK) {
        worker->figures.dropped_count++;
        return true;
    }
    worker->heard_at_ms = dais_loop_now(worker->loop).boot_ms;
    dais_backoff_reset(&worker->backoff);
    if (command.command == DAIS_MDP_WORKER_DISCONNECT) {
        worker_lose(worker);
        return false;
    }
    if (command.command == DAIS_MDP_WORKER_REQUEST)
        worker_take(worker, parts, &command);
    else if (command.command != DAIS_MDP_WORKER_HEARTBEAT)
        worker->figures.dropped_count++;
    return true;
}

static bool worker_ready(void *context, short events)
{
    (void)events;
    dais_mdp_worker_t *worker = (dais_mdp_worker_t *)context;
    dais_parts_t parts = {.count = 0};
    dais_err_t err =
        dais_parts_receive(&parts, worker->socket, DAIS_FRAME_SIZE_MAX + REQUEST_OVERHEAD);
    bool goes_on = err != DAIS_ERR_WOULD_WAIT;
    if (err == DAIS_OK)
        goes_on = worker_command(worker, &parts);
    else if (err == DAIS_ERR_TOO_LONG)
        worker->figures.dropped_count++;
    dais_parts_drop(&parts);
    return goes_on;
}

static dais_err_t worker_open(dais_mdp_worker_t *worker)
{
    bool keyed = worker->options.own != NULL;
    int queue = (int)worker->options.credit_count * 2 + 64;
    dais_socket_options_t options = {.type = ZMQ_DEALER,
                                     .own = keyed ? &worker->own : NULL,
                                     .server_key = keyed ? worker->server_key : NULL,
                                     .receive_max = queue,
                                     .send_max = queue,
                                     .immediate = true,
                                     .monitor = &worker->monitor};
    dais_err_t err = dais_socket_connect(&options, worker->endpoint, &worker->socket);
    if (err == DAIS_OK)
        err = dais_loop_socket(worker->loop, worker->socket, worker_ready, worker,
                               &worker->socket_watch);
    if (err == DAIS_OK)
        err = dais_loop_socket(worker->loop, worker->monitor, worker_link, worker,
                               &worker->monitor_watch);
    if (err != DAIS_OK)
        worker_close(worker);
    return err;
}

static void worker_link_due(void *context)
{
    dais_mdp_worker_t *worker = (dais_mdp_worker_t *)context;
    worker_close(worker);
    worker->figures.rebuild_count++;
    uint64_t wait_ms = CONNECT_MS_MAX;
    if (worker_open(worker) != DAIS_OK)
        wait_ms = dais_backoff_next_ms(&worker->backoff, &worker->random);
    dais_loop_timer(worker->loop, &worker->link_timer, wait_ms);
}

static dais_err_t worker_copy(dais_mdp_worker_t *worker, const dais_mdp_worker_options_t *options)
{
    uint32_t count = options->credit_count;
    assert(count >= 1 && count <= DAIS_MDP_CREDIT_COUNT_MAX);
    assert(dais_mdp_is_service(dais_slice_text(options->service)));
    worker->options = *options;
    if (options->heartbeat_ms == 0)
        worker->options.heartbeat_ms = HEARTBEAT_MS_DEFAULT;
    if (options->own != NULL) {
        worker->own = *options->own;
        memcpy(worker->server_key, options->server_key, DAIS_CURVE_KEY_SIZE);
    }
    worker->endpoint = strdup(options->endpoint);
    worker->service = strdup(options->service);
    worker->slots = (slot_t *)calloc(count, sizeof(*worker->slots));
    worker->free_slots = (uint32_t *)calloc(count, sizeof(*worker->free_slots));
    if (worker->endpoint == NULL || worker->service == NULL || worker->slots == NULL ||
        worker->free_slots == NULL)
        return DAIS_ERR_NO_MEMORY;
    for (uint32_t slot = count; slot-- > 0;)
        worker->free_slots[worker->free_count++] = slot;
    return DAIS_OK;
}

dais_err_t dais_mdp_worker_new(dais_loop_t *loop, const dais_random_t *random,
                               const dais_mdp_worker_options_t *options, dais_mdp_worker_t **worker)
{
    *worker = NULL;
    dais_mdp_worker_t *made = (dais_mdp_worker_t *)calloc(1, sizeof(*made));
    if (made == NULL)
        return DAIS_ERR_NO_MEMORY;
    made->loop = loop;
    made->random = *random;
    made->link_timer = (dais_timer_t){.fire = worker_link_due, .context = made};
    made->beat_timer = (dais_timer_t){.fire = worker_beat, .context = made};
    dais_err_t err = worker_copy(made, options);
    if (err == DAIS_OK)
        err = worker_open(made);
    if (err == DAIS_OK)
        dais_loop_timer(loop, &made->link_timer, CONNECT_MS_MAX);
    *worker = made;
    if (err != DAIS_OK)
        dais_mdp_worker_destroy(worker);
    return err;
}

void dais_mdp_worker_destroy(dais_mdp_worker_t **worker)
{
    dais_mdp_worker_t *gone = *worker;
    if (gone == NULL)
        return;
    int linger_ms = GOODBYE_MS_MAX;
    if (gone->figures.is_up &&
        dais_socket_option(gone->socket, ZMQ_LINGER, &linger_ms, sizeof(linger_ms)) == DAIS_OK)
        worker_send(gone, DAIS_MDP_WORKER_DISCONNECT, dais_slice(NULL, 0), NULL);
    worker_close(gone);
    dais_loop_cancel(gone->loop, &gone->link_timer);
    free(gone->endpoint);
    free(gone->service);
    free(gone->slots);
    free(gone->free_slots);
    free(gone);
    *worker = NULL;
}

bool dais_mdp_worker_holds(const dais_mdp_worker_t *worker, dais_mdp_token_t token)
{
    return token.slot < worker->options.credit_count && worker->slots[token.slot].held &&
           worker->slots[token.slot].turn == token.turn;
}

static void worker_answer(dais_mdp_worker_t *worker, dais_mdp_token_t token, dais_slice_t body,
                          dais_mdp_worker_command_t command)
{
    if (!dais_mdp_worker_holds(worker, token)) {
        worker->figures.dropped_count++;
        return;
    }
    const slot_t *slot = &worker->slots[token.slot];
    worker_send(worker, command, dais_slice(slot->address, slot->address_size), &body);
}

void dais_mdp_worker_answer(dais_mdp_worker_t *worker, dais_mdp_token_t token, dais_slice_t body)
{
    worker_answer(worker, token, body, DAIS_MDP_WORKER_FINAL);
    if (dais_mdp_worker_holds(worker, token))
        worker_free_slot(worker, token.slot);
}

void dais_mdp_worker_answer_partly(dais_mdp_worker_t *worker, dais_mdp_token_t token,
                                   dais_slice_t body)
{
    worker_answer(worker, token, body, DAIS_MDP_WORKER_PARTIAL);
}

dais_mdp_worker_figures_t dais_mdp_worker_figures(const dais_mdp_worker_t *worker)
{
    return worker->figures;
}
