/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_PUBLISHER_DATA_H
#define DAIS_PUBLISHER_DATA_H

#include "publisher/page.h"

/* The facts of the pages as tables: each as CSV and JSON, with a dictionary made from the same
 * columns, so that no field is without its explanation. */

#define DAIS_DATA_VERSION   1
#define DAIS_DATA_CELLS_MAX 24

typedef enum { DAIS_CELL_TEXT, DAIS_CELL_NUMBER, DAIS_CELL_TIME, DAIS_CELL_ID } dais_cell_type_t;

typedef struct {
    const char *name;
    dais_cell_type_t type;
    const char *text; /* what it is, for the dictionary */
} dais_data_column_t;

/* A cell of its column's type: `text` of a text or id, `number` of a number or time (ms). An empty
 * text or is_none is an empty cell. */
typedef struct {
    dais_slice_t text;
    uint64_t number;
    bool is_none;
} dais_cell_t;

typedef struct {
    const char *name; /* of the files: name.csv, name.json */
    const char *text;
    const dais_data_column_t *columns;
    size_t column_count;
    size_t (*count)(const dais_page_view_t *view);
    /* Fills in the cells of row i; false if this row is not shown. */
    bool (*row)(const dais_page_view_t *view, size_t i, dais_cell_t *cells);
} dais_data_set_t;

/* name is null after the last. */
extern const dais_data_set_t dais_data_sets[];

const char *dais_data_type_text(dais_cell_type_t type);

void dais_data_csv(dais_out_t *out, const dais_page_view_t *view, const dais_data_set_t *set);
void dais_data_json(dais_out_t *out, const dais_page_view_t *view, const dais_data_set_t *set);

/* data/index.html: what there is, and what each column means. */
void dais_data_dictionary(dais_out_t *out, const dais_page_view_t *view);

#endif
