/* SPDX-License-Identifier: Apache-2.0
 *
 * Guarantees: what a reader's parser gets out of an escaped text is that text, and no element, cell
 * or string more. Texts are UTF-8 that the records' decoder has accepted, so no byte is judged
 * twice here. */
#include "publisher/out.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CAPACITY_FIRST = 4096, FORMAT_SIZE = 512 };

void dais_out_free(dais_out_t *out)
{
    free(out->data);
    *out = (dais_out_t){0};
}

static void out_fail(dais_out_t *out, dais_err_t err)
{
    if (out->err == DAIS_OK)
        out->err = err;
}

/* Room for so many bytes more, and a NUL. */
static bool out_room(dais_out_t *out, size_t more)
{
    if (out->err != DAIS_OK)
        return false;
    if (more > DAIS_OUT_SIZE_MAX - out->size) {
        out_fail(out, DAIS_ERR_TOO_LONG);
        return false;
    }
    size_t capacity = out->capacity == 0 ? CAPACITY_FIRST : out->capacity;
    while (capacity < out->size + more + 1)
        capacity *= 2;
    if (capacity == out->capacity)
        return true;
    char *data = realloc(out->data, capacity);
    if (data == NULL) {
        out_fail(out, DAIS_ERR_NO_MEMORY);
        return false;
    }
    out->data = data;
    out->capacity = capacity;
    return true;
}

void dais_out_raw(dais_out_t *out, dais_slice_t bytes)
{
    if (bytes.size == 0 || !out_room(out, bytes.size))
        return;
    memcpy(out->data + out->size, bytes.data, bytes.size);
    out->size += bytes.size;
}

void dais_out_put(dais_out_t *out, const char *text)
{
    dais_out_raw(out, dais_slice(text, strlen(text)));
}

/* Most texts fit into a little room that is asked for at once; a longer one is printed again. */
void dais_out_format(dais_out_t *out, const char *format, ...)
{
    va_list list;
    if (!out_room(out, FORMAT_SIZE))
        return;
    va_start(list, format);
    /* NOLINTNEXTLINE(clang-analyzer-valist.Uninitialized): va_start() is the line before */
    int size = vsnprintf(out->data + out->size, FORMAT_SIZE, format, list);
    va_end(list);
    if (size < 0)
        out_fail(out, DAIS_ERR_NO_MEMORY);
    if (size < 0 || (size >= FORMAT_SIZE && !out_room(out, (size_t)size)))
        return;
    if (size >= FORMAT_SIZE) {
        va_start(list, format);
        /* NOLINTNEXTLINE(clang-analyzer-valist.Uninitialized): likewise */
        (void)vsnprintf(out->data + out->size, (size_t)size + 1, format, list);
        va_end(list);
    }
    out->size += (size_t)size;
}

/* Null for a character that stands for itself. A newline directly after a tag can be swallowed, and
 * a carriage return becomes a newline, unless they are references. */
static const char *html_of(uint8_t byte)
{
    switch (byte) {
    case '&': return "&amp;";
    case '<': return "&lt;";
    case '>': return "&gt;";
    case '"': return "&quot;";
    case '\'': return "&#39;";
    case '\n': return "&#10;";
    case '\r': return "&#13;";
    default: return NULL;
    }
}

/* Adds the text with some bytes replaced, in runs. */
static void out_replaced(dais_out_t *out, dais_slice_t text, const char *(*of)(uint8_t byte))
{
    size_t begin = 0;
    for (size_t i = 0; i < text.size; i++) {
        const char *instead = of(text.data[i]);
        if (instead == NULL)
            continue;
        dais_out_raw(out, dais_slice(text.data + begin, i - begin));
        dais_out_put(out, instead);
        begin = i + 1;
    }
    if (begin < text.size)
        dais_out_raw(out, dais_slice(text.data + begin, text.size - begin));
}

void dais_out_html(dais_out_t *out, dais_slice_t text)
{
    out_replaced(out, text, html_of);
}

void dais_out_xml(dais_out_t *out, dais_slice_t text)
{
    size_t begin = 0;
    for (size_t i = 0; i + 2 < text.size; i++) {
        const uint8_t *at = text.data + i;
        if (at[0] != 0xef || at[1] != 0xbf || at[2] < 0xbe)
            continue;
        dais_out_html(out, dais_slice(text.data + begin, i - begin));
        dais_out_put(out, "\xef\xbf\xbd");
        begin = i + 3;
    }
    if (begin < text.size)
        dais_out_html(out, dais_slice(text.data + begin, text.size - begin));
}

void dais_out_isolated(dais_out_t *out, dais_slice_t text)
{
    if (text.size == 0)
        return;
    dais_out_put(out, "<bdi>");
    dais_out_html(out, text);
    dais_out_put(out, "</bdi>");
}

static const char *cell_of(uint8_t byte)
{
    return byte == '"' ? "\"\"" : NULL;
}

/* U+FF0B, U+FF0D, U+FF1D and U+FF20 count as well where the keyboard gives full width. */
static bool is_formula(dais_slice_t text)
{
    static const char narrow[] = {'=', '+', '-', '@', '\t', '\r'};
    static const char wide[][3] = {{'\xef', '\xbc', '\x8b'},
                                   {'\xef', '\xbc', '\x8d'},
                                   {'\xef', '\xbc', '\x9d'},
                                   {'\xef', '\xbc', '\xa0'}};
    for (size_t i = 0; i < sizeof wide / sizeof wide[0]; i++) {
        if (text.size >= sizeof wide[0] && memcmp(text.data, wide[i], sizeof wide[0]) == 0)
            return true;
    }
    return text.size > 0 && memchr(narrow, text.data[0], sizeof narrow) != NULL;
}

void dais_out_cell(dais_out_t *out, dais_slice_t text)
{
    dais_out_put(out, is_formula(text) ? "\"'" : "\"");
    out_replaced(out, text, cell_of);
    dais_out_put(out, "\"");
}

static const char *json_of(uint8_t byte)
{
    switch (byte) {
    case '"': return "\\\"";
    case '\\': return "\\\\";
    case '\n': return "\\n";
    case '<': return "\\u003c";
    case '>': return "\\u003e";
    case '&': return "\\u0026";
    default: return NULL;
    }
}

void dais_out_json(dais_out_t *out, dais_slice_t text)
{
    dais_out_put(out, "\"");
    out_replaced(out, text, json_of);
    dais_out_put(out, "\"");
}

void dais_out_hex(dais_out_t *out, dais_slice_t bytes)
{
    static const char digits[] = "0123456789abcdef";
    if (!out_room(out, 2 * bytes.size))
        return;
    for (size_t i = 0; i < bytes.size; i++) {
        out->data[out->size++] = digits[bytes.data[i] >> 4];
        out->data[out->size++] = digits[bytes.data[i] & 15];
    }
}

dais_slice_t dais_out_slice(const dais_out_t *out)
{
    return dais_slice(out->data, out->size);
}
