/* SPDX-License-Identifier: Apache-2.0 */
#include "publisher/command_render.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/exit.h"
#include "base/file.h"
#include "publisher/import.h"
#include "publisher/render.h"

#define EXPORT_SIZE_MAX ((size_t)4 * 1024 * 1024 * 1024)

enum { PATH_SIZE = 1024 };

static int fail(int status, const char *what, dais_err_t err, const char *hint)
{
    (void)fprintf(stderr, "error[%s]: %s: %s\n", dais_err_code(err), what, dais_err_text(err));
    if (hint != NULL)
        (void)fprintf(stderr, "hint: %s\n", hint);
    return status;
}

/* A key as text, or the path of a file with one line of it. */
static dais_err_t key_read(const char *text, dais_vkey_t *key)
{
    dais_file_bytes_t file;
    if (dais_vkey_parse(dais_slice_text(text), key).err == DAIS_OK)
        return DAIS_OK;
    dais_err_t err = dais_file_read(text, DAIS_LIMIT_IDENTITY, &file);
    if (err != DAIS_OK)
        return err == DAIS_ERR_NOT_FOUND ? DAIS_ERR_BAD_KEY : err;
    size_t size = file.size;
    while (size > 0 && file.data[size - 1] == '\n')
        size--;
    err = dais_vkey_parse(dais_slice(file.data, size), key).err;
    dais_file_free(&file);
    return err;
}

static dais_err_t site_write(dais_replica_t *replica, const char *folder)
{
    char path[PATH_SIZE];
    char name[DAIS_LIMIT_CODE + 1];
    dais_files_t *site;
    dais_files_t *cycle = NULL;
    const dais_fold_model_t *model;
    dais_err_t err = dais_files_open(&site, folder);
    if (err == DAIS_OK)
        err = dais_fold_make(dais_replica_fold(replica), dais_replica_size(replica), &model);
    if (err == DAIS_OK && !model->has_genesis)
        err = DAIS_ERR_NOT_FOUND;
    if (err == DAIS_OK) {
        (void)snprintf(name, sizeof name, "%.*s", (int)model->genesis.cycle.size,
                       (const char *)model->genesis.cycle.data);
        (void)snprintf(path, sizeof path, "%s/%s", folder, name);
        err = dais_files_open(&cycle, path);
    }
    if (err == DAIS_OK)
        err = dais_render(replica, cycle);
    if (err == DAIS_OK)
        err = dais_fold_make(dais_replica_fold(replica), dais_replica_size(replica), &model);
    if (err == DAIS_OK)
        err = dais_render_front(&(dais_render_cycle_t){.folder = name, .model = model}, 1, site);
    if (err == DAIS_OK)
        (void)printf("%s: %" PRIu64 " entries, %zu open, %" PRIu64 " files written, %" PRIu64
                     " left as they were\n",
                     path, dais_replica_published(replica),
                     dais_fold_count(dais_replica_fold(replica)), dais_files_figures(cycle).written,
                     dais_files_figures(cycle).kept);
    dais_files_close(&cycle);
    dais_files_close(&site);
    return err;
}

static int render_file(dais_replica_t *replica, const char *path, const char *folder)
{
    dais_file_bytes_t file;
    uint64_t seq = 0;
    dais_err_t err = dais_file_read(path, EXPORT_SIZE_MAX, &file);
    if (err != DAIS_OK)
        return fail(DAIS_EXIT_FAILED, path, err, "give a log that dais-audit export wrote");
    dais_fault_t fault = dais_import(replica, dais_slice(file.data, file.size), &seq);
    dais_file_free(&file);
    if (fault.err == DAIS_ERR_WRONG_PURPOSE) {
        (void)fprintf(stderr, "error[%s]: %s: entry %" PRIu64 " is not open to the public\n",
                      dais_err_code(fault.err), path, seq);
        (void)fputs("hint: export the log for the public, not for an inspector\n", stderr);
        return DAIS_EXIT_FAILED;
    }
    if (fault.err != DAIS_OK) {
        (void)fprintf(stderr, "%s: byte %zu, entry %" PRIu64 "\n", path, fault.offset, seq);
        return fail(DAIS_EXIT_UNVERIFIED, path, fault.err,
                    "dais-audit verify says which check it fails");
    }
    err = site_write(replica, folder);
    return err == DAIS_OK ? DAIS_EXIT_DONE : fail(DAIS_EXIT_FAILED, folder, err, NULL);
}

static int render_run(const dais_args_t *args, void *context)
{
    dais_vkey_t key;
    dais_replica_t *replica;
    (void)context;
    dais_err_t err = key_read(dais_args_value(args, "key"), &key);
    if (err != DAIS_OK)
        return fail(DAIS_EXIT_USAGE, "--key", err, "a key has the form name+id+base64");
    err = dais_replica_create(&replica, &key);
    if (err != DAIS_OK)
        return fail(DAIS_EXIT_FAILED, "memory", err, NULL);
    int status = render_file(replica, dais_args_operand(args, 0), dais_args_value(args, "site"));
    dais_replica_destroy(&replica);
    return status;
}

static const dais_arg_option_t render_options[] = {
    {.name = "key",
     .kind = DAIS_ARG_VALUE,
     .required = true,
     .value = "KEY|FILE",
     .text = "the log's key, or a file that holds it; compare it elsewhere first"},
    {.name = "site",
     .kind = DAIS_ARG_VALUE,
     .required = true,
     .value = "FOLDER",
     .text = "where the site is written; its parent has to be there"},
    {.name = NULL}};

static const dais_arg_operand_t render_operands[] = {
    {.name = "FILE", .count = DAIS_OPERAND_ONE, .text = "an exported log, made for the public"},
    {.name = NULL}};

static const char *const render_examples[] = {
    "dais-publisher render --key log.key --site site dialogue.export", "dais-publisher render -h",
    NULL};

const dais_command_t dais_publisher_commands[] = {
    {.name = "render",
     .text = "make the site of an exported log",
     .about = "Checks an exported log as a follower would and writes its pages, data, receipts and "
              "the log itself as files that any web server can serve.\n\n"
              "The same log gives the same bytes. What is there already and does not change is not "
              "written again.",
     .options = render_options,
     .operands = render_operands,
     .examples = render_examples,
     .run = render_run},
    {.name = NULL}};
