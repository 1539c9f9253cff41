/* SPDX-License-Identifier: Apache-2.0
 *
 * The page of one written comment. A notice that was superseded or retracted stays, marked and
 * linked. A cycle has tens of thousands of these pages, so each says the last entry that concerns
 * it, and is written again only when there is a later one. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "proto/shape.h"
#include "publisher/page.h"

bool dais_page_comment_shown(const dais_fold_comment_t *comment)
{
    return comment->published != 0;
}

/* Named by the entry that published it first, which never changes. */
void dais_page_comment_name(const dais_fold_comment_t *comment, char name[DAIS_PAGE_NAME_SIZE])
{
    (void)snprintf(name, DAIS_PAGE_NAME_SIZE, "c%" PRIu64 ".html", comment->published);
}

const char *dais_page_comment_remark(dais_comment_state_t state)
{
    switch (state) {
    case DAIS_COMMENT_SUPERSEDED: return "superseded by a later one";
    case DAIS_COMMENT_RETRACTED: return "withdrawn by its author";
    case DAIS_COMMENT_WITHHELD: return "withheld by the secretariat after publication";
    case DAIS_COMMENT_SUBMITTED:
    case DAIS_COMMENT_RETURNED:
    case DAIS_COMMENT_ACCEPTED:
    case DAIS_COMMENT_PUBLISHED: break;
    }
    return "";
}

static void comment_link(dais_out_t *out, const dais_page_view_t *view, size_t index,
                         const char *before)
{
    char name[DAIS_PAGE_NAME_SIZE];
    if (index == DAIS_FOLD_NONE || !dais_page_comment_shown(&view->model->comments.items[index]))
        return;
    const dais_fold_comment_t *other = &view->model->comments.items[index];
    dais_page_comment_name(other, name);
    dais_out_format(out, "<p>%s <a href=\"%s\">C.%" PRIu64 "</a>.</p>\n", before, name,
                    other->published);
}

/* The sentences that were marked in it, on the heap; null if there are none. */
static dais_mark_t *comment_marks(dais_out_t *out, const dais_page_view_t *view, size_t index,
                                  size_t *count)
{
    dais_mark_t *marks = NULL;
    *count = 0;
    for (size_t i = view->suggestion_first[index]; i != DAIS_FOLD_NONE;
         i = view->suggestion_next[i])
        (*count)++;
    if (*count > 0)
        marks = calloc(*count, sizeof *marks);
    if (*count > 0 && marks == NULL && out->err == DAIS_OK)
        out->err = DAIS_ERR_NO_MEMORY;
    size_t at = 0;
    for (size_t i = view->suggestion_first[index]; marks != NULL && i != DAIS_FOLD_NONE;
         i = view->suggestion_next[i])
        marks[at++].sentence = view->model->suggestions.items[i].suggestion.sentence;
    *count = at;
    return marks;
}

/* Each is named by its number, which links to where it stands in the text and describes the link
 * back. */
static void comment_suggestions(dais_out_t *out, const dais_mark_t *marks, size_t count,
                                bool has_text)
{
    dais_out_put(out, count > 0 ? "<h2>Suggestions marked in it</h2>\n<ul>\n" : "");
    for (size_t i = 0; i < count; i++) {
        bool found = marks[i].size > 0;
        dais_out_format(out, "<li id=\"suggestion-%zu\">", i + 1);
        if (found)
            dais_out_format(out,
                            "<a id=\"suggestion-%zu-name\" href=\"#suggestion-%zu-text\">"
                            "Suggestion %zu</a>: ",
                            i + 1, i + 1, i + 1);
        else
            dais_out_format(out, "Suggestion %zu: ", i + 1);
        dais_out_isolated(out, marks[i].sentence);
        dais_out_put(out, found || !has_text ? "</li>\n"
                                             : " (not quoted word for word in the text)</li>\n");
    }
    dais_out_put(out, count > 0 ? "</ul>\n" : "");
}

static void comment_texts(dais_out_t *out, const dais_page_view_t *view, size_t index,
                          const dais_fold_entry_t *entry)
{
    size_t count;
    dais_mark_t *marks = comment_marks(out, view, index, &count);
    bool has_text = dais_page_content(
        out, entry, view->model->comments.items[index].comment.language, marks, count);
    comment_suggestions(out, marks, count, has_text);
    free(marks);
}

