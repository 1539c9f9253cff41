/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/bench/publish_log.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "proto/bundle.h"
#include "proto/content.h"
#include "proto/entry.h"
#include "proto/export.h"
#include "proto/opening.h"
#include "proto/stamp.h"
#include "proto/tree_memory.h"
#include "publisher/import.h"
#include "tests/support/scenario_log.h"
#include "tests/support/scenario_pack.h"

enum { BUNDLE = DAIS_LIMIT_BUNDLE_MESSAGES, CHAINS = 4, TEXT_SIZE = 1024 };

typedef struct {
    const char *name;
    uint64_t next;
    dais_hash_t prev;
} chain_t;

struct publish_log {
    dais_replica_t *replica;
    char origin[256];
    dais_hash_t *hashes;
    size_t count, capacity;
    chain_t chains[CHAINS];
    uint64_t at; /* ms */
    size_t organisations, comments;
    dais_id_t *orgs; /* those that applied */
    uint8_t *scratch;
};

/* A message of a bundle that is being made. */
typedef struct {
    unsigned kind;
    dais_id_t id;
    bool has_behalf;
    dais_id_t on_behalf;
    const void *subject;
    dais_slice_t content;
} said_t;

static void must(dais_err_t err, const char *what)
{
    if (err == DAIS_OK)
        return;
    (void)fprintf(stderr, "bench: %s: %s\n", what, dais_err_code(err));
    exit(1);
}

static void *must_have(void *memory)
{
    if (memory == NULL)
        must(DAIS_ERR_NO_MEMORY, "memory");
    return memory;
}

static dais_key_t salt_of(uint64_t number)
{
    dais_key_t salt = {{0}};
    dais_hash_t hash = dais_hash_one(dais_slice(&number, sizeof number));
    memcpy(salt.bytes, hash.bytes, sizeof salt.bytes);
    return salt;
}

static chain_t *chain_of(publish_log_t *log, const char *name)
{
    size_t i = 0;
    while (log->chains[i].name != NULL && strcmp(log->chains[i].name, name) != 0)
        i++;
    log->chains[i].name = name;
    return &log->chains[i];
}

static void keep_hash(publish_log_t *log, const dais_hash_t *hash)
{
    if (log->count == log->capacity) {
        log->capacity = log->capacity == 0 ? 4096 : 2 * log->capacity;
        log->hashes = must_have(realloc(log->hashes, log->capacity * sizeof *log->hashes));
    }
    log->hashes[log->count++] = *hash;
}

static void put_leaf(publish_log_t *log, const dais_key_t *salt, dais_slice_t record)
{
    uint8_t bytes[128];
    dais_writer_t writer;
    dais_slice_t leaf;
    dais_hash_t commitment = dais_record_commit(salt, record);
    dais_writer_init(&writer, bytes, sizeof bytes);
    must(dais_entry_write(log->count, &commitment, &writer), "leaf");
    must(dais_writer_finish(&writer, &leaf), "leaf");
    must(dais_replica_leaf(log->replica, leaf), "leaf");
    dais_hash_t hash = dais_tree_leaf_hash(leaf);
    keep_hash(log, &hash);
}

/* The record as it is logged, with one verdict. */
static dais_slice_t pack_record(publish_log_t *log, dais_slice_t message, dais_slice_t bundle,
                                size_t index, dais_writer_t *writer)
{
    uint8_t codes[16];
    dais_writer_t list;
    dais_code_item_t accepted = {DAIS_VERDICT_ACCEPTED};
    dais_slice_t bytes;
    dais_record_t record = {.epoch = 1,
                            .logged_at = log->at,
                            .received_at = log->at,
                            .bundle = bundle,
                            .index = index,
                            .message = message};
    dais_writer_init(&list, codes, sizeof codes);
    must(dais_list_add(&record.verdicts, &dais_shape_code_item, &accepted, &list), "verdict");
    must(dais_shape_encode(&dais_shape_record, &record, writer), "record");
    must(dais_writer_finish(writer, &bytes), "record");
    return bytes;
}

