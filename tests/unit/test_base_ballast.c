/* SPDX-License-Identifier: Apache-2.0 */
#include "base/ballast.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/unit/scratch.h"

#define BYTES ((uint64_t)1 << 20)
#define FLOOR ((uint64_t)8 << 20)

static dais_clock_manual_t manual;
static size_t line_count;

static size_t line_take(void *context, dais_slice_t line)
{
    (void)context;
    line_count++;
    return line.size;
}

/* Bytes that the file takes on the disk; 0 if there is none. */
static uint64_t taken(const char *path)
{
    struct stat status;
    return stat(path, &status) == 0 ? (uint64_t)status.st_blocks * 512 : 0;
}

/* Goal: it takes real room when there is plenty, keeps it when there is little, gives it back when
 * there is hardly any, and each change is told once. Method: looks with rising and falling room. */
static void test_takes_and_gives_back(void **state)
{
    (void)state;
    static const struct {
        uint64_t free_bytes;
        bool there;
    } looks[] = {
        {FLOOR + 2 * BYTES - 1, false},
        {FLOOR + 2 * BYTES, true},
        {FLOOR, true},
        {FLOOR / 2, true},
        {FLOOR / 2 - 1, false},
        {FLOOR / 2 - 1 + BYTES, false},
        {FLOOR + 2 * BYTES - 1, false},
        {FLOOR + 2 * BYTES, true},
    };
    scratch_path_t path = scratch_path("ballast");
    dais_clock_t clock = dais_clock_manual(&manual);
    dais_log_t log = dais_log_to_sink(&clock, line_take, NULL);
    line_count = 0;
    for (size_t i = 0; i < sizeof looks / sizeof looks[0]; i++) {
        assert_int_equal(dais_ballast_look(path.text, BYTES, FLOOR, looks[i].free_bytes, &log),
                         DAIS_OK);
        assert_int_equal(taken(path.text) >= BYTES, looks[i].there);
    }
    assert_int_equal(line_count, 3);
    assert_int_equal(scratch_count(scratch_folder), 1);
}

/* Goal: without ballast nothing is made or removed; what cannot be made is told. Method: size 0; a
 * folder that is not there. */
static void test_none(void **state)
{
    (void)state;
    scratch_path_t path = scratch_path("ballast");
    scratch_path_t nowhere = scratch_path("none/ballast");
    dais_clock_t clock = dais_clock_manual(&manual);
    dais_log_t log = dais_log_to_sink(&clock, line_take, NULL);
    assert_int_equal(dais_ballast_look(path.text, 0, FLOOR, UINT64_MAX / 2, &log), DAIS_OK);
    assert_int_equal(scratch_count(scratch_folder), 0);
    assert_int_equal(dais_ballast_look(nowhere.text, BYTES, FLOOR, UINT64_MAX / 2, &log),
                     DAIS_ERR_NOT_FOUND);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_takes_and_gives_back, scratch_make, scratch_remove),
        cmocka_unit_test_setup_teardown(test_none, scratch_make, scratch_remove),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
