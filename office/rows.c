/* SPDX-License-Identifier: Apache-2.0 */
#include "office/rows.h"

#include <assert.h>
#include <stdlib.h>

#include "office/say.h"
#include "proto/view.h"

static bool row_is_zero(const uint8_t *bytes, uint64_t size)
{
    for (uint64_t i = 0; i < size; i++) {
        if (bytes[i] != 0)
            return false;
    }
    return true;
}

static json_t *row_value(const dais_field_t *field, const void *value)
{
    const uint64_t *number = value;
    const dais_slice_t *slice = value;
    switch (field->type) {
    case DAIS_FIELD_UINT:
        return field->max > UINT32_MAX ? dais_view_number(*number)
                                       : json_integer((json_int_t)*number);
    case DAIS_FIELD_CHOICE:
        return *number == 0 ? json_null() : json_string(field->words->words[*number]);
    case DAIS_FIELD_TIME: return *number == 0 ? json_null() : dais_view_time(*number);
    case DAIS_FIELD_HASH:
    case DAIS_FIELD_KEY:
    case DAIS_FIELD_ID:
        return row_is_zero(value, field->max) ? json_null()
                                              : dais_view_hex(dais_slice(value, field->max));
    case DAIS_FIELD_OPTIONAL:
    case DAIS_FIELD_BYTES:
    case DAIS_FIELD_PATH: return dais_view_hex(*slice);
    case DAIS_FIELD_LINE:
    case DAIS_FIELD_TEXT: return dais_view_text(*slice);
    case DAIS_FIELD_LIST:
    case DAIS_FIELD_ANY: break;
    }
    return json_null(); /* rows of answers hold neither */
}

json_t *dais_row_object(const char *type, const dais_shape_t *shape, const void *tuple)
{
    json_t *object = dais_say_new(type);
    for (size_t i = 0; object != NULL && i < shape->field_count; i++) {
        const dais_field_t *field = &shape->fields[i];
        (void)json_object_set_new(object, field->name,
                                  row_value(field, (const uint8_t *)tuple + field->offset));
    }
    return object;
}

void dais_rows_append(json_t *rows, const char *type, const dais_list_t *list,
                      const dais_shape_t *element)
{
    void *tuple = calloc(1, element->struct_size);
    dais_list_walk_t walk = dais_list_begin(list, element);
    while (tuple != NULL && dais_list_next(&walk, tuple))
        (void)json_array_append_new(rows, dais_row_object(type, element, tuple));
    free(tuple);
}
