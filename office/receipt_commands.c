/* SPDX-License-Identifier: Apache-2.0
 *
 * Receipts: fetched, written as files, and verified from a file alone. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/file.h"
#include "office/commands.h"
#include "office/erasures.h"
#include "office/message_view.h"
#include "office/outbox_open.h"
#include "office/send.h"
#include "proto/stamp.h"
#include "proto/text.h"
#include "proto/view.h"

static const dais_arg_option_t receipts_options[] = {
    {"offline", 0, DAIS_ARG_FLAG, false, NULL, NULL, "only what is here, without network"},
    {"output", 'o', DAIS_ARG_VALUE, false, "FOLDER", NULL,
     "write each receipt there as a text, ID.receipt"},
    {.name = NULL},
};
static const char *const receipts_examples[] = {"dais receipts --offline",
                                                "dais receipts --offline --json", NULL};

static const dais_arg_option_t verify_options[] = {
    {"log-key", 0, DAIS_ARG_VALUE, false, "VKEY", NULL, "vkey of the log; else the profile's"},
    {"log", 0, DAIS_ARG_VALUE, false, "HASH", NULL, "leaf hash of entry 0; else the profile's"},
    {.name = NULL},
};
static const dais_arg_operand_t verify_operands[] = {
    {"RECEIPT", DAIS_OPERAND_SOME, "files as dais receipts writes them"},
    {.name = NULL},
};
static const char *const verify_examples[] = {"dais verify some.receipt", "dais verify --help",
                                              NULL};

static int receipts_run(const dais_args_t *args, void *context);
static int verify_run(const dais_args_t *args, void *context);

const dais_command_t dais_command_receipts = {
    .name = "receipts",
    .text = "fetch receipts that are due, and list those that are here",
    .about =
        "Fetches receipts that are due, and lists those that are here. Looks in the log, too,\n"
        "whether anything that this outbox said was erased, and removes its text and salt\n"
        "from the outbox; the receipt stays valid without them.",
    .options = receipts_options,
    .examples = receipts_examples,
    .run = receipts_run,
};
const dais_command_t dais_command_verify = {
    .name = "verify",
    .text = "verify receipts, without network",
    .about = "Checks the log's signature, that the entry is in it, the author's and the intake's\n"
             "signatures, and the texts against their commitments.",
    .options = verify_options,
    .operands = verify_operands,
    .examples = verify_examples,
    .run = verify_run,
};

static int receipts_fetch(dais_office_t *office, dais_outbox_t *outbox)
{
    dais_send_t *send = calloc(1, sizeof *send);
    if (send == NULL)
        return dais_say_err(&office->say, DAIS_ERR_NO_MEMORY, "receipts");
    int status = dais_wire_open(&send->wire, office);
    send->outbox = *outbox;
    send->bundler = dais_office_bundler(office);
    dais_err_t loaded = status == DAIS_EXIT_DONE ? dais_send_init(send, &office->profile) : DAIS_OK;
    if (loaded != DAIS_OK)
        status = dais_say_err(&office->say, loaded, outbox->folder);
    for (unsigned stream = 0; status == DAIS_EXIT_DONE && stream <= 1; stream++) {
        if (dais_send_ask(send, stream, 0))
            continue;
        dais_err_t err = send->last_err == DAIS_OK ? DAIS_ERR_UNANSWERED : send->last_err;
        status = send->final != DAIS_EXIT_DONE ? send->final
                                               : dais_say_err(&office->say, err, "the registry");
    }
    if (status == DAIS_EXIT_DONE)
        status = dais_erasures_take(&send->wire, outbox, &send->bundler);
    if (send->wire.client != NULL)
        dais_wire_close(&send->wire);
    free(send);
    return status;
}

static bool receipt_write(const dais_office_t *office, dais_outbox_t *outbox, const char *folder,
                          json_t *row, uint64_t number)
{
    char path[4400];
    uint8_t *text = NULL;
    size_t size = 0;
    dais_bundler_t bundler = dais_office_bundler(office);
    (void)snprintf(path, sizeof path, "%.4096s/%s.receipt", folder,
                   json_string_value(json_object_get(row, "id")));
    dais_err_t err = dais_outbox_proof(outbox, &bundler, number, &text, &size);
    if (err == DAIS_OK)
        err = dais_file_replace(path, dais_slice(text, size), 0600);
    free(text);
    if (err == DAIS_OK)
        (void)json_object_set_new(row, "file", json_string(path));
    else
        (void)dais_say_err(&office->say, err, path);
    return err == DAIS_OK;
}

/* Numbers of the messages that are logged, on the heap, so that no read lasts long. */
static dais_err_t receipts_numbers(dais_outbox_t *outbox, uint64_t **numbers, size_t *count)
{
    dais_txn_t txn;
    dais_walk_t walk;
    dais_outbox_fate_t fate;
    dais_txn_begin(&txn, outbox->store, DAIS_TXN_READ);
    uint64_t rows = dais_txn_figures(&txn, DAIS_OUTBOX_FATE).entry_count;
    *numbers = calloc(rows + 1, sizeof **numbers);
    *count = 0;
    if (*numbers == NULL)
        dais_txn_fail(&txn, DAIS_ERR_NO_MEMORY);
    dais_walk_open(&walk, &txn, DAIS_OUTBOX_FATE, dais_slice("", 0), dais_slice("", 0),
                   DAIS_WALK_FORWARD);
    while (*numbers != NULL && *count < rows && dais_walk_next(&walk)) {
        uint64_t number = dais_outbox_number(walk.key.data);
        if (dais_outbox_fate(&txn, number, &fate) && fate.state == DAIS_FATE_LOGGED)
            (*numbers)[(*count)++] = number;
    }
    return dais_txn_end(&txn);
}

