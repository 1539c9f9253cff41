/* SPDX-License-Identifier: Apache-2.0
 *
 * The tables, each by its columns and the row that fills them. */
#include <string.h>

#include "proto/shape.h"
#include "publisher/data.h"
#include "registry/rules/lists.h"

#define COLUMNS(columns) (columns), sizeof(columns) / sizeof((columns)[0])

static dais_cell_t cell_words(const char *text)
{
    return (dais_cell_t){.text = dais_slice_text(text)};
}

static dais_cell_t cell_slice(dais_slice_t text)
{
    return (dais_cell_t){.text = text};
}

static dais_cell_t cell_number(uint64_t number)
{
    return (dais_cell_t){.number = number};
}

static dais_cell_t cell_id(const dais_id_t *id)
{
    return (dais_cell_t){.text = dais_slice(id->bytes, DAIS_ID_SIZE)};
}

/* An index or instant where 0 stands for none. */
static dais_cell_t cell_some(uint64_t number)
{
    return (dais_cell_t){.number = number, .is_none = number == 0};
}

static dais_cell_t cell_word_of(const dais_words_t *words, uint64_t number)
{
    return number == 0 ? (dais_cell_t){.is_none = true} : cell_words(words->words[number]);
}

static const dais_data_column_t date_columns[] = {
    {"date", DAIS_CELL_TEXT, "Which date of the cycle"},
    {"due", DAIS_CELL_TIME, "When it is due"},
    {"closes_at", DAIS_CELL_TIME, "When it closes: due, and the time of grace"},
    {"local", DAIS_CELL_TEXT, "Due as announced, local time"},
    {"zone", DAIS_CELL_TEXT, "Time zone of the announcement"},
    {"closed_by", DAIS_CELL_NUMBER, "Entry that closed it; empty while it is to come"},
    {"closed_at", DAIS_CELL_TIME, "When that entry was logged"},
};

static size_t date_count(const dais_page_view_t *view)
{
    (void)view;
    return DAIS_WORDS_END_date;
}

static bool date_row(const dais_page_view_t *view, size_t i, dais_cell_t *cells)
{
    const dais_fold_date_t *date = &view->model->dates[i];
    if (!date->is_set)
        return false;
    cells[0] = cell_words(dais_words_date.words[i]);
    cells[1] = cell_number(date->due);
    cells[2] = cell_number(date->closes_at);
    cells[3] = cell_slice(date->local);
    cells[4] = cell_slice(date->zone);
    cells[5] = cell_some(date->ticked);
    cells[6] = (dais_cell_t){.number = date->ticked_at, .is_none = date->ticked == 0};
    return true;
}

static const dais_data_column_t participant_columns[] = {
    {"organisation", DAIS_CELL_ID, "Id of the organisation"},
    {"name", DAIS_CELL_TEXT, "Its name, as its application has it"},
    {"category", DAIS_CELL_TEXT, "Category, confirmed or else claimed"},
    {"category_confirmed", DAIS_CELL_TEXT, "yes if the secretariat confirmed the category"},
    {"country", DAIS_CELL_TEXT, "Country of its seat"},
    {"mode", DAIS_CELL_TEXT, "How it wished to take part"},
    {"status", DAIS_CELL_TEXT, "What the public was told last"},
    {"status_entry", DAIS_CELL_NUMBER, "Entry that told it"},
    {"registered_in_person", DAIS_CELL_NUMBER, "Persons registered to come"},
    {"registered_online", DAIS_CELL_NUMBER, "Persons registered online"},
    {"attended_in_person", DAIS_CELL_NUMBER, "Persons who came"},
    {"attended_online", DAIS_CELL_NUMBER, "Persons who attended online"},
    {"application_entry", DAIS_CELL_NUMBER, "Entry of the application in force, if it is open"},
};

static size_t participant_count(const dais_page_view_t *view)
{
    return view->model->organisations.count;
}

static const char *told_word(dais_told_t told)
{
    static const char *const words[] = {"",        "admitted", "provisional", "awaiting",
                                        "pending", "blocked",  "refused",     "withdrawn",
                                        "lapsed",  "not-shown"};
    return words[told];
}

