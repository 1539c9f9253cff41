/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/support/golden.h"

#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "proto/signed.h"

enum { AGAIN_SIZE = 64 * 1024 };

/* With DAIS_GOLDEN_WRITE=1 a missing file is written, by whoever adds a format; one that is there
 * never is, and without it a missing file fails. */
static void golden_make(const char *path, const dais_sample_t *sample)
{
    const char *write = getenv("DAIS_GOLDEN_WRITE");
    if (write == NULL || strcmp(write, "1") != 0)
        return;
    dais_err_t err = dais_golden_write(path, sample);
    assert_true(err == DAIS_OK || err == DAIS_ERR_EXISTS);
}

static bool golden_equals(const dais_sample_t *sample)
{
    char path[DAIS_GOLDEN_PATH_MAX];
    dais_slice_t golden = {0};
    dais_golden_path(DAIS_SOURCE_DIR, sample, path);
    golden_make(path, sample);
    dais_err_t err = dais_golden_read(path, sample, &golden);
    if (err == DAIS_OK && dais_slice_equal(golden, sample->bytes))
        return true;
    print_error("%s: %s\n", path, err == DAIS_OK ? "the format has changed" : dais_err_code(err));
    return false;
}

/* Goal: no format ever changes unseen. Method: each example, made anew by the encoders, against the
 * bytes in its golden file. */
static void test_examples_equal_their_golden_files(void **state)
{
    (void)state;
    size_t bad = 0;
    for (const dais_sample_t *sample = dais_samples(); sample->name != NULL; sample++)
        bad += !golden_equals(sample);
    assert_int_equal(bad, 0);
}

static bool file_is_known(bool draft, const char *name)
{
    for (const dais_sample_t *sample = dais_samples(); sample->name != NULL; sample++) {
        char path[DAIS_GOLDEN_PATH_MAX];
        dais_golden_path(DAIS_SOURCE_DIR, sample, path);
        if (sample->draft == draft && strcmp(strrchr(path, '/') + 1, name) == 0)
            return true;
    }
    return false;
}

static size_t files_unknown(const char *folder, bool draft)
{
    size_t unknown = 0;
    DIR *dir = opendir(folder);
    assert_non_null(dir);
    for (const struct dirent *entry = readdir(dir); entry != NULL; entry = readdir(dir)) {
        /* Whole logs are test_rules_golden's. */
        bool other = entry->d_name[0] == '.' || strcmp(entry->d_name, "draft") == 0 ||
                     strcmp(entry->d_name, "logs") == 0;
        if (other || file_is_known(draft, entry->d_name))
            continue;
        print_error("%s/%s: no example of this name\n", folder, entry->d_name);
        unknown++;
    }
    assert_int_equal(closedir(dir), 0);
    return unknown;
}

/* Goal: no golden file outlives its test. Method: each file of both folders must be that of an
 * example, and of one that belongs there. */
static void test_golden_files_have_examples(void **state)
{
    (void)state;
    assert_int_equal(files_unknown(DAIS_SOURCE_DIR "/tests/golden", false), 0);
    assert_int_equal(files_unknown(DAIS_SOURCE_DIR "/tests/golden/draft", true), 0);
}

/* Goal: nothing is left out of the examples. Method: every record shape and every subject of a kind
 * has one under its name; no name stands twice. */
static void test_everything_has_an_example(void **state)
{
    (void)state;
    for (size_t i = 0; dais_shapes[i] != NULL; i++) {
        if (dais_shapes[i]->domain != NULL)
            assert_non_null(dais_sample_find(dais_shapes[i]->name));
    }
    for (const dais_kind_t *kind = dais_kinds; kind->name != NULL; kind++)
        assert_non_null(dais_sample_find(kind->subject->name));
    for (const dais_sample_t *sample = dais_samples(); sample->name != NULL; sample++)
        assert_ptr_equal(dais_sample_find(sample->name), sample);
}

/* Decodes a record, encodes what came out, and puts the signature behind it again. */
static dais_slice_t again_make(const dais_sample_t *sample, uint8_t *buffer)
{
    _Alignas(max_align_t) uint8_t record[1024];
    dais_slice_t again;
    dais_slice_t rest;
    dais_writer_t writer;
    assert_true(sample->shape->struct_size <= sizeof record);
    assert_int_equal(dais_shape_decode_first(sample->shape, sample->bytes, record, &rest).err,
                     DAIS_OK);
    assert_int_equal(rest.size, sample->form == DAIS_SAMPLE_SIGNED ? DAIS_SIGNATURE_SIZE : 0);
    dais_writer_init(&writer, buffer, AGAIN_SIZE);
    assert_int_equal(dais_shape_encode(sample->shape, record, &writer), DAIS_OK);
    dais_writer_raw(&writer, rest);
    assert_int_equal(dais_writer_finish(&writer, &again), DAIS_OK);
    return again;
}

/* Goal: what stands in a golden file can be read and means one thing. Method: decode and encode
 * every record and subject. */
static void test_records_encode_to_the_same(void **state)
{
    (void)state;
    static uint8_t buffer[AGAIN_SIZE];
    for (const dais_sample_t *sample = dais_samples(); sample->name != NULL; sample++) {
        if (sample->shape != NULL)
            assert_true(dais_slice_equal(again_make(sample, buffer), sample->bytes));
    }
}

/* Goal: each kind's example is a good message. Method: one message of every kind, decoded with its
 * subject. */
static void test_a_message_of_every_kind(void **state)
{
    (void)state;
    for (const dais_kind_t *kind = dais_kinds; kind->name != NULL; kind++) {
        const dais_kind_t *found = NULL;
        dais_message_t message;
        dais_own_t own;
        if (kind->number == DAIS_KIND_GENESIS)
            continue;
        dais_slice_t bytes = dais_sample_of_kind(kind).message;
        dais_fault_t fault = kind->stream == DAIS_STREAM_OWN
                                 ? dais_own_decode(bytes, &own, &found)
                                 : dais_message_decode(bytes, &message, &found);
        assert_int_equal(fault.err, DAIS_OK);
        assert_ptr_equal(found, kind);
    }
}

/* Goal: no signed text can pass for a record, nor a record for a text. Method: every record opens
 * with an array of 2 to 15 elements, whose first byte goes on a character in UTF-8. */
static void test_no_record_opens_like_a_text(void **state)
{
    (void)state;
    for (size_t i = 0; dais_shapes[i] != NULL; i++) {
        if (dais_shapes[i]->domain == NULL)
            continue;
        const dais_sample_t *sample = dais_sample_find(dais_shapes[i]->name);
        assert_in_range(sample->bytes.data[0], 0x92, 0x9f);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_examples_equal_their_golden_files),
        cmocka_unit_test(test_golden_files_have_examples),
        cmocka_unit_test(test_everything_has_an_example),
        cmocka_unit_test(test_records_encode_to_the_same),
        cmocka_unit_test(test_a_message_of_every_kind),
        cmocka_unit_test(test_no_record_opens_like_a_text),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
