/* SPDX-License-Identifier: Apache-2.0 */
#include "publisher/out.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void assert_out(dais_out_t *out, const char *expected)
{
    assert_int_equal(out->err, DAIS_OK);
    assert_int_equal(out->size, strlen(expected));
    assert_memory_equal(out->data, expected, out->size);
    dais_out_free(out);
}

/* Goal: submitted text never becomes markup. Method: every character that HTML, XML and attributes
 * give a meaning to, and the line ends that parsers change. */
static void test_html(void **state)
{
    (void)state;
    static const char override[] = {'\xe2', '\x80', '\xae', '<', 'b', '>', '\0'};
    char isolated[64];
    (void)snprintf(isolated, sizeof isolated, "<bdi>%.3s&lt;b&gt;</bdi>", override);
    dais_out_t out = {0};
    dais_out_html(&out, dais_slice_text("<script a='b' c=\"d\">&amp;\r\n</script>"));
    assert_out(&out,
               "&lt;script a=&#39;b&#39; c=&quot;d&quot;&gt;&amp;amp;&#13;&#10;&lt;/script&gt;");
    dais_out_isolated(&out, dais_slice_text(override));
    assert_out(&out, isolated);
}

/* Goal: XML stays well-formed whatever stands in a text. Method: the characters that it cannot say,
 * at the begin, the end, alone, and ones that only look like them. */
static void test_xml(void **state)
{
    (void)state;
    dais_out_t out = {0};
    dais_out_xml(&out, dais_slice_text("\xef\xbf\xbe<a>\xef\xbf\xbd\xef\xbf\xbc\xef\xbf\xbf"));
    assert_out(&out, "\xef\xbf\xbd&lt;a&gt;\xef\xbf\xbd\xef\xbf\xbc\xef\xbf\xbd");
    dais_out_xml(&out, dais_slice_text("\xef\xbf\xbf"));
    assert_out(&out, "\xef\xbf\xbd");
    dais_out_xml(&out, dais_slice_text("a"));
    assert_out(&out, "a");
}

/* Goal: a cell is one cell, and no formula. Method: quotes, commas, line ends, and each character
 * that a spreadsheet begins a formula with. */
static void test_cell(void **state)
{
    (void)state;
    static const char *const formulas[] = {"=1+1", "+1",      "-1",     "@a",     "\ta",
                                           "\r",   "\uff1d1", "\uff0b", "\uff0d", "\uff20"};
    dais_out_t out = {0};
    dais_out_cell(&out, dais_slice_text("a \"b\", c\nd"));
    assert_out(&out, "\"a \"\"b\"\", c\nd\"");
    for (size_t i = 0; i < sizeof formulas / sizeof formulas[0]; i++) {
        dais_out_cell(&out, dais_slice_text(formulas[i]));
        assert_int_equal(out.data[1], '\'');
        dais_out_free(&out);
    }
    dais_out_cell(&out, dais_slice(NULL, 0));
    assert_out(&out, "\"\"");
}

/* Goal: JSON strings hold what was sent, also inside a page. Method: quotes, backslash, newline and
 * the characters that end a script element. */
static void test_json(void **state)
{
    (void)state;
    dais_out_t out = {0};
    dais_out_json(&out, dais_slice_text("\"\\\n</script>&"));
    assert_out(&out, "\"\\\"\\\\\\n\\u003c/script\\u003e\\u0026\"");
}

/* Goal: long texts are whole. Method: a million short pieces, formatted and raw. */
static void test_grows(void **state)
{
    (void)state;
    dais_out_t out = {0};
    for (unsigned i = 0; i < 1000000; i++)
        dais_out_format(&out, "%u", i % 10);
    assert_int_equal(out.err, DAIS_OK);
    assert_int_equal(out.size, 1000000);
    for (size_t i = 0; i < out.size; i++)
        assert_int_equal(out.data[i], '0' + i % 10);
    dais_out_free(&out);
    assert_null(out.data);
}

/* Goal: nothing over the limit is begun. Method: a piece as large as the limit behind one byte. */
static void test_limit(void **state)
{
    (void)state;
    dais_out_t out = {0};
    dais_out_put(&out, "a");
    dais_out_raw(&out, dais_slice("", DAIS_OUT_SIZE_MAX));
    assert_int_equal(out.err, DAIS_ERR_TOO_LONG);
    dais_out_put(&out, "b");
    assert_int_equal(out.size, 1);
    dais_out_free(&out);
}

/* Goal: what is printed is printed whole, however long, and hex is hex. Method: lengths around the
 * room that is asked for at once, behind other text. */
static void test_format(void **state)
{
    (void)state;
    static char text[2048];
    static char expected[2064];
    for (size_t size = 1; size < sizeof text; size += size < 500 || size > 530 ? 97 : 1) {
        dais_out_t out = {0};
        memset(text, 'a', size);
        text[size] = '\0';
        (void)snprintf(expected, sizeof expected, "7f00:%s:12", text);
        dais_out_hex(&out, dais_slice("\x7f", 2));
        dais_out_format(&out, ":%s:%d", text, 12);
        assert_out(&out, expected);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_html),  cmocka_unit_test(test_xml),    cmocka_unit_test(test_cell),
        cmocka_unit_test(test_json),  cmocka_unit_test(test_format), cmocka_unit_test(test_grows),
        cmocka_unit_test(test_limit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