static bool participant_row(const dais_page_view_t *view, size_t i, dais_cell_t *cells)
{
    const dais_fold_organisation_t *org = &view->model->organisations.items[i];
    if (!org->takes_part)
        return false;
    cells[0] = cell_id(&org->id);
    cells[1] = cell_slice(org->claims.applicant);
    cells[2] = cell_word_of(&dais_words_category, dais_fold_category(org));
    cells[3] = cell_words(org->confirmed_category != 0 ? "yes" : "no");
    cells[4] = cell_slice(org->claims.country);
    cells[5] = cell_word_of(&dais_words_mode, org->claims.mode);
    cells[6] = cell_words(told_word(org->told));
    cells[7] = cell_some(org->told_seq);
    cells[8] = cell_number(org->registered_in_person);
    cells[9] = cell_number(org->registered_online);
    cells[10] = cell_number(org->attended_in_person);
    cells[11] = cell_number(org->attended_online);
    cells[12] = cell_some(org->application);
    return true;
}

static const dais_data_column_t outcome_columns[] = {
    {"entry", DAIS_CELL_NUMBER, "Entry that told it"},
    {"organisation", DAIS_CELL_ID, "Id of the organisation"},
    {"status", DAIS_CELL_TEXT, "What the public is told from here on"},
    {"rule", DAIS_CELL_TEXT, "Policy key that decided, where the cause is public"},
    {"value", DAIS_CELL_TEXT, "Its value, where the cause is public"},
    {"kind", DAIS_CELL_TEXT, "outcome, or lapse at the end of the session"},
    {"status_date", DAIS_CELL_TIME, "When it was logged"},
};

static size_t outcome_count(const dais_page_view_t *view)
{
    return view->model->outcomes.count;
}

static bool outcome_row(const dais_page_view_t *view, size_t i, dais_cell_t *cells)
{
    const dais_fold_outcome_t *outcome = &view->model->outcomes.items[i];
    const dais_fold_entry_t *entry = dais_fold_entry(view->fold, outcome->seq);
    cells[0] = cell_number(outcome->seq);
    cells[1] = cell_id(&view->model->organisations.items[outcome->organisation].id);
    cells[2] = cell_slice(outcome->fact);
    cells[3] = cell_slice(outcome->rule);
    cells[4] = cell_slice(outcome->value);
    cells[5] = cell_words(outcome->is_lapse ? "lapse" : "outcome");
    cells[6] = cell_number(entry == NULL ? 0 : entry->record.logged_at);
    return true;
}

static const dais_data_column_t comment_columns[] = {
    {"reference", DAIS_CELL_NUMBER, "Entry that published it first; its reference is C. and this"},
    {"comment", DAIS_CELL_ID, "Id of the comment"},
    {"organisation", DAIS_CELL_ID, "Id of the organisation that it is from"},
    {"title", DAIS_CELL_TEXT, "Title"},
    {"language", DAIS_CELL_TEXT, "Language of the original (BCP 47)"},
    {"words", DAIS_CELL_NUMBER, "Words, as the sender counts"},
    {"agenda_item", DAIS_CELL_NUMBER, "Agenda item; empty for none"},
    {"status", DAIS_CELL_TEXT, "published, superseded, retracted or withheld"},
    {"entry", DAIS_CELL_NUMBER, "Entry with the text in force"},
    {"said_at", DAIS_CELL_TIME, "When it was said, by the sender's clock"},
    {"received_at", DAIS_CELL_TIME, "When it was received, by the intake's stamp"},
    {"published_at", DAIS_CELL_TIME, "When its publication was logged"},
    {"text", DAIS_CELL_TEXT, "The text; empty if it was erased"},
};

static size_t comment_count(const dais_page_view_t *view)
{
    return view->model->comments.count;
}

