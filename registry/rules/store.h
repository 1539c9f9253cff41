/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_RULES_STORE_H
#define DAIS_RULES_STORE_H

#include "base/err.h"
#include "base/txn.h"
#include "registry/rules/state.h"

/* Where the rules keep their state: a small port with two backs, memory (rules in tests, publisher,
 * audit) and LMDB (the registry, inside its own transaction). Three forms of table and texts:
 *
 *   dense    rows 1..count, appended in order and replaced in place, never deleted
 *   sorted   rows by four numbers, in the order of those numbers
 *   index    bytes of at most 40 -> number, of several spaces; added and found, never deleted
 *   texts    byte strings, numbered from 1, each kept once
 *
 * A row's size is fixed by its table. The port is sticky: after the first failure every call does
 * nothing and finds nothing, and `err` reports it; the rules look once for each entry. Absence is
 * an answer and not an error. Nothing is undone by the port: whoever wants all or nothing wraps a
 * transaction around it (LMDB) or throws the state away (memory). */

typedef enum {
#define ROW(row, text)
#define U64(row, field, text)
#define U32(row, field, text)
#define U16(row, field, text)
#define U8(row, field, text)
#define LINE32(row, field, text)
#define CACHE32(row, field, text)
#define OCTETS(row, field, size, text)
#define NUMBERS(row, field, count, text)
#define ROW_END(row)
#define TABLE(NAME, row, form, key, text) DAIS_TABLE_##NAME,
#include "registry/rules/rows.def"
#include "registry/rules/rows_undef.h"
    DAIS_TABLE_COUNT
} dais_table_t;

typedef enum { DAIS_TABLE_DENSE, DAIS_TABLE_SORTED, DAIS_TABLE_SCRATCH } dais_table_form_t;

typedef struct {
    const char *name; /* "ORGANISATION" */
    const char *row;  /* "organisation" */
    const char *key;
    const char *text;
    dais_table_form_t form;
    size_t row_size; /* bytes */
} dais_table_info_t;

const dais_table_info_t *dais_table_info(dais_table_t table);

/* Spaces of the index, and what their keys are. */
typedef enum {
    DAIS_INDEX_MESSAGE,    /* id, 16 bytes, then actor number, 4 bytes big-endian -> entry index */
    DAIS_INDEX_INSTRUMENT, /* message id of an objection, 16 bytes -> entry index of the first */
    DAIS_INDEX_ACTOR,      /* id, 16 bytes -> actor number */
    DAIS_INDEX_KEY,        /* Ed25519 key, 32 bytes -> key number */
    DAIS_INDEX_STATE,      /* code, filled up to 8 bytes -> State number */
    DAIS_INDEX_ORGANISATION, /* id, 16 bytes -> organisation number */
    DAIS_INDEX_COMMENT,      /* id, 16 bytes -> comment number */
    DAIS_INDEX_TEXT,         /* SHA-256 of the text -> text number */
    DAIS_INDEX_COUNT
} dais_index_t;

/* The key of a sorted table; parts that the table does not name are 0. */
typedef struct {
    uint64_t part[4];
} dais_row_key_t;

typedef struct dais_rules_store dais_rules_store_t;

/* What a back provides. `row` is of the table's row size and is copied in and out, so no pointer
 * into a back is ever held. */
typedef struct {
    uint64_t (*count)(dais_rules_store_t *store, dais_table_t table); /* dense: rows there are */
    bool (*dense_get)(dais_rules_store_t *store, dais_table_t table, uint64_t number, void *row);
    void (*dense_put)(dais_rules_store_t *store, dais_table_t table, uint64_t number,
                      const void *row); /* number <= count + 1 */

    bool (*sorted_get)(dais_rules_store_t *store, dais_table_t table, const dais_row_key_t *key,
                       void *row);
    void (*sorted_put)(dais_rules_store_t *store, dais_table_t table, const dais_row_key_t *key,
                       const void *row);
    void (*sorted_del)(dais_rules_store_t *store, dais_table_t table, const dais_row_key_t *key);
    /* The row of the lowest key that is not below *key; *key becomes that key. To walk on, the
     * caller adds 1 to the last part that the table names. Rows may be written in between. */
    bool (*sorted_next)(dais_rules_store_t *store, dais_table_t table, dais_row_key_t *key,
                        void *row);

    uint64_t (*find)(dais_rules_store_t *store, dais_index_t space, dais_slice_t key); /* or 0 */
    void (*add)(dais_rules_store_t *store, dais_index_t space, dais_slice_t key, uint64_t number);

    /* Text by number; the slice lives until the next write. Empty if there is none. */
    dais_slice_t (*text_get)(dais_rules_store_t *store, uint64_t number);
    uint64_t (*text_add)(dais_rules_store_t *store, dais_slice_t text); /* always a new number */

    /* Forgets everything, as if new. */
    void (*clear)(dais_rules_store_t *store);
} dais_rules_store_port_t;

/* A back embeds this as its first member. Only `err` is for others to read. */
struct dais_rules_store {
    const dais_rules_store_port_t *port;
    dais_err_t err;
};

/* The number of a text, which is added if it is new. 0 for the empty text. At most 64 KiB. */
uint64_t dais_store_text(dais_rules_store_t *store, dais_slice_t text);

/* The number of a text that is there, else 0. */
uint64_t dais_store_text_find(dais_rules_store_t *store, dais_slice_t text);

/* Memory: dense tables are chunked vectors, sorted ones and the index B-trees; amortised constant
 * or logarithmic cost a call, constant for keys that come nearly in order, as ids led by time do.
 * NO_MEMORY makes it stick. */
DAIS_MUST_CHECK dais_err_t dais_store_memory_create(dais_rules_store_t **store);
void dais_store_memory_destroy(dais_rules_store_t **store); /* *store is null afterwards */

/* LMDB: all tables in one named database of the caller's store, led by a byte for the table and
 * big-endian numbers, so that byte order is number order. Works inside the caller's transaction,
 * which has to be set before the first call and after each commit; txn is borrowed. A new
 * transaction begins without the error of the one before. */
DAIS_MUST_CHECK dais_err_t dais_store_lmdb_create(dais_rules_store_t **store, size_t database);
void dais_store_lmdb_use(dais_rules_store_t *store, dais_txn_t *txn);
void dais_store_lmdb_destroy(dais_rules_store_t **store);

#endif
