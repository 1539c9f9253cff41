/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/support/scenario_log.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "proto/bundle.h"
#include "proto/checkpoint.h"
#include "proto/content.h"
#include "proto/entry.h"
#include "proto/stamp.h"
#include "proto/tree.h"
#include "tests/support/scenario_private.h"

#define CHAINS 64

/* The last link of a chain of bundles (by key and stream) or of stamps (stream 2). */
typedef struct {
    char name[32];
    unsigned stream;
    uint64_t next;
    uint64_t at; /* of a stamp */
    dais_hash_t prev;
    dais_slice_t last; /* the bytes of the last stamp */
} log_chain_t;

typedef struct {
    dais_slice_t leaf;
    dais_opening_t opening;
} log_entry_t;

struct scenario_log {
    char origin[256];
    dais_hash_t name; /* leaf hash of entry 0 */
    uint64_t fork_at; /* 0: nowhere */
    scenario_lie_t lie;
    uint64_t lie_at;
    log_entry_t *entries;
    dais_hash_t *hashes;
    size_t count, capacity;
    log_chain_t chains[CHAINS];
    unsigned chain_count;
    void **kept; /* everything that the slices point into */
    size_t kept_count;
    uint8_t buffer[DAIS_EXPORT_FRAME_MAX];
    dais_writer_t closings; /* of the tick that is being made */
    uint8_t closing_bytes[16 * 1024];
};

static void log_must(dais_err_t err)
{
    if (err != DAIS_OK)
        fail_msg("scenario's log: %s", dais_err_code(err));
}

static void *log_keep(scenario_log_t *log, size_t size)
{
    void *bytes = malloc(size + 1);
    log->kept = realloc(log->kept, (log->kept_count + 1) * sizeof *log->kept);
    if (bytes == NULL || log->kept == NULL)
        abort();
    log->kept[log->kept_count++] = bytes;
    return bytes;
}

static dais_slice_t log_copy(scenario_log_t *log, dais_slice_t bytes)
{
    void *copy = log_keep(log, bytes.size);
    if (bytes.size > 0)
        memcpy(copy, bytes.data, bytes.size);
    return dais_slice(copy, bytes.size);
}

static dais_writer_t log_writer(scenario_log_t *log)
{
    dais_writer_t writer;
    dais_writer_init(&writer, log->buffer, sizeof log->buffer);
    return writer;
}

static dais_slice_t log_finish(scenario_log_t *log, const dais_writer_t *writer)
{
    dais_slice_t bytes;
    log_must(dais_writer_finish(writer, &bytes));
    return log_copy(log, bytes);
}

static log_chain_t *log_chain(scenario_log_t *log, const char *name, unsigned stream)
{
    for (unsigned i = 0; i < log->chain_count; i++)
        if (log->chains[i].stream == stream && strcmp(log->chains[i].name, name) == 0)
            return &log->chains[i];
    assert_true(log->chain_count < CHAINS);
    log_chain_t *chain = &log->chains[log->chain_count++];
    *chain = (log_chain_t){.stream = stream};
    (void)snprintf(chain->name, sizeof chain->name, "%s", name);
    return chain;
}

/* Is it time for this lie? It is told once. */
static bool log_lies(scenario_log_t *log, scenario_lie_t lie)
{
    if (log->lie != lie || log->count < log->lie_at)
        return false;
    log->lie = SCENARIO_LIE_NONE;
    return true;
}

void scenario_log_lie(scenario_log_t *log, scenario_lie_t lie, uint64_t seq)
{
    log->lie = lie;
    log->lie_at = seq;
}

bool scenario_log_lied(const scenario_log_t *log)
{
    return log->lie == SCENARIO_LIE_NONE;
}

/* The same bytes with the last one changed. */
static dais_slice_t log_spoil(scenario_log_t *log, dais_slice_t bytes)
{
    uint8_t *copy = log_keep(log, bytes.size);
    assert_true(bytes.size > 0);
    for (size_t i = 0; i < bytes.size; i++)
        copy[i] = i + 1 == bytes.size ? bytes.data[i] ^ 1 : bytes.data[i];
    return dais_slice(copy, bytes.size);
}

