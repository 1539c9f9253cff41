/* SPDX-License-Identifier: Apache-2.0 */
#include "registry/rules/policy_check.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

#include "tests/support/policy_text.h"

#define CHANGES_MAX      6
#define COMBINATIONS_MAX 128

#define NO_DECIDER                                                                                 \
    {"decider", "none"}, {"majority", "none"},                                                     \
    {                                                                                              \
        "lapse-rule", "none"                                                                       \
    }
#define VOTE                                                                                       \
    {"objection-effect", "none-until-vote"},                                                       \
    {                                                                                              \
        "objection-threshold", "none"                                                              \
    }

/* Changes to the sound policy that leave it with one senseless combination, of these two keys. */
static const struct {
    const char *key, *key_other;
    policy_change_t changes[CHANGES_MAX];
} senseless[] = {
    {"objection-effect", "decider", {{"objection-effect", "veto"}}},
    {"objection-effect", "decider", {NO_DECIDER}},
    {"objection-effect",
     "decider",
     {NO_DECIDER, {"objection-effect", "refer"}, {"state-while-undecided", "excluded"}}},
    {"objection-effect", "decider", {NO_DECIDER, VOTE}},
    {"objection-effect",
     "objection-threshold",
     {{"objection-effect", "none-until-vote"}, {"lapse-rule", "in"}}},
    {"objection-effect", "objection-threshold", {{"objection-threshold", "none"}}},
    {"objection-threshold", "may-object", {{"objection-threshold", "1/3"}}},
    {"objection-threshold",
     "group-objection",
     {{"objection-threshold", "1/3"},
      {"may-object", "parties-present"},
      {"group-objection", "representative"}}},
    {"objection-effect", "state-while-undecided", {{"state-while-undecided", "excluded"}}},
    {"objection-effect", "state-while-undecided", {{"objection-effect", "refer"}}},
    {"lapse-rule",
     "decider",
     {{"objection-effect", "veto"}, {"decider", "none"}, {"majority", "none"}}},
    {"lapse-rule", "decider", {{"lapse-rule", "none"}}},
    {"objection-effect", "lapse-rule", {VOTE}},
    {"lapse-rule", "decider", {{"decider", "conference, next-session, C"}}},
    {"lapse-rule", "decider", {{"decider", "conference, next-session, C"}, {"lapse-rule", "in"}}},
    {"majority",
     "decider",
     {{"objection-effect", "veto"}, {"decider", "none"}, {"lapse-rule", "none"}}},
    {"majority", "decider", {{"decider", "chair, this-session, the Chair"}}},
    {"majority", "decider", {{"decider", "secretariat, this-session, it"}}},
    {"majority", "decider", {{"majority", "none"}}},
    {"decision-window",
     "decider",
     {{"objection-effect", "veto"}, NO_DECIDER, {"decision-window", "session..session+5d"}}},
    {"objection-effect",
     "prior-accreditation",
     {VOTE, {"lapse-rule", "in"}, {"prior-accreditation", "bars-objection"}}},
    {"ecosoc-objectable", "ecosoc-route", {{"ecosoc-route", "notify"}}},
    {"ecosoc-objectable", "ecosoc-route", {{"ecosoc-route", "accorded"}}},
    {"ecosoc-objectable",
     "decider",
     {{"objection-effect", "veto"}, NO_DECIDER, {"ecosoc-objectable", "decision-only"}}},
    {"ecosoc-route",
     "decider",
     {{"objection-effect", "veto"},
      NO_DECIDER,
      {"ecosoc-objectable", "no"},
      {"ecosoc-route", "accorded"}}},
    {"list-maker", "objection-effect", {{"list-maker", "none"}}},
    {"objection-window", "objection-effect", {{"objection-window", "none"}}},
    {"list-readers", "objection-effect", {{"list-readers", "secretariat chair"}}},
    {"reasons", "reason-codes", {{"reasons", "required"}}},
    {"reasons", "reason-codes", {{"reasons", "none"}, {"reason-codes", "relevance"}}},
    {"reapply", "status-duration", {{"reapply", "not-needed"}}},
    {"reapply", "status-duration", {{"reapply", "not-needed"}, {"status-duration", "session"}}},
    {"late", "grace", {{"late", "flag"}}},
    {"late", "grace", {{"late", "permit"}}},
    {"late", "grace", {{"grace", "1h"}}},
    {"objection-window", "objection-window", {{"objection-window", "session-7d..session-8d"}}},
    {"objection-window", "objection-window", {{"objection-window", "session..circulated"}}},
    {"decision-window", "decision-window", {{"decision-window", "session+1d..session-1wd"}}},
    {"objection-window", "objection-window", {{"objection-window", "call..session"}}},
    {"list-min-notice", "application-deadline", {{"list-min-notice", "session-90d"}}},
    {"objection-window",
     "application-deadline",
     {{"application-deadline", "session-5d"}, {"list-min-notice", "session-1d"}}},
    {"decision-window", "objection-window", {{"decision-window", "call..circulated-1d"}}},
    {"withdrawable-until", "objection-window", {{"withdrawable-until", "call"}}},
    {"reasons", "disclosure-reason", {{"reasons", "none"}, {"disclosure-reason", "public"}}},
    {"disclosure-objector",
     "disclosure-fact",
     {{"disclosure-fact", "count-only"}, {"disclosure-objector", "chair"}}},
    {"disclosure-objector",
     "disclosure-fact",
     {{"disclosure-fact", "states-on-request"}, {"disclosure-objector", "count-only"}}},
    {"disclosure-reason",
     "disclosure-fact",
     {{"disclosure-fact", "chair"}, {"disclosure-reason", "states-on-request"}}},
    {"disclosure-cause",
     "disclosure-fact",
     {{"disclosure-fact", "decider"}, {"disclosure-cause", "public"}}},
    {"disclosure-fact",
     "decider",
     {{"objection-effect", "veto"}, NO_DECIDER, {"disclosure-fact", "decider"}}},
    {"disclosure-objector",
     "decider",
     {{"objection-effect", "veto"}, NO_DECIDER, {"disclosure-objector", "decider"}}},
    {"disclosure-reason",
     "decider",
     {{"objection-effect", "veto"}, NO_DECIDER, {"disclosure-reason", "decider"}}},
    {"disclosure-cause",
     "decider",
     {{"objection-effect", "veto"}, NO_DECIDER, {"disclosure-cause", "decider"}}},
    {"opens",
     "disclosure-objector",
     {{"opens", "@received objection"}, {"disclosure-reason", "public"}}},
    {"opens", "disclosure-objector", {{"opens", "@decided co-signature"}}},
    {"opens",
     "disclosure-objector",
     {{"opens", "@published reason-added"}, {"disclosure-reason", "public"}}},
    {"opens", "disclosure-objector", {{"opens", "@listed objection-withdrawal"}}},
    {"opens", "disclosure-objector", {{"disclosure-objector", "public"}}},
    {"opens",
     "disclosure-reason",
     {{"opens", "@received objection"}, {"disclosure-objector", "public"}}},
    {"opens",
     "disclosure-fact",
     {{"disclosure-fact", "count-only"}, {"opens", "@received referral"}}},
    {"opens", "disclosure-fact", {{"disclosure-fact", "count-only"}, {"opens", "@received lapse"}}},
    {"opens",
     "disclosure-fact",
     {{"disclosure-fact", "chair"}, {"opens", "@received disclosure-request"}}},
    {"opens", "disclosure-cause", {{"opens", "@decided screening"}}},
    {"screening-reasons", "disclosure-cause", {{"screening-reasons", "applicant"}}},
    {"screening-reasons", "disclosure-cause", {{"screening-reasons", "public"}}},
    {"notify-applicant",
     "disclosure-fact",
     {{"disclosure-fact", "count-only"}, {"notify-applicant", "objection"}}},
    {"notify-applicant", "disclosure-reason", {{"notify-applicant", "objection-with-reason"}}},
    {"notify-applicant", "reply-window", {{"notify-applicant", "never"}, {"reply-window", "5d"}}},
    {"publish-applicants", "opens", {{"publish-applicants", "names"}}},
    {"opens", "publish-applicants", {{"opens", "@listed application"}}},
    {"opens", "publish-applicants", {{"opens", "@received application"}}},
    {"comments-from", "blocked-comments", {{"blocked-comments", "publish"}}},
    {"capacity", "priority-order", {{"capacity", "20"}, {"priority-order", "none"}}},
    {"quota", "priority-order", {{"quota", "20"}, {"priority-order", "none"}}},
    {"quota", "capacity", {{"quota", "20"}, {"capacity", "19"}}},
};
#define SENSELESS_COUNT (sizeof senseless / sizeof senseless[0])

