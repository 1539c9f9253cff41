/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/docs/doc_parts.h"

static const struct {
    const char *name;
    void (*make)(doc_text_t *out, const char *argument);
} parts[] = {
    {"shape", doc_shape},
    {"example", doc_example},
    {"profile", doc_profile},
    {"records", doc_records},
    {"cast", doc_cast},
    {"golden", doc_golden},
    {"kinds", doc_kinds},
    {"subjects", doc_subjects},
    {"tuples", doc_tuples},
    {"words", doc_words},
    {"limits", doc_limits},
    {"metrics", doc_metrics},
    {"constants", doc_constants},
    {"errors", doc_errors},
    {"state_rows", doc_state_rows},
    {"state_tables", doc_state_tables},
    {"states", doc_states},
    {"verdicts", doc_verdicts},
};

void doc_part(doc_text_t *out, const char *name, const char *argument)
{
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        if (strcmp(parts[i].name, name) == 0) {
            parts[i].make(out, argument);
            return;
        }
    }
    doc_fail("there is no generated part '%s'", name);
}
