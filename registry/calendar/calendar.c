/* SPDX-License-Identifier: Apache-2.0
 *
 * Days are counted as days of the zone, never as multiples of 24 hours: the day on which the clocks
 * are set is as good as any other. A midnight that clocks do not show, as they are set forward over
 * it, is the instant at which they are set; of one that they show twice the first counts, since
 * from then on the date is the next. */
#include "registry/calendar/calendar.h"

#include <assert.h>
#include <stdio.h>

#include "base/civil.h"
#include "base/clock.h"
#include "proto/words.h"
#include "registry/rules/dates.h"

#define MS_PER_SECOND   1000
#define SECONDS_PER_DAY INT64_C(86400)

dais_err_t dais_calendar_show(const dais_calendar_t *calendar, uint64_t at,
                              dais_calendar_instant_t *instant)
{
    char text[DAIS_CLOCK_TEXT_SIZE];
    *instant = (dais_calendar_instant_t){.at = at};
    if (at > DAIS_CLOCK_MS_MAX)
        return DAIS_ERR_OUT_OF_RANGE;
    int32_t ahead_s = dais_zone_offset(calendar->zone, (int64_t)(at / MS_PER_SECOND));
    int64_t local_ms = (int64_t)at + (int64_t)ahead_s * MS_PER_SECOND;
    if (ahead_s % 60 != 0 || local_ms < 0 || dais_clock_format((uint64_t)local_ms, text) != DAIS_OK)
        return DAIS_ERR_OUT_OF_RANGE;
    unsigned minutes = (unsigned)(ahead_s < 0 ? -ahead_s : ahead_s) / 60;
    bool is_whole = at % MS_PER_SECOND == 0;
    (void)snprintf(instant->local, sizeof instant->local, "%.*s%c%02u:%02u", is_whole ? 19 : 23,
                   text, ahead_s < 0 ? '-' : '+', minutes / 60 % 100, minutes % 60);
    return DAIS_OK;
}

static dais_err_t calendar_at(const dais_calendar_t *calendar, int64_t at_s,
                              dais_calendar_instant_t *instant)
{
    *instant = (dais_calendar_instant_t){0};
    if (at_s < 0 || at_s > DAIS_ZONE_AT_MAX)
        return DAIS_ERR_OUT_OF_RANGE;
    return dais_calendar_show(calendar, (uint64_t)at_s * MS_PER_SECOND, instant);
}

static bool calendar_is_holiday(const dais_policy_t *policy, int64_t day)
{
    for (unsigned i = 0; i < policy->holidays.count; i++) {
        int64_t holiday = 0;
        if (dais_civil_parse(policy->holidays.items[i], &holiday) && holiday == day)
            return true;
    }
    return false;
}

static bool calendar_is_working(const dais_policy_t *policy, int64_t day)
{
    unsigned weekday = dais_civil_weekday(day);
    return weekday != 0 && weekday != 6 && !calendar_is_holiday(policy, day);
}

/* The day to which a period leads from the day of its event. Where that day counts itself, one
 * fewer has to follow; a Sunday never counts among working days, also if it is the event's. */
static int64_t calendar_count(const dais_policy_t *policy, const dais_policy_time_t *time,
                              int64_t day)
{
    int step = time->days < 0 ? -1 : 1;
    int left = time->days * step;
    if (policy->calendar == DAIS_POLICY_DAY_COUNT_DAY_OF &&
        (!time->working || calendar_is_working(policy, day)))
        left--;
    if (!time->working)
        return day + (int64_t)step * left;
    while (left > 0) {
        day += step;
        left -= calendar_is_working(policy, day) ? 1 : 0;
    }
    return day;
}

/* The number of the date there. */
static int64_t calendar_day(const dais_calendar_t *calendar, uint64_t at)
{
    int64_t at_s = (int64_t)(at / MS_PER_SECOND);
    int64_t local_s = at_s + dais_zone_offset(calendar->zone, at_s);
    return (local_s + 2 * SECONDS_PER_DAY) / SECONDS_PER_DAY - 2; /* before 1970 as well */
}

