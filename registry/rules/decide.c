/* SPDX-License-Identifier: Apache-2.0
 *
 * What a body decides, and how that is put back (docs/rules.md, 5.4 and 6.6). A decision moves
 * along the tables. Putting back does not: it restores what the decision changed, from what was
 * kept when it was made, and from then on there is nothing kept to go back further. */
#include "registry/rules/decide.h"

#define TARGET_CARRIED ((uint64_t)1 << 32)

bool dais_decide_find(dais_rules_t *rules, const dais_id_t *id, dais_matter_t *matter)
{
    dais_carried_row_t row;
    uint32_t number = 0;
    matter->id = *id;
    matter->carried = 0;
    matter->has_open_carried = false;
    matter->has_org = dais_org_find(rules, id, &matter->org);
    while (dais_carried_next(rules, id, &number, &row)) {
        bool is_open = dais_case_is_open(row.state);
        if (matter->carried == 0 || (is_open && !matter->has_open_carried))
            matter->carried = number;
        matter->has_open_carried = matter->has_open_carried || is_open;
    }
    matter->has_open =
        matter->has_open_carried || (matter->has_org && dais_case_has_open(rules, &matter->org));
    return matter->has_org || matter->carried != 0;
}

uint64_t dais_decide_target(const dais_matter_t *matter)
{
    return matter->has_org ? matter->org.number : TARGET_CARRIED + matter->carried;
}

static bool decide_is_general(uint64_t question)
{
    return question == DAIS_QUESTION_PROCEDURE || question == DAIS_QUESTION_ENDORSE;
}

dais_verdict_t dais_decide_check(const dais_step_t *step, const dais_motion_t *motion)
{
    const dais_policy_t *policy = &step->rules->policy;
    dais_policy_body_t body =
        motion->question == DAIS_QUESTION_ENDORSE ? policy->endorsement.role : policy->decider.role;
    if (step->who.role != dais_step_role_of(body))
        return DAIS_VERDICT_NOT_COMPETENT;
    if (decide_is_general(motion->question) != (motion->targets->count == 0) ||
        (motion->question == DAIS_QUESTION_DEFER) != motion->is_put_off ||
        (motion->question == DAIS_QUESTION_PROCEDURE) != (motion->majority != 0))
        return DAIS_VERDICT_SENSELESS;
    return DAIS_VERDICT_ACCEPTED;
}

static unsigned decide_majority(const dais_rules_t *rules, uint64_t question)
{
    if (question == DAIS_QUESTION_PROCEDURE)
        return DAIS_MAJORITY_SIMPLE;
    if (rules->cycle.majority != 0)
        return rules->cycle.majority;
    return rules->policy.majority == DAIS_POLICY_MAJORITY_TWO_THIRDS ? DAIS_MAJORITY_TWO_THIRDS
                                                                     : DAIS_MAJORITY_SIMPLE;
}

static bool decide_carries(unsigned majority, const dais_motion_t *motion)
{
    if (majority == DAIS_MAJORITY_TWO_THIRDS)
        return motion->yes > 0 && 3 * motion->yes >= 2 * (motion->yes + motion->no);
    return motion->yes > motion->no;
}

dais_verdict_t dais_decide_votes(const dais_rules_t *rules, const dais_motion_t *motion)
{
    bool given = motion->yes + motion->no + motion->abstained > 0;
    bool carried = decide_carries(decide_majority(rules, motion->question), motion);
    if (!given)
        return motion->manner == DAIS_MANNER_RECORDED ? DAIS_VERDICT_VOTES_REQUIRED
                                                      : DAIS_VERDICT_ACCEPTED;
    if (motion->manner == DAIS_MANNER_CONSENSUS ||
        carried != (motion->result == DAIS_RESULT_CARRIED))
        return DAIS_VERDICT_VOTE_MISMATCH;
    return DAIS_VERDICT_ACCEPTED;
}

/* Results of cases: 1 admitted, 2 refused. */
static uint8_t decide_want(const dais_matter_t *matter, uint64_t question)
{
    bool is_admitted = matter->has_org && matter->org.row.state == DAIS_APPLICATION_ADMITTED;
    if (question == DAIS_QUESTION_ADMIT)
        return 1;
    return question == DAIS_QUESTION_REVERSE && !is_admitted ? 1 : 2;
}

