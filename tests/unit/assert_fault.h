/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_TESTS_UNIT_ASSERT_FAULT_H
#define DAIS_TESTS_UNIT_ASSERT_FAULT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/err.h"

/* The codes are compared as text, so that a failure names them. */
#define assert_err(found, expected)                                                                \
    assert_string_equal(dais_err_code(found), dais_err_code(expected))

/* A fault of this code at this offset; no fault has the offset 0. */
#define assert_fault(found, expected_err, expected_offset)                                         \
    do {                                                                                           \
        dais_fault_t fault_found = (found);                                                        \
        assert_err(fault_found.err, (expected_err));                                               \
        assert_int_equal(fault_found.offset, (expected_offset));                                   \
    } while (0)

static inline bool thing_is_zero(const void *thing, size_t size)
{
    const uint8_t *bytes = thing;
    uint8_t seen = 0;
    for (size_t i = 0; i < size; i++)
        seen |= bytes[i];
    return seen == 0;
}

/* What a decoder hands out after a fault. */
#define assert_all_zero(thing) assert_true(thing_is_zero(&(thing), sizeof(thing)))

/* Fills a thing with rubbish, so that zeros found later were put there. */
#define spoil(thing) memset(&(thing), 0xA5, sizeof(thing))

#endif
