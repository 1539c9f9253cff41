/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_TESTS_SUPPORT_SCENARIO_TAPE_H
#define DAIS_TESTS_SUPPORT_SCENARIO_TAPE_H

#include "tests/support/scenario.h"

/* What was said in a scenario, entry by entry, to be played again: on another store, on one that
 * fails, as often as is wanted. Links with cmocka. */
typedef struct scenario_tape scenario_tape_t;

scenario_tape_t *scenario_tape_create(void);
void scenario_tape_destroy(scenario_tape_t **tape);

/* Has the tape record a scenario; to be given to scenario_run_heard(). A tape takes one. */
scenario_listener_t scenario_tape_listener(scenario_tape_t *tape);

uint64_t scenario_tape_size(const scenario_tape_t *tape); /* entries */

/* The digest of the state when this entry had been applied; recorded for some of them. */
bool scenario_tape_digest(const scenario_tape_t *tape, uint64_t seq, dais_hash_t *digest);

/* Gives entry `seq` to the rules. CORRUPT if the verdicts are not those recorded. */
DAIS_MUST_CHECK dais_err_t scenario_tape_play(const scenario_tape_t *tape, uint64_t seq,
                                              dais_rules_t *rules);

#endif
