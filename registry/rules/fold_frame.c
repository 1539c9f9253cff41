/* SPDX-License-Identifier: Apache-2.0
 *
 * The frame of the cycle, as the public can follow it: calls, dates, sessions, what is on the
 * table, the roster, and the state that follows from them (docs/rules.md, 5.2 and 10). */
#include "registry/rules/fold_private.h"

#include "proto/kind.h"
#include "proto/shape.h"

static bool date_has_grace(uint64_t which)
{
    return which == DAIS_DATE_APPLICATION || which == DAIS_DATE_OBJECTION_CLOSES ||
           which == DAIS_DATE_COMMENT;
}

static void dates_take(dais_fold_step_t *step, const dais_list_t *list)
{
    dais_list_walk_t walk = dais_list_begin(list, &dais_shape_date);
    dais_date_t date;
    while (dais_list_next(&walk, &date)) {
        dais_fold_date_t *kept = &step->model->dates[date.which];
        kept->is_set = true;
        kept->due = date.at;
        kept->closes_at = date.at + (date_has_grace(date.which) ? step->model->policy.grace : 0);
        kept->announced = step->entry->seq;
        kept->local = date.local;
        kept->zone = date.zone;
    }
}

static void call_values(dais_fold_step_t *step, const dais_call_t *call)
{
    dais_list_walk_t walk = dais_list_begin(&call->values, &dais_shape_value);
    dais_value_t value;
    step->model->policy = step->fold->frozen;
    while (dais_list_next(&walk, &value)) {
        dais_policy_key_t key = dais_policy_key_find(value.key);
        dais_policy_confirmed_t confirmed = (dais_policy_confirmed_t)value.confirmed;
        if (key == DAIS_POLICY_KEY_COUNT ||
            dais_policy_apply_value(&step->model->policy, key, value.value, confirmed, value.source,
                                    NULL) != DAIS_OK)
            dais_fold_finding(step, "value-not-taken");
    }
}

void dais_fold_call(dais_fold_step_t *step)
{
    const dais_call_t *call = step->subject;
    dais_list_walk_t walk = dais_list_begin(&call->sessions, &dais_shape_session);
    dais_session_t session;
    step->model->call = *call;
    step->model->call_seq = step->entry->seq;
    step->model->sessions.count = 0;
    memset(step->model->dates, 0, sizeof step->model->dates);
    call_values(step, call);
    dates_take(step, &call->dates);
    while (dais_list_next(&walk, &session)) {
        dais_fold_session_t *kept = DAIS_ARENA_ADD(&step->fold->arena, &step->model->sessions);
        if (kept != NULL)
            *kept = (dais_fold_session_t){.code = session.code, .name = session.name};
    }
}

void dais_fold_open(dais_fold_step_t *step)
{
    step->model->opened = step->entry->seq;
    step->model->state = DAIS_CYCLE_OPEN;
}

static dais_fold_session_t *session_find(dais_fold_step_t *step, dais_slice_t code)
{
    for (size_t i = 0; i < step->model->sessions.count; i++) {
        if (dais_slice_equal(step->model->sessions.items[i].code, code))
            return &step->model->sessions.items[i];
    }
    dais_fold_finding(step, "unknown-session");
    return NULL;
}

/* Begun is a cycle that is settled, whose session has started, and which waits for nothing. */
void dais_fold_begin(dais_fold_step_t *step)
{
    uint32_t after = step->model->policy.begins_after;
    bool concluded = true;
    bool adopted = true;
    for (size_t i = 0; i < step->model->sessions.count; i++) {
        concluded = concluded && step->model->sessions.items[i].concluded != 0;
        adopted = adopted && step->model->sessions.items[i].adopted != 0;
    }
    if (step->model->state == DAIS_CYCLE_SETTLED &&
        step->model->dates[DAIS_DATE_SESSION_STARTS].ticked != 0 &&
        (concluded || (after & (1U << DAIS_POLICY_BEGINS_SESSIONS_CONCLUDED)) == 0) &&
        (adopted || (after & (1U << DAIS_POLICY_BEGINS_REPORTS_ADOPTED)) == 0))
        step->model->state = DAIS_CYCLE_IN_SESSION;
}

