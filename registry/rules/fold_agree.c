/* SPDX-License-Identifier: Apache-2.0
 *
 * The whole log beside its public part. Each side is asked for what it would tell the public, by
 * the same questions; what the public cannot have yet is left out by the same conditions that
 * docs/rules.md names. */
#include "registry/rules/fold_agree.h"

#include <stdio.h>

#include "registry/rules/lists.h"
#include "registry/rules/rules_private.h"

typedef struct {
    const dais_fold_t *fold;
    const dais_fold_model_t *model;
    dais_rules_t *rules;
    dais_fold_differs_fn_t *differs;
    void *context;
    size_t count;
} agree_t;

static void agree_differs(agree_t *agree, const char *text)
{
    agree->count++;
    agree->differs(agree->context, text);
}

static void agree_number(agree_t *agree, const char *what, uint64_t full, uint64_t public)
{
    char text[192];
    if (full == public)
        return;
    (void)snprintf(text, sizeof text, "%s: %llu in the whole log, %llu in its open part", what,
                   (unsigned long long)full, (unsigned long long)public);
    agree_differs(agree, text);
}

/* Are all entries of the kind that have an effect open by now? */
static bool agree_opens(const agree_t *agree, unsigned kind)
{
    const dais_policy_t *policy = &agree->rules->policy;
    if (agree->model->withheld.count > 0)
        return false;
    switch (dais_policy_opens_at(policy, kind)) {
    case DAIS_POLICY_OPENS_AT_RECEIVED:
    case DAIS_POLICY_OPENS_AT_DECIDED: return true;
    case DAIS_POLICY_OPENS_AT_LISTED:
        return policy->ecosoc_route == DAIS_POLICY_ECOSOC_ROUTE_SAME_FORM;
    case DAIS_POLICY_OPENS_AT_PUBLISHED: return agree->rules->cycle.summary != 0;
    case DAIS_POLICY_OPENS_AT_NEVER:
    case DAIS_POLICY_OPENS_AT_NONE: break;
    }
    return false;
}

/* The public learns of a list by the tally, and of the summary by itself. */
static void agree_cycle(agree_t *agree)
{
    const dais_cycle_row_t *full = &agree->rules->cycle;
    const dais_fold_model_t *model = agree->model;
    bool knows_summary = dais_policy_opens_at(&agree->rules->policy, DAIS_KIND_SUMMARY) !=
                         DAIS_POLICY_OPENS_AT_NEVER;
    if (knows_summary)
        agree_number(agree, "state of the cycle", full->state, model->state);
    agree_number(agree, "list version", full->list_version, model->list_version);
    /* A list that a cancellation in its own bundle overtook: its tally comes too late. */
    if (full->state != DAIS_CYCLE_CANCELLED)
        agree_number(agree, "listed", full->listed != 0, model->listed != 0);
    agree_number(agree, "settled", full->settled != 0, model->settled != 0);
    agree_number(agree, "ended", full->ended, model->ended);
    agree_number(agree, "size", dais_rules_size(agree->rules), model->size);
    agree_number(agree, "closed", full->closed, model->closed);
    agree_number(agree, "summary", knows_summary ? full->summary : 0, model->summarised);
    if (!dais_policy_equal(&agree->rules->policy, &model->policy))
        agree_differs(agree, "the policies in force are not the same");
}

/* A date is the same, or it came with a list that is closed and has not been ticked. */
static void agree_dates(agree_t *agree)
{
    for (unsigned date = 1; date < DAIS_DATE_KEY_RETIRES; date++) {
        const dais_fold_date_t *public = &agree->model->dates[date];
        const char *word = dais_words_date.words[date];
        bool is_of_list =
            dais_dates_from_list(&agree->rules->policy, date) || date == DAIS_DATE_OBJECTION_CLOSES;
        if (is_of_list && !dais_dates_is_ticked(agree->rules, date))
            continue;
        agree_number(agree, word, dais_dates_is_set(agree->rules, date), public->is_set);
        agree_number(agree, word, dais_dates_due(agree->rules, date), public->due);
        agree_number(agree, word, dais_dates_is_ticked(agree->rules, date), public->ticked != 0);
    }
}

static void agree_sessions(agree_t *agree)
{
    dais_rules_store_t *store = agree->rules->store;
    uint64_t count = store->port->count(store, DAIS_TABLE_SESSION);
    size_t at = 0;
    for (uint64_t number = 1; number <= count; number++) {
        dais_session_row_t row = {.code_number = 0};
        (void)store->port->dense_get(store, DAIS_TABLE_SESSION, number, &row);
        if (row.code_number == 0) /* left over from an earlier call */
            continue;
        if (at < agree->model->sessions.count) {
            const dais_fold_session_t *public = &agree->model->sessions.items[at];
            agree_number(agree, "session concluded", row.concluded, public->concluded);
            agree_number(agree, "report adopted", row.adopted, public->adopted);
        }
        at++;
    }
    agree_number(agree, "sessions", at, agree->model->sessions.count);
}

