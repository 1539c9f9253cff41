/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_RULES_DECIDE_H
#define DAIS_RULES_DECIDE_H

#include "registry/rules/rules_private.h"

/* What decisions and corrections share (docs/rules.md, 5.4). */

/* The fields of both subjects. */
typedef struct {
    uint64_t question, manner, yes, no, abstained, result, majority;
    bool is_put_off; /* deferred_to is given */
    const dais_list_t *targets;
} dais_motion_t;

/* An organisation before the decider: in this cycle, or by a carried case alone. */
typedef struct {
    dais_id_t id;
    bool has_org;
    dais_org_t org;
    uint32_t carried; /* the first open one of this id, else the first; 0 for none */
    bool has_open_carried;
    bool has_open; /* that, or its own case is open */
} dais_matter_t;

/* False if neither an organisation nor a carried case has this id. */
DAIS_MUST_CHECK bool dais_decide_find(dais_rules_t *rules, const dais_id_t *id,
                                      dais_matter_t *matter);

/* Its number in the table TARGET. */
uint64_t dais_decide_target(const dais_matter_t *matter);

/* Role and fields: NOT_COMPETENT, SENSELESS or ACCEPTED. */
dais_verdict_t dais_decide_check(const dais_step_t *step, const dais_motion_t *motion);

/* VOTES: VOTE_MISMATCH, VOTES_REQUIRED or ACCEPTED. */
dais_verdict_t dais_decide_votes(const dais_rules_t *rules, const dais_motion_t *motion);

/* DECIDE, for a motion that is carried; puts what it changes. */
void dais_decide(dais_rules_t *rules, dais_matter_t *matter, uint64_t question);

/* Puts back what stood before the decision of this index, and leaves nothing to put back. */
void dais_decide_undo(dais_rules_t *rules, dais_matter_t *matter, uint64_t decision,
                      uint64_t question);

void dais_decide_keep(dais_rules_t *rules, uint64_t seq, const dais_decision_row_t *row);

#endif
