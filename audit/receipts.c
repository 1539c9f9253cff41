/* SPDX-License-Identifier: Apache-2.0
 *
 * Every receipt of a folder, in the order of their names. A receipt outlives the log's custody: it
 * stands in a tree that the key has signed, and if that tree is no beginning of the log which is
 * shown today, the key has signed two histories. */
#include "audit/receipts.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "audit/play.h"
#include "audit/receipt_file.h"
#include "base/exit.h"
#include "proto/view.h"

enum { NAME_TEXT_SIZE = 160 };

typedef struct {
    const char *folder;
    dais_trust_t trust;
    dais_checks_t checks;
    bool has_log;
    dais_log_tree_t log;
    bool json;
    json_t *rows;
} receipts_t;

/* What came of one receipt: the first thing that does not hold, else what could not be looked at.
 */
typedef struct {
    const char *name;
    char where[NAME_TEXT_SIZE]; /* its name, fit for a terminal */
    dais_receipt_file_t file;
    dais_err_t err;
    bool is_part;
} one_t;

static void one_judge(receipts_t *receipts, one_t *one, dais_check_t check, dais_err_t err)
{
    if (err == DAIS_OK) {
        dais_checks_pass(&receipts->checks, check);
        return;
    }
    dais_checks_fail_at(&receipts->checks, check, one->where, dais_err_code(err));
    if (one->err == DAIS_OK)
        one->err = err;
}

static void one_skip(receipts_t *receipts, one_t *one, dais_check_t check, const char *why)
{
    dais_checks_skip(&receipts->checks, check, why);
    one->is_part = true;
}

static void one_compare(receipts_t *receipts, one_t *one, dais_check_t check, dais_err_t err)
{
    if (err == DAIS_ERR_OUT_OF_RANGE)
        one_skip(receipts, one, check, "the log ends before the receipt");
    else
        one_judge(receipts, one, check, err);
}

static void one_check(receipts_t *receipts, one_t *one)
{
    one_judge(receipts, one, DAIS_CHECK_RECEIPT_FORM, DAIS_OK);
    if (receipts->trust.has_key)
        one_judge(receipts, one, DAIS_CHECK_RECEIPT_TREE,
                  dais_proof_verify(&one->file.proof, &one->file.opened.leaf, &receipts->trust.key,
                                    NULL));
    else
        one_skip(receipts, one, DAIS_CHECK_RECEIPT_TREE, dais_trust_no_key);
    if (!receipts->has_log) {
        one_skip(receipts, one, DAIS_CHECK_RECEIPT_PLACE, "no log was named with --log");
        one_skip(receipts, one, DAIS_CHECK_RECEIPT_HISTORY, "no log was named with --log");
        return;
    }
    one_compare(receipts, one, DAIS_CHECK_RECEIPT_PLACE,
                dais_receipt_file_place(&one->file, &receipts->log));
    one_compare(receipts, one, DAIS_CHECK_RECEIPT_HISTORY,
                dais_receipt_file_history(&one->file, &receipts->log));
}

static const char *one_result(const one_t *one)
{
    if (one->err != DAIS_OK)
        return dais_checks_word(DAIS_CHECK_FAILED);
    return dais_checks_word(one->is_part ? DAIS_CHECK_NOT_CHECKED : DAIS_CHECK_PASSED);
}

static void one_show(receipts_t *receipts, const one_t *one, bool is_read)
{
    const char *code = one->err == DAIS_OK ? "" : dais_err_code(one->err);
    const char *kind = is_read ? one->file.opened.kind->name : "";
    if (!receipts->json) {
        (void)printf("%s %s", one_result(one), one->where);
        if (is_read)
            (void)printf(": entry %llu, %s", (unsigned long long)one->file.opened.seq, kind);
        (void)printf("%s%s\n", code[0] != 0 ? ": " : "", code);
        return;
    }
    json_t *row =
        json_pack("{ss ss ss}", "file", one->where, "result", one_result(one), "code", code);
    if (row != NULL && is_read) {
        (void)json_object_set_new(row, "entry", dais_view_number(one->file.opened.seq));
        (void)json_object_set_new(row, "kind", json_string(kind));
    }
    (void)json_array_append_new(receipts->rows, row);
}

/* An error of the machine is handed on; all else is a finding. */
static dais_err_t receipts_one(receipts_t *receipts, const char *name)
{
    char path[PATH_MAX];
    one_t one = {.name = name, .err = DAIS_OK};
    dais_play_text(dais_slice_text(name), one.where, sizeof one.where);
    if (snprintf(path, sizeof path, "%s/%s", receipts->folder, name) >= (int)sizeof path)
        return DAIS_ERR_TOO_LONG;
    dais_err_t err = dais_receipt_file_open(&one.file, path);
    bool is_receipt = err != DAIS_ERR_WRONG_DOMAIN && err != DAIS_ERR_FILE_TYPE;
    one_judge(receipts, &one, DAIS_CHECK_RECEIPT_NAMES, is_receipt ? DAIS_OK : err);
    if (err == DAIS_OK)
        one_check(receipts, &one);
    else if (is_receipt && dais_err_is_refusal(err))
        one_judge(receipts, &one, DAIS_CHECK_RECEIPT_FORM, err);
    one_show(receipts, &one, err == DAIS_OK);
    dais_receipt_file_free(&one.file);
    return err == DAIS_OK || !is_receipt || dais_err_is_refusal(err) ? DAIS_OK : err;
}

