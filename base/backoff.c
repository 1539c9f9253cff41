/* SPDX-License-Identifier: Apache-2.0 */
#include "base/backoff.h"

#define BACKOFF_FIRST_MS 100U
#define BACKOFF_MS_MAX   30000U

uint32_t dais_backoff_next_ms(dais_backoff_t *backoff, const dais_random_t *random)
{
    uint32_t whole_ms = BACKOFF_FIRST_MS;
    for (unsigned i = 0; i < backoff->attempt_count && whole_ms < BACKOFF_MS_MAX; i++)
        whole_ms *= 2;
    whole_ms = whole_ms < BACKOFF_MS_MAX ? whole_ms : BACKOFF_MS_MAX;
    if (backoff->attempt_count < 32)
        backoff->attempt_count++;
    uint32_t draw = 0; /* without randomness all wait equally long, which is no reason to fail */
    if (dais_random_fill(random, &draw, sizeof(draw)) != DAIS_OK)
        draw = 0;
    return whole_ms / 2 + draw % (whole_ms / 2 + 1);
}
