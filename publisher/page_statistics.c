/* SPDX-License-Identifier: Apache-2.0
 *
 * The numbers of a cycle as pictures, each with its finding in words and its table. All of them are
 * counted from open entries and tallies. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "proto/shape.h"
#include "publisher/page.h"
#include "publisher/plot.h"

enum { FINDING_SIZE = 256, DAY_SIZE = 11, DAY_MS = 24 * 60 * 60 * 1000 };

/* Short enough to stand beside a bar. */
static const char *category_word(unsigned category)
{
    switch (category) {
    case DAIS_CATEGORY_NGO: return "NGO";
    case DAIS_CATEGORY_IGO: return "IGO";
    default: return dais_page_category(category, true);
    }
}

static void outcomes_put(dais_out_t *out, const dais_fold_model_t *model)
{
    static const char *const told[] = {
        [DAIS_TOLD_NOTHING] = "nothing told yet",
        [DAIS_TOLD_ADMITTED] = "admitted",
        [DAIS_TOLD_PROVISIONAL] = "provisional",
        [DAIS_TOLD_AWAITING] = "awaiting",
        [DAIS_TOLD_PENDING] = "pending",
        [DAIS_TOLD_BLOCKED] = "blocked",
        [DAIS_TOLD_REFUSED] = "refused",
        [DAIS_TOLD_WITHDRAWN] = "withdrawn",
        [DAIS_TOLD_LAPSED] = "lapsed",
        [DAIS_TOLD_NOT_SHOWN] = "not shown",
    };
    dais_plot_bar_t bars[64];
    char labels[64][80];
    char finding[FINDING_SIZE];
    size_t count = 0;
    uint64_t admitted = 0;
    for (unsigned category = 0; category < DAIS_WORDS_END_category; category++) {
        for (unsigned word = 0; word < sizeof told / sizeof told[0]; word++) {
            uint64_t number = 0;
            for (size_t i = 0; i < model->organisations.count; i++) {
                const dais_fold_organisation_t *org = &model->organisations.items[i];
                number += dais_fold_category(org) == category && org->told == word;
            }
            if (number == 0 || count == sizeof bars / sizeof bars[0])
                continue;
            admitted += word == DAIS_TOLD_ADMITTED ? number : 0;
            (void)snprintf(labels[count], sizeof labels[count], "%s: %s",
                           category == 0 ? "category not open" : category_word(category),
                           told[word]);
            bars[count] = (dais_plot_bar_t){.label = dais_slice_text(labels[count]),
                                            .number = number,
                                            .marked = word != DAIS_TOLD_ADMITTED};
            count++;
        }
    }
    (void)snprintf(finding, sizeof finding,
                   "Admitted, of the organisations that the public was told of: %" PRIu64,
                   admitted);
    dais_plot_put(out, &(dais_plot_t){.id = "outcomes",
                                      .finding = finding,
                                      .label = "Category and outcome",
                                      .unit = "organisations",
                                      .marked = "not admitted",
                                      .bars = bars,
                                      .count = count});
}

/* Days on which something came, in order. */
typedef struct {
    dais_plot_bar_t bars[DAIS_PLOT_BARS_MAX];
    char labels[DAIS_PLOT_BARS_MAX][DAY_SIZE];
    size_t count;
    uint64_t sum;
} days_t;

static void days_add(days_t *days, uint64_t ms, unsigned number)
{
    char text[DAIS_CLOCK_TEXT_SIZE];
    size_t i = 0;
    if (dais_clock_format(ms, text) != DAIS_OK)
        return;
    text[DAY_SIZE - 1] = '\0';
    days->sum += number;
    while (i < days->count && strcmp(days->labels[i], text) < 0)
        i++;
    if (i == days->count || strcmp(days->labels[i], text) != 0) {
        if (days->count == DAIS_PLOT_BARS_MAX)
            return;
        memmove(days->labels + i + 1, days->labels + i, (days->count - i) * sizeof days->labels[0]);
        memmove(days->bars + i + 1, days->bars + i, (days->count - i) * sizeof days->bars[0]);
        memcpy(days->labels[i], text, DAY_SIZE);
        days->bars[i] = (dais_plot_bar_t){.number = 0};
        days->count++;
    }
    days->bars[i].number += number;
}

static void days_put(dais_out_t *out, days_t *days, const char *id, const char *what,
                     const dais_fold_date_t *deadline)
{
    char finding[FINDING_SIZE];
    char last[DAIS_CLOCK_TEXT_SIZE] = "";
    if (deadline->is_set && dais_clock_format(deadline->due, last) == DAIS_OK) {
        days_add(days, deadline->due, 0); /* a day on which nothing came has its place too */
        last[DAY_SIZE - 1] = '\0';
    }
    uint64_t on_last = 0;
    for (size_t i = 0; i < days->count; i++) {
        days->bars[i].label = dais_slice_text(days->labels[i]);
        days->bars[i].marked = strcmp(days->labels[i], last) == 0;
        on_last += days->bars[i].marked ? days->bars[i].number : 0;
    }
    (void)snprintf(finding, sizeof finding,
                   "%" PRIu64 " %s are open, %" PRIu64
                   " of them received on the day of the deadline",
                   days->sum, what, on_last);
    dais_plot_put(out, &(dais_plot_t){.id = id,
                                      .finding = finding,
                                      .label = "Day (UTC)",
                                      .unit = what,
                                      .marked = "the day of the deadline",
                                      .bars = days->bars,
                                      .count = days->count});
}

