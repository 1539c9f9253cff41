/* SPDX-License-Identifier: Apache-2.0
 *
 * The list of written comments, suggestions by topic, and the Chair's summary. A text stands in its
 * own language and direction; one that was erased is gone and said to be gone. */
#include <inttypes.h>
#include <stdio.h>

#include "proto/shape.h"
#include "publisher/page.h"

enum { SUMMARIES_MAX = 64 };

void dais_page_comments(dais_out_t *out, const dais_page_view_t *view)
{
    static const char *const heads[] = {"Reference", "Title",    "Organisation",
                                        "Language",  "Received", "Remark"};
    const dais_fold_model_t *model = view->model;
    size_t shown = 0;
    dais_page_begin(out, view, DAIS_PAGE_COMMENTS, "", dais_slice_text("Written comments"));
    dais_table_begin(out, "Comments, in the order in which they were received", heads, 6);
    for (size_t i = 0; i < model->comments.count; i++) {
        const dais_fold_comment_t *comment = &model->comments.items[i];
        const dais_fold_entry_t *entry = dais_fold_entry(view->fold, comment->entry);
        char name[DAIS_PAGE_NAME_SIZE];
        if (!dais_page_comment_shown(comment) || entry == NULL)
            continue;
        shown++;
        dais_page_comment_name(comment, name);
        dais_table_row(out);
        dais_out_format(out, "<th scope=\"row\"><a href=\"comments/%s\">C.%" PRIu64 "</a></th><td",
                        name, comment->published);
        dais_page_language(out, comment->comment.language);
        dais_out_put(out, ">");
        dais_out_html(out, comment->comment.title);
        dais_out_put(out, "</td><td>");
        dais_page_org(out, &model->organisations.items[comment->organisation]);
        dais_out_put(out, "</td>");
        dais_table_cell(out, dais_page_language_name(comment->comment.language));
        dais_out_put(out, "<td>");
        dais_page_time(out, entry->record.received_at);
        dais_out_put(out, "</td>");
        dais_table_words(out, dais_page_comment_remark(comment->state));
        dais_table_row_end(out);
    }
    dais_table_foot(out);
    dais_out_format(out, "<tr><td colspan=\"6\" class=\"account\">Published: %zu.</td></tr>\n",
                    shown);
    dais_table_foot_end(out);
    dais_page_end(out, view, "");
}

static void attachments_put(dais_out_t *out, const dais_writing_t *writing)
{
    static const char *const heads[] = {"File", "Type", "#Bytes", "SHA-256"};
    dais_list_walk_t walk = dais_list_begin(&writing->attachments, &dais_shape_attachment);
    dais_attachment_t attachment;
    if (writing->attachments.count == 0)
        return;
    dais_out_put(out, "<h2>Attached</h2>\n");
    dais_table_begin(out, "Files attached", heads, 4);
    while (dais_list_next(&walk, &attachment)) {
        dais_table_row(out);
        dais_table_cell(out, attachment.name);
        dais_table_cell(out, attachment.media_type);
        dais_table_number(out, attachment.size);
        dais_out_put(out, "<td><code>");
        dais_out_hex(out, dais_hash_slice(&attachment.digest));
        dais_out_put(out, "</code></td>");
        dais_table_row_end(out);
    }
    dais_table_end(out);
}

/* Content that is no writing is shown for what it is: so many bytes. */
bool dais_page_content(dais_out_t *out, const dais_fold_entry_t *entry, dais_slice_t language,
                       dais_mark_t *marks, size_t count)
{
    dais_writing_t writing;
    if (entry->public_content.data == NULL) {
        dais_out_put(out, "<p class=\"gone\">The text was erased, or is not open. That it was here "
                          "is proved by the record.</p>\n");
        return false;
    }
    if (dais_shape_decode(&dais_shape_writing, entry->public_content, &writing).err != DAIS_OK) {
        dais_out_format(out, "<p>%zu bytes that are no text.</p>\n", entry->public_content.size);
        return false;
    }
    dais_err_t err = dais_marks_find(writing.text, marks, count);
    if (err != DAIS_OK && out->err == DAIS_OK)
        out->err = err;
    dais_out_put(out, "<div");
    dais_page_language(out, language);
    dais_out_put(out, ">\n");
    dais_page_text(out, writing.text, marks, count);
    dais_out_put(out, "</div>\n");
    attachments_put(out, &writing);
    return true;
}

static void suggestion_put(dais_out_t *out, const dais_page_view_t *view,
                           const dais_fold_suggestion_t *item)
{
    const dais_fold_model_t *model = view->model;
    char name[DAIS_PAGE_NAME_SIZE];
    dais_table_row(out);
    dais_table_cell(out, item->suggestion.sentence);
    dais_table_cell(out, item->suggestion.article);
    dais_table_cell(out, item->suggestion.addressee);
    dais_out_put(out, "<td>");
    if (item->comment != DAIS_FOLD_NONE &&
        dais_page_comment_shown(&model->comments.items[item->comment])) {
        dais_page_comment_name(&model->comments.items[item->comment], name);
        dais_out_format(out, "<a href=\"comments/%s\">C.%" PRIu64 "</a>", name,
                        model->comments.items[item->comment].published);
    } else if (item->intervention != DAIS_FOLD_NONE) {
        dais_out_format(out, "intervention, entry %" PRIu64,
                        model->interventions.items[item->intervention].seq);
    }
    dais_out_put(out, "</td>");
    dais_table_row_end(out);
}

