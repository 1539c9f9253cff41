/* SPDX-License-Identifier: Apache-2.0
 *
 * Cases are referred, and a body decides (docs/rules.md, 6.6). Who is competent to settle an
 * objection is the policy's to say, and nobody else gets past the first check. */
#include "registry/rules/decide.h"

dais_verdict_t dais_kind_referral(dais_step_t *step)
{
    (void)step; /* Each target has a verdict of its own. */
    return DAIS_VERDICT_ACCEPTED;
}

static bool referral_refer_own(dais_rules_t *rules, dais_matter_t *matter)
{
    dais_case_row_t row;
    if (!matter->has_org || !dais_case_get(rules, &matter->org, &row) ||
        !dais_case_is_open(row.state) || row.state == DAIS_CASE_REFERRED)
        return false;
    dais_case_move(rules, &matter->org, &row, DAIS_CASE_REFERRED);
    return true;
}

static bool referral_refer_carried(dais_rules_t *rules, const dais_id_t *id)
{
    dais_carried_row_t row;
    uint32_t number = 0;
    bool any = false;
    while (dais_carried_next(rules, id, &number, &row)) {
        if (!dais_case_is_open(row.state) || row.state == DAIS_CASE_REFERRED)
            continue;
        row.ended = 0; /* A deferral that it had can be put back no more. */
        dais_carried_move(rules, number, &row, DAIS_CASE_REFERRED);
        any = true;
    }
    return any;
}

dais_verdict_t dais_target_referral(dais_step_t *step, const void *element)
{
    const dais_id_item_t *item = element;
    dais_matter_t matter;
    if (!dais_decide_find(step->rules, &item->value, &matter) || !matter.has_open)
        return DAIS_VERDICT_NO_CASE;
    step->target = dais_decide_target(&matter);
    bool own = referral_refer_own(step->rules, &matter);
    bool carried = referral_refer_carried(step->rules, &matter.id);
    return own || carried ? DAIS_VERDICT_ACCEPTED : DAIS_VERDICT_NO_EFFECT;
}

static dais_motion_t decision_motion(const dais_decision_t *decision)
{
    return (dais_motion_t){.question = decision->question,
                           .manner = decision->manner,
                           .yes = decision->yes,
                           .no = decision->no,
                           .abstained = decision->abstained,
                           .result = decision->result,
                           .majority = decision->majority,
                           .is_put_off = decision->deferred_to.size != 0,
                           .targets = &decision->targets};
}

static dais_verdict_t decision_timing(const dais_rules_t *rules, uint64_t question)
{
    if (rules->policy.decision_window.end.anchor == DAIS_POLICY_ANCHOR_NONE ||
        question == DAIS_QUESTION_REVERSE)
        return DAIS_VERDICT_ACCEPTED;
    if (!dais_dates_is_ticked(rules, DAIS_DATE_DECISION_OPENS))
        return DAIS_VERDICT_EARLY;
    return dais_dates_is_ticked(rules, DAIS_DATE_DECISION_CLOSES) ? DAIS_VERDICT_LATE
                                                                  : DAIS_VERDICT_ACCEPTED;
}

static dais_verdict_t decision_endorsement(const dais_rules_t *rules)
{
    if (rules->cycle.list_version == 0 || rules->cycle.settled == 0)
        return DAIS_VERDICT_EARLY;
    if (rules->cycle.ended != 0)
        return DAIS_VERDICT_LATE;
    return rules->cycle.endorsed != 0 ? DAIS_VERDICT_NO_EFFECT : DAIS_VERDICT_ACCEPTED;
}

static dais_verdict_t decision_check(const dais_step_t *step, const dais_motion_t *motion)
{
    const dais_rules_t *rules = step->rules;
    dais_verdict_t verdict = dais_decide_check(step, motion);
    if (verdict == DAIS_VERDICT_ACCEPTED)
        verdict = decision_timing(rules, motion->question);
    if (verdict == DAIS_VERDICT_ACCEPTED)
        verdict = dais_decide_votes(rules, motion);
    if (verdict == DAIS_VERDICT_ACCEPTED && motion->question == DAIS_QUESTION_ENDORSE)
        verdict = decision_endorsement(rules);
    return verdict;
}

