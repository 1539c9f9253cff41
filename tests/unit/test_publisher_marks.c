/* SPDX-License-Identifier: Apache-2.0 */
#include "publisher/marks.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define OPEN(n)                                                                                    \
    "<mark id=\"suggestion-" #n "-text\"><a href=\"#suggestion-" #n                                \
    "\" aria-describedby=\"suggestion-" #n "-name\">"
#define MORE(n)  "<mark><a href=\"#suggestion-" #n "\" aria-describedby=\"suggestion-" #n "-name\">"
#define PLACE(n) "<span id=\"suggestion-" #n "-text\"></span>"
#define CLOSE    "</a></mark>"

enum { MARKS_MAX = 4 };

typedef struct {
    const char *text;
    const char *sentences[MARKS_MAX]; /* null after the last */
    const char *html;
} marking_t;

static const marking_t markings[] = {
    /* Nothing to mark, nothing to mark it in, nothing but white space. */
    {"One. Two.", {NULL}, "One. Two."},
    {"", {"One."}, ""},
    {"One. Two.", {"", " \t"}, "One. Two."},
    /* At the begin, in the middle, at the end, all of it; the white space around does not count. */
    {"One. Two.", {"One."}, OPEN(1) "One." CLOSE " Two."},
    {"a b c", {"b"}, "a " OPEN(1) "b" CLOSE " c"},
    {"One. Two.", {" Two. "}, "One. " OPEN(1) "Two." CLOSE},
    {"One", {"One"}, OPEN(1) "One" CLOSE},
    /* Not word for word: case, an end that is missing, a space that stands in one alone. */
    {"One. Two.", {"one.", "Two!", "One.Two.", "One. Two. Three."}, "One. Two."},
    /* Lines are broken as one likes, in either. */
    {"See\r\n  the\tplan.", {"See the plan."}, OPEN(1) "See&#13;&#10;  the\tplan." CLOSE},
    {"See the plan.", {"See  the plan."}, OPEN(1) "See the plan." CLOSE},
    /* The first of two places, for two that are the same as well. */
    {"Act. Act.", {"Act."}, OPEN(1) "Act." CLOSE " Act."},
    {"Act.", {"Act.", "Act."}, PLACE(2) OPEN(1) "Act." CLOSE},
    /* One after the other, in any order; over one another; one in another. */
    {"One.Two.", {"Two.", "One."}, OPEN(2) "One." CLOSE OPEN(1) "Two." CLOSE},
    {"abcde", {"abcd", "cde"}, OPEN(1) "ab" CLOSE OPEN(2) "cde" CLOSE},
    {"abcde", {"abc", "bcde"}, OPEN(1) "a" PLACE(2) "bc" CLOSE MORE(2) "de" CLOSE},
    {"abc", {"abc", "b"}, OPEN(1) "a" CLOSE OPEN(2) "b" CLOSE MORE(1) "c" CLOSE},
    {"abc", {"abc", "ab", "c"}, PLACE(1) OPEN(2) "ab" CLOSE OPEN(3) "c" CLOSE},
    /* Markup stays text, and a sentence in Arabic is one. */
    {"Do <b>x</b> & \"y\".",
     {"<b>x</b> &", "\"y\"."},
     "Do " OPEN(1) "&lt;b&gt;x&lt;/b&gt; &amp;" CLOSE " " OPEN(2) "&quot;y&quot;." CLOSE},
    {"\u0646\u0639\u0645. \u0644\u0627.",
     {"\u0644\u0627."},
     "\u0646\u0639\u0645. " OPEN(1) "\u0644\u0627." CLOSE},
};

static void marking_put(dais_out_t *out, const marking_t *marking)
{
    dais_mark_t marks[MARKS_MAX] = {{.size = 0}};
    size_t count = 0;
    for (; count < MARKS_MAX && marking->sentences[count] != NULL; count++)
        marks[count].sentence = dais_slice_text(marking->sentences[count]);
    assert_int_equal(dais_marks_find(dais_slice_text(marking->text), marks, count), DAIS_OK);
    dais_marks_put(out, dais_slice_text(marking->text), marks, count);
    assert_int_equal(out->err, DAIS_OK);
}

/* Goal: a suggestion is marked where it stands word for word and nowhere else. Method: the HTML of
 * texts with sentences that are in them, are not, lie over one another, or contain markup. */
static void test_marked(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof markings / sizeof markings[0]; i++) {
        dais_out_t out = {0};
        marking_put(&out, &markings[i]);
        if (out.size != strlen(markings[i].html) ||
            (out.size > 0 && memcmp(out.data, markings[i].html, out.size) != 0))
            fail_msg("%s: %.*s", markings[i].text, (int)out.size, out.size > 0 ? out.data : "");
        dais_out_free(&out);
    }
}

/* Goal: a text reads the same with marks as without. Method: with the tags taken out (no text has
 * a < of its own left) it is what the escape alone makes of it. */
static void test_text_is_kept(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof markings / sizeof markings[0]; i++) {
        dais_out_t out = {0};
        dais_out_t bare = {0};
        size_t size = 0;
        bool inside = false;
        marking_put(&out, &markings[i]);
        dais_out_html(&bare, dais_slice_text(markings[i].text));
        for (size_t at = 0; at < out.size; at++) {
            inside = inside || out.data[at] == '<';
            if (!inside)
                out.data[size++] = out.data[at];
            inside = inside && out.data[at] != '>';
        }
        assert_int_equal(size, bare.size);
        if (size > 0)
            assert_memory_equal(out.data, bare.data, size);
        dais_out_free(&bare);
        dais_out_free(&out);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_marked),
                                       cmocka_unit_test(test_text_is_kept)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
