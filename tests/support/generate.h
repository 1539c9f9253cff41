/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_TESTS_SUPPORT_GENERATE_H
#define DAIS_TESTS_SUPPORT_GENERATE_H

/* Encodings of any shape, made from its table and not by the encoder under test: the least of
 * everything, the most of everything, or chosen by a seed. */

#include <assert.h>

#include "proto/shape.h"
#include "tests/support/token.h"

typedef enum { GENERATE_MIN, GENERATE_MAX, GENERATE_RANDOM } generate_how_t;

/* A list is filled with elements of its own sort only where they stay within this; else with the
 * least ones. */
#define GENERATE_LIST_MAX ((size_t)1 << 20)

typedef struct {
    generate_how_t how;
    uint64_t state; /* of the random numbers; any seed */
    uint8_t *bytes;
    size_t capacity;
    size_t size;
} generate_t;

static inline generate_t generate_begin(generate_how_t how, uint64_t seed, void *bytes,
                                        size_t capacity)
{
    return (generate_t){.how = how, .state = seed, .bytes = bytes, .capacity = capacity};
}

/* splitmix64: short, and the same everywhere. */
static inline uint64_t generate_u64(generate_t *g)
{
    uint64_t z = g->state += 0x9e3779b97f4a7c15ULL;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
    return z ^ (z >> 31);
}

/* In [0, end). */
static inline uint64_t generate_below(generate_t *g, uint64_t end)
{
    assert(end > 0);
    return generate_u64(g) % end;
}

static inline uint8_t *generate_room(generate_t *g, size_t size)
{
    assert(size <= g->capacity - g->size);
    uint8_t *room = g->bytes + g->size;
    g->size += size;
    return room;
}

static inline void generate_head(generate_t *g, token_type_t type, uint64_t number)
{
    uint8_t head[9];
    unsigned width;
    size_t size = token_put_shortest(head, type, number, &width);
    memcpy(generate_room(g, size), head, size);
}

/* A number of any magnitude up to `max`, its ends and the ends of the widths among them. */
static inline uint64_t generate_number(generate_t *g, uint64_t min, uint64_t max)
{
    static const uint64_t ends[] = {0,     0x1f,   0x20,    0x7f,       0x80,        0xff,
                                    0x100, 0xffff, 0x10000, 0xffffffff, 0x100000000, INT64_MAX};
    if (g->how != GENERATE_RANDOM)
        return g->how == GENERATE_MIN ? min : max;
    uint64_t number = generate_u64(g) >> generate_below(g, 64);
    switch (generate_below(g, 8)) {
    case 0: return min;
    case 1: return max;
    case 2: number = ends[generate_below(g, sizeof ends / sizeof ends[0])]; break;
    default: break;
    }
    if (number < min || number > max)
        number = max - min == UINT64_MAX ? number : min + number % (max - min + 1);
    return number;
}

/* Short as a rule, now and then across the ends of the widths. */
static inline size_t generate_size(generate_t *g, uint64_t min, uint64_t max)
{
    static const size_t ends[] = {31, 32, 33, 255, 256, 257, 1000};
    if (g->how != GENERATE_RANDOM)
        return (size_t)(g->how == GENERATE_MIN ? min : max);
    size_t size = (size_t)generate_below(g, 40);
    if (generate_below(g, 16) == 0)
        size = ends[generate_below(g, sizeof ends / sizeof ends[0])];
    if (size < min)
        return (size_t)min;
    return size > max ? (size_t)max : size;
}

static inline void generate_bytes(generate_t *g, size_t size)
{
    generate_head(g, TOKEN_BIN, size);
    uint8_t *room = generate_room(g, size);
    for (size_t i = 0; i < size; i++)
        room[i] = g->how == GENERATE_MIN ? 0 : (uint8_t)generate_u64(g);
}

/* One character of at most `left` bytes. */
static inline size_t generate_character(generate_t *g, uint8_t *out, size_t left, bool newlines)
{
    static const struct {
        uint8_t bytes[4];
        size_t size;
    } several[] = {{{0xc3, 0xa9}, 2},
                   {{0xd8, 0xb9}, 2},
                   {{0xe4, 0xb8, 0xad}, 3},
                   {{0xe2, 0x80, 0x94}, 3},
                   {{0xf0, 0x9f, 0x95, 0x8a}, 4}};
    size_t which = (size_t)generate_below(g, sizeof several / sizeof several[0]);
    if (g->how == GENERATE_RANDOM && generate_below(g, 4) == 0 && several[which].size <= left) {
        memcpy(out, several[which].bytes, several[which].size);
        return several[which].size;
    }
    out[0] = (uint8_t)(' ' + generate_below(g, 0x7f - ' '));
    if (newlines && generate_below(g, 16) == 0)
        out[0] = '\n';
    return 1;
}

static inline void generate_text(generate_t *g, size_t size, bool newlines)
{
    generate_head(g, TOKEN_STR, size);
    uint8_t *room = generate_room(g, size);
    for (size_t i = 0; i < size;)
        i += generate_character(g, room + i, size - i, newlines);
}