dais_err_t dais_calendar_time(const dais_calendar_t *calendar, const dais_policy_time_t *time,
                              dais_calendar_edge_t edge, dais_calendar_instant_t *instant)
{
    const dais_policy_t *policy = calendar->policy;
    assert(time->anchor != DAIS_POLICY_ANCHOR_NONE);
    uint64_t event_at = calendar->event_at[time->anchor];
    *instant = (dais_calendar_instant_t){0};
    if (event_at == 0)
        return DAIS_ERR_NO_EVENT;
    if (event_at > DAIS_CLOCK_MS_MAX)
        return DAIS_ERR_OUT_OF_RANGE;
    if (time->days == 0)
        return dais_calendar_show(calendar, event_at, instant);
    int64_t day = calendar_count(policy, time, calendar_day(calendar, event_at));
    if (edge == DAIS_CALENDAR_CLOSES && policy->midnight == DAIS_POLICY_MIDNIGHT_END)
        day++;
    int64_t midnight_s = dais_zone_find(calendar->zone, day * SECONDS_PER_DAY).first_s;
    return calendar_at(calendar, midnight_s, instant);
}

static dais_calendar_edge_t calendar_edge(unsigned date)
{
    return date == DAIS_DATE_OBJECTION_OPENS || date == DAIS_DATE_DECISION_OPENS
               ? DAIS_CALENDAR_OPENS
               : DAIS_CALENDAR_CLOSES;
}

dais_err_t dais_calendar_dates(const dais_calendar_t *calendar, dais_calendar_entry_t entry,
                               dais_calendar_date_t dates[DAIS_CALENDAR_DATES_MAX], size_t *count)
{
    const dais_policy_t *policy = calendar->policy;
    *count = 0;
    for (unsigned which = 1; which < (unsigned)DAIS_WORDS_END_date; which++) {
        const dais_policy_time_t *time = dais_dates_time(policy, which);
        bool is_expected = entry == DAIS_CALENDAR_CALL ? dais_dates_from_call(policy, which)
                                                       : dais_dates_from_list(policy, which);
        if (time == NULL || !is_expected)
            continue;
        dais_calendar_date_t *date = &dates[(*count)++];
        date->which = which;
        dais_err_t err = dais_calendar_time(calendar, time, calendar_edge(which), &date->instant);
        if (err != DAIS_OK)
            return err;
    }
    return DAIS_OK;
}

/* With an offset of its own. */
static dais_err_t calendar_read_offset(const dais_calendar_t *calendar, dais_slice_t text,
                                       dais_calendar_instant_t *instant)
{
    uint64_t at = 0;
    dais_err_t err = dais_clock_parse(text, &at);
    return err == DAIS_OK ? dais_calendar_show(calendar, at, instant) : err;
}

dais_err_t dais_calendar_read(const dais_calendar_t *calendar, dais_slice_t text,
                              dais_calendar_instant_t *instant)
{
    char whole[DAIS_CLOCK_TEXT_SIZE];
    uint64_t local_ms = 0;
    *instant = (dais_calendar_instant_t){0};
    if (text.size != 16 && text.size != 19)
        return calendar_read_offset(calendar, text, instant);
    (void)snprintf(whole, sizeof whole, "%.*s%sZ", (int)text.size, (const char *)text.data,
                   text.size == 16 ? ":00" : "");
    dais_err_t err = dais_clock_parse(dais_slice_text(whole), &local_ms);
    if (err != DAIS_OK)
        return err;
    dais_zone_instants_t found =
        dais_zone_find(calendar->zone, (int64_t)(local_ms / MS_PER_SECOND));
    switch (found.fit) {
    case DAIS_ZONE_NEVER: return DAIS_ERR_NO_SUCH_TIME;
    case DAIS_ZONE_TWICE: return DAIS_ERR_TIME_TWICE;
    case DAIS_ZONE_ONCE:
    default: return calendar_at(calendar, found.first_s, instant);
    }
}
