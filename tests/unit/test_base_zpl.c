/* SPDX-License-Identifier: Apache-2.0 */
#include "base/zpl.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

/* The first property of a text, which has to have one. */
static dais_zpl_item_t first(const char *text)
{
    dais_zpl_reader_t reader;
    dais_zpl_item_t item;
    dais_zpl_reader_init(&reader, dais_slice_text(text));
    assert_true(dais_zpl_next(&reader, &item));
    return item;
}

static void assert_slice(dais_slice_t slice, const char *text)
{
    assert_true(dais_slice_equal(slice, dais_slice_text(text)));
}

/* Goal: names, values, levels and places come out as written. Method: a text with every form. */
static void test_properties(void **state)
{
    (void)state;
    static const struct {
        const char *name, *value;
        uint32_t line, column, value_column;
        unsigned depth;
    } expected[] = {
        {"section", "", 3, 1, 0, 0},
        {"bare", "a value", 4, 5, 12, 1},
        {"quoted", "a # b = 'c'", 5, 5, 15, 1},
        {"single", "say \"so\"", 7, 5, 14, 1},
        {"deeper", "", 8, 9, 0, 2},
        {"empty", "", 9, 5, 12, 1},
        {"also-empty", "", 10, 5, 19, 1},
        {"bare", "x", 11, 5, 10, 1},
        {"$-_@.&+/aZ9", "", 12, 1, 0, 0},
        {"last", "end", 13, 5, 10, 1},
    };
    const char *text = "# a comment\n"
                       "\n"
                       "section   # with a comment\n"
                       "    bare = a value   # cut here\n"
                       "    quoted = \"a # b = 'c'\"   \n"
                       "      # an indented comment\n"
                       "    single= 'say \"so\"' # after\n"
                       "        deeper\n"
                       "    empty =\n"
                       "    also-empty = \"\"\n"
                       "    bare=x\n"
                       "$-_@.&+/aZ9\n"
                       "    last=end";
    dais_zpl_reader_t reader;
    dais_zpl_item_t item;
    dais_zpl_reader_init(&reader, dais_slice_text(text));
    for (size_t i = 0; i < sizeof expected / sizeof expected[0]; i++) {
        assert_true(dais_zpl_next(&reader, &item));
        assert_int_equal(item.err, DAIS_OK);
        assert_slice(item.name, expected[i].name);
        assert_slice(item.value, expected[i].value);
        assert_int_equal(item.line, expected[i].line);
        assert_int_equal(item.column, expected[i].column);
        assert_int_equal(item.depth, expected[i].depth);
        assert_int_equal(item.has_value, expected[i].value_column != 0);
        assert_int_equal(item.value_column, expected[i].value_column);
    }
    assert_false(dais_zpl_next(&reader, &item));
}

/* Goal: what two ZPL readers could take differently is refused, at its place. Method: one text
 * for each way to go wrong. */
static void test_refusals(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        dais_err_t err;
        uint32_t column;
        unsigned depth;
    } bad[] = {
        {"  two", DAIS_ERR_BAD_INDENT, 3, 1},
        {"    child before its section", DAIS_ERR_BAD_INDENT, 5, 1},
        {"a\ttab", DAIS_ERR_BAD_TEXT, 2, 0},
        {"\ttab", DAIS_ERR_BAD_TEXT, 1, 0},
        {"return\r", DAIS_ERR_BAD_TEXT, 7, 0},
        {"# caf\xc3\xa9", DAIS_ERR_BAD_TEXT, 6, 0},
        {"del\x7f", DAIS_ERR_BAD_TEXT, 4, 0},
        {"= value", DAIS_ERR_BAD_TEXT, 1, 0},
        {"two words", DAIS_ERR_BAD_TEXT, 5, 0},
        {"name!", DAIS_ERR_BAD_TEXT, 5, 0},
        {"key = a#b", DAIS_ERR_BAD_TEXT, 8, 0},
        {"key = it's", DAIS_ERR_BAD_TEXT, 9, 0},
        {"key = a\"b", DAIS_ERR_BAD_TEXT, 8, 0},
        {"key = \"open", DAIS_ERR_BAD_TEXT, 7, 0},
        {"key = 'open\"", DAIS_ERR_BAD_TEXT, 7, 0},
        {"key = \"a\" b", DAIS_ERR_BAD_TEXT, 10, 0},
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        dais_zpl_item_t item = first(bad[i].text);
        assert_int_equal(item.err, bad[i].err);
        assert_int_equal(item.column, bad[i].column);
        assert_int_equal(item.depth, bad[i].depth);
        assert_int_equal(item.line, 1);
    }
}

