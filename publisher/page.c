/* SPDX-License-Identifier: Apache-2.0
 *
 * The frame of every page and the pieces that pages share. A page is complete without script and
 * without its style sheet; every link is relative, so that the folder can lie anywhere. */
#include "publisher/page.h"

#include <inttypes.h>
#include <string.h>

#include "base/clock.h"
#include "proto/shape.h"

#define PAGE_INFO(NAME, name, file, text) [DAIS_PAGE_##NAME] = {file, text, dais_page_##name},
const dais_page_info_t dais_pages[DAIS_PAGE_COUNT] = {DAIS_PAGES(PAGE_INFO)};

static void head_put(dais_out_t *out, const dais_page_view_t *view, const char *up,
                     dais_slice_t title)
{
    dais_out_put(out, "<!doctype html>\n<html lang=\"en\" dir=\"ltr\">\n<head>\n"
                      "<meta charset=\"utf-8\">\n"
                      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
                      "<title>");
    dais_out_html(out, title);
    dais_out_put(out, " – ");
    dais_out_html(out, view->model->genesis.cycle);
    dais_out_format(out,
                    "</title>\n<link rel=\"stylesheet\" href=\"%sstyle.css\">\n"
                    "<link rel=\"alternate\" type=\"application/atom+xml\" title=\"Changes\" "
                    "href=\"%sfeed.xml\">\n</head>\n",
                    up, up);
}

static void navigation_put(dais_out_t *out, dais_page_t page, const char *up)
{
    dais_out_put(out, "<nav aria-label=\"Pages of this cycle\">\n<ul>\n");
    for (size_t i = 0; i < DAIS_PAGE_COUNT; i++) {
        if (i == page)
            dais_out_format(out, "<li><strong>%s</strong></li>\n", dais_pages[i].text);
        else
            dais_out_format(out, "<li><a href=\"%s%s\">%s</a></li>\n", up, dais_pages[i].file,
                            dais_pages[i].text);
    }
    dais_out_put(out, "</ul>\n</nav>\n");
}

void dais_page_begin(dais_out_t *out, const dais_page_view_t *view, dais_page_t page,
                     const char *up, dais_slice_t title)
{
    dais_page_begin_in(out, view, page, up, title, dais_slice(NULL, 0));
}

static void title_put(dais_out_t *out, dais_slice_t title, dais_slice_t language)
{
    dais_out_put(out, "</header>\n<main id=\"main\">\n<h1");
    if (language.size > 0)
        dais_page_language(out, language);
    dais_out_put(out, ">");
    if (language.size > 0)
        dais_out_html(out, title);
    else
        dais_out_isolated(out, title);
    dais_out_put(out, "</h1>\n");
}

void dais_page_begin_in(dais_out_t *out, const dais_page_view_t *view, dais_page_t page,
                        const char *up, dais_slice_t title, dais_slice_t language)
{
    const dais_fold_model_t *model = view->model;
    head_put(out, view, up, title);
    dais_out_put(out, "<body>\n<a class=\"skip\" href=\"#main\">Skip to the content</a>\n");
    if (model->genesis.rehearsal != 0)
        dais_out_put(out,
                     "<p class=\"banner\" role=\"note\">This is a rehearsal. Nothing in it has "
                     "any effect, and its organisations are invented.</p>\n");
    dais_out_format(out, "<header>\n<p class=\"cycle\"><a href=\"%s../index.html\">Cycles</a> / ",
                    up);
    if (model->call.title.size > 0)
        dais_out_isolated(out, model->call.title);
    else
        dais_out_isolated(out, model->genesis.cycle);
    dais_out_put(out, "</p>\n");
    navigation_put(out, page, up);
    title_put(out, title, language);
}

static void downloads_put(dais_out_t *out, const dais_page_view_t *view, const char *up)
{
    dais_out_format(out,
                    "<ul class=\"downloads\">\n"
                    "<li><a href=\"%slog/checkpoint\">Signed checkpoint</a></li>\n"
                    "<li><a href=\"%sdata/index.html\">All data as JSON and CSV</a></li>\n"
                    "<li><a href=\"%sfeed.xml\">Changes as a feed (Atom)</a></li>\n"
                    "<li><a href=\"%sverify.html\">How to verify this page</a></li>\n</ul>\n"
                    "<p>Made by %s from the public record and nothing else.</p>\n"
                    "</footer>\n</body>\n</html>\n",
                    up, up, up, up, view->generator);
}

