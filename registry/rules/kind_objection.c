/* SPDX-License-Identifier: Apache-2.0
 *
 * Objections, signatures and reasons (docs/rules.md, 5.3 and 6.5). What is invalid is a verdict
 * and makes no row; a row is an objection that stood, or that waits for a signature or a ruling. */
#include "registry/rules/rules_private.h"

bool dais_objection_is_entitled(dais_rules_t *rules, uint32_t state)
{
    dais_state_row_t row;
    return state != 0 &&
           rules->store->port->dense_get(rules->store, DAIS_TABLE_STATE, state, &row) &&
           row.entitled != 0 &&
           (rules->policy.may_object != DAIS_POLICY_OBJECTOR_PARTIES_PRESENT || row.present != 0);
}

/* LATE, EARLY, or when it is taken. */
static dais_verdict_t objection_timing(const dais_step_t *step)
{
    const dais_rules_t *rules = step->rules;
    if (rules->policy.objection_window.end.anchor == DAIS_POLICY_ANCHOR_NONE) {
        if (step->cycle_state < DAIS_CYCLE_LISTED)
            return DAIS_VERDICT_EARLY;
        return step->cycle_state >= DAIS_CYCLE_ENDED ? DAIS_VERDICT_LATE : DAIS_VERDICT_ACCEPTED;
    }
    if (!dais_dates_is_ticked(rules, DAIS_DATE_OBJECTION_OPENS))
        return DAIS_VERDICT_EARLY;
    if (rules->policy.decider.role == DAIS_POLICY_BODY_NONE &&
        step->cycle_state >= DAIS_CYCLE_ENDED)
        return DAIS_VERDICT_LATE; /* Nobody could rule on it any more. */
    return dais_dates_deadline(step, DAIS_DATE_OBJECTION_CLOSES, DAIS_THING_OBJECTION);
}

bool dais_objection_is_listed(const dais_org_t *org)
{
    return org->row.listed != 0 || org->row.route != DAIS_ROUTE_FORM;
}

static bool objection_is_objectable(const dais_policy_t *policy, const dais_org_t *org)
{
    if (policy->prior_accreditation == DAIS_POLICY_PRIOR_BARS_OBJECTION &&
        org->row.confirmed_prior == DAIS_ANSWER_YES)
        return false;
    return policy->ecosoc_objectable == DAIS_POLICY_OBJECTABLE_YES ||
           org->row.confirmed_ecosoc != DAIS_ANSWER_YES;
}

static dais_verdict_t objection_check_code(const dais_policy_t *policy, dais_slice_t code)
{
    if (code.size == 0)
        return policy->reasons == DAIS_POLICY_REASONS_REQUIRED ? DAIS_VERDICT_REASON_REQUIRED
                                                               : DAIS_VERDICT_ACCEPTED;
    if (policy->reasons == DAIS_POLICY_REASONS_NONE ||
        (policy->reason_codes.count != 0 && !dais_step_has_word(&policy->reason_codes, code)))
        return DAIS_VERDICT_UNKNOWN_REASON;
    return DAIS_VERDICT_ACCEPTED;
}

/* Is the outcome of no objection any more? */
static bool objection_is_settled(const dais_org_t *org)
{
    unsigned state = org->row.state;
    bool is_open = state >= DAIS_APPLICATION_UNOPPOSED && state <= DAIS_APPLICATION_ADMITTED;
    return org->row.decided != 0 || !is_open ||
           (state == DAIS_APPLICATION_ADMITTED && org->row.route != DAIS_ROUTE_FORM);
}

/* Checks 1 to 6 of an objection to one organisation. */
static dais_verdict_t objection_check(dais_step_t *step, const dais_objected_t *target,
                                      bool is_entitled, dais_org_t *org)
{
    const dais_policy_t *policy = &step->rules->policy;
    if (step->timing == DAIS_VERDICT_LATE || step->timing == DAIS_VERDICT_EARLY)
        return step->timing;
    if (!is_entitled)
        return DAIS_VERDICT_NOT_ENTITLED;
    if (!dais_org_find(step->rules, &target->organisation, org) || !dais_objection_is_listed(org))
        return DAIS_VERDICT_NOT_LISTED;
    if (!objection_is_objectable(policy, org))
        return DAIS_VERDICT_NOT_OBJECTABLE;
    return objection_check_code(policy, target->reason);
}

static bool objection_is_live(dais_rules_t *rules, const dais_org_t *org, uint32_t state)
{
    dais_ob_t ob;
    return dais_ob_last(rules, org, state, &ob) &&
           (ob.row.state == DAIS_OBJECTION_LODGED || ob.row.state == DAIS_OBJECTION_STANDING);
}

