/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/file.h"
#include "office/commands.h"
#include "office/message_view.h"
#include "office/outbox_erase.h"
#include "office/outbox_open.h"

static const dais_arg_option_t list_options[] = {
    {"state", 0, DAIS_ARG_VALUE, false, "WORD", "queued|bundled|logged|stuck|refused",
     "only messages in this state"},
    {.name = NULL},
};
static const char *const list_examples[] = {"dais outbox list", "dais outbox list --state queued",
                                            NULL};

static const dais_arg_option_t parcel_options[] = {
    {"output", 'o', DAIS_ARG_VALUE, true, "FILE", NULL, "where the bundle goes"},
    {"dry-run", 0, DAIS_ARG_FLAG, false, NULL, NULL, "say what would go into it, and sign nothing"},
    {.name = NULL},
};
static const char *const parcel_examples[] = {"dais outbox parcel -o roster.parcel",
                                              "dais outbox parcel --help", NULL};

static const dais_arg_operand_t retry_operands[] = {
    {"ID", DAIS_OPERAND_SOME, "messages that are stuck or refused"},
    {.name = NULL},
};
static const dais_arg_option_t retry_options[] = {
    {"dry-run", 0, DAIS_ARG_FLAG, false, NULL, NULL, "say what would be queued, and queue nothing"},
    {.name = NULL},
};
static const char *const retry_examples[] = {"dais outbox list --state stuck",
                                             "dais outbox retry --help", NULL};

static const dais_arg_operand_t remove_operands[] = {
    {"ID", DAIS_OPERAND_SOME, "messages that are queued, stuck or refused"},
    {.name = NULL},
};
static const dais_arg_option_t remove_options[] = {
    {"dry-run", 0, DAIS_ARG_FLAG, false, NULL, NULL, "say what would go, and remove nothing"},
    {.name = NULL},
};
static const char *const remove_examples[] = {"dais outbox list --state queued",
                                              "dais outbox remove --help", NULL};

static int list_run(const dais_args_t *args, void *context);
static int parcel_run(const dais_args_t *args, void *context);
static int retry_run(const dais_args_t *args, void *context);
static int remove_run(const dais_args_t *args, void *context);

const dais_command_t dais_command_outbox_list = {
    .name = "list",
    .text = "list what was said, and what became of it",
    .options = list_options,
    .examples = list_examples,
    .run = list_run,
};
const dais_command_t dais_command_outbox_parcel = {
    .name = "parcel",
    .text = "sign what is queued as one bundle in a file, for the registry's host",
    .about = "Of the secretariat alone: changes of the roster, lost intakes, accepted clocks and\n"
             "seconds may be given to the registry on its host: dais-registry cycle admit.",
    .options = parcel_options,
    .examples = parcel_examples,
    .run = parcel_run,
};
const dais_command_t dais_command_outbox_retry = {
    .name = "retry",
    .text = "queue messages again that are stuck or refused",
    .options = retry_options,
    .operands = retry_operands,
    .examples = retry_examples,
    .run = retry_run,
};

const dais_command_t dais_command_outbox_remove = {
    .name = "remove",
    .text = "take back messages before they go out",
    .about =
        "They and their texts leave the outbox, and cannot be brought back. What is on its way\n"
        "or in the log is taken back by a message of its own: dais withdraw,\n"
        "dais withdraw-objection. An outbox that was restored from a copy may hold as queued\n"
        "what is in the log: dais send finds that out, so do not remove such.",
    .options = remove_options,
    .operands = remove_operands,
    .examples = remove_examples,
    .run = remove_run,
};

/* Opens profile and outbox. */
static int outbox_begin(dais_office_t *office, const dais_args_t *args, dais_outbox_t *outbox)
{
    outbox->store = NULL;
    dais_office_begin(office, args);
    int status = dais_office_open(office, args);
    return status == DAIS_EXIT_DONE ? dais_office_outbox(office, outbox) : status;
}

static dais_err_t list_rows(dais_outbox_t *outbox, const char *state, json_t *rows)
{
    dais_txn_t txn;
    dais_walk_t walk;
    dais_txn_begin(&txn, outbox->store, DAIS_TXN_READ);
    dais_walk_open(&walk, &txn, DAIS_OUTBOX_FATE, dais_slice("", 0), dais_slice("", 0),
                   DAIS_WALK_FORWARD);
    while (dais_walk_next(&walk)) {
        json_t *row = dais_message_view_row(&txn, dais_outbox_number(walk.key.data));
        const char *found = json_string_value(json_object_get(row, "state"));
        if (row == NULL || (state != NULL && (found == NULL || strcmp(state, found) != 0)))
            json_decref(row);
        else
            (void)json_array_append_new(rows, row);
    }
    return dais_txn_end(&txn);
}

static int list_run(const dais_args_t *args, void *context)
{
    dais_office_t *office = context;
    dais_outbox_t outbox;
    int status = outbox_begin(office, args, &outbox);
    if (status != DAIS_EXIT_DONE)
        return status;
    json_t *rows = json_array();
    dais_err_t err = list_rows(&outbox, dais_args_value(args, "state"), rows);
    dais_outbox_close(&outbox);
    if (err != DAIS_OK) {
        json_decref(rows);
        return dais_say_err(&office->say, err, "the outbox");
    }
    return dais_say_rows(&office->say, rows, dais_message_columns);
}

