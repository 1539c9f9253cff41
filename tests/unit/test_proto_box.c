/* SPDX-License-Identifier: Apache-2.0 */
#include "proto/box.h"

#include <sodium.h>

#include "tests/support/slow.h"
#include "tests/support/world.h"
#include "tests/unit/assert_fault.h"

static world_t world;
static world_bundle_t bundle;
static dais_slice_t ask;
static dais_random_t random_system;
static uint8_t scratch[65536];
static dais_sealed_t sealed;
static dais_answer_t answer;

static dais_err_t no_entropy(void *context, void *bytes, size_t size)
{
    (void)context;
    memset(bytes, 0, size);
    return DAIS_ERR_ENTROPY;
}

static int world_setup(void **state)
{
    (void)state;
    world_reset();
    world_make(&world, 1, 1);
    world_bundle_make(&world, DAIS_KIND_OBJECTION_WITHDRAWAL, 2, 20, &bundle);
    dais_ask_t question = {.log = world.log,
                           .at = WORLD_NOW_MS,
                           .nonce = world_id(1),
                           .what = dais_slice("\x91\x07", 2)};
    dais_writer_t writer = world_writer();
    world_must(dais_ask_sign(&question, &world.office, &writer));
    ask = world_keep(&writer);
    random_system = dais_random_system();
    return 0;
}

static dais_slice_t sealed_box(const dais_key_t *key, const dais_hash_t *log, dais_slice_t envelope)
{
    dais_writer_t writer = world_writer();
    world_must(
        dais_sealed_close(key, log, envelope, &bundle.list, scratch, sizeof(scratch), &writer));
    return world_keep(&writer);
}

static dais_fault_t sealed_open(dais_slice_t box)
{
    spoil(sealed);
    return dais_sealed_open(&world.registry, &world.log, bundle.envelope, box, scratch,
                            sizeof(scratch), &sealed);
}

static dais_answer_t answer_make(void)
{
    return (dais_answer_t){.log = world.log, .body = dais_slice("\x92\x01\x02", 3)};
}

static dais_slice_t answer_box(const dais_key_t *asker, dais_slice_t asked)
{
    dais_answer_t plain = answer_make();
    dais_writer_t writer = world_writer();
    world_must(dais_answer_close(&world.registry, asker, &random_system, asked, &plain, scratch,
                                 sizeof(scratch), &writer));
    return world_keep(&writer);
}

static dais_fault_t answer_open(dais_slice_t box)
{
    spoil(answer);
    return dais_answer_open(&world.office, &world.registry.box_key, &world.log, ask, box, scratch,
                            sizeof(scratch), &answer);
}

/* Goal: a sealed bundle reaches the registry whole, within the overhead that is announced. Method:
 * close, open, check its items against the envelope. */
static void test_sealed(void **state)
{
    (void)state;
    size_t index;
    dais_slice_t box = sealed_box(&world.registry.box_key, &world.log, bundle.envelope);
    dais_sealed_t plain = {.log = world.log, .bundle = bundle.hash, .items = bundle.list};
    assert_int_equal(box.size, world_pack(&dais_shape_sealed, &plain).size + DAIS_SEAL_OVERHEAD);
    assert_fault(sealed_open(box), DAIS_OK, 0);
    assert_fault(dais_bundle_check_items(&bundle.head, &sealed.items, &index), DAIS_OK, 0);
    dais_slice_t again = sealed_box(&world.registry.box_key, &world.log, bundle.envelope);
    assert_false(dais_slice_equal(box, again)); /* Each box has a key of its own. */
}

/* Goal: the box opens for its registry only, and only where it belongs. Method: another key,
 * another log, another envelope. */
static void test_sealed_refusals(void **state)
{
    (void)state;
    dais_hash_t other = world_hash("log", 1);
    dais_slice_t box = sealed_box(&world.intake.box_key, &world.log, bundle.envelope);
    assert_fault(sealed_open(box), DAIS_ERR_BAD_BOX, 0);
    assert_all_zero(sealed);
    box = sealed_box(&world.registry.box_key, &other, bundle.envelope);
    assert_fault(sealed_open(box), DAIS_ERR_WRONG_LOG, 0);
    assert_all_zero(sealed);
    box = sealed_box(&world.registry.box_key, &world.log, ask);
    assert_fault(sealed_open(box), DAIS_ERR_WRONG_ENTRY, 0);
    assert_all_zero(sealed);
    uint8_t plain[] = {0x90};
    uint8_t own[sizeof(plain) + DAIS_SEAL_OVERHEAD];
    assert_int_equal(crypto_box_seal(own, plain, sizeof(plain), world.registry.box_key.bytes), 0);
    assert_fault(sealed_open(dais_slice(own, sizeof(own))), DAIS_ERR_WRONG_COUNT, 0);
    assert_all_zero(sealed);
}