static int receipts_seen(const struct dirent *entry)
{
    return entry->d_name[0] != '.';
}

/* By bytes, whatever the locale. */
static int receipts_order(const struct dirent **a, const struct dirent **b)
{
    return strcmp((*a)->d_name, (*b)->d_name);
}

static dais_err_t receipts_all(receipts_t *receipts)
{
    struct dirent **names;
    dais_err_t err = DAIS_OK;
    int count = scandir(receipts->folder, &names, receipts_seen, receipts_order);
    if (count < 0)
        return dais_file_err(errno);
    for (int i = 0; i < count; i++) {
        if (err == DAIS_OK)
            err = receipts_one(receipts, names[i]->d_name);
        free(names[i]);
    }
    free((void *)names);
    return err;
}

static int receipts_error(const char *path, dais_err_t err)
{
    (void)fprintf(stderr, "error[%s]: %s: %s\n", dais_err_code(err), path, dais_err_text(err));
    return dais_err_is_refusal(err) ? DAIS_EXIT_UNVERIFIED : DAIS_EXIT_FAILED;
}

static int receipts_check(receipts_t *receipts)
{
    dais_err_t err = receipts_all(receipts);
    if (err != DAIS_OK)
        return receipts_error(receipts->folder, err);
    static const uint64_t none[DAIS_CHECK_RESULTS];
    if (memcmp(receipts->checks.counts[DAIS_CHECK_RECEIPT_NAMES], none, sizeof none) == 0)
        dais_checks_skip(&receipts->checks, DAIS_CHECK_RECEIPT_NAMES, "there is no receipt in it");
    int status = dais_checks_exit(&receipts->checks);
    if (!receipts->json)
        dais_checks_print(&receipts->checks, stdout);
    else if (!dais_checks_json_rows(&receipts->checks, receipts->folder, "receipts",
                                    json_incref(receipts->rows), stdout))
        status = DAIS_EXIT_FAILED;
    return status;
}

static int receipts_run(const dais_args_t *args, void *context)
{
    const char *log = dais_args_value(args, "log");
    receipts_t receipts = {.folder = dais_args_operand(args, 0),
                           .checks = {.verb = DAIS_CHECKS_RECEIPTS},
                           .has_log = log != NULL,
                           .json = dais_args_has(args, "json")};
    dais_err_t err = DAIS_OK;
    (void)context;
    if (!dais_trust_option(args, &receipts.trust))
        return DAIS_EXIT_USAGE;
    receipts.rows = json_array();
    if (receipts.has_log)
        err = dais_log_tree_read(&receipts.log, log, &receipts.trust, &receipts.checks,
                                 DAIS_CHECK_RECEIPT_TRUST);
    int status = err == DAIS_OK ? receipts_check(&receipts) : receipts_error(log, err);
    if (receipts.has_log)
        dais_log_tree_free(&receipts.log);
    json_decref(receipts.rows);
    dais_checks_free(&receipts.checks);
    return status;
}

static const dais_arg_option_t receipts_options[] = {
    DAIS_TRUST_OPTION,
    {.name = "log",
     .kind = DAIS_ARG_VALUE,
     .value = "FILE|FOLDER",
     .text = "an exported log or published folder: hold each against that"},
    {.name = "json", .kind = DAIS_ARG_FLAG, .text = "one JSON object instead of lines"},
    {.name = NULL}};

static const dais_arg_operand_t receipts_operands[] = {
    {.name = "FOLDER", .count = DAIS_OPERAND_ONE, .text = "a folder of receipts (tlog-proof)"},
    {.name = NULL}};

static const char *const receipts_examples[] = {
    "dais-audit receipts --key log.key --log site/dialogue receipts",
    "dais-audit receipts --key log.key --log dialogue.export --json receipts", NULL};

const dais_command_t dais_receipts_command = {
    .name = "receipts",
    .text = "every receipt of a folder, held against a log",
    .about =
        "Checks every file of a folder as a receipt, a line each, and counts them: that record, "
        "author, stamp and contents belong together, that it stands in a tree which the key has "
        "signed, that it is at its index of the log, and that its tree is a beginning of that "
        "log. A receipt whose tree is none, with both signed, proves that the key has signed two "
        "histories.\n\nNames that begin with a dot are left out, and so is what lies in folders "
        "below.\n\nExit: 0 all passed, 3 something was not checked (no key, no log, a log that "
        "ends "
        "before a receipt, or no receipt at all), 4 a check failed.",
    .options = receipts_options,
    .operands = receipts_operands,
    .examples = receipts_examples,
    .run = receipts_run};