static void decide_objection(dais_rules_t *rules, dais_org_t *org, dais_ob_t *ob, uint8_t want)
{
    bool is_lodged = ob->row.state == DAIS_OBJECTION_LODGED;
    bool is_timely = (ob->row.marks & DAIS_OBJECTION_TIMELY) != 0;
    bool is_live = is_lodged || ob->row.state == DAIS_OBJECTION_STANDING ||
                   ob->row.state == DAIS_OBJECTION_UPHELD ||
                   ob->row.state == DAIS_OBJECTION_OVERTURNED;
    dais_objection_state_t to = want == 1 ? DAIS_OBJECTION_OVERTURNED : DAIS_OBJECTION_UPHELD;
    if (!is_live || ob->row.state == to)
        return;
    ob->row.before = ob->row.state;
    if (is_lodged && want == 2 && is_timely)
        dais_ob_move(rules, org, ob, DAIS_OBJECTION_STANDING);
    else if (is_lodged)
        to = DAIS_OBJECTION_INVALID;
    dais_ob_move(rules, org, ob, to);
}

static void decide_objections(dais_rules_t *rules, dais_org_t *org, uint8_t want)
{
    dais_ob_t ob;
    uint32_t state = 0;
    while (dais_ob_next(rules, org, &state, &ob))
        decide_objection(rules, org, &ob, want);
}

static void decide_keep_before(dais_rules_t *rules, dais_org_t *org, const dais_case_row_t *row)
{
    org->row.before_state = org->row.state;
    org->row.before_cause = org->row.cause;
    org->row.before_case = row->state;
    org->row.before_result = row->result;
    org->row.before_decided = org->row.decided;
    org->row.decided = rules->seq;
    /* From here on the public may be told of it, also where its state stays. */
    dais_org_touch(rules, org);
}

static void decide_org(dais_rules_t *rules, dais_org_t *org, uint64_t question, uint8_t want)
{
    dais_case_row_t row = {.state = 0};
    bool has_case = dais_case_get(rules, org, &row);
    bool is_open = has_case && dais_case_is_open(row.state);
    decide_keep_before(rules, org, &row);
    if (question == DAIS_QUESTION_DEFER) {
        if (is_open)
            dais_case_move(rules, org, &row, DAIS_CASE_DEFERRED);
        return;
    }
    decide_objections(rules, org, want);
    if (is_open || (has_case && row.state == DAIS_CASE_DECIDED)) {
        row.result = want;
        dais_case_move(rules, org, &row, DAIS_CASE_DECIDED);
    }
    if (org->row.state == DAIS_APPLICATION_LAPSED)
        return;
    dais_org_move(rules, org, want == 1 ? DAIS_APPLICATION_ADMITTED : DAIS_APPLICATION_REFUSED,
                  DAIS_CAUSE_DECIDER);
    org->row.cause = DAIS_CAUSE_DECIDER;
}

static void decide_carried(dais_rules_t *rules, const dais_id_t *id, uint64_t question,
                           uint8_t want)
{
    dais_carried_row_t row;
    uint32_t number = 0;
    bool is_deferral = question == DAIS_QUESTION_DEFER;
    while (dais_carried_next(rules, id, &number, &row)) {
        if (!dais_case_is_open(row.state))
            continue;
        row.before = row.state;
        row.before_result = row.result;
        row.ended = rules->seq;
        if (!is_deferral)
            row.result = want;
        dais_carried_move(rules, number, &row,
                          is_deferral ? DAIS_CASE_DEFERRED : DAIS_CASE_DECIDED);
    }
}

/* One that is not before the States takes part in nothing but the cases of its id; so does one that
 * withdrew, also where its state is still that of a refusal. */
static bool decide_moves(const dais_matter_t *matter)
{
    return matter->has_org && !dais_org_is_pre_list(&matter->org) && matter->org.row.withdrawn == 0;
}

void dais_decide(dais_rules_t *rules, dais_matter_t *matter, uint64_t question)
{
    uint8_t want = decide_want(matter, question);
    if (decide_moves(matter)) {
        decide_org(rules, &matter->org, question, want);
        dais_org_put(rules, &matter->org);
    }
    decide_carried(rules, &matter->id, question, want);
}

