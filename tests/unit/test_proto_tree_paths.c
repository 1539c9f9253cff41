/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/random.h"
#include "proto/tree_memory.h"
#include "proto/tree_paths.h"
#include "tests/support/world.h"

#define SIZE_MAX_TREE 300

static dais_hash_t nodes[2 * SIZE_MAX_TREE];
static dais_tree_nodes_t tree;
static dais_hash_t root;
static dais_tree_paths_t paths;

static void tree_make(size_t size)
{
    for (size_t i = 0; i < size; i++)
        nodes[i] = world_hash("leaf", i);
    root = dais_tree_root(nodes, size);
    tree = (dais_tree_nodes_t){nodes, size};
    dais_tree_nodes_build(&tree);
    dais_tree_paths_begin(&paths, size, &root);
}

static dais_tree_path_t path_of(size_t index)
{
    dais_tree_path_t path;
    dais_tree_source_t source = dais_tree_nodes_source(&tree);
    world_must(dais_tree_inclusion(&source, index, tree.count, &path));
    return path;
}

static dais_err_t verify(size_t index)
{
    dais_tree_path_t path = path_of(index);
    dais_hash_t leaf = world_hash("leaf", index);
    return dais_tree_paths_verify(&paths, index, &leaf, dais_tree_path_bytes(&path));
}

/* Every change of a byte of the path, of its length, of the leaf and of the index. */
static void assert_bad(size_t index)
{
    dais_tree_path_t path = path_of(index);
    dais_slice_t bytes = dais_tree_path_bytes(&path);
    dais_hash_t leaf = world_hash("leaf", index);
    dais_hash_t other = world_hash("other", index);
    assert_int_equal(dais_tree_paths_verify(&paths, index, &other, bytes), DAIS_ERR_BAD_PROOF);
    assert_int_equal(dais_tree_paths_verify(&paths, tree.count, &leaf, bytes),
                     DAIS_ERR_OUT_OF_RANGE);
    for (size_t i = 0; i < path.count; i++) {
        dais_tree_path_t changed = path;
        changed.hashes[i].bytes[i % DAIS_HASH_SIZE] ^= 1;
        assert_int_equal(
            dais_tree_paths_verify(&paths, index, &leaf, dais_tree_path_bytes(&changed)),
            DAIS_ERR_BAD_PROOF);
        changed = path;
        changed.count = i;
        assert_int_equal(
            dais_tree_paths_verify(&paths, index, &leaf, dais_tree_path_bytes(&changed)),
            DAIS_ERR_BAD_PROOF);
    }
    dais_tree_path_t longer = path;
    longer.hashes[longer.count++] = other;
    assert_int_equal(dais_tree_paths_verify(&paths, index, &leaf, dais_tree_path_bytes(&longer)),
                     DAIS_ERR_BAD_PROOF);
    if (tree.count > 1)
        assert_int_equal(dais_tree_paths_verify(&paths, index ^ 1, &leaf, bytes),
                         (index ^ 1) < tree.count ? DAIS_ERR_BAD_PROOF : DAIS_ERR_OUT_OF_RANGE);
}

/* Goal: whatever has been proved before, good paths are taken and changed ones are not. Method:
 * every tree of up to 40 leaves and some larger ones, above what is remembered too; all leaves
 * forwards, backwards and by chance, with every change tried before and after each of a few. */
static void test_orders(void **state)
{
    static const size_t sizes[] = {63, 64, 65, 127, 129, 200, 255, 256, 257, SIZE_MAX_TREE};
    dais_random_seeded_t seeded;
    dais_random_t random = dais_random_seeded(&seeded, 20220527);
    (void)state;
    for (size_t at = 0; at < 40 + sizeof sizes / sizeof sizes[0]; at++) {
        size_t size = at < 40 ? at + 1 : sizes[at - 40];
        for (unsigned order = 0; order < 3; order++) {
            tree_make(size);
            for (size_t i = 0; i < size; i++) {
                uint64_t pick = i;
                if (order == 1)
                    pick = size - 1 - i;
                else if (order == 2)
                    world_must(dais_random_fill(&random, &pick, sizeof pick));
                if (i % 7 == 0)
                    assert_bad((size_t)(pick % size));
                assert_int_equal(verify((size_t)(pick % size)), DAIS_OK);
                if (i % 7 == 3)
                    assert_bad((size_t)(pick % size));
            }
        }
    }
}

/* Goal: a path that fails teaches nothing. Method: a path to another root, whose nodes are then
 * offered again under the right one. */
static void test_nothing_from_bad(void **state)
{
    dais_hash_t wrong = world_hash("root", 0);
    (void)state;
    tree_make(100);
    dais_tree_paths_begin(&paths, 100, &wrong);
    assert_int_equal(verify(5), DAIS_ERR_BAD_PROOF);
    assert_int_equal(verify(5), DAIS_ERR_BAD_PROOF);
    assert_int_equal(verify(4), DAIS_ERR_BAD_PROOF);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_orders),
                                       cmocka_unit_test(test_nothing_from_bad)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
