/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/support/sample_notation.h"

#include <stdlib.h>

#include "tests/support/sample_arena.h"
#include "tests/support/sample_cast.h"

enum { TOKEN_MAX = 256, LIST_BYTES_MAX = 4096 };

typedef struct {
    const char *whole;
    const char *next;
} notation_t;

static void fields_put(notation_t *notation, const dais_shape_t *shape, dais_writer_t *writer);

static void spaces_skip(notation_t *notation)
{
    notation->next += strspn(notation->next, " ");
}

static bool char_take(notation_t *notation, char c)
{
    spaces_skip(notation);
    if (*notation->next != c)
        return false;
    notation->next++;
    return true;
}

static void char_need(notation_t *notation, char c)
{
    if (!char_take(notation, c))
        dais_sample_fail("the notation does not fit its shape", notation->whole);
}

static void token_take(notation_t *notation, char token[TOKEN_MAX])
{
    spaces_skip(notation);
    size_t size = strcspn(notation->next, " )]");
    if (size == 0 || size >= TOKEN_MAX)
        dais_sample_fail("a value is missing in", notation->whole);
    memcpy(token, notation->next, size);
    token[size] = '\0';
    notation->next += size;
}

static dais_slice_t quoted_take(notation_t *notation)
{
    char_need(notation, '\'');
    size_t size = strcspn(notation->next, "'");
    dais_slice_t text = dais_slice(notation->next, size);
    notation->next += size;
    char_need(notation, '\'');
    return text;
}

static uint64_t number_of(const dais_field_t *field, const char *token)
{
    if (field->type == DAIS_FIELD_TIME && strcmp(token, "0") != 0)
        return dais_sample_time(token);
    if (field->type != DAIS_FIELD_CHOICE)
        return strtoull(token, NULL, 10);
    uint64_t number = dais_words_find(field->words, token);
    if (number == 0 && strcmp(token, "none") != 0)
        dais_sample_fail("no word of its set", token);
    return number;
}

static dais_key_t key_of(char *token)
{
    char *dot = strrchr(token, '.');
    if (dot == NULL)
        dais_sample_fail("not the key of a device", token);
    *dot = '\0';
    const dais_device_t *device = dais_sample_device(token);
    return strcmp(dot + 1, "box") == 0 ? device->box_key : device->key;
}

static dais_id_t id_of(char *token)
{
    char *at = strchr(token, '@');
    if (at == NULL)
        return dais_sample_id(token);
    *at = '\0';
    return dais_sample_id_at(token, at + 1);
}

/* What $name stands for in a field of bytes of this size; 0 for a field of any size. */
static void bytes_put(char *name, size_t size, dais_writer_t *writer)
{
    dais_hash_t hash = dais_sample_hash(name);
    dais_id_t id = size == DAIS_ID_SIZE ? id_of(name) : (dais_id_t){{0}};
    if (size == DAIS_ID_SIZE)
        dais_writer_bin(writer, dais_slice(id.bytes, DAIS_ID_SIZE));
    else if (size == DAIS_HASH_SIZE)
        dais_writer_bin(writer, dais_hash_slice(&hash));
    else
        dais_writer_bin(writer, dais_sample_blob(name));
}

static void binary_put(notation_t *notation, const dais_field_t *field, dais_writer_t *writer)
{
    char token[TOKEN_MAX];
    token_take(notation, token);
    bool fixed = field->type == DAIS_FIELD_HASH || field->type == DAIS_FIELD_ID ||
                 field->type == DAIS_FIELD_OPTIONAL;
    if (strcmp(token, "-") == 0) {
        dais_writer_bin(writer, dais_slice(NULL, 0));
    } else if (field->type == DAIS_FIELD_KEY) {
        dais_key_t key = key_of(token + 1);
        dais_writer_bin(writer, dais_slice(key.bytes, DAIS_KEY_SIZE));
    } else {
        bytes_put(token + 1, fixed ? field->max : 0, writer);
    }
}

static void text_put(notation_t *notation, dais_writer_t *writer)
{
    if (!char_take(notation, '$')) {
        dais_writer_str(writer, quoted_take(notation));
        return;
    }
    char token[TOKEN_MAX];
    token_take(notation, token);
    dais_writer_str(writer, dais_sample_blob(token));
}

static void element_put(notation_t *notation, const dais_shape_t *shape, dais_writer_t *writer)
{
    if (shape->form == DAIS_SHAPE_SCALAR) {
        fields_put(notation, shape, writer);
        return;
    }
    char_need(notation, '(');
    dais_writer_array(writer, (uint32_t)shape->field_count);
    fields_put(notation, shape, writer);
    char_need(notation, ')');
}

/* The elements first, elsewhere: the head of a list holds their number. */
static void list_put(notation_t *notation, const dais_field_t *field, dais_writer_t *writer)
{
    uint8_t buffer[LIST_BYTES_MAX];
    dais_writer_t elements;
    dais_slice_t bytes;
    uint32_t count = 0;
    dais_writer_init(&elements, buffer, sizeof buffer);
    char_need(notation, '[');
    for (; !char_take(notation, ']'); count++)
        element_put(notation, field->element, &elements);
    dais_sample_must(dais_writer_finish(&elements, &bytes));
    dais_writer_array(writer, count);
    dais_writer_raw(writer, bytes);
}

static void field_put(notation_t *notation, const dais_field_t *field, dais_writer_t *writer)
{
    char token[TOKEN_MAX];
    switch (field->type) {
    case DAIS_FIELD_UINT:
    case DAIS_FIELD_CHOICE:
    case DAIS_FIELD_TIME:
        token_take(notation, token);
        dais_writer_uint(writer, number_of(field, token));
        break;
    case DAIS_FIELD_HASH:
    case DAIS_FIELD_KEY:
    case DAIS_FIELD_ID:
    case DAIS_FIELD_OPTIONAL:
    case DAIS_FIELD_BYTES:
    case DAIS_FIELD_PATH: binary_put(notation, field, writer); break;
    case DAIS_FIELD_LINE:
    case DAIS_FIELD_TEXT: text_put(notation, writer); break;
    case DAIS_FIELD_LIST: list_put(notation, field, writer); break;
    case DAIS_FIELD_ANY: dais_sample_fail("no notation for this field", field->name);
    }
}

static void fields_put(notation_t *notation, const dais_shape_t *shape, dais_writer_t *writer)
{
    for (size_t i = 0; i < shape->field_count; i++)
        field_put(notation, &shape->fields[i], writer);
}

dais_slice_t dais_sample_notation(const dais_shape_t *shape, const char *text)
{
    uint8_t buffer[LIST_BYTES_MAX];
    notation_t notation = {.whole = text, .next = text};
    dais_writer_t writer;
    dais_slice_t bytes;
    dais_writer_init(&writer, buffer, sizeof buffer);
    dais_writer_array(&writer, (uint32_t)shape->field_count);
    fields_put(&notation, shape, &writer);
    spaces_skip(&notation);
    if (*notation.next != '\0')
        dais_sample_fail("more than its shape takes", text);
    dais_sample_must(dais_writer_finish(&writer, &bytes));
    dais_fault_t fault = dais_shape_check(shape, bytes);
    if (fault.err != DAIS_OK)
        dais_sample_fail(dais_err_code(fault.err), text);
    return dais_sample_copy(bytes);
}
