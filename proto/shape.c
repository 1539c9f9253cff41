/* SPDX-License-Identifier: Apache-2.0
 *
 * Encodes and decodes every record from its table. There is one decoder, so there is one place
 * to fuzz and to cover; and the encoder passes what it wrote through that decoder, so nothing is
 * ever sent, signed or stored that its reader would refuse. */
#include "proto/shape.h"

#include <assert.h>

static void fields_read(const dais_shape_t *shape, dais_reader_t *reader, void *out);

static void *field_at(void *record, const dais_field_t *field)
{
    return (uint8_t *)record + field->offset;
}

static const void *field_in(const void *record, const dais_field_t *field)
{
    return (const uint8_t *)record + field->offset;
}

/* `out` may be null, here and below: then the value is checked and forgotten. */
static void uint_read(const dais_field_t *field, dais_reader_t *reader, void *out)
{
    uint64_t number = dais_reader_uint(reader, field->min, field->max);
    if (out != NULL)
        memcpy(field_at(out, field), &number, sizeof number);
}

static void slice_store(const dais_field_t *field, dais_slice_t slice, void *out)
{
    if (out != NULL)
        memcpy(field_at(out, field), &slice, sizeof slice);
}

static void fixed_read(const dais_field_t *field, dais_reader_t *reader, void *out)
{
    dais_slice_t bytes = dais_reader_bin(reader, field->min, field->max);
    if (out == NULL || bytes.size == 0)
        return;
    if (bytes.size == DAIS_HASH_SIZE) /* most are; a size that is known needs no call */
        memcpy(field_at(out, field), bytes.data, DAIS_HASH_SIZE);
    else
        memcpy(field_at(out, field), bytes.data, bytes.size);
}

/* Bytes whose length must be a multiple of `step`: paths by 32, an optional value by all of it. */
static void steps_read(const dais_field_t *field, dais_reader_t *reader, size_t step, void *out)
{
    const uint8_t *at = reader->next;
    dais_slice_t bytes = dais_reader_bin(reader, field->min, field->max);
    if (bytes.size > 0 && bytes.size % step != 0)
        dais_reader_fail(reader, DAIS_ERR_TOO_SHORT, at);
    slice_store(field, bytes, out);
}

static void list_read(const dais_field_t *field, dais_reader_t *reader, void *out)
{
    dais_list_t list = {0};
    list.count = dais_reader_array(reader, (uint32_t)field->min, (uint32_t)field->max);
    const uint8_t *at = reader->next;
    for (uint32_t i = 0; i < list.count && reader->fault.err == DAIS_OK; i++)
        fields_read(field->element, reader, NULL);
    list.items = dais_slice(at, (size_t)(reader->next - at));
    if (out != NULL)
        memcpy(field_at(out, field), &list, sizeof list);
}

static void any_read(const dais_field_t *field, dais_reader_t *reader, void *out)
{
    const uint8_t *at = reader->next;
    dais_slice_t bytes = dais_reader_any(reader);
    if (bytes.size > field->max)
        dais_reader_fail(reader, DAIS_ERR_TOO_LONG, at);
    slice_store(field, bytes, out);
}

static void field_read(const dais_field_t *field, dais_reader_t *reader, void *out)
{
    switch (field->type) {
    case DAIS_FIELD_UINT:
    case DAIS_FIELD_CHOICE:
    case DAIS_FIELD_TIME: uint_read(field, reader, out); break;
    case DAIS_FIELD_HASH:
    case DAIS_FIELD_KEY:
    case DAIS_FIELD_ID: fixed_read(field, reader, out); break;
    case DAIS_FIELD_OPTIONAL: steps_read(field, reader, field->max, out); break;
    case DAIS_FIELD_PATH: steps_read(field, reader, DAIS_HASH_SIZE, out); break;
    case DAIS_FIELD_BYTES:
        slice_store(field, dais_reader_bin(reader, field->min, field->max), out);
        break;
    case DAIS_FIELD_LINE:
        slice_store(field, dais_reader_str(reader, field->min, field->max), out);
        break;
    case DAIS_FIELD_TEXT:
        slice_store(field, dais_reader_text(reader, field->min, field->max), out);
        break;
    case DAIS_FIELD_LIST: list_read(field, reader, out); break;
    case DAIS_FIELD_ANY: any_read(field, reader, out); break;
    }
}

/* A good domain is passed over by its bytes; only another one is read, to say what is wrong with
 * it. */
static void domain_read(const dais_shape_t *shape, dais_reader_t *reader)
{
    const uint8_t *at = reader->next;
    if (dais_reader_takes(reader, dais_slice(shape->domain, shape->domain_size)))
        return;
    (void)dais_reader_text(reader, 0, DAIS_LIMIT_CODE);
    dais_reader_fail(reader, DAIS_ERR_WRONG_DOMAIN, at);
}

/* The array of a record or tuple; a scalar has none. */
static void array_read(const dais_shape_t *shape, dais_reader_t *reader)
{
    const uint8_t *at = reader->next;
    size_t count = shape->field_count + (shape->form == DAIS_SHAPE_RECORD ? 1 : 0);
    if (dais_reader_array(reader, 0, UINT32_MAX) != count)
        dais_reader_fail(reader, DAIS_ERR_WRONG_COUNT, at);
    if (shape->form == DAIS_SHAPE_RECORD)
        domain_read(shape, reader);
}

static void fields_read(const dais_shape_t *shape, dais_reader_t *reader, void *out)
{
    if (shape->form != DAIS_SHAPE_SCALAR)
        array_read(shape, reader);
    for (size_t i = 0; i < shape->field_count; i++)
        field_read(&shape->fields[i], reader, out);
}

