/* SPDX-License-Identifier: Apache-2.0 */
#include "publisher/feed.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/clock.h"
#include "proto/base64.h"
#include "proto/kind.h"
#include "proto/shape.h"

enum { NAME_SIZE = 64 };

/* base64url without padding, as RFC 6920 has it. */
static void log_name(dais_out_t *out, const dais_page_view_t *view)
{
    char name[DAIS_BASE64_SIZE(DAIS_HASH_SIZE)];
    size_t size = dais_base64_encode(dais_hash_slice(&view->model->log), name);
    dais_out_put(out, "ni:///sha-256;");
    for (size_t i = 0; i < size && name[i] != '='; i++) {
        char letter = name[i];
        if (letter == '+')
            letter = '-';
        else if (letter == '/')
            letter = '_';
        dais_out_raw(out, dais_slice(&letter, 1));
    }
}

static void time_put(dais_out_t *out, const char *element, uint64_t ms)
{
    char text[DAIS_CLOCK_TEXT_SIZE];
    if (dais_clock_format(ms, text) == DAIS_OK)
        dais_out_format(out, "<%s>%s</%s>\n", element, text, element);
}

static void item_begin(dais_out_t *out, const dais_page_view_t *view,
                       const dais_fold_entry_t *entry)
{
    dais_out_put(out, "<entry>\n<id>");
    log_name(out, view);
    dais_out_format(out, "?entry=%" PRIu64 "</id>\n", entry->seq);
    time_put(out, "updated", entry->record.logged_at);
}

static void item_end(dais_out_t *out, const char *link)
{
    dais_out_format(out, "<link rel=\"alternate\" type=\"text/html\" href=\"%s\"/>\n</entry>\n",
                    link);
}

static size_t comment_of_entry(const dais_fold_model_t *model, uint64_t seq, bool ended)
{
    for (size_t i = 0; i < model->comments.count; i++) {
        const dais_fold_comment_t *comment = &model->comments.items[i];
        if ((ended ? comment->ended : comment->published) == seq)
            return i;
    }
    return DAIS_FOLD_NONE;
}

static void comment_item(dais_out_t *out, const dais_page_view_t *view,
                         const dais_fold_entry_t *entry)
{
    const dais_fold_model_t *model = view->model;
    size_t index = comment_of_entry(model, entry->seq, false);
    char name[DAIS_PAGE_NAME_SIZE];
    char link[NAME_SIZE];
    if (index == DAIS_FOLD_NONE)
        return;
    const dais_fold_comment_t *comment = &model->comments.items[index];
    dais_page_comment_name(comment, name);
    (void)snprintf(link, sizeof link, "comments/%s", name);
    item_begin(out, view, entry);
    dais_out_put(out, "<title>Comment published: ");
    dais_out_xml(out, comment->comment.title);
    dais_out_put(out, "</title>\n<summary>From ");
    dais_out_xml(out, model->organisations.items[comment->organisation].claims.applicant);
    dais_out_put(out, "</summary>\n");
    item_end(out, link);
}

/* A text that came down: its first item is a deleted one from here on. */
static void gone_item(dais_out_t *out, const dais_page_view_t *view, const dais_fold_entry_t *entry)
{
    size_t index = comment_of_entry(view->model, entry->seq, true);
    char when[DAIS_CLOCK_TEXT_SIZE];
    if (index == DAIS_FOLD_NONE || view->model->comments.items[index].published == 0 ||
        dais_clock_format(entry->record.logged_at, when) != DAIS_OK)
        return;
    dais_out_put(out, "<at:deleted-entry ref=\"");
    log_name(out, view);
    dais_out_format(out, "?entry=%" PRIu64 "\" when=\"%s\"/>\n",
                    view->model->comments.items[index].published, when);
}

static void outcome_item(dais_out_t *out, const dais_page_view_t *view,
                         const dais_fold_entry_t *entry)
{
    for (size_t i = 0; i < view->model->outcomes.count; i++) {
        const dais_fold_outcome_t *outcome = &view->model->outcomes.items[i];
        if (outcome->seq != entry->seq)
            continue;
        item_begin(out, view, entry);
        dais_out_put(out, "<title>Status: ");
        dais_out_xml(out, outcome->fact);
        dais_out_put(out, "</title>\n<summary>");
        dais_out_xml(out, view->model->organisations.items[outcome->organisation].claims.applicant);
        dais_out_put(out, "</summary>\n");
        item_end(out, "participants.html");
    }
}

static void item_put(dais_out_t *out, const dais_page_view_t *view, const dais_fold_entry_t *entry)
{
    switch (entry->kind->number) {
    case DAIS_KIND_COMMENT_RULING:
        comment_item(out, view, entry);
        gone_item(out, view, entry);
        break;
    case DAIS_KIND_WITHDRAWAL: gone_item(out, view, entry); break;
    case DAIS_KIND_OUTCOME:
    case DAIS_KIND_LAPSE: outcome_item(out, view, entry); break;
    case DAIS_KIND_SUMMARY:
        item_begin(out, view, entry);
        dais_out_put(out, "<title>The Chair's summary</title>\n<summary/>\n");
        item_end(out, "summary.html");
        break;
    case DAIS_KIND_TICK:
        item_begin(out, view, entry);
        dais_out_put(out, "<title>A date of the calendar has passed</title>\n<summary/>\n");
        item_end(out, "index.html");
        break;
    default: break;
    }
}

/* The last entries that the feed tells of, oldest first. */
static size_t last_entries(const dais_page_view_t *view,
                           const dais_fold_entry_t *last[DAIS_FEED_ITEMS_MAX])
{
    uint64_t seq = 0;
    size_t count = 0;
    const dais_fold_entry_t *entry;
    while (dais_fold_next(view->fold, &seq, &entry) && entry->seq < view->model->size) {
        unsigned kind = (unsigned)entry->kind->number;
        bool told = kind == DAIS_KIND_COMMENT_RULING || kind == DAIS_KIND_WITHDRAWAL ||
                    kind == DAIS_KIND_OUTCOME || kind == DAIS_KIND_LAPSE ||
                    kind == DAIS_KIND_SUMMARY || kind == DAIS_KIND_TICK;
        if (told && entry->is_done)
            last[count++ % DAIS_FEED_ITEMS_MAX] = entry;
    }
    return count;
}

void dais_feed_put(dais_out_t *out, const dais_page_view_t *view)
{
    const dais_fold_entry_t *last[DAIS_FEED_ITEMS_MAX];
    const dais_fold_model_t *model = view->model;
    size_t count = last_entries(view, last);
    dais_out_put(out,
                 "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n"
                 "<feed xmlns=\"http://www.w3.org/2005/Atom\" "
                 "xmlns:at=\"http://purl.org/atompub/tombstones/1.0\" xml:lang=\"en\">\n<title>");
    dais_out_xml(out, model->call.title.size > 0 ? model->call.title : model->genesis.cycle);
    dais_out_put(out, "</title>\n<id>");
    log_name(out, view);
    dais_out_put(out, "</id>\n<link rel=\"self\" href=\"feed.xml\"/>\n<author><name>");
    dais_out_xml(out, model->genesis.origin);
    dais_out_put(out, "</name></author>\n");
    time_put(out, "updated", view->as_of);
    size_t shown = count < DAIS_FEED_ITEMS_MAX ? count : DAIS_FEED_ITEMS_MAX;
    for (size_t i = 0; i < shown; i++)
        item_put(out, view, last[(count - 1 - i) % DAIS_FEED_ITEMS_MAX]);
    dais_out_put(out, "</feed>\n");
}
