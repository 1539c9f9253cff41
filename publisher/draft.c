/* SPDX-License-Identifier: Apache-2.0
 *
 * One function for each part of the draft. A sentence is followed by the indices of its entries in
 * brackets, so that whoever edits it can look up each claim and see what nothing supports. */
#include "publisher/draft.h"

#include <inttypes.h>

#include "proto/shape.h"
#include "proto/words.h"
#include "registry/rules/lists.h"

#define NUMBER_SIZE 64

typedef struct {
    dais_out_t *out;
    const dais_fold_t *fold;
    const dais_fold_model_t *model;
    unsigned paragraph;
} draft_t;

/* The entries of one sentence, in rising order; neighbours become a range. */
typedef struct {
    dais_out_t *out;
    uint64_t first, last;
    bool has_any;
} cite_t;

static void cite_flush(cite_t *cite)
{
    if (cite->first == cite->last)
        dais_out_format(cite->out, "%" PRIu64, cite->first);
    else
        dais_out_format(cite->out, "%" PRIu64 "-%" PRIu64, cite->first, cite->last);
}

static void cite_add(cite_t *cite, uint64_t seq)
{
    if (!cite->has_any) {
        dais_out_put(cite->out, " [");
    } else if (seq == cite->last + 1) {
        cite->last = seq;
        return;
    } else {
        cite_flush(cite);
        dais_out_put(cite->out, ", ");
    }
    *cite = (cite_t){.out = cite->out, .first = seq, .last = seq, .has_any = true};
}

static void cite_end(cite_t *cite)
{
    if (cite->has_any) {
        cite_flush(cite);
        dais_out_put(cite->out, "]");
    }
}

static void cite_one(dais_out_t *out, uint64_t seq)
{
    cite_t cite = {.out = out};
    cite_add(&cite, seq);
    cite_end(&cite);
}

/* All entries of a kind that have effect. */
static void cite_kind(const draft_t *draft, unsigned kind)
{
    cite_t cite = {.out = draft->out};
    const dais_fold_entry_t *entry;
    for (uint64_t seq = 0; dais_fold_next(draft->fold, &seq, &entry);) {
        if (entry->kind->number == kind && entry->is_done)
            cite_add(&cite, entry->seq);
    }
    cite_end(&cite);
}

static void section(const draft_t *draft, const char *title)
{
    dais_out_format(draft->out, "\n\n%s\n", title);
}

static void paragraph(draft_t *draft)
{
    dais_out_format(draft->out, "\n%u. ", ++draft->paragraph);
}

/* Submitted text inside a sentence. */
static void quoted(const draft_t *draft, dais_slice_t text)
{
    dais_out_put(draft->out, "\"");
    dais_out_raw(draft->out, text);
    dais_out_put(draft->out, "\"");
}

static void number(const draft_t *draft, uint64_t value)
{
    char text[NUMBER_SIZE];
    (void)dais_lists_number(value, text, sizeof text);
    dais_out_put(draft->out, text);
}

static void capital(const draft_t *draft, dais_slice_t text)
{
    char first = (char)text.data[0];
    if (first >= 'a' && first <= 'z')
        first = (char)(first - 'a' + 'A');
    dais_out_format(draft->out, "%c", first);
    dais_out_raw(draft->out, dais_slice(text.data + 1, text.size - 1));
}

static void when_put(draft_t *draft)
{
    const dais_fold_date_t *starts = &draft->model->dates[DAIS_DATE_SESSION_STARTS];
    if (draft->model->call_seq == 0)
        return;
    paragraph(draft);
    quoted(draft, draft->model->call.title);
    dais_out_put(draft->out, draft->model->ended != 0 ? " was held on " : " is to be held on ");
    dais_out_raw(draft->out, starts->local);
    dais_out_put(draft->out, ", ");
    dais_out_raw(draft->out, starts->zone);
    dais_out_put(draft->out, ".");
    cite_t cite = {.out = draft->out};
    cite_add(&cite, starts->announced);
    if (draft->model->ended != 0)
        cite_add(&cite, draft->model->ended);
    cite_end(&cite);
}

static void sessions_put(draft_t *draft)
{
    for (size_t i = 0; i < draft->model->sessions.count; i++) {
        const dais_fold_session_t *session = &draft->model->sessions.items[i];
        if (session->adopted == 0)
            continue;
        dais_out_put(draft->out, "\nIt followed the end of ");
        quoted(draft, session->name);
        dais_out_put(draft->out, ", whose report was adopted");
        if (session->symbol.size > 0) {
            dais_out_put(draft->out, " (");
            dais_out_raw(draft->out, session->symbol);
            dais_out_put(draft->out, ")");
        }
        dais_out_put(draft->out, ".");
        cite_t cite = {.out = draft->out};
        cite_add(&cite, session->concluded);
        cite_add(&cite, session->adopted);
        cite_end(&cite);
    }
}

