/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/unit/assert_fault.h"
#include "tests/unit/shapes.h"

static const char mark[] = "what stood there before";
static uint8_t filler[(DAIS_LIMIT_HAND_OVER) + 4096];

/* Encodes behind the mark and expects this answer; after a refusal the writer is as it was. */
static void assert_encodes(const dais_shape_t *shape, const void *in, dais_err_t expected)
{
    dais_writer_t writer;
    dais_writer_init(&writer, shapes_again, sizeof shapes_again);
    dais_writer_raw(&writer, dais_slice(mark, sizeof mark));
    dais_writer_t before = writer;
    dais_err_t err = dais_shape_encode(shape, in, &writer);
    if (err != expected)
        print_error("%s\n", shape->name);
    assert_err(err, expected);
    assert_memory_equal(shapes_again, mark, sizeof mark);
    if (err != DAIS_OK)
        assert_memory_equal(&writer, &before, sizeof writer);
}

static void *at(shapes_any_t *any, const dais_field_t *field)
{
    return (uint8_t *)any + field->offset;
}

static void set_slice(shapes_any_t *any, const dais_field_t *field, const void *data, size_t size)
{
    dais_slice_t slice = dais_slice(data, size);
    memcpy(at(any, field), &slice, sizeof slice);
}

static void refuse_number(const dais_shape_t *shape, const shapes_any_t *good,
                          const dais_field_t *field)
{
    uint64_t numbers[] = {field->max + 1, UINT64_MAX, field->min - 1};
    for (size_t i = 0; i < (field->min == 0 ? 2 : 3); i++) {
        shapes_any_t any = *good;
        memcpy(at(&any, field), &numbers[i], sizeof numbers[i]);
        assert_encodes(shape, &any, DAIS_ERR_OUT_OF_RANGE);
    }
}

static void refuse_size(const dais_shape_t *shape, const shapes_any_t *good,
                        const dais_field_t *field, size_t size, dais_err_t expected)
{
    shapes_any_t any = *good;
    set_slice(&any, field, filler, size);
    assert_encodes(shape, &any, expected);
}

/* Lengths outside the field's, and between the steps of those that have steps. */
static void refuse_lengths(const dais_shape_t *shape, const shapes_any_t *good,
                           const dais_field_t *field)
{
    refuse_size(shape, good, field, field->max + 1, DAIS_ERR_TOO_LONG);
    refuse_size(shape, good, field, field->max + 32, DAIS_ERR_TOO_LONG);
    if (field->min > 0)
        refuse_size(shape, good, field, field->min - 1, DAIS_ERR_TOO_SHORT);
    if (field->type == DAIS_FIELD_OPTIONAL || field->type == DAIS_FIELD_PATH) {
        refuse_size(shape, good, field, 1, DAIS_ERR_TOO_SHORT);
        refuse_size(shape, good, field, field->max - 1, DAIS_ERR_TOO_SHORT);
    }
}

static void refuse_text(const dais_shape_t *shape, const shapes_any_t *good,
                        const dais_field_t *field)
{
    static const struct {
        const char *text;
        dais_err_t line, text_err;
    } cases[] = {{"zz\nz", DAIS_ERR_CONTROL_CHARACTER, DAIS_OK},
                 {"zz\x1b", DAIS_ERR_CONTROL_CHARACTER, DAIS_ERR_CONTROL_CHARACTER},
                 {"zz\x7f", DAIS_ERR_CONTROL_CHARACTER, DAIS_ERR_CONTROL_CHARACTER},
                 {"zz\xc2\x85", DAIS_ERR_CONTROL_CHARACTER, DAIS_ERR_CONTROL_CHARACTER},
                 {"zz\xc3", DAIS_ERR_NOT_UTF8, DAIS_ERR_NOT_UTF8},
                 {"zz\xed\xa0\x80", DAIS_ERR_NOT_UTF8, DAIS_ERR_NOT_UTF8}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        shapes_any_t any = *good;
        set_slice(&any, field, cases[i].text, strlen(cases[i].text));
        assert_encodes(shape, &any,
                       field->type == DAIS_FIELD_LINE ? cases[i].line : cases[i].text_err);
    }
}

static void refuse_any(const dais_shape_t *shape, const shapes_any_t *good,
                       const dais_field_t *field)
{
    static const struct {
        const char *bytes;
        size_t size;
        dais_err_t err;
    } cases[] = {{"\xc0", 1, DAIS_ERR_WRONG_TYPE},
                 {"\xcc\x01", 2, DAIS_ERR_NOT_SHORTEST},
                 {"\x91\x91\x91\x91\x01", 5, DAIS_ERR_TOO_DEEP},
                 {"\x93\xa1\x07\x01", 4, DAIS_ERR_CONTROL_CHARACTER}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        shapes_any_t any = *good;
        set_slice(&any, field, cases[i].bytes, cases[i].size);
        assert_encodes(shape, &any, cases[i].err);
    }
    shapes_any_t any = *good;
    uint8_t head[9];
    unsigned width;
    size_t size = token_put_shortest(head, TOKEN_BIN, field->max, &width);
    memcpy(filler, head, size);
    set_slice(&any, field, filler, size + field->max);
    assert_encodes(shape, &any, DAIS_ERR_TOO_LONG);
    memset(filler, 'z', 16);
}

