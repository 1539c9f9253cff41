/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/property/search_moves.h"

/* clang-format off */
#define OF_EACH(name, kind, who, question)                                                         \
    {name " 1", kind, who, 1, question}, {name " 2", kind, who, 2, question}
const search_move_t search_moves[SEARCH_MOVES] = {
    {"tick", 0, 0, 0, 0},
    OF_EACH("object XA", DAIS_KIND_OBJECTION, CAST_XA, 0),
    OF_EACH("object XB", DAIS_KIND_OBJECTION, CAST_XB, 0),
    OF_EACH("unobject XA", DAIS_KIND_OBJECTION_WITHDRAWAL, CAST_XA, 0),
    OF_EACH("unobject XB", DAIS_KIND_OBJECTION_WITHDRAWAL, CAST_XB, 0),
    OF_EACH("admit", DAIS_KIND_DECISION, CAST_CONFERENCE, DAIS_QUESTION_ADMIT),
    OF_EACH("refuse", DAIS_KIND_DECISION, CAST_CONFERENCE, DAIS_QUESTION_REFUSE),
    OF_EACH("defer", DAIS_KIND_DECISION, CAST_CONFERENCE, DAIS_QUESTION_DEFER),
    OF_EACH("reverse", DAIS_KIND_DECISION, CAST_CONFERENCE, DAIS_QUESTION_REVERSE),
    OF_EACH("correct", DAIS_KIND_CORRECTION, CAST_CONFERENCE, 0),
    OF_EACH("refer", DAIS_KIND_REFERRAL, CAST_SEC, 0),
    OF_EACH("withdraw", DAIS_KIND_WITHDRAWAL, CAST_OFFICE, 0),
    {"summarise", DAIS_KIND_SUMMARY, CAST_CHAIR, 0, 0},
    {"cancel", DAIS_KIND_CANCELLATION, CAST_SEC, 0, 0},
};
/* clang-format on */

static void args_of_targets(event_t *event, uint64_t name)
{
    event->args[event->arg_count++].number = 1;
    event->args[event->arg_count++].number = name;
}

static void args_text(event_t *event, const char *text)
{
    event->args[event->arg_count++].text = text;
}

static void args_number(event_t *event, uint64_t number)
{
    event->args[event->arg_count++].number = number;
}

/* Carried by consensus; a correction says that it was not. */
static void args_of_motion(event_t *event, unsigned question, uint64_t name, bool carried)
{
    args_number(event, question);
    args_of_targets(event, name);
    args_number(event, DAIS_MANNER_CONSENSUS);
    for (unsigned i = 0; i < 3; i++)
        args_number(event, 0);
    args_number(event, carried ? DAIS_RESULT_CARRIED : DAIS_RESULT_NOT_CARRIED);
    args_number(event, 0);
    args_text(event, "Conference");
    args_text(event, "Session");
    args_text(event, question == DAIS_QUESTION_DEFER ? "Next session" : "");
}

/* Of the last decision on the organisation. False if there is none. */
static bool args_of_correction(event_t *event, branch_t *branch, const dais_org_t *org)
{
    dais_row_key_t key = {{org->row.decided}};
    dais_decision_row_t row;
    if (org->row.decided == 0 ||
        !branch->store->port->sorted_get(branch->store, DAIS_TABLE_DECISION, &key, &row))
        return false;
    args_number(event, org->row.decided);
    args_of_motion(event, row.question, sequence_name(org->row.id), false);
    return true;
}

static bool args_of(event_t *event, branch_t *branch, const search_move_t *move)
{
    dais_org_t org = {.number = 0};
    if (move->org != 0 && !dais_org_get(&branch->rules, move->org, &org))
        return false;
    uint64_t name = sequence_name(org.row.id);
    *event = (event_t){.kind = move->kind};
    switch (move->kind) {
    case DAIS_KIND_OBJECTION:
        args_of_targets(event, name);
        args_text(event, "");
        args_number(event, 0);
        args_text(event, "");
        break;
    case DAIS_KIND_OBJECTION_WITHDRAWAL: args_of_targets(event, name); break;
    case DAIS_KIND_DECISION: args_of_motion(event, move->question, name, true); break;
    case DAIS_KIND_CORRECTION: return args_of_correction(event, branch, &org);
    case DAIS_KIND_REFERRAL:
        args_of_targets(event, name);
        args_text(event, "Conference");
        args_text(event, "Session");
        break;
    case DAIS_KIND_WITHDRAWAL:
        args_number(event, DAIS_THING_APPLICATION);
        args_number(event, name);
        break;
    case DAIS_KIND_SUMMARY:
        args_number(event, branch->rules.cycle.revision + 1U);
        args_text(event, "en");
        args_number(event, 1);
        break;
    default: args_text(event, "a reason"); break;
    }
    return true;
}

/* Objections were always received in time, so that after the tick they are timely-after-tick. */
static uint64_t received_of(const branch_t *branch, const search_move_t *move)
{
    uint64_t closes = dais_dates_due(&branch->rules, DAIS_DATE_OBJECTION_CLOSES);
    bool is_late = closes != 0 && branch->clock >= closes;
    return move->kind == DAIS_KIND_OBJECTION && is_late ? closes - SEQUENCE_HOUR_MS : branch->clock;
}

const char *search_make_move(branch_t *branch, const search_move_t *move)
{
    event_t event;
    dais_verdicts_t verdicts = {.count = 0};
    if (move->kind == 0) {
        if (!branch_tick(branch))
            return "none";
    } else if (!args_of(&event, branch, move)) {
        return "none";
    } else if (!branch_say(branch, &event, move->who, received_of(branch, move), &verdicts)) {
        return NULL;
    }
    if (!branch_due(branch))
        return NULL;
    return move->kind == 0 ? "accepted" : dais_verdict_info(verdicts.codes[0])->code;
}
