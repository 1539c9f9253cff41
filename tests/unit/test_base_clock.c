/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <time.h>

#include "base/clock.h"
#include "tests/support/slow.h"
#include "tests/unit/fault.h"

#define UNTOUCHED 77
#define DAY_MS    UINT64_C(86400000)

static bool wall_before_1970;

int clock_gettime(clockid_t id, struct timespec *time)
{
    if (fault_hits(id == CLOCK_BOOTTIME ? "boot" : "wall"))
        return -1;
    int done = FAULT_REAL(clock_gettime)(id, time);
    if (wall_before_1970 && id == CLOCK_REALTIME)
        time->tv_sec = -1;
    return done;
}

/* Goal: the machine's clock reads both of its clocks, each in milliseconds. Method: compare with
 * readings taken before and after. */
static void test_system_clock(void **state)
{
    (void)state;
    dais_clock_t clock = dais_clock_system();
    dais_now_t now;
    struct timespec wall[2] = {0};
    struct timespec boot[2] = {0};
    for (int i = 0; i < 2; i++) {
        assert_int_equal(clock_gettime(CLOCK_REALTIME, &wall[i]), 0);
        assert_int_equal(clock_gettime(CLOCK_BOOTTIME, &boot[i]), 0);
        if (i == 0)
            assert_int_equal(dais_clock_now(&clock, &now), DAIS_OK);
    }
    assert_in_range(now.wall_ms / 1000, (uint64_t)wall[0].tv_sec, (uint64_t)wall[1].tv_sec);
    assert_in_range(now.boot_ms / 1000, (uint64_t)boot[0].tv_sec, (uint64_t)boot[1].tv_sec);
    uint64_t first_ms = (uint64_t)boot[0].tv_sec * 1000 + (uint64_t)boot[0].tv_nsec / 1000000;
    uint64_t last_ms = (uint64_t)boot[1].tv_sec * 1000 + (uint64_t)boot[1].tv_nsec / 1000000;
    assert_in_range(now.boot_ms, first_ms, last_ms);
}

/* Goal: a clock that cannot be read, or stands before 1970, is an error and gives no time at all.
 * Method: let each of the two fail. */
static void test_system_clock_fails(void **state)
{
    (void)state;
    static const char *const clocks[] = {"wall", "boot"};
    dais_clock_t clock = dais_clock_system();
    for (int i = 0; i < 2; i++) {
        dais_now_t now = {UNTOUCHED, UNTOUCHED};
        fault_set(clocks[i], 0, EINVAL);
        assert_int_equal(dais_clock_now(&clock, &now), DAIS_ERR_CLOCK);
        assert_int_equal(fault.fired, 1);
        assert_true(now.wall_ms == 0 && now.boot_ms == 0);
    }
    dais_now_t now;
    wall_before_1970 = true;
    dais_err_t err = dais_clock_now(&clock, &now);
    wall_before_1970 = false;
    assert_int_equal(err, DAIS_ERR_CLOCK);
}

/* Goal: manual time stands still, goes on for both clocks, jumps for the wall clock alone, and
 * fails when told to, with no time. Method: do each in turn and read both clocks after it. */
static void test_manual_clock(void **state)
{
    (void)state;
    dais_clock_manual_t manual = {.now = {.wall_ms = 1000, .boot_ms = 50}};
    dais_clock_t clock = dais_clock_manual(&manual);
    dais_now_t now;
    for (int i = 0; i < 2; i++) {
        assert_int_equal(dais_clock_now(&clock, &now), DAIS_OK);
        assert_true(now.wall_ms == 1000 && now.boot_ms == 50);
    }
    dais_clock_manual_advance(&manual, 365 * DAY_MS);
    assert_int_equal(dais_clock_now(&clock, &now), DAIS_OK);
    assert_true(now.wall_ms == 1000 + 365 * DAY_MS && now.boot_ms == 50 + 365 * DAY_MS);
    dais_clock_manual_set_wall(&manual, 7);
    assert_int_equal(dais_clock_now(&clock, &now), DAIS_OK);
    assert_true(now.wall_ms == 7 && now.boot_ms == 50 + 365 * DAY_MS);
    manual.err = DAIS_ERR_CLOCK;
    assert_int_equal(dais_clock_now(&clock, &now), DAIS_ERR_CLOCK);
    assert_true(now.wall_ms == 0 && now.boot_ms == 0);
}

/* Goal: known instants have their text, and the text gives the instant back. Method: a table of
 * edges: the first and last instant, leap days, and 2100, which has none; format and parse each. */
