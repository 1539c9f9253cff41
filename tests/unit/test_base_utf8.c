/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/utf8.h"

#define UNTOUCHED 9999

static size_t encode(uint32_t code_point, uint8_t bytes[4])
{
    static const uint8_t lead[] = {0, 0, 0xC0, 0xE0, 0xF0};
    size_t size = code_point < 0x80 ? 1 : code_point < 0x800 ? 2 : code_point < 0x10000 ? 3 : 4;
    for (size_t i = size - 1; i > 0; i--, code_point >>= 6)
        bytes[i] = (uint8_t)(0x80 | (code_point & 0x3F));
    bytes[0] = (uint8_t)(lead[size] | code_point);
    return size;
}

static bool is_control(uint32_t code_point)
{
    return code_point < 0x20 || code_point == 0x7F || (code_point >= 0x80 && code_point < 0xA0);
}

/* Goal: every code point there is passes or is refused as it should be, and no other does. Method:
 * encode all numbers from 0 to 0x11FFFF, surrogates and those beyond Unicode included. */
static void test_every_code_point(void **state)
{
    (void)state;
    for (uint32_t code_point = 0; code_point <= 0x11FFFF; code_point++) {
        uint8_t bytes[4];
        dais_slice_t text = dais_slice(bytes, encode(code_point, bytes));
        bool valid = code_point <= 0x10FFFF && (code_point < 0xD800 || code_point > 0xDFFF);
        uint32_t found = UNTOUCHED;
        assert_int_equal(dais_utf8_next(text, &found), valid ? text.size : 0);
        assert_int_equal(found, valid ? code_point : UNTOUCHED);
        dais_err_t expected = !valid                   ? DAIS_ERR_NOT_UTF8
                              : is_control(code_point) ? DAIS_ERR_CONTROL_CHARACTER
                                                       : DAIS_OK;
        assert_int_equal(dais_utf8_check(text, false, NULL), expected);
        assert_int_equal(dais_utf8_check(text, true, NULL),
                         code_point == '\n' ? DAIS_OK : expected);
    }
}

/* The well-formed sequences as the Unicode standard tabulates them (chapter 3, table 3-7): ranges
 * of each byte, from which no arithmetic of ours is derived. */
static bool table_accepts(const uint8_t *bytes, size_t size)
{
    static const uint8_t rows[][8] = {
        {0x00, 0x7F},
        {0xC2, 0xDF, 0x80, 0xBF},
        {0xE0, 0xE0, 0xA0, 0xBF, 0x80, 0xBF},
        {0xE1, 0xEC, 0x80, 0xBF, 0x80, 0xBF},
        {0xED, 0xED, 0x80, 0x9F, 0x80, 0xBF},
        {0xEE, 0xEF, 0x80, 0xBF, 0x80, 0xBF},
        {0xF0, 0xF0, 0x90, 0xBF, 0x80, 0xBF, 0x80, 0xBF},
        {0xF1, 0xF3, 0x80, 0xBF, 0x80, 0xBF, 0x80, 0xBF},
        {0xF4, 0xF4, 0x80, 0x8F, 0x80, 0xBF, 0x80, 0xBF},
    };
    for (size_t row = 0; row < sizeof(rows) / sizeof(rows[0]); row++) {
        bool good = rows[row][2 * size - 1] != 0 && (size == 4 || rows[row][2 * size + 1] == 0);
        for (size_t i = 0; i < size && good; i++)
            good = bytes[i] >= rows[row][2 * i] && bytes[i] <= rows[row][2 * i + 1];
        if (good)
            return true;
    }
    return false;
}

/* Goal: overlong, cut and stray bytes are refused. Method: all sequences of one to three bytes, and
 * of four with the edges of the table in the last two, against the table of the standard. */
static void test_every_sequence(void **state)
{
    (void)state;
    enum { EDGE_COUNT = 11 };
    static const uint8_t edges[EDGE_COUNT] = {0x00, 0x41, 0x7F, 0x80, 0x8F, 0x90,
                                              0x9F, 0xA0, 0xBF, 0xC0, 0xFF};
    for (uint32_t lead = 0; lead <= 0xFFFF; lead++) {
        uint8_t bytes[4] = {(uint8_t)(lead >> 8), (uint8_t)lead};
        for (int i = 0; i < EDGE_COUNT * EDGE_COUNT; i++) {
            bytes[2] = edges[i / EDGE_COUNT];
            bytes[3] = edges[i % EDGE_COUNT];
            size_t expected = 0;
            for (size_t size = 1; size <= 4 && expected == 0; size++)
                if (table_accepts(bytes, size))
                    expected = size;
            uint32_t code_point = 0;
            assert_int_equal(dais_utf8_next(dais_slice(bytes, 4), &code_point), expected);
        }
    }
}

/* Goal: a character that is cut by the end is refused, and nothing behind the end is read. Method:
 * cut each length at each byte; the bytes that would complete it stand behind the end. */
