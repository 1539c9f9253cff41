/* SPDX-License-Identifier: Apache-2.0
 *
 * The table of first bytes, found by asking the cursor: what it takes is what the page says. */
#include <inttypes.h>

#include "proto/reader.h"
#include "tests/docs/doc_parts.h"

enum { FIRST_COUNT = 256, INPUT_SIZE = 9, TYPE_COUNT = 4 };

static const char *const type_names[TYPE_COUNT] = {"uint", "bin", "str", "array"};

static dais_err_t read_as(int type, const uint8_t input[INPUT_SIZE])
{
    dais_reader_t reader;
    dais_reader_init(&reader, dais_slice(input, INPUT_SIZE));
    switch (type) {
    case 0: (void)dais_reader_uint(&reader, 0, UINT64_MAX); break;
    case 1: (void)dais_reader_bin(&reader, 0, SIZE_MAX); break;
    case 2: (void)dais_reader_text(&reader, 0, SIZE_MAX); break;
    default: (void)dais_reader_array(&reader, 0, UINT32_MAX); break;
    }
    return reader.fault.err;
}

/* The type that a first byte opens; -1 if it is refused. */
static int type_of(unsigned first)
{
    uint8_t input[INPUT_SIZE] = {(uint8_t)first, 255, 255, 255, 255, 255, 255, 255, 255};
    for (int type = 0; type < TYPE_COUNT; type++) {
        if (read_as(type, input) != DAIS_ERR_WRONG_TYPE)
            return type;
    }
    return -1;
}

static bool not_shortest(int type, unsigned first, size_t width, uint64_t number)
{
    uint8_t input[INPUT_SIZE] = {(uint8_t)first};
    for (size_t i = 0; i < width; i++)
        input[1 + i] = (uint8_t)(number >> (8 * (width - 1 - i)));
    return read_as(type, input) == DAIS_ERR_NOT_SHORTEST;
}

/* The least number that this first byte may hold, by halving. */
static uint64_t least_of(int type, unsigned first, size_t width)
{
    uint64_t low = 0;
    uint64_t high = width == 8 ? UINT64_MAX : ((uint64_t)1 << (8 * width)) - 1;
    while (low < high) {
        uint64_t middle = low + (high - low) / 2;
        if (not_shortest(type, first, width, middle))
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* Bytes of the number or length behind the first byte (MessagePack, "Formats"). */
static size_t width_of(unsigned first)
{
    static const struct {
        unsigned first;
        size_t width;
    } widths[] = {{0xc4, 1}, {0xc5, 2}, {0xc6, 4}, {0xcc, 1}, {0xcd, 2}, {0xce, 4},
                  {0xcf, 8}, {0xd9, 1}, {0xda, 2}, {0xdb, 4}, {0xdc, 2}, {0xdd, 4}};
    for (size_t i = 0; i < sizeof widths / sizeof widths[0]; i++) {
        if (widths[i].first == first)
            return widths[i].width;
    }
    return 0;
}

static void row_put(doc_text_t *out, unsigned first, unsigned last, int type)
{
    size_t width = width_of(first);
    if (first == last)
        doc_put(out, "| `%02x` | ", first);
    else
        doc_put(out, "| `%02x` to `%02x` | ", first, last);
    if (type < 0)
        doc_put(out, "refused | | |\n");
    else if (width == 0)
        doc_put(out, "%s | in the byte itself: 0 to %u | |\n", type_names[type], last - first);
    else
        doc_put(out, "%s | in the next %zu, big-endian | %" PRIu64 " |\n", type_names[type], width,
                least_of(type, first, width));
}

void doc_profile(doc_text_t *out, const char *argument)
{
    (void)argument;
    doc_put(out, "| first byte | type | number or length | least |\n| --- | --- | --- | --- |\n");
    for (unsigned first = 0; first < FIRST_COUNT;) {
        unsigned last = first;
        int type = type_of(first);
        while (last + 1 < FIRST_COUNT && type_of(last + 1) == type && width_of(last + 1) == 0 &&
               width_of(first) == 0)
            last++;
        row_put(out, first, last, type);
        first = last + 1;
    }
}
