/* SPDX-License-Identifier: Apache-2.0
 *
 * Many messages of one verb from a file. All rows are checked before one is put, and then all of
 * them go into the outbox in one transaction: after a fault nothing has changed, and the same file,
 * mended, can be imported again. */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/nearest.h"
#include "office/commands.h"
#include "office/outbox_open.h"
#include "office/sheet.h"
#include "office/verb.h"
#include "office/writing.h"

static const dais_arg_option_t import_options[] = {
    {"verb", 0, DAIS_ARG_VALUE, false, "VERB", "apply|amend|comment|reply",
     "what each row is (apply)"},
    {"format", 0, DAIS_ARG_VALUE, false, "FORMAT", "csv|jsonl",
     "of the file; else by the end of its name"},
    {"dry-run", 0, DAIS_ARG_MAYBE, false, "WHEN", "if-warning|if-error",
     "import nothing: at all, if there is a warning, or if there is an error (the default)"},
    {.name = NULL},
};
static const dais_arg_operand_t import_operands[] = {
    {"FILE", DAIS_OPERAND_ONE, "CSV with the names of options in its first row, or JSON Lines"},
    {.name = NULL},
};
static const char *const import_examples[] = {"dais import list.csv --dry-run",
                                              "dais import list.csv --dry-run=if-warning", NULL};

static int import_run(const dais_args_t *args, void *context);

const dais_command_t dais_command_import = {
    .name = "import",
    .text = "queue many applications or comments from a file",
    .about = "A column is called as the option of the verb: name, category, country ...; operands\n"
             "as their field: organisation; a text as text-file. Each row is reported.",
    .options = import_options,
    .operands = import_operands,
    .examples = import_examples,
    .run = import_run,
};

typedef struct {
    dais_office_t *office;
    const dais_verb_t *verb;
    json_t *report;
    dais_saying_t *sayings; /* the good ones */
    size_t count;
    size_t errors, warnings;
    json_t *names; /* of applicants in this file: an object of lines */
} importing_t;

static const char *row_value(void *context, const char *option, size_t i)
{
    const dais_sheet_row_t *row = context;
    for (size_t at = 0; at < row->count; at++) {
        if (strcmp(row->names[at], option) == 0 && i-- == 0)
            return row->values[at];
    }
    return NULL;
}

typedef struct {
    const dais_sheet_row_t *row;
    const dais_verb_t *verb;
} row_context_t;

static const char *import_value(void *context, const char *option, size_t i)
{
    row_context_t *row = context;
    return row_value((void *)(uintptr_t)row->row, option, i);
}

/* The i-th operand is the column of the i-th slot of that sort; behind the last the text's file. */
static const char *import_operand(void *context, size_t i)
{
    row_context_t *row = context;
    for (const dais_slot_t *slot = row->verb->slots; slot != NULL && slot->field != NULL; slot++) {
        if (slot->source == DAIS_SLOT_OPERAND && i-- == 0)
            return row_value((void *)(uintptr_t)row->row, slot->field, 0);
    }
    return i == 0 ? row_value((void *)(uintptr_t)row->row, "text-file", 0) : NULL;
}

/* Is this the name of an option or operand of the verb? */
static bool import_knows(const dais_verb_t *verb, const char *name)
{
    const dais_shape_t *shape = dais_kind_of(verb->kind)->subject;
    char option[64];
    for (size_t i = 0; i < shape->field_count; i++) {
        const dais_slot_t *slot = dais_verb_slot(verb, shape->fields[i].name);
        bool operand = slot != NULL && slot->source == DAIS_SLOT_OPERAND;
        dais_verb_option_name(slot, &shape->fields[i], option, sizeof option);
        if ((!operand && strcmp(option, name) == 0) ||
            (operand && strcmp(shape->fields[i].name, name) == 0))
            return true;
    }
    return ((verb->flags & DAIS_VERB_WRITING) != 0 &&
            (strcmp(name, "text-file") == 0 || strcmp(name, "attach") == 0)) ||
           ((verb->flags & DAIS_VERB_PRIVATE) != 0 && strcmp(name, "private") == 0) ||
           ((verb->flags & DAIS_VERB_BEHALF) != 0 && strcmp(name, "for") == 0);
}

