/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_BASE_RANDOM_H
#define DAIS_BASE_RANDOM_H

#include "base/err.h"
#include "base/slice.h"

/* Randomness is handed to whatever needs it, so that a simulation can be run again from its seed.
 * Copied by value; context outlives every copy. */
typedef struct {
    dais_err_t (*fill)(void *context, void *bytes, size_t size);
    void *context;
} dais_random_t;

/* Fills all size bytes. ENTROPY if the source gives none; the bytes are then all zero, and the
 * caller must give up: nothing secret or unique may be made of them. */
DAIS_MUST_CHECK dais_err_t dais_random_fill(const dais_random_t *random, void *bytes, size_t size);

/* The kernel's, by getrandom(2): fit for keys, salts and ids. Waits, early in a boot, until the
 * kernel is seeded. */
dais_random_t dais_random_system(void);

/* NEVER FOR KEYS, SALTS OR ANYTHING THAT LEAVES A TEST: a stream that anybody can recompute from
 * 64 bits. The same seed gives the same bytes on every machine and in every version, however the
 * calls are cut, so that a seed printed by a failed simulation stays good. */
typedef struct {
    uint8_t key[32];
    uint8_t block[64]; /* the part of the stream that calls are served from */
    uint64_t block_count;
    size_t used; /* bytes of the block given out */
} dais_random_seeded_t;

/* The caller keeps seeded for as long as the result is used, by one thread. Never fails. */
dais_random_t dais_random_seeded(dais_random_seeded_t *seeded, uint64_t seed);

#endif
