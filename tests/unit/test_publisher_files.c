/* SPDX-License-Identifier: Apache-2.0 */
#include "publisher/files.h"

#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/file.h"
#include "tests/unit/scratch.h"

#define SITE(name) scratch_path("site" name).text

static bool file_is(const char *path, const char *text)
{
    dais_file_bytes_t bytes;
    if (dais_file_read(path, 4096, &bytes) != DAIS_OK)
        return false;
    bool is = dais_slice_equal(dais_slice(bytes.data, bytes.size), dais_slice_text(text));
    dais_file_free(&bytes);
    return is;
}

static size_t count_files(const char *folder)
{
    size_t count = 0;
    DIR *opened = opendir(folder);
    assert_non_null(opened);
    for (struct dirent *each; (each = readdir(opened)) != NULL;)
        count += each->d_type == DT_REG;
    (void)closedir(opened);
    return count;
}

static void put(dais_files_t *files, const char *path, const char *text)
{
    assert_int_equal(dais_files_put(files, path, dais_slice_text(text)), DAIS_OK);
}

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

/* Goal: what is put appears when it is settled, whole, and leaves nothing beside it; a batch that
 * is given up leaves nothing at all. Method: few files and many, in folders and above them. */
static void test_settle(void **state)
{
    static const size_t counts[] = {1, 8, 9, 40};
    char name[32];
    dais_files_t *files;
    (void)state;
    for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++) {
        assert_int_equal(dais_files_open(&files, SITE("")), DAIS_OK);
        for (size_t j = 0; j < counts[i]; j++) {
            (void)snprintf(name, sizeof name, "a/b/%zu-%zu", i, j);
            put(files, name, name);
        }
        put(files, "top", "given up");
        assert_false(file_is(SITE("/top"), "given up"));
        put(files, "top", name);
        assert_int_equal(dais_files_settle(files), DAIS_OK);
        (void)snprintf(name, sizeof name, "a/b/%zu-%zu", i, counts[i] - 1);
        assert_true(file_is(SITE("/top"), name));
        assert_int_equal(count_files(SITE("")), 1);
        put(files, "a/b/never", "x");
        put(files, "a/never", "x");
        dais_files_close(&files);
        assert_int_equal(count_files(SITE("/a")), 0);
    }
    assert_int_equal(count_files(SITE("/a/b")), 1 + 8 + 9 + 40);
}

/* Goal: a file that stays the same is not touched, by this process or the next; a mark says so
 * without its content, until that changes. Method: the figures, and the mark before and after. */
static void test_same(void **state)
{
    static const dais_hash_t mark = {{1}};
    static const dais_hash_t other = {{2}};
    dais_files_t *files;
    (void)state;
    assert_int_equal(dais_files_open(&files, SITE("")), DAIS_OK);
    put(files, "a", "one");
    put(files, "a", "one");
    assert_int_equal(dais_files_figures(files).written, 1);
    assert_int_equal(dais_files_figures(files).kept, 1);
    assert_false(dais_files_is_marked(files, "a", &mark));
    dais_files_mark(files, "a", &mark);
    put(files, "a", "one");
    assert_true(dais_files_is_marked(files, "a", &mark));
    assert_false(dais_files_is_marked(files, "a", &other));
    assert_false(dais_files_is_marked(files, "b", &mark));
    put(files, "a", "two");
    assert_false(dais_files_is_marked(files, "a", &mark));
    assert_int_equal(dais_files_settle(files), DAIS_OK);
    dais_files_close(&files);
    assert_int_equal(dais_files_open(&files, SITE("")), DAIS_OK);
    put(files, "a", "two");
    assert_int_equal(dais_files_figures(files).written, 0);
    dais_files_close(&files);
}

static void walk_add(void *context, const char *path, const dais_hash_t *hash, uint64_t size)
{
    char *list = context;
    (void)hash;
    (void)snprintf(list + strlen(list), 4096 - strlen(list), "%s:%u ", path, (unsigned)size);
}

/* Goal: the list has what stands there, in order, however it came. Method: many files in an order
 * of their own, some dropped, one of them put again. */
static void test_walk(void **state)
{
    char list[4096] = "";
    char name[32];
    dais_files_t *files;
    (void)state;
    assert_int_equal(dais_files_open(&files, SITE("")), DAIS_OK);
    for (unsigned i = 0; i < 1000; i++) {
        (void)snprintf(name, sizeof name, "f%u", i * 7 % 1000);
        put(files, name, "x");
    }
    for (unsigned i = 5; i < 1000; i++) {
        (void)snprintf(name, sizeof name, "f%u", i);
        assert_int_equal(dais_files_drop(files, name), DAIS_OK);
        assert_int_equal(dais_files_drop(files, name), DAIS_OK);
    }
    put(files, "f7", "seven");
    put(files, "a/b", "");
    assert_int_equal(dais_files_walk(files, walk_add, list), DAIS_OK);
    assert_string_equal(list, "a/b:0 f0:1 f1:1 f2:1 f3:1 f4:1 f7:5 ");
    assert_int_equal(dais_files_settle(files), DAIS_OK);
    assert_int_equal(count_files(SITE("")), 6);
    dais_files_close(&files);
}

/* Goal: what cannot be written is said, leaves nothing half there, and is tried again later.
 * Method: a folder stands where a file should. */
static void test_failure(void **state)
{
    dais_files_t *files;
    (void)state;
    assert_int_equal(dais_files_open(&files, SITE("")), DAIS_OK);
    put(files, "a/b", "x");
    assert_int_equal(dais_files_settle(files), DAIS_OK);
    put(files, "c", "before");
    assert_int_equal(dais_files_put(files, "a", dais_slice_text("x")), DAIS_OK);
    assert_int_not_equal(dais_files_settle(files), DAIS_OK);
    assert_int_equal(count_files(SITE("")), 1);
    assert_int_not_equal(dais_files_put(files, "a/b/c", dais_slice_text("x")), DAIS_OK);
    put(files, "c", "before");
    assert_int_equal(dais_files_settle(files), DAIS_OK);
    assert_true(file_is(SITE("/c"), "before"));
    dais_files_close(&files);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_folder),
        cmocka_unit_test_setup_teardown(test_settle, scratch_make, scratch_remove),
        cmocka_unit_test_setup_teardown(test_same, scratch_make, scratch_remove),
        cmocka_unit_test_setup_teardown(test_walk, scratch_make, scratch_remove),
        cmocka_unit_test_setup_teardown(test_failure, scratch_make, scratch_remove)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
