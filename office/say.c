/* SPDX-License-Identifier: Apache-2.0 */
#include "office/say.h"

#include <sodium.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "office/plain_text.h"

#define SAY_LINE_MAX  1024 /* bytes of an error's text */
#define SAY_DEPTH_MAX 6    /* objects inside objects that are shown set in */

static void say_json(const json_t *object)
{
    /* A terminal gets no byte that it could take for a command. */
    size_t flags = JSON_COMPACT | (isatty(STDOUT_FILENO) ? JSON_ENSURE_ASCII : 0);
    (void)json_dumpf(object, stdout, flags);
    (void)fputc('\n', stdout);
}

int dais_say_error(const dais_say_t *say, dais_exit_t status, const char *code, const char *hint,
                   const char *format, ...)
{
    char text[SAY_LINE_MAX];
    va_list list;
    va_start(list, format);
    (void)vsnprintf(text, sizeof text, format, list);
    va_end(list);
    char *plain = dais_plain_text(dais_slice_text(text));
    (void)fflush(stdout);
    (void)fprintf(stderr, "error[%s]: %s\n", code, plain == NULL ? "" : plain);
    if (hint != NULL)
        (void)fprintf(stderr, "hint: %s\n", hint);
    if (say->form == DAIS_SAY_JSON) {
        json_t *object = dais_say_new("error");
        (void)json_object_set_new(object, "code", json_string(code));
        (void)json_object_set_new(object, "text", json_string(plain == NULL ? "" : plain));
        if (hint != NULL)
            (void)json_object_set_new(object, "hint", json_string(hint));
        (void)json_object_set_new(object, "exit", json_integer(status));
        say_json(object);
        json_decref(object);
    }
    free(plain);
    return (int)status;
}

int dais_say_err(const dais_say_t *say, dais_err_t err, const char *about)
{
    return dais_say_error(say, dais_exit_of(err), dais_err_code(err), NULL, "%s: %s", about,
                          dais_err_text(err));
}

void dais_say_note(const char *format, ...)
{
    va_list list;
    va_start(list, format);
    (void)vfprintf(stderr, format, list);
    va_end(list);
    (void)fputc('\n', stderr);
}

void dais_say_hint(const char *format, ...)
{
    va_list list;
    (void)fputs("hint: ", stderr);
    va_start(list, format);
    (void)vfprintf(stderr, format, list);
    va_end(list);
    (void)fputc('\n', stderr);
}

json_t *dais_say_new(const char *type)
{
    return json_pack("{s:s, s:s}", "type", type, "v", "1");
}

char *dais_say_hex(dais_slice_t bytes, char *text, size_t size)
{
    return sodium_bin2hex(text, size, bytes.data, bytes.size);
}

/* A value in one cell; on the heap. Arrays are parted by commas. */
static char *say_cell(const json_t *value)
{
    if (json_is_string(value))
        return dais_plain_text(dais_slice(json_string_value(value), json_string_length(value)));
    if (json_is_array(value) && json_array_size(value) == 0)
        return strdup("-");
    if (json_is_null(value) || value == NULL)
        return strdup("-");
    if (json_is_boolean(value))
        return strdup(json_is_true(value) ? "yes" : "no");
    char *text = json_dumps(value, JSON_ENCODE_ANY | JSON_COMPACT);
    char *plain = text == NULL ? NULL : dais_plain_text(dais_slice_text(text));
    free(text);
    return plain;
}

static bool say_is_inner(const char *key, unsigned depth)
{
    return depth == 0 && (strcmp(key, "type") == 0 || strcmp(key, "v") == 0);
}

