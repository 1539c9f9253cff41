/* SPDX-License-Identifier: Apache-2.0 */
#include "proto/opening.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include "tests/support/sample.h"

static dais_open_file_t file;

/* The sample file open/0 with its openings in the given order, under number `number`. */
static dais_slice_t file_make(const size_t *order, size_t count, uint64_t number)
{
    static uint8_t items[1 << 16];
    static uint8_t bytes[1 << 16];
    dais_packed_t packed[16];
    dais_open_file_t sample;
    dais_slice_t out;
    dais_writer_t writer;
    size_t known = 0;
    assert_int_equal(
        dais_shape_decode(&dais_shape_open_file, dais_sample_find("open_file")->bytes, &sample).err,
        DAIS_OK);
    dais_list_walk_t walk = dais_list_begin(&sample.openings, &dais_shape_packed);
    while (known < 16 && dais_list_next(&walk, &packed[known]))
        known++;
    sample.number = number;
    sample.openings = (dais_list_t){0};
    dais_writer_init(&writer, items, sizeof(items));
    for (size_t i = 0; i < count; i++) {
        assert_true(order[i] < known);
        assert_int_equal(
            dais_list_add(&sample.openings, &dais_shape_packed, &packed[order[i]], &writer),
            DAIS_OK);
    }
    dais_writer_init(&writer, bytes, sizeof(bytes));
    assert_int_equal(dais_shape_encode(&dais_shape_open_file, &sample, &writer), DAIS_OK);
    assert_int_equal(dais_writer_finish(&writer, &out), DAIS_OK);
    return out;
}

static dais_err_t file_decode(dais_slice_t bytes, const dais_hash_t *log)
{
    static const dais_open_file_t zero;
    dais_fault_t fault = dais_open_file_decode(bytes, log, &file);
    if (fault.err != DAIS_OK)
        assert_memory_equal(&file, &zero, sizeof(zero));
    assert_true(fault.offset < bytes.size);
    return fault.err;
}

/* Goal: the published form is accepted, also with gaps and with nothing open. Method: the sample
 * as it is, some of its openings, none of them. */
static void test_good(void **state)
{
    (void)state;
    static const size_t some[] = {0, 2, 5};
    const dais_hash_t *log = &dais_sample_log()->log;
    assert_int_equal(file_decode(dais_sample_find("open_file")->bytes, log), DAIS_OK);
    assert_int_equal(file_decode(file_make(some, 3, 0), log), DAIS_OK);
    assert_int_equal(file.openings.count, 3);
    assert_int_equal(file_decode(file_make(some, 0, 7), log), DAIS_OK);
    assert_int_equal(file.number, 7);
}

/* Goal: a file tells no entry twice, none out of order, none that is another file's, and none of
 * another log. Method: openings repeated, swapped, under another number; another log; the last
 * byte cut off. */
static void test_refusals(void **state)
{
    (void)state;
    static const size_t twice[] = {0, 1, 1};
    static const size_t swapped[] = {0, 2, 1};
    static const size_t one[] = {3};
    const dais_hash_t *log = &dais_sample_log()->log;
    dais_hash_t other = dais_sample_hash("another log");
    assert_int_equal(file_decode(file_make(twice, 3, 0), log), DAIS_ERR_WRONG_ENTRY);
    assert_int_equal(file_decode(file_make(swapped, 3, 0), log), DAIS_ERR_WRONG_ENTRY);
    assert_int_equal(file_decode(file_make(one, 1, 1), log), DAIS_ERR_WRONG_ENTRY);
    dais_slice_t good = file_make(one, 1, 0);
    assert_int_equal(file_decode(good, &other), DAIS_ERR_WRONG_LOG);
    assert_int_equal(file_decode(dais_slice(good.data, good.size - 1), log), DAIS_ERR_TRUNCATED);
}

/* Goal: bytes that are no opening are refused where they stand. Method: a byte of the first
 * opening's domain changed. */
static void test_no_opening(void **state)
{
    (void)state;
    static const size_t one[] = {3};
    static uint8_t bytes[1 << 16];
    dais_slice_t good = file_make(one, 1, 0);
    memcpy(bytes, good.data, good.size);
    uint8_t *domain = memmem(bytes, good.size, "dais/opening/1", 14);
    assert_non_null(domain);
    domain[13] = '2';
    dais_fault_t fault =
        dais_open_file_decode(dais_slice(bytes, good.size), &dais_sample_log()->log, &file);
    assert_int_equal(fault.err, DAIS_ERR_WRONG_DOMAIN);
    assert_true(fault.offset < (size_t)(domain - bytes));
    assert_true(fault.offset + 8 > (size_t)(domain - bytes));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_good),
        cmocka_unit_test(test_refusals),
        cmocka_unit_test(test_no_opening),
    };
    return dais_crypto_init() == DAIS_OK ? cmocka_run_group_tests(tests, NULL, NULL) : 1;
}
