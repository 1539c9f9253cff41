/* SPDX-License-Identifier: Apache-2.0
 *
 * The dates of the cycle, in its zone and in UTC, with the time that is left. They are shown from
 * what the registry last said, which dais send fetches each time. */
#include <stdio.h>
#include <stdlib.h>

#include "office/commands.h"
#include "office/cycle_view.h"
#include "office/outbox_open.h"
#include "office/rows.h"
#include "proto/view.h"

static const dais_arg_option_t deadlines_options[] = {
    {"refresh", 0, DAIS_ARG_FLAG, false, NULL, NULL, "ask the registry first"},
    {.name = NULL},
};
static const char *const deadlines_examples[] = {"dais deadlines", "dais deadlines --refresh",
                                                 NULL};

static int deadlines_run(const dais_args_t *args, void *context);

const dais_command_t dais_command_deadlines = {
    .name = "deadlines",
    .text = "dates of the cycle: local, UTC, and the time left",
    .options = deadlines_options,
    .examples = deadlines_examples,
    .run = deadlines_run,
};

static const dais_column_t deadline_columns[] = {
    {"which", "DATE"}, {"local", "LOCAL"},    {"zone", "ZONE"},
    {"due", "UTC"},    {"left", "TIME LEFT"}, {"closes_at", "CLOSES (UTC)"},
    {.key = NULL},
};

/* "3 d 4 h", "59 min", "passed"; "in grace" between due and close. */
static void left_text(const dais_date_line_t *date, uint64_t now_ms, char *text, size_t size)
{
    if (date->ticked != 0)
        (void)snprintf(text, size, "closed");
    else if (now_ms >= date->closes_at)
        (void)snprintf(text, size, "passed");
    else if (now_ms >= date->due)
        (void)snprintf(text, size, "late, within grace");
    else
        dais_cycle_view_span(date->due - now_ms, text, size);
}

static json_t *deadline_rows(const dais_answer_cycle_t *cycle, uint64_t now_ms)
{
    json_t *rows = json_array();
    dais_date_line_t date;
    char left[48];
    dais_list_walk_t walk = dais_list_begin(&cycle->dates, &dais_shape_date_line);
    while (dais_list_next(&walk, &date)) {
        json_t *row = dais_row_object("deadline", &dais_shape_date_line, &date);
        left_text(&date, now_ms, left, sizeof left);
        (void)json_object_set_new(row, "left", json_string(left));
        (void)json_array_append_new(rows, row);
    }
    return rows;
}

static json_t *cycle_object(const dais_office_t *office, const dais_answer_cycle_t *cycle)
{
    json_t *object = dais_say_new("cycle");
    (void)json_object_set_new(object, "cycle", json_string(office->profile.cycle));
    (void)json_object_set_new(object, "state", dais_view_text(cycle->state));
    (void)json_object_set_new(object, "title", dais_view_text(cycle->title));
    (void)json_object_set_new(object, "list_version",
                              json_integer((json_int_t)cycle->list_version));
    (void)json_object_set_new(object, "entries", dais_view_number(cycle->size));
    (void)json_object_set_new(object, "as_of", dais_view_time(cycle->now));
    return object;
}

static int deadlines_say(dais_office_t *office, dais_outbox_t *outbox)
{
    uint8_t *data;
    uint64_t now_ms = 0;
    dais_answer_cycle_t cycle;
    dais_err_t err = dais_cycle_view_kept(outbox, &data, &cycle);
    if (err != DAIS_OK)
        return dais_say_err(&office->say, err, outbox->folder);
    if (data == NULL)
        return dais_say_error(&office->say, DAIS_EXIT_FAILED, "nothing-kept",
                              "dais deadlines --refresh, or dais send, asks the registry",
                              "the dates of this cycle are not known here yet");
    int status = DAIS_EXIT_FAILED;
    if (dais_office_now(office, &now_ms))
        status = dais_say_object(&office->say, cycle_object(office, &cycle));
    dais_cycle_view_age(office, cycle.now);
    if (status == DAIS_EXIT_DONE)
        status = dais_say_rows(&office->say, deadline_rows(&cycle, now_ms), deadline_columns);
    free(data);
    return status;
}

static int deadlines_refresh(dais_office_t *office, dais_outbox_t *outbox)
{
    dais_wire_t wire;
    dais_wire_answer_t answer;
    int status = dais_wire_open(&wire, office);
    if (status != DAIS_EXIT_DONE)
        return status;
    if (!dais_cycle_view_fetch(&wire, outbox, &answer))
        status = dais_wire_error(&wire, &answer, "deadlines");
    dais_wire_answer_free(&answer);
    dais_wire_close(&wire);
    return status;
}

static int deadlines_run(const dais_args_t *args, void *context)
{
    dais_office_t *office = context;
    dais_outbox_t outbox;
    dais_office_begin(office, args);
    int status = dais_office_open(office, args);
    if (status == DAIS_EXIT_DONE)
        status = dais_office_outbox(office, &outbox);
    if (status != DAIS_EXIT_DONE)
        return status;
    if (dais_args_has(args, "refresh"))
        status = deadlines_refresh(office, &outbox);
    if (status == DAIS_EXIT_DONE)
        status = deadlines_say(office, &outbox);
    dais_outbox_close(&outbox);
    return status;
}
