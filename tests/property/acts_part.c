/* SPDX-License-Identifier: Apache-2.0
 *
 * Taking part, texts, and who may see. */
#include "tests/property/acts.h"

#define ACT_IN (ACT_STATE(ADMITTED) | ACT_STATE(PROVISIONAL))

void act_invite(act_t *act)
{
    act_begin(act, DAIS_KIND_INVITATION, CAST_SEC);
    act_orgs(act, ACT_IN, 3);
}

static void act_persons(act_t *act, unsigned kind)
{
    act_begin(act, kind, CAST_SEC);
    act_number(act, act_org(act, ACT_IN));
    act_number(act, chance_from(&act->chance, 1, 2));
    act_number(act, chance_below(&act->chance, 5));
}

void act_register_persons(act_t *act)
{
    act_persons(act, DAIS_KIND_REGISTRATION);
}

void act_attend(act_t *act)
{
    act_persons(act, DAIS_KIND_ATTENDANCE);
}

static void act_topics(act_t *act)
{
    unsigned place = act_list_open(act);
    unsigned wanted = chance_below(&act->chance, 3);
    unsigned count = 0;
    for (unsigned i = 0; i < wanted; i++) {
        unsigned topic = chance_from(&act->chance, 1, 3);
        if (!dais_step_knows(act->player->rules, DAIS_TABLE_TOPIC, topic) &&
            chance_percent(&act->chance, 95))
            continue;
        act_number(act, topic);
        count++;
    }
    act_list_close(act, place, count);
}

void act_speak(act_t *act)
{
    unsigned speaker = ACT_PICK_NUMBER(act, DAIS_SPEAKER_ORGANISATION, DAIS_SPEAKER_ORGANISATION,
                                       DAIS_SPEAKER_ORGANISATION, DAIS_SPEAKER_STATE,
                                       DAIS_SPEAKER_CHAIR, DAIS_SPEAKER_IGO);
    bool has_name = speaker == DAIS_SPEAKER_STATE || speaker == DAIS_SPEAKER_IGO;
    act_begin(act, DAIS_KIND_INTERVENTION, CAST_SEC);
    act_number(act, speaker);
    act_number(act, speaker == DAIS_SPEAKER_ORGANISATION ? act_org(act, ACT_IN) : NAME_NONE);
    act_text(act, has_name ? "XA" : "");
    act_number(act, chance_below(&act->chance, 3));
    act_topics(act);
}

void act_comment(act_t *act)
{
    bool is_open = act->player->rules->policy.comments_from == DAIS_POLICY_COMMENTER_ANYONE;
    uint64_t org = act_org(act, is_open ? ACT_STATE(ADMITTED) | ACT_ON_LIST : ACT_IN);
    const event_t *earlier = act_earlier(act, DAIS_KIND_COMMENT);
    bool replaces = earlier != NULL && chance_percent(&act->chance, 40);
    if (replaces)
        org = earlier->on_behalf;
    act_begin(act, DAIS_KIND_COMMENT, act_office(act, org));
    act->event->on_behalf = (uint32_t)org;
    act_text(act, "A comment");
    act_text(act, ACT_PICK(act, "en", "en", "en", "EN-gb", "fr", "zh", "pt"));
    act_number(act, chance_percent(&act->chance, 95) ? 200 : 2000);
    act_number(act, chance_percent(&act->chance, 80) ? 0 : chance_below(&act->chance, 4));
    act_topics(act);
    act_number(act, replaces ? (uint64_t)NAME_MESSAGE + earlier->uid : NAME_NONE);
}

/* Mostly a comment that the state knows; else one that somebody sent, or an unknown id. */
static uint64_t act_comment_name(act_t *act)
{
    dais_rules_store_t *store = act->player->store;
    uint64_t count = store->port->count(store, DAIS_TABLE_COMMENT);
    dais_comment_row_t row;
    if (chance_percent(&act->chance, 90) &&
        store->port->dense_get(store, DAIS_TABLE_COMMENT, 1 + chance_below(&act->chance, count),
                               &row))
        return sequence_name(row.id);
    const event_t *comment = act_earlier(act, DAIS_KIND_COMMENT);
    return comment != NULL ? (uint64_t)NAME_MESSAGE + comment->uid : NAME_UNKNOWN;
}

