/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_PUBLISHER_MARKS_H
#define DAIS_PUBLISHER_MARKS_H

#include "publisher/out.h"

/* Sentences marked in the text that they were taken from. A sentence is found where it stands word
 * for word: each run of spaces, tabs and line ends counts as one space, in both, those around the
 * sentence do not count, and every other byte has to be the same. The first place counts. */
typedef struct {
    dais_slice_t sentence;
    size_t begin; /* in the text, found by dais_marks_find() */
    size_t size;  /* bytes of the text; 0: not in it */
} dais_mark_t;

/* NO_MEMORY leaves none of them found. */
DAIS_MUST_CHECK dais_err_t dais_marks_find(dais_slice_t text, dais_mark_t *marks, size_t count);

/* The text as HTML, which reads as the text alone. Mark i (from 1) has the id "suggestion-i-text";
 * what it covers is in <mark> and links to "suggestion-i", named by "suggestion-i-name". Where
 * marks lie over one another, the shortest counts, of equals the first. */
void dais_marks_put(dais_out_t *out, dais_slice_t text, const dais_mark_t *marks, size_t count);

#endif
