/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_BROKER_OUTBOX_H
#define DAIS_BROKER_OUTBOX_H

#include "base/parts.h"
#include "broker/ring.h"
#include "broker/table.h"

/* Answers on their way to clients. What a connection does not take at once waits here, in order and
 * within a bound for each connection and one for all; who does not read for too long loses what
 * waits for it, and asks again. So a client that never reads costs the others nothing. */
typedef struct dais_outbox dais_outbox_t;

typedef struct {
    size_t connection_count_max; /* answers that wait for one connection */
    size_t bytes_max;            /* of all that wait */
    uint64_t expiry_ms;
} dais_outbox_limits_t;

/* NO_MEMORY, ENTROPY. */
DAIS_MUST_CHECK dais_err_t dais_outbox_new(const dais_outbox_limits_t *limits,
                                           const dais_random_t *random, dais_outbox_t **outbox);
void dais_outbox_destroy(dais_outbox_t **outbox);

/* Sends parts, whose first frame is the routing id, on the socket; parts is then empty. connection
 * names the connection among all sockets. The socket outlives what waits for it. */
void dais_outbox_send(dais_outbox_t *outbox, zsock_t *socket, dais_slice_t connection,
                      dais_parts_t *parts, uint64_t now_ms);

/* Tries again what waits, and drops what has waited too long. True if anything went. */
bool dais_outbox_retry(dais_outbox_t *outbox, uint64_t now_ms);

typedef struct {
    size_t waiting_count, bytes; /* now */
    uint64_t sent_count, dropped_count, gone_count;
} dais_outbox_figures_t;

dais_outbox_figures_t dais_outbox_figures(const dais_outbox_t *outbox);

#endif