static void import_report(importing_t *importing, unsigned line, const char *status,
                          const char *code, const char *text)
{
    json_t *row = dais_say_new("import-row");
    (void)json_object_set_new(row, "line", json_integer((json_int_t)line));
    (void)json_object_set_new(row, "status", json_string(status));
    (void)json_object_set_new(row, "code", json_string(code));
    (void)json_object_set_new(row, "text", json_string(text));
    (void)json_array_append_new(importing->report, row);
}

static bool import_columns(importing_t *importing, const dais_sheet_row_t *row)
{
    char text[160];
    for (size_t i = 0; i < row->count; i++) {
        if (import_knows(importing->verb, row->names[i]))
            continue;
        (void)snprintf(text, sizeof text, "there is no option %.60s: dais %s -h lists them",
                       row->names[i], importing->verb->name);
        import_report(importing, row->line, "error", "unknown-column", text);
        importing->errors++;
        return false;
    }
    return true;
}

/* The same applicant twice in one file is most likely a slip; only a person can tell. */
static bool import_is_repeated(importing_t *importing, const dais_sheet_row_t *row)
{
    char text[160];
    const char *name = row_value((void *)(uintptr_t)row, "name", 0);
    if (importing->verb->kind != DAIS_KIND_APPLICATION || name == NULL)
        return false;
    json_t *before = json_object_get(importing->names, name);
    if (before == NULL) {
        (void)json_object_set_new(importing->names, name, json_integer((json_int_t)row->line));
        return false;
    }
    (void)snprintf(text, sizeof text, "line %lld has the same name",
                   (long long)json_integer_value(before));
    import_report(importing, row->line, "warning", "repeated-name", text);
    importing->warnings++;
    return true;
}

static void import_row(importing_t *importing, const dais_sheet_t *sheet,
                       const dais_sheet_row_t *row)
{
    row_context_t context = {row, importing->verb};
    assert(importing->sayings != NULL);
    dais_saying_t *saying = &importing->sayings[importing->count];
    if (sheet->fault[0] != '\0') {
        import_report(importing, row->line, "error", "bad-text", sheet->fault);
        importing->errors++;
        return;
    }
    if (row->count == 0 || !import_columns(importing, row))
        return;
    *saying = (dais_saying_t){.verb = importing->verb,
                              .office = importing->office,
                              .source = {import_value, import_operand, &context}};
    if (!dais_office_now(importing->office, &saying->now_ms) || !dais_saying_build(saying)) {
        import_report(importing, row->line, "error", saying->fault_code, saying->fault);
        importing->errors++;
        dais_saying_free(saying);
        return;
    }
    importing->count++;
    if (!import_is_repeated(importing, row))
        import_report(importing, row->line, "good", "", "");
}

static int import_read(importing_t *importing, const char *path, bool is_json)
{
    dais_file_bytes_t bytes;
    dais_sheet_t sheet;
    dais_sheet_row_t row;
    int status = DAIS_EXIT_DONE;
    dais_err_t err = dais_writing_read(path, DAIS_SHEET_SIZE_MAX, &bytes);
    if (err != DAIS_OK)
        return dais_say_err(&importing->office->say, err, path);
    if (!dais_sheet_open(&sheet, dais_slice(bytes.data, bytes.size), is_json))
        status = dais_say_error(&importing->office->say, DAIS_EXIT_USAGE, "bad-text", NULL,
                                "%s:1: %s", path, sheet.fault);
    for (size_t rows = 0; status == DAIS_EXIT_DONE && dais_sheet_next(&sheet, &row); rows++) {
        if (rows == DAIS_SHEET_ROW_MAX)
            status = dais_say_error(&importing->office->say, DAIS_EXIT_USAGE, "too-long",
                                    "part the file", "%s has more than 10000 rows", path);
        else
            import_row(importing, &sheet, &row);
        dais_sheet_row_free(&row);
    }
    dais_sheet_close(&sheet);
    dais_file_free(&bytes);
    return status;
}

