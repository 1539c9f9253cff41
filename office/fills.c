/* SPDX-License-Identifier: Apache-2.0 */
#include "office/fills.h"

#include <assert.h>
#include <stdlib.h>

#include "office/outbox_open.h"
#include "office/which_file.h"
#include "office/writing.h"
#include "proto/identity.h"
#include "proto/text.h"

void *dais_fill_field(dais_saying_t *saying, const char *name)
{
    const dais_shape_t *shape = dais_kind_of(saying->verb->kind)->subject;
    for (size_t i = 0; i < shape->field_count; i++) {
        if (strcmp(shape->fields[i].name, name) == 0)
            return (uint8_t *)saying->subject + shape->fields[i].offset;
    }
    assert(false); /* the table of verbs names fields that are there */
    return NULL;
}

void dais_fill_extra(dais_saying_t *saying, const char *key, json_t *value)
{
    if (saying->extra == NULL)
        saying->extra = json_object();
    (void)json_object_set_new(saying->extra, key, value);
}

bool dais_fill_words(dais_saying_t *saying)
{
    dais_comment_t *comment = saying->subject;
    comment->words = dais_writing_words(dais_slice(saying->text.data, saying->text.size));
    return true;
}

bool dais_fill_paragraphs(dais_saying_t *saying)
{
    dais_summary_t *summary = saying->subject;
    summary->paragraphs = dais_writing_paragraphs(dais_slice(saying->text.data, saying->text.size));
    return true;
}

const dais_arg_option_t dais_fill_identity_options[] = {
    {"identity", 0, DAIS_ARG_VALUE, true, "FILE", NULL,
     "the public identity of the device, as keygen wrote it"},
    {.name = NULL},
};

bool dais_fill_identity(dais_saying_t *saying)
{
    const char *path = saying->source.value(saying->source.context, "identity", 0);
    dais_roster_change_t *change = saying->subject;
    dais_identity_t identity;
    dais_file_bytes_t bytes;
    const char *other = path == NULL ? NULL : dais_which_file(path, DAIS_WHICH_IDENTITY);
    if (other != NULL)
        return dais_saying_fault(saying, "wrong-domain", "identity %.100s: %s", path, other);
    dais_err_t err =
        path == NULL ? DAIS_ERR_MISSING_KEY : dais_file_read(path, DAIS_LIMIT_IDENTITY, &bytes);
    if (err == DAIS_OK) {
        err = dais_identity_parse(dais_slice(bytes.data, bytes.size), &identity).err;
        dais_file_free(&bytes);
    }
    if (err != DAIS_OK)
        return dais_saying_fault(saying, dais_err_code(err), "identity %.100s: %s",
                                 path == NULL ? "" : path, dais_err_text(err));
    change->who = identity.actor;
    change->role = identity.role;
    memcpy(change->key.bytes, identity.key.key, DAIS_KEY_SIZE);
    change->box_key = identity.box_key;
    /* Texts outlive the identity in the converter. */
    dais_slice_t name = dais_slice_text(identity.key.name);
    dais_slice_t state = dais_slice_text(identity.state);
    change->name = dais_slice(dais_convert_keep(saying->convert, name), name.size);
    change->state = dais_slice(dais_convert_keep(saying->convert, state), state.size);
    if (change->name.data == NULL || change->state.data == NULL)
        return dais_saying_fault(saying, "too-long", "there is too much of it");
    return true;
}

const dais_arg_option_t dais_fill_open_options[] = {
    {"call", 0, DAIS_ARG_VALUE, false, "INDEX", NULL,
     "entry of the call that is opened; else the last one said here"},
    {.name = NULL},
};

/* The entry of the last call in the outbox that has its receipt; 0 if there is none. */
static dais_err_t fill_call_seq(dais_outbox_t *outbox, uint64_t *seq)
{
    dais_txn_t txn;
    dais_walk_t walk;
    dais_outbox_message_t message;
    dais_outbox_fate_t fate;
    *seq = 0;
    dais_txn_begin(&txn, outbox->store, DAIS_TXN_READ);
    dais_walk_open(&walk, &txn, DAIS_OUTBOX_FATE, dais_slice("", 0), dais_slice("", 0),
                   DAIS_WALK_BACKWARD);
    while (*seq == 0 && dais_walk_next(&walk)) {
        uint64_t number = dais_outbox_number(walk.key.data);
        if (dais_outbox_message(&txn, number, &message) && message.kind == DAIS_KIND_CALL &&
            dais_outbox_fate(&txn, number, &fate) && fate.state == DAIS_FATE_LOGGED)
            *seq = fate.seq;
    }
    return dais_txn_end(&txn);
}

