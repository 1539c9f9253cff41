/* SPDX-License-Identifier: Apache-2.0
 *
 * Objections, cases and decisions. */
#include "tests/property/acts.h"

static void act_targets_with_reasons(act_t *act, uint32_t states, unsigned most)
{
    unsigned place = act_list_open(act);
    unsigned wanted = chance_from(&act->chance, 1, most);
    unsigned count = 0;
    bool codes =
        act->player->rules->policy.reason_codes.count > 0 || chance_percent(&act->chance, 50);
    for (unsigned i = 0; i < wanted; i++) {
        uint64_t name = act_org(act, states);
        bool is_there = count > 0 && act->event->args[place + 2 * count - 1].number == name;
        if (is_there && chance_percent(&act->chance, 85))
            continue;
        act_number(act, name);
        act_text(act, codes ? ACT_PICK(act, "code", "code", "other", "", "mystery") : "");
        count++;
    }
    act_list_close(act, place, count);
}

/* A group is as likely as one alone, where the policy knows groups. */
void act_object(act_t *act)
{
    const dais_policy_t *policy = &act->player->rules->policy;
    unsigned who = act_party(act);
    bool knows_groups = policy->group_objection != DAIS_POLICY_JOINT_NONE;
    bool is_group = chance_percent(&act->chance, knows_groups ? 35 : 3);
    unsigned count = 0;
    act_begin(act, DAIS_KIND_OBJECTION, who);
    act_targets_with_reasons(act, ACT_ON_LIST, 3);
    unsigned place = act_list_open(act);
    for (unsigned i = CAST_XA; i <= CAST_XD && is_group; i++) {
        if (cast[i].actor != cast[who].actor &&
            chance_percent(&act->chance, i == CAST_XD ? 5 : 60)) {
            act_text(act, cast[i].state);
            count++;
        }
    }
    act_list_close(act, place, count);
    act_text(act, chance_percent(&act->chance, 90) ? "Treaty of union" : "");
}

/* The State that an objection waits for, if there is one; else the party. */
static unsigned act_awaited(act_t *act, unsigned who, const event_t **group)
{
    dais_rules_store_t *store = act->player->store;
    uint64_t count = store->port->count(store, DAIS_TABLE_OBJECTION);
    uint64_t first = chance_below(&act->chance, count);
    dais_objection_row_t row;
    dais_state_row_t state;
    for (uint64_t n = 0; n < count; n++) {
        if (!store->port->dense_get(store, DAIS_TABLE_OBJECTION, 1 + (first + n) % count, &row) ||
            row.state != DAIS_OBJECTION_LODGED ||
            !store->port->dense_get(store, DAIS_TABLE_STATE, row.state_number, &state))
            continue;
        for (unsigned i = CAST_XA; i <= CAST_XD; i++)
            who = memcmp(state.code, cast[i].state, 2) == 0 ? i : who;
        unsigned uid = act->player->entries[row.instrument].uid;
        for (unsigned i = 0; i < act->sequence->count; i++)
            *group = act->sequence->events[i].uid == uid ? &act->sequence->events[i] : *group;
        break;
    }
    return who;
}

void act_sign(act_t *act)
{
    const event_t *group = act_earlier(act, DAIS_KIND_OBJECTION);
    unsigned who = act_awaited(act, act_party(act), &group);
    if (group != NULL && group->kind != DAIS_KIND_OBJECTION)
        group = NULL;
    act_begin(act, DAIS_KIND_CO_SIGNATURE, who);
    act_number(act, group != NULL ? (uint64_t)NAME_MESSAGE + group->uid : NAME_UNKNOWN);
    if (group == NULL || chance_percent(&act->chance, 10)) {
        act_targets_with_reasons(act, ACT_ON_LIST, 2);
        return;
    }
    uint64_t count = group->args[0].number;
    act_number(act, count);
    for (uint64_t i = 0; i < count; i++) {
        act_number(act, group->args[1 + 2 * i].number);
        act_text(act, chance_percent(&act->chance, 80) ? group->args[2 + 2 * i].text : "other");
    }
}

void act_reason(act_t *act)
{
    act_begin(act, DAIS_KIND_REASON_ADDED, act_party(act));
    act_targets_with_reasons(act, ACT_STATE(CONTESTED) | ACT_HELD, 2);
}

/* Mostly of a State and organisation that have an objection. */
void act_withdraw_objection(act_t *act)
{
    dais_rules_store_t *store = act->player->store;
    unsigned who = act_party(act);
    uint64_t count = store->port->count(store, DAIS_TABLE_OBJECTION);
    dais_objection_row_t row;
    dais_state_row_t state;
    dais_org_t org;
    uint64_t name = act_org(act, ACT_STATE(CONTESTED) | ACT_HELD);
    if (count > 0 && chance_percent(&act->chance, 85) &&
        store->port->dense_get(store, DAIS_TABLE_OBJECTION, 1 + chance_below(&act->chance, count),
                               &row) &&
        store->port->dense_get(store, DAIS_TABLE_STATE, row.state_number, &state) &&
        dais_org_get(act->player->rules, row.organisation_number, &org)) {
        name = sequence_name(org.row.id);
        for (unsigned i = CAST_XA; i <= CAST_XD; i++)
            who = memcmp(state.code, cast[i].state, 2) == 0 ? i : who;
    }
    act_begin(act, DAIS_KIND_OBJECTION_WITHDRAWAL, who);
    unsigned more = chance_percent(&act->chance, 15) ? 1 : 0;
    act_number(act, 1 + more);
    act_number(act, name);
    if (more > 0)
        act_number(act, act_org(act, ACT_HELD | ACT_STATE(CONTESTED)));
}

