/* SPDX-License-Identifier: Apache-2.0 */
#include "proto/opening.h"

#include "proto/stamp.h"
#include "tests/support/slow.h"
#include "tests/support/world.h"
#include "tests/unit/assert_fault.h"

enum { COUNT = 3, INDEX = 1, SEQ = 40 };

static world_t world;
static world_bundle_t bundle;
static dais_opening_t good; /* message INDEX of the bundle, stamped */

static dais_slice_t message_path(size_t index)
{
    dais_hash_t leaves[COUNT];
    dais_tree_path_t path;
    for (size_t i = 0; i < COUNT; i++)
        leaves[i] = dais_tree_leaf_hash(bundle.messages[i]);
    world_must(dais_tree_leaves_inclusion(leaves, COUNT, index, &path));
    dais_slice_t bytes = dais_tree_path_bytes(&path);
    return dais_slice(world_copy(bytes), bytes.size);
}

/* A stamp over another bundle and ours, which stands at index 1. */
static void stamp_put(dais_opening_t *opening, const dais_hash_t *log, uint64_t at)
{
    dais_stamp_t stamp = {.log = *log, .at = at};
    const dais_hash_t hashes[] = {world_hash("bundle", 1), bundle.hash};
    dais_hash_t first = dais_tree_leaf_hash(dais_hash_slice(&hashes[0]));
    dais_writer_t writer = world_writer();
    world_must(dais_stamp_sign(&stamp, hashes, 2, &world.intake, &writer));
    opening->stamp = world_keep(&writer);
    opening->bundle_path = dais_slice(world_copy(dais_hash_slice(&first)), DAIS_HASH_SIZE);
    opening->bundle_index = 1;
}

static dais_record_t record_make(void)
{
    return (dais_record_t){.epoch = 1,
                           .logged_at = WORLD_NOW_MS + 20,
                           .received_at = WORLD_NOW_MS + 10,
                           .verdicts = world_verdicts(0, 1),
                           .bundle = dais_hash_slice(&bundle.hash),
                           .index = INDEX,
                           .message = bundle.messages[INDEX]};
}

static int world_setup(void **state)
{
    (void)state;
    world_reset();
    world_make(&world, 1, 1);
    world_bundle_make(&world, DAIS_KIND_COMMENT, COUNT, 10, &bundle);
    bundle.items[INDEX] =
        world_item(&world, DAIS_KIND_COMMENT, INDEX, world_text(30), world_text(2000));
    bundle.messages[INDEX] = bundle.items[INDEX].message;
    world_bundle_sign(&world.office, &bundle);
    dais_record_t record = record_make();
    good = (dais_opening_t){.seq = SEQ,
                            .record = world_pack(&dais_shape_record, &record),
                            .salt = world_salt(1),
                            .envelope = bundle.envelope,
                            .message_path = message_path(INDEX),
                            .public_opening = bundle.items[INDEX].public_opening,
                            .private_opening = bundle.items[INDEX].private_opening};
    stamp_put(&good, &world.log, record.received_at);
    return 0;
}

static void record_put(dais_opening_t *opening, const dais_record_t *record)
{
    opening->record = world_pack(&dais_shape_record, record);
}

/* An opening that shows nothing but a record of the registry's own. */
static dais_opening_t own_opening(uint64_t seq, dais_slice_t message)
{
    dais_record_t record = {.epoch = 1,
                            .logged_at = WORLD_NOW_MS,
                            .received_at = WORLD_NOW_MS,
                            .verdicts = world_verdicts(0, 1),
                            .message = message};
    dais_opening_t opening = {.seq = seq, .salt = world_salt(2)};
    record_put(&opening, &record);
    return opening;
}

static dais_slice_t own_slot(const dais_hash_t *log)
{
    dais_reserved_t slot = {0};
    dais_own_t own = {
        .log = *log, .kind = DAIS_KIND_SLOT, .subject = world_pack(&dais_shape_reserved, &slot)};
    dais_writer_t writer = world_writer();
    world_must(dais_own_encode(&own, &writer));
    return world_keep(&writer);
}

static void assert_refused(const dais_opening_t *opening, dais_err_t err)
{
    dais_opened_t out;
    spoil(out);
    assert_err(dais_opening_check(opening, &world.log, &out).err, err);
    assert_all_zero(out);
}

