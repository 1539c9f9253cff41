/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_TESTS_UNIT_SHAPES_H
#define DAIS_TESTS_UNIT_SHAPES_H

/* What the property tests over all shapes share. */

#include <assert.h>
#include <stdlib.h>

#include "tests/support/generate.h"
#include "tests/support/slow.h"

/* Holds any struct of records.h. */
typedef union {
#define RECORD(name, domain, text) dais_##name##_t name##_;
#define TUPLE(name, text)          dais_##name##_t name##_;
#define SCALAR(name, text)         dais_##name##_t name##_;
/* clang-format off */
#include "proto/nofields.h"
#include "proto/records.def"
#include "proto/subjects.def"
#include "proto/calls.def"
#include "proto/undef.h"
    /* clang-format on */
} shapes_any_t;

#define SHAPES_BUFFER ((size_t)8 << 20) /* the largest encoding has about 3 MiB */

static uint8_t shapes_bytes[SHAPES_BUFFER];
static uint8_t shapes_again[SHAPES_BUFFER];

/* How often something is tried: a tenth of it unless the whole is asked for; less where it is slow.
 */
static inline size_t shapes_count(size_t full)
{
    const char *asked = getenv("DAIS_FULL");
    size_t part = 10 * slow_step(10);
    return asked != NULL && strcmp(asked, "1") == 0 ? full : (full + part - 1) / part;
}

/* An encoding of the shape: the least for seed 0, the most for seed 1, else by chance. */
static inline dais_slice_t shapes_make(const dais_shape_t *shape, uint64_t seed)
{
    generate_how_t how = seed == 0 ? GENERATE_MIN : seed == 1 ? GENERATE_MAX : GENERATE_RANDOM;
    generate_t g = generate_begin(how, seed, shapes_bytes, sizeof shapes_bytes);
    return generate_shape(&g, shape);
}

/* Encodes what was decoded; an empty slice if the encoder refuses it. */
static inline dais_slice_t shapes_encode(const dais_shape_t *shape, const shapes_any_t *in)
{
    dais_writer_t writer;
    dais_slice_t packed = {0};
    dais_writer_init(&writer, shapes_again, sizeof shapes_again);
    if (dais_shape_encode(shape, in, &writer) != DAIS_OK ||
        dais_writer_finish(&writer, &packed) != DAIS_OK)
        packed = dais_slice(NULL, 0);
    return packed;
}

static inline bool shapes_all_zero(const shapes_any_t *any, const dais_shape_t *shape)
{
    const uint8_t *bytes = (const uint8_t *)any;
    for (size_t i = 0; i < shape->struct_size; i++) {
        if (bytes[i] != 0)
            return false;
    }
    return true;
}

#endif
