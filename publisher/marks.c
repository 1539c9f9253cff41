/* SPDX-License-Identifier: Apache-2.0
 *
 * Each byte of a text belongs to at most one mark, so that marks never cross and a page grows with
 * the number of them, not with its square. The text is written in runs of one owner. */
#include "publisher/marks.h"

#include <stdlib.h>
#include <string.h>

enum { NOBODY = 0 };

/* A text with each run of white space as one space, and where each of its bytes came from. */
typedef struct {
    uint8_t *bytes;
    size_t *from;
    size_t size;
} folded_t;

static bool is_space(uint8_t byte)
{
    return byte == ' ' || byte == '\t' || byte == '\n' || byte == '\r';
}

static void folded_free(folded_t *folded)
{
    free(folded->bytes);
    free(folded->from);
    *folded = (folded_t){0};
}

static dais_err_t fold(dais_slice_t text, folded_t *folded)
{
    *folded = (folded_t){.bytes = malloc(text.size + 1),
                         .from = calloc(text.size + 1, sizeof *folded->from)};
    if (folded->bytes == NULL || folded->from == NULL) {
        folded_free(folded);
        return DAIS_ERR_NO_MEMORY;
    }
    for (size_t i = 0; i < text.size; i++) {
        bool space = is_space(text.data[i]);
        if (space && i > 0 && is_space(text.data[i - 1]))
            continue;
        folded->bytes[folded->size] = space ? ' ' : text.data[i];
        folded->from[folded->size++] = i;
    }
    return DAIS_OK;
}

/* Without the white space around it. */
static dais_slice_t trimmed(dais_slice_t text)
{
    while (text.size > 0 && is_space(text.data[0]))
        text = dais_slice(text.data + 1, text.size - 1);
    while (text.size > 0 && is_space(text.data[text.size - 1]))
        text.size--;
    return text;
}

static dais_err_t mark_find(const folded_t *text, dais_mark_t *mark)
{
    folded_t sentence;
    dais_err_t err = fold(trimmed(mark->sentence), &sentence);
    if (err != DAIS_OK)
        return err;
    const uint8_t *at =
        sentence.size == 0 ? NULL : memmem(text->bytes, text->size, sentence.bytes, sentence.size);
    if (at != NULL) {
        size_t first = (size_t)(at - text->bytes);
        mark->begin = text->from[first];
        mark->size = text->from[first + sentence.size - 1] + 1 - mark->begin;
    }
    folded_free(&sentence);
    return DAIS_OK;
}

dais_err_t dais_marks_find(dais_slice_t text, dais_mark_t *marks, size_t count)
{
    folded_t folded;
    for (size_t i = 0; i < count; i++)
        marks[i].begin = marks[i].size = 0;
    dais_err_t err = count > 0 ? fold(text, &folded) : DAIS_OK;
    if (count == 0 || err != DAIS_OK)
        return err;
    for (size_t i = 0; i < count && err == DAIS_OK; i++)
        err = mark_find(&folded, &marks[i]);
    folded_free(&folded);
    for (size_t i = 0; i < count && err != DAIS_OK; i++)
        marks[i].size = 0;
    return err;
}

/* Whose each byte of a text is, as the number of a mark from 1, and whether a mark begins there. */
typedef struct {
    dais_slice_t text;
    const dais_mark_t *marks;
    size_t count;
    size_t *owners;
    bool *begins;
} painted_t;

static void paint(const painted_t *painted)
{
    const dais_mark_t *marks = painted->marks;
    for (size_t i = 0; i < painted->count; i++) {
        size_t *owner = painted->owners + marks[i].begin;
        painted->begins[marks[i].begin] |= marks[i].size > 0;
        for (size_t left = marks[i].size; left > 0; left--, owner++) {
            if (*owner == NOBODY || marks[*owner - 1].size > marks[i].size)
                *owner = i + 1;
        }
    }
}

/* Places for the links from the list to arrive at: those marks that begin here, but are not the one
 * whose run it is, which has the id itself. */
static void places_put(dais_out_t *out, const painted_t *painted, size_t at)
{
    for (size_t i = 0; painted->begins[at] && i < painted->count; i++) {
        const dais_mark_t *mark = &painted->marks[i];
        if (mark->size > 0 && mark->begin == at && i + 1 != painted->owners[at])
            dais_out_format(out, "<span id=\"suggestion-%zu-text\"></span>", i + 1);
    }
}

static void owner_put(dais_out_t *out, const painted_t *painted, size_t at)
{
    size_t owner = painted->owners[at];
    dais_out_put(out, "<mark");
    if (painted->marks[owner - 1].begin == at)
        dais_out_format(out, " id=\"suggestion-%zu-text\"", owner);
    dais_out_format(out, "><a href=\"#suggestion-%zu\" aria-describedby=\"suggestion-%zu-name\">",
                    owner, owner);
}

/* One run: up to where the owner changes. Returns where the next one begins. */
static size_t run_put(dais_out_t *out, const painted_t *painted, size_t at)
{
    size_t owner = painted->owners[at];
    size_t end = at + 1;
    places_put(out, painted, at);
    if (owner != NOBODY)
        owner_put(out, painted, at);
    for (; end < painted->text.size && painted->owners[end] == owner; end++) {
        if (!painted->begins[end])
            continue;
        dais_out_html(out, dais_slice(painted->text.data + at, end - at));
        places_put(out, painted, end);
        at = end;
    }
    dais_out_html(out, dais_slice(painted->text.data + at, end - at));
    dais_out_put(out, owner != NOBODY ? "</a></mark>" : "");
    return end;
}

void dais_marks_put(dais_out_t *out, dais_slice_t text, const dais_mark_t *marks, size_t count)
{
    painted_t painted = {.text = text,
                         .marks = marks,
                         .count = count,
                         .owners = calloc(text.size + 1, sizeof *painted.owners),
                         .begins = calloc(text.size + 1, sizeof *painted.begins)};
    if (painted.owners != NULL && painted.begins != NULL) {
        paint(&painted);
        for (size_t at = 0; at < text.size;)
            at = run_put(out, &painted, at);
    } else if (out->err == DAIS_OK) {
        out->err = DAIS_ERR_NO_MEMORY;
    }
    free(painted.begins);
    free(painted.owners);
}
