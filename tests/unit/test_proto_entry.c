/* SPDX-License-Identifier: Apache-2.0 */
#include "proto/entry.h"

#include "tests/support/world.h"
#include "tests/unit/assert_fault.h"
#include "tests/unit/fault.h"

static dais_key_t salt_known(void)
{
    dais_key_t salt;
    for (size_t i = 0; i < sizeof(salt.bytes); i++)
        salt.bytes[i] = (uint8_t)i;
    return salt;
}

static dais_record_t record_make(void)
{
    static dais_hash_t bundle;
    bundle = world_hash("bundle", 1);
    return (dais_record_t){.epoch = 3,
                           .logged_at = WORLD_NOW_MS,
                           .received_at = WORLD_NOW_MS - 1,
                           .verdicts = world_verdicts(0, 2),
                           .bundle = dais_hash_slice(&bundle),
                           .index = 5,
                           .message = dais_slice_text("message")};
}

static dais_slice_t leaf_make(uint64_t seq, const dais_key_t *salt, dais_slice_t record)
{
    dais_hash_t commitment = dais_record_commit(salt, record);
    dais_writer_t writer = world_writer();
    world_must(dais_entry_write(seq, &commitment, &writer));
    return world_keep(&writer);
}

/* Goal: commitment and leaf hash are what the format says. Method: known answers of another
 * implementation (Python's hashlib): SHA-256("dais/record/1\n" || salt || "hello"), and SHA-256(0
 * || leaf) of entry 300 with the bytes 0 to 31 as its commitment. */
static void test_known_answers(void **state)
{
    (void)state;
    static const uint8_t committed[DAIS_HASH_SIZE] = {
        0x9a, 0x62, 0x61, 0xb3, 0xfe, 0x71, 0x6e, 0x48, 0xdd, 0xf2, 0xa0,
        0xd0, 0xc2, 0x84, 0x17, 0x8c, 0xd1, 0xb9, 0x83, 0x1f, 0x14, 0x54,
        0x8f, 0x51, 0xec, 0xc3, 0x25, 0xbc, 0xed, 0x2e, 0xdd, 0x32};
    static const uint8_t leaf[DAIS_HASH_SIZE] = {0xe1, 0x95, 0x5a, 0x52, 0x0b, 0xdd, 0xed, 0x7e,
                                                 0x3d, 0x96, 0x42, 0x5a, 0xcb, 0xc5, 0x30, 0xe2,
                                                 0x05, 0x49, 0x82, 0x96, 0x91, 0x41, 0xe5, 0x14,
                                                 0x21, 0x66, 0xfc, 0x47, 0x87, 0xca, 0xba, 0xe2};
    dais_key_t salt = salt_known();
    dais_hash_t commitment = dais_record_commit(&salt, dais_slice_text("hello"));
    assert_memory_equal(commitment.bytes, committed, DAIS_HASH_SIZE);
    memcpy(commitment.bytes, salt.bytes, DAIS_HASH_SIZE);
    dais_hash_t hash = dais_entry_hash(300, &commitment);
    assert_memory_equal(hash.bytes, leaf, DAIS_HASH_SIZE);
}

static void hash_beyond(void *context)
{
    (void)dais_entry_hash(DAIS_SEQ_MAX + 1, (const dais_hash_t *)context);
}

/* Goal: every seq has a leaf within DAIS_ENTRY_SIZE_MAX, none beyond the last. Method: the edges of
 * each width of a number; one beyond is refused by the writer and a bug for the hash. */
static void test_seqs(void **state)
{
    (void)state;
    static const uint64_t seqs[] = {0,     127,   128,        255,         256,
                                    65535, 65536, 0xffffffff, 0x100000000, DAIS_SEQ_MAX};
    dais_hash_t commitment = world_hash("commitment", 1);
    for (size_t i = 0; i < sizeof(seqs) / sizeof(seqs[0]); i++) {
        dais_writer_t writer = world_writer();
        dais_entry_t entry;
        assert_err(dais_entry_write(seqs[i], &commitment, &writer), DAIS_OK);
        dais_slice_t leaf = world_keep(&writer);
        assert_true(leaf.size <= DAIS_ENTRY_SIZE_MAX);
        assert_fault(dais_shape_decode(&dais_shape_entry, leaf, &entry), DAIS_OK, 0);
        assert_int_equal(entry.seq, seqs[i]);
        dais_hash_t expected = dais_tree_leaf_hash(leaf);
        dais_hash_t hash = dais_entry_hash(seqs[i], &commitment);
        assert_memory_equal(hash.bytes, expected.bytes, DAIS_HASH_SIZE);
    }
    dais_writer_t writer = world_writer();
    assert_err(dais_entry_write(DAIS_SEQ_MAX + 1, &commitment, &writer), DAIS_ERR_OUT_OF_RANGE);
    assert_int_equal(writer.size, 0);
    assert_true(fault_aborts(hash_beyond, &commitment));
}

/* Goal: an entry opens with its salt and record, and shows both. Method: open one of a bundle and
 * one of the registry's own. */
