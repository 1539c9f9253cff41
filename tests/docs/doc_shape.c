/* SPDX-License-Identifier: Apache-2.0 */
#include <inttypes.h>

#include "tests/docs/doc_parts.h"

const dais_shape_t *doc_shape_named(const char *name)
{
    for (size_t i = 0; dais_shapes[i] != NULL; i++) {
        if (strcmp(dais_shapes[i]->name, name) == 0)
            return dais_shapes[i];
    }
    doc_fail("there is no shape '%s'", name);
}

void doc_number(doc_text_t *out, uint64_t number)
{
    if (number == DAIS_SEQ_MAX)
        doc_put(out, "2^63 - 1");
    else if (number == UINT32_MAX)
        doc_put(out, "2^32 - 1");
    else
        doc_put(out, "%" PRIu64, number);
}

static const char *type_name(const dais_field_t *field)
{
    switch (field->type) {
    case DAIS_FIELD_UINT:
    case DAIS_FIELD_CHOICE:
    case DAIS_FIELD_TIME: return "uint";
    case DAIS_FIELD_HASH:
    case DAIS_FIELD_KEY:
    case DAIS_FIELD_ID:
    case DAIS_FIELD_OPTIONAL:
    case DAIS_FIELD_BYTES:
    case DAIS_FIELD_PATH: return "bin";
    case DAIS_FIELD_LINE:
    case DAIS_FIELD_TEXT: return "str";
    case DAIS_FIELD_LIST: return "array";
    case DAIS_FIELD_ANY: return "any";
    }
    doc_fail("a field has no type");
}

static void range_put(doc_text_t *out, const dais_field_t *field)
{
    doc_number(out, field->min);
    doc_put(out, " to ");
    doc_number(out, field->max);
}

static void limits_put(doc_text_t *out, const dais_field_t *field)
{
    if (field->type == DAIS_FIELD_OPTIONAL) {
        doc_put(out, "0 or %" PRIu64 " bytes", field->max);
        return;
    }
    if (field->min == field->max)
        doc_number(out, field->min);
    else
        range_put(out, field);
    switch (field->type) {
    case DAIS_FIELD_UINT: break;
    case DAIS_FIELD_CHOICE: doc_put(out, ", a word of `%s`", field->words->name); break;
    case DAIS_FIELD_TIME: doc_put(out, ", milliseconds since 1970"); break;
    case DAIS_FIELD_PATH: doc_put(out, " bytes, a multiple of 32"); break;
    case DAIS_FIELD_LINE: doc_put(out, " bytes, one line"); break;
    case DAIS_FIELD_TEXT: doc_put(out, " bytes, newlines allowed"); break;
    case DAIS_FIELD_LIST: doc_put(out, " of `%s`", field->element->name); break;
    case DAIS_FIELD_ANY: doc_put(out, " bytes, one value"); break;
    case DAIS_FIELD_HASH:
    case DAIS_FIELD_KEY:
    case DAIS_FIELD_ID:
    case DAIS_FIELD_OPTIONAL:
    case DAIS_FIELD_BYTES: doc_put(out, " bytes"); break;
    }
}

void doc_fields(doc_text_t *out, const dais_shape_t *shape)
{
    size_t position = 0;
    doc_put(out, "| # | field | type | limits | meaning |\n| --- | --- | --- | --- | --- |\n");
    if (shape->form == DAIS_SHAPE_RECORD)
        doc_put(out, "| %zu | domain | str | %zu bytes | which record this is |\n", position++,
                strlen(shape->domain));
    for (size_t i = 0; i < shape->field_count; i++) {
        const dais_field_t *field = &shape->fields[i];
        doc_put(out, "| %zu | `%s` | %s | ", position++, field->name, type_name(field));
        limits_put(out, field);
        doc_put(out, " | %s |\n", field->text);
    }
}

/* The domain without its newline, which every domain ends with. */
static void domain_put(doc_text_t *out, const char *domain)
{
    doc_put(out, "`%.*s\\n`", (int)strlen(domain) - 1, domain);
}

static void scalar_put(doc_text_t *out, const dais_shape_t *shape)
{
    const dais_field_t *field = &shape->fields[0];
    doc_put(out, "`%s`, %s: one value, %s, ", shape->name, shape->text, type_name(field));
    limits_put(out, field);
    doc_put(out, "; %s.\n", field->text);
}

void doc_shape(doc_text_t *out, const char *name)
{
    const dais_shape_t *shape = doc_shape_named(name);
    if (shape->form == DAIS_SHAPE_SCALAR) {
        scalar_put(out, shape);
        return;
    }
    if (shape->form == DAIS_SHAPE_RECORD) {
        doc_put(out, "Record, an array of %zu. Domain ", shape->field_count + 1);
        domain_put(out, shape->domain);
        doc_put(out, ". %s\n\n", shape->text);
    } else {
        doc_put(out, "`%s`, an array of %zu inside another. %s\n\n", shape->name,
                shape->field_count, shape->text);
    }
    doc_fields(out, shape);
}

void doc_records(doc_text_t *out, const char *argument)
{
    (void)argument;
    doc_put(out, "| domain | record | signed |\n| --- | --- | --- |\n");
    for (size_t i = 0; dais_shapes[i] != NULL; i++) {
        const dais_shape_t *shape = dais_shapes[i];
        if (shape->domain == NULL)
            continue;
        const dais_sample_t *sample = dais_sample_find(shape->name);
        bool is_signed = sample != NULL && sample->form == DAIS_SAMPLE_SIGNED;
        doc_put(out, "| ");
        domain_put(out, shape->domain);
        doc_put(out, " | `%s` | %s |\n", shape->name, is_signed ? "yes" : "");
    }
}
