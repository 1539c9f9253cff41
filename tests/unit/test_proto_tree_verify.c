/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "proto/tree_memory.h"
#include "proto/tree_verify.h"
#include "tests/support/slow.h"
#include "tree_reference.h"

#define LEAVES_MAX 1000

static dais_hash_t leaves[LEAVES_MAX];
static dais_hash_t room[2 * LEAVES_MAX];

static int leaves_make(void **state)
{
    (void)state;
    reference_leaves(leaves, LEAVES_MAX);
    return 0;
}

/* A range of a tree over the first `size` leaves, with all that its proof takes. */
typedef struct {
    dais_tree_path_t first_path;
    dais_tree_path_t last_path;
    dais_tree_range_t range;
} run_t;

static void run_make(run_t *run, const dais_tree_source_t *source, size_t first, size_t count,
                     size_t size)
{
    assert_int_equal(dais_tree_inclusion(source, first, size, &run->first_path), DAIS_OK);
    assert_int_equal(dais_tree_inclusion(source, first + count - 1, size, &run->last_path),
                     DAIS_OK);
    const dais_hash_t *own = first < LEAVES_MAX ? leaves + first : NULL;
    run->range = (dais_tree_range_t){first, own, count, dais_tree_path_bytes(&run->first_path),
                                     dais_tree_path_bytes(&run->last_path)};
}

static dais_tree_source_t nodes_make(dais_tree_nodes_t *nodes, size_t size)
{
    memcpy(room, leaves, size * sizeof(leaves[0]));
    *nodes = (dais_tree_nodes_t){room, size};
    dais_tree_nodes_build(nodes);
    return dais_tree_nodes_source(nodes);
}

static void flip(void *bytes, size_t bit)
{
    ((uint8_t *)bytes)[bit / 8] ^= (uint8_t)(1U << bit % 8);
}

/* One bit of one leaf, and one of each path. */
static void run_damage_random(run_t *run, size_t size, const dais_hash_t *root, uint64_t *seed)
{
    struct {
        void *bytes;
        size_t size;
    } parts[] = {{leaves + run->range.first, run->range.count * DAIS_HASH_SIZE},
                 {run->first_path.hashes, run->range.first_path.size},
                 {run->last_path.hashes, run->range.last_path.size}};
    for (size_t i = 0; i < 3; i++) {
        if (parts[i].size == 0)
            continue;
        size_t bit = reference_random(seed) % (parts[i].size * 8);
        flip(parts[i].bytes, bit);
        assert_int_equal(dais_tree_range_verify(&run->range, size, root), DAIS_ERR_BAD_PROOF);
        flip(parts[i].bytes, bit);
    }
}

/* Goal: every run of leaves is proved, and by its own leaves alone. Method: all runs in all trees
 * of 1 to 70 leaves; in each a random bit of the leaves and of either path is flipped. */
static void test_all_ranges(void **state)
{
    (void)state;
    uint64_t seed = 6962;
    size_t count_done = 0;
    for (size_t size = 1; size <= 70; size += slow_step(11)) {
        dais_hash_t root = reference_root(leaves, size);
        dais_tree_nodes_t nodes;
        dais_tree_source_t source = nodes_make(&nodes, size);
        for (size_t first = 0; first < size; first++) {
            for (size_t count = 1; count <= size - first; count++, count_done++) {
                run_t run;
                run_make(&run, &source, first, count, size);
                assert_int_equal(dais_tree_range_verify(&run.range, size, &root), DAIS_OK);
                run_damage_random(&run, size, &root, &seed);
            }
        }
    }
    print_message("ranges: %zu verified\n", count_done);
}

static void range_part_damage(const dais_tree_range_t *range, size_t size, const dais_hash_t *root,
                              void *bytes, size_t bytes_count)
{
    for (size_t bit = 0; bit < bytes_count * 8; bit++) {
        flip(bytes, bit);
        assert_int_equal(dais_tree_range_verify(range, size, root), DAIS_ERR_BAD_PROOF);
        flip(bytes, bit);
    }
}

