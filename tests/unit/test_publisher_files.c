/* SPDX-License-Identifier: Apache-2.0 */
#include "publisher/files.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* Goal: a log does not choose where its pages go. Method: names of cycles that lead out of the
 * site's folder, hide, or mean something in an address; and good ones. */
static void test_folder(void **state)
{
    (void)state;
    static const char *const bad[] = {"",    ".",    "..",   "../a", "a/b",  ".git",
                                      "a?b", "a#b",  "a%2e", "a b",  "a\nb", "\xc3\xa9",
                                      "<b>", "a\"b", "a:b",  "a\\b", "~",    "$a"};
    char path[64];
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        assert_int_equal(dais_files_folder("site", dais_slice_text(bad[i]), path, sizeof path),
                         DAIS_ERR_BAD_TEXT);
    assert_int_equal(dais_files_folder("site", dais_slice("a\0b", 3), path, sizeof path),
                     DAIS_ERR_BAD_TEXT);
    assert_int_equal(dais_files_folder("site", dais_slice_text("untoc-2022.05_27"), path, 17),
                     DAIS_ERR_TOO_LONG);
    assert_int_equal(dais_files_folder("site", dais_slice_text("untoc-2022.05_27"), path, 22),
                     DAIS_OK);
    assert_string_equal(path, "site/untoc-2022.05_27");
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_folder)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