/* A list of `count` least elements. */
static void set_list(shapes_any_t *any, const dais_field_t *field, uint64_t count)
{
    static uint8_t items[1 << 20];
    generate_t g = generate_begin(GENERATE_MIN, 0, items, sizeof items);
    for (uint64_t i = 0; i < count; i++)
        (void)generate_shape(&g, field->element);
    dais_list_t list = {.count = (uint32_t)count, .items = dais_slice(items, g.size)};
    memcpy(at(any, field), &list, sizeof list);
}

static void refuse_list(const dais_shape_t *shape, const shapes_any_t *good,
                        const dais_field_t *field)
{
    shapes_any_t any = *good;
    set_list(&any, field, field->max + 1);
    assert_encodes(shape, &any, DAIS_ERR_TOO_LONG);
    set_list(&any, field, field->max);
    assert_encodes(shape, &any, DAIS_OK);
    set_list(&any, field, field->min);
    assert_encodes(shape, &any, DAIS_OK);
    if (field->min == 0)
        return;
    set_list(&any, field, field->min - 1);
    assert_encodes(shape, &any, DAIS_ERR_TOO_SHORT);
}

static void refuse_field(const dais_shape_t *shape, const shapes_any_t *good,
                         const dais_field_t *field)
{
    switch (field->type) {
    case DAIS_FIELD_UINT:
    case DAIS_FIELD_CHOICE:
    case DAIS_FIELD_TIME: refuse_number(shape, good, field); break;
    case DAIS_FIELD_HASH:
    case DAIS_FIELD_KEY:
    case DAIS_FIELD_ID: break; /* A struct holds no other than good ones. */
    case DAIS_FIELD_OPTIONAL:
    case DAIS_FIELD_PATH:
    case DAIS_FIELD_BYTES: refuse_lengths(shape, good, field); break;
    case DAIS_FIELD_LINE:
    case DAIS_FIELD_TEXT:
        refuse_lengths(shape, good, field);
        refuse_text(shape, good, field);
        break;
    case DAIS_FIELD_LIST: refuse_list(shape, good, field); break;
    case DAIS_FIELD_ANY: refuse_any(shape, good, field); break;
    }
}

/* Goal: the encoder refuses each value that the decoder would, with the decoder's code, and leaves
 * the writer as it was. Method: every field of every shape set outside its limits in turn. */
static void test_bad_values_are_refused(void **state)
{
    (void)state;
    memset(filler, 'z', sizeof filler);
    for (size_t i = 0; dais_shapes[i] != NULL; i++) {
        const dais_shape_t *shape = dais_shapes[i];
        shapes_any_t good;
        memset(&good, 0, sizeof good);
        assert_fault(dais_shape_decode(shape, shapes_make(shape, 0), &good), DAIS_OK, 0);
        assert_encodes(shape, &good, DAIS_OK);
        for (size_t j = 0; j < shape->field_count; j++)
            refuse_field(shape, &good, &shape->fields[j]);
    }
}

/* Goal: a list whose count is not that of its items is never written. Method: a count one too low
 * and one too high, in every shape with a list. */
static void test_list_counts_are_checked(void **state)
{
    (void)state;
    for (size_t i = 0; dais_shapes[i] != NULL; i++) {
        const dais_shape_t *shape = dais_shapes[i];
        shapes_any_t any;
        memset(&any, 0, sizeof any);
        assert_fault(dais_shape_decode(shape, shapes_make(shape, 0), &any), DAIS_OK, 0);
        for (size_t j = 0; j < shape->field_count; j++) {
            if (shape->fields[j].type != DAIS_FIELD_LIST)
                continue;
            for (uint32_t wrong = 1; wrong <= 3; wrong += 2) {
                shapes_any_t changed = any;
                dais_list_t list;
                set_list(&changed, &shape->fields[j], 2);
                memcpy(&list, at(&changed, &shape->fields[j]), sizeof list);
                list.count = wrong;
                memcpy(at(&changed, &shape->fields[j]), &list, sizeof list);
                dais_writer_t writer;
                dais_writer_init(&writer, shapes_again, sizeof shapes_again);
                assert_int_not_equal(dais_shape_encode(shape, &changed, &writer), DAIS_OK);
                assert_int_equal(writer.size, 0);
            }
        }
    }
}

/* Goal: without room nothing is written, and a writer that has failed stays so. Method: each
 * capacity below the size of the least record of each shape. */
static void test_no_space(void **state)
{
    (void)state;
    for (size_t i = 0; dais_shapes[i] != NULL; i++) {
        shapes_any_t any;
        dais_slice_t bytes = shapes_make(dais_shapes[i], 0);
        assert_fault(dais_shape_decode(dais_shapes[i], bytes, &any), DAIS_OK, 0);
        dais_writer_t writer;
        for (size_t capacity = 0; capacity < bytes.size; capacity++) {
            dais_writer_init(&writer, shapes_again, capacity);
            assert_err(dais_shape_encode(dais_shapes[i], &any, &writer), DAIS_ERR_NO_SPACE);
            assert_err(writer.err, DAIS_OK);
            assert_int_equal(writer.size, 0);
        }
        dais_writer_init(&writer, shapes_again, bytes.size);
        assert_err(dais_shape_encode(dais_shapes[i], &any, &writer), DAIS_OK);
        dais_writer_raw(&writer, dais_slice("z", 1));
        assert_err(dais_shape_encode(dais_shapes[i], &any, &writer), DAIS_ERR_NO_SPACE);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_bad_values_are_refused),
        cmocka_unit_test(test_list_counts_are_checked),
        cmocka_unit_test(test_no_space),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
