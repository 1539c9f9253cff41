/* SPDX-License-Identifier: Apache-2.0 */
#include "base/hash.h"

#include <openssl/evp.h>
#include <pthread.h>
#include <stdlib.h>

/* A one-shot EVP call looks the algorithm up each time, which costs more than hashing a leaf.
 * Hence: one fetch for the process, one context for each thread, freed when the thread ends. */
static pthread_once_t hash_once = PTHREAD_ONCE_INIT;
static pthread_key_t hash_key;
static EVP_MD *hash_sha256;
static _Thread_local EVP_MD_CTX *hash_context;

static void hash_context_free(void *context)
{
    EVP_MD_CTX_free((EVP_MD_CTX *)context);
}

static void hash_fetch(void)
{
    hash_sha256 = EVP_MD_fetch(NULL, "SHA256", NULL);
    if (hash_sha256 == NULL || pthread_key_create(&hash_key, hash_context_free) != 0)
        abort();
}

static EVP_MD_CTX *hash_context_get(void)
{
    if (hash_context != NULL)
        return hash_context;
    (void)pthread_once(&hash_once, hash_fetch);
    hash_context = EVP_MD_CTX_new();
    if (hash_context == NULL || pthread_setspecific(hash_key, hash_context) != 0)
        abort();
    return hash_context;
}

dais_hash_t dais_hash(const dais_slice_t *parts, size_t count)
{
    dais_hash_t hash;
    EVP_MD_CTX *context = hash_context_get();
    int good = EVP_DigestInit_ex2(context, hash_sha256, NULL);
    for (size_t i = 0; i < count; i++)
        good &= EVP_DigestUpdate(context, parts[i].data, parts[i].size);
    good &= EVP_DigestFinal_ex(context, hash.bytes, NULL);
    if (good != 1)
        abort();
    return hash;
}

dais_hash_t dais_hash_one(dais_slice_t bytes)
{
    return dais_hash(&bytes, 1);
}
