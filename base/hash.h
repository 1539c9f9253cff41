/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_BASE_HASH_H
#define DAIS_BASE_HASH_H

#include "base/slice.h"

#define DAIS_HASH_SIZE 32 /* bytes of a SHA-256 digest */

typedef struct {
    uint8_t bytes[DAIS_HASH_SIZE];
} dais_hash_t;

/* SHA-256 (FIPS 180-4) over the concatenation of the parts, by OpenSSL because it uses the
 * processor's SHA instructions. Allocates nothing, keeps nothing, cannot fail. */
dais_hash_t dais_hash(const dais_slice_t *parts, size_t count);

/* The common case of one part. */
dais_hash_t dais_hash_one(dais_slice_t bytes);

static inline bool dais_hash_equal(const dais_hash_t *a, const dais_hash_t *b)
{
    return memcmp(a->bytes, b->bytes, DAIS_HASH_SIZE) == 0;
}

static inline dais_slice_t dais_hash_slice(const dais_hash_t *hash)
{
    return dais_slice(hash->bytes, DAIS_HASH_SIZE);
}

#endif
