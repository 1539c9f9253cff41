/* SPDX-License-Identifier: Apache-2.0
 *
 * A receipt stands by itself: the leaf is in the tree that the log has signed, the record is the
 * one that the leaf commits to, the message is its author's, and the stamp says when it came.
 * Nothing but the key is needed to check it; with an exported log it is looked up there as well. */
#include "audit/receipt.h"

#include <jansson.h>

#include "audit/receipt_file.h"
#include "base/exit.h"
#include "proto/view.h"
#include "registry/rules/verdict.h"

typedef struct {
    const char *path;
    dais_trust_t trust;
    dais_receipt_file_t file;
    json_t *checks; /* what was checked, in order: "name" and "result" */
    bool failed;
    bool is_part; /* something could not be checked */
} receipt_t;

static void receipt_say(receipt_t *receipt, const char *what, const char *result)
{
    (void)json_array_append_new(receipt->checks,
                                json_pack("{ss ss}", "name", what, "result", result));
}

static void receipt_judge(receipt_t *receipt, const char *what, dais_err_t err)
{
    receipt_say(receipt, what, err == DAIS_OK ? "PASS" : dais_err_code(err));
    receipt->failed = receipt->failed || err != DAIS_OK;
}

static void receipt_skip(receipt_t *receipt, const char *what)
{
    receipt_say(receipt, what, "NOT-CHECKED");
    receipt->is_part = true;
}

static json_t *receipt_verdicts(const dais_opened_t *opened)
{
    json_t *verdicts = json_array();
    dais_code_item_t code;
    dais_list_walk_t walk = dais_list_begin(&opened->record.verdicts, &dais_shape_code_item);
    while (dais_list_next(&walk, &code)) {
        const dais_verdict_info_t *info = dais_verdict_info(code.value);
        (void)json_array_append_new(verdicts, json_string(info != NULL ? info->code : "unknown"));
    }
    return verdicts;
}

static json_t *receipt_describe(const receipt_t *receipt)
{
    const dais_opened_t *opened = &receipt->file.opened;
    json_t *object = json_pack("{ss ss so ss}", "type", "receipt", "v", "1", "entry",
                               dais_view_number(opened->seq), "kind", opened->kind->name);
    if (opened->has_bundle) {
        (void)json_object_set_new(object, "actor",
                                  dais_view_hex(dais_slice(opened->message.actor.bytes,
                                                           sizeof opened->message.actor.bytes)));
        (void)json_object_set_new(
            object, "message",
            dais_view_hex(dais_slice(opened->message.id.bytes, sizeof opened->message.id.bytes)));
        (void)json_object_set_new(object, "said", dais_view_time(opened->message.said_at));
    }
    (void)json_object_set_new(object, "received", dais_view_time(opened->record.received_at));
    (void)json_object_set_new(object, "logged", dais_view_time(opened->record.logged_at));
    (void)json_object_set_new(object, "verdicts", receipt_verdicts(opened));
    (void)json_object_set(object, "checks", receipt->checks);
    return object;
}

static void receipt_print(const json_t *object)
{
    static const char *const names[] = {"entry", "kind",     "actor", "message",
                                        "said",  "received", "logged"};
    const json_t *item;
    size_t at;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        const char *text = json_string_value(json_object_get(object, names[i]));
        if (text != NULL)
            (void)printf("%s %s\n", names[i], text);
    }
    json_array_foreach(json_object_get(object, "verdicts"), at, item)(void)
        printf("verdict %s\n", json_string_value(item));
    json_array_foreach(json_object_get(object, "checks"), at, item)(void)
        printf("%s: %s\n", json_string_value(json_object_get(item, "name")),
               json_string_value(json_object_get(item, "result")));
}

/* A log that ends before the receipt says nothing about it. */
static void receipt_compare(receipt_t *receipt, const char *what, dais_err_t err)
{
    if (err == DAIS_ERR_OUT_OF_RANGE)
        receipt_skip(receipt, what);
    else
        receipt_judge(receipt, what, err);
}

/* The log's own checkpoint counts as well: what is held against it has to be signed. */
static void receipt_log(receipt_t *receipt, const dais_checks_t *found)
{
    static const char what[] = "that log is what the key has signed";
    if (dais_checks_has_failed(found)) {
        receipt_say(receipt, what,
                    found->failure_count > 0 ? found->failures[0].text
                                             : "more failed than can be shown");
        receipt->failed = true;
    } else if (receipt->trust.has_key) {
        receipt_say(receipt, what, "PASS");
    } else {
        receipt_skip(receipt, what);
    }
}

