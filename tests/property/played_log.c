/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/property/played_log.h"

#include <stdlib.h>

#include "proto/bundle.h"
#include "proto/checkpoint.h"
#include "proto/content.h"
#include "proto/entry.h"
#include "proto/genesis.h"
#include "proto/stamp.h"
#include "proto/tree_memory.h"

#define ROOM    (8 << 20)
#define CHAINS  (2 * CAST_COUNT)
#define BUNDLES 256

typedef struct {
    uint64_t next;
    dais_hash_t prev;
} chain_t;

/* A bundle, or the bundles under a stamp: where they are in the log. */
typedef struct {
    uint64_t first; /* entry */
    size_t count;   /* of messages, in a row */
    dais_slice_t envelope;
    dais_hash_t hash;
    unsigned stamp; /* number of its stamp, from 1; 0 for none */
} made_bundle_t;

typedef struct {
    unsigned first; /* bundle */
    unsigned count; /* of bundles, in a row */
    dais_slice_t bytes;
} made_stamp_t;

typedef struct {
    player_t *player;
    uint8_t room[ROOM];
    size_t used;
    dais_slice_t messages[PLAYER_ENTRIES_MAX];
    dais_hash_t leaves[PLAYER_ENTRIES_MAX]; /* of the messages in their bundle */
    unsigned bundle_of[PLAYER_ENTRIES_MAX];
    dais_hash_t hashes[PLAYER_ENTRIES_MAX]; /* of the log */
    dais_slice_t leaf_bytes[PLAYER_ENTRIES_MAX];
    dais_slice_t records[PLAYER_ENTRIES_MAX];
    chain_t bundle_chains[CHAINS];
    chain_t stamp_chains[CAST_COUNT];
    made_bundle_t bundles[BUNDLES * 2];
    unsigned bundle_count;
    made_stamp_t stamps[BUNDLES * 2];
    unsigned stamp_count;
    dais_hash_t under[BUNDLES]; /* hashes of the bundles of a stamp, and then their leaves */
    uint8_t paths[2][64 * 32];  /* of the entry that is given */
} made_log_t;

static void made_must(dais_err_t err)
{
    if (err == DAIS_OK)
        return;
    (void)fprintf(stderr, "a played log cannot be written: %s\n", dais_err_code(err));
    abort();
}

static dais_writer_t made_writer(made_log_t *made)
{
    dais_writer_t writer;
    dais_writer_init(&writer, made->room + made->used, sizeof made->room - made->used);
    return writer;
}

static dais_slice_t made_keep(made_log_t *made, const dais_writer_t *writer)
{
    dais_slice_t bytes;
    made_must(dais_writer_finish(writer, &bytes));
    made->used += bytes.size;
    return bytes;
}

static dais_key_t made_salt(uint64_t seq)
{
    dais_slice_t parts[] = {dais_slice_text("salt"), dais_slice(&seq, sizeof seq)};
    dais_hash_t hash = dais_hash(parts, 2);
    dais_key_t salt;
    memcpy(salt.bytes, hash.bytes, sizeof salt.bytes);
    return salt;
}

/* Record and leaf of an entry. */
static void made_entry(made_log_t *made, uint64_t seq, const played_t *entry, dais_slice_t message,
                       const made_bundle_t *bundle)
{
    uint8_t codes[DAIS_LIMIT_TARGETS * 8];
    dais_writer_t list;
    dais_record_t record = {.epoch = 1,
                            .logged_at = entry->logged_at,
                            .received_at = entry->logged_at,
                            .message = message};
    dais_writer_init(&list, codes, sizeof codes);
    for (unsigned i = 0; i < entry->verdicts.count; i++) {
        dais_code_item_t code = {entry->verdicts.codes[i]};
        made_must(dais_list_add(&record.verdicts, &dais_shape_code_item, &code, &list));
    }
    if (bundle != NULL) {
        record.bundle = dais_hash_slice(&bundle->hash);
        record.index = entry->facts.index;
        record.received_at = entry->facts.received_at;
    }
    dais_key_t salt = made_salt(seq);
    dais_writer_t writer = made_writer(made);
    made_must(dais_shape_encode(&dais_shape_record, &record, &writer));
    made->records[seq] = made_keep(made, &writer);
    dais_hash_t commitment = dais_record_commit(&salt, made->records[seq]);
    writer = made_writer(made);
    made_must(dais_entry_write(seq, &commitment, &writer));
    made->leaf_bytes[seq] = made_keep(made, &writer);
    made->hashes[seq] = dais_tree_leaf_hash(made->leaf_bytes[seq]);
}

