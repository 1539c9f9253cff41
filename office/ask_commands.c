/* SPDX-License-Identifier: Apache-2.0
 *
 * What the registry answers to one who asks with a key: standing, what waits, cases, objections.
 * Each is asked page by page, and kept, so that it can be looked at later without network, with the
 * time at which it was true. Of cases and objections what is kept is shown unless the registry is
 * to be asked first; what waits and where things stand is asked unless it is not to be. */
#include <inttypes.h>
#include <stdlib.h>

#include "office/commands.h"
#include "office/cycle_view.h"
#include "office/message_view.h"
#include "office/outbox_open.h"
#include "office/pages.h"
#include "office/rows.h"
#include "office/wire.h"
#include "proto/view.h"

static const dais_arg_option_t cached_options[] = {
    {"offline", 0, DAIS_ARG_FLAG, false, NULL, NULL, "show the last answer, without network"},
    {.name = NULL},
};
static const dais_arg_option_t kept_options[] = {
    {"refresh", 0, DAIS_ARG_FLAG, false, NULL, NULL, "ask the registry first"},
    {.name = NULL},
};
static const dais_arg_operand_t status_operands[] = {
    {"ID", DAIS_OPERAND_OPTIONAL, "an organisation, comment or message; else all of yours"},
    {.name = NULL},
};
static const dais_arg_operand_t objections_operands[] = {
    {"ORGANISATION", DAIS_OPERAND_OPTIONAL, "to this organisation; else all"},
    {.name = NULL},
};

static const char *const status_examples[] = {"dais status", "dais status --offline --json", NULL};
static const char *const queue_examples[] = {"dais queue", "dais queue --offline --json", NULL};
static const char *const cases_examples[] = {"dais cases --refresh", "dais cases --json", NULL};
static const char *const objections_examples[] = {"dais objections --refresh",
                                                  "dais objections --json", NULL};

static int asked_run(const dais_args_t *args, void *context);

const dais_command_t dais_command_status = {
    .name = "status",
    .text = "where your applications, comments and objections stand",
    .options = cached_options,
    .operands = status_operands,
    .examples = status_examples,
    .run = asked_run,
};
const dais_command_t dais_command_queue = {
    .name = "queue",
    .text = "what waits for you, nearest deadline first",
    .options = cached_options,
    .examples = queue_examples,
    .run = asked_run,
};
const dais_command_t dais_command_cases = {
    .name = "cases",
    .text = "cases before the body that decides, as last asked",
    .options = kept_options,
    .examples = cases_examples,
    .run = asked_run,
};
const dais_command_t dais_command_objections = {
    .name = "objections",
    .text = "objections that you may know of, as last asked",
    .options = kept_options,
    .operands = objections_operands,
    .examples = objections_examples,
    .run = asked_run,
};

static const dais_column_t status_columns[] = {
    {"thing", "THING"}, {"id", "ID"},
    {"name", "NAME"},   {"standing", "STANDING"},
    {"seq", "ENTRY"},   {"reply_by", "ANSWER BY"},
    {.key = NULL},
};
static const dais_column_t case_columns[] = {
    {"organisation", "ORGANISATION"},
    {"name", "NAME"},
    {"state", "STATE"},
    {"body", "BODY"},
    {"session", "SESSION"},
    {"standing", "OBJECTIONS"},
    {"urgent", "URGENT"},
    {.key = NULL},
};
static const dais_column_t objection_columns[] = {
    {"organisation", "ORGANISATION"}, {"state_code", "STATE"},  {"reason", "REASON"},
    {"state", "OBJECTION"},           {"stood", "SINCE ENTRY"}, {.key = NULL},
};

/* One question and one page of its answer. Returns false if the call failed. */
typedef bool ask_page_t(dais_wire_t *wire, const dais_id_t *id, dais_pages_t *pages, json_t *rows,
                        dais_wire_answer_t *answer);

static dais_slice_t id_slice(const dais_id_t *id)
{
    return id == NULL ? dais_slice(NULL, 0) : dais_slice(id->bytes, DAIS_ID_SIZE);
}

/* Where nothing is told yet of what was taken in, that it was: it has an entry. */
static void status_received(json_t *rows)
{
    size_t at;
    json_t *row;
    json_array_foreach(rows, at, row)
    {
        const json_t *standing = json_object_get(row, "standing");
        if (!json_is_string(standing) || json_string_length(standing) == 0)
            (void)json_object_set_new(row, "standing", json_string("received"));
    }
}

