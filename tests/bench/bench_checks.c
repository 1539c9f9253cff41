/* SPDX-License-Identifier: Apache-2.0
 *
 * Bundles, stamps and receipts checked, beside one Ed25519 verification and all the hashing that
 * the check cannot do without: a leaf hash for each message, the nodes of the tree, and the
 * commitments to public and private content. */
#include "tests/bench/bench_proto.h"

#include <sodium.h>

#include "proto/stamp.h"
#include "tests/support/world_run.h"

enum { MANY = 256, CONTENT_SIZE = 1024, LOG_BEFORE = 5000, LOG_AFTER = 300, LEAF_SIZE = 52 };

static dais_hash_t log_hash;
static dais_slice_t parcel_many;
static dais_slice_t parcel_one;
static dais_slice_t envelope;
static dais_slice_t stamp;
static size_t message_size;
static world_run_t run;
static dais_item_t items_many[MANY];
static uint8_t scratch[DAIS_LIMIT_RECORD];
static size_t record_size;

static void parcel_open(dais_slice_t parcel, size_t times)
{
    for (size_t i = 0; i < times; i++) {
        dais_parcel_t out;
        dais_bundle_t head;
        world_must(dais_parcel_open(parcel, &log_hash, &out, &head).err);
        measure_sink = head.root.bytes[0];
    }
}

static void parcel_open_many(size_t times)
{
    parcel_open(parcel_many, times);
}

static void parcel_open_one(size_t times)
{
    parcel_open(parcel_one, times);
}

static void stamp_open(size_t times)
{
    for (size_t i = 0; i < times; i++) {
        dais_stamp_t out;
        world_must(dais_stamp_open(stamp, &log_hash, &out).err);
        measure_sink = out.root.bytes[0];
    }
}

static void receipts_check(size_t times)
{
    static dais_run_t out;
    for (size_t i = 0; i < times; i++) {
        world_must(
            dais_receipts_check(&run.receipts, &run.claim, scratch, sizeof(scratch), &out).err);
        measure_sink = out.leaves[0].bytes[0];
    }
}

static void verify_bare(dais_slice_t signed_bytes, const dais_device_t *device)
{
    size_t size = signed_bytes.size - DAIS_SIGNATURE_SIZE;
    if (crypto_sign_verify_detached(signed_bytes.data + size, signed_bytes.data, size,
                                    device->key.bytes) != 0)
        abort();
}

static dais_device_t office;
static dais_device_t intake;

/* Node hashes read and write what is in the cache, as in the tree. */
static void nodes_hash(size_t count)
{
    uint8_t node[1 + 2 * DAIS_HASH_SIZE] = {1};
    for (size_t i = 0; i < count; i++)
        bare_hash(node, sizeof(node), node + 1);
    measure_sink = node[1];
}

/* All that has to be hashed of the messages, where it lies in the parcel. */
static void messages_hash(const dais_item_t *items, size_t count)
{
    static const uint8_t leaf_prefix = 0;
    uint8_t out[DAIS_HASH_SIZE];
    for (size_t i = 0; i < count; i++) {
        bare_hash_two(&leaf_prefix, 1, items[i].message, out);
        bare_hash_two("dais/content/1\n", 15, items[i].public_opening, out);
        bare_hash_two("dais/content/1\n", 15, items[i].private_opening, out);
        measure_sink = out[0];
    }
    nodes_hash(count - 1);
}

static void bare_many(size_t times)
{
    for (size_t i = 0; i < times; i++) {
        verify_bare(envelope, &office);
        messages_hash(items_many, MANY);
    }
}

static void bare_one(size_t times)
{
    for (size_t i = 0; i < times; i++) {
        verify_bare(envelope, &office);
        messages_hash(items_many, 1);
    }
}

static void bare_stamp(size_t times)
{
    for (size_t i = 0; i < times; i++)
        verify_bare(stamp, &intake);
}

/* Of each entry the commitment, the leaf and a node; between the run and the root two paths. */
static void bare_receipts(size_t times)
{
    for (size_t i = 0; i < times; i++) {
        verify_bare(envelope, &office);
        for (size_t entry = 0; entry < MANY; entry++) {
            uint8_t out[DAIS_HASH_SIZE];
            bare_hash_two("dais/record/1\n", 14, dais_slice(scratch, DAIS_SALT_SIZE + record_size),
                          out);
            bare_hash_two("", 1, dais_slice(scratch, LEAF_SIZE), out);
        }
        nodes_hash(MANY - 1 + 2 * 5);
    }
}

/* The items of the large parcel, as slices of it. */
static void items_take(void)
{
    dais_parcel_t parcel;
    world_must(dais_shape_decode(&dais_shape_parcel, parcel_many, &parcel).err);
    dais_list_walk_t walk = dais_list_begin(&parcel.items, &dais_shape_item);
    for (size_t i = 0; i < MANY; i++) {
        if (!dais_list_next(&walk, &items_many[i]))
            abort();
    }
}

static void checks_make(const world_t *world)
{
    static world_bundle_t bundle;
    log_hash = world->log;
    office = world->office;
    intake = world->intake;
    world_bundle_make(world, DAIS_KIND_COMMENT, 1, CONTENT_SIZE, &bundle);
    parcel_one = world_parcel(&bundle);
    world_bundle_make(world, DAIS_KIND_COMMENT, MANY, CONTENT_SIZE, &bundle);
    parcel_many = world_parcel(&bundle);
    items_take();
    envelope = bundle.envelope;
    message_size = bundle.messages[MANY / 2].size;
    dais_stamp_t said = {.log = world->log, .at = WORLD_NOW_MS};
    dais_writer_t writer = world_writer();
    world_must(dais_stamp_sign(&said, &bundle.hash, 1, &world->intake, &writer));
    stamp = world_keep(&writer);
    world_run_make(world, &bundle, LOG_BEFORE, MANY, LOG_AFTER, &run);
    dais_receipt_entry_t entry = world_run_entry(&run, MANY / 2);
    dais_writer_init(&writer, scratch, sizeof(scratch));
    world_must(dais_receipt_record(&run.receipts, &entry, &run.claim, &writer));
    record_size = writer.size;
}

void bench_checks(const world_t *world, size_t rounds)
{
    static const measure_t measures[] = {
        {"bundle of 256 checked, per message",
         "message",
         MANY,
         {{"ours", parcel_open_many}, {"Ed25519 + its hashing", bare_many}},
         1.2},
        {"bundle of 1 checked",
         "bundle",
         1,
         {{"ours", parcel_open_one}, {"Ed25519 + its hashing", bare_one}},
         0},
        {"stamp checked", "stamp", 1, {{"ours", stamp_open}, {"Ed25519", bare_stamp}}, 0},
        {"receipts of 256 checked, per entry",
         "entry",
         MANY,
         {{"ours", receipts_check}, {"Ed25519 + its hashing", bare_receipts}},
         0},
    };
    checks_make(world);
    printf("Checks: messages of %zu bytes with 1 KiB of public content and no private content, "
           "parcel of %zu bytes\n",
           message_size, parcel_many.size);
    for (size_t i = 0; i < sizeof(measures) / sizeof(measures[0]); i++)
        measure_print(&measures[i], rounds);
}