dais_fault_t dais_shape_decode_first(const dais_shape_t *shape, dais_slice_t bytes, void *out,
                                     dais_slice_t *rest)
{
    dais_reader_t reader;
    dais_reader_init(&reader, bytes);
    memset(out, 0, shape->struct_size);
    fields_read(shape, &reader, out);
    *rest = dais_slice(reader.next, (size_t)(reader.end - reader.next));
    if (reader.fault.err != DAIS_OK)
        memset(out, 0, shape->struct_size);
    return reader.fault;
}

dais_fault_t dais_shape_decode(const dais_shape_t *shape, dais_slice_t bytes, void *out)
{
    dais_slice_t rest;
    dais_fault_t fault = dais_shape_decode_first(shape, bytes, out, &rest);
    if (fault.err == DAIS_OK && rest.size > 0) {
        memset(out, 0, shape->struct_size);
        fault = (dais_fault_t){DAIS_ERR_TRAILING, bytes.size - rest.size};
    }
    return fault;
}

dais_fault_t dais_shape_check(const dais_shape_t *shape, dais_slice_t bytes)
{
    dais_reader_t reader;
    dais_reader_init(&reader, bytes);
    fields_read(shape, &reader, NULL);
    return dais_reader_finish(&reader);
}

static void list_write(const dais_list_t *list, dais_writer_t *writer)
{
    dais_writer_array(writer, list->count);
    dais_writer_raw(writer, list->items);
}

static void field_write(const dais_field_t *field, const void *in, dais_writer_t *writer)
{
    const void *value = field_in(in, field);
    switch (field->type) {
    case DAIS_FIELD_UINT:
    case DAIS_FIELD_CHOICE:
    case DAIS_FIELD_TIME: dais_writer_uint(writer, *(const uint64_t *)value); break;
    case DAIS_FIELD_HASH:
    case DAIS_FIELD_KEY:
    case DAIS_FIELD_ID: dais_writer_bin(writer, dais_slice(value, field->max)); break;
    case DAIS_FIELD_OPTIONAL:
    case DAIS_FIELD_BYTES:
    case DAIS_FIELD_PATH: dais_writer_bin(writer, *(const dais_slice_t *)value); break;
    case DAIS_FIELD_LINE:
    case DAIS_FIELD_TEXT: dais_writer_str(writer, *(const dais_slice_t *)value); break;
    case DAIS_FIELD_LIST: list_write((const dais_list_t *)value, writer); break;
    case DAIS_FIELD_ANY: dais_writer_raw(writer, *(const dais_slice_t *)value); break;
    }
}

dais_err_t dais_shape_encode(const dais_shape_t *shape, const void *in, dais_writer_t *writer)
{
    if (writer->err != DAIS_OK)
        return writer->err;
    dais_writer_t before = *writer;
    if (shape->form != DAIS_SHAPE_SCALAR)
        dais_writer_array(writer,
                          (uint32_t)(shape->field_count + (shape->form == DAIS_SHAPE_RECORD)));
    if (shape->form == DAIS_SHAPE_RECORD)
        dais_writer_str(writer, dais_slice_text(shape->domain));
    for (size_t i = 0; i < shape->field_count; i++)
        field_write(&shape->fields[i], in, writer);
    dais_err_t err = writer->err;
    if (err == DAIS_OK) {
        dais_slice_t written = dais_slice(before.buffer + before.size, writer->size - before.size);
        err = dais_shape_check(shape, written).err;
    }
    if (err != DAIS_OK)
        *writer = before;
    return err;
}

/* Empty if it opens with none. */
static dais_slice_t shape_domain(dais_slice_t bytes)
{
    dais_reader_t reader;
    dais_reader_init(&reader, bytes);
    (void)dais_reader_array(&reader, 1, UINT32_MAX);
    return dais_reader_text(&reader, 1, DAIS_LIMIT_CODE);
}

bool dais_shape_is(const dais_shape_t *shape, dais_slice_t bytes)
{
    return dais_slice_equal(shape_domain(bytes), dais_slice_text(shape->domain));
}

const dais_shape_t *dais_shape_of(dais_slice_t bytes)
{
    dais_slice_t domain = shape_domain(bytes);
    for (size_t i = 0; domain.size > 0 && dais_shapes[i] != NULL; i++) {
        const char *candidate = dais_shapes[i]->domain;
        if (candidate != NULL && dais_slice_equal(domain, dais_slice_text(candidate)))
            return dais_shapes[i];
    }
    return NULL;
}

dais_list_walk_t dais_list_begin(const dais_list_t *list, const dais_shape_t *element)
{
    dais_list_walk_t walk = {.element = element, .left = list->count};
    dais_reader_init(&walk.reader, list->items);
    return walk;
}

bool dais_list_next(dais_list_walk_t *walk, void *out)
{
    if (walk->left == 0)
        return false;
    walk->left--;
    memset(out, 0, walk->element->struct_size);
    fields_read(walk->element, &walk->reader, out);
    /* The decoder that made the list has read every element: here a fault is a bug. */
    assert(walk->reader.fault.err == DAIS_OK);
    return true;
}

dais_err_t dais_list_add(dais_list_t *list, const dais_shape_t *element, const void *in,
                         dais_writer_t *writer)
{
    size_t size = writer->size;
    dais_err_t err = dais_shape_encode(element, in, writer);
    if (err != DAIS_OK)
        return err;
    if (list->count == 0)
        list->items.data = writer->buffer + size;
    assert(list->items.data + list->items.size == writer->buffer + size);
    list->items.size += writer->size - size;
    list->count++;
    return DAIS_OK;
}
