/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/property/search_cycle.h"

#include "tests/property/played_log.h"

/* The call says the least: the deadlines that a cycle cannot do without. */
static const char *const plain_values[][2] = {
    {"application-deadline", "call"},
    {"list-min-notice", "none"},
    {"objection-window", "circulated..circulated+10d"},
    {"comment-deadline", "none"},
    {"withdrawable-until", "none"},
    {"decision-window", "none"},
    {"retention", "30d"},
    {"required-documents", "none"},
    {"representatives-max", "5"},
    {"capacity", "no-limit"},
    {"quota", "no-limit"},
    {"timezone", "Europe/Vienna"},
    {"ecosoc-objectable", "yes"},
    {"majority", "simple"},
    {"rights", "attend"},
    {"comments-from", "admitted"},
    {"blocked-comments", "withhold"},
    {"written-limit-words", "1000"},
    {"written-languages", "en"},
    {"content-rule", "none"},
};

static void plain_dates(act_t *act, const dais_policy_t *policy, dais_dates_expected_t *expected)
{
    static const unsigned hours[DAIS_DATE_COUNT] = {0,   100, 200, 300, 350, 340, 310,
                                                    390, 360, 400, 0,   600, 150, 500};
    unsigned place = act_list_open(act);
    unsigned count = 0;
    for (unsigned which = 1; which < DAIS_DATE_COUNT; which++) {
        if (!expected(policy, which))
            continue;
        act_number(act, which);
        act_number(act, hours[which]);
        act_text(act, "x");
        act_text(act, "UTC");
        count++;
    }
    act_list_close(act, place, count);
}

static void plain_call(act_t *act)
{
    static dais_policy_t policy;
    unsigned count = 0;
    policy = act->player->rules->frozen;
    act_begin(act, DAIS_KIND_CALL, CAST_SEC);
    act_text(act, "Dialogue");
    act_text(act, "M1");
    act_number(act, 1);
    act_text(act, "WG1");
    act_text(act, "Working group");
    unsigned place = act_list_open(act);
    for (size_t n = 0; n < sizeof plain_values / sizeof plain_values[0]; n++) {
        dais_policy_key_t key = dais_policy_key_find(dais_slice_text(plain_values[n][0]));
        if (dais_policy_apply_value(&policy, key, dais_slice_text(plain_values[n][1]),
                                    DAIS_POLICY_CONFIRMED_ASSUMED, dais_slice_text("here"),
                                    NULL) != DAIS_OK)
            continue;
        act_text(act, plain_values[n][0]);
        act_text(act, plain_values[n][1]);
        act_number(act, DAIS_CONFIRMED_ASSUMED);
        act_text(act, "here");
        count++;
    }
    act_list_close(act, place, count);
    plain_dates(act, &policy, dais_dates_from_call);
    act_text(act, "2026b");
    act_number(act, 2);
    act_text(act, "XA");
    act_text(act, "XB");
}

static void plain_session(act_t *act)
{
    act_begin(act, DAIS_KIND_SESSION_CONCLUDED, CAST_SEC);
    act_text(act, "WG1");
    act_number(act, 1);
}

static void plain_report(act_t *act)
{
    act_begin(act, DAIS_KIND_REPORT_ADOPTED, CAST_SEC);
    act_text(act, "WG1");
    act_text(act, "");
    act_number(act, 1);
}

static void plain_application(act_t *act)
{
    const dais_policy_word_list_t *documents = &act->player->rules->policy.required_documents;
    static char codes[DAIS_POLICY_WORDS_MAX][64];
    act_begin(act, DAIS_KIND_APPLICATION, CAST_OFFICE);
    act_number(act, NAME_NONE);
    act_text(act, "An organisation");
    act_number(act, DAIS_CATEGORY_NGO);
    act_text(act, "XA");
    for (unsigned i = 0; i < 4; i++)
        act_number(act, 1);
    act_number(act, documents->count);
    for (unsigned i = 0; i < documents->count; i++) {
        (void)snprintf(codes[i], sizeof codes[i], "%.*s", (int)documents->items[i].size,
                       (const char *)documents->items[i].data);
        act_text(act, codes[i]);
    }
    act_number(act, 0);
}

static void plain_screening(act_t *act)
{
    dais_org_t org;
    act_begin(act, DAIS_KIND_SCREENING, CAST_SEC);
    for (uint32_t n = 1; n <= 2; n++)
        if (dais_org_get(act->player->rules, n, &org) &&
            org.row.state == DAIS_APPLICATION_SUBMITTED)
            break;
    act_number(act, sequence_name(org.row.id));
    act_number(act, DAIS_SCREENING_ELIGIBLE);
    act_text(act, "");
    act_number(act, NAME_NONE);
}

static void plain_list(act_t *act)
{
    const dais_policy_t *policy = &act->player->rules->policy;
    dais_org_t org;
    act_begin(act, DAIS_KIND_LIST_VERSION, act_body(policy->list_maker.role));
    act_number(act, 1);
    act_number(act, 2);
    for (uint32_t n = 1; n <= 2 && dais_org_get(act->player->rules, n, &org); n++)
        act_number(act, sequence_name(org.row.id));
    act_number(act, 0);
    plain_dates(act, policy, dais_dates_from_list);
    act_text(act, "");
}

/* Says it at the hour, and it has to be accepted. */
static bool plain_say(act_t *act, act_fn_t *fn, uint32_t hour)
{
    sequence_t *sequence = act->sequence;
    event_t *event = &sequence->events[sequence->count];
    *event = (event_t){.uid = (uint16_t)(sequence->count + 1), .hour = hour, .received = hour};
    act->event = event;
    fn(act);
    sequence->count++;
    if (!player_event(act->player, event) ||
        player_last(act->player)->verdicts.codes[0] != DAIS_VERDICT_ACCEPTED)
        return false;
    player_flush(act->player);
    return true;
}

/* Where the policy has a deadline for applications it is closed before the list. */
static bool plain_close(act_t *act)
{
    const event_t tick = {.type = EVENT_TICK};
    return !dais_dates_is_set(act->player->rules, DAIS_DATE_APPLICATION) ||
           player_event(act->player, &tick);
}

static bool plain_cycle(act_t *act)
{
    for (unsigned i = 1; i < CAST_COUNT; i++)
        if (!plain_say(act, act_key, 0))
            return false;
    return plain_say(act, plain_call, 0) && plain_say(act, act_open, 0) &&
           plain_say(act, plain_session, 1) && plain_say(act, plain_report, 1) &&
           plain_say(act, plain_application, 2) && plain_say(act, plain_application, 2) &&
           plain_say(act, plain_screening, 3) && plain_say(act, plain_screening, 3) &&
           plain_close(act) && plain_say(act, plain_list, 120);
}

const char *search_cycle(const char *policy, sequence_t *sequence, player_t *player,
                         dais_rules_store_t *store)
{
    act_t act = {.player = player, .sequence = sequence};
    player_reset(player);
    *sequence = (sequence_t){.policy = policy};
    player->log = played_log_name(player, sequence);
    if (!player_begin(player, sequence, store))
        return policy;
    return plain_cycle(&act) ? NULL : dais_kind_of(act.event->kind)->name;
}
