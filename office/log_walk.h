/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_OFFICE_LOG_WALK_H
#define DAIS_OFFICE_LOG_WALK_H

#include "office/wire.h"
#include "proto/frontier.h"
#include "proto/opening.h"

/* The log as the public sees it, fetched entry by entry from where the frontier stands. Nobody is
 * believed but the log's key: every opening is checked against its leaf, and all leaves together
 * have to be the beginning of what that key has signed. */
typedef struct {
    dais_wire_t *wire;
    dais_frontier_t frontier; /* of what was fetched before; {0} at first */
    /* Each opened entry that goes on from there; an error ends the walk. */
    dais_err_t (*opened)(void *context, const dais_opened_t *opened);
    /* Asked after each page whether that is all that is wanted; null: the whole log is. */
    bool (*enough)(void *context);
    void *context;
} dais_log_walk_t;

/* Whatever opened() was told before an error is not to be relied on. True: all is well. False: why
 * stands in *answer, as an error of the way or a refusal, or in its err alone, and then the log is
 * not what it should be. The answer is to be freed in any case. */
DAIS_MUST_CHECK bool dais_log_walk(dais_log_walk_t *walk, dais_wire_answer_t *answer,
                                   bool *is_false);

#endif
