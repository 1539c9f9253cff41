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
#include "proto/words.h"
#include "registry/calendar/calendar.h"
#include "registry/rules/dates.h"
#include "tests/support/policy_text.h"

static struct {
    char text[DAIS_LIMIT_POLICY];
    dais_policy_t policy;
    dais_zone_t *zone;
    dais_calendar_t calendar;
} world;

static uint64_t at_of(const char *text)
{
    uint64_t ms = 0;
    assert_int_equal(dais_clock_parse(dais_slice_text(text), &ms), DAIS_OK);
    return ms;
}

/* A calendar of the sound policy with these values; the event is that of every anchor. */
static void make_calendar(const char *zone, const char *count, const char *midnight,
                          const char *holidays, const char *event)
{
    policy_change_t changes[] = {
        {"timezone", zone}, {"calendar", count}, {"midnight", midnight}, {"holidays", holidays}};
    dais_slice_t text = policy_text(changes, 4, world.text, sizeof world.text);
    assert_int_equal(dais_policy_parse(text, &world.policy, NULL), DAIS_OK);
    dais_zone_free(&world.zone);
    assert_int_equal(dais_zone_load(&world.zone, DAIS_ZONE_FOLDER, world.policy.timezone), DAIS_OK);
    world.calendar = (dais_calendar_t){.policy = &world.policy, .zone = world.zone};
    for (unsigned i = 1; i <= DAIS_POLICY_ANCHOR_SESSION; i++)
        world.calendar.event_at[i] = at_of(event);
}

static int free_zone(void **state)
{
    (void)state;
    dais_zone_free(&world.zone);
    return 0;
}

/* Of the sound policy is said: the zone, the count, the midnight, holidays, the event, days, are
 * they working days, the edge; then what comes out. */
