/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_BROKER_RING_H
#define DAIS_BROKER_RING_H

#include <stdbool.h>
#include <stddef.h>

/* A doubly linked ring: a head and links that lie in the things themselves. A zero link is in no
 * ring; a head must be initialised. */
typedef struct dais_ring dais_ring_t;
struct dais_ring {
    dais_ring_t *next, *prev;
};

#define DAIS_RING_OF(link, type, member) ((type *)(void *)((char *)(link)-offsetof(type, member)))

static inline void dais_ring_init(dais_ring_t *head)
{
    head->next = head->prev = head;
}

static inline bool dais_ring_is_empty(const dais_ring_t *head)
{
    return head->next == head;
}

static inline void dais_ring_append(dais_ring_t *head, dais_ring_t *link)
{
    link->prev = head->prev;
    link->next = head;
    head->prev->next = link;
    head->prev = link;
}

/* Harmless on a link that is in no ring. */
static inline void dais_ring_remove(dais_ring_t *link)
{
    if (link->next == NULL)
        return;
    link->prev->next = link->next;
    link->next->prev = link->prev;
    link->next = link->prev = NULL;
}

#endif