static bool page_status(dais_wire_t *wire, const dais_id_t *id, dais_pages_t *pages, json_t *rows,
                        dais_wire_answer_t *answer)
{
    dais_ask_status_t what = {.what = DAIS_WHAT_STATUS, .id = id_slice(id), .from = pages->from};
    dais_answer_status_t got;
    if (!dais_wire_ask(wire, &dais_shape_ask_status, &what, 0, &dais_shape_answer_status, &got,
                       answer))
        return false;
    if (dais_pages_take(pages, got.size, got.next, rows))
        dais_rows_append(rows, "status", &got.rows, &dais_shape_status_line);
    status_received(rows);
    return true;
}

static bool page_queue(dais_wire_t *wire, const dais_id_t *id, dais_pages_t *pages, json_t *rows,
                       dais_wire_answer_t *answer)
{
    dais_ask_queue_t what = {.what = DAIS_WHAT_QUEUE, .from = pages->from};
    dais_answer_status_t got;
    (void)id;
    if (!dais_wire_ask(wire, &dais_shape_ask_queue, &what, 0, &dais_shape_answer_status, &got,
                       answer))
        return false;
    if (dais_pages_take(pages, got.size, got.next, rows))
        dais_rows_append(rows, "waiting", &got.rows, &dais_shape_status_line);
    return true;
}

static bool page_cases(dais_wire_t *wire, const dais_id_t *id, dais_pages_t *pages, json_t *rows,
                       dais_wire_answer_t *answer)
{
    dais_ask_cases_t what = {.what = DAIS_WHAT_CASES, .from = pages->from};
    dais_answer_cases_t got;
    (void)id;
    if (!dais_wire_ask(wire, &dais_shape_ask_cases, &what, 0, &dais_shape_answer_cases, &got,
                       answer))
        return false;
    if (dais_pages_take(pages, got.size, got.next, rows))
        dais_rows_append(rows, "case", &got.rows, &dais_shape_case_line);
    return true;
}

static bool page_objections(dais_wire_t *wire, const dais_id_t *id, dais_pages_t *pages,
                            json_t *rows, dais_wire_answer_t *answer)
{
    dais_ask_objections_t what = {
        .what = DAIS_WHAT_OBJECTIONS, .organisation = id_slice(id), .from = pages->from};
    dais_answer_objections_t got;
    if (!dais_wire_ask(wire, &dais_shape_ask_objections, &what, 0, &dais_shape_answer_objections,
                       &got, answer))
        return false;
    if (dais_pages_take(pages, got.size, got.next, rows))
        dais_rows_append(rows, "objection", &got.rows, &dais_shape_objection_line);
    return true;
}

static const struct {
    const char *name;
    ask_page_t *page;
    const dais_column_t *columns;
    bool is_kept; /* what is kept is shown */
} asked[] = {
    {"status", page_status, status_columns, false},
    {"queue", page_queue, status_columns, false},
    {"cases", page_cases, case_columns, true},
    {"objections", page_objections, objection_columns, true},
};

/* All pages. Says what went wrong and returns the exit status. */
static int asked_pages(dais_wire_t *wire, size_t which, const dais_id_t *id, json_t *rows)
{
    dais_pages_t pages = {.from = 0};
    int status = DAIS_EXIT_DONE;
    while (status == DAIS_EXIT_DONE && !pages.is_done) {
        dais_wire_answer_t answer;
        if (!asked[which].page(wire, id, &pages, rows, &answer))
            status = dais_wire_error(wire, &answer, asked[which].name);
        dais_wire_answer_free(&answer);
    }
    dais_pages_say(&pages);
    return status;
}

static dais_err_t asked_keep(dais_office_t *office, dais_outbox_t *outbox, const char *name,
                             json_t *rows)
{
    uint64_t now_ms;
    if (!dais_office_now(office, &now_ms))
        return DAIS_ERR_CLOCK;
    json_t *kept = json_object();
    (void)json_object_set_new(kept, "as_of", dais_view_time(now_ms));
    (void)json_object_set(kept, "rows", rows);
    char *text = json_dumps(kept, JSON_COMPACT);
    json_decref(kept);
    if (text == NULL)
        return DAIS_ERR_NO_MEMORY;
    dais_err_t err = dais_outbox_cache(outbox, name, dais_slice_text(text));
    free(text);
    return err;
}