static const struct {
    const char *zone, *count, *midnight, *holidays, *event;
    int32_t days;
    bool working;
    dais_calendar_edge_t edge;
    const char *local;
} times[] = {
    /* Both midnights, both ways to count, and both directions. */
    {"Europe/Vienna", "day-after", "end", "none", "2022-05-02T07:00:00Z", 10, false,
     DAIS_CALENDAR_CLOSES, "2022-05-13T00:00:00+02:00"},
    {"Europe/Vienna", "day-after", "start", "none", "2022-05-02T07:00:00Z", 10, false,
     DAIS_CALENDAR_CLOSES, "2022-05-12T00:00:00+02:00"},
    {"Europe/Vienna", "day-of", "end", "none", "2022-05-02T07:00:00Z", 10, false,
     DAIS_CALENDAR_CLOSES, "2022-05-12T00:00:00+02:00"},
    {"Europe/Vienna", "day-of", "start", "none", "2022-05-02T07:00:00Z", 10, false,
     DAIS_CALENDAR_CLOSES, "2022-05-11T00:00:00+02:00"},
    {"Europe/Vienna", "day-after", "end", "none", "2022-05-27T08:00:00Z", -30, false,
     DAIS_CALENDAR_CLOSES, "2022-04-28T00:00:00+02:00"},
    {"Europe/Vienna", "day-of", "start", "none", "2022-05-27T08:00:00Z", -30, false,
     DAIS_CALENDAR_CLOSES, "2022-04-28T00:00:00+02:00"},
    /* What opens begins with its date, whatever midnight ends a period. */
    {"Europe/Vienna", "day-after", "end", "none", "2022-05-02T07:00:00Z", 1, false,
     DAIS_CALENDAR_OPENS, "2022-05-03T00:00:00+02:00"},
    {"Europe/Vienna", "day-after", "start", "none", "2022-05-02T07:00:00Z", 1, false,
     DAIS_CALENDAR_OPENS, "2022-05-03T00:00:00+02:00"},
    /* The event itself, to the millisecond. */
    {"Europe/Vienna", "day-after", "end", "none", "2022-05-27T08:00:00.250Z", 0, false,
     DAIS_CALENDAR_CLOSES, "2022-05-27T10:00:00.250+02:00"},
    /* The day of the event is that of the zone: still the 31st in New York, the 1st in Vienna. */
    {"America/New_York", "day-after", "start", "none", "2022-06-01T02:00:00Z", 1, false,
     DAIS_CALENDAR_CLOSES, "2022-06-01T00:00:00-04:00"},
    {"Europe/Vienna", "day-after", "start", "none", "2022-06-01T02:00:00Z", 1, false,
     DAIS_CALENDAR_CLOSES, "2022-06-02T00:00:00+02:00"},
    /* Over the nights in which the clocks are set: 25 and 23 hours are one day. */
    {"Europe/Vienna", "day-after", "end", "none", "2022-03-25T12:00:00Z", 2, false,
     DAIS_CALENDAR_CLOSES, "2022-03-28T00:00:00+02:00"},
    {"Europe/Vienna", "day-after", "start", "none", "2022-03-25T12:00:00Z", 2, false,
     DAIS_CALENDAR_CLOSES, "2022-03-27T00:00:00+01:00"},
    {"Europe/Vienna", "day-after", "end", "none", "2022-10-29T12:00:00Z", 1, false,
     DAIS_CALENDAR_CLOSES, "2022-10-31T00:00:00+01:00"},
    {"America/New_York", "day-after", "end", "none", "2022-03-12T12:00:00Z", 1, false,
     DAIS_CALENDAR_CLOSES, "2022-03-14T00:00:00-04:00"},
    {"America/New_York", "day-after", "end", "none", "2022-11-08T15:00:00Z", -3, false,
     DAIS_CALENDAR_CLOSES, "2022-11-06T00:00:00-04:00"},
    {"America/New_York", "day-after", "end", "none", "2022-11-08T15:00:00Z", -2, false,
     DAIS_CALENDAR_CLOSES, "2022-11-07T00:00:00-05:00"},
    /* Midnights that clocks pass over, or show twice. */
    {"America/Sao_Paulo", "day-after", "end", "none", "2018-11-02T15:00:00Z", 1, false,
     DAIS_CALENDAR_CLOSES, "2018-11-04T01:00:00-02:00"},
    {"America/Havana", "day-after", "end", "none", "2022-11-04T15:00:00Z", 1, false,
     DAIS_CALENDAR_CLOSES, "2022-11-06T00:00:00-04:00"},
    /* Working days: over a weekend, over holidays, from a Sunday, backwards. */
    {"Europe/Vienna", "day-after", "end", "none", "2022-05-20T12:00:00Z", 3, true,
     DAIS_CALENDAR_CLOSES, "2022-05-26T00:00:00+02:00"},
    {"Europe/Vienna", "day-after", "end", "2022-05-26 2022-06-06", "2022-05-20T12:00:00Z", 5, true,
     DAIS_CALENDAR_CLOSES, "2022-05-31T00:00:00+02:00"},
    {"Europe/Vienna", "day-of", "end", "2022-05-26 2022-06-06", "2022-05-20T12:00:00Z", 5, true,
     DAIS_CALENDAR_CLOSES, "2022-05-28T00:00:00+02:00"},
    {"Europe/Vienna", "day-of", "end", "none", "2022-05-22T12:00:00Z", 1, true,
     DAIS_CALENDAR_CLOSES, "2022-05-24T00:00:00+02:00"},
    {"Europe/Vienna", "day-of", "end", "none", "2022-05-20T12:00:00Z", 1, true,
     DAIS_CALENDAR_CLOSES, "2022-05-21T00:00:00+02:00"},
    {"Europe/Vienna", "day-after", "start", "2022-06-06", "2022-06-08T08:00:00Z", -3, true,
     DAIS_CALENDAR_CLOSES, "2022-06-02T00:00:00+02:00"},
    {"America/New_York", "day-after", "end", "2022-11-08 2022-11-11", "2022-11-04T15:00:00Z", 4,
     true, DAIS_CALENDAR_CLOSES, "2022-11-15T00:00:00-05:00"},
    /* Near the beginning of time, east and west. */
    {"Pacific/Kiritimati", "day-after", "start", "none", "1970-01-01T00:00:01Z", 1, false,
     DAIS_CALENDAR_CLOSES, "1970-01-01T00:00:00-10:40"},
};

/* Goal: a policy's time becomes the instant that a person would name. Method: what was counted by
 * hand on a calendar; the local text means the same instant. */
