/* SPDX-License-Identifier: Apache-2.0 */
#include "office/message_view.h"

#include <inttypes.h>

#include "office/outbox_erase.h"
#include "proto/content.h"
#include "proto/stamp.h"
#include "proto/text.h"
#include "proto/view.h"
#include "registry/rules/verdict.h"

const dais_column_t dais_message_columns[] = {
    {"id", "ID"},     {"kind", "KIND"},       {"queued_at", "SAID"}, {"state", "STATE"},
    {"seq", "ENTRY"}, {"verdict", "VERDICT"}, {.key = NULL},
};

static const char *const fate_words[] = {
    [DAIS_FATE_QUEUED] = "queued", [DAIS_FATE_BUNDLED] = "bundled", [DAIS_FATE_LOGGED] = "logged",
    [DAIS_FATE_STUCK] = "stuck",   [DAIS_FATE_REFUSED] = "refused",
};

json_t *dais_message_view_verdicts(const dais_outbox_fate_t *fate)
{
    json_t *codes = json_array();
    for (size_t i = 0; i < fate->verdict_count; i++) {
        const dais_verdict_info_t *info = dais_verdict_info(fate->verdicts[i]);
        (void)json_array_append_new(codes, info == NULL
                                               ? json_sprintf("%u", (unsigned)fate->verdicts[i])
                                               : json_string(info->code));
    }
    return codes;
}

/* All verdicts if they are one, else the word that tells to look at each. */
static json_t *verdict_word(json_t *codes)
{
    json_t *first = json_array_get(codes, 0);
    for (size_t i = 1; i < json_array_size(codes); i++) {
        if (json_equal(first, json_array_get(codes, i)) == 0)
            return json_string("mixed");
    }
    return first == NULL ? json_string("") : json_incref(first);
}

static void row_fate(json_t *row, const dais_outbox_fate_t *fate)
{
    json_t *codes = dais_message_view_verdicts(fate);
    (void)json_object_set_new(row, "state", json_string(fate_words[fate->state]));
    if (fate->state == DAIS_FATE_LOGGED) {
        (void)json_object_set_new(row, "seq", dais_view_number(fate->seq));
        (void)json_object_set_new(row, "verdict", verdict_word(codes));
        (void)json_object_set_new(row, "duplicate", json_boolean(fate->duplicate == 1));
        (void)json_object_set(row, "verdicts", codes);
    } else if (fate->code[0] != '\0') {
        (void)json_object_set_new(row, "verdict", json_string(fate->code));
    }
    json_decref(codes);
}

json_t *dais_message_view_row(dais_txn_t *txn, uint64_t number)
{
    dais_outbox_message_t message;
    dais_outbox_fate_t fate;
    dais_message_t decoded;
    const dais_kind_t *kind;
    if (!dais_outbox_message(txn, number, &message) || !dais_outbox_fate(txn, number, &fate) ||
        dais_message_decode(message.message, &decoded, &kind).err != DAIS_OK)
        return NULL;
    json_t *row = dais_say_new("message-row");
    (void)json_object_set_new(row, "id", dais_view_hex(dais_slice(decoded.id.bytes, DAIS_ID_SIZE)));
    (void)json_object_set_new(row, "kind", json_string(kind->name));
    (void)json_object_set_new(row, "queued_at", dais_view_time(message.queued_at));
    row_fate(row, &fate);
    uint64_t at;
    if (dais_outbox_erased(txn, number, &at))
        (void)json_object_set_new(row, "erased", dais_view_number(at));
    return row;
}

