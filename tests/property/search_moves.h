/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_TESTS_PROPERTY_SEARCH_MOVES_H
#define DAIS_TESTS_PROPERTY_SEARCH_MOVES_H

#include "tests/property/branch.h"

/* What can be said in the search from a listed cycle: `kind` by `who` on organisation `org`, or a
 * tick. */
typedef struct {
    const char *name;
    uint8_t kind; /* 0: a tick */
    uint8_t who;
    uint8_t org;      /* 1 or 2; 0 for none */
    uint8_t question; /* of a decision */
} search_move_t;

#define SEARCH_MOVES 25

extern const search_move_t search_moves[SEARCH_MOVES];

/* Makes it and appends what is due. The word of the verdict; "none" where it cannot be said at all,
 * null where the rules met a fault of their own. */
const char *search_make_move(branch_t *branch, const search_move_t *move);

#endif
