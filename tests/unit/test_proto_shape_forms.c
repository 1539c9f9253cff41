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

static uint8_t other[SHAPES_BUFFER + 16];

/* The bytes with head and body from `at` on replaced by others of another length. */
static dais_slice_t spliced(dais_slice_t bytes, size_t at, size_t old_size, const uint8_t *fresh,
                            size_t fresh_size)
{
    size_t tail = bytes.size - at - old_size;
    memcpy(other, bytes.data, at);
    memcpy(other + at, fresh, fresh_size);
    memcpy(other + at + fresh_size, bytes.data + at + old_size, tail);
    return dais_slice(other, at + fresh_size + tail);
}

/* Tries each longer form of one token; returns how many there were. */
static size_t longer_forms_refused(const dais_shape_t *shape, dais_slice_t bytes,
                                   const token_t *token)
{
    size_t count = 0;
    for (unsigned width = token->width + 1; width < TOKEN_WIDTHS; width++) {
        uint8_t head[9];
        size_t size = token_put(head, token->type, width, token->number);
        if (size == 0)
            continue;
        shapes_any_t any;
        dais_slice_t longer = spliced(bytes, token->at, token->head, head, size);
        assert_fault(dais_shape_decode(shape, longer, &any), DAIS_ERR_NOT_SHORTEST, token->at);
        count++;
    }
    return count;
}

/* A number as a signed integer of 1 to 8 bytes, which the profile does not have. */
static size_t signed_forms_refused(const dais_shape_t *shape, dais_slice_t bytes,
                                   const token_t *token)
{
    for (unsigned width = 1; width < TOKEN_WIDTHS; width++) {
        uint8_t head[9];
        if (token_put(head, TOKEN_UINT, width, token->number) == 0)
            continue;
        head[0] = (uint8_t)(head[0] + 4);
        shapes_any_t any;
        dais_slice_t changed =
            spliced(bytes, token->at, token->head, head, 1 + token_width_bytes(width));
        assert_fault(dais_shape_decode(shape, changed, &any), DAIS_ERR_WRONG_TYPE, token->at);
    }
    return 1;
}

/* Of a record longer than this not every value is tried, but one in so many, beginning elsewhere
 * with each seed: each try decodes the whole. */
#define EVERY_VALUE_BYTES_MAX 8192

/* Tries the values of one record in other forms; returns how many forms there were. */
static size_t other_forms_refused(const dais_shape_t *shape, dais_slice_t bytes, uint64_t seed)
{
    size_t count = 0;
    size_t step = 1 + bytes.size / EVERY_VALUE_BYTES_MAX;
    token_t token = {0};
    for (size_t at = 0, i = (size_t)seed; at < bytes.size; at += token.size, i++) {
        assert_true(token_read(bytes, at, &token));
        if (i % step != 0)
            continue;
        count += longer_forms_refused(shape, bytes, &token);
        if (token.type == TOKEN_UINT)
            count += signed_forms_refused(shape, bytes, &token);
    }
    return count;
}

/* Goal: no non-shortest form is accepted, anywhere in a record. Method: each value of records of
 * every shape (of long ones a part, another with each seed) is written in each longer form, numbers
 * as signed ones too; the offset is the value's. */
static void test_no_other_form_is_accepted(void **state)
{
    (void)state;
    size_t count = 0;
    for (size_t i = 0; dais_shapes[i] != NULL; i++) {
        for (uint64_t seed = 0; seed < shapes_count(200); seed += seed == 0 ? 2 : 1) {
            dais_slice_t bytes = shapes_make(dais_shapes[i], seed);
            count += other_forms_refused(dais_shapes[i], bytes, seed);
        }
    }
    print_message("other forms refused: %zu\n", count);
}

/* Goal: a record is not taken for one of another domain. Method: every good record given to the
 * decoder of every other shape, with the count of that one and with its own. */
static void test_wrong_domain(void **state)
{
    (void)state;
    for (size_t i = 0; dais_shapes[i] != NULL; i++) {
        if (dais_shapes[i]->domain == NULL)
            continue;
        dais_slice_t bytes = shapes_make(dais_shapes[i], 2);
        uint8_t own_head = shapes_bytes[0];
        for (size_t j = 0; dais_shapes[j] != NULL; j++) {
            shapes_any_t any;
            if (j == i || dais_shapes[j]->domain == NULL)
                continue;
            shapes_bytes[0] = (uint8_t)(0x90 + dais_shapes[j]->field_count + 1);
            assert_fault(dais_shape_decode(dais_shapes[j], bytes, &any), DAIS_ERR_WRONG_DOMAIN, 1);
            shapes_bytes[0] = own_head;
            dais_fault_t fault = dais_shape_decode(dais_shapes[j], bytes, &any);
            assert_true(fault.err == DAIS_ERR_WRONG_DOMAIN || fault.err == DAIS_ERR_WRONG_COUNT);
        }
    }
}

/* Goal: another version of a record is not read as this one. Method: each byte of the domain string
 * changed, the string shortened and lengthened, and a bin or a number in its place. */
