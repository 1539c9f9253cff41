/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_TESTS_PROPERTY_GENERATOR_H
#define DAIS_TESTS_PROPERTY_GENERATOR_H

#include "tests/property/acts.h"

/* Makes a sequence from a seed: picks policy and changes, then plays as it goes, since what can be
 * accepted depends on what was. The player has to be reset but for its hooks and log, the store
 * empty; both then hold the log that the sequence gives. False if the log could not begin. */
bool generator_make(uint64_t seed, sequence_t *sequence, player_t *player,
                    dais_rules_store_t *store);

/* The same under this policy as it stands in policies/, without changes. */
bool generator_make_under(uint64_t seed, const char *policy, sequence_t *sequence, player_t *player,
                          dais_rules_store_t *store);

/* Chooses the policy of act->sequence and its changes. */
void generator_policy(act_t *act);

/* The roster, the call and the opening: what all sequences begin with. */
void generator_prologue(act_t *act);

/* Makes one field of the act's event another than it is. */
void generator_spoil(act_t *act);

/* Adds the event that the act fills in, and plays it. */
bool generator_add(act_t *act, act_fn_t *fn);
bool generator_tick(act_t *act);

#endif