bool dais_fill_open(dais_saying_t *saying)
{
    const char *given = saying->source.value(saying->source.context, "call", 0);
    dais_open_t *open = saying->subject;
    dais_outbox_t outbox;
    if (given != NULL)
        return dais_text_uint(dais_slice_text(given), DAIS_SEQ_MAX, &open->call) == DAIS_OK ||
               dais_saying_fault(saying, "bad-value", "call: %.40s is no index", given);
    if (dais_office_outbox(saying->office, &outbox) != DAIS_EXIT_DONE)
        return dais_saying_fault(saying, "io", "the outbox cannot be read");
    dais_err_t err = fill_call_seq(&outbox, &open->call);
    dais_outbox_close(&outbox);
    if (err != DAIS_OK)
        return dais_saying_fault(saying, dais_err_code(err), "the outbox: %s", dais_err_text(err));
    return open->call != 0 ||
           dais_saying_fault(saying, "missing-key",
                             "call is missing: no call from this outbox is in the log yet");
}

/* The last call in the outbox, its message copied to the heap. */
static dais_err_t fill_last_call(dais_outbox_t *outbox, uint8_t **call, size_t *size)
{
    dais_txn_t txn;
    dais_walk_t walk;
    dais_outbox_message_t message;
    dais_txn_begin(&txn, outbox->store, DAIS_TXN_READ);
    dais_walk_open(&walk, &txn, DAIS_OUTBOX_FATE, dais_slice("", 0), dais_slice("", 0),
                   DAIS_WALK_BACKWARD);
    while (*call == NULL && dais_walk_next(&walk)) {
        if (!dais_outbox_message(&txn, dais_outbox_number(walk.key.data), &message) ||
            message.kind != DAIS_KIND_CALL)
            continue;
        *call = malloc(message.message.size);
        *size = message.message.size;
        if (*call != NULL)
            memcpy(*call, message.message.data, *size);
    }
    return dais_txn_end(&txn);
}

static void fill_apply_call(dais_policy_t *policy, dais_slice_t bytes)
{
    dais_message_t message;
    const dais_kind_t *kind;
    dais_call_t call;
    dais_value_t value;
    if (dais_message_decode(bytes, &message, &kind).err != DAIS_OK ||
        dais_shape_decode(&dais_shape_call, message.subject, &call).err != DAIS_OK)
        return;
    dais_list_walk_t walk = dais_list_begin(&call.values, &dais_shape_value);
    while (dais_list_next(&walk, &value)) {
        dais_policy_key_t key = dais_policy_key_find(value.key);
        if (key == DAIS_POLICY_KEY_COUNT ||
            dais_policy_apply_value(policy, key, value.value,
                                    (dais_policy_confirmed_t)value.confirmed, value.source,
                                    NULL) != DAIS_OK)
            continue; /* the registry has said so in its verdict */
    }
}

bool dais_fill_policy(dais_saying_t *saying, dais_policy_t *policy, uint8_t **call)
{
    dais_outbox_t outbox;
    size_t size = 0;
    *call = NULL;
    if (saying->office->profile.genesis_bytes.data == NULL)
        return dais_saying_fault(saying, "not-set",
                                 "the profile names no genesis, and so no policy");
    dais_err_t err = dais_policy_parse(saying->office->profile.genesis.policy, policy, NULL);
    if (err != DAIS_OK)
        return dais_saying_fault(saying, dais_err_code(err), "the policy of genesis: %s",
                                 dais_err_text(err));
    if (saying->verb->kind == DAIS_KIND_CALL)
        return true; /* a call replaces all of an earlier one */
    if (dais_office_outbox(saying->office, &outbox) != DAIS_EXIT_DONE)
        return dais_saying_fault(saying, "io", "the outbox cannot be read");
    err = fill_last_call(&outbox, call, &size);
    dais_outbox_close(&outbox);
    if (err == DAIS_OK && *call != NULL)
        fill_apply_call(policy, dais_slice(*call, size));
    return true;
}
