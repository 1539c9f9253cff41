/* SPDX-License-Identifier: Apache-2.0
 *
 * Bundles that were taken and cannot be ruled on yet: parked behind a gap in their chain, or held
 * because they were stamped at or behind a deadline that is still open. */
#include "registry/cycle_private.h"

dais_book_waiting_t cycle_waiting(const dais_arrival_t *arrival)
{
    return (dais_book_waiting_t){.bundle = arrival->bundle,
                                 .intake = arrival->intake,
                                 .j = arrival->j,
                                 .at = arrival->at,
                                 .index = arrival->index,
                                 .path = arrival->path,
                                 .parcel = arrival->parcel};
}

void cycle_copy_waiting(dais_cycle_t *cycle, const dais_book_waiting_t *waiting,
                        dais_arrival_t *arrival)
{
    dais_desk_t *desk = cycle->house->desk;
    memcpy(desk->waited, waiting->parcel.data, waiting->parcel.size);
    if (waiting->path.size > 0)
        memcpy(desk->path, waiting->path.data, waiting->path.size);
    *arrival = (dais_arrival_t){.parcel = dais_slice(desk->waited, waiting->parcel.size),
                                .bundle = waiting->bundle,
                                .intake = (uint32_t)waiting->intake,
                                .j = waiting->j,
                                .at = waiting->at,
                                .index = waiting->index,
                                .path = dais_slice(desk->path, waiting->path.size)};
}

bool cycle_is_beyond(dais_cycle_t *cycle, uint64_t at)
{
    dais_rules_deadline_t deadline;
    return dais_rules_next_deadline(cycle->rules, &deadline) && at >= deadline.closes_at;
}

void cycle_hold(dais_cycle_t *cycle, const dais_arrival_t *arrival)
{
    dais_book_waiting_t waiting = cycle_waiting(arrival);
    dais_happened_t happened = {.bundle = arrival->bundle, .event = "bundle-held"};
    dais_book_hold(cycle->book, &waiting);
    cycle_note(cycle, &happened);
}

/* Those that were stamped before the deadline that is the next one now. They are looked through
 * once for each such instant: what is held later was stamped behind it. */
static void waiting_release(dais_cycle_t *cycle)
{
    dais_rules_deadline_t deadline = {.closes_at = UINT64_MAX};
    dais_book_waiting_t waiting;
    dais_arrival_t arrival;
    dais_err_t err;
    uint64_t number = 0;
    while (cycle_failure(cycle) == DAIS_OK && !dais_rules_has_ended(cycle->rules)) {
        if (!dais_rules_next_deadline(cycle->rules, &deadline))
            deadline.closes_at = UINT64_MAX;
        if (cycle->has_released && cycle->released_for == deadline.closes_at && number == 0)
            return;
        if (!dais_book_held_next(cycle->book, deadline.closes_at, &number, &waiting))
            break;
        cycle_copy_waiting(cycle, &waiting, &arrival);
        dais_book_unhold(cycle->book, number, arrival.parcel.size);
        cycle_admit(cycle, &arrival, &err);
    }
    cycle->has_released = true;
    cycle->released_for = deadline.closes_at;
}

void cycle_settle(dais_cycle_t *cycle)
{
    do
        waiting_release(cycle);
    while (cycle_failure(cycle) == DAIS_OK && cycle_tick(cycle));
}

/* The first of all that are parked. */
static bool waiting_first(void *context, uint32_t key_number, unsigned stream, uint64_t k,
                          const dais_book_waiting_t *waiting)
{
    cycle_parked_t *parked = context;
    *parked = (cycle_parked_t){key_number, stream, k, *waiting, true};
    return false;
}

/* Into room of its own: what is being admitted meanwhile may have waited too. */
static dais_arrival_t waiting_leave(dais_cycle_t *cycle, const dais_book_waiting_t *waiting)
{
    uint8_t *room = cycle->house->desk->leaving;
    memcpy(room, waiting->parcel.data, waiting->parcel.size);
    return (dais_arrival_t){.parcel = dais_slice(room, waiting->parcel.size),
                            .bundle = waiting->bundle,
                            .intake = (uint32_t)waiting->intake};
}

static void waiting_turn_away(dais_cycle_t *cycle, const cycle_parked_t *parked)
{
    dais_arrival_t arrival = waiting_leave(cycle, &parked->waiting);
    dais_slice_t envelope;
    dais_bundle_t head;
    dais_book_unpark(cycle->book, parked->key_number, parked->stream, parked->k, &arrival.bundle);
    bool opens = cycle_envelope(arrival.parcel, &envelope) == DAIS_OK &&
                 dais_bundle_open(envelope, dais_rules_log(cycle->rules), &head).err == DAIS_OK;
    cycle_turn_away(cycle, &arrival, opens ? &head : NULL, parked->key_number, DAIS_ERR_CHAIN_GAP,
                    false);
}

static void waiting_turn_rest_away(dais_cycle_t *cycle)
{
    cycle_rest_t *rest = &cycle->rest;
    while (cycle_failure(cycle) == DAIS_OK && rest->next < rest->count) {
        dais_slice_t envelope;
        dais_arrival_t arrival = {.parcel = cycle->house->desk->parcels[rest->next++],
                                  .intake = rest->intake};
        if (cycle_envelope(arrival.parcel, &envelope) != DAIS_OK)
            continue; /* it would not have been taken */
        arrival.bundle = dais_bundle_hash(envelope);
        cycle_turn_away(cycle, &arrival, NULL, 0, DAIS_ERR_LOG_ENDED, false);
    }
}

void cycle_turn_all_away(dais_cycle_t *cycle)
{
    cycle_parked_t parked = {.is_there = true};
    dais_book_waiting_t waiting;
    uint64_t number = 0;
    while (cycle_failure(cycle) == DAIS_OK && parked.is_there) {
        parked.is_there = false;
        dais_book_parked_walk(cycle->book, waiting_first, &parked);
        if (parked.is_there)
            waiting_turn_away(cycle, &parked);
    }
    while (cycle_failure(cycle) == DAIS_OK &&
           dais_book_held_next(cycle->book, UINT64_MAX, &number, &waiting)) {
        dais_arrival_t arrival = waiting_leave(cycle, &waiting);
        dais_book_unhold(cycle->book, number, arrival.parcel.size);
        cycle_turn_away(cycle, &arrival, NULL, 0, DAIS_ERR_LOG_ENDED, false);
    }
    waiting_turn_rest_away(cycle);
}
