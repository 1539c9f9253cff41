/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_CALENDAR_CALENDAR_H
#define DAIS_CALENDAR_CALENDAR_H

#include "base/zone.h"
#include "registry/rules/policy.h"

/* Turns what a policy says ("session-10wd") into the instant that a call announces, once, when it
 * is drafted. What comes out is logged as UTC milliseconds, beside the local text, the zone and the
 * version of the tz database; from then on nobody counts days again, and the rules, which know no
 * zone, only compare. What is counted, and why so: docs/decisions/calendar.md.
 *
 * A draft of a call, for instance:
 *
 *   dais_zone_load(&zone, DAIS_ZONE_FOLDER, policy.timezone);
 *   dais_calendar_t calendar = {.policy = &policy, .zone = zone};
 *   dais_calendar_read(&calendar, dais_slice_text("2022-05-27T10:00"), &starts);
 *   calendar.event_at[DAIS_POLICY_ANCHOR_CALL] = now_ms;
 *   calendar.event_at[DAIS_POLICY_ANCHOR_SESSION] = starts.at;
 *   dais_calendar_dates(&calendar, DAIS_CALENDAR_CALL, dates, &count);
 *
 * and beside those `starts` and the other dates that a policy never counts (session-ends, archives,
 * retention), each read with dais_calendar_read(). Version 1 of a list is drafted likewise, with
 * event_at[..._CIRCULATED] and DAIS_CALENDAR_LIST. */

typedef struct {
    const dais_policy_t *policy; /* in force: genesis with the values of the call; borrowed */
    const dais_zone_t *zone;     /* of policy->timezone; borrowed */
    /* When the event of each anchor is, UTC milliseconds; 0 where that is not known. */
    uint64_t event_at[DAIS_POLICY_ANCHOR_SESSION + 1];
} dais_calendar_t;

#define DAIS_CALENDAR_LOCAL_SIZE 32 /* "2022-05-28T00:00:00+02:00" and NUL */

typedef struct {
    uint64_t at;                          /* UTC milliseconds */
    char local[DAIS_CALENDAR_LOCAL_SIZE]; /* the same, as clocks there show it, RFC 3339 */
} dais_calendar_instant_t;

/* A date on which something opens begins with the first instant of that date. One on which
 * something closes ends with the midnight that the policy's `midnight` names. */
typedef enum { DAIS_CALENDAR_OPENS, DAIS_CALENDAR_CLOSES } dais_calendar_edge_t;

/* The instant of one time of the policy, whose anchor is not NONE. An anchor without days is the
 * instant of the event itself. NO_EVENT if the event is not known; OUT_OF_RANGE before 1970 or
 * after 9999, and where the zone is not a whole number of minutes from UTC. */
DAIS_MUST_CHECK dais_err_t dais_calendar_time(const dais_calendar_t *calendar,
                                              const dais_policy_time_t *time,
                                              dais_calendar_edge_t edge,
                                              dais_calendar_instant_t *instant);

/* All dates that the policy counts from the events of a call (the call itself and the session), or
 * of version 1 of a list, by rising number. Errors as above. */
typedef enum { DAIS_CALENDAR_CALL, DAIS_CALENDAR_LIST } dais_calendar_entry_t;

typedef struct {
    unsigned which; /* DAIS_DATE_... */
    dais_calendar_instant_t instant;
} dais_calendar_date_t;

#define DAIS_CALENDAR_DATES_MAX 16

DAIS_MUST_CHECK dais_err_t dais_calendar_dates(const dais_calendar_t *calendar,
                                               dais_calendar_entry_t entry,
                                               dais_calendar_date_t dates[DAIS_CALENDAR_DATES_MAX],
                                               size_t *count);

/* What a person wrote: a local date and time, "2022-05-27T10:00" or "2022-05-27T10:00:00", or one
 * with its own offset, "2022-10-30T02:30:00+01:00" or "...Z". NO_SUCH_TIME and TIME_TWICE where the
 * clocks are set over it, and no offset is given; BAD_TEXT, OUT_OF_RANGE as dais_clock_parse(). */
DAIS_MUST_CHECK dais_err_t dais_calendar_read(const dais_calendar_t *calendar, dais_slice_t text,
                                              dais_calendar_instant_t *instant);

/* The local text of an instant. OUT_OF_RANGE as above. */
DAIS_MUST_CHECK dais_err_t dais_calendar_show(const dais_calendar_t *calendar, uint64_t at,
                                              dais_calendar_instant_t *instant);

#endif
