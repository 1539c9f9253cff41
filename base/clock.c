/* SPDX-License-Identifier: Apache-2.0
 *
 * Two ports (the machine's clock and a manual one) and the text form of an instant. The calendar is
 * computed here and not by gmtime_r(), which looks at TZ and at the system's time zone files even
 * for UTC: an instant must have one text on every machine. */
#include "base/clock.h"

#include <assert.h>
#include <stdio.h>
#include <time.h>

#include "base/civil.h"

#define MS_PER_SECOND 1000
#define MS_PER_MINUTE 60000
#define MS_PER_HOUR   3600000
#define MS_PER_DAY    86400000

dais_err_t dais_clock_now(const dais_clock_t *clock, dais_now_t *now)
{
    *now = (dais_now_t){0};
    return clock->read(clock->context, now);
}

static dais_err_t clock_read_one(clockid_t id, uint64_t *ms)
{
    struct timespec time;
    if (clock_gettime(id, &time) != 0 || time.tv_sec < 0)
        return DAIS_ERR_CLOCK;
    *ms = (uint64_t)time.tv_sec * MS_PER_SECOND + (uint64_t)time.tv_nsec / 1000000;
    return DAIS_OK;
}

static dais_err_t clock_system_read(void *context, dais_now_t *now)
{
    (void)context;
    dais_now_t both = {0};
    dais_err_t err = clock_read_one(CLOCK_REALTIME, &both.wall_ms);
    if (err == DAIS_OK)
        err = clock_read_one(CLOCK_BOOTTIME, &both.boot_ms);
    if (err == DAIS_OK)
        *now = both;
    return err;
}

dais_clock_t dais_clock_system(void)
{
    return (dais_clock_t){.read = clock_system_read, .context = NULL};
}

static dais_err_t clock_manual_read(void *context, dais_now_t *now)
{
    const dais_clock_manual_t *manual = (const dais_clock_manual_t *)context;
    if (manual->err == DAIS_OK)
        *now = manual->now;
    return manual->err;
}

dais_clock_t dais_clock_manual(dais_clock_manual_t *manual)
{
    return (dais_clock_t){.read = clock_manual_read, .context = manual};
}

void dais_clock_manual_advance(dais_clock_manual_t *manual, uint64_t by_ms)
{
    manual->now.wall_ms += by_ms;
    manual->now.boot_ms += by_ms;
}

void dais_clock_manual_set_wall(dais_clock_manual_t *manual, uint64_t wall_ms)
{
    manual->now.wall_ms = wall_ms;
}

dais_err_t dais_clock_format(uint64_t wall_ms, char text[DAIS_CLOCK_TEXT_SIZE])
{
    text[0] = '\0';
    if (wall_ms > DAIS_CLOCK_MS_MAX)
        return DAIS_ERR_OUT_OF_RANGE;
    dais_civil_t date = dais_civil_date((int64_t)(wall_ms / MS_PER_DAY));
    uint32_t ms = (uint32_t)(wall_ms % MS_PER_DAY);
    int size = snprintf(text, DAIS_CLOCK_TEXT_SIZE, "%04u-%02u-%02uT%02u:%02u:%02u.%03uZ",
                        date.year % 10000, date.month % 100, date.day % 100, ms / MS_PER_HOUR,
                        ms / MS_PER_MINUTE % 60, ms / MS_PER_SECOND % 60, ms % MS_PER_SECOND);
    assert(size == DAIS_CLOCK_TEXT_SIZE - 1);
    return DAIS_OK;
}

/* Sticky, like every reader here: after the first byte of another form all calls do nothing. */
typedef struct {
    dais_slice_t rest;
    bool bad_form;
} clock_cursor_t;

static bool clock_take(clock_cursor_t *cursor, uint8_t wanted)
{
    if (cursor->bad_form || cursor->rest.size == 0 || cursor->rest.data[0] != wanted)
        return false;
    cursor->rest = dais_slice(cursor->rest.data + 1, cursor->rest.size - 1);
    return true;
}

static void clock_expect(clock_cursor_t *cursor, uint8_t wanted)
{
    if (!clock_take(cursor, wanted))
        cursor->bad_form = true;
}

