/* SPDX-License-Identifier: Apache-2.0
 *
 * Explains the bytes of a record one after the other. The bytes are samples that the decoder has
 * accepted, so heads are read here without checks. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "proto/device.h"
#include "tests/docs/doc_parts.h"

enum { BYTES_A_LINE = 16, WHOLE_MAX = 64, SHOWN = 32, WHAT_SIZE = 160, QUOTE_MAX = 48 };

typedef struct {
    doc_text_t *out;
    const uint8_t *start;
    const uint8_t *next;
    unsigned depth;
    uint64_t kind; /* of the message that is walked */
} walk_t;

typedef enum { HEAD_UINT, HEAD_BIN, HEAD_STR, HEAD_ARRAY } head_type_t;

typedef struct {
    head_type_t type;
    uint64_t number;
    size_t size; /* bytes of the head itself */
} head_t;

static void walk_shape(walk_t *walk, const dais_shape_t *shape, const char *name);

static void hex_line(doc_text_t *out, size_t offset, dais_slice_t bytes, const char *what)
{
    doc_put(out, "%5zu ", offset);
    for (size_t i = 0; i < BYTES_A_LINE; i++) {
        if (i < bytes.size)
            doc_put(out, " %02x", bytes.data[i]);
        else if (what[0] != '\0')
            doc_put(out, "   ");
    }
    doc_put(out, "%s%s\n", what[0] == '\0' ? "" : "  ", what);
}

void doc_hex_lines(doc_text_t *out, size_t offset, dais_slice_t bytes, const char *what)
{
    size_t shown = bytes.size > WHOLE_MAX ? SHOWN : bytes.size;
    for (size_t i = 0; i < shown; i += BYTES_A_LINE) {
        size_t size = shown - i < BYTES_A_LINE ? shown - i : BYTES_A_LINE;
        hex_line(out, offset + i, dais_slice(bytes.data + i, size), i == 0 ? what : "");
    }
    if (shown < bytes.size)
        doc_put(out, "       … %zu bytes more\n", bytes.size - shown);
}

static uint64_t number_at(const uint8_t *at, size_t width)
{
    uint64_t number = 0;
    for (size_t i = 0; i < width; i++)
        number = number << 8 | at[i];
    return number;
}

static head_t head_wide(head_type_t type, const uint8_t *at, size_t width)
{
    return (head_t){.type = type, .number = number_at(at + 1, width), .size = 1 + width};
}

static head_t head_at(const uint8_t *at)
{
    uint8_t first = at[0];
    if (first < 0x80)
        return (head_t){HEAD_UINT, first, 1};
    if (first < 0xa0)
        return (head_t){HEAD_ARRAY, first & 15U, 1};
    if (first < 0xc0)
        return (head_t){HEAD_STR, first & 31U, 1};
    if (first >= 0xdc)
        return head_wide(HEAD_ARRAY, at, first == 0xdc ? 2 : 4);
    if (first >= 0xd9)
        return head_wide(HEAD_STR, at, (size_t)1 << (first - 0xd9));
    if (first >= 0xcc)
        return head_wide(HEAD_UINT, at, (size_t)1 << (first - 0xcc));
    return head_wide(HEAD_BIN, at, (size_t)1 << (first - 0xc4));
}

/* Prints the bytes that come next under an indented word, and goes on behind them. */
static void show(walk_t *walk, size_t size, const char *what)
{
    char indented[WHAT_SIZE];
    (void)snprintf(indented, sizeof indented, "%*s%s", (int)(2 * walk->depth), "", what);
    doc_hex_lines(walk->out, (size_t)(walk->next - walk->start), dais_slice(walk->next, size),
                  what[0] == '\0' ? "" : indented);
    walk->next += size;
}

/* As much of a text as fits, in quotes, newlines as \n, cut only between characters. */
static void quote(char what[WHAT_SIZE], const uint8_t *text, size_t size)
{
    size_t end = 0;
    size_t i = 0;
    what[end++] = '"';
    for (; i < size && (end < QUOTE_MAX || (text[i] & 0xc0) == 0x80); i++) {
        bool newline = text[i] == '\n';
        if (newline)
            what[end++] = '\\';
        what[end++] = (char)(newline ? 'n' : text[i]);
    }
    (void)snprintf(what + end, WHAT_SIZE - end, i == size ? "\"" : "…");
}

