/* SPDX-License-Identifier: Apache-2.0
 *
 * One struct for each shape of records.def, subjects.def and calls.def: dais_bundle_t,
 * dais_stamp_t, … Fields of fixed size are copied in; slices and lists borrow from the bytes that
 * were decoded and live as long as those. */
#ifndef DAIS_PROTO_RECORDS_H
#define DAIS_PROTO_RECORDS_H

#include "base/hash.h"
#include "base/slice.h"
#include "proto/limits.h"

#define DAIS_ID_SIZE  16
#define DAIS_KEY_SIZE 32

typedef struct {
    uint8_t bytes[DAIS_ID_SIZE];
} dais_id_t;

typedef struct {
    uint8_t bytes[DAIS_KEY_SIZE];
} dais_key_t;

/* A list inside a record: `count` elements, encoded one after the other in `items`. */
typedef struct {
    uint32_t count;
    dais_slice_t items;
} dais_list_t;

#define RECORD(name, domain, text)                 typedef struct {
#define TUPLE(name, text)                          typedef struct {
#define SCALAR(name, text)                         typedef struct {
#define UINT(name, field, max, text)               uint64_t field;
#define COUNT(name, field, max, text)              uint64_t field;
#define CHOICE(name, field, set, text)             uint64_t field;
#define CHOICE_OR_NONE(name, field, set, text)     uint64_t field;
#define TIME(name, field, text)                    uint64_t field; /* ms */
#define HASH(name, field, text)                    dais_hash_t field;
#define KEY(name, field, text)                     dais_key_t field;
#define ID(name, field, text)                      dais_id_t field;
#define OPTIONAL(name, field, size, text)          dais_slice_t field;
#define BYTES(name, field, min, max, text)         dais_slice_t field;
#define PATH(name, field, max, text)               dais_slice_t field;
#define LINE(name, field, min, max, text)          dais_slice_t field;
#define TEXT(name, field, min, max, text)          dais_slice_t field;
#define LIST(name, field, element, min, max, text) dais_list_t field;
#define ANY(name, field, max, text)                dais_slice_t field;
#define END(name)                                                                                  \
    }                                                                                              \
    dais_##name##_t;
/* clang-format off */
#include "proto/records.def"
#include "proto/subjects.def"
#include "proto/calls.def"
/* clang-format on */
#include "proto/undef.h"

#endif
