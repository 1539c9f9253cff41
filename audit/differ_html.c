/* SPDX-License-Identifier: Apache-2.0
 *
 * Pages as our renderer writes them: a row of a table is one line. Not a parser of HTML: it finds
 * the place that a person looks at, and the bytes have been compared already. */
#include <stdio.h>
#include <string.h>

#include "audit/differ_private.h"
#include "audit/play.h"

enum { PLACE_SIZE = 160, NAME_SIZE = 60 };

typedef struct {
    differ_t *differ;
    char heading[NAME_SIZE];
    char caption[NAME_SIZE];
    dais_slice_t heads; /* the line with the heads of the table */
    bool in_table, in_body;
    unsigned row;
} page_t;

/* The next tag or text of a line; false at its end. */
static bool page_token(dais_slice_t *rest, dais_slice_t *token, bool *is_tag)
{
    if (rest->size == 0)
        return false;
    *is_tag = rest->data[0] == '<';
    size_t size = 1;
    while (size < rest->size && rest->data[size - (*is_tag ? 1 : 0)] != (*is_tag ? '>' : '<'))
        size++;
    *token = dais_slice(rest->data, size);
    *rest = dais_slice(rest->data + size, rest->size - size);
    return true;
}

static bool line_has(dais_slice_t line, const char *text)
{
    return memmem(line.data, line.size, text, strlen(text)) != NULL;
}

static bool token_opens(dais_slice_t token, const char *tag)
{
    return token.size > strlen(tag) && memcmp(token.data, tag, strlen(tag)) == 0 &&
           (token.data[strlen(tag)] == ' ' || token.data[strlen(tag)] == '>');
}

/* All text of a line. */
static void line_text(dais_slice_t line, char out[NAME_SIZE])
{
    dais_slice_t token;
    bool is_tag;
    size_t size = 0;
    out[0] = 0;
    while (page_token(&line, &token, &is_tag) && size + 8 < NAME_SIZE) {
        if (is_tag)
            continue;
        dais_play_text(token, out + size, NAME_SIZE - size);
        size += strlen(out + size);
    }
}

/* The text of cell `column`, from 0, of a row. */
static void line_cell(dais_slice_t line, unsigned column, char out[NAME_SIZE])
{
    dais_slice_t token;
    bool is_tag;
    unsigned at = 0;
    out[0] = 0;
    while (page_token(&line, &token, &is_tag)) {
        at += is_tag && (token_opens(token, "<th") || token_opens(token, "<td"));
        if (!is_tag && at == column + 1) {
            dais_play_text(token, out, NAME_SIZE);
            return;
        }
    }
}

static void page_same(void *context, dais_slice_t line)
{
    page_t *page = context;
    if (line_has(line, "<h1>") || line_has(line, "<h2>") || line_has(line, "<h3>"))
        line_text(line, page->heading);
    if (line_has(line, "<caption>")) {
        line_text(line, page->caption);
        page->in_table = true;
        page->row = 0;
    }
    if (line_has(line, "scope=\"col\""))
        page->heads = line;
    if (line_has(line, "<tbody>"))
        page->in_body = true;
    else if (page->in_body && line_has(line, "<tr>"))
        page->row++;
    if (line_has(line, "</table>"))
        page->in_table = page->in_body = false;
}

/* column counts from 1; 0 for none. */
static void page_place(const page_t *page, const char *before, size_t number, unsigned column,
                       char place[PLACE_SIZE])
{
    char head[NAME_SIZE] = "";
    size_t size = (size_t)snprintf(place, PLACE_SIZE, "%sline %zu", before, number);
    if (!page->in_table) {
        (void)snprintf(place + size, PLACE_SIZE - size, ", under \"%s\"", page->heading);
        return;
    }
    size += (size_t)snprintf(place + size, PLACE_SIZE - size, ", table \"%.50s\"", page->caption);
    if (page->in_body && size < PLACE_SIZE)
        size += (size_t)snprintf(place + size, PLACE_SIZE - size, ", row %u", page->row + 1);
    if (column > 0 && size < PLACE_SIZE) {
        line_cell(page->heads, column - 1, head);
        (void)snprintf(place + size, PLACE_SIZE - size, ", column %.40s", head);
    }
}

static void page_pair(void *context, size_t number, dais_slice_t found, dais_slice_t wanted)
{
    page_t *page = context;
    char place[PLACE_SIZE];
    dais_slice_t a = found;
    dais_slice_t b = wanted;
    dais_slice_t token = {0};
    dais_slice_t right = {0};
    unsigned column = 0;
    bool is_tag = false;
    bool is_right_tag = false;
    while (page_token(&b, &right, &is_right_tag)) {
        if (!page_token(&a, &token, &is_tag))
            token = dais_slice(NULL, 0);
        column += is_right_tag && (token_opens(right, "<th") || token_opens(right, "<td"));
        if (!dais_slice_equal(token, right))
            break;
    }
    page_place(page, "", number, column, place);
    if (dais_slice_equal(token, right))
        differ_values(page->differ, place, found, wanted);
    else
        differ_values(page->differ, place, token, right);
    page_same(page, wanted);
}

static void page_extra(void *context, size_t number, dais_slice_t found)
{
    page_t *page = context;
    char place[PLACE_SIZE];
    page_place(page, "", number, 0, place);
    differ_values(page->differ, place, found, dais_slice(NULL, 0));
}

static void page_missing(void *context, size_t number, dais_slice_t wanted)
{
    page_t *page = context;
    char place[PLACE_SIZE];
    page_place(page, "before ", number, 0, place);
    differ_values(page->differ, place, dais_slice(NULL, 0), wanted);
    page_same(page, wanted);
}

void differ_html(differ_t *differ, dais_slice_t found, dais_slice_t wanted)
{
    static const differ_rows_fns_t fns = {page_same, page_pair, page_extra, page_missing};
    page_t page = {.differ = differ};
    if (!differ_rows(found, wanted, differ_line, &fns, &page))
        differ_tell(differ, "all of it", "differs");
}
