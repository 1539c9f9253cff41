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

#include "base/clock.h"
#include "base/file.h"
#include "base/zone.h"
#include "tests/support/slow.h"
#include "tests/unit/scratch.h"

static dais_zone_t *zone_of(const char *name)
{
    dais_zone_t *zone = NULL;
    assert_int_equal(dais_zone_load(&zone, DAIS_ZONE_FOLDER, dais_slice_text(name)), DAIS_OK);
    return zone;
}

static int64_t seconds_of(const char *text)
{
    uint64_t ms = 0;
    assert_int_equal(dais_clock_parse(dais_slice_text(text), &ms), DAIS_OK);
    return (int64_t)(ms / 1000);
}

/* Goal: zones are what the system's C library makes of the same files. Method: zones with clocks
 * set at midnight, by half hours, backwards in summer, over a whole day, or never; at odd steps
 * from 1970 to 2100. */
static void test_beside_the_c_library(void **state)
{
    (void)state;
    static const char *const names[] = {
        "Europe/Vienna",        "America/New_York",    "Africa/Cairo",      "America/Havana",
        "Pacific/Apia",         "Australia/Lord_Howe", "Europe/Dublin",     "Africa/Casablanca",
        "Asia/Jerusalem",       "Asia/Kathmandu",      "America/Sao_Paulo", "Antarctica/Troll",
        "America/Asuncion",     "Pacific/Kiritimati",  "America/St_Johns",  "UTC",
        "America/Scoresbysund", "Etc/GMT+12",
    };
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        dais_zone_t *zone = zone_of(names[i]);
        assert_int_equal(setenv("TZ", names[i], 1), 0);
        tzset();
        for (time_t at = 0; at < 4102444800; at += (time_t)(20011 * slow_step(101))) {
            struct tm tm;
            assert_non_null(localtime_r(&at, &tm));
            if (dais_zone_offset(zone, at) != (int32_t)tm.tm_gmtoff)
                fail_msg("%s at %lld", names[i], (long long)at);
        }
        dais_zone_free(&zone);
        assert_null(zone);
    }
    assert_int_equal(unsetenv("TZ"), 0);
}

static const struct {
    const char *zone, *local; /* as if it were UTC */
    dais_zone_fit_t fit;
    const char *first, *last;
} finds[] = {
    {"Europe/Vienna", "2022-05-27T10:00:00Z", DAIS_ZONE_ONCE, "2022-05-27T08:00:00Z",
     "2022-05-27T08:00:00Z"},
    {"Europe/Vienna", "2022-03-27T01:59:59Z", DAIS_ZONE_ONCE, "2022-03-27T00:59:59Z",
     "2022-03-27T00:59:59Z"},
    {"Europe/Vienna", "2022-03-27T02:00:00Z", DAIS_ZONE_NEVER, "2022-03-27T01:00:00Z",
     "2022-03-27T01:00:00Z"},
    {"Europe/Vienna", "2022-03-27T02:59:59Z", DAIS_ZONE_NEVER, "2022-03-27T01:00:00Z",
     "2022-03-27T01:00:00Z"},
    {"Europe/Vienna", "2022-03-27T03:00:00Z", DAIS_ZONE_ONCE, "2022-03-27T01:00:00Z",
     "2022-03-27T01:00:00Z"},
    {"Europe/Vienna", "2022-10-30T01:59:59Z", DAIS_ZONE_ONCE, "2022-10-29T23:59:59Z",
     "2022-10-29T23:59:59Z"},
    {"Europe/Vienna", "2022-10-30T02:00:00Z", DAIS_ZONE_TWICE, "2022-10-30T00:00:00Z",
     "2022-10-30T01:00:00Z"},
    {"Europe/Vienna", "2022-10-30T03:00:00Z", DAIS_ZONE_ONCE, "2022-10-30T02:00:00Z",
     "2022-10-30T02:00:00Z"},
    {"America/New_York", "2022-03-13T02:30:00Z", DAIS_ZONE_NEVER, "2022-03-13T07:00:00Z",
     "2022-03-13T07:00:00Z"},
    {"America/New_York", "2022-11-06T01:30:00Z", DAIS_ZONE_TWICE, "2022-11-06T05:30:00Z",
     "2022-11-06T06:30:00Z"},
    {"America/New_York", "2022-11-06T02:00:00Z", DAIS_ZONE_ONCE, "2022-11-06T07:00:00Z",
     "2022-11-06T07:00:00Z"},
    {"America/New_York", "2060-07-01T12:00:00Z", DAIS_ZONE_ONCE, "2060-07-01T16:00:00Z",
     "2060-07-01T16:00:00Z"},
    /* The clocks are set from midnight to one o'clock. */
    {"America/Sao_Paulo", "2018-11-04T00:00:00Z", DAIS_ZONE_NEVER, "2018-11-04T03:00:00Z",
     "2018-11-04T03:00:00Z"},
    /* From one o'clock back to midnight. */
    {"America/Havana", "2022-11-06T00:00:00Z", DAIS_ZONE_TWICE, "2022-11-06T04:00:00Z",
     "2022-11-06T05:00:00Z"},
    /* A day that was not. */
    {"Pacific/Apia", "2011-12-30T12:00:00Z", DAIS_ZONE_NEVER, "2011-12-30T10:00:00Z",
     "2011-12-30T10:00:00Z"},
    {"Pacific/Apia", "2011-12-31T00:00:00Z", DAIS_ZONE_ONCE, "2011-12-30T10:00:00Z",
     "2011-12-30T10:00:00Z"},
};

