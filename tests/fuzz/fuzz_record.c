/* SPDX-License-Identifier: Apache-2.0
 *
 * Every record, tuple and scalar of the tables: what is decoded encodes to the same bytes, no
 * prefix of it is accepted, a changed bit changes it, msgpack-c agrees.
 *
 * Input: a record; or 0xc1, the number of a shape, and an encoding of that. */
#include "tests/fuzz/fuzz.h"
#include "tests/support/agree.h"
#include "tests/unit/shapes.h"

static msgpack_zone zone;
static size_t shape_count;

void fuzz_setup(void)
{
    assert(msgpack_zone_init(&zone, MSGPACK_ZONE_CHUNK_SIZE));
    while (dais_shapes[shape_count] != NULL)
        shape_count++;
}

static void check_same_bytes(const dais_shape_t *shape, const shapes_any_t *any, dais_slice_t bytes)
{
    dais_writer_t writer = fuzz_writer(0);
    dais_slice_t again;
    dais_err_t err = dais_shape_encode(shape, any, &writer);
    assert(err == DAIS_OK);
    err = dais_writer_finish(&writer, &again);
    assert(err == DAIS_OK && dais_slice_equal(again, bytes));
}

/* Every prefix of a small record, some of a large one. */
static void check_prefixes(const dais_shape_t *shape, dais_slice_t bytes)
{
    size_t step = 1 + bytes.size / 64;
    for (size_t cut = fuzz_choose(bytes, step); cut < bytes.size; cut += step)
        assert(dais_shape_check(shape, dais_slice(bytes.data, cut)).err == DAIS_ERR_TRUNCATED);
}

static void check_flip(const dais_shape_t *shape, dais_slice_t bytes)
{
    shapes_any_t any;
    dais_slice_t flipped = fuzz_flipped(bytes, 0, bytes.size);
    if (dais_shape_decode(shape, flipped, &any).err == DAIS_OK)
        check_same_bytes(shape, &any, flipped);
}

/* Walks each list of a record as its users do. */
static void check_lists(const dais_shape_t *shape, const shapes_any_t *any)
{
    for (size_t i = 0; i < shape->field_count; i++) {
        const dais_field_t *field = &shape->fields[i];
        if (field->type != DAIS_FIELD_LIST)
            continue;
        dais_list_t list;
        memcpy(&list, (const uint8_t *)any + field->offset, sizeof list);
        dais_list_t built = {0};
        dais_writer_t writer = fuzz_writer(0);
        dais_list_walk_t walk = dais_list_begin(&list, field->element);
        for (shapes_any_t element; dais_list_next(&walk, &element);) {
            dais_err_t err = dais_list_add(&built, field->element, &element, &writer);
            assert(err == DAIS_OK);
        }
        assert(built.count == list.count && dais_slice_equal(built.items, list.items));
    }
}

static void check_shape(const dais_shape_t *shape, dais_slice_t bytes)
{
    shapes_any_t any;
    dais_slice_t rest;
    dais_fault_t fault = dais_shape_decode(shape, bytes, &any);
    fuzz_check_fault(fault, bytes);
    assert(dais_shape_check(shape, bytes).err == fault.err);
    if (fault.err != DAIS_OK) {
        assert(fuzz_all_zero(&any, shape->struct_size));
        fault = dais_shape_decode_first(shape, bytes, &any, &rest);
        if (fault.err != DAIS_OK)
            return;
        bytes.size -= rest.size; /* A good record with something behind it. */
    }
    check_same_bytes(shape, &any, bytes);
    check_prefixes(shape, bytes);
    check_flip(shape, bytes);
    check_lists(shape, &any);
    assert(agree(bytes, &zone));
}

static void field_set(const dais_field_t *field, shapes_any_t *any, dais_slice_t bytes)
{
    uint8_t *at = (uint8_t *)any + field->offset;
    uint64_t number = 0;
    memcpy(&number, bytes.data, bytes.size < sizeof number ? bytes.size : sizeof number);
    dais_list_t list = {.count = (uint32_t)number, .items = bytes};
    switch (field->type) {
    case DAIS_FIELD_UINT:
    case DAIS_FIELD_CHOICE:
    case DAIS_FIELD_TIME:
    case DAIS_FIELD_HASH:
    case DAIS_FIELD_KEY:
    case DAIS_FIELD_ID: memcpy(at, &number, sizeof number); break;
    case DAIS_FIELD_LIST: memcpy(at, &list, sizeof list); break;
    case DAIS_FIELD_OPTIONAL:
    case DAIS_FIELD_BYTES:
    case DAIS_FIELD_PATH:
    case DAIS_FIELD_LINE:
    case DAIS_FIELD_TEXT:
    case DAIS_FIELD_ANY: memcpy(at, &bytes, sizeof bytes); break;
    }
}

/* The encoder is given values by a program and not by an input, and must not be led astray either:
 * what it refuses leaves the writer as it was, and what it writes is of the shape. */
static void check_encoder(const dais_shape_t *shape, dais_slice_t bytes)
{
    shapes_any_t any;
    memset(&any, 0, sizeof any);
    for (size_t i = 0; i < shape->field_count; i++)
        field_set(&shape->fields[i], &any, bytes);
    dais_writer_t writer = fuzz_writer(1);
    dais_writer_t before = writer;
    if (dais_shape_encode(shape, &any, &writer) != DAIS_OK) {
        assert(writer.size == before.size && writer.err == DAIS_OK);
        return;
    }
    assert(dais_shape_check(shape, dais_slice(writer.buffer, writer.size)).err == DAIS_OK);
    dais_list_t list = {0};
    dais_slice_t out;
    dais_writer_init(&writer, before.buffer, writer.size - 1);
    assert(dais_list_add(&list, shape, &any, &writer) == DAIS_ERR_NO_SPACE);
    assert(writer.size == 0 && list.count == 0);
    writer.err = DAIS_ERR_NO_SPACE;
    assert(dais_shape_encode(shape, &any, &writer) == DAIS_ERR_NO_SPACE);
    assert(dais_writer_finish(&writer, &out) == DAIS_ERR_NO_SPACE);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    dais_slice_t bytes = fuzz_input(data, size);
    if (bytes.size >= 2 && bytes.data[0] == 0xc1) {
        const dais_shape_t *shape = dais_shapes[bytes.data[1] % shape_count];
        bytes = dais_slice(bytes.data + 2, bytes.size - 2);
        check_shape(shape, bytes);
        check_encoder(shape, bytes);
        return 0;
    }
    const dais_shape_t *shape = dais_shape_of(bytes);
    if (shape != NULL)
        check_shape(shape, bytes);
    return 0;
}
