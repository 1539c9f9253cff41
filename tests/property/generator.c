/* SPDX-License-Identifier: Apache-2.0
 *
 * Which act comes next depends on the state of the cycle; time goes on with each, up to the next
 * deadline, which is closed by a tick of its own. */
#include "tests/property/generator.h"

typedef struct {
    act_fn_t *fn;
    uint8_t weight[DAIS_CYCLE_CANCELLED + 1]; /* by state of the cycle */
} choice_t;

/* clang-format off */
static const choice_t choices[] = {
    /*                            dr  op  cl  li  wi  se  in  en  su  ar  ca */
    {act_call,              {0, 30,  0,  0,  0,  0,  0,  0,  0,  0,  0,  0}},
    {act_open,              {0, 40,  0,  0,  0,  0,  0,  0,  0,  0,  0,  0}},
    {act_session,           {0,  0,  2,  2,  2,  4, 14,  2,  0,  0,  0,  0}},
    {act_report,            {0,  0,  1,  1,  1,  4, 14,  2,  0,  0,  0,  0}},
    {act_officers,          {0,  2,  1,  1,  1,  1,  1,  1,  1,  0,  0,  0}},
    {act_agenda,            {0,  8,  2,  1,  1,  1,  1,  1,  0,  0,  0,  0}},
    {act_document,          {0,  2,  1,  1,  1,  1,  1,  1,  0,  0,  0,  0}},
    {act_topic,             {0,  8,  3,  2,  1,  1,  1,  2,  0,  0,  0,  0}},
    {act_register,          {0,  3,  2,  2,  3,  5,  2,  1,  1,  0,  0,  0}},
    {act_presence,          {0,  0,  3,  4, 16, 12,  6,  4,  2,  1,  0,  0}},
    {act_calendar,          {0,  0,  3,  4,  4,  4,  4,  2,  2,  1,  0,  0}},
    {act_permit,            {0,  0,  4,  4,  4,  5,  2,  1,  1,  0,  0,  0}},
    {act_cancel,            {0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  0}},
    {act_closing,           {0,  0,  0,  0,  0,  0,  0,  0,  0,  0, 24, 12}},
    {act_second,            {0,  1,  1,  1,  1,  1,  2,  2,  2,  2, 34, 16}},
    {act_key,               {0,  1,  1,  1,  1,  1,  1,  1,  1,  1,  1,  1}},
    {act_revoke,            {0,  1,  1,  1,  1,  1,  1,  1,  1,  1,  1,  1}},
    {act_intake_lost,       {0,  0,  1,  0,  0,  1,  0,  0,  0,  0,  0,  0}},
    {act_clock,             {0,  1,  1,  1,  1,  1,  1,  1,  1,  1,  1,  1}},
    {act_apply,             {0,  1, 60,  6,  4,  2,  2,  1,  1,  0,  0,  0}},
    {act_amend,             {0,  0, 12, 10,  3,  1,  1,  1,  0,  0,  0,  0}},
    {act_withdraw,          {0,  0,  4,  4,  4,  6,  4,  3,  3,  2,  2,  1}},
    {act_confirm,           {0,  0, 14, 14,  6,  5,  2,  1,  0,  0,  0,  0}},
    {act_screen,            {0,  0, 50, 70, 10,  5,  3,  1,  0,  0,  0,  0}},
    {act_merge,             {0,  0,  3,  4,  1,  1,  1,  0,  0,  0,  0,  0}},
    {act_transfer,          {0,  0,  2,  2,  2,  2,  2,  2,  1,  1,  0,  0}},
    {act_notice,            {0,  0,  5,  5,  2,  2,  2,  2,  1,  0,  0,  0}},
    {act_reply,             {0,  0,  4,  4,  2,  2,  2,  2,  1,  0,  0,  0}},
    {act_letter,            {0,  1,  1,  1,  1,  2,  2,  1,  1,  1,  0,  0}},
    {act_list,              {0,  0, 16, 60, 14,  8,  1,  0,  0,  0,  0,  0}},
    {act_endorse,           {0,  0,  4, 24,  8,  4,  9,  3,  0,  0,  0,  0}},
    {act_object,            {0,  0,  1,  2,  6, 90, 18, 12,  2,  1,  0,  0}},
    {act_sign,              {0,  0,  0,  1,  1, 34,  6,  4,  1,  0,  0,  0}},
    {act_reason,            {0,  0,  0,  0,  1, 10,  4,  2,  1,  0,  0,  0}},
    {act_withdraw_objection,{0,  0,  0,  1,  2, 40, 20, 10,  3,  2,  2,  1}},
    {act_request,           {0,  0,  0,  1,  3, 10,  8,  4,  2,  1,  0,  0}},
    {act_refer,             {0,  0,  0,  0,  1,  8, 14,  6,  4,  3,  2,  0}},
    {act_decide,            {0,  0,  1,  1,  2, 14, 40, 30, 24, 20, 14,  6}},
    {act_correct,           {0,  0,  0,  0,  0,  6, 22, 18, 16, 12,  8,  4}},
    {act_invite,            {0,  0,  1,  1,  1,  3, 26, 10,  1,  0,  0,  0}},
    {act_register_persons,  {0,  0,  1,  1,  1,  3, 20, 10,  4,  2,  0,  0}},
    {act_attend,            {0,  0,  0,  0,  0,  0,  3, 34, 14,  8,  0,  0}},
    {act_speak,             {0,  0,  0,  0,  0,  0,  2, 24, 10,  6,  0,  0}},
    {act_comment,           {0,  0,  4,  4,  4,  8, 24, 16,  8,  4,  0,  0}},
    {act_rule_comment,      {0,  0,  3,  3,  3,  6, 22, 18, 12,  6,  0,  0}},
    {act_withdraw_comment,  {0,  0,  1,  1,  1,  2,  4,  4,  3,  2,  0,  0}},
    {act_suggest,           {0,  0,  0,  0,  1,  2,  6, 10,  6,  3,  0,  0}},
    {act_summarise,         {0,  0,  0,  0,  0,  1,  1,  1, 22, 14,  1,  0}},
    {act_disclose,          {0,  0,  2,  2,  3, 10, 10,  8,  6,  6,  5,  1}},
    {act_withhold,          {0,  0,  0,  0,  0,  0,  1,  1,  5,  5,  4,  1}},
    {act_erase,             {0,  0,  1,  1,  1,  2,  2,  2,  2,  2,  2,  1}},
};
/* clang-format on */
#define CHOICES (sizeof choices / sizeof choices[0])

