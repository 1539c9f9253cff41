/* SPDX-License-Identifier: Apache-2.0
 *
 * The front page of a cycle: where it stands, its calendar, what it follows, who chairs, what is on
 * the table, and which values of its policy nobody has confirmed. */
#include <inttypes.h>

#include "proto/shape.h"
#include "publisher/page.h"
#include "registry/rules/policy_key.h"
#include "registry/rules/policy_print.h"

static const char *state_text(dais_cycle_state_t state)
{
    static const char *const texts[] = {
        [DAIS_CYCLE_DRAFT] = "It is being prepared.",
        [DAIS_CYCLE_OPEN] = "Applications may come in.",
        [DAIS_CYCLE_CLOSED] = "The time for applications is over; they are being examined.",
        [DAIS_CYCLE_LISTED] = "The list of applicants is with the States.",
        [DAIS_CYCLE_WINDOW] = "States may object.",
        [DAIS_CYCLE_SETTLED] = "The time for objections is over; who may take part is settled.",
        [DAIS_CYCLE_IN_SESSION] = "The dialogue is being held.",
        [DAIS_CYCLE_ENDED] = "The dialogue is over; the Chair's summary is awaited.",
        [DAIS_CYCLE_SUMMARISED] = "The dialogue is over and the Chair's summary is published.",
        [DAIS_CYCLE_ARCHIVED] = "The cycle is in the archive.",
        [DAIS_CYCLE_CANCELLED] = "The cycle was cancelled.",
    };
    return texts[state];
}

/* The dates that are set, as they follow each other. */
static size_t dates_sort(const dais_fold_model_t *model, unsigned order[DAIS_WORDS_END_date])
{
    size_t count = 0;
    for (unsigned which = 1; which < DAIS_WORDS_END_date; which++) {
        size_t at = count;
        if (!model->dates[which].is_set)
            continue;
        for (; at > 0 && model->dates[order[at - 1]].due > model->dates[which].due; at--)
            order[at] = order[at - 1];
        order[at] = which;
        count++;
    }
    return count;
}

static void dates_put(dais_out_t *out, const dais_fold_model_t *model)
{
    static const char *const heads[] = {"What", "Due", "Closed", "#Entry"};
    unsigned order[DAIS_WORDS_END_date];
    dais_out_put(out, "<h2>Calendar</h2>\n");
    dais_table_begin(out, "Dates of the cycle, in local time and UTC", heads, 4);
    size_t count = dates_sort(model, order);
    for (size_t i = 0; i < count; i++) {
        const dais_fold_date_t *date = &model->dates[order[i]];
        dais_table_row(out);
        dais_out_format(out, "<th scope=\"row\">%s</th><td>", dais_page_date_word(order[i]));
        dais_page_date(out, date);
        if (date->closes_at > date->due) {
            dais_out_put(out, "; late within grace until ");
            dais_page_time(out, date->closes_at);
        }
        dais_out_put(out, "</td><td>");
        if (date->ticked == 0)
            dais_out_put(out, "to come");
        else
            dais_page_time(out, date->ticked_at);
        dais_out_put(out, "</td>");
        if (date->ticked == 0)
            dais_table_words(out, "");
        else
            dais_table_number(out, date->ticked);
        dais_table_row_end(out);
    }
    dais_table_end(out);
}

/* What an entry says has happened; 0 stands for an instant that it does not give. */
static void event_put(dais_out_t *out, uint64_t seq, uint64_t at)
{
    if (seq == 0)
        dais_out_put(out, "not yet");
    else if (at == 0)
        dais_out_format(out, "as entry %" PRIu64 " says", seq);
    else
        dais_page_time(out, at);
}

static void sessions_put(dais_out_t *out, const dais_fold_model_t *model)
{
    static const char *const heads[] = {"Session", "Ended", "Report adopted", "Symbol"};
    if (model->sessions.count == 0)
        return;
    dais_out_put(out, "<h2>Sessions that it follows</h2>\n");
    dais_table_begin(out, "Sessions and their reports", heads, 4);
    for (size_t i = 0; i < model->sessions.count; i++) {
        const dais_fold_session_t *session = &model->sessions.items[i];
        dais_table_row(out);
        dais_table_cell(out, session->name);
        dais_out_put(out, "<td>");
        event_put(out, session->concluded, session->concluded_at);
        dais_out_put(out, "</td><td>");
        event_put(out, session->adopted, session->adopted_at);
        dais_out_put(out, "</td>");
        dais_table_cell(out, session->symbol);
        dais_table_row_end(out);
    }
    dais_table_end(out);
}

static void officers_put(dais_out_t *out, const dais_fold_model_t *model)
{
    static const char *const heads[] = {"Office", "Name", "Title", "Delegation"};
    dais_list_walk_t walk = dais_list_begin(&model->officers.officers, &dais_shape_officer);
    dais_officer_t officer;
    if (model->officers_seq == 0)
        return;
    dais_out_put(out, "<h2>Officers</h2>\n");
    dais_table_begin(out, "Who chairs", heads, 4);
    while (dais_list_next(&walk, &officer)) {
        dais_table_row(out);
        dais_out_put(out, "<td>");
        dais_page_word(out, dais_slice_text(dais_words_officer.words[officer.office]));
        dais_out_put(out, "</td>");
        dais_table_cell(out, officer.name);
        dais_table_cell(out, officer.title);
        dais_table_cell(out, officer.delegation);
        dais_table_row_end(out);
    }
    dais_table_end(out);
}

