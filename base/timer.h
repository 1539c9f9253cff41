/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_BASE_TIMER_H
#define DAIS_BASE_TIMER_H

#include <stdbool.h>
#include <stdint.h>

/* Something that is due once, at an instant of the boot clock. The caller places it, usually inside
 * of what it serves, sets fire and context, leaves the rest zero, and cancels it before it goes
 * away. Not to be copied while it is armed. Setting, cancelling and firing take O(log n) and no
 * memory, so there may be any number. */
typedef struct dais_timer dais_timer_t;
struct dais_timer {
    void (*fire)(void *context);
    void *context;
    /* Of the heap alone. */
    bool armed;
    uint64_t due_ms;
    uint64_t order; /* those of one instant fire in the order in which they were set */
    dais_timer_t *child;
    dais_timer_t *next; /* sibling */
    dais_timer_t *prev; /* sibling before, or parent of a first child */
};

/* A pairing heap: the root is the next one due. Zero is an empty one. */
typedef struct {
    dais_timer_t *root;
    uint64_t order;
} dais_timers_t;

/* Arms it, or moves it if it is armed already. */
void dais_timers_set(dais_timers_t *timers, dais_timer_t *timer, uint64_t due_ms);

/* Harmless on one that is not armed. */
void dais_timers_cancel(dais_timers_t *timers, dais_timer_t *timer);

/* Fires what is due at now_ms and was set before this call began: one that sets itself anew to now
 * waits for the next call, so a handler cannot hold up the loop. */
void dais_timers_fire(dais_timers_t *timers, uint64_t now_ms);

/* Milliseconds until the next one is due; UINT64_MAX if there is none. */
uint64_t dais_timers_wait_ms(const dais_timers_t *timers, uint64_t now_ms);

#endif
