/* SPDX-License-Identifier: Apache-2.0 */
#include "office/convert.h"

#include <inttypes.h>
#include <sodium.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/nearest.h"
#include "base/utf8.h"
#include "proto/text.h"

#define WORD_MAX 64 /* words of one choice */

static bool __attribute__((format(printf, 2, 3)))
convert_fault(dais_convert_t *convert, const char *format, ...)
{
    va_list list;
    va_start(list, format);
    (void)vsnprintf(convert->why, sizeof convert->why, format, list);
    va_end(list);
    return false;
}

void dais_convert_init(dais_convert_t *convert)
{
    convert->pool_used = 0;
    convert->why[0] = '\0';
    dais_writer_init(&convert->writer, convert->items, sizeof convert->items);
}

uint8_t *dais_convert_keep(dais_convert_t *convert, dais_slice_t bytes)
{
    if (bytes.size > sizeof convert->pool - convert->pool_used)
        return NULL;
    uint8_t *at = convert->pool + convert->pool_used;
    if (bytes.size > 0)
        memcpy(at, bytes.data, bytes.size);
    convert->pool_used += bytes.size;
    return at;
}

static void *convert_at(void *record, const dais_field_t *field)
{
    return (uint8_t *)record + field->offset;
}

static int convert_shown(dais_slice_t text)
{
    return (int)(text.size < 40 ? text.size : 40);
}

static bool convert_uint(dais_convert_t *convert, const dais_field_t *field, dais_slice_t text,
                         void *record)
{
    uint64_t number;
    if (dais_text_uint(text, field->max, &number) != DAIS_OK || number < field->min)
        return convert_fault(convert, "%.*s is no number from %" PRIu64 " to %" PRIu64,
                             convert_shown(text), text.data, field->min, field->max);
    memcpy(convert_at(record, field), &number, sizeof number);
    return true;
}

/* "ngo, academia or private-sector" for the error. */
static void convert_words(const dais_words_t *words, char *list, size_t size)
{
    size_t used = 0;
    list[0] = '\0';
    for (uint64_t i = 1; i <= words->count && used < size; i++) {
        const char *join = i == 1 ? "" : i == words->count ? " or " : ", ";
        used += (size_t)snprintf(list + used, size - used, "%s%s", join, words->words[i]);
    }
}

static bool convert_choice(dais_convert_t *convert, const dais_field_t *field, dais_slice_t text,
                           void *record)
{
    char list[160];
    for (uint64_t i = field->min; i <= field->words->count; i++) {
        if (!dais_slice_equal(text, dais_slice_text(field->words->words[i])))
            continue;
        memcpy(convert_at(record, field), &i, sizeof i);
        return true;
    }
    const char *nearest = dais_nearest(text, field->words->words + 1, (size_t)field->words->count);
    convert_words(field->words, list, sizeof list);
    return convert_fault(convert, "%.*s is not one of %s%s%s%s", convert_shown(text), text.data,
                         list, nearest == NULL ? "" : "; did you mean ",
                         nearest == NULL ? "" : nearest, nearest == NULL ? "" : "?");
}

static bool convert_time(dais_convert_t *convert, const dais_field_t *field, dais_slice_t text,
                         void *record)
{
    uint64_t at;
    if (dais_clock_parse(text, &at) != DAIS_OK)
        return convert_fault(convert,
                             "%.*s is no time of RFC 3339, such as 2027-05-27T10:00:00+02:00",
                             convert_shown(text), text.data);
    memcpy(convert_at(record, field), &at, sizeof at);
    return true;
}

static bool convert_hex(dais_convert_t *convert, const dais_field_t *field, dais_slice_t text,
                        void *record)
{
    uint8_t bytes[DAIS_HASH_SIZE];
    size_t size = (size_t)field->max;
    if (size > sizeof bytes || dais_text_hex(text, bytes, size) != DAIS_OK)
        return convert_fault(convert, "%.*s is not %zu lower-case hex digits", convert_shown(text),
                             text.data, 2 * size);
    if (field->type != DAIS_FIELD_OPTIONAL) {
        memcpy(convert_at(record, field), bytes, size);
        return true;
    }
    uint8_t *kept = dais_convert_keep(convert, dais_slice(bytes, size));
    if (kept == NULL)
        return convert_fault(convert, "there is too much of it");
    dais_slice_t slice = dais_slice(kept, size);
    memcpy(convert_at(record, field), &slice, sizeof slice);
    return true;
}

