/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/property/acts.h"

#include <stdlib.h>

void act_begin(act_t *act, unsigned kind, unsigned who)
{
    act->event->type = EVENT_MESSAGE;
    act->event->kind = (uint8_t)kind;
    act->event->who = (uint8_t)who;
    act->event->arg_count = 0;
}

void act_number(act_t *act, uint64_t number)
{
    if (act->event->arg_count == SEQUENCE_ARGS_MAX)
        abort();
    act->event->args[act->event->arg_count++].number = number;
}

void act_text(act_t *act, const char *text)
{
    act_number(act, 0);
    act->event->args[act->event->arg_count - 1].text = text;
}

unsigned act_list_open(act_t *act)
{
    act_number(act, 0);
    return act->event->arg_count - 1;
}

void act_list_close(act_t *act, unsigned place, unsigned count)
{
    act->event->args[place].number = count;
}

uint32_t act_now(const act_t *act)
{
    return (uint32_t)((act->player->clock - SEQUENCE_BASE_MS) / SEQUENCE_HOUR_MS);
}

uint32_t act_due(const act_t *act, unsigned date)
{
    uint64_t due = dais_dates_due(act->player->rules, date);
    return due == 0 ? 0 : (uint32_t)((due - SEQUENCE_BASE_MS) / SEQUENCE_HOUR_MS);
}

uint64_t act_org(act_t *act, uint32_t states)
{
    dais_rules_t *rules = act->player->rules;
    uint32_t count = dais_org_count(rules);
    uint32_t first = chance_below(&act->chance, count);
    dais_org_t org;
    if (count == 0 || chance_percent(&act->chance, 2))
        return chance_percent(&act->chance, 50) ? NAME_UNKNOWN : NAME_CARRIED;
    for (uint32_t i = 0; i < count; i++) {
        if (dais_org_get(rules, 1 + (first + i) % count, &org) &&
            (states >> org.row.state & 1) != 0)
            return sequence_name(org.row.id);
    }
    return dais_org_get(rules, 1 + first, &org) ? sequence_name(org.row.id) : NAME_UNKNOWN;
}

unsigned act_office(act_t *act, uint64_t name)
{
    dais_rules_t *rules = act->player->rules;
    dais_id_t id = sequence_id(name);
    dais_org_t org;
    dais_actor_row_t actor;
    if (chance_percent(&act->chance, 92) && dais_org_find(rules, &id, &org) &&
        rules->store->port->dense_get(rules->store, DAIS_TABLE_ACTOR, org.row.office_number,
                                      &actor) &&
        sequence_name(actor.id) == (uint64_t)NAME_ACTOR + cast[CAST_OTHER].actor)
        return CAST_OTHER;
    return chance_percent(&act->chance, 90) ? CAST_OFFICE : CAST_OTHER;
}

unsigned act_party(act_t *act)
{
    return ACT_PICK_NUMBER(act, CAST_XA, CAST_XA, CAST_XB, CAST_XB, CAST_XC, CAST_XC, CAST_XD,
                           CAST_XA_2);
}

void act_orgs(act_t *act, uint32_t states, unsigned most)
{
    unsigned place = act_list_open(act);
    unsigned wanted = chance_from(&act->chance, 1, most);
    unsigned count = 0;
    for (unsigned i = 0; i < wanted; i++) {
        uint64_t name = act_org(act, states);
        bool is_there = count > 0 && act->event->args[place + count].number == name;
        if (is_there && chance_percent(&act->chance, 85))
            continue;
        act_number(act, name);
        count++;
    }
    act_list_close(act, place, count);
}

const event_t *act_earlier(act_t *act, unsigned kind)
{
    const event_t *found = NULL;
    for (unsigned i = act->sequence->count; i > 0; i--) {
        const event_t *event = &act->sequence->events[i - 1];
        if (event->type != EVENT_MESSAGE || event->kind != kind ||
            act->player->seq_of[event->uid] == 0)
            continue;
        found = event;
        if (chance_percent(&act->chance, 60))
            break;
    }
    return found;
}

uint64_t act_entry(act_t *act, unsigned kind)
{
    const event_t *event = act_earlier(act, kind);
    if (event == NULL || chance_percent(&act->chance, 4))
        return chance_below(&act->chance, act->player->count + 2);
    return ENTRY_OF(event->uid);
}

unsigned act_body(dais_policy_body_t body)
{
    switch (body) {
    case DAIS_POLICY_BODY_CHAIR: return CAST_CHAIR;
    case DAIS_POLICY_BODY_BUREAU: return CAST_BUREAU;
    case DAIS_POLICY_BODY_CONFERENCE: return CAST_CONFERENCE;
    case DAIS_POLICY_BODY_NONE:
    case DAIS_POLICY_BODY_SECRETARIAT: return CAST_SEC;
    }
    return CAST_SEC;
}
