/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_PROTO_VIEW_H
#define DAIS_PROTO_VIEW_H

#include <jansson.h>

#include "proto/shape.h"

/* Records as JSON, for people and scripts, made from the same tables as the decoder.
 *
 * Every record is an object that opens with "type" (the shape's name) and "v" (the version in its
 * domain). Numbers that may pass 2^53 are strings of decimal digits, times are RFC 3339 in UTC,
 * bytes are lower case hex, choices are their words. Bytes that are a record themselves are shown
 * as that record; a signed one has "signature", and "signature_good" by the key that it names. A
 * view says what stands there; it proves nothing else. */

/* The view of exactly these bytes: a record, or a signed record. The fault is that of the decoder,
 * or WRONG_DOMAIN if no record opens so, or NO_MEMORY. *out is the caller's (json_decref). */
dais_fault_t dais_view_record(dais_slice_t bytes, json_t **out) DAIS_MUST_CHECK;

/* Lower case hex of the bytes; null without memory. */
json_t *dais_view_hex(dais_slice_t bytes);

/* A text that has been checked to be UTF-8; null without memory. */
json_t *dais_view_text(dais_slice_t text);

/* RFC 3339 in UTC; null without memory. wall_ms is at most DAIS_TIME_MAX_MS. */
json_t *dais_view_time(uint64_t wall_ms);

/* A number that may pass 2^53, as a string of digits; null without memory. */
json_t *dais_view_number(uint64_t number);

/* The hashes of a path as an array of hex; null without memory. */
json_t *dais_view_path(dais_slice_t path);

#endif
