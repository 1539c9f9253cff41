/* SPDX-License-Identifier: Apache-2.0
 *
 * After a hand-over that failed nothing of its cycle goes out until what else is in flight has
 * ended and a growing pause is over; then it goes on from what the registry is known to hold. To
 * send what it holds already does no harm: it says what it takes next. */
#include "intake/hand_over.h"

#include <assert.h>
#include <stdio.h>

#include "base/crash_point.h"
#include "intake/private.h"

static void cycle_log(dais_intake_t *intake, const intake_cycle_t *cycle, dais_log_level_t level,
                      const char *event, uint64_t next)
{
    dais_log_line_t line;
    dais_log_begin(&line, intake->options.log, level, event);
    dais_log_text(&line, "cycle", dais_intake_name(cycle));
    dais_log_u64(&line, "next", next);
    dais_log_u64(&line, "j", cycle->chain.next_j);
    dais_log_end(&line);
}

bool dais_intake_service_name(const dais_intake_t *intake, size_t index, char *name, size_t size)
{
    int length = snprintf(name, size, "registry/%s", dais_intake_name(intake->cycles[index]));
    return length > 0 && (size_t)length < size;
}

static size_t length_put(uint8_t *at, size_t size)
{
    for (size_t i = 0; i < INTAKE_LENGTH_BYTES; i++)
        at[i] = (uint8_t)(size >> 8 * (INTAKE_LENGTH_BYTES - 1 - i));
    return INTAKE_LENGTH_BYTES;
}

/* Lays the parcels of a stamp one behind the other; the transaction fails if one is missing. */
static size_t parcels_collect(dais_intake_t *intake, const intake_cycle_t *cycle, dais_txn_t *txn,
                              uint64_t j, size_t count)
{
    size_t used = 0;
    for (size_t i = 0; i < count; i++) {
        dais_slice_t parcel;
        bool found = dais_spool_get_parcel(txn, cycle->chain.number, j, i, &parcel);
        if (!found || used + INTAKE_LENGTH_BYTES + parcel.size > DAIS_LIMIT_HAND_OVER) {
            dais_txn_fail(txn, DAIS_ERR_CORRUPT);
            return 0;
        }
        used += length_put(intake->parcels + used, parcel.size);
        memcpy(intake->parcels + used, parcel.data, parcel.size);
        used += parcel.size;
    }
    return used;
}

static dais_err_t body_pack(dais_intake_t *intake, const dais_shape_t *shape, const void *in,
                            dais_slice_t *body)
{
    dais_writer_t writer;
    dais_writer_init(&writer, intake->body, INTAKE_BODY_MAX);
    dais_err_t err = dais_shape_encode(shape, in, &writer);
    return err == DAIS_OK ? dais_writer_finish(&writer, body) : err;
}

static dais_err_t hand_over_pack(dais_intake_t *intake, const intake_cycle_t *cycle, uint64_t j,
                                 dais_slice_t *body)
{
    dais_hand_over_t call = {.log = cycle->chain.log};
    dais_err_t err = dais_random_fill(&intake->options.random, call.call.bytes, DAIS_ID_SIZE);
    if (err != DAIS_OK)
        return err;
    dais_txn_t txn;
    dais_spool_stamp_t row;
    dais_spool_begin(intake->spool, &txn, DAIS_TXN_READ);
    if (dais_spool_get_stamp(&txn, cycle->chain.number, j, &row)) {
        size_t size = parcels_collect(intake, cycle, &txn, j, row.count);
        call.stamp = row.stamp;
        call.parcels = dais_slice(intake->parcels, size);
        if (txn.err == DAIS_OK)
            err = body_pack(intake, &dais_shape_hand_over, &call, body);
    } else {
        dais_txn_fail(&txn, DAIS_ERR_CORRUPT);
    }
    dais_err_t ended = dais_txn_end(&txn);
    return ended != DAIS_OK ? ended : err;
}

static bool cycle_may_send(intake_cycle_t *cycle, uint64_t boot_ms)
{
    if (cycle->stalled) {
        if (cycle->in_flight > 0 || boot_ms < cycle->resume_ms)
            return false;
        cycle->stalled = false;
        cycle->sent = cycle->taken;
    }
    return cycle->ill == CYCLE_WELL && cycle->in_flight < DAIS_INTAKE_IN_FLIGHT &&
           cycle->in_flight_bytes <= INTAKE_BODY_MAX && cycle->sent < cycle->chain.next_j;
}