/* Goal: a local time has no, one or two instants. Method: both sides of clocks set forward and
 * back. */
static void test_find(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof finds / sizeof finds[0]; i++) {
        dais_zone_t *zone = zone_of(finds[i].zone);
        dais_zone_instants_t found = dais_zone_find(zone, seconds_of(finds[i].local));
        if (found.fit != finds[i].fit || found.first_s != seconds_of(finds[i].first) ||
            found.last_s != seconds_of(finds[i].last))
            fail_msg("%s %s: %d %lld %lld", finds[i].zone, finds[i].local, (int)found.fit,
                     (long long)found.first_s, (long long)found.last_s);
        dais_zone_free(&zone);
    }
}

/* Goal: a name never leads out of the folder, and what is no zone is none. Method: bad names, a
 * folder, a file that is none of them, an absent one. */
static void test_load_refused(void **state)
{
    (void)state;
    static const char *const names[] = {
        "",
        "/etc/passwd",
        "../localtime",
        "Europe/../UTC",
        "Europe/",
        "Europe//Vienna",
        "a.b",
        "Europe/Vienna\n",
        "1UTC",
        "+VERSION",
        "Aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
    };
    dais_zone_t *zone = NULL;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        assert_int_equal(dais_zone_load(&zone, DAIS_ZONE_FOLDER, dais_slice_text(names[i])),
                         DAIS_ERR_BAD_VALUE);
    assert_int_equal(dais_zone_load(&zone, DAIS_ZONE_FOLDER, dais_slice_text("Europe")),
                     DAIS_ERR_FILE_TYPE);
    assert_int_equal(dais_zone_load(&zone, DAIS_ZONE_FOLDER, dais_slice_text("Europe/Nowhere")),
                     DAIS_ERR_NOT_FOUND);
    char folder[5000];
    memset(folder, 'a', sizeof folder - 1);
    folder[sizeof folder - 1] = '\0';
    assert_int_equal(dais_zone_load(&zone, folder, dais_slice_text("UTC")), DAIS_ERR_TOO_LONG);
    assert_null(zone);
}

/* Goal: a damaged file is refused, and asking what was read stays within bounds. Method: every cut
 * and every byte changed in three ways, of a small file; under the sanitizers. */
static void test_damage(void **state)
{
    (void)state;
    dais_file_bytes_t file;
    dais_zone_t *zone = NULL;
    assert_int_equal(dais_file_read(DAIS_ZONE_FOLDER "/Asia/Kathmandu", 65536, &file), DAIS_OK);
    for (size_t size = 0; size < file.size; size++)
        assert_int_equal(dais_zone_parse(&zone, dais_slice(file.data, size)), DAIS_ERR_CORRUPT);
    unsigned refused = 0;
    for (size_t i = 0; i < file.size; i++) {
        static const uint8_t masks[] = {0x01, 0x80, 0xff};
        for (size_t m = 0; m < sizeof masks; m++) {
            file.data[i] ^= masks[m];
            if (dais_zone_parse(&zone, dais_slice(file.data, file.size)) == DAIS_OK) {
                (void)dais_zone_find(zone, 1600000000);
                dais_zone_free(&zone);
            } else {
                refused++;
            }
            file.data[i] ^= masks[m];
        }
    }
    assert_true(refused > 0);
    dais_file_free(&file);
}

static void put_text(const char *name, const char *text)
{
    scratch_path_t path = scratch_path(name);
    assert_int_equal(dais_file_replace(path.text, dais_slice_text(text), 0644), DAIS_OK);
}

/* Goal: the version of the database comes from where systems keep it. Method: the machine's own,
 * and folders with one, the other or neither file, and with another first line. */
static void test_version(void **state)
{
    (void)state;
    char version[DAIS_ZONE_VERSION_SIZE];
    assert_int_equal(dais_zone_version(DAIS_ZONE_FOLDER, version), DAIS_OK);
    assert_true(strlen(version) >= 5 && strncmp(version, "20", 2) == 0);
    assert_int_equal(dais_zone_version(scratch_folder, version), DAIS_ERR_NOT_FOUND);
    put_text("+VERSION", "2031c\n");
    assert_int_equal(dais_zone_version(scratch_folder, version), DAIS_OK);
    assert_string_equal(version, "2031c");
    put_text("tzdata.zi", "# version 2031d-dirty\nR x\n");
    assert_int_equal(dais_zone_version(scratch_folder, version), DAIS_OK);
    assert_string_equal(version, "2031d-dirty");
    static const char *const bad[] = {"", "# version \n", "# version 2031d x\n", "# redo 2031d\n",
                                      "# version 20310000000000000000000000000000000000000\n"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        put_text("tzdata.zi", bad[i]);
        assert_int_equal(dais_zone_version(scratch_folder, version), DAIS_ERR_CORRUPT);
        assert_string_equal(version, "");
    }
    char folder[5000];
    memset(folder, 'a', sizeof folder - 1);
    folder[sizeof folder - 1] = '\0';
    assert_int_equal(dais_zone_version(folder, version), DAIS_ERR_TOO_LONG);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_beside_the_c_library),
        cmocka_unit_test(test_find),
        cmocka_unit_test(test_load_refused),
        cmocka_unit_test(test_damage),
        cmocka_unit_test_setup_teardown(test_version, scratch_make, scratch_remove),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