static dais_slice_t log_stamp(scenario_log_t *log, const char *intake, uint64_t at,
                              const dais_hash_t *bundle)
{
    log_chain_t *chain = log_chain(log, intake, 2);
    dais_writer_t writer = log_writer(log);
    bool is_said = bundle != NULL; /* lies are told of messages alone */
    assert_true(at >= chain->at);  /* a scenario with an intake may not go back in time */
    dais_stamp_t stamp = {.log = log->name, .j = chain->next, .prev = chain->prev, .at = at};
    if (is_said && log_lies(log, SCENARIO_LIE_STAMP_PREV))
        stamp.prev.bytes[0] ^= 1;
    if (is_said && log_lies(log, SCENARIO_LIE_STAMP_KEY))
        intake = "office";
    log_must(
        dais_stamp_sign(&stamp, bundle, is_said ? 1 : 0, scenario_pack_device(intake), &writer));
    dais_slice_t bytes = log_finish(log, &writer);
    if (is_said && log_lies(log, SCENARIO_LIE_STAMP_SIGNATURE))
        bytes = log_spoil(log, bytes);
    chain->next++;
    chain->at = at;
    chain->prev = dais_signed_hash(bytes);
    chain->last = bytes;
    return bytes;
}

static dais_slice_t log_bundle(scenario_log_t *log, const char *who, unsigned stream,
                               dais_slice_t message)
{
    log_chain_t *chain = log_chain(log, who, stream);
    dais_writer_t writer = log_writer(log);
    dais_bundle_t head = {.log = log->name,
                          .stream = stream,
                          .k = chain->next,
                          .prev = chain->prev,
                          .seen_size = log->count,
                          .seen_root = dais_tree_root(log->hashes, log->count)};
    if (log_lies(log, SCENARIO_LIE_STRANGER))
        who = "stranger";
    if (log_lies(log, SCENARIO_LIE_BUNDLE_ROOT))
        message = dais_slice_text("another message");
    if (head.k > 0 && log_lies(log, SCENARIO_LIE_BUNDLE_PREV))
        head.prev.bytes[0] ^= 1;
    if (log_lies(log, SCENARIO_LIE_SEEN))
        head.seen_root.bytes[0] ^= 1;
    log_must(dais_bundle_sign(&head, &message, 1, scenario_pack_device(who), &writer));
    dais_slice_t envelope = log_finish(log, &writer);
    if (log_lies(log, SCENARIO_LIE_BUNDLE_SIGNATURE))
        envelope = log_spoil(log, envelope);
    chain->next++;
    chain->prev = dais_bundle_hash(envelope);
    return envelope;
}

/* salt || content; private content is padded, and here it is always empty. */
static dais_slice_t log_content(scenario_log_t *log, uint64_t seq, unsigned part,
                                dais_slice_t content, dais_hash_t *commitment)
{
    dais_key_t salt = scenario_salt(seq * 4 + part);
    uint8_t *bytes = log_keep(log, sizeof salt.bytes + content.size);
    memcpy(bytes, salt.bytes, sizeof salt.bytes);
    if (content.size > 0)
        memcpy(bytes + sizeof salt.bytes, content.data, content.size);
    *commitment = dais_content_commit(&salt, content);
    if (content.size > 0 && log_lies(log, SCENARIO_LIE_CONTENT))
        commitment->bytes[0] ^= 1;
    return dais_slice(bytes, sizeof salt.bytes + content.size);
}

/* What a registry alone can say otherwise. */
static void log_misrecord(scenario_log_t *log, const scenario_heard_t *heard,
                          dais_opening_t *opening, dais_record_t *record)
{
    static const dais_code_item_t late = {DAIS_VERDICT_LATE};
    dais_writer_t list = log_writer(log);
    bool is_said = heard->message != NULL;
    if (is_said && log_lies(log, SCENARIO_LIE_VERDICT)) {
        record->verdicts = (dais_list_t){.count = 0};
        log_must(dais_list_add(&record->verdicts, &dais_shape_code_item, &late, &list));
        record->verdicts.items = log_copy(log, record->verdicts.items);
    }
    if (opening->stamp.size > 0 && log_lies(log, SCENARIO_LIE_RECEIVED))
        record->received_at--;
    if (is_said && log_lies(log, SCENARIO_LIE_LOGGED))
        record->logged_at = 1;
    if (is_said && heard->content.size > 0 && heard->kind->number == DAIS_KIND_COMMENT &&
        log_lies(log, SCENARIO_LIE_WITHHELD))
        opening->public_opening = dais_slice(NULL, 0);
}

