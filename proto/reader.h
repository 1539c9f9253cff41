/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_PROTO_READER_H
#define DAIS_PROTO_READER_H

#include "base/err.h"
#include "base/slice.h"

#define DAIS_READER_DEPTH_MAX 4 /* arrays inside arrays */

/* Reads one MessagePack value of our profile (docs/formats.md, "Profile") without allocating.
 * Sticky: after the first failure every call returns a harmless zero and dais_reader_finish()
 * reports that failure with its offset, so a decoder is a straight list of fields with one check
 * at the end. Only the shortest encoding of a value is accepted: two records that mean the same
 * are the same bytes, and can be hashed. Slices that it returns live as long as its input. */
typedef struct {
    const uint8_t *start;
    const uint8_t *next;
    const uint8_t *end;
    dais_fault_t fault;
    unsigned depth;                       /* arrays entered and not yet read to their end */
    uint32_t left[DAIS_READER_DEPTH_MAX]; /* elements still to come, one number per level */
} dais_reader_t;

void dais_reader_init(dais_reader_t *reader, dais_slice_t bytes);

/* An unsigned integer in [min, max]. */
uint64_t dais_reader_uint(dais_reader_t *reader, uint64_t min, uint64_t max);

/* Bytes (family bin), size in bytes. */
dais_slice_t dais_reader_bin(dais_reader_t *reader, size_t size_min, size_t size_max);

/* Valid UTF-8 without control characters (family str), size in bytes. */
dais_slice_t dais_reader_str(dais_reader_t *reader, size_t size_min, size_t size_max);

/* The same, but newline is allowed. */
dais_slice_t dais_reader_text(dais_reader_t *reader, size_t size_min, size_t size_max);

/* Takes a str of fewer than 32 bytes if it is just this text, which its bytes say at once; else
 * reads nothing and returns false. */
bool dais_reader_takes(dais_reader_t *reader, dais_slice_t text);

/* Enters an array and returns how many elements follow. Its end is found by counting. */
uint32_t dais_reader_array(dais_reader_t *reader, uint32_t count_min, uint32_t count_max);

/* One value of any type of the profile, arrays with all they hold; returns its bytes. */
dais_slice_t dais_reader_any(dais_reader_t *reader);

/* Puts the reader in the failed state, at the given place of its input. Keeps the first failure. */
void dais_reader_fail(dais_reader_t *reader, dais_err_t err, const uint8_t *at);

/* The first failure, or TRAILING if bytes are left, or DAIS_OK. */
dais_fault_t dais_reader_finish(const dais_reader_t *reader) DAIS_MUST_CHECK;

#endif