static void walk_uint(walk_t *walk, const dais_field_t *field, const char *name)
{
    char what[WHAT_SIZE];
    char time[DAIS_CLOCK_TEXT_SIZE] = "";
    head_t head = head_at(walk->next);
    const char *more = "";
    if (field != NULL && field->words != NULL)
        more = field->words->words[head.number];
    if (field != NULL && field->type == DAIS_FIELD_TIME &&
        dais_clock_format(head.number, time) == DAIS_OK)
        more = time;
    if (strcmp(name, "kind") == 0 && dais_kind_of(head.number) != NULL)
        more = dais_kind_of(head.number)->name;
    (void)snprintf(what, sizeof what, "%s: %" PRIu64 "%s%s%s", name, head.number,
                   more[0] == '\0' ? "" : " (", more, more[0] == '\0' ? "" : ")");
    show(walk, head.size, what);
}

static void walk_bytes(walk_t *walk, const char *name)
{
    char what[WHAT_SIZE];
    head_t head = head_at(walk->next);
    (void)snprintf(what, sizeof what, "%s: %s of %" PRIu64, name,
                   head.type == HEAD_BIN ? "bin" : "str", head.number);
    show(walk, head.size, what);
    if (head.type == HEAD_STR)
        quote(what, walk->next, head.number);
    walk->depth++;
    show(walk, head.number, head.type == HEAD_STR ? what : "");
    walk->depth--;
}

static uint64_t walk_array(walk_t *walk, const char *name)
{
    char what[WHAT_SIZE];
    head_t head = head_at(walk->next);
    (void)snprintf(what, sizeof what, "%s: array of %" PRIu64, name, head.number);
    show(walk, head.size, what);
    return head.number;
}

/* A value whose shape is not in the tables. */
static void walk_any(walk_t *walk, const char *name)
{
    switch (head_at(walk->next).type) {
    case HEAD_UINT: walk_uint(walk, NULL, name); break;
    case HEAD_BIN:
    case HEAD_STR: walk_bytes(walk, name); break;
    case HEAD_ARRAY: {
        uint64_t count = walk_array(walk, name);
        walk->depth++;
        for (uint64_t i = 0; i < count; i++)
            walk_any(walk, "value");
        walk->depth--;
        break;
    }
    }
}

static void walk_list(walk_t *walk, const dais_field_t *field)
{
    uint64_t count = walk_array(walk, field->name);
    walk->depth++;
    for (uint64_t i = 0; i < count; i++)
        walk_shape(walk, field->element, field->element->name);
    walk->depth--;
}

static void walk_field(walk_t *walk, const dais_field_t *field, const char *name)
{
    if (strcmp(field->name, "kind") == 0)
        walk->kind = head_at(walk->next).number;
    if (field->type == DAIS_FIELD_LIST)
        walk_list(walk, field);
    else if (field->type == DAIS_FIELD_ANY && strcmp(field->name, "subject") == 0)
        walk_shape(walk, dais_kind_of(walk->kind)->subject, "subject");
    else if (field->type == DAIS_FIELD_ANY)
        walk_any(walk, name);
    else if (head_at(walk->next).type == HEAD_UINT)
        walk_uint(walk, field, name);
    else
        walk_bytes(walk, name);
}

static void walk_shape(walk_t *walk, const dais_shape_t *shape, const char *name)
{
    if (shape->form == DAIS_SHAPE_SCALAR) {
        walk_field(walk, &shape->fields[0], name);
        return;
    }
    (void)walk_array(walk, name);
    walk->depth++;
    if (shape->form == DAIS_SHAPE_RECORD)
        walk_bytes(walk, "domain");
    for (size_t i = 0; i < shape->field_count; i++)
        walk_field(walk, &shape->fields[i], shape->fields[i].name);
    walk->depth--;
}

void doc_walk(doc_text_t *out, const dais_sample_t *sample)
{
    walk_t walk = {.out = out, .start = sample->bytes.data, .next = sample->bytes.data};
    walk_shape(&walk, sample->shape, sample->shape->name);
    if (sample->form == DAIS_SAMPLE_SIGNED)
        show(&walk, DAIS_SIGNATURE_SIZE, "signature, over all bytes before it");
    if (walk.next != sample->bytes.data + sample->bytes.size)
        doc_fail("the sample '%s' was not explained to its end", sample->name);
}