/* Changes that come near a senseless combination and are not one. */
static const policy_change_t sensible[][CHANGES_MAX] = {
    {{NULL, NULL}},
    {{"objection-effect", "veto"}, NO_DECIDER},
    {{"objection-effect", "veto"},
     NO_DECIDER,
     {"ecosoc-objectable", "no"},
     {"ecosoc-route", "notify"}},
    {{"objection-effect", "refer"}, {"state-while-undecided", "provisional"}},
    {VOTE, {"lapse-rule", "in"}},
    {VOTE,
     {"lapse-rule", "in"},
     {"objection-window", "none"},
     {"list-maker", "none"},
     {"list-readers", "secretariat"}},
    {VOTE, {"lapse-rule", "carried"}, {"prior-accreditation", "cited"}},
    {{"prior-accreditation", "bars-objection"}},
    {{"objection-threshold", "1/3"}, {"may-object", "parties-present"}},
    {{"objection-threshold", "5"}, {"group-objection", "representative"}},
    {{"decider", "conference, next-session, C"}, {"lapse-rule", "carried"}},
    {{"decider", "bureau, this-session, the Bureau"}},
    {{"decider", "chair, this-session, the Chair"}, {"majority", "none"}},
    {{"ecosoc-route", "accorded"}, {"ecosoc-objectable", "decision-only"}},
    {{"list-readers", "public"}},
    {{"reasons", "required"}, {"reason-codes", "relevance"}},
    {{"reasons", "none"}},
    {{"reapply", "not-needed"}, {"status-duration", "permanent"}},
    {{"reapply", "not-needed"}, {"status-duration", "mandate"}},
    {{"late", "flag"}, {"grace", "1h"}},
    {{"late", "permit"}, {"grace", "2d"}},
    /* Under some calendar these are in order. */
    {{"objection-window", "session-7d..session-7d"}},
    {{"objection-window", "session-7d..session-2wd"}},
    {{"objection-window", "session+3d..session+1wd"}, {"withdrawable-until", "none"}},
    {{"objection-window", "circulated+90d..session-1d"}},
    {{"objection-window", "session-1d..circulated+30d"}},
    {{"disclosure-cause", "decider"}},
    {{"notify-applicant", "never"}},
    {{"decision-window", "session..session+1wd"}},
    {{"decision-window", "session+1d..session+1wd"}},
    {{"application-deadline", "none"}},
    {{"list-min-notice", "none"}},
    {{"application-deadline", "call+60d"}},
    {{"withdrawable-until", "none"}},
    {{"disclosure-fact", "count-only"}},
    {{"disclosure-fact", "decider"}, {"disclosure-objector", "decider"}},
    {{"disclosure-fact", "states-on-request"}, {"disclosure-objector", "chair"}},
    {{"disclosure-objector", "count-only"}, {"disclosure-cause", "count-only"}},
    {{"disclosure-objector", "public"},
     {"disclosure-reason", "public"},
     {"opens", "@received objection co-signature reason-added objection-withdrawal"}},
    {{"disclosure-objector", "public"}, {"reasons", "none"}, {"opens", "@received objection"}},
    {{"opens", "@received referral lapse disclosure-request"}},
    {{"opens", "@decided screening"},
     {"disclosure-cause", "public"},
     {"screening-reasons", "public"}},
    {{"notify-applicant", "objection"}, {"reply-window", "5d"}},
    {{"opens", "@received objection reason-added"},
     {"disclosure-objector", "public"},
     {"disclosure-reason", "public"},
     {"notify-applicant", "objection-with-reason"}},
    {{"publish-applicants", "names"}, {"opens", "@listed application"}},
    {{"opens", "@decided application"}},
    {{"comments-from", "anyone"}, {"blocked-comments", "publish"}},
    {{"capacity", "20"}, {"quota", "20"}},
    {{"quota", "20"}},
};

