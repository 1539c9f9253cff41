/* SPDX-License-Identifier: Apache-2.0
 *
 * States of the connection: none (a timer will make the next socket), made (the handshake may still
 * be under way), up. libzmq reconnects a lost connection by itself, but never one that was refused
 * or that met something else than ZeroMQ, and a call that went with the lost connection would wait
 * in vain; so every loss ends the socket here.
 *
 * Calls stand in one list in the order in which they were made; those not sent yet are its tail. */
#include "base/mdp_client.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/backoff.h"

#define CALL_COUNT_DEFAULT 256
#define CONNECT_MS_MAX     10000 /* for connection and handshake, then with a new socket */
#define PATIENCE           10    /* times the time-out that a patient client waits at most */
#define ANSWER_OVERHEAD    1024  /* bytes of the frames before the body */

typedef struct call call_t;
struct call {
    call_t *next, *prev;
    dais_mdp_client_t *client;
    uint8_t id[DAIS_MDP_CALL_ID_SIZE];
    dais_parts_t parts; /* empty once it is sent */
    uint64_t made_at_ms;
    uint64_t sent_at_ms;
    uint32_t timeout_ms;
    dais_timer_t timer;
    dais_mdp_answered_t *answered;
    void *context;
};

struct dais_mdp_client {
    dais_loop_t *loop;
    dais_random_t random;
    dais_mdp_client_options_t options;
    char *endpoint;
    dais_curve_pair_t own;
    uint8_t server_key[DAIS_CURVE_KEY_SIZE];
    zsock_t *socket, *monitor;
    dais_watch_t *socket_watch, *monitor_watch;
    dais_timer_t link_timer; /* makes the socket, or gives up on its handshake */
    dais_timer_t send_timer; /* sends what was asked in this pass */
    dais_backoff_t backoff;
    call_t *first, *last;
    call_t *unsent; /* the first that is not sent yet */
    dais_mdp_client_figures_t figures;
};

static uint64_t client_now_ms(const dais_mdp_client_t *client)
{
    return dais_loop_now(client->loop).boot_ms;
}

/* Out of the list and gone; the callback, if any, comes last, since it may make the next call. */
static void call_end(call_t *call, const dais_mdp_answer_t *answer)
{
    dais_mdp_client_t *client = call->client;
    dais_mdp_answered_t *answered = call->answered;
    void *context = call->context;
    if (client->unsent == call)
        client->unsent = call->next;
    if (call->prev == NULL)
        client->first = call->next;
    else
        call->prev->next = call->next;
    if (call->next == NULL)
        client->last = call->prev;
    else
        call->next->prev = call->prev;
    dais_loop_cancel(client->loop, &call->timer);
    dais_parts_drop(&call->parts);
    free(call);
    client->figures.call_count--;
    if (answer != NULL)
        answered(context, answer);
}

/* Ends those that were sent, or all. Each is taken out by itself: a callback may make new calls,
 * which come behind the last of now and are left alone. */
static void client_end_calls(dais_mdp_client_t *client, bool all, dais_err_t err)
{
    size_t count = 0;
    for (const call_t *call = client->first; call != NULL && (all || call != client->unsent);
         call = call->next)
        count++;
    const dais_mdp_answer_t answer = {.err = err};
    while (count-- > 0 && client->first != NULL && (all || client->first != client->unsent))
        call_end(client->first, &answer); /* NOLINT(clang-analyzer-unix.Malloc): it left the list */
}

static void client_close(dais_mdp_client_t *client)
{
    dais_loop_unwatch(client->loop, &client->socket_watch);
    dais_loop_unwatch(client->loop, &client->monitor_watch);
    dais_socket_close(&client->socket);
    dais_socket_close(&client->monitor);
    client->figures.is_up = false;
}

