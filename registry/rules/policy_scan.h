/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_RULES_POLICY_SCAN_H
#define DAIS_RULES_POLICY_SCAN_H

#include "base/slice.h"

/* The small pieces that values are cut into. Every slice points into the text given. */

dais_slice_t dais_scan_trim(dais_slice_t text);

/* Takes the part up to `separator`, trimmed, off the front of `rest`. Without a separator all of
 * `rest` is the part. False once nothing is left to take: `rest` has a null pointer then. */
bool dais_scan_part(dais_slice_t *rest, uint8_t separator, dais_slice_t *part);

/* The next word between spaces; false if there is none. */
bool dais_scan_word(dais_slice_t *rest, dais_slice_t *word);

/* A decimal number in [min, max], max < 10^9, without leading zeros. */
bool dais_scan_number(dais_slice_t text, uint32_t min, uint32_t max, uint32_t *number);

/* 1 to 40 of a-z, 0-9 and hyphens, the hyphens inside. */
bool dais_scan_is_code(dais_slice_t text);

/* A date of the Gregorian calendar, YYYY-MM-DD (RFC 3339, full-date). */
bool dais_scan_is_date(dais_slice_t text);

/* Of the form of a tz database name: UTC, or parts of letters, digits, + - _ with slashes
 * between them. Whether there is such a zone is for whoever has the database. */
bool dais_scan_is_zone(dais_slice_t text);

#endif
