/* SPDX-License-Identifier: Apache-2.0
 *
 * One message, whole; and the slip: a page for an organisation without keys of its own, from which
 * anybody can recompute with sha256sum that it is about what the organisation handed in. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "office/commands.h"
#include "office/message_view.h"
#include "office/outbox_open.h"
#include "office/outbox_receipts.h"
#include "office/plain_text.h"
#include "proto/base64.h"
#include "proto/content.h"
#include "proto/entry.h"
#include "proto/view.h"

static const dais_arg_operand_t id_operands[] = {
    {"ID", DAIS_OPERAND_ONE, "of a message in the outbox"},
    {.name = NULL},
};
static const char *const show_examples[] = {"dais outbox list", "dais show --help", NULL};
static const char *const slip_examples[] = {"dais receipts --offline", "dais slip --help", NULL};

static int show_run(const dais_args_t *args, void *context);
static int slip_run(const dais_args_t *args, void *context);

const dais_command_t dais_command_show = {
    .name = "show",
    .text = "show a message, with its texts and what became of it",
    .operands = id_operands,
    .examples = show_examples,
    .run = show_run,
};
const dais_command_t dais_command_slip = {
    .name = "slip",
    .text = "one page about a message, to print for an organisation without keys",
    .about = "With the page and the text that it handed in, the organisation can recompute the\n"
             "fingerprints with sha256sum and base64 alone, and compare them with the record.",
    .operands = id_operands,
    .examples = slip_examples,
    .run = slip_run,
};

/* The number of the message that the operand names. */
static int find_message(const dais_office_t *office, dais_outbox_t *outbox, const char *text,
                        uint64_t *number)
{
    dais_id_t id;
    dais_txn_t txn;
    if (!dais_message_view_id(&office->say, text, &id))
        return DAIS_EXIT_USAGE;
    dais_txn_begin(&txn, outbox->store, DAIS_TXN_READ);
    bool found = dais_outbox_find(&txn, &id, number);
    dais_err_t err = dais_txn_end(&txn);
    if (err != DAIS_OK)
        return dais_say_err(&office->say, err, outbox->folder);
    return found ? DAIS_EXIT_DONE
                 : dais_say_error(&office->say, DAIS_EXIT_FAILED, "unknown-message",
                                  "dais outbox list shows those there are",
                                  "no message %s is in this outbox", text);
}

static int show_begin(dais_office_t *office, const dais_args_t *args, dais_outbox_t *outbox,
                      uint64_t *number)
{
    outbox->store = NULL;
    dais_office_begin(office, args);
    int status = dais_office_open(office, args);
    if (status == DAIS_EXIT_DONE)
        status = dais_office_outbox(office, outbox);
    return status == DAIS_EXIT_DONE
               ? find_message(office, outbox, dais_args_operand(args, 0), number)
               : status;
}

static int show_run(const dais_args_t *args, void *context)
{
    dais_office_t *office = context;
    dais_outbox_t outbox;
    uint64_t number;
    int status = show_begin(office, args, &outbox, &number);
    if (status == DAIS_EXIT_DONE) {
        dais_txn_t txn;
        dais_txn_begin(&txn, outbox.store, DAIS_TXN_READ);
        json_t *object = dais_message_view_whole(&txn, number, &office->profile.log);
        dais_err_t err = dais_txn_end(&txn);
        if (err != DAIS_OK) {
            json_decref(object);
            status = dais_say_err(&office->say, err, outbox.folder);
        } else {
            status = dais_say_object(&office->say, object);
        }
    }
    if (outbox.store != NULL)
        dais_outbox_close(&outbox);
    return status;
}

static char *base64_text(dais_slice_t bytes)
{
    char *text = malloc(DAIS_BASE64_SIZE(bytes.size) + 1);
    if (text != NULL)
        text[dais_base64_encode(bytes, text)] = '\0';
    return text;
}

static void slip_set(json_t *object, const char *key, dais_slice_t bytes)
{
    char *text = base64_text(bytes);
    (void)json_object_set_new(object, key, text == NULL ? json_null() : json_string(text));
    free(text);
}