static void test_cut_characters(void **state)
{
    (void)state;
    static const char *const whole[] = {"\xC3\xA9", "\xE2\x82\xAC", "\xF0\x9F\x95\x8A"};
    for (size_t i = 0; i < 3; i++) {
        for (size_t size = 1; size < strlen(whole[i]); size++) {
            uint32_t code_point = 0;
            size_t offset = UNTOUCHED;
            dais_slice_t cut = dais_slice(whole[i], size);
            assert_int_equal(dais_utf8_next(cut, &code_point), 0);
            assert_int_equal(dais_utf8_check(cut, true, &offset), DAIS_ERR_NOT_UTF8);
            assert_int_equal(offset, 0);
        }
    }
    uint32_t code_point = 0;
    assert_int_equal(dais_utf8_next(dais_slice(NULL, 0), &code_point), 0);
}

/* Goal: the offset is that of the first character at fault, wherever it stands in a word of eight
 * and whatever stands before. Method: put each kind of fault at each place of texts of 0 to 40
 * bytes, after ASCII and after characters of two bytes. */
static void test_offset_of_each_fault(void **state)
{
    (void)state;
    static const struct {
        const char *bytes;
        dais_err_t err;
    } faults[] = {
        {"\x1F", DAIS_ERR_CONTROL_CHARACTER},
        {"\x7F", DAIS_ERR_CONTROL_CHARACTER},
        {"\t", DAIS_ERR_CONTROL_CHARACTER},
        {"\r", DAIS_ERR_CONTROL_CHARACTER},
        {"\xC2\x85", DAIS_ERR_CONTROL_CHARACTER},
        {"\x80", DAIS_ERR_NOT_UTF8},
        {"\xC0\x80", DAIS_ERR_NOT_UTF8},
        {"\xED\xA0\x80", DAIS_ERR_NOT_UTF8},
        {"\xFF", DAIS_ERR_NOT_UTF8},
    };
    for (size_t kind = 0; kind < sizeof(faults) / sizeof(faults[0]); kind++) {
        for (size_t place = 0; place <= 40; place++) {
            uint8_t text[64];
            memset(text, ' ', sizeof(text));
            for (size_t i = 0; kind % 2 == 1 && i < place / 2 * 2; i++)
                text[i] = i % 2 == 0 ? 0xD9 : 0x8A;
            for (size_t i = 0; faults[kind].bytes[i] != '\0'; i++)
                text[place + i] = (uint8_t)faults[kind].bytes[i];
            size_t offset = UNTOUCHED;
            assert_int_equal(dais_utf8_check(dais_slice(text, sizeof(text)), true, &offset),
                             faults[kind].err);
            assert_int_equal(offset, place);
        }
    }
}

/* Goal: newline passes only where it is allowed, at every place of a word. Also a NUL is no end.
 * Method: put a newline, then a NUL, at each place of a text of three words; check the offset. */
static void test_newline(void **state)
{
    (void)state;
    for (size_t place = 0; place < 24; place++) {
        char text[24];
        memset(text, '~', sizeof(text));
        text[place] = '\n';
        size_t offset = UNTOUCHED;
        dais_slice_t slice = dais_slice(text, sizeof(text));
        assert_int_equal(dais_utf8_check(slice, true, &offset), DAIS_OK);
        assert_int_equal(offset, UNTOUCHED);
        assert_int_equal(dais_utf8_check(slice, false, &offset), DAIS_ERR_CONTROL_CHARACTER);
        assert_int_equal(offset, place);
        text[place] = '\0';
        assert_int_equal(dais_utf8_check(slice, true, &offset), DAIS_ERR_CONTROL_CHARACTER);
        assert_int_equal(offset, place);
    }
}

/* Goal: what languages need passes: separators, marks of direction, joiners, characters beyond the
 * first plane. Method: check a text of each, and empty ones. */
static void test_languages(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "",
        "Transnational Organized Crime",
        "\xD8\xA7\xD9\x84\xD8\xB1\xD8\xA3\xD9\x8A", /* Arabic */
        /* NOLINTNEXTLINE(misc-misleading-bidirectional): as escapes they mislead nobody */
        "\xE2\x80\xA8 \xE2\x80\xA9 \xE2\x80\xAA \xE2\x80\xAE \xE2\x81\xA6 \xE2\x81\xA9",
        "\xE0\xA4\x95\xE2\x80\x8D", /* Devanagari with a joiner */
        "\xE4\xB8\xAD\xE6\x96\x87 \xF0\xA0\x80\x80",
    };
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
        assert_int_equal(dais_utf8_check(dais_slice_text(texts[i]), false, NULL), DAIS_OK);
    assert_int_equal(dais_utf8_check(dais_slice(NULL, 0), false, NULL), DAIS_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_code_point), cmocka_unit_test(test_every_sequence),
        cmocka_unit_test(test_cut_characters),   cmocka_unit_test(test_offset_of_each_fault),
        cmocka_unit_test(test_newline),          cmocka_unit_test(test_languages),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
