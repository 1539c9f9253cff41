/* SPDX-License-Identifier: Apache-2.0
 *
 * The tables that records.def, subjects.def and calls.def turn into: what proto/shape.c decodes and
 * encodes by, and what the JSON view and the documentation are made from. */
#include "proto/shape.h"

#define FIELD(shape_, field_, type_, min_, max_, element_, words_, text_)                          \
    {.name = #field_,                                                                              \
     .text = (text_),                                                                              \
     .type = DAIS_FIELD_##type_,                                                                   \
     .offset = offsetof(dais_##shape_##_t, field_),                                                \
     .min = (min_),                                                                                \
     .max = (max_),                                                                                \
     .element = (element_),                                                                        \
     .words = (words_)},

#define RECORD(name, domain, text)    static const dais_field_t fields_##name[] = {
#define TUPLE(name, text)             static const dais_field_t fields_##name[] = {
#define SCALAR(name, text)            static const dais_field_t fields_##name[] = {
#define UINT(name, field, max, text)  FIELD(name, field, UINT, 0, max, NULL, NULL, text)
#define COUNT(name, field, max, text) FIELD(name, field, UINT, 1, max, NULL, NULL, text)
#define CHOICE(name, field, set, text)                                                             \
    FIELD(name, field, CHOICE, 1, DAIS_WORDS_END_##set - 1, NULL, &dais_words_##set, text)
#define CHOICE_OR_NONE(name, field, set, text)                                                     \
    FIELD(name, field, CHOICE, 0, DAIS_WORDS_END_##set - 1, NULL, &dais_words_##set, text)
#define TIME(name, field, text)            FIELD(name, field, TIME, 0, DAIS_TIME_MAX_MS, NULL, NULL, text)
#define HASH(name, field, text)            FIELD(name, field, HASH, 32, 32, NULL, NULL, text)
#define KEY(name, field, text)             FIELD(name, field, KEY, 32, 32, NULL, NULL, text)
#define ID(name, field, text)              FIELD(name, field, ID, 16, 16, NULL, NULL, text)
#define OPTIONAL(name, field, size, text)  FIELD(name, field, OPTIONAL, 0, size, NULL, NULL, text)
#define BYTES(name, field, min, max, text) FIELD(name, field, BYTES, min, max, NULL, NULL, text)
#define PATH(name, field, max, text)       FIELD(name, field, PATH, 0, max, NULL, NULL, text)
#define LINE(name, field, min, max, text)  FIELD(name, field, LINE, min, max, NULL, NULL, text)
#define TEXT(name, field, min, max, text)  FIELD(name, field, TEXT, min, max, NULL, NULL, text)
#define LIST(name, field, element, min, max, text)                                                 \
    FIELD(name, field, LIST, min, max, &dais_shape_##element, NULL, text)
#define ANY(name, field, max, text) FIELD(name, field, ANY, 1, max, NULL, NULL, text)
#define END(name)                                                                                  \
    }                                                                                              \
    ;
/* clang-format off */
#include "proto/records.def"
#include "proto/subjects.def"
#include "proto/calls.def"
/* clang-format on */
#include "proto/undef.h"

#define SHAPE(name_, domain_, domain_size_, text_, form_)                                          \
    const dais_shape_t dais_shape_##name_ = {                                                      \
        .name = #name_,                                                                            \
        .domain = (domain_),                                                                       \
        .domain_size = (domain_size_),                                                             \
        .text = (text_),                                                                           \
        .form = DAIS_SHAPE_##form_,                                                                \
        .fields = fields_##name_,                                                                  \
        .field_count = sizeof fields_##name_ / sizeof fields_##name_[0],                           \
        .struct_size = sizeof(dais_##name_##_t),                                                   \
    };

/* The reader takes a domain by its bytes, of which the first is then its length. */
#define RECORD(name, domain, text)                                                                 \
    _Static_assert(sizeof(domain) - 1 < 32, "domain of " #name);                                   \
    SHAPE(name, domain, sizeof(domain) - 1, text, RECORD)
#define TUPLE(name, text)  SHAPE(name, NULL, 0, text, TUPLE)
#define SCALAR(name, text) SHAPE(name, NULL, 0, text, SCALAR)
/* clang-format off */
#include "proto/nofields.h"
#include "proto/records.def"
#include "proto/subjects.def"
#include "proto/calls.def"
#include "proto/undef.h"
/* clang-format on */

const dais_shape_t *const dais_shapes[] = {
#define RECORD(name, domain, text) &dais_shape_##name,
#define TUPLE(name, text)          &dais_shape_##name,
#define SCALAR(name, text)         &dais_shape_##name,
/* clang-format off */
#include "proto/nofields.h"
#include "proto/records.def"
#include "proto/subjects.def"
#include "proto/calls.def"
#include "proto/undef.h"
    /* clang-format on */
    NULL,
};
