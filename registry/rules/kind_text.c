/* SPDX-License-Identifier: Apache-2.0
 *
 * Written comments, what is ruled on them, suggestions and the summary (docs/rules.md, 6.8). A
 * comment can be meant by more than one id: sent again after it was returned, it stays the same
 * comment. */
#include <assert.h>

#include "registry/rules/rules_private.h"

static uint32_t text_find(dais_rules_t *rules, const dais_id_t *id, dais_comment_row_t *row)
{
    const dais_rules_store_port_t *port = rules->store->port;
    uint64_t number =
        port->find(rules->store, DAIS_INDEX_COMMENT, dais_slice(id->bytes, sizeof id->bytes));
    if (number == 0 || !port->dense_get(rules->store, DAIS_TABLE_COMMENT, number, row))
        return 0;
    return (uint32_t)number;
}

static void text_put(dais_rules_t *rules, uint32_t number, const dais_comment_row_t *row)
{
    rules->store->port->dense_put(rules->store, DAIS_TABLE_COMMENT, number, row);
}

/* The word before the first hyphen, lower case: "pt-BR" is taken as "pt". */
static bool text_language_is(dais_slice_t tag, const char *word)
{
    size_t size = 0;
    while (size < tag.size && tag.data[size] != '-')
        size++;
    if (strlen(word) != size)
        return false;
    for (size_t i = 0; i < size; i++) {
        uint8_t c = tag.data[i];
        if (c >= 'A' && c <= 'Z')
            c = (uint8_t)(c - 'A' + 'a');
        if (c != (uint8_t)word[i])
            return false;
    }
    return true;
}

static bool text_language_is_taken(const dais_policy_t *policy, dais_slice_t tag)
{
    const dais_policy_words_t *list = dais_policy_words(DAIS_POLICY_WORDS_language);
    for (unsigned i = 1; i < list->count; i++)
        if (i != DAIS_POLICY_LANGUAGE_OTHER && text_language_is(tag, list->words[i]))
            return (policy->written_languages >> i & 1U) != 0;
    return (policy->written_languages >> DAIS_POLICY_LANGUAGE_OTHER & 1U) != 0;
}

static dais_verdict_t comment_check_right(dais_step_t *step, const dais_org_t *org)
{
    const dais_policy_t *policy = &step->rules->policy;
    if ((policy->rights >> DAIS_POLICY_RIGHT_WRITTEN & 1U) == 0)
        return DAIS_VERDICT_NO_RIGHT;
    step->timing = dais_dates_deadline(step, DAIS_DATE_COMMENT, DAIS_THING_COMMENT);
    if (step->timing == DAIS_VERDICT_LATE)
        return DAIS_VERDICT_LATE;
    return policy->comments_from == DAIS_POLICY_COMMENTER_ADMITTED && !dais_org_is_in(org)
               ? DAIS_VERDICT_NOT_ON_LIST
               : DAIS_VERDICT_ACCEPTED;
}

static dais_verdict_t comment_check_text(const dais_step_t *step)
{
    const dais_comment_t *comment = step->subject;
    const dais_policy_t *policy = &step->rules->policy;
    if (policy->written_limit_words != DAIS_POLICY_NO_LIMIT &&
        comment->words > policy->written_limit_words)
        return DAIS_VERDICT_TOO_LONG;
    if (!text_language_is_taken(policy, comment->language))
        return DAIS_VERDICT_LANGUAGE_NOT_TAKEN;
    if (comment->item != 0 && !dais_step_knows(step->rules, DAIS_TABLE_AGENDA, comment->item))
        return DAIS_VERDICT_UNKNOWN_ITEM;
    return dais_step_topics_known(step->rules, &comment->topics) ? DAIS_VERDICT_ACCEPTED
                                                                 : DAIS_VERDICT_UNKNOWN_TOPIC;
}