static void test_changed_domain(void **state)
{
    (void)state;
    for (size_t i = 0; dais_shapes[i] != NULL; i++) {
        const dais_shape_t *shape = dais_shapes[i];
        if (shape->domain == NULL)
            continue;
        dais_slice_t bytes = shapes_make(shape, 2);
        token_t domain;
        shapes_any_t any;
        assert_true(token_read(bytes, 1, &domain));
        for (size_t at = 1 + domain.head; at < 1 + domain.size; at++) {
            shapes_bytes[at] ^= 1;
            dais_err_t err = dais_shape_decode(shape, bytes, &any).err;
            assert_true(err == DAIS_ERR_WRONG_DOMAIN || err == DAIS_ERR_CONTROL_CHARACTER);
            shapes_bytes[at] ^= 1;
        }
        static const uint8_t others[][3] = {"\xa0", "\xa1z", "\xc4\x00", "\x05", "\x90"};
        static const size_t sizes[] = {1, 2, 2, 1, 1};
        for (size_t j = 0; j < sizeof sizes / sizeof sizes[0]; j++) {
            dais_slice_t changed = spliced(bytes, 1, domain.size, others[j], sizes[j]);
            assert_fault(dais_shape_decode(shape, changed, &any),
                         j < 2 ? DAIS_ERR_WRONG_DOMAIN : DAIS_ERR_WRONG_TYPE, 1);
        }
    }
}

/* The decoder's answer when the head of the array says another count. */
static dais_fault_t recounted(const dais_shape_t *shape, dais_slice_t bytes, uint64_t count)
{
    uint8_t head[9];
    unsigned width;
    size_t size = token_put_shortest(head, TOKEN_ARRAY, count, &width);
    shapes_any_t any;
    return dais_shape_decode(shape, spliced(bytes, 0, 1, head, size), &any);
}

/* Goal: a record or tuple has exactly its fields. Method: the last value dropped or one added, and
 * the count with or without it. */
static void test_wrong_count(void **state)
{
    (void)state;
    for (size_t i = 0; dais_shapes[i] != NULL; i++) {
        const dais_shape_t *shape = dais_shapes[i];
        if (shape->form == DAIS_SHAPE_SCALAR)
            continue;
        size_t count = shape->field_count + (shape->domain != NULL ? 1 : 0);
        dais_slice_t bytes = shapes_make(shape, 0);
        shapes_bytes[bytes.size] = 0;
        dais_slice_t more = dais_slice(bytes.data, bytes.size + 1);
        token_t last = {0};
        for (size_t at = 0; at < bytes.size; at += last.size)
            assert_true(token_read(bytes, at, &last));
        dais_slice_t fewer = dais_slice(bytes.data, last.at);
        assert_fault(recounted(shape, bytes, count), DAIS_OK, 0);
        assert_fault(recounted(shape, more, count + 1), DAIS_ERR_WRONG_COUNT, 0);
        /* Fewer bytes than values is seen first. */
        assert_fault(recounted(shape, bytes, count + 1),
                     count + 1 > bytes.size - 1 ? DAIS_ERR_TRUNCATED : DAIS_ERR_WRONG_COUNT, 0);
        assert_fault(recounted(shape, bytes, count - 1), DAIS_ERR_WRONG_COUNT, 0);
        assert_fault(recounted(shape, fewer, count - 1), DAIS_ERR_WRONG_COUNT, 0);
        assert_fault(recounted(shape, bytes, 0), DAIS_ERR_WRONG_COUNT, 0);
    }
}

/* Goal: a field takes its own type only. Method: each value of a good record replaced by one of
 * each other type, of the profile or not. */
static void test_wrong_type(void **state)
{
    (void)state;
    static const struct {
        uint8_t bytes[9];
        size_t size;
        token_type_t type;
    } values[] = {
        {{0x00}, 1, TOKEN_UINT},        {{0xc4, 0x00}, 2, TOKEN_BIN},
        {{0xa0}, 1, TOKEN_STR},         {{0x90}, 1, TOKEN_ARRAY},
        {{0xc0}, 1, TOKEN_OTHER},       {{0xc3}, 1, TOKEN_OTHER},
        {{0xff}, 1, TOKEN_OTHER},       {{0x80}, 1, TOKEN_OTHER},
        {{0xd4, 1, 1}, 3, TOKEN_OTHER}, {{0xcb, 0x3f}, 9, TOKEN_OTHER},
    };
    for (size_t i = 0; dais_shapes[i] != NULL; i++) {
        dais_slice_t bytes = shapes_make(dais_shapes[i], 0);
        token_t token = {0};
        for (size_t at = 0; at < bytes.size; at += token.size) {
            assert_true(token_read(bytes, at, &token));
            for (size_t j = 0; j < sizeof values / sizeof values[0]; j++) {
                shapes_any_t any;
                if (values[j].type == token.type)
                    continue;
                dais_slice_t changed =
                    spliced(bytes, at, token.size, values[j].bytes, values[j].size);
                dais_fault_t fault = dais_shape_decode(dais_shapes[i], changed, &any);
                /* The fields that hold a value of any type take one more of the profile. */
                if (fault.err == DAIS_OK)
                    assert_true(values[j].type != TOKEN_OTHER &&
                                shapes_encode(dais_shapes[i], &any).size == changed.size);
                else
                    assert_fault(fault, DAIS_ERR_WRONG_TYPE, at);
            }
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_no_other_form_is_accepted),
        cmocka_unit_test(test_wrong_domain),
        cmocka_unit_test(test_changed_domain),
        cmocka_unit_test(test_wrong_count),
        cmocka_unit_test(test_wrong_type),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
