/* SPDX-License-Identifier: Apache-2.0
 *
 * Fields come from rows.def, so one that is added there is named here by itself. */
#include "registry/rules/store_name.h"

#include <endian.h>
#include <inttypes.h>
#include <stddef.h>
#include <stdio.h>

#include "registry/rules/store_lmdb_key.h"

#define BYTES_SHOWN 16

typedef struct {
    const char *name; /* null behind the last */
    size_t offset;
    size_t size;  /* bytes of one */
    size_t count; /* more than one in an array */
    bool is_number;
} field_t;

/* One array of fields for each row, and for each table the array of its row. */
/* clang-format off */
#define FIELD(row, field, size, count, is_number) \
    {#field, offsetof(dais_##row##_row_t, field), size, count, is_number},
#define ROW(row, text)                   static const field_t name_##row##_fields[] = {
#define U64(row, field, text)            FIELD(row, field, 8, 1, true)
#define U32(row, field, text)            FIELD(row, field, 4, 1, true)
#define U16(row, field, text)            FIELD(row, field, 2, 1, true)
#define U8(row, field, text)             FIELD(row, field, 1, 1, true)
#define LINE32(row, field, text)         FIELD(row, field, 4, 1, true)
#define CACHE32(row, field, text)        FIELD(row, field, 4, 1, true)
#define OCTETS(row, field, size, text)   FIELD(row, field, size, 1, false)
#define NUMBERS(row, field, count, text) FIELD(row, field, 4, count, true)
#define ROW_END(row)                     {NULL, 0, 0, 0, false}};
#define TABLE(NAME, row, form, key, text)
#include "registry/rules/rows.def"
#include "registry/rules/rows_undef.h"

static const field_t *const name_tables[] = {
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
#define TABLE(NAME, row, form, key, text) name_##row##_fields,
#include "registry/rules/rows.def"
#include "registry/rules/rows_undef.h"
};

static const char *const name_spaces[DAIS_INDEX_COUNT] = {
    [DAIS_INDEX_MESSAGE] = "MESSAGE", [DAIS_INDEX_INSTRUMENT] = "INSTRUMENT",
    [DAIS_INDEX_ACTOR] = "ACTOR", [DAIS_INDEX_KEY] = "KEY", [DAIS_INDEX_STATE] = "STATE",
    [DAIS_INDEX_ORGANISATION] = "ORGANISATION", [DAIS_INDEX_COMMENT] = "COMMENT",
    [DAIS_INDEX_TEXT] = "TEXT",
};
/* clang-format on */

/* The table of a key, DAIS_TABLE_COUNT for one that has none. */
static dais_table_t name_table(dais_slice_t key)
{
    return key.size > 0 && key.data[0] < DAIS_TABLE_COUNT ? (dais_table_t)key.data[0]
                                                          : DAIS_TABLE_COUNT;
}

static size_t name_bytes(char *text, size_t capacity, dais_slice_t bytes)
{
    size_t size = 0;
    for (size_t i = 0; i < bytes.size && i < BYTES_SHOWN && size + 3 < capacity; i++)
        size += (size_t)snprintf(text + size, capacity - size, "%02x", bytes.data[i]);
    if (bytes.size > BYTES_SHOWN && size + 3 < capacity)
        size += (size_t)snprintf(text + size, capacity - size, "..");
    return size;
}

static uint64_t name_big_endian(const uint8_t *bytes)
{
    uint64_t number_be;
    memcpy(&number_be, bytes, sizeof number_be);
    return be64toh(number_be);
}

/* Four numbers are always there; those that the table does not name are 0, and so are not shown
 * where they stand last. */
static void name_row(dais_table_t table, dais_slice_t key, char text[DAIS_STORE_NAME_SIZE])
{
    size_t count = (key.size - 1) / sizeof(uint64_t);
    size_t size = (size_t)snprintf(text, DAIS_STORE_NAME_SIZE, "%s", dais_table_info(table)->name);
    while (count > 1 && name_big_endian(key.data + 1 + (count - 1) * sizeof(uint64_t)) == 0)
        count--;
    for (size_t i = 0; i < count && size + 24 < DAIS_STORE_NAME_SIZE; i++)
        size += (size_t)snprintf(text + size, DAIS_STORE_NAME_SIZE - size, " %" PRIu64,
                                 name_big_endian(key.data + 1 + i * sizeof(uint64_t)));
}

void dais_store_name_key(dais_slice_t key, char text[DAIS_STORE_NAME_SIZE])
{
    dais_table_t table = name_table(key);
    unsigned tag = key.size > 0 ? key.data[0] : 0;
    size_t size;
    bool has_numbers = (key.size == 1 + sizeof(uint64_t) || key.size == 1 + 4 * sizeof(uint64_t));
    if (table != DAIS_TABLE_COUNT && has_numbers) {
        name_row(table, key, text);
    } else if (tag == TAG_TEXT && key.size == 1 + sizeof(uint64_t)) {
        (void)snprintf(text, DAIS_STORE_NAME_SIZE, "text %" PRIu64, name_big_endian(key.data + 1));
    } else {
        bool is_index = tag >= TAG_INDEX && tag < TAG_INDEX + DAIS_INDEX_COUNT;
        size = (size_t)snprintf(text, DAIS_STORE_NAME_SIZE, "%s ", is_index ? "index" : "unknown");
        if (is_index)
            size += (size_t)snprintf(text + size, DAIS_STORE_NAME_SIZE - size, "%s ",
                                     name_spaces[tag - TAG_INDEX]);
        (void)name_bytes(text + size, DAIS_STORE_NAME_SIZE - size,
                         is_index ? dais_slice(key.data + 1, key.size - 1) : key);
    }
}

/* Rows lie as the machine has its numbers; sizes up to eight. */
static uint64_t name_number(const uint8_t *bytes, size_t size)
{
    uint64_t u64 = 0;
    uint32_t u32 = 0;
    uint16_t u16 = 0;
    switch (size) {
    case sizeof u64: memcpy(&u64, bytes, sizeof u64); return u64;
    case sizeof u32: memcpy(&u32, bytes, sizeof u32); return u32;
    case sizeof u16: memcpy(&u16, bytes, sizeof u16); return u16;
    default: return bytes[0];
    }
}

static void name_values(const field_t *field, size_t at, dais_slice_t found, dais_slice_t wanted,
                        char text[DAIS_STORE_NAME_SIZE])
{
    size_t offset = field->offset + at * field->size;
    size_t size = (size_t)snprintf(text, DAIS_STORE_NAME_SIZE, "%s", field->name);
    if (field->count > 1)
        size += (size_t)snprintf(text + size, DAIS_STORE_NAME_SIZE - size, "[%zu]", at);
    if (field->is_number) {
        (void)snprintf(text + size, DAIS_STORE_NAME_SIZE - size, " is %" PRIu64 ", not %" PRIu64,
                       name_number(found.data + offset, field->size),
                       name_number(wanted.data + offset, field->size));
        return;
    }
    size += (size_t)snprintf(text + size, DAIS_STORE_NAME_SIZE - size, " is ");
    size += name_bytes(text + size, DAIS_STORE_NAME_SIZE - size,
                       dais_slice(found.data + offset, field->size));
    size += (size_t)snprintf(text + size, DAIS_STORE_NAME_SIZE - size, ", not ");
    (void)name_bytes(text + size, DAIS_STORE_NAME_SIZE - size,
                     dais_slice(wanted.data + offset, field->size));
}

/* Numbers of an index, texts, and rows of no table. */
static void name_whole(dais_slice_t found, dais_slice_t wanted, char text[DAIS_STORE_NAME_SIZE])
{
    size_t size = (size_t)snprintf(text, DAIS_STORE_NAME_SIZE, "is ");
    size += name_bytes(text + size, DAIS_STORE_NAME_SIZE - size, found);
    size += (size_t)snprintf(text + size, DAIS_STORE_NAME_SIZE - size, ", not ");
    (void)name_bytes(text + size, DAIS_STORE_NAME_SIZE - size, wanted);
}

void dais_store_name_difference(dais_slice_t key, dais_slice_t found, dais_slice_t wanted,
                                char text[DAIS_STORE_NAME_SIZE])
{
    dais_table_t table = name_table(key);
    if (table == DAIS_TABLE_COUNT || found.size != wanted.size ||
        found.size != dais_table_info(table)->row_size) {
        name_whole(found, wanted, text);
        return;
    }
    for (const field_t *field = name_tables[table]; field->name != NULL; field++)
        for (size_t i = 0; i < field->count; i++)
            if (memcmp(found.data + field->offset + i * field->size,
                       wanted.data + field->offset + i * field->size, field->size) != 0) {
                name_values(field, i, found, wanted, text);
                return;
            }
}