static int import_put(importing_t *importing)
{
    dais_outbox_t outbox;
    dais_outbox_message_t *messages = calloc(importing->count + 1, sizeof *messages);
    if (messages == NULL)
        return dais_say_err(&importing->office->say, DAIS_ERR_NO_MEMORY, "import");
    int status = dais_office_outbox(importing->office, &outbox);
    if (status == DAIS_EXIT_DONE) {
        for (size_t i = 0; i < importing->count; i++)
            messages[i] = importing->sayings[i].message;
        dais_err_t err = dais_outbox_put(&outbox, messages, importing->count);
        dais_outbox_close(&outbox);
        if (err != DAIS_OK)
            status = dais_say_err(&importing->office->say, err, "the outbox");
    }
    free(messages);
    return status;
}

/* May it be put, after all rows were looked at? */
static bool import_may(const importing_t *importing, const dais_args_t *args)
{
    const char *when = dais_args_value(args, "dry-run");
    if (dais_args_has(args, "dry-run") && when == NULL)
        return false;
    if (when != NULL && strcmp(when, "if-warning") == 0 && importing->warnings > 0)
        return false;
    return importing->errors == 0;
}

static int import_finish(importing_t *importing, const dais_args_t *args)
{
    static const dais_column_t columns[] = {
        {"line", "LINE"}, {"status", "STATUS"}, {"code", "CODE"}, {"text", "TEXT"}, {.key = NULL}};
    bool may = import_may(importing, args);
    int status = may ? import_put(importing) : DAIS_EXIT_DONE;
    if (status != DAIS_EXIT_DONE)
        return status;
    size_t imported = may ? importing->count : 0;
    status = dais_say_rows(&importing->office->say, json_incref(importing->report), columns);
    json_t *object = dais_say_new("imported");
    (void)json_object_set_new(object, "imported", json_integer((json_int_t)imported));
    (void)json_object_set_new(object, "good", json_integer((json_int_t)importing->count));
    (void)json_object_set_new(object, "warnings", json_integer((json_int_t)importing->warnings));
    (void)json_object_set_new(object, "errors", json_integer((json_int_t)importing->errors));
    (void)json_object_set_new(object, "cycle", json_string(importing->office->profile.cycle));
    if (status == DAIS_EXIT_DONE)
        status = dais_say_object(&importing->office->say, object);
    if (imported > 0)
        dais_say_hint("dais send delivers them");
    if (status == DAIS_EXIT_DONE && importing->errors > 0)
        status = dais_say_error(&importing->office->say, DAIS_EXIT_FAILED, "rows-at-fault",
                                "mend them and import the file again", "nothing was imported");
    return status;
}

static const dais_verb_t *import_verb(const dais_args_t *args)
{
    const char *name = dais_args_value(args, "verb");
    const dais_verb_t *verb = dais_verbs;
    while (strcmp(verb->group, "") != 0 || strcmp(verb->name, name == NULL ? "apply" : name) != 0)
        verb++; /* the option takes names that are there */
    return verb;
}

static int import_run(const dais_args_t *args, void *context)
{
    importing_t importing = {.office = context, .verb = import_verb(args)};
    const char *path = dais_args_operand(args, 0);
    const char *format = dais_args_value(args, "format");
    const char *dot = strrchr(path, '.');
    bool is_json =
        format != NULL ? strcmp(format, "jsonl") == 0 : dot != NULL && strcmp(dot, ".jsonl") == 0;
    dais_office_begin(importing.office, args);
    int status = dais_office_open(importing.office, args);
    if (status != DAIS_EXIT_DONE)
        return status;
    importing.report = json_array();
    importing.names = json_object();
    importing.sayings = calloc(DAIS_SHEET_ROW_MAX + 1, sizeof *importing.sayings);
    if (importing.sayings == NULL)
        status = dais_say_err(&importing.office->say, DAIS_ERR_NO_MEMORY, path);
    if (status == DAIS_EXIT_DONE)
        status = import_read(&importing, path, is_json);
    if (status == DAIS_EXIT_DONE)
        status = import_finish(&importing, args);
    for (size_t i = 0; i < importing.count; i++)
        dais_saying_free(&importing.sayings[i]);
    free(importing.sayings);
    json_decref(importing.report);
    json_decref(importing.names);
    return status;
}
