/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_AUDIT_OUTCOMES_SHEET_H
#define DAIS_AUDIT_OUTCOMES_SHEET_H

#include "audit/outcomes_private.h"

/* A published table, read as any reader would, for the check `site-facts`. */
typedef struct {
    dais_checks_t *checks; /* borrowed */
    const char *path;      /* below the cycle's folder; borrowed */
    dais_file_bytes_t file;
    dais_slice_t head, rest, record;
    uint64_t row; /* of `record`, from 1 */
} sheet_t;

/* A table that the site lacks is a finding: file.data is null then. The file is to be freed. */
DAIS_MUST_CHECK dais_err_t sheet_open(const outcomes_t *outcomes, const char *path, sheet_t *sheet);

/* False behind the last row, which `row` counts by then. */
bool sheet_next(sheet_t *sheet);

/* The cell of this row under this head; null data if there is no such column. */
dais_slice_t sheet_cell(const sheet_t *sheet, const char *column);

/* Is that what the entries say, and are there as many rows? */
void sheet_judge(const sheet_t *sheet, const char *column, dais_slice_t found, const char *wanted);
void sheet_count(const sheet_t *sheet, uint64_t wanted);

#endif