static void test_known_instants(void **state)
{
    (void)state;
    static const struct {
        uint64_t ms;
        const char *text;
    } known[] = {
        {0, "1970-01-01T00:00:00.000Z"},
        {999, "1970-01-01T00:00:00.999Z"},
        {951782400000, "2000-02-29T00:00:00.000Z"},
        {951868799999, "2000-02-29T23:59:59.999Z"},
        {1653638400000, "2022-05-27T08:00:00.000Z"},
        {4107542399999, "2100-02-28T23:59:59.999Z"},
        {4107542400000, "2100-03-01T00:00:00.000Z"},
        {DAIS_CLOCK_MS_MAX, "9999-12-31T23:59:59.999Z"},
    };
    for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
        char text[DAIS_CLOCK_TEXT_SIZE];
        uint64_t ms = UNTOUCHED;
        assert_int_equal(dais_clock_format(known[i].ms, text), DAIS_OK);
        assert_string_equal(text, known[i].text);
        assert_int_equal(dais_clock_parse(dais_slice_text(known[i].text), &ms), DAIS_OK);
        assert_true(ms == known[i].ms);
    }
}

/* Goal: the calendar is right on every day from 1970 to 9999. Method: the first and last
 * millisecond of each, against the C library's calendar and back again. */
static void test_every_day(void **state)
{
    (void)state;
    for (uint64_t day = 0; day <= DAIS_CLOCK_MS_MAX / DAY_MS; day += slow_step(101)) {
        time_t seconds = (time_t)(day * 86400);
        struct tm tm;
        char expected[32];
        assert_non_null(gmtime_r(&seconds, &tm));
        assert_int_equal(strftime(expected, sizeof(expected), "%Y-%m-%dT", &tm), 11);
        for (uint64_t edge = 0; edge < 2; edge++) {
            uint64_t ms = day * DAY_MS + edge * (DAY_MS - 1);
            uint64_t back = UNTOUCHED;
            char text[DAIS_CLOCK_TEXT_SIZE];
            assert_int_equal(dais_clock_format(ms, text), DAIS_OK);
            assert_memory_equal(text, expected, 11);
            assert_string_equal(text + 11, edge == 0 ? "00:00:00.000Z" : "23:59:59.999Z");
            assert_int_equal(dais_clock_parse(dais_slice_text(text), &back), DAIS_OK);
            assert_true(back == ms);
        }
    }
}

/* Goal: after the year 9999 there is no text. Method: format the next millisecond, and the largest
 * number. */
static void test_format_ends_with_9999(void **state)
{
    (void)state;
    char text[DAIS_CLOCK_TEXT_SIZE] = "x";
    assert_int_equal(dais_clock_format(DAIS_CLOCK_MS_MAX + 1, text), DAIS_ERR_OUT_OF_RANGE);
    assert_string_equal(text, "");
    assert_int_equal(dais_clock_format(UINT64_MAX, text), DAIS_ERR_OUT_OF_RANGE);
}

/* Goal: the time zone of the machine is never read, not even one that counts leap seconds. Method:
 * set TZ to three zones, and format and parse one instant in each. */
static void test_no_time_zone(void **state)
{
    (void)state;
    static const char *const zones[] = {"America/New_York", "right/UTC", "XYZ-14"};
    for (size_t i = 0; i < 3; i++) {
        char text[DAIS_CLOCK_TEXT_SIZE];
        uint64_t ms = UNTOUCHED;
        assert_int_equal(setenv("TZ", zones[i], 1), 0);
        tzset();
        assert_int_equal(dais_clock_format(1653638400000, text), DAIS_OK);
        assert_string_equal(text, "2022-05-27T08:00:00.000Z");
        assert_int_equal(dais_clock_parse(dais_slice_text(text), &ms), DAIS_OK);
        assert_true(ms == 1653638400000);
    }
    assert_int_equal(unsetenv("TZ"), 0);
    tzset();
}

/* Goal: decimals and offsets count for what they are. Method: a table of texts with one to three
 * decimals and with offsets both ways, up to the edges of the years, and their instants. */
static void test_parse_accepts(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        uint64_t ms;
    } good[] = {
        {"1970-01-01T00:00:01Z", 1000},
        {"1970-01-01T00:00:00.5Z", 500},
        {"1970-01-01T00:00:00.05Z", 50},
        {"1970-01-01T00:00:00.005Z", 5},
        {"1970-01-01T05:30:00.001+05:30", 1},
        {"1969-12-31T23:59:00-00:01", 0},
        {"1969-12-31T00:01:00-23:59", 0},
        {"1970-01-01T00:00:00-00:00", 0},
        {"1970-01-01T23:59:00+23:59", 0},
        {"2022-05-27T10:00:00+02:00", 1653638400000},
        {"9999-12-31T23:59:59.999+00:00", DAIS_CLOCK_MS_MAX},
    };
    for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
        uint64_t ms = UNTOUCHED;
        assert_int_equal(dais_clock_parse(dais_slice_text(good[i].text), &ms), DAIS_OK);
        assert_true(ms == good[i].ms);
    }
}

