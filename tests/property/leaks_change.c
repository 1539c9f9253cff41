/* SPDX-License-Identifier: Apache-2.0
 *
 * Which entries of a log are made others for its twin. Every entry that the reader may not see may
 * be, but for these, which are no secret to the reader though the entry itself is closed:
 * - a transfer: for whom an office acts is the reader's own standing, and may-see is asked of a
 *   reader of the same standing (docs/rules.md, 8)
 * - for an office, a version of the list: an applicant sees its own row (docs/rules.md, 8,
 *   CIRCULATED), and so learns whether it is listed
 * - an objection that names the uninvolved State: whoever is named may sign, and has part in it
 *   (docs/rules.md, 6.5), so nobody names it, in A or in B. */
#include "tests/property/leaks.h"

const leaks_reader_t leaks_readers[LEAKS_READERS] = {{"public", -1},
                                                     {"applicant", CAST_OFFICE},
                                                     {"office", CAST_OTHER},
                                                     {"uninvolved State", CAST_XC}};

dais_reader_who_t leaks_reader(const leaks_t *leaks, player_t *player)
{
    if (leaks->reader->who < 0)
        return dais_visible_public();
    dais_key_t key = player_key((unsigned)leaks->reader->who);
    dais_roster_who_t who = dais_roster_find(player->store, &key);
    return dais_visible_as(&who);
}

bool leaks_has_reader(const leaks_t *leaks, player_t *player)
{
    dais_key_t key = player_key((unsigned)(leaks->reader->who < 0 ? 0 : leaks->reader->who));
    return dais_roster_find(player->store, &key).key_number != 0;
}

void leaks_begin(player_t *player, dais_rules_store_t *store)
{
    player_end(player);
    player_reset(player);
    store->port->clear(store);
}

/* A State that somebody else names in an objection has part in it: so nobody names this one. */
static void unname(event_t *event)
{
    const char *code = cast[CAST_XC].state;
    unsigned at = 1 + 2 * (unsigned)event->args[0].number;
    if (event->type != EVENT_MESSAGE || event->kind != DAIS_KIND_OBJECTION ||
        event->args[at].number > 16)
        return;
    for (unsigned i = at + 1; i <= at + event->args[at].number;) {
        if (event->args[i].text == NULL || strcmp(event->args[i].text, code) != 0) {
            i++;
            continue;
        }
        memmove(&event->args[i], &event->args[i + 1],
                (event->arg_count - i - 1) * sizeof event->args[0]);
        event->arg_count--;
        event->args[at].number--;
    }
}

/* The sequence without that, played again. */
static bool take_no_part(leaks_t *leaks)
{
    if (leaks->reader->who != CAST_XC)
        return true;
    for (unsigned i = 0; i < leaks->sequence.count; i++)
        unname(&leaks->sequence.events[i]);
    leaks_begin(&leaks->a, leaks->store_a);
    return player_run(&leaks->a, &leaks->sequence, leaks->store_a) && !leaks->a.has_failed;
}

const event_t *leaks_in_b(const leaks_t *leaks, const event_t *event)
{
    for (unsigned i = 0; i < leaks->changed_count; i++)
        if (leaks->changed[i].uid == event->uid)
            return &leaks->changed[i];
    return event;
}

bool leaks_is_changed(const leaks_t *leaks, unsigned uid)
{
    for (unsigned i = 0; i < leaks->changed_count; i++)
        if (uid != 0 && leaks->changed[i].uid == uid)
            return true;
    return false;
}

static bool may_change(const leaks_t *leaks, const event_t *event)
{
    int who = leaks->reader->who;
    bool is_office = who >= 0 && cast[who].role == DAIS_ROLE_OFFICE;
    if (event->type != EVENT_MESSAGE || event->kind == DAIS_KIND_TRANSFER ||
        (event->kind == DAIS_KIND_LIST_VERSION && is_office))
        return false;
    return who < 0 || cast[event->who].actor != cast[who].actor;
}

static bool is_hidden_in_a(leaks_t *leaks, const event_t *event)
{
    uint64_t seq = leaks->a.seq_of[event->uid];
    return seq != 0 && !dais_visible_entry(leaks->a.rules, leaks_reader(leaks, &leaks->a), seq,
                                           dais_rules_size(leaks->a.rules));
}

/* Another organisation is the first target. */
static void change_target(act_t *act, event_t *event)
{
    const event_t *other = act_earlier(act, DAIS_KIND_APPLICATION);
    if (other != NULL && event->args[0].number > 0)
        event->args[1].number = (uint64_t)NAME_MESSAGE + other->uid;
}

/* Another State says it, of another organisation, or one field of it is another. */
static void change(act_t *act, event_t *event)
{
    static const unsigned others[] = {CAST_XA, CAST_XB, CAST_XD};
    act->event = event;
    if (event->kind == DAIS_KIND_OBJECTION && chance_percent(&act->chance, 35))
        change_target(act, event);
    else if (cast[event->who].role == DAIS_ROLE_PARTY && chance_percent(&act->chance, 45))
        event->who = (uint8_t)others[chance_below(&act->chance, 3)];
    else
        generator_spoil(act);
}

static bool is_another(const event_t *a, const event_t *b)
{
    if (a->who != b->who || a->arg_count != b->arg_count)
        return true;
    for (unsigned i = 0; i < a->arg_count; i++)
        if (a->args[i].number != b->args[i].number)
            return true;
    return false;
}

bool leaks_make(leaks_t *leaks, act_t *act)
{
    unsigned wanted = chance_from(&act->chance, 1, LEAKS_CHANGES_MAX);
    leaks->changed_count = 0;
    if (!take_no_part(leaks) || !leaks_has_reader(leaks, &leaks->a))
        return false;
    for (unsigned tries = 0; tries < 60 && leaks->changed_count < wanted; tries++) {
        const event_t *event =
            &leaks->sequence.events[chance_below(&act->chance, leaks->sequence.count)];
        if (leaks_is_changed(leaks, event->uid) || !may_change(leaks, event) ||
            !is_hidden_in_a(leaks, event))
            continue;
        event_t *changed = &leaks->changed[leaks->changed_count];
        *changed = *event;
        change(act, changed);
        if (leaks->reader->who == CAST_XC)
            unname(changed);
        if (is_another(changed, event))
            leaks->changed_count++;
    }
    return leaks->changed_count > 0;
}
