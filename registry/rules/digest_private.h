/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_RULES_DIGEST_PRIVATE_H
#define DAIS_RULES_DIGEST_PRIVATE_H

#include "proto/writer.h"
#include "registry/rules/digest.h"

/* Packs values one after the other and hands them out in pieces. Sticky: after the first failure
 * nothing more is handed out. */
typedef struct {
    dais_digest_fn_t *piece;
    void *context;
    dais_rules_t *rules;
    dais_rules_store_t *store;
    dais_err_t err;
    dais_writer_t writer;
    uint8_t buffer[4096];
} dais_digest_out_t;

void dais_digest_array(dais_digest_out_t *out, uint64_t count);
void dais_digest_uint(dais_digest_out_t *out, uint64_t number);
void dais_digest_bin(dais_digest_out_t *out, const void *bytes, size_t size);
void dais_digest_str(dais_digest_out_t *out, dais_slice_t text);

/* The code of a State as a text, without the zeros that fill it up. */
void dais_digest_code(dais_digest_out_t *out, const uint8_t code[8]);

/* The rows of a table, as it says. */
uint64_t dais_digest_row_count(dais_rules_store_t *store, dais_table_t table);

/* digest_standing.c: all of the standing digest. */
void dais_digest_put_standing(dais_digest_out_t *out);

#endif
