/* SPDX-License-Identifier: Apache-2.0
 *
 * The call: values that make sense beside those of genesis, and dates in their order. */
#include "tests/property/acts.h"

/* What a call may say of a key that the policy leaves open. */
static const struct {
    const char *key;
    const char *values[5];
} call_values[] = {
    {"application-deadline", {"call", "session-60d", "call", "none"}},
    {"list-min-notice", {"none", "session-30d"}},
    {"objection-window",
     {"circulated..circulated+10d", "circulated..session-7d", "circulated+1d..circulated+10d",
      "session-30d..session-7d", "none"}},
    {"comment-deadline", {"call", "session-14d", "none", "circulated+12d"}},
    {"withdrawable-until", {"none", "session", "session-3d", "none"}},
    {"decision-window", {"none", "none", "session-20d..session+3d"}},
    {"retention", {"30d"}},
    {"required-documents", {"none", "letter", "letter statutes"}},
    {"representatives-max", {"5", "no-limit", "2"}},
    {"capacity", {"no-limit", "3", "2"}},
    {"quota", {"no-limit", "2", "1"}},
    {"timezone", {"Europe/Vienna"}},
    {"ecosoc-objectable", {"yes", "yes", "no"}},
    {"majority", {"simple", "two-thirds"}},
    {"rights", {"attend speak written", "attend speak written", "attend", "attend written"}},
    {"comments-from", {"anyone", "admitted"}},
    {"blocked-comments", {"withhold", "publish"}},
    {"written-limit-words", {"1000", "no-limit"}},
    {"written-languages", {"en fr", "en other"}},
    {"content-rule", {"none"}},
};
#define CALL_VALUES (sizeof call_values / sizeof call_values[0])

/* When each date is due, in hours; a call moves them a little. */
static const unsigned call_hours[DAIS_DATE_COUNT] = {
    [DAIS_DATE_APPLICATION] = 120,      [DAIS_DATE_OBJECTION_OPENS] = 240,
    [DAIS_DATE_OBJECTION_CLOSES] = 380, [DAIS_DATE_COMMENT] = 640,
    [DAIS_DATE_WITHDRAWABLE] = 420,     [DAIS_DATE_DECISION_OPENS] = 390,
    [DAIS_DATE_DECISION_CLOSES] = 610,  [DAIS_DATE_SESSION_STARTS] = 480,
    [DAIS_DATE_SESSION_ENDS] = 560,     [DAIS_DATE_RETENTION] = 900,
    [DAIS_DATE_LIST_NOTICE] = 220,      [DAIS_DATE_ARCHIVES] = 720,
};

static unsigned call_count(unsigned n)
{
    unsigned count = 0;
    while (count < 5 && call_values[n].values[count] != NULL)
        count++;
    return count;
}

/* One that goes with those before it; false if the key is set. */
static bool call_choose(act_t *act, dais_policy_t *policy, unsigned n, const char **value)
{
    dais_policy_key_t key = dais_policy_key_find(dais_slice_text(call_values[n].key));
    unsigned count = call_count(n);
    unsigned first = chance_below(&act->chance, count);
    if (dais_policy_is_set(policy, key))
        return false;
    for (unsigned i = 0; i < count; i++) {
        *value = call_values[n].values[(first + i) % count];
        if (dais_policy_apply_value(policy, key, dais_slice_text(*value),
                                    DAIS_POLICY_CONFIRMED_ASSUMED, dais_slice_text("here"),
                                    NULL) == DAIS_OK)
            return true;
    }
    return true; /* None makes sense: it has to be refused. */
}

static void call_date(act_t *act, unsigned which, unsigned hour)
{
    act_number(act, which);
    act_number(act, hour);
    act_text(act, "x");
    act_text(act, "UTC");
}

static void call_dates(act_t *act, const dais_policy_t *policy, dais_dates_expected_t *expected,
                       unsigned after)
{
    unsigned place = act_list_open(act);
    unsigned count = 0;
    for (unsigned which = 1; which < DAIS_DATE_COUNT; which++) {
        unsigned hour = call_hours[which] + chance_below(&act->chance, 16);
        if (!expected(policy, which) || chance_percent(&act->chance, 1))
            continue;
        if (which != DAIS_DATE_OBJECTION_OPENS && hour <= after)
            hour = after + chance_from(&act->chance, 1, 40);
        if (chance_percent(&act->chance, 1))
            hour = chance_from(&act->chance, 1, 900);
        call_date(act, which, hour);
        count++;
    }
    act_list_close(act, place, count);
}

static void call_sessions(act_t *act)
{
    unsigned place = act_list_open(act);
    unsigned count = chance_from(&act->chance, 1, 2);
    for (unsigned i = 0; i < count; i++) {
        act_text(act, i == 0 ? "WG1" : "WG2");
        act_text(act, "Working group");
    }
    act_list_close(act, place, count);
}

