/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_TESTS_SUPPORT_WORLD_H
#define DAIS_TESTS_SUPPORT_WORLD_H

/* A small consistent world for tests and benchmarks of everything that is signed, committed or
 * boxed: devices, a genesis, messages, bundles, a log with receipts. The same numbers give the same
 * bytes. All bytes lie in one arena until world_reset(). A step that fails aborts the program: then
 * the test itself is broken. */

#include <stdio.h>
#include <stdlib.h>

#include "proto/bundle.h"
#include "proto/checkpoint.h"
#include "proto/content.h"
#include "proto/entry.h"
#include "proto/genesis.h"
#include "proto/receipt.h"
#include "proto/tree_memory.h"

#define WORLD_ARENA_SIZE ((size_t)64 * 1024 * 1024)
#define WORLD_NOW_MS     1800000000000ULL

static struct {
    uint8_t bytes[WORLD_ARENA_SIZE];
    size_t used;
} world_arena;

static inline void world_reset(void)
{
    world_arena.used = 0;
}

static inline void world_must(dais_err_t err)
{
    if (err == DAIS_OK)
        return;
    (void)fprintf(stderr, "world: %s\n", dais_err_code(err));
    abort();
}

/* A writer over what is left of the arena; world_keep() ends it. One at a time. */
static inline dais_writer_t world_writer(void)
{
    dais_writer_t writer;
    dais_writer_init(&writer, world_arena.bytes + world_arena.used,
                     sizeof(world_arena.bytes) - world_arena.used);
    return writer;
}

static inline dais_slice_t world_keep(const dais_writer_t *writer)
{
    dais_slice_t bytes;
    world_must(dais_writer_finish(writer, &bytes));
    world_arena.used += bytes.size;
    return bytes;
}

static inline uint8_t *world_room(size_t size)
{
    world_arena.used = (world_arena.used + 15) & ~(size_t)15;
    if (size > sizeof(world_arena.bytes) - world_arena.used)
        world_must(DAIS_ERR_NO_SPACE);
    uint8_t *room = world_arena.bytes + world_arena.used;
    world_arena.used += size;
    return room;
}

/* A copy that a test may spoil. */
static inline uint8_t *world_copy(dais_slice_t bytes)
{
    uint8_t *copy = world_room(bytes.size);
    if (bytes.size > 0)
        memcpy(copy, bytes.data, bytes.size);
    return copy;
}

static inline dais_slice_t world_pack(const dais_shape_t *shape, const void *in)
{
    dais_writer_t writer = world_writer();
    world_must(dais_shape_encode(shape, in, &writer));
    return world_keep(&writer);
}

static inline dais_hash_t world_hash(const char *what, uint64_t number)
{
    dais_slice_t parts[] = {dais_slice_text(what), dais_slice(&number, sizeof(number))};
    return dais_hash(parts, 2);
}

static inline dais_key_t world_salt(uint64_t number)
{
    dais_hash_t hash = world_hash("salt", number);
    dais_key_t salt;
    memcpy(salt.bytes, hash.bytes, sizeof(salt.bytes));
    return salt;
}

static inline dais_id_t world_id(uint64_t number)
{
    dais_hash_t hash = world_hash("id", number);
    return dais_message_id(WORLD_NOW_MS + number, hash.bytes);
}

/* Bytes that look like text, `size` of them. */
static inline dais_slice_t world_text(size_t size)
{
    uint8_t *text = world_room(size);
    for (size_t i = 0; i < size; i++)
        text[i] = (uint8_t)('a' + i % 26);
    return dais_slice(text, size);
}

static inline dais_device_t world_device(unsigned number)
{
    dais_seed_t seed = {{0}};
    dais_device_t device;
    seed.bytes[0] = (uint8_t)number;
    dais_device_derive(&seed, &device);
    return device;
}