static dais_slice_t made_genesis(made_log_t *made)
{
    dais_genesis_t genesis = player_genesis(made->player);
    dais_writer_t writer = made_writer(made);
    made_must(dais_genesis_sign(&genesis, player_device(CAST_SEC), &writer));
    return made_keep(made, &writer);
}

static const played_t made_first = {.logged_at = SEQUENCE_BASE_MS,
                                    .verdicts = {1, {DAIS_VERDICT_ACCEPTED}}};

dais_hash_t played_log_name(player_t *player, const sequence_t *sequence)
{
    made_log_t *made = calloc(1, sizeof *made);
    if (made == NULL)
        abort();
    made->player = player;
    player->sequence = sequence;
    made_entry(made, 0, &made_first, made_genesis(made), NULL);
    dais_hash_t name = made->hashes[0];
    free(made);
    return name;
}

/* The bytes of each message, and which bundle it is in. */
static void made_messages(made_log_t *made)
{
    dais_key_t salt = {{0}};
    dais_hash_t nothing = dais_content_commit(&salt, dais_slice(NULL, 0));
    uint64_t last = 0;
    for (uint64_t seq = 1; seq < made->player->count; seq++) {
        const played_t *entry = &made->player->entries[seq];
        dais_writer_t writer = made_writer(made);
        if (entry->uid == 0) {
            dais_own_t own = {
                .log = made->player->log, .kind = entry->kind->number, .subject = entry->subject};
            made_must(dais_own_encode(&own, &writer));
            made->messages[seq] = made_keep(made, &writer);
            continue;
        }
        dais_message_t message = entry->message;
        message.log = made->player->log;
        message.public_commitment = message.private_commitment = nothing;
        made_must(dais_message_encode(&message, &writer));
        made->messages[seq] = made_keep(made, &writer);
        made->leaves[seq] = dais_tree_leaf_hash(made->messages[seq]);
        if (entry->bundle != last)
            made->bundles[made->bundle_count++] = (made_bundle_t){.first = seq};
        last = entry->bundle;
        made->bundles[made->bundle_count - 1].count++;
        made->bundle_of[seq] = made->bundle_count - 1;
    }
}

static void made_sign_bundle(made_log_t *made, made_bundle_t *bundle)
{
    const played_t *entry = &made->player->entries[bundle->first];
    unsigned stream = (unsigned)entry->kind->stream;
    chain_t *chain = &made->bundle_chains[2 * entry->who + stream];
    dais_writer_t writer = made_writer(made);
    dais_bundle_t head = {.log = made->player->log,
                          .stream = stream,
                          .k = chain->next++,
                          .prev = chain->prev,
                          .seen_root = dais_tree_empty_root()};
    made_must(dais_bundle_sign(&head, &made->messages[bundle->first], bundle->count,
                               player_device(entry->who), &writer));
    bundle->envelope = made_keep(made, &writer);
    bundle->hash = dais_bundle_hash(bundle->envelope);
    chain->prev = bundle->hash;
}

/* Bundles that share a stamp follow one another. */
static void made_stamps(made_log_t *made)
{
    for (unsigned n = 0; n < made->bundle_count; n++) {
        made_bundle_t *bundle = &made->bundles[n];
        const played_t *entry = &made->player->entries[bundle->first];
        made_sign_bundle(made, bundle);
        if (entry->facts.intake == 0)
            continue;
        if (entry->facts.bundle_index == 0)
            made->stamps[made->stamp_count++] = (made_stamp_t){.first = n};
        made->stamps[made->stamp_count - 1].count++;
        bundle->stamp = made->stamp_count;
    }
}

static unsigned made_intake(const player_t *player, uint32_t key_number)
{
    for (unsigned i = CAST_INTAKE; i <= CAST_INTAKE_3; i++) {
        dais_key_t key = player_key(i);
        if (dais_roster_find(player->store, &key).key_number == key_number)
            return i;
    }
    abort();
}