/* "key: value" lines, inner objects and arrays of objects set in below their key. */
static void say_lines(const json_t *object, unsigned depth)
{
    const char *key;
    json_t *value;
    json_object_foreach((json_t *)(uintptr_t)object, key, value)
    {
        bool nested = json_is_object(value) || json_is_object(json_array_get(value, 0));
        if (say_is_inner(key, depth))
            continue;
        if (nested && depth < SAY_DEPTH_MAX) {
            (void)printf("%*s%s:\n", (int)depth * 2, "", key);
            size_t count = json_is_array(value) ? json_array_size(value) : 1;
            for (size_t i = 0; i < count; i++)
                say_lines(json_is_array(value) ? json_array_get(value, i) : value, depth + 1);
            continue;
        }
        char *cell = say_cell(value);
        (void)printf("%*s%s: %s\n", (int)depth * 2, "", key, cell == NULL ? "" : cell);
        free(cell);
    }
}

static void say_plain(const json_t *object)
{
    const char *key;
    json_t *value;
    bool first = true;
    json_object_foreach((json_t *)(uintptr_t)object, key, value)
    {
        if (say_is_inner(key, 0))
            continue;
        char *cell = say_cell(value);
        (void)printf("%s%s", first ? "" : "\t", cell == NULL ? "" : cell);
        free(cell);
        first = false;
    }
    (void)fputc('\n', stdout);
}

static int say_memory(const dais_say_t *say)
{
    return dais_say_err(say, DAIS_ERR_NO_MEMORY, "the result cannot be shown");
}

int dais_say_object(const dais_say_t *say, json_t *object)
{
    if (object == NULL)
        return say_memory(say);
    if (say->form == DAIS_SAY_JSON)
        say_json(object);
    else if (say->form == DAIS_SAY_PLAIN)
        say_plain(object);
    else
        say_lines(object, 0);
    json_decref(object);
    return DAIS_EXIT_DONE;
}

#define COLUMN_MAX 16

static void table_line(char *cells[], size_t count, const size_t *widths, bool plain)
{
    for (size_t i = 0; i < count; i++) {
        const char *cell = cells[i] == NULL ? "" : cells[i];
        (void)fputs(cell, stdout);
        if (i + 1 == count)
            break;
        size_t width = dais_plain_text_width(cell);
        if (plain)
            (void)fputc('\t', stdout);
        else
            (void)printf("%*s", (int)(widths[i] - width + 2), "");
    }
    (void)fputc('\n', stdout);
}

static void table_row(const json_t *row, const dais_column_t *columns, size_t count, size_t *widths,
                      bool plain, bool print)
{
    char *cells[COLUMN_MAX];
    for (size_t i = 0; i < count; i++) {
        cells[i] =
            row == NULL ? strdup(columns[i].head) : say_cell(json_object_get(row, columns[i].key));
        size_t width = cells[i] == NULL ? 0 : dais_plain_text_width(cells[i]);
        widths[i] = width > widths[i] ? width : widths[i];
    }
    if (print)
        table_line(cells, count, widths, plain);
    for (size_t i = 0; i < count; i++)
        free(cells[i]);
}

static void say_table(const json_t *rows, const dais_column_t *columns, bool plain)
{
    size_t widths[COLUMN_MAX] = {0};
    size_t count = 0;
    while (columns[count].key != NULL && count < COLUMN_MAX)
        count++;
    for (int print = 0; print <= 1; print++) {
        if (!plain)
            table_row(NULL, columns, count, widths, plain, print == 1);
        for (size_t i = 0; i < json_array_size(rows); i++)
            table_row(json_array_get(rows, i), columns, count, widths, plain, print == 1);
    }
}

int dais_say_rows(const dais_say_t *say, json_t *rows, const dais_column_t *columns)
{
    if (rows == NULL)
        return say_memory(say);
    if (say->form == DAIS_SAY_JSON) {
        for (size_t i = 0; i < json_array_size(rows); i++)
            say_json(json_array_get(rows, i));
    } else if (json_array_size(rows) > 0) {
        say_table(rows, columns, say->form == DAIS_SAY_PLAIN);
    }
    json_decref(rows);
    return DAIS_EXIT_DONE;
}
