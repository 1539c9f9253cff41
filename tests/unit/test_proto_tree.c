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

#define LEAVES_MAX 70

static dais_hash_t leaves[LEAVES_MAX];

static int leaves_make(void **state)
{
    (void)state;
    reference_leaves(leaves, LEAVES_MAX);
    return 0;
}

static dais_hash_t hash_from_hex(const char *hex)
{
    dais_hash_t hash;
    for (size_t i = 0; i < DAIS_HASH_SIZE; i++) {
        char digits[3] = {hex[2 * i], hex[2 * i + 1], 0};
        hash.bytes[i] = (uint8_t)strtoul(digits, NULL, 16);
    }
    return hash;
}

static void assert_hash(dais_hash_t hash, const char *hex)
{
    dais_hash_t expected = hash_from_hex(hex);
    assert_memory_equal(hash.bytes, expected.bytes, DAIS_HASH_SIZE);
}

/* Goal: the tree is the one that the world computes. Method: the reference tree of Certificate
 * Transparency: eight leaves, the published roots of sizes 0 to 8, and a published path. */
static void test_reference_tree(void **state)
{
    (void)state;
    static const char inputs[8][17] = {
        "",
        "\x00",
        "\x10",
        "\x20\x21",
        "\x30\x31",
        "\x40\x41\x42\x43",
        "\x50\x51\x52\x53\x54\x55\x56\x57",
        "\x60\x61\x62\x63\x64\x65\x66\x67\x68\x69\x6a\x6b\x6c\x6d\x6e\x6f"};
    static const size_t sizes[8] = {0, 1, 1, 2, 2, 4, 8, 16};
    static const char *const roots[9] = {
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
        "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    };
    dais_hash_t hashes[8];
    for (size_t i = 0; i < 8; i++)
        hashes[i] = dais_tree_leaf_hash(dais_slice(inputs[i], sizes[i]));
    for (size_t size = 0; size <= 8; size++)
        assert_hash(dais_tree_root(hashes, size), roots[size]);
    assert_hash(dais_tree_empty_root(), roots[0]);

    dais_tree_path_t path;
    assert_int_equal(dais_tree_leaves_inclusion(hashes, 8, 0, &path), DAIS_OK);
    assert_int_equal(path.count, 3);
    assert_hash(path.hashes[0], "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7");
    assert_hash(path.hashes[1], "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e");
    assert_hash(path.hashes[2], "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4");
}

/* Goal: leaf and node hashes cannot be taken for each other. Method: a leaf that is two hashes side
 * by side is not the node over them. */
static void test_leaf_is_no_node(void **state)
{
    (void)state;
    dais_hash_t node = dais_tree_node_hash(&leaves[0], &leaves[1]);
    dais_hash_t leaf = dais_tree_leaf_hash(dais_slice(leaves, 2 * sizeof(leaves[0])));
    dais_hash_t expected = reference_node(leaves[0], leaves[1]);
    assert_memory_equal(&node, &expected, sizeof(node));
    assert_memory_not_equal(&node, &leaf, sizeof(node));
}

/* Goal: roots are right for every small size, from all that can give them. Method: compare with the
 * definition, by the array, by both sources. */
static void test_roots(void **state)
{
    (void)state;
    for (size_t size = 0; size <= LEAVES_MAX; size += slow_step(7)) {
        dais_hash_t expected = reference_root(leaves, size);
        dais_hash_t room[2 * LEAVES_MAX];
        memcpy(room, leaves, size * sizeof(leaves[0]));
        dais_tree_nodes_t nodes = {room, size};
        dais_tree_nodes_build(&nodes);
        dais_tree_leaves_t few = {leaves, size};
        dais_tree_source_t sources[] = {dais_tree_leaves_source(&few),
                                        dais_tree_nodes_source(&nodes)};
        dais_hash_t root = dais_tree_root(leaves, size);
        assert_memory_equal(&root, &expected, sizeof(root));
        for (size_t i = 0; i < 2; i++) {
            assert_int_equal(dais_tree_source_root(&sources[i], size, &root), DAIS_OK);
            assert_memory_equal(&root, &expected, sizeof(root));
        }
    }
}

/* Goal: sources in memory know their end. Method: ask for subtrees that reach beyond it. */
static void test_sources_end(void **state)
{
    (void)state;
    dais_hash_t room[10];
    memcpy(room, leaves, 5 * sizeof(leaves[0]));
    dais_tree_nodes_t nodes = {room, 5};
    dais_tree_nodes_build(&nodes);
    dais_tree_leaves_t few = {leaves, 5};
    dais_tree_source_t sources[] = {dais_tree_leaves_source(&few), dais_tree_nodes_source(&nodes)};
    for (size_t i = 0; i < 2; i++) {
        dais_hash_t hash;
        const dais_tree_source_t *source = &sources[i];
        assert_int_equal(source->hash(source->context, 0, 4, &hash), DAIS_OK);
        assert_int_equal(source->hash(source->context, 0, 5, &hash), DAIS_ERR_NOT_FOUND);
        assert_int_equal(source->hash(source->context, 1, 1, &hash), DAIS_OK);
        assert_int_equal(source->hash(source->context, 1, 2, &hash), DAIS_ERR_NOT_FOUND);
        assert_int_equal(source->hash(source->context, 2, 0, &hash), DAIS_OK);
        assert_int_equal(source->hash(source->context, 3, 0, &hash), DAIS_ERR_NOT_FOUND);
        assert_int_equal(source->hash(source->context, 63, 0, &hash), DAIS_ERR_NOT_FOUND);
        assert_int_equal(source->hash(source->context, 64, 0, &hash), DAIS_ERR_NOT_FOUND);
    }
}

/* Goal: paths are those of the RFC and verify, for this index alone. Method: all indices of all
 * sizes; the definition, both sources, and verification under every index. */
static void test_inclusion(void **state)
{
    (void)state;
    for (size_t size = 1; size <= LEAVES_MAX; size += slow_step(7)) {
        dais_hash_t root = reference_root(leaves, size);
        dais_hash_t room[2 * LEAVES_MAX];
        memcpy(room, leaves, size * sizeof(leaves[0]));
        dais_tree_nodes_t nodes = {room, size};
        dais_tree_nodes_build(&nodes);
        dais_tree_source_t source = dais_tree_nodes_source(&nodes);
        for (size_t index = 0; index < size; index++) {
            dais_tree_path_t path;
            dais_tree_path_t single;
            dais_tree_path_t expected = {.count = 0};
            reference_path(leaves, index, size, &expected);
            assert_int_equal(dais_tree_inclusion(&source, index, size, &path), DAIS_OK);
            assert_int_equal(dais_tree_leaves_inclusion(leaves, size, index, &single), DAIS_OK);
            assert_true(reference_path_equal(&path, &expected));
            assert_true(reference_path_equal(&single, &expected));
            assert_int_equal(dais_tree_path_count(index, size), expected.count);
            dais_slice_t bytes = dais_tree_path_bytes(&path);
            for (size_t other = 0; other < size; other++) {
                dais_err_t err =
                    dais_tree_inclusion_verify(other, size, &leaves[index], bytes, &root);
                assert_int_equal(err, other == index ? DAIS_OK : DAIS_ERR_BAD_PROOF);
            }
        }
    }
}

/* Goal: consistency proofs are those of the RFC and verify. Method: all pairs of sizes; the
 * definition, then verification, with the roots in place and exchanged. */
static void test_consistency(void **state)
{
    (void)state;
    dais_tree_leaves_t all = {leaves, LEAVES_MAX};
    dais_tree_source_t source = dais_tree_leaves_source(&all);
    for (size_t size2 = 1; size2 <= LEAVES_MAX; size2 += slow_step(7)) {
        dais_hash_t root2 = reference_root(leaves, size2);
        for (size_t size1 = 1; size1 <= size2; size1++) {
            dais_hash_t root1 = reference_root(leaves, size1);
            dais_tree_path_t proof;
            dais_tree_path_t expected = {.count = 0};
            reference_proof(leaves, size1, size2, true, &expected);
            assert_int_equal(dais_tree_consistency(&source, size1, size2, &proof), DAIS_OK);
            assert_true(reference_path_equal(&proof, &expected));
            dais_slice_t bytes = dais_tree_path_bytes(&proof);
            assert_int_equal(dais_tree_consistency_verify(size1, size2, &root1, &root2, bytes),
                             DAIS_OK);
            if (size1 < size2)
                assert_int_equal(dais_tree_consistency_verify(size1, size2, &root2, &root1, bytes),
                                 DAIS_ERR_BAD_PROOF);
        }
    }
}

static void flip(void *bytes, size_t bit)
{
    ((uint8_t *)bytes)[bit / 8] ^= (uint8_t)(1U << bit % 8);
}

/* Every bit of the path, the leaf and the root, then every other length of the path. */
static void inclusion_damage(size_t index, size_t size)
{
    dais_tree_path_t path;
    dais_hash_t leaf = leaves[index];
    dais_hash_t root = reference_root(leaves, size);
    assert_int_equal(dais_tree_leaves_inclusion(leaves, size, index, &path), DAIS_OK);
    size_t length = path.count * DAIS_HASH_SIZE;
    dais_slice_t bytes = dais_slice(path.hashes, length);
    for (size_t bit = 0; bit < length * 8; bit++) {
        flip(path.hashes, bit);
        assert_int_equal(dais_tree_inclusion_verify(index, size, &leaf, bytes, &root),
                         DAIS_ERR_BAD_PROOF);
        flip(path.hashes, bit);
    }
    for (size_t bit = 0; bit < 256; bit++) {
        flip(&leaf, bit);
        assert_int_equal(dais_tree_inclusion_verify(index, size, &leaf, bytes, &root),
                         DAIS_ERR_BAD_PROOF);
        flip(&leaf, bit);
        flip(&root, bit);
        assert_int_equal(dais_tree_inclusion_verify(index, size, &leaf, bytes, &root),
                         DAIS_ERR_BAD_PROOF);
        flip(&root, bit);
    }
    for (size_t other = 0; other <= length + DAIS_HASH_SIZE; other++) {
        dais_err_t err =
            dais_tree_inclusion_verify(index, size, &leaf, dais_slice(path.hashes, other), &root);
        assert_int_equal(err, other == length ? DAIS_OK : DAIS_ERR_BAD_PROOF);
    }
}

/* Goal: no part of an inclusion proof is without effect. Method: flip every bit, cut and stretch to
 * every length, in all trees up to 17 leaves. */
static void test_inclusion_damage(void **state)
{
    (void)state;
    for (size_t size = 1; size <= 17; size++) {
        for (size_t index = 0; index < size; index++)
            inclusion_damage(index, size);
    }
}

static void consistency_damage(size_t size1, size_t size2)
{
    dais_tree_leaves_t all = {leaves, LEAVES_MAX};
    dais_tree_source_t source = dais_tree_leaves_source(&all);
    dais_tree_path_t proof;
    struct {
        dais_hash_t root1;
        dais_hash_t root2;
    } roots = {reference_root(leaves, size1), reference_root(leaves, size2)};
    assert_int_equal(dais_tree_consistency(&source, size1, size2, &proof), DAIS_OK);
    size_t length = proof.count * DAIS_HASH_SIZE;
    dais_slice_t bytes = dais_slice(proof.hashes, length);
    for (size_t bit = 0; bit < length * 8; bit++) {
        flip(proof.hashes, bit);
        assert_int_equal(
            dais_tree_consistency_verify(size1, size2, &roots.root1, &roots.root2, bytes),
            DAIS_ERR_BAD_PROOF);
        flip(proof.hashes, bit);
    }
    for (size_t bit = 0; bit < sizeof(roots) * 8; bit++) {
        flip(&roots, bit);
        assert_int_equal(
            dais_tree_consistency_verify(size1, size2, &roots.root1, &roots.root2, bytes),
            DAIS_ERR_BAD_PROOF);
        flip(&roots, bit);
    }
    for (size_t other = 0; other <= length + DAIS_HASH_SIZE; other++) {
        dais_err_t err = dais_tree_consistency_verify(size1, size2, &roots.root1, &roots.root2,
                                                      dais_slice(proof.hashes, other));
        assert_int_equal(err, other == length ? DAIS_OK : DAIS_ERR_BAD_PROOF);
    }
}

/* Goal: no part of a consistency proof is without effect. Method: as for inclusion, all pairs of
 * sizes up to 17. */
static void test_consistency_damage(void **state)
{
    (void)state;
    for (size_t size2 = 1; size2 <= 17; size2++) {
        for (size_t size1 = 1; size1 <= size2; size1++)
            consistency_damage(size1, size2);
    }
}

/* Goal: numbers that no tree has are refused by makers and verifiers. Method: each bound, on it and
 * beside it. */
static void test_numbers_out_of_range(void **state)
{
    (void)state;
    dais_tree_leaves_t all = {leaves, LEAVES_MAX};
    dais_tree_source_t source = dais_tree_leaves_source(&all);
    dais_tree_path_t path = {.count = 0};
    dais_hash_t root = reference_root(leaves, 4);
    static const struct {
        uint64_t index;
        uint64_t size;
    } inclusions[] = {{0, 0},         {4, 4}, {5, 4}, {UINT64_MAX, 4}, {0, DAIS_TREE_SIZE_MAX + 1},
                      {0, UINT64_MAX}};
    for (size_t i = 0; i < sizeof(inclusions) / sizeof(inclusions[0]); i++) {
        uint64_t index = inclusions[i].index;
        uint64_t size = inclusions[i].size;
        assert_int_equal(dais_tree_inclusion(&source, index, size, &path), DAIS_ERR_OUT_OF_RANGE);
        assert_int_equal(
            dais_tree_inclusion_verify(index, size, leaves, dais_tree_path_bytes(&path), &root),
            DAIS_ERR_OUT_OF_RANGE);
    }
    static const struct {
        uint64_t size1;
        uint64_t size2;
    } pairs[] = {{0, 0}, {0, 4}, {5, 4}, {4, DAIS_TREE_SIZE_MAX + 1}, {UINT64_MAX, UINT64_MAX}};
    for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
        uint64_t size1 = pairs[i].size1;
        uint64_t size2 = pairs[i].size2;
        assert_int_equal(dais_tree_consistency(&source, size1, size2, &path),
                         DAIS_ERR_OUT_OF_RANGE);
        assert_int_equal(
            dais_tree_consistency_verify(size1, size2, &root, &root, dais_tree_path_bytes(&path)),
            DAIS_ERR_OUT_OF_RANGE);
    }
    assert_int_equal(dais_tree_source_root(&source, DAIS_TREE_SIZE_MAX + 1, &root),
                     DAIS_ERR_OUT_OF_RANGE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_reference_tree),
        cmocka_unit_test(test_leaf_is_no_node),
        cmocka_unit_test(test_roots),
        cmocka_unit_test(test_sources_end),
        cmocka_unit_test(test_inclusion),
        cmocka_unit_test(test_consistency),
        cmocka_unit_test(test_inclusion_damage),
        cmocka_unit_test(test_consistency_damage),
        cmocka_unit_test(test_numbers_out_of_range),
    };
    return cmocka_run_group_tests(tests, leaves_make, NULL);
}