/* How likely a tick is, in hundredths, and how many hours pass between two acts. */
static const uint8_t tick_percent[DAIS_CYCLE_CANCELLED + 1] = {0, 0, 9,  3,  20, 5,
                                                               9, 8, 14, 16, 14, 30};
static const uint8_t pace_hours[DAIS_CYCLE_CANCELLED + 1] = {0, 1, 6, 6, 8, 6, 8, 5, 12, 14, 24, 9};

/* Before there is a list, time waits for whom to put on it; where there can be none any more, it
 * flies. In the window it waits for objections. */
static unsigned generator_haste(const act_t *act)
{
    const dais_rules_t *rules = act->player->rules;
    unsigned state = rules->cycle.state;
    dais_rules_deadline_t next;
    if (!dais_rules_next_deadline(act->player->rules, &next))
        return 0;
    if (state == DAIS_CYCLE_WINDOW)
        return rules->cycle.lodged > 0 ? tick_percent[state] : 2;
    if (state != DAIS_CYCLE_OPEN && state != DAIS_CYCLE_CLOSED)
        return tick_percent[state];
    if (dais_dates_is_ticked(rules, DAIS_DATE_OBJECTION_CLOSES) ||
        dais_dates_is_ticked(rules, DAIS_DATE_LIST_NOTICE))
        return 40;
    if (next.which == DAIS_DATE_APPLICATION && rules->cycle.applied >= 3)
        return tick_percent[state];
    return next.which == DAIS_DATE_KEY_RETIRES ? 30 : 1;
}

static act_fn_t *generator_choose(act_t *act)
{
    unsigned state = act->player->rules->cycle.state;
    unsigned sum = 0;
    if (chance_percent(&act->chance, 3))
        return choices[chance_below(&act->chance, CHOICES)].fn;
    if (chance_below(&act->chance, 2500) == 0)
        return act_cancel;
    for (unsigned i = 0; i < CHOICES; i++)
        sum += choices[i].weight[state];
    unsigned at = chance_below(&act->chance, sum);
    for (unsigned i = 0; i < CHOICES; i++) {
        if (at < choices[i].weight[state])
            return choices[i].fn;
        at -= choices[i].weight[state];
    }
    return act_clock;
}

