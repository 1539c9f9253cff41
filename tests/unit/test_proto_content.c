/* SPDX-License-Identifier: Apache-2.0 */
#include "proto/content.h"

#include "tests/support/world.h"
#include "tests/unit/assert_fault.h"

static const size_t steps[] = {1024, 4096, 16384, 65536, 262144};

enum { STEPS = sizeof(steps) / sizeof(steps[0]) };

static uint8_t buffer[262144 + 64];

/* Goal: a commitment is SHA-256("dais/content/1\n" || salt || content). Method: a known answer,
 * made by another implementation (Python's hashlib). */
static void test_known_commitment(void **state)
{
    (void)state;
    static const dais_hash_t expected = {{0x33, 0x64, 0x04, 0x22, 0x4e, 0x0a, 0x69, 0x7e,
                                          0x61, 0xd8, 0x31, 0x15, 0x22, 0x24, 0x2e, 0x48,
                                          0x4d, 0x8e, 0xb6, 0xca, 0x8e, 0x1a, 0x6b, 0x69,
                                          0xde, 0x48, 0x56, 0x6d, 0xd4, 0x1d, 0x46, 0xb7}};
    dais_key_t salt;
    for (size_t i = 0; i < sizeof(salt.bytes); i++)
        salt.bytes[i] = (uint8_t)i;
    dais_hash_t found = dais_content_commit(&salt, dais_slice_text("hello"));
    assert_memory_equal(found.bytes, expected.bytes, DAIS_HASH_SIZE);
}

/* Goal: salt || content opens its commitment and nothing else does. Method: contents of many sizes,
 * the empty one too; then each bit flipped, each prefix, one byte more. */
static void test_open(void **state)
{
    (void)state;
    dais_slice_t content;
    for (size_t size = 0; size < 70; size++) {
        dais_slice_t opening = world_content(size, world_text(size), false);
        dais_hash_t commitment = world_commitment(opening);
        assert_err(dais_content_open(opening, &commitment, &content), DAIS_OK);
        assert_ptr_equal(content.data, opening.data + DAIS_SALT_SIZE);
        assert_int_equal(content.size, size);
        uint8_t *copy = world_copy(opening);
        for (size_t bit = 0; bit < 8 * opening.size; bit++) {
            copy[bit / 8] ^= (uint8_t)(1U << bit % 8);
            assert_err(dais_content_open(dais_slice(copy, opening.size), &commitment, &content),
                       DAIS_ERR_BAD_COMMITMENT);
            copy[bit / 8] ^= (uint8_t)(1U << bit % 8);
        }
        for (size_t cut = 0; cut < opening.size; cut++)
            assert_err(dais_content_open(dais_slice(copy, cut), &commitment, &content),
                       DAIS_ERR_BAD_COMMITMENT);
        assert_err(
            dais_content_open(dais_slice(world_text(opening.size + 1).data, opening.size + 1),
                              &commitment, &content),
            DAIS_ERR_BAD_COMMITMENT);
    }
}

/* Goal: less than a salt never opens anything, even the hash of just these bytes. Method: commit to
 * the first bytes of a salt as if they were an opening. */
static void test_short_opening(void **state)
{
    (void)state;
    dais_key_t salt = world_salt(1);
    dais_slice_t content;
    for (size_t size = 0; size < DAIS_SALT_SIZE; size++) {
        dais_slice_t parts[] = {dais_slice_text("dais/content/1\n"), {salt.bytes, size}};
        dais_hash_t commitment = dais_hash(parts, 2);
        assert_err(dais_content_open(dais_slice(salt.bytes, size), &commitment, &content),
                   DAIS_ERR_BAD_COMMITMENT);
    }
}

/* Goal: the padded size is the least step that holds content and one byte more; nothing stays
 * nothing. Method: both sides of each step. */
static void test_padded_size(void **state)
{
    (void)state;
    assert_int_equal(dais_content_padded_size(0), 0);
    assert_int_equal(dais_content_padded_size(1), 1024);
    for (size_t i = 0; i < STEPS; i++) {
        size_t next = i + 1 < STEPS ? steps[i + 1] : 0;
        assert_int_equal(dais_content_padded_size(steps[i] - 2), steps[i]);
        assert_int_equal(dais_content_padded_size(steps[i] - 1), steps[i]);
        assert_int_equal(dais_content_padded_size(steps[i]), next);
        assert_int_equal(dais_content_padded_size(steps[i] + 1), next);
    }
    assert_int_equal(dais_content_padded_size(SIZE_MAX), 0);
}