/* The comment that this one replaces; 0 for none. False if it cannot be replaced. */
static bool comment_find_replaced(const dais_step_t *step, const dais_org_t *org, uint32_t *number,
                                  dais_comment_row_t *row)
{
    const dais_comment_t *comment = step->subject;
    dais_id_t id;
    *number = 0;
    if (comment->replaces.size == 0)
        return true;
    memcpy(id.bytes, comment->replaces.data, sizeof id.bytes);
    *number = text_find(step->rules, &id, row);
    return *number != 0 && row->organisation_number == org->number &&
           row->state <= DAIS_COMMENT_PUBLISHED;
}

static bool comment_waits(const dais_comment_row_t *row)
{
    return row->state == DAIS_COMMENT_SUBMITTED || row->state == DAIS_COMMENT_RETURNED;
}

/* A text that nobody accepted yet gives way to the new one, and stays the same comment. */
static void comment_enter(dais_step_t *step, const dais_org_t *org, uint32_t replaced,
                          dais_comment_row_t *row)
{
    dais_rules_t *rules = step->rules;
    const dais_rules_store_port_t *port = rules->store->port;
    uint32_t number = replaced;
    if (replaced == 0 || !comment_waits(row)) {
        number = (uint32_t)port->count(rules->store, DAIS_TABLE_COMMENT) + 1;
        *row =
            (dais_comment_row_t){.organisation_number = org->number, .replaces_number = replaced};
        memcpy(row->id, step->message->id.bytes, sizeof row->id);
    }
    row->entry = rules->seq;
    row->marks = dais_step_marks(step->timing);
    dais_comment_move(rules, number, row, DAIS_COMMENT_SUBMITTED);
    text_put(rules, number, row);
    port->add(rules->store, DAIS_INDEX_COMMENT, dais_slice(step->message->id.bytes, DAIS_ID_SIZE),
              number);
    dais_step_about(step, DAIS_SCOPE_COMMENT, number);
}

dais_verdict_t dais_kind_comment(dais_step_t *step)
{
    dais_comment_row_t row;
    dais_comment_row_t same;
    dais_org_t org;
    dais_id_t id;
    uint32_t replaced;
    if (step->message->on_behalf.size != sizeof id.bytes)
        return DAIS_VERDICT_NOT_YOURS;
    memcpy(id.bytes, step->message->on_behalf.data, sizeof id.bytes);
    if (!dais_org_find(step->rules, &id, &org) || !dais_step_acts(step, &org))
        return DAIS_VERDICT_NOT_YOURS;
    dais_verdict_t verdict = comment_check_right(step, &org);
    if (verdict == DAIS_VERDICT_ACCEPTED)
        verdict = comment_check_text(step);
    if (verdict != DAIS_VERDICT_ACCEPTED)
        return verdict;
    if (!comment_find_replaced(step, &org, &replaced, &row))
        return DAIS_VERDICT_UNKNOWN_COMMENT;
    if (text_find(step->rules, &step->message->id, &same) != 0)
        return DAIS_VERDICT_ALREADY_THERE;
    comment_enter(step, &org, replaced, &row);
    return step->timing;
}

dais_verdict_t dais_comment_withdraw(dais_step_t *step, const dais_id_t *id)
{
    dais_rules_t *rules = step->rules;
    dais_comment_row_t row;
    dais_org_t org;
    uint32_t number = text_find(rules, id, &row);
    if (step->cycle_state > DAIS_CYCLE_SUMMARISED)
        return DAIS_VERDICT_WRONG_STATE;
    if (number == 0 || !dais_org_get(rules, row.organisation_number, &org) ||
        !dais_step_acts(step, &org))
        return DAIS_VERDICT_UNKNOWN_COMMENT;
    if (dais_step_for_other(step, org.row.id))
        return DAIS_VERDICT_SENSELESS;
    dais_step_about(step, DAIS_SCOPE_COMMENT, number);
    if (row.state > DAIS_COMMENT_PUBLISHED)
        return DAIS_VERDICT_NO_EFFECT;
    dais_comment_move(rules, number, &row, DAIS_COMMENT_RETRACTED);
    text_put(rules, number, &row);
    return DAIS_VERDICT_ACCEPTED;
}

