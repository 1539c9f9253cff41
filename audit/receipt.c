/* SPDX-License-Identifier: Apache-2.0
 *
 * A receipt stands by itself: the leaf is in the tree that the log has signed, the record is the
 * one that the leaf commits to, the message is its author's, and the stamp says when it came.
 * Nothing but the key is needed to check it; with an exported log it is looked up there as well. */
#include "audit/receipt.h"

#include <inttypes.h>
#include <stdlib.h>

#include "audit/play.h"
#include "audit/trust.h"
#include "base/clock.h"
#include "base/exit.h"
#include "base/file.h"
#include "proto/entry.h"
#include "proto/opening.h"
#include "proto/proof.h"
#include "registry/rules/verdict.h"

typedef struct {
    const char *path;
    dais_trust_t trust;
    dais_proof_t proof;
    uint8_t *extra; /* owned: the packed opening */
    dais_opening_t opening;
    dais_hash_t log;
    dais_opened_t opened;
    bool failed;
} receipt_t;

static void receipt_say(receipt_t *receipt, const char *what, dais_err_t err)
{
    (void)printf("%s: %s\n", what, err == DAIS_OK ? "PASS" : dais_err_code(err));
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

static void receipt_time(const char *what, uint64_t at)
{
    char text[DAIS_CLOCK_TEXT_SIZE];
    if (dais_clock_format(at, text) == DAIS_OK)
        (void)printf("%s %s\n", what, text);
}

static void receipt_describe(const receipt_t *receipt)
{
    const dais_opened_t *opened = &receipt->opened;
    dais_code_item_t code;
    char id[DAIS_PLAY_ID_TEXT];
    (void)printf("entry %" PRIu64 " %s\n", opened->seq, opened->kind->name);
    if (opened->has_bundle) {
        dais_play_id(opened->message.actor.bytes, id);
        (void)printf("actor %s\n", id);
        dais_play_id(opened->message.id.bytes, id);
        (void)printf("message %s\n", id);
        receipt_time("said", opened->message.said_at);
    }
    receipt_time("received", opened->record.received_at);
    receipt_time("logged", opened->record.logged_at);
    dais_list_walk_t walk = dais_list_begin(&opened->record.verdicts, &dais_shape_code_item);
    while (dais_list_next(&walk, &code)) {
        const dais_verdict_info_t *info = dais_verdict_info(code.value);
        (void)printf("verdict %s\n", info != NULL ? info->code : "unknown");
    }
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

static int receipt_check(receipt_t *receipt, const char *log)
{
    receipt_describe(receipt);
    receipt_say(receipt, "record, author, stamp and contents", DAIS_OK);
    if (receipt->trust.has_key)
        receipt_say(
            receipt, "in the tree that the log has signed",
            dais_proof_verify(&receipt->proof, &receipt->opened.leaf, &receipt->trust.key, NULL));
    else
        (void)puts("in the tree that the log has signed: NOT-CHECKED, no key is trusted");
    if (log != NULL)
        receipt_say(receipt, "at its index of that log", receipt_find(receipt, log));
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
    receipt_t receipt = {.path = dais_args_operand(args, 0)};
    dais_file_bytes_t file;
    (void)context;
    if (!dais_trust_option(args, &receipt.trust))
        return DAIS_EXIT_USAGE;
    dais_err_t err = dais_file_read(receipt.path, 2 * (size_t)DAIS_LIMIT_PROOF_EXTRA, &file);
    if (err != DAIS_OK)
        return receipt_error(&receipt, err);
    err = receipt_open(&receipt, dais_slice(file.data, file.size));
    int status = err == DAIS_OK ? receipt_check(&receipt, dais_args_value(args, "log"))
                                : receipt_error(&receipt, err);
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
