/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_AUDIT_DIFFER_H
#define DAIS_AUDIT_DIFFER_H

#include <stdbool.h>

#include "base/slice.h"

/* Where a published file and what it should be part: told by places that a person finds again, a
 * table's row and column, not an offset. Both texts are fit for a terminal. */
typedef void dais_differ_fn_t(void *context, const char *place, const char *text);

/* The form goes by the name: .csv, .json, .html; anything else by lines. At most DAIS_DIFFER_MAX
 * places are told of one file, then that there are more; at least one is. */
#define DAIS_DIFFER_MAX 50
void dais_differ(const char *name, dais_slice_t found, dais_slice_t wanted, dais_differ_fn_t *told,
                 void *context);

/* The next record of a CSV file (RFC 4180) as it stands, without its line end; false at the end. */
bool dais_csv_record(dais_slice_t *rest, dais_slice_t *record);

/* The next cell of a record, without the quotes around it; doubled ones inside are left. False
 * behind the last. */
bool dais_csv_cell(dais_slice_t *rest, dais_slice_t *cell);

#endif
