/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_TESTS_DOCS_DOC_TEXT_H
#define DAIS_TESTS_DOCS_DOC_TEXT_H

#include "base/slice.h"

/* A text that grows. {0} is empty; without memory the program ends. */
typedef struct {
    char *data; /* terminated once anything was put */
    size_t size;
    size_t capacity;
} doc_text_t;

void doc_put(doc_text_t *text, const char *format, ...) __attribute__((format(printf, 2, 3)));
void doc_put_slice(doc_text_t *text, dais_slice_t bytes);
void doc_free(doc_text_t *text);

/* Says what is wrong and ends the program with code 1. */
_Noreturn void doc_fail(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