/* What the page says, all of it checked. */
static json_t *slip_object(const dais_office_t *office, const dais_outbox_receipt_t *receipt,
                           json_t *whole)
{
    dais_hash_t commitment = dais_record_commit(&receipt->opening.salt, receipt->opening.record);
    dais_slice_t content = receipt->opening.public_opening;
    dais_hash_t fingerprint;
    dais_record_t record;
    json_t *object = dais_say_new("slip");
    (void)json_object_set_new(object, "cycle", json_string(office->profile.cycle));
    (void)json_object_set_new(object, "rehearsal", json_boolean(office->profile.rehearsal));
    (void)json_object_set(object, "reference", json_object_get(whole, "id"));
    (void)json_object_set(object, "kind", json_object_get(whole, "kind"));
    (void)json_object_set(object, "subject", json_object_get(whole, "subject"));
    (void)json_object_set(object, "said_at", json_object_get(whole, "said_at"));
    if (dais_record_decode(receipt->opening.record, &record).err == DAIS_OK)
        (void)json_object_set_new(object, "received_at", dais_view_time(record.received_at));
    (void)json_object_set(object, "verdicts", json_object_get(whole, "verdicts"));
    (void)json_object_set_new(object, "index", dais_view_number(receipt->opening.seq));
    (void)json_object_set_new(object, "checkpoint", dais_view_text(receipt->note));
    slip_set(object, "salt", dais_slice(receipt->opening.salt.bytes, DAIS_KEY_SIZE));
    slip_set(object, "record", receipt->opening.record);
    (void)json_object_set_new(object, "record_fingerprint",
                              dais_view_hex(dais_hash_slice(&commitment)));
    (void)json_object_set_new(object, "leaf", dais_view_hex(dais_hash_slice(&receipt->leaf)));
    if (json_object_get(whole, "erased") != NULL)
        (void)json_object_set(object, "erased", json_object_get(whole, "erased"));
    if (content.size > DAIS_SALT_SIZE) {
        dais_key_t salt;
        memcpy(salt.bytes, content.data, DAIS_SALT_SIZE);
        fingerprint = dais_content_commit(
            &salt, dais_slice(content.data + DAIS_SALT_SIZE, content.size - DAIS_SALT_SIZE));
        slip_set(object, "content_salt", dais_slice(salt.bytes, DAIS_SALT_SIZE));
        slip_set(object, "content",
                 dais_slice(content.data + DAIS_SALT_SIZE, content.size - DAIS_SALT_SIZE));
        (void)json_object_set_new(object, "content_fingerprint",
                                  dais_view_hex(dais_hash_slice(&fingerprint)));
    }
    return object;
}

static const char *slip_text(const json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));
    return text == NULL ? "-" : text;
}

static void slip_line(const json_t *object, const char *label, const char *key)
{
    char *plain = dais_plain_text(dais_slice_text(slip_text(object, key)));
    (void)printf("%-14s %s\n", label, plain == NULL ? "" : plain);
    free(plain);
}

static void slip_print(const json_t *object)
{
    char *subject = json_dumps(json_object_get(object, "subject"), JSON_COMPACT);
    char *plain = subject == NULL ? NULL : dais_plain_text(dais_slice_text(subject));
    (void)printf("RECEIPT %s%s\n\n", slip_text(object, "cycle"),
                 json_is_true(json_object_get(object, "rehearsal"))
                     ? "   -- REHEARSAL: nothing in it has effect --"
                     : "");
    slip_line(object, "Reference", "reference");
    slip_line(object, "Kind", "kind");
    (void)printf("%-14s %s\n", "Says", plain == NULL ? "" : plain);
    slip_line(object, "Said", "said_at");
    slip_line(object, "Received", "received_at");
    slip_line(object, "Index", "index");
    slip_line(object, "Fingerprint", "record_fingerprint");
    slip_line(object, "Leaf", "leaf");
    (void)printf("\nCheckpoint of the log that holds it:\n\n%s\n", slip_text(object, "checkpoint"));
    (void)printf("To recompute the fingerprint (it has to come out as above):\n\n"
                 "  { printf 'dais/record/1\\n'; echo %s | base64 -d;\n"
                 "    echo %s | base64 -d; } | sha256sum\n",
                 slip_text(object, "salt"), slip_text(object, "record"));
    if (json_object_get(object, "erased") != NULL)
        (void)printf("\nThe text was erased by the secretariat at entry %s and is not here any "
                     "more.\nThe receipt stays valid.\n",
                     slip_text(object, "erased"));
    if (json_object_get(object, "content") != NULL)
        (void)printf("\nTo recompute that of the text, %s:\n\n"
                     "  { printf 'dais/content/1\\n'; echo %s | base64 -d;\n"
                     "    echo %s | base64 -d; } | sha256sum\n",
                     slip_text(object, "content_fingerprint"), slip_text(object, "content_salt"),
                     slip_text(object, "content"));
    free(plain);
    free(subject);
}

static int slip_make(dais_office_t *office, dais_outbox_t *outbox, uint64_t number)
{
    dais_outbox_receipt_t receipt;
    dais_txn_t txn;
    dais_bundler_t bundler = dais_office_bundler(office);
    dais_err_t err = dais_outbox_receipt(outbox, &bundler, number, &receipt);
    if (err == DAIS_ERR_NOT_FOUND)
        return dais_say_error(&office->say, DAIS_EXIT_FAILED, "no-receipt",
                              "dais send delivers it and fetches its receipt",
                              "this message has no receipt yet");
    if (err != DAIS_OK)
        return dais_say_err(&office->say, err, "the receipt");
    dais_txn_begin(&txn, outbox->store, DAIS_TXN_READ);
    json_t *whole = dais_message_view_whole(&txn, number, &office->profile.log);
    err = dais_txn_end(&txn);
    int status = DAIS_EXIT_DONE;
    json_t *object = slip_object(office, &receipt, whole);
    if (err != DAIS_OK) {
        status = dais_say_err(&office->say, err, outbox->folder);
    } else if (office->say.form == DAIS_SAY_TEXT) {
        slip_print(object);
    } else {
        status = dais_say_object(&office->say, json_incref(object));
    }
    json_decref(object);
    json_decref(whole);
    dais_outbox_receipt_free(&receipt);
    return status;
}

static int slip_run(const dais_args_t *args, void *context)
{
    dais_office_t *office = context;
    dais_outbox_t outbox;
    uint64_t number;
    int status = show_begin(office, args, &outbox, &number);
    if (status == DAIS_EXIT_DONE)
        status = slip_make(office, &outbox, number);
    if (outbox.store != NULL)
        dais_outbox_close(&outbox);
    return status;
}
