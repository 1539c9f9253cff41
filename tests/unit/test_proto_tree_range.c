/* SPDX-License-Identifier: Apache-2.0 */
#include "proto/tree_range.h"

#include "base/random.h"
#include "tests/support/slow.h"
#include "tests/support/world.h"
#include "tests/unit/assert_fault.h"

enum { LEAVES_MAX = 70000 };

static dais_hash_t nodes[2 * LEAVES_MAX];
static dais_tree_nodes_t tree;
static dais_tree_source_t source;
static dais_tree_path_t first_path;
static dais_tree_path_t last_path;

static void tree_make(size_t size)
{
    for (size_t i = 0; i < size; i++)
        nodes[i] = world_hash("leaf", i);
    tree = (dais_tree_nodes_t){nodes, size};
    dais_tree_nodes_build(&tree);
    source = dais_tree_nodes_source(&tree);
}

static dais_tree_range_t range_make(size_t first, size_t count)
{
    world_must(dais_tree_inclusion(&source, first, tree.count, &first_path));
    world_must(dais_tree_inclusion(&source, first + count - 1, tree.count, &last_path));
    return (dais_tree_range_t){.first = first,
                               .leaves = nodes + first,
                               .count = count,
                               .first_path = dais_tree_path_bytes(&first_path),
                               .last_path = dais_tree_path_bytes(&last_path)};
}

static void assert_paths(const dais_tree_range_t *range)
{
    for (size_t i = 0; i < range->count; i++) {
        dais_tree_path_t expected;
        dais_tree_path_t path;
        uint64_t index = range->first + i;
        world_must(dais_tree_inclusion(&source, index, tree.count, &expected));
        assert_err(dais_tree_range_path(range, tree.count, index, &path), DAIS_OK);
        assert_int_equal(path.count, expected.count);
        assert_memory_equal(path.hashes, expected.hashes, path.count * DAIS_HASH_SIZE);
    }
}

/* Goal: the path of each leaf of a range is the one that the tree itself gives. Method: every range
 * of every tree of up to 40 leaves. */
static void test_small_trees(void **state)
{
    (void)state;
    for (size_t size = 1; size <= 40; size += slow_step(13)) {
        tree_make(size);
        for (size_t first = 0; first < size; first++) {
            for (size_t count = 1; count <= size - first; count++) {
                dais_tree_range_t range = range_make(first, count);
                assert_paths(&range);
            }
        }
    }
}

/* Goal: the same for ranges of up to 256 in large trees. Method: ranges drawn from a printed seed
 * in trees at and around powers of two. */
static void test_large_trees(void **state)
{
    (void)state;
    static const size_t sizes[] = {1023, 1024, 1025, 65535, 65536, 65537, LEAVES_MAX};
    dais_random_seeded_t seeded;
    uint64_t seed;
    dais_random_t random = dais_random_system();
    world_must(dais_random_fill(&random, &seed, sizeof(seed)));
    print_message("ranges: seed %llu\n", (unsigned long long)seed);
    random = dais_random_seeded(&seeded, seed);
    for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
        tree_make(sizes[i]);
        for (size_t round = 0; round < 20; round += slow_step(10)) {
            uint32_t draw[2];
            world_must(dais_random_fill(&random, draw, sizeof(draw)));
            size_t count = round == 0 ? DAIS_TREE_RANGE_MAX : 1 + draw[0] % DAIS_TREE_RANGE_MAX;
            size_t last_first = sizes[i] - count;
            dais_tree_range_t range =
                range_make(round == 1 ? last_first : draw[1] % (last_first + 1), count);
            assert_paths(&range);
        }
    }
}

/* Goal: a question that no range answers is refused. Method: each number out of its bounds. */
static void test_out_of_range(void **state)
{
    (void)state;
    dais_tree_path_t path;
    tree_make(1000);
    dais_tree_range_t good = range_make(300, 256);
    assert_err(dais_tree_range_path(&good, 1000, 299, &path), DAIS_ERR_OUT_OF_RANGE);
    assert_err(dais_tree_range_path(&good, 1000, 556, &path), DAIS_ERR_OUT_OF_RANGE);
    assert_err(dais_tree_range_path(&good, 1000, UINT64_MAX, &path), DAIS_ERR_OUT_OF_RANGE);
    assert_err(dais_tree_range_path(&good, 555, 300, &path), DAIS_ERR_OUT_OF_RANGE);
    assert_err(dais_tree_range_path(&good, 300, 300, &path), DAIS_ERR_OUT_OF_RANGE);
    assert_err(dais_tree_range_path(&good, 0, 300, &path), DAIS_ERR_OUT_OF_RANGE);
    dais_tree_range_t range = good;
    range.count = 0;
    assert_err(dais_tree_range_path(&range, 1000, 300, &path), DAIS_ERR_OUT_OF_RANGE);
    range.count = DAIS_TREE_RANGE_MAX + 1;
    assert_err(dais_tree_range_path(&range, 1000, 300, &path), DAIS_ERR_OUT_OF_RANGE);
    assert_int_equal(path.count, 0);
}

/* Goal: a path that ends too early is refused, wherever it ends. Method: cut either path at each
 * length, by whole hashes and within one. */
static void test_short_paths(void **state)
{
    (void)state;
    dais_tree_path_t path;
    tree_make(1000);
    dais_tree_range_t good = range_make(301, 77);
    for (size_t size = 0; size < good.first_path.size; size++) {
        dais_tree_range_t range = good;
        range.first_path.size = size;
        assert_err(dais_tree_range_path(&range, 1000, 310, &path), DAIS_ERR_BAD_PROOF);
    }
    for (size_t size = 0; size < good.last_path.size; size++) {
        dais_tree_range_t range = good;
        range.last_path.size = size;
        assert_err(dais_tree_range_path(&range, 1000, 310, &path), DAIS_ERR_BAD_PROOF);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_small_trees),
        cmocka_unit_test(test_large_trees),
        cmocka_unit_test(test_out_of_range),
        cmocka_unit_test(test_short_paths),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
