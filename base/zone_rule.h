/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_BASE_ZONE_RULE_H
#define DAIS_BASE_ZONE_RULE_H

#include "base/slice.h"

/* The rule by which a zone goes on after its last listed change: the last line of a TZif file (RFC
 * 8536, section 3.3), in the form of the variable TZ (POSIX, chapter 8.3) with the hours from -167
 * to 167 that the RFC adds. "CET-1CEST,M3.5.0,M10.5.0/3" is central Europe's. */

/* A day of each year, and the second of it, local time, at which the clocks are set. */
typedef struct {
    enum {
        DAIS_ZONE_DAY_JULIAN, /* day 1 to 365; 29 February is never counted */
        DAIS_ZONE_DAY_ZERO,   /* day 0 to 365 */
        DAIS_ZONE_DAY_MONTH   /* a weekday of a month, counted from 1; 5 is the last */
    } form;
    uint32_t day, week, month;
    int32_t second; /* may lie outside the day */
} dais_zone_change_t;

typedef struct {
    int32_t standard_s; /* east of UTC */
    int32_t summer_s;
    bool has_summer;
    dais_zone_change_t begins, ends;
} dais_zone_rule_t;

/* False for a text that is no such rule, or has summer time and does not say when. */
bool dais_zone_rule_parse(dais_slice_t text, dais_zone_rule_t *rule);

/* Seconds east of UTC at an instant of the years 1970 to 9999. */
int32_t dais_zone_rule_offset(const dais_zone_rule_t *rule, int64_t at_s);

#endif