static void range_path_lengths(dais_tree_range_t range, dais_slice_t *path, size_t size,
                               const dais_hash_t *root, dais_tree_range_t *shown)
{
    size_t good = path->size;
    for (size_t other = 0; other <= good + DAIS_HASH_SIZE; other++) {
        path->size = other;
        assert_int_equal(dais_tree_range_verify(shown, size, root),
                         other == good ? DAIS_OK : DAIS_ERR_BAD_PROOF);
    }
    *shown = range;
}

/* Goal: no bit of a range's proof is without effect. Method: flip each bit of leaves, paths and
 * root, and cut and stretch both paths to every length, for all runs in a tree of 11. */
static void test_range_damage(void **state)
{
    (void)state;
    const size_t size = 11;
    dais_hash_t root = reference_root(leaves, size);
    dais_tree_nodes_t nodes;
    dais_tree_source_t source = nodes_make(&nodes, size);
    for (size_t first = 0; first < size; first++) {
        for (size_t count = 1; count <= size - first; count++) {
            run_t run;
            run_make(&run, &source, first, count, size);
            dais_tree_range_t *range = &run.range;
            range_part_damage(range, size, &root, leaves + first, count * DAIS_HASH_SIZE);
            range_part_damage(range, size, &root, run.first_path.hashes, range->first_path.size);
            range_part_damage(range, size, &root, run.last_path.hashes, range->last_path.size);
            range_part_damage(range, size, &root, &root, DAIS_HASH_SIZE);
            range_path_lengths(*range, &range->first_path, size, &root, range);
            range_path_lengths(*range, &range->last_path, size, &root, range);
        }
    }
}

/* Goal: the leaves of a run are proved in their order and at their place. Method: exchange each two
 * neighbours; claim the run one place on. */
static void test_order_and_place(void **state)
{
    (void)state;
    const size_t size = 37;
    dais_hash_t root = reference_root(leaves, size);
    dais_tree_nodes_t nodes;
    dais_tree_source_t source = nodes_make(&nodes, size);
    run_t run;
    run_make(&run, &source, 3, 30, size);
    for (size_t i = 3; i + 1 < 33; i++) {
        dais_hash_t kept = leaves[i];
        leaves[i] = leaves[i + 1];
        leaves[i + 1] = kept;
        assert_int_equal(dais_tree_range_verify(&run.range, size, &root), DAIS_ERR_BAD_PROOF);
        leaves[i + 1] = leaves[i];
        leaves[i] = kept;
    }
    run.range.first++;
    assert_int_equal(dais_tree_range_verify(&run.range, size, &root), DAIS_ERR_BAD_PROOF);
    run.range.first -= 2;
    assert_int_equal(dais_tree_range_verify(&run.range, size, &root), DAIS_ERR_BAD_PROOF);
}

/* Goal: runs as long as a bundle with the registry's own entries behind it, and longer. Method: a
 * tree of 1,000 with runs of 256, 257, 300 and all, at several places. */
static void test_long_ranges(void **state)
{
    (void)state;
    static const size_t counts[] = {1, 2, 255, 256, 257, 300, 999, 1000};
    dais_hash_t root = reference_root(leaves, LEAVES_MAX);
    dais_tree_nodes_t nodes;
    dais_tree_source_t source = nodes_make(&nodes, LEAVES_MAX);
    uint64_t seed = 257;
    for (size_t i = 0; i < sizeof(counts) / sizeof(counts[0]); i++) {
        for (size_t first = 0; first + counts[i] <= LEAVES_MAX; first += 61 * slow_step(5)) {
            run_t run;
            run_make(&run, &source, first, counts[i], LEAVES_MAX);
            assert_int_equal(dais_tree_range_verify(&run.range, LEAVES_MAX, &root), DAIS_OK);
            run_damage_random(&run, LEAVES_MAX, &root, &seed);
        }
    }
}

/* Goal: ranges that no tree has are refused. Method: none, one too many, one that begins at the
 * end, one whose end overflows. */
static void test_range_out_of_range(void **state)
{
    (void)state;
    dais_hash_t root = reference_root(leaves, 4);
    static const struct {
        uint64_t first;
        size_t count;
        uint64_t size;
    } cases[] = {{0, 0, 4},        {0, 5, 4},          {3, 2, 4}, {4, 1, 4},
                 {1, SIZE_MAX, 4}, {UINT64_MAX, 1, 4}, {0, 1, 0}, {0, 1, DAIS_TREE_SIZE_MAX + 1}};
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        dais_tree_range_t range = {
            .first = cases[i].first, .leaves = leaves, .count = cases[i].count};
        assert_int_equal(dais_tree_range_verify(&range, cases[i].size, &root),
                         DAIS_ERR_OUT_OF_RANGE);
    }
}

