/* SPDX-License-Identifier: Apache-2.0
 *
 * A line is cut into indentation, name, equals sign, value and comment, from left to right, and
 * each step says at which column it stopped. After a line at fault the reader goes on with the
 * next one, so that a person sees all slips of a file at once; the level of a faulty line is taken
 * as wide as possible, so that one slip is not reported again for each line below it. */
#include "base/zpl.h"

#define INDENT 4 /* spaces a level */

static bool zpl_is_name(uint8_t c)
{
    static const char marks[] = {'$', '-', '_', '@', '.', '&', '+', '/'};
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           memchr(marks, c, sizeof marks) != NULL;
}

static bool zpl_is_printable(uint8_t c)
{
    return c >= 0x20 && c <= 0x7e;
}

void dais_zpl_reader_init(dais_zpl_reader_t *reader, dais_slice_t text)
{
    *reader = (dais_zpl_reader_t){.next = text.data, .end = text.data};
    if (text.size > 0)
        reader->end = text.data + text.size;
}

static bool zpl_fault(dais_zpl_item_t *item, dais_err_t err, size_t offset)
{
    item->err = err;
    item->column = (uint32_t)offset + 1;
    return false;
}

/* Spaces from `at` on, and behind them nothing or a comment? */
static bool zpl_rest_is_void(dais_slice_t line, size_t at)
{
    while (at < line.size && line.data[at] == ' ')
        at++;
    return at == line.size || line.data[at] == '#';
}

static bool zpl_quoted(dais_slice_t line, size_t at, dais_zpl_item_t *item)
{
    const uint8_t *open = line.data + at;
    const uint8_t *close = memchr(open + 1, *open, line.size - at - 1);
    if (close == NULL)
        return zpl_fault(item, DAIS_ERR_BAD_TEXT, at);
    size_t behind = (size_t)(close - line.data) + 1;
    if (!zpl_rest_is_void(line, behind))
        return zpl_fault(item, DAIS_ERR_BAD_TEXT, behind);
    item->value = dais_slice(open + 1, (size_t)(close - open) - 1);
    item->value_column = (uint32_t)at + 2;
    return true;
}

static bool zpl_bare(dais_slice_t line, size_t at, dais_zpl_item_t *item)
{
    size_t end = at;
    for (size_t i = at; i < line.size; i++) {
        uint8_t c = line.data[i];
        if (c == '#' && (i == at || line.data[i - 1] == ' '))
            break;
        if (c == '#' || c == '"' || c == '\'')
            return zpl_fault(item, DAIS_ERR_BAD_TEXT, i);
        if (c != ' ')
            end = i + 1;
    }
    item->value = dais_slice(line.data + at, end - at);
    item->value_column = (uint32_t)at + 1;
    return true;
}

static bool zpl_value(dais_slice_t line, size_t at, dais_zpl_item_t *item)
{
    while (at < line.size && line.data[at] == ' ')
        at++;
    item->has_value = true;
    bool quoted = at < line.size && (line.data[at] == '"' || line.data[at] == '\'');
    if (!(quoted ? zpl_quoted(line, at, item) : zpl_bare(line, at, item)))
        return false;
    if (item->value.size > DAIS_ZPL_VALUE_SIZE_MAX)
        return zpl_fault(item, DAIS_ERR_TOO_LONG, at);
    return true;
}

static bool zpl_name(dais_slice_t line, size_t at, dais_zpl_item_t *item)
{
    size_t end = at;
    while (end < line.size && zpl_is_name(line.data[end]))
        end++;
    if (end == at)
        return zpl_fault(item, DAIS_ERR_BAD_TEXT, at);
    item->name = dais_slice(line.data + at, end - at);
    item->column = (uint32_t)at + 1;
    if (zpl_rest_is_void(line, end))
        return true;
    while (line.data[end] == ' ')
        end++;
    if (line.data[end] != '=')
        return zpl_fault(item, DAIS_ERR_BAD_TEXT, end);
    return zpl_value(line, end + 1, item);
}

static bool zpl_characters(dais_slice_t line, dais_zpl_item_t *item)
{
    if (line.size > DAIS_ZPL_LINE_SIZE_MAX)
        return zpl_fault(item, DAIS_ERR_TOO_LONG, DAIS_ZPL_LINE_SIZE_MAX);
    for (size_t i = 0; i < line.size; i++) {
        if (!zpl_is_printable(line.data[i]))
            return zpl_fault(item, DAIS_ERR_BAD_TEXT, i);
    }
    return true;
}

/* A line that is not void. */
static bool zpl_line(dais_slice_t line, unsigned depth_max, dais_zpl_item_t *item)
{
    size_t indent = 0;
    while (line.data[indent] == ' ')
        indent++;
    /* Rounded up: a line that is set in a little too little is meant to be below its section. */
    item->depth = (unsigned)((indent + INDENT - 1) / INDENT);
    if (!zpl_characters(line, item))
        return false;
    if (indent % INDENT != 0 || item->depth > depth_max)
        return zpl_fault(item, DAIS_ERR_BAD_INDENT, indent);
    return zpl_name(line, indent, item);
}

static dais_slice_t zpl_take_line(dais_zpl_reader_t *reader)
{
    size_t left = (size_t)(reader->end - reader->next);
    const uint8_t *start = reader->next;
    const uint8_t *newline = memchr(start, '\n', left);
    reader->line++;
    reader->next = newline == NULL ? reader->end : newline + 1;
    return dais_slice(start, newline == NULL ? left : (size_t)(newline - start));
}

bool dais_zpl_next(dais_zpl_reader_t *reader, dais_zpl_item_t *item)
{
    while (reader->next != reader->end) {
        dais_slice_t line = zpl_take_line(reader);
        *item = (dais_zpl_item_t){.line = reader->line};
        if (zpl_rest_is_void(line, 0) && zpl_characters(line, item))
            continue;
        if (item->err == DAIS_OK && zpl_line(line, reader->depth_max, item))
            reader->depth_max = item->depth + 1;
        else
            reader->depth_max = DAIS_ZPL_LINE_SIZE_MAX;
        return true;
    }
    return false;
}

bool dais_zpl_can_quote(dais_slice_t value)
{
    if (value.size > DAIS_ZPL_VALUE_SIZE_MAX)
        return false;
    bool quote_single = false;
    bool quote_double = false;
    for (size_t i = 0; i < value.size; i++) {
        if (!zpl_is_printable(value.data[i]))
            return false;
        quote_single = quote_single || value.data[i] == '\'';
        quote_double = quote_double || value.data[i] == '"';
    }
    return !(quote_single && quote_double);
}

char dais_zpl_quote(dais_slice_t value)
{
    return value.size > 0 && memchr(value.data, '"', value.size) != NULL ? '\'' : '"';
}
