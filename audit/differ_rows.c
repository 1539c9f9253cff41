/* SPDX-License-Identifier: Apache-2.0
 *
 * Tables and lines. */
#include <stdio.h>
#include <string.h>

#include "audit/differ_private.h"
#include "audit/play.h"

enum { PLACE_SIZE = 120, NAME_SIZE = 48 };

bool dais_csv_record(dais_slice_t *rest, dais_slice_t *record)
{
    bool quoted = false;
    size_t at = 0;
    if (rest->size == 0)
        return false;
    while (at < rest->size && (quoted || rest->data[at] != '\n'))
        quoted ^= rest->data[at++] == '"';
    size_t size = at > 0 && rest->data[at - 1] == '\r' ? at - 1 : at;
    *record = dais_slice(rest->data, size);
    at += at < rest->size;
    *rest = dais_slice(rest->data + at, rest->size - at);
    return true;
}

bool dais_csv_cell(dais_slice_t *rest, dais_slice_t *cell)
{
    bool quoted = false;
    size_t at = 0;
    if (rest->data == NULL)
        return false;
    while (at < rest->size && (quoted || rest->data[at] != ','))
        quoted ^= rest->data[at++] == '"';
    *cell = dais_slice(rest->data, at);
    *rest = at < rest->size ? dais_slice(rest->data + at + 1, rest->size - at - 1)
                            : dais_slice(NULL, 0);
    if (cell->size >= 2 && cell->data[0] == '"' && cell->data[cell->size - 1] == '"')
        *cell = dais_slice(cell->data + 1, cell->size - 2);
    return true;
}

typedef struct {
    differ_t *differ;
    dais_slice_t head; /* record with the names of the columns */
} table_t;

static void table_same(void *context, dais_slice_t wanted)
{
    (void)context;
    (void)wanted;
}

/* "row 3": the record behind the head is row 1. */
static void table_row(size_t number, char place[PLACE_SIZE])
{
    if (number <= 1)
        (void)snprintf(place, PLACE_SIZE, "names of the columns");
    else
        (void)snprintf(place, PLACE_SIZE, "row %zu", number - 1);
}

static void table_cell(table_t *table, size_t number, unsigned column, dais_slice_t found,
                       dais_slice_t wanted)
{
    char place[PLACE_SIZE];
    char row[PLACE_SIZE];
    char name[NAME_SIZE] = "";
    dais_slice_t rest = table->head;
    dais_slice_t cell;
    for (unsigned i = 0; i <= column && dais_csv_cell(&rest, &cell); i++)
        if (i == column)
            dais_play_text(cell, name, sizeof name);
    table_row(number, row);
    (void)snprintf(place, sizeof place, "%.40s, column %s", row, name);
    differ_values(table->differ, place, found, wanted);
}

static void table_pair(void *context, size_t number, dais_slice_t found, dais_slice_t wanted)
{
    table_t *table = context;
    unsigned before = table->differ->count;
    char place[PLACE_SIZE];
    bool has_found = true;
    bool has_wanted = true;
    for (unsigned column = 0; has_found || has_wanted; column++) {
        dais_slice_t a = {0};
        dais_slice_t b = {0};
        has_found = has_found && dais_csv_cell(&found, &a);
        has_wanted = has_wanted && dais_csv_cell(&wanted, &b);
        if ((has_found || has_wanted) && !dais_slice_equal(a, b))
            table_cell(table, number, column, a, b);
    }
    table_row(number, place);
    if (table->differ->count == before)
        differ_tell(table->differ, place, "is written otherwise than the log makes it");
}

static void table_extra(void *context, size_t number, dais_slice_t found)
{
    table_t *table = context;
    char place[PLACE_SIZE];
    table_row(number, place);
    differ_values(table->differ, place, found, dais_slice(NULL, 0));
}

static void table_missing(void *context, size_t number, dais_slice_t wanted)
{
    table_t *table = context;
    char place[PLACE_SIZE];
    char row[PLACE_SIZE];
    table_row(number, row);
    (void)snprintf(place, sizeof place, "before %.40s", row);
    differ_values(table->differ, place, dais_slice(NULL, 0), wanted);
}

void differ_csv(differ_t *differ, dais_slice_t found, dais_slice_t wanted)
{
    static const differ_rows_fns_t fns = {table_same, table_pair, table_extra, table_missing};
    table_t table = {.differ = differ};
    dais_slice_t rest = wanted;
    if (rest.size >= 3 && memcmp(rest.data, "\xef\xbb\xbf", 3) == 0)
        rest = dais_slice(rest.data + 3, rest.size - 3);
    (void)dais_csv_record(&rest, &table.head);
    if (!differ_rows(found, wanted, dais_csv_record, &fns, &table))
        differ_tell(differ, "all of it", "differs");
}

static void lines_pair(void *context, size_t number, dais_slice_t found, dais_slice_t wanted)
{
    char place[PLACE_SIZE];
    (void)snprintf(place, sizeof place, "line %zu", number);
    differ_values(context, place, found, wanted);
}

static void lines_extra(void *context, size_t number, dais_slice_t found)
{
    lines_pair(context, number, found, dais_slice(NULL, 0));
}

static void lines_missing(void *context, size_t number, dais_slice_t wanted)
{
    char place[PLACE_SIZE];
    (void)snprintf(place, sizeof place, "before line %zu", number);
    differ_values(context, place, dais_slice(NULL, 0), wanted);
}

void differ_lines(differ_t *differ, dais_slice_t found, dais_slice_t wanted)
{
    static const differ_rows_fns_t fns = {table_same, lines_pair, lines_extra, lines_missing};
    if (!differ_rows(found, wanted, differ_line, &fns, differ))
        differ_tell(differ, "all of it", "differs");
}