static void put_opening(publish_log_t *log, const dais_opening_t *opening)
{
    dais_writer_t writer;
    dais_slice_t bytes;
    dais_writer_init(&writer, log->scratch, DAIS_LIMIT_OPENING);
    must(dais_shape_encode(&dais_shape_opening, opening, &writer), "opening");
    must(dais_writer_finish(&writer, &bytes), "opening");
    must(dais_replica_open(log->replica, bytes), "opening");
}

/* Messages packed one behind the other, with their contents. */
typedef struct {
    uint8_t bytes[BUNDLE][1024];
    dais_slice_t messages[BUNDLE];
    dais_hash_t leaves[BUNDLE];
    uint8_t contents[BUNDLE][sizeof(dais_key_t) + TEXT_SIZE + 256];
    dais_slice_t openings[BUNDLE];
} packed_t;

static void pack_message(publish_log_t *log, packed_t *packed, size_t i, const char *who,
                         const said_t *said)
{
    uint8_t subject[1024];
    dais_writer_t writer;
    dais_key_t salt = salt_of(2 * (log->count + i) + 1);
    dais_message_t message = {.log = dais_replica_log(log->replica),
                              .kind = said->kind,
                              .id = said->id,
                              .actor = scenario_pack_id(who),
                              .said_at = log->at};
    if (said->has_behalf)
        message.on_behalf = dais_slice(said->on_behalf.bytes, DAIS_ID_SIZE);
    dais_writer_init(&writer, subject, sizeof subject);
    must(dais_shape_encode(dais_kind_of(said->kind)->subject, said->subject, &writer), "subject");
    must(dais_writer_finish(&writer, &message.subject), "subject");
    message.public_commitment = dais_content_commit(&salt, said->content);
    message.private_commitment = dais_content_commit(&salt, dais_slice(NULL, 0));
    dais_writer_init(&writer, packed->bytes[i], sizeof packed->bytes[i]);
    must(dais_message_encode(&message, &writer), "message");
    must(dais_writer_finish(&writer, &packed->messages[i]), "message");
    packed->leaves[i] = dais_tree_leaf_hash(packed->messages[i]);
    memcpy(packed->contents[i], salt.bytes, sizeof salt.bytes);
    if (said->content.size > 0)
        memcpy(packed->contents[i] + sizeof salt.bytes, said->content.data, said->content.size);
    packed->openings[i] = dais_slice(packed->contents[i], sizeof salt.bytes + said->content.size);
}

static dais_slice_t sign_bundle(publish_log_t *log, const char *who, const packed_t *packed,
                                size_t count, uint8_t *bytes, size_t capacity)
{
    chain_t *chain = chain_of(log, who);
    dais_writer_t writer;
    dais_slice_t envelope;
    dais_bundle_t head = {.log = dais_replica_log(log->replica),
                          .k = chain->next++,
                          .prev = chain->prev,
                          .seen_root = dais_tree_root(NULL, 0)};
    dais_writer_init(&writer, bytes, capacity);
    must(dais_bundle_sign(&head, packed->messages, count, scenario_pack_device(who), &writer),
         "bundle");
    must(dais_writer_finish(&writer, &envelope), "bundle");
    chain->prev = dais_bundle_hash(envelope);
    return envelope;
}

static dais_slice_t sign_stamp(publish_log_t *log, const dais_hash_t *bundle, uint8_t *bytes,
                               size_t capacity)
{
    chain_t *chain = chain_of(log, "intake");
    dais_writer_t writer;
    dais_slice_t stamped;
    dais_stamp_t stamp = {.log = dais_replica_log(log->replica),
                          .j = chain->next++,
                          .prev = chain->prev,
                          .at = log->at};
    dais_writer_init(&writer, bytes, capacity);
    must(dais_stamp_sign(&stamp, bundle, 1, scenario_pack_device("intake"), &writer), "stamp");
    must(dais_writer_finish(&writer, &stamped), "stamp");
    chain->prev = dais_signed_hash(stamped);
    return stamped;
}