static void assert_good(const dais_opening_t *opening, dais_opened_t *out)
{
    memset(out, 0xA5, sizeof(*out));
    assert_fault(dais_opening_check(opening, &world.log, out), DAIS_OK, 0);
    dais_hash_t commitment = dais_record_commit(&opening->salt, opening->record);
    dais_hash_t leaf = dais_entry_hash(opening->seq, &commitment);
    assert_memory_equal(out->leaf.bytes, leaf.bytes, DAIS_HASH_SIZE);
    assert_int_equal(out->seq, opening->seq);
}

/* Goal: a stamped message shows all that it is tied to, the private content without padding.
 * Method: open it from its packed form and compare. */
static void test_message(void **state)
{
    (void)state;
    dais_opened_t out;
    dais_opening_t opening;
    dais_slice_t packed = world_pack(&dais_shape_opening, &good);
    world_must(dais_shape_decode(&dais_shape_opening, packed, &opening).err);
    assert_good(&opening, &out);
    assert_int_equal(out.kind->number, DAIS_KIND_COMMENT);
    assert_true(out.has_bundle && out.has_stamp);
    assert_memory_equal(out.bundle.key.bytes, world.office.key.bytes, DAIS_KEY_SIZE);
    assert_memory_equal(out.stamp.key.bytes, world.intake.key.bytes, DAIS_KEY_SIZE);
    assert_int_equal(out.record.index, INDEX);
    assert_memory_equal(out.message.log.bytes, world.log.bytes, DAIS_HASH_SIZE);
    assert_int_equal(out.public_content.size, 30);
    assert_int_equal(out.private_content.size, 2000);
    assert_true(dais_slice_equal(out.private_content, world_text(2000)));
    assert_null(out.genesis.cycle.data);
    assert_int_equal(out.own.kind, 0);
}

/* Goal: closed contents are told from empty ones. Method: leave either out; then a message whose
 * contents are both empty. */
static void test_contents_left_out(void **state)
{
    (void)state;
    dais_opened_t out;
    dais_opening_t opening = good;
    opening.public_opening = dais_slice(NULL, 0);
    assert_good(&opening, &out);
    assert_null(out.public_content.data);
    assert_int_equal(out.private_content.size, 2000);
    opening = good;
    opening.private_opening = dais_slice(NULL, 0);
    assert_good(&opening, &out);
    assert_null(out.private_content.data);
    assert_int_equal(out.public_content.size, 30);

    bundle.items[INDEX] =
        world_item(&world, DAIS_KIND_COMMENT, INDEX, dais_slice(NULL, 0), dais_slice(NULL, 0));
    bundle.messages[INDEX] = bundle.items[INDEX].message;
    world_bundle_sign(&world.office, &bundle);
    dais_record_t record = record_make();
    record_put(&opening, &record);
    opening.envelope = bundle.envelope;
    opening.message_path = message_path(INDEX);
    opening.public_opening = bundle.items[INDEX].public_opening;
    opening.private_opening = bundle.items[INDEX].private_opening;
    stamp_put(&opening, &world.log, record.received_at);
    assert_good(&opening, &out);
    assert_non_null(out.public_content.data);
    assert_non_null(out.private_content.data);
    assert_int_equal(out.public_content.size + out.private_content.size, 0);
}

/* Goal: a message given to the registry on its host opens without a stamp, and only so. Method:
 * leave the stamp out; then with a trace of one, or with two times that differ. */
static void test_without_stamp(void **state)
{
    (void)state;
    dais_opened_t out;
    dais_record_t record = record_make();
    dais_opening_t bare = good;
    bare.stamp = bare.bundle_path = dais_slice(NULL, 0);
    bare.bundle_index = 0;
    assert_refused(&bare, DAIS_ERR_WRONG_ENTRY);
    record.received_at = record.logged_at;
    record_put(&bare, &record);
    assert_good(&bare, &out);
    assert_true(out.has_bundle && !out.has_stamp);
    dais_opening_t opening = bare;
    opening.bundle_index = 1;
    assert_refused(&opening, DAIS_ERR_WRONG_ENTRY);
    opening = bare;
    opening.bundle_path = good.bundle_path;
    assert_refused(&opening, DAIS_ERR_WRONG_ENTRY);
}

/* Goal: genesis opens as entry 0, whatever log is asked for, and as no other entry; a message or an
 * own record is no entry 0. Method: each at the other's place. */
