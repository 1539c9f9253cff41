/* SPDX-License-Identifier: Apache-2.0
 *
 * One walk over a decoded struct by its table. Values without memory for them are left out by
 * jansson's setters, which report it; the walk goes on and the caller sees one failure. */
#include "proto/view.h"

#include <inttypes.h>
#include <msgpack.h>
#include <sodium.h>
#include <stdlib.h>

#include "base/clock.h"
#include "proto/kind.h"
#include "proto/signed.h"

#define NESTED_MAX       8 /* records inside records; an exported opening has five */
#define NUMBER_EXACT_MAX (UINT64_C(1) << 53) /* above, a double loses digits */

static json_t *shape_view(const dais_shape_t *shape, const void *record, unsigned nested);
static dais_fault_t record_view(dais_slice_t bytes, unsigned nested, json_t **out);

json_t *dais_view_hex(dais_slice_t bytes)
{
    size_t size = bytes.size * 2 + 1;
    char *hex = malloc(size);
    if (hex == NULL)
        return NULL;
    (void)sodium_bin2hex(hex, size, bytes.data, bytes.size);
    json_t *view = json_stringn(hex, size - 1);
    free(hex);
    return view;
}

json_t *dais_view_text(dais_slice_t text)
{
    return json_stringn(text.size == 0 ? "" : (const char *)text.data, text.size);
}

json_t *dais_view_time(uint64_t wall_ms)
{
    char text[DAIS_CLOCK_TEXT_SIZE];
    return dais_clock_format(wall_ms, text) == DAIS_OK ? json_string(text) : NULL;
}

json_t *dais_view_number(uint64_t number)
{
    return json_sprintf("%" PRIu64, number);
}

/* Adds to an array; false without memory, and for a value that could not be made. */
static bool array_add(json_t *array, json_t *value)
{
    return json_array_append_new(array, value) == 0;
}

static bool object_set(json_t *object, const char *key, json_t *value)
{
    return json_object_set_new(object, key, value) == 0;
}

/* Hands on an array or object that is complete, drops one that is not. */
static json_t *whole(json_t *value, bool complete)
{
    if (complete)
        return value;
    json_decref(value);
    return NULL;
}

json_t *dais_view_path(dais_slice_t path)
{
    json_t *array = json_array();
    bool complete = array != NULL;
    for (size_t i = 0; i + DAIS_HASH_SIZE <= path.size; i += DAIS_HASH_SIZE)
        complete &= array_add(array, dais_view_hex(dais_slice(path.data + i, DAIS_HASH_SIZE)));
    return whole(array, complete);
}

static json_t *list_view(const dais_list_t *list, const dais_shape_t *element, unsigned nested)
{
    json_t *array = json_array();
    void *item = calloc(1, element->struct_size);
    bool complete = array != NULL && item != NULL;
    dais_list_walk_t walk = dais_list_begin(list, element);
    while (complete && dais_list_next(&walk, item))
        complete = array_add(array, shape_view(element, item, nested));
    free(item);
    return whole(array, complete);
}

/* msgpack-c prints what the cursor has accepted: arrays of numbers, bytes and texts. */
static json_t *object_view(const msgpack_object *object)
{
    switch ((int)object->type) {
    case MSGPACK_OBJECT_POSITIVE_INTEGER:
        return object->via.u64 <= NUMBER_EXACT_MAX ? json_integer((json_int_t)object->via.u64)
                                                   : dais_view_number(object->via.u64);
    case MSGPACK_OBJECT_BIN:
        return dais_view_hex(dais_slice(object->via.bin.ptr, object->via.bin.size));
    case MSGPACK_OBJECT_STR:
        return dais_view_text(dais_slice(object->via.str.ptr, object->via.str.size));
    default: break;
    }
    json_t *array = json_array();
    bool complete = array != NULL;
    for (uint32_t i = 0; i < object->via.array.size; i++)
        complete &= array_add(array, object_view(&object->via.array.ptr[i]));
    return whole(array, complete);
}

static json_t *any_view(dais_slice_t bytes)
{
    msgpack_unpacked unpacked;
    msgpack_unpacked_init(&unpacked);
    json_t *view = NULL;
    if (msgpack_unpack_next(&unpacked, (const char *)bytes.data, bytes.size, NULL) ==
        MSGPACK_UNPACK_SUCCESS)
        view = object_view(&unpacked.data);
    msgpack_unpacked_destroy(&unpacked);
    return view;
}

/* A packed value of a known shape; as it comes if it is not of that shape after all. */
static json_t *packed_view(const dais_shape_t *shape, dais_slice_t bytes, unsigned nested)
{
    void *record = calloc(1, shape->struct_size);
    if (record == NULL)
        return NULL;
    dais_fault_t fault = dais_shape_decode(shape, bytes, record);
    json_t *view = fault.err == DAIS_OK ? shape_view(shape, record, nested) : any_view(bytes);
    free(record);
    return view;
}

/* The kind of a message or own record; null for all other shapes and unknown numbers. */
static const dais_kind_t *record_kind(const dais_shape_t *shape, const void *record)
{
    if (shape == &dais_shape_message)
        return dais_kind_of(((const dais_message_t *)record)->kind);
    if (shape == &dais_shape_own)
        return dais_kind_of(((const dais_own_t *)record)->kind);
    return NULL;
}

static json_t *uint_view(const dais_field_t *field, uint64_t number, const dais_kind_t *kind)
{
    if (kind != NULL && strcmp(field->name, "kind") == 0)
        return json_string(kind->name);
    if (field->max > NUMBER_EXACT_MAX)
        return dais_view_number(number);
    return json_integer((json_int_t)number);
}