static void officers_put(draft_t *draft)
{
    dais_list_walk_t walk = dais_list_begin(&draft->model->officers.officers, &dais_shape_officer);
    dais_officer_t officer;
    if (draft->model->officers_seq == 0)
        return;
    paragraph(draft);
    for (size_t i = 0; dais_list_next(&walk, &officer); i++) {
        dais_out_put(draft->out, i == 0 ? "" : "\n");
        dais_out_raw(draft->out, officer.name);
        if (officer.title.size > 0) {
            dais_out_put(draft->out, ", ");
            dais_out_raw(draft->out, officer.title);
        }
        dais_out_format(draft->out, ", served as %s.", dais_words_officer.words[officer.office]);
        cite_one(draft->out, draft->model->officers_seq);
    }
}

static void participants_put(draft_t *draft)
{
    dais_attended_t attended;
    char sentence[512];
    dais_fold_attended(draft->model, attended.of);
    if (draft->model->ended == 0 || dais_lists_sentence(&attended, sentence, sizeof sentence) == 0)
        return;
    paragraph(draft);
    dais_out_put(draft->out, sentence);
    cite_kind(draft, DAIS_KIND_ATTENDANCE);
}

static void comments_put(draft_t *draft)
{
    cite_t cite = {.out = draft->out};
    size_t count = 0;
    for (size_t i = 0; i < draft->model->comments.count; i++)
        count += draft->model->comments.items[i].published != 0;
    if (count == 0)
        return;
    dais_out_put(draft->out, draft->model->ended == 0 ? "\n\n" : "\n");
    dais_out_format(draft->out, "Written comments published: %zu.", count);
    for (size_t i = 0; i < draft->model->comments.count; i++) {
        if (draft->model->comments.items[i].published != 0)
            cite_add(&cite, draft->model->comments.items[i].published);
    }
    cite_end(&cite);
}

static void item_documents(const draft_t *draft, uint64_t item)
{
    for (size_t i = 0; i < draft->model->documents.count; i++) {
        const dais_fold_document_t *document = &draft->model->documents.items[i];
        if (document->document.item != item)
            continue;
        dais_out_put(draft->out, "\nIt had before it ");
        quoted(draft, document->document.title);
        dais_out_put(draft->out, " (");
        dais_out_raw(draft->out, document->document.symbol);
        dais_out_put(draft->out, ").");
        cite_one(draft->out, document->seq);
    }
}

/* Interventions under an item by who is no stakeholder: each is named, none is counted. */
static void item_others(const draft_t *draft, uint64_t item)
{
    for (size_t i = 0; i < draft->model->interventions.count; i++) {
        const dais_fold_intervention_t *said = &draft->model->interventions.items[i];
        if (said->intervention.item != item || said->organisation != DAIS_FOLD_NONE)
            continue;
        dais_out_put(draft->out, "\nThe floor was given to: ");
        dais_out_put(draft->out, dais_words_speaker.words[said->intervention.speaker]);
        if (said->intervention.name.size > 0) {
            dais_out_put(draft->out, " (");
            dais_out_raw(draft->out, said->intervention.name);
            dais_out_put(draft->out, ")");
        }
        dais_out_put(draft->out, ".");
        cite_one(draft->out, said->seq);
    }
}

static void agenda_put(draft_t *draft)
{
    for (size_t i = 0; i < draft->model->agenda.count; i++) {
        const dais_fold_agenda_t *item = &draft->model->agenda.items[i];
        paragraph(draft);
        dais_out_format(draft->out, "The dialogue took up item %" PRIu64 ", ", item->item.number);
        quoted(draft, item->item.title);
        dais_out_put(draft->out, ".");
        cite_one(draft->out, item->seq);
        item_documents(draft, item->item.number);
        item_others(draft, item->item.number);
    }
}

/* "Many speakers spoke on ..." by the policy's words; by the number where it has none. */
static void topic_speakers(const draft_t *draft, const dais_fold_topic_t *topic)
{
    cite_t cite = {.out = draft->out};
    char text[NUMBER_SIZE];
    dais_slice_t how_many = topic->quantifier;
    if (topic->speakers == 0)
        how_many = dais_slice_text("no");
    else if (how_many.size == 0)
        how_many = dais_slice(text, dais_lists_number(topic->speakers, text, sizeof text));
    capital(draft, how_many);
    dais_out_put(draft->out, topic->speakers == 1 ? " speaker spoke on " : " speakers spoke on ");
    quoted(draft, topic->topic.title);
    dais_out_put(draft->out, ".");
    cite_add(&cite, topic->seq);
    for (size_t i = 0; i < draft->model->interventions.count; i++) {
        const dais_fold_intervention_t *said = &draft->model->interventions.items[i];
        if (said->organisation != DAIS_FOLD_NONE && dais_fold_touches(said, topic->topic.number))
            cite_add(&cite, said->seq);
    }
    cite_end(&cite);
}

