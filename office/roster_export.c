/* SPDX-License-Identifier: Apache-2.0
 *
 * The roster, made here from the log itself: every entry from 0 on is fetched as the public sees
 * it, all leaves together have to give the root that the log has signed, and only what is opened
 * and checked counts. So whoever admits peers by the file believes nobody but the log. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/file.h"
#include "office/commands.h"
#include "office/cycle_view.h"
#include "office/log_walk.h"
#include "office/office.h"
#include "office/outbox_open.h"
#include "proto/roster_file.h"
#include "registry/rules/verdict.h"

#define KEY_MAX    4096 /* changes of the roster that are followed */
#define CACHE_TEXT "roster"
#define CACHE_TIME "roster-at"
#define HEAD_SIZE  1024

static const dais_arg_operand_t export_operands[] = {
    {"FILE", DAIS_OPERAND_ONE, "where the roster goes; one that is there is replaced"},
    {.name = NULL},
};
static const dais_arg_option_t export_options[] = {
    {"refresh", 0, DAIS_ARG_FLAG, false, NULL, NULL, "make it anew from the log first"},
    {.name = NULL},
};
static const char *const export_examples[] = {"dais roster export d2027.roster --refresh",
                                              "dais roster export d2027.roster", NULL};

static int export_run(const dais_args_t *args, void *context);

const dais_command_t dais_command_roster_export = {
    .name = "export",
    .text = "write the keys in force, as broker and intake read them",
    .about = "Made from the log: every entry is fetched, and all of them are checked against the\n"
             "root that the log has signed. Without --refresh it is the one that was made last.",
    .options = export_options,
    .operands = export_operands,
    .examples = export_examples,
    .run = export_run,
};

/* A key that was added, and what is to end it. */
typedef struct {
    dais_roster_key_t line;
    bool ended;
    uint64_t retires_at; /* 0: it does not */
    uint64_t revoked_by; /* entry that waits for a second; 0: none */
} exported_key_t;

typedef struct {
    dais_office_t *office;
    dais_wire_t wire;
    uint64_t size; /* entries that it is made from */
    exported_key_t *keys;
    size_t count;
    dais_err_t err;
} export_t;

static exported_key_t *export_find(export_t *export, const dais_key_t *key)
{
    for (size_t i = export->count; i-- > 0;) {
        if (memcmp(export->keys[i].line.key.bytes, key->bytes, DAIS_KEY_SIZE) == 0)
            return &export->keys[i];
    }
    return NULL;
}

static void export_change(export_t *export, uint64_t seq, const dais_message_t *message)
{
    dais_roster_change_t change;
    if (dais_shape_decode(&dais_shape_roster_change, message->subject, &change).err != DAIS_OK)
        return;
    exported_key_t *key = export_find(export, &change.key);
    if (change.change == DAIS_ROSTER_ADD && export->count < KEY_MAX)
        export->keys[export->count++] = (exported_key_t){.line = {.role = change.role,
                                                                  .actor = change.who,
                                                                  .key = change.key,
                                                                  .box_key = change.box_key}};
    else if (change.change == DAIS_ROSTER_ADD)
        export->err = DAIS_ERR_TOO_LONG;
    else if (key != NULL && change.change == DAIS_ROSTER_RETIRE)
        key->retires_at = change.at;
    else if (key != NULL)
        key->revoked_by = seq;
}

static void export_second(export_t *export, const dais_message_t *message)
{
    dais_second_t second;
    if (dais_shape_decode(&dais_shape_second, message->subject, &second).err != DAIS_OK)
        return;
    for (size_t i = 0; i < export->count; i++) {
        if (export->keys[i].revoked_by != 0 && export->keys[i].revoked_by == second.seq)
            export->keys[i].ended = true;
    }
}

static void export_tick(export_t *export, const dais_own_t *own)
{
    dais_tick_t tick;
    if (dais_shape_decode(&dais_shape_tick, own->subject, &tick).err != DAIS_OK ||
        tick.which != DAIS_DATE_KEY_RETIRES)
        return;
    for (size_t i = 0; i < export->count; i++) {
        if (export->keys[i].retires_at != 0 && export->keys[i].retires_at <= tick.due)
            export->keys[i].ended = true;
    }
}

static dais_err_t export_opened(void *context, const dais_opened_t *opened)
{
    export_t *export = context;
    if (opened->kind == NULL)
        return DAIS_OK;
    if (opened->kind->number == DAIS_KIND_TICK)
        export_tick(export, &opened->own);
    if (!opened->has_bundle || !dais_verdict_first_done(&opened->record))
        return DAIS_OK;
    if (opened->kind->number == DAIS_KIND_ROSTER_CHANGE)
        export_change(export, opened->seq, &opened->message);
    else if (opened->kind->number == DAIS_KIND_SECOND)
        export_second(export, &opened->message);
    return export->err;
}

