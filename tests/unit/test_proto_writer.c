/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "proto/writer.h"
#include "tests/support/token.h"

static uint8_t body[65536];
static uint8_t buffer[9 + sizeof body];

/* Writes one value of a type with this number, or so many bytes or elements. */
static void write_one(dais_writer_t *writer, token_type_t type, uint64_t number)
{
    switch (type) {
    case TOKEN_UINT: dais_writer_uint(writer, number); break;
    case TOKEN_BIN: dais_writer_bin(writer, dais_slice(body, (size_t)number)); break;
    case TOKEN_STR: dais_writer_str(writer, dais_slice(body, (size_t)number)); break;
    case TOKEN_ARRAY:
    case TOKEN_OTHER: dais_writer_array(writer, (uint32_t)number); break;
    }
}

/* Goal: every value is written in its shortest form. Method: numbers and lengths at both sides of
 * each width's end, against heads that are made without the writer. */
static void test_shortest_forms(void **state)
{
    (void)state;
    static const uint64_t numbers[] = {
        0,   1,     15,    16,    31,      32,         127,           128,       255,
        256, 65535, 65536, 70000, 1 << 20, UINT32_MAX, 4294967296ULL, INT64_MAX, UINT64_MAX};
    memset(body, 'b', sizeof body);
    for (token_type_t type = TOKEN_UINT; type < TOKEN_OTHER; type++) {
        for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
            bool has_body = type == TOKEN_BIN || type == TOKEN_STR;
            if ((has_body && numbers[i] > sizeof body) ||
                (type == TOKEN_ARRAY && numbers[i] > UINT32_MAX))
                continue;
            uint8_t head[9];
            unsigned width;
            size_t head_size = token_put_shortest(head, type, numbers[i], &width);
            dais_writer_t writer;
            dais_slice_t out;
            dais_writer_init(&writer, buffer, sizeof buffer);
            write_one(&writer, type, numbers[i]);
            assert_int_equal(dais_writer_finish(&writer, &out), DAIS_OK);
            assert_ptr_equal(out.data, buffer);
            assert_int_equal(out.size, head_size + (has_body ? numbers[i] : 0));
            assert_memory_equal(out.data, head, head_size);
            assert_memory_equal(out.data + head_size, body, out.size - head_size);
        }
    }
}

/* Goal: a value that does not fit fails, nothing is written beyond the buffer, and no later value
 * is written either. Method: each type into every capacity below its size, guarded by a mark. */
static void test_no_space(void **state)
{
    (void)state;
    for (token_type_t type = TOKEN_UINT; type < TOKEN_OTHER; type++) {
        dais_writer_t writer;
        dais_writer_init(&writer, buffer, sizeof buffer);
        write_one(&writer, type, 300);
        size_t size = writer.size;
        for (size_t capacity = 0; capacity < size; capacity++) {
            memset(buffer, 0x5a, sizeof buffer);
            dais_writer_init(&writer, buffer, capacity);
            write_one(&writer, type, 300);
            assert_int_equal(writer.err, DAIS_ERR_NO_SPACE);
            assert_true(writer.size <= capacity);
            for (size_t i = capacity; i < capacity + 400; i++)
                assert_int_equal(buffer[i], 0x5a);
            size_t before = writer.size;
            dais_writer_uint(&writer, 1);
            dais_writer_raw(&writer, dais_slice("", 0));
            assert_int_equal(writer.size, before);
            dais_slice_t out = {0};
            assert_int_equal(dais_writer_finish(&writer, &out), DAIS_ERR_NO_SPACE);
            assert_null(out.data);
        }
        dais_writer_init(&writer, buffer, size);
        write_one(&writer, type, 300);
        assert_int_equal(writer.err, DAIS_OK);
    }
}

/* Goal: raw bytes go in as they are, and nothing (also a null slice, also into no buffer) is fine.
 * Method: some of each. */
static void test_raw(void **state)
{
    (void)state;
    dais_writer_t writer;
    dais_slice_t out;
    dais_writer_init(&writer, NULL, 0);
    dais_writer_raw(&writer, dais_slice(NULL, 0));
    assert_int_equal(dais_writer_finish(&writer, &out), DAIS_OK);
    assert_int_equal(out.size, 0);
    dais_writer_init(&writer, buffer, 4);
    dais_writer_raw(&writer, dais_slice("ab", 2));
    dais_writer_bin(&writer, dais_slice(NULL, 0));
    assert_int_equal(dais_writer_finish(&writer, &out), DAIS_OK);
    assert_memory_equal(out.data, "ab\xc4\x00", 4);
    assert_int_equal(out.size, 4);
    dais_writer_raw(&writer, dais_slice("c", 1));
    assert_int_equal(dais_writer_finish(&writer, &out), DAIS_ERR_NO_SPACE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_shortest_forms),
        cmocka_unit_test(test_no_space),
        cmocka_unit_test(test_raw),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
