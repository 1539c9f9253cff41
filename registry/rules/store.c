/* SPDX-License-Identifier: Apache-2.0 */
#include "registry/rules/store.h"

#include <assert.h>

/* clang-format off */
static const dais_table_info_t store_tables[] = {
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
#define TABLE(NAME, row, form, key, text)                                                          \
    {#NAME, #row, key, text, DAIS_TABLE_##form, sizeof(dais_##row##_row_t)},
#include "registry/rules/rows.def"
#include "registry/rules/rows_undef.h"
};
/* clang-format on */

#define TEXT_SIZE_MAX 65536 /* bytes; nothing that is kept comes from more than one message */

const dais_table_info_t *dais_table_info(dais_table_t table)
{
    assert(table < DAIS_TABLE_COUNT);
    return &store_tables[table];
}

uint64_t dais_store_text_find(dais_rules_store_t *store, dais_slice_t text)
{
    if (text.size == 0)
        return 0;
    dais_hash_t hash = dais_hash_one(text);
    return store->port->find(store, DAIS_INDEX_TEXT, dais_hash_slice(&hash));
}

uint64_t dais_store_text(dais_rules_store_t *store, dais_slice_t text)
{
    assert(text.size <= TEXT_SIZE_MAX);
    if (text.size == 0)
        return 0;
    dais_hash_t hash = dais_hash_one(text);
    uint64_t number = store->port->find(store, DAIS_INDEX_TEXT, dais_hash_slice(&hash));
    if (number != 0 || store->err != DAIS_OK)
        return number;
    number = store->port->text_add(store, text);
    store->port->add(store, DAIS_INDEX_TEXT, dais_hash_slice(&hash), number);
    return number;
}