/* The connection is of no use any more. */
static void client_lose(dais_mdp_client_t *client)
{
    client_close(client);
    dais_loop_timer(client->loop, &client->link_timer,
                    dais_backoff_next_ms(&client->backoff, &client->random));
    client_end_calls(client, false, DAIS_ERR_UNANSWERED);
}

static void client_watch_output(dais_mdp_client_t *client)
{
    if (client->socket_watch == NULL)
        return;
    bool wanted = client->unsent != NULL && client->figures.is_up;
    dais_watch_events(client->socket_watch, (short)(ZMQ_POLLIN | (wanted ? ZMQ_POLLOUT : 0)));
}

static void client_send(void *context)
{
    dais_mdp_client_t *client = (dais_mdp_client_t *)context;
    while (client->figures.is_up && client->unsent != NULL) {
        call_t *call = client->unsent;
        if (dais_parts_send(&call->parts, client->socket) != DAIS_OK)
            break;
        call->sent_at_ms = client_now_ms(client);
        client->unsent = call->next;
    }
    client_watch_output(client);
}

static call_t *client_find(dais_mdp_client_t *client, dais_slice_t id)
{
    if (id.size != DAIS_MDP_CALL_ID_SIZE)
        return NULL;
    for (call_t *call = client->first; call != NULL; call = call->next) {
        if (memcmp(call->id, id.data, id.size) == 0)
            return call;
    }
    return NULL;
}

static void client_take(dais_mdp_client_t *client, const dais_parts_t *parts)
{
    dais_mdp_command_t command;
    dais_mdp_opening_t opening = {.domain = dais_slice(NULL, 0)};
    bool good = dais_mdp_client_read(parts, 0, &command) == DAIS_OK &&
                command.command != DAIS_MDP_CLIENT_REQUEST && command.body + 1 == parts->count;
    dais_slice_t body = dais_parts_at(parts, good ? command.body : parts->count);
    good = good && dais_mdp_opening(body, &opening);
    call_t *call = good ? client_find(client, opening.call_id) : NULL;
    if (call == NULL || call->parts.count > 0) {
        client->figures.dropped_count++;
        return;
    }
    client->figures.progress_at_ms = client_now_ms(client);
    dais_mdp_answer_t answer = {.body = body};
    answer.partial = command.command == DAIS_MDP_CLIENT_PARTIAL;
    if (!answer.partial) {
        call_end(call, &answer);
        return;
    }
    dais_loop_timer(client->loop, &call->timer, call->timeout_ms);
    call->answered(call->context, &answer);
}

static bool client_ready(void *context, short events)
{
    dais_mdp_client_t *client = (dais_mdp_client_t *)context;
    if ((events & ZMQ_POLLOUT) != 0)
        client_send(client);
    dais_parts_t parts = {.count = 0};
    size_t size_max = client->options.answer_size_max + ANSWER_OVERHEAD;
    dais_err_t err = dais_parts_receive(&parts, client->socket, size_max);
    if (err == DAIS_OK)
        client_take(client, &parts);
    else if (err == DAIS_ERR_TOO_LONG)
        client->figures.dropped_count++;
    dais_parts_drop(&parts);
    return err != DAIS_ERR_WOULD_WAIT;
}

static void client_up(dais_mdp_client_t *client)
{
    client->figures.is_up = true;
    client->figures.is_refused = false;
    client->figures.progress_at_ms = client_now_ms(client);
    dais_backoff_reset(&client->backoff);
    dais_loop_cancel(client->loop, &client->link_timer);
    client_send(client);
}

static bool client_link(void *context, short events)
{
    (void)events;
    dais_mdp_client_t *client = (dais_mdp_client_t *)context;
    dais_link_t link = DAIS_LINK_OTHER;
    if (dais_link_next(client->monitor, &link) != DAIS_OK)
        return false;
    if (link == DAIS_LINK_UP) {
        client_up(client);
    } else if (link == DAIS_LINK_REFUSED) {
        client->figures.is_refused = true;
        client_lose(client);
        client_end_calls(client, true, DAIS_ERR_NOT_ADMITTED);
        return false;
    } else if (link != DAIS_LINK_OTHER && client->figures.is_up) {
        client_lose(client);
        return false;
    }
    return true;
}

