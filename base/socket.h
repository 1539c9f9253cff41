/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_BASE_SOCKET_H
#define DAIS_BASE_SOCKET_H

#include <czmq.h>

#include "base/curve.h"
#include "base/err.h"
#include "base/random.h"
#include "base/slice.h"

/* ZeroMQ sockets as all of us use them: every option is set before bind or connect, nothing waits,
 * nothing lingers, tcp only with CURVE, and what comes in is bounded in frames and bytes. */

/* Once a process, before its first socket and thread; signals are blocked by then
 * (dais_loop_block_signals()). ENTROPY, NO_MEMORY. */
DAIS_MUST_CHECK dais_err_t dais_socket_init(const dais_random_t *random);

/* At the end of main(), when all sockets are closed. */
void dais_socket_shutdown(void);

/* What happens to the connections of a socket, as messages of a second one, its monitor, which is
 * to be watched like any other and closed after the socket. */
typedef enum {
    DAIS_LINK_OTHER,
    DAIS_LINK_UP,      /* the handshake is done */
    DAIS_LINK_DOWN,    /* a connection ended */
    DAIS_LINK_REFUSED, /* the other side does not admit our key; it is never tried again */
    DAIS_LINK_FAILED,  /* the handshake failed: another key than expected, or no ZeroMQ there */
} dais_link_t;

/* WOULD_WAIT when there is none. */
DAIS_MUST_CHECK dais_err_t dais_link_next(zsock_t *monitor, dais_link_t *link);

typedef struct {
    int type;                     /* ZMQ_ROUTER, ZMQ_DEALER, ... */
    const dais_curve_pair_t *own; /* null only for ipc and inproc */
    const uint8_t *server_key;    /* connecting: the key that the other side must have */
    const char *domain;           /* binding with own: who is asked for in ZAP, not empty */
    size_t frame_size_max; /* bytes; a larger frame ends its connection. 0: DAIS_FRAME_SIZE_MAX */
    int receive_max;       /* messages a connection; 0: 64 */
    int send_max;          /* messages a connection; 0: 1024 */
    bool immediate;        /* connecting: take messages only once the handshake is done */
    zsock_t **monitor;     /* where to put a monitor; null for none */
    const char *group;     /* binding ipc: the group that may connect; null for our own */
} dais_socket_options_t;

/* Bytes of a frame: within a site, where intake hands over batches, and from outside, where a
 * bundle of 1 MiB in its envelope is the most. */
#define DAIS_FRAME_SIZE_MAX    ((size_t)5 << 20)
#define DAIS_FRAME_OUTSIDE_MAX (((size_t)1 << 20) + 65536)

/* PLAIN_TCP, BAD_ENDPOINT, ADDRESS_TAKEN, OPEN_TO_ALL, DENIED, NOT_FOUND, NO_MEMORY (also: no
 * descriptors left). *socket is then null. An ipc socket gets mode 0660; its folder is made with
 * 0750 if there is none, and one that is open to others is refused. */
DAIS_MUST_CHECK dais_err_t dais_socket_bind(const dais_socket_options_t *options,
                                            const char *endpoint, zsock_t **socket);
DAIS_MUST_CHECK dais_err_t dais_socket_connect(const dais_socket_options_t *options,
                                               const char *endpoint, zsock_t **socket);

/* Nulls *socket; harmless on null. What was not sent yet is dropped. */
void dais_socket_close(zsock_t **socket);

/* Is it one that dais_socket_bind() and _connect() could take? */
DAIS_MUST_CHECK dais_err_t dais_endpoint_check(const char *endpoint, bool has_keys);

/* Where it is bound, with the port that the system chose for "tcp://127.0.0.1:*". */
DAIS_MUST_CHECK dais_err_t dais_socket_endpoint(zsock_t *socket, char *text, size_t size);

/* Sets an option that the above lacks, before bind and connect or after, as the option wants.
 * BAD_VALUE if libzmq refuses it. */
DAIS_MUST_CHECK dais_err_t dais_socket_option(zsock_t *socket, int option, const void *value,
                                              size_t size);

#endif