static void flight_begin(intake_cycle_t *cycle, uint64_t j, size_t size)
{
    size_t i = 0;
    while (cycle->flights[i].size != 0)
        i++;
    assert(i < DAIS_INTAKE_IN_FLIGHT && size > 0);
    cycle->flights[i] = (intake_flight_t){j, size};
    cycle->in_flight++;
    cycle->in_flight_bytes += size;
}

static void flight_end(intake_cycle_t *cycle, uint64_t j)
{
    size_t i = 0;
    while (i < DAIS_INTAKE_IN_FLIGHT && (cycle->flights[i].size == 0 || cycle->flights[i].j != j))
        i++;
    assert(i < DAIS_INTAKE_IN_FLIGHT);
    cycle->in_flight--;
    cycle->in_flight_bytes -= cycle->flights[i].size;
    cycle->flights[i] = (intake_flight_t){0, 0};
}

bool dais_intake_next(dais_intake_t *intake, size_t index, uint64_t boot_ms, dais_slice_t *body,
                      uint64_t *j)
{
    intake_cycle_t *cycle = intake->cycles[index];
    if (intake->failure != DAIS_OK || !cycle_may_send(cycle, boot_ms))
        return false;
    dais_err_t err = hand_over_pack(intake, cycle, cycle->sent, body);
    if (err != DAIS_OK) {
        dais_intake_fail(intake, err);
        return false;
    }
    DAIS_CRASH_POINT("intake-packed");
    *j = cycle->sent++;
    flight_begin(cycle, *j, body->size);
    return true;
}

/* All that were in flight at one failure are one failure: the pause grows once. */
static void cycle_stall(dais_intake_t *intake, intake_cycle_t *cycle, uint64_t boot_ms,
                        uint64_t least_ms)
{
    if (cycle->backoff_ms == 0)
        cycle_log(intake, cycle, DAIS_LOG_WARN, "registry-away", cycle->taken);
    if (cycle->backoff_ms == 0)
        cycle->backoff_ms = DAIS_INTAKE_BACKOFF_MIN_MS;
    else if (!cycle->stalled)
        cycle->backoff_ms *= 2;
    if (cycle->backoff_ms > DAIS_INTAKE_BACKOFF_MAX_MS)
        cycle->backoff_ms = DAIS_INTAKE_BACKOFF_MAX_MS;
    if (least_ms > DAIS_INTAKE_BACKOFF_MAX_MS)
        least_ms = DAIS_INTAKE_BACKOFF_MAX_MS;
    uint64_t pause_ms = cycle->backoff_ms > least_ms ? cycle->backoff_ms : least_ms;
    cycle->stalled = true;
    cycle->resume_ms = boot_ms + pause_ms;
}

/* The registry takes `next` next, and holds all before it. */
static void cycle_take(dais_intake_t *intake, intake_cycle_t *cycle, uint64_t j, uint64_t next,
                       uint64_t boot_ms)
{
    if (next > cycle->chain.next_j) {
        cycle->ill = CYCLE_LOST;
        cycle_log(intake, cycle, DAIS_LOG_ERROR, "spool-lost", next);
        return;
    }
    if (next < cycle->chain.taken) {
        cycle_log(intake, cycle, DAIS_LOG_ERROR, "registry-behind", next);
        cycle_stall(intake, cycle, boot_ms, DAIS_INTAKE_BACKOFF_MAX_MS);
        return;
    }
    if (next > cycle->taken) {
        cycle->taken = next;
        cycle_log(intake, cycle, DAIS_LOG_INFO, "handed-over", next);
    }
    if (next <= j && !cycle->stalled)
        cycle_stall(intake, cycle, boot_ms, 0);
    if (next > j && cycle->backoff_ms > 0) {
        cycle->backoff_ms = 0;
        cycle_log(intake, cycle, DAIS_LOG_INFO, "registry-back", next);
    }
    if (cycle->sent < cycle->taken)
        cycle->sent = cycle->taken;
}