static int receipts_list(const dais_office_t *office, dais_outbox_t *outbox, const char *folder)
{
    uint64_t *numbers;
    size_t count;
    bool good = true;
    json_t *rows = json_array();
    dais_err_t err = receipts_numbers(outbox, &numbers, &count);
    for (size_t i = 0; err == DAIS_OK && i < count; i++) {
        dais_txn_t txn;
        dais_txn_begin(&txn, outbox->store, DAIS_TXN_READ);
        json_t *row = dais_message_view_row(&txn, numbers[i]);
        err = dais_txn_end(&txn);
        if (folder != NULL && row != NULL)
            good = receipt_write(office, outbox, folder, row, numbers[i]) && good;
        (void)json_object_set_new(row, "type", json_string("receipt"));
        (void)json_array_append_new(rows, row);
    }
    free(numbers);
    if (err != DAIS_OK) {
        json_decref(rows);
        return dais_say_err(&office->say, err, outbox->folder);
    }
    int status = dais_say_rows(&office->say, rows, dais_message_columns);
    return good || status != DAIS_EXIT_DONE ? status : DAIS_EXIT_PARTLY;
}

static int receipts_run(const dais_args_t *args, void *context)
{
    dais_office_t *office = context;
    dais_outbox_t outbox;
    const char *folder = dais_args_value(args, "output");
    dais_office_begin(office, args);
    int status = dais_office_open(office, args);
    if (status == DAIS_EXIT_DONE)
        status = dais_office_outbox(office, &outbox);
    if (status != DAIS_EXIT_DONE)
        return status;
    if (folder != NULL) {
        dais_err_t err = dais_file_ensure_folder(folder, 0700);
        if (err != DAIS_OK)
            status = dais_say_err(&office->say, err, folder);
    }
    if (status == DAIS_EXIT_DONE && !dais_args_has(args, "offline"))
        status = receipts_fetch(office, &outbox);
    if (status == DAIS_EXIT_DONE)
        status = dais_office_forget(office, &outbox);
    if (status == DAIS_EXIT_DONE)
        status = receipts_list(office, &outbox, folder);
    dais_outbox_close(&outbox);
    return status;
}

/* Whether the key of the stamp is an intake's, as far as is known here: by the profile, and by what
 * its outbox keeps of the roster in the log. */
typedef struct {
    bool is_known; /* there is anything to know it by */
    dais_intakes_t intakes;
} verify_intakes_t;

static int verify_intakes(dais_office_t *office, verify_intakes_t *known)
{
    dais_outbox_t outbox;
    int status = dais_office_outbox(office, &outbox);
    if (status != DAIS_EXIT_DONE)
        return status;
    dais_err_t err = dais_intakes_load(&outbox, &known->intakes);
    dais_outbox_close(&outbox);
    for (size_t i = 0; i < office->profile.intake_key_count; i++)
        dais_intakes_add(&known->intakes, &office->profile.intake_keys[i]);
    known->is_known = known->intakes.count > 0;
    return err == DAIS_OK ? DAIS_EXIT_DONE : dais_say_err(&office->say, err, "the outbox");
}

/* "rostered", "unknown" where the roster was read to behind this entry, else "unchecked". */
static const char *verify_intake_word(const verify_intakes_t *known,
                                      const dais_checked_proof_t *checked)
{
    dais_stamp_t stamp;
    if (!checked->opened.has_stamp)
        return "none";
    if (dais_stamp_open(checked->opening.stamp, &checked->opened.message.log, &stamp).err !=
        DAIS_OK)
        return "unknown";
    if (dais_intakes_has(&known->intakes, &stamp.key))
        return "rostered";
    return known->is_known && known->intakes.size > checked->opening.seq ? "unknown" : "unchecked";
}

