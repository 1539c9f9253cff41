/* SPDX-License-Identifier: Apache-2.0
 *
 * The frame of the cycle as the public has it: the rules themselves, over the entries of those
 * kinds that are open to everybody when they are logged. What is closed leaves an empty row behind,
 * so that an index means the same as in the whole log. A verdict is made again where all that it
 * rests on is open, and else taken at its word. */
#include "registry/rules/derive_private.h"

static const unsigned frame_kinds[] = {
    DAIS_KIND_CALL,           DAIS_KIND_OPEN,          DAIS_KIND_SESSION_CONCLUDED,
    DAIS_KIND_REPORT_ADOPTED, DAIS_KIND_OFFICERS,      DAIS_KIND_AGENDA_ITEM,
    DAIS_KIND_DOCUMENT,       DAIS_KIND_TOPIC,         DAIS_KIND_REGISTER_CHANGE,
    DAIS_KIND_PRESENCE,       DAIS_KIND_SUMMARY,       DAIS_KIND_CALENDAR_CHANGE,
    DAIS_KIND_CANCELLATION,   DAIS_KIND_CLOSING_ORDER, DAIS_KIND_SECOND,
    DAIS_KIND_ROSTER_CHANGE,  DAIS_KIND_INTAKE_LOST,   DAIS_KIND_CLOCK_ACCEPTED,
    DAIS_KIND_ERASURE,
};

static bool frame_has(unsigned kind)
{
    for (size_t i = 0; i < sizeof frame_kinds / sizeof frame_kinds[0]; i++)
        if (frame_kinds[i] == kind)
            return true;
    return false;
}

/* An entry of which the frame keeps no more than its kind and who said it; 0 for a closed one. */
static void frame_row(dais_derive_t *derive, uint64_t seq, unsigned kind, uint32_t actor_number)
{
    derive->rules->seq = seq;
    dais_rules_put_entry(derive->rules,
                         &(dais_entry_row_t){.kind = (uint8_t)kind, .actor_number = actor_number});
}

static dais_rules_facts_t frame_facts(const dais_derive_t *derive, const dais_derive_entry_t *entry)
{
    return (dais_rules_facts_t){
        .seq = entry->seq,
        .received_at = entry->opened->record.received_at,
        .key_number = dais_roster_find(derive->store, &entry->opened->bundle.key).key_number,
        .index = (uint32_t)entry->opened->record.index};
}

/* The row of an entry that is known to be there. */
static bool frame_knows(const dais_derive_t *derive, uint64_t seq)
{
    dais_entry_row_t row = {.kind = 0};
    (void)derive->store->port->dense_get(derive->store, DAIS_TABLE_ENTRY, seq + 1, &row);
    return seq == 0 || seq >= derive->rules->size || row.kind != 0;
}

/* Are there dates that came with a list which is closed? */
static bool frame_lacks_dates(const dais_derive_t *derive)
{
    const dais_rules_t *rules = derive->rules;
    for (unsigned date = 1; date < DAIS_DATE_KEY_RETIRES; date++)
        if (rules->cycle.listed != 0 && dais_dates_from_list(&rules->policy, date) &&
            !dais_dates_is_set(rules, date))
            return true;
    /* A later version may have moved the end of the window. */
    return rules->cycle.list_version > 1 &&
           !dais_dates_is_ticked(rules, DAIS_DATE_OBJECTION_CLOSES);
}

static bool frame_targets_known(const dais_derive_t *derive, const dais_list_t *entries)
{
    dais_number_item_t item;
    dais_list_walk_t walk = dais_list_begin(entries, &dais_shape_number_item);
    while (dais_list_next(&walk, &item))
        if (!frame_knows(derive, item.value))
            return false;
    return true;
}

/* A list version that stands before it in the same bundle is closed, and has not been told of. */
static bool frame_lags(const dais_derive_t *derive, const dais_derive_entry_t *entry)
{
    unsigned state = derive->rules->cycle.state;
    return (state == DAIS_CYCLE_OPEN || state == DAIS_CYCLE_CLOSED) &&
           entry->opened->record.index > 0 && !frame_knows(derive, entry->seq - 1);
}

/* Where no summary opens the public cannot tell an ended cycle from a summarised or archived one:
 * then only what has an effect in the state as it is known is made again. */
static bool frame_state_is_known(const dais_derive_t *derive, const dais_derive_entry_t *entry)
{
    const dais_rules_t *rules = derive->rules;
    const dais_kind_entry_t *kind = dais_kind_entry(entry->kind->number);
    unsigned state = rules->cycle.state;
    if (state != DAIS_CYCLE_ENDED ||
        dais_policy_opens_at(&rules->policy, DAIS_KIND_SUMMARY) != DAIS_POLICY_OPENS_AT_NEVER)
        return true;
    if (kind->first_state <= DAIS_CYCLE_ENDED && kind->last_state >= DAIS_CYCLE_ARCHIVED)
        return true;
    return dais_derive_is_done(entry, 0) && state >= kind->first_state && state <= kind->last_state;
}

