/* SPDX-License-Identifier: Apache-2.0 */
#include "office/plain_text.h"

#include <stdio.h>
#include <stdlib.h>
#include <wchar.h>

#include "base/utf8.h"

#define ESCAPED_MAX  10 /* bytes of "\u{10ffff}" */
#define ISOLATE_SIZE ((size_t)3)

/* U+2068 and U+2069. As numbers: a text with these marks in it is what this file guards against. */
static const uint8_t isolate_start[ISOLATE_SIZE] = {0xe2, 0x81, 0xa8};
static const uint8_t isolate_end[ISOLATE_SIZE] = {0xe2, 0x81, 0xa9};

static bool text_is_mark(uint32_t code)
{
    return code < 0x20 || (code >= 0x7f && code < 0xa0) || code == 0x200e || code == 0x200f ||
           code == 0x61c || code == 0x2028 || code == 0x2029 ||
           (code >= 0x202a && code <= 0x202e) || (code >= 0x2066 && code <= 0x2069);
}

/* Hebrew, Arabic, Syriac, Thaana, N'Ko and their forms of presentation; the planes of old scripts
 * that are written so. */
static bool text_is_rtl(uint32_t code)
{
    return (code >= 0x590 && code <= 0x8ff) || (code >= 0xfb1d && code <= 0xfdff) ||
           (code >= 0xfe70 && code <= 0xfeff) || (code >= 0x10800 && code <= 0x10fff) ||
           (code >= 0x1e800 && code <= 0x1efff);
}

char *dais_plain_text(dais_slice_t text)
{
    size_t capacity = text.size * ESCAPED_MAX + 2 * ISOLATE_SIZE + 1;
    char *out = malloc(capacity);
    if (out == NULL)
        return NULL;
    size_t size = ISOLATE_SIZE;
    bool rtl = false;
    memcpy(out, isolate_start, size);
    for (size_t at = 0; at < text.size;) {
        uint32_t code = 0;
        size_t step = dais_utf8_next(dais_slice(text.data + at, text.size - at), &code);
        if (step == 0)
            size += (size_t)snprintf(out + size, capacity - size, "\\x%02x", text.data[at]);
        else if (text_is_mark(code))
            size += (size_t)snprintf(out + size, capacity - size, "\\u{%x}", code);
        else
            memcpy(out + size, text.data + at, step);
        size += step > 0 && !text_is_mark(code) ? step : 0;
        rtl = rtl || (step > 0 && text_is_rtl(code));
        at += step == 0 ? 1 : step;
    }
    out[size] = '\0';
    if (rtl) {
        memcpy(out + size, isolate_end, ISOLATE_SIZE);
        out[size + ISOLATE_SIZE] = '\0';
        return out;
    }
    memmove(out, out + ISOLATE_SIZE, size - ISOLATE_SIZE + 1);
    return out;
}

size_t dais_plain_text_width(const char *text)
{
    size_t width = 0;
    dais_slice_t rest = dais_slice_text(text);
    while (rest.size > 0) {
        uint32_t code = 0;
        size_t step = dais_utf8_next(rest, &code);
        int columns = step == 0 || text_is_mark(code) ? 0 : wcwidth((wchar_t)code);
        width += columns > 0 ? (size_t)columns : 0;
        step = step == 0 ? 1 : step;
        rest = dais_slice(rest.data + step, rest.size - step);
    }
    return width;
}