/* A text that people read: of a writing its text and the names of what is attached. */
static json_t *content_view(dais_slice_t opening, bool padded)
{
    dais_writing_t writing;
    if (opening.size <= DAIS_SALT_SIZE)
        return NULL;
    dais_slice_t content = dais_slice(opening.data + DAIS_SALT_SIZE, opening.size - DAIS_SALT_SIZE);
    if (padded && dais_content_unpad(content, &content) != DAIS_OK)
        return NULL;
    if (dais_shape_decode(&dais_shape_writing, content, &writing).err != DAIS_OK)
        return dais_view_hex(content);
    json_t *view = json_object();
    json_t *files = json_array();
    dais_attachment_t attachment;
    (void)json_object_set_new(view, "text", dais_view_text(writing.text));
    dais_list_walk_t walk = dais_list_begin(&writing.attachments, &dais_shape_attachment);
    while (dais_list_next(&walk, &attachment)) {
        json_t *file = json_object();
        (void)json_object_set_new(file, "name", dais_view_text(attachment.name));
        (void)json_object_set_new(file, "size", dais_view_number(attachment.size));
        (void)json_object_set_new(file, "digest",
                                  dais_view_hex(dais_hash_slice(&attachment.digest)));
        (void)json_object_set_new(file, "inside", json_boolean(attachment.inside.size > 0));
        (void)json_array_append_new(files, file);
    }
    (void)json_object_set_new(view, "attachments", files);
    return view;
}

/* The three instants as far as they are known: said, received; published is not the outbox's. */
static void whole_stamp(dais_txn_t *txn, json_t *row, const dais_outbox_fate_t *fate, uint64_t kind,
                        const dais_hash_t *log)
{
    dais_outbox_stamp_t stamp;
    dais_stamp_t opened;
    /* Of a duplicate the stamp that counts is that of its first entry: its receipt has it. */
    if (fate->state == DAIS_FATE_QUEUED || fate->duplicate == 1 ||
        !dais_outbox_stamp(txn, dais_outbox_stream(kind), fate->k, &stamp) ||
        dais_stamp_open(stamp.stamp, log, &opened).err != DAIS_OK)
        return;
    (void)json_object_set_new(row, "received_at", dais_view_time(opened.at));
    (void)json_object_set_new(row, "intake",
                              dais_view_hex(dais_slice(opened.key.bytes, DAIS_KEY_SIZE)));
}

json_t *dais_message_view_whole(dais_txn_t *txn, uint64_t number, const dais_hash_t *log)
{
    dais_outbox_message_t message;
    dais_outbox_fate_t fate;
    json_t *view = NULL;
    json_t *row = dais_message_view_row(txn, number);
    if (row == NULL || !dais_outbox_message(txn, number, &message) ||
        !dais_outbox_fate(txn, number, &fate) ||
        dais_view_record(message.message, &view).err != DAIS_OK) {
        json_decref(row);
        return NULL;
    }
    (void)json_object_set_new(row, "type", json_string("message"));
    (void)json_object_set(row, "on_behalf", json_object_get(view, "on_behalf"));
    (void)json_object_set(row, "said_at", json_object_get(view, "said_at"));
    (void)json_object_set(row, "subject", json_object_get(view, "subject"));
    json_decref(view);
    whole_stamp(txn, row, &fate, message.kind, log);
    json_t *open = content_view(message.public_opening, false);
    json_t *closed = content_view(message.private_opening, true);
    if (open != NULL)
        (void)json_object_set_new(row, "content", open);
    if (closed != NULL)
        (void)json_object_set_new(row, "private", closed);
    json_t *erased = json_object_get(row, "erased");
    if (erased != NULL)
        (void)json_object_set_new(
            row, "text",
            json_sprintf("erased by the secretariat at entry %s; the text was removed from this "
                         "outbox; the receipt stays valid",
                         json_string_value(erased)));
    return row;
}

bool dais_message_view_id(const dais_say_t *say, const char *text, dais_id_t *id)
{
    if (dais_text_hex(dais_slice_text(text), id->bytes, DAIS_ID_SIZE) == DAIS_OK)
        return true;
    (void)dais_say_error(say, DAIS_EXIT_USAGE, "bad-value",
                         "an id is 32 lower-case hex digits; dais outbox list shows yours",
                         "%.80s is no id", text);
    return false;
}
