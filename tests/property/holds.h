/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_TESTS_PROPERTY_HOLDS_H
#define DAIS_TESTS_PROPERTY_HOLDS_H

#include "registry/rules/lists.h"
#include "tests/property/branch.h"
#include "tests/property/chance.h"

/* What must always hold (docs/rules.md, section 12), asked after each entry of a log that is
 * played. What does not hold becomes the player's failure, with the number of the point. */

#define HOLDS_ANSWERS 64
#define HOLDS_ORGS    128
#define HOLDS_KINDS   4096

/* Whether a reader saw an entry in a log of this size; asked again later. */
typedef struct {
    dais_reader_who_t reader;
    uint64_t seq;
    uint64_t size;
    bool sees;
} holds_answer_t;

typedef struct {
    chance_t chance;
    player_t *player;
    uint64_t verdicts[256]; /* how often each was given */
    uint64_t moves[DAIS_MACHINE_COUNT][16][16];
    bool is_thorough; /* asks everything after each entry; for what is cut down */
    uint64_t folds;   /* how often the public fold was compared */
    uint64_t twins;   /* how often an objection was lodged and withdrawn on a copy */

    /* As of the entry before. */
    unsigned cycle_state;
    dais_cycle_row_t cycle;
    uint32_t org_count;
    dais_organisation_row_t orgs[HOLDS_ORGS];
    dais_date_row_t dates[DAIS_DATE_COUNT];
    uint64_t move_seq; /* of the moves since then; 0 for none */
    unsigned answer_count;
    holds_answer_t answers[HOLDS_ANSWERS];
    uint8_t kinds[HOLDS_KINDS];            /* of the entries */
    bool register_changed, office_changed; /* since an answer was kept */
    branch_t spare[2];                     /* for what is tried on the side */
} holds_t;

/* The player has to be reset, and to play on a flat store. Counts add up over many plays. */
void holds_watch(holds_t *holds, player_t *player, uint64_t seed);

/* Has to be called once the log has begun, since moves are the rules' to tell. */
void holds_begin(holds_t *holds);

/* What is asked only once, when all is played. */
void holds_finish(holds_t *holds);

void holds_release(holds_t *holds);

/* Fails with the point of section 12 that does not hold. */
#define HOLDS(player, point, condition)                                                            \
    ((condition) ? (void)0                                                                         \
                 : player_fail(player, "point %u does not hold at entry %llu: %s", point,          \
                               (unsigned long long)(player)->count - 1, #condition))

/* The parts, in files of their own. */
void holds_counts(holds_t *holds);
void holds_window(holds_t *holds);
void holds_move(holds_t *holds, const dais_move_t *move);
void holds_entry(holds_t *holds, const played_t *entry);
void holds_settled(holds_t *holds, const played_t *entry);
void holds_told(holds_t *holds, const played_t *entry);
void holds_tally(holds_t *holds, const played_t *entry);
void holds_sight(holds_t *holds, const played_t *entry);
void holds_sight_finish(holds_t *holds);
void holds_twin(holds_t *holds);
void holds_fold(holds_t *holds);

#endif