static void suggestion_put(const draft_t *draft, const dais_fold_suggestion_t *item)
{
    const dais_suggestion_t *said = &item->suggestion;
    dais_out_put(draft->out, "\nIt was suggested");
    if (said->addressee.size > 0) {
        dais_out_put(draft->out, " to ");
        dais_out_raw(draft->out, said->addressee);
    }
    dais_out_put(draft->out, ": ");
    quoted(draft, said->sentence);
    if (said->article.size > 0) {
        dais_out_put(draft->out, " (");
        dais_out_raw(draft->out, said->article);
        dais_out_put(draft->out, ")");
    }
    if (said->article.size > 0 || said->sentence.data[said->sentence.size - 1] != '.')
        dais_out_put(draft->out, ".");
    cite_one(draft->out, item->seq);
}

static bool topic_is_known(const dais_fold_model_t *model, uint64_t number)
{
    for (size_t i = 0; i < model->topics.count; i++) {
        if (model->topics.items[i].topic.number == number)
            return true;
    }
    return false;
}

static void topics_put(draft_t *draft)
{
    const dais_fold_model_t *model = draft->model;
    dais_slice_t cluster = dais_slice(NULL, 0);
    for (size_t i = 0; i < model->topics.count; i++) {
        const dais_topic_t *topic = &model->topics.items[i].topic;
        if (topic->cluster.size > 0 && !dais_slice_equal(topic->cluster, cluster)) {
            dais_out_put(draft->out, i == 0 ? "\n" : "\n\n");
            dais_out_raw(draft->out, topic->cluster);
            dais_out_put(draft->out, "\n");
        }
        cluster = topic->cluster;
        paragraph(draft);
        topic_speakers(draft, &model->topics.items[i]);
        for (size_t j = 0; j < model->suggestions.count; j++) {
            if (model->suggestions.items[j].suggestion.topic == topic->number)
                suggestion_put(draft, &model->suggestions.items[j]);
        }
    }
}

/* Suggestions that belong to no topic have a paragraph together. */
static void loose_suggestions_put(draft_t *draft)
{
    bool has_any = false;
    for (size_t i = 0; i < draft->model->suggestions.count; i++) {
        const dais_fold_suggestion_t *item = &draft->model->suggestions.items[i];
        if (topic_is_known(draft->model, item->suggestion.topic))
            continue;
        if (!has_any) {
            paragraph(draft);
            dais_out_put(draft->out, "Suggestions were made on other matters.");
        }
        has_any = true;
        suggestion_put(draft, item);
    }
}

/* What is public of objections: a number, and what was put before whom. Never whose they are. */
static void objections_put(draft_t *draft)
{
    const dais_fold_model_t *model = draft->model;
    uint64_t standing = 0;
    if (dais_fold_tallied(model, "objections.organisations", &standing) && standing > 0) {
        paragraph(draft);
        dais_out_put(draft->out, "Organisations with an objection that stands: ");
        number(draft, standing);
        dais_out_put(draft->out, ".");
        cite_one(draft->out, model->tallies.items[model->tallies.count - 1].seq);
    }
    for (size_t i = 0; i < model->referrals.count; i++) {
        const dais_fold_referral_t *item = &model->referrals.items[i];
        paragraph(draft);
        dais_out_put(draft->out, "Cases put before ");
        dais_out_raw(draft->out, item->referral.body);
        dais_out_put(draft->out, " for ");
        dais_out_raw(draft->out, item->referral.session);
        dais_out_put(draft->out, ": ");
        number(draft, item->referral.targets.count);
        dais_out_put(draft->out, ".");
        cite_one(draft->out, item->seq);
    }
}

void dais_draft(dais_out_t *out, const dais_fold_t *fold, const dais_fold_model_t *model)
{
    draft_t draft = {.out = out, .fold = fold, .model = model};
    dais_out_put(out, "Draft of a summary of ");
    dais_out_raw(out, model->genesis.cycle);
    dais_out_format(
        out,
        ", made of what is open of its first %" PRIu64
        " entries.\nEach sentence names in brackets the entries that it rests on; quoted "
        "words are the record's.\nEdit it: the record counts and quotes, and does not "
        "know what was meant.",
        model->size);
    section(&draft, "I. Introduction");
    when_put(&draft);
    sessions_put(&draft);
    officers_put(&draft);
    participants_put(&draft);
    comments_put(&draft);
    section(&draft, "II. Agenda");
    agenda_put(&draft);
    section(&draft, "III. Inputs and suggestions");
    topics_put(&draft);
    loose_suggestions_put(&draft);
    section(&draft, "IV. Participation and objections");
    objections_put(&draft);
    dais_out_put(out, "\n");
}