static void cycle_refused(dais_intake_t *intake, intake_cycle_t *cycle, uint64_t j,
                          const dais_refused_t *refused, uint64_t boot_ms)
{
    if (dais_slice_equal(refused->code, dais_slice_text(dais_err_code(DAIS_ERR_BAD_CHAIN)))) {
        cycle_take(intake, cycle, j, refused->next, boot_ms);
        return;
    }
    if (dais_slice_equal(refused->code, dais_slice_text(dais_err_code(DAIS_ERR_LOG_ENDED))) &&
        cycle->ill == CYCLE_WELL)
        cycle->ill = CYCLE_ENDED;
    dais_log_line_t line;
    dais_log_begin(&line, intake->options.log, DAIS_LOG_WARN, "hand-over-refused");
    dais_log_slice(&line, "code", refused->code);
    dais_log_text(&line, "cycle", dais_intake_name(cycle));
    dais_log_u64(&line, "j", j);
    dais_log_end(&line);
    cycle_stall(intake, cycle, boot_ms, refused->retry_ms);
}

void dais_intake_answered(dais_intake_t *intake, size_t index, uint64_t j, dais_slice_t body,
                          uint64_t boot_ms)
{
    intake_cycle_t *cycle = intake->cycles[index];
    dais_taken_t taken;
    dais_refused_t refused;
    flight_end(cycle, j);
    DAIS_CRASH_POINT("intake-heard");
    if (dais_shape_decode(&dais_shape_taken, body, &taken).err == DAIS_OK)
        cycle_take(intake, cycle, j, taken.next, boot_ms);
    else if (dais_shape_decode(&dais_shape_refused, body, &refused).err == DAIS_OK)
        cycle_refused(intake, cycle, j, &refused, boot_ms);
    else
        cycle_stall(intake, cycle, boot_ms, 0);
}

void dais_intake_unanswered(dais_intake_t *intake, size_t index, uint64_t j, uint64_t boot_ms)
{
    intake_cycle_t *cycle = intake->cycles[index];
    flight_end(cycle, j);
    cycle_stall(intake, cycle, boot_ms, 0);
}

dais_err_t dais_intake_look(dais_intake_t *intake, size_t index, dais_slice_t *body)
{
    uint8_t room[16];
    dais_ask_cycle_t ask = {.what = DAIS_WHAT_CYCLE};
    dais_look_t look = {.log = intake->cycles[index]->chain.log};
    dais_writer_t writer;
    dais_writer_init(&writer, room, sizeof room);
    dais_err_t err = dais_shape_encode(&dais_shape_ask_cycle, &ask, &writer);
    if (err == DAIS_OK)
        err = dais_writer_finish(&writer, &look.what);
    if (err == DAIS_OK)
        err = dais_random_fill(&intake->options.random, look.call.bytes, DAIS_ID_SIZE);
    return err == DAIS_OK ? body_pack(intake, &dais_shape_look, &look, body) : err;
}

/* The times at which something closes, by rising time; those that are closed already are no longer
 * of interest. */
static size_t dates_collect(const dais_answer_cycle_t *answer, uint64_t dates[DAIS_LIMIT_DATES])
{
    size_t count = 0;
    dais_list_walk_t walk = dais_list_begin(&answer->dates, &dais_shape_date_line);
    for (dais_date_line_t line; count < DAIS_LIMIT_DATES && dais_list_next(&walk, &line);) {
        if (line.ticked != 0)
            continue;
        size_t at = count++;
        for (; at > 0 && dates[at - 1] > line.closes_at; at--)
            dates[at] = dates[at - 1];
        dates[at] = line.closes_at;
    }
    return count;
}

void dais_intake_shown(dais_intake_t *intake, size_t index, dais_slice_t body)
{
    intake_cycle_t *cycle = intake->cycles[index];
    dais_chain_t *chain = &cycle->chain;
    dais_shown_t shown;
    dais_answer_cycle_t answer;
    uint64_t dates[DAIS_LIMIT_DATES] = {0};
    if (dais_shape_decode(&dais_shape_shown, body, &shown).err != DAIS_OK ||
        dais_shape_decode(&dais_shape_answer_cycle, shown.body, &answer).err != DAIS_OK ||
        answer.what != DAIS_WHAT_CYCLE)
        return;
    size_t count = dates_collect(&answer, dates);
    if (count == chain->date_count && memcmp(dates, chain->dates, sizeof dates) == 0)
        return;
    chain->date_count = (uint32_t)count;
    memcpy(chain->dates, dates, sizeof dates);
    cycle->dirty = true;
}
