/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_BASE_BACKOFF_H
#define DAIS_BASE_BACKOFF_H

#include "base/random.h"

/* How long to wait before the next attempt: 100 ms, doubled each time up to 30 s, of which a random
 * part between a half and all is taken, so that peers which lost the same broker at the same time
 * do not come back at the same time. Goes on for ever. Zero is the start. */
typedef struct {
    unsigned attempt_count;
} dais_backoff_t;

uint32_t dais_backoff_next_ms(dais_backoff_t *backoff, const dais_random_t *random);

static inline void dais_backoff_reset(dais_backoff_t *backoff)
{
    backoff->attempt_count = 0;
}

#endif