static bool convert_text(dais_convert_t *convert, const dais_field_t *field, dais_slice_t text,
                         void *record)
{
    bool newlines = field->type == DAIS_FIELD_TEXT;
    dais_err_t err = dais_utf8_check(text, newlines, NULL);
    if (err != DAIS_OK)
        return convert_fault(convert, "%s", dais_err_text(err));
    if (text.size < field->min || text.size > field->max)
        return convert_fault(convert, "it has %zu bytes, and takes %" PRIu64 " to %" PRIu64,
                             text.size, field->min, field->max);
    memcpy(convert_at(record, field), &text, sizeof text);
    return true;
}

bool dais_convert_field(dais_convert_t *convert, const dais_field_t *field, dais_slice_t text,
                        void *record)
{
    switch (field->type) {
    case DAIS_FIELD_UINT: return convert_uint(convert, field, text, record);
    case DAIS_FIELD_CHOICE: return convert_choice(convert, field, text, record);
    case DAIS_FIELD_TIME: return convert_time(convert, field, text, record);
    case DAIS_FIELD_HASH:
    case DAIS_FIELD_KEY:
    case DAIS_FIELD_ID:
    case DAIS_FIELD_OPTIONAL: return convert_hex(convert, field, text, record);
    case DAIS_FIELD_LINE:
    case DAIS_FIELD_TEXT: return convert_text(convert, field, text, record);
    case DAIS_FIELD_BYTES:
    case DAIS_FIELD_PATH:
    case DAIS_FIELD_LIST:
    case DAIS_FIELD_ANY: break;
    }
    return convert_fault(convert, "it cannot be written as a text");
}

/* May the field be left out of a tuple? Then it is empty, or 0. */
static bool convert_may_miss(const dais_field_t *field)
{
    return field->min == 0 && field->type != DAIS_FIELD_TIME;
}

/* The fields of a tuple, parted by colons; the last one takes the rest with its colons. */
static bool convert_tuple(dais_convert_t *convert, const dais_shape_t *shape, dais_slice_t text,
                          void *item)
{
    bool more = true;
    for (size_t i = 0; i < shape->field_count; i++) {
        const dais_field_t *field = &shape->fields[i];
        if (!more && convert_may_miss(field))
            continue;
        if (!more)
            return convert_fault(convert, "%s is missing behind a colon", field->name);
        const uint8_t *colon =
            i + 1 == shape->field_count ? NULL : memchr(text.data, ':', text.size);
        size_t size = colon == NULL ? text.size : (size_t)(colon - text.data);
        if (!dais_convert_field(convert, field, dais_slice(text.data, size), item))
            return false;
        more = colon != NULL;
        text = more ? dais_slice(colon + 1, text.size - size - 1) : text;
    }
    return true;
}

bool dais_convert_element(dais_convert_t *convert, const dais_field_t *field, dais_slice_t text,
                          void *record)
{
    const dais_shape_t *shape = field->element;
    dais_list_t *list = convert_at(record, field);
    void *item = calloc(1, shape->struct_size);
    if (item == NULL)
        return convert_fault(convert, "no memory is left");
    bool good = list->count < field->max;
    if (!good)
        (void)convert_fault(convert, "there are more than %" PRIu64, field->max);
    else if (shape->form == DAIS_SHAPE_SCALAR)
        good = dais_convert_field(convert, &shape->fields[0], text, item);
    else
        good = convert_tuple(convert, shape, text, item);
    if (good && dais_list_add(list, shape, item, &convert->writer) != DAIS_OK)
        good = convert_fault(convert, "there is too much of it");
    free(item);
    return good;
}

bool dais_convert_lines(dais_convert_t *convert, const dais_field_t *field, dais_slice_t text,
                        void *record, unsigned *line)
{
    for (*line = 1; text.size > 0; (*line)++) {
        const uint8_t *newline = memchr(text.data, '\n', text.size);
        size_t size = newline == NULL ? text.size : (size_t)(newline - text.data);
        dais_slice_t element = dais_slice(text.data, size);
        if (element.size > 0 && element.data[element.size - 1] == '\r')
            element.size--;
        if (element.size > 0 && element.data[0] != '#' &&
            !dais_convert_element(convert, field, element, record))
            return false;
        size += newline != NULL;
        text = dais_slice(text.data + size, text.size - size);
    }
    return true;
}
