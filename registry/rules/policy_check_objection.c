/* SPDX-License-Identifier: Apache-2.0
 *
 * Contradictions about objections, their effect, and who decides. */
#include "registry/rules/policy_check.h"

static bool objection_no_decider(const dais_policy_t *p)
{
    return p->decider.role == DAIS_POLICY_BODY_NONE;
}

static bool veto_decider(const dais_policy_t *p)
{
    return p->objection_effect == DAIS_POLICY_EFFECT_VETO && !objection_no_decider(p);
}

static bool block_no_decider(const dais_policy_t *p)
{
    return p->objection_effect == DAIS_POLICY_EFFECT_BLOCK && objection_no_decider(p);
}

static bool refer_no_decider(const dais_policy_t *p)
{
    return p->objection_effect == DAIS_POLICY_EFFECT_REFER && objection_no_decider(p);
}

static bool vote_no_decider(const dais_policy_t *p)
{
    return p->objection_effect == DAIS_POLICY_EFFECT_NONE_UNTIL_VOTE && objection_no_decider(p);
}

static bool vote_threshold(const dais_policy_t *p)
{
    return p->objection_effect == DAIS_POLICY_EFFECT_NONE_UNTIL_VOTE &&
           p->objection_threshold.numerator != 0;
}

static bool effect_no_threshold(const dais_policy_t *p)
{
    return p->objection_effect != DAIS_POLICY_EFFECT_NONE_UNTIL_VOTE &&
           p->objection_threshold.numerator == 0;
}

static bool fraction_no_presence(const dais_policy_t *p)
{
    return p->objection_threshold.denominator != 0 &&
           p->may_object != DAIS_POLICY_OBJECTOR_PARTIES_PRESENT;
}

static bool fraction_representative(const dais_policy_t *p)
{
    return p->objection_threshold.denominator != 0 &&
           p->group_objection == DAIS_POLICY_JOINT_REPRESENTATIVE;
}

static bool undecided_not_refer(const dais_policy_t *p)
{
    return p->objection_effect != DAIS_POLICY_EFFECT_REFER &&
           p->state_while_undecided != DAIS_POLICY_UNDECIDED_NONE;
}

static bool refer_no_undecided(const dais_policy_t *p)
{
    return p->objection_effect == DAIS_POLICY_EFFECT_REFER &&
           p->state_while_undecided == DAIS_POLICY_UNDECIDED_NONE;
}

static bool lapse_no_decider(const dais_policy_t *p)
{
    return p->lapse_rule != DAIS_POLICY_LAPSE_NONE && objection_no_decider(p);
}

static bool decider_no_lapse(const dais_policy_t *p)
{
    return p->lapse_rule == DAIS_POLICY_LAPSE_NONE && !objection_no_decider(p);
}

static bool vote_lapse_out(const dais_policy_t *p)
{
    return p->objection_effect == DAIS_POLICY_EFFECT_NONE_UNTIL_VOTE &&
           p->lapse_rule == DAIS_POLICY_LAPSE_OUT;
}

static bool decider_next_lapse_now(const dais_policy_t *p)
{
    return p->decider.at_session == DAIS_POLICY_AT_SESSION_NEXT &&
           (p->lapse_rule == DAIS_POLICY_LAPSE_OUT || p->lapse_rule == DAIS_POLICY_LAPSE_IN);
}

static bool objection_is_one_person(dais_policy_body_t role)
{
    return role == DAIS_POLICY_BODY_CHAIR || role == DAIS_POLICY_BODY_SECRETARIAT;
}

static bool majority_no_voters(const dais_policy_t *p)
{
    return p->majority != DAIS_POLICY_MAJORITY_NONE &&
           (objection_no_decider(p) || objection_is_one_person(p->decider.role));
}

static bool voters_no_majority(const dais_policy_t *p)
{
    return p->majority == DAIS_POLICY_MAJORITY_NONE && !objection_no_decider(p) &&
           !objection_is_one_person(p->decider.role);
}

static bool decision_window_no_decider(const dais_policy_t *p)
{
    return p->decision_window.start.anchor != DAIS_POLICY_ANCHOR_NONE && objection_no_decider(p);
}

