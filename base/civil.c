/* SPDX-License-Identifier: Apache-2.0
 *
 * Dates and their numbers. Computed here and not by the C library, whose functions look at TZ and
 * at the files of the system's time zones even where no zone is asked for. */
#include "base/civil.h"

#define YEAR_FIRST 1970

/* Every fourth year is a leap year, not every hundredth, but every four hundredth. */
static bool civil_is_leap(uint32_t year)
{
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

/* Days from the first of January of the year 0 to that of year; each quotient counts the years
 * before this one that the rule of leap years names. */
static uint32_t civil_days_before_year(uint32_t year)
{
    return 365 * year + (year + 3) / 4 - (year + 99) / 100 + (year + 399) / 400;
}

uint32_t dais_civil_days_in_month(uint32_t year, uint32_t month)
{
    static const uint8_t days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    return month == 2 && civil_is_leap(year) ? 29U : days[month - 1];
}

bool dais_civil_exists(const dais_civil_t *date)
{
    return date->month >= 1 && date->month <= 12 && date->day >= 1 &&
           date->day <= dais_civil_days_in_month(date->year, date->month);
}

int64_t dais_civil_day(const dais_civil_t *date)
{
    int64_t days = (int64_t)civil_days_before_year(date->year) + date->day - 1;
    for (uint32_t month = 1; month < date->month; month++)
        days += dais_civil_days_in_month(date->year, month);
    return days - civil_days_before_year(YEAR_FIRST);
}

dais_civil_t dais_civil_date(int64_t day)
{
    uint32_t days = (uint32_t)day + civil_days_before_year(YEAR_FIRST);
    /* Dividing by 366 never gives a year that is too late, and at most 22 too early. */
    dais_civil_t date = {.year = YEAR_FIRST + (uint32_t)day / 366, .month = 1};
    while (civil_days_before_year(date.year + 1) <= days)
        date.year++;
    days -= civil_days_before_year(date.year);
    for (; days >= dais_civil_days_in_month(date.year, date.month); date.month++)
        days -= dais_civil_days_in_month(date.year, date.month);
    date.day = days + 1;
    return date;
}

unsigned dais_civil_weekday(int64_t day)
{
    int64_t weekday = (day + 4) % 7; /* day 0 was a Thursday */
    return (unsigned)(weekday < 0 ? weekday + 7 : weekday);
}

static bool civil_number(dais_slice_t text, size_t from, size_t count, uint32_t *number)
{
    *number = 0;
    for (size_t i = from; i < from + count; i++) {
        if (text.data[i] < '0' || text.data[i] > '9')
            return false;
        *number = *number * 10 + text.data[i] - '0';
    }
    return true;
}

bool dais_civil_parse(dais_slice_t text, int64_t *day)
{
    dais_civil_t date;
    if (text.size != DAIS_CIVIL_TEXT_SIZE - 1 || text.data[4] != '-' || text.data[7] != '-' ||
        !civil_number(text, 0, 4, &date.year) || !civil_number(text, 5, 2, &date.month) ||
        !civil_number(text, 8, 2, &date.day) || !dais_civil_exists(&date))
        return false;
    *day = dais_civil_day(&date);
    return true;
}
