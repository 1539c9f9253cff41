/* SPDX-License-Identifier: Apache-2.0 */
#include "publisher/command_export.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/exit.h"
#include "base/file.h"
#include "proto/load/load.h"
#include "publisher/draft.h"
#include "publisher/import.h"
#include "publisher/prove.h"
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
    if (err == DAIS_OK)
        err = dais_files_folder(folder, model->genesis.cycle, path, sizeof path);
    if (err == DAIS_OK) {
        (void)snprintf(name, sizeof name, "%.*s", (int)model->genesis.cycle.size,
                       (const char *)model->genesis.cycle.data);
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

/* What was read in holds by the rules. */
static int replica_prove(const dais_replica_t *replica, const char *path)
{
    const dais_fold_model_t *model;
    dais_finding_t finding = {.code = ""};
    dais_fold_t *fold = dais_replica_fold(replica);
    dais_err_t err = dais_fold_make(fold, dais_replica_size(replica), &model);
    if (err == DAIS_OK && !model->has_genesis)
        err = DAIS_ERR_NOT_FOUND;
    if (err == DAIS_OK)
        err = dais_prove(fold, model, &finding);
    if (err == DAIS_ERR_WRONG_VERDICT)
        (void)fprintf(stderr, "%s: entry %" PRIu64 ": %s: %s\n", path, finding.seq, finding.code,
                      finding.text);
    return err == DAIS_OK
               ? DAIS_EXIT_DONE
               : fail(err == DAIS_ERR_WRONG_VERDICT ? DAIS_EXIT_UNVERIFIED : DAIS_EXIT_FAILED, path,
                      err, "dais-audit verify says all that does not hold");
}

static int import_file(dais_replica_t *replica, const char *path)
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
    return DAIS_EXIT_DONE;
}

/* The exported log that the command line names, proved. *replica is null after a failure. */
static int replica_load(const dais_args_t *args, dais_replica_t **replica)
{
    dais_vkey_t key;
    *replica = NULL;
    dais_err_t err = dais_load_vkey(dais_args_value(args, "key"), &key);
    if (err != DAIS_OK)
        return fail(DAIS_EXIT_USAGE, "--key", err, "a key has the form name+id+base64");
    err = dais_replica_create(replica, &key);
    if (err != DAIS_OK)
        return fail(DAIS_EXIT_FAILED, "memory", err, NULL);
    int status = import_file(*replica, dais_args_operand(args, 0));
    if (status == DAIS_EXIT_DONE)
        status = replica_prove(*replica, dais_args_operand(args, 0));
    if (status != DAIS_EXIT_DONE)
        dais_replica_destroy(replica);
    return status;
}

static int render_run(const dais_args_t *args, void *context)
{
    dais_replica_t *replica;
    (void)context;
    int status = replica_load(args, &replica);
    if (status != DAIS_EXIT_DONE)
        return status;
    dais_err_t err = site_write(replica, dais_args_value(args, "site"));
    if (err != DAIS_OK)
        status = fail(DAIS_EXIT_FAILED, dais_args_value(args, "site"), err, NULL);
    dais_replica_destroy(&replica);
    return status;
}

static dais_err_t draft_print(dais_replica_t *replica)
{
    const dais_fold_model_t *model;
    dais_out_t out = {0};
    dais_err_t err = dais_fold_make(dais_replica_fold(replica), dais_replica_size(replica), &model);
    if (err == DAIS_OK && !model->has_genesis)
        err = DAIS_ERR_NOT_FOUND;
    if (err == DAIS_OK) {
        dais_draft(&out, dais_replica_fold(replica), model);
        err = out.err;
    }
    if (err == DAIS_OK &&
        (fwrite(out.data, 1, out.size, stdout) != out.size || fflush(stdout) != 0))
        err = DAIS_ERR_IO;
    dais_out_free(&out);
    return err;
}

static int draft_run(const dais_args_t *args, void *context)
{
    dais_replica_t *replica;
    (void)context;
    int status = replica_load(args, &replica);
    if (status != DAIS_EXIT_DONE)
        return status;
    dais_err_t err = draft_print(replica);
    if (err != DAIS_OK)
        status = fail(DAIS_EXIT_FAILED, "the draft", err, NULL);
    dais_replica_destroy(&replica);
    return status;
}

#define OPTION_KEY                                                                                 \
    {                                                                                              \
        .name = "key", .kind = DAIS_ARG_VALUE, .required = true, .value = "KEY|FILE",              \
        .text = "the log's key, or a file that holds it; compare it elsewhere first"               \
    }

static const dais_arg_option_t draft_options[] = {OPTION_KEY, {.name = NULL}};

static const dais_arg_option_t render_options[] = {
    OPTION_KEY,
    {.name = "site",
     .kind = DAIS_ARG_VALUE,
     .required = true,
     .value = "FOLDER",
     .text = "where the site is written; its parent has to be there"},
    {.name = NULL}};

static const dais_arg_operand_t export_operands[] = {
    {.name = "FILE", .count = DAIS_OPERAND_ONE, .text = "an exported log, made for the public"},
    {.name = NULL}};

static const char *const render_examples[] = {
    "dais-publisher render --key log.key --site site dialogue.export", "dais-publisher render -h",
    NULL};

static const char *const draft_examples[] = {
    "dais-publisher draft --key log.key dialogue.export > draft.txt", "dais-publisher draft -h",
    NULL};

const dais_command_t dais_publisher_commands[] = {
    {.name = "draft",
     .text = "draft numbered paragraphs of a summary, for the Chair to edit",
     .about = "Says what the record counts: who came, what was on the table, who spoke on what in "
              "the policy's own words for how many, what was marked as a suggestion, what was put "
              "before whom. Each sentence names the entries that it rests on.\n\n"
              "What it means is for a person to write: `dais summary` sends the text that came of "
              "it.",
     .options = draft_options,
     .operands = export_operands,
     .examples = draft_examples,
     .run = draft_run},
    {.name = "render",
     .text = "make the site of an exported log",
     .about = "Checks an exported log as a follower would and writes its pages, data, receipts and "
              "the log itself as files that any web server can serve.\n\n"
              "The same log gives the same bytes. What is there already and does not change is not "
              "written again. The front page of the site then lists this cycle alone.",
     .options = render_options,
     .operands = export_operands,
     .examples = render_examples,
     .run = render_run},
    {.name = NULL}};
