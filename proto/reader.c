/* SPDX-License-Identifier: Apache-2.0
 *
 * The cursor that all untrusted bytes pass before anything else looks at them.
 *
 * Guarantees: no allocation, no recursion, no read outside the input, no work beyond the length
 * of the input; each length is checked against what is left before it is used; every value has
 * exactly one accepted encoding. The types are unsigned integer, bin, str and array; negative
 * numbers, floats, nil, booleans, maps and ext are refused with WRONG_TYPE. */
#include "proto/reader.h"

#include "base/utf8.h"

enum { TYPE_NONE, TYPE_UINT, TYPE_BIN, TYPE_STR, TYPE_ARRAY };

/* First bytes of the MessagePack families (specification of 2013, "Formats"). */
enum {
    FIRST_FIXARRAY = 0x90,
    FIRST_FIXSTR = 0xa0,
    FIRST_NIL = 0xc0,
    FIRST_BIN8 = 0xc4,
    FIRST_UINT8 = 0xcc,
    FIRST_STR8 = 0xd9,
    FIRST_ARRAY16 = 0xdc,
    FIRST_ARRAY32 = 0xdd,
    FIRST_POSITIVE_END = 0x80,
};

/* The head of a value: its type, and its number, or its length in bytes or elements. */
typedef struct {
    int type;
    uint64_t number;
} head_t;

void dais_reader_init(dais_reader_t *reader, dais_slice_t bytes)
{
    *reader = (dais_reader_t){.start = bytes.data,
                              .next = bytes.data,
                              .end = bytes.size == 0 ? bytes.data : bytes.data + bytes.size};
}

void dais_reader_fail(dais_reader_t *reader, dais_err_t err, const uint8_t *at)
{
    if (reader->fault.err != DAIS_OK)
        return;
    reader->fault.err = err;
    reader->fault.offset = at == NULL ? 0 : (size_t)(at - reader->start);
}

static size_t reader_rest(const dais_reader_t *reader)
{
    return reader->next == NULL ? 0 : (size_t)(reader->end - reader->next);
}

/* The number of `width` bytes after the first byte, refused if fewer bytes would have held it. */
static uint64_t head_number(dais_reader_t *reader, const uint8_t *at, size_t width, uint64_t least)
{
    if (reader_rest(reader) < width) {
        dais_reader_fail(reader, DAIS_ERR_TRUNCATED, at);
        return 0;
    }
    uint64_t number = 0;
    for (size_t i = 0; i < width; i++)
        number = number << 8 | reader->next[i];
    reader->next += width;
    if (number < least)
        dais_reader_fail(reader, DAIS_ERR_NOT_SHORTEST, at);
    return number;
}

/* By the first byte, from FIRST_NIL on: the type, how many bytes the number after it has, and the
 * least number that needs so many. The rest of them begins nothing of the profile. */
static const struct {
    uint8_t type;
    uint8_t width;
    uint64_t least;
} wide_heads[UINT8_MAX + 1 - FIRST_NIL] = {
    [FIRST_BIN8 - FIRST_NIL] = {TYPE_BIN, 1, 0},
    [FIRST_BIN8 + 1 - FIRST_NIL] = {TYPE_BIN, 2, 1 << 8},
    [FIRST_BIN8 + 2 - FIRST_NIL] = {TYPE_BIN, 4, 1 << 16},
    [FIRST_UINT8 - FIRST_NIL] = {TYPE_UINT, 1, FIRST_POSITIVE_END},
    [FIRST_UINT8 + 1 - FIRST_NIL] = {TYPE_UINT, 2, 1 << 8},
    [FIRST_UINT8 + 2 - FIRST_NIL] = {TYPE_UINT, 4, 1 << 16},
    [FIRST_UINT8 + 3 - FIRST_NIL] = {TYPE_UINT, 8, (uint64_t)1 << 32},
    [FIRST_STR8 - FIRST_NIL] = {TYPE_STR, 1, 32},
    [FIRST_STR8 + 1 - FIRST_NIL] = {TYPE_STR, 2, 1 << 8},
    [FIRST_STR8 + 2 - FIRST_NIL] = {TYPE_STR, 4, 1 << 16},
    [FIRST_ARRAY16 - FIRST_NIL] = {TYPE_ARRAY, 2, 16},
    [FIRST_ARRAY32 - FIRST_NIL] = {TYPE_ARRAY, 4, 1 << 16},
};

