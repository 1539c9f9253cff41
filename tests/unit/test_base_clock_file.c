/* SPDX-License-Identifier: Apache-2.0 */
#include "base/clock_file.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include "base/file.h"
#include "tests/unit/scratch.h"

static void play(const char *path, const char *text)
{
    assert_int_equal(dais_file_replace(path, dais_slice_text(text), 0644), DAIS_OK);
}

/* Goal: each reading is of the file that is there then, and the boot clock is the machine's.
 * Method: play three instants, one without a newline. */
static void test_time_is_played(void **state)
{
    (void)state;
    static dais_clock_file_t file;
    static const struct {
        const char *text;
        uint64_t wall_ms;
    } cases[] = {
        {"2027-04-12T14:30:00Z\n", UINT64_C(1807540200000)},
        {"2027-04-12T16:30:00.250+02:00", UINT64_C(1807540200250)},
        {"1970-01-01T00:00:00Z\n", 0},
    };
    scratch_path_t path = scratch_path("now");
    dais_clock_t clock;
    play(path.text, cases[0].text);
    assert_int_equal(dais_clock_file(&file, path.text, &clock), DAIS_OK);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        dais_clock_t system = dais_clock_system();
        dais_now_t before;
        dais_now_t now;
        play(path.text, cases[i].text);
        assert_int_equal(dais_clock_now(&system, &before), DAIS_OK);
        assert_int_equal(dais_clock_now(&clock, &now), DAIS_OK);
        assert_true(now.wall_ms == cases[i].wall_ms);
        assert_true(now.boot_ms >= before.boot_ms && now.boot_ms <= before.boot_ms + 60000);
    }
}

/* Goal: what is no instant is no time, at the start and later. Method: a table of bad files; a good
 * one that becomes bad and goes away. */
static void test_bad_files(void **state)
{
    (void)state;
    static dais_clock_file_t file;
    static const struct {
        const char *text;
        dais_err_t err;
    } cases[] = {
        {"", DAIS_ERR_BAD_TEXT},
        {"\n", DAIS_ERR_BAD_TEXT},
        {"2027-04-12T14:30:00Z\n\n", DAIS_ERR_BAD_TEXT},
        {"2027-04-31T14:30:00Z\n", DAIS_ERR_OUT_OF_RANGE},
        {"2027-04-12T14:30:00Z                                             ", DAIS_ERR_TOO_LONG},
    };
    scratch_path_t path = scratch_path("now");
    dais_clock_t clock;
    dais_now_t now;
    assert_int_equal(dais_clock_file(&file, path.text, &clock), DAIS_ERR_NOT_FOUND);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        play(path.text, cases[i].text);
        assert_int_equal(dais_clock_file(&file, path.text, &clock), cases[i].err);
        assert_int_equal(dais_clock_now(&clock, &now), DAIS_ERR_CLOCK);
        assert_true(now.wall_ms == 0 && now.boot_ms == 0);
    }
    assert_int_equal(remove(path.text), 0);
    assert_int_equal(dais_clock_now(&clock, &now), DAIS_ERR_CLOCK);
}

/* Goal: a path that does not fit is refused, not cut. Method: one of PATH_MAX bytes. */
static void test_long_path(void **state)
{
    (void)state;
    static dais_clock_file_t file;
    static char path[PATH_MAX + 1];
    dais_clock_t clock;
    memset(path, 'a', PATH_MAX);
    assert_int_equal(dais_clock_file(&file, path, &clock), DAIS_ERR_TOO_LONG);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_time_is_played, scratch_make, scratch_remove),
        cmocka_unit_test_setup_teardown(test_bad_files, scratch_make, scratch_remove),
        cmocka_unit_test(test_long_path),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
