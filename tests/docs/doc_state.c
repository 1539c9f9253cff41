/* SPDX-License-Identifier: Apache-2.0 */
#include <ctype.h>

#include "tests/docs/doc_parts.h"

/* A row, one of its fields, or the end of a row: rows.def as one list. */
typedef struct {
    const char *row; /* of a row, which begins here */
    const char *field;
    const char *type;
    size_t count; /* bytes or numbers; 0 for a single number or text */
    const char *text;
} state_line_t;

/* clang-format off */
static const state_line_t state_lines[] = {
#define ROW(row, text)                   {#row, NULL, NULL, 0, text},
#define U64(row, field, text)            {NULL, #field, "64-bit number", 0, text},
#define U32(row, field, text)            {NULL, #field, "32-bit number", 0, text},
#define U16(row, field, text)            {NULL, #field, "16-bit number", 0, text},
#define U8(row, field, text)             {NULL, #field, "8-bit number", 0, text},
#define LINE32(row, field, text)         {NULL, #field, "text", 0, text},
#define CACHE32(row, field, text)        {NULL, #field, "cached number", 0, text},
#define OCTETS(row, field, size, text)   {NULL, #field, "bytes", size, text},
#define NUMBERS(row, field, count, text) {NULL, #field, "numbers", count, text},
#define ROW_END(row)
#define TABLE(NAME, row, form, key, text)
#include "registry/rules/rows.def"
#include "registry/rules/rows_undef.h"
};

static const struct {
    const char *name;
    const char *row;
    const char *form;
    const char *key;
    const char *text;
} state_tables[] = {
#define ROW(row, text)
#define U64(row, field, text)
#define U32(row, field, text)
#define U16(row, field, text)
#define U8(row, field, text)
#define LINE32(row, field, text)
#define CACHE32(row, field, text)
#define OCTETS(row, field, size, text)
#define NUMBERS(row, field, count, text)
#define ROW_END(row)
#define TABLE(NAME, row, form, key, text) {#NAME, #row, #form, key, text},
#include "registry/rules/rows.def"
#include "registry/rules/rows_undef.h"
};
/* clang-format on */

static void row_put(doc_text_t *out, const state_line_t *line)
{
    doc_put(out, "### %s\n\n%c%s.\n\n", line->row, toupper((unsigned char)line->text[0]),
            line->text + 1);
    doc_put(out, "| field | type | what |\n| --- | --- | --- |\n");
}

static void field_put(doc_text_t *out, const state_line_t *line)
{
    doc_put(out, "| %s | ", line->field);
    if (line->count > 0)
        doc_put(out, "%zu ", line->count);
    doc_put(out, "%s | %s |\n", line->type, line->text);
}

/* Spare fields are nobody's business: they are 0. */
void doc_state_rows(doc_text_t *out, const char *argument)
{
    (void)argument;
    for (size_t i = 0; i < sizeof state_lines / sizeof state_lines[0]; i++) {
        const state_line_t *line = &state_lines[i];
        if (line->row != NULL && i > 0)
            doc_put(out, "\n");
        if (line->row != NULL)
            row_put(out, line);
        else if (strcmp(line->field, "spare") != 0)
            field_put(out, line);
    }
}

void doc_state_tables(doc_text_t *out, const char *argument)
{
    (void)argument;
    doc_put(out, "| table | row | form | key | what |\n| --- | --- | --- | --- | --- |\n");
    for (size_t i = 0; i < sizeof state_tables / sizeof state_tables[0]; i++) {
        doc_put(out, "| %s | %s | ", state_tables[i].name, state_tables[i].row);
        for (const char *at = state_tables[i].form; *at != '\0'; at++)
            doc_put(out, "%c", tolower((unsigned char)*at));
        doc_put(out, " | %s | %s |\n", state_tables[i].key, state_tables[i].text);
    }
}
