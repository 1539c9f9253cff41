/* SPDX-License-Identifier: Apache-2.0
 *
 * The rule of a zone: read from its text, and asked for an instant. Where summer time begins in one
 * year and ends in the next, as in the south, it holds outside of the two instants of a year. */
#include "base/zone_rule.h"

#include "base/civil.h"

#define SECONDS_PER_DAY  86400
#define SECONDS_PER_HOUR 3600
#define CHANGE_DEFAULT_S (2 * SECONDS_PER_HOUR)

/* Sticky: after the first byte that does not fit, all calls do nothing. */
typedef struct {
    dais_slice_t rest;
    bool is_bad;
} rule_cursor_t;

static uint8_t rule_peek(const rule_cursor_t *cursor)
{
    return cursor->rest.size > 0 ? cursor->rest.data[0] : 0;
}

static bool rule_take(rule_cursor_t *cursor, uint8_t wanted)
{
    if (cursor->is_bad || cursor->rest.size == 0 || cursor->rest.data[0] != wanted)
        return false;
    cursor->rest = dais_slice(cursor->rest.data + 1, cursor->rest.size - 1);
    return true;
}

static void rule_expect(rule_cursor_t *cursor, uint8_t wanted)
{
    if (!rule_take(cursor, wanted))
        cursor->is_bad = true;
}

/* A number of one to three digits. */
static uint32_t rule_number(rule_cursor_t *cursor, uint32_t min, uint32_t max)
{
    uint32_t number = 0;
    unsigned digits = 0;
    while (digits < 3 && rule_peek(cursor) >= '0' && rule_peek(cursor) <= '9') {
        number = number * 10 + rule_peek(cursor) - '0';
        (void)rule_take(cursor, rule_peek(cursor));
        digits++;
    }
    if (digits == 0 || number < min || number > max)
        cursor->is_bad = true;
    return cursor->is_bad ? 0 : number;
}

/* Three letters or more, or anything else between < and >. */
static void rule_name(rule_cursor_t *cursor)
{
    unsigned count = 0;
    bool is_quoted = rule_take(cursor, '<');
    for (; !cursor->is_bad; count++) {
        uint8_t byte = rule_peek(cursor);
        bool is_letter = (byte >= 'A' && byte <= 'Z') || (byte >= 'a' && byte <= 'z');
        bool is_other = (byte >= '0' && byte <= '9') || byte == '+' || byte == '-';
        if (!is_letter && !(is_quoted && is_other))
            break;
        (void)rule_take(cursor, byte);
    }
    if (is_quoted)
        rule_expect(cursor, '>');
    if (count < 3)
        cursor->is_bad = true;
}

static int32_t rule_seconds(rule_cursor_t *cursor, uint32_t hour_max)
{
    bool is_negative = rule_take(cursor, '-');
    if (!is_negative)
        (void)rule_take(cursor, '+');
    int32_t seconds = (int32_t)(rule_number(cursor, 0, hour_max) * SECONDS_PER_HOUR);
    if (rule_take(cursor, ':'))
        seconds += (int32_t)(rule_number(cursor, 0, 59) * 60);
    if (rule_take(cursor, ':'))
        seconds += (int32_t)rule_number(cursor, 0, 59);
    return is_negative ? -seconds : seconds;
}

static dais_zone_change_t rule_change(rule_cursor_t *cursor)
{
    dais_zone_change_t change = {.form = DAIS_ZONE_DAY_ZERO, .second = CHANGE_DEFAULT_S};
    rule_expect(cursor, ',');
    if (rule_take(cursor, 'M')) {
        change.form = DAIS_ZONE_DAY_MONTH;
        change.month = rule_number(cursor, 1, 12);
        rule_expect(cursor, '.');
        change.week = rule_number(cursor, 1, 5);
        rule_expect(cursor, '.');
        change.day = rule_number(cursor, 0, 6);
    } else if (rule_take(cursor, 'J')) {
        change.form = DAIS_ZONE_DAY_JULIAN;
        change.day = rule_number(cursor, 1, 365);
    } else {
        change.day = rule_number(cursor, 0, 365);
    }
    if (rule_take(cursor, '/'))
        change.second = rule_seconds(cursor, 167);
    return change;
}

bool dais_zone_rule_parse(dais_slice_t text, dais_zone_rule_t *rule)
{
    rule_cursor_t cursor = {.rest = text};
    *rule = (dais_zone_rule_t){0};
    rule_name(&cursor);
    rule->standard_s = -rule_seconds(&cursor, 24); /* the text counts to the west */
    rule->has_summer = !cursor.is_bad && cursor.rest.size > 0;
    if (!rule->has_summer)
        return !cursor.is_bad;
    rule_name(&cursor);
    rule->summer_s = rule->standard_s + SECONDS_PER_HOUR;
    if (rule_peek(&cursor) != ',')
        rule->summer_s = -rule_seconds(&cursor, 24);
    rule->begins = rule_change(&cursor);
    rule->ends = rule_change(&cursor);
    return !cursor.is_bad && cursor.rest.size == 0;
}

static int64_t rule_month_day(const dais_zone_change_t *change, uint32_t year)
{
    dais_civil_t first = {.year = year, .month = change->month, .day = 1};
    int64_t day = dais_civil_day(&first);
    int64_t after = day + dais_civil_days_in_month(year, change->month);
    day += (7 + change->day - dais_civil_weekday(day)) % 7;
    day += 7 * ((int64_t)change->week - 1);
    return day < after ? day : day - 7;
}

static int64_t rule_day(const dais_zone_change_t *change, uint32_t year)
{
    dais_civil_t first = {.year = year, .month = 1, .day = 1};
    bool is_leap = dais_civil_days_in_month(year, 2) == 29;
    switch (change->form) {
    case DAIS_ZONE_DAY_MONTH: return rule_month_day(change, year);
    case DAIS_ZONE_DAY_JULIAN:
        return dais_civil_day(&first) + change->day - (is_leap && change->day >= 60 ? 0 : 1);
    case DAIS_ZONE_DAY_ZERO:
    default: return dais_civil_day(&first) + change->day;
    }
}

/* The instant at which clocks that show this offset are set. */
static int64_t rule_instant(const dais_zone_change_t *change, uint32_t year, int32_t offset_s)
{
    return rule_day(change, year) * SECONDS_PER_DAY + change->second - offset_s;
}

int32_t dais_zone_rule_offset(const dais_zone_rule_t *rule, int64_t at_s)
{
    if (!rule->has_summer)
        return rule->standard_s;
    int64_t local_s = at_s + rule->standard_s;
    int64_t day = local_s < 0 ? 0 : local_s / SECONDS_PER_DAY;
    uint32_t year = dais_civil_date(day > DAIS_CIVIL_DAY_MAX ? DAIS_CIVIL_DAY_MAX : day).year;
    int64_t begins = rule_instant(&rule->begins, year, rule->standard_s);
    int64_t ends = rule_instant(&rule->ends, year, rule->summer_s);
    bool is_summer = begins < ends ? begins <= at_s && at_s < ends : at_s < ends || begins <= at_s;
    return is_summer ? rule->summer_s : rule->standard_s;
}