static dais_err_t client_open(dais_mdp_client_t *client)
{
    bool keyed = client->options.own != NULL;
    dais_socket_options_t options = {.type = ZMQ_DEALER,
                                     .own = keyed ? &client->own : NULL,
                                     .server_key = keyed ? client->server_key : NULL,
                                     .frame_size_max = client->options.answer_size_max,
                                     .receive_max = (int)client->options.call_count_max,
                                     .send_max = (int)client->options.call_count_max,
                                     .immediate = true,
                                     .monitor = &client->monitor};
    dais_err_t err = dais_socket_connect(&options, client->endpoint, &client->socket);
    if (err == DAIS_OK)
        err = dais_loop_socket(client->loop, client->socket, client_ready, client,
                               &client->socket_watch);
    if (err == DAIS_OK)
        err = dais_loop_socket(client->loop, client->monitor, client_link, client,
                               &client->monitor_watch);
    if (err != DAIS_OK)
        client_close(client);
    return err;
}

/* With a socket: its handshake takes too long. Without: it is time for the next one. */
static void client_link_due(void *context)
{
    dais_mdp_client_t *client = (dais_mdp_client_t *)context;
    client_close(client);
    client->figures.rebuild_count++;
    if (client_open(client) == DAIS_OK)
        dais_loop_timer(client->loop, &client->link_timer, CONNECT_MS_MAX);
    else
        dais_loop_timer(client->loop, &client->link_timer,
                        dais_backoff_next_ms(&client->backoff, &client->random));
}

static dais_err_t client_copy(dais_mdp_client_t *client, const dais_mdp_client_options_t *options)
{
    client->options = *options;
    if (options->call_count_max == 0)
        client->options.call_count_max = CALL_COUNT_DEFAULT;
    if (options->answer_size_max == 0)
        client->options.answer_size_max = DAIS_FRAME_SIZE_MAX;
    assert(client->options.call_count_max <= DAIS_MDP_CALL_COUNT_MAX);
    if (options->own != NULL) {
        client->own = *options->own;
        memcpy(client->server_key, options->server_key, DAIS_CURVE_KEY_SIZE);
    }
    client->endpoint = strdup(options->endpoint);
    return client->endpoint == NULL ? DAIS_ERR_NO_MEMORY : DAIS_OK;
}

dais_err_t dais_mdp_client_new(dais_loop_t *loop, const dais_random_t *random,
                               const dais_mdp_client_options_t *options, dais_mdp_client_t **client)
{
    *client = NULL;
    dais_mdp_client_t *made = (dais_mdp_client_t *)calloc(1, sizeof(*made));
    if (made == NULL)
        return DAIS_ERR_NO_MEMORY;
    made->loop = loop;
    made->random = *random;
    made->link_timer = (dais_timer_t){.fire = client_link_due, .context = made};
    made->send_timer = (dais_timer_t){.fire = client_send, .context = made};
    dais_err_t err = client_copy(made, options);
    if (err == DAIS_OK)
        err = client_open(made);
    if (err == DAIS_OK)
        dais_loop_timer(loop, &made->link_timer, CONNECT_MS_MAX);
    *client = made;
    if (err != DAIS_OK)
        dais_mdp_client_destroy(client);
    return err;
}

void dais_mdp_client_destroy(dais_mdp_client_t **client)
{
    if (*client == NULL)
        return;
    client_close(*client);
    while ((*client)->first != NULL)
        call_end((*client)->first, NULL); /* NOLINT(clang-analyzer-unix.Malloc): the same */
    dais_loop_cancel((*client)->loop, &(*client)->link_timer);
    dais_loop_cancel((*client)->loop, &(*client)->send_timer);
    free((*client)->endpoint);
    free(*client);
    *client = NULL;
}