static char text_buffer[DAIS_LIMIT_POLICY];
static dais_policy_fault_t fault_items[8];

static size_t parse(const policy_change_t *changes, dais_policy_t *policy)
{
    dais_policy_faults_t faults = {.items = fault_items, .capacity = 8};
    dais_slice_t text = policy_text(changes, CHANGES_MAX, text_buffer, sizeof text_buffer);
    dais_err_t err = dais_policy_parse(text, policy, &faults);
    assert_int_equal(err, faults.first);
    return faults.count;
}

/* The number of the combination that this fault reports. */
static size_t combination_of(const dais_policy_fault_t *fault)
{
    const dais_policy_combination_t *row = NULL;
    for (size_t n = 0; (row = dais_policy_combination(n)) != NULL; n++) {
        if (row->why == fault->valid &&
            dais_slice_equal(fault->key, dais_slice_text(dais_policy_key_info(row->key).name)) &&
            dais_slice_equal(fault->key_other,
                             dais_slice_text(dais_policy_key_info(row->key_other).name)))
            return n;
    }
    fail_msg("a fault that no combination explains");
    return 0;
}

static uint32_t later_line(size_t i)
{
    uint32_t line = policy_text_line(senseless[i].key);
    uint32_t line_other = policy_text_line(senseless[i].key_other);
    return line > line_other ? line : line_other;
}

