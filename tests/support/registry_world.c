/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/support/registry_world.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "proto/box.h"
#include "proto/content.h"
#include "proto/genesis.h"
#include "proto/opening.h"
#include "proto/stamp.h"
#include "registry/check.h"
#include "tests/support/policy_text.h"
#include "tests/support/scenario_pack.h"

#define WORLD_MAP_BYTES ((size_t)256 << 20)

void world_must(dais_err_t err)
{
    if (err != DAIS_OK)
        fail_msg("registry: %s", dais_err_code(err));
}

static void *world_keep(world_t *world, size_t size)
{
    void *bytes = malloc(size + 1);
    void **kept = realloc(world->kept, (world->kept_count + 1) * sizeof *world->kept);
    if (bytes == NULL || kept == NULL)
        abort();
    world->kept = kept;
    world->kept[world->kept_count++] = bytes;
    return bytes;
}

dais_slice_t world_copy(world_t *world, dais_slice_t bytes)
{
    void *copy = world_keep(world, bytes.size);
    if (bytes.size > 0)
        memcpy(copy, bytes.data, bytes.size);
    return dais_slice(copy, bytes.size);
}

void world_open(world_t *world, const char *folder, uint64_t wall_ms)
{
    memset(world, 0, sizeof *world);
    (void)snprintf(world->data, sizeof world->data, "%s/cycles", folder);
    assert_true(mkdir(world->data, S_IRWXU) == 0);
    world->manual.now = (dais_now_t){.wall_ms = wall_ms, .boot_ms = 1000};
    world->house = (dais_house_t){.data_folder = world->data,
                                  .map_bytes = WORLD_MAP_BYTES,
                                  .quota = DAIS_HOUSE_QUOTA,
                                  .held_bytes_max = DAIS_HOUSE_HELD_BYTES,
                                  .clock = dais_clock_manual(&world->manual),
                                  .random = dais_random_seeded(&world->seeded, 7)};
    world_must(dais_crypto_init());
    world_must(dais_house_open(&world->house));
}

void world_close(world_t *world)
{
    dais_cycle_close(&world->cycle);
    dais_house_close(&world->house);
    for (size_t i = 0; i < world->kept_count; i++)
        free(world->kept[i]);
    free(world->kept);
}

dais_err_t world_reopen(world_t *world)
{
    dais_cycle_close(&world->cycle);
    return dais_cycle_open(&world->cycle, &world->house, world->name, DAIS_CYCLE_TO_SERVE);
}

void world_create(world_t *world, dais_genesis_t genesis)
{
    char folder[400];
    char public_keys[DAIS_CYCLE_KEYS_TEXT_MAX];
    static uint8_t packed[DAIS_LIMIT_MESSAGE];
    dais_writer_t writer;
    dais_cycle_keys_t keys;
    (void)snprintf(world->name, sizeof world->name, "%.*s", (int)genesis.cycle.size,
                   (const char *)genesis.cycle.data);
    dais_writer_init(&writer, public_keys, sizeof public_keys);
    world_must(dais_cycle_prepare(&world->house, world->name, genesis.origin, &writer));
    (void)snprintf(folder, sizeof folder, "%s/%s", world->data, world->name);
    world_must(dais_cycle_keys_load(folder, &keys));
    genesis.log_key = keys.log.key;
    genesis.registry_box_key = world->box_key = keys.box.box_key;
    dais_cycle_keys_wipe(&keys);
    dais_writer_init(&writer, packed, sizeof packed);
    world_must(dais_genesis_sign(&genesis, scenario_pack_device("sec"), &writer));
    char name[DAIS_LIMIT_CODE + 1];
    world_must(dais_cycle_create(&world->house, dais_slice(packed, writer.size),
                                 &scenario_pack_device("sec")->key, NULL, name));
    assert_string_equal(name, world->name);
    world_must(world_reopen(world));
    world->log = dais_cycle_about(world->cycle)->name;
}

