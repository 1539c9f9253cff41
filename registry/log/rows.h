/* SPDX-License-Identifier: Apache-2.0
 *
 * One struct and one shape for each row of rows.def, as proto/records.h and proto/shape.h have them
 * for records: dais_book_row_t, dais_shape_book_row, and so on. */
#ifndef DAIS_REGISTRY_LOG_ROWS_H
#define DAIS_REGISTRY_LOG_ROWS_H

#include "proto/frontier.h"
#include "proto/shape.h"

#define DAIS_BOOK_VERSION 1

#define RECORD(name, domain, text)
#define TUPLE(name, text)                          typedef struct {
#define UINT(name, field, max, text)               uint64_t field;
#define CHOICE(name, field, set, text)             uint64_t field;
#define TIME(name, field, text)                    uint64_t field; /* ms */
#define HASH(name, field, text)                    dais_hash_t field;
#define KEY(name, field, text)                     dais_key_t field;
#define BYTES(name, field, min, max, text)         dais_slice_t field;
#define PATH(name, field, max, text)               dais_slice_t field;
#define LINE(name, field, min, max, text)          dais_slice_t field;
#define LIST(name, field, element, min, max, text) dais_list_t field;
#define END(name)                                                                                  \
    }                                                                                              \
    dais_##name##_t;
/* clang-format off */
#include "registry/log/rows.def"
#include "proto/undef.h"
/* clang-format on */

#define TUPLE(name, text) extern const dais_shape_t dais_shape_##name;
/* clang-format off */
#include "proto/nofields.h"
#include "registry/log/rows.def"
#include "proto/undef.h"
/* clang-format on */

/* The databases of the store, and their keys; all numbers big-endian. */
enum {
    DAIS_BOOK_META,   /* a word -> about, head */
    DAIS_BOOK_ROWS,   /* first seq -> book_row */
    DAIS_BOOK_LEAVES, /* seq -> commitment, then the roots of the subtrees that this leaf completes
                       */
    DAIS_BOOK_LINKS,  /* key number, stream, k -> book_link */
    DAIS_BOOK_ASIDE,  /* key number, stream, k, seq -> book_link of one that used up no number */
    DAIS_BOOK_PARKED, /* key number, stream, k, bundle hash -> book_waiting */
    DAIS_BOOK_HELD,   /* number in order of arrival -> book_waiting */
    DAIS_BOOK_STAMPS, /* key number of the intake, j -> stamp and signature */
    DAIS_BOOK_SPENT,  /* actor number -> book_spent */
    DAIS_BOOK_STATE,  /* registry/rules/store_lmdb.c */
    DAIS_BOOK_DATABASE_COUNT
};

extern const char *const dais_book_databases[DAIS_BOOK_DATABASE_COUNT];

/* A key that is being put together. */
#define DAIS_BOOK_KEY_SIZE_MAX 64

typedef struct {
    uint8_t bytes[DAIS_BOOK_KEY_SIZE_MAX];
    size_t size;
} dais_book_key_t;

dais_book_key_t dais_book_key_word(const char *word);
dais_book_key_t dais_book_key_u64(uint64_t number);
dais_book_key_t dais_book_key_u32(uint32_t number);
dais_book_key_t dais_book_key_link(uint32_t key_number, unsigned stream);
void dais_book_key_add(dais_book_key_t *key, uint64_t number);
void dais_book_key_add_hash(dais_book_key_t *key, const dais_hash_t *hash);

static inline dais_slice_t dais_book_key_slice(const dais_book_key_t *key)
{
    return dais_slice(key->bytes, key->size);
}

/* The eight bytes of a key that begin at `offset`; 0 if there are not so many. */
uint64_t dais_book_key_number(dais_slice_t key, size_t offset);

#endif
