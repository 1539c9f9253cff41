/* SPDX-License-Identifier: Apache-2.0 */
#include "base/timer.h"

#include <assert.h>
#include <stddef.h>

static bool timer_before(const dais_timer_t *a, const dais_timer_t *b)
{
    return a->due_ms != b->due_ms ? a->due_ms < b->due_ms : a->order < b->order;
}

/* Makes one heap of two; either may be null. Neither has siblings. */
static dais_timer_t *timer_meld(dais_timer_t *a, dais_timer_t *b)
{
    if (a == NULL || b == NULL)
        return a == NULL ? b : a;
    if (timer_before(b, a)) {
        dais_timer_t *swap = a;
        a = b;
        b = swap;
    }
    b->next = a->child;
    b->prev = a;
    if (a->child != NULL)
        a->child->prev = b;
    a->child = b;
    return a;
}

/* One heap of a row of siblings: in pairs to the right, then all pairs to the left. */
static dais_timer_t *timer_meld_row(dais_timer_t *row)
{
    dais_timer_t *pairs = NULL;
    while (row != NULL) {
        dais_timer_t *a = row;
        dais_timer_t *b = a->next;
        row = b == NULL ? NULL : b->next;
        a->next = a->prev = NULL;
        if (b != NULL)
            b->next = b->prev = NULL;
        dais_timer_t *pair = timer_meld(a, b);
        pair->next = pairs;
        pairs = pair;
    }
    dais_timer_t *root = NULL;
    while (pairs != NULL) {
        dais_timer_t *pair = pairs;
        pairs = pair->next;
        pair->next = NULL;
        root = timer_meld(root, pair);
    }
    return root;
}

void dais_timers_cancel(dais_timers_t *timers, dais_timer_t *timer)
{
    if (!timer->armed)
        return;
    if (timer == timers->root) {
        timers->root = timer_meld_row(timer->child);
    } else {
        if (timer->prev->child == timer)
            timer->prev->child = timer->next;
        else
            timer->prev->next = timer->next;
        if (timer->next != NULL)
            timer->next->prev = timer->prev;
        timers->root = timer_meld(timers->root, timer_meld_row(timer->child));
    }
    timer->child = timer->next = timer->prev = NULL;
    timer->armed = false;
}

void dais_timers_set(dais_timers_t *timers, dais_timer_t *timer, uint64_t due_ms)
{
    assert(timer->fire != NULL);
    dais_timers_cancel(timers, timer);
    timer->armed = true;
    timer->due_ms = due_ms;
    timer->order = timers->order++;
    timers->root = timer_meld(timers->root, timer);
}

void dais_timers_fire(dais_timers_t *timers, uint64_t now_ms)
{
    uint64_t order_end = timers->order;
    while (timers->root != NULL && timers->root->due_ms <= now_ms) {
        dais_timer_t *timer = timers->root;
        if (timer->order >= order_end)
            return;
        dais_timers_cancel(timers, timer);
        timer->fire(timer->context);
    }
}

uint64_t dais_timers_wait_ms(const dais_timers_t *timers, uint64_t now_ms)
{
    if (timers->root == NULL)
        return UINT64_MAX;
    return timers->root->due_ms <= now_ms ? 0 : timers->root->due_ms - now_ms;
}