typedef struct {
    dais_device_t office;
    dais_device_t intake;
    dais_device_t registry;
    dais_device_t secretariat;
    dais_device_t log_device; /* signs the checkpoints of this cycle */
    dais_vkey_t log_key;
    char cycle[16];
    char origin[48];
    dais_slice_t genesis; /* signed */
    dais_slice_t genesis_record;
    dais_key_t genesis_salt;
    dais_hash_t log;
} world_t;

static inline dais_genesis_t world_genesis(const world_t *world)
{
    return (dais_genesis_t){.cycle = dais_slice_text(world->cycle),
                            .origin = dais_slice_text(world->origin),
                            .created_at = WORLD_NOW_MS,
                            .rules = 1,
                            .policy = dais_slice_text("policy\n    name = \"test\"\n"),
                            .log_key = world->log_device.key,
                            .registry_box_key = world->registry.box_key,
                            .secretariat = world_id(1),
                            .holder = dais_slice_text("The Secretary")};
}

static inline dais_list_t world_verdicts(uint64_t first, uint64_t count)
{
    dais_list_t list = {0};
    dais_writer_t writer = world_writer();
    for (uint64_t i = 0; i < count; i++) {
        dais_code_item_t code = {first + i};
        world_must(dais_list_add(&list, &dais_shape_code_item, &code, &writer));
    }
    (void)world_keep(&writer);
    return list;
}

/* Entry 0, whose leaf hash names the log. */
static inline void world_log_begin(world_t *world)
{
    dais_genesis_t genesis = world_genesis(world);
    dais_writer_t writer = world_writer();
    world_must(dais_genesis_sign(&genesis, &world->secretariat, &writer));
    world->genesis = world_keep(&writer);
    dais_record_t record = {.epoch = 1,
                            .logged_at = WORLD_NOW_MS,
                            .received_at = WORLD_NOW_MS,
                            .verdicts = world_verdicts(0, 1),
                            .message = world->genesis};
    world->genesis_record = world_pack(&dais_shape_record, &record);
    world->genesis_salt = world_salt(0);
    dais_hash_t commitment = dais_record_commit(&world->genesis_salt, world->genesis_record);
    world->log = dais_entry_hash(0, &commitment);
}

/* Worlds of one registry share all devices but that of the log, which is the cycle's. */
static inline void world_make(world_t *world, unsigned registry, unsigned cycle)
{
    *world = (world_t){.office = world_device(10 * registry + 1),
                       .intake = world_device(10 * registry + 2),
                       .registry = world_device(10 * registry + 3),
                       .secretariat = world_device(10 * registry + 4),
                       .log_device = world_device(100 + 10 * registry + cycle)};
    (void)snprintf(world->cycle, sizeof(world->cycle), "cycle-%u", cycle);
    (void)snprintf(world->origin, sizeof(world->origin), "registry-%u.example/%s", registry,
                   world->cycle);
    world_must(dais_crypto_init());
    world_must(dais_vkey_make(dais_slice_text(world->origin), world->log_device.key.bytes,
                              &world->log_key));
    world_log_begin(world);
}

/* A subject of an open kind (comment) or of a sealed one (objection-withdrawal). */
static inline dais_slice_t world_subject(uint64_t kind)
{
    if (kind == DAIS_KIND_COMMENT) {
        dais_comment_t comment = {.title = dais_slice_text("On a draft"),
                                  .language = dais_slice_text("en"),
                                  .words = 200};
        return world_pack(&dais_shape_comment, &comment);
    }
    dais_objection_withdrawal_t withdrawal = {0};
    dais_id_item_t target = {world_id(7)};
    dais_writer_t writer = world_writer();
    world_must(dais_list_add(&withdrawal.targets, &dais_shape_id_item, &target, &writer));
    (void)world_keep(&writer);
    return world_pack(&dais_shape_objection_withdrawal, &withdrawal);
}

