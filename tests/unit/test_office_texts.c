/* SPDX-License-Identifier: Apache-2.0 */
#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "office/plain_text.h"
#include "office/sheet.h"
#include "office/writing.h"

static void is_plain(const char *text, const char *expected, size_t width)
{
    char *plain = dais_plain_text(dais_slice_text(text));
    assert_non_null(plain);
    assert_string_equal(plain, expected);
    assert_int_equal(dais_plain_text_width(plain), width);
    free(plain);
}

/* Goal: no text can command a terminal or reorder what stands around it, and columns align. Method:
 * escapes, bad UTF-8, marks of direction, letters from right to left, wide and combining ones. */
static void test_plain_text(void **state)
{
    (void)state;
    assert_non_null(setlocale(LC_CTYPE, "C.UTF-8"));
    is_plain("", "", 0);
    is_plain("Harbour", "Harbour", 7);
    is_plain("a\x1b[31mb", "a\\u{1b}[31mb", 12);
    is_plain("a\nb\tc\x7f", "a\\u{a}b\\u{9}c\\u{7f}", 19);
    is_plain("\xff"
             "a",
             "\\xffa", 5);
    is_plain("\xc2\x9b", "\\u{9b}", 6);
    static const uint8_t override[] = {0xe2, 0x80, 0xae, 0}; /* U+202E, not in a literal */
    is_plain((const char *) override, "\\u{202e}", 8);
    is_plain("\xd7\x90", "\xe2\x81\xa8\xd7\x90\xe2\x81\xa9", 1);
    is_plain("\xe4\xb8\xad", "\xe4\xb8\xad", 2);
    is_plain("e\xcc\x81", "e\xcc\x81", 1);
}

static bool next_is(dais_sheet_t *sheet, unsigned line, const char *expected)
{
    dais_sheet_row_t row;
    char text[256] = "";
    size_t size = 0;
    bool found = dais_sheet_next(sheet, &row);
    if (found && row.line != line)
        fail_msg("line %u, not %u", row.line, line);
    for (size_t i = 0; i < row.count; i++)
        size += (size_t)snprintf(text + size, sizeof text - size, "%s=%s;", row.names[i],
                                 row.values[i]);
    if (found && sheet->fault[0] != '\0')
        (void)snprintf(text, sizeof text, "fault");
    dais_sheet_row_free(&row);
    assert_string_equal(text, expected);
    return found;
}

/* Goal: CSV is read as RFC 4180 has it, and a bad row does not spoil the next. Method: BOM, quotes,
 * lines inside of cells, empty cells, too many cells, a stray quote, no last newline. */
static void test_csv(void **state)
{
    static const char text[] = "\xef\xbb\xbfname,n\r\nA,1\r\n\"B, \"\"b\"\"\n2\",\nC,1,2\nD\"d,1\n"
                               ",\nE,9";
    dais_sheet_t sheet;
    (void)state;
    assert_true(dais_sheet_open(&sheet, dais_slice_text(text), false));
    assert_true(next_is(&sheet, 2, "name=A;n=1;"));
    assert_true(next_is(&sheet, 3, "name=B, \"b\"\n2;"));
    assert_true(next_is(&sheet, 5, "fault"));
    assert_true(next_is(&sheet, 6, "fault"));
    assert_true(next_is(&sheet, 7, ""));
    assert_true(next_is(&sheet, 8, "name=E;n=9;"));
    assert_false(next_is(&sheet, 9, ""));
    dais_sheet_close(&sheet);
    assert_false(dais_sheet_open(&sheet, dais_slice_text(""), false));
    dais_sheet_close(&sheet);
    assert_false(dais_sheet_open(&sheet, dais_slice_text("\"a"), false));
    dais_sheet_close(&sheet);
}

/* Goal: JSON Lines are read an object a line, arrays as repeated names. Method: texts, numbers, an
 * array, what is neither, a line that is no object, a name that stands there twice. */
static void test_json_lines(void **state)
{
    static const char text[] = "{\"a\":\"x\",\"n\":7}\n{\"d\":[\"1\",\"2\"]}\n[]\n{\"a\":1.5}\n"
                               "{\"a\":\"1\",\"a\":\"2\"}\n{\"a\":\"y\"}";
    dais_sheet_t sheet;
    (void)state;
    assert_true(dais_sheet_open(&sheet, dais_slice_text(text), true));
    assert_true(next_is(&sheet, 1, "a=x;n=7;"));
    assert_true(next_is(&sheet, 2, "d=1;d=2;"));
    assert_true(next_is(&sheet, 3, "fault"));
    assert_true(next_is(&sheet, 4, "fault"));
    assert_true(next_is(&sheet, 5, "fault"));
    assert_true(next_is(&sheet, 6, "a=y;"));
    assert_false(next_is(&sheet, 7, ""));
    dais_sheet_close(&sheet);
}

/* Goal: words and numbered paragraphs are counted as people do. Method: spaces, lines, numbers in
 * the middle of a line. */
static void test_counts(void **state)
{
    (void)state;
    assert_int_equal(dais_writing_words(dais_slice_text("")), 0);
    assert_int_equal(dais_writing_words(dais_slice_text("  one two\n\nthree\t4 ")), 4);
    assert_int_equal(dais_writing_paragraphs(dais_slice_text("1. A 2. b\n\n2. B\nnot 3.\n10. C")),
                     3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_plain_text),
        cmocka_unit_test(test_csv),
        cmocka_unit_test(test_json_lines),
        cmocka_unit_test(test_counts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