static void item_documents(dais_out_t *out, const dais_fold_model_t *model, uint64_t item)
{
    for (size_t i = 0; i < model->documents.count; i++) {
        const dais_document_t *document = &model->documents.items[i].document;
        if (document->item != item)
            continue;
        dais_out_put(out, "<p>Document <b>");
        dais_out_isolated(out, document->symbol);
        dais_out_put(out, "</b>: <span");
        dais_page_language(out, document->language);
        dais_out_put(out, ">");
        dais_out_html(out, document->title);
        dais_out_put(out, "</span></p>\n");
    }
}

static void speaker_put(dais_out_t *out, const dais_fold_model_t *model,
                        const dais_fold_intervention_t *intervention)
{
    if (intervention->organisation != DAIS_FOLD_NONE)
        dais_page_org(out, &model->organisations.items[intervention->organisation]);
    else if (intervention->intervention.name.size > 0)
        dais_out_isolated(out, intervention->intervention.name);
    else
        dais_out_put(out, dais_words_speaker.words[intervention->intervention.speaker]);
}

static void item_speakers(dais_out_t *out, const dais_fold_model_t *model, uint64_t item)
{
    bool any = false;
    for (size_t i = 0; i < model->interventions.count; i++) {
        if (model->interventions.items[i].intervention.item != item)
            continue;
        dais_out_put(out, any ? "; " : "<p>Spoke: ");
        speaker_put(out, model, &model->interventions.items[i]);
        any = true;
    }
    if (any)
        dais_out_put(out, ".</p>\n");
}

static void agenda_put(dais_out_t *out, const dais_fold_model_t *model)
{
    if (model->agenda.count == 0 && model->documents.count == 0)
        return;
    dais_out_put(out, "<h2>Agenda</h2>\n<ol class=\"agenda\">\n");
    for (size_t i = 0; i < model->agenda.count; i++) {
        const dais_agenda_item_t *item = &model->agenda.items[i].item;
        dais_out_format(out, "<li value=\"%" PRIu64 "\"><h3>", item->number);
        dais_out_isolated(out, item->title);
        dais_out_put(out, "</h3>\n");
        item_documents(out, model, item->number);
        item_speakers(out, model, item->number);
        dais_out_put(out, "</li>\n");
    }
    dais_out_put(out, "</ol>\n");
    item_documents(out, model, 0);
}

static void topics_put(dais_out_t *out, const dais_fold_model_t *model)
{
    static const char *const heads[] = {"#No.",     "Topic",     "Cluster",
                                        "Articles", "#Speakers", "In words"};
    if (model->topics.count == 0)
        return;
    dais_out_put(out, "<h2>Topics</h2>\n");
    dais_table_begin(out, "Topics, and how many stakeholders spoke on each", heads, 6);
    for (size_t i = 0; i < model->topics.count; i++) {
        const dais_fold_topic_t *topic = &model->topics.items[i];
        dais_list_walk_t walk = dais_list_begin(&topic->topic.articles, &dais_shape_line_item);
        dais_line_item_t article;
        dais_table_row(out);
        dais_table_number(out, topic->topic.number);
        dais_table_cell(out, topic->topic.title);
        dais_table_cell(out, topic->topic.cluster);
        dais_out_put(out, "<td>");
        for (size_t j = 0; dais_list_next(&walk, &article); j++) {
            dais_out_put(out, j == 0 ? "" : ", ");
            dais_out_isolated(out, article.value);
        }
        dais_out_put(out, "</td>");
        dais_table_number(out, topic->speakers);
        dais_table_cell(out, topic->quantifier);
        dais_table_row_end(out);
    }
    dais_table_end(out);
}

static void assumed_put(dais_out_t *out, const dais_policy_t *policy, dais_policy_key_t key)
{
    char value[DAIS_LIMIT_VALUE + 1];
    size_t size = 0;
    dais_policy_key_info_t info = dais_policy_key_info(key);
    if (dais_policy_print_value(policy, key, value, sizeof value, &size) != DAIS_OK)
        size = 0;
    dais_table_row(out);
    dais_out_format(out, "<th scope=\"row\">%s<br><code>%s</code></th>", info.text, info.name);
    dais_table_cell(out, dais_slice(value, size));
    dais_table_cell(out, policy->source[key]);
    dais_table_row_end(out);
}

static void policy_put(dais_out_t *out, const dais_fold_model_t *model)
{
    static const char *const heads[] = {"What it settles", "Value", "Where it comes from"};
    dais_out_put(out, "<h2>The procedure</h2>\n<p>");
    dais_out_isolated(out, model->policy.title);
    dais_out_put(out, ", by policy <code>");
    dais_out_isolated(out, model->policy.id);
    dais_out_format(out,
                    "</code>, version %" PRIu32 ". Its whole text, with the source of each value, "
                    "is frozen into <a href=\"data/policy.zpl\">entry 0 of the record</a>.</p>\n",
                    model->policy.version);
    dais_table_begin(out, "Values that no source confirms; they were assumed", heads, 3);
    for (size_t key = 0; key < DAIS_POLICY_KEY_COUNT; key++) {
        if (model->policy.confirmed[key] == DAIS_POLICY_CONFIRMED_ASSUMED)
            assumed_put(out, &model->policy, (dais_policy_key_t)key);
    }
    dais_table_end(out);
}

void dais_page_cycle(dais_out_t *out, const dais_page_view_t *view)
{
    const dais_fold_model_t *model = view->model;
    dais_slice_t title = model->call.title.size > 0 ? model->call.title : model->genesis.cycle;
    dais_page_begin(out, view, DAIS_PAGE_CYCLE, "", title);
    dais_out_format(out, "<p class=\"lead\">%s</p>\n", state_text(model->state));
    dates_put(out, model);
    sessions_put(out, model);
    officers_put(out, model);
    agenda_put(out, model);
    topics_put(out, model);
    policy_put(out, model);
    dais_page_end(out, view, "");
}
