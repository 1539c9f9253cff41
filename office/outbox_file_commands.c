/* SPDX-License-Identifier: Apache-2.0 */
#include <inttypes.h>
#include <stdio.h>
#include <unistd.h>

#include "base/file.h"
#include "office/commands.h"
#include "office/outbox_files.h"
#include "office/outbox_open.h"

static const dais_arg_operand_t file_operands[] = {
    {"FILE", DAIS_OPERAND_ONE, "one file with all of it; keep it as secret as the outbox"},
    {.name = NULL},
};
static const dais_arg_operand_t folder_operands[] = {
    {"FOLDER", DAIS_OPERAND_ONE, "where it goes, named by key, log and time"},
    {.name = NULL},
};
static const dais_arg_option_t dry_options[] = {
    {"dry-run", 0, DAIS_ARG_FLAG, false, NULL, NULL, "say what would be done, and write nothing"},
    {.name = NULL},
};
static const char *const export_examples[] = {"dais outbox export outbox.file",
                                              "dais outbox export outbox.file --dry-run", NULL};
static const char *const import_examples[] = {"dais outbox import outbox.file",
                                              "dais outbox import outbox.file --dry-run", NULL};
static const char *const backup_examples[] = {"dais outbox backup .", "dais outbox backup . --json",
                                              NULL};

static int export_run(const dais_args_t *args, void *context);
static int import_run(const dais_args_t *args, void *context);

const dais_command_t dais_command_outbox_export = {
    .name = "export",
    .text = "write all of the outbox to one file",
    .options = dry_options,
    .operands = file_operands,
    .examples = export_examples,
    .run = export_run,
};
const dais_command_t dais_command_outbox_import = {
    .name = "import",
    .text = "take in the messages of such a file that are not here",
    .about = "They are queued. Those that the log has already come back as what they are: under\n"
             "their first entry, as duplicates.",
    .options = dry_options,
    .operands = file_operands,
    .examples = import_examples,
    .run = import_run,
};
const dais_command_t dais_command_outbox_backup = {
    .name = "backup",
    .text = "write all of the outbox to a new file in a folder",
    .about = "A backup that is put back in the place of the outbox is noticed at the next dais "
             "send,\nwhich then delivers what is not in the log, and nothing twice.",
    .options = dry_options,
    .operands = folder_operands,
    .examples = backup_examples,
    .run = export_run,
};

static int file_begin(dais_office_t *office, const dais_args_t *args, dais_outbox_t *outbox)
{
    outbox->store = NULL;
    dais_office_begin(office, args);
    int status = dais_office_open(office, args);
    return status == DAIS_EXIT_DONE ? dais_office_outbox(office, outbox) : status;
}

/* The operand, or for a backup a new name in the folder that it names. */
static bool export_path(const dais_office_t *office, const dais_args_t *args,
                        const dais_outbox_t *outbox, char path[PATH_MAX])
{
    char time[DAIS_CLOCK_TEXT_SIZE];
    uint64_t now_ms;
    const char *operand = dais_args_operand(args, 0);
    const char *slash = strrchr(outbox->folder, '/');
    if (strcmp(dais_args_command(args)->name, "backup") != 0)
        return snprintf(path, PATH_MAX, "%s", operand) < PATH_MAX;
    if (!dais_office_now(office, &now_ms) || dais_clock_format(now_ms, time) != DAIS_OK)
        return false;
    return snprintf(path, PATH_MAX, "%s/%s-%s.outbox", operand, slash + 1, time) < PATH_MAX;
}

static int export_run(const dais_args_t *args, void *context)
{
    dais_office_t *office = context;
    dais_outbox_t outbox;
    dais_outbox_counts_t counts;
    char path[PATH_MAX];
    int status = file_begin(office, args, &outbox);
    if (status != DAIS_EXIT_DONE)
        return status;
    dais_err_t err = export_path(office, args, &outbox, path) ? DAIS_OK : DAIS_ERR_TOO_LONG;
    bool dry = dais_args_has(args, "dry-run");
    if (err == DAIS_OK && dry)
        err = access(path, F_OK) == 0 ? DAIS_ERR_EXISTS : DAIS_OK;
    else if (err == DAIS_OK)
        err = dais_outbox_export(&outbox, path);
    if (err == DAIS_OK)
        err = dais_outbox_count(&outbox, &counts);
    dais_outbox_close(&outbox);
    if (err != DAIS_OK)
        return dais_say_err(&office->say, err, dais_args_operand(args, 0));
    json_t *object = dais_say_new(dry ? "would-export" : "exported");
    (void)json_object_set_new(object, "file", json_string(path));
    (void)json_object_set_new(object, "cycle", json_string(office->profile.cycle));
    (void)json_object_set_new(object, "messages",
                              json_integer((json_int_t)counts.queued + (json_int_t)counts.bundled +
                                           (json_int_t)counts.logged + (json_int_t)counts.stuck +
                                           (json_int_t)counts.refused));
    return dais_say_object(&office->say, object);
}

static int import_run(const dais_args_t *args, void *context)
{
    dais_office_t *office = context;
    dais_outbox_t outbox;
    dais_outbox_merged_t merged;
    const char *path = dais_args_operand(args, 0);
    int status = file_begin(office, args, &outbox);
    if (status != DAIS_EXIT_DONE)
        return status;
    bool dry = dais_args_has(args, "dry-run");
    dais_err_t err = dais_outbox_merge(&outbox, path, &office->profile.device.key,
                                       &office->profile.log, dry, &merged);
    dais_outbox_close(&outbox);
    if (err == DAIS_ERR_CORRUPT || err == DAIS_ERR_TRUNCATED)
        return dais_say_error(
            &office->say, DAIS_EXIT_FAILED, "no-outbox",
            "dais outbox export and backup write such files",
            "%s is no file of an outbox, or is damaged; nothing was taken from it", path);
    if (err != DAIS_OK)
        return dais_say_err(&office->say, err, path);
    json_t *object = dais_say_new(dry ? "would-merge" : "merged");
    (void)json_object_set_new(object, "cycle", json_string(office->profile.cycle));
    (void)json_object_set_new(object, "added", json_integer((json_int_t)merged.added));
    (void)json_object_set_new(object, "known", json_integer((json_int_t)merged.known));
    if (merged.erased > 0)
        dais_say_note("note: %" PRIu64 " messages of the file were left out: their text was erased "
                      "from the record and from that outbox",
                      merged.erased);
    if (merged.added > 0 && !dry)
        dais_say_hint("dais send delivers them");
    return dais_say_object(&office->say, object);
}
