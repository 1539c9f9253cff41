/* SPDX-License-Identifier: Apache-2.0
 *
 * The result of a motion is not typed but computed where votes are given: the registry does the
 * same and refuses another. */
#include <inttypes.h>
#include <stdlib.h>

#include "office/fills.h"

const dais_arg_option_t dais_fill_decision_options[] = {
    {"result", 0, DAIS_ARG_VALUE, false, "WORD", "carried|not-carried",
     "what came of it, where no votes are given"},
    {"under", 0, DAIS_ARG_VALUE, false, "WORD", "simple|two-thirds",
     "the majority in force, where a decision of procedure has set it"},
    {.name = NULL},
};

typedef struct {
    uint64_t *question, *manner, *yes, *no, *abstained, *result;
} motion_t;

static uint64_t motion_majority(dais_saying_t *saying, const motion_t *motion, const char **source)
{
    const char *under = saying->source.value(saying->source.context, "under", 0);
    dais_policy_t policy;
    uint8_t *call = NULL;
    *source = "procedure";
    if (*motion->question == DAIS_QUESTION_PROCEDURE)
        return DAIS_MAJORITY_SIMPLE;
    *source = "given";
    if (under != NULL)
        return dais_words_find(&dais_words_majority, under);
    if (!dais_fill_policy(saying, &policy, &call))
        return 0;
    bool two_thirds = policy.majority == DAIS_POLICY_MAJORITY_TWO_THIRDS;
    bool is_set = policy.confirmed[DAIS_POLICY_KEY_MAJORITY] != DAIS_POLICY_CONFIRMED_NONE;
    free(call);
    *source = "policy";
    if (!is_set)
        return dais_saying_fault(saying, "policy-unset",
                                 "the policy sets no majority: say it with --under");
    return two_thirds ? DAIS_MAJORITY_TWO_THIRDS : DAIS_MAJORITY_SIMPLE;
}

static bool motion_carries(uint64_t majority, uint64_t yes, uint64_t no)
{
    if (majority == DAIS_MAJORITY_TWO_THIRDS)
        return yes > 0 && 3 * yes >= 2 * (yes + no);
    return yes > no;
}

/* How many votes for it would have been enough, of those cast. */
static uint64_t motion_needed(uint64_t majority, uint64_t cast)
{
    return majority == DAIS_MAJORITY_TWO_THIRDS ? (2 * cast + 2) / 3 : cast / 2 + 1;
}

static bool motion_count(dais_saying_t *saying, const motion_t *motion, const char *given)
{
    const char *source = "";
    uint64_t majority = motion_majority(saying, motion, &source);
    uint64_t cast = *motion->yes + *motion->no;
    if (majority == 0)
        return false;
    *motion->result = motion_carries(majority, *motion->yes, *motion->no) ? DAIS_RESULT_CARRIED
                                                                          : DAIS_RESULT_NOT_CARRIED;
    const char *word = dais_words_result.words[*motion->result];
    if (given != NULL && strcmp(given, word) != 0)
        return dais_saying_fault(
            saying, "vote-mismatch", "%" PRIu64 " to %" PRIu64 " under a %s majority is %s, not %s",
            *motion->yes, *motion->no, dais_words_majority.words[majority], word, given);
    dais_fill_extra(saying, "majority", json_string(dais_words_majority.words[majority]));
    dais_fill_extra(saying, "majority_from", json_string(source));
    dais_fill_extra(saying, "base", json_integer((json_int_t)cast));
    dais_fill_extra(saying, "needed", json_integer((json_int_t)motion_needed(majority, cast)));
    dais_fill_extra(saying, "outcome", json_string(word));
    return true;
}

bool dais_fill_decision(dais_saying_t *saying)
{
    motion_t motion = {.question = dais_fill_field(saying, "question"),
                       .manner = dais_fill_field(saying, "manner"),
                       .yes = dais_fill_field(saying, "yes"),
                       .no = dais_fill_field(saying, "no"),
                       .abstained = dais_fill_field(saying, "abstained"),
                       .result = dais_fill_field(saying, "result")};
    const char *given = saying->source.value(saying->source.context, "result", 0);
    bool votes = *motion.yes + *motion.no + *motion.abstained > 0;
    if (votes && *motion.manner == DAIS_MANNER_CONSENSUS)
        return dais_saying_fault(saying, "senseless", "a consensus has no votes");
    if (votes)
        return motion_count(saying, &motion, given);
    if (*motion.manner == DAIS_MANNER_RECORDED)
        return dais_saying_fault(saying, "votes-required",
                                 "a recorded vote has numbers: --in-favour, --against, "
                                 "--abstaining; else say --manner");
    if (given == NULL)
        return dais_saying_fault(saying, "missing-key",
                                 "result is missing: without votes it has to be said");
    *motion.result = dais_words_find(&dais_words_result, given);
    dais_fill_extra(saying, "outcome", json_string(given));
    return true;
}