static inline head_t head_read(dais_reader_t *reader)
{
    const uint8_t *at = reader->next;
    if (reader_rest(reader) == 0) {
        dais_reader_fail(reader, DAIS_ERR_TRUNCATED, at);
        return (head_t){TYPE_NONE, 0};
    }
    unsigned first = *reader->next++;
    if (first < FIRST_POSITIVE_END)
        return (head_t){TYPE_UINT, first};
    if (first >= FIRST_FIXSTR && first < FIRST_NIL)
        return (head_t){TYPE_STR, first & 31U};
    if (first >= FIRST_FIXARRAY && first < FIRST_FIXSTR)
        return (head_t){TYPE_ARRAY, first & 15U};
    if (first < FIRST_NIL) /* fixmap: before the table begins */
        return (head_t){TYPE_NONE, 0};
    first -= FIRST_NIL;
    if (wide_heads[first].type == TYPE_NONE)
        return (head_t){TYPE_NONE, 0};
    return (head_t){wide_heads[first].type,
                    head_number(reader, at, wide_heads[first].width, wide_heads[first].least)};
}

/* One value is complete: leave every array that is complete with it. */
static inline void value_end(dais_reader_t *reader)
{
    while (reader->depth > 0 && --reader->left[reader->depth - 1] == 0)
        reader->depth--;
}

static void array_begin(dais_reader_t *reader, uint32_t count, const uint8_t *at)
{
    if (reader->depth == DAIS_READER_DEPTH_MAX) {
        dais_reader_fail(reader, DAIS_ERR_TOO_DEEP, at);
        return;
    }
    if (count > reader_rest(reader)) {
        dais_reader_fail(reader, DAIS_ERR_TRUNCATED, at);
        return;
    }
    if (count == 0) {
        value_end(reader);
        return;
    }
    reader->left[reader->depth++] = count;
}

/* Reads a head that must be of this type with a number in range; false after any failure. */
static inline bool head_expect(dais_reader_t *reader, int type, uint64_t min, uint64_t max,
                               uint64_t *number)
{
    if (reader->fault.err != DAIS_OK)
        return false;
    const uint8_t *at = reader->next;
    head_t head = head_read(reader);
    *number = head.number;
    if (reader->fault.err != DAIS_OK)
        return false;
    if (head.type != type)
        dais_reader_fail(reader, DAIS_ERR_WRONG_TYPE, at);
    else if (head.number > max)
        dais_reader_fail(reader, type == TYPE_UINT ? DAIS_ERR_OUT_OF_RANGE : DAIS_ERR_TOO_LONG, at);
    else if (head.number < min)
        dais_reader_fail(reader, type == TYPE_UINT ? DAIS_ERR_OUT_OF_RANGE : DAIS_ERR_TOO_SHORT,
                         at);
    return reader->fault.err == DAIS_OK;
}

uint64_t dais_reader_uint(dais_reader_t *reader, uint64_t min, uint64_t max)
{
    uint64_t number;
    if (!head_expect(reader, TYPE_UINT, min, max, &number))
        return 0;
    value_end(reader);
    return number;
}

/* The body of a bin or str whose head has just been read. */
static inline dais_slice_t body_read(dais_reader_t *reader, uint64_t size, const uint8_t *at)
{
    if (size > reader_rest(reader)) {
        dais_reader_fail(reader, DAIS_ERR_TRUNCATED, at);
        return dais_slice(NULL, 0);
    }
    dais_slice_t body = dais_slice(reader->next, (size_t)size);
    reader->next += size;
    value_end(reader);
    return body;
}

/* Whether a good bin of fewer than 256 bytes is next: hashes, keys and ids, most of what there is
 * to read, are taken without the long way. */
static bool bin_short(const dais_reader_t *reader, size_t size_min, size_t size_max)
{
    size_t rest = reader_rest(reader);
    return reader->fault.err == DAIS_OK && rest >= 2 && reader->next[0] == FIRST_BIN8 &&
           reader->next[1] >= size_min && reader->next[1] <= size_max &&
           reader->next[1] <= rest - 2;
}