/* Time goes on, as a rule not past the next deadline. */
static uint32_t generator_hour(act_t *act)
{
    unsigned state = act->player->rules->cycle.state;
    uint32_t now = act_now(act);
    uint32_t pace = pace_hours[state];
    dais_rules_deadline_t next;
    if (dais_rules_next_deadline(act->player->rules, &next) && !chance_percent(&act->chance, 2)) {
        uint64_t closes = (next.closes_at - SEQUENCE_BASE_MS) / SEQUENCE_HOUR_MS;
        uint32_t left = closes > now + 1 ? (uint32_t)(closes - now - 1) : 0;
        pace = pace < left ? pace : left;
    }
    return now + chance_below(&act->chance, pace + 1);
}

/* Received when it is logged, or before: at any time, or around a date. */
static uint32_t generator_received(act_t *act, uint32_t hour)
{
    if (chance_percent(&act->chance, 80))
        return hour;
    if (chance_percent(&act->chance, 40)) {
        uint32_t ago = chance_below(&act->chance, 60);
        return ago < hour ? hour - ago : 0;
    }
    unsigned last = 0;
    for (unsigned n = 1; n < DAIS_DATE_COUNT; n++)
        if (dais_dates_is_ticked(act->player->rules, n) &&
            (last == 0 || chance_percent(&act->chance, 40)))
            last = n;
    uint32_t due = act_due(act, last != 0 ? last : DAIS_DATE_APPLICATION);
    uint32_t at = due + chance_below(&act->chance, 3);
    return due > 3 && at <= hour + 2 ? at - chance_from(&act->chance, 1, 2) : hour;
}

/* Spoils one field: a number beside, another id. What no longer has its shape is not played. */
static void generator_spoil_number(act_t *act, const dais_field_t *field, event_arg_t *arg)
{
    switch (field->type) {
    case DAIS_FIELD_CHOICE:
        arg->number = 1 + chance_below(&act->chance, field->words->count);
        break;
    case DAIS_FIELD_UINT:
        if (!IS_ENTRY_OF(arg->number))
            arg->number = arg->number + chance_below(&act->chance, 4) - (arg->number > 0 ? 1 : 0);
        break;
    case DAIS_FIELD_TIME: arg->number = chance_below(&act->chance, 900); break;
    case DAIS_FIELD_ID: arg->number = act_org(act, ACT_ANY); break;
    case DAIS_FIELD_OPTIONAL:
        arg->number = field->max == DAIS_ID_SIZE && arg->number == 0 ? act_org(act, ACT_ANY) : 0;
        break;
    case DAIS_FIELD_LINE: arg->text = ACT_PICK(act, "", "code", "XB", "nothing like it"); break;
    case DAIS_FIELD_KEY: arg->number = chance_below(&act->chance, CAST_COUNT + 2); break;
    case DAIS_FIELD_HASH:
    case DAIS_FIELD_BYTES:
    case DAIS_FIELD_PATH:
    case DAIS_FIELD_TEXT:
    case DAIS_FIELD_LIST:
    case DAIS_FIELD_ANY: break;
    }
}

void generator_spoil(act_t *act)
{
    event_t *event = act->event;
    const dais_shape_t *shape = dais_kind_of(event->kind)->subject;
    unsigned wanted = chance_below(&act->chance, shape->field_count);
    unsigned at = 0;
    for (size_t f = 0; f < shape->field_count && at < event->arg_count; f++) {
        const dais_field_t *field = &shape->fields[f];
        if (field->type == DAIS_FIELD_LIST) {
            size_t size = field->element->field_count;
            uint64_t count = event->args[at++].number;
            if (f == wanted && count > 0) {
                size_t place = chance_below(&act->chance, count * size);
                generator_spoil_number(act, &field->element->fields[place % size],
                                       &event->args[at + place]);
            }
            at += (unsigned)(count * size);
        } else {
            if (f == wanted)
                generator_spoil_number(act, field, &event->args[at]);
            at++;
        }
    }
}

