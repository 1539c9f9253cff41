/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/docs/doc_text.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

_Noreturn void doc_fail(const char *format, ...)
{
    char *line = NULL;
    va_list arguments;
    va_start(arguments, format);
    int size = vasprintf(&line, format, arguments);
    va_end(arguments);
    (void)fprintf(stderr, "make_docs: %s\n", size < 0 ? "no memory" : line);
    exit(1);
}

void doc_put_slice(doc_text_t *text, dais_slice_t bytes)
{
    if (text->capacity - text->size <= bytes.size) {
        size_t capacity = 2 * (text->size + bytes.size) + 1;
        char *data = realloc(text->data, capacity);
        if (data == NULL)
            doc_fail("no memory");
        text->data = data;
        text->capacity = capacity;
    }
    if (bytes.size > 0)
        memcpy(text->data + text->size, bytes.data, bytes.size);
    text->size += bytes.size;
    text->data[text->size] = '\0';
}

void doc_put(doc_text_t *text, const char *format, ...)
{
    char *line = NULL;
    va_list arguments;
    va_start(arguments, format);
    int size = vasprintf(&line, format, arguments);
    va_end(arguments);
    if (size < 0)
        doc_fail("no memory");
    doc_put_slice(text, dais_slice(line, (size_t)size));
    free(line);
}

void doc_free(doc_text_t *text)
{
    free(text->data);
    *text = (doc_text_t){0};
}
