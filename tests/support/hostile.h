/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_TESTS_SUPPORT_HOSTILE_H
#define DAIS_TESTS_SUPPORT_HOSTILE_H

#include <stdio.h>

#include "proto/shape.h"

/* Other texts for the fields of a scenario, always the same for the same text: each as long as its
 * field takes. HOSTILE ones are made of markup, formulas, marks of direction and whatever else a
 * page, table or feed could trip over; PLAIN ones are words of as many characters, so that pages
 * of both can be compared element by element. */
typedef enum { HOSTILE_OFF, HOSTILE_PLAIN, HOSTILE_HOSTILE } hostile_mode_t;

enum { HOSTILE_CONTENT_SIZE = 64 * 1024 }; /* bytes of a text that people read */

/* Whether texts are replaced; `told` (may be null) gets a line of JSON for each: field, token and
 * text. */
void hostile_set(hostile_mode_t mode, FILE *told);
bool hostile_is_on(void);

/* The text instead of this one, at most `max` bytes; the text itself if the mode is off, or if a
 * rule reads the field. It lives as long as the program. Newlines are among it if is_long. */
dais_slice_t hostile_text(const char *shape, const char *field, size_t max, bool is_long,
                          const char *text);

#endif
