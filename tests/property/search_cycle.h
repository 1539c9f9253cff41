/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_TESTS_PROPERTY_SEARCH_CYCLE_H
#define DAIS_TESTS_PROPERTY_SEARCH_CYCLE_H

#include "tests/property/acts.h"

/* Plays, in an empty store, a cycle under this policy as it stands up to its list, which is
 * circulated in hour 120: two organisations, two States, and as few dates as it can do without.
 * Null, or what was refused. */
const char *search_cycle(const char *policy, sequence_t *sequence, player_t *player,
                         dais_rules_store_t *store);

#endif
