/* SPDX-License-Identifier: Apache-2.0 */
#include "publisher/plot.h"

#include <inttypes.h>
#include <stdio.h>

#include "publisher/page.h"

/* So narrow that its letters can still be read on a phone. */
enum { WIDTH = 420, LABEL_WIDTH = 190, NUMBER_WIDTH = 50, BAR_HEIGHT = 18, STEP = 26, TOP = 8 };
enum { LABEL_LETTERS = 25 };

static uint64_t plot_most(const dais_plot_t *plot)
{
    uint64_t most = 1;
    for (size_t i = 0; i < plot->count; i++)
        most = plot->bars[i].number > most ? plot->bars[i].number : most;
    return most;
}

static bool plot_is_marked(const dais_plot_t *plot)
{
    for (size_t i = 0; i < plot->count; i++) {
        if (plot->bars[i].marked)
            return true;
    }
    return false;
}

/* As much of a label as fits beside a bar; the table under the plot has all of it. */
static void label_put(dais_out_t *out, dais_slice_t label)
{
    size_t size = 0;
    for (size_t letters = 0; size < label.size; size++) {
        letters += (label.data[size] & 0xc0) != 0x80;
        if (letters > LABEL_LETTERS)
            break;
    }
    dais_out_html(out, dais_slice(label.data, size));
    if (size < label.size)
        dais_out_put(out, "…");
}

static void bar_put(dais_out_t *out, const dais_plot_t *plot, size_t i, uint64_t most)
{
    const dais_plot_bar_t *bar = &plot->bars[i];
    uint64_t length = (WIDTH - LABEL_WIDTH - NUMBER_WIDTH) * bar->number / most;
    size_t y = TOP + i * STEP;
    dais_out_format(out, "<text x=\"%d\" y=\"%zu\" text-anchor=\"end\">", LABEL_WIDTH - 8,
                    y + BAR_HEIGHT - 4);
    label_put(out, bar->label);
    dais_out_format(out,
                    "</text><rect x=\"%d\" y=\"%zu\" width=\"%" PRIu64
                    "\" height=\"%d\" fill=\"url(#%s-%s)\" stroke=\"#1d3557\"/>"
                    "<text x=\"%" PRIu64 "\" y=\"%zu\">%" PRIu64 "</text>\n",
                    LABEL_WIDTH, y, length, BAR_HEIGHT, plot->id, bar->marked ? "b" : "a",
                    LABEL_WIDTH + length + 6, y + BAR_HEIGHT - 4, bar->number);
}

static void patterns_put(dais_out_t *out, const dais_plot_t *plot)
{
    dais_out_format(
        out,
        "<defs><pattern id=\"%s-a\" width=\"6\" height=\"6\" "
        "patternUnits=\"userSpaceOnUse\"><rect width=\"6\" height=\"6\" "
        "fill=\"#457b9d\"/></pattern><pattern id=\"%s-b\" width=\"6\" height=\"6\" "
        "patternUnits=\"userSpaceOnUse\"><rect width=\"6\" height=\"6\" "
        "fill=\"#f1faee\"/><path d=\"M0 6L6 0\" stroke=\"#1d3557\"/></pattern></defs>\n",
        plot->id, plot->id);
}

static void table_put(dais_out_t *out, const dais_plot_t *plot)
{
    char number[96];
    char caption[160];
    bool marks = plot->marked != NULL && plot_is_marked(plot);
    (void)snprintf(number, sizeof number, "#Number of %s", plot->unit);
    (void)snprintf(caption, sizeof caption, "%s, and the number of %s", plot->label, plot->unit);
    const char *heads[] = {plot->label, number, plot->marked};
    dais_table_begin(out, caption, heads, marks ? 3 : 2);
    for (size_t i = 0; i < plot->count; i++) {
        dais_table_row(out);
        dais_out_put(out, "<th scope=\"row\">");
        dais_out_isolated(out, plot->bars[i].label);
        dais_out_put(out, "</th>");
        dais_table_number(out, plot->bars[i].number);
        if (marks)
            dais_table_words(out, plot->bars[i].marked ? "yes" : "");
        dais_table_row_end(out);
    }
    dais_table_end(out);
}

void dais_plot_put(dais_out_t *out, const dais_plot_t *plot)
{
    size_t drawn = plot->count < DAIS_PLOT_BARS_MAX ? plot->count : DAIS_PLOT_BARS_MAX;
    uint64_t most = plot_most(plot);
    dais_out_format(out, "<h2 id=\"%s\">%s</h2>\n", plot->id, plot->finding);
    if (plot->count == 0)
        return;
    dais_out_format(out,
                    "<svg role=\"img\" aria-labelledby=\"%s\" aria-describedby=\"%s-d\" "
                    "viewBox=\"0 0 %d %zu\" class=\"plot\">\n<title>%s</title>\n<desc "
                    "id=\"%s-d\">Bars: %s by %s. The same numbers stand in the table "
                    "below.</desc>\n",
                    plot->id, plot->id, WIDTH, (size_t)TOP * 2 + drawn * STEP, plot->finding,
                    plot->id, plot->unit, plot->label);
    patterns_put(out, plot);
    for (size_t i = 0; i < drawn; i++)
        bar_put(out, plot, i, most);
    dais_out_put(out, "</svg>\n");
    if (plot->marked != NULL && plot_is_marked(plot))
        dais_out_format(out, "<p class=\"legend\">Striped: %s.</p>\n", plot->marked);
    table_put(out, plot);
}