static dais_comment_state_t ruling_state(uint64_t ruling)
{
    switch (ruling) {
    case DAIS_RULING_RETURN: return DAIS_COMMENT_RETURNED;
    case DAIS_RULING_ACCEPT: return DAIS_COMMENT_ACCEPTED;
    case DAIS_RULING_WITHHOLD: return DAIS_COMMENT_WITHHELD;
    default: return DAIS_COMMENT_PUBLISHED;
    }
}

static dais_verdict_t ruling_check_fields(const dais_comment_ruling_t *ruling)
{
    bool has_span = ruling->span_start != 0 || ruling->span_end != 0;
    bool is_return = ruling->ruling == DAIS_RULING_RETURN;
    if ((is_return || ruling->ruling == DAIS_RULING_WITHHOLD) && ruling->reason.size == 0)
        return DAIS_VERDICT_REASON_REQUIRED;
    if (has_span && (!is_return || ruling->span_end <= ruling->span_start))
        return DAIS_VERDICT_SENSELESS;
    return DAIS_VERDICT_ACCEPTED;
}

/* A comment of somebody who is kept out is not published where the policy withholds those. */
static dais_verdict_t ruling_check_publish(dais_rules_t *rules, const dais_comment_row_t *row)
{
    dais_org_t org;
    if (rules->policy.blocked_comments != DAIS_POLICY_BLOCKED_COMMENTS_WITHHOLD ||
        !dais_org_get(rules, row->organisation_number, &org) || org.row.route != DAIS_ROUTE_FORM)
        return DAIS_VERDICT_ACCEPTED;
    if (rules->cycle.settled == 0)
        return DAIS_VERDICT_EARLY;
    return dais_org_is_in(&org) ? DAIS_VERDICT_ACCEPTED : DAIS_VERDICT_NOT_ON_LIST;
}

static dais_verdict_t ruling_check(dais_rules_t *rules, const dais_comment_ruling_t *ruling,
                                   const dais_comment_row_t *row)
{
    dais_comment_state_t to = ruling_state(ruling->ruling);
    dais_verdict_t verdict = ruling_check_fields(ruling);
    if (verdict != DAIS_VERDICT_ACCEPTED)
        return verdict;
    if (row->state == to)
        return DAIS_VERDICT_NO_EFFECT;
    if (!dais_machine_allows(DAIS_MACHINE_COMMENT, row->state, to))
        return DAIS_VERDICT_WRONG_STATE;
    return to == DAIS_COMMENT_PUBLISHED ? ruling_check_publish(rules, row) : DAIS_VERDICT_ACCEPTED;
}

static void ruling_publish(dais_rules_t *rules, dais_comment_row_t *row)
{
    dais_comment_row_t replaced;
    assert(row->published == 0); /* What was published is accepted no second time. */
    row->published = rules->seq;
    if (row->replaces_number == 0 ||
        !rules->store->port->dense_get(rules->store, DAIS_TABLE_COMMENT, row->replaces_number,
                                       &replaced) ||
        (replaced.state != DAIS_COMMENT_ACCEPTED && replaced.state != DAIS_COMMENT_PUBLISHED))
        return;
    dais_comment_move(rules, row->replaces_number, &replaced, DAIS_COMMENT_SUPERSEDED);
    text_put(rules, row->replaces_number, &replaced);
}

dais_verdict_t dais_kind_comment_ruling(dais_step_t *step)
{
    const dais_comment_ruling_t *ruling = step->subject;
    dais_rules_t *rules = step->rules;
    dais_comment_row_t row;
    uint32_t number = text_find(rules, &ruling->comment, &row);
    if (number == 0)
        return DAIS_VERDICT_UNKNOWN_COMMENT;
    dais_step_about(step, DAIS_SCOPE_COMMENT, number);
    dais_verdict_t verdict = ruling_check(rules, ruling, &row);
    if (verdict != DAIS_VERDICT_ACCEPTED)
        return verdict;
    row.ruled = rules->seq;
    dais_comment_move(rules, number, &row, ruling_state(ruling->ruling));
    if (row.state == DAIS_COMMENT_PUBLISHED)
        ruling_publish(rules, &row);
    text_put(rules, number, &row);
    return DAIS_VERDICT_ACCEPTED;
}