/* Goal: the arithmetic holds up to the largest tree. Method: sizes around powers of two up to 2^63,
 * in a tree of equal leaves: inclusion of first, last and random leaves, consistency of each pair
 * of sizes, runs at both ends. */
static void test_largest_trees(void **state)
{
    (void)state;
    reference_even_t tree;
    dais_tree_source_t source = reference_even(&tree, &leaves[0]);
    dais_hash_t same[257];
    for (size_t i = 0; i < 257; i++)
        same[i] = leaves[0];
    static const uint64_t sizes[] = {
        257,        UINT32_MAX,       1ULL << 32,       (1ULL << 62) - 1,
        1ULL << 62, (1ULL << 62) + 1, (1ULL << 63) - 1, 1ULL << 63};
    uint64_t seed = 63;
    size_t longest = 0;
    for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
        dais_hash_t root;
        dais_tree_path_t path;
        uint64_t size = sizes[i];
        assert_int_equal(dais_tree_source_root(&source, size, &root), DAIS_OK);
        uint64_t indices[] = {0, size - 1, size / 2, reference_random(&seed) % size};
        for (size_t j = 0; j < 4; j++) {
            assert_int_equal(dais_tree_inclusion(&source, indices[j], size, &path), DAIS_OK);
            assert_int_equal(dais_tree_inclusion_verify(indices[j], size, &leaves[0],
                                                        dais_tree_path_bytes(&path), &root),
                             DAIS_OK);
        }
        for (size_t j = 0; j <= i; j++) {
            dais_hash_t root1;
            assert_int_equal(dais_tree_source_root(&source, sizes[j], &root1), DAIS_OK);
            assert_int_equal(dais_tree_consistency(&source, sizes[j], size, &path), DAIS_OK);
            assert_int_equal(dais_tree_consistency_verify(sizes[j], size, &root1, &root,
                                                          dais_tree_path_bytes(&path)),
                             DAIS_OK);
            longest = path.count > longest ? path.count : longest;
        }
        for (uint64_t first = 0; first <= size - 257; first += size - 257 > 0 ? size - 257 : 1) {
            run_t run;
            run_make(&run, &source, first, 257, size);
            run.range.leaves = same;
            assert_int_equal(dais_tree_range_verify(&run.range, size, &root), DAIS_OK);
        }
    }
    assert_in_range(longest, 63, DAIS_TREE_PATH_MAX);
}

/* Goal: the error of a source comes through, whichever answer it is. Method: a source that fails
 * after n answers, for n = 0, 1, 2 … until all are given. */
static void test_source_fails(void **state)
{
    (void)state;
    reference_even_t tree;
    dais_tree_source_t source = reference_even(&tree, &leaves[0]);
    dais_tree_path_t path;
    dais_hash_t root;
    size_t fired = 0;
    dais_err_t errs[3] = {DAIS_ERR_IO, DAIS_ERR_IO, DAIS_ERR_IO};
    for (size_t n = 0; errs[0] != DAIS_OK || errs[1] != DAIS_OK || errs[2] != DAIS_OK; n++) {
        tree.left = n;
        errs[0] = dais_tree_inclusion(&source, 70, 239, &path);
        tree.left = n;
        errs[1] = dais_tree_consistency(&source, 77, 239, &path);
        tree.left = n;
        errs[2] = dais_tree_source_root(&source, 239, &root);
        for (size_t i = 0; i < 3; i++) {
            assert_true(errs[i] == DAIS_OK || errs[i] == DAIS_ERR_IO);
            fired += errs[i] != DAIS_OK;
        }
    }
    assert_true(fired > 20);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_all_ranges),         cmocka_unit_test(test_range_damage),
        cmocka_unit_test(test_order_and_place),    cmocka_unit_test(test_long_ranges),
        cmocka_unit_test(test_range_out_of_range), cmocka_unit_test(test_largest_trees),
        cmocka_unit_test(test_source_fails),
    };
    return cmocka_run_group_tests(tests, leaves_make, NULL);
}
