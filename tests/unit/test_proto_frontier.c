/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "proto/frontier.h"
#include "proto/tree_memory.h"
#include "tree_reference.h"

#define LEAVES_MAX 300

static dais_hash_t leaves[LEAVES_MAX];

static int leaves_make(void **state)
{
    (void)state;
    reference_leaves(leaves, LEAVES_MAX);
    return 0;
}

static void frontier_make(dais_frontier_t *frontier, size_t size)
{
    *frontier = (dais_frontier_t){0};
    for (size_t i = 0; i < size; i++)
        dais_frontier_append(frontier, &leaves[i]);
}

/* Goal: the root after each append is that of the leaves, and what is stored comes back. Method:
 * 300 appends; after each compare with the definition, encode, decode, and load from a source. */
static void test_append(void **state)
{
    (void)state;
    dais_frontier_t frontier = {0};
    dais_tree_leaves_t all = {leaves, LEAVES_MAX};
    dais_tree_source_t source = dais_tree_leaves_source(&all);
    for (size_t size = 0; size <= LEAVES_MAX; size++) {
        dais_hash_t expected = reference_root(leaves, size);
        dais_hash_t root = dais_frontier_root(&frontier);
        assert_int_equal(frontier.size, size);
        assert_memory_equal(&root, &expected, sizeof(root));

        uint8_t bytes[DAIS_FRONTIER_BYTES_MAX];
        size_t length = dais_frontier_encode(&frontier, bytes);
        assert_int_equal(length, 8 + 32 * (size_t)__builtin_popcountll(size));
        dais_frontier_t back;
        memset(&back, 0xff, sizeof(back));
        assert_int_equal(dais_frontier_decode(dais_slice(bytes, length), &back).err, DAIS_OK);
        assert_true(dais_frontier_equal(&frontier, &back));
        memset(&back, 0xff, sizeof(back));
        assert_int_equal(dais_frontier_load(&back, &source, size), DAIS_OK);
        assert_true(dais_frontier_equal(&frontier, &back));
        if (size < LEAVES_MAX)
            dais_frontier_append(&frontier, &leaves[size]);
    }
}

/* Goal: the flat form is the one that is promised. Method: size 6 by hand: the root of four leaves,
 * then that of two. */
static void test_flat_form(void **state)
{
    (void)state;
    dais_frontier_t frontier;
    frontier_make(&frontier, 6);
    uint8_t expected[8 + 2 * DAIS_HASH_SIZE] = {0, 0, 0, 0, 0, 0, 0, 6};
    dais_hash_t four = reference_root(leaves, 4);
    dais_hash_t two = reference_root(leaves + 4, 2);
    memcpy(expected + 8, &four, DAIS_HASH_SIZE);
    memcpy(expected + 8 + DAIS_HASH_SIZE, &two, DAIS_HASH_SIZE);
    uint8_t bytes[DAIS_FRONTIER_BYTES_MAX];
    assert_int_equal(dais_frontier_encode(&frontier, bytes), sizeof(expected));
    assert_memory_equal(bytes, expected, sizeof(expected));
}

/* Goal: what lies in unused levels says nothing, what lies in used ones does. Method: change each
 * level of a frontier of 37 leaves. */
static void test_equality(void **state)
{
    (void)state;
    dais_frontier_t frontier;
    frontier_make(&frontier, 37);
    for (unsigned level = 0; level < DAIS_FRONTIER_LEVELS; level++) {
        dais_frontier_t other = frontier;
        other.hashes[level].bytes[31] ^= 1;
        assert_int_equal(dais_frontier_equal(&frontier, &other), ((uint64_t)37 >> level & 1) == 0);
    }
    dais_frontier_t smaller;
    frontier_make(&smaller, 36);
    assert_false(dais_frontier_equal(&frontier, &smaller));
}

/* Goal: a damaged flat form is refused or is another tree, and a refusal changes nothing. Method:
 * every prefix, one byte more, every bit flipped. */
static void test_damage(void **state)
{
    (void)state;
    dais_frontier_t frontier;
    frontier_make(&frontier, 37);
    uint8_t bytes[DAIS_FRONTIER_BYTES_MAX + 1] = {0};
    size_t length = dais_frontier_encode(&frontier, bytes);
    dais_frontier_t back = frontier;
    for (size_t cut = 0; cut < length; cut++) {
        dais_fault_t fault = dais_frontier_decode(dais_slice(bytes, cut), &back);
        assert_int_equal(fault.err, DAIS_ERR_TRUNCATED);
        assert_int_equal(fault.offset, cut);
    }
    dais_fault_t fault = dais_frontier_decode(dais_slice(bytes, length + 1), &back);
    assert_int_equal(fault.err, DAIS_ERR_TRAILING);
    assert_int_equal(fault.offset, length);
    assert_memory_equal(&back, &frontier, sizeof(back));
    for (size_t bit = 0; bit < length * 8; bit++) {
        bytes[bit / 8] ^= (uint8_t)(1U << bit % 8);
        fault = dais_frontier_decode(dais_slice(bytes, length), &back);
        if (fault.err == DAIS_OK)
            assert_false(dais_frontier_equal(&frontier, &back));
        bytes[bit / 8] ^= (uint8_t)(1U << bit % 8);
    }
}

/* Goal: sizes from 2^63 on are refused, below they are not. Method: the flat form and the load of
 * both sides of the bound; the longest flat form there is. */
static void test_bounds(void **state)
{
    (void)state;
    dais_frontier_t frontier;
    uint8_t bytes[DAIS_FRONTIER_BYTES_MAX];
    memset(bytes, 0xff, sizeof(bytes));
    assert_int_equal(dais_frontier_decode(dais_slice(bytes, sizeof(bytes)), &frontier).err,
                     DAIS_ERR_OUT_OF_RANGE);
    bytes[0] = 0x7f;
    assert_int_equal(dais_frontier_decode(dais_slice(bytes, sizeof(bytes)), &frontier).err,
                     DAIS_OK);
    assert_int_equal(frontier.size, INT64_MAX);
    uint8_t back[DAIS_FRONTIER_BYTES_MAX];
    assert_int_equal(dais_frontier_encode(&frontier, back), sizeof(back));
    assert_memory_equal(back, bytes, sizeof(back));

    dais_tree_leaves_t all = {leaves, LEAVES_MAX};
    dais_tree_source_t source = dais_tree_leaves_source(&all);
    assert_int_equal(dais_frontier_load(&frontier, &source, DAIS_TREE_SIZE_MAX),
                     DAIS_ERR_OUT_OF_RANGE);
    assert_int_equal(dais_frontier_load(&frontier, &source, LEAVES_MAX + 1), DAIS_ERR_NOT_FOUND);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_append),   cmocka_unit_test(test_flat_form),
        cmocka_unit_test(test_equality), cmocka_unit_test(test_damage),
        cmocka_unit_test(test_bounds),
    };
    return cmocka_run_group_tests(tests, leaves_make, NULL);
}
