/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_PUBLISHER_PLOT_H
#define DAIS_PUBLISHER_PLOT_H

#include "publisher/out.h"

/* Plots as inline SVG: bars from the left, each with its word and its number, told apart by a
 * pattern as well as by a shade, and the table of the same numbers under them. */

#define DAIS_PLOT_BARS_MAX 400

typedef struct {
    dais_slice_t label; /* submitted text is escaped */
    uint64_t number;
    bool marked; /* drawn in the other pattern */
} dais_plot_bar_t;

typedef struct {
    const char *id;      /* unique on the page, a word */
    const char *finding; /* the heading: what the plot shows, in words; already escaped */
    const char *label;   /* what a bar is */
    const char *unit;    /* what is counted */
    const char *marked;  /* what the other pattern means, in lower case, or null */
    const dais_plot_bar_t *bars;
    size_t count; /* at most DAIS_PLOT_BARS_MAX; the rest is in the table alone */
} dais_plot_t;

void dais_plot_put(dais_out_t *out, const dais_plot_t *plot);

#endif
