/* SPDX-License-Identifier: Apache-2.0 */
#include "proto/kind.h"

const dais_kind_t dais_kinds[] = {
#define KIND(number, NAME, name, stream, subject, text)                                            \
    {number, name, DAIS_STREAM_##stream, &dais_shape_##subject, text},
#include "proto/messages.def"
#undef KIND
    {0, NULL, DAIS_STREAM_OPEN, NULL, NULL},
};

/* Where each kind stands in the list: the number of every message is looked up. */
enum {
#define KIND(number, NAME, name, stream, subject, text) AT_##NAME,
#include "proto/messages.def"
#undef KIND
};

static const uint8_t kind_places[256] = {
#define KIND(number, NAME, name, stream, subject, text) [number] = AT_##NAME + 1,
#include "proto/messages.def"
#undef KIND
};

const dais_kind_t *dais_kind_of(uint64_t number)
{
    uint8_t place = number < sizeof(kind_places) ? kind_places[number] : 0;
    return place == 0 ? NULL : &dais_kinds[place - 1];
}

const dais_kind_t *dais_kind_named(dais_slice_t name)
{
    for (const dais_kind_t *kind = dais_kinds; kind->name != NULL; kind++) {
        if (dais_slice_equal(name, dais_slice_text(kind->name)))
            return kind;
    }
    return NULL;
}
