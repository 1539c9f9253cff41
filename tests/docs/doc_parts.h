/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_TESTS_DOCS_DOC_PARTS_H
#define DAIS_TESTS_DOCS_DOC_PARTS_H

#include "tests/docs/doc_text.h"
#include "tests/support/sample.h"

/* What stands between "<!-- generated: NAME ARGUMENT -->" and "<!-- end -->". Ends the program for
 * a name that there is none of. */
void doc_part(doc_text_t *out, const char *name, const char *argument);

/* The parts. */
void doc_shape(doc_text_t *out, const char *shape);    /* purpose, domain, table of fields */
void doc_example(doc_text_t *out, const char *sample); /* its bytes, each explained */
void doc_profile(doc_text_t *out, const char *argument);
void doc_records(doc_text_t *out, const char *argument);
void doc_cast(doc_text_t *out, const char *argument);
void doc_golden(doc_text_t *out, const char *argument);
void doc_kinds(doc_text_t *out, const char *argument);
void doc_subjects(doc_text_t *out, const char *argument);
void doc_tuples(doc_text_t *out, const char *argument);
void doc_words(doc_text_t *out, const char *argument);
void doc_limits(doc_text_t *out, const char *argument);
void doc_constants(doc_text_t *out, const char *argument);
void doc_errors(doc_text_t *out, const char *argument);
void doc_state_rows(doc_text_t *out, const char *argument);
void doc_state_tables(doc_text_t *out, const char *argument);
void doc_metrics(doc_text_t *out, const char *argument);
void doc_states(doc_text_t *out, const char *machine); /* its table and its diagram */
void doc_verdicts(doc_text_t *out, const char *class);

/* Of which the parts are made. */
const dais_shape_t *doc_shape_named(const char *name);
void doc_fields(doc_text_t *out, const dais_shape_t *shape);
void doc_walk(doc_text_t *out, const dais_sample_t *sample);
void doc_hex_lines(doc_text_t *out, size_t offset, dais_slice_t bytes, const char *what);
void doc_number(doc_text_t *out, uint64_t number);

#endif
