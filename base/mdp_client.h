/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_BASE_MDP_CLIENT_H
#define DAIS_BASE_MDP_CLIENT_H

#include "base/loop.h"
#include "base/mdp.h"
#include "base/socket.h"

/* Asks services through a broker: any number of calls in flight on one DEALER, in the order in
 * which they were made, each with its own id in its body (dais_mdp_opening()), by which its answer
 * is found. The connection is looked after here: when it is lost, refused or silent, the socket is
 * made anew, after a pause that grows and has a random part, for ever. What was sent over a lost
 * connection ends as UNANSWERED: to ask again, with the same bytes, is the caller's to do. */
typedef struct dais_mdp_client dais_mdp_client_t;

#define DAIS_MDP_CALL_COUNT_MAX 4096

typedef struct {
    const char *endpoint;         /* copied */
    const dais_curve_pair_t *own; /* copied; null for ipc, together with server_key */
    const uint8_t *server_key;    /* DAIS_CURVE_KEY_SIZE bytes, copied */
    size_t call_count_max;        /* in flight; 0: 256 */
    size_t answer_size_max;       /* bytes; 0: DAIS_FRAME_SIZE_MAX */
    bool patient;                 /* see dais_mdp_client_call() */
} dais_mdp_client_options_t;

/* NO_MEMORY, and what dais_socket_connect() says of the endpoint. That nobody answers there is no
 * error. random outlives the client. */
DAIS_MUST_CHECK dais_err_t dais_mdp_client_new(dais_loop_t *loop, const dais_random_t *random,
                                               const dais_mdp_client_options_t *options,
                                               dais_mdp_client_t **client);

/* Calls in flight end without an answer and without a callback. Not inside of a callback. */
void dais_mdp_client_destroy(dais_mdp_client_t **client);

typedef struct {
    dais_err_t err;    /* OK: body is the answer, which may well be a refusal.
                          UNREACHABLE: never sent. UNANSWERED: sent, outcome unknown.
                          NOT_ADMITTED: the broker does not let this key in; never sent. */
    dais_slice_t body; /* until the callback returns */
    bool partial;      /* more answers to this call follow */
} dais_mdp_answer_t;

typedef void dais_mdp_answered_t(void *context, const dais_mdp_answer_t *answer);

/* Sends body, which is copied and opens with a domain and a call id (anything else is a bug), to a
 * service. answered is called once, or several times with partial and then once without; never
 * from inside of this call. The call ends when timeout_ms have gone by; on a patient client when
 * they have gone by since anything last came in or the connection came up, but after ten times as
 * long in any case: on a line that takes a minute for a bundle this is what tells slow from dead.
 * NO_SPACE if too many are in flight, NO_MEMORY, TOO_LONG. */
DAIS_MUST_CHECK dais_err_t dais_mdp_client_call(dais_mdp_client_t *client, const char *service,
                                                dais_slice_t body, uint32_t timeout_ms,
                                                dais_mdp_answered_t *answered, void *context);

/* Forgets a call: its answer will be dropped, no callback comes. False if there is none. */
bool dais_mdp_client_cancel(dais_mdp_client_t *client, dais_slice_t call_id);

typedef struct {
    bool is_up;              /* connected and admitted */
    bool is_refused;         /* the last attempt ended with the broker not admitting the key */
    size_t call_count;       /* in flight */
    uint64_t rebuild_count;  /* sockets made anew */
    uint64_t dropped_count;  /* answers that nobody waited for */
    uint64_t progress_at_ms; /* boot clock: when something last came in */
} dais_mdp_client_figures_t;

dais_mdp_client_figures_t dais_mdp_client_figures(const dais_mdp_client_t *client);

#endif
