/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "proto/reader.h"
#include "tests/support/token.h"
#include "tests/unit/assert_fault.h"

/* Bytes of a literal, those that are zero included. */
#define BYTES(literal) dais_slice(literal, sizeof(literal) - 1)

static dais_reader_t reader_on(dais_slice_t bytes)
{
    dais_reader_t reader;
    dais_reader_init(&reader, bytes);
    return reader;
}

/* Reads one value of a type with these limits and returns how it ends. */
static dais_fault_t read_one(dais_slice_t bytes, token_type_t type, uint64_t min, uint64_t max)
{
    dais_reader_t reader = reader_on(bytes);
    switch (type) {
    case TOKEN_UINT: (void)dais_reader_uint(&reader, min, max); break;
    case TOKEN_BIN: (void)dais_reader_bin(&reader, min, max); break;
    case TOKEN_STR: (void)dais_reader_text(&reader, min, max); break;
    case TOKEN_ARRAY: (void)dais_reader_array(&reader, (uint32_t)min, (uint32_t)max); break;
    case TOKEN_OTHER: (void)dais_reader_any(&reader); break;
    }
    return dais_reader_finish(&reader);
}

/* What one byte alone is, by the specification; other than uint, fixstr 0 and fixarray 0, all of
 * them lack something or are not of the profile. */
static dais_err_t first_byte_expected(unsigned first)
{
    if (first <= 0x7f || first == 0x90 || first == 0xa0)
        return DAIS_OK;
    bool map = first >= 0x80 && first <= 0x8f;
    bool nil_or_bool = first >= 0xc0 && first <= 0xc3;
    bool ext_or_float = first >= 0xc7 && first <= 0xcb;
    bool int_or_fixext = first >= 0xd0 && first <= 0xd8;
    if (map || nil_or_bool || ext_or_float || int_or_fixext || first >= 0xde)
        return DAIS_ERR_WRONG_TYPE;
    return DAIS_ERR_TRUNCATED;
}

/* Goal: each first byte is what the specification says, and those outside the profile are refused.
 * Method: all 256, alone, against a table of ranges. */
static void test_first_bytes(void **state)
{
    (void)state;
    for (unsigned first = 0; first <= 0xff; first++) {
        uint8_t byte = (uint8_t)first;
        dais_reader_t reader = reader_on(dais_slice(&byte, 1));
        dais_slice_t value = dais_reader_any(&reader);
        dais_err_t expected = first_byte_expected(first);
        assert_fault(dais_reader_finish(&reader), expected, 0);
        assert_int_equal(value.size, expected == DAIS_OK ? 1 : 0);
    }
}

/* Goal: a value is read by the call for its type and by no other. Method: each first byte with
 * eight zeros behind it, where no form is the shortest, and with eight times 0xff. */
static void test_types(void **state)
{
    (void)state;
    for (unsigned first = 0; first <= 0xff; first++) {
        uint8_t bytes[9] = {(uint8_t)first};
        for (token_type_t type = TOKEN_UINT; type < TOKEN_OTHER; type++) {
            token_t token;
            (void)token_read(dais_slice(bytes, sizeof bytes), 0, &token);
            dais_err_t err = read_one(dais_slice(bytes, sizeof bytes), type, 0, UINT32_MAX).err;
            if (token.type != type)
                assert_true(err == DAIS_ERR_WRONG_TYPE || err == DAIS_ERR_NOT_SHORTEST);
            else if (token.width > 0 && !(type == TOKEN_BIN && token.width == 1))
                assert_int_equal(err, DAIS_ERR_NOT_SHORTEST);
            else
                assert_true(err == DAIS_OK || err == DAIS_ERR_TRAILING ||
                            err == DAIS_ERR_TRUNCATED || err == DAIS_ERR_CONTROL_CHARACTER);
        }
    }
}

/* Numbers at both sides of where a width ends. */
static const uint64_t edges[] = {0,
                                 1,
                                 15,
                                 16,
                                 31,
                                 32,
                                 127,
                                 128,
                                 255,
                                 256,
                                 65535,
                                 65536,
                                 4294967295ULL,
                                 4294967296ULL,
                                 INT64_MAX,
                                 (uint64_t)INT64_MAX + 1,
                                 UINT64_MAX};

