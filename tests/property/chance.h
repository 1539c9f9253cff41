/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_TESTS_PROPERTY_CHANCE_H
#define DAIS_TESTS_PROPERTY_CHANCE_H

#include <stdbool.h>
#include <stdint.h>

/* Chance that can be had again from its seed (splitmix64): the same numbers on every machine. */
typedef struct {
    uint64_t state;
} chance_t;

static inline uint64_t chance_next(chance_t *chance)
{
    uint64_t z = chance->state += 0x9e3779b97f4a7c15ULL;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
    return z ^ (z >> 31);
}

/* 0 to count - 1; 0 where count is 0. */
static inline unsigned chance_below(chance_t *chance, uint64_t count)
{
    return count == 0 ? 0 : (unsigned)(chance_next(chance) % count);
}

/* first to last, both of them. */
static inline unsigned chance_from(chance_t *chance, unsigned first, unsigned last)
{
    return first + chance_below(chance, last - first + 1);
}

static inline bool chance_percent(chance_t *chance, unsigned percent)
{
    return chance_below(chance, 100) < percent;
}

#endif
