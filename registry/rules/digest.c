/* SPDX-License-Identifier: Apache-2.0
 *
 * The state digest follows rows.def, so a field that is added there is in it by itself. Bytes are
 * handed out as they are packed: a log of a million entries is hashed without being held. */
#include "registry/rules/digest.h"

#include <assert.h>
#include <openssl/evp.h>

#include "registry/rules/digest_private.h"
#include "registry/rules/rules_private.h"

#define VALUE_SIZE_MAX                                                                             \
    512 /* bytes of any value with its head; texts in rows are names and codes                     \
         */

typedef enum {
    FIELD_END, /* of a row */
    FIELD_U64,
    FIELD_U32,
    FIELD_U16,
    FIELD_U8,
    FIELD_LINE,
    FIELD_CACHE,
    FIELD_OCTETS,
    FIELD_NUMBERS
} field_type_t;

typedef struct {
    const char *name;
    field_type_t type;
    size_t offset;
    size_t size; /* bytes, or numbers */
} field_t;

/* One array of fields for each row, and for each table the array of its row. */
/* clang-format off */
#define FIELD(row, field, type, size) {#field, FIELD_##type, offsetof(dais_##row##_row_t, field), size},
#define ROW(row, text)                   static const field_t digest_##row##_fields[] = {
#define U64(row, field, text)            FIELD(row, field, U64, 8)
#define U32(row, field, text)            FIELD(row, field, U32, 4)
#define U16(row, field, text)            FIELD(row, field, U16, 2)
#define U8(row, field, text)             FIELD(row, field, U8, 1)
#define LINE32(row, field, text)         FIELD(row, field, LINE, 4)
#define CACHE32(row, field, text)        FIELD(row, field, CACHE, 4)
#define OCTETS(row, field, size, text)   FIELD(row, field, OCTETS, size)
#define NUMBERS(row, field, count, text) FIELD(row, field, NUMBERS, count)
#define ROW_END(row)                     {NULL, FIELD_END, 0, 0}};
#define TABLE(NAME, row, form, key, text)
#include "registry/rules/rows.def"
#include "registry/rules/rows_undef.h"

static const field_t *const digest_tables[] = {
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
#define TABLE(NAME, row, form, key, text) digest_##row##_fields,
#include "registry/rules/rows.def"
#include "registry/rules/rows_undef.h"
};
/* clang-format on */

/* Any row of any table. */
typedef union {
    uint64_t aligned;
    uint8_t bytes[512];
} digest_row_t;
_Static_assert(sizeof(dais_cycle_row_t) <= sizeof(digest_row_t), "the longest row fits");

static void digest_flush(dais_digest_out_t *out)
{
    dais_slice_t packed;
    if (out->err == DAIS_OK)
        out->err = dais_writer_finish(&out->writer, &packed);
    if (out->err == DAIS_OK && packed.size > 0)
        out->piece(out->context, packed);
    dais_writer_init(&out->writer, out->buffer, sizeof out->buffer);
}

static dais_writer_t *digest_writer(dais_digest_out_t *out)
{
    if (sizeof out->buffer - out->writer.size < VALUE_SIZE_MAX)
        digest_flush(out);
    return &out->writer;
}

void dais_digest_array(dais_digest_out_t *out, uint64_t count)
{
    assert(count <= UINT32_MAX);
    dais_writer_array(digest_writer(out), (uint32_t)count);
}

void dais_digest_uint(dais_digest_out_t *out, uint64_t number)
{
    dais_writer_uint(digest_writer(out), number);
}

void dais_digest_bin(dais_digest_out_t *out, const void *bytes, size_t size)
{
    dais_writer_bin(digest_writer(out), dais_slice(bytes, size));
}

void dais_digest_str(dais_digest_out_t *out, dais_slice_t text)
{
    dais_writer_str(digest_writer(out), text);
}

void dais_digest_code(dais_digest_out_t *out, const uint8_t code[8])
{
    dais_digest_str(out, dais_slice(code, strnlen((const char *)code, 8)));
}

uint64_t dais_digest_row_count(dais_rules_store_t *store, dais_table_t table)
{
    digest_row_t row;
    dais_row_key_t key = {{0}};
    uint64_t count = 0;
    if (dais_table_info(table)->form == DAIS_TABLE_DENSE)
        return store->port->count(store, table);
    while (store->port->sorted_next(store, table, &key, &row)) {
        count++;
        key.part[3]++;
    }
    return count;
}

static uint64_t digest_number(const field_t *field, const uint8_t *at)
{
    uint64_t number = 0;
    memcpy(&number, at, field->size);
    return number;
}

static void digest_numbers(dais_digest_out_t *out, const field_t *field, const uint8_t *at)
{
    dais_digest_array(out, field->size);
    for (size_t i = 0; i < field->size; i++) {
        uint32_t number;
        memcpy(&number, at + i * sizeof number, sizeof number);
        dais_digest_uint(out, number);
    }
}

static void digest_octets(dais_digest_out_t *out, const field_t *field, const uint8_t *at)
{
    if (strcmp(field->name, "code") == 0)
        dais_digest_code(out, at);
    else
        dais_digest_bin(out, at, field->size);
}