static dais_fault_t sealed_parcel_open(dais_slice_t bytes, const dais_hash_t *log,
                                       dais_bundle_t *head)
{
    dais_sealed_parcel_t parcel;
    spoil(parcel);
    spoil(*head);
    dais_fault_t fault = dais_sealed_parcel_open(bytes, log, &parcel, head);
    if (fault.err != DAIS_OK) {
        assert_all_zero(parcel);
        assert_all_zero(*head);
    }
    return fault;
}

/* Goal: intake reads of a sealed parcel its header and nothing else, and no open kinds hide in
 * one. Method: a good one; another log; a header of open kinds; each prefix and a byte more; more
 * bytes than a bundle may have. */
static void test_sealed_parcel(void **state)
{
    (void)state;
    dais_bundle_t head;
    dais_hash_t other = world_hash("log", 1);
    dais_slice_t box = sealed_box(&world.registry.box_key, &world.log, bundle.envelope);
    dais_sealed_parcel_t parcel = {.envelope = bundle.envelope, .box = box};
    dais_slice_t bytes = world_pack(&dais_shape_sealed_parcel, &parcel);
    size_t envelope_at = 1 + 1 + 21 + 2;
    assert_fault(sealed_parcel_open(bytes, &world.log, &head), DAIS_OK, 0);
    assert_memory_equal(&head, &bundle.head, sizeof(head));
    assert_fault(sealed_parcel_open(bytes, &other, &head), DAIS_ERR_WRONG_LOG, envelope_at);
    for (size_t size = 0; size < bytes.size; size++)
        assert_int_not_equal(
            sealed_parcel_open(dais_slice(bytes.data, size), &world.log, &head).err, DAIS_OK);
    static uint8_t long_bytes[DAIS_LIMIT_BUNDLE_BYTES + 1];
    memcpy(long_bytes, bytes.data, bytes.size);
    assert_fault(sealed_parcel_open(dais_slice(long_bytes, bytes.size + 1), &world.log, &head),
                 DAIS_ERR_TRAILING, bytes.size);
    assert_fault(sealed_parcel_open(dais_slice(long_bytes, sizeof(long_bytes)), &world.log, &head),
                 DAIS_ERR_TOO_LONG, DAIS_LIMIT_BUNDLE_BYTES);
    static world_bundle_t open_kinds;
    world_bundle_make(&world, DAIS_KIND_COMMENT, 1, 1, &open_kinds);
    parcel.envelope = open_kinds.envelope;
    bytes = world_pack(&dais_shape_sealed_parcel, &parcel);
    assert_fault(sealed_parcel_open(bytes, &world.log, &head), DAIS_ERR_WRONG_STREAM, envelope_at);
}

/* Goal: no byte of a box may change, be cut off or added. Method: flip each bit; every prefix; one
 * byte more. */
static void test_sealed_every_bit_counts(void **state)
{
    (void)state;
    dais_slice_t box = sealed_box(&world.registry.box_key, &world.log, bundle.envelope);
    uint8_t *copy = world_room(box.size + 1);
    memcpy(copy, box.data, box.size);
    copy[box.size] = 0;
    for (size_t bit = 0; bit < 8 * box.size; bit += slow_step(7)) {
        /* X25519 does not look at the highest bit of a key, but the box's nonce does. */
        copy[bit / 8] ^= (uint8_t)(1U << bit % 8);
        assert_fault(sealed_open(dais_slice(copy, box.size)), DAIS_ERR_BAD_BOX, 0);
        copy[bit / 8] ^= (uint8_t)(1U << bit % 8);
    }
    for (size_t size = 0; size < box.size; size += slow_step(7)) {
        assert_fault(sealed_open(dais_slice(copy, size)), DAIS_ERR_BAD_BOX, 0);
        assert_all_zero(sealed);
    }
    assert_fault(sealed_open(dais_slice(copy, box.size + 1)), DAIS_ERR_BAD_BOX, 0);
}

/* Goal: too little room is a failure in both directions, and leaves nothing written. Method:
 * scratch and writer one byte short; a writer that has failed before. */