/* One bundle of what `who` says; closed entries are leaves and nothing else. */
static void say(publish_log_t *log, const char *who, const said_t *said, size_t count, bool open)
{
    static packed_t packed;
    uint8_t envelope_bytes[1024];
    uint8_t stamp_bytes[1024];
    uint8_t record[2048];
    log->at += 60000;
    for (size_t i = 0; i < count; i++)
        pack_message(log, &packed, i, who, &said[i]);
    dais_opening_t opening = {
        .envelope = sign_bundle(log, who, &packed, count, envelope_bytes, sizeof envelope_bytes)};
    dais_hash_t bundle = dais_bundle_hash(opening.envelope);
    opening.stamp = sign_stamp(log, &bundle, stamp_bytes, sizeof stamp_bytes);
    for (size_t i = 0; i < count; i++) {
        dais_tree_path_t path;
        dais_writer_t writer;
        dais_writer_init(&writer, record, sizeof record);
        must(dais_tree_leaves_inclusion(packed.leaves, count, i, &path), "path");
        opening.seq = log->count;
        opening.salt = salt_of(2 * log->count);
        opening.record = pack_record(log, packed.messages[i], dais_hash_slice(&bundle), i, &writer);
        opening.message_path = dais_tree_path_bytes(&path);
        opening.public_opening = packed.openings[i];
        put_leaf(log, &opening.salt, opening.record);
        if (open)
            put_opening(log, &opening);
    }
}

static void tell_outcome(publish_log_t *log, const dais_id_t *id)
{
    uint8_t subject[256];
    uint8_t bytes[512];
    uint8_t record[1024];
    dais_writer_t writer;
    dais_outcome_t outcome = {.organisation = *id, .fact = dais_slice_text("admitted")};
    dais_own_t own = {.log = dais_replica_log(log->replica), .kind = DAIS_KIND_OUTCOME};
    dais_slice_t message;
    dais_writer_init(&writer, subject, sizeof subject);
    must(dais_shape_encode(&dais_shape_outcome, &outcome, &writer), "outcome");
    must(dais_writer_finish(&writer, &own.subject), "outcome");
    dais_writer_init(&writer, bytes, sizeof bytes);
    must(dais_own_encode(&own, &writer), "outcome");
    must(dais_writer_finish(&writer, &message), "outcome");
    dais_writer_init(&writer, record, sizeof record);
    dais_opening_t opening = {.seq = log->count, .salt = salt_of(2 * log->count)};
    opening.record = pack_record(log, message, dais_slice(NULL, 0), 0, &writer);
    put_leaf(log, &opening.salt, opening.record);
    put_opening(log, &opening);
}

static dais_id_t id_of(publish_log_t *log, size_t i)
{
    uint8_t random[DAIS_ID_RANDOM_SIZE] = {0};
    uint64_t mixed = (log->count + i) * 0x9e3779b97f4a7c15ULL;
    memcpy(random, &mixed, sizeof mixed);
    return dais_message_id(log->at, random);
}