static void call_entitled(act_t *act)
{
    static const char *const states[] = {"XA", "XB", "XC", "XD", "XE"};
    unsigned place = act_list_open(act);
    unsigned count = 0;
    for (unsigned i = 0; i < 5; i++) {
        if (chance_percent(&act->chance, i < 3 ? 95 : 20)) {
            act_text(act, states[i]);
            count++;
        }
    }
    act_list_close(act, place, count);
}

void act_call(act_t *act)
{
    static dais_policy_t policy;
    const char *value = NULL;
    unsigned count = 0;
    act_begin(act, DAIS_KIND_CALL, CAST_SEC);
    policy = act->player->rules->frozen;
    act_text(act, "Dialogue");
    act_text(act, "M1");
    call_sessions(act);
    unsigned place = act_list_open(act);
    for (unsigned n = 0; n < CALL_VALUES; n++) {
        if (!call_choose(act, &policy, n, &value) || chance_percent(&act->chance, 1))
            continue;
        act_text(act, call_values[n].key);
        act_text(act, value);
        act_number(act, DAIS_CONFIRMED_ASSUMED);
        act_text(act, "here");
        count++;
    }
    if (chance_percent(&act->chance, 2)) {
        act_text(act, "late");
        act_text(act, "refuse");
        act_number(act, DAIS_CONFIRMED_ASSUMED);
        act_text(act, "");
        count++;
    }
    act_list_close(act, place, count);
    call_dates(act, &policy, dais_dates_from_call, 0);
    act_text(act, "2026b");
    call_entitled(act);
}

/* Organisations that can be listed, all or some. */
static unsigned list_added(act_t *act)
{
    dais_rules_t *rules = act->player->rules;
    unsigned place = act_list_open(act);
    unsigned count = 0;
    dais_org_t org;
    for (uint32_t n = 1; n <= dais_org_count(rules) && count < 12; n++) {
        if (!dais_org_get(rules, n, &org) || org.row.state != DAIS_APPLICATION_ELIGIBLE ||
            chance_percent(&act->chance, 10))
            continue;
        act_number(act, sequence_name(org.row.id));
        count++;
    }
    if (chance_percent(&act->chance, 3)) {
        act_number(act, act_org(act, ACT_ANY));
        count++;
    }
    act_list_close(act, place, count);
    return count;
}

static void list_removed(act_t *act)
{
    unsigned place = act_list_open(act);
    unsigned count = chance_percent(&act->chance, 50) ? 1 : 0;
    if (count > 0) {
        act_number(act, act_org(act, ACT_STATE(LISTED) | ACT_STATE(UNOPPOSED)));
        act_text(act, "code");
    }
    act_list_close(act, place, count);
}

/* A later version may move the end of the window, if it adds something. */
static void list_later(act_t *act, unsigned added)
{
    list_removed(act);
    unsigned place = act_list_open(act);
    if (added > 0 && chance_percent(&act->chance, 70)) {
        call_date(act, DAIS_DATE_OBJECTION_CLOSES,
                  act_due(act, DAIS_DATE_OBJECTION_CLOSES) + chance_from(&act->chance, 0, 90));
        act_list_close(act, place, 1);
    }
    act_text(act, chance_percent(&act->chance, 95) ? "a reason" : "");
}

static unsigned list_eligible(act_t *act)
{
    unsigned count = 0;
    dais_org_t org;
    for (uint32_t n = 1; n <= dais_org_count(act->player->rules); n++)
        count +=
            dais_org_get(act->player->rules, n, &org) && org.row.state == DAIS_APPLICATION_ELIGIBLE
                ? 1
                : 0;
    return count;
}

/* The first list waits until there is somebody to put on it, as a rule. */
void act_list(act_t *act)
{
    const dais_rules_t *rules = act->player->rules;
    unsigned version = rules->cycle.list_version + 1U;
    if (version == 1 && list_eligible(act) < 2 && chance_percent(&act->chance, 90)) {
        act_screen(act);
        return;
    }
    if (rules->cycle.approved < version && rules->policy.approver.role != DAIS_POLICY_BODY_NONE &&
        chance_percent(&act->chance, 60)) {
        act_endorse(act);
        return;
    }
    unsigned who = act_body(rules->policy.list_maker.role);
    if (rules->policy.list_maker.role != DAIS_POLICY_BODY_NONE && chance_percent(&act->chance, 20))
        who = CAST_SEC;
    act_begin(act, DAIS_KIND_LIST_VERSION, who);
    act_number(act, chance_percent(&act->chance, 97) ? version : version + 1);
    unsigned added = list_added(act);
    if (version > 1) {
        list_later(act, added);
        return;
    }
    act_number(act, 0);
    call_dates(act, &rules->policy, dais_dates_from_list, act_now(act));
    act_text(act, "");
}