static void test_sealed_room(void **state)
{
    (void)state;
    dais_slice_t box = sealed_box(&world.registry.box_key, &world.log, bundle.envelope);
    size_t plain_size = box.size - DAIS_SEAL_OVERHEAD;
    uint8_t *room = world_room(box.size);
    dais_writer_t writer;
    dais_writer_init(&writer, room, box.size - 1);
    assert_err(dais_sealed_close(&world.registry.box_key, &world.log, bundle.envelope, &bundle.list,
                                 scratch, sizeof(scratch), &writer),
               DAIS_ERR_NO_SPACE);
    assert_int_equal(writer.size, 0);
    assert_err(dais_sealed_close(&world.registry.box_key, &world.log, bundle.envelope, &bundle.list,
                                 scratch, sizeof(scratch), &writer),
               DAIS_ERR_NO_SPACE);
    dais_writer_init(&writer, room, box.size);
    assert_err(dais_sealed_close(&world.registry.box_key, &world.log, bundle.envelope, &bundle.list,
                                 scratch, plain_size - 1, &writer),
               DAIS_ERR_NO_SPACE);
    assert_err(dais_sealed_close(&world.registry.box_key, &world.log, bundle.envelope, &bundle.list,
                                 scratch, plain_size, &writer),
               DAIS_OK);
    spoil(sealed);
    assert_fault(dais_sealed_open(&world.registry, &world.log, bundle.envelope, box, scratch,
                                  plain_size - 1, &sealed),
                 DAIS_ERR_NO_SPACE, 0);
    assert_all_zero(sealed);
}

/* Goal: nothing is closed for a key to which everybody has the secret. Method: the points of low
 * order 0 and 1, which no device has. */
static void test_weak_keys(void **state)
{
    (void)state;
    for (uint8_t i = 0; i < 2; i++) {
        dais_key_t weak = {{i}};
        dais_answer_t plain = answer_make();
        dais_writer_t writer = world_writer();
        assert_err(dais_sealed_close(&weak, &world.log, bundle.envelope, &bundle.list, scratch,
                                     sizeof(scratch), &writer),
                   DAIS_ERR_BAD_KEY);
        assert_err(dais_answer_close(&world.registry, &weak, &random_system, ask, &plain, scratch,
                                     sizeof(scratch), &writer),
                   DAIS_ERR_BAD_KEY);
        assert_int_equal(writer.size, 0);
    }
}

/* Goal: an ask opens for its log, by its key; no bit of it is without effect. Method: open; another
 * log; flip each bit. */
static void test_ask(void **state)
{
    (void)state;
    dais_ask_t out;
    dais_hash_t other = world_hash("log", 1);
    assert_fault(dais_ask_open(ask, &world.log, &out), DAIS_OK, 0);
    assert_memory_equal(out.key.bytes, world.office.key.bytes, DAIS_KEY_SIZE);
    assert_true(dais_slice_equal(out.what, dais_slice("\x91\x07", 2)));
    assert_fault(dais_ask_open(ask, &other, &out), DAIS_ERR_WRONG_LOG, 0);
    uint8_t *copy = world_copy(ask);
    for (size_t bit = 0; bit < 8 * ask.size; bit++) {
        copy[bit / 8] ^= (uint8_t)(1U << bit % 8);
        spoil(out);
        assert_true(dais_ask_open(dais_slice(copy, ask.size), &world.log, &out).err != DAIS_OK);
        assert_all_zero(out);
        copy[bit / 8] ^= (uint8_t)(1U << bit % 8);
    }
}

/* Goal: an answer reaches the asker, names the ask, and has a nonce of its own. Method: close the
 * same twice, open. */
static void test_answer(void **state)
{
    (void)state;
    dais_slice_t box = answer_box(&world.office.box_key, ask);
    assert_fault(answer_open(box), DAIS_OK, 0);
    dais_hash_t asked = dais_signed_hash(ask);
    assert_memory_equal(answer.ask.bytes, asked.bytes, DAIS_HASH_SIZE);
    assert_true(dais_slice_equal(answer.body, dais_slice("\x92\x01\x02", 3)));
    dais_slice_t again = answer_box(&world.office.box_key, ask);
    assert_int_equal(again.size, box.size);
    assert_memory_not_equal(again.data, box.data, crypto_box_NONCEBYTES);
}

/* Goal: an answer is for its asker, from its registry, to its ask, of its log. Method: another of
 * each; a box that holds no answer. */