/* Applications, what nobody sees of their screening, and what everybody is told. */
static void say_applications(publish_log_t *log, size_t count)
{
    static dais_application_t subjects[BUNDLE];
    static dais_screening_t screenings[BUNDLE];
    static char names[BUNDLE][32];
    static said_t said[BUNDLE];
    dais_id_t *orgs = log->orgs + log->organisations;
    for (size_t i = 0; i < count; i++) {
        (void)snprintf(names[i], sizeof names[i], "Organisation %zu", log->organisations + i);
        subjects[i] = (dais_application_t){.applicant = dais_slice_text(names[i]),
                                           .category = DAIS_CATEGORY_NGO,
                                           .country = dais_slice_text("XC"),
                                           .ecosoc = DAIS_ANSWER_NO,
                                           .prior = DAIS_ANSWER_NO,
                                           .mode = DAIS_MODE_ONLINE,
                                           .persons = 2};
        orgs[i] = id_of(log, i);
        said[i] = (said_t){.kind = DAIS_KIND_APPLICATION, .id = orgs[i], .subject = &subjects[i]};
    }
    say(log, "o1", said, count, true);
    for (size_t i = 0; i < count; i++) {
        screenings[i] =
            (dais_screening_t){.organisation = orgs[i], .result = DAIS_SCREENING_ELIGIBLE};
        said[i] =
            (said_t){.kind = DAIS_KIND_SCREENING, .id = id_of(log, i), .subject = &screenings[i]};
    }
    say(log, "sec", said, count, false);
    for (size_t i = 0; i < count; i++)
        tell_outcome(log, &orgs[i]);
    log->organisations += count;
}

void publish_log_applications(publish_log_t *log, size_t count)
{
    log->orgs = must_have(realloc(log->orgs, (log->organisations + count) * sizeof *log->orgs));
    for (size_t done = 0; done < count; done += BUNDLE)
        say_applications(log, count - done < BUNDLE ? count - done : BUNDLE);
}

static dais_slice_t pack_text(uint8_t *bytes, size_t capacity)
{
    static const char letters[] = "abcdefghijklmnopqrstuvw";
    static char text[TEXT_SIZE];
    dais_writer_t writer;
    dais_slice_t packed;
    for (size_t i = 0; i < sizeof text; i++) {
        text[i] = letters[i % (sizeof letters - 1)];
        if (i % 7 == 6)
            text[i] = ' ';
        if (i % 80 == 79)
            text[i] = '\n';
    }
    dais_writing_t writing = {.text = dais_slice(text, sizeof text)};
    dais_writer_init(&writer, bytes, capacity);
    must(dais_shape_encode(&dais_shape_writing, &writing, &writer), "text");
    must(dais_writer_finish(&writer, &packed), "text");
    return packed;
}

static void say_comments(publish_log_t *log, size_t count, dais_slice_t text)
{
    static dais_comment_t subjects[BUNDLE];
    static dais_comment_ruling_t rulings[BUNDLE];
    static said_t said[BUNDLE];
    static char titles[BUNDLE][32];
    for (size_t i = 0; i < count; i++) {
        (void)snprintf(titles[i], sizeof titles[i], "Comment %zu", log->comments + i);
        subjects[i] = (dais_comment_t){
            .title = dais_slice_text(titles[i]), .language = dais_slice_text("en"), .words = 200};
        rulings[i] =
            (dais_comment_ruling_t){.comment = id_of(log, i), .ruling = DAIS_RULING_PUBLISH};
        said[i] = (said_t){.kind = DAIS_KIND_COMMENT,
                           .id = rulings[i].comment,
                           .has_behalf = true,
                           .on_behalf = log->orgs[(log->comments + i) % log->organisations],
                           .subject = &subjects[i],
                           .content = text};
    }
    say(log, "o1", said, count, true);
    for (size_t i = 0; i < count; i++)
        said[i] =
            (said_t){.kind = DAIS_KIND_COMMENT_RULING, .id = id_of(log, i), .subject = &rulings[i]};
    say(log, "sec", said, count, true);
    log->comments += count;
}

void publish_log_comments(publish_log_t *log, size_t count)
{
    uint8_t bytes[TEXT_SIZE + 64];
    dais_slice_t text = pack_text(bytes, sizeof bytes);
    for (size_t done = 0; done < count; done += BUNDLE)
        say_comments(log, count - done < BUNDLE ? count - done : BUNDLE, text);
}