/* The newest bundle, copied out of the store, and marked as given in on the host. */
static dais_err_t parcel_take(dais_outbox_t *outbox, uint8_t **bytes, size_t *size, uint64_t *k)
{
    dais_txn_t txn;
    dais_outbox_bundle_t *bundle = malloc(sizeof *bundle);
    dais_txn_begin(&txn, outbox->store, DAIS_TXN_READ);
    *k = dais_outbox_chain(&txn, DAIS_STREAM_OPEN).next - 1;
    if (bundle == NULL)
        dais_txn_fail(&txn, DAIS_ERR_NO_MEMORY);
    else if (!dais_outbox_bundle_get(&txn, DAIS_STREAM_OPEN, *k, bundle))
        dais_txn_fail(&txn, DAIS_ERR_NOT_FOUND);
    *bytes = bundle != NULL && txn.err == DAIS_OK ? malloc(bundle->parcel.size) : NULL;
    if (*bytes != NULL) {
        *size = bundle->parcel.size;
        memcpy(*bytes, bundle->parcel.data, *size);
    } else {
        dais_txn_fail(&txn, DAIS_ERR_NO_MEMORY);
    }
    free(bundle);
    return dais_txn_end(&txn);
}

static int parcel_nothing(const dais_office_t *office)
{
    return dais_say_error(&office->say, DAIS_EXIT_FAILED, "nothing-queued",
                          "dais roster add queues a change of the roster",
                          "nothing waits in the outbox");
}

/* Into a file that can be made: what is signed and then stands in none would be lost to the host.
 * Only when it stands there it is the host's, and not for an intake. */
static dais_err_t parcel_make(dais_outbox_t *outbox, const dais_bundler_t *bundler, uint64_t now_ms,
                              const char *path, bool *made, uint64_t *k)
{
    dais_draft_t draft;
    uint8_t *bytes = NULL;
    size_t size = 0;
    if (access(path, F_OK) == 0)
        return DAIS_ERR_EXISTS;
    dais_err_t err = dais_draft_open(&draft, path, 0644);
    if (err != DAIS_OK)
        return err;
    err = dais_outbox_bundle(outbox, bundler, DAIS_STREAM_OPEN, now_ms, made);
    if (err == DAIS_OK && *made)
        err = parcel_take(outbox, &bytes, &size, k);
    if (err == DAIS_OK && *made)
        err = dais_file_write_all(draft.fd, dais_slice(bytes, size));
    free(bytes);
    if (err != DAIS_OK || !*made) {
        dais_draft_drop(&draft);
        return err;
    }
    err = dais_draft_keep(&draft, DAIS_DRAFT_CREATE);
    return err == DAIS_OK ? dais_outbox_on_host(outbox, DAIS_STREAM_OPEN, *k) : err;
}

static int parcel_write(dais_office_t *office, dais_outbox_t *outbox, const char *path)
{
    uint64_t now_ms;
    bool made = false;
    uint64_t k = 0;
    dais_bundler_t bundler = dais_office_bundler(office);
    if (!dais_office_now(office, &now_ms))
        return DAIS_EXIT_FAILED;
    dais_err_t err = parcel_make(outbox, &bundler, now_ms, path, &made, &k);
    if (err == DAIS_OK && !made)
        return parcel_nothing(office);
    if (err != DAIS_OK)
        return dais_say_err(&office->say, err, path);
    json_t *object = dais_say_new("parcel");
    (void)json_object_set_new(object, "file", json_string(path));
    (void)json_object_set_new(object, "k", json_sprintf("%llu", (unsigned long long)k));
    (void)json_object_set_new(object, "cycle", json_string(office->profile.cycle));
    dais_say_hint("on the registry's host: dais-registry cycle admit %s %s", office->profile.cycle,
                  path);
    return dais_say_object(&office->say, object);
}

/* How many messages wait for a bundle of the open stream, and its number. */
static int parcel_dry(const dais_office_t *office, dais_outbox_t *outbox, const char *path)
{
    dais_txn_t txn;
    dais_walk_t walk;
    uint64_t count = 0;
    uint8_t prefix = DAIS_STREAM_OPEN;
    dais_txn_begin(&txn, outbox->store, DAIS_TXN_READ);
    dais_walk_open(&walk, &txn, DAIS_OUTBOX_QUEUE, dais_slice(&prefix, 1), dais_slice("", 0),
                   DAIS_WALK_FORWARD);
    while (dais_walk_next(&walk))
        count++;
    uint64_t k = dais_outbox_chain(&txn, DAIS_STREAM_OPEN).next;
    dais_err_t err = dais_txn_end(&txn);
    if (err == DAIS_OK && access(path, F_OK) == 0)
        err = DAIS_ERR_EXISTS;
    if (err != DAIS_OK)
        return dais_say_err(&office->say, err, path);
    if (count == 0)
        return parcel_nothing(office);
    json_t *object = dais_say_new("would-parcel");
    (void)json_object_set_new(object, "file", json_string(path));
    (void)json_object_set_new(object, "k", json_sprintf("%llu", (unsigned long long)k));
    (void)json_object_set_new(object, "queued", json_integer((json_int_t)count));
    (void)json_object_set_new(object, "cycle", json_string(office->profile.cycle));
    return dais_say_object(&office->say, object);
}