/* Goal: each senseless combination is refused with its two keys and a line, and none is in the
 * table that no test reaches. Method: minimal changes to a sound policy, each of which has to
 * give exactly one fault; together they have to reach every row. */
static void test_each_is_refused(void **state)
{
    (void)state;
    bool reached[COMBINATIONS_MAX] = {false};
    dais_policy_t policy;
    for (size_t i = 0; i < SENSELESS_COUNT; i++) {
        size_t count = parse(senseless[i].changes, &policy);
        if (count != 1)
            print_error("case %zu (%s, %s): %zu faults\n", i, senseless[i].key,
                        senseless[i].key_other, count);
        assert_int_equal(count, 1);
        assert_int_equal(fault_items[0].err, DAIS_ERR_SENSELESS);
        assert_true(dais_slice_equal(fault_items[0].key, dais_slice_text(senseless[i].key)));
        assert_true(
            dais_slice_equal(fault_items[0].key_other, dais_slice_text(senseless[i].key_other)));
        assert_int_equal(fault_items[0].line, later_line(i));
        reached[combination_of(&fault_items[0])] = true;
    }
    for (size_t n = 0; dais_policy_combination(n) != NULL; n++) {
        if (!reached[n])
            print_error("not reached: %s\n", dais_policy_combination(n)->why);
        assert_true(reached[n]);
    }
}

/* Goal: what makes sense is not refused. Method: changes that come close. */
static void test_sensible_is_taken(void **state)
{
    (void)state;
    dais_policy_t policy;
    for (size_t i = 0; i < sizeof sensible / sizeof sensible[0]; i++) {
        size_t count = parse(sensible[i], &policy);
        if (count != 0)
            print_error("case %zu: %.*s: %s\n", i, (int)fault_items[0].key.size,
                        (const char *)fault_items[0].key.data, fault_items[0].valid);
        assert_int_equal(count, 0);
    }
}

/* Goal: one change can make several combinations senseless, and all are reported. Method: reasons
 * that open while objections never do, though the objector is public and the reason is not. */
static void test_several_at_once(void **state)
{
    (void)state;
    static const policy_change_t changes[CHANGES_MAX] = {{"disclosure-objector", "public"},
                                                         {"opens", "@received reason-added"}};
    dais_policy_t policy;
    assert_int_equal(parse(changes, &policy), 2);
    assert_true(combination_of(&fault_items[0]) < combination_of(&fault_items[1]));
}

/* Goal: a key that is unset takes no part, and the combination is refused as soon as a call sets
 * it; the policy then is as before. Method: each case with its first key unset, then applied. */
static void test_unset_takes_no_part(void **state)
{
    (void)state;
    for (size_t i = 0; i < SENSELESS_COUNT; i++) {
        dais_policy_t policy;
        dais_policy_t before;
        dais_policy_fault_t fault;
        policy_change_t changes[CHANGES_MAX + 1];
        char value[2000];
        size_t size = 0;
        assert_int_equal(parse(senseless[i].changes, &policy), 1);
        /* The value as the case has it. */
        const policy_change_t *sound = &policy_sound[(policy_text_line(senseless[i].key) - 8) / 4];
        const char *brief = policy_text_value(senseless[i].changes, CHANGES_MAX, sound);
        if (brief[0] == '@')
            size = policy_text_opens(brief + 1, value, sizeof value);
        else
            size = (size_t)snprintf(value, sizeof value, "%s", brief);
        changes[0] = (policy_change_t){senseless[i].key, NULL};
        memcpy(changes + 1, senseless[i].changes, sizeof senseless[i].changes);
        dais_policy_faults_t faults = {.items = fault_items, .capacity = 8};
        dais_slice_t text = policy_text(changes, CHANGES_MAX + 1, text_buffer, sizeof text_buffer);
        assert_int_equal(dais_policy_parse(text, &policy, &faults), DAIS_OK);
        before = policy;
        dais_policy_key_t key = dais_policy_key_find(dais_slice_text(senseless[i].key));
        assert_int_equal(dais_policy_missing(&policy, 0), key);
        assert_int_equal(dais_policy_apply_value(&policy, key, dais_slice(value, size),
                                                 DAIS_POLICY_CONFIRMED_SOURCE,
                                                 dais_slice_text("the call"), &fault),
                         DAIS_ERR_SENSELESS);
        assert_int_equal(fault.err, DAIS_ERR_SENSELESS);
        assert_true(dais_slice_equal(fault.key, dais_slice_text(senseless[i].key)));
        assert_true(dais_policy_equal(&before, &policy));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_each_is_refused),
        cmocka_unit_test(test_sensible_is_taken),
        cmocka_unit_test(test_several_at_once),
        cmocka_unit_test(test_unset_takes_no_part),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
