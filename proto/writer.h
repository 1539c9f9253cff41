/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_PROTO_WRITER_H
#define DAIS_PROTO_WRITER_H

#include "base/err.h"
#include "base/slice.h"

/* Packs values with msgpack-c into a buffer of the caller, allocating nothing. Sticky: after the
 * first failure (NO_SPACE) nothing more is written and dais_writer_finish() reports it. */
typedef struct {
    uint8_t *buffer;
    size_t capacity; /* bytes */
    size_t size;     /* bytes written */
    dais_err_t err;
} dais_writer_t;

/* The buffer stays the caller's and must outlive the writer. */
void dais_writer_init(dais_writer_t *writer, void *buffer, size_t capacity);

void dais_writer_uint(dais_writer_t *writer, uint64_t number);
void dais_writer_bin(dais_writer_t *writer, dais_slice_t bytes);
void dais_writer_str(dais_writer_t *writer, dais_slice_t text);

/* The head of an array; the caller writes `count` values after it. */
void dais_writer_array(dais_writer_t *writer, uint32_t count);

/* Bytes as they are: values that are encoded already, or a signature behind its record. */
void dais_writer_raw(dais_writer_t *writer, dais_slice_t bytes);

/* On success *out is what was written; it lives in the caller's buffer. */
dais_err_t dais_writer_finish(const dais_writer_t *writer, dais_slice_t *out) DAIS_MUST_CHECK;

#endif