static void suggestions_of(dais_out_t *out, const dais_page_view_t *view, uint64_t topic,
                           dais_slice_t title)
{
    static const char *const heads[] = {"Suggestion", "Article", "Addressed to", "Made in"};
    char caption[64] = "Suggestions on no topic in particular";
    bool any = false;
    if (topic != 0)
        (void)snprintf(caption, sizeof caption, "Suggestions on topic %" PRIu64, topic);
    for (size_t i = 0; i < view->model->suggestions.count; i++) {
        const dais_fold_suggestion_t *item = &view->model->suggestions.items[i];
        if (item->suggestion.topic != topic)
            continue;
        if (!any) {
            dais_out_put(out, "<h2>");
            dais_out_isolated(out, title);
            dais_out_put(out, "</h2>\n");
            dais_table_begin(out, caption, heads, 4);
        }
        any = true;
        suggestion_put(out, view, item);
    }
    if (any)
        dais_table_end(out);
}

void dais_page_suggestions(dais_out_t *out, const dais_page_view_t *view)
{
    const dais_fold_model_t *model = view->model;
    dais_page_begin(out, view, DAIS_PAGE_SUGGESTIONS, "", dais_slice_text("Suggestions"));
    dais_out_format(out,
                    "<p>Sentences that the secretariat marked as suggestions in published comments "
                    "and interventions: %zu.</p>\n",
                    model->suggestions.count);
    for (size_t i = 0; i < model->topics.count; i++)
        suggestions_of(out, view, model->topics.items[i].topic.number,
                       model->topics.items[i].topic.title);
    suggestions_of(out, view, 0, dais_slice_text("On no topic in particular"));
    dais_page_end(out, view, "");
}

static void summary_put(dais_out_t *out, const dais_page_view_t *view,
                        const dais_fold_summary_t *item, bool has_anchor)
{
    const dais_fold_entry_t *entry = dais_fold_entry(view->fold, item->seq);
    if (has_anchor) {
        dais_out_format(out, "<h2 id=\"e%" PRIu64 "\">", item->seq);
        dais_out_isolated(out, dais_page_language_name(item->summary.language));
        dais_out_put(out, "</h2>\n");
    }
    dais_out_format(out,
                    "<p>Revision %" PRIu64 ", %" PRIu64 " numbered paragraphs, entry %" PRIu64
                    ", language ",
                    item->summary.revision, item->summary.paragraphs, item->seq);
    dais_out_isolated(out, dais_page_language_name(item->summary.language));
    dais_out_put(out, ".</p>\n");
    if (entry != NULL)
        (void)dais_page_content(out, entry, item->summary.language, NULL, 0);
}

/* Links to each language, in the order of the languages of the United Nations. */
static void summary_bar(dais_out_t *out, const dais_fold_summary_t *const *items, size_t count)
{
    dais_out_put(out, "<nav aria-label=\"Languages of the summary\">\n<ul>\n");
    for (size_t i = 0; i < count; i++) {
        dais_out_format(out, "<li><a href=\"#e%" PRIu64 "\">", items[i]->seq);
        dais_out_isolated(out, dais_page_language_name(items[i]->summary.language));
        dais_out_put(out, "</a></li>\n");
    }
    dais_out_put(out, "</ul>\n</nav>\n");
}

/* Those of the newest revision, by their language; at most so many as there is room for. */
static size_t summaries_newest(const dais_fold_model_t *model, const dais_fold_summary_t **items)
{
    size_t count = 0;
    for (size_t i = 0; i < model->summaries.count && count < SUMMARIES_MAX; i++) {
        const dais_fold_summary_t *item = &model->summaries.items[i];
        unsigned order = dais_page_language_order(item->summary.language);
        size_t at = count;
        if (item->summary.revision !=
            model->summaries.items[model->summaries.count - 1].summary.revision)
            continue;
        for (; at > 0 && dais_page_language_order(items[at - 1]->summary.language) > order; at--)
            items[at] = items[at - 1];
        items[at] = item;
        count++;
    }
    return count;
}

/* The newest revision in each language; earlier ones are named under it. */
void dais_page_summary(dais_out_t *out, const dais_page_view_t *view)
{
    const dais_fold_model_t *model = view->model;
    const dais_fold_summary_t *items[SUMMARIES_MAX];
    size_t count = summaries_newest(model, items);
    dais_page_begin(out, view, DAIS_PAGE_SUMMARY, "", dais_slice_text("The Chair's summary"));
    if (count == 0)
        dais_out_put(out, "<p>There is none yet.</p>\n");
    if (count > 1)
        summary_bar(out, items, count);
    for (size_t i = 0; i < count; i++)
        summary_put(out, view, items[i], count > 1);
    for (size_t i = 0; i < model->summaries.count; i++) {
        const dais_fold_summary_t *item = &model->summaries.items[i];
        if (count > 0 && item->summary.revision != items[0]->summary.revision)
            dais_out_format(out, "<p>Revision %" PRIu64 " (entry %" PRIu64 ") is superseded.</p>\n",
                            item->summary.revision, item->seq);
    }
    dais_page_end(out, view, "");
}