static bool suggestion_find_intervention(dais_step_t *step, uint64_t seq)
{
    dais_entry_row_t entry;
    dais_rules_store_t *store = step->rules->store;
    if (seq >= step->rules->seq ||
        !store->port->dense_get(store, DAIS_TABLE_ENTRY, seq + 1, &entry) ||
        entry.kind != DAIS_KIND_INTERVENTION || (entry.marks & DAIS_ENTRY_REFUSED) != 0)
        return false;
    dais_step_about(step, (dais_scope_t)entry.scope, entry.scope_number);
    return true;
}

static bool suggestion_find_comment(dais_step_t *step, dais_slice_t comment)
{
    dais_comment_row_t row;
    dais_id_t id;
    memcpy(id.bytes, comment.data, sizeof id.bytes);
    uint32_t number = text_find(step->rules, &id, &row);
    if (number == 0 || (row.state != DAIS_COMMENT_ACCEPTED && row.state != DAIS_COMMENT_PUBLISHED))
        return false;
    dais_step_about(step, DAIS_SCOPE_COMMENT, number);
    return true;
}

dais_verdict_t dais_kind_suggestion(dais_step_t *step)
{
    const dais_suggestion_t *suggestion = step->subject;
    bool is_comment = suggestion->comment.size != 0;
    if (is_comment == (suggestion->intervention != 0))
        return DAIS_VERDICT_SENSELESS;
    if (is_comment && !suggestion_find_comment(step, suggestion->comment))
        return DAIS_VERDICT_UNKNOWN_COMMENT;
    if (!is_comment && !suggestion_find_intervention(step, suggestion->intervention))
        return DAIS_VERDICT_UNKNOWN_ENTRY;
    if (suggestion->topic != 0 &&
        !dais_step_knows(step->rules, DAIS_TABLE_TOPIC, suggestion->topic))
        return DAIS_VERDICT_UNKNOWN_TOPIC;
    return DAIS_VERDICT_ACCEPTED;
}

/* How many languages this revision has; UINT64_MAX if this one is among them. */
static uint64_t summary_place(dais_rules_t *rules, uint64_t revision, uint64_t language)
{
    dais_row_key_t key = {{revision}};
    dais_summary_row_t row;
    uint64_t place = 0;
    while (rules->store->port->sorted_next(rules->store, DAIS_TABLE_SUMMARY, &key, &row) &&
           key.part[0] == revision) {
        if (row.language_number == language)
            return UINT64_MAX;
        place = ++key.part[1];
    }
    return place;
}

dais_verdict_t dais_kind_summary(dais_step_t *step)
{
    const dais_summary_t *summary = step->subject;
    dais_rules_t *rules = step->rules;
    uint64_t last = rules->cycle.revision;
    if (summary->revision != last + 1 && (summary->revision != last || last == 0))
        return DAIS_VERDICT_WRONG_NUMBER;
    uint64_t language = dais_store_text(rules->store, summary->language);
    uint64_t place = summary_place(rules, summary->revision, language);
    if (place == UINT64_MAX)
        return DAIS_VERDICT_ALREADY_THERE;
    dais_row_key_t key = {{summary->revision, place}};
    dais_summary_row_t row = {.entry = rules->seq, .language_number = (uint32_t)language};
    rules->store->port->sorted_put(rules->store, DAIS_TABLE_SUMMARY, &key, &row);
    rules->cycle.revision = (uint16_t)summary->revision;
    if (rules->cycle.summary == 0)
        rules->cycle.summary = rules->seq;
    if (rules->cycle.state == DAIS_CYCLE_ENDED)
        dais_cycle_move(rules, DAIS_CYCLE_SUMMARISED);
    dais_cycle_file(rules);
    return DAIS_VERDICT_ACCEPTED;
}