/* How long this call may still wait; 0 if it is over. */
static uint64_t call_left_ms(const call_t *call)
{
    const dais_mdp_client_t *client = call->client;
    uint64_t now_ms = client_now_ms(client);
    uint64_t since_ms = call->made_at_ms;
    if (client->options.patient && client->figures.progress_at_ms > since_ms)
        since_ms = client->figures.progress_at_ms;
    uint64_t end_ms = since_ms + call->timeout_ms;
    uint64_t last_ms = call->made_at_ms + (uint64_t)call->timeout_ms * PATIENCE;
    end_ms = end_ms < last_ms ? end_ms : last_ms;
    return end_ms > now_ms ? end_ms - now_ms : 0;
}

/* If nothing has come in since this was sent, the connection may be dead without having ended. */
static void call_due(void *context)
{
    call_t *call = (call_t *)context;
    dais_mdp_client_t *client = call->client;
    uint64_t left_ms = call_left_ms(call);
    if (left_ms > 0) {
        dais_loop_timer(client->loop, &call->timer, left_ms);
        return;
    }
    bool sent = call->parts.count == 0;
    bool silent = sent && client->figures.progress_at_ms <= call->sent_at_ms;
    const dais_mdp_answer_t answer = {.err = sent ? DAIS_ERR_UNANSWERED : DAIS_ERR_UNREACHABLE};
    call_end(call, &answer);
    if (silent && client->figures.is_up)
        client_lose(client);
}

static dais_err_t call_fill(call_t *call, const char *service, dais_slice_t body)
{
    dais_mdp_opening_t opening;
    bool opens = dais_mdp_opening(body, &opening);
    assert(opens && dais_mdp_is_service(dais_slice_text(service)));
    memcpy(call->id, opening.call_id.data, sizeof(call->id));
    dais_err_t err =
        dais_mdp_client_open(&call->parts, DAIS_MDP_CLIENT_REQUEST, dais_slice_text(service));
    return err == DAIS_OK ? dais_parts_add(&call->parts, body) : err;
}

static void client_append(dais_mdp_client_t *client, call_t *call)
{
    call->prev = client->last;
    *(client->last == NULL ? &client->first : &client->last->next) = call;
    client->last = call;
    client->unsent = client->unsent == NULL ? call : client->unsent;
    client->figures.call_count++;
}

dais_err_t dais_mdp_client_call(dais_mdp_client_t *client, const char *service, dais_slice_t body,
                                uint32_t timeout_ms, dais_mdp_answered_t *answered, void *context)
{
    if (body.size > DAIS_FRAME_SIZE_MAX)
        return DAIS_ERR_TOO_LONG;
    if (client->figures.call_count >= client->options.call_count_max)
        return DAIS_ERR_NO_SPACE;
    call_t *call = (call_t *)calloc(1, sizeof(*call));
    if (call == NULL)
        return DAIS_ERR_NO_MEMORY;
    *call = (call_t){.client = client,
                     .made_at_ms = client_now_ms(client),
                     .timeout_ms = timeout_ms,
                     .timer = {.fire = call_due, .context = call},
                     .answered = answered,
                     .context = context};
    dais_err_t err = call_fill(call, service, body);
    if (err != DAIS_OK) {
        dais_parts_drop(&call->parts);
        free(call);
        return err;
    }
    client_append(client, call);
    dais_loop_timer(client->loop, &call->timer, timeout_ms);
    dais_loop_timer(client->loop, &client->send_timer, 0);
    return DAIS_OK;
}

bool dais_mdp_client_cancel(dais_mdp_client_t *client, dais_slice_t call_id)
{
    call_t *call = client_find(client, call_id);
    if (call == NULL)
        return false;
    call_end(call, NULL);
    return true;
}

dais_mdp_client_figures_t dais_mdp_client_figures(const dais_mdp_client_t *client)
{
    return client->figures;
}
