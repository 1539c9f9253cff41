/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_TESTS_SUPPORT_SAMPLE_MESSAGE_H
#define DAIS_TESTS_SUPPORT_SAMPLE_MESSAGE_H

#include "proto/bundle.h"
#include "proto/tree.h"

/* What somebody says, before it is packed. */
typedef struct {
    const char *name;      /* the message id and both salts follow from it */
    const char *actor;     /* sample_cast.h */
    const char *on_behalf; /* null: of nobody */
    const char *said_at;   /* RFC 3339 */
    uint64_t kind;
    const char *subject;         /* sample_notation.h */
    const char *public_content;  /* "" for none */
    const char *private_content; /* "" for none; padded here */
} dais_sample_said_t;

/* The message with both its openings; an opening of no content is its salt alone. */
dais_item_t dais_sample_say(const dais_hash_t *log, const dais_sample_said_t *said);

#define DAIS_SAMPLE_BUNDLE_MAX 4

typedef struct {
    const char *name;
    dais_bundle_t head;
    dais_slice_t envelope; /* header and signature */
    dais_hash_t hash;
    size_t count;
    dais_item_t items[DAIS_SAMPLE_BUNDLE_MAX];
    dais_slice_t messages[DAIS_SAMPLE_BUNDLE_MAX];
    dais_hash_t leaves[DAIS_SAMPLE_BUNDLE_MAX]; /* of the bundle's own tree */
    dais_list_t list;                           /* of the items */
} dais_sample_bundle_t;

/* Says all of it and signs with the device of this name. The caller has set log, stream, k, prev
 * and seen in bundle->head. */
void dais_sample_bundle_make(dais_sample_bundle_t *bundle, const char *device,
                             const dais_sample_said_t *said, size_t count);

#endif
