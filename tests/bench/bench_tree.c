/* SPDX-License-Identifier: Apache-2.0
 *
 * The Merkle tree beside the bare hashing that it cannot do without. */
#include "tests/bench/bench_proto.h"

#include "proto/entry.h"
#include "proto/frontier.h"
#include "proto/tree_verify.h"

enum { APPENDS = 4096, TREE_SIZE = 1 << 16, RANGE = 256, RANGE_FIRST = 12345, LEAF_SIZE = 60 };

static uint8_t leaf[1 + LEAF_SIZE]; /* with the leaf prefix of the tree before it */
static uint8_t node[1 + 2 * DAIS_HASH_SIZE];
static dais_hash_t nodes[2 * TREE_SIZE];
static dais_tree_source_t source;
static dais_hash_t root;
static dais_tree_path_t path;
static dais_tree_path_t range_paths[2];
static dais_tree_range_t range;

static void leaf_ours(size_t times)
{
    for (size_t i = 0; i < times; i++)
        measure_sink = dais_tree_leaf_hash(dais_slice(leaf + 1, LEAF_SIZE)).bytes[0];
}

static void hash_bare(const uint8_t *bytes, size_t size, size_t times)
{
    uint8_t out[DAIS_HASH_SIZE];
    for (size_t i = 0; i < times; i++) {
        bare_hash(bytes, size, out);
        measure_sink = out[0];
    }
}

static void leaf_bare(size_t times)
{
    hash_bare(leaf, sizeof(leaf), times);
}

static void node_ours(size_t times)
{
    for (size_t i = 0; i < times; i++)
        measure_sink = dais_tree_node_hash(&nodes[0], &nodes[1]).bytes[0];
}

static void node_bare(size_t times)
{
    hash_bare(node, sizeof(node), times);
}

/* A tree of a power of two leaves: one node less than leaves. */
static void append_ours(size_t times)
{
    for (size_t i = 0; i < times; i++) {
        dais_frontier_t tree = {0};
        for (size_t at = 0; at < APPENDS; at++) {
            dais_hash_t hash = dais_tree_leaf_hash(dais_slice(leaf + 1, LEAF_SIZE));
            dais_frontier_append(&tree, &hash);
        }
        measure_sink = dais_frontier_root(&tree).bytes[0];
    }
}

static void append_bare(size_t times)
{
    for (size_t i = 0; i < times; i++) {
        leaf_bare(APPENDS);
        node_bare(APPENDS - 1);
    }
}

/* What the registry does for an entry once its commitment is known. */
static void entry_ours(size_t times)
{
    for (size_t i = 0; i < times; i++) {
        dais_frontier_t tree = {0};
        for (size_t at = 0; at < APPENDS; at++) {
            dais_hash_t hash = dais_entry_hash(at + 70000, &nodes[0]);
            dais_frontier_append(&tree, &hash);
        }
        measure_sink = dais_frontier_root(&tree).bytes[0];
    }
}

static void path_make(size_t times)
{
    for (size_t i = 0; i < times; i++) {
        world_must(dais_tree_inclusion(&source, i % TREE_SIZE, TREE_SIZE, &path));
        measure_sink = path.hashes[0].bytes[0];
    }
}

static void path_copy(size_t times)
{
    static dais_tree_path_t *volatile target = &path;
    for (size_t i = 0; i < times; i++)
        memcpy((void *)target->hashes, nodes + i % TREE_SIZE, 16 * sizeof(dais_hash_t));
}

static void path_verify(size_t times)
{
    for (size_t i = 0; i < times; i++)
        world_must(dais_tree_inclusion_verify(RANGE_FIRST, TREE_SIZE, &nodes[RANGE_FIRST],
                                              range.first_path, &root));
}

static void path_hashes(size_t times)
{
    node_bare(16 * times);
}

static void range_verify(size_t times)
{
    for (size_t i = 0; i < times; i++)
        world_must(dais_tree_range_verify(&range, TREE_SIZE, &root));
}

/* The nodes inside the range, and those between it and the root. */
static void range_hashes(size_t times)
{
    node_bare(times * (RANGE - 1 + 2 * 8));
}

static void tree_make(void)
{
    static dais_tree_nodes_t tree = {nodes, TREE_SIZE};
    for (size_t i = 0; i < TREE_SIZE; i++)
        nodes[i] = world_hash("leaf", i);
    dais_tree_nodes_build(&tree);
    source = dais_tree_nodes_source(&tree);
    world_must(dais_tree_source_root(&source, TREE_SIZE, &root));
    for (size_t i = 0; i < 2; i++)
        world_must(dais_tree_inclusion(&source, RANGE_FIRST + i * (RANGE - 1), TREE_SIZE,
                                       &range_paths[i]));
    range = (dais_tree_range_t){.first = RANGE_FIRST,
                                .leaves = nodes + RANGE_FIRST,
                                .count = RANGE,
                                .first_path = dais_tree_path_bytes(&range_paths[0]),
                                .last_path = dais_tree_path_bytes(&range_paths[1])};
}

void bench_tree(size_t rounds)
{
    static const measure_t measures[] = {
        {"leaf of 60 bytes hashed", "leaf", 1, {{"ours", leaf_ours}, {"OpenSSL", leaf_bare}}, 0},
        {"node hashed", "node", 1, {{"ours", node_ours}, {"OpenSSL", node_bare}}, 0},
        {"leaf of 60 bytes appended",
         "leaf",
         APPENDS,
         {{"ours", append_ours}, {"OpenSSL, leaf + node", append_bare}},
         1.3},
        {"entry packed and appended",
         "entry",
         APPENDS,
         {{"ours", entry_ours}, {"OpenSSL, leaf + node", append_bare}},
         0},
        {"inclusion path made, 65,536 leaves",
         "path",
         1,
         {{"ours", path_make}, {"memcpy of 16 hashes", path_copy}},
         0},
        {"inclusion path verified",
         "path",
         1,
         {{"ours", path_verify}, {"OpenSSL, 16 nodes", path_hashes}},
         0},
        {"range of 256 verified, per leaf",
         "leaf",
         RANGE,
         {{"ours", range_verify}, {"OpenSSL, 271 nodes", range_hashes}},
         0},
    };
    tree_make();
    printf("Tree\n");
    for (size_t i = 0; i < sizeof(measures) / sizeof(measures[0]); i++)
        measure_print(&measures[i], rounds);
}