static void world_create_as(world_t *world, const char *name, const char *origin)
{
    static char text[DAIS_LIMIT_POLICY];
    world_create(world, (dais_genesis_t){.cycle = dais_slice_text(name),
                                         .origin = dais_slice_text(origin),
                                         .created_at = world->manual.now.wall_ms,
                                         .rules = DAIS_RULES_NUMBER,
                                         .policy = policy_text(NULL, 0, text, sizeof text),
                                         .secretariat = scenario_pack_id("sec"),
                                         .holder = dais_slice_text("holder of sec")});
}

void world_create_sound(world_t *world)
{
    world_create_as(world, "c", "registry.example/c");
}

void world_create_named(world_t *world, unsigned number)
{
    char name[32];
    char origin[64];
    (void)snprintf(name, sizeof name, "n%u", number);
    (void)snprintf(origin, sizeof origin, "registry.example/%s", name);
    world_create_as(world, name, origin);
}

world_chain_t *world_chain(world_t *world, const char *name, unsigned stream)
{
    for (unsigned i = 0; i < world->chain_count; i++)
        if (world->chains[i].stream == stream && strcmp(world->chains[i].name, name) == 0)
            return &world->chains[i];
    assert_true(world->chain_count < WORLD_CHAINS);
    world_chain_t *chain = &world->chains[world->chain_count++];
    *chain = (world_chain_t){.stream = stream};
    (void)snprintf(chain->name, sizeof chain->name, "%s", name);
    return chain;
}

/* salt || content */
static dais_slice_t world_opening(world_t *world, dais_slice_t content, dais_hash_t *commitment)
{
    dais_key_t salt;
    uint8_t *bytes = world_keep(world, sizeof salt.bytes + content.size);
    world_must(dais_random_fill(&world->house.random, salt.bytes, sizeof salt.bytes));
    memcpy(bytes, salt.bytes, sizeof salt.bytes);
    if (content.size > 0)
        memcpy(bytes + sizeof salt.bytes, content.data, content.size);
    *commitment = dais_content_commit(&salt, content);
    return dais_slice(bytes, sizeof salt.bytes + content.size);
}

dais_item_t world_item(world_t *world, const char *who, unsigned kind, const void *subject,
                       dais_message_t *message, dais_slice_t content)
{
    static uint8_t packed[DAIS_LIMIT_SUBJECT];
    static uint8_t bytes[DAIS_LIMIT_MESSAGE];
    static const dais_id_t none;
    dais_writer_t writer;
    dais_item_t item;
    dais_writer_init(&writer, packed, sizeof packed);
    world_must(dais_shape_encode(dais_kind_of(kind)->subject, subject, &writer));
    message->log = world->log;
    message->kind = kind;
    message->subject = dais_slice(packed, writer.size);
    if (memcmp(&message->id, &none, sizeof none) == 0) {
        char name[32];
        (void)snprintf(name, sizeof name, "message %u", (unsigned)++world->messages);
        message->id = scenario_pack_id(name);
    }
    if (memcmp(&message->actor, &none, sizeof none) == 0)
        message->actor = scenario_pack_id(who);
    item.public_opening = world_opening(world, content, &message->public_commitment);
    item.private_opening = world_opening(world, dais_slice(NULL, 0), &message->private_commitment);
    dais_writer_init(&writer, bytes, sizeof bytes);
    world_must(dais_message_encode(message, &writer));
    item.message = world_copy(world, dais_slice(bytes, writer.size));
    return item;
}