void dais_page_end(dais_out_t *out, const dais_page_view_t *view, const char *up)
{
    dais_out_put(out, "</main>\n<footer>\n<p>As of ");
    dais_page_time(out, view->as_of);
    dais_out_format(out, ", log position %" PRIu64 ". Root of the checkpoint: <code>",
                    view->model->size);
    dais_out_hex(out, dais_hash_slice(&view->root));
    dais_out_put(out, "</code>.</p>\n");
    downloads_put(out, view, up);
}

void dais_page_end_at(dais_out_t *out, const dais_page_view_t *view, const char *up, uint64_t seq)
{
    const dais_fold_entry_t *entry = dais_fold_entry(view->fold, seq);
    dais_out_put(out, "</main>\n<footer>\n<p>As of ");
    if (entry != NULL)
        dais_page_time(out, entry->record.logged_at);
    dais_out_format(out,
                    ", entry %" PRIu64 " of the record, the last that concerns this page. The "
                    "newest checkpoint covers it.</p>\n",
                    seq);
    downloads_put(out, view, up);
}

void dais_page_time(dais_out_t *out, uint64_t ms)
{
    char text[DAIS_CLOCK_TEXT_SIZE];
    if (dais_clock_format(ms, text) != DAIS_OK) {
        dais_out_put(out, "an unknown time");
        return;
    }
    dais_out_format(out, "<time datetime=\"%s\">%.10s %.8s UTC</time>", text, text, text + 11);
}

void dais_page_date(dais_out_t *out, const dais_fold_date_t *date)
{
    if (date->local.size > 0) {
        dais_out_isolated(out, date->local);
        dais_out_put(out, " (");
        dais_out_isolated(out, date->zone);
        dais_out_put(out, "), ");
    }
    dais_page_time(out, date->due);
}

void dais_page_org(dais_out_t *out, const dais_fold_organisation_t *org)
{
    if (org->claims.applicant.size > 0) {
        dais_out_isolated(out, org->claims.applicant);
        return;
    }
    dais_out_put(out, "<code>");
    dais_out_hex(out, dais_slice(org->id.bytes, DAIS_ID_SIZE));
    dais_out_put(out, "</code>");
}

/* The text stands in one element that keeps its line breaks, so that what a reader copies or a
 * program extracts is the text as it was sent. */
void dais_page_text(dais_out_t *out, dais_slice_t text, const dais_mark_t *marks, size_t count)
{
    dais_out_put(out, "<div class=\"text\" dir=\"auto\">");
    dais_marks_put(out, text, marks, count);
    dais_out_put(out, "</div>\n");
}

void dais_table_begin(dais_out_t *out, const char *caption, const char *const *heads, size_t count)
{
    dais_out_format(out,
                    "<div class=\"table\" role=\"region\" aria-label=\"%s\" tabindex=\"0\">\n"
                    "<table>\n<caption>%s</caption>\n<thead>\n<tr>",
                    caption, caption);
    for (size_t i = 0; i < count; i++) {
        bool number = heads[i][0] == '#';
        dais_out_format(out, "<th scope=\"col\"%s>%s</th>", number ? " class=\"number\"" : "",
                        heads[i] + (number ? 1 : 0));
    }
    dais_out_put(out, "</tr>\n</thead>\n<tbody>\n");
}

void dais_table_row(dais_out_t *out)
{
    dais_out_put(out, "<tr>");
}

void dais_table_row_end(dais_out_t *out)
{
    dais_out_put(out, "</tr>\n");
}

void dais_table_cell(dais_out_t *out, dais_slice_t text)
{
    dais_out_put(out, "<td>");
    dais_out_isolated(out, text);
    dais_out_put(out, "</td>");
}

void dais_table_words(dais_out_t *out, const char *text)
{
    dais_out_format(out, "<td>%s</td>", text);
}

void dais_table_number(dais_out_t *out, uint64_t number)
{
    dais_out_format(out, "<td class=\"number\">%" PRIu64 "</td>", number);
}

/* A body without a row is no good markup, and says less than a word does. */
static void none_put(dais_out_t *out)
{
    static const char begin[] = "<tbody>\n";
    size_t size = sizeof begin - 1;
    if (out->err == DAIS_OK && out->size >= size &&
        memcmp(out->data + out->size - size, begin, size) == 0)
        dais_out_put(out, "<tr><td>None.</td></tr>\n");
}

void dais_table_foot(dais_out_t *out)
{
    none_put(out);
    dais_out_put(out, "</tbody>\n<tfoot>\n");
}

void dais_table_foot_end(dais_out_t *out)
{
    dais_out_put(out, "</tfoot>\n</table>\n</div>\n");
}

void dais_table_end(dais_out_t *out)
{
    none_put(out);
    dais_out_put(out, "</tbody>\n</table>\n</div>\n");
}
