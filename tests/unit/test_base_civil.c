/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <time.h>

#include <cmocka.h>

#include "base/civil.h"

/* Goal: every day has one date, and every date its day and weekday. Method: all days of the range,
 * beside the C library's calendar for UTC. */
static void test_every_day(void **state)
{
    (void)state;
    for (int64_t day = 0; day <= DAIS_CIVIL_DAY_MAX; day++) {
        dais_civil_t date = dais_civil_date(day);
        assert_true(dais_civil_exists(&date));
        assert_int_equal(dais_civil_day(&date), day);
        if (day % 97 != 0)
            continue;
        time_t time = (time_t)day * 86400;
        struct tm tm;
        assert_non_null(gmtime_r(&time, &tm));
        assert_int_equal(date.year, tm.tm_year + 1900);
        assert_int_equal(date.month, tm.tm_mon + 1);
        assert_int_equal(date.day, tm.tm_mday);
        assert_int_equal(dais_civil_weekday(day), tm.tm_wday);
    }
}

/* Goal: days before 1970 are counted on. Method: weekdays and numbers that are known. */
static void test_before_1970(void **state)
{
    (void)state;
    dais_civil_t date = {.year = 1969, .month = 12, .day = 31};
    assert_int_equal(dais_civil_day(&date), -1);
    assert_int_equal(dais_civil_weekday(-1), 3);
    assert_int_equal(dais_civil_weekday(-4), 0);
    date = (dais_civil_t){.year = 0, .month = 1, .day = 1};
    assert_int_equal(dais_civil_day(&date), -719528);
}

/* Goal: a text is one date or none. Method: good ones, and each way of being wrong. */
static void test_parse(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "",           "2022-05-2",  "2022-05-270", "2022/05-27", "2022-05/27",
        "2o22-05-27", "2022-0x-27", "2022-05-2y",  "2022-00-10", "2022-13-10",
        "2022-04-31", "2022-02-29", "1900-02-29",  "2022-05-00", "20220527xx",
    };
    int64_t day = 7;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_false(dais_civil_parse(dais_slice_text(bad[i]), &day));
        assert_int_equal(day, 7);
    }
    assert_true(dais_civil_parse(dais_slice_text("1970-01-01"), &day));
    assert_int_equal(day, 0);
    assert_true(dais_civil_parse(dais_slice_text("2000-02-29"), &day));
    assert_int_equal(day, 11016);
    assert_true(dais_civil_parse(dais_slice_text("9999-12-31"), &day));
    assert_int_equal(day, DAIS_CIVIL_DAY_MAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_day),
        cmocka_unit_test(test_before_1970),
        cmocka_unit_test(test_parse),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