static dais_err_t receipt_find(receipt_t *receipt, const char *path)
{
    dais_checks_t checks = {.verb = DAIS_CHECKS_RECEIPTS};
    dais_log_tree_t log;
    dais_err_t err =
        dais_log_tree_read(&log, path, &receipt->trust, &checks, DAIS_CHECK_RECEIPT_TRUST);
    if (err == DAIS_OK) {
        receipt_compare(receipt, "at its index of that log",
                        dais_receipt_file_place(&receipt->file, &log));
        receipt_compare(receipt, "its tree is a beginning of that log",
                        dais_receipt_file_history(&receipt->file, &log));
        receipt_log(receipt, &checks);
    }
    dais_log_tree_free(&log);
    dais_checks_free(&checks);
    return err;
}

static int receipt_show(receipt_t *receipt, bool json)
{
    json_t *object = receipt_describe(receipt);
    bool written = true;
    if (json)
        written = json_dumpf(object, stdout, JSON_INDENT(2) | JSON_ENSURE_ASCII) == 0 &&
                  fputc('\n', stdout) != EOF;
    else
        receipt_print(object);
    json_decref(object);
    if (!written)
        return DAIS_EXIT_FAILED;
    if (receipt->failed)
        return DAIS_EXIT_UNVERIFIED;
    return receipt->is_part ? DAIS_EXIT_PARTLY : DAIS_EXIT_DONE;
}

static int receipt_error(const char *path, dais_err_t err)
{
    (void)fprintf(stderr, "error[%s]: %s: %s\n", dais_err_code(err), path, dais_err_text(err));
    return dais_err_is_refusal(err) ? DAIS_EXIT_UNVERIFIED : DAIS_EXIT_FAILED;
}

static int receipt_check(receipt_t *receipt, const char *log, bool json)
{
    static const char tree[] = "in the tree that the log has signed";
    receipt_judge(
        receipt,
        receipt->file.opened.has_bundle && !receipt->file.opened.has_stamp
            ? "record, author and contents; there is no stamp, so the time is the registry's"
            : "record, author, stamp and contents",
        DAIS_OK);
    if (receipt->trust.has_key)
        receipt_judge(receipt, tree,
                      dais_proof_verify(&receipt->file.proof, &receipt->file.opened.leaf,
                                        &receipt->trust.key, NULL));
    else
        receipt_skip(receipt, tree);
    dais_err_t err = log != NULL ? receipt_find(receipt, log) : DAIS_OK;
    return err == DAIS_OK ? receipt_show(receipt, json) : receipt_error(log, err);
}

static int receipt_run(const dais_args_t *args, void *context)
{
    receipt_t receipt = {.path = dais_args_operand(args, 0), .checks = NULL};
    (void)context;
    if (!dais_trust_option(args, &receipt.trust))
        return DAIS_EXIT_USAGE;
    receipt.checks = json_array();
    dais_err_t err = dais_receipt_file_open(&receipt.file, receipt.path);
    int status = err == DAIS_OK ? receipt_check(&receipt, dais_args_value(args, "log"),
                                                dais_args_has(args, "json"))
                                : receipt_error(receipt.path, err);
    json_decref(receipt.checks);
    dais_receipt_file_free(&receipt.file);
    return status;
}

static const dais_arg_option_t receipt_options[] = {
    DAIS_TRUST_OPTION,
    {.name = "log",
     .kind = DAIS_ARG_VALUE,
     .value = "FILE|FOLDER",
     .text = "an exported log or published folder: hold it against that as well"},
    {.name = "json", .kind = DAIS_ARG_FLAG, .text = "one JSON object instead of lines"},
    {.name = NULL}};

static const dais_arg_operand_t receipt_operands[] = {
    {.name = "FILE", .count = DAIS_OPERAND_ONE, .text = "a receipt (tlog-proof)"}, {.name = NULL}};

static const char *const receipt_examples[] = {
    "dais-audit receipt --key log.key receipt.tlog-proof",
    "dais-audit receipt --key log.key --log dialogue.export receipt.tlog-proof", NULL};

const dais_command_t dais_receipt_command = {
    .name = "receipt",
    .text = "what a receipt proves, offline",
    .about =
        "Checks a receipt by itself: that its leaf is in the tree which the log has signed, and "
        "that record, author's signature, stamp and contents belong to that leaf. Prints what "
        "was said, when it was received and logged, and the verdicts. With a log it also looks the "
        "entry up there, and whether the tree that the receipt stands in is a beginning of it: "
        "a log that was changed since fails that.\n\nThe exit is 3 without a key or if the log "
        "ends before the receipt, 4 if anything does not hold.",
    .options = receipt_options,
    .operands = receipt_operands,
    .examples = receipt_examples,
    .run = receipt_run};
