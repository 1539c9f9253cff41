/* SPDX-License-Identifier: Apache-2.0 */
#include "office/cycle_view.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#define CACHE_NAME "cycle"
#define MINUTE_MS  UINT64_C(60000)

bool dais_cycle_view_fetch(dais_wire_t *wire, dais_outbox_t *outbox, dais_wire_answer_t *answer)
{
    dais_ask_cycle_t what = {.what = DAIS_WHAT_CYCLE};
    dais_answer_cycle_t got;
    if (!dais_wire_look(wire, &dais_shape_ask_cycle, &what, 0, &dais_shape_answer_cycle, &got,
                        answer))
        return false;
    answer->err = dais_outbox_cache(outbox, CACHE_NAME, answer->body);
    return answer->err == DAIS_OK;
}

dais_err_t dais_cycle_view_kept(dais_outbox_t *outbox, uint8_t **data, dais_answer_cycle_t *cycle)
{
    size_t size;
    dais_err_t err = dais_outbox_cached(outbox, CACHE_NAME, data, &size);
    if (err == DAIS_OK && *data != NULL &&
        dais_shape_decode(&dais_shape_answer_cycle, dais_slice(*data, size), cycle).err != DAIS_OK)
        err = DAIS_ERR_CORRUPT;
    if (err != DAIS_OK) {
        free(*data);
        *data = NULL;
    }
    return err;
}

bool dais_cycle_view_stuck(const dais_answer_cycle_t *cycle, dais_date_line_t *date)
{
    dais_list_walk_t walk = dais_list_begin(&cycle->dates, &dais_shape_date_line);
    while (dais_list_next(&walk, date)) {
        if (date->ticked == 0 && date->closes_at + DAIS_CYCLE_STUCK_MS < cycle->now)
            return true;
    }
    return false;
}

void dais_cycle_view_span(uint64_t ms, char *text, size_t size)
{
    uint64_t minutes = ms / MINUTE_MS;
    if (minutes >= (uint64_t)48 * 60)
        (void)snprintf(text, size, "%" PRIu64 " d %" PRIu64 " h", minutes / 1440,
                       minutes / 60 % 24);
    else if (minutes >= 120)
        (void)snprintf(text, size, "%" PRIu64 " h %" PRIu64 " min", minutes / 60, minutes % 60);
    else
        (void)snprintf(text, size, "%" PRIu64 " min", minutes);
}

void dais_cycle_view_age(const dais_office_t *office, uint64_t as_of_ms)
{
    char time[DAIS_CLOCK_TEXT_SIZE];
    char span[48];
    uint64_t now_ms;
    if (dais_clock_format(as_of_ms, time) != DAIS_OK || !dais_office_now(office, &now_ms))
        return;
    dais_cycle_view_span(now_ms > as_of_ms ? now_ms - as_of_ms : 0, span, sizeof span);
    dais_say_note("note: as of %s, %s ago", time, span);
}