void dais_fold_file(dais_fold_step_t *step)
{
    if (step->model->state != DAIS_CYCLE_SUMMARISED ||
        step->model->dates[DAIS_DATE_ARCHIVES].ticked == 0)
        return;
    step->model->state = DAIS_CYCLE_ARCHIVED;
    step->model->archived = step->entry->seq;
}

void dais_fold_session_concluded(dais_fold_step_t *step)
{
    const dais_session_concluded_t *said = step->subject;
    dais_fold_session_t *session = session_find(step, said->session);
    if (session == NULL)
        return;
    session->concluded = step->entry->seq;
    session->concluded_at = said->at;
    dais_fold_begin(step);
}

void dais_fold_report_adopted(dais_fold_step_t *step)
{
    const dais_report_adopted_t *said = step->subject;
    dais_fold_session_t *session = session_find(step, said->session);
    if (session == NULL)
        return;
    session->adopted = step->entry->seq;
    session->adopted_at = said->at;
    session->symbol = said->symbol;
    dais_fold_begin(step);
}

void dais_fold_officers(dais_fold_step_t *step)
{
    step->model->officers = *(const dais_officers_t *)step->subject;
    step->model->officers_seq = step->entry->seq;
}

void dais_fold_agenda_item(dais_fold_step_t *step)
{
    const dais_agenda_item_t *item = step->subject;
    dais_fold_agenda_t fresh = {.seq = step->entry->seq, .item = *item};
    size_t i = 0;
    while (i < step->model->agenda.count && step->model->agenda.items[i].item.number < item->number)
        i++;
    if (i == step->model->agenda.count ||
        step->model->agenda.items[i].item.number != item->number) {
        if (DAIS_ARENA_ADD(&step->fold->arena, &step->model->agenda) == NULL)
            return;
        memmove(step->model->agenda.items + i + 1, step->model->agenda.items + i,
                (step->model->agenda.count - 1 - i) * sizeof fresh);
    }
    step->model->agenda.items[i] = fresh;
}

void dais_fold_topic(dais_fold_step_t *step)
{
    const dais_topic_t *topic = step->subject;
    dais_fold_topic_t fresh = {.seq = step->entry->seq, .topic = *topic};
    size_t i = 0;
    while (i < step->model->topics.count &&
           step->model->topics.items[i].topic.number < topic->number)
        i++;
    if (i == step->model->topics.count ||
        step->model->topics.items[i].topic.number != topic->number) {
        if (DAIS_ARENA_ADD(&step->fold->arena, &step->model->topics) == NULL)
            return;
        memmove(step->model->topics.items + i + 1, step->model->topics.items + i,
                (step->model->topics.count - 1 - i) * sizeof fresh);
    }
    step->model->topics.items[i] = fresh;
}

void dais_fold_document(dais_fold_step_t *step)
{
    dais_fold_document_t *kept = DAIS_ARENA_ADD(&step->fold->arena, &step->model->documents);
    if (kept == NULL)
        return;
    kept->seq = step->entry->seq;
    kept->document = *(const dais_document_t *)step->subject;
}

void dais_fold_presence(dais_fold_step_t *step)
{
    step->model->presence = *(const dais_presence_t *)step->subject;
    step->model->present_seq = step->entry->seq;
}

void dais_fold_calendar_change(dais_fold_step_t *step)
{
    dates_take(step, &((const dais_calendar_change_t *)step->subject)->dates);
}

void dais_fold_cancellation(dais_fold_step_t *step)
{
    step->model->cancelled = step->entry->seq;
    step->model->state = DAIS_CYCLE_CANCELLED;
}