static event_t *generator_event(act_t *act)
{
    sequence_t *sequence = act->sequence;
    event_t *event = &sequence->events[sequence->count];
    *event = (event_t){.uid = (uint16_t)(sequence->count + 1)};
    act->event = event;
    return event;
}

/* On whose behalf, which id, whose bundle: mostly as usual. */
static void generator_dress(act_t *act)
{
    event_t *event = act->event;
    const sequence_t *sequence = act->sequence;
    if (chance_percent(&act->chance, 2))
        event->who = (uint8_t)chance_below(&act->chance, CAST_COUNT);
    if (cast[event->who].role == DAIS_ROLE_OFFICE && event->on_behalf == NAME_NONE &&
        chance_percent(&act->chance, 8))
        event->on_behalf = (uint32_t)act_org(act, ACT_ANY);
    if (chance_percent(&act->chance, 1))
        event->on_behalf = chance_percent(&act->chance, 50) ? NAME_UNKNOWN : NAME_NONE;
    if (sequence->count > 0 && chance_percent(&act->chance, 1)) {
        const event_t *other = &sequence->events[chance_below(&act->chance, sequence->count)];
        if (other->type == EVENT_MESSAGE)
            event->id = NAME_MESSAGE + other->uid;
    }
}

bool generator_add(act_t *act, act_fn_t *fn)
{
    event_t *event = generator_event(act);
    bool same = act->player->bundle_open && chance_percent(&act->chance, 14);
    if (!same)
        player_flush(act->player);
    if (act->sequence->count == SEQUENCE_EVENTS_MAX || act->player->has_failed)
        return false;
    event->joins = same;
    event->shares_stamp = chance_percent(&act->chance, 8);
    event->hour = same ? act_now(act) : generator_hour(act);
    event->received = generator_received(act, event->hour);
    fn(act);
    if (same && chance_percent(&act->chance, 80))
        event->joins = act->player->bundle_last->who == event->who;
    generator_dress(act);
    if (chance_percent(&act->chance, 5))
        generator_spoil(act);
    bool logged = player_event(act->player, event);
    if (logged || act->player->has_failed)
        act->sequence->count++;
    return logged;
}

bool generator_tick(act_t *act)
{
    event_t *event = generator_event(act);
    if (act->sequence->count == SEQUENCE_EVENTS_MAX)
        return false;
    event->type = EVENT_TICK;
    bool logged = player_event(act->player, event);
    if (logged || act->player->has_failed)
        act->sequence->count++;
    return logged;
}

/* Without spoiling. */
static void generator_say(act_t *act, act_fn_t *fn)
{
    event_t *event = generator_event(act);
    event->hour = event->received = act_now(act);
    fn(act);
    if (player_event(act->player, event) || act->player->has_failed)
        act->sequence->count++;
}

void generator_prologue(act_t *act)
{
    for (unsigned i = 1; i < CAST_COUNT; i++)
        generator_say(act, act_key);
    generator_say(act, act_call);
    generator_say(act, act_open);
}

static bool generator_play(act_t *act, dais_rules_store_t *store)
{
    unsigned wanted = chance_from(&act->chance, 60, 190);
    if (!player_begin(act->player, act->sequence, store))
        return false;
    generator_prologue(act);
    while (act->sequence->count < wanted && !act->player->has_failed &&
           !dais_rules_has_ended(act->player->rules)) {
        if (chance_percent(&act->chance, generator_haste(act)) && generator_tick(act))
            continue;
        (void)generator_add(act, generator_choose(act));
    }
    player_flush(act->player);
    return true;
}

bool generator_make(uint64_t seed, sequence_t *sequence, player_t *player,
                    dais_rules_store_t *store)
{
    act_t act = {.chance = {seed}, .player = player, .sequence = sequence};
    *sequence = (sequence_t){.seed = seed};
    generator_policy(&act);
    sequence->carried = chance_percent(&act.chance, 15) ? chance_from(&act.chance, 1, 3) : 0;
    return generator_play(&act, store);
}

bool generator_make_under(uint64_t seed, const char *policy, sequence_t *sequence, player_t *player,
                          dais_rules_store_t *store)
{
    act_t act = {.chance = {seed}, .player = player, .sequence = sequence};
    *sequence = (sequence_t){.seed = seed, .policy = policy};
    return generator_play(&act, store);
}