static void comment_proof(dais_out_t *out, const dais_fold_comment_t *comment,
                          const dais_fold_entry_t *entry)
{
    dais_out_put(out, "<h2>Its place in the record</h2>\n<dl>\n<dt>Received</dt><dd>");
    dais_page_time(out, entry->record.received_at);
    dais_out_put(out,
                 ", as the intake's stamp says</dd>\n<dt>Said, by the sender's clock</dt><dd>");
    dais_page_time(out, entry->message.said_at);
    dais_out_format(out,
                    "</dd>\n<dt>Entry of the record</dt><dd>%" PRIu64
                    "</dd>\n<dt>Published by entry</dt><dd>%" PRIu64
                    "</dd>\n<dt>Receipt</dt><dd><a href=\"../receipts/%" PRIu64
                    ".txt\">proof that it is in the record</a>, checked offline by "
                    "<code>dais-audit receipt</code></dd>\n</dl>\n",
                    comment->entry, comment->published, comment->entry);
}

static void raise(uint64_t *last, uint64_t seq)
{
    if (seq > *last)
        *last = seq;
}

/* The last entry that says something which stands on the page. */
static uint64_t comment_last(const dais_page_view_t *view, size_t index)
{
    const dais_fold_model_t *model = view->model;
    const dais_fold_comment_t *comment = &model->comments.items[index];
    const dais_fold_organisation_t *org = &model->organisations.items[comment->organisation];
    uint64_t last = comment->entry;
    raise(&last, comment->published);
    raise(&last, comment->ended);
    raise(&last, org->application);
    raise(&last, model->call_seq);
    if (comment->replaced_by != DAIS_FOLD_NONE)
        raise(&last, model->comments.items[comment->replaced_by].published);
    if (comment->replaces != DAIS_FOLD_NONE)
        raise(&last, model->comments.items[comment->replaces].published);
    for (size_t i = view->suggestion_first[index]; i != DAIS_FOLD_NONE;
         i = view->suggestion_next[i])
        raise(&last, model->suggestions.items[i].seq);
    return last;
}

/* All that the page is made of: what stands on it only changes with one of these. */
dais_hash_t dais_page_comment_mark(const dais_page_view_t *view, size_t index)
{
    const dais_fold_comment_t *comment = &view->model->comments.items[index];
    const dais_fold_entry_t *entry = dais_fold_entry(view->fold, comment->entry);
    uint64_t made_of[] = {
        comment_last(view, index),
        comment->entry,
        comment->published,
        comment->ended,
        (uint64_t)comment->state,
        comment->replaced_by,
        comment->replaces,
        comment->organisation,
        view->model->organisations.items[comment->organisation].application,
        view->model->call_seq,
        entry != NULL && entry->public_content.data != NULL,
    };
    return dais_hash_one(dais_slice(made_of, sizeof made_of));
}

void dais_page_comment(dais_out_t *out, const dais_page_view_t *view, size_t index)
{
    const dais_fold_comment_t *comment = &view->model->comments.items[index];
    const dais_fold_entry_t *entry = dais_fold_entry(view->fold, comment->entry);
    dais_page_begin_in(out, view, DAIS_PAGE_COUNT, "../", comment->comment.title,
                       comment->comment.language);
    dais_out_format(out, "<p>Reference C.%" PRIu64 ". From ", comment->published);
    dais_page_org(out, &view->model->organisations.items[comment->organisation]);
    dais_out_put(out, ", in ");
    dais_out_isolated(out, dais_page_language_name(comment->comment.language));
    dais_out_put(out, ", the language of the original.</p>\n");
    if (dais_page_comment_remark(comment->state)[0] != '\0')
        dais_out_format(
            out, "<p class=\"banner\" role=\"note\">This comment was %s (entry %" PRIu64 ").</p>\n",
            dais_page_comment_remark(comment->state), comment->ended);
    comment_link(out, view, comment->replaced_by, "Replaced by");
    comment_link(out, view, comment->replaces, "It replaces");
    if (entry != NULL) {
        comment_texts(out, view, index, entry);
        comment_proof(out, comment, entry);
    }
    dais_page_end_at(out, view, "../", comment_last(view, index));
}
