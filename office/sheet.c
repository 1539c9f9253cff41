/* SPDX-License-Identifier: Apache-2.0 */
#include "office/sheet.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/utf8.h"

static bool sheet_fault(dais_sheet_t *sheet, const char *text)
{
    (void)snprintf(sheet->fault, sizeof sheet->fault, "%s", text);
    return false;
}

static bool sheet_peek(const dais_sheet_t *sheet, char *c)
{
    if (sheet->rest.size == 0)
        return false;
    *c = (char)sheet->rest.data[0];
    return true;
}

static void sheet_skip(dais_sheet_t *sheet)
{
    sheet->line += sheet->rest.data[0] == '\n';
    sheet->rest = dais_slice(sheet->rest.data + 1, sheet->rest.size - 1);
}

/* A cell between quotes; two quotes stand for one. */
static bool cell_quoted(dais_sheet_t *sheet, char **at)
{
    char c;
    sheet_skip(sheet);
    while (sheet_peek(sheet, &c)) {
        sheet_skip(sheet);
        if (c == '"' && !(sheet_peek(sheet, &c) && c == '"'))
            return true;
        if (c == '"')
            sheet_skip(sheet);
        *(*at)++ = c;
    }
    return sheet_fault(sheet, "a quoted cell does not end");
}

/* One cell, NUL-terminated, at *at. *last is set if the row ends behind it. */
static bool cell_read(dais_sheet_t *sheet, char **at, bool *last)
{
    char c = '\0';
    bool quoted = sheet_peek(sheet, &c) && c == '"';
    if (quoted && !cell_quoted(sheet, at))
        return false;
    while (sheet_peek(sheet, &c) && c != ',' && c != '\n' && c != '\r') {
        if (quoted || c == '"')
            return sheet_fault(sheet, "a quote stands inside of a cell that is not quoted");
        *(*at)++ = c;
        sheet_skip(sheet);
    }
    *(*at)++ = '\0';
    *last = !sheet_peek(sheet, &c) || c != ',';
    if (sheet_peek(sheet, &c) && c == '\r')
        sheet_skip(sheet);
    if (sheet_peek(sheet, &c) && (c == ',' || c == '\n'))
        sheet_skip(sheet);
    return true;
}

/* Leaves the line after a fault, so that the next row can be read. */
static void sheet_leave_line(dais_sheet_t *sheet)
{
    char c;
    while (sheet_peek(sheet, &c)) {
        sheet_skip(sheet);
        if (c == '\n')
            return;
    }
}

/* All cells of the row; *bytes is as large as what is left to read, which bounds them. */
static bool csv_cells(dais_sheet_t *sheet, char **bytes, const char **cells, size_t *count)
{
    bool last = false;
    *count = 0;
    *bytes = malloc(sheet->rest.size + DAIS_SHEET_CELL_MAX + 2);
    if (*bytes == NULL)
        return sheet_fault(sheet, "no memory is left");
    for (char *at = *bytes; !last;) {
        if (*count == DAIS_SHEET_CELL_MAX)
            return sheet_fault(sheet, "there are more than 128 cells");
        cells[*count] = at;
        if (!cell_read(sheet, &at, &last))
            return false;
        if (dais_utf8_check(dais_slice_text(cells[*count]), true, NULL) != DAIS_OK)
            return sheet_fault(sheet, "a cell is not UTF-8, or holds a control character");
        (*count)++;
    }
    char *end = *bytes + (size_t)(cells[*count - 1] - *bytes) + strlen(cells[*count - 1]) + 1;
    char *fit = realloc(*bytes, (size_t)(end - *bytes));
    if (fit == NULL || fit == *bytes)
        return true;
    for (size_t i = 0; i < *count; i++)
        cells[i] = fit + (cells[i] - *bytes);
    *bytes = fit;
    return true;
}

bool dais_sheet_open(dais_sheet_t *sheet, dais_slice_t text, bool is_json)
{
    static const char bom[] = "\xef\xbb\xbf";
    memset(sheet, 0, sizeof *sheet);
    sheet->line = 1;
    sheet->is_json = is_json;
    sheet->rest = text;
    if (text.size >= 3 && memcmp(text.data, bom, 3) == 0)
        sheet->rest = dais_slice(text.data + 3, text.size - 3);
    if (is_json)
        return true;
    if (sheet->rest.size == 0)
        return sheet_fault(sheet, "the file is empty: the first row has the names");
    return csv_cells(sheet, &sheet->head_bytes, sheet->heads, &sheet->head_count);
}

