/* SPDX-License-Identifier: Apache-2.0
 *
 * OpenSSL's plain SHA-256 calls and not EVP: since 3.0 an EVP context frees and allocates its state
 * for every hash, which costs a third of hashing a leaf and is the one thing here that could fail
 * (docs/decisions/0010-plain-sha256-calls.md). The plain calls keep all state on the stack and use
 * the same SHA instructions. They are marked deprecated, so they stand in this one file. */
#define OPENSSL_SUPPRESS_DEPRECATED
#include "base/hash.h"

#include <openssl/sha.h>

enum { GATHERED_MAX = 256 }; /* bytes; above, copying them costs more than it saves */

/* Copies the parts behind each other; 0 if they do not fit. */
static size_t parts_gather(const dais_slice_t *parts, size_t count, uint8_t *out, size_t out_size)
{
    size_t size = 0;
    for (size_t i = 0; i < count; i++) {
        if (parts[i].size > out_size - size)
            return 0;
        if (parts[i].size > 0)
            memcpy(out + size, parts[i].data, parts[i].size);
        size += parts[i].size;
    }
    return size;
}

dais_hash_t dais_hash(const dais_slice_t *parts, size_t count)
{
    dais_hash_t hash;
    SHA256_CTX context;
    uint8_t gathered[GATHERED_MAX];
    /* Leaves and nodes have a short prefix, which would put every block at odds with OpenSSL's
     * buffer. One piece is hashed where it lies. */
    size_t size = count < 2 ? 0 : parts_gather(parts, count, gathered, sizeof gathered);
    dais_slice_t whole = dais_slice(gathered, size);
    const dais_slice_t *pieces = size > 0 ? &whole : parts;
    /* None of them can fail: they return 1 whatever they are given. */
    (void)SHA256_Init(&context);
    for (size_t i = 0; i < (size > 0 ? 1 : count); i++)
        (void)SHA256_Update(&context, pieces[i].data, pieces[i].size);
    (void)SHA256_Final(hash.bytes, &context);
    return hash;
}

/* Nodes come this way, so it has no turns. */
dais_hash_t dais_hash_one(dais_slice_t bytes)
{
    dais_hash_t hash;
    SHA256_CTX context;
    (void)SHA256_Init(&context);
    (void)SHA256_Update(&context, bytes.data, bytes.size);
    (void)SHA256_Final(hash.bytes, &context);
    return hash;
}
