/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_TESTS_SUPPORT_TOKEN_H
#define DAIS_TESTS_SUPPORT_TOKEN_H

/* MessagePack heads read and written without the code under test, and in every width: what the
 * cursor is compared with, and what non-shortest forms are made with. Nothing is judged here. */

#include "base/slice.h"

typedef enum { TOKEN_UINT, TOKEN_BIN, TOKEN_STR, TOKEN_ARRAY, TOKEN_OTHER } token_type_t;

#define TOKEN_WIDTHS 5 /* in the first byte itself, or 1, 2, 4, 8 bytes behind it */

typedef struct {
    token_type_t type;
    unsigned width;  /* which of the five */
    uint64_t number; /* the value, or bytes, or elements */
    size_t at;       /* offset of the first byte */
    size_t head;     /* bytes of the head */
    size_t size;     /* bytes of head and body; of an array the head alone */
} token_t;

/* The first byte of each type by width; 0 where there is no such form. `most` is the highest number
 * that the first byte itself can hold; none for bin. */
static const struct {
    uint8_t first[TOKEN_WIDTHS];
    uint64_t most;
} token_forms[] = {
    [TOKEN_UINT] = {{0x00, 0xcc, 0xcd, 0xce, 0xcf}, 0x7f},
    [TOKEN_BIN] = {{0x00, 0xc4, 0xc5, 0xc6, 0x00}, 0},
    [TOKEN_STR] = {{0xa0, 0xd9, 0xda, 0xdb, 0x00}, 0x1f},
    [TOKEN_ARRAY] = {{0x90, 0x00, 0xdc, 0xdd, 0x00}, 0x0f},
};

static inline size_t token_width_bytes(unsigned width)
{
    return width == 0 ? 0 : (size_t)1 << (width - 1);
}

/* The highest number that a form holds; false if there is no such form. */
static inline bool token_most(token_type_t type, unsigned width, uint64_t *most)
{
    *most = token_forms[type].most;
    if (width == 0)
        return type != TOKEN_BIN;
    *most = width == 4 ? UINT64_MAX : ((uint64_t)1 << (8 * token_width_bytes(width))) - 1;
    return token_forms[type].first[width] != 0;
}

/* Whether a first byte is of this type and width. */
static inline bool token_is_form(token_type_t type, unsigned width, uint8_t first)
{
    uint64_t most;
    if (!token_most(type, width, &most))
        return false;
    uint8_t least = token_forms[type].first[width];
    return width > 0 ? first == least : first >= least && first - least <= (int)most;
}

static inline uint64_t token_number(dais_slice_t bytes, size_t at, size_t size)
{
    uint64_t number = 0;
    for (size_t i = 0; i < size; i++)
        number = number << 8 | bytes.data[at + i];
    return number;
}

/* The token at an offset; false where the bytes end before it does. What the profile does not have
 * is TOKEN_OTHER. */
static inline bool token_read(dais_slice_t bytes, size_t at, token_t *out)
{
    *out = (token_t){.type = TOKEN_OTHER, .at = at, .head = 1, .size = 1};
    if (at >= bytes.size)
        return false;
    uint8_t first = bytes.data[at];
    for (unsigned i = 0; i < TOKEN_OTHER * TOKEN_WIDTHS; i++) {
        token_type_t type = (token_type_t)(i / TOKEN_WIDTHS);
        unsigned width = i % TOKEN_WIDTHS;
        if (!token_is_form(type, width, first))
            continue;
        *out = (token_t){.type = type, .width = width, .at = at};
        out->head = out->size = 1 + token_width_bytes(width);
        if (out->head > bytes.size - at)
            return false;
        out->number = width == 0 ? (uint64_t)(first - token_forms[type].first[0])
                                 : token_number(bytes, at + 1, out->head - 1);
        if (type == TOKEN_UINT || type == TOKEN_ARRAY)
            return true;
        if (out->number > bytes.size - at - out->head)
            return false;
        out->size += (size_t)out->number;
        return true;
    }
    return true;
}

/* Writes a head in one of the five widths and returns its bytes; 0 if the number does not fit or
 * there is no such form. `out` has room for 9. */
static inline size_t token_put(uint8_t *out, token_type_t type, unsigned width, uint64_t number)
{
    uint64_t most;
    if (!token_most(type, width, &most) || number > most)
        return 0;
    size_t size = token_width_bytes(width);
    out[0] = (uint8_t)(token_forms[type].first[width] + (width == 0 ? number : 0));
    for (size_t i = 0; i < size; i++)
        out[1 + i] = (uint8_t)(number >> (8 * (size - 1 - i)));
    return 1 + size;
}

/* The same in the narrowest width there is. */
static inline size_t token_put_shortest(uint8_t *out, token_type_t type, uint64_t number,
                                        unsigned *width)
{
    size_t size = 0;
    for (*width = 0; size == 0; ++*width)
        size = token_put(out, type, *width, number);
    --*width;
    return size;
}

#endif
