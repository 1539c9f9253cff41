/* SPDX-License-Identifier: Apache-2.0
 *
 * Rows are put beside each other greedily: where two differ, the next place at which one of them
 * goes on as the other does decides whether rows were added or left out; where there is none, the
 * row was changed. */
#include "audit/differ_private.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "audit/play.h"

#define LOOK_AHEAD 2000 /* rows */
enum { PIECE_SIZE = 100, SHOWN_SIZE = PIECE_SIZE + 8, LEAD = 16, SHOWN_BYTES = 40 };

void differ_tell(differ_t *differ, const char *place, const char *text)
{
    if (differ->count < DAIS_DIFFER_MAX)
        differ->told(differ->context, place, text);
    else if (differ->count == DAIS_DIFFER_MAX)
        differ->told(differ->context, "behind it", "and more");
    differ->count++;
}

/* A piece around the first byte that differs. */
static void value_show(dais_slice_t value, size_t same, char out[SHOWN_SIZE])
{
    size_t from = same > LEAD ? same - LEAD : 0;
    size_t size = value.size > from ? value.size - from : 0;
    size_t shown = size > SHOWN_BYTES ? SHOWN_BYTES : size;
    char piece[PIECE_SIZE];
    dais_play_text(dais_slice(size > 0 ? value.data + from : NULL, shown), piece, sizeof piece);
    (void)snprintf(out, SHOWN_SIZE, "%s%s%s", from > 0 ? ".." : "", piece,
                   size > shown ? ".." : "");
}

void differ_values(differ_t *differ, const char *place, dais_slice_t found, dais_slice_t wanted)
{
    char text[2 * SHOWN_SIZE + 48];
    char shown[SHOWN_SIZE];
    char right[SHOWN_SIZE];
    size_t same = 0;
    while (same < found.size && same < wanted.size && found.data[same] == wanted.data[same])
        same++;
    value_show(found, same, shown);
    value_show(wanted, same, right);
    (void)snprintf(text, sizeof text, "\"%s\", and the log makes it \"%s\"", shown, right);
    differ_tell(differ, place, text);
}

typedef struct {
    dais_slice_t *items; /* owned */
    size_t count;
} rows_t;

static bool rows_read(rows_t *rows, dais_slice_t text, differ_next_t *next)
{
    size_t capacity = 0;
    dais_slice_t row;
    *rows = (rows_t){.items = NULL};
    while (next(&text, &row)) {
        if (rows->count == capacity) {
            capacity = capacity == 0 ? 256 : 2 * capacity;
            dais_slice_t *more = realloc(rows->items, capacity * sizeof *more);
            if (more == NULL)
                return false;
            rows->items = more;
        }
        rows->items[rows->count++] = row;
    }
    return true;
}

/* How far behind `from` this row stands in the other file; LOOK_AHEAD if it does not. */
static size_t rows_ahead(const rows_t *rows, size_t from, dais_slice_t row)
{
    for (size_t i = 0; i < LOOK_AHEAD && from + i < rows->count; i++)
        if (dais_slice_equal(rows->items[from + i], row))
            return i;
    return LOOK_AHEAD;
}

static void rows_align(const rows_t *found, const rows_t *wanted, const differ_rows_fns_t *fns,
                       void *context)
{
    size_t a = 0;
    size_t b = 0;
    while (a < found->count || b < wanted->count) {
        bool both = a < found->count && b < wanted->count;
        if (both && dais_slice_equal(found->items[a], wanted->items[b])) {
            fns->same(context, wanted->items[b]);
            a++, b++;
            continue;
        }
        size_t added = both ? rows_ahead(found, a, wanted->items[b]) : LOOK_AHEAD;
        size_t left_out = both ? rows_ahead(wanted, b, found->items[a]) : LOOK_AHEAD;
        if (b == wanted->count || (added < LOOK_AHEAD && added <= left_out)) {
            fns->extra(context, a + 1, found->items[a]);
            a++;
        } else if (a == found->count || left_out < LOOK_AHEAD) {
            fns->missing(context, a + 1, wanted->items[b]);
            b++;
        } else {
            fns->pair(context, a + 1, found->items[a], wanted->items[b]);
            a++, b++;
        }
    }
}

bool differ_rows(dais_slice_t found, dais_slice_t wanted, differ_next_t *next,
                 const differ_rows_fns_t *fns, void *context)
{
    rows_t a;
    rows_t b = {.items = NULL};
    bool is_read = rows_read(&a, found, next) && rows_read(&b, wanted, next);
    if (is_read)
        rows_align(&a, &b, fns, context);
    free(a.items);
    free(b.items);
    return is_read;
}

bool differ_line(dais_slice_t *rest, dais_slice_t *line)
{
    if (rest->size == 0)
        return false;
    const uint8_t *end = memchr(rest->data, '\n', rest->size);
    size_t size = end != NULL ? (size_t)(end - rest->data) : rest->size;
    *line = dais_slice(rest->data, size);
    size += end != NULL;
    *rest = dais_slice(rest->data + size, rest->size - size);
    return true;
}

static bool name_ends(const char *name, const char *end)
{
    size_t size = strlen(name);
    return size >= strlen(end) && strcmp(name + size - strlen(end), end) == 0;
}

void dais_differ(const char *name, dais_slice_t found, dais_slice_t wanted, dais_differ_fn_t *told,
                 void *context)
{
    differ_t differ = {.told = told, .context = context};
    if (name_ends(name, ".csv"))
        differ_csv(&differ, found, wanted);
    else if (name_ends(name, ".json"))
        differ_json(&differ, found, wanted);
    else if (name_ends(name, ".html"))
        differ_html(&differ, found, wanted);
    else
        differ_lines(&differ, found, wanted);
    /* Other line ends, spaces between values, the order of what has none. */
    if (differ.count == 0)
        differ_tell(&differ, "all of it", "says the same, in other bytes than the log makes");
}
