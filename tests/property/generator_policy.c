/* SPDX-License-Identifier: Apache-2.0
 *
 * Under which policy a sequence is played: one of the tree, with changes that make sense. */
#include "tests/property/generator.h"

/* Policies of policies/; the first four more often. */
static const char *const generator_policies[] = {
    "untoc-constructive-dialogue",
    "untoc-constructive-dialogue",
    "untoc-conference-rule-17",
    "uncac-conference-rule-17",
    "oewg-ict-2022",
    "oewg-ict-2022",
    "ga-high-level-meeting",
    "ga-conference-66-544",
    "unfccc-one-third",
    "unfccc-one-third",
};

/* Changes that go together, a chance for each. What makes no sense beside the rest is left out. */
static const sequence_change_t generator_changes[][5] = {
    {{"grace", "3d"}, {"late", "flag"}},
    {{"grace", "4d"}, {"late", "permit"}},
    {{"objection-threshold", "2"}},
    {{"objection-threshold", "1/3"},
     {"may-object", "parties-present"},
     {"group-objection", "none"}},
    {{"may-object", "parties-present"}},
    {{"objection-effect", "block"},
     {"state-while-undecided", "none"},
     {"objection-threshold", "1"}},
    {{"objection-effect", "refer"}, {"state-while-undecided", "excluded"}},
    {{"objection-effect", "refer"}, {"state-while-undecided", "admitted"}},
    {{"objection-effect", "refer"}, {"state-while-undecided", "provisional"}, {"lapse-rule", "in"}},
    {{"objection-effect", "veto"},
     {"decider", "none"},
     {"majority", "none"},
     {"lapse-rule", "none"},
     {"state-while-undecided", "none"}},
    {{"objection-effect", "none-until-vote"},
     {"objection-threshold", "none"},
     {"lapse-rule", "in"},
     {"state-while-undecided", "none"},
     {"prior-accreditation", "none"}},
    {{"group-objection", "representative"}},
    {{"group-objection", "each-signs"}},
    {{"reasons", "required"}, {"reason-codes", "code other"}},
    {{"reasons", "voluntary"}, {"reason-codes", "code other"}},
    {{"reasons", "none"}, {"reason-codes", "none"}, {"disclosure-reason", "sealed"}},
    {{"small-cell", "3"}},
    {{"small-cell", "2"}},
    {{"approver", "bureau, Bureau"}},
    {{"endorsement", "conference, Conference"}},
    {{"endorsement", "bureau, Bureau"}},
    {{"list-maker", "chair, Chair"}},
    {{"lapse-rule", "carried"}},
    {{"lapse-rule", "in"}},
    {{"lapse-rule", "out"}},
    {{"reapply", "never"}},
    {{"prior-accreditation", "bars-objection"}},
    {{"ecosoc-route", "accorded"}},
    {{"ecosoc-route", "same-form"}, {"ecosoc-objectable", "no"}},
    {{"publish-applicants", "none"}},
    {{"publish-applicants", "names"}},
    {{"participants-from", "invited"}},
    {{"participants-from", "attended"}},
    {{"begins-after", "sessions-concluded reports-adopted"}},
    {{"begins-after", "sessions-concluded"}},
    {{"decider", "bureau, this-session, Bureau"}},
    {{"decider", "chair, this-session, Chair"}, {"majority", "none"}},
    {{"list-readers", "states secretariat chair bureau conference public"}},
    {{"list-readers", "states"}},
    {{"disclosure-fact", "count-only"},
     {"disclosure-objector", "sealed"},
     {"disclosure-reason", "sealed"},
     {"disclosure-cause", "sealed"}},
    {{"disclosure-fact", "public"}, {"disclosure-cause", "public"}},
    {{"disclosure-fact", "public"},
     {"disclosure-objector", "chair"},
     {"disclosure-reason", "sealed"}},
    {{"disclosure-fact", "states-on-request"},
     {"disclosure-objector", "states-on-request"},
     {"disclosure-reason", "decider"},
     {"disclosure-cause", "sealed"}},
    {{"notify-applicant", "never"}},
    {{"screening-reasons", "applicant"}},
    {{"comments-from", "anyone"}, {"blocked-comments", "withhold"}},
    {{"comments-from", "anyone"}, {"blocked-comments", "publish"}},
    {{"capacity", "3"}, {"quota", "2"}},
    {{"majority", "two-thirds"}},
    {{"withdrawable-until", "session-3d"}},
    {{"decision-window", "session-20d..session+3d"}},
};
#define GENERATOR_CHANGES (sizeof generator_changes / sizeof generator_changes[0])

static bool generator_makes_sense(const sequence_t *sequence)
{
    static char text[DAIS_LIMIT_POLICY];
    static dais_policy_t policy;
    return dais_policy_parse(sequence_policy(sequence, text), &policy, NULL) == DAIS_OK;
}

void generator_policy(act_t *act)
{
    sequence_t *sequence = act->sequence;
    sequence->policy =
        generator_policies[chance_below(&act->chance, sizeof generator_policies / sizeof(char *))];
    unsigned wanted = chance_below(&act->chance, 5);
    for (unsigned n = 0; n < wanted; n++) {
        const sequence_change_t *some =
            generator_changes[chance_below(&act->chance, GENERATOR_CHANGES)];
        unsigned before = sequence->change_count;
        for (unsigned i = 0;
             i < 5 && some[i].key != NULL && sequence->change_count < SEQUENCE_CHANGES_MAX; i++)
            sequence->changes[sequence->change_count++] = some[i];
        if (!generator_makes_sense(sequence))
            sequence->change_count = before;
    }
}
