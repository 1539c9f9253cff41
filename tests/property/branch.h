/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_TESTS_PROPERTY_BRANCH_H
#define DAIS_TESTS_PROPERTY_BRANCH_H

#include "tests/property/player.h"

/* Another way on from a state: a copy of the rules over a flat store of its own (store_flat.h),
 * on which something is tried. It shares what the rules own and what only a call changes, so no
 * call may be said on it, and it ends before what it was copied from. */
typedef struct {
    dais_rules_t rules;
    dais_rules_store_t *store;
    uint64_t clock;
    unsigned said; /* messages; each has an id of its own */
} branch_t;

void branch_create(branch_t *branch);
void branch_destroy(branch_t *branch);

/* `from` has to be over a flat store as well. */
void branch_copy(branch_t *branch, const dais_rules_t *from, uint64_t clock);
void branch_copy_branch(branch_t *branch, const branch_t *from);

/* Says what the event holds, by somebody of the cast. False if it cannot be said: the rules met a
 * fault of their own, the subject has not its shape, or the key is on no roster. */
bool branch_say(branch_t *branch, const event_t *event, unsigned who, uint64_t received_at,
                dais_verdicts_t *verdicts);

/* Enters this tick; false if it is not the next one. */
bool branch_tick_of(branch_t *branch, unsigned which, uint64_t due);

/* The next deadline is closed, and time with it; false if there is none. */
bool branch_tick(branch_t *branch);

/* Appends what is due. */
bool branch_due(branch_t *branch);

#endif