/* Goal: a bare value may be followed by a comment right behind the equals sign. Method: one. */
static void test_comment_for_value(void **state)
{
    (void)state;
    dais_zpl_item_t item = first("key =# nothing");
    assert_int_equal(item.err, DAIS_OK);
    assert_true(item.has_value);
    assert_int_equal(item.value.size, 0);
}

/* Goal: after a fault reading goes on, and one slip of indentation is not reported for each line
 * below it. Method: a fault, then a line that is deep only because of it, then a good one. */
static void test_goes_on(void **state)
{
    (void)state;
    dais_zpl_reader_t reader;
    dais_zpl_item_t item;
    dais_zpl_reader_init(&reader,
                         dais_slice_text("no good\n        deep\n            deeper\n    x\n"));
    assert_true(dais_zpl_next(&reader, &item));
    assert_int_equal(item.err, DAIS_ERR_BAD_TEXT);
    for (unsigned depth = 2; depth <= 3; depth++) {
        assert_true(dais_zpl_next(&reader, &item));
        assert_int_equal(item.err, DAIS_OK);
        assert_int_equal(item.depth, depth);
    }
    assert_true(dais_zpl_next(&reader, &item));
    assert_int_equal(item.depth, 1);
    assert_false(dais_zpl_next(&reader, &item));
}

/* Goal: the lengths hold. Method: lines and values at their limit and one byte over. */
static void test_lengths(void **state)
{
    (void)state;
    char text[DAIS_ZPL_LINE_SIZE_MAX + 2];
    memset(text, 'n', sizeof text);
    text[DAIS_ZPL_LINE_SIZE_MAX] = 0;
    assert_int_equal(first(text).err, DAIS_OK);
    text[DAIS_ZPL_LINE_SIZE_MAX] = 'n';
    text[DAIS_ZPL_LINE_SIZE_MAX + 1] = 0;
    assert_int_equal(first(text).err, DAIS_ERR_TOO_LONG);
    text[0] = '#';
    assert_int_equal(first(text).err, DAIS_ERR_TOO_LONG);
    text[0] = 'n';
    text[1] = '=';
    text[2 + DAIS_ZPL_VALUE_SIZE_MAX] = 0;
    assert_int_equal(first(text).err, DAIS_OK);
    text[2 + DAIS_ZPL_VALUE_SIZE_MAX] = 'n';
    text[3 + DAIS_ZPL_VALUE_SIZE_MAX] = 0;
    assert_int_equal(first(text).err, DAIS_ERR_TOO_LONG);
}

/* Goal: a text without properties has none. Method: nothing, and only comments and void lines. */
static void test_empty(void **state)
{
    (void)state;
    dais_zpl_reader_t reader;
    dais_zpl_item_t item;
    dais_zpl_reader_init(&reader, dais_slice(NULL, 0));
    assert_false(dais_zpl_next(&reader, &item));
    dais_zpl_reader_init(&reader, dais_slice_text("\n   \n#\n    # x\n"));
    assert_false(dais_zpl_next(&reader, &item));
}

/* Goal: what can be quoted reads back. Method: values with either quote, both, none, too long. */
static void test_quoting(void **state)
{
    (void)state;
    char text[DAIS_ZPL_VALUE_SIZE_MAX + 1];
    memset(text, 'x', sizeof text);
    assert_true(dais_zpl_can_quote(dais_slice(NULL, 0)));
    assert_true(dais_zpl_can_quote(dais_slice(text, DAIS_ZPL_VALUE_SIZE_MAX)));
    assert_false(dais_zpl_can_quote(dais_slice(text, DAIS_ZPL_VALUE_SIZE_MAX + 1)));
    assert_true(dais_zpl_can_quote(dais_slice_text("it's # = so")));
    assert_true(dais_zpl_can_quote(dais_slice_text("so \"called\"")));
    assert_false(dais_zpl_can_quote(dais_slice_text("it's \"so\"")));
    assert_false(dais_zpl_can_quote(dais_slice_text("line\nline")));
    assert_false(dais_zpl_can_quote(dais_slice_text("caf\xc3\xa9")));
    assert_int_equal(dais_zpl_quote(dais_slice(NULL, 0)), '"');
    assert_int_equal(dais_zpl_quote(dais_slice_text("it's")), '"');
    assert_int_equal(dais_zpl_quote(dais_slice_text("\"so\"")), '\'');
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_properties),        cmocka_unit_test(test_refusals),
        cmocka_unit_test(test_comment_for_value), cmocka_unit_test(test_goes_on),
        cmocka_unit_test(test_lengths),           cmocka_unit_test(test_empty),
        cmocka_unit_test(test_quoting),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