/* Where the list itself is closed to the public it shows by the tally that follows it. */
static void fold_listed(dais_fold_step_t *step, uint64_t version)
{
    dais_fold_model_t *model = step->model;
    if (version <= model->list_version)
        return;
    model->list_version = (uint16_t)version;
    if (model->state != DAIS_CYCLE_OPEN && model->state != DAIS_CYCLE_CLOSED)
        return;
    model->listed = step->entry->seq;
    model->state = DAIS_CYCLE_LISTED;
    if (model->policy.objection_window.start.anchor == DAIS_POLICY_ANCHOR_NONE) {
        model->settled = step->entry->seq;
        model->state = DAIS_CYCLE_SETTLED;
        dais_fold_begin(step);
    } else if (model->dates[DAIS_DATE_OBJECTION_OPENS].ticked != 0) {
        model->state = DAIS_CYCLE_WINDOW;
    }
}

void dais_fold_list_version(dais_fold_step_t *step)
{
    const dais_list_version_t *list = step->subject;
    dais_fold_list_version_t *kept =
        DAIS_ARENA_ADD(&step->fold->arena, &step->model->list_versions);
    if (kept != NULL)
        *kept = (dais_fold_list_version_t){.seq = step->entry->seq, .list = *list};
    dates_take(step, &list->dates);
    fold_listed(step, list->version);
}

void dais_fold_tally(dais_fold_step_t *step)
{
    const dais_tally_t *tally = step->subject;
    dais_fold_tally_t *kept = DAIS_ARENA_ADD(&step->fold->arena, &step->model->tallies);
    if (kept != NULL)
        *kept = (dais_fold_tally_t){.seq = step->entry->seq, .tally = *tally};
    fold_listed(step, tally->version);
}

static void tick_session_ends(dais_fold_step_t *step)
{
    dais_fold_model_t *model = step->model;
    if (model->state != DAIS_CYCLE_SETTLED && model->state != DAIS_CYCLE_IN_SESSION)
        return;
    model->ended = step->entry->seq;
    model->state = DAIS_CYCLE_ENDED;
    for (size_t i = 0; i < model->organisations.count; i++)
        model->organisations.items[i].told_at_end = model->organisations.items[i].told;
}

void dais_fold_tick(dais_fold_step_t *step)
{
    const dais_tick_t *tick = step->subject;
    dais_fold_model_t *model = step->model;
    dais_fold_date_t *date = &model->dates[tick->which];
    date->is_set =
        true; /* a list that is closed to the public sets dates that only their tick shows */
    date->due = tick->due;
    if (date->closes_at < tick->due)
        date->closes_at = tick->due;
    date->ticked = step->entry->seq;
    date->ticked_at = step->entry->record.logged_at;
    if (tick->which == DAIS_DATE_APPLICATION && model->state == DAIS_CYCLE_OPEN)
        model->state = DAIS_CYCLE_CLOSED;
    else if (tick->which == DAIS_DATE_OBJECTION_OPENS && model->state == DAIS_CYCLE_LISTED)
        model->state = DAIS_CYCLE_WINDOW;
    else if (tick->which == DAIS_DATE_OBJECTION_CLOSES && model->state == DAIS_CYCLE_WINDOW) {
        model->state = DAIS_CYCLE_SETTLED;
        model->settled = step->entry->seq;
        dais_fold_begin(step);
    } else if (tick->which == DAIS_DATE_SESSION_STARTS)
        dais_fold_begin(step);
    else if (tick->which == DAIS_DATE_SESSION_ENDS)
        tick_session_ends(step);
    else if (tick->which == DAIS_DATE_ARCHIVES)
        dais_fold_file(step);
}

void dais_fold_close(dais_fold_step_t *step)
{
    step->model->closed = step->entry->seq;
}

void dais_fold_roster_change(dais_fold_step_t *step)
{
    dais_fold_roster_t *kept = DAIS_ARENA_ADD(&step->fold->arena, &step->model->roster);
    if (kept == NULL)
        return;
    kept->seq = step->entry->seq;
    kept->change = *(const dais_roster_change_t *)step->subject;
}
