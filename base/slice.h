/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_BASE_SLICE_H
#define DAIS_BASE_SLICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* Bytes that somebody else owns. Whoever hands out a slice says how long it lives; a slice is
 * never freed. An empty slice may have a null pointer. */
typedef struct {
    const uint8_t *data;
    size_t size; /* bytes */
} dais_slice_t;

static inline dais_slice_t dais_slice(const void *data, size_t size)
{
    return (dais_slice_t){.data = (const uint8_t *)data, .size = size};
}

/* The bytes of a C string without its terminator; lives as long as the string. */
static inline dais_slice_t dais_slice_text(const char *text)
{
    return dais_slice(text, strlen(text));
}

/* Not constant time: never for secrets. */
static inline bool dais_slice_equal(dais_slice_t a, dais_slice_t b)
{
    return a.size == b.size && (a.size == 0 || memcmp(a.data, b.data, a.size) == 0);
}

#endif