/* What travels: in the clear, or in the registry's box. */
static void world_parcel(world_t *world, unsigned stream, const dais_list_t *items,
                         world_bundle_t *bundle)
{
    static uint8_t packed[DAIS_LIMIT_BUNDLE_BYTES + 4096];
    static uint8_t box[DAIS_LIMIT_BUNDLE_BYTES + 4096];
    static uint8_t plain[DAIS_LIMIT_BUNDLE_BYTES + 4096];
    dais_writer_t writer;
    dais_writer_init(&writer, packed, sizeof packed);
    if (stream == DAIS_STREAM_OPEN) {
        dais_parcel_t parcel = {.envelope = bundle->envelope, .items = *items};
        world_must(dais_shape_encode(&dais_shape_parcel, &parcel, &writer));
    } else {
        dais_writer_t boxed;
        dais_writer_init(&boxed, box, sizeof box);
        world_must(dais_sealed_close(&world->box_key, &world->log, bundle->envelope, items, plain,
                                     sizeof plain, &boxed));
        dais_sealed_parcel_t parcel = {.envelope = bundle->envelope,
                                       .box = dais_slice(box, boxed.size)};
        world_must(dais_shape_encode(&dais_shape_sealed_parcel, &parcel, &writer));
    }
    bundle->parcel = world_copy(world, dais_slice(packed, writer.size));
}

world_bundle_t world_bundle(world_t *world, const char *who, unsigned stream,
                            const dais_item_t *items, size_t count, const dais_bundle_t *seen)
{
    static uint8_t packed[DAIS_LIMIT_BUNDLE_BYTES + 4096];
    uint8_t envelope[DAIS_LIMIT_ENVELOPE];
    world_chain_t *chain = world_chain(world, who, stream);
    world_bundle_t bundle = {.count = count};
    dais_list_t list = {0};
    dais_writer_t writer;
    dais_bundle_t head = {.log = world->log,
                          .stream = stream,
                          .k = chain->next,
                          .prev = chain->prev,
                          .seen_root = dais_tree_empty_root()};
    if (seen != NULL) {
        head.seen_size = seen->seen_size;
        head.seen_root = seen->seen_root;
    }
    dais_writer_init(&writer, packed, sizeof packed);
    for (size_t i = 0; i < count; i++) {
        bundle.messages[i] = items[i].message;
        world_must(dais_list_add(&list, &dais_shape_item, &items[i], &writer));
    }
    dais_writer_init(&writer, envelope, sizeof envelope);
    world_must(dais_bundle_sign(&head, bundle.messages, count, scenario_pack_device(who), &writer));
    bundle.envelope = world_copy(world, dais_slice(envelope, writer.size));
    bundle.hash = dais_bundle_hash(bundle.envelope);
    chain->next++;
    chain->prev = bundle.hash;
    world_parcel(world, stream, &list, &bundle);
    return bundle;
}

static dais_slice_t world_parcels(world_t *world, const world_bundle_t *bundles, size_t count)
{
    size_t size = 0;
    for (size_t i = 0; i < count; i++)
        size += 4 + bundles[i].parcel.size;
    uint8_t *bytes = world_keep(world, size);
    size_t at = 0;
    for (size_t i = 0; i < count; i++) {
        size_t length = bundles[i].parcel.size;
        for (unsigned byte = 0; byte < 4; byte++)
            bytes[at++] = (uint8_t)(length >> (24 - 8 * byte));
        memcpy(bytes + at, bundles[i].parcel.data, length);
        at += length;
    }
    return dais_slice(bytes, size);
}

dais_hand_over_t world_stamp(world_t *world, const char *intake, uint64_t at,
                             const world_bundle_t *bundles, size_t count)
{
    static dais_hash_t hashes[DAIS_LIMIT_STAMP_BUNDLES];
    uint8_t bytes[DAIS_LIMIT_ENVELOPE];
    world_chain_t *chain = world_chain(world, intake, 2);
    dais_writer_t writer;
    dais_stamp_t stamp = {.log = world->log, .j = chain->next, .prev = chain->prev, .at = at};
    for (size_t i = 0; i < count; i++)
        hashes[i] = bundles[i].hash;
    assert_true(at >= chain->at);
    dais_writer_init(&writer, bytes, sizeof bytes);
    world_must(dais_stamp_sign(&stamp, hashes, count, scenario_pack_device(intake), &writer));
    dais_slice_t signed_bytes = world_copy(world, dais_slice(bytes, writer.size));
    chain->next++;
    chain->at = at;
    chain->prev = dais_signed_hash(signed_bytes);
    return (dais_hand_over_t){
        .log = world->log, .stamp = signed_bytes, .parcels = world_parcels(world, bundles, count)};
}

