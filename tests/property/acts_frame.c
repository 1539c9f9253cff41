/* SPDX-License-Identifier: Apache-2.0
 *
 * The cycle, its frame and its roster. */
#include "tests/property/acts.h"

void act_open(act_t *act)
{
    act_begin(act, DAIS_KIND_OPEN, CAST_SEC);
    act_number(act, act_entry(act, DAIS_KIND_CALL));
}

static const char *act_session_code(act_t *act)
{
    return ACT_PICK(act, "WG1", "WG1", "WG1", "WG2", "WG2", "WG3");
}

void act_session(act_t *act)
{
    act_begin(act, DAIS_KIND_SESSION_CONCLUDED, CAST_SEC);
    act_text(act, act_session_code(act));
    act_number(act, 1);
}

void act_report(act_t *act)
{
    act_begin(act, DAIS_KIND_REPORT_ADOPTED, CAST_SEC);
    act_text(act, act_session_code(act));
    act_text(act, "");
    act_number(act, 1);
}

void act_officers(act_t *act)
{
    act_begin(act, DAIS_KIND_OFFICERS, CAST_SEC);
    act_number(act, 1);
    act_number(act, DAIS_OFFICER_CHAIR);
    act_text(act, "A person");
    act_text(act, "");
    act_text(act, "XA");
}

void act_agenda(act_t *act)
{
    act_begin(act, DAIS_KIND_AGENDA_ITEM, CAST_SEC);
    act_number(act, chance_from(&act->chance, 1, 3));
    act_text(act, "An item");
}

void act_document(act_t *act)
{
    act_begin(act, DAIS_KIND_DOCUMENT, CAST_SEC);
    act_text(act, "CRP.1");
    act_text(act, "A document");
    act_number(act, chance_below(&act->chance, 4));
    act_text(act, "en");
    act_number(act, 0);
}

void act_topic(act_t *act)
{
    act_begin(act, DAIS_KIND_TOPIC, CAST_SEC);
    act_number(act, chance_from(&act->chance, 1, 3));
    act_text(act, "A topic");
    act_text(act, "");
    act_number(act, 0);
}

void act_register(act_t *act)
{
    act_begin(act, DAIS_KIND_REGISTER_CHANGE, CAST_SEC);
    act_text(act, ACT_PICK(act, "XA", "XB", "XC", "XD", "XE"));
    act_number(act, ACT_PICK_NUMBER(act, DAIS_ANSWER_YES, DAIS_ANSWER_YES, DAIS_ANSWER_NO));
    act_text(act, "Convention");
    act_number(act, 1);
}

void act_presence(act_t *act)
{
    static const char *const states[] = {"XA", "XB", "XC", "XD", "XF"};
    act_begin(act, DAIS_KIND_PRESENCE, CAST_SEC);
    act_text(act, "WG1");
    unsigned place = act_list_open(act);
    unsigned count = 0;
    for (unsigned i = 0; i < 5; i++) {
        if (chance_percent(&act->chance, i == 4 ? 5 : 60)) {
            act_text(act, states[i]);
            count++;
        }
    }
    act_list_close(act, place, count);
}

static void act_moved_date(act_t *act, unsigned which, unsigned by)
{
    act_number(act, which);
    act_number(act, act_due(act, which) + by);
    act_text(act, "x");
    act_text(act, "UTC");
}

/* One date, or all that are still to come. */
void act_calendar(act_t *act)
{
    const dais_rules_t *rules = act->player->rules;
    bool postpones = chance_percent(&act->chance, 50);
    unsigned only = chance_from(&act->chance, 1, DAIS_DATE_COUNT - 1);
    unsigned by = chance_from(&act->chance, 0, 60);
    unsigned count = 0;
    act_begin(act, DAIS_KIND_CALENDAR_CHANGE, CAST_SEC);
    act_number(act, postpones ? DAIS_CALENDAR_POSTPONE : DAIS_CALENDAR_EXTEND);
    unsigned place = act_list_open(act);
    for (unsigned which = 1; which < DAIS_DATE_COUNT; which++) {
        bool is_next = dais_dates_is_set(rules, which) && !dais_dates_is_ticked(rules, which);
        if (postpones ? is_next : which == only) {
            act_moved_date(act, which, by);
            count++;
        }
    }
    if (count == 0) {
        act_moved_date(act, only, by);
        count = 1;
    }
    act_list_close(act, place, count);
    act_text(act, "2026b");
    act_text(act, "a reason");
}