/* The States in whose name an objection is lodged. */
typedef struct {
    bool own_counts;
    bool all_entitled;
    uint32_t own;
    uint32_t named[DAIS_LIMIT_STATES];
    uint32_t count;
} objection_states_t;

static void objection_states(dais_step_t *step, objection_states_t *states)
{
    const dais_objection_t *subject = step->subject;
    dais_rules_t *rules = step->rules;
    bool is_representative = rules->policy.group_objection == DAIS_POLICY_JOINT_REPRESENTATIVE &&
                             subject->states.count != 0;
    dais_state_item_t item;
    dais_list_walk_t walk = dais_list_begin(&subject->states, &dais_shape_state_item);
    states->own = step->who.state_number;
    states->own_counts = dais_objection_is_entitled(rules, states->own);
    states->all_entitled = states->own_counts || is_representative;
    states->count = 0;
    while (dais_list_next(&walk, &item)) {
        uint32_t number = dais_step_find_state(rules, item.value);
        if (!dais_objection_is_entitled(rules, number))
            states->all_entitled = false;
        states->named[states->count++] = number;
    }
}

static bool objection_is_duplicate(dais_rules_t *rules, const dais_org_t *org,
                                   const objection_states_t *states)
{
    if (states->own_counts)
        return objection_is_live(rules, org, states->own);
    for (uint32_t i = 0; i < states->count; i++)
        if (!objection_is_live(rules, org, states->named[i]))
            return false;
    return true;
}

/* It stands from here on, or, received in time and logged too late, waits for a ruling. */
static void objection_take(dais_step_t *step, dais_org_t *org, dais_ob_t *ob)
{
    if (step->timing != DAIS_VERDICT_TIMELY_AFTER_TICK) {
        dais_ob_move(step->rules, org, ob, DAIS_OBJECTION_STANDING);
        return;
    }
    ob->row.marks |= DAIS_OBJECTION_TIMELY;
    dais_ob_put(step->rules, org, ob);
}

/* What is weighed once, after all States of one target. */
static void objection_weigh(dais_step_t *step, dais_org_t *org)
{
    if (step->timing == DAIS_VERDICT_TIMELY_AFTER_TICK) {
        dais_weigh_raise(step->rules, org);
        dais_weigh_urge(step->rules, org);
    } else {
        dais_weigh(step->rules, org);
    }
    dais_org_put(step->rules, org);
}

static void objection_lodge_named(dais_step_t *step, dais_org_t *org, uint32_t state,
                                  uint32_t reason)
{
    dais_rules_t *rules = step->rules;
    dais_ob_t ob;
    if (objection_is_live(rules, org, state))
        return;
    dais_ob_add(rules, org, state, reason, &ob);
    ob.row.marks = DAIS_OBJECTION_NAMED;
    dais_ob_put(rules, org, &ob);
    if (rules->policy.group_objection == DAIS_POLICY_JOINT_REPRESENTATIVE)
        objection_take(step, org, &ob);
}

static void objection_keep_instrument(dais_step_t *step)
{
    dais_rules_store_t *store = step->rules->store;
    dais_slice_t id = dais_slice(step->message->id.bytes, DAIS_ID_SIZE);
    if (store->port->find(store, DAIS_INDEX_INSTRUMENT, id) == 0)
        store->port->add(store, DAIS_INDEX_INSTRUMENT, id, step->rules->seq);
}

static void objection_lodge(dais_step_t *step, dais_org_t *org, const objection_states_t *states,
                            dais_slice_t code)
{
    uint32_t reason = (uint32_t)dais_store_text(step->rules->store, code);
    dais_ob_t ob;
    if (states->own_counts) {
        dais_ob_add(step->rules, org, states->own, reason, &ob);
        objection_take(step, org, &ob);
    }
    for (uint32_t i = 0; i < states->count; i++)
        objection_lodge_named(step, org, states->named[i], reason);
    objection_keep_instrument(step);
    objection_weigh(step, org);
}

static bool objection_names_own(const dais_step_t *step)
{
    const dais_objection_t *subject = step->subject;
    dais_state_item_t item;
    dais_list_walk_t walk = dais_list_begin(&subject->states, &dais_shape_state_item);
    while (dais_list_next(&walk, &item))
        if (dais_step_find_state(step->rules, item.value) == step->who.state_number)
            return true;
    return false;
}