static void test_times(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof times / sizeof times[0]; i++) {
        dais_calendar_instant_t instant;
        dais_policy_time_t time = {
            .anchor = DAIS_POLICY_ANCHOR_CALL, .days = times[i].days, .working = times[i].working};
        make_calendar(times[i].zone, times[i].count, times[i].midnight, times[i].holidays,
                      times[i].event);
        dais_err_t err = dais_calendar_time(&world.calendar, &time, times[i].edge, &instant);
        if (err != DAIS_OK || strcmp(instant.local, times[i].local) != 0)
            fail_msg("line %zu: %s, not %s", i, instant.local, times[i].local);
        assert_int_equal(at_of(instant.local), instant.at);
    }
}

/* Goal: each date of a call or a list is there once, counted from its own event, as the rules
 * expect it. Method: a policy with all three anchors; beside what the rules ask for. */
static void test_dates(void **state)
{
    (void)state;
    dais_calendar_date_t dates[DAIS_CALENDAR_DATES_MAX];
    size_t count = 0;
    make_calendar("Europe/Vienna", "day-after", "end", "none", "2022-05-27T08:00:00Z");
    world.policy.application_deadline =
        (dais_policy_time_t){.anchor = DAIS_POLICY_ANCHOR_CALL, .days = 20};
    world.calendar.event_at[DAIS_POLICY_ANCHOR_CALL] = at_of("2022-03-01T09:00:00Z");
    world.calendar.event_at[DAIS_POLICY_ANCHOR_CIRCULATED] = at_of("2022-04-20T15:30:00Z");
    assert_int_equal(dais_calendar_dates(&world.calendar, DAIS_CALENDAR_CALL, dates, &count),
                     DAIS_OK);
    static const struct {
        unsigned which;
        const char *local;
    } expected[] = {
        {DAIS_DATE_APPLICATION, "2022-03-22T00:00:00+01:00"},
        {DAIS_DATE_OBJECTION_CLOSES, "2022-05-21T00:00:00+02:00"},
        {DAIS_DATE_COMMENT, "2022-05-14T00:00:00+02:00"},
        {DAIS_DATE_WITHDRAWABLE, "2022-05-27T10:00:00+02:00"},
        {DAIS_DATE_LIST_NOTICE, "2022-04-28T00:00:00+02:00"},
    };
    assert_int_equal(count, sizeof expected / sizeof expected[0]);
    for (size_t i = 0; i < count; i++) {
        assert_int_equal(dates[i].which, expected[i].which);
        assert_string_equal(dates[i].instant.local, expected[i].local);
        assert_true(dais_dates_from_call(&world.policy, dates[i].which));
        assert_false(dais_dates_from_list(&world.policy, dates[i].which));
    }
    assert_int_equal(dais_calendar_dates(&world.calendar, DAIS_CALENDAR_LIST, dates, &count),
                     DAIS_OK);
    assert_int_equal(count, 1);
    assert_int_equal(dates[0].which, DAIS_DATE_OBJECTION_OPENS);
    assert_string_equal(dates[0].instant.local, "2022-04-20T17:30:00+02:00");
    world.calendar.event_at[DAIS_POLICY_ANCHOR_CIRCULATED] = 0;
    assert_int_equal(dais_calendar_dates(&world.calendar, DAIS_CALENDAR_LIST, dates, &count),
                     DAIS_ERR_NO_EVENT);
}

/* Goal: what a person wrote is one instant or a reason why not. Method: local times on both sides
 * of clocks that are set, the same with offsets, other forms. */
static void test_read(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        dais_err_t err;
        const char *local;
    } reads[] = {
        {"2022-05-27T10:00", DAIS_OK, "2022-05-27T10:00:00+02:00"},
        {"2022-05-27T10:00:30", DAIS_OK, "2022-05-27T10:00:30+02:00"},
        {"2022-01-27T10:00", DAIS_OK, "2022-01-27T10:00:00+01:00"},
        {"2022-03-27T02:30", DAIS_ERR_NO_SUCH_TIME, ""},
        {"2022-10-30T02:30", DAIS_ERR_TIME_TWICE, ""},
        {"2022-10-30T02:30:00+02:00", DAIS_OK, "2022-10-30T02:30:00+02:00"},
        {"2022-10-30T02:30:00+01:00", DAIS_OK, "2022-10-30T02:30:00+01:00"},
        {"2022-05-27T08:00:00Z", DAIS_OK, "2022-05-27T10:00:00+02:00"},
        {"2022-05-27T08:00:00.5Z", DAIS_OK, "2022-05-27T10:00:00.500+02:00"},
        {"2022-02-29T10:00", DAIS_ERR_OUT_OF_RANGE, ""},
        {"2022-05-27 10:00", DAIS_ERR_BAD_TEXT, ""},
        {"2022-05-27", DAIS_ERR_BAD_TEXT, ""},
        {"", DAIS_ERR_BAD_TEXT, ""},
        {"1970-01-01T00:30", DAIS_ERR_OUT_OF_RANGE, ""},
        {"9999-12-31T23:30:00Z", DAIS_ERR_OUT_OF_RANGE, ""},
    };
    make_calendar("Europe/Vienna", "day-after", "end", "none", "2022-05-27T08:00:00Z");
    for (size_t i = 0; i < sizeof reads / sizeof reads[0]; i++) {
        dais_calendar_instant_t instant;
        dais_err_t err =
            dais_calendar_read(&world.calendar, dais_slice_text(reads[i].text), &instant);
        if (err != reads[i].err || strcmp(instant.local, reads[i].local) != 0)
            fail_msg("%s: %s %s", reads[i].text, dais_err_code(err), instant.local);
    }
}

