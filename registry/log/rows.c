/* SPDX-License-Identifier: Apache-2.0
 *
 * The tables that rows.def turns into, in the way of proto/shapes.c, and the keys of the rows. */
#include "registry/log/rows.h"

#include <assert.h>
#include <endian.h>

#define FIELD(shape_, field_, type_, min_, max_, element_, words_, text_)                          \
    {.name = #field_,                                                                              \
     .text = (text_),                                                                              \
     .type = DAIS_FIELD_##type_,                                                                   \
     .offset = offsetof(dais_##shape_##_t, field_),                                                \
     .min = (min_),                                                                                \
     .max = (max_),                                                                                \
     .element = (element_),                                                                        \
     .words = (words_)},

#define TUPLE(name, text)            static const dais_field_t fields_##name[] = {
#define UINT(name, field, max, text) FIELD(name, field, UINT, 0, max, NULL, NULL, text)
#define CHOICE(name, field, set, text)                                                             \
    FIELD(name, field, CHOICE, 1, DAIS_WORDS_END_##set - 1, NULL, &dais_words_##set, text)
#define TIME(name, field, text)            FIELD(name, field, TIME, 0, DAIS_TIME_MAX_MS, NULL, NULL, text)
#define HASH(name, field, text)            FIELD(name, field, HASH, 32, 32, NULL, NULL, text)
#define KEY(name, field, text)             FIELD(name, field, KEY, 32, 32, NULL, NULL, text)
#define BYTES(name, field, min, max, text) FIELD(name, field, BYTES, min, max, NULL, NULL, text)
#define PATH(name, field, max, text)       FIELD(name, field, PATH, 0, max, NULL, NULL, text)
#define LINE(name, field, min, max, text)  FIELD(name, field, LINE, min, max, NULL, NULL, text)
#define LIST(name, field, element, min, max, text)                                                 \
    FIELD(name, field, LIST, min, max, &dais_shape_##element, NULL, text)
#define END(name)                                                                                  \
    }                                                                                              \
    ;
/* clang-format off */
#include "registry/log/rows.def"
#include "proto/undef.h"
/* clang-format on */

#define TUPLE(name_, text_)                                                                        \
    const dais_shape_t dais_shape_##name_ = {                                                      \
        .name = #name_,                                                                            \
        .text = (text_),                                                                           \
        .form = DAIS_SHAPE_TUPLE,                                                                  \
        .fields = fields_##name_,                                                                  \
        .field_count = sizeof fields_##name_ / sizeof fields_##name_[0],                           \
        .struct_size = sizeof(dais_##name_##_t),                                                   \
    };
/* clang-format off */
#include "proto/nofields.h"
#include "registry/log/rows.def"
#include "proto/undef.h"
/* clang-format on */

const char *const dais_book_databases[DAIS_BOOK_DATABASE_COUNT] = {
    [DAIS_BOOK_META] = "meta",   [DAIS_BOOK_ROWS] = "rows",     [DAIS_BOOK_LEAVES] = "leaves",
    [DAIS_BOOK_LINKS] = "links", [DAIS_BOOK_ASIDE] = "aside",   [DAIS_BOOK_PARKED] = "parked",
    [DAIS_BOOK_HELD] = "held",   [DAIS_BOOK_STAMPS] = "stamps", [DAIS_BOOK_SPENT] = "spent",
    [DAIS_BOOK_STATE] = "state",
};

static void key_put(dais_book_key_t *key, const void *bytes, size_t size)
{
    assert(size <= sizeof key->bytes - key->size);
    memcpy(key->bytes + key->size, bytes, size);
    key->size += size;
}

dais_book_key_t dais_book_key_word(const char *word)
{
    dais_book_key_t key = {.size = 0};
    key_put(&key, word, strlen(word));
    return key;
}

dais_book_key_t dais_book_key_u64(uint64_t number)
{
    dais_book_key_t key = {.size = 0};
    dais_book_key_add(&key, number);
    return key;
}

dais_book_key_t dais_book_key_u32(uint32_t number)
{
    dais_book_key_t key = {.size = 0};
    uint32_t number_be = htobe32(number);
    key_put(&key, &number_be, sizeof number_be);
    return key;
}

dais_book_key_t dais_book_key_link(uint32_t key_number, unsigned stream)
{
    dais_book_key_t key = dais_book_key_u32(key_number);
    uint8_t byte = (uint8_t)stream;
    key_put(&key, &byte, 1);
    return key;
}

void dais_book_key_add(dais_book_key_t *key, uint64_t number)
{
    uint64_t number_be = htobe64(number);
    key_put(key, &number_be, sizeof number_be);
}

void dais_book_key_add_hash(dais_book_key_t *key, const dais_hash_t *hash)
{
    key_put(key, hash->bytes, sizeof hash->bytes);
}

uint64_t dais_book_key_number(dais_slice_t key, size_t offset)
{
    uint64_t number_be;
    if (key.size < offset + sizeof number_be)
        return 0;
    memcpy(&number_be, key.data + offset, sizeof number_be);
    return be64toh(number_be);
}
