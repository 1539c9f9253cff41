/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_TESTS_DOCS_DOC_PAGE_H
#define DAIS_TESTS_DOCS_DOC_PAGE_H

#include "tests/docs/doc_text.h"

/* A page is written by hand around parts that are generated:
 *
 *   <!-- generated: shape bundle -->
 *   ...
 *   <!-- end -->
 *
 * The two lines stay; what stands between them is made anew. */
void doc_page_make(dais_slice_t old, doc_text_t *out);

/* The number of the first line in which they differ, from 1; 0 if they are the same. */
size_t doc_page_compare(dais_slice_t old, const doc_text_t *made);

#endif