/* Whose word counts: the options', else the profile's. */
static int verify_keys(dais_office_t *office, const dais_args_t *args, dais_vkey_t *log_key,
                       dais_hash_t *log, verify_intakes_t *known)
{
    const char *vkey = dais_args_value(args, "log-key");
    const char *hash = dais_args_value(args, "log");
    if (vkey == NULL || hash == NULL) {
        int status = dais_office_open(office, args);
        if (status != DAIS_EXIT_DONE)
            return status;
        *log_key = office->profile.log_key;
        *log = office->profile.log;
        status = verify_intakes(office, known);
        if (status != DAIS_EXIT_DONE)
            return status;
    }
    if (vkey != NULL && dais_vkey_parse(dais_slice_text(vkey), log_key).err != DAIS_OK)
        return dais_say_error(&office->say, DAIS_EXIT_USAGE, "bad-key", NULL,
                              "log-key is no vkey: %.100s", vkey);
    if (hash != NULL && dais_text_hex(dais_slice_text(hash), log->bytes, DAIS_HASH_SIZE) != DAIS_OK)
        return dais_say_error(&office->say, DAIS_EXIT_USAGE, "bad-value",
                              "64 lower-case hex digits", "log is no hash: %.100s", hash);
    return DAIS_EXIT_DONE;
}

static json_t *verified_object(const char *path, const dais_checked_proof_t *checked,
                               const char *intake)
{
    json_t *object = dais_say_new("verified");
    const dais_opened_t *opened = &checked->opened;
    char id[2 * DAIS_ID_SIZE + 1];
    dais_outbox_fate_t fate = {.verdict_count = 0};
    dais_code_item_t code;
    dais_list_walk_t walk = dais_list_begin(&opened->record.verdicts, &dais_shape_code_item);
    while (dais_list_next(&walk, &code))
        fate.verdicts[fate.verdict_count++] = (uint16_t)code.value;
    (void)json_object_set_new(object, "file", json_string(path));
    (void)json_object_set_new(object, "good", json_true());
    (void)json_object_set_new(object, "seq", dais_view_number(opened->seq));
    (void)json_object_set_new(object, "kind",
                              json_string(opened->kind == NULL ? "genesis" : opened->kind->name));
    if (opened->has_bundle) {
        dais_say_hex(dais_slice(opened->message.id.bytes, DAIS_ID_SIZE), id, sizeof id);
        (void)json_object_set_new(object, "id", json_string(id));
        (void)json_object_set_new(object, "said_at", dais_view_time(opened->message.said_at));
        (void)json_object_set_new(
            object, "key", dais_view_hex(dais_slice(opened->bundle.key.bytes, DAIS_KEY_SIZE)));
    }
    (void)json_object_set_new(object, "received_at", dais_view_time(opened->record.received_at));
    (void)json_object_set_new(object, "stamped", json_boolean(opened->has_stamp));
    (void)json_object_set_new(object, "intake", json_string(intake));
    (void)json_object_set_new(object, "logged_at", dais_view_time(opened->record.logged_at));
    (void)json_object_set_new(object, "verdicts", dais_message_view_verdicts(&fate));
    (void)json_object_set_new(object, "log_size", dais_view_number(checked->checkpoint.size));
    (void)json_object_set_new(object, "origin", dais_view_text(checked->checkpoint.origin));
    return object;
}

static int verify_one(const dais_office_t *office, const char *path, const dais_vkey_t *log_key,
                      const dais_hash_t *log, const verify_intakes_t *known)
{
    dais_file_bytes_t bytes;
    dais_checked_proof_t checked;
    dais_err_t err = dais_file_read(path, (size_t)4 << 20, &bytes);
    if (err != DAIS_OK)
        return dais_say_err(&office->say, err, path);
    err = dais_checked_proof_open(dais_slice(bytes.data, bytes.size), log_key, log, &checked);
    int status;
    if (err == DAIS_OK) {
        const char *intake = verify_intake_word(known, &checked);
        status = strcmp(intake, "unknown") == 0
                     ? dais_say_error(&office->say, DAIS_EXIT_UNVERIFIED,
                                      dais_err_code(DAIS_ERR_NOT_ON_ROSTER),
                                      "keep the file, and call the secretariat",
                                      "%s: no intake of this cycle has stamped it", path)
                     : dais_say_object(&office->say, verified_object(path, &checked, intake));
        dais_checked_proof_free(&checked);
    } else {
        status = dais_say_error(&office->say,
                                dais_err_is_refusal(err) ? DAIS_EXIT_UNVERIFIED : dais_exit_of(err),
                                dais_err_code(err),
                                "keep the file, and compare the keys that were "
                                "used with those that the secretariat names",
                                "%s: %s", path, dais_err_text(err));
    }
    dais_file_free(&bytes);
    return status;
}

static int verify_run(const dais_args_t *args, void *context)
{
    dais_office_t *office = context;
    dais_vkey_t log_key;
    dais_hash_t log;
    const char *path;
    dais_office_begin(office, args);
    verify_intakes_t known = {.is_known = false};
    int status = verify_keys(office, args, &log_key, &log, &known);
    if (status != DAIS_EXIT_DONE)
        return status;
    for (size_t i = 0; (path = dais_args_operand(args, i)) != NULL; i++) {
        int one = verify_one(office, path, &log_key, &log, &known);
        status = one == DAIS_EXIT_DONE ? status : one;
    }
    return status;
}
