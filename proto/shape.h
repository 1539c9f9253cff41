/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_PROTO_SHAPE_H
#define DAIS_PROTO_SHAPE_H

#include "base/err.h"
#include "proto/reader.h"
#include "proto/records.h"
#include "proto/words.h"
#include "proto/writer.h"

typedef enum {
    DAIS_FIELD_UINT,
    DAIS_FIELD_CHOICE,
    DAIS_FIELD_TIME,
    DAIS_FIELD_HASH,
    DAIS_FIELD_KEY,
    DAIS_FIELD_ID,
    DAIS_FIELD_OPTIONAL,
    DAIS_FIELD_BYTES,
    DAIS_FIELD_PATH,
    DAIS_FIELD_LINE,
    DAIS_FIELD_TEXT,
    DAIS_FIELD_LIST,
    DAIS_FIELD_ANY,
} dais_field_type_t;

typedef struct dais_shape dais_shape_t;

/* One field of a shape: where it lies in the struct and what it may hold. */
typedef struct {
    const char *name;
    const char *text;
    dais_field_type_t type;
    size_t offset;
    uint64_t min; /* value, bytes or elements, as the type says */
    uint64_t max;
    const dais_shape_t *element; /* of a list; else null */
    const dais_words_t *words;   /* of a choice; else null */
} dais_field_t;

typedef enum { DAIS_SHAPE_RECORD, DAIS_SHAPE_TUPLE, DAIS_SHAPE_SCALAR } dais_shape_form_t;

struct dais_shape {
    const char *name;
    const char *domain; /* of a record, with its newline; else null */
    size_t domain_size;
    const char *text;
    dais_shape_form_t form;
    const dais_field_t *fields;
    size_t field_count;
    size_t struct_size; /* bytes */
};

/* dais_shape_bundle and so on, one for each shape of records.def, subjects.def and calls.def. */
#define RECORD(name, domain, text) extern const dais_shape_t dais_shape_##name;
#define TUPLE(name, text)          extern const dais_shape_t dais_shape_##name;
#define SCALAR(name, text)         extern const dais_shape_t dais_shape_##name;
/* clang-format off */
#include "proto/nofields.h"
#include "proto/records.def"
#include "proto/subjects.def"
#include "proto/calls.def"
#include "proto/undef.h"
/* clang-format on */

/* All shapes, in the order of records.def, subjects.def, calls.def; null after the last. */
extern const dais_shape_t *const dais_shapes[];

/* Decodes exactly `bytes` into the struct that belongs to the shape. Fields are set only when the
 * whole record is good: on a fault *out is all zero. Lists are checked to the last element. */
dais_fault_t dais_shape_decode(const dais_shape_t *shape, dais_slice_t bytes,
                               void *out) DAIS_MUST_CHECK;

/* Decodes a record that has more bytes behind it; *rest is what follows. */
dais_fault_t dais_shape_decode_first(const dais_shape_t *shape, dais_slice_t bytes, void *out,
                                     dais_slice_t *rest) DAIS_MUST_CHECK;

/* Decodes and forgets: whether exactly `bytes` are of this shape. */
dais_fault_t dais_shape_check(const dais_shape_t *shape, dais_slice_t bytes) DAIS_MUST_CHECK;

/* Packs the struct behind what the writer holds. Values that the decoder would refuse fail with
 * the code that it would give, and leave the writer as it was. */
dais_err_t dais_shape_encode(const dais_shape_t *shape, const void *in,
                             dais_writer_t *writer) DAIS_MUST_CHECK;

/* The record shape whose domain string opens these bytes; null if there is none. */
const dais_shape_t *dais_shape_of(dais_slice_t bytes);

/* Does it open with the domain of this record? */
bool dais_shape_is(const dais_shape_t *shape, dais_slice_t bytes);

/* Walks a list that a decoder has accepted: dais_list_begin, then dais_list_next for each
 * element, which returns false after the last. *out is the struct of the element's shape. */
typedef struct {
    const dais_shape_t *element;
    dais_reader_t reader;
    uint32_t left;
} dais_list_walk_t;

dais_list_walk_t dais_list_begin(const dais_list_t *list, const dais_shape_t *element);
bool dais_list_next(dais_list_walk_t *walk, void *out);

/* Builds a list: packs elements one after the other, then names what was packed as a list. The
 * writer's buffer must outlive the list. */
dais_err_t dais_list_add(dais_list_t *list, const dais_shape_t *element, const void *in,
                         dais_writer_t *writer) DAIS_MUST_CHECK;

#endif