/* Does the verdict rest on nothing that is closed? */
static bool frame_derives(const dais_derive_t *derive, const dais_derive_entry_t *entry)
{
    unsigned code = entry->verdicts.codes[0];
    const dais_erasure_t *erasure = entry->subject;
    if (frame_lags(derive, entry) || code == DAIS_VERDICT_TOO_MANY_CASES ||
        !frame_state_is_known(derive, entry))
        return false;
    if (code == DAIS_VERDICT_ID_CONFLICT)
        return dais_rules_find(derive->rules, &entry->opened->message.id,
                               &entry->opened->message.actor) != 0;
    if (entry->kind->number == DAIS_KIND_CALENDAR_CHANGE)
        return !frame_lacks_dates(derive);
    if (entry->kind->number == DAIS_KIND_ERASURE)
        return frame_targets_known(derive, &erasure->entries);
    return true;
}

static bool frame_same(const dais_verdicts_t *a, const dais_verdicts_t *b)
{
    return a->count == b->count && memcmp(a->codes, b->codes, a->count * sizeof a->codes[0]) == 0;
}

static const char *frame_code(const dais_verdicts_t *verdicts)
{
    const dais_verdict_info_t *info =
        verdicts->count > 0 ? dais_verdict_info(verdicts->codes[0]) : NULL;
    return info != NULL ? info->code : "unknown";
}

static void frame_derive(dais_derive_t *derive, const dais_derive_entry_t *entry)
{
    dais_verdicts_t verdicts = {.count = 0};
    dais_rules_facts_t facts = frame_facts(derive, entry);
    dais_err_t err =
        dais_rules_apply(derive->rules, &facts, entry->kind, &entry->opened->message, &verdicts);
    derive->derived++;
    if (err != DAIS_OK) {
        dais_derive_found(derive, entry->seq, "not-of-the-rules", "%s: %s", entry->kind->name,
                          dais_err_code(err));
        frame_row(derive, entry->seq, entry->kind->number, 0);
    } else if (!frame_same(&verdicts, &entry->verdicts)) {
        dais_derive_found(derive, entry->seq, "verdict-differs", "%s: it says %s, the rules say %s",
                          entry->kind->name, frame_code(&entry->verdicts), frame_code(&verdicts));
    }
}

/* What waits for a second, so that the second is understood; entries are those of an erasure. */
static void frame_await(dais_derive_t *derive, const dais_derive_entry_t *entry,
                        const dais_list_t *entries)
{
    dais_rules_store_t *store = derive->store;
    dais_number_item_t item;
    dais_row_key_t key = {.part = {entry->seq}};
    dais_second_row_t row = {.key_number =
                                 dais_roster_find(store, &entry->opened->bundle.key).key_number,
                             .kind = entry->kind->number};
    store->port->sorted_put(store, DAIS_TABLE_SECOND, &key, &row);
    if (entries == NULL)
        return;
    dais_list_walk_t walk = dais_list_begin(entries, &dais_shape_number_item);
    for (unsigned i = 0; dais_list_next(&walk, &item); i++) {
        dais_row_key_t place = {.part = {entry->seq, i}};
        dais_target_row_t target = {.number = dais_derive_is_done(entry, i) ? item.value : 0};
        store->port->sorted_put(store, DAIS_TABLE_TARGET, &place, &target);
    }
}

/* Not made again: its effect is taken as it says. */
static void frame_trust(dais_derive_t *derive, const dais_derive_entry_t *entry)
{
    uint32_t actor = dais_roster_find(derive->store, &entry->opened->bundle.key).actor_number;
    const dais_calendar_change_t *change = entry->subject;
    const dais_erasure_t *erasure = entry->subject;
    derive->trusted++;
    frame_row(derive, entry->seq, entry->kind->number, actor);
    if (entry->kind->number == DAIS_KIND_CALENDAR_CHANGE && dais_derive_is_done(entry, 0))
        dais_dates_announce(derive->rules, &change->dates);
    if (entry->kind->number == DAIS_KIND_ERASURE)
        frame_await(derive, entry, &erasure->entries);
    if (entry->kind->number == DAIS_KIND_CLOSING_ORDER && dais_derive_is_done(entry, 0))
        frame_await(derive, entry, NULL);
}

