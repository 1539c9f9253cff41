/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_BASE_CLOCK_H
#define DAIS_BASE_CLOCK_H

#include "base/err.h"
#include "base/slice.h"

/* One reading of both clocks. The wall clock can be set and can jump; the boot clock never goes
 * back and counts through suspend, but says nothing of the date. Whoever stamps compares how far
 * both went on. */
typedef struct {
    uint64_t wall_ms; /* since 1970-01-01T00:00:00Z, leap seconds not counted */
    uint64_t boot_ms; /* since this machine started */
} dais_now_t;

/* A clock is handed to whatever needs the time, so that a test can simulate years in a second.
 * Copied by value; context outlives every copy. */
typedef struct {
    dais_err_t (*read)(void *context, dais_now_t *now);
    void *context;
} dais_clock_t;

/* CLOCK if it cannot be read or stands before 1970; now is then zero. */
DAIS_MUST_CHECK dais_err_t dais_clock_now(const dais_clock_t *clock, dais_now_t *now);

/* The machine's own: CLOCK_REALTIME and CLOCK_BOOTTIME. */
dais_clock_t dais_clock_system(void);

/* A clock that stands still until it is told otherwise, for tests and simulation. */
typedef struct {
    dais_now_t now;
    dais_err_t err; /* what a reading answers; set it to let readings fail */
} dais_clock_manual_t;

/* The caller keeps manual, set to its start, for as long as the clock is used. */
dais_clock_t dais_clock_manual(dais_clock_manual_t *manual);

/* Time goes by: both clocks go on. */
void dais_clock_manual_advance(dais_clock_manual_t *manual, uint64_t by_ms);

/* Somebody sets the wall clock, forward or back; the boot clock does not notice. */
void dais_clock_manual_set_wall(dais_clock_manual_t *manual, uint64_t wall_ms);

#define DAIS_CLOCK_TEXT_SIZE 25                        /* "2022-05-27T08:00:00.000Z" and NUL */
#define DAIS_CLOCK_MS_MAX    UINT64_C(253402300799999) /* 9999-12-31T23:59:59.999Z */

/* Writes wall_ms as RFC 3339 in UTC, always with three decimals, NUL-terminated. Reads no time
 * zone. OUT_OF_RANGE after the year 9999; text is then empty. */
DAIS_MUST_CHECK dais_err_t dais_clock_format(uint64_t wall_ms, char text[DAIS_CLOCK_TEXT_SIZE]);

/* Reads one RFC 3339 date-time (section 5.6) which is the whole of text. Narrower than the RFC:
 * T and Z in upper case, at most three decimals, no leap second, as a record's milliseconds can
 * hold nothing else. An offset is applied; -00:00 counts as UTC. BAD_TEXT if the form is another,
 * OUT_OF_RANGE for a day or hour that does not exist and for an instant outside the years 1970 to
 * 9999 in UTC; *wall_ms is then untouched. */
DAIS_MUST_CHECK dais_err_t dais_clock_parse(dais_slice_t text, uint64_t *wall_ms);

#endif