static void digest_field(dais_digest_out_t *out, const field_t *field, const uint8_t *at)
{
    switch (field->type) {
    case FIELD_LINE:
        dais_digest_str(out, out->store->port->text_get(out->store, digest_number(field, at)));
        break;
    case FIELD_OCTETS: digest_octets(out, field, at); break;
    case FIELD_NUMBERS: digest_numbers(out, field, at); break;
    case FIELD_U64:
    case FIELD_U32:
    case FIELD_U16:
    case FIELD_U8: dais_digest_uint(out, digest_number(field, at)); break;
    case FIELD_CACHE:
    case FIELD_END: break;
    }
}

static bool digest_takes(const field_t *field)
{
    return field->type != FIELD_CACHE && strcmp(field->name, "spare") != 0;
}

/* How many numbers of a key the table names: they stand with commas between. */
static unsigned digest_key_count(dais_table_t table)
{
    const dais_table_info_t *info = dais_table_info(table);
    unsigned count = 1;
    if (info->form == DAIS_TABLE_DENSE || table == DAIS_TABLE_CYCLE)
        return 0;
    for (const char *at = info->key; *at != '\0'; at++)
        count += *at == ',';
    return count;
}

static void digest_row(dais_digest_out_t *out, dais_table_t table, const dais_row_key_t *key,
                       const digest_row_t *row)
{
    const field_t *fields = digest_tables[table];
    unsigned key_count = digest_key_count(table);
    uint64_t count = key_count;
    for (const field_t *field = fields; field->name != NULL; field++)
        count += digest_takes(field);
    dais_digest_array(out, count);
    for (unsigned i = 0; i < key_count; i++)
        dais_digest_uint(out, key->part[i]);
    for (const field_t *field = fields; field->name != NULL; field++) {
        if (digest_takes(field))
            digest_field(out, field, row->bytes + field->offset);
    }
}

static void digest_dense(dais_digest_out_t *out, dais_table_t table, uint64_t count)
{
    static const dais_row_key_t none = {{0}};
    digest_row_t row;
    for (uint64_t number = 1; number <= count; number++) {
        if (out->store->port->dense_get(out->store, table, number, &row))
            digest_row(out, table, &none, &row);
    }
}

static void digest_sorted(dais_digest_out_t *out, dais_table_t table)
{
    dais_row_key_t key = {{0}};
    digest_row_t row;
    while (out->store->port->sorted_next(out->store, table, &key, &row)) {
        digest_row(out, table, &key, &row);
        key.part[3]++;
    }
}

static void digest_table(dais_digest_out_t *out, dais_table_t table)
{
    uint64_t count = dais_digest_row_count(out->store, table);
    dais_digest_array(out, count);
    if (dais_table_info(table)->form == DAIS_TABLE_DENSE)
        digest_dense(out, table, count);
    else
        digest_sorted(out, table);
}

static void digest_put_state(dais_digest_out_t *out)
{
    unsigned table_count = 0;
    for (unsigned i = 0; i < DAIS_TABLE_COUNT; i++)
        table_count += dais_table_info((dais_table_t)i)->form != DAIS_TABLE_SCRATCH;
    dais_digest_array(out, 4);
    dais_digest_str(out, dais_slice_text("dais/state/1\n"));
    dais_digest_uint(out, DAIS_RULES_NUMBER);
    dais_digest_uint(out, dais_rules_size(out->rules));
    dais_digest_array(out, table_count);
    for (unsigned i = 0; i < DAIS_TABLE_COUNT; i++) {
        if (dais_table_info((dais_table_t)i)->form != DAIS_TABLE_SCRATCH)
            digest_table(out, (dais_table_t)i);
    }
}

dais_err_t dais_digest_write(dais_rules_t *rules, bool standing_only, dais_digest_fn_t *piece,
                             void *context)
{
    dais_digest_out_t out = {.piece = piece, .context = context, .rules = rules};
    out.store = dais_rules_store(rules);
    dais_writer_init(&out.writer, out.buffer, sizeof out.buffer);
    if (standing_only)
        dais_digest_put_standing(&out);
    else
        digest_put_state(&out);
    digest_flush(&out);
    return out.err != DAIS_OK ? out.err : out.store->err;
}

static void digest_update(void *context, dais_slice_t piece)
{
    /* Fails only for a context that was not begun. */
    (void)EVP_DigestUpdate((EVP_MD_CTX *)context, piece.data, piece.size);
}

static dais_err_t digest_hash(dais_rules_t *rules, bool standing_only, dais_hash_t *digest)
{
    dais_err_t err = DAIS_ERR_CRYPTO;
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    *digest = (dais_hash_t){.bytes = {0}};
    if (context == NULL)
        return DAIS_ERR_NO_MEMORY;
    if (EVP_DigestInit_ex(context, EVP_sha256(), NULL) == 1)
        err = dais_digest_write(rules, standing_only, digest_update, context);
    if (err == DAIS_OK && EVP_DigestFinal_ex(context, digest->bytes, NULL) != 1)
        err = DAIS_ERR_CRYPTO;
    EVP_MD_CTX_free(context);
    return err;
}

dais_err_t dais_digest_state(dais_rules_t *rules, dais_hash_t *digest)
{
    return digest_hash(rules, false, digest);
}

dais_err_t dais_digest_standing(dais_rules_t *rules, dais_hash_t *digest)
{
    return digest_hash(rules, true, digest);
}
