/* SPDX-License-Identifier: Apache-2.0 */
#include "base/random.h"

#include <endian.h>
#include <errno.h>
#include <sodium.h>
#include <sys/random.h>

#include "base/hash.h"

dais_err_t dais_random_fill(const dais_random_t *random, void *bytes, size_t size)
{
    dais_err_t err = random->fill(random->context, bytes, size);
    if (err != DAIS_OK)
        memset(bytes, 0, size);
    return err;
}

/* getrandom() gives less than asked for when a signal interrupts it, or above 32 MiB. */
static dais_err_t random_system_fill(void *context, void *bytes, size_t size)
{
    (void)context;
    uint8_t *next = (uint8_t *)bytes;
    while (size > 0) {
        ssize_t given = getrandom(next, size, 0);
        if (given < 0 && errno == EINTR)
            continue;
        if (given <= 0)
            return DAIS_ERR_ENTROPY;
        next += given;
        size -= (size_t)given;
    }
    return DAIS_OK;
}

dais_random_t dais_random_system(void)
{
    return (dais_random_t){.fill = random_system_fill, .context = NULL};
}

/* Block n of the stream is block n of ChaCha20 under the key, with a nonce of zeros. */
static void random_seeded_next_block(dais_random_seeded_t *seeded)
{
    static const uint8_t nonce[crypto_stream_chacha20_NONCEBYTES] = {0};
    memset(seeded->block, 0, sizeof(seeded->block));
    (void)crypto_stream_chacha20_xor_ic(seeded->block, seeded->block, sizeof(seeded->block), nonce,
                                        seeded->block_count, seeded->key);
    seeded->block_count++;
    seeded->used = 0;
}

static dais_err_t random_seeded_fill(void *context, void *bytes, size_t size)
{
    dais_random_seeded_t *seeded = (dais_random_seeded_t *)context;
    uint8_t *next = (uint8_t *)bytes;
    while (size > 0) {
        if (seeded->used == sizeof(seeded->block))
            random_seeded_next_block(seeded);
        size_t left = sizeof(seeded->block) - seeded->used;
        size_t part = size < left ? size : left;
        memcpy(next, seeded->block + seeded->used, part);
        seeded->used += part;
        next += part;
        size -= part;
    }
    return DAIS_OK;
}

dais_random_t dais_random_seeded(dais_random_seeded_t *seeded, uint64_t seed)
{
    static const char domain[] = "dais/seeded-random/1\n";
    uint64_t seed_be = htobe64(seed);
    dais_slice_t parts[] = {dais_slice_text(domain), dais_slice(&seed_be, sizeof(seed_be))};
    dais_hash_t key = dais_hash(parts, 2);
    *seeded = (dais_random_seeded_t){.used = sizeof(seeded->block)};
    memcpy(seeded->key, key.bytes, sizeof(seeded->key));
    return (dais_random_t){.fill = random_seeded_fill, .context = seeded};
}