/* salt || content, the content padded if it is private. */
static inline dais_slice_t world_content(uint64_t number, dais_slice_t content, bool private)
{
    size_t size = private ? dais_content_padded_size(content.size) : content.size;
    uint8_t *opening = world_room(DAIS_SALT_SIZE + size);
    dais_key_t salt = world_salt(number);
    memcpy(opening, salt.bytes, DAIS_SALT_SIZE);
    if (content.size > 0)
        memcpy(opening + DAIS_SALT_SIZE, content.data, content.size);
    if (private)
        world_must(dais_content_pad(opening + DAIS_SALT_SIZE, size, content.size, &size));
    return dais_slice(opening, DAIS_SALT_SIZE + size);
}

static inline dais_hash_t world_commitment(dais_slice_t opening)
{
    dais_key_t salt;
    memcpy(salt.bytes, opening.data, DAIS_SALT_SIZE);
    return dais_content_commit(
        &salt, dais_slice(opening.data + DAIS_SALT_SIZE, opening.size - DAIS_SALT_SIZE));
}

/* Message number n of the world's office, with what opens its contents. */
static inline dais_item_t world_item(const world_t *world, uint64_t kind, uint64_t number,
                                     dais_slice_t public, dais_slice_t private)
{
    dais_item_t item = {.public_opening = world_content(2 * number, public, false),
                        .private_opening = world_content(2 * number + 1, private, true)};
    dais_message_t message = {.log = world->log,
                              .kind = kind,
                              .id = world_id(number),
                              .actor = world_id(2),
                              .said_at = WORLD_NOW_MS + number,
                              .subject = world_subject(kind),
                              .public_commitment = world_commitment(item.public_opening),
                              .private_commitment = world_commitment(item.private_opening)};
    dais_writer_t writer = world_writer();
    world_must(dais_message_encode(&message, &writer));
    item.message = world_keep(&writer);
    return item;
}

typedef struct {
    dais_bundle_t head;
    size_t count;
    dais_item_t items[DAIS_LIMIT_BUNDLE_MESSAGES];
    dais_slice_t messages[DAIS_LIMIT_BUNDLE_MESSAGES];
    dais_list_t list; /* of the items */
    dais_slice_t envelope;
    dais_hash_t hash;
} world_bundle_t;

/* Signs what stands in head, messages and count, and names it. */
static inline void world_bundle_sign(const dais_device_t *device, world_bundle_t *bundle)
{
    dais_writer_t writer = world_writer();
    world_must(dais_bundle_sign(&bundle->head, bundle->messages, bundle->count, device, &writer));
    bundle->envelope = world_keep(&writer);
    bundle->hash = dais_bundle_hash(bundle->envelope);
}

/* The list of the items as they stand. */
static inline void world_bundle_list(world_bundle_t *bundle)
{
    dais_writer_t writer = world_writer();
    bundle->list = (dais_list_t){0};
    for (size_t i = 0; i < bundle->count; i++)
        world_must(dais_list_add(&bundle->list, &dais_shape_item, &bundle->items[i], &writer));
    (void)world_keep(&writer);
}

/* A bundle of the office: `count` messages of one kind, each with public content of this size. */
static inline void world_bundle_make(const world_t *world, uint64_t kind, size_t count,
                                     size_t content_size, world_bundle_t *out)
{
    *out = (world_bundle_t){.count = count};
    dais_slice_t content = world_text(content_size);
    for (size_t i = 0; i < count; i++) {
        out->items[i] = world_item(world, kind, i, content, dais_slice(NULL, 0));
        out->messages[i] = out->items[i].message;
    }
    world_bundle_list(out);
    out->head.log = world->log;
    out->head.stream = (uint64_t)dais_kind_of(kind)->stream;
    out->head.seen_root = dais_tree_empty_root();
    world_bundle_sign(&world->office, out);
}

static inline dais_slice_t world_parcel(const world_bundle_t *bundle)
{
    dais_parcel_t parcel = {.envelope = bundle->envelope, .items = bundle->list};
    return world_pack(&dais_shape_parcel, &parcel);
}

#endif