void dais_sheet_close(dais_sheet_t *sheet)
{
    free(sheet->head_bytes);
    sheet->head_bytes = NULL;
}

static void csv_next(dais_sheet_t *sheet, dais_sheet_row_t *row)
{
    const char *cells[DAIS_SHEET_CELL_MAX];
    size_t count;
    if (!csv_cells(sheet, &row->bytes, cells, &count)) {
        sheet_leave_line(sheet);
        return;
    }
    if (count > sheet->head_count) {
        (void)sheet_fault(sheet, "the row has more cells than there are names");
        return;
    }
    for (size_t i = 0; i < count; i++) {
        if (cells[i][0] == '\0')
            continue;
        row->names[row->count] = sheet->heads[i];
        row->values[row->count++] = cells[i];
    }
}

static bool json_add(dais_sheet_t *sheet, dais_sheet_row_t *row, const char *name,
                     const json_t *value, char **at, const char *end)
{
    if (row->count == DAIS_SHEET_CELL_MAX)
        return sheet_fault(sheet, "there are more than 128 values");
    int size = 0;
    size_t room = (size_t)(end - *at);
    if (json_is_string(value))
        size = snprintf(*at, room, "%s", json_string_value(value));
    else if (json_is_integer(value))
        size = snprintf(*at, room, "%lld", (long long)json_integer_value(value));
    else
        return sheet_fault(sheet, "a value is neither text nor a whole number");
    if (size < 0 || (size_t)size >= room)
        return sheet_fault(sheet, "a value is too long");
    row->values[row->count] = *at;
    *at += size + 1;
    room = (size_t)(end - *at);
    size = snprintf(*at, room, "%s", name);
    if (size < 0 || (size_t)size >= room)
        return sheet_fault(sheet, "a name is too long");
    row->names[row->count++] = *at;
    *at += size + 1;
    return true;
}

static bool json_object_cells(dais_sheet_t *sheet, dais_sheet_row_t *row, json_t *object,
                              size_t capacity)
{
    const char *name;
    json_t *value;
    char *at = row->bytes;
    json_object_foreach(object, name, value)
    {
        size_t count = json_is_array(value) ? json_array_size(value) : 1;
        for (size_t i = 0; i < count; i++) {
            const json_t *one = json_is_array(value) ? json_array_get(value, i) : value;
            if (!json_add(sheet, row, name, one, &at, row->bytes + capacity))
                return false;
        }
    }
    return true;
}

static void json_next(dais_sheet_t *sheet, dais_sheet_row_t *row)
{
    const uint8_t *newline = memchr(sheet->rest.data, '\n', sheet->rest.size);
    size_t size = newline == NULL ? sheet->rest.size : (size_t)(newline - sheet->rest.data);
    json_error_t error;
    json_t *object =
        json_loadb((const char *)sheet->rest.data, size, JSON_REJECT_DUPLICATES, &error);
    size_t capacity = size * 2 + (size_t)DAIS_SHEET_CELL_MAX * 66; /* names once for each value */
    row->bytes = malloc(capacity);
    if (object == NULL || !json_is_object(object))
        (void)sheet_fault(sheet, "the line is no JSON object");
    else if (row->bytes == NULL)
        (void)sheet_fault(sheet, "no memory is left");
    else
        (void)json_object_cells(sheet, row, object, capacity);
    json_decref(object);
    size += newline != NULL;
    sheet->line++;
    sheet->rest = dais_slice(sheet->rest.data + size, sheet->rest.size - size);
}

bool dais_sheet_next(dais_sheet_t *sheet, dais_sheet_row_t *row)
{
    memset(row, 0, sizeof *row);
    sheet->fault[0] = '\0';
    if (sheet->rest.size == 0)
        return false;
    row->line = sheet->line;
    if (sheet->is_json)
        json_next(sheet, row);
    else
        csv_next(sheet, row);
    if (sheet->fault[0] != '\0')
        row->count = 0;
    return true;
}

void dais_sheet_row_free(dais_sheet_row_t *row)
{
    free(row->bytes);
    row->bytes = NULL;
}