dais_verdict_t dais_kind_decision(dais_step_t *step)
{
    const dais_decision_t *decision = step->subject;
    dais_rules_t *rules = step->rules;
    dais_motion_t motion = decision_motion(decision);
    dais_verdict_t verdict = decision_check(step, &motion);
    if (verdict != DAIS_VERDICT_ACCEPTED)
        return verdict;
    dais_decide_keep(
        rules, rules->seq,
        &(dais_decision_row_t){.root = rules->seq,
                               .targets = (uint16_t)decision->targets.count,
                               .question = (uint8_t)decision->question,
                               .result = (uint8_t)decision->result,
                               .majority_before = decision->question == DAIS_QUESTION_PROCEDURE
                                                      ? rules->cycle.majority
                                                      : 0});
    if (decision->result != DAIS_RESULT_CARRIED)
        return DAIS_VERDICT_ACCEPTED;
    if (decision->question == DAIS_QUESTION_PROCEDURE)
        rules->cycle.majority = (uint8_t)decision->majority;
    else if (decision->question == DAIS_QUESTION_ENDORSE)
        dais_cycle_endorse(rules);
    return DAIS_VERDICT_ACCEPTED;
}

/* What each question asks of its target. */
static dais_verdict_t decision_check_question(const dais_matter_t *matter, uint64_t question)
{
    unsigned state = matter->has_org ? matter->org.row.state : 0;
    bool is_admitted = state == DAIS_APPLICATION_ADMITTED;
    bool is_refused = state == DAIS_APPLICATION_REFUSED;
    bool is_so = false;
    if (question == DAIS_QUESTION_DEFER)
        return matter->has_open ? DAIS_VERDICT_ACCEPTED : DAIS_VERDICT_NO_CASE;
    if (question == DAIS_QUESTION_REVERSE)
        return (is_admitted || is_refused) && matter->org.row.decided != 0 &&
                       matter->org.row.withdrawn == 0
                   ? DAIS_VERDICT_ACCEPTED
                   : DAIS_VERDICT_NOTHING_TO_REVERSE;
    is_so = question == DAIS_QUESTION_ADMIT ? is_admitted : is_refused;
    return (is_so || !matter->has_org) && !matter->has_open ? DAIS_VERDICT_NO_EFFECT
                                                            : DAIS_VERDICT_ACCEPTED;
}

static dais_verdict_t decision_check_target(dais_step_t *step, const dais_id_t *id,
                                            uint64_t question, dais_matter_t *matter)
{
    if (!dais_decide_find(step->rules, id, matter))
        return DAIS_VERDICT_UNKNOWN_ORGANISATION;
    if (step->cycle_state == DAIS_CYCLE_CANCELLED && !matter->has_open_carried)
        return DAIS_VERDICT_WRONG_STATE;
    if (matter->has_org && dais_org_is_pre_list(&matter->org) && !matter->has_open_carried)
        return DAIS_VERDICT_NOT_LISTED;
    if (matter->has_org && !matter->has_open &&
        (matter->org.row.withdrawn != 0 || matter->org.row.state == DAIS_APPLICATION_LAPSED))
        return DAIS_VERDICT_NO_EFFECT;
    return decision_check_question(matter, question);
}

dais_verdict_t dais_target_decision(dais_step_t *step, const void *element)
{
    const dais_decision_t *decision = step->subject;
    const dais_id_item_t *item = element;
    dais_matter_t matter;
    dais_verdict_t verdict = decision_check_target(step, &item->value, decision->question, &matter);
    if (verdict != DAIS_VERDICT_ACCEPTED)
        return verdict;
    step->target = dais_decide_target(&matter);
    if (decision->result == DAIS_RESULT_CARRIED)
        dais_decide(step->rules, &matter, decision->question);
    return DAIS_VERDICT_ACCEPTED;
}