static const dais_fold_organisation_t *agree_org(const agree_t *agree, const uint8_t *id)
{
    size_t index = dais_fold_find(agree->fold, id);
    return index != DAIS_FOLD_NONE ? &agree->model->organisations.items[index] : NULL;
}

/* Confirmed or claimed: as far as the entries about it are open. */
static bool agree_knows_category(const agree_t *agree)
{
    static const unsigned kinds[] = {DAIS_KIND_APPLICATION, DAIS_KIND_AMENDMENT,
                                     DAIS_KIND_STATUS_CONFIRMED};
    bool knows = true;
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
        knows = knows && agree_opens(agree, kinds[i]);
    return knows;
}

static bool agree_knows_part(const agree_t *agree)
{
    switch (agree->rules->policy.participants_from) {
    case DAIS_POLICY_PARTICIPANTS_INVITED: return agree_opens(agree, DAIS_KIND_INVITATION);
    case DAIS_POLICY_PARTICIPANTS_ATTENDED: return agree_opens(agree, DAIS_KIND_ATTENDANCE);
    case DAIS_POLICY_PARTICIPANTS_ADMITTED:
    case DAIS_POLICY_PARTICIPANTS_NONE: break;
    }
    return true;
}

static void agree_told(agree_t *agree)
{
    dais_rules_store_t *store = agree->rules->store;
    uint64_t count = store->port->count(store, DAIS_TABLE_ORGANISATION);
    uint64_t told = 0;
    uint64_t told_public = 0;
    for (uint64_t number = 1; number <= count; number++) {
        dais_organisation_row_t row = {.told = 0};
        (void)store->port->dense_get(store, DAIS_TABLE_ORGANISATION, number, &row);
        const dais_fold_organisation_t *org = agree_org(agree, row.id);
        told += row.told != DAIS_TOLD_NOTHING;
        agree_number(agree, "told", row.told, org != NULL ? org->told : DAIS_TOLD_NOTHING);
        if (org != NULL && row.opened != 0 && agree_knows_category(agree))
            agree_number(agree, "category", dais_org_category(&row), dais_fold_category(org));
    }
    const dais_fold_organisation_t *orgs = agree->model->organisations.items;
    for (size_t at = 0; orgs != NULL && at < agree->model->organisations.count; at++)
        told_public += orgs[at].told != DAIS_TOLD_NOTHING;
    agree_number(agree, "organisations told of", told, told_public);
}

typedef struct {
    agree_t *agree;
    uint64_t rows;
} agree_list_t;

static void agree_participant(void *context, const dais_list_row_t *row)
{
    agree_list_t *list = context;
    const dais_fold_organisation_t *org = agree_org(list->agree, row->id.bytes);
    list->rows++;
    if (org == NULL || !org->takes_part)
        agree_differs(list->agree, "somebody takes part in the whole log alone");
}

static void agree_participants(agree_t *agree)
{
    agree_list_t list = {.agree = agree};
    dais_list_account_t account;
    uint64_t rows = 0;
    if (!agree_knows_part(agree))
        return;
    dais_lists_participants(agree->rules, agree_participant, &list, &account);
    for (size_t at = 0; at < agree->model->organisations.count; at++)
        rows += agree->model->organisations.items[at].takes_part;
    agree_number(agree, "participants", list.rows, rows);
    /* Who came by a route stands on no list; which those are may be closed. */
    dais_fold_account_t public = dais_fold_account(agree->model);
    if (agree->rules->policy.ecosoc_route != DAIS_POLICY_ECOSOC_ROUTE_SAME_FORM ||
        !public.has_account)
        return;
    agree_number(agree, "participants shown", account.shown, public.shown);
}

/* Right behind a tally its numbers are what the whole log would say now. */
static void agree_tally(agree_t *agree)
{
    dais_tally_counts_t counts;
    dais_count_t count;
    unsigned at = 0;
    size_t tallies = agree->model->tallies.count;
    if (tallies == 0 ||
        agree->model->tallies.items[tallies - 1].seq + 1 != dais_rules_size(agree->rules))
        return;
    const dais_tally_t *tally = &agree->model->tallies.items[tallies - 1].tally;
    dais_lists_tally(agree->rules, &counts);
    agree_number(agree, "numbers of the tally", counts.count, tally->counts.count);
    dais_list_walk_t walk = dais_list_begin(&tally->counts, &dais_shape_count);
    for (; dais_list_next(&walk, &count) && at < counts.count; at++)
        agree_number(agree, counts.items[at].name, counts.items[at].number, count.number);
}