dais_verdict_t dais_kind_objection(dais_step_t *step)
{
    const dais_objection_t *subject = step->subject;
    dais_policy_joint_t joint = step->rules->policy.group_objection;
    bool is_group = subject->states.count != 0;
    if (is_group && joint == DAIS_POLICY_JOINT_NONE)
        return DAIS_VERDICT_GROUP_NOT_ALLOWED;
    if (is_group && joint == DAIS_POLICY_JOINT_REPRESENTATIVE && subject->source.size == 0)
        return DAIS_VERDICT_SOURCE_REQUIRED;
    if (!dais_step_states_distinct(&subject->states) || objection_names_own(step))
        return DAIS_VERDICT_SENSELESS;
    step->timing = objection_timing(step);
    return DAIS_VERDICT_ACCEPTED;
}

dais_verdict_t dais_target_objection(dais_step_t *step, const void *element)
{
    const dais_objected_t *target = element;
    objection_states_t states;
    dais_org_t org;
    objection_states(step, &states);
    dais_verdict_t verdict = objection_check(step, target, states.all_entitled, &org);
    if (verdict != DAIS_VERDICT_ACCEPTED)
        return verdict;
    if (objection_is_duplicate(step->rules, &org, &states))
        return DAIS_VERDICT_DUPLICATE_OBJECTION;
    if (objection_is_settled(&org))
        return DAIS_VERDICT_ALREADY_DECIDED;
    step->target = org.number;
    objection_lodge(step, &org, &states, target->reason);
    return step->timing;
}

dais_verdict_t dais_kind_co_signature(dais_step_t *step)
{
    if (step->rules->policy.group_objection != DAIS_POLICY_JOINT_EACH_SIGNS)
        return DAIS_VERDICT_GROUP_NOT_ALLOWED;
    step->timing = objection_timing(step);
    return DAIS_VERDICT_ACCEPTED;
}

static bool objection_waits(dais_step_t *step, const dais_org_t *org, dais_ob_t *ob)
{
    const dais_co_signature_t *subject = step->subject;
    dais_rules_store_t *store = step->rules->store;
    uint64_t instrument = store->port->find(store, DAIS_INDEX_INSTRUMENT,
                                            dais_slice(subject->instrument.bytes, DAIS_ID_SIZE));
    return dais_ob_last(step->rules, org, step->who.state_number, ob) &&
           ob->row.state == DAIS_OBJECTION_LODGED && ob->row.instrument == instrument &&
           (ob->row.marks & DAIS_OBJECTION_TIMELY) == 0;
}

static void objection_give_reason(dais_rules_t *rules, dais_ob_t *ob, dais_slice_t code)
{
    if (code.size != 0)
        ob->row.reason_number = (uint32_t)dais_store_text(rules->store, code);
}

dais_verdict_t dais_target_co_signature(dais_step_t *step, const void *element)
{
    const dais_objected_t *target = element;
    dais_rules_t *rules = step->rules;
    dais_org_t org;
    dais_ob_t ob;
    bool is_entitled = dais_objection_is_entitled(rules, step->who.state_number);
    dais_verdict_t verdict = objection_check(step, target, is_entitled, &org);
    if (verdict != DAIS_VERDICT_ACCEPTED)
        return verdict;
    if (!objection_waits(step, &org, &ob))
        return DAIS_VERDICT_NOTHING_TO_SIGN;
    if (objection_is_settled(&org))
        return DAIS_VERDICT_ALREADY_DECIDED;
    step->target = org.number;
    objection_give_reason(rules, &ob, target->reason);
    objection_take(step, &org, &ob);
    objection_weigh(step, &org);
    return step->timing;
}

dais_verdict_t dais_kind_reason_added(dais_step_t *step)
{
    (void)step; /* Each target has a verdict of its own. */
    return DAIS_VERDICT_ACCEPTED;
}

dais_verdict_t dais_target_reason_added(dais_step_t *step, const void *element)
{
    const dais_objected_t *target = element;
    dais_rules_t *rules = step->rules;
    dais_org_t org;
    dais_ob_t ob;
    if (!dais_org_find(rules, &target->organisation, &org) ||
        !dais_ob_last(rules, &org, step->who.state_number, &ob) ||
        ob.row.state != DAIS_OBJECTION_STANDING)
        return DAIS_VERDICT_NO_OBJECTION;
    if (target->reason.size == 0)
        return DAIS_VERDICT_REASON_REQUIRED;
    dais_verdict_t verdict = objection_check_code(&rules->policy, target->reason);
    if (verdict != DAIS_VERDICT_ACCEPTED)
        return verdict;
    step->target = org.number;
    uint32_t before = ob.row.reason_number;
    objection_give_reason(rules, &ob, target->reason);
    if (ob.row.reason_number == before)
        return DAIS_VERDICT_NO_EFFECT;
    dais_ob_put(rules, &org, &ob);
    return DAIS_VERDICT_ACCEPTED;
}