void publish_log_checkpoint(publish_log_t *log)
{
    uint8_t bytes[DAIS_LIMIT_CHECKPOINT];
    dais_writer_t writer;
    dais_slice_t note;
    dais_checkpoint_t checkpoint = {.origin = dais_slice_text(log->origin),
                                    .size = log->count,
                                    .root = dais_tree_root(log->hashes, log->count)};
    dais_writer_init(&writer, bytes, sizeof bytes);
    must(dais_checkpoint_sign(&checkpoint, dais_replica_key(log->replica),
                              scenario_pack_device("log")->secret, &writer),
         "checkpoint");
    must(dais_writer_finish(&writer, &note), "checkpoint");
    must(dais_replica_checkpoint(log->replica, note), "checkpoint");
}

dais_replica_t *publish_log_replica(publish_log_t *log)
{
    return log->replica;
}

static dais_err_t memory_sink(void *context, dais_slice_t bytes)
{
    FILE *file = context;
    return fwrite(bytes.data, 1, bytes.size, file) == bytes.size ? DAIS_OK : DAIS_ERR_IO;
}

typedef struct {
    scenario_log_t *log;
    scenario_listener_t inner;
    FILE *file;
} setup_t;

static void setup_entry(void *context, dais_rules_t *rules, const scenario_heard_t *heard)
{
    setup_t *setup = context;
    setup->inner.entry(setup->inner.context, rules, heard);
}

static void setup_ended(void *context, dais_rules_t *rules)
{
    setup_t *setup = context;
    scenario_log_export(setup->log, rules, (dais_reader_who_t){.role = 0}, 0, memory_sink,
                        setup->file);
}

/* Leaf hashes of what was imported, for the checkpoints to come. */
static void hashes_read(publish_log_t *log, dais_slice_t file)
{
    dais_export_state_t state = {0};
    while (file.size > 0) {
        dais_export_item_t item;
        dais_slice_t frame;
        must(dais_export_frame(&file, &frame).err, "export");
        must(dais_export_read(&state, frame, &item).err, "export");
        if (item.type != DAIS_EXPORT_ENTRY)
            continue;
        dais_hash_t hash = dais_tree_leaf_hash(item.as.entry.leaf);
        keep_hash(log, &hash);
    }
}

publish_log_t *publish_log_create(void)
{
    char *bytes = NULL;
    size_t size = 0;
    uint64_t seq;
    dais_vkey_t key;
    publish_log_t *log = must_have(calloc(1, sizeof *log));
    setup_t setup = {.log = scenario_log_create(), .file = open_memstream(&bytes, &size)};
    must_have(setup.file);
    setup.inner = scenario_log_listener(setup.log);
    scenario_listener_t listener = {.context = &setup, .entry = setup_entry, .ended = setup_ended};
    scenario_run_heard("policy rights = attend written\npolicy comments-from = anyone\n"
                       "include open\n",
                       &listener);
    scenario_log_destroy(&setup.log);
    (void)fclose(setup.file);
    (void)snprintf(log->origin, sizeof log->origin, "registry.example/dialogue");
    must(dais_vkey_make(dais_slice_text(log->origin), scenario_pack_key("log").bytes, &key), "key");
    must(dais_replica_create(&log->replica, &key), "replica");
    must(dais_import(log->replica, dais_slice(bytes, size), &seq).err, "import");
    hashes_read(log, dais_slice(bytes, size));
    free(bytes);
    log->at = SCENARIO_BASE_MS;
    log->scratch = must_have(malloc(DAIS_LIMIT_OPENING));
    chain_of(log, "sec")->next = 1000; /* behind what the setup said */
    chain_of(log, "sec")->prev = log->hashes[0];
    return log;
}

void publish_log_destroy(publish_log_t **log)
{
    dais_replica_destroy(&(*log)->replica);
    free((*log)->hashes);
    free((*log)->orgs);
    free((*log)->scratch);
    free(*log);
    *log = NULL;
}