/* Goal: what lies outside the years that records can hold, or is no whole minute, is refused.
 * Method: periods that lead there, and a zone by the sun. */
static void test_out_of_range(void **state)
{
    (void)state;
    dais_calendar_instant_t instant;
    dais_policy_time_t before = {.anchor = DAIS_POLICY_ANCHOR_SESSION, .days = -10};
    dais_policy_time_t after = {.anchor = DAIS_POLICY_ANCHOR_SESSION, .days = 10};
    make_calendar("Europe/Vienna", "day-after", "end", "none", "1970-01-05T00:00:00Z");
    assert_int_equal(dais_calendar_time(&world.calendar, &before, DAIS_CALENDAR_CLOSES, &instant),
                     DAIS_ERR_OUT_OF_RANGE);
    make_calendar("UTC", "day-after", "end", "none", "9999-12-30T00:00:00Z");
    assert_int_equal(dais_calendar_time(&world.calendar, &after, DAIS_CALENDAR_CLOSES, &instant),
                     DAIS_ERR_OUT_OF_RANGE);
    world.calendar.event_at[DAIS_POLICY_ANCHOR_SESSION] = DAIS_CLOCK_MS_MAX + 1;
    assert_int_equal(dais_calendar_time(&world.calendar, &after, DAIS_CALENDAR_CLOSES, &instant),
                     DAIS_ERR_OUT_OF_RANGE);
    assert_int_equal(dais_calendar_show(&world.calendar, DAIS_CLOCK_MS_MAX + 1, &instant),
                     DAIS_ERR_OUT_OF_RANGE);
    make_calendar("America/New_York", "day-after", "end", "none", "1970-01-01T03:00:00Z");
    assert_int_equal(dais_calendar_show(&world.calendar, at_of("1970-01-01T03:00:00Z"), &instant),
                     DAIS_ERR_OUT_OF_RANGE);
    /* Monrovia was 44 minutes and 30 seconds behind until 1972. */
    make_calendar("Africa/Monrovia", "day-after", "end", "none", "1971-06-01T03:00:00Z");
    assert_int_equal(dais_calendar_show(&world.calendar, at_of("1971-06-01T03:00:00Z"), &instant),
                     DAIS_ERR_OUT_OF_RANGE);
}

/* Goal: the zone of the process does not matter. Method: the same date under two of them. */
static void test_process_zone(void **state)
{
    (void)state;
    static const char *const zones[] = {"Asia/Tokyo", "America/Los_Angeles"};
    for (unsigned i = 0; i < 2; i++) {
        dais_calendar_instant_t instant;
        assert_int_equal(setenv("TZ", zones[i], 1), 0);
        tzset();
        make_calendar("Europe/Vienna", "day-after", "end", "none", "2022-05-27T08:00:00Z");
        assert_int_equal(
            dais_calendar_read(&world.calendar, dais_slice_text("2022-05-27T10:00"), &instant),
            DAIS_OK);
        assert_int_equal(instant.at, at_of("2022-05-27T08:00:00Z"));
    }
    assert_int_equal(unsetenv("TZ"), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_times),        cmocka_unit_test(test_dates),
        cmocka_unit_test(test_read),         cmocka_unit_test(test_out_of_range),
        cmocka_unit_test(test_process_zone),
    };
    return cmocka_run_group_tests(tests, NULL, free_zone);
}
