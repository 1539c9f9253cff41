/* SPDX-License-Identifier: Apache-2.0 */
#include "base/parts.h"

#include <assert.h>
#include <errno.h>

#include "base/touched.h"

void dais_parts_drop(dais_parts_t *parts)
{
    for (size_t i = 0; i < parts->count; i++)
        zframe_destroy(&parts->frames[i]);
    parts->count = 0;
}

/* Keeps the first frame alone, and reads on until the message ends. libzmq hands out a message only
 * when it is there as a whole, so this does not wait. */
static void parts_skip(dais_parts_t *parts, zsock_t *socket, bool more)
{
    while (parts->count > 1)
        zframe_destroy(&parts->frames[--parts->count]);
    while (more) {
        zframe_t *frame = zframe_recv(socket);
        more = frame != NULL && zframe_more(frame) != 0;
        zframe_destroy(&frame);
    }
}

dais_err_t dais_parts_receive(dais_parts_t *parts, zsock_t *socket, size_t size_max)
{
    assert(parts->count == 0);
    size_t size = 0;
    bool more = true;
    dais_touched(socket);
    while (more) {
        zframe_t *frame = zframe_recv(socket);
        if (frame == NULL) {
            dais_parts_drop(parts);
            return DAIS_ERR_WOULD_WAIT;
        }
        more = zframe_more(frame) != 0;
        size += zframe_size(frame);
        if (parts->count == DAIS_PARTS_MAX || size > size_max) {
            zframe_destroy(&frame);
            parts_skip(parts, socket, more);
            return DAIS_ERR_TOO_LONG;
        }
        parts->frames[parts->count++] = frame;
    }
    return DAIS_OK;
}

/* Only the first frame can be refused: it chooses the connection, and the others follow it, or are
 * dropped by libzmq when the peer goes away between two of them. */
static dais_err_t parts_send(const dais_parts_t *parts, zsock_t *socket)
{
    dais_touched(socket);
    for (size_t i = 0; i < parts->count; i++) {
        zframe_t *frame = parts->frames[i];
        int flags = ZFRAME_DONTWAIT | (i + 1 < parts->count ? ZFRAME_MORE : 0);
        if (zframe_send(&frame, socket, flags | ZFRAME_REUSE) == 0)
            continue;
        if (i == 0)
            return zmq_errno() == EHOSTUNREACH ? DAIS_ERR_PEER_GONE : DAIS_ERR_WOULD_WAIT;
        break;
    }
    return DAIS_OK;
}

dais_err_t dais_parts_send_keeping(const dais_parts_t *parts, zsock_t *socket)
{
    return parts_send(parts, socket);
}

dais_err_t dais_parts_send(dais_parts_t *parts, zsock_t *socket)
{
    dais_err_t err = parts_send(parts, socket);
    if (err == DAIS_OK)
        dais_parts_drop(parts);
    return err;
}

dais_err_t dais_parts_add(dais_parts_t *parts, dais_slice_t bytes)
{
    zframe_t *frame = zframe_new(bytes.data, bytes.size);
    if (frame == NULL)
        return DAIS_ERR_NO_MEMORY;
    dais_err_t err = dais_parts_move(parts, &frame);
    zframe_destroy(&frame);
    return err;
}

dais_err_t dais_parts_move(dais_parts_t *parts, zframe_t **frame)
{
    if (parts->count == DAIS_PARTS_MAX)
        return DAIS_ERR_TOO_LONG;
    parts->frames[parts->count++] = *frame;
    *frame = NULL;
    return DAIS_OK;
}

dais_slice_t dais_parts_at(const dais_parts_t *parts, size_t i)
{
    if (i >= parts->count)
        return dais_slice(NULL, 0);
    return dais_slice(zframe_data(parts->frames[i]), zframe_size(parts->frames[i]));
}

size_t dais_parts_size(const dais_parts_t *parts)
{
    size_t size = 0;
    for (size_t i = 0; i < parts->count; i++)
        size += zframe_size(parts->frames[i]);
    return size;
}

const char *dais_parts_user_id(const dais_parts_t *parts)
{
    if (parts->count == 0)
        return NULL;
    return zframe_meta(parts->frames[parts->count - 1], "User-Id");
}
