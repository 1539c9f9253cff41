/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/docs/doc_parts.h"
#include "tests/support/golden.h"

static const char *stream_name(dais_stream_t stream)
{
    static const char *const names[] = {
        [DAIS_STREAM_OPEN] = "open", [DAIS_STREAM_SEALED] = "sealed", [DAIS_STREAM_OWN] = "own"};
    return names[stream];
}

static bool is_draft(const dais_shape_t *subject)
{
    const dais_sample_t *sample = dais_sample_find(subject->name);
    return sample != NULL && sample->draft;
}

void doc_kinds(doc_text_t *out, const char *argument)
{
    (void)argument;
    doc_put(out, "| number | name | stream | what it says | subject |\n"
                 "| --- | --- | --- | --- | --- |\n");
    for (const dais_kind_t *kind = dais_kinds; kind->name != NULL; kind++)
        doc_put(out, "| %u | %s | %s | %s | %s |\n", kind->number, kind->name,
                stream_name(kind->stream), kind->text, is_draft(kind->subject) ? "draft" : "fixed");
}

static void words_put(doc_text_t *out, const dais_words_t *words)
{
    for (uint64_t number = 1; number <= words->count; number++)
        doc_put(out, "%s%u %s", number == 1 ? "" : ", ", (unsigned)number, words->words[number]);
}

/* Under the table of a shape: what the numbers of its choices mean. */
static void choices_put(doc_text_t *out, const dais_shape_t *shape)
{
    bool first = true;
    for (size_t i = 0; i < shape->field_count; i++) {
        const dais_field_t *field = &shape->fields[i];
        if (field->words == NULL)
            continue;
        doc_put(out, "%s- `%s`: %s", first ? "\n" : "", field->name,
                field->min == 0 ? "0 none, " : "");
        words_put(out, field->words);
        doc_put(out, "\n");
        first = false;
    }
}

static void subject_put(doc_text_t *out, const dais_kind_t *kind)
{
    const dais_sample_t *sample = dais_sample_find(kind->subject->name);
    char path[DAIS_GOLDEN_PATH_MAX];
    dais_golden_path("", sample, path);
    doc_put(out, "\n### %u %s\n\n%s. Stream: %s. Example: `%s`.\n\n", kind->number, kind->name,
            kind->text, stream_name(kind->stream), path + 1);
    doc_fields(out, kind->subject);
    choices_put(out, kind->subject);
}

void doc_subjects(doc_text_t *out, const char *argument)
{
    (void)argument;
    for (const dais_kind_t *kind = dais_kinds; kind->name != NULL; kind++) {
        if (kind->number != DAIS_KIND_GENESIS)
            subject_put(out, kind);
    }
}

static bool is_subject(const dais_shape_t *shape)
{
    for (const dais_kind_t *kind = dais_kinds; kind->name != NULL; kind++) {
        if (kind->subject == shape)
            return true;
    }
    return false;
}

/* What stands in lists of subjects: all shapes of subjects.def that are no subject; calls.def,
 * which follows, has its own page. */
void doc_tuples(doc_text_t *out, const char *argument)
{
    (void)argument;
    size_t i = 0;
    while (dais_shapes[i] != &dais_shape_id_item)
        i++;
    for (; dais_shapes[i] != &dais_shape_submit; i++) {
        if (is_subject(dais_shapes[i]))
            continue;
        doc_put(out, "\n### `%s`\n\n", dais_shapes[i]->name);
        doc_shape(out, dais_shapes[i]->name);
        choices_put(out, dais_shapes[i]);
    }
}

void doc_words(doc_text_t *out, const char *argument)
{
    (void)argument;
    doc_put(out, "| set | what it is | words |\n| --- | --- | --- |\n");
    for (size_t i = 0; dais_words_all[i] != NULL; i++) {
        doc_put(out, "| `%s` | %s | ", dais_words_all[i]->name, dais_words_all[i]->text);
        words_put(out, dais_words_all[i]);
        doc_put(out, " |\n");
    }
}