/* Pads `size` bytes of 0xA5, or of `last` in the end, and takes them back. */
static void padding_round(size_t size, uint8_t last)
{
    size_t padded_size;
    dais_slice_t content;
    memset(buffer, 0xA5, sizeof(buffer));
    buffer[size > 0 ? size - 1 : 0] = last;
    assert_err(dais_content_pad(buffer, sizeof(buffer), size, &padded_size), DAIS_OK);
    assert_int_equal(padded_size, dais_content_padded_size(size));
    assert_int_equal(buffer[padded_size], padded_size > 0 ? 0xA5 : last);
    assert_err(dais_content_unpad(dais_slice(buffer, padded_size), &content), DAIS_OK);
    assert_int_equal(content.size, size);
    assert_ptr_equal(content.data, buffer);
    assert_true(size == 0 || buffer[size - 1] == last);
}

/* Goal: padding and back gives the content, also where the content looks like padding, and writes
 * nothing behind the step. Method: empty, one byte, each step one and two less and as it is;
 * contents that end in 0x80 or 0. */
static void test_pad_and_back(void **state)
{
    (void)state;
    static const uint8_t lasts[] = {0xA5, 0x80, 0x00};
    for (size_t i = 0; i < sizeof(lasts); i++) {
        padding_round(0, lasts[i]);
        padding_round(1, lasts[i]);
        for (size_t step = 0; step < STEPS; step++) {
            padding_round(steps[step] - 2, lasts[i]);
            padding_round(steps[step] - 1, lasts[i]);
            if (step + 1 < STEPS)
                padding_round(steps[step], lasts[i]);
        }
    }
}

/* Goal: content that no step holds, and a buffer smaller than the step, are refused. Method: the
 * first size above the last step; a buffer one byte short of each step. */
static void test_pad_limits(void **state)
{
    (void)state;
    size_t padded_size;
    assert_err(dais_content_pad(buffer, sizeof(buffer), 262144, &padded_size), DAIS_ERR_TOO_LONG);
    for (size_t i = 0; i < STEPS; i++) {
        assert_err(dais_content_pad(buffer, steps[i] - 1, steps[i] - 1, &padded_size),
                   DAIS_ERR_NO_SPACE);
        assert_err(dais_content_pad(buffer, steps[i], steps[i] - 1, &padded_size), DAIS_OK);
    }
    assert_err(dais_content_pad(NULL, 0, 0, &padded_size), DAIS_OK);
    assert_int_equal(padded_size, 0);
}

/* Goal: one content has one padded form. Method: no mark, only zeros, padded nothing, a larger step
 * than needed, sizes beside a step. */
static void test_bad_padding(void **state)
{
    (void)state;
    dais_slice_t content;
    size_t padded_size;
    memset(buffer, 0, sizeof(buffer));
    assert_err(dais_content_unpad(dais_slice(buffer, 1024), &content), DAIS_ERR_BAD_PADDING);
    buffer[0] = 0x80;
    assert_err(dais_content_unpad(dais_slice(buffer, 1024), &content), DAIS_ERR_BAD_PADDING);
    buffer[1] = 0x80;
    assert_err(dais_content_unpad(dais_slice(buffer, 1024), &content), DAIS_OK);
    assert_int_equal(content.size, 1);
    buffer[1] = 0x81;
    assert_err(dais_content_unpad(dais_slice(buffer, 1024), &content), DAIS_ERR_BAD_PADDING);
    buffer[1] = 0x80;
    for (size_t i = 0; i < STEPS; i++) {
        if (i > 0)
            assert_err(dais_content_unpad(dais_slice(buffer, steps[i]), &content),
                       DAIS_ERR_BAD_PADDING);
        assert_err(dais_content_unpad(dais_slice(buffer, steps[i] - 1), &content),
                   DAIS_ERR_BAD_PADDING);
        assert_err(dais_content_unpad(dais_slice(buffer, steps[i] + 1), &content),
                   DAIS_ERR_BAD_PADDING);
    }
    memset(buffer, 0xA5, sizeof(buffer));
    assert_err(dais_content_pad(buffer, sizeof(buffer), 2000, &padded_size), DAIS_OK);
    assert_err(dais_content_unpad(dais_slice(buffer, 2001), &content), DAIS_ERR_BAD_PADDING);
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
        cmocka_unit_test(test_known_commitment), cmocka_unit_test(test_open),
        cmocka_unit_test(test_short_opening),    cmocka_unit_test(test_padded_size),
        cmocka_unit_test(test_pad_and_back),     cmocka_unit_test(test_pad_limits),
        cmocka_unit_test(test_bad_padding),
    };
    return cmocka_run_group_tests(tests, world_setup, NULL);
}
