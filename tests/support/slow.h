/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_TESTS_SUPPORT_SLOW_H
#define DAIS_TESTS_SUPPORT_SLOW_H

#include <stddef.h>
#include <stdlib.h>

/* The step of a loop over very many cases of one sort: 1, or the given one where the preset of
 * valgrind says so (DAIS_SLOW), since there each case takes fifty times as long, and a part of them
 * touches the same memory in the same ways. All other builds try every case. */
static inline size_t slow_step(size_t step)
{
    return getenv("DAIS_SLOW") != NULL ? step : 1;
}

#endif