static int parcel_run(const dais_args_t *args, void *context)
{
    dais_office_t *office = context;
    dais_outbox_t outbox;
    int status = outbox_begin(office, args, &outbox);
    if (status != DAIS_EXIT_DONE)
        return status;
    status = dais_args_has(args, "dry-run")
                 ? parcel_dry(office, &outbox, dais_args_value(args, "output"))
                 : parcel_write(office, &outbox, dais_args_value(args, "output"));
    dais_outbox_close(&outbox);
    return status;
}

static int retry_one(dais_office_t *office, dais_outbox_t *outbox, const char *text, bool dry)
{
    dais_id_t id;
    if (!dais_message_view_id(&office->say, text, &id))
        return DAIS_EXIT_USAGE;
    dais_err_t err = dais_outbox_retry(outbox, &id, dry);
    if (err == DAIS_ERR_NOT_FOUND)
        return dais_say_error(&office->say, DAIS_EXIT_USAGE, "unknown-message",
                              "dais outbox list shows which are",
                              "no message %s is stuck or refused", text);
    return err == DAIS_OK ? DAIS_EXIT_DONE : dais_say_err(&office->say, err, text);
}

static int retry_run(const dais_args_t *args, void *context)
{
    dais_office_t *office = context;
    dais_outbox_t outbox;
    int status = outbox_begin(office, args, &outbox);
    if (status != DAIS_EXIT_DONE)
        return status;
    const char *text;
    size_t count = 0;
    bool dry = dais_args_has(args, "dry-run");
    for (; status == DAIS_EXIT_DONE && (text = dais_args_operand(args, count)) != NULL; count++)
        status = retry_one(office, &outbox, text, dry);
    dais_outbox_close(&outbox);
    if (status != DAIS_EXIT_DONE)
        return status;
    json_t *object = dais_say_new(dry ? "would-requeue" : "requeued");
    (void)json_object_set_new(object, "messages", json_integer((json_int_t)count));
    if (!dry)
        dais_say_hint("dais send delivers them");
    return dais_say_object(&office->say, object);
}

static int remove_one(dais_office_t *office, dais_outbox_t *outbox, const char *text, bool dry)
{
    dais_id_t id;
    if (!dais_message_view_id(&office->say, text, &id))
        return DAIS_EXIT_USAGE;
    dais_err_t err = dais_outbox_remove(outbox, &id, dry);
    if (err == DAIS_ERR_NOT_FOUND)
        return dais_say_error(
            &office->say, DAIS_EXIT_USAGE, "unknown-message",
            "dais outbox list shows where each stands; what has gone out is taken "
            "back by dais withdraw or dais withdraw-objection",
            "no message %s is queued, stuck or refused", text);
    return err == DAIS_OK ? DAIS_EXIT_DONE : dais_say_err(&office->say, err, text);
}

static int remove_each(dais_office_t *office, const dais_args_t *args, dais_outbox_t *outbox,
                       bool dry)
{
    int status = DAIS_EXIT_DONE;
    const char *text;
    for (size_t i = 0; status == DAIS_EXIT_DONE && (text = dais_args_operand(args, i)) != NULL;
         i++) {
        for (size_t j = 0; j < i; j++)
            if (strcmp(text, dais_args_operand(args, j)) == 0)
                return dais_say_error(&office->say, DAIS_EXIT_USAGE, "bad-value", "name it once",
                                      "%s stands there twice", text);
        status = remove_one(office, outbox, text, dry);
    }
    return status;
}

/* None of them, if one cannot be removed. */
static int remove_all(dais_office_t *office, const dais_args_t *args, dais_outbox_t *outbox)
{
    int status = remove_each(office, args, outbox, true);
    if (status != DAIS_EXIT_DONE || dais_args_has(args, "dry-run"))
        return status;
    if (!dais_office_confirm(office, args, "What is removed cannot be brought back."))
        return DAIS_EXIT_USAGE;
    status = remove_each(office, args, outbox, false);
    return status == DAIS_EXIT_DONE ? dais_office_forget(office, outbox) : status;
}

static int remove_run(const dais_args_t *args, void *context)
{
    dais_office_t *office = context;
    dais_outbox_t outbox;
    size_t count = 0;
    int status = outbox_begin(office, args, &outbox);
    if (status != DAIS_EXIT_DONE)
        return status;
    status = remove_all(office, args, &outbox);
    dais_outbox_close(&outbox);
    if (status != DAIS_EXIT_DONE)
        return status;
    while (dais_args_operand(args, count) != NULL)
        count++;
    json_t *object = dais_say_new(dais_args_has(args, "dry-run") ? "would-remove" : "removed");
    (void)json_object_set_new(object, "messages", json_integer((json_int_t)count));
    return dais_say_object(&office->say, object);
}
