/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_BASE_TOUCHED_H
#define DAIS_BASE_TOUCHED_H

#include <czmq.h>

#include "base/err.h"

/* Which sockets this thread has sent to or read from, for its loop. What tells a loop that a ZeroMQ
 * socket is ready is an edge, and any use of the socket may take it away (zmq_getsockopt(3),
 * ZMQ_FD); so a socket that was used has to be asked before the loop waits again. The others need
 * not be: to ask one costs two system calls. */

void dais_touched(const zsock_t *socket);

#define DAIS_TOUCHED_MAX 64

/* What was used since the last time: *count sockets, which may be closed by now and are only good
 * to be compared; or null if they were more than can be told. */
const zsock_t *const *dais_touched_take(size_t *count);

#endif
