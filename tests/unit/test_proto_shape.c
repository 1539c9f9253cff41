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

/* Up to this all prefixes and bits are tried, beyond it so many at places chosen by chance; where
 * the whole is asked for, all of them up to eight times as much. */
#define EXHAUSTIVE_MAX 2048

static size_t tried_count;
static size_t whole_count;

static void tried_print(const char *what)
{
    print_message("%s: %zu\n", what, tried_count);
    tried_count = 0;
}

static void whole_print(const char *what)
{
    print_message("%s: %zu\n", what, whole_count);
    whole_count = 0;
}

/* Goal: the tables hold together. Method: names, domains and structs of all shapes; a domain opens
 * with "dais/", ends in a newline and belongs to one shape; minima are not above maxima. */
static void test_tables(void **state)
{
    (void)state;
    size_t count = 0;
    for (; dais_shapes[count] != NULL; count++) {
        const dais_shape_t *shape = dais_shapes[count];
        assert_true(shape->struct_size <= sizeof(shapes_any_t));
        assert_true(shape->field_count >= 1);
        assert_int_equal(shape->domain != NULL, shape->form == DAIS_SHAPE_RECORD);
        assert_int_equal(shape->domain_size, shape->domain != NULL ? strlen(shape->domain) : 0);
        for (size_t i = 0; i < shape->field_count; i++) {
            const dais_field_t *field = &shape->fields[i];
            assert_true(field->min <= field->max);
            assert_int_equal(field->element != NULL, field->type == DAIS_FIELD_LIST);
            assert_int_equal(field->words != NULL, field->type == DAIS_FIELD_CHOICE);
            if (field->type == DAIS_FIELD_PATH)
                assert_int_equal(field->max % DAIS_HASH_SIZE, 0);
        }
        for (size_t i = 0; i < count; i++)
            assert_string_not_equal(shape->name, dais_shapes[i]->name);
        if (shape->domain == NULL)
            continue;
        assert_memory_equal(shape->domain, "dais/", 5);
        assert_string_equal(shape->domain + strlen(shape->domain) - 3, "/1\n");
        for (size_t i = 0; i < count; i++)
            if (dais_shapes[i]->domain != NULL)
                assert_string_not_equal(shape->domain, dais_shapes[i]->domain);
    }
    assert_true(count > 80);
}

static void assert_round_trip(const dais_shape_t *shape, dais_slice_t bytes)
{
    shapes_any_t any;
    memset(&any, 0xa5, sizeof any);
    dais_fault_t fault = dais_shape_decode(shape, bytes, &any);
    if (fault.err != DAIS_OK)
        print_error("%s at %zu of %zu bytes\n", shape->name, fault.offset, bytes.size);
    assert_fault(fault, DAIS_OK, 0);
    assert_fault(dais_shape_check(shape, bytes), DAIS_OK, 0);
    assert_true(dais_slice_equal(shapes_encode(shape, &any), bytes));
    tried_count++;
}

/* Goal: what is decoded and encoded again is the same bytes, for every shape. Method: the least,
 * the most, and values by chance, made from the tables by a generator of the tests. */
static void test_round_trip(void **state)
{
    (void)state;
    for (size_t i = 0; dais_shapes[i] != NULL; i++) {
        for (uint64_t seed = 0; seed < shapes_count(1000); seed++)
            assert_round_trip(dais_shapes[i], shapes_make(dais_shapes[i], seed));
    }
    tried_print("records decoded and encoded again");
}

/* The n-th of `count` places below size: all of them if that is enough, else both ends and others
 * by chance. */
static size_t place(generate_t *g, size_t n, size_t count, size_t size)
{
    if (count >= size)
        return n;
    if (n < count / 4)
        return n;
    return n < count / 2 ? size - 1 - (n - count / 4) : (size_t)generate_below(g, size);
}

static size_t place_count(size_t size)
{
    bool whole = size <= EXHAUSTIVE_MAX || size <= shapes_count((size_t)8 * EXHAUSTIVE_MAX);
    whole_count += whole ? 1 : 0;
    return whole ? size : shapes_count(EXHAUSTIVE_MAX);
}

static void assert_refused(const dais_shape_t *shape, dais_slice_t bytes, dais_err_t err)
{
    shapes_any_t any;
    memset(&any, 0xa5, sizeof any);
    dais_fault_t fault = dais_shape_decode(shape, bytes, &any);
    assert_err(fault.err, err);
    assert_true(fault.offset <= bytes.size);
    assert_true(shapes_all_zero(&any, shape));
    assert_err(dais_shape_check(shape, bytes).err, err);
    tried_count++;
}

/* Goal: no proper prefix of a good record is accepted. Method: cut it at every byte. */
static void test_prefixes_are_refused(void **state)
{
    (void)state;
    generate_t g = generate_begin(GENERATE_RANDOM, 5, NULL, 0);
    for (size_t i = 0; dais_shapes[i] != NULL; i++) {
        for (uint64_t seed = 0; seed < shapes_count(100); seed++) {
            dais_slice_t bytes = shapes_make(dais_shapes[i], seed);
            size_t count = place_count(bytes.size);
            for (size_t n = 0; n < count; n++)
                assert_refused(dais_shapes[i],
                               dais_slice(bytes.data, place(&g, n, count, bytes.size)),
                               DAIS_ERR_TRUNCATED);
        }
    }
    tried_print("prefixes refused");
    whole_print("records cut at every byte");
}

/* Goal: no byte may follow. Method: each of the 256 behind good records, and the offset named; the
 * decoder of the first of several leaves it over. */