static void log_append(scenario_log_t *log, const scenario_heard_t *heard, dais_opening_t *opening,
                       dais_record_t *record)
{
    uint8_t codes[DAIS_LIMIT_TARGETS * 8];
    dais_writer_t list;
    dais_writer_init(&list, codes, sizeof codes);
    for (unsigned i = 0; i < heard->verdicts->count; i++) {
        dais_code_item_t code = {heard->verdicts->codes[i]};
        log_must(dais_list_add(&record->verdicts, &dais_shape_code_item, &code, &list));
    }
    record->epoch = 1;
    record->logged_at = heard->logged_at;
    if (record->bundle.size == 0 || opening->stamp.size == 0)
        record->received_at = heard->logged_at;
    if (record->received_at > record->logged_at)
        record->logged_at = record->received_at;
    log_misrecord(log, heard, opening, record);
    dais_writer_t writer = log_writer(log);
    log_must(dais_shape_encode(&dais_shape_record, record, &writer));
    opening->record = log_finish(log, &writer);
    opening->salt = scenario_salt(heard->seq);
    if (log->fork_at != 0 && heard->seq >= log->fork_at)
        opening->salt.bytes[0] ^= 1;
    opening->seq = heard->seq;
    dais_hash_t commitment = dais_record_commit(&opening->salt, opening->record);
    if (log_lies(log, SCENARIO_LIE_RECORD))
        opening->record = log_spoil(log, opening->record);
    writer = log_writer(log);
    log_must(dais_entry_write(heard->seq, &commitment, &writer));
    assert_int_equal(heard->seq, log->count);
    if (log->count == log->capacity) {
        log->capacity = log->capacity == 0 ? 256 : 2 * log->capacity;
        log->entries = realloc(log->entries, log->capacity * sizeof *log->entries);
        log->hashes = realloc(log->hashes, log->capacity * sizeof *log->hashes);
        if (log->entries == NULL || log->hashes == NULL)
            abort();
    }
    log->entries[log->count] = (log_entry_t){.leaf = log_finish(log, &writer), .opening = *opening};
    log->hashes[log->count++] = dais_entry_hash(heard->seq, &commitment);
}

static void log_hear_message(scenario_log_t *log, const scenario_heard_t *heard,
                             dais_opening_t *opening, dais_record_t *record)
{
    dais_message_t message = *heard->message;
    opening->public_opening =
        log_content(log, heard->seq, 1, heard->content, &message.public_commitment);
    opening->private_opening =
        log_content(log, heard->seq, 2, dais_slice(NULL, 0), &message.private_commitment);
    dais_writer_t writer = log_writer(log);
    log_must(dais_message_encode(&message, &writer));
    record->message = log_finish(log, &writer);
    opening->envelope = log_bundle(log, heard->who, (unsigned)heard->kind->stream, record->message);
    dais_hash_t bundle = dais_bundle_hash(opening->envelope);
    record->bundle = log_copy(log, dais_hash_slice(&bundle));
    record->received_at = heard->facts->received_at;
    if (heard->intake != NULL && log_lies(log, SCENARIO_LIE_BACKDATED)) {
        log_chain(log, heard->intake, 2)->at = 0;
        record->received_at -= 1000ULL * 3600 * 1000;
    }
    if (heard->intake != NULL && !log_lies(log, SCENARIO_LIE_UNSTAMPED))
        opening->stamp = log_stamp(log, heard->intake, record->received_at, &bundle);
}

/* An outcome with another word. */
static dais_own_t log_misinform(scenario_log_t *log, const dais_own_t *own)
{
    dais_own_t other = *own;
    dais_outcome_t outcome;
    dais_writer_t writer = log_writer(log);
    if (own->kind != DAIS_KIND_OUTCOME || !log_lies(log, SCENARIO_LIE_OUTCOME))
        return other;
    log_must(dais_shape_decode(&dais_shape_outcome, own->subject, &outcome).err);
    outcome.fact = dais_slice_text("blocked");
    log_must(dais_shape_encode(&dais_shape_outcome, &outcome, &writer));
    other.subject = log_finish(log, &writer);
    return other;
}

static void log_hear(void *context, dais_rules_t *rules, const scenario_heard_t *heard)
{
    scenario_log_t *log = context;
    dais_opening_t opening = {.seq = heard->seq};
    dais_record_t record = {.message = heard->content};
    dais_writer_t writer = log_writer(log);
    if (heard->genesis != NULL) {
        log->name = *dais_rules_log(rules);
        (void)snprintf(log->origin, sizeof log->origin, "%.*s", (int)heard->genesis->origin.size,
                       (const char *)heard->genesis->origin.data);
    } else if (heard->own != NULL) {
        dais_own_t own = log_misinform(log, heard->own);
        log_must(dais_own_encode(&own, &writer));
        record.message = log_finish(log, &writer);
    } else {
        log_hear_message(log, heard, &opening, &record);
    }
    log_append(log, heard, &opening, &record);
    if (heard->genesis != NULL)
        assert_memory_equal(&log->hashes[0], &log->name, sizeof log->name);
}