/* Bytes, or the record that they are. Hostile bytes can nest records a thousand deep. */
static json_t *bytes_view(dais_slice_t bytes, unsigned nested)
{
    json_t *record;
    if (nested < NESTED_MAX && record_view(bytes, nested + 1, &record).err == DAIS_OK)
        return record;
    return dais_view_hex(bytes);
}

static json_t *field_view(const dais_field_t *field, const void *value, const dais_kind_t *kind,
                          unsigned nested)
{
    const uint64_t *number = value;
    const dais_slice_t *slice = value;
    switch (field->type) {
    case DAIS_FIELD_UINT: return uint_view(field, *number, kind);
    case DAIS_FIELD_CHOICE: return json_string(field->words->words[*number]);
    case DAIS_FIELD_TIME: return dais_view_time(*number);
    case DAIS_FIELD_HASH:
    case DAIS_FIELD_KEY:
    case DAIS_FIELD_ID: return dais_view_hex(dais_slice(value, field->max));
    case DAIS_FIELD_OPTIONAL: return dais_view_hex(*slice);
    case DAIS_FIELD_BYTES: return bytes_view(*slice, nested);
    case DAIS_FIELD_PATH: return dais_view_path(*slice);
    case DAIS_FIELD_LINE:
    case DAIS_FIELD_TEXT: return dais_view_text(*slice);
    case DAIS_FIELD_LIST: return list_view((const dais_list_t *)value, field->element, nested);
    case DAIS_FIELD_ANY: break;
    }
    return kind != NULL ? packed_view(kind->subject, *slice, nested) : any_view(*slice);
}

/* "type", and the version that ends the domain: "dais/bundle/1\n" is version 1. */
static bool type_set(json_t *object, const dais_shape_t *shape)
{
    if (shape->domain == NULL)
        return true;
    const char *version = strrchr(shape->domain, '/') + 1;
    return object_set(object, "type", json_string(shape->name)) &&
           object_set(object, "v", json_stringn(version, strlen(version) - 1));
}

static json_t *shape_view(const dais_shape_t *shape, const void *record, unsigned nested)
{
    const dais_kind_t *kind = record_kind(shape, record);
    if (shape->form == DAIS_SHAPE_SCALAR)
        return field_view(&shape->fields[0], record, kind, nested);
    json_t *object = json_object();
    bool complete = object != NULL && type_set(object, shape);
    for (size_t i = 0; i < shape->field_count; i++) {
        const dais_field_t *field = &shape->fields[i];
        const uint8_t *value = (const uint8_t *)record + field->offset;
        complete &= object_set(object, field->name, field_view(field, value, kind, nested));
    }
    return whole(object, complete);
}

/* The key that a signed record names as its own; null for shapes that are never signed. */
static const dais_key_t *record_key(const dais_shape_t *shape, const void *record)
{
    if (shape == &dais_shape_bundle)
        return &((const dais_bundle_t *)record)->key;
    if (shape == &dais_shape_stamp)
        return &((const dais_stamp_t *)record)->key;
    if (shape == &dais_shape_ask)
        return &((const dais_ask_t *)record)->key;
    if (shape == &dais_shape_genesis)
        return &((const dais_genesis_t *)record)->secretariat_key;
    return NULL;
}

/* What stands behind the record: nothing, or a signature where the shape is one that is signed. */
static dais_fault_t signature_set(json_t *object, const dais_shape_t *shape, const void *record,
                                  dais_slice_t bytes, dais_slice_t rest)
{
    const dais_key_t *key = record_key(shape, record);
    if (rest.size == 0)
        return (dais_fault_t){DAIS_OK, 0};
    if (key == NULL || rest.size != DAIS_SIGNATURE_SIZE)
        return (dais_fault_t){DAIS_ERR_TRAILING, bytes.size - rest.size};
    dais_slice_t signed_bytes = dais_slice(bytes.data, bytes.size - rest.size);
    bool good = dais_key_verify(key, signed_bytes, rest.data) == DAIS_OK;
    bool complete = object_set(object, "signature", dais_view_hex(rest)) &&
                    object_set(object, "signature_good", json_boolean(good));
    return (dais_fault_t){complete ? DAIS_OK : DAIS_ERR_NO_MEMORY, 0};
}

static dais_fault_t record_view(dais_slice_t bytes, unsigned nested, json_t **out)
{
    *out = NULL;
    const dais_shape_t *shape = dais_shape_of(bytes);
    if (shape == NULL)
        return (dais_fault_t){DAIS_ERR_WRONG_DOMAIN, 0};
    void *record = calloc(1, shape->struct_size);
    if (record == NULL)
        return (dais_fault_t){DAIS_ERR_NO_MEMORY, 0};
    dais_slice_t rest;
    dais_fault_t fault = dais_shape_decode_first(shape, bytes, record, &rest);
    if (fault.err == DAIS_OK) {
        *out = shape_view(shape, record, nested);
        fault = *out == NULL ? (dais_fault_t){DAIS_ERR_NO_MEMORY, 0}
                             : signature_set(*out, shape, record, bytes, rest);
    }
    free(record);
    if (fault.err != DAIS_OK) {
        json_decref(*out);
        *out = NULL;
    }
    return fault;
}

dais_fault_t dais_view_record(dais_slice_t bytes, json_t **out)
{
    return record_view(bytes, 0, out);
}