/* Goal: a number is accepted in its shortest form, with its value, and in no longer one. Method:
 * both sides of each width's end, in each of the widths. */
static void test_uint_widths(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof edges / sizeof edges[0]; i++) {
        bool shortest = true;
        for (unsigned width = 0; width < TOKEN_WIDTHS; width++) {
            uint8_t bytes[9];
            size_t size = token_put(bytes, TOKEN_UINT, width, edges[i]);
            if (size == 0)
                continue;
            dais_reader_t reader = reader_on(dais_slice(bytes, size));
            uint64_t number = dais_reader_uint(&reader, 0, UINT64_MAX);
            assert_fault(dais_reader_finish(&reader), shortest ? DAIS_OK : DAIS_ERR_NOT_SHORTEST,
                         0);
            assert_int_equal(number, shortest ? edges[i] : 0);
            shortest = false;
        }
    }
}

/* Goal: lengths and counts are accepted in their shortest form alone. Method: bin, str and array of
 * sizes around each width's end, in each width, with all that they announce. */
static void test_length_widths(void **state)
{
    (void)state;
    static uint8_t bytes[9 + 65536];
    static const token_type_t types[] = {TOKEN_BIN, TOKEN_STR, TOKEN_ARRAY};
    for (size_t i = 0; i < sizeof edges / sizeof edges[0] && edges[i] <= 65536; i++) {
        for (size_t j = 0; j < sizeof types / sizeof types[0]; j++) {
            bool shortest = true;
            for (unsigned width = 0; width < TOKEN_WIDTHS; width++) {
                size_t head = token_put(bytes, types[j], width, edges[i]);
                if (head == 0)
                    continue;
                memset(bytes + head, 'a', edges[i]);
                dais_slice_t whole = dais_slice(bytes, head + edges[i]);
                dais_err_t expected = shortest ? DAIS_OK : DAIS_ERR_NOT_SHORTEST;
                dais_reader_t any = reader_on(whole);
                assert_int_equal(dais_reader_any(&any).size, shortest ? whole.size : 0);
                assert_fault(dais_reader_finish(&any), expected, 0);
                if (types[j] != TOKEN_ARRAY)
                    assert_fault(read_one(whole, types[j], 0, SIZE_MAX), expected, 0);
                shortest = false;
            }
        }
    }
}

/* Goal: the limits of a call are those of what it accepts. Method: a value of 5 against limits one
 * below, at and one above it, for each type. */
static void test_limits(void **state)
{
    (void)state;
    static const struct {
        token_type_t type;
        const char *bytes;
        size_t size;
        dais_err_t below, above;
    } cases[] = {
        {TOKEN_UINT, "\x05", 1, DAIS_ERR_OUT_OF_RANGE, DAIS_ERR_OUT_OF_RANGE},
        {TOKEN_BIN, "\xc4\x05zzzzz", 7, DAIS_ERR_TOO_SHORT, DAIS_ERR_TOO_LONG},
        {TOKEN_STR, "\xa5zzzzz", 6, DAIS_ERR_TOO_SHORT, DAIS_ERR_TOO_LONG},
        {TOKEN_ARRAY, "\x95\x00\x00\x00\x00\x00", 6, DAIS_ERR_TOO_SHORT, DAIS_ERR_TOO_LONG},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        dais_slice_t bytes = dais_slice(cases[i].bytes, cases[i].size);
        dais_err_t good = cases[i].type == TOKEN_ARRAY ? DAIS_ERR_TRAILING : DAIS_OK;
        assert_int_equal(read_one(bytes, cases[i].type, 5, 5).err, good);
        assert_int_equal(read_one(bytes, cases[i].type, 0, 5).err, good);
        assert_int_equal(read_one(bytes, cases[i].type, 5, UINT32_MAX).err, good);
        assert_fault(read_one(bytes, cases[i].type, 6, UINT32_MAX), cases[i].below, 0);
        assert_fault(read_one(bytes, cases[i].type, 0, 4), cases[i].above, 0);
    }
}

/* Goal: no length is believed beyond what is left. Method: every prefix of one value of each form
 * is truncated, at its first byte. */