static int asked_online(dais_office_t *office, dais_outbox_t *outbox, size_t which,
                        const dais_id_t *id, json_t *rows)
{
    dais_wire_t wire;
    int status = dais_wire_open(&wire, office);
    if (status != DAIS_EXIT_DONE)
        return status;
    status = asked_pages(&wire, which, id, rows);
    dais_wire_close(&wire);
    if (status == DAIS_EXIT_DONE && id == NULL) {
        dais_err_t err = asked_keep(office, outbox, asked[which].name, rows);
        if (err != DAIS_OK)
            return dais_say_err(&office->say, err, outbox->folder);
    }
    return status;
}

/* Of what is kept the rows about one thing, or all. */
static void asked_about(json_t *kept, const char *id, json_t *rows)
{
    size_t at;
    json_t *row;
    json_array_foreach(kept, at, row)
    {
        const char *own = json_string_value(json_object_get(row, "id"));
        const char *organisation = json_string_value(json_object_get(row, "organisation"));
        if (id == NULL || (own != NULL && strcmp(own, id) == 0) ||
            (organisation != NULL && strcmp(organisation, id) == 0))
            (void)json_array_append(rows, row);
    }
}

static int asked_offline(const dais_office_t *office, dais_outbox_t *outbox, size_t which,
                         const char *id, json_t *rows)
{
    uint8_t *data;
    size_t size;
    dais_err_t err = dais_outbox_cached(outbox, asked[which].name, &data, &size);
    if (err != DAIS_OK)
        return dais_say_err(&office->say, err, outbox->folder);
    if (data == NULL)
        return dais_say_error(&office->say, DAIS_EXIT_FAILED, "nothing-kept",
                              asked[which].is_kept ? "--refresh asks the registry"
                                                   : "without --offline the registry is asked",
                              "no answer to %s is kept here", asked[which].name);
    json_t *kept = json_loadb((const char *)data, size, 0, NULL);
    free(data);
    const char *as_of = json_string_value(json_object_get(kept, "as_of"));
    uint64_t as_of_ms;
    if (as_of != NULL && dais_clock_parse(dais_slice_text(as_of), &as_of_ms) == DAIS_OK)
        dais_cycle_view_age(office, as_of_ms);
    asked_about(json_object_get(kept, "rows"), id, rows);
    json_decref(kept);
    return DAIS_EXIT_DONE;
}

static size_t asked_which(const dais_args_t *args)
{
    size_t which = 0;
    while (strcmp(asked[which].name, dais_args_command(args)->name) != 0)
        which++; /* one of the four commands above */
    return which;
}

/* What never came to the registry, it cannot tell of. */
static void asked_note_outbox(dais_outbox_t *outbox)
{
    dais_outbox_counts_t counts;
    if (dais_outbox_count(outbox, &counts) != DAIS_OK)
        return;
    if (counts.stuck + counts.refused > 0)
        dais_say_note("note: in the outbox %" PRIu64 " messages are stuck and %" PRIu64
                      " refused; dais outbox list says why",
                      counts.stuck, counts.refused);
    if (counts.queued + counts.bundled > 0)
        dais_say_note("note: in the outbox %" PRIu64 " messages have no receipt yet; dais send "
                      "delivers them",
                      counts.queued + counts.bundled);
}

static bool asked_is_offline(const dais_args_t *args, size_t which)
{
    return asked[which].is_kept ? !dais_args_has(args, "refresh") : dais_args_has(args, "offline");
}

static int asked_run(const dais_args_t *args, void *context)
{
    dais_office_t *office = context;
    dais_outbox_t outbox = {.store = NULL};
    dais_id_t id;
    const char *text = dais_args_operand(args, 0);
    size_t which = asked_which(args);
    dais_office_begin(office, args);
    if (text != NULL && !dais_message_view_id(&office->say, text, &id))
        return DAIS_EXIT_USAGE;
    int status = dais_office_open(office, args);
    if (status == DAIS_EXIT_DONE)
        status = dais_office_outbox(office, &outbox);
    json_t *rows = json_array();
    if (status == DAIS_EXIT_DONE && asked[which].page == page_status)
        asked_note_outbox(&outbox);
    if (status == DAIS_EXIT_DONE)
        status = asked_is_offline(args, which)
                     ? asked_offline(office, &outbox, which, text, rows)
                     : asked_online(office, &outbox, which, text == NULL ? NULL : &id, rows);
    if (outbox.store != NULL)
        dais_outbox_close(&outbox);
    if (status != DAIS_EXIT_DONE) {
        json_decref(rows);
        return status;
    }
    if (json_array_size(rows) == 0)
        dais_say_note("there is nothing");
    return dais_say_rows(&office->say, rows, asked[which].columns);
}