dais_slice_t dais_reader_bin(dais_reader_t *reader, size_t size_min, size_t size_max)
{
    const uint8_t *at = reader->next;
    uint64_t size;
    if (bin_short(reader, size_min, size_max)) {
        reader->next += 2;
        return body_read(reader, at[1], at);
    }
    if (!head_expect(reader, TYPE_BIN, size_min, size_max, &size))
        return dais_slice(NULL, 0);
    return body_read(reader, size, at);
}

static dais_slice_t str_checked(dais_reader_t *reader, dais_slice_t str, bool newline_allowed)
{
    size_t offset = 0;
    dais_err_t err = dais_utf8_check(str, newline_allowed, &offset);
    if (err == DAIS_OK)
        return str;
    dais_reader_fail(reader, err, str.data + offset);
    return dais_slice(NULL, 0);
}

static dais_slice_t str_read(dais_reader_t *reader, size_t min, size_t max, bool newline_allowed)
{
    const uint8_t *at = reader->next;
    uint64_t size;
    if (!head_expect(reader, TYPE_STR, min, max, &size))
        return dais_slice(NULL, 0);
    return str_checked(reader, body_read(reader, size, at), newline_allowed);
}

dais_slice_t dais_reader_str(dais_reader_t *reader, size_t size_min, size_t size_max)
{
    return str_read(reader, size_min, size_max, false);
}

dais_slice_t dais_reader_text(dais_reader_t *reader, size_t size_min, size_t size_max)
{
    return str_read(reader, size_min, size_max, true);
}

bool dais_reader_takes(dais_reader_t *reader, dais_slice_t text)
{
    if (reader->fault.err != DAIS_OK || reader_rest(reader) <= text.size ||
        reader->next[0] != (FIRST_FIXSTR | text.size) ||
        memcmp(reader->next + 1, text.data, text.size) != 0)
        return false;
    reader->next += 1 + text.size;
    value_end(reader);
    return true;
}

uint32_t dais_reader_array(dais_reader_t *reader, uint32_t count_min, uint32_t count_max)
{
    const uint8_t *at = reader->next;
    uint64_t count;
    if (!head_expect(reader, TYPE_ARRAY, count_min, count_max, &count))
        return 0;
    array_begin(reader, (uint32_t)count, at);
    return reader->fault.err == DAIS_OK ? (uint32_t)count : 0;
}

static void any_step(dais_reader_t *reader)
{
    const uint8_t *at = reader->next;
    head_t head = head_read(reader);
    if (reader->fault.err != DAIS_OK)
        return;
    switch (head.type) {
    case TYPE_UINT: value_end(reader); break;
    case TYPE_BIN: (void)body_read(reader, head.number, at); break;
    case TYPE_STR: (void)str_checked(reader, body_read(reader, head.number, at), true); break;
    case TYPE_ARRAY: array_begin(reader, (uint32_t)head.number, at); break;
    default: dais_reader_fail(reader, DAIS_ERR_WRONG_TYPE, at); break;
    }
}

dais_slice_t dais_reader_any(dais_reader_t *reader)
{
    const uint8_t *at = reader->next;
    unsigned depth = reader->depth;
    uint32_t left = depth == 0 ? 0 : reader->left[depth - 1];
    /* The value is over once the array that holds it has lost one element or is left itself. */
    while (reader->fault.err == DAIS_OK) {
        any_step(reader);
        if (reader->depth < depth || (reader->depth == depth && depth == 0))
            break;
        if (reader->depth == depth && reader->left[depth - 1] < left)
            break;
    }
    if (reader->fault.err != DAIS_OK)
        return dais_slice(NULL, 0);
    return dais_slice(at, (size_t)(reader->next - at));
}

dais_fault_t dais_reader_finish(const dais_reader_t *reader)
{
    dais_fault_t fault = reader->fault;
    if (fault.err == DAIS_OK && reader->next != reader->end)
        fault = (dais_fault_t){DAIS_ERR_TRAILING, (size_t)(reader->next - reader->start)};
    if (fault.err == DAIS_OK && reader->depth > 0)
        fault = (dais_fault_t){DAIS_ERR_TRUNCATED, (size_t)(reader->next - reader->start)};
    return fault;
}
