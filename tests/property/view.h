/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_TESTS_PROPERTY_VIEW_H
#define DAIS_TESTS_PROPERTY_VIEW_H

#include "registry/rules/lists.h"
#include "tests/property/player.h"

/* All that the rules give one reader as of now, as lines of text: which entries are open, with
 * what stands in them and their verdicts; every fact, list, account and standing. Two logs that are
 * the same to a reader give the same lines. */

#define VIEW_SIZE (1 << 20)

typedef struct {
    size_t size;
    char text[VIEW_SIZE];
} view_t;

void view_make(view_t *view, player_t *player, dais_reader_who_t reader);

/* The first line that is not the same, of each; null if all are. Both views are cut by it. */
const char *view_difference(view_t *a, view_t *b, const char **other);

#endif
