/* SPDX-License-Identifier: Apache-2.0
 *
 * The two lists, as this reader may see them, at any version, and what changed between two. Every
 * list ends in its account. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "office/commands.h"
#include "office/office.h"
#include "office/pages.h"
#include "office/rows.h"
#include "office/wire.h"
#include "proto/text.h"

static const dais_arg_option_t list_options[] = {
    {"version", 0, DAIS_ARG_VALUE, false, "N", NULL, "as that version left it; else as of now"},
    {"diff", 0, DAIS_ARG_FLAG, false, NULL, NULL,
     "what changed against the version before (of the newest, or of --version)"},
    {"participants", 0, DAIS_ARG_FLAG, false, NULL, NULL,
     "the public list of participants, not the circulated one"},
    {.name = NULL},
};
static const char *const list_examples[] = {"dais list --participants",
                                            "dais list --version 2 --diff", NULL};

static int list_run(const dais_args_t *args, void *context);

const dais_command_t dais_command_list = {
    .name = "list",
    .text = "the circulated list, or that of participants",
    .options = list_options,
    .examples = list_examples,
    .run = list_run,
};

static const dais_column_t list_columns[] = {
    {"organisation", "ORGANISATION"}, {"name", "NAME"}, {"category", "CATEGORY"},
    {"country", "COUNTRY"},           {"mode", "MODE"}, {"version", "VERSION"},
    {"standing", "STANDING"},         {.key = NULL},
};
static const dais_column_t diff_columns[] = {
    {"change", "CHANGE"}, {"organisation", "ORGANISATION"},
    {"name", "NAME"},     {"standing", "STANDING"},
    {"before", "BEFORE"}, {.key = NULL},
};

typedef struct {
    json_t *rows;
    bool has_account;
    dais_account_t account;
    uint64_t version; /* of the circulated list */
    uint64_t size;    /* of the log */
} lists_t;

static void list_free(lists_t *list)
{
    json_decref(list->rows);
}

static void list_take(lists_t *list, const dais_answer_list_t *got)
{
    dais_list_walk_t walk = dais_list_begin(&got->account, &dais_shape_account);
    dais_rows_append(list->rows, "list-row", &got->rows, &dais_shape_list_line);
    list->version = got->version;
    list->size = got->size;
    list->has_account = dais_list_next(&walk, &list->account);
}

/* Participants may be looked at by anybody; the circulated list takes a key. */
static int list_ask(dais_wire_t *wire, uint64_t which, uint64_t version, lists_t *list)
{
    dais_ask_list_t what = {.what = DAIS_WHAT_LIST, .list = which, .version = version};
    dais_pages_t pages = {.from = 0};
    int status = DAIS_EXIT_DONE;
    list->rows = json_array();
    list->has_account = false;
    while (status == DAIS_EXIT_DONE && !pages.is_done) {
        dais_wire_answer_t answer;
        dais_answer_list_t got;
        what.from = pages.from;
        bool good = which == DAIS_LIST_PARTICIPANTS
                        ? dais_wire_look(wire, &dais_shape_ask_list, &what, 0,
                                         &dais_shape_answer_list, &got, &answer)
                        : dais_wire_ask(wire, &dais_shape_ask_list, &what, 0,
                                        &dais_shape_answer_list, &got, &answer);
        if (!good)
            status = dais_wire_error(wire, &answer, "list");
        else if (dais_pages_take(&pages, got.size, got.next, list->rows))
            list_take(list, &got);
        dais_wire_answer_free(&answer);
    }
    dais_pages_say(&pages);
    return status;
}

static json_t *list_find(json_t *rows, const json_t *organisation)
{
    for (size_t i = 0; i < json_array_size(rows); i++) {
        json_t *row = json_array_get(rows, i);
        if (json_equal(json_object_get(row, "organisation"), organisation) == 1)
            return row;
    }
    return NULL;
}

static void diff_add(json_t *rows, json_t *row, const char *change, json_t *before)
{
    json_t *line = json_copy(row);
    (void)json_object_set_new(line, "type", json_string("list-change"));
    (void)json_object_set_new(line, "change", json_string(change));
    (void)json_object_set(line, "before", before == NULL ? json_null() : before);
    (void)json_array_append_new(rows, line);
}

