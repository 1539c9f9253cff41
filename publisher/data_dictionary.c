/* SPDX-License-Identifier: Apache-2.0 */
#include "publisher/data_dictionary.h"

#include <inttypes.h>

#include "proto/kind.h"

/* "name": "text", escaped, with a comma before all but the first of an object. */
static void member(dais_out_t *out, const char *before, const char *name, const char *text)
{
    dais_out_format(out, "%s\"%s\": ", before, name);
    dais_out_json(out, dais_slice_text(text));
}

static void tables_put(dais_out_t *out)
{
    for (const dais_data_set_t *set = dais_data_sets; set->name != NULL; set++) {
        member(out, set == dais_data_sets ? "\n{" : ",\n{", "name", set->name);
        member(out, ", ", "text", set->text);
        dais_out_put(out, ", \"fields\": [");
        for (size_t i = 0; i < set->column_count; i++) {
            member(out, i == 0 ? "\n  {" : ",\n  {", "name", set->columns[i].name);
            member(out, ", ", "type", dais_data_type_text(set->columns[i].type));
            member(out, ", ", "text", set->columns[i].text);
            dais_out_put(out, "}");
        }
        dais_out_put(out, "]}");
    }
}

static const char *field_type(dais_field_type_t type)
{
    switch (type) {
    case DAIS_FIELD_UINT: return "number";
    case DAIS_FIELD_CHOICE: return "number of a word";
    case DAIS_FIELD_TIME: return "milliseconds since 1970";
    case DAIS_FIELD_HASH: return "SHA-256";
    case DAIS_FIELD_KEY: return "key";
    case DAIS_FIELD_ID: return "id";
    case DAIS_FIELD_OPTIONAL: return "bytes of this length, or none";
    case DAIS_FIELD_BYTES: return "bytes";
    case DAIS_FIELD_PATH: return "hashes of a path";
    case DAIS_FIELD_LINE: return "one line of text";
    case DAIS_FIELD_TEXT: return "text";
    case DAIS_FIELD_LIST: return "list";
    case DAIS_FIELD_ANY: return "any value";
    }
    return "";
}

static void field_put(dais_out_t *out, const dais_field_t *field)
{
    member(out, "{", "name", field->name);
    member(out, ", ", "type", field_type(field->type));
    dais_out_format(out, ", \"min\": \"%" PRIu64 "\", \"max\": \"%" PRIu64 "\"", field->min,
                    field->max);
    if (field->element != NULL)
        member(out, ", ", "of", field->element->name);
    if (field->words != NULL)
        member(out, ", ", "words", field->words->name);
    member(out, ", ", "text", field->text);
    dais_out_put(out, "}");
}

static void records_put(dais_out_t *out)
{
    for (size_t i = 0; dais_shapes[i] != NULL; i++) {
        const dais_shape_t *shape = dais_shapes[i];
        member(out, i == 0 ? "\n{" : ",\n{", "name", shape->name);
        if (shape->domain != NULL)
            member(out, ", ", "domain", shape->domain);
        member(out, ", ", "text", shape->text);
        dais_out_put(out, ", \"fields\": [");
        for (size_t j = 0; j < shape->field_count; j++) {
            dais_out_put(out, j == 0 ? "\n  " : ",\n  ");
            field_put(out, &shape->fields[j]);
        }
        dais_out_put(out, "]}");
    }
}

static void kinds_put(dais_out_t *out)
{
    static const char *const streams[] = {
        [DAIS_STREAM_OPEN] = "open", [DAIS_STREAM_SEALED] = "sealed", [DAIS_STREAM_OWN] = "own"};
    for (const dais_kind_t *kind = dais_kinds; kind->name != NULL; kind++) {
        dais_out_format(out, "%s\n{\"number\": \"%u\"", kind == dais_kinds ? "" : ",",
                        kind->number);
        member(out, ", ", "name", kind->name);
        member(out, ", ", "stream", streams[kind->stream]);
        member(out, ", ", "subject", kind->subject->name);
        member(out, ", ", "text", kind->text);
        dais_out_put(out, "}");
    }
}

static void words_put(dais_out_t *out)
{
    for (size_t i = 0; dais_words_all[i] != NULL; i++) {
        const dais_words_t *words = dais_words_all[i];
        member(out, i == 0 ? "\n{" : ",\n{", "name", words->name);
        member(out, ", ", "text", words->text);
        dais_out_put(out, ", \"words\": {");
        for (uint64_t number = 1; number <= words->count; number++) {
            dais_out_format(out, "%s\"%" PRIu64 "\": ", number == 1 ? "" : ", ", number);
            dais_out_json(out, dais_slice_text(words->words[number]));
        }
        dais_out_put(out, "}}");
    }
}

void dais_data_dictionary_json(dais_out_t *out)
{
    dais_out_format(out, "{\"type\": \"dictionary\", \"v\": %d, \"tables\": [", DAIS_DATA_VERSION);
    tables_put(out);
    dais_out_put(out, "\n], \"records\": [");
    records_put(out);
    dais_out_put(out, "\n], \"kinds\": [");
    kinds_put(out);
    dais_out_put(out, "\n], \"words\": [");
    words_put(out);
    dais_out_put(out, "\n]}\n");
}
