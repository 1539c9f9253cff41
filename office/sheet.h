/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_OFFICE_SHEET_H
#define DAIS_OFFICE_SHEET_H

#include "base/err.h"
#include "base/slice.h"

/* Rows of a CSV file (RFC 4180, UTF-8, with or without BOM, a first row of names) or of a file of
 * JSON Lines (an object on each line, of strings, numbers and arrays of these), read one at a time.
 * A name may occur more than once in a row: those are the elements of a list. */
#define DAIS_SHEET_CELL_MAX 128                /* in one row */
#define DAIS_SHEET_ROW_MAX  10000              /* in one file */
#define DAIS_SHEET_SIZE_MAX ((size_t)64 << 20) /* bytes of one file */

typedef struct {
    unsigned line; /* of the file, on which the row begins */
    size_t count;
    const char *names[DAIS_SHEET_CELL_MAX];
    const char *values[DAIS_SHEET_CELL_MAX];
    char *bytes; /* that the values point into; freed by dais_sheet_row_free() */
} dais_sheet_row_t;

typedef struct {
    dais_slice_t rest;
    unsigned line;
    bool is_json;
    size_t head_count;
    char *head_bytes;
    const char *heads[DAIS_SHEET_CELL_MAX];
    char fault[200]; /* what is wrong with the row or the head */
} dais_sheet_t;

/* False, with fault, if the head of a CSV file is not well formed. */
DAIS_MUST_CHECK bool dais_sheet_open(dais_sheet_t *sheet, dais_slice_t text, bool is_json);
void dais_sheet_close(dais_sheet_t *sheet);

/* The next row; false at the end. A row at fault has no cells and the sheet's fault set; reading
 * goes on behind it. Empty cells are left out. */
DAIS_MUST_CHECK bool dais_sheet_next(dais_sheet_t *sheet, dais_sheet_row_t *row);
void dais_sheet_row_free(dais_sheet_row_t *row);

#endif