/* Any value of the profile, arrays up to `depth` deep. */
static inline void generate_value(generate_t *g, unsigned depth)
{
    /* How many values are still to come, for each level of arrays. */
    size_t pending[DAIS_READER_DEPTH_MAX + 1] = {1};
    unsigned level = 0;
    while (level > 0 || pending[0] > 0) {
        if (pending[level] == 0) {
            level--;
            continue;
        }
        pending[level]--;
        uint64_t type = generate_below(g, level < depth ? 4 : 3);
        if (type == TOKEN_UINT) {
            generate_head(g, TOKEN_UINT, generate_number(g, 0, UINT64_MAX));
        } else if (type == TOKEN_BIN) {
            generate_bytes(g, generate_size(g, 0, 300));
        } else if (type == TOKEN_STR) {
            generate_text(g, generate_size(g, 0, 300), true);
        } else {
            size_t count = (size_t)generate_below(g, 6);
            generate_head(g, TOKEN_ARRAY, count);
            pending[++level] = count;
        }
    }
}

static inline void generate_any(generate_t *g, uint64_t max)
{
    if (g->how == GENERATE_MIN) {
        generate_head(g, TOKEN_UINT, 0);
    } else if (g->how == GENERATE_MAX) {
        generate_bytes(g, (size_t)max - (max > UINT16_MAX + 5 ? 5 : 3));
    } else {
        size_t before = g->size;
        generate_value(g, DAIS_READER_DEPTH_MAX - 1);
        assert(g->size - before <= max);
    }
}

static inline size_t generate_shape_max(const dais_shape_t *shape);

static inline size_t generate_field_max(const dais_field_t *field)
{
    switch (field->type) {
    case DAIS_FIELD_UINT:
    case DAIS_FIELD_CHOICE:
    case DAIS_FIELD_TIME: return 9;
    case DAIS_FIELD_LIST: return 5 + (size_t)field->max * generate_shape_max(field->element);
    case DAIS_FIELD_HASH:
    case DAIS_FIELD_KEY:
    case DAIS_FIELD_ID:
    case DAIS_FIELD_OPTIONAL:
    case DAIS_FIELD_BYTES:
    case DAIS_FIELD_PATH:
    case DAIS_FIELD_LINE:
    case DAIS_FIELD_TEXT:
    case DAIS_FIELD_ANY: break;
    }
    return 5 + (size_t)field->max;
}

/* No encoding of the shape has more bytes. */
static inline size_t generate_shape_max(const dais_shape_t *shape)
{
    size_t size = 3 + (shape->domain != NULL ? 2 + strlen(shape->domain) : 0);
    for (size_t i = 0; i < shape->field_count; i++)
        size += generate_field_max(&shape->fields[i]);
    return size;
}

static inline void generate_fields(generate_t *g, const dais_shape_t *shape);

static inline void generate_list(generate_t *g, const dais_field_t *field)
{
    generate_how_t how = g->how;
    uint64_t count = generate_number(g, field->min, field->max);
    if (how == GENERATE_RANDOM && generate_below(g, 8) != 0 && count > field->min + 3)
        count = field->min + count % 4;
    if (how != GENERATE_MIN && count * generate_shape_max(field->element) > GENERATE_LIST_MAX)
        g->how = GENERATE_MIN;
    generate_head(g, TOKEN_ARRAY, count);
    for (uint64_t i = 0; i < count; i++)
        generate_fields(g, field->element);
    g->how = how;
}

static inline void generate_field(generate_t *g, const dais_field_t *field)
{
    uint64_t step = field->type == DAIS_FIELD_PATH       ? DAIS_HASH_SIZE
                    : field->type == DAIS_FIELD_OPTIONAL ? field->max
                                                         : 1;
    switch (field->type) {
    case DAIS_FIELD_UINT:
    case DAIS_FIELD_CHOICE:
    case DAIS_FIELD_TIME:
        generate_head(g, TOKEN_UINT, generate_number(g, field->min, field->max));
        break;
    case DAIS_FIELD_PATH:
    case DAIS_FIELD_OPTIONAL:
        generate_bytes(g, (size_t)(generate_number(g, 0, field->max / step) * step));
        break;
    case DAIS_FIELD_HASH:
    case DAIS_FIELD_KEY:
    case DAIS_FIELD_ID:
    case DAIS_FIELD_BYTES: generate_bytes(g, generate_size(g, field->min, field->max)); break;
    case DAIS_FIELD_LINE: generate_text(g, generate_size(g, field->min, field->max), false); break;
    case DAIS_FIELD_TEXT: generate_text(g, generate_size(g, field->min, field->max), true); break;
    case DAIS_FIELD_LIST: generate_list(g, field); break;
    case DAIS_FIELD_ANY: generate_any(g, field->max); break;
    }
}

static inline void generate_fields(generate_t *g, const dais_shape_t *shape)
{
    if (shape->form != DAIS_SHAPE_SCALAR)
        generate_head(g, TOKEN_ARRAY, shape->field_count + (shape->domain != NULL ? 1 : 0));
    if (shape->domain != NULL) {
        size_t size = strlen(shape->domain);
        generate_head(g, TOKEN_STR, size);
        memcpy(generate_room(g, size), shape->domain, size);
    }
    for (size_t i = 0; i < shape->field_count; i++)
        generate_field(g, &shape->fields[i]);
}

/* One encoding, behind those that the buffer already holds; it lives there. */
static inline dais_slice_t generate_shape(generate_t *g, const dais_shape_t *shape)
{
    size_t before = g->size;
    generate_fields(g, shape);
    return dais_slice(g->bytes + before, g->size - before);
}

#endif
