/* SPDX-License-Identifier: Apache-2.0
 *
 * CSV: RFC 4180, UTF-8 with a byte order mark, one value a cell. JSON: an object with type and v;
 * 64-bit numbers and ids are strings, times RFC 3339 in UTC; within a v it only grows. */
#include "publisher/data.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"

enum { NUMBER_SIZE = 24, HEX_SIZE = 2 * DAIS_ID_SIZE + 1 };

/* The cell as text, in the caller's buffer where it is not submitted text. */
static dais_slice_t cell_text(const dais_data_column_t *column, const dais_cell_t *cell,
                              char buffer[HEX_SIZE])
{
    if (cell->is_none)
        return dais_slice(NULL, 0);
    switch (column->type) {
    case DAIS_CELL_TEXT: return cell->text;
    case DAIS_CELL_NUMBER: (void)snprintf(buffer, HEX_SIZE, "%" PRIu64, cell->number); break;
    case DAIS_CELL_TIME:
        if (dais_clock_format(cell->number, buffer) != DAIS_OK)
            buffer[0] = '\0';
        break;
    case DAIS_CELL_ID:
        for (size_t i = 0; i < cell->text.size && i < DAIS_ID_SIZE; i++) {
            buffer[2 * i] = "0123456789abcdef"[cell->text.data[i] >> 4];
            buffer[2 * i + 1] = "0123456789abcdef"[cell->text.data[i] & 15];
        }
        return dais_slice(buffer,
                          2 * (cell->text.size < DAIS_ID_SIZE ? cell->text.size : DAIS_ID_SIZE));
    }
    return dais_slice_text(buffer);
}

void dais_data_csv(dais_out_t *out, const dais_page_view_t *view, const dais_data_set_t *set)
{
    dais_cell_t cells[DAIS_DATA_CELLS_MAX];
    char buffer[HEX_SIZE];
    dais_out_put(out, "\xef\xbb\xbf");
    for (size_t i = 0; i < set->column_count; i++) {
        dais_out_put(out, i == 0 ? "" : ",");
        dais_out_cell(out, dais_slice_text(set->columns[i].name));
    }
    dais_out_put(out, "\r\n");
    for (size_t row = 0; row < set->count(view); row++) {
        memset(cells, 0, sizeof cells);
        if (!set->row(view, row, cells))
            continue;
        for (size_t i = 0; i < set->column_count; i++) {
            dais_out_put(out, i == 0 ? "" : ",");
            dais_out_cell(out, cell_text(&set->columns[i], &cells[i], buffer));
        }
        dais_out_put(out, "\r\n");
    }
}

static void json_row(dais_out_t *out, const dais_data_set_t *set, const dais_cell_t *cells)
{
    char buffer[HEX_SIZE];
    for (size_t i = 0; i < set->column_count; i++) {
        dais_out_format(out, "%s\"%s\": ", i == 0 ? "{" : ", ", set->columns[i].name);
        if (cells[i].is_none)
            dais_out_put(out, "null");
        else
            dais_out_json(out, cell_text(&set->columns[i], &cells[i], buffer));
    }
    dais_out_put(out, "}");
}

void dais_data_json(dais_out_t *out, const dais_page_view_t *view, const dais_data_set_t *set)
{
    dais_cell_t cells[DAIS_DATA_CELLS_MAX];
    bool any = false;
    dais_out_format(out, "{\"type\": \"%s\", \"v\": %d, \"size\": \"%" PRIu64 "\", \"rows\": [",
                    set->name, DAIS_DATA_VERSION, view->model->size);
    for (size_t row = 0; row < set->count(view); row++) {
        memset(cells, 0, sizeof cells);
        if (!set->row(view, row, cells))
            continue;
        dais_out_put(out, any ? ",\n" : "\n");
        json_row(out, set, cells);
        any = true;
    }
    dais_out_put(out, "\n]}\n");
}

const char *dais_data_type_text(dais_cell_type_t type)
{
    switch (type) {
    case DAIS_CELL_TEXT: return "text";
    case DAIS_CELL_NUMBER: return "number";
    case DAIS_CELL_TIME: return "time, RFC 3339 in UTC";
    case DAIS_CELL_ID: return "id, 32 hex digits";
    }
    return "";
}

void dais_data_dictionary(dais_out_t *out, const dais_page_view_t *view)
{
    static const char *const heads[] = {"Field", "Type", "What it is"};
    dais_page_begin(out, view, DAIS_PAGE_COUNT, "../", dais_slice_text("Data"));
    dais_out_put(out,
                 "<p>Each table as CSV (RFC 4180, UTF-8) and JSON. A cell that begins with a "
                 "character that spreadsheets take for a formula is led by an apostrophe in "
                 "CSV. <a href=\"manifest.json\">manifest.json</a> has the SHA-256 of every "
                 "file of this site but itself, the checkpoint and the log; "
                 "<a href=\"policy.zpl\">policy.zpl</a> is the policy as it was frozen; "
                 "<a href=\"dictionary.json\">dictionary.json</a> explains every field of these "
                 "tables and of the records in the log.</p>\n");
    for (const dais_data_set_t *set = dais_data_sets; set->name != NULL; set++) {
        dais_out_format(out,
                        "<h2>%s</h2>\n<p>%s: <a href=\"%s.csv\">%s.csv</a>, "
                        "<a href=\"%s.json\">%s.json</a></p>\n",
                        set->name, set->text, set->name, set->name, set->name, set->name);
        dais_table_begin(out, set->text, heads, 3);
        for (size_t i = 0; i < set->column_count; i++) {
            dais_table_row(out);
            dais_out_format(out, "<th scope=\"row\"><code>%s</code></th>", set->columns[i].name);
            dais_table_words(out, dais_data_type_text(set->columns[i].type));
            dais_table_words(out, set->columns[i].text);
            dais_table_row_end(out);
        }
        dais_table_end(out);
    }
    dais_page_end(out, view, "../");
}