void act_rule_comment(act_t *act)
{
    unsigned ruling =
        ACT_PICK_NUMBER(act, DAIS_RULING_ACCEPT, DAIS_RULING_ACCEPT, DAIS_RULING_PUBLISH,
                        DAIS_RULING_PUBLISH, DAIS_RULING_RETURN, DAIS_RULING_WITHHOLD);
    bool has_span = ruling == DAIS_RULING_RETURN && chance_percent(&act->chance, 50);
    act_begin(act, DAIS_KIND_COMMENT_RULING, CAST_SEC);
    act_number(act, act_comment_name(act));
    act_number(act, ruling);
    act_text(act, ruling == DAIS_RULING_ACCEPT || ruling == DAIS_RULING_PUBLISH ? "" : "code");
    act_number(act, has_span ? 3 : 0);
    act_number(act, has_span ? 9 : 0);
}

void act_withdraw_comment(act_t *act)
{
    const event_t *comment = act_earlier(act, DAIS_KIND_COMMENT);
    act_begin(act, DAIS_KIND_WITHDRAWAL, comment != NULL ? comment->who : CAST_OFFICE);
    act_number(act, DAIS_THING_COMMENT);
    act_number(act, comment != NULL ? (uint64_t)NAME_MESSAGE + comment->uid : NAME_UNKNOWN);
}

void act_suggest(act_t *act)
{
    bool of_comment = chance_percent(&act->chance, 60);
    act_begin(act, DAIS_KIND_SUGGESTION, CAST_SEC);
    act_number(act, of_comment ? act_comment_name(act) : NAME_NONE);
    act_number(act, of_comment ? 0 : act_entry(act, DAIS_KIND_INTERVENTION));
    act_text(act, "A suggestion");
    act_text(act, "");
    act_text(act, "");
    act_number(act, chance_below(&act->chance, 3));
}

void act_summarise(act_t *act)
{
    const dais_rules_t *rules = act->player->rules;
    bool further = rules->cycle.revision > 0 && chance_percent(&act->chance, 40);
    act_begin(act, DAIS_KIND_SUMMARY, CAST_CHAIR);
    act_number(act, rules->cycle.revision + (further ? 0U : 1U));
    act_text(act, ACT_PICK(act, "en", "fr", "es"));
    act_number(act, 22);
}

/* Indices of entries of any kind, the registry's own among them. */
static void act_entries(act_t *act)
{
    const player_t *player = act->player;
    unsigned place = act_list_open(act);
    unsigned count = chance_from(&act->chance, 1, 3);
    for (unsigned i = 0; i < count; i++) {
        unsigned seq = chance_below(&act->chance, player->count + 1);
        for (unsigned tries = 0; tries < 6 && chance_percent(&act->chance, 80); tries++) {
            bool is_sealed =
                seq < player->count && player->entries[seq].kind->stream == DAIS_STREAM_SEALED;
            if (is_sealed)
                break;
            seq = chance_below(&act->chance, player->count + 1);
        }
        bool is_own = seq >= player->count || player->entries[seq].uid == 0;
        act_number(act, is_own ? seq : ENTRY_OF(player->entries[seq].uid));
    }
    act_list_close(act, place, count);
}

void act_disclose(act_t *act)
{
    unsigned reader = chance_from(&act->chance, DAIS_READER_PUBLIC, DAIS_READER_DECIDER);
    act_begin(act, DAIS_KIND_DISCLOSURE, CAST_SEC);
    act_entries(act);
    act_number(act, reader);
    act_text(act, reader == DAIS_READER_STATE ? ACT_PICK(act, "XA", "XB", "XC", "XD") : "");
}

void act_withhold(act_t *act)
{
    act_begin(act, DAIS_KIND_WITHHOLDING, CAST_SEC);
    act_entries(act);
    act_text(act, "code");
}

void act_erase(act_t *act)
{
    act_begin(act, DAIS_KIND_ERASURE, CAST_SEC);
    act_entries(act);
    act_text(act, "code");
}
