/* SPDX-License-Identifier: Apache-2.0
 *
 * A decision that was recorded wrongly is recorded as it was (docs/rules.md, 6.6). What the wrong
 * record changed is put back, the right one is decided, and what ticks have settled in between is
 * settled for it too. Both entries stay. */
#include "registry/rules/decide.h"

static dais_motion_t correction_motion(const dais_correction_t *correction)
{
    return (dais_motion_t){.question = correction->question,
                           .manner = correction->manner,
                           .yes = correction->yes,
                           .no = correction->no,
                           .abstained = correction->abstained,
                           .result = correction->result,
                           .majority = correction->majority,
                           .is_put_off = correction->deferred_to.size != 0,
                           .targets = &correction->targets};
}

static bool correction_find(dais_rules_t *rules, uint64_t decision, dais_decision_row_t *row)
{
    dais_row_key_t key = {{decision}};
    return rules->store->port->sorted_get(rules->store, DAIS_TABLE_DECISION, &key, row);
}

/* The target at a place of the corrected one; 0 if it had no effect. */
static uint64_t correction_kept(dais_rules_t *rules, uint64_t decision, uint32_t place)
{
    dais_row_key_t key = {{decision, place}};
    dais_target_row_t row;
    return rules->store->port->sorted_get(rules->store, DAIS_TABLE_TARGET, &key, &row) ? row.number
                                                                                       : 0;
}

/* Does the number that was kept mean this id? Of what was kept as 0 the id is not known. */
static bool correction_means(dais_rules_t *rules, uint64_t number, const dais_id_t *id)
{
    dais_carried_row_t carried;
    dais_org_t org;
    if (number == 0)
        return true;
    if (number > UINT32_MAX)
        return rules->store->port->dense_get(rules->store, DAIS_TABLE_CARRIED, number & UINT32_MAX,
                                             &carried) &&
               memcmp(carried.id, id->bytes, sizeof carried.id) == 0;
    return dais_org_get(rules, number, &org) &&
           memcmp(org.row.id, id->bytes, sizeof org.row.id) == 0;
}

static bool correction_matches(dais_rules_t *rules, const dais_correction_t *correction,
                               const dais_decision_row_t *row)
{
    dais_id_item_t item;
    uint32_t place = 0;
    if (correction->question != row->question || correction->targets.count != row->targets)
        return false;
    dais_list_walk_t walk = dais_list_begin(&correction->targets, &dais_shape_id_item);
    while (dais_list_next(&walk, &item)) {
        uint64_t kept = correction_kept(rules, correction->corrects, place++);
        if (!correction_means(rules, kept, &item.value))
            return false;
    }
    return true;
}

static dais_verdict_t correction_check(dais_step_t *step, dais_decision_row_t *row)
{
    const dais_correction_t *correction = step->subject;
    dais_motion_t motion = correction_motion(correction);
    dais_verdict_t verdict = dais_decide_check(step, &motion);
    if (verdict != DAIS_VERDICT_ACCEPTED)
        return verdict;
    if (!correction_find(step->rules, correction->corrects, row))
        return DAIS_VERDICT_UNKNOWN_ENTRY;
    if (row->corrected != 0)
        return DAIS_VERDICT_SUPERSEDED;
    if (!correction_matches(step->rules, correction, row))
        return DAIS_VERDICT_CORRECTION_MISMATCH;
    verdict = dais_decide_votes(step->rules, &motion);
    if (verdict != DAIS_VERDICT_ACCEPTED)
        return verdict;
    /* An endorsement is not unsaid by a correction. */
    return row->question == DAIS_QUESTION_ENDORSE && row->result == DAIS_RESULT_CARRIED
               ? DAIS_VERDICT_NO_EFFECT
               : DAIS_VERDICT_ACCEPTED;
}

/* Procedure and endorsement, which have no targets. */
static void correction_general(dais_rules_t *rules, const dais_correction_t *correction,
                               const dais_decision_row_t *corrected)
{
    bool is_carried = correction->result == DAIS_RESULT_CARRIED;
    if (correction->question == DAIS_QUESTION_ENDORSE && is_carried)
        dais_cycle_endorse(rules);
    if (correction->question != DAIS_QUESTION_PROCEDURE)
        return;
    if (corrected->result == DAIS_RESULT_CARRIED)
        rules->cycle.majority = corrected->majority_before;
    if (is_carried)
        rules->cycle.majority = (uint8_t)correction->majority;
}

