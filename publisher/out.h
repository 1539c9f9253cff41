/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_PUBLISHER_OUT_H
#define DAIS_PUBLISHER_OUT_H

#include "base/err.h"
#include "base/slice.h"

/* A text that grows: what a page, table or feed is written into before it becomes a file. Sticky:
 * after the first failure (NO_MEMORY, or TOO_LONG above DAIS_OUT_SIZE_MAX) nothing more is added
 * and err says why, so that a page is a straight list of calls with one check at its end. */
#define DAIS_OUT_SIZE_MAX ((size_t)256 * 1024 * 1024) /* bytes of one file */

typedef struct {
    char *data; /* owned */
    size_t size;
    size_t capacity;
    dais_err_t err;
} dais_out_t; /* {0} is empty */

void dais_out_free(dais_out_t *out); /* *out is empty afterwards */

/* Bytes as they are. */
void dais_out_raw(dais_out_t *out, dais_slice_t bytes);
void dais_out_put(dais_out_t *out, const char *text);

/* Our own words and numbers; never submitted text, which has to go through one of the escapes
 * below. */
void dais_out_format(dais_out_t *out, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Submitted text into HTML or XML, between tags or inside a quoted attribute. What a parser makes
 * of it is the text again, byte for byte: markup characters become references, and so do carriage
 * returns and the few characters that XML or HTML would change or forbid to stand there. */
void dais_out_html(dais_out_t *out, dais_slice_t text);

/* The same into XML, which cannot say U+FFFE and U+FFFF in any way: U+FFFD stands for them, the
 * character for what cannot be shown. */
void dais_out_xml(dais_out_t *out, dais_slice_t text);

/* The same between <bdi> tags, so that its direction does not reach its neighbours. Nothing for an
 * empty text. */
void dais_out_isolated(dais_out_t *out, dais_slice_t text);

/* One cell of a CSV file (RFC 4180), always quoted. A cell that a spreadsheet would take for a
 * formula (it begins with = + - @, also in their full width, a tab or a carriage return) is led by
 * an apostrophe. */
void dais_out_cell(dais_out_t *out, dais_slice_t text);

/* A JSON string with its quotes (RFC 8259); <, > and & are escaped too, so that it may stand
 * inside a page. */
void dais_out_json(dais_out_t *out, dais_slice_t text);

/* Lower case hex. */
void dais_out_hex(dais_out_t *out, dais_slice_t bytes);

dais_slice_t dais_out_slice(const dais_out_t *out);

#endif