static void arrivals_put(dais_out_t *out, const dais_page_view_t *view)
{
    const dais_fold_model_t *model = view->model;
    days_t *days = calloc(2, sizeof *days);
    if (days == NULL) {
        out->err = DAIS_ERR_NO_MEMORY;
        return;
    }
    for (size_t i = 0; i < model->organisations.count; i++) {
        const dais_fold_entry_t *entry =
            dais_fold_entry(view->fold, model->organisations.items[i].applied);
        if (model->organisations.items[i].applied != 0 && entry != NULL)
            days_add(&days[0], entry->record.received_at, 1);
    }
    for (size_t i = 0; i < model->comments.count; i++) {
        const dais_fold_entry_t *entry =
            dais_fold_entry(view->fold, model->comments.items[i].entry);
        if (dais_page_comment_shown(&model->comments.items[i]) && entry != NULL)
            days_add(&days[1], entry->record.received_at, 1);
    }
    days_put(out, &days[0], "applications", "applications", &model->dates[DAIS_DATE_APPLICATION]);
    days_put(out, &days[1], "comments", "comments", &model->dates[DAIS_DATE_COMMENT]);
    free(days);
}

static void objections_put(dais_out_t *out, const dais_fold_model_t *model)
{
    static const char prefix[] = "objections.";
    dais_plot_bar_t bars[DAIS_LIMIT_COUNTS];
    size_t count = 0;
    uint64_t standing = 0;
    char finding[FINDING_SIZE];
    if (model->tallies.count > 0) {
        const dais_tally_t *last = &model->tallies.items[model->tallies.count - 1].tally;
        dais_list_walk_t walk = dais_list_begin(&last->counts, &dais_shape_count);
        dais_count_t item;
        while (dais_list_next(&walk, &item)) {
            if (item.name.size <= sizeof prefix - 1 ||
                memcmp(item.name.data, prefix, sizeof prefix - 1) != 0 ||
                dais_slice_equal(item.name, dais_slice_text("objections.organisations")))
                continue;
            bars[count++] =
                (dais_plot_bar_t){.label = dais_slice(item.name.data + sizeof prefix - 1,
                                                      item.name.size - (sizeof prefix - 1)),
                                  .number = item.number};
        }
    }
    if (count == 0)
        (void)snprintf(finding, sizeof finding, "No number of objections is public");
    else if (dais_fold_tallied(model, "objections.standing", &standing))
        (void)snprintf(finding, sizeof finding, "Objections that stand: %" PRIu64, standing);
    else
        (void)snprintf(finding, sizeof finding, "Objections, with small numbers put together");
    dais_plot_put(out, &(dais_plot_t){.id = "objections",
                                      .finding = finding,
                                      .label = "What became of them",
                                      .unit = "objections",
                                      .bars = bars,
                                      .count = count});
}

static void topics_put(dais_out_t *out, const dais_fold_model_t *model)
{
    dais_plot_bar_t bars[DAIS_PLOT_BARS_MAX];
    char finding[FINDING_SIZE] = "No stakeholder has spoken on a topic yet";
    size_t count = 0;
    uint32_t most = 0;
    for (size_t i = 0; i < model->topics.count && count < DAIS_PLOT_BARS_MAX; i++) {
        const dais_fold_topic_t *topic = &model->topics.items[i];
        bars[count++] = (dais_plot_bar_t){.label = topic->topic.title, .number = topic->speakers};
        if (topic->speakers > most)
            most = topic->speakers;
    }
    if (most > 0)
        (void)snprintf(finding, sizeof finding, "Up to %" PRIu32 " stakeholders spoke on one topic",
                       most);
    dais_plot_put(out, &(dais_plot_t){.id = "topics",
                                      .finding = finding,
                                      .label = "Topic",
                                      .unit = "stakeholders that spoke on it",
                                      .bars = bars,
                                      .count = count});
}

static void languages_put(dais_out_t *out, const dais_fold_model_t *model)
{
    dais_plot_bar_t bars[DAIS_PLOT_BARS_MAX];
    char finding[FINDING_SIZE];
    size_t count = 0;
    for (size_t i = 0; i < model->comments.count; i++) {
        const dais_fold_comment_t *comment = &model->comments.items[i];
        size_t j = 0;
        if (!dais_page_comment_shown(comment))
            continue;
        dais_slice_t language = dais_page_language_name(comment->comment.language);
        while (j < count && !dais_slice_equal(bars[j].label, language))
            j++;
        if (j == DAIS_PLOT_BARS_MAX)
            continue;
        if (j == count)
            bars[count++] = (dais_plot_bar_t){.label = language};
        bars[j].number++;
    }
    (void)snprintf(finding, sizeof finding, "Comments came in %zu language%s", count,
                   count == 1 ? "" : "s");
    dais_plot_put(out, &(dais_plot_t){.id = "languages",
                                      .finding = finding,
                                      .label = "Language",
                                      .unit = "comments",
                                      .bars = bars,
                                      .count = count});
}

void dais_page_statistics(dais_out_t *out, const dais_page_view_t *view)
{
    dais_page_begin(out, view, DAIS_PAGE_STATISTICS, "", dais_slice_text("Statistics"));
    outcomes_put(out, view->model);
    arrivals_put(out, view);
    objections_put(out, view->model);
    topics_put(out, view->model);
    languages_put(out, view->model);
    dais_page_end(out, view, "");
}
