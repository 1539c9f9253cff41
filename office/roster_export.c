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
#include "office/office.h"
#include "office/wire.h"
#include "proto/checkpoint.h"
#include "proto/frontier.h"
#include "proto/opening.h"
#include "proto/roster_file.h"
#include "registry/rules/verdict.h"

#define PAGE_COUNT 256  /* entries asked for at a time */
#define KEY_MAX    4096 /* changes of the roster that are followed */
#define HEAD_SIZE  1024

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
    dais_frontier_t frontier;
    exported_key_t *keys;
    size_t count;
    dais_err_t err;
    const char *about; /* of err */
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

/* Whether the first verdict of the entry is one that has an effect, or will. */
static bool export_is_done(const dais_record_t *record)
{
    dais_code_item_t code;
    dais_list_walk_t walk = dais_list_begin(&record->verdicts, &dais_shape_code_item);
    const dais_verdict_info_t *info =
        dais_list_next(&walk, &code) ? dais_verdict_info(code.value) : NULL;
    return info != NULL && info->class == DAIS_VERDICT_CLASS_DONE;
}

static dais_err_t export_open(export_t *export, uint64_t seq, const dais_hash_t *leaf,
                              dais_slice_t bytes)
{
    dais_opening_t opening;
    dais_opened_t opened;
    dais_err_t err = dais_shape_decode(&dais_shape_opening, bytes, &opening).err;
    if (err == DAIS_OK)
        err = dais_opening_check(&opening, &export->office->profile.log, &opened).err;
    if (err == DAIS_OK && (opened.seq != seq || !dais_hash_equal(&opened.leaf, leaf)))
        err = DAIS_ERR_WRONG_ENTRY;
    if (err != DAIS_OK || opened.kind == NULL)
        return err;
    if (opened.kind->number == DAIS_KIND_TICK)
        export_tick(export, &opened.own);
    if (!opened.has_bundle || !export_is_done(&opened.record))
        return DAIS_OK;
    if (opened.kind->number == DAIS_KIND_ROSTER_CHANGE)
        export_change(export, seq, &opened.message);
    else if (opened.kind->number == DAIS_KIND_SECOND)
        export_second(export, &opened.message);
    return export->err;
}

static dais_err_t export_page(export_t *export, const dais_answer_entries_t *page)
{
    dais_entry_line_t line;
    dais_list_walk_t walk = dais_list_begin(&page->entries, &dais_shape_entry_line);
    while (dais_list_next(&walk, &line)) {
        uint64_t seq = export->frontier.size;
        dais_hash_t leaf = dais_tree_leaf_hash(line.leaf);
        dais_err_t err =
            line.opening.size == 0 ? DAIS_OK : export_open(export, seq, &leaf, line.opening);
        dais_frontier_append(&export->frontier, &leaf);
        if (err != DAIS_OK)
            return err;
    }
    return DAIS_OK;
}

/* Pages until all that a checkpoint covers is here; then the root has to be the one signed. */
static bool export_fetch(export_t *export, int *status)
{
    for (bool done = false; !done;) {
        dais_ask_entries_t what = {
            .what = DAIS_WHAT_ENTRIES, .from = export->frontier.size, .count = PAGE_COUNT};
        dais_answer_entries_t page;
        dais_checkpoint_t checkpoint = {.size = 0};
        dais_wire_answer_t answer;
        bool good = dais_wire_look(&export->wire, &dais_shape_ask_entries, &what, 0,
                                   &dais_shape_answer_entries, &page, &answer);
        dais_err_t err = DAIS_OK;
        if (!good)
            *status = dais_wire_error(&export->wire, &answer, "the log");
        else
            err = dais_checkpoint_verify(page.checkpoint, &export->office->profile.log_key,
                                         &checkpoint)
                      .err;
        if (good && err == DAIS_OK)
            err = page.from == what.from ? export_page(export, &page) : DAIS_ERR_WRONG_ENTRY;
        done = export->frontier.size >= checkpoint.size;
        dais_hash_t root = dais_frontier_root(&export->frontier);
        if (good && err == DAIS_OK && done &&
            (export->frontier.size != checkpoint.size || !dais_hash_equal(&root, &checkpoint.root)))
            err = DAIS_ERR_BAD_ROOT;
        if (good && err == DAIS_OK && !done && page.entries.count == 0)
            err = DAIS_ERR_TRUNCATED;
        dais_wire_answer_free(&answer);
        if (err != DAIS_OK)
            *status = dais_say_error(&export->office->say, DAIS_EXIT_UNVERIFIED, dais_err_code(err),
                                     NULL, "the log: %s", dais_err_text(err));
        if (!good || err != DAIS_OK)
            return false;
    }
    return true;
}

static int export_write(export_t *export, const char *path)
{
    size_t written = 0;
    size_t capacity = HEAD_SIZE + export->count * DAIS_ROSTER_KEY_SIZE_MAX;
    char *text = malloc(capacity);
    dais_roster_head_t head = {.log = export->office->profile.log, .size = export->frontier.size};
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
        if (export_fetch(&export, &status))
            status = export_write(&export, dais_args_operand(args, 0));
        dais_wire_close(&export.wire);
    }
    free(export.keys);
    return status;
}