static void assert_refused(const char *text, size_t size, dais_err_t err)
{
    uint64_t ms = UNTOUCHED;
    dais_err_t found = dais_clock_parse(dais_slice(text, size), &ms);
    if (found != err)
        print_error("%.*s\n", (int)size, text);
    assert_int_equal(found, err);
    assert_int_equal(ms, UNTOUCHED);
}

/* Goal: an hour or a day that does not exist, and an instant outside of the years, is out of range.
 * Method: a text for each field that is too low or too high, for days that the month or year lacks,
 * and for instants just outside. */
static void test_parse_refuses_range(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "2022-00-27T08:00:00Z",      "2022-13-27T08:00:00Z",      "2022-05-00T08:00:00Z",
        "2022-05-32T08:00:00Z",      "2022-04-31T08:00:00Z",      "2022-02-29T08:00:00Z",
        "2100-02-29T08:00:00Z",      "2022-05-27T24:00:00Z",      "2022-05-27T08:60:00Z",
        "2022-05-27T08:00:60Z",      "2022-05-27T08:00:00+24:00", "2022-05-27T08:00:00-00:60",
        "1969-12-31T23:59:59.999Z",  "1970-01-01T00:00:00+00:01", "0000-01-01T00:00:00Z",
        "9999-12-31T23:59:59-00:01",
    };
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        assert_refused(bad[i], strlen(bad[i]), DAIS_ERR_OUT_OF_RANGE);
}

/* Goal: one form only. Method: forms that other parsers let pass. */
static void test_parse_refuses_form(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "",
        "2022-05-27",
        "2022-05-27t08:00:00Z",
        "2022-05-27T08:00:00z",
        "2022-05-27 08:00:00Z",
        " 2022-05-27T08:00:00Z",
        "2022-05-27T08:00:00Z ",
        "2022-05-27T08:00:00",
        "2022-05-27T08:00Z",
        "2022-5-27T08:00:00Z",
        "20220527T080000Z",
        "+022-05-27T08:00:00Z",
        "12022-05-27T08:00:00Z",
        "2022-05-27T08:00:00.Z",
        "2022-05-27T08:00:00,000Z",
        "2022-05-27T08:00:00.0000Z",
        "2022-05-27T08:00:00.000000Z",
        "2022-05-27T08:00:00+0200",
        "2022-05-27T08:00:00+02",
        "2022-05-27T08:00:00+2:00",
        "2022-05-27T08:00:00Z+02:00",
        "2022-05-27T08:00:00-+2:00",
        "2022-05-27T08:00:00+-2:00",
        "2022-05-27T08:00:0xZ",
        "2022-05-27T08:00:00\xC2\xB1:02:00",
    };
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        assert_refused(bad[i], strlen(bad[i]), DAIS_ERR_BAD_TEXT);
    assert_refused("2022-05-27T08:00:00Z", 21, DAIS_ERR_BAD_TEXT); /* the NUL is a byte of it */
}

/* Goal: no prefix of a good text is one, and each byte of it matters. Method: cut at every byte;
 * put each of all 256 bytes in each place: either refused or another instant. */
static void test_parse_every_byte_matters(void **state)
{
    (void)state;
    static const char good[] = "2022-05-27T08:00:00.125+02:00";
    uint64_t original = 0;
    assert_int_equal(dais_clock_parse(dais_slice_text(good), &original), DAIS_OK);
    for (size_t size = 0; size < sizeof(good) - 1; size++)
        assert_refused(good, size, DAIS_ERR_BAD_TEXT);
    for (size_t place = 0; place < sizeof(good) - 1; place++) {
        for (int byte = 0; byte < 256; byte++) {
            char text[sizeof(good)];
            memcpy(text, good, sizeof(text));
            text[place] = (char)byte;
            uint64_t ms = 0;
            dais_err_t err = dais_clock_parse(dais_slice_text(text), &ms);
            assert_true(text[place] == good[place] || err != DAIS_OK || ms != original);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_system_clock),
        cmocka_unit_test(test_system_clock_fails),
        cmocka_unit_test(test_manual_clock),
        cmocka_unit_test(test_known_instants),
        cmocka_unit_test(test_every_day),
        cmocka_unit_test(test_format_ends_with_9999),
        cmocka_unit_test(test_no_time_zone),
        cmocka_unit_test(test_parse_accepts),
        cmocka_unit_test(test_parse_refuses_range),
        cmocka_unit_test(test_parse_refuses_form),
        cmocka_unit_test(test_parse_every_byte_matters),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
