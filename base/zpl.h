/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_BASE_ZPL_H
#define DAIS_BASE_ZPL_H

#include "base/err.h"
#include "base/slice.h"

/* Reads the part of ZPL (RFC 4 of the ZeroMQ project) that our files use, one property at a time,
 * without allocating:
 * - ASCII lines that end in LF; `#` to the end of the line is a comment;
 * - `name`, or `name = value`, indented by 4 spaces for each level below the top;
 * - a value stands in single or double quotes, or bare: then it holds no quote and no `#` that
 *   could be taken for a comment, and its trailing spaces do not count.
 * All that is read has the same meaning to any ZPL reader; what two readers could take
 * differently is refused (docs/decisions/policy-text.md). */

#define DAIS_ZPL_LINE_SIZE_MAX  1000 /* bytes; what a person can still find a slip in */
#define DAIS_ZPL_VALUE_SIZE_MAX 960  /* bytes; leaves room for indentation, name and quotes */

typedef struct {
    const uint8_t *next;
    const uint8_t *end;
    uint32_t line; /* lines read so far */
    unsigned depth_max;
} dais_zpl_reader_t;

typedef struct {
    dais_err_t err;        /* other than DAIS_OK: only line, column and depth are meant */
    uint32_t line;         /* from 1 */
    uint32_t column;       /* from 1: of the fault, or of the name */
    uint32_t value_column; /* from 1: of the first byte of the value, behind a quote */
    unsigned depth;
    dais_slice_t name;
    dais_slice_t value; /* empty without value; lives as long as the text */
    bool has_value;
} dais_zpl_item_t;

void dais_zpl_reader_init(dais_zpl_reader_t *reader, dais_slice_t text);

/* The next property, or the next line at fault (bad-indent, bad-text, too-long); reading goes on
 * behind it. False at the end of the text. */
bool dais_zpl_next(dais_zpl_reader_t *reader, dais_zpl_item_t *item);

/* Can these bytes be written as a quoted value? ZPL has no escapes: printable ASCII without one
 * of the two quotes, at most DAIS_ZPL_VALUE_SIZE_MAX bytes. */
bool dais_zpl_can_quote(dais_slice_t value);

/* The quote to write around such a value. */
char dais_zpl_quote(dais_slice_t value);

#endif