static void test_trailing_bytes_are_refused(void **state)
{
    (void)state;
    for (size_t i = 0; dais_shapes[i] != NULL; i++) {
        for (uint64_t seed = 0; seed < 3; seed++) {
            dais_slice_t good = shapes_make(dais_shapes[i], seed);
            dais_slice_t more = dais_slice(good.data, good.size + 1);
            for (unsigned byte = 0; byte < 256; byte += (unsigned)slow_step(51)) {
                shapes_bytes[good.size] = (uint8_t)byte;
                assert_refused(dais_shapes[i], more, DAIS_ERR_TRAILING);
            }
            shapes_any_t any;
            dais_slice_t rest;
            assert_int_equal(dais_shape_check(dais_shapes[i], more).offset, good.size);
            assert_fault(dais_shape_decode(dais_shapes[i], more, &any), DAIS_ERR_TRAILING,
                         good.size);
            assert_fault(dais_shape_decode_first(dais_shapes[i], more, &any, &rest), DAIS_OK, 0);
            assert_int_equal(rest.size, 1);
            assert_ptr_equal(rest.data, good.data + good.size);
        }
    }
    tried_print("trailing bytes refused");
}

/* The flipped bytes are refused, or they are another record: what they decode to encodes to them
 * and so never to the original. */
static void assert_flip_counts(const dais_shape_t *shape, dais_slice_t flipped)
{
    shapes_any_t any;
    dais_fault_t fault = dais_shape_decode(shape, flipped, &any);
    tried_count++;
    if (fault.err == DAIS_OK)
        assert_true(dais_slice_equal(shapes_encode(shape, &any), flipped));
    else
        assert_true(shapes_all_zero(&any, shape));
}

/* Goal: no flipped bit decodes to the same values. Method: each bit of records of every shape. */
static void test_flipped_bits_count(void **state)
{
    (void)state;
    generate_t g = generate_begin(GENERATE_RANDOM, 6, NULL, 0);
    for (size_t i = 0; dais_shapes[i] != NULL; i++) {
        for (uint64_t seed = 0; seed < shapes_count(40); seed++) {
            dais_slice_t bytes = shapes_make(dais_shapes[i], seed);
            size_t count = place_count(8 * bytes.size);
            for (size_t n = 0; n < count; n++) {
                size_t bit = place(&g, n, count, 8 * bytes.size);
                shapes_bytes[bit / 8] ^= (uint8_t)(1U << bit % 8);
                assert_flip_counts(dais_shapes[i], bytes);
                shapes_bytes[bit / 8] ^= (uint8_t)(1U << bit % 8);
            }
        }
    }
    tried_print("flipped bits tried");
    whole_print("records with every bit flipped");
}

/* Goal: a record is known by its domain string and only by that. Method: each record shape, cut
 * and spoilt at its head; tuples and other values are of no record shape. */
static void test_shape_of(void **state)
{
    (void)state;
    for (size_t i = 0; dais_shapes[i] != NULL; i++) {
        const dais_shape_t *shape = dais_shapes[i];
        dais_slice_t bytes = shapes_make(shape, 2);
        if (shape->domain == NULL) {
            assert_null(dais_shape_of(bytes));
            continue;
        }
        size_t head = (size_t)(2 + strlen(shape->domain)) + (strlen(shape->domain) > 31 ? 1 : 0);
        assert_ptr_equal(dais_shape_of(bytes), shape);
        for (size_t cut = 0; cut < head; cut++)
            assert_null(dais_shape_of(dais_slice(bytes.data, cut)));
        shapes_bytes[head - 3]++;
        assert_null(dais_shape_of(bytes));
    }
    static const char *const others[] = {"", "\x90", "\xc0", "\x91\xa0", "\x91\x07", "\xa1z"};
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
        assert_null(dais_shape_of(dais_slice_text(others[i])));
}

/* Goal: a list is built, decoded and walked with the same elements; an empty one has none. Method:
 * objections on several targets. */
static void test_lists(void **state)
{
    (void)state;
    uint8_t buffer[512];
    dais_writer_t writer;
    dais_writer_init(&writer, buffer, sizeof buffer);
    dais_list_t list = {0};
    dais_objected_t element = {{{0}}, {0}};
    dais_list_walk_t walk = dais_list_begin(&list, &dais_shape_objected);
    assert_false(dais_list_next(&walk, &element));
    for (uint8_t i = 0; i < 5; i++) {
        element = (dais_objected_t){.organisation = {{i}}, .reason = dais_slice("abcdef", i)};
        assert_err(dais_list_add(&list, &dais_shape_objected, &element, &writer), DAIS_OK);
    }
    assert_int_equal(list.count, 5);
    walk = dais_list_begin(&list, &dais_shape_objected);
    for (uint8_t i = 0; i < 5; i++) {
        assert_true(dais_list_next(&walk, &element));
        assert_int_equal(element.organisation.bytes[0], i);
        assert_true(dais_slice_equal(element.reason, dais_slice("abcdef", i)));
    }
    assert_false(dais_list_next(&walk, &element));
    dais_list_t before = list;
    element.reason = dais_slice("a\nb", 3);
    assert_err(dais_list_add(&list, &dais_shape_objected, &element, &writer),
               DAIS_ERR_CONTROL_CHARACTER);
    assert_memory_equal(&list, &before, sizeof list);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_tables),
        cmocka_unit_test(test_round_trip),
        cmocka_unit_test(test_prefixes_are_refused),
        cmocka_unit_test(test_trailing_bytes_are_refused),
        cmocka_unit_test(test_flipped_bits_count),
        cmocka_unit_test(test_shape_of),
        cmocka_unit_test(test_lists),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