static bool comment_row(const dais_page_view_t *view, size_t i, dais_cell_t *cells)
{
    const dais_fold_comment_t *comment = &view->model->comments.items[i];
    const dais_fold_entry_t *entry = dais_fold_entry(view->fold, comment->entry);
    const dais_fold_entry_t *published = dais_fold_entry(view->fold, comment->published);
    dais_writing_t writing = {0};
    if (!dais_page_comment_shown(comment) || entry == NULL)
        return false;
    if (entry->public_content.data != NULL)
        (void)!dais_shape_decode(&dais_shape_writing, entry->public_content, &writing).err;
    cells[0] = cell_number(comment->published);
    cells[1] = cell_id(&comment->id);
    cells[2] = cell_id(&view->model->organisations.items[comment->organisation].id);
    cells[3] = cell_slice(comment->comment.title);
    cells[4] = cell_slice(comment->comment.language);
    cells[5] = cell_number(comment->comment.words);
    cells[6] = cell_some(comment->comment.item);
    cells[7] = cell_words(dais_machine(DAIS_MACHINE_COMMENT)->states[comment->state].name);
    cells[8] = cell_number(comment->entry);
    cells[9] = cell_number(entry->message.said_at);
    cells[10] = cell_number(entry->record.received_at);
    cells[11] = cell_some(published == NULL ? 0 : published->record.logged_at);
    cells[12] = cell_slice(writing.text);
    return true;
}

static const dais_data_column_t suggestion_columns[] = {
    {"entry", DAIS_CELL_NUMBER, "Entry that marked it"},
    {"sentence", DAIS_CELL_TEXT, "The suggestion"},
    {"article", DAIS_CELL_TEXT, "Article of the instrument"},
    {"addressee", DAIS_CELL_TEXT, "To whom"},
    {"topic", DAIS_CELL_NUMBER, "Number of the topic; empty for none"},
    {"comment", DAIS_CELL_NUMBER, "Reference of the comment it was made in"},
    {"intervention", DAIS_CELL_NUMBER, "Entry of the intervention it was made in"},
};

static size_t suggestion_count(const dais_page_view_t *view)
{
    return view->model->suggestions.count;
}

static bool suggestion_row(const dais_page_view_t *view, size_t i, dais_cell_t *cells)
{
    const dais_fold_suggestion_t *item = &view->model->suggestions.items[i];
    cells[0] = cell_number(item->seq);
    cells[1] = cell_slice(item->suggestion.sentence);
    cells[2] = cell_slice(item->suggestion.article);
    cells[3] = cell_slice(item->suggestion.addressee);
    cells[4] = cell_some(item->suggestion.topic);
    cells[5] = cell_some(
        item->comment == DAIS_FOLD_NONE ? 0 : view->model->comments.items[item->comment].published);
    cells[6] = cell_some(item->suggestion.intervention);
    return true;
}

static const dais_data_column_t topic_columns[] = {
    {"topic", DAIS_CELL_NUMBER, "Number of the topic"},
    {"title", DAIS_CELL_TEXT, "Title"},
    {"cluster", DAIS_CELL_TEXT, "Thematic cluster"},
    {"speakers", DAIS_CELL_NUMBER, "Stakeholders that spoke on it, each counted once"},
    {"quantifier", DAIS_CELL_TEXT, "The policy's word for that number"},
    {"entry", DAIS_CELL_NUMBER, "Entry that set it last"},
};

static size_t topic_count(const dais_page_view_t *view)
{
    return view->model->topics.count;
}

static bool topic_row(const dais_page_view_t *view, size_t i, dais_cell_t *cells)
{
    const dais_fold_topic_t *topic = &view->model->topics.items[i];
    cells[0] = cell_number(topic->topic.number);
    cells[1] = cell_slice(topic->topic.title);
    cells[2] = cell_slice(topic->topic.cluster);
    cells[3] = cell_number(topic->speakers);
    cells[4] = cell_slice(topic->quantifier);
    cells[5] = cell_number(topic->seq);
    return true;
}

