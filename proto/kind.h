/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_PROTO_KIND_H
#define DAIS_PROTO_KIND_H

#include "proto/shape.h"

/* DAIS_KIND_CALL and so on. */
enum {
#define KIND(number, NAME, name, stream, subject, text) DAIS_KIND_##NAME = (number),
#include "proto/messages.def"
#undef KIND
};

/* The stream of bundles in which a kind travels. */
typedef enum {
    DAIS_STREAM_OPEN = 0,
    DAIS_STREAM_SEALED = 1,
    DAIS_STREAM_OWN = 2, /* never sent: the registry's own entries */
} dais_stream_t;

typedef struct {
    unsigned number;
    const char *name;
    dais_stream_t stream;
    const dais_shape_t *subject;
    const char *text;
} dais_kind_t;

/* All kinds by rising number; name is null after the last. */
extern const dais_kind_t dais_kinds[];

/* Null if there is no such kind. */
const dais_kind_t *dais_kind_of(uint64_t number);
const dais_kind_t *dais_kind_named(dais_slice_t name);

#endif
