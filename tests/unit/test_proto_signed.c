/* SPDX-License-Identifier: Apache-2.0 */
#include "proto/signed.h"

#include "tests/support/world.h"
#include "tests/unit/assert_fault.h"

static world_t world;

static int world_setup(void **state)
{
    (void)state;
    world_reset();
    world_make(&world, 1, 1);
    return 0;
}

static dais_ask_t ask_make(void)
{
    return (dais_ask_t){.log = world.log,
                        .key = world.office.key,
                        .at = WORLD_NOW_MS,
                        .nonce = world_id(3),
                        .what = dais_slice("\x91\x07", 2)};
}

static dais_slice_t ask_signed(const dais_ask_t *ask)
{
    dais_writer_t writer = world_writer();
    world_must(dais_signed_write(&dais_shape_ask, ask, &world.office, &writer));
    return world_keep(&writer);
}

static dais_fault_t ask_open(dais_slice_t bytes, const dais_hash_t *log, dais_ask_t *out)
{
    return dais_signed_open(&dais_shape_ask, bytes, log, &out->log, &out->key, out);
}

/* Goal: what is written is the record, then the signature over just it. Method: write behind other
 * bytes, read back, compare each part. */
static void test_write_and_read(void **state)
{
    (void)state;
    dais_ask_t ask = ask_make();
    dais_ask_t out;
    uint8_t buffer[512];
    dais_writer_t writer;
    dais_slice_t written;
    dais_writer_init(&writer, buffer, sizeof(buffer));
    dais_writer_uint(&writer, 1);
    assert_err(dais_signed_write(&dais_shape_ask, &ask, &world.office, &writer), DAIS_OK);
    assert_err(dais_writer_finish(&writer, &written), DAIS_OK);
    dais_slice_t record = world_pack(&dais_shape_ask, &ask);
    assert_int_equal(written.size, 1 + record.size + DAIS_SIGNATURE_SIZE);
    assert_memory_equal(written.data + 1, record.data, record.size);

    dais_slice_t signed_bytes;
    const uint8_t *signature;
    dais_slice_t bytes = dais_slice(written.data + 1, written.size - 1);
    assert_fault(dais_signed_read(&dais_shape_ask, bytes, &out, &signed_bytes, &signature), DAIS_OK,
                 0);
    assert_ptr_equal(signed_bytes.data, bytes.data);
    assert_int_equal(signed_bytes.size, record.size);
    assert_ptr_equal(signature, bytes.data + record.size);
    assert_err(dais_key_verify(&world.office.key, record, signature), DAIS_OK);
    assert_int_equal(out.at, WORLD_NOW_MS);
    assert_fault(ask_open(bytes, &world.log, &out), DAIS_OK, 0);
    dais_hash_t hash = dais_hash_one(bytes);
    dais_hash_t name = dais_signed_hash(bytes);
    assert_true(dais_hash_equal(&hash, &name));
}

/* Goal: a record that does not fit, or that its reader would refuse, leaves the writer as it was;
 * a failed writer stays failed. Method: every capacity below what it takes, a bad value, a writer
 * that has failed before. */
static void test_write_leaves_nothing_half(void **state)
{
    (void)state;
    dais_ask_t ask = ask_make();
    dais_slice_t whole = ask_signed(&ask);
    uint8_t buffer[512];
    dais_writer_t writer;
    for (size_t capacity = 0; capacity < whole.size; capacity++) {
        dais_writer_init(&writer, buffer, capacity);
        assert_err(dais_signed_write(&dais_shape_ask, &ask, &world.office, &writer),
                   DAIS_ERR_NO_SPACE);
        assert_int_equal(writer.size, 0);
        assert_err(writer.err, DAIS_OK);
    }
    dais_writer_init(&writer, buffer, whole.size);
    assert_err(dais_signed_write(&dais_shape_ask, &ask, &world.office, &writer), DAIS_OK);
    assert_err(dais_signed_write(&dais_shape_ask, &ask, &world.office, &writer), DAIS_ERR_NO_SPACE);
    assert_int_equal(writer.size, whole.size);
    dais_writer_raw(&writer, whole);
    assert_err(dais_signed_write(&dais_shape_ask, &ask, &world.office, &writer), DAIS_ERR_NO_SPACE);

    dais_writer_init(&writer, buffer, sizeof(buffer));
    ask.at = DAIS_TIME_MAX_MS + 1;
    assert_err(dais_signed_write(&dais_shape_ask, &ask, &world.office, &writer),
               DAIS_ERR_OUT_OF_RANGE);
    assert_int_equal(writer.size, 0);
}

/* Goal: a cut or lengthened record is refused, with the place where the signature should have
 * begun or ended. Method: every prefix, and one byte more. */
static void test_size_is_exact(void **state)
{
    (void)state;
    dais_ask_t ask = ask_make();
    dais_ask_t out;
    dais_slice_t whole = ask_signed(&ask);
    size_t record_size = whole.size - DAIS_SIGNATURE_SIZE;
    for (size_t size = 0; size < whole.size; size++) {
        spoil(out);
        dais_fault_t fault = ask_open(dais_slice(whole.data, size), &world.log, &out);
        assert_err(fault.err, DAIS_ERR_TRUNCATED);
        assert_true(fault.offset <= record_size);
        if (size >= record_size)
            assert_int_equal(fault.offset, record_size);
        assert_all_zero(out);
    }
    dais_writer_t writer = world_writer();
    dais_writer_raw(&writer, whole);
    dais_writer_uint(&writer, 0);
    spoil(out);
    assert_fault(ask_open(world_keep(&writer), &world.log, &out), DAIS_ERR_TRAILING, whole.size);
    assert_all_zero(out);
}

/* Goal: another log is refused before the signature is looked at, another key's signature after.
 * Method: ask for another log; name another key in the record. */
static void test_log_and_key(void **state)
{
    (void)state;
    dais_ask_t ask = ask_make();
    dais_ask_t out;
    dais_hash_t other = world_hash("log", 1);
    spoil(out);
    assert_fault(ask_open(ask_signed(&ask), &other, &out), DAIS_ERR_WRONG_LOG, 0);
    assert_all_zero(out);
    ask.key = world.intake.key;
    spoil(out);
    assert_fault(ask_open(ask_signed(&ask), &world.log, &out), DAIS_ERR_BAD_SIGNATURE, 0);
    assert_all_zero(out);
}

/* Goal: no bit of a signed record is without effect. Method: flip each one. */
static void test_every_bit_counts(void **state)
{
    (void)state;
    dais_ask_t ask = ask_make();
    dais_ask_t out;
    dais_slice_t whole = ask_signed(&ask);
    uint8_t *copy = world_copy(whole);
    for (size_t bit = 0; bit < 8 * whole.size; bit++) {
        copy[bit / 8] ^= (uint8_t)(1U << bit % 8);
        spoil(out);
        assert_true(ask_open(dais_slice(copy, whole.size), &world.log, &out).err != DAIS_OK);
        assert_all_zero(out);
        copy[bit / 8] ^= (uint8_t)(1U << bit % 8);
    }
    assert_fault(ask_open(dais_slice(copy, whole.size), &world.log, &out), DAIS_OK, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_write_and_read),   cmocka_unit_test(test_write_leaves_nothing_half),
        cmocka_unit_test(test_size_is_exact),    cmocka_unit_test(test_log_and_key),
        cmocka_unit_test(test_every_bit_counts),
    };
    return cmocka_run_group_tests(tests, world_setup, NULL);
}
