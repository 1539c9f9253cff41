/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/property/shrink.h"

#include <stdlib.h>

/* Without `count` events from `at` on. */
static void shrink_cut(sequence_t *to, const sequence_t *from, unsigned at, unsigned count)
{
    *to = *from;
    memmove(&to->events[at], &from->events[at + count],
            (from->count - at - count) * sizeof to->events[0]);
    to->count -= count;
}

/* Ever smaller runs of events, from the back, since what comes last needs what comes first. */
static bool shrink_events(sequence_t *sequence, sequence_t *room, shrink_fails_fn_t *fails,
                          void *context)
{
    bool is_smaller = false;
    for (unsigned size = sequence->count / 2 + 1; size > 0; size /= 2) {
        for (unsigned end = sequence->count; end >= size && end > 0;) {
            shrink_cut(room, sequence, end - size, size);
            if (fails(context, room)) {
                *sequence = *room;
                is_smaller = true;
            }
            end = end > size ? end - size : 0;
            end = end < sequence->count ? end : sequence->count;
        }
    }
    return is_smaller;
}

static bool shrink_head(sequence_t *sequence, sequence_t *room, shrink_fails_fn_t *fails,
                        void *context)
{
    bool is_smaller = false;
    for (unsigned i = sequence->change_count; i > 0; i--) {
        *room = *sequence;
        memmove(&room->changes[i - 1], &sequence->changes[i],
                (sequence->change_count - i) * sizeof room->changes[0]);
        room->change_count--;
        if (fails(context, room)) {
            *sequence = *room;
            is_smaller = true;
        }
    }
    if (sequence->carried > 0) {
        *room = *sequence;
        room->carried = 0;
        if (fails(context, room)) {
            *sequence = *room;
            is_smaller = true;
        }
    }
    return is_smaller;
}

/* Takes off what makes an event harder to read than need be; false if there is nothing such. */
static bool shrink_plain(event_t *event, unsigned step)
{
    const event_t before = *event;
    if (step == 0)
        event->received = event->hour;
    else if (step == 1)
        event->joins = event->shares_stamp = false;
    else
        event->on_behalf = NAME_NONE;
    return before.received != event->received || before.joins != event->joins ||
           before.shares_stamp != event->shares_stamp || before.on_behalf != event->on_behalf;
}

static bool shrink_dress(sequence_t *sequence, sequence_t *room, shrink_fails_fn_t *fails,
                         void *context)
{
    for (unsigned i = 0; i < sequence->count; i++) {
        for (unsigned step = 0; step < 3; step++) {
            *room = *sequence;
            if (shrink_plain(&room->events[i], step) && fails(context, room))
                *sequence = *room;
        }
    }
    return false;
}

void shrink(sequence_t *sequence, shrink_fails_fn_t *fails, void *context)
{
    sequence_t *room = malloc(sizeof *room);
    if (room == NULL)
        abort();
    for (unsigned round = 0; round < 6; round++) {
        bool is_smaller = shrink_events(sequence, room, fails, context);
        is_smaller |= shrink_head(sequence, room, fails, context);
        if (!is_smaller)
            break;
    }
    (void)shrink_dress(sequence, room, fails, context);
    free(room);
}
