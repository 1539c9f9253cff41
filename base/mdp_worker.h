/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_BASE_MDP_WORKER_H
#define DAIS_BASE_MDP_WORKER_H

#include "base/loop.h"
#include "base/mdp.h"
#include "base/socket.h"

/* Serves one service at a broker, over one socket (so that the order of a client's requests is
 * kept), with a number of credits: how many requests it may hold at a time. RFC 18 gives a worker
 * one; our extension is that each further READY adds one. At a broker that does not know it, ask
 * for one credit. A process serves as many services as it likes, with a worker for each.
 *
 * A request is answered at once or later, in any order: it keeps its credit until then. For polls
 * that stay parked for long, serve a service of their own ("NAME/wait") with many credits.
 *
 * Heartbeats, and a new socket with a new registration after a lost broker, are looked after here.
 * Requests that were held over the lost connection are void: answers to them are dropped, and the
 * clients ask again. */
typedef struct dais_mdp_worker dais_mdp_worker_t;

#define DAIS_MDP_CREDIT_COUNT_MAX 4096

/* A request that is held. Stays good to hand in after it is void. */
typedef struct {
    uint32_t slot;
    uint32_t turn;
} dais_mdp_token_t;

/* Slices live until the callback returns. */
typedef struct {
    dais_mdp_token_t token;
    dais_slice_t client; /* who asks, as the broker names it: the same for the same connection */
    dais_slice_t key;    /* the transport key of who asks, as the broker says; zeros at its local
                            door, empty from a broker that is not ours. It admits, it proves nothing */
    dais_slice_t body;   /* one frame; the first one if there are more */
} dais_mdp_request_t;

typedef void dais_mdp_serve_t(void *context, const dais_mdp_request_t *request);

typedef struct {
    const char *endpoint;         /* copied */
    const dais_curve_pair_t *own; /* copied; null for ipc, together with server_key */
    const uint8_t *server_key;    /* DAIS_CURVE_KEY_SIZE bytes, copied */
    const char *service;          /* copied */
    uint32_t credit_count;        /* 1 to DAIS_MDP_CREDIT_COUNT_MAX */
    uint32_t heartbeat_ms;        /* the same as the broker's; 0: 2500 */
    dais_mdp_serve_t *serve;      /* may answer at once */
    void (*lost)(void *context);  /* all requests held became void; null if that is no matter */
    void *context;
} dais_mdp_worker_options_t;

/* NO_MEMORY, and what dais_socket_connect() says of the endpoint. random outlives the worker. */
DAIS_MUST_CHECK dais_err_t dais_mdp_worker_new(dais_loop_t *loop, const dais_random_t *random,
                                               const dais_mdp_worker_options_t *options,
                                               dais_mdp_worker_t **worker);

/* Takes leave of the broker. Not inside of a callback. */
void dais_mdp_worker_destroy(dais_mdp_worker_t **worker);

/* Answers a request for good; body is copied. Nothing happens if it is void or was answered. */
void dais_mdp_worker_answer(dais_mdp_worker_t *worker, dais_mdp_token_t token, dais_slice_t body);

/* One answer of several; the request stays held. */
void dais_mdp_worker_answer_partly(dais_mdp_worker_t *worker, dais_mdp_token_t token,
                                   dais_slice_t body);

/* Would an answer still go out? */
bool dais_mdp_worker_holds(const dais_mdp_worker_t *worker, dais_mdp_token_t token);

typedef struct {
    bool is_up;             /* connected and registered */
    uint32_t held_count;    /* requests not answered yet */
    uint64_t request_count; /* ever */
    uint64_t rebuild_count; /* sockets made anew */
    uint64_t dropped_count; /* answers to void requests, and what was not understood */
} dais_mdp_worker_figures_t;

dais_mdp_worker_figures_t dais_mdp_worker_figures(const dais_mdp_worker_t *worker);

#endif