static int export_fetch(export_t *export)
{
    dais_log_walk_t walk = {.wire = &export->wire, .opened = export_opened, .context = export};
    dais_wire_answer_t answer;
    bool is_false;
    int status = DAIS_EXIT_DONE;
    if (!dais_log_walk(&walk, &answer, &is_false))
        status = is_false ? dais_say_error(&export->office->say, DAIS_EXIT_UNVERIFIED,
                                           dais_err_code(answer.err), NULL, "the log: %s",
                                           dais_err_text(answer.err))
                          : dais_wire_error(&export->wire, &answer, "the log");
    dais_wire_answer_free(&answer);
    export->size = walk.frontier.size;
    return status;
}

/* The roster as a text, on the heap. */
static dais_err_t export_compose(const export_t *export, uint8_t **text, size_t *size)
{
    size_t capacity = HEAD_SIZE + export->count * DAIS_ROSTER_KEY_SIZE_MAX;
    dais_roster_head_t head = {.log = export->office->profile.log, .size = export->size};
    dais_writer_t writer;
    dais_slice_t bytes;
    *text = malloc(capacity);
    if (*text == NULL)
        return DAIS_ERR_NO_MEMORY;
    (void)snprintf(head.origin, sizeof head.origin, "%s", export->office->profile.log_key.name);
    dais_writer_init(&writer, *text, capacity);
    dais_roster_put_head(&writer, &head);
    for (size_t i = 0; i < export->count; i++) {
        if (!export->keys[i].ended)
            dais_roster_put_key(&writer, &export->keys[i].line);
    }
    dais_err_t err = dais_writer_finish(&writer, &bytes);
    *size = bytes.size;
    return err;
}

/* Fetches the log, and keeps what the roster comes to, with the time. */
static int export_refresh(dais_office_t *office, dais_outbox_t *outbox)
{
    export_t export = {.office = office, .keys = calloc(KEY_MAX, sizeof *export.keys)};
    uint8_t *text = NULL;
    uint8_t at[8];
    size_t size = 0;
    uint64_t now_ms = 0;
    int status = export.keys == NULL ? dais_say_err(&office->say, DAIS_ERR_NO_MEMORY, "keys")
                                     : dais_wire_open(&export.wire, office);
    if (status == DAIS_EXIT_DONE) {
        status = export_fetch(&export);
        dais_wire_close(&export.wire);
    }
    if (status == DAIS_EXIT_DONE && !dais_office_now(office, &now_ms))
        status = DAIS_EXIT_FAILED;
    if (status == DAIS_EXIT_DONE) {
        dais_outbox_number_put(now_ms, at);
        dais_err_t err = export_compose(&export, &text, &size);
        if (err == DAIS_OK)
            err = dais_outbox_cache(outbox, CACHE_TEXT, dais_slice(text, size));
        if (err == DAIS_OK)
            err = dais_outbox_cache(outbox, CACHE_TIME, dais_slice(at, sizeof at));
        if (err != DAIS_OK)
            status = dais_say_err(&office->say, err, outbox->folder);
    }
    free(text);
    free(export.keys);
    return status;
}

static void export_age(const dais_office_t *office, dais_outbox_t *outbox)
{
    uint8_t *at;
    size_t size;
    if (dais_outbox_cached(outbox, CACHE_TIME, &at, &size) == DAIS_OK && size == 8)
        dais_cycle_view_age(office, dais_outbox_number(at));
    free(at);
}

/* What is kept, checked once more, to the file. */
static int export_write(const dais_office_t *office, dais_outbox_t *outbox, const char *path)
{
    uint8_t *text;
    size_t size;
    dais_roster_reader_t reader;
    dais_roster_head_t head;
    dais_roster_key_t key;
    dais_err_t err = dais_outbox_cached(outbox, CACHE_TEXT, &text, &size);
    if (err == DAIS_OK && text == NULL)
        return dais_say_error(&office->say, DAIS_EXIT_FAILED, "nothing-kept",
                              "--refresh makes it from the log", "no roster is kept here");
    if (err == DAIS_OK) {
        dais_roster_reader_init(&reader, dais_slice(text, size), &head);
        while (dais_roster_reader_next(&reader, &key))
            continue;
        err = dais_roster_reader_finish(&reader).err == DAIS_OK ? DAIS_OK : DAIS_ERR_CORRUPT;
    }
    if (err == DAIS_OK)
        err = dais_file_replace(path, dais_slice(text, size), 0644);
    free(text);
    if (err != DAIS_OK)
        return dais_say_err(&office->say, err, path);
    export_age(office, outbox);
    json_t *object = dais_say_new("roster");
    (void)json_object_set_new(object, "file", json_string(path));
    (void)json_object_set_new(object, "keys", json_integer((json_int_t)reader.count));
    (void)json_object_set_new(object, "entries", json_sprintf("%" PRIu64, head.size));
    (void)json_object_set_new(object, "cycle", json_string(office->profile.cycle));
    return dais_say_object(&office->say, object);
}

static int export_run(const dais_args_t *args, void *context)
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
        status = export_refresh(office, &outbox);
    if (status == DAIS_EXIT_DONE)
        status = export_write(office, &outbox, dais_args_operand(args, 0));
    dais_outbox_close(&outbox);
    return status;
}
