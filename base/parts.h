/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_BASE_PARTS_H
#define DAIS_BASE_PARTS_H

#include <czmq.h>

#include "base/err.h"
#include "base/slice.h"

/* One message of several frames, owned. Zero is an empty one. */
#define DAIS_PARTS_MAX 16 /* frames, routing id and envelope counted */

typedef struct {
    zframe_t *frames[DAIS_PARTS_MAX];
    size_t count;
} dais_parts_t;

/* The next message of the socket, frame by frame. WOULD_WAIT if none is there. TOO_LONG if it had
 * more than DAIS_PARTS_MAX frames or size_max bytes: it has then been read to its end and dropped,
 * but for its first frame (the routing id, on a ROUTER). parts must be empty before. */
DAIS_MUST_CHECK dais_err_t dais_parts_receive(dais_parts_t *parts, zsock_t *socket,
                                              size_t size_max);

/* Sends it without waiting; parts is then empty. WOULD_WAIT if the peer takes no more for now,
 * PEER_GONE if a ROUTER does not know the first frame: parts is then as before. */
DAIS_MUST_CHECK dais_err_t dais_parts_send(dais_parts_t *parts, zsock_t *socket);

/* The same, but parts stays as it is: the bytes are shared with what is on its way, not copied. */
DAIS_MUST_CHECK dais_err_t dais_parts_send_keeping(const dais_parts_t *parts, zsock_t *socket);

/* Frees the frames; parts is then empty. */
void dais_parts_drop(dais_parts_t *parts);

/* Appends a copy of bytes. NO_MEMORY; TOO_LONG if it is full. */
DAIS_MUST_CHECK dais_err_t dais_parts_add(dais_parts_t *parts, dais_slice_t bytes);

/* Appends the frame itself; *frame is then null. */
DAIS_MUST_CHECK dais_err_t dais_parts_move(dais_parts_t *parts, zframe_t **frame);

/* Borrowed, until the frame goes away; empty behind the last. */
dais_slice_t dais_parts_at(const dais_parts_t *parts, size_t i);

size_t dais_parts_size(const dais_parts_t *parts);

/* What the ZAP handler named the peer, from the last frame (the first one lacks it if it was read
 * ahead by a poll). Null if nobody did. Lives as long as parts. */
const char *dais_parts_user_id(const dais_parts_t *parts);

#endif