void act_permit(act_t *act)
{
    if (act->player->rules->policy.late != DAIS_POLICY_LATE_PERMIT &&
        chance_percent(&act->chance, 85)) {
        act_agenda(act);
        return;
    }
    unsigned who =
        ACT_PICK_NUMBER(act, CAST_OFFICE, CAST_OTHER, CAST_XA, CAST_XB, CAST_SEC, CAST_CHAIR);
    unsigned thing = cast[who].role == DAIS_ROLE_PARTY ? DAIS_THING_OBJECTION
                     : cast[who].role == DAIS_ROLE_OFFICE
                         ? ACT_PICK_NUMBER(act, DAIS_THING_APPLICATION, DAIS_THING_COMMENT)
                         : DAIS_THING_LIST;
    act_begin(act, DAIS_KIND_LATE_PERMIT, CAST_SEC);
    act_number(act, (uint64_t)NAME_ACTOR + cast[who].actor);
    act_number(act, chance_percent(&act->chance, 92) ? thing : chance_from(&act->chance, 1, 4));
    act_number(act, act_now(act) + chance_from(&act->chance, 0, 120));
    act_text(act, "a reason");
}

void act_cancel(act_t *act)
{
    act_begin(act, DAIS_KIND_CANCELLATION, CAST_SEC);
    act_text(act, "a reason");
}

void act_closing(act_t *act)
{
    act_begin(act, DAIS_KIND_CLOSING_ORDER, CAST_SEC);
    act_text(act, "");
}

void act_second(act_t *act)
{
    static const unsigned kinds[] = {DAIS_KIND_CLOSING_ORDER, DAIS_KIND_ERASURE,
                                     DAIS_KIND_ROSTER_CHANGE, DAIS_KIND_INTAKE_LOST};
    dais_rules_store_t *store = act->player->store;
    dais_row_key_t key = {{0}};
    dais_second_row_t row;
    uint64_t waits = 0;
    while (store->port->sorted_next(store, DAIS_TABLE_SECOND, &key, &row)) {
        waits = row.seconded == 0 ? key.part[0] : waits;
        key.part[0]++;
    }
    act_begin(act, DAIS_KIND_SECOND, chance_percent(&act->chance, 85) ? CAST_DEPUTY : CAST_SEC);
    if (waits != 0 && act->player->entries[waits].uid != 0 && chance_percent(&act->chance, 90))
        act_number(act, ENTRY_OF(act->player->entries[waits].uid));
    else
        act_number(act, act_entry(act, kinds[chance_below(&act->chance, 4)]));
}

static void act_change_key(act_t *act, unsigned change, unsigned who, uint64_t at)
{
    act_begin(act, DAIS_KIND_ROSTER_CHANGE, CAST_SEC);
    act_number(act, change);
    act_number(act, (uint64_t)NAME_ACTOR + cast[who].actor);
    act_number(act, cast[who].role);
    act_text(act, cast[who].state);
    act_text(act, cast[who].name);
    act_text(act, cast[who].holder);
    act_number(act, who);
    act_number(act, who);
    act_number(act, at);
}

/* Whoever is not on the roster yet, else anybody. */
void act_key(act_t *act)
{
    unsigned who = chance_from(&act->chance, 1, CAST_COUNT - 1);
    for (unsigned i = 1; i < CAST_COUNT; i++) {
        dais_key_t key = player_key(i);
        if (dais_roster_find(act->player->store, &key).key_number == 0) {
            who = i;
            break;
        }
    }
    act_change_key(act, DAIS_ROSTER_ADD, who, 0);
    if (chance_percent(&act->chance, 40) && act->sequence->count > CAST_COUNT) {
        /* Somebody's further key in another role. */
        act->event->args[2].number = chance_from(&act->chance, DAIS_ROLE_OFFICE, DAIS_ROLE_CHAIR);
        act->event->args[6].number = CAST_COUNT + 2;
    }
}

/* Keys that the rest of the play can do without, now and then another. */
void act_revoke(act_t *act)
{
    unsigned who =
        ACT_PICK_NUMBER(act, CAST_XA_2, CAST_INTAKE_3, CAST_XD, CAST_INSPECTOR, CAST_INTAKE_2,
                        chance_percent(&act->chance, 30) ? CAST_OTHER : CAST_XA_2);
    if (chance_percent(&act->chance, 60))
        act_change_key(act, DAIS_ROSTER_RETIRE, who,
                       act_now(act) + chance_from(&act->chance, 0, 60));
    else
        act_change_key(act, DAIS_ROSTER_REVOKE, who, chance_below(&act->chance, 2));
}

void act_intake_lost(act_t *act)
{
    act_begin(act, DAIS_KIND_INTAKE_LOST, CAST_SEC);
    act_number(act, ACT_PICK_NUMBER(act, CAST_INTAKE_3, CAST_INTAKE_2, CAST_XA));
    act_text(act, "a reason");
}

void act_clock(act_t *act)
{
    act_begin(act, DAIS_KIND_CLOCK_ACCEPTED, CAST_SEC);
    act_number(act, act_now(act) + 1);
    act_text(act, "a reason");
}