static void test_truncation(void **state)
{
    (void)state;
    static uint8_t bytes[9 + 65536];
    for (token_type_t type = TOKEN_UINT; type < TOKEN_OTHER; type++) {
        for (size_t i = 0; i < sizeof edges / sizeof edges[0]; i++) {
            if (type != TOKEN_UINT && edges[i] > 65536)
                continue;
            unsigned width;
            size_t head = token_put_shortest(bytes, type, edges[i], &width);
            size_t body = type == TOKEN_UINT ? 0 : edges[i];
            memset(bytes + head, type == TOKEN_STR ? 'a' : 0, body);
            for (size_t cut = 0; cut < head + body; cut += cut < 16 ? 1 : 1 + body / 8)
                assert_int_equal(read_one(dais_slice(bytes, cut), TOKEN_OTHER, 0, 0).err,
                                 DAIS_ERR_TRUNCATED);
        }
    }
    assert_fault(read_one(dais_slice(NULL, 0), TOKEN_OTHER, 0, 0), DAIS_ERR_TRUNCATED, 0);
    assert_fault(read_one(dais_slice(NULL, 0), TOKEN_UINT, 0, 1), DAIS_ERR_TRUNCATED, 0);
}

/* Goal: five bytes that announce 268 million elements cost nothing and are refused at once. Method:
 * the array call, the call for any value, and a bin and a str of 4 GiB. */
static void test_huge_announcements(void **state)
{
    (void)state;
    assert_fault(read_one(BYTES("\xdd\x10\x00\x00\x00"), TOKEN_ARRAY, 0, UINT32_MAX),
                 DAIS_ERR_TRUNCATED, 0);
    assert_fault(read_one(BYTES("\xdd\x10\x00\x00\x00"), TOKEN_OTHER, 0, 0), DAIS_ERR_TRUNCATED, 0);
    assert_fault(read_one(BYTES("\xc6\xff\xff\xff\xff"), TOKEN_OTHER, 0, 0), DAIS_ERR_TRUNCATED, 0);
    assert_fault(read_one(BYTES("\xdb\xff\xff\xff\xff"), TOKEN_STR, 0, SIZE_MAX),
                 DAIS_ERR_TRUNCATED, 0);
}

/* Goal: arrays nest four deep and no deeper, full or empty. Method: arrays of one element around a
 * number and around an empty array. */
static void test_depth(void **state)
{
    (void)state;
    assert_fault(read_one(BYTES("\x91\x91\x91\x91\x07"), TOKEN_OTHER, 0, 0), DAIS_OK, 0);
    assert_fault(read_one(BYTES("\x91\x91\x91\x91\x91\x07"), TOKEN_OTHER, 0, 0), DAIS_ERR_TOO_DEEP,
                 4);
    assert_fault(read_one(BYTES("\x91\x91\x91\x90"), TOKEN_OTHER, 0, 0), DAIS_OK, 0);
    assert_fault(read_one(BYTES("\x91\x91\x91\x91\x90"), TOKEN_OTHER, 0, 0), DAIS_ERR_TOO_DEEP, 4);
}

/* Goal: the ends of nested arrays are found by counting, whatever comes last in them. Method: a
 * tree of arrays, read element by element, with a field after each end. */
static void test_array_ends(void **state)
{
    (void)state;
    dais_reader_t reader = reader_on(BYTES("\x94\x92\x91\x01\x90\x92\x90\x92\x02\x03\x04\x05"));
    assert_int_equal(dais_reader_array(&reader, 4, 4), 4);
    assert_int_equal(dais_reader_array(&reader, 2, 2), 2);
    assert_int_equal(dais_reader_array(&reader, 1, 1), 1);
    assert_int_equal(dais_reader_uint(&reader, 1, 1), 1);
    assert_int_equal(dais_reader_array(&reader, 0, 0), 0);
    assert_int_equal(reader.depth, 1);
    assert_int_equal(dais_reader_array(&reader, 2, 2), 2);
    assert_int_equal(dais_reader_any(&reader).size, 1);
    assert_int_equal(dais_reader_any(&reader).size, 3);
    assert_int_equal(reader.depth, 1);
    assert_int_equal(dais_reader_any(&reader).size, 1);
    assert_fault(dais_reader_finish(&reader), DAIS_ERR_TRAILING, 11);
    assert_int_equal(dais_reader_uint(&reader, 0, 9), 5);
    assert_int_equal(reader.depth, 0);
    assert_fault(dais_reader_finish(&reader), DAIS_OK, 0);
}

