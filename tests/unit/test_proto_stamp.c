/* SPDX-License-Identifier: Apache-2.0 */
#include "proto/stamp.h"

#include "tests/support/world.h"
#include "tests/unit/assert_fault.h"
#include "tests/unit/fault.h"

static world_t world;
static dais_hash_t bundles[DAIS_LIMIT_STAMP_BUNDLES + 1];

static int world_setup(void **state)
{
    (void)state;
    world_reset();
    world_make(&world, 1, 1);
    for (size_t i = 0; i <= DAIS_LIMIT_STAMP_BUNDLES; i++)
        bundles[i] = world_hash("bundle", i);
    return 0;
}

static dais_stamp_t stamp_make(void)
{
    return (dais_stamp_t){.log = world.log, .at = WORLD_NOW_MS};
}

static dais_slice_t stamp_sign(dais_stamp_t *stamp, size_t count)
{
    dais_writer_t writer = world_writer();
    world_must(dais_stamp_sign(stamp, bundles, count, &world.intake, &writer));
    return world_keep(&writer);
}

/* Signs the stamp as it stands, without the care of dais_stamp_sign(). */
static dais_slice_t stamp_sign_bare(const dais_stamp_t *stamp)
{
    dais_writer_t writer = world_writer();
    world_must(dais_signed_write(&dais_shape_stamp, stamp, &world.intake, &writer));
    return world_keep(&writer);
}

/* Goal: a stamp over any number of bundles opens to what was signed; over none it is a mark.
 * Method: none, one, two, an odd number, the most. */
static void test_sign_and_open(void **state)
{
    (void)state;
    static const size_t counts[] = {0, 1, 2, 777, DAIS_LIMIT_STAMP_BUNDLES};
    for (size_t i = 0; i < sizeof(counts) / sizeof(counts[0]); i++) {
        dais_stamp_t stamp = stamp_make();
        dais_stamp_t out;
        dais_slice_t bytes = stamp_sign(&stamp, counts[i]);
        assert_true(bytes.size <= DAIS_LIMIT_ENVELOPE);
        spoil(out);
        assert_fault(dais_stamp_open(bytes, &world.log, &out), DAIS_OK, 0);
        assert_memory_equal(&out, &stamp, sizeof(out));
        assert_int_equal(out.count, counts[i]);
        assert_memory_equal(out.key.bytes, world.intake.key.bytes, DAIS_KEY_SIZE);
        dais_hash_t empty = dais_tree_empty_root();
        assert_int_equal(counts[i] == 0, dais_hash_equal(&out.root, &empty));
    }
}

static void sign_count(void *context)
{
    dais_stamp_t stamp = stamp_make();
    (void)stamp_sign(&stamp, *(const size_t *)context);
}

/* Goal: 8,192 bundles are the most. Method: sign one more, which is a bug of the caller; read a
 * stamp that says it has one more. */
static void test_count_limit(void **state)
{
    (void)state;
    size_t count = DAIS_LIMIT_STAMP_BUNDLES + 1;
    assert_true(fault_aborts(sign_count, &count));
    dais_stamp_t stamp = stamp_make();
    dais_stamp_t out;
    dais_slice_t bytes = stamp_sign(&stamp, DAIS_LIMIT_STAMP_BUNDLES);
    uint8_t *copy = world_copy(bytes);
    size_t size = bytes.size - DAIS_SIGNATURE_SIZE;
    size_t count_at = size - 34 - 3;
    assert_memory_equal(copy + count_at, "\xcd\x20\x00", 3);
    copy[count_at + 2] = 1;
    dais_signature_t signature = dais_device_sign(&world.intake, dais_slice(copy, size));
    memcpy(copy + size, signature.bytes, sizeof(signature.bytes));
    spoil(out);
    assert_fault(dais_stamp_open(dais_slice(copy, bytes.size), &world.log, &out),
                 DAIS_ERR_OUT_OF_RANGE, count_at);
    assert_all_zero(out);
}

/* Goal: no bit of a stamp is without effect, and it holds for its own log only. Method: flip each
 * one; ask for another log; name another key. */
static void test_every_bit_counts(void **state)
{
    (void)state;
    dais_stamp_t stamp = stamp_make();
    dais_stamp_t out;
    dais_slice_t bytes = stamp_sign(&stamp, 3);
    uint8_t *copy = world_copy(bytes);
    for (size_t bit = 0; bit < 8 * bytes.size; bit++) {
        copy[bit / 8] ^= (uint8_t)(1U << bit % 8);
        spoil(out);
        assert_true(dais_stamp_open(dais_slice(copy, bytes.size), &world.log, &out).err != DAIS_OK);
        assert_all_zero(out);
        copy[bit / 8] ^= (uint8_t)(1U << bit % 8);
    }
    dais_hash_t other = world_hash("log", 1);
    assert_fault(dais_stamp_open(bytes, &other, &out), DAIS_ERR_WRONG_LOG, 0);
    stamp.key = world.office.key;
    assert_fault(dais_stamp_open(stamp_sign_bare(&stamp), &world.log, &out), DAIS_ERR_BAD_SIGNATURE,
                 0);
}