static void test_genesis(void **state)
{
    (void)state;
    dais_opened_t out;
    dais_opening_t opening = own_opening(0, world.genesis);
    dais_hash_t other = world_hash("log", 1);
    assert_good(&opening, &out);
    assert_int_equal(out.kind->number, DAIS_KIND_GENESIS);
    assert_true(dais_slice_equal(out.genesis.cycle, dais_slice_text(world.cycle)));
    assert_false(out.has_bundle || out.has_stamp);
    assert_fault(dais_opening_check(&opening, &other, &out), DAIS_OK, 0);
    opening.seq = 1;
    assert_refused(&opening, DAIS_ERR_WRONG_COUNT);
    opening = own_opening(0, own_slot(&world.log));
    assert_refused(&opening, DAIS_ERR_WRONG_COUNT);
    opening = good;
    opening.seq = 0;
    assert_refused(&opening, DAIS_ERR_WRONG_ENTRY);
}

/* Goal: an own entry stands for itself: it shows nothing else, was received when it was logged, and
 * is of this log. Method: one good; each field that it may not have; another time; another log; a
 * message that no bundle carries. */
static void test_own(void **state)
{
    (void)state;
    static const size_t slices[] = {
        offsetof(dais_opening_t, envelope),       offsetof(dais_opening_t, message_path),
        offsetof(dais_opening_t, stamp),          offsetof(dais_opening_t, bundle_path),
        offsetof(dais_opening_t, public_opening), offsetof(dais_opening_t, private_opening)};
    dais_opened_t out;
    dais_opening_t own = own_opening(SEQ, own_slot(&world.log));
    assert_good(&own, &out);
    assert_int_equal(out.own.kind, DAIS_KIND_SLOT);
    assert_int_equal(out.kind->number, DAIS_KIND_SLOT);
    for (size_t i = 0; i < sizeof(slices) / sizeof(slices[0]); i++) {
        dais_opening_t opening = own;
        *(dais_slice_t *)(void *)((uint8_t *)&opening + slices[i]) = dais_slice_text("x");
        assert_refused(&opening, DAIS_ERR_WRONG_ENTRY);
    }
    dais_opening_t opening = own;
    opening.bundle_index = 1;
    assert_refused(&opening, DAIS_ERR_WRONG_ENTRY);
    dais_record_t record;
    world_must(dais_record_decode(own.record, &record).err);
    record.received_at--;
    opening = own;
    record_put(&opening, &record);
    assert_refused(&opening, DAIS_ERR_WRONG_ENTRY);
    dais_hash_t other = world_hash("log", 1);
    opening = own_opening(SEQ, own_slot(&other));
    assert_refused(&opening, DAIS_ERR_WRONG_LOG);
    opening = own_opening(SEQ, bundle.messages[0]);
    assert_refused(&opening, DAIS_ERR_WRONG_COUNT);
}

/* Goal: the record names the bundle, the bundle holds the message where the record says, and the
 * bundle's stream is that of the message's kind. Method: break each tie, the rest left good. */
static void test_bundle_ties(void **state)
{
    (void)state;
    dais_record_t record = record_make();
    dais_opening_t opening = good;
    opening.envelope = dais_slice_text("x");
    assert_refused(&opening, DAIS_ERR_WRONG_ENTRY);
    opening = good;
    record.index = 0;
    record_put(&opening, &record);
    assert_refused(&opening, DAIS_ERR_BAD_PROOF);
    record.index = COUNT;
    record_put(&opening, &record);
    assert_refused(&opening, DAIS_ERR_OUT_OF_RANGE);
    record = record_make();
    record.message = bundle.messages[0];
    record_put(&opening, &record);
    assert_refused(&opening, DAIS_ERR_BAD_PROOF);
    opening = good;
    opening.message_path = message_path(0);
    assert_refused(&opening, DAIS_ERR_BAD_PROOF);
    record.message = dais_slice_text("x");
    record_put(&opening, &record);
    assert_refused(&opening, DAIS_ERR_WRONG_TYPE);
}

/* Goal: message, bundle and stamp are all of the log that is asked for. Method: one of each for
 * another log, in turn. */
static void test_logs(void **state)
{
    (void)state;
    dais_opened_t out;
    dais_hash_t other = world_hash("log", 1);
    assert_err(dais_opening_check(&good, &other, &out).err, DAIS_ERR_WRONG_LOG);
    dais_opening_t opening = good;
    stamp_put(&opening, &other, WORLD_NOW_MS + 10);
    assert_refused(&opening, DAIS_ERR_WRONG_LOG);
    bundle.head.log = other;
    world_bundle_sign(&world.office, &bundle);
    dais_record_t record = record_make();
    record_put(&opening, &record);
    opening.envelope = bundle.envelope;
    assert_refused(&opening, DAIS_ERR_WRONG_LOG);
}