static void undo_objections(dais_rules_t *rules, dais_org_t *org, uint64_t decision)
{
    dais_ob_t ob;
    uint32_t state = 0;
    while (dais_ob_next(rules, org, &state, &ob)) {
        if (ob.row.ended != decision)
            continue;
        bool is_lodged = ob.row.before == DAIS_OBJECTION_LODGED;
        bool has_ended = !is_lodged && ob.row.before != DAIS_OBJECTION_STANDING;
        dais_move_report(rules, &(dais_move_t){.machine = DAIS_MACHINE_OBJECTION,
                                               .number = ob.number,
                                               .from = ob.row.state,
                                               .to = ob.row.before,
                                               .is_restored = true});
        ob.row.state = ob.row.before;
        ob.row.ended = has_ended ? org->row.before_decided : 0;
        ob.row.before = 0;
        if (is_lodged)
            ob.row.stood = 0;
        dais_ob_put(rules, org, &ob);
    }
}

static void undo_case(dais_rules_t *rules, dais_org_t *org)
{
    dais_case_row_t row;
    uint8_t before = org->row.before_case;
    if (before == 0 || !dais_case_get(rules, org, &row))
        return;
    row.result = org->row.before_result;
    row.ended = dais_case_is_open(before) ? 0 : org->row.before_decided;
    dais_case_restore(rules, org, &row, before);
}

/* Only a case that the decision settled: one that was moot before it is none of its business. */
static void undo_settled_case(dais_rules_t *rules, dais_org_t *org, uint64_t decision)
{
    dais_case_row_t row;
    if (dais_case_get(rules, org, &row) && row.ended == decision)
        undo_case(rules, org);
}

/* A deferral changed the case alone; if that has gone on since, there it stays. */
static void undo_deferral(dais_rules_t *rules, dais_org_t *org)
{
    dais_case_row_t row;
    if (dais_case_get(rules, org, &row) && row.state == DAIS_CASE_DEFERRED)
        undo_case(rules, org);
}

static void undo_state(dais_rules_t *rules, dais_org_t *org)
{
    dais_move_report(rules, &(dais_move_t){.machine = DAIS_MACHINE_APPLICATION,
                                           .number = org->number,
                                           .from = org->row.state,
                                           .to = org->row.before_state,
                                           .cause = (dais_cause_t)org->row.before_cause,
                                           .is_restored = true});
    org->row.state = org->row.before_state;
    org->row.cause = org->row.before_cause;
}

static void undo_org(dais_rules_t *rules, dais_org_t *org, uint64_t decision, uint64_t question)
{
    if (question == DAIS_QUESTION_DEFER) {
        undo_deferral(rules, org);
    } else {
        undo_objections(rules, org, decision);
        undo_settled_case(rules, org, decision);
        undo_state(rules, org);
    }
    org->row.decided = org->row.before_decided;
    org->row.before_decided = 0;
    org->row.before_state = 0;
    org->row.before_cause = 0;
    org->row.before_case = 0;
    org->row.before_result = 0;
    dais_org_touch(rules, org);
}

static void undo_carried(dais_rules_t *rules, const dais_id_t *id, uint64_t decision)
{
    dais_carried_row_t row;
    uint32_t number = 0;
    while (dais_carried_next(rules, id, &number, &row)) {
        if (row.ended != decision || row.before == 0)
            continue;
        uint8_t before = row.before;
        row.result = row.before_result;
        row.ended = 0;
        row.before = 0;
        row.before_result = 0;
        dais_carried_restore(rules, number, &row, before);
    }
}

void dais_decide_undo(dais_rules_t *rules, dais_matter_t *matter, uint64_t decision,
                      uint64_t question)
{
    if (matter->has_org && matter->org.row.decided == decision) {
        undo_org(rules, &matter->org, decision, question);
        dais_org_put(rules, &matter->org);
    }
    undo_carried(rules, &matter->id, decision);
}

void dais_decide_keep(dais_rules_t *rules, uint64_t seq, const dais_decision_row_t *row)
{
    dais_row_key_t key = {{seq}};
    rules->store->port->sorted_put(rules->store, DAIS_TABLE_DECISION, &key, row);
}
