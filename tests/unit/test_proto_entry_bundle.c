/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "proto/entry_bundle.h"
#include "proto/limits.h"

/* How many leaves come out before the end, and what the end says. */
static dais_fault_t read_all(dais_slice_t bytes, unsigned width, unsigned *count)
{
    dais_entry_bundle_t bundle;
    dais_slice_t leaf;
    dais_entry_bundle_init(&bundle, bytes, width);
    for (*count = 0; dais_entry_bundle_next(&bundle, &leaf); (*count)++)
        assert_true(leaf.data >= bytes.data && leaf.data + leaf.size <= bytes.data + bytes.size);
    assert_false(dais_entry_bundle_next(&bundle, &leaf));
    return dais_entry_bundle_finish(&bundle);
}

/* Goal: the bytes are those of the specification. Method: by hand, written and read back. */
static void test_known_bytes(void **state)
{
    (void)state;
    static const char expected[] = "\x00\x03one\x00\x00\x00\x05three";
    static const char *const texts[] = {"one", "", "three"};
    uint8_t buffer[64];
    dais_writer_t writer;
    dais_writer_init(&writer, buffer, sizeof(buffer));
    for (size_t i = 0; i < 3; i++)
        assert_int_equal(dais_entry_bundle_put(&writer, dais_slice_text(texts[i])), DAIS_OK);
    assert_int_equal(writer.size, sizeof(expected) - 1);
    assert_memory_equal(buffer, expected, sizeof(expected) - 1);

    dais_entry_bundle_t bundle;
    dais_slice_t leaf;
    dais_entry_bundle_init(&bundle, dais_slice(buffer, writer.size), 3);
    for (size_t i = 0; i < 3; i++) {
        assert_true(dais_entry_bundle_next(&bundle, &leaf));
        assert_true(dais_slice_equal(leaf, dais_slice_text(texts[i])));
    }
    assert_false(dais_entry_bundle_next(&bundle, &leaf));
    assert_int_equal(dais_entry_bundle_finish(&bundle).err, DAIS_OK);
}

/* Goal: a bundle holds exactly the leaves of its tile. Method: every prefix, every number of leaves
 * but the right one, a reader that stops too early. */
static void test_wrong_length(void **state)
{
    (void)state;
    static const char bytes[] = "\x00\x03one\x00\x00\x00\x05three";
    static const size_t ends[] = {0, 5, 7, 14};
    unsigned count;
    for (size_t cut = 0; cut < 14; cut++) {
        dais_fault_t fault = read_all(dais_slice(bytes, cut), 3, &count);
        assert_int_equal(fault.err, DAIS_ERR_TRUNCATED);
        assert_int_equal(fault.offset, ends[count]);
        assert_true(count < 3);
    }
    for (unsigned width = 0; width < 3; width++) {
        dais_fault_t fault = read_all(dais_slice(bytes, 14), width, &count);
        assert_int_equal(fault.err, DAIS_ERR_TRAILING);
        assert_int_equal(fault.offset, ends[width]);
        assert_int_equal(count, width);
    }
    assert_int_equal(read_all(dais_slice(bytes, 14), 4, &count).err, DAIS_ERR_TRUNCATED);
    assert_int_equal(read_all(dais_slice(NULL, 0), 0, &count).err, DAIS_OK);
    assert_int_equal(read_all(dais_slice(NULL, 0), 1, &count).err, DAIS_ERR_TRUNCATED);

    dais_entry_bundle_t bundle;
    dais_entry_bundle_init(&bundle, dais_slice(bytes, 14), 3);
    assert_int_equal(dais_entry_bundle_finish(&bundle).err, DAIS_ERR_TRUNCATED);
}

/* Goal: leaves up to the limit go through, none beyond. Method: sizes around 255, 256 and the
 * limit; a buffer too small by one byte. */
static void test_sizes(void **state)
{
    (void)state;
    static const size_t sizes[] = {0, 1, 255, 256, 257, DAIS_LIMIT_LEAF};
    static uint8_t leaf[DAIS_LIMIT_LEAF + 1];
    static uint8_t buffer[DAIS_LIMIT_LEAF + 2];
    dais_writer_t writer;
    unsigned count;
    memset(leaf, 0x5a, sizeof(leaf));
    for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
        dais_writer_init(&writer, buffer, sizes[i] + 2);
        assert_int_equal(dais_entry_bundle_put(&writer, dais_slice(leaf, sizes[i])), DAIS_OK);
        assert_int_equal(writer.size, sizes[i] + 2);
        assert_int_equal(buffer[0] * 256 + buffer[1], sizes[i]);
        assert_int_equal(read_all(dais_slice(buffer, writer.size), 1, &count).err, DAIS_OK);
        dais_writer_init(&writer, buffer, sizes[i] + 1);
        assert_int_equal(dais_entry_bundle_put(&writer, dais_slice(leaf, sizes[i])),
                         DAIS_ERR_NO_SPACE);
    }
    dais_writer_init(&writer, buffer, sizeof(buffer));
    assert_int_equal(dais_entry_bundle_put(&writer, dais_slice(leaf, sizeof(leaf))),
                     DAIS_ERR_TOO_LONG);
    assert_int_equal(writer.size, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_known_bytes),
        cmocka_unit_test(test_wrong_length),
        cmocka_unit_test(test_sizes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
