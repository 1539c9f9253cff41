/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "base/zone_rule.h"

static dais_zone_rule_t rule_of(const char *text)
{
    dais_zone_rule_t rule;
    assert_true(dais_zone_rule_parse(dais_slice_text(text), &rule));
    return rule;
}

/* Goal: a rule gives the offset that the C library gives for the same text. Method: rules of all
 * forms, north and south, changes before and after their day, at steps of some hours over years
 * with and without 29 February. */
static void test_beside_the_c_library(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "CET-1CEST,M3.5.0,M10.5.0/3",
        "EST5EDT,M3.2.0,M11.1.0",
        "IST-1GMT0,M10.5.0,M3.5.0/1",
        "<+1030>-10:30<+11>-11,M10.1.0,M4.1.0",
        "EET-2EEST,M4.5.5/0,M10.5.4/24",
        "IST-2IDT,M3.4.4/26,M10.5.0",
        "<-02>2<-01>,M3.5.0/-1,M10.5.0/0",
        "CST5CDT,M3.2.0/0,M11.1.0/1",
        "ABC3DEF,J60/1,J300",
        "ABC-3DEF-5:30,59/1:30,299/2:15:30",
        "NZST-12NZDT,M9.5.0,M4.1.0/3",
        "UTC0",
        "<+0545>-5:45",
    };
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        dais_zone_rule_t rule = rule_of(texts[i]);
        assert_int_equal(setenv("TZ", texts[i], 1), 0);
        tzset();
        /* From 2022 to 2029. */
        for (time_t at = 1640995200; at < 1893456000; at += 3601) {
            struct tm tm;
            assert_non_null(localtime_r(&at, &tm));
            if (dais_zone_rule_offset(&rule, at) != (int32_t)tm.tm_gmtoff)
                fail_msg("%s at %lld", texts[i], (long long)at);
        }
    }
    assert_int_equal(unsetenv("TZ"), 0);
}

/* Goal: instants at both ends of the range are answered. Method: the last second, and one before
 * 1970. */
static void test_ends(void **state)
{
    (void)state;
    dais_zone_rule_t rule = rule_of("CET-1CEST,M3.5.0,M10.5.0/3");
    assert_int_equal(dais_zone_rule_offset(&rule, 253402300799), 3600);
    assert_int_equal(dais_zone_rule_offset(&rule, -7200), 3600);
}

/* Goal: what is no rule is not read as one. Method: each part wrong. */
static void test_refused(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "",
        "CE-1",
        "CET",
        "CET-",
        "CET-25",
        "CET-1x",
        "CET-1:60",
        "CET-1:30:60",
        "<CET-1",
        "<C.T>-1",
        "C1T-1",
        "CET-1CEST",
        "CET-1CES2,M3.5.0",
        "CET-1CEST,M3.5.0",
        "CET-1CEST,M3.5.0,M10.5.0/3,",
        "CET-1CEST,M0.5.0,M10.5.0",
        "CET-1CEST,M13.5.0,M10.5.0",
        "CET-1CEST,M3.6.0,M10.5.0",
        "CET-1CEST,M3.0.0,M10.5.0",
        "CET-1CEST,M3.5.7,M10.5.0",
        "CET-1CEST,M3-5.0,M10.5.0",
        "CET-1CEST,M3.5,M10.5.0",
        "CET-1CEST,J0,J300",
        "CET-1CEST,J366,J300",
        "CET-1CEST,366,300",
        "CET-1CEST,M3.5.0/168,M10.5.0",
        "CET-1CEST,M3.5.0/1234,M10.5.0",
        "CET-1CEST-,M3.5.0,M10.5.0",
    };
    dais_zone_rule_t rule;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        if (dais_zone_rule_parse(dais_slice_text(bad[i]), &rule))
            fail_msg("%s", bad[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_beside_the_c_library),
        cmocka_unit_test(test_ends),
        cmocka_unit_test(test_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