static void made_sign_stamp(made_log_t *made, made_stamp_t *stamp)
{
    const played_t *entry = &made->player->entries[made->bundles[stamp->first].first];
    unsigned intake = made_intake(made->player, entry->facts.intake);
    chain_t *chain = &made->stamp_chains[intake];
    dais_writer_t writer = made_writer(made);
    dais_stamp_t head = {.log = made->player->log,
                         .j = entry->facts.j,
                         .prev = chain->prev,
                         .at = entry->facts.received_at};
    for (unsigned i = 0; i < stamp->count; i++)
        made->under[i] = made->bundles[stamp->first + i].hash;
    made_must(dais_stamp_sign(&head, made->under, stamp->count, player_device(intake), &writer));
    stamp->bytes = made_keep(made, &writer);
    if (chain->next++ != entry->facts.j)
        made_must(DAIS_ERR_BAD_CHAIN);
    chain->prev = dais_signed_hash(stamp->bytes);
}

static dais_slice_t made_path(const dais_hash_t *leaves, size_t count, size_t index, uint8_t *room)
{
    dais_tree_path_t path;
    made_must(dais_tree_leaves_inclusion(leaves, count, index, &path));
    dais_slice_t bytes = dais_tree_path_bytes(&path);
    if (bytes.size > 0)
        memcpy(room, bytes.data, bytes.size);
    return dais_slice(room, bytes.size);
}

static dais_err_t made_give(void *context, uint64_t seq, dais_export_given_t *out)
{
    made_log_t *made = context;
    const played_t *entry = &made->player->entries[seq];
    *out = (dais_export_given_t){.leaf = made->leaf_bytes[seq], .is_open = true};
    out->opening.record = made->records[seq];
    out->opening.salt = made_salt(seq);
    if (entry->uid == 0)
        return DAIS_OK;
    const made_bundle_t *bundle = &made->bundles[made->bundle_of[seq]];
    out->opening.envelope = bundle->envelope;
    out->opening.message_path =
        made_path(&made->leaves[bundle->first], bundle->count, entry->facts.index, made->paths[0]);
    if (bundle->stamp == 0)
        return DAIS_OK;
    const made_stamp_t *stamp = &made->stamps[bundle->stamp - 1];
    for (unsigned i = 0; i < stamp->count; i++)
        made->under[i] =
            dais_tree_leaf_hash(dais_hash_slice(&made->bundles[stamp->first + i].hash));
    out->opening.stamp = stamp->bytes;
    out->opening.bundle_index = entry->facts.bundle_index;
    out->opening.bundle_path =
        made_path(made->under, stamp->count, entry->facts.bundle_index, made->paths[1]);
    return DAIS_OK;
}

static dais_slice_t made_checkpoint(made_log_t *made, dais_slice_t origin)
{
    const dais_device_t *device = player_device(CAST_COUNT);
    dais_writer_t writer = made_writer(made);
    dais_vkey_t vkey;
    dais_checkpoint_t checkpoint = {.origin = origin,
                                    .size = made->player->count,
                                    .root = dais_tree_root(made->hashes, made->player->count)};
    made_must(dais_vkey_make(origin, device->key.bytes, &vkey));
    made_must(dais_checkpoint_sign(&checkpoint, &vkey, device->secret, &writer));
    return made_keep(made, &writer);
}

void played_log_export(player_t *player, dais_export_sink_t *sink, void *context)
{
    made_log_t *made = calloc(1, sizeof *made);
    if (made == NULL)
        abort();
    made->player = player;
    made_entry(made, 0, &made_first, made_genesis(made), NULL);
    made_messages(made);
    made_stamps(made);
    for (unsigned n = 0; n < made->stamp_count; n++)
        made_sign_stamp(made, &made->stamps[n]);
    for (uint64_t seq = 1; seq < player->count; seq++) {
        const played_t *entry = &player->entries[seq];
        made_entry(made, seq, entry, made->messages[seq],
                   entry->uid == 0 ? NULL : &made->bundles[made->bundle_of[seq]]);
    }
    dais_slice_t origin = dais_slice_text("registry.example/dialogue-2027");
    dais_export_source_t source = {.entry = made_give,
                                   .context = made,
                                   .origin = origin,
                                   .size = player->count,
                                   .checkpoint = made_checkpoint(made, origin)};
    made_must(dais_export_log(&source, sink, context));
    free(made);
}