/* Goal: a value of any type is returned with exactly its bytes, as last element of nested arrays
 * too. Method: three arrays that end at the same byte. */
static void test_any_at_the_end_of_arrays(void **state)
{
    (void)state;
    dais_reader_t reader = reader_on(BYTES("\x92\x91\x91\x92\x06\xa1z\x07"));
    assert_int_equal(dais_reader_array(&reader, 2, 2), 2);
    assert_int_equal(dais_reader_array(&reader, 1, 1), 1);
    assert_int_equal(dais_reader_array(&reader, 1, 1), 1);
    dais_slice_t value = dais_reader_any(&reader);
    assert_true(dais_slice_equal(value, BYTES("\x92\x06\xa1z")));
    assert_int_equal(reader.depth, 1);
    assert_int_equal(dais_reader_uint(&reader, 7, 7), 7);
    assert_fault(dais_reader_finish(&reader), DAIS_OK, 0);
}

/* Goal: an array that was not read to its end is not a whole record. Method: finish at each place
 * of one, with no bytes left. */
static void test_unfinished_array(void **state)
{
    (void)state;
    dais_reader_t reader = reader_on(BYTES("\x92\x01\x02"));
    reader.end -= 1;
    assert_int_equal(dais_reader_array(&reader, 2, 2), 0); /* 2 elements in 1 byte */
    assert_fault(dais_reader_finish(&reader), DAIS_ERR_TRUNCATED, 0);
    reader = reader_on(BYTES("\x92\xa1z"));
    assert_int_equal(dais_reader_array(&reader, 2, 2), 2);
    assert_int_equal(dais_reader_str(&reader, 1, 1).size, 1);
    assert_fault(dais_reader_finish(&reader), DAIS_ERR_TRUNCATED, 3);
}

/* Goal: text has no control characters, lines have no newline, and the offset is that of the
 * character. Method: the three kinds of fault in a str, read as line, text and any. */
static void test_texts(void **state)
{
    (void)state;
    static const struct {
        const char *bytes;
        size_t size;
        dais_err_t line, text;
        size_t offset;
    } cases[] = {
        {"\xa3zzz", 4, DAIS_OK, DAIS_OK, 0},
        {"\xa3z\nz", 4, DAIS_ERR_CONTROL_CHARACTER, DAIS_OK, 2},
        {"\xa3z\tz", 4, DAIS_ERR_CONTROL_CHARACTER, DAIS_ERR_CONTROL_CHARACTER, 2},
        {"\xa3zz\xff", 4, DAIS_ERR_NOT_UTF8, DAIS_ERR_NOT_UTF8, 3},
        {"\xa3z\xc3\xa9", 4, DAIS_OK, DAIS_OK, 0},
        {"\xa2z\xc3\xa9", 4, DAIS_ERR_NOT_UTF8, DAIS_ERR_NOT_UTF8, 2},
        {"\xa1\x00", 2, DAIS_ERR_CONTROL_CHARACTER, DAIS_ERR_CONTROL_CHARACTER, 1},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        dais_slice_t bytes = dais_slice(cases[i].bytes, cases[i].size);
        dais_reader_t line = reader_on(bytes);
        dais_slice_t found = dais_reader_str(&line, 0, 9);
        assert_fault(line.fault, cases[i].line, cases[i].line == DAIS_OK ? 0 : cases[i].offset);
        assert_int_equal(found.size, cases[i].line == DAIS_OK ? bytes.data[0] & 31U : 0);
        assert_int_equal(read_one(bytes, TOKEN_STR, 0, 9).err, cases[i].text);
        assert_int_equal(read_one(bytes, TOKEN_OTHER, 0, 0).err, cases[i].text);
    }
}

/* Goal: a text that is awaited is taken as a whole and counts as one value; any other, longer, cut
 * or in a longer form, is left where it stands. Method: an array of it and of its neighbours; each
 * in memory of its own size, so that a sanitizer sees a read beyond. */
