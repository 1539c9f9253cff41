/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/docs/doc_page.h"

#include "proto/text.h"
#include "tests/docs/doc_parts.h"

#define MARK_START "<!-- generated: "
#define MARK_CLOSE " -->"
#define MARK_END   "<!-- end -->"

enum { NAME_MAX_SIZE = 80 };

static void line_put(doc_text_t *out, dais_slice_t line)
{
    doc_put_slice(out, line);
    doc_put(out, "\n");
}

/* "shape bundle" of a line that opens a generated part; false for other lines. */
static bool mark_read(dais_slice_t line, char name[NAME_MAX_SIZE])
{
    size_t close = strlen(MARK_CLOSE);
    if (!dais_text_prefix(&line, MARK_START))
        return false;
    if (line.size <= close || line.size - close >= NAME_MAX_SIZE)
        doc_fail("a mark is not of the form %sNAME%s", MARK_START, MARK_CLOSE);
    memcpy(name, line.data, line.size - close);
    name[line.size - close] = '\0';
    return true;
}

static void part_skip(dais_slice_t *rest, const char *name)
{
    dais_slice_t line;
    do {
        if (dais_text_line(rest, &line) != DAIS_OK)
            doc_fail("the part '%s' has no %s", name, MARK_END);
    } while (!dais_slice_equal(line, dais_slice_text(MARK_END)));
}

static void part_put(doc_text_t *out, char name[NAME_MAX_SIZE])
{
    char *argument = strchr(name, ' ');
    if (argument != NULL)
        *argument++ = '\0';
    doc_part(out, name, argument == NULL ? "" : argument);
    doc_put(out, MARK_END "\n");
}

void doc_page_make(dais_slice_t old, doc_text_t *out)
{
    dais_slice_t line;
    char name[NAME_MAX_SIZE];
    while (dais_text_line(&old, &line) == DAIS_OK) {
        line_put(out, line);
        if (!mark_read(line, name))
            continue;
        part_skip(&old, name);
        part_put(out, name);
    }
    if (old.size > 0)
        doc_fail("a page does not end with a newline");
}

size_t doc_page_compare(dais_slice_t old, const doc_text_t *made)
{
    dais_slice_t new = dais_slice(made->data, made->size);
    size_t number = 1;
    if (dais_slice_equal(old, new))
        return 0;
    for (;; number++) {
        dais_slice_t old_line;
        dais_slice_t new_line;
        bool old_ends = dais_text_line(&old, &old_line) != DAIS_OK;
        bool new_ends = dais_text_line(&new, &new_line) != DAIS_OK;
        if (old_ends || new_ends || !dais_slice_equal(old_line, new_line))
            return number;
    }
}
