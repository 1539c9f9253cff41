/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_AUDIT_DIFFER_PRIVATE_H
#define DAIS_AUDIT_DIFFER_PRIVATE_H

#include "audit/differ.h"

typedef struct {
    dais_differ_fn_t *told;
    void *context;
    unsigned count;
} differ_t;

void differ_tell(differ_t *differ, const char *place, const char *text);

/* "is "x", and the log makes it "y"", both cut to where they part. */
void differ_values(differ_t *differ, const char *place, dais_slice_t found, dais_slice_t wanted);

/* Rows of two files beside each other, in order: `pair` for two that stand in one place and are not
 * the same, `same` for equal ones, `extra` for one of the site alone, `missing` for one of the log
 * alone. Numbers count from 1 in the site's file. */
typedef struct {
    void (*same)(void *context, dais_slice_t wanted);
    void (*pair)(void *context, size_t number, dais_slice_t found, dais_slice_t wanted);
    void (*extra)(void *context, size_t number, dais_slice_t found);
    void (*missing)(void *context, size_t number, dais_slice_t wanted);
} differ_rows_fns_t;

typedef bool differ_next_t(dais_slice_t *rest, dais_slice_t *row);

/* False if memory is lacking. */
bool differ_rows(dais_slice_t found, dais_slice_t wanted, differ_next_t *next,
                 const differ_rows_fns_t *fns, void *context);

bool differ_line(dais_slice_t *rest, dais_slice_t *line);

void differ_csv(differ_t *differ, dais_slice_t found, dais_slice_t wanted);
void differ_html(differ_t *differ, dais_slice_t found, dais_slice_t wanted);
void differ_json(differ_t *differ, dais_slice_t found, dais_slice_t wanted);
void differ_lines(differ_t *differ, dais_slice_t found, dais_slice_t wanted);

#endif