static uint32_t clock_take_number(clock_cursor_t *cursor, int digit_count)
{
    uint32_t number = 0;
    for (int i = 0; i < digit_count; i++) {
        uint8_t digit = cursor->rest.size > 0 ? cursor->rest.data[0] : 0;
        if (digit < '0' || digit > '9')
            cursor->bad_form = true;
        clock_expect(cursor, digit);
        number = number * 10 + digit - '0';
    }
    return cursor->bad_form ? 0 : number;
}

/* One to three decimals, if there is a point at all. */
static uint32_t clock_take_fraction_ms(clock_cursor_t *cursor)
{
    if (!clock_take(cursor, '.'))
        return 0;
    uint32_t ms = 0;
    for (uint32_t worth = 100; worth > 0; worth /= 10) {
        bool has_digit =
            cursor->rest.size > 0 && cursor->rest.data[0] >= '0' && cursor->rest.data[0] <= '9';
        if (worth < 100 && !has_digit)
            break;
        ms += worth * clock_take_number(cursor, 1);
    }
    return ms;
}

typedef struct {
    dais_civil_t date;
    uint32_t hour, minute, second, ms;
    int sign; /* of the offset; 0 for Z */
    uint32_t offset_hour, offset_minute;
} clock_fields_t;

static void clock_take_offset(clock_cursor_t *cursor, clock_fields_t *fields)
{
    if (clock_take(cursor, 'Z'))
        return;
    fields->sign = clock_take(cursor, '-') ? -1 : 1;
    if (fields->sign > 0)
        clock_expect(cursor, '+');
    fields->offset_hour = clock_take_number(cursor, 2);
    clock_expect(cursor, ':');
    fields->offset_minute = clock_take_number(cursor, 2);
}

static clock_fields_t clock_take_fields(clock_cursor_t *cursor)
{
    clock_fields_t fields = {0};
    fields.date.year = clock_take_number(cursor, 4);
    clock_expect(cursor, '-');
    fields.date.month = clock_take_number(cursor, 2);
    clock_expect(cursor, '-');
    fields.date.day = clock_take_number(cursor, 2);
    clock_expect(cursor, 'T');
    fields.hour = clock_take_number(cursor, 2);
    clock_expect(cursor, ':');
    fields.minute = clock_take_number(cursor, 2);
    clock_expect(cursor, ':');
    fields.second = clock_take_number(cursor, 2);
    fields.ms = clock_take_fraction_ms(cursor);
    clock_take_offset(cursor, &fields);
    return fields;
}

static bool clock_fields_exist(const clock_fields_t *fields)
{
    if (!dais_civil_exists(&fields->date))
        return false;
    if (fields->hour > 23 || fields->minute > 59 || fields->second > 59)
        return false;
    return fields->offset_hour <= 23 && fields->offset_minute <= 59;
}

/* Before 1970 it is negative. */
static int64_t clock_fields_ms(const clock_fields_t *fields)
{
    int64_t local_ms = dais_civil_day(&fields->date) * MS_PER_DAY +
                       (int64_t)fields->hour * MS_PER_HOUR +
                       (int64_t)fields->minute * MS_PER_MINUTE +
                       (int64_t)fields->second * MS_PER_SECOND + fields->ms;
    int64_t ahead_ms =
        (int64_t)fields->offset_hour * MS_PER_HOUR + (int64_t)fields->offset_minute * MS_PER_MINUTE;
    return local_ms - fields->sign * ahead_ms;
}

dais_err_t dais_clock_parse(dais_slice_t text, uint64_t *wall_ms)
{
    clock_cursor_t cursor = {.rest = text};
    clock_fields_t fields = clock_take_fields(&cursor);
    if (cursor.bad_form || cursor.rest.size > 0)
        return DAIS_ERR_BAD_TEXT;
    if (!clock_fields_exist(&fields))
        return DAIS_ERR_OUT_OF_RANGE;
    int64_t ms = clock_fields_ms(&fields);
    if (ms < 0 || (uint64_t)ms > DAIS_CLOCK_MS_MAX)
        return DAIS_ERR_OUT_OF_RANGE;
    *wall_ms = (uint64_t)ms;
    return DAIS_OK;
}