static bool vote_bars_objection(const dais_policy_t *p)
{
    return p->objection_effect == DAIS_POLICY_EFFECT_NONE_UNTIL_VOTE &&
           p->prior_accreditation == DAIS_POLICY_PRIOR_BARS_OBJECTION;
}

static bool objectable_off_list(const dais_policy_t *p)
{
    return p->ecosoc_objectable == DAIS_POLICY_OBJECTABLE_YES &&
           p->ecosoc_route != DAIS_POLICY_ECOSOC_ROUTE_SAME_FORM;
}

static bool decision_only_no_decider(const dais_policy_t *p)
{
    return p->ecosoc_objectable == DAIS_POLICY_OBJECTABLE_DECISION_ONLY && objection_no_decider(p);
}

static bool accorded_no_decider(const dais_policy_t *p)
{
    return p->ecosoc_route == DAIS_POLICY_ECOSOC_ROUTE_ACCORDED && objection_no_decider(p);
}

static bool no_list_to_object_to(const dais_policy_t *p)
{
    return p->list_maker.role == DAIS_POLICY_BODY_NONE &&
           p->objection_effect != DAIS_POLICY_EFFECT_NONE_UNTIL_VOTE;
}

static bool no_window_to_object_in(const dais_policy_t *p)
{
    return p->objection_window.start.anchor == DAIS_POLICY_ANCHOR_NONE &&
           p->objection_effect != DAIS_POLICY_EFFECT_NONE_UNTIL_VOTE;
}

static bool objectors_blind(const dais_policy_t *p)
{
    uint32_t seeing = (uint32_t)1 << DAIS_POLICY_LIST_READER_STATES |
                      (uint32_t)1 << DAIS_POLICY_LIST_READER_PUBLIC;
    return (p->list_readers & seeing) == 0 &&
           p->objection_effect != DAIS_POLICY_EFFECT_NONE_UNTIL_VOTE;
}

static bool reasons_required_no_codes(const dais_policy_t *p)
{
    return p->reasons == DAIS_POLICY_REASONS_REQUIRED && p->reason_codes.count == 0;
}

static bool no_reasons_codes(const dais_policy_t *p)
{
    return p->reasons == DAIS_POLICY_REASONS_NONE && p->reason_codes.count > 0;
}

static bool needless_reapply(const dais_policy_t *p)
{
    return p->reapply == DAIS_POLICY_REAPPLY_NOT_NEEDED &&
           (p->status_duration == DAIS_POLICY_DURATION_CYCLE ||
            p->status_duration == DAIS_POLICY_DURATION_SESSION);
}