static void test_awaited_text(void **state)
{
    (void)state;
    static const struct {
        const char *bytes;
        size_t size;
        bool taken;
    } cases[] = {
        {"\xa2zy", 3, true},      {"\xa2zy\x01", 4, true},  {"\xa2zx", 3, false},
        {"\xa3zyx", 4, false},    {"\xa1z", 2, false},      {"\xa2z", 2, false},
        {"\xd9\x02zy", 4, false}, {"\xc4\x02zy", 4, false}, {"", 0, false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        uint8_t *bytes = malloc(1 + cases[i].size);
        assert_non_null(bytes);
        bytes[0] = 0x91;
        memcpy(bytes + 1, cases[i].bytes, cases[i].size);
        dais_reader_t reader = reader_on(dais_slice(bytes, 1 + cases[i].size));
        assert_int_equal(dais_reader_array(&reader, 1, 1), cases[i].size > 0 ? 1 : 0);
        const uint8_t *at = reader.next;
        assert_int_equal(dais_reader_takes(&reader, dais_slice_text("zy")), cases[i].taken);
        assert_ptr_equal(reader.next, cases[i].taken ? at + 3 : at);
        assert_int_equal(reader.depth, cases[i].taken || cases[i].size == 0 ? 0 : 1);
        free(bytes);
    }
}

/* Goal: the first failure stays, with its offset, and later calls are harmless. Method: a good
 * value, a bad one, then every call there is. */
static void test_first_failure_stays(void **state)
{
    (void)state;
    dais_reader_t reader = reader_on(BYTES("\x93\x01\xcc\x01\x02"));
    assert_int_equal(dais_reader_array(&reader, 3, 3), 3);
    assert_int_equal(dais_reader_uint(&reader, 0, 9), 1);
    assert_int_equal(dais_reader_uint(&reader, 0, 9), 0);
    assert_fault(reader.fault, DAIS_ERR_NOT_SHORTEST, 2);
    dais_reader_t before = reader;
    assert_int_equal(dais_reader_uint(&reader, 0, 9), 0);
    assert_null(dais_reader_bin(&reader, 0, 9).data);
    assert_null(dais_reader_str(&reader, 0, 9).data);
    assert_null(dais_reader_text(&reader, 0, 9).data);
    assert_null(dais_reader_any(&reader).data);
    assert_false(dais_reader_takes(&reader, dais_slice("", 0)));
    assert_int_equal(dais_reader_array(&reader, 0, 9), 0);
    dais_reader_fail(&reader, DAIS_ERR_WRONG_COUNT, reader.start);
    assert_memory_equal(&reader, &before, sizeof reader);
    assert_fault(dais_reader_finish(&reader), DAIS_ERR_NOT_SHORTEST, 2);
}

/* Goal: a caller can fail a reader at a place of its own, also on no bytes at all. Method: both. */
static void test_fail(void **state)
{
    (void)state;
    dais_reader_t reader = reader_on(BYTES("\x92\x01\x02"));
    dais_reader_fail(&reader, DAIS_ERR_WRONG_DOMAIN, reader.start + 2);
    assert_fault(dais_reader_finish(&reader), DAIS_ERR_WRONG_DOMAIN, 2);
    reader = reader_on(dais_slice(NULL, 0));
    assert_fault(dais_reader_finish(&reader), DAIS_OK, 0);
    dais_reader_fail(&reader, DAIS_ERR_WRONG_COUNT, NULL);
    assert_fault(dais_reader_finish(&reader), DAIS_ERR_WRONG_COUNT, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_first_bytes),
        cmocka_unit_test(test_types),
        cmocka_unit_test(test_uint_widths),
        cmocka_unit_test(test_length_widths),
        cmocka_unit_test(test_limits),
        cmocka_unit_test(test_truncation),
        cmocka_unit_test(test_huge_announcements),
        cmocka_unit_test(test_depth),
        cmocka_unit_test(test_array_ends),
        cmocka_unit_test(test_any_at_the_end_of_arrays),
        cmocka_unit_test(test_unfinished_array),
        cmocka_unit_test(test_texts),
        cmocka_unit_test(test_awaited_text),
        cmocka_unit_test(test_first_failure_stays),
        cmocka_unit_test(test_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