static json_t *list_diff(const lists_t *before, const lists_t *after)
{
    json_t *rows = json_array();
    for (size_t i = 0; i < json_array_size(after->rows); i++) {
        json_t *row = json_array_get(after->rows, i);
        json_t *old = list_find(before->rows, json_object_get(row, "organisation"));
        json_t *standing = json_object_get(old, "standing");
        if (old == NULL)
            diff_add(rows, row, "added", NULL);
        else if (json_equal(standing, json_object_get(row, "standing")) == 0)
            diff_add(rows, row, "changed", standing);
    }
    for (size_t i = 0; i < json_array_size(before->rows); i++) {
        json_t *row = json_array_get(before->rows, i);
        if (list_find(after->rows, json_object_get(row, "organisation")) == NULL)
            diff_add(rows, row, "removed", json_object_get(row, "standing"));
    }
    return rows;
}

/* For people: the account as a sentence, and of its causes those that there are. Where the reader
 * is told none, there is nothing to say. */
static void account_say(const dais_account_t *account)
{
    static const char *const separators[] = {" Of these ", ", "};
    const struct {
        const char *text;
        uint64_t number;
    } causes[] = {{"awaiting", account->awaiting},   {"admitted", account->admitted},
                  {"blocked", account->blocked},     {"refused", account->refused},
                  {"withdrawn", account->withdrawn}, {"lapsed", account->lapsed}};
    bool has_cause = false;
    if (account->circulated == 0)
        return;
    (void)printf("Circulated: %" PRIu64 " = shown: %" PRIu64 " + not shown: %" PRIu64 ".",
                 account->circulated, account->shown, account->not_shown);
    for (size_t i = 0; account->has_causes != 0 && i < sizeof causes / sizeof causes[0]; i++) {
        if (causes[i].number == 0)
            continue;
        (void)printf("%s%s: %" PRIu64, separators[has_cause], causes[i].text, causes[i].number);
        has_cause = true;
    }
    (void)fputs(has_cause ? ".\n" : "\n", stdout);
    if (account->notified + account->accorded > 0)
        (void)printf("Beside the list: %" PRIu64 " by notification, %" PRIu64 " accorded.\n",
                     account->notified, account->accorded);
}

static int list_say(const dais_office_t *office, lists_t *list)
{
    json_t *rows = json_incref(list->rows);
    dais_say_note("version %" PRIu64 ", log position %" PRIu64, list->version, list->size);
    int status = dais_say_rows(&office->say, rows, list_columns);
    if (status != DAIS_EXIT_DONE || !list->has_account)
        return status;
    if (office->say.form != DAIS_SAY_TEXT)
        return dais_say_object(&office->say,
                               dais_row_object("account", &dais_shape_account, &list->account));
    account_say(&list->account);
    return fflush(stdout) == 0 ? DAIS_EXIT_DONE : DAIS_EXIT_FAILED;
}

static int list_with(dais_wire_t *wire, const dais_args_t *args, uint64_t version)
{
    uint64_t which =
        dais_args_has(args, "participants") ? DAIS_LIST_PARTICIPANTS : DAIS_LIST_CIRCULATED;
    lists_t list = {0};
    lists_t before = {0};
    int status = list_ask(wire, which, version, &list);
    if (status == DAIS_EXIT_DONE && !dais_args_has(args, "diff")) {
        status = list_say(wire->office, &list);
    } else if (status == DAIS_EXIT_DONE) {
        uint64_t newer = version > 0 ? version : list.version;
        if (newer > 1)
            status = list_ask(wire, which, newer - 1, &before);
        if (status == DAIS_EXIT_DONE)
            status = dais_say_rows(&wire->office->say, list_diff(&before, &list), diff_columns);
    }
    list_free(&list);
    list_free(&before);
    return status;
}

static int list_run(const dais_args_t *args, void *context)
{
    dais_office_t *office = context;
    dais_wire_t wire;
    uint64_t version = 0;
    const char *text = dais_args_value(args, "version");
    dais_office_begin(office, args);
    if (text != NULL && (dais_text_uint(dais_slice_text(text), 999, &version) != DAIS_OK))
        return dais_say_error(&office->say, DAIS_EXIT_USAGE, "bad-value", "a number up to 999",
                              "version %.40s is no version of a list", text);
    int status = dais_office_open(office, args);
    if (status == DAIS_EXIT_DONE)
        status = dais_wire_open(&wire, office);
    if (status != DAIS_EXIT_DONE)
        return status;
    status = list_with(&wire, args, version);
    dais_wire_close(&wire);
    return status;
}
