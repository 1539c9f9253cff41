/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_PROTO_TEXT_H
#define DAIS_PROTO_TEXT_H

#include "base/err.h"
#include "base/hash.h"
#include "base/slice.h"
#include "proto/records.h"
#include "proto/writer.h"

/* What the line-by-line formats (notes, checkpoints, proofs, identities, rosters) are read and
 * written with. */

/* Takes the next line off *rest; *line lacks its newline and lives as long as the input. TRUNCATED
 * if no newline is left, and *rest stays as it was. */
dais_err_t dais_text_line(dais_slice_t *rest, dais_slice_t *line) DAIS_MUST_CHECK;

/* Takes `prefix` off *text if it begins so. */
bool dais_text_prefix(dais_slice_t *text, const char *prefix);

/* A decimal number without sign or leading zero. BAD_TEXT for anything else, OUT_OF_RANGE above
 * max. */
dais_err_t dais_text_uint(dais_slice_t text, uint64_t max, uint64_t *number) DAIS_MUST_CHECK;

/* Takes the line "<name> <value>" off *rest. TRUNCATED or BAD_TEXT, and *rest stays as it was. */
dais_err_t dais_text_field(dais_slice_t *rest, const char *name,
                           dais_slice_t *value) DAIS_MUST_CHECK;

/* Exactly `size` bytes in hex, two digits each, lower case only: one value has one text. BAD_TEXT.
 */
dais_err_t dais_text_hex(dais_slice_t text, uint8_t *out, size_t size) DAIS_MUST_CHECK;

/* A key in Z85 (ZeroMQ RFC 32), canonical. BAD_KEY. */
dais_err_t dais_text_z85(dais_slice_t text, dais_key_t *key) DAIS_MUST_CHECK;

/* The base64 of exactly one hash. BAD_BASE64, TOO_SHORT or TOO_LONG. */
dais_err_t dais_text_hash(dais_slice_t text, dais_hash_t *hash) DAIS_MUST_CHECK;

void dais_text_put(dais_writer_t *writer, const char *text);
void dais_text_put_uint(dais_writer_t *writer, uint64_t number);
void dais_text_put_base64(dais_writer_t *writer, dais_slice_t bytes);
void dais_text_put_hex(dais_writer_t *writer, dais_slice_t bytes);
void dais_text_put_z85(dais_writer_t *writer, const dais_key_t *key);

/* A fault at the place `at`, which lies in `input`. */
dais_fault_t dais_text_fault(dais_err_t err, dais_slice_t input, const uint8_t *at);

#endif