const dais_policy_combination_t dais_policy_combinations_objection[] = {
    {DAIS_POLICY_KEY_OBJECTION_EFFECT, DAIS_POLICY_KEY_DECIDER, veto_decider,
     "a veto is final when the window closes, so nobody can decide on it"},
    {DAIS_POLICY_KEY_OBJECTION_EFFECT, DAIS_POLICY_KEY_DECIDER, block_no_decider,
     "a block stands until a decider lifts it, and there is none"},
    {DAIS_POLICY_KEY_OBJECTION_EFFECT, DAIS_POLICY_KEY_DECIDER, refer_no_decider,
     "a case is referred to a decider, and there is none"},
    {DAIS_POLICY_KEY_OBJECTION_EFFECT, DAIS_POLICY_KEY_DECIDER, vote_no_decider,
     "only a decision can strike an organisation, and nobody decides"},
    {DAIS_POLICY_KEY_OBJECTION_EFFECT, DAIS_POLICY_KEY_OBJECTION_THRESHOLD, vote_threshold,
     "objections have no effect of their own, so there is no number of them to reach"},
    {DAIS_POLICY_KEY_OBJECTION_EFFECT, DAIS_POLICY_KEY_OBJECTION_THRESHOLD, effect_no_threshold,
     "objections have an effect, but from which number on is not said"},
    {DAIS_POLICY_KEY_OBJECTION_THRESHOLD, DAIS_POLICY_KEY_MAY_OBJECT, fraction_no_presence,
     "a fraction is of the States present, and only parties-present ties objections to presence"},
    {DAIS_POLICY_KEY_OBJECTION_THRESHOLD, DAIS_POLICY_KEY_GROUP_OBJECTION, fraction_representative,
     "a fraction counts States that are present, and a representative counts States that may not "
     "be"},
    {DAIS_POLICY_KEY_OBJECTION_EFFECT, DAIS_POLICY_KEY_STATE_WHILE_UNDECIDED, undecided_not_refer,
     "only a referred case leaves an organisation undecided"},
    {DAIS_POLICY_KEY_OBJECTION_EFFECT, DAIS_POLICY_KEY_STATE_WHILE_UNDECIDED, refer_no_undecided,
     "a referred case needs a standing until it is decided"},
    {DAIS_POLICY_KEY_LAPSE_RULE, DAIS_POLICY_KEY_DECIDER, lapse_no_decider,
     "without a decider no case is left undecided that could lapse"},
    {DAIS_POLICY_KEY_LAPSE_RULE, DAIS_POLICY_KEY_DECIDER, decider_no_lapse,
     "a case that the decider leaves undecided has to end somehow"},
    {DAIS_POLICY_KEY_OBJECTION_EFFECT, DAIS_POLICY_KEY_LAPSE_RULE, vote_lapse_out,
     "an organisation that only a decision can strike cannot fall out for want of one"},
    {DAIS_POLICY_KEY_LAPSE_RULE, DAIS_POLICY_KEY_DECIDER, decider_next_lapse_now,
     "the case would end with this session, before the session that decides it"},
    {DAIS_POLICY_KEY_MAJORITY, DAIS_POLICY_KEY_DECIDER, majority_no_voters,
     "there is nobody to vote: no decider, or one person"},
    {DAIS_POLICY_KEY_MAJORITY, DAIS_POLICY_KEY_DECIDER, voters_no_majority,
     "a body decides by a majority, and none is named"},
    {DAIS_POLICY_KEY_DECISION_WINDOW, DAIS_POLICY_KEY_DECIDER, decision_window_no_decider,
     "there is a time for decisions and nobody who decides"},
    {DAIS_POLICY_KEY_OBJECTION_EFFECT, DAIS_POLICY_KEY_PRIOR_ACCREDITATION, vote_bars_objection,
     "accreditation cannot bar objections that have no effect"},
    {DAIS_POLICY_KEY_ECOSOC_OBJECTABLE, DAIS_POLICY_KEY_ECOSOC_ROUTE, objectable_off_list,
     "organisations on this route are not on the list that States object to"},
    {DAIS_POLICY_KEY_ECOSOC_OBJECTABLE, DAIS_POLICY_KEY_DECIDER, decision_only_no_decider,
     "only a decision keeps the organisation out, and nobody decides"},
    {DAIS_POLICY_KEY_ECOSOC_ROUTE, DAIS_POLICY_KEY_DECIDER, accorded_no_decider,
     "it is accorded unless the decider decides otherwise, and there is none"},
    {DAIS_POLICY_KEY_LIST_MAKER, DAIS_POLICY_KEY_OBJECTION_EFFECT, no_list_to_object_to,
     "States object to what is listed, and nobody draws up a list"},
    {DAIS_POLICY_KEY_OBJECTION_WINDOW, DAIS_POLICY_KEY_OBJECTION_EFFECT, no_window_to_object_in,
     "objections have an effect, but there is no time to lodge them"},
    {DAIS_POLICY_KEY_LIST_READERS, DAIS_POLICY_KEY_OBJECTION_EFFECT, objectors_blind,
     "States cannot object to a list that they cannot read"},
    {DAIS_POLICY_KEY_REASONS, DAIS_POLICY_KEY_REASON_CODES, reasons_required_no_codes,
     "rules read the code of a reason, never its words, and there are no codes"},
    {DAIS_POLICY_KEY_REASONS, DAIS_POLICY_KEY_REASON_CODES, no_reasons_codes,
     "no reasons are taken, so there is nothing to choose a code for"},
    {DAIS_POLICY_KEY_REAPPLY, DAIS_POLICY_KEY_STATUS_DURATION, needless_reapply,
     "the status ends, so whoever wants to come again has to apply"},
    {DAIS_POLICY_KEY_COUNT, DAIS_POLICY_KEY_COUNT, NULL, NULL},
};