static const dais_data_column_t decision_columns[] = {
    {"entry", DAIS_CELL_NUMBER, "Entry that records it"},
    {"question", DAIS_CELL_TEXT, "What is decided"},
    {"organisations", DAIS_CELL_NUMBER, "How many organisations it is about"},
    {"manner", DAIS_CELL_TEXT, "How it was taken"},
    {"for", DAIS_CELL_NUMBER, "Votes for"},
    {"against", DAIS_CELL_NUMBER, "Votes against"},
    {"abstaining", DAIS_CELL_NUMBER, "Abstentions, which are not votes cast"},
    {"result", DAIS_CELL_TEXT, "What came of it"},
    {"body", DAIS_CELL_TEXT, "The body that decided"},
    {"session", DAIS_CELL_TEXT, "Its session"},
    {"corrects", DAIS_CELL_NUMBER, "Of a correction: the entry that it supersedes"},
    {"corrected_by", DAIS_CELL_NUMBER, "Entry that corrects it"},
};

static size_t decision_count(const dais_page_view_t *view)
{
    return view->model->decisions.count;
}

static bool decision_row(const dais_page_view_t *view, size_t i, dais_cell_t *cells)
{
    const dais_fold_decision_t *item = &view->model->decisions.items[i];
    cells[0] = cell_number(item->seq);
    cells[1] = cell_word_of(&dais_words_question, item->decision.question);
    cells[2] = cell_number(item->decision.targets.count);
    cells[3] = cell_word_of(&dais_words_manner, item->decision.manner);
    cells[4] = cell_number(item->decision.yes);
    cells[5] = cell_number(item->decision.no);
    cells[6] = cell_number(item->decision.abstained);
    cells[7] = cell_word_of(&dais_words_result, item->decision.result);
    cells[8] = cell_slice(item->decision.body);
    cells[9] = cell_slice(item->decision.session);
    cells[10] = cell_some(item->corrects);
    cells[11] = cell_some(item->corrected_by);
    return true;
}

static const dais_data_column_t tally_columns[] = {
    {"entry", DAIS_CELL_NUMBER, "Entry of the tally"},
    {"list_version", DAIS_CELL_NUMBER, "Version of the circulated list"},
    {"name", DAIS_CELL_TEXT, "What is counted; names joined by + were too small to stand alone"},
    {"number", DAIS_CELL_NUMBER, "How many"},
};

/* One row for each number: rows are found by walking, which is what a page does as well. */
static size_t tally_count(const dais_page_view_t *view)
{
    size_t count = 0;
    for (size_t i = 0; i < view->model->tallies.count; i++)
        count += view->model->tallies.items[i].tally.counts.count;
    return count;
}

static bool tally_row(const dais_page_view_t *view, size_t i, dais_cell_t *cells)
{
    size_t tally = 0;
    while (i >= view->model->tallies.items[tally].tally.counts.count)
        i -= view->model->tallies.items[tally++].tally.counts.count;
    const dais_fold_tally_t *item = &view->model->tallies.items[tally];
    dais_list_walk_t walk = dais_list_begin(&item->tally.counts, &dais_shape_count);
    dais_count_t count = {0};
    for (size_t j = 0; j <= i && dais_list_next(&walk, &count); j++)
        continue;
    cells[0] = cell_number(item->seq);
    cells[1] = cell_number(item->tally.version);
    cells[2] = cell_slice(count.name);
    cells[3] = cell_number(count.number);
    return true;
}

const dais_data_set_t dais_data_sets[] = {
    {"dates", "The dates of the cycle", COLUMNS(date_columns), date_count, date_row},
    {"participants", "Organisations on the participants list", COLUMNS(participant_columns),
     participant_count, participant_row},
    {"outcomes", "Every change of a public fact", COLUMNS(outcome_columns), outcome_count,
     outcome_row},
    {"comments", "Published comments", COLUMNS(comment_columns), comment_count, comment_row},
    {"suggestions", "Suggestions in comments and interventions", COLUMNS(suggestion_columns),
     suggestion_count, suggestion_row},
    {"topics", "Topics, and how many spoke on each", COLUMNS(topic_columns), topic_count,
     topic_row},
    {"decisions", "Decisions that are open", COLUMNS(decision_columns), decision_count,
     decision_row},
    {"tallies", "Numbers that the registry counted", COLUMNS(tally_columns), tally_count,
     tally_row},
    {0},
};
