/* SPDX-License-Identifier: Apache-2.0 */
#include "proto/kind.h"

const dais_kind_t dais_kinds[] = {
#define KIND(number, NAME, name, stream, subject, text)                                            \
    {number, name, DAIS_STREAM_##stream, &dais_shape_##subject, text},
#include "proto/messages.def"
#undef KIND
    {0, NULL, DAIS_STREAM_OPEN, NULL, NULL},
};

const dais_kind_t *dais_kind_of(uint64_t number)
{
    for (const dais_kind_t *kind = dais_kinds; kind->name != NULL; kind++) {
        if (kind->number == number)
            return kind;
    }
    return NULL;
}

const dais_kind_t *dais_kind_named(dais_slice_t name)
{
    for (const dais_kind_t *kind = dais_kinds; kind->name != NULL; kind++) {
        if (dais_slice_equal(name, dais_slice_text(kind->name)))
            return kind;
    }
    return NULL;
}