/* A date that came with a list becomes known with its tick, if not before. */
static void frame_tick(dais_derive_t *derive, const dais_derive_entry_t *entry)
{
    const dais_tick_t *tick = entry->subject;
    dais_rules_t *rules = derive->rules;
    unsigned date = (unsigned)tick->which;
    rules->seq = entry->seq;
    bool is_of_list =
        dais_dates_from_list(&rules->policy, date) || date == DAIS_DATE_OBJECTION_CLOSES;
    if (is_of_list && !dais_dates_is_ticked(rules, date) &&
        dais_dates_due(rules, date) != tick->due)
        dais_dates_put(rules, date, tick->due, 0);
    if (dais_tick_apply(rules, tick) != DAIS_OK)
        dais_derive_found(derive, entry->seq, "tick-order", "%s is not the deadline that is next",
                          dais_words_date.words[tick->which]);
    dais_rules_put_entry(rules, &(dais_entry_row_t){.kind = DAIS_KIND_TICK});
}

/* A later version that is closed may have moved the end of the window. */
static void frame_forget_window(dais_derive_t *derive)
{
    dais_row_key_t key = {.part = {DAIS_DATE_OBJECTION_CLOSES}};
    if (dais_dates_is_ticked(derive->rules, DAIS_DATE_OBJECTION_CLOSES))
        return;
    derive->rules->date_set[DAIS_DATE_OBJECTION_CLOSES] = false;
    derive->store->port->sorted_del(derive->store, DAIS_TABLE_DATE, &key);
}

/* A tally behind the first list version says that there is one, whether it is open or not. */
static void frame_tally(dais_derive_t *derive, const dais_derive_entry_t *entry)
{
    const dais_tally_t *tally = entry->subject;
    dais_rules_t *rules = derive->rules;
    unsigned state = rules->cycle.state;
    frame_row(derive, entry->seq, DAIS_KIND_TALLY, 0);
    if (tally->version > 1 && tally->version > rules->cycle.list_version &&
        tally->version != derive->list_version)
        frame_forget_window(derive);
    rules->cycle.list_version = (uint16_t)tally->version;
    if (tally->version == 0 || rules->cycle.listed != 0 ||
        (state != DAIS_CYCLE_OPEN && state != DAIS_CYCLE_CLOSED))
        return;
    rules->cycle.listed = entry->seq;
    dais_cycle_move(rules, DAIS_CYCLE_LISTED);
    if (dais_dates_is_ticked(rules, DAIS_DATE_OBJECTION_OPENS))
        dais_cycle_move(rules, DAIS_CYCLE_WINDOW);
    if (rules->policy.objection_window.end.anchor == DAIS_POLICY_ANCHOR_NONE)
        dais_cycle_settle(rules);
}

static void frame_own(dais_derive_t *derive, const dais_derive_entry_t *entry)
{
    switch (entry->kind->number) {
    case DAIS_KIND_TICK: frame_tick(derive, entry); break;
    case DAIS_KIND_TALLY: frame_tally(derive, entry); break;
    case DAIS_KIND_CLOSE:
    case DAIS_KIND_FORK_EVIDENCE:
        frame_row(derive, entry->seq, entry->kind->number, 0);
        derive->rules->cycle.closed = entry->seq;
        break;
    default: frame_row(derive, entry->seq, entry->kind->number, 0); break;
    }
}

/* An open list version brings its dates; how it moves the cycle is told by the tally behind it. */
static void frame_other(dais_derive_t *derive, const dais_derive_entry_t *entry)
{
    const dais_list_version_t *list = entry->subject;
    frame_row(derive, entry->seq, entry->kind->number,
              dais_roster_find(derive->store, &entry->opened->bundle.key).actor_number);
    if (entry->kind->number != DAIS_KIND_LIST_VERSION || !dais_derive_is_done(entry, 0))
        return;
    dais_dates_announce(derive->rules, &list->dates);
    derive->list_version = list->version;
}

void dais_derive_frame(dais_derive_t *derive, const dais_derive_entry_t *entry)
{
    while (derive->rules->size < entry->seq)
        frame_row(derive, derive->rules->size, 0, 0);
    if (dais_rules_has_ended(derive->rules))
        dais_derive_found(derive, entry->seq, "after-the-end", "%s follows the last entry",
                          entry->kind->name);
    if (entry->kind->stream == DAIS_STREAM_OWN)
        frame_own(derive, entry);
    else if (!frame_has(entry->kind->number))
        frame_other(derive, entry);
    else if (frame_derives(derive, entry))
        frame_derive(derive, entry);
    else
        frame_trust(derive, entry);
    /* No organisation is known to the frame, so nothing is ever owed by it. */
    derive->rules->cycle.tally_due = 0;
    dais_err_t err = dais_rules_flush(derive->rules);
    if (derive->err == DAIS_OK)
        derive->err = err;
}
