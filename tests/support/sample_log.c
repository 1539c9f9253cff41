/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/support/sample_log.h"

#include <stdio.h>

#include "proto/checkpoint.h"
#include "proto/entry.h"
#include "proto/genesis.h"
#include "tests/support/sample_arena.h"
#include "tests/support/sample_notation.h"

#define GENESIS_AT "2027-03-01T09:00:00Z"
#define ROSTER_AT  "2027-03-01T09:10:00Z"
#define STAMP_AT   "2027-04-12T14:30:00.250Z"
#define FORKED_AT  "2027-04-13T08:15:00Z"
#define LOGGED_AT  "2027-04-12T14:30:00.900Z"
#define OWN_AT     "2027-04-13T08:15:00.600Z"
#define MARK_AT    "2027-04-30T22:00:00Z"

#define POLICY                                                                                     \
    "# Dialogue 2027: an excerpt, for the examples of the formats.\n"                              \
    "times\n"                                                                                      \
    "    timezone = \"Europe/Vienna\"\n"                                                           \
    "    late = \"flag\"\n"

enum { ROSTER_COUNT = 4, OFFICE_COUNT = 3, ENTRY_OFFICE = 5, ENTRY_MISSION = 8, ENTRY_OWN = 9 };

static const dais_sample_said_t roster_said[ROSTER_COUNT] = {
    {"roster-deputy", "secretariat", NULL, "2027-03-01T09:05:00Z", DAIS_KIND_ROSTER_CHANGE,
     "add $secretariat secretariat '' 'secretariat.example/desk-2' 'Deputy Secretary' "
     "$deputy.key $deputy.box 0",
     "", ""},
    {"roster-intake", "secretariat", NULL, "2027-03-01T09:05:10Z", DAIS_KIND_ROSTER_CHANGE,
     "add $intake intake '' 'intake.example/north-1' '' $intake.key $intake.box 0", "", ""},
    {"roster-office", "secretariat", NULL, "2027-03-01T09:05:20Z", DAIS_KIND_ROSTER_CHANGE,
     "add $office office '' 'office.example/east-2' 'Eastern Office' $office.key $office.box 0", "",
     ""},
    {"roster-mission", "secretariat", NULL, "2027-03-01T09:05:30Z", DAIS_KIND_ROSTER_CHANGE,
     "add $mission party 'XA' 'mission.example/xa-1' 'Permanent Mission of XA' "
     "$mission.key $mission.box 0",
     "", ""},
};

static const dais_sample_said_t office_said[OFFICE_COUNT] = {
    {"comment-1", "office", "rivers-watch", "2027-04-12T14:20:00.125Z", DAIS_KIND_COMMENT,
     "'Tracing of seized vessels' 'en' 20 3 [1 4] -",
     "Seized vessels are seldom traced to their owners.\n"
     "States could share what their registers hold before a vessel is sold.\n",
     "Drafted by two members who must not be named."},
    {"comment-2", "office", "rivers-watch", "2027-04-12T14:22:30.500Z", DAIS_KIND_COMMENT,
     "'Tracing of seized vessels, corrected' 'en' 12 3 [1 4] $comment-1@2027-04-12T14:20:00.125Z",
     "Seized vessels are seldom traced. Registers could be shared before any sale.\n", ""},
    {"withdrawal-1", "office", "rivers-watch", "2027-04-12T14:23:00Z", DAIS_KIND_WITHDRAWAL,
     "comment $comment-1@2027-04-12T14:20:00.125Z", "", ""},
};

static const dais_sample_said_t mission_said[1] = {
    {"request-1", "mission", NULL, "2027-04-12T14:25:00Z", DAIS_KIND_DISCLOSURE_REQUEST,
     "[$rivers-watch $harbour-forum]", "", "Asked on instructions of the capital."},
};

static const dais_sample_said_t forked_said[1] = {
    {"withdrawal-2", "office", "harbour-forum", "2027-04-13T08:00:00Z", DAIS_KIND_WITHDRAWAL,
     "application $harbour-forum", "", ""},
};

dais_slice_t dais_sample_checkpoint(const char *log_device, uint64_t size, const dais_hash_t *root)
{
    dais_vkey_t vkey = dais_sample_vkey(log_device);
    dais_checkpoint_t checkpoint = {
        .origin = dais_slice_text(vkey.name), .size = size, .root = *root};
    dais_writer_t writer = dais_sample_writer();
    dais_sample_must(
        dais_checkpoint_sign(&checkpoint, &vkey, dais_sample_device(log_device)->secret, &writer));
    return dais_sample_keep(&writer);
}

dais_list_t dais_sample_verdicts(uint64_t code)
{
    dais_list_t list = {0};
    dais_code_item_t item = {code};
    dais_writer_t writer = dais_sample_writer();
    dais_sample_must(dais_list_add(&list, &dais_shape_code_item, &item, &writer));
    (void)dais_sample_keep(&writer);
    return list;
}

