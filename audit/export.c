/* SPDX-License-Identifier: Apache-2.0
 *
 * A published folder as one file, in the form that every verb reads and that is easily kept, sent
 * and compared with what others have kept. Nothing is verified but that tiles, leaves and openings
 * fit together; the file says to `verify` what the folder does. */
#include "audit/export.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "audit/folder.h"
#include "base/exit.h"
#include "base/file.h"

static int export_error(const char *path, dais_err_t err)
{
    (void)fprintf(stderr, "error[%s]: %s: %s\n", dais_err_code(err), path, dais_err_text(err));
    return dais_err_is_refusal(err) ? DAIS_EXIT_UNVERIFIED : DAIS_EXIT_FAILED;
}

/* Through a stream of its own on the draft's descriptor, which stays open. */
static dais_err_t export_write(const char *folder, int fd, char *at)
{
    int copy = dup(fd);
    FILE *stream = copy >= 0 ? fdopen(copy, "wb") : NULL;
    if (stream == NULL) {
        dais_err_t err = dais_file_err(errno);
        if (copy >= 0)
            (void)close(copy);
        return err;
    }
    dais_err_t err = dais_folder_export(folder, stream, at);
    if (fclose(stream) != 0 && err == DAIS_OK)
        err = dais_file_err(errno);
    return err;
}

/* *at is then the file at fault: of the folder, or the one to be written. */
static dais_err_t export_to(const char *folder, const char *path, char *at)
{
    dais_draft_t draft;
    (void)snprintf(at, PATH_MAX, "%s", path);
    dais_err_t err = dais_draft_open(&draft, path, S_IRUSR | S_IWUSR | S_IRGRP | S_IROTH);
    if (err != DAIS_OK)
        return err;
    err = export_write(folder, draft.fd, at);
    if (err != DAIS_OK) {
        dais_draft_drop(&draft);
        return err;
    }
    (void)snprintf(at, PATH_MAX, "%s", path);
    return dais_draft_keep(&draft, DAIS_DRAFT_CREATE);
}

static int export_run(const dais_args_t *args, void *context)
{
    char at[PATH_MAX];
    const char *folder = dais_args_operand(args, 0);
    const char *path = dais_args_operand(args, 1);
    struct stat about = {.st_size = 0};
    (void)context;
    if (!dais_folder_is_log(folder)) {
        (void)fprintf(stderr,
                      "error[not-found]: no published log in %s\n"
                      "hint: the folder that holds `checkpoint`, or the cycle's above it\n",
                      folder);
        return DAIS_EXIT_FAILED;
    }
    dais_err_t err = export_to(folder, path, at);
    if (err != DAIS_OK)
        return export_error(at, err);
    (void)stat(path, &about);
    if (dais_args_has(args, "json"))
        (void)printf("{\"type\": \"export\", \"v\": \"1\", \"bytes\": \"%llu\"}\n",
                     (unsigned long long)about.st_size);
    else
        (void)printf("%s: %llu bytes\n", path, (unsigned long long)about.st_size);
    return DAIS_EXIT_DONE;
}

static const dais_arg_option_t export_options[] = {
    {.name = "json", .kind = DAIS_ARG_FLAG, .text = "one JSON object instead of a line"},
    {.name = NULL}};

static const dais_arg_operand_t export_operands[] = {
    {.name = "FOLDER", .count = DAIS_OPERAND_ONE, .text = "a published log, or its cycle's folder"},
    {.name = "FILE", .count = DAIS_OPERAND_ONE, .text = "the exported log; it must not be there"},
    {.name = NULL}};

static const char *const export_examples[] = {
    "dais-audit export site/dialogue dialogue.export",
    "dais-audit export --json site/dialogue/log dialogue.export", NULL};

const dais_command_t dais_export_command = {
    .name = "export",
    .text = "a published folder as one file",
    .about =
        "Writes a published log as an exported log: one file that every verb here reads, to keep "
        "and to compare with what others have kept. Tiles, leaves and openings have to fit "
        "together; whether they are genuine is what verify says.\n\nExit: 0 done, 1 it cannot be "
        "read or written, 4 the folder does not fit together.",
    .options = export_options,
    .operands = export_operands,
    .examples = export_examples,
    .run = export_run};