static void agree_sentence(agree_t *agree)
{
    dais_attended_t full = dais_lists_attended(agree->rules);
    dais_attended_t public;
    char text[512];
    char text_public[512];
    if (!agree_opens(agree, DAIS_KIND_ATTENDANCE) || !agree_knows_category(agree))
        return;
    dais_fold_attended(agree->model, public.of);
    (void)dais_lists_sentence(&full, text, sizeof text);
    (void)dais_lists_sentence(&public, text_public, sizeof text_public);
    if (strcmp(text, text_public) != 0)
        agree_differs(agree, "the sentence on who took part");
}

static void agree_topics(agree_t *agree)
{
    dais_rules_store_t *store = agree->rules->store;
    for (size_t at = 0; at < agree->model->topics.count; at++) {
        const dais_fold_topic_t *topic = &agree->model->topics.items[at];
        dais_row_key_t key = {.part = {topic->topic.number}};
        dais_topic_row_t row = {.entry = 0};
        (void)store->port->sorted_get(store, DAIS_TABLE_TOPIC, &key, &row);
        agree_number(agree, "topic", row.entry, topic->seq);
        if (agree_opens(agree, DAIS_KIND_INTERVENTION))
            agree_number(agree, "speakers", row.speakers, topic->speakers);
    }
}

/* Comments that were published, where all about them opens with that. */
static void agree_comments(agree_t *agree)
{
    dais_rules_store_t *store = agree->rules->store;
    const dais_policy_t *policy = &agree->rules->policy;
    uint64_t count = store->port->count(store, DAIS_TABLE_COMMENT);
    dais_policy_opens_at_t at = DAIS_POLICY_OPENS_AT_PUBLISHED;
    if (dais_policy_opens_at(policy, DAIS_KIND_COMMENT) != at ||
        dais_policy_opens_at(policy, DAIS_KIND_COMMENT_RULING) != at ||
        agree->model->withheld.count > 0)
        return;
    for (uint64_t number = 1; number <= count; number++) {
        dais_comment_row_t row = {.published = 0};
        (void)store->port->dense_get(store, DAIS_TABLE_COMMENT, number, &row);
        size_t index = dais_fold_find_comment(agree->fold, row.id);
        if (row.published == 0)
            continue; /* Known only if it was disclosed, and then perhaps not all of it. */
        agree_number(agree, "comment known", true, index != DAIS_FOLD_NONE);
        if (index == DAIS_FOLD_NONE)
            continue;
        const dais_fold_comment_t *comment = &agree->model->comments.items[index];
        agree_number(agree, "comment", row.state, comment->state);
        agree_number(agree, "comment published", row.published, comment->published);
        agree_number(agree, "text of a comment", row.entry, comment->entry);
    }
}

/* Withheld and erased: as many, and each of them. */
static void agree_marks(agree_t *agree)
{
    dais_rules_store_t *store = agree->rules->store;
    uint64_t erased = 0;
    uint64_t withheld = 0;
    for (uint64_t seq = 1; seq < dais_rules_size(agree->rules); seq++) {
        dais_entry_row_t row = {.marks = 0};
        (void)store->port->dense_get(store, DAIS_TABLE_ENTRY, seq + 1, &row);
        erased += (row.marks & DAIS_ENTRY_ERASED) != 0;
        withheld += (row.marks & DAIS_ENTRY_WITHHELD) != 0;
    }
    agree_number(agree, "withheld", withheld, agree->model->withheld.count);
    for (size_t at = 0; at < agree->model->erased.count; at++)
        agree_number(agree, "erased", 1,
                     dais_visible_erased(agree->rules, agree->model->erased.items[at]));
    agree_number(agree, "some erased", erased != 0, agree->model->erased.count != 0);
}

size_t dais_fold_agree(const dais_fold_t *fold, const dais_fold_model_t *model, dais_rules_t *rules,
                       dais_fold_differs_fn_t *differs, void *context)
{
    agree_t agree = {
        .fold = fold, .model = model, .rules = rules, .differs = differs, .context = context};
    agree_cycle(&agree);
    agree_dates(&agree);
    agree_sessions(&agree);
    agree_told(&agree);
    agree_participants(&agree);
    agree_tally(&agree);
    agree_sentence(&agree);
    agree_topics(&agree);
    agree_comments(&agree);
    agree_marks(&agree);
    return agree.count;
}