static void entry_log(dais_sample_log_t *log, uint64_t seq, const dais_record_t *record)
{
    dais_sample_entry_t *entry = &log->entries[seq];
    char name[sizeof "entry 9"];
    (void)snprintf(name, sizeof name, "entry %u", (unsigned)seq % DAIS_SAMPLE_LOG_SIZE);
    entry->salt = dais_sample_salt(name);
    entry->record = dais_sample_pack(&dais_shape_record, record);
    dais_hash_t commitment = dais_record_commit(&entry->salt, entry->record);
    dais_writer_t writer = dais_sample_writer();
    dais_sample_must(dais_entry_write(seq, &commitment, &writer));
    entry->leaf = dais_sample_keep(&writer);
    log->hashes[seq] = dais_tree_leaf_hash(entry->leaf);
}

static void own_log(dais_sample_log_t *log, uint64_t seq, uint64_t epoch, const char *at,
                    dais_slice_t message)
{
    dais_record_t record = {.epoch = epoch,
                            .logged_at = dais_sample_time(at),
                            .received_at = dais_sample_time(at),
                            .verdicts = dais_sample_verdicts(0),
                            .message = message};
    entry_log(log, seq, &record);
}

static void bundle_log(dais_sample_log_t *log, uint64_t first, const dais_sample_bundle_t *bundle,
                       uint64_t epoch, const char *logged_at, const char *received_at)
{
    for (size_t i = 0; i < bundle->count; i++) {
        dais_record_t record = {.epoch = epoch,
                                .logged_at = dais_sample_time(logged_at),
                                .received_at = dais_sample_time(received_at),
                                .verdicts = dais_sample_verdicts(0),
                                .bundle = dais_hash_slice(&bundle->hash),
                                .index = i,
                                .message = bundle->messages[i]};
        log->entries[first + i].bundle = bundle;
        log->entries[first + i].index = i;
        entry_log(log, first + i, &record);
    }
}

static dais_list_t open_cases(void)
{
    dais_list_t list = {0};
    dais_open_case_t open_case = {.log = dais_sample_hash("dialogue-2026"),
                                  .organisation = dais_sample_id("harbour-forum"),
                                  .seq = 211};
    dais_writer_t writer = dais_sample_writer();
    dais_sample_must(dais_list_add(&list, &dais_shape_open_case, &open_case, &writer));
    (void)dais_sample_keep(&writer);
    return list;
}

static void genesis_make(dais_sample_log_t *log)
{
    dais_hash_t root = dais_sample_hash("the log of 2026");
    log->previous_checkpoint = dais_sample_checkpoint("previous-log", 1304, &root);
    dais_genesis_t genesis = {
        .cycle = dais_slice_text(DAIS_SAMPLE_CYCLE),
        .origin = dais_slice_text(DAIS_SAMPLE_ORIGIN),
        .created_at = dais_sample_time(GENESIS_AT),
        .rules = 1,
        .policy = dais_slice_text(POLICY),
        .log_key = dais_sample_device("log")->key,
        .registry_box_key = dais_sample_device("registry")->box_key,
        .secretariat = dais_sample_id("secretariat"),
        .holder = dais_slice_text(dais_sample_actor("secretariat")->holder),
        .previous_checkpoint = log->previous_checkpoint,
        .open_cases = open_cases(),
    };
    dais_writer_t writer = dais_sample_writer();
    dais_sample_must(dais_genesis_sign(&genesis, dais_sample_device("secretariat"), &writer));
    log->genesis = dais_sample_keep(&writer);
    own_log(log, 0, 1, GENESIS_AT, log->genesis);
    log->log = log->hashes[0];
}

/* A bundle of stream `stream` with number 0, by an author who has seen the first `seen` entries. */
static dais_bundle_t head_make(const dais_sample_log_t *log, uint64_t stream, size_t seen)
{
    return (dais_bundle_t){.log = log->log,
                           .stream = stream,
                           .seen_size = seen,
                           .seen_root = dais_tree_root(log->hashes, seen)};
}

static void stamp_make(dais_sample_log_t *log, size_t j, const char *at, const dais_hash_t *bundles,
                       size_t count)
{
    dais_sample_stamp_t *made = &log->stamps[j];
    made->stamp = (dais_stamp_t){.log = log->log, .j = j, .at = dais_sample_time(at)};
    if (j > 0)
        made->stamp.prev = dais_signed_hash(log->stamps[j - 1].bytes);
    dais_writer_t writer = dais_sample_writer();
    dais_sample_must(
        dais_stamp_sign(&made->stamp, bundles, count, dais_sample_device("intake"), &writer));
    made->bytes = dais_sample_keep(&writer);
}