static void test_answer_refusals(void **state)
{
    (void)state;
    assert_fault(answer_open(answer_box(&world.intake.box_key, ask)), DAIS_ERR_BAD_BOX, 0);
    assert_all_zero(answer);
    dais_slice_t box = answer_box(&world.office.box_key, ask);
    assert_fault(dais_answer_open(&world.office, &world.intake.box_key, &world.log, ask, box,
                                  scratch, sizeof(scratch), &answer),
                 DAIS_ERR_BAD_BOX, 0);
    dais_hash_t other = world_hash("log", 1);
    spoil(answer);
    assert_fault(dais_answer_open(&world.office, &world.registry.box_key, &other, ask, box, scratch,
                                  sizeof(scratch), &answer),
                 DAIS_ERR_WRONG_LOG, 0);
    assert_all_zero(answer);
    assert_fault(answer_open(answer_box(&world.office.box_key, bundle.envelope)),
                 DAIS_ERR_WRONG_ENTRY, 0);
    assert_all_zero(answer);
    static const uint8_t plain[] = {0x90};
    uint8_t own[sizeof(plain) + DAIS_ANSWER_OVERHEAD] = {0};
    assert_int_equal(crypto_box_easy(own + crypto_box_NONCEBYTES, plain, sizeof(plain), own,
                                     world.office.box_key.bytes, world.registry.box_secret),
                     0);
    assert_fault(answer_open(dais_slice(own, sizeof(own))), DAIS_ERR_WRONG_COUNT, 0);
    assert_all_zero(answer);
}

/* Goal: no byte of an answer's box may change, be cut off or added. Method: as for sealed boxes. */
static void test_answer_every_bit_counts(void **state)
{
    (void)state;
    dais_slice_t box = answer_box(&world.office.box_key, ask);
    uint8_t *copy = world_room(box.size + 1);
    memcpy(copy, box.data, box.size);
    copy[box.size] = 0;
    for (size_t bit = 0; bit < 8 * box.size; bit += slow_step(7)) {
        copy[bit / 8] ^= (uint8_t)(1U << bit % 8);
        assert_fault(answer_open(dais_slice(copy, box.size)), DAIS_ERR_BAD_BOX, 0);
        assert_all_zero(answer);
        copy[bit / 8] ^= (uint8_t)(1U << bit % 8);
    }
    for (size_t size = 0; size < box.size; size += slow_step(7))
        assert_fault(answer_open(dais_slice(copy, size)), DAIS_ERR_BAD_BOX, 0);
    assert_fault(answer_open(dais_slice(copy, box.size + 1)), DAIS_ERR_BAD_BOX, 0);
}

/* Goal: without room or randomness no answer is made. Method: scratch and writer one byte short, a
 * source that gives nothing, a body that no reader would take. */
static void test_answer_room(void **state)
{
    (void)state;
    dais_slice_t box = answer_box(&world.office.box_key, ask);
    size_t plain_size = box.size - DAIS_ANSWER_OVERHEAD;
    dais_answer_t plain = answer_make();
    uint8_t *room = world_room(box.size);
    const dais_key_t *asker = &world.office.box_key;
    dais_random_t none = {no_entropy, NULL};
    dais_writer_t writer;
    dais_writer_init(&writer, room, box.size - 1);
    assert_err(dais_answer_close(&world.registry, asker, &random_system, ask, &plain, scratch,
                                 sizeof(scratch), &writer),
               DAIS_ERR_NO_SPACE);
    dais_writer_init(&writer, room, box.size);
    assert_err(dais_answer_close(&world.registry, asker, &random_system, ask, &plain, scratch,
                                 plain_size - 1, &writer),
               DAIS_ERR_NO_SPACE);
    assert_err(
        dais_answer_close(&world.registry, asker, &none, ask, &plain, scratch, plain_size, &writer),
        DAIS_ERR_ENTROPY);
    plain.body = dais_slice("\xc0", 1);
    assert_err(dais_answer_close(&world.registry, asker, &random_system, ask, &plain, scratch,
                                 sizeof(scratch), &writer),
               DAIS_ERR_WRONG_TYPE);
    assert_int_equal(writer.size, 0);
    spoil(answer);
    assert_fault(dais_answer_open(&world.office, &world.registry.box_key, &world.log, ask, box,
                                  scratch, plain_size - 1, &answer),
                 DAIS_ERR_NO_SPACE, 0);
    assert_all_zero(answer);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sealed),
        cmocka_unit_test(test_sealed_refusals),
        cmocka_unit_test(test_sealed_parcel),
        cmocka_unit_test(test_sealed_every_bit_counts),
        cmocka_unit_test(test_sealed_room),
        cmocka_unit_test(test_weak_keys),
        cmocka_unit_test(test_ask),
        cmocka_unit_test(test_answer),
        cmocka_unit_test(test_answer_refusals),
        cmocka_unit_test(test_answer_every_bit_counts),
        cmocka_unit_test(test_answer_room),
    };
    return cmocka_run_group_tests(tests, world_setup, NULL);
}
