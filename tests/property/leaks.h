/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_TESTS_PROPERTY_LEAKS_H
#define DAIS_TESTS_PROPERTY_LEAKS_H

#include "tests/property/generator.h"
#include "tests/property/view.h"

/* Two logs, A and B, that differ in a few entries which a reader may not see. */

#define LEAKS_CHANGES_MAX 3
#define LEAKS_READERS     4

/* Who looks. The applicant's organisations may be those that are objected to, the other office's
 * as well; the State has part in nothing that is hidden. */
typedef struct {
    const char *name;
    int who; /* of the cast; -1 for the public */
} leaks_reader_t;

extern const leaks_reader_t leaks_readers[LEAKS_READERS];

typedef struct {
    const leaks_reader_t *reader;
    sequence_t sequence; /* of A */
    event_t changed[LEAKS_CHANGES_MAX];
    unsigned changed_count;
    player_t a, b;
    dais_rules_store_t *store_a, *store_b;
    char leak[1024]; /* what tells them apart */
} leaks_t;

dais_reader_who_t leaks_reader(const leaks_t *leaks, player_t *player);

/* Is the reader on the roster yet? */
bool leaks_has_reader(const leaks_t *leaks, player_t *player);

/* leaks_change.c: makes B of the sequence that A has played: some of the entries that the reader
 * never saw in A are others. False if there is none, or the sequence cannot be played. */
bool leaks_make(leaks_t *leaks, act_t *act);

/* The event of B in the place of this one of A, and whether it is another. */
const event_t *leaks_in_b(const leaks_t *leaks, const event_t *event);
bool leaks_is_changed(const leaks_t *leaks, unsigned uid);

/* An empty log for the player. */
void leaks_begin(player_t *player, dais_rules_store_t *store);

/* leaks_pair.c: do the two logs, as far as they have come, differ only inside entries that the
 * reader may not see? LEAKS_TELL if something tells them apart which may not, and leak says what.
 */
typedef enum { LEAKS_PAIR, LEAKS_OVER, LEAKS_TELL } leaks_pair_t;

leaks_pair_t leaks_pair(leaks_t *leaks);

#endif
