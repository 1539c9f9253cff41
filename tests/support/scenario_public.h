/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_TESTS_SUPPORT_SCENARIO_PUBLIC_H
#define DAIS_TESTS_SUPPORT_SCENARIO_PUBLIC_H

#include "registry/rules/derive.h"
#include "registry/rules/fold.h"
#include "tests/support/scenario.h"

/* Follows a scenario with what the public has of it: gives the public fold each entry when it
 * opens, and whenever no own entry is owed compares it with the rules over all of the scenario, and
 * derives again what can be. A difference or finding fails the test and is printed; so does a fold
 * of the same entries taken in another order, at the end, if its text is not the same to the last
 * byte. */
typedef struct scenario_public scenario_public_t;

scenario_public_t *scenario_public_create(void);
void scenario_public_destroy(scenario_public_t **follower);
scenario_listener_t scenario_public_listener(scenario_public_t *follower);

/* What was open at the end, derived once more after somebody has been at it: `spoil` changes an
 * entry, or returns false to leave it out. What it puts in has to live as long as the call. */
typedef bool scenario_spoil_fn_t(void *context, dais_opened_t *opened);
dais_derive_t *scenario_public_derive(const scenario_public_t *follower, scenario_spoil_fn_t *spoil,
                                      void *context);

/* The entries that were open at the end, one after the other: begin with *seq 0. What they point to
 * lives as long as the follower. False behind the last. */
bool scenario_public_next(const scenario_public_t *follower, size_t *seq, dais_opened_t *opened);

/* Comparisons made, entries that were open at the end, and verdicts made again. */
unsigned scenario_public_compared(const scenario_public_t *follower);
unsigned scenario_public_opened(const scenario_public_t *follower);
unsigned scenario_public_derived(const scenario_public_t *follower);

#endif
