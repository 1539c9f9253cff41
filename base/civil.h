/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_BASE_CIVIL_H
#define DAIS_BASE_CIVIL_H

#include "base/slice.h"

/* The calendar that people use (Gregorian, also before it was made), without any time of day or
 * zone. Days are counted from 1970-01-01, which is day 0. Years from 0 to 9999. */
typedef struct {
    uint32_t year, month, day; /* month and day count from 1 */
} dais_civil_t;

#define DAIS_CIVIL_DAY_MAX   2932896 /* 9999-12-31 */
#define DAIS_CIVIL_TEXT_SIZE 11      /* "2022-05-27" and NUL */

/* month has to be one of 1 to 12. */
uint32_t dais_civil_days_in_month(uint32_t year, uint32_t month);

/* Is there such a date? */
bool dais_civil_exists(const dais_civil_t *date);

/* The number of a date that exists; before 1970 it is negative. */
int64_t dais_civil_day(const dais_civil_t *date);

/* The date of a day from 0 to DAIS_CIVIL_DAY_MAX. */
dais_civil_t dais_civil_date(int64_t day);

/* 0 for a Sunday to 6 for a Saturday. */
unsigned dais_civil_weekday(int64_t day);

/* Reads YYYY-MM-DD, which has to be all of text. False for another form, a date that does not
 * exist. */
bool dais_civil_parse(dais_slice_t text, int64_t *day);

#endif