/* Goal: a first stamp and a mark say so in one way only. Method: a first stamp that names one
 * before it, a mark with another root than the empty one; neither can be signed or opened. */
static void test_first_and_mark(void **state)
{
    (void)state;
    dais_stamp_t stamp = stamp_make();
    dais_stamp_t out;
    stamp.prev = world_hash("prev", 1);
    dais_writer_t writer = world_writer();
    assert_err(dais_stamp_sign(&stamp, bundles, 0, &world.intake, &writer), DAIS_ERR_BAD_CHAIN);
    assert_int_equal(writer.size, 0);
    spoil(out);
    assert_fault(dais_stamp_open(stamp_sign_bare(&stamp), &world.log, &out), DAIS_ERR_BAD_CHAIN, 0);
    assert_all_zero(out);
    stamp.j = 1;
    assert_fault(dais_stamp_open(stamp_sign(&stamp, 0), &world.log, &out), DAIS_OK, 0);
    stamp.root = world_hash("root", 1);
    spoil(out);
    assert_fault(dais_stamp_open(stamp_sign_bare(&stamp), &world.log, &out), DAIS_ERR_BAD_ROOT, 0);
    assert_all_zero(out);
}

/* Goal: a stamp follows just its predecessor. Method: one that does, at the same time or later; one
 * that differs in each single thing that ties them. */
static void test_follows(void **state)
{
    (void)state;
    dais_stamp_t stamp = stamp_make();
    dais_slice_t bytes = stamp_sign(&stamp, 2);
    dais_stamp_t good = stamp;
    good.j = 1;
    good.prev = dais_signed_hash(bytes);
    assert_err(dais_stamp_follows(&stamp, bytes, &good), DAIS_OK);
    dais_stamp_t next = good;
    next.at++;
    assert_err(dais_stamp_follows(&stamp, bytes, &next), DAIS_OK);

    next = good;
    next.at--;
    assert_err(dais_stamp_follows(&stamp, bytes, &next), DAIS_ERR_BAD_CHAIN);
    next = good;
    next.j = 0;
    assert_err(dais_stamp_follows(&stamp, bytes, &next), DAIS_ERR_BAD_CHAIN);
    next.j = 2;
    assert_err(dais_stamp_follows(&stamp, bytes, &next), DAIS_ERR_BAD_CHAIN);
    next = good;
    next.prev.bytes[31] ^= 1;
    assert_err(dais_stamp_follows(&stamp, bytes, &next), DAIS_ERR_BAD_CHAIN);
    next = good;
    next.log.bytes[0] ^= 1;
    assert_err(dais_stamp_follows(&stamp, bytes, &next), DAIS_ERR_BAD_CHAIN);
    next = good;
    next.key = world.office.key;
    assert_err(dais_stamp_follows(&stamp, bytes, &next), DAIS_ERR_BAD_CHAIN);
}

/* Goal: a bundle is proved to stand under a stamp by at most 13 hashes. Method: first, last and
 * some between of 8,192 and of an odd number; another position, another bundle, a mark. */
static void test_prove(void **state)
{
    (void)state;
    static const size_t counts[] = {1, 777, DAIS_LIMIT_STAMP_BUNDLES};
    static dais_hash_t leaves[DAIS_LIMIT_STAMP_BUNDLES];
    for (size_t i = 0; i < DAIS_LIMIT_STAMP_BUNDLES; i++)
        leaves[i] = dais_tree_leaf_hash(dais_hash_slice(&bundles[i]));
    for (size_t i = 0; i < 3; i++) {
        dais_stamp_t stamp = stamp_make();
        (void)stamp_sign(&stamp, counts[i]);
        for (size_t at = 0; at < counts[i]; at += 1 + (counts[i] - 1) / 7) {
            dais_tree_path_t path;
            world_must(dais_tree_leaves_inclusion(leaves, counts[i], at, &path));
            dais_slice_t bytes = dais_tree_path_bytes(&path);
            assert_true(bytes.size <= DAIS_LIMIT_STAMP_PATH);
            assert_err(dais_stamp_prove(&stamp, at, &bundles[at], bytes), DAIS_OK);
            assert_err(dais_stamp_prove(&stamp, at, &bundles[at + 1], bytes), DAIS_ERR_BAD_PROOF);
            if (counts[i] > 1)
                assert_err(dais_stamp_prove(&stamp, at ^ 1, &bundles[at], bytes),
                           DAIS_ERR_BAD_PROOF);
            assert_err(dais_stamp_prove(&stamp, counts[i], &bundles[at], bytes),
                       DAIS_ERR_OUT_OF_RANGE);
        }
    }
    dais_stamp_t mark = stamp_make();
    (void)stamp_sign(&mark, 0);
    assert_err(dais_stamp_prove(&mark, 0, &bundles[0], dais_slice(NULL, 0)), DAIS_ERR_OUT_OF_RANGE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sign_and_open),    cmocka_unit_test(test_count_limit),
        cmocka_unit_test(test_every_bit_counts), cmocka_unit_test(test_first_and_mark),
        cmocka_unit_test(test_follows),          cmocka_unit_test(test_prove),
    };
    return cmocka_run_group_tests(tests, world_setup, NULL);
}