/* Every intake that has stamped marks the instant before the tick. */
static void log_due(void *context, uint64_t closes_at, dais_tick_t *tick)
{
    scenario_log_t *log = context;
    dais_writer_init(&log->closings, log->closing_bytes, sizeof log->closing_bytes);
    if (log_lies(log, SCENARIO_LIE_BARE_TICK))
        return;
    for (unsigned i = 0; i < log->chain_count; i++) {
        log_chain_t *chain = &log->chains[i];
        if (chain->stream != 2)
            continue;
        /* Two deadlines at one instant are closed by one mark. */
        bool is_past = chain->next > 0 && chain->at >= closes_at;
        dais_closing_t closing = {is_past ? chain->last
                                          : log_stamp(log, chain->name, closes_at, NULL)};
        log_must(dais_list_add(&tick->stamps, &dais_shape_closing, &closing, &log->closings));
    }
}

scenario_log_t *scenario_log_create(void)
{
    scenario_log_t *log = calloc(1, sizeof *log);
    assert_non_null(log);
    return log;
}

void scenario_log_destroy(scenario_log_t **log)
{
    for (size_t i = 0; i < (*log)->kept_count; i++)
        free((*log)->kept[i]);
    free((*log)->kept);
    free((*log)->entries);
    free((*log)->hashes);
    free(*log);
    *log = NULL;
}

scenario_listener_t scenario_log_listener(scenario_log_t *log)
{
    return (scenario_listener_t){.context = log, .entry = log_hear, .due = log_due};
}

void scenario_log_key(const char *cycle, char *text, size_t capacity)
{
    char origin[256];
    dais_vkey_t vkey;
    dais_writer_t writer;
    (void)snprintf(origin, sizeof origin, "registry.example/%s", cycle);
    log_must(dais_vkey_make(dais_slice_text(origin), scenario_pack_key("log").bytes, &vkey));
    dais_writer_init(&writer, text, capacity - 1);
    dais_vkey_put(&writer, &vkey);
    log_must(writer.err);
    text[writer.size] = 0;
}

typedef struct {
    const scenario_log_t *log;
    dais_rules_t *rules;
    dais_reader_who_t reader;
    uint64_t size; /* as of which it is open */
} log_view_t;

static dais_err_t log_give(void *context, uint64_t seq, dais_export_given_t *out)
{
    const log_view_t *view = context;
    bool sees_private = view->reader.role == DAIS_ROLE_INSPECTOR;
    out->leaf = view->log->entries[seq].leaf;
    out->opening = view->log->entries[seq].opening;
    out->is_open = dais_visible_entry(view->rules, view->reader, seq, view->size);
    if (dais_visible_erased(view->rules, seq))
        out->opening.public_opening = out->opening.private_opening = dais_slice(NULL, 0);
    if (!sees_private)
        out->opening.private_opening = dais_slice(NULL, 0);
    return DAIS_OK;
}

void scenario_log_fork(scenario_log_t *log, uint64_t seq)
{
    log->fork_at = seq;
}

void scenario_log_export(scenario_log_t *log, dais_rules_t *rules, dais_reader_who_t reader,
                         uint64_t size, dais_export_sink_t *sink, void *context)
{
    size_t count = size == 0 ? log->count : (size_t)size;
    assert_true(count <= log->count);
    log_view_t view = {log, rules, reader, count};
    dais_vkey_t vkey;
    dais_checkpoint_t checkpoint = {.origin = dais_slice_text(log->origin),
                                    .size = count,
                                    .root = dais_tree_root(log->hashes, count)};
    const dais_device_t *device = scenario_pack_device("log");
    if (log_lies(log, SCENARIO_LIE_ROOT))
        checkpoint.root.bytes[0] ^= 1;
    dais_writer_t writer = log_writer(log);
    log_must(dais_vkey_make(checkpoint.origin, device->key.bytes, &vkey));
    log_must(dais_checkpoint_sign(&checkpoint, &vkey, device->secret, &writer));
    dais_export_source_t source = {.entry = log_give,
                                   .context = &view,
                                   .origin = checkpoint.origin,
                                   .size = count,
                                   .checkpoint = log_finish(log, &writer)};
    log_must(dais_export_log(&source, sink, context));
}