/* Goal: a sealed kind in a bundle of the open stream was never admitted. Method: sign the header
 * for the other stream. */
static void test_stream(void **state)
{
    (void)state;
    dais_opening_t opening = good;
    bundle.head.stream = 1;
    world_bundle_sign(&world.office, &bundle);
    dais_record_t record = record_make();
    record_put(&opening, &record);
    opening.envelope = bundle.envelope;
    assert_refused(&opening, DAIS_ERR_WRONG_STREAM);
}

/* Goal: the stamp gives the time and holds the bundle. Method: a record with another time, another
 * position, another path, a stamp with another signature. */
static void test_stamp_ties(void **state)
{
    (void)state;
    dais_opening_t opening = good;
    dais_record_t record = record_make();
    record.received_at--;
    record_put(&opening, &record);
    assert_refused(&opening, DAIS_ERR_WRONG_ENTRY);
    opening = good;
    opening.bundle_index = 0;
    assert_refused(&opening, DAIS_ERR_BAD_PROOF);
    opening.bundle_index = 2;
    assert_refused(&opening, DAIS_ERR_OUT_OF_RANGE);
    opening = good;
    opening.bundle_path = dais_slice(NULL, 0);
    assert_refused(&opening, DAIS_ERR_BAD_PROOF);
    opening = good;
    uint8_t *stamp = world_copy(good.stamp);
    stamp[good.stamp.size - 1] ^= 1;
    opening.stamp = dais_slice(stamp, good.stamp.size);
    assert_refused(&opening, DAIS_ERR_BAD_SIGNATURE);
}

/* Goal: contents are held against the message's commitments. Method: exchange the two openings;
 * private content that was committed to without padding. */
static void test_contents(void **state)
{
    (void)state;
    dais_opening_t opening = good;
    opening.public_opening = good.private_opening;
    assert_refused(&opening, DAIS_ERR_BAD_COMMITMENT);
    opening = good;
    opening.private_opening = good.public_opening;
    assert_refused(&opening, DAIS_ERR_BAD_COMMITMENT);

    dais_message_t message;
    world_must(dais_shape_decode(&dais_shape_message, bundle.messages[INDEX], &message).err);
    message.private_commitment = message.public_commitment;
    bundle.messages[INDEX] = world_pack(&dais_shape_message, &message);
    world_bundle_sign(&world.office, &bundle);
    dais_record_t record = record_make();
    record_put(&opening, &record);
    opening.envelope = bundle.envelope;
    stamp_put(&opening, &world.log, record.received_at);
    opening.message_path = message_path(INDEX);
    assert_refused(&opening, DAIS_ERR_BAD_PADDING);
}

/* Goal: no bit of an opening is without effect: it is refused or leads to another leaf, which the
 * tree does not hold. Method: flip each bit of a packed opening; the private content, a kilobyte
 * like any other bytes under a commitment, is left out. */
static void test_every_bit_counts(void **state)
{
    (void)state;
    dais_opened_t expected;
    good.private_opening = dais_slice(NULL, 0);
    assert_good(&good, &expected);
    dais_slice_t packed = world_pack(&dais_shape_opening, &good);
    uint8_t *copy = world_copy(packed);
    for (size_t bit = 0; bit < 8 * packed.size; bit += slow_step(7)) {
        dais_opening_t opening;
        dais_opened_t out;
        copy[bit / 8] ^= (uint8_t)(1U << bit % 8);
        dais_fault_t found =
            dais_shape_decode(&dais_shape_opening, dais_slice(copy, packed.size), &opening);
        if (found.err == DAIS_OK)
            found = dais_opening_check(&opening, &world.log, &out);
        if (found.err == DAIS_OK)
            assert_memory_not_equal(out.leaf.bytes, expected.leaf.bytes, DAIS_HASH_SIZE);
        copy[bit / 8] ^= (uint8_t)(1U << bit % 8);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(test_message, world_setup),
        cmocka_unit_test_setup(test_contents_left_out, world_setup),
        cmocka_unit_test_setup(test_without_stamp, world_setup),
        cmocka_unit_test_setup(test_genesis, world_setup),
        cmocka_unit_test_setup(test_own, world_setup),
        cmocka_unit_test_setup(test_bundle_ties, world_setup),
        cmocka_unit_test_setup(test_logs, world_setup),
        cmocka_unit_test_setup(test_stream, world_setup),
        cmocka_unit_test_setup(test_stamp_ties, world_setup),
        cmocka_unit_test_setup(test_contents, world_setup),
        cmocka_unit_test_setup(test_every_bit_counts, world_setup),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