void act_request(act_t *act)
{
    act_begin(act, DAIS_KIND_DISCLOSURE_REQUEST, act_party(act));
    act_orgs(act, ACT_ON_LIST, 3);
}

void act_refer(act_t *act)
{
    act_begin(act, DAIS_KIND_REFERRAL, CAST_SEC);
    act_orgs(act, ACT_HELD | ACT_STATE(CONTESTED), 3);
    act_text(act, "Conference");
    act_text(act, "Next session");
}

/* Votes that go with the result, mostly. */
static void act_votes(act_t *act, unsigned manner)
{
    bool given = manner == DAIS_MANNER_RECORDED ||
                 (manner == DAIS_MANNER_UNRECORDED && chance_percent(&act->chance, 50));
    unsigned yes = given ? chance_below(&act->chance, 30) : 0;
    unsigned no = given ? chance_below(&act->chance, 12) : 0;
    bool carried = given ? yes > no : chance_percent(&act->chance, 85);
    if (chance_percent(&act->chance, 4))
        carried = !carried;
    act_number(act, yes);
    act_number(act, no);
    act_number(act, given ? chance_below(&act->chance, 5) : 0);
    act_number(act, carried ? DAIS_RESULT_CARRIED : DAIS_RESULT_NOT_CARRIED);
}

static void act_question(act_t *act, unsigned question)
{
    unsigned manner = ACT_PICK_NUMBER(act, DAIS_MANNER_RECORDED, DAIS_MANNER_UNRECORDED,
                                      DAIS_MANNER_CONSENSUS, DAIS_MANNER_CONSENSUS);
    bool has_none = question == DAIS_QUESTION_PROCEDURE || question == DAIS_QUESTION_ENDORSE;
    act_number(act, question);
    if (has_none)
        act_number(act, 0);
    else
        act_orgs(act,
                 question == DAIS_QUESTION_REVERSE  ? ACT_STATE(ADMITTED) | ACT_STATE(REFUSED)
                 : chance_percent(&act->chance, 70) ? ACT_HELD | ACT_STATE(CONTESTED)
                                                    : ACT_STATE(ADMITTED) | ACT_STATE(LAPSED),
                 3);
    act_number(act, manner);
    act_votes(act, manner);
    act_number(act, question == DAIS_QUESTION_PROCEDURE ? chance_from(&act->chance, 1, 2) : 0);
    act_text(act, "Conference");
    act_text(act, "Session");
    act_text(act, question == DAIS_QUESTION_DEFER ? "Next session" : "");
}

void act_decide(act_t *act)
{
    const dais_policy_t *policy = &act->player->rules->policy;
    bool endorses =
        policy->endorsement.role != DAIS_POLICY_BODY_NONE && chance_percent(&act->chance, 25);
    unsigned question =
        endorses ? DAIS_QUESTION_ENDORSE
                 : ACT_PICK_NUMBER(act, DAIS_QUESTION_ADMIT, DAIS_QUESTION_ADMIT,
                                   DAIS_QUESTION_REFUSE, DAIS_QUESTION_STRIKE, DAIS_QUESTION_DEFER,
                                   DAIS_QUESTION_REVERSE, DAIS_QUESTION_PROCEDURE);
    dais_policy_body_t body = endorses ? policy->endorsement.role : policy->decider.role;
    act_begin(act, DAIS_KIND_DECISION,
              chance_percent(&act->chance, 93)
                  ? act_body(body)
                  : ACT_PICK_NUMBER(act, CAST_CHAIR, CAST_SEC, CAST_CONFERENCE));
    act_question(act, question);
}

/* The same question and targets, perhaps another result. */
void act_correct(act_t *act)
{
    const event_t *wrong = act_earlier(
        act, chance_percent(&act->chance, 70) ? DAIS_KIND_DECISION : DAIS_KIND_CORRECTION);
    if (wrong == NULL) {
        act_decide(act);
        return;
    }
    unsigned from = wrong->kind == DAIS_KIND_CORRECTION ? 1 : 0;
    uint64_t targets = wrong->args[from + 1].number;
    unsigned behind = from + 2 + (unsigned)targets;
    act_begin(act, DAIS_KIND_CORRECTION, wrong->who);
    act_number(act, ENTRY_OF(wrong->uid));
    for (unsigned i = from; i < behind; i++)
        act_number(act, wrong->args[i].number);
    unsigned manner = ACT_PICK_NUMBER(act, DAIS_MANNER_RECORDED, DAIS_MANNER_CONSENSUS);
    act_number(act, manner);
    act_votes(act, manner);
    for (unsigned i = behind + 5; i < wrong->arg_count; i++)
        act_number(act, wrong->args[i].number);
}
