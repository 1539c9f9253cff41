/* SPDX-License-Identifier: Apache-2.0
 *
 * A receipt stands by itself: the leaf is in the tree that the log has signed, the record is the
 * one that the leaf commits to, the message is its author's, and the stamp says when it came.
 * Nothing but the key is needed to check it; with an exported log it is looked up there as well. */
#include "audit/receipt.h"

#include <jansson.h>
#include <stdlib.h>

#include "audit/trust.h"
#include "base/exit.h"
#include "base/file.h"
#include "proto/entry.h"
#include "proto/opening.h"
#include "proto/proof.h"
#include "proto/view.h"
#include "registry/rules/verdict.h"

typedef struct {
    const char *path;
    dais_trust_t trust;
    dais_proof_t proof;
    uint8_t *extra; /* owned: the packed opening */
    dais_opening_t opening;
    dais_hash_t log;
    dais_opened_t opened;
    json_t *checks; /* what was checked, in order: "name" and "result" */
    bool failed;
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

/* The log that the entry says it is of: of an own entry or message; genesis names it by its leaf.
 */
static dais_err_t receipt_log(receipt_t *receipt)
{
    const dais_kind_t *kind;
    dais_record_t record;
    dais_message_t message;
    dais_own_t own;
    dais_err_t err = dais_record_decode(receipt->opening.record, &record).err;
    if (err != DAIS_OK || receipt->opening.seq == 0)
        return err;
    if (record.bundle.size > 0) {
        err = dais_message_decode(record.message, &message, &kind).err;
        receipt->log = message.log;
    } else {
        err = dais_own_decode(record.message, &own, &kind).err;
        receipt->log = own.log;
    }
    return err;
}

static dais_err_t receipt_open(receipt_t *receipt, dais_slice_t text)
{
    size_t size;
    dais_err_t err = dais_proof_parse(text, &receipt->proof).err;
    if (err != DAIS_OK)
        return err;
    receipt->extra = malloc(receipt->proof.extra_size + 1);
    if (receipt->extra == NULL)
        return DAIS_ERR_NO_MEMORY;
    err =
        dais_base64_decode(receipt->proof.extra, receipt->extra, receipt->proof.extra_size, &size);
    if (err == DAIS_OK)
        err = dais_shape_decode(&dais_shape_opening, dais_slice(receipt->extra, size),
                                &receipt->opening)
                  .err;
    if (err == DAIS_OK && receipt->opening.seq != receipt->proof.index)
        err = DAIS_ERR_WRONG_ENTRY;
    if (err == DAIS_OK)
        err = receipt_log(receipt);
    return err == DAIS_OK
               ? dais_opening_check(&receipt->opening, &receipt->log, &receipt->opened).err
               : err;
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
    const dais_opened_t *opened = &receipt->opened;
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

/* Is this leaf at this index of the exported log, and does that log call itself the same? */
static dais_err_t receipt_find(const receipt_t *receipt, const char *log)
{
    dais_checks_t ignored = {.failures = NULL};
    dais_reading_t reading;
    dais_reading_entry_t entry;
    dais_err_t found = DAIS_ERR_WRONG_ENTRY;
    dais_err_t err = dais_reading_open_again(&reading, log, &ignored);
    if (err != DAIS_OK)
        return err;
    while (dais_reading_next(&reading, &entry)) {
        if (entry.seq != receipt->opened.seq)
            continue;
        if (dais_hash_equal(&entry.leaf, &receipt->opened.leaf))
            found = DAIS_OK;
        break;
    }
    dais_reading_close(&reading);
    dais_checks_free(&ignored);
    return found;
}

static int receipt_check(receipt_t *receipt, const char *log, bool json)
{
    receipt_judge(receipt, "record, author, stamp and contents", DAIS_OK);
    if (receipt->trust.has_key)
        receipt_judge(
            receipt, "in the tree that the log has signed",
            dais_proof_verify(&receipt->proof, &receipt->opened.leaf, &receipt->trust.key, NULL));
    else
        receipt_say(receipt, "in the tree that the log has signed", "NOT-CHECKED");
    if (log != NULL)
        receipt_judge(receipt, "at its index of that log", receipt_find(receipt, log));
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
    return receipt->trust.has_key ? DAIS_EXIT_DONE : DAIS_EXIT_PARTLY;
}

static int receipt_error(const receipt_t *receipt, dais_err_t err)
{
    (void)fprintf(stderr, "error[%s]: %s: %s\n", dais_err_code(err), receipt->path,
                  dais_err_text(err));
    return dais_err_is_refusal(err) ? DAIS_EXIT_UNVERIFIED : DAIS_EXIT_FAILED;
}

static int receipt_run(const dais_args_t *args, void *context)
{
    receipt_t receipt = {.path = dais_args_operand(args, 0), .checks = NULL};
    dais_file_bytes_t file;
    (void)context;
    if (!dais_trust_option(args, &receipt.trust))
        return DAIS_EXIT_USAGE;
    dais_err_t err = dais_file_read(receipt.path, 2 * (size_t)DAIS_LIMIT_PROOF_EXTRA, &file);
    if (err != DAIS_OK)
        return receipt_error(&receipt, err);
    receipt.checks = json_array();
    err = receipt_open(&receipt, dais_slice(file.data, file.size));
    int status = err == DAIS_OK ? receipt_check(&receipt, dais_args_value(args, "log"),
                                                dais_args_has(args, "json"))
                                : receipt_error(&receipt, err);
    json_decref(receipt.checks);
    free(receipt.extra);
    dais_file_free(&file);
    return status;
}

static const dais_arg_option_t receipt_options[] = {
    DAIS_TRUST_OPTION,
    {.name = "log",
     .kind = DAIS_ARG_VALUE,
     .value = "FILE",
     .text = "an exported log: look the entry up there as well"},
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
        "was said, when it was received and logged, and the verdicts.\n\nThe exit is 3 without "
        "a key, 4 if anything does not hold.",
    .options = receipt_options,
    .operands = receipt_operands,
    .examples = receipt_examples,
    .run = receipt_run};
