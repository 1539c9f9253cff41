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
#include "office/log_walk.h"
#include "office/office.h"
#include "proto/roster_file.h"

#define KEY_MAX   4096 /* changes of the roster that are followed */
#define HEAD_SIZE 1024

static const dais_arg_operand_t export_operands[] = {
    {"FILE", DAIS_OPERAND_ONE, "where the roster goes; one that is there is replaced"},
    {.name = NULL},
};
static const char *const export_examples[] = {"dais roster export d2027.roster",
                                              "dais roster export --help", NULL};

static int export_run(const dais_args_t *args, void *context);

const dais_command_t dais_command_roster_export = {
    .name = "export",
    .text = "write the keys in force, as broker and intake read them",
    .about = "Made from the log: every entry is fetched, and all of them are checked against the\n"
             "root that the log has signed.",
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
    if (!opened->has_bundle || !dais_log_walk_is_done(&opened->record))
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

static int export_write(export_t *export, const char *path)
{
    size_t written = 0;
    size_t capacity = HEAD_SIZE + export->count * DAIS_ROSTER_KEY_SIZE_MAX;
    char *text = malloc(capacity);
    dais_roster_head_t head = {.log = export->office->profile.log, .size = export->size};
    dais_writer_t writer;
    dais_slice_t bytes;
    if (text == NULL)
        return dais_say_err(&export->office->say, DAIS_ERR_NO_MEMORY, path);
    (void)snprintf(head.origin, sizeof head.origin, "%s", export->office->profile.log_key.name);
    dais_writer_init(&writer, text, capacity);
    dais_roster_put_head(&writer, &head);
    for (size_t i = 0; i < export->count; i++) {
        if (!export->keys[i].ended)
            dais_roster_put_key(&writer, &export->keys[i].line);
        written += !export->keys[i].ended;
    }
    dais_err_t err = dais_writer_finish(&writer, &bytes);
    if (err == DAIS_OK)
        err = dais_file_replace(path, bytes, 0644);
    free(text);
    if (err != DAIS_OK)
        return dais_say_err(&export->office->say, err, path);
    json_t *object = dais_say_new("roster");
    (void)json_object_set_new(object, "file", json_string(path));
    (void)json_object_set_new(object, "keys", json_integer((json_int_t)written));
    (void)json_object_set_new(object, "entries", json_sprintf("%" PRIu64, head.size));
    (void)json_object_set_new(object, "cycle", json_string(export->office->profile.cycle));
    return dais_say_object(&export->office->say, object);
}

static int export_run(const dais_args_t *args, void *context)
{
    export_t export = {.office = context};
    dais_office_begin(export.office, args);
    int status = dais_office_open(export.office, args);
    if (status != DAIS_EXIT_DONE)
        return status;
    export.keys = calloc(KEY_MAX, sizeof *export.keys);
    status = export.keys == NULL ? dais_say_err(&export.office->say, DAIS_ERR_NO_MEMORY, "keys")
                                 : dais_wire_open(&export.wire, export.office);
    if (status == DAIS_EXIT_DONE) {
        status = export_fetch(&export);
        if (status == DAIS_EXIT_DONE)
            status = export_write(&export, dais_args_operand(args, 0));
        dais_wire_close(&export.wire);
    }
    free(export.keys);
    return status;
}