dais_take_t world_hand_over(world_t *world, const dais_hand_over_t *hand_over)
{
    world_must(dais_cycle_batch_begin(world->cycle));
    dais_take_t take = dais_cycle_take(world->cycle, hand_over);
    world_must(dais_cycle_batch_end(world->cycle));
    return take;
}

void world_send(world_t *world, const char *intake, uint64_t at, const world_bundle_t *bundles,
                size_t count)
{
    dais_hand_over_t hand_over = world_stamp(world, intake, at, bundles, count);
    if (world->manual.now.wall_ms < at)
        dais_clock_manual_advance(&world->manual, at - world->manual.now.wall_ms);
    dais_take_t take = world_hand_over(world, &hand_over);
    world_must(take.err);
    assert_int_equal(take.next, world_chain(world, intake, 2)->next);
}

dais_roster_change_t world_key(const char *name, unsigned role, const char *state,
                               const char *holder)
{
    const dais_device_t *device = scenario_pack_device(name);
    return (dais_roster_change_t){.change = DAIS_ROSTER_ADD,
                                  .who = scenario_pack_id(name),
                                  .role = role,
                                  .state = dais_slice_text(state),
                                  .name = dais_slice_text(name),
                                  .holder = dais_slice_text(holder),
                                  .key = device->key,
                                  .box_key = device->box_key};
}

world_bundle_t world_roster_bundle(world_t *world, const char *by, dais_roster_change_t change)
{
    dais_message_t message = {.actor = scenario_pack_id("sec")};
    dais_item_t item =
        world_item(world, by, DAIS_KIND_ROSTER_CHANGE, &change, &message, dais_slice(NULL, 0));
    return world_bundle(world, by, DAIS_STREAM_OPEN, &item, 1, NULL);
}

void world_add_key(world_t *world, const char *by, const char *name, unsigned role,
                   const char *state, const char *holder)
{
    uint64_t first;
    uint64_t count;
    dais_roster_change_t change = world_key(name, role, state, holder);
    if (role == DAIS_ROLE_SECRETARIAT)
        change.who = scenario_pack_id("sec");
    world_bundle_t bundle = world_roster_bundle(world, by, change);
    world_must(dais_cycle_admit(world->cycle, bundle.parcel, &first, &count));
    assert_int_equal(count, 1);
}

void world_read(world_t *world, uint64_t seq, world_entry_t *out)
{
    dais_book_t *book = dais_cycle_book(world->cycle);
    dais_opened_t opened;
    assert_true(dais_book_entry(book, seq, &out->entry));
    dais_fault_t fault = dais_opening_check(&out->entry.opening, &world->log, &opened);
    if (fault.err != DAIS_OK)
        fail_msg("entry %u: %s", (unsigned)seq, dais_err_code(fault.err));
    dais_hash_t leaf = dais_tree_leaf_hash(out->entry.leaf);
    assert_true(dais_hash_equal(&leaf, &opened.leaf));
    out->kind = opened.kind;
}

unsigned world_count(world_t *world, unsigned kind, uint64_t from)
{
    dais_book_t *book = dais_cycle_book(world->cycle);
    static world_entry_t entry;
    unsigned count = 0;
    dais_book_begin(book, DAIS_TXN_READ);
    for (uint64_t seq = from; seq < dais_book_size(book); seq++) {
        world_read(world, seq, &entry);
        count += entry.kind->number == kind;
    }
    world_must(dais_book_end(book));
    return count;
}

void world_verify(world_t *world)
{
    dais_check_t check;
    world_must(dais_check_cycle(world->cycle, &check));
    if (check.err != DAIS_OK)
        fail_msg("check: %s at %u", dais_err_code(check.err), (unsigned)check.seq);
    (void)world_count(world, 0, 0);
}