static void bundles_make(dais_sample_log_t *log)
{
    log->office = (dais_sample_bundle_t){.name = "office", .head = head_make(log, 0, ENTRY_OFFICE)};
    dais_sample_bundle_make(&log->office, "office", office_said, OFFICE_COUNT);
    log->mission =
        (dais_sample_bundle_t){.name = "mission", .head = head_make(log, 1, ENTRY_OFFICE)};
    dais_sample_bundle_make(&log->mission, "mission", mission_said, 1);
    log->forked = (dais_sample_bundle_t){.name = "forked", .head = head_make(log, 0, ENTRY_OFFICE)};
    dais_sample_bundle_make(&log->forked, "office", forked_said, 1);
    stamp_make(log, 0, STAMP_AT, (dais_hash_t[]){log->office.hash, log->mission.hash}, 2);
    stamp_make(log, 1, FORKED_AT, &log->forked.hash, 1);
    stamp_make(log, 2, MARK_AT, NULL, 0);
}

/* What the registry enters after it has refused the forked bundle. */
static dais_slice_t turned_away_make(const dais_sample_log_t *log)
{
    dais_turned_away_t subject = {.bundle = log->forked.hash,
                                  .code = dais_slice_text("chain-fork")};
    dais_own_t own = {.log = log->log,
                      .kind = DAIS_KIND_TURNED_AWAY,
                      .subject = dais_sample_pack(&dais_shape_turned_away, &subject)};
    dais_writer_t writer = dais_sample_writer();
    dais_sample_must(dais_own_encode(&own, &writer));
    return dais_sample_keep(&writer);
}

static void log_make(dais_sample_log_t *log)
{
    genesis_make(log);
    log->roster = (dais_sample_bundle_t){.name = "roster", .head = head_make(log, 0, 1)};
    dais_sample_bundle_make(&log->roster, "secretariat", roster_said, ROSTER_COUNT);
    bundle_log(log, 1, &log->roster, 1, ROSTER_AT, ROSTER_AT);
    bundles_make(log);
    bundle_log(log, ENTRY_OFFICE, &log->office, 3, LOGGED_AT, STAMP_AT);
    bundle_log(log, ENTRY_MISSION, &log->mission, 3, LOGGED_AT, STAMP_AT);
    own_log(log, ENTRY_OWN, 3, OWN_AT, turned_away_make(log));
    dais_hash_t root = dais_tree_root(log->hashes, DAIS_SAMPLE_LOG_SIZE);
    log->checkpoint = dais_sample_checkpoint("log", DAIS_SAMPLE_LOG_SIZE, &root);
}

const dais_sample_log_t *dais_sample_log(void)
{
    static dais_sample_log_t log;
    static bool ready;
    if (!ready)
        log_make(&log);
    ready = true;
    return &log;
}

static dais_slice_t path_make(const dais_hash_t *leaves, size_t count, size_t index)
{
    dais_tree_path_t path;
    dais_sample_must(dais_tree_leaves_inclusion(leaves, count, index, &path));
    return dais_sample_copy(dais_tree_path_bytes(&path));
}

dais_slice_t dais_sample_path(uint64_t seq)
{
    return path_make(dais_sample_log()->hashes, DAIS_SAMPLE_LOG_SIZE, seq);
}

dais_slice_t dais_sample_message_path(const dais_sample_entry_t *entry)
{
    if (entry->bundle == NULL)
        return dais_slice(NULL, 0);
    return path_make(entry->bundle->leaves, entry->bundle->count, entry->index);
}

bool dais_sample_stamped(const dais_sample_bundle_t *bundle, size_t *index)
{
    const dais_sample_log_t *log = dais_sample_log();
    *index = bundle == &log->mission ? 1 : 0;
    return bundle == &log->office || bundle == &log->mission;
}

dais_slice_t dais_sample_bundle_path(const dais_sample_entry_t *entry)
{
    const dais_sample_log_t *log = dais_sample_log();
    size_t index;
    if (!dais_sample_stamped(entry->bundle, &index))
        return dais_slice(NULL, 0);
    dais_hash_t leaves[] = {dais_tree_leaf_hash(dais_hash_slice(&log->office.hash)),
                            dais_tree_leaf_hash(dais_hash_slice(&log->mission.hash))};
    return path_make(leaves, 2, index);
}

dais_slice_t dais_sample_blob(const char *name)
{
    const dais_sample_log_t *log = dais_sample_log();
    if (strcmp(name, "mark") == 0)
        return log->stamps[2].bytes;
    if (strcmp(name, "fork") != 0)
        dais_sample_fail("no bytes of this name", name);
    dais_hash_t root = dais_sample_hash("another history");
    return dais_sample_checkpoint("log", ENTRY_MISSION, &root);
}
