/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_OFFICE_CONVERT_H
#define DAIS_OFFICE_CONVERT_H

#include "proto/shape.h"

/* What a person writes becomes a field of a subject, by the type that its shape gives the field:
 *
 *   number    decimal digits
 *   choice    one of its words
 *   time      RFC 3339 with an offset: 2027-05-27T10:00:00+02:00
 *   id, hash  hex digits
 *   line      the text itself; text: with newlines
 *   list      one element at a time; a tuple's fields parted by colons, the last takes the rest
 *
 * Slices of the result point into the texts that were given, or into the converter. */
#define DAIS_CONVERT_POOL_BYTES ((size_t)64 * 1024)
#define DAIS_CONVERT_WHY_MAX    256

typedef struct {
    uint8_t pool[DAIS_CONVERT_POOL_BYTES]; /* decoded bytes */
    size_t pool_used;
    uint8_t items[DAIS_CONVERT_POOL_BYTES]; /* elements of lists */
    dais_writer_t writer;                   /* over items */
    char why[DAIS_CONVERT_WHY_MAX]; /* what is wrong with the last text, and what is right */
} dais_convert_t;

void dais_convert_init(dais_convert_t *convert);

/* Sets a field of record that is no list. False with why filled in. */
DAIS_MUST_CHECK bool dais_convert_field(dais_convert_t *convert, const dais_field_t *field,
                                        dais_slice_t text, void *record);

/* Adds one element to a list field of record. All elements of one list come one after the other.
 */
DAIS_MUST_CHECK bool dais_convert_element(dais_convert_t *convert, const dais_field_t *field,
                                          dais_slice_t text, void *record);

/* Adds the lines of a text, each an element; empty ones and those led by # are passed over. *line
 * is the number of the line at fault. */
DAIS_MUST_CHECK bool dais_convert_lines(dais_convert_t *convert, const dais_field_t *field,
                                        dais_slice_t text, void *record, unsigned *line);

/* Bytes that live as long as the converter; null if it is full. */
uint8_t *dais_convert_keep(dais_convert_t *convert, dais_slice_t bytes);

#endif
