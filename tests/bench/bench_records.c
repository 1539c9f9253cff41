/* SPDX-License-Identifier: Apache-2.0
 *
 * Records encoded and decoded: a comment's message, a bundle's header, the record of the message.
 * The encoder also reads back what it wrote, the message's decoder also checks the subject: the
 * bare packer and unpacker do neither, and memcpy nothing at all. */
#include "tests/bench/bench_proto.h"

#include "proto/message.h"

static dais_message_t message;
static dais_bundle_t bundle;
static dais_record_t record;
static dais_slice_t message_bytes;
static dais_slice_t bundle_bytes;
static dais_slice_t record_bytes;
static uint8_t room[4096];

static void encode(const dais_shape_t *shape, const void *in, size_t times)
{
    for (size_t i = 0; i < times; i++) {
        dais_writer_t writer;
        dais_writer_init(&writer, room, sizeof(room));
        world_must(dais_shape_encode(shape, in, &writer));
        measure_sink = room[writer.size - 1];
    }
}

static void encode_message(size_t times)
{
    for (size_t i = 0; i < times; i++) {
        dais_writer_t writer;
        dais_writer_init(&writer, room, sizeof(room));
        world_must(dais_message_encode(&message, &writer));
        measure_sink = room[writer.size - 1];
    }
}

static void encode_bundle(size_t times)
{
    encode(&dais_shape_bundle, &bundle, times);
}

static void encode_record(size_t times)
{
    encode(&dais_shape_record, &record, times);
}

static void pack_message(size_t times)
{
    for (size_t i = 0; i < times; i++)
        measure_sink = bare_pack_message(&message).data[0];
}

static void pack_bundle(size_t times)
{
    for (size_t i = 0; i < times; i++)
        measure_sink = bare_pack_bundle(&bundle).data[0];
}

static void pack_record(size_t times)
{
    for (size_t i = 0; i < times; i++)
        measure_sink = bare_pack_record(&record).data[0];
}

static void decode_message(size_t times)
{
    for (size_t i = 0; i < times; i++) {
        dais_message_t out;
        const dais_kind_t *kind;
        world_must(dais_message_decode(message_bytes, &out, &kind).err);
        measure_sink = out.id.bytes[0];
    }
}

static void decode_bundle(size_t times)
{
    for (size_t i = 0; i < times; i++) {
        dais_bundle_t out;
        world_must(dais_shape_decode(&dais_shape_bundle, bundle_bytes, &out).err);
        measure_sink = out.root.bytes[0];
    }
}

static void decode_record(size_t times)
{
    for (size_t i = 0; i < times; i++) {
        dais_record_t out;
        world_must(dais_record_decode(record_bytes, &out).err);
        measure_sink = out.message.data[0];
    }
}

static void unpack_message(size_t times)
{
    for (size_t i = 0; i < times; i++)
        bare_unpack(message_bytes);
}

static void unpack_bundle(size_t times)
{
    for (size_t i = 0; i < times; i++)
        bare_unpack(bundle_bytes);
}

static void unpack_record(size_t times)
{
    for (size_t i = 0; i < times; i++)
        bare_unpack(record_bytes);
}

/* Through a volatile pointer, so that the copies are not merged into one. */
static void copy(dais_slice_t bytes, size_t times)
{
    static uint8_t *volatile target = room;
    for (size_t i = 0; i < times; i++)
        memcpy(target, bytes.data, bytes.size);
}

static void copy_message(size_t times)
{
    copy(message_bytes, times);
}

static void copy_bundle(size_t times)
{
    copy(bundle_bytes, times);
}

static void copy_record(size_t times)
{
    copy(record_bytes, times);
}

static void records_make(const world_t *world)
{
    static world_bundle_t said;
    world_bundle_make(world, DAIS_KIND_COMMENT, 256, 64, &said);
    bundle = said.head;
    message_bytes = said.messages[0];
    world_must(dais_shape_decode(&dais_shape_message, message_bytes, &message).err);
    record = (dais_record_t){.epoch = 3,
                             .logged_at = WORLD_NOW_MS,
                             .received_at = WORLD_NOW_MS,
                             .verdicts = world_verdicts(0, 1),
                             .bundle = dais_hash_slice(&said.hash),
                             .index = 200,
                             .message = message_bytes};
    bundle_bytes = world_pack(&dais_shape_bundle, &bundle);
    record_bytes = world_pack(&dais_shape_record, &record);
    if (!dais_slice_equal(bare_pack_message(&message), message_bytes) ||
        !dais_slice_equal(bare_pack_bundle(&bundle), bundle_bytes) ||
        !dais_slice_equal(bare_pack_record(&record), record_bytes))
        abort(); /* The sides would not do the same. */
}

void bench_records(const world_t *world, size_t rounds)
{
    static const measure_t measures[] = {
        {"message encoded",
         "record",
         1,
         {{"ours", encode_message}, {"msgpack-c packs", pack_message}, {"memcpy", copy_message}},
         0},
        {"bundle header encoded",
         "record",
         1,
         {{"ours", encode_bundle}, {"msgpack-c packs", pack_bundle}, {"memcpy", copy_bundle}},
         0},
        {"record encoded",
         "record",
         1,
         {{"ours", encode_record}, {"msgpack-c packs", pack_record}, {"memcpy", copy_record}},
         0},
        {"message decoded",
         "record",
         1,
         {{"ours", decode_message},
          {"msgpack-c unpacks", unpack_message},
          {"memcpy", copy_message}},
         0},
        {"bundle header decoded",
         "record",
         1,
         {{"ours", decode_bundle}, {"msgpack-c unpacks", unpack_bundle}, {"memcpy", copy_bundle}},
         0},
        {"record decoded",
         "record",
         1,
         {{"ours", decode_record}, {"msgpack-c unpacks", unpack_record}, {"memcpy", copy_record}},
         0},
    };
    records_make(world);
    printf("Records: message of %zu bytes, bundle header of %zu, record of %zu\n",
           message_bytes.size, bundle_bytes.size, record_bytes.size);
    for (size_t i = 0; i < sizeof(measures) / sizeof(measures[0]); i++)
        measure_print(&measures[i], rounds);
}