dais_verdict_t dais_kind_correction(dais_step_t *step)
{
    const dais_correction_t *correction = step->subject;
    dais_rules_t *rules = step->rules;
    dais_decision_row_t row;
    dais_verdict_t verdict = correction_check(step, &row);
    if (verdict != DAIS_VERDICT_ACCEPTED)
        return verdict;
    row.corrected = rules->seq;
    dais_decide_keep(rules, correction->corrects, &row);
    uint8_t majority_before = rules->cycle.majority;
    if (row.result == DAIS_RESULT_CARRIED)
        majority_before = row.majority_before;
    dais_decide_keep(
        rules, rules->seq,
        &(dais_decision_row_t){.root = row.root,
                               .targets = row.targets,
                               .question = row.question,
                               .result = (uint8_t)correction->result,
                               .majority_before =
                                   row.question == DAIS_QUESTION_PROCEDURE ? majority_before : 0});
    correction_general(rules, correction, &row);
    return DAIS_VERDICT_ACCEPTED;
}

/* Only the last decision on a target can be corrected, and only while what stood before it is
 * still kept. */
static bool correction_is_last(dais_rules_t *rules, const dais_matter_t *matter, uint64_t decision)
{
    dais_carried_row_t row;
    uint32_t number = 0;
    if (matter->has_org && matter->org.row.decided != 0)
        return matter->org.row.decided == decision && matter->org.row.before_state != 0;
    while (dais_carried_next(rules, &matter->id, &number, &row))
        if (row.ended == decision && row.before != 0)
            return true;
    return false;
}

/* What ticks have settled since then is settled for it too. A deferral left the state alone. */
static void correction_catch_up(dais_rules_t *rules, dais_org_t *org, bool was_put_back,
                                bool is_deferral)
{
    bool is_waiting = org->row.state == DAIS_APPLICATION_LISTED ||
                      org->row.state == DAIS_APPLICATION_UNOPPOSED ||
                      org->row.state == DAIS_APPLICATION_CONTESTED;
    if (rules->cycle.settled != 0 && is_waiting && was_put_back && !is_deferral) {
        dais_weigh_settle(rules, org);
    } else if (rules->cycle.settled == 0 && was_put_back) {
        if (org->row.state == DAIS_APPLICATION_LISTED && rules->cycle.state == DAIS_CYCLE_WINDOW)
            dais_org_move(rules, org, DAIS_APPLICATION_UNOPPOSED, DAIS_CAUSE_NONE);
        dais_weigh(rules, org);
    }
    if (rules->cycle.ended != 0 && was_put_back)
        dais_weigh_end(rules, org);
    dais_org_put(rules, org);
}

/* What was open when the cycle was cancelled is so no more. */
static void correction_cancel(dais_rules_t *rules, dais_org_t *org)
{
    dais_weigh_withdraw(rules, org);
    dais_org_put(rules, org);
}

dais_verdict_t dais_target_correction(dais_step_t *step, const void *element)
{
    const dais_correction_t *correction = step->subject;
    const dais_id_item_t *item = element;
    dais_rules_t *rules = step->rules;
    dais_decision_row_t row;
    dais_matter_t matter;
    if (correction_kept(rules, correction->corrects, step->place) == 0 ||
        !correction_find(rules, correction->corrects, &row) ||
        !dais_decide_find(rules, &item->value, &matter))
        return DAIS_VERDICT_NO_EFFECT;
    bool puts_back = row.result == DAIS_RESULT_CARRIED;
    if (puts_back && !correction_is_last(rules, &matter, correction->corrects))
        return DAIS_VERDICT_SUPERSEDED;
    if (matter.has_org && matter.org.row.withdrawn != 0)
        return DAIS_VERDICT_NO_EFFECT;
    step->target = dais_decide_target(&matter);
    bool was_put_back = puts_back && matter.has_org && matter.org.row.decided != 0;
    if (puts_back)
        dais_decide_undo(rules, &matter, correction->corrects, row.question);
    if (correction->result == DAIS_RESULT_CARRIED)
        dais_decide(rules, &matter, correction->question);
    if (was_put_back && rules->cycle.state == DAIS_CYCLE_CANCELLED)
        correction_cancel(rules, &matter.org);
    else if (matter.has_org && rules->cycle.state != DAIS_CYCLE_CANCELLED)
        correction_catch_up(rules, &matter.org, was_put_back, row.question == DAIS_QUESTION_DEFER);
    return DAIS_VERDICT_ACCEPTED;
}
