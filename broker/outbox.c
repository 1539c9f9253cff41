/* SPDX-License-Identifier: Apache-2.0 */
#include "broker/outbox.h"

#include <stdlib.h>

typedef struct {
    dais_ring_t in_backlog;
    dais_parts_t parts;
    size_t size;
    uint64_t since_ms;
} waiting_t;

/* A connection for which something waits. */
typedef struct {
    dais_table_node_t node;
    dais_ring_t in_outbox;
    dais_ring_t waiting;
    size_t count;
    zsock_t *socket;
    uint8_t name[];
} backlog_t;

struct dais_outbox {
    dais_outbox_limits_t limits;
    dais_table_t table;
    dais_ring_t backlogs;
    dais_outbox_figures_t figures;
};

dais_err_t dais_outbox_new(const dais_outbox_limits_t *limits, const dais_random_t *random,
                           dais_outbox_t **outbox)
{
    *outbox = (dais_outbox_t *)calloc(1, sizeof(**outbox));
    if (*outbox == NULL)
        return DAIS_ERR_NO_MEMORY;
    (*outbox)->limits = *limits;
    dais_ring_init(&(*outbox)->backlogs);
    dais_err_t err = dais_table_init(&(*outbox)->table, random);
    if (err != DAIS_OK) {
        free(*outbox);
        *outbox = NULL;
    }
    return err;
}

static void outbox_drop(dais_outbox_t *outbox, backlog_t *backlog, waiting_t *waiting)
{
    dais_ring_remove(&waiting->in_backlog);
    backlog->count--;
    outbox->figures.waiting_count--;
    outbox->figures.bytes -= waiting->size;
    dais_parts_drop(&waiting->parts);
    free(waiting);
}

static void outbox_end(dais_outbox_t *outbox, backlog_t *backlog)
{
    while (!dais_ring_is_empty(&backlog->waiting)) {
        waiting_t *waiting = DAIS_RING_OF(backlog->waiting.next, waiting_t, in_backlog);
        /* A freed one has left the ring, which the analyser does not see. */
        outbox_drop(outbox, backlog, waiting); /* NOLINT(clang-analyzer-unix.Malloc) */
    }
    dais_ring_remove(&backlog->in_outbox);
    dais_table_remove(&outbox->table, &backlog->node);
    free(backlog);
}

void dais_outbox_destroy(dais_outbox_t **outbox)
{
    if (*outbox == NULL)
        return;
    while (!dais_ring_is_empty(&(*outbox)->backlogs))
        outbox_end(*outbox, DAIS_RING_OF((*outbox)->backlogs.next, backlog_t, in_outbox));
    free(*outbox);
    *outbox = NULL;
}

static backlog_t *outbox_need(dais_outbox_t *outbox, zsock_t *socket, dais_slice_t name)
{
    backlog_t *backlog = (backlog_t *)dais_table_find(&outbox->table, name);
    if (backlog != NULL)
        return backlog;
    backlog = (backlog_t *)calloc(1, sizeof(*backlog) + name.size);
    if (backlog == NULL)
        return NULL;
    memcpy(backlog->name, name.data, name.size);
    backlog->node.key = dais_slice(backlog->name, name.size);
    backlog->socket = socket;
    dais_ring_init(&backlog->waiting);
    dais_ring_append(&outbox->backlogs, &backlog->in_outbox);
    dais_table_add(&outbox->table, &backlog->node);
    return backlog;
}

/* Keeps it for later, if there is room. */
static void outbox_keep(dais_outbox_t *outbox, zsock_t *socket, dais_slice_t name,
                        dais_parts_t *parts, uint64_t now_ms)
{
    size_t size = dais_parts_size(parts);
    backlog_t *backlog = outbox_need(outbox, socket, name);
    waiting_t *waiting = NULL;
    if (backlog != NULL && backlog->count < outbox->limits.connection_count_max &&
        outbox->figures.bytes + size <= outbox->limits.bytes_max)
        waiting = (waiting_t *)calloc(1, sizeof(*waiting));
    if (waiting == NULL) {
        outbox->figures.dropped_count++;
        dais_parts_drop(parts);
        if (backlog != NULL && backlog->count == 0)
            outbox_end(outbox, backlog);
        return;
    }
    *waiting = (waiting_t){.parts = *parts, .size = size, .since_ms = now_ms};
    *parts = (dais_parts_t){.count = 0};
    dais_ring_append(&backlog->waiting, &waiting->in_backlog);
    backlog->count++;
    outbox->figures.waiting_count++;
    outbox->figures.bytes += size;
}

/* False when the connection takes no more for now; what is left then waits on. */
static bool outbox_retry_one(dais_outbox_t *outbox, backlog_t *backlog, uint64_t now_ms)
{
    waiting_t *waiting = DAIS_RING_OF(backlog->waiting.next, waiting_t, in_backlog);
    dais_err_t err = dais_parts_send(&waiting->parts, backlog->socket);
    /* NOLINTNEXTLINE(clang-analyzer-unix.Malloc): as in outbox_end() */
    if (err == DAIS_ERR_WOULD_WAIT && now_ms - waiting->since_ms < outbox->limits.expiry_ms)
        return false;
    outbox->figures.sent_count += err == DAIS_OK ? 1 : 0;
    outbox->figures.gone_count += err == DAIS_ERR_PEER_GONE ? 1 : 0;
    outbox->figures.dropped_count += err == DAIS_ERR_WOULD_WAIT ? 1 : 0;
    outbox_drop(outbox, backlog, waiting); /* NOLINT(clang-analyzer-unix.Malloc) */
    return true;
}

/* Sends what the connection takes of its backlog, which ends when it is empty. True if anything
 * went.
 */
static bool outbox_flush(dais_outbox_t *outbox, backlog_t *backlog, uint64_t now_ms)
{
    size_t before = backlog->count;
    while (!dais_ring_is_empty(&backlog->waiting) && outbox_retry_one(outbox, backlog, now_ms))
        continue;
    bool moved = backlog->count < before;
    if (backlog->count == 0)
        outbox_end(outbox, backlog);
    return moved;
}

void dais_outbox_send(dais_outbox_t *outbox, zsock_t *socket, dais_slice_t connection,
                      dais_parts_t *parts, uint64_t now_ms)
{
    backlog_t *backlog = (backlog_t *)dais_table_find(&outbox->table, connection);
    if (backlog != NULL)
        (void)outbox_flush(outbox, backlog, now_ms);
    bool behind = dais_table_find(&outbox->table, connection) != NULL;
    dais_err_t err = behind ? DAIS_ERR_WOULD_WAIT : dais_parts_send(parts, socket);
    if (err == DAIS_ERR_WOULD_WAIT) {
        outbox_keep(outbox, socket, connection, parts, now_ms);
        return;
    }
    outbox->figures.sent_count += err == DAIS_OK ? 1 : 0;
    outbox->figures.gone_count += err == DAIS_OK ? 0 : 1;
    dais_parts_drop(parts);
}

bool dais_outbox_retry(dais_outbox_t *outbox, uint64_t now_ms)
{
    bool moved = false;
    for (dais_ring_t *link = outbox->backlogs.next; link != &outbox->backlogs;) {
        backlog_t *backlog = DAIS_RING_OF(link, backlog_t, in_outbox);
        link = link->next;
        moved = outbox_flush(outbox, backlog, now_ms) || moved;
    }
    return moved;
}

dais_outbox_figures_t dais_outbox_figures(const dais_outbox_t *outbox)
{
    return outbox->figures;
}