static void test_open(void **state)
{
    (void)state;
    dais_key_t salt = salt_known();
    for (int own = 0; own < 2; own++) {
        dais_record_t record = record_make();
        dais_entry_t entry;
        dais_record_t out;
        if (own == 1) {
            record.bundle = dais_slice(NULL, 0);
            record.index = 0;
        }
        dais_slice_t packed = world_pack(&dais_shape_record, &record);
        dais_slice_t leaf = leaf_make(9, &salt, packed);
        assert_fault(dais_entry_open(leaf, &salt, packed, &entry, &out), DAIS_OK, 0);
        assert_int_equal(entry.seq, 9);
        assert_int_equal(out.epoch, 3);
        assert_int_equal(out.index, record.index);
        assert_int_equal(out.verdicts.count, 2);
        assert_true(dais_slice_equal(out.message, record.message));
        assert_true(dais_slice_equal(out.bundle, record.bundle));
    }
}

/* Goal: nothing but what was committed to opens a leaf, and a refusal shows nothing. Method: flip
 * each bit of leaf, salt and record. A leaf with another seq opens, and is another leaf: its place
 * in the tree is what tells. */
static void test_every_bit_counts(void **state)
{
    (void)state;
    dais_record_t record = record_make();
    dais_entry_t entry;
    dais_record_t out;
    dais_key_t salt = salt_known();
    dais_slice_t packed = world_pack(&dais_shape_record, &record);
    dais_slice_t leaf = leaf_make(9, &salt, packed);
    struct {
        uint8_t *bytes;
        size_t size;
    } parts[] = {{world_copy(leaf), leaf.size},
                 {salt.bytes, sizeof(salt.bytes)},
                 {world_copy(packed), packed.size}};
    for (size_t part = 0; part < 3; part++) {
        for (size_t bit = 0; bit < 8 * parts[part].size; bit++) {
            parts[part].bytes[bit / 8] ^= (uint8_t)(1U << bit % 8);
            spoil(entry);
            spoil(out);
            dais_fault_t found =
                dais_entry_open(dais_slice(parts[0].bytes, leaf.size), &salt,
                                dais_slice(parts[2].bytes, packed.size), &entry, &out);
            if (found.err == DAIS_OK) {
                assert_int_not_equal(entry.seq, 9);
            } else {
                assert_all_zero(entry);
                assert_all_zero(out);
            }
            parts[part].bytes[bit / 8] ^= (uint8_t)(1U << bit % 8);
        }
    }
}

/* Goal: each refusal has its code. Method: a leaf that is none, another salt, a record that was
 * committed to and is none, an own entry with a position in a bundle. */
static void test_refusals(void **state)
{
    (void)state;
    dais_record_t record = record_make();
    dais_entry_t entry;
    dais_record_t out;
    dais_key_t salt = salt_known();
    dais_key_t other = world_salt(1);
    dais_slice_t packed = world_pack(&dais_shape_record, &record);
    dais_slice_t leaf = leaf_make(9, &salt, packed);
    assert_fault(dais_entry_open(packed, &salt, packed, &entry, &out), DAIS_ERR_WRONG_COUNT, 0);
    assert_fault(dais_entry_open(leaf, &other, packed, &entry, &out), DAIS_ERR_BAD_COMMITMENT, 0);
    spoil(entry);
    spoil(out);
    dais_slice_t none = dais_slice_text("x");
    assert_fault(dais_entry_open(leaf_make(9, &salt, none), &salt, none, &entry, &out),
                 DAIS_ERR_WRONG_TYPE, 0);
    assert_all_zero(entry);
    assert_all_zero(out);
    record.bundle = dais_slice(NULL, 0);
    packed = world_pack(&dais_shape_record, &record);
    spoil(out);
    assert_fault(dais_record_decode(packed, &out), DAIS_ERR_WRONG_ENTRY, 0);
    assert_all_zero(out);
    record.index = 0;
    assert_fault(dais_record_decode(world_pack(&dais_shape_record, &record), &out), DAIS_OK, 0);
}

/* Goal: a record of more than 256 KiB is refused before it is read. Method: one byte more of
 * anything, and exactly that much, which is refused for its form. */
static void test_record_limit(void **state)
{
    (void)state;
    dais_record_t out;
    dais_slice_t bytes = world_text(DAIS_LIMIT_RECORD + 1);
    spoil(out);
    assert_fault(dais_record_decode(bytes, &out), DAIS_ERR_TOO_LONG, DAIS_LIMIT_RECORD);
    assert_all_zero(out);
    bytes.size--;
    assert_fault(dais_record_decode(bytes, &out), DAIS_ERR_WRONG_TYPE, 0);
}

static int world_setup(void **state)
{
    (void)state;
    world_reset();
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_known_answers), cmocka_unit_test(test_seqs),
        cmocka_unit_test(test_open),          cmocka_unit_test(test_every_bit_counts),
        cmocka_unit_test(test_refusals),      cmocka_unit_test(test_record_limit),
    };
    return cmocka_run_group_tests(tests, world_setup, NULL);
}
