/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_OFFICE_PLAIN_TEXT_H
#define DAIS_OFFICE_PLAIN_TEXT_H

#include "base/slice.h"

/* Text that somebody submitted, made fit for a terminal: control characters, marks that set the
 * direction of writing, line separators and what is not UTF-8 become \xHH or \u{HHHH}; a text with
 * letters written from right to left stands between FSI and PDI, so that it cannot reorder what
 * stands around it. NUL-terminated, on the heap; null without memory. */
char *dais_plain_text(dais_slice_t text);

/* Columns that a text made by dais_plain_text() takes on a terminal. */
size_t dais_plain_text_width(const char *text);

#endif
