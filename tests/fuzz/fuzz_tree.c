/* SPDX-License-Identifier: Apache-2.0
 *
 * Proofs in a tree of 300 leaves: a true proof is accepted and any other of the same claim refused;
 * and the flat form of frontiers.
 *
 * Input: which proof (1 byte), two numbers (8 bytes each, little-endian), then bytes that are added
 * to the true proof one by one, with what is over behind it. A proof of numbers that the tree does
 * not have is those bytes alone. */
#include "proto/frontier.h"
#include "proto/tree_memory.h"
#include "proto/tree_range.h"
#include "tests/fuzz/fuzz.h"

enum { LEAVES = 300, HEAD = 17 };

static dais_hash_t nodes[2 * LEAVES]; /* the leaves first */
static const dais_tree_nodes_t tree = {nodes, LEAVES};
static dais_frontier_t grown[LEAVES + 1]; /* by size */

void fuzz_setup(void)
{
    for (uint32_t i = 0; i < LEAVES; i++) {
        nodes[i] = dais_tree_leaf_hash(dais_slice(&i, sizeof i));
        grown[i + 1] = grown[i];
        dais_frontier_append(&grown[i + 1], &nodes[i]);
    }
    dais_tree_nodes_build(&tree);
}

static dais_hash_t root_of(uint64_t size)
{
    if (size == 0)
        return dais_tree_root(NULL, 0);
    dais_hash_t root;
    dais_tree_source_t source = dais_tree_nodes_source(&tree);
    dais_err_t err = dais_tree_source_root(&source, size, &root);
    assert(err == DAIS_OK);
    return root;
}

/* The proof with the input's bytes added; *changed says whether that is another one. */
static dais_slice_t proof_change(const dais_tree_path_t *path, dais_slice_t edits, unsigned buffer,
                                 bool *changed)
{
    dais_writer_t writer = fuzz_writer(buffer);
    dais_writer_raw(&writer, dais_tree_path_bytes(path));
    *changed = edits.size > writer.size;
    for (size_t i = 0; i < edits.size && i < writer.size; i++) {
        *changed = *changed || edits.data[i] != 0;
        writer.buffer[i] = (uint8_t)(writer.buffer[i] + edits.data[i]);
    }
    if (edits.size > writer.size)
        dais_writer_raw(&writer, dais_slice(edits.data + writer.size, edits.size - writer.size));
    return dais_slice(writer.buffer, writer.size);
}

/* What a source of 300 leaves cannot answer it says so, whatever the numbers. */
static void check_sources(uint64_t index, uint64_t size)
{
    dais_tree_path_t path;
    dais_hash_t root;
    dais_frontier_t loaded;
    const dais_tree_leaves_t leaves = {nodes, LEAVES};
    const dais_tree_source_t sources[] = {dais_tree_nodes_source(&tree),
                                          dais_tree_leaves_source(&leaves)};
    /* The second hashes whole subtrees for each answer: now and then is enough. */
    for (size_t i = 0; i < (index % 8 == 1 ? 2 : 1); i++) {
        dais_err_t err = dais_tree_source_root(&sources[i], size, &root);
        assert(size <= LEAVES ? err == DAIS_OK
                              : err == DAIS_ERR_NOT_FOUND || err == DAIS_ERR_OUT_OF_RANGE);
        err = dais_tree_inclusion(&sources[i], index, size, &path);
        assert(err != DAIS_OK || index < size);
        err = dais_tree_consistency(&sources[i], index, size, &path);
        assert(err != DAIS_OK || index <= size);
        unsigned level = (unsigned)(index % 70);
        err = sources[i].hash(sources[i].context, level, size, &root);
        assert(err == DAIS_OK || err == DAIS_ERR_NOT_FOUND);
        assert(err != DAIS_OK || (level < 64 && size < (uint64_t)LEAVES >> level));
    }
    dais_err_t err = dais_frontier_load(&loaded, &sources[0], size);
    assert((err == DAIS_OK) == (size <= LEAVES));
    if (err != DAIS_OK)
        return;
    assert(dais_frontier_equal(&grown[size], &loaded));
    for (unsigned level = 0; size >> level != 0; level++)
        loaded.hashes[level].bytes[0] ^= 1;
    assert(dais_frontier_equal(&grown[size], &loaded) == (size == 0));
}

static void check_inclusion(uint64_t index, uint64_t size, dais_slice_t edits)
{
    dais_tree_path_t path;
    dais_tree_source_t source = dais_tree_nodes_source(&tree);
    if (size > LEAVES || dais_tree_inclusion(&source, index, size, &path) != DAIS_OK) {
        dais_err_t err = dais_tree_inclusion_verify(index, size, &nodes[0], edits, &nodes[1]);
        assert(err == DAIS_ERR_OUT_OF_RANGE || err == DAIS_ERR_BAD_PROOF);
        return;
    }
    bool changed;
    dais_hash_t root = root_of(size);
    dais_slice_t proof = proof_change(&path, edits, 0, &changed);
    dais_err_t err = dais_tree_inclusion_verify(index, size, &nodes[index], proof, &root);
    assert(err == (changed ? DAIS_ERR_BAD_PROOF : DAIS_OK));
    err = dais_tree_inclusion_verify(index, size, &nodes[(index + 1) % LEAVES], proof, &root);
    assert(err == DAIS_ERR_BAD_PROOF);
}

static void check_consistency(uint64_t size1, uint64_t size2, dais_slice_t edits)
{
    dais_tree_path_t path;
    dais_tree_source_t source = dais_tree_nodes_source(&tree);
    if (size2 > LEAVES || dais_tree_consistency(&source, size1, size2, &path) != DAIS_OK) {
        dais_err_t err = dais_tree_consistency_verify(size1, size2, &nodes[0], &nodes[1], edits);
        assert(err == DAIS_ERR_OUT_OF_RANGE || err == DAIS_ERR_BAD_PROOF);
        return;
    }
    bool changed;
    dais_hash_t root1 = root_of(size1);
    dais_hash_t root2 = root_of(size2);
    dais_slice_t proof = proof_change(&path, edits, 0, &changed);
    dais_err_t err = dais_tree_consistency_verify(size1, size2, &root1, &root2, proof);
    assert(err == (changed ? DAIS_ERR_BAD_PROOF : DAIS_OK));
    assert(dais_tree_consistency_verify(size1, size2, &nodes[0], &root2, proof) != DAIS_OK ||
           size1 == 1);
    assert(dais_tree_consistency_verify(size1, size2, &root1, &nodes[1], proof) != DAIS_OK);
}

/* The leaves of an accepted range get paths of their own; none outside it does. */
static void check_range_paths(const dais_tree_range_t *range, const dais_hash_t *root)
{
    dais_tree_path_t path;
    for (size_t i = 0; i < range->count; i += 1 + (range->count - 1) / 2) {
        dais_err_t err = dais_tree_range_path(range, LEAVES, range->first + i, &path);
        assert(err == DAIS_OK);
        err = dais_tree_inclusion_verify(range->first + i, LEAVES, &range->leaves[i],
                                         dais_tree_path_bytes(&path), root);
        assert(err == DAIS_OK);
    }
    uint64_t outside[] = {range->first - 1, range->first + range->count};
    for (size_t i = 0; i < 2; i++)
        assert(dais_tree_range_path(range, LEAVES, outside[i], &path) == DAIS_ERR_OUT_OF_RANGE);
    /* Paths that are too short never make it read beyond them. */
    dais_tree_range_t cut = *range;
    cut.first_path.size /= 2;
    dais_err_t err = dais_tree_range_path(&cut, LEAVES, range->first, &path);
    assert(err == DAIS_OK || err == DAIS_ERR_BAD_PROOF);
    cut = *range;
    cut.last_path.size /= 2;
    err = dais_tree_range_path(&cut, LEAVES, range->first, &path);
    assert(err == DAIS_OK || err == DAIS_ERR_BAD_PROOF);
}

static void check_range(uint64_t first, uint64_t count, dais_slice_t edits)
{
    dais_tree_path_t first_path;
    dais_tree_path_t last_path;
    dais_tree_source_t source = dais_tree_nodes_source(&tree);
    dais_hash_t root = root_of(LEAVES);
    dais_tree_range_t range = {.first = first, .leaves = nodes, .count = count};
    range.first_path = edits;
    if (count == 0 || count > DAIS_TREE_RANGE_MAX || first >= LEAVES || count > LEAVES - first) {
        assert(dais_tree_range_verify(&range, LEAVES, &root) != DAIS_OK);
        assert(dais_tree_range_verify(&range, count, &root) != DAIS_OK);
        dais_err_t err = dais_tree_range_path(&range, LEAVES, first, &first_path);
        assert(err != DAIS_OK);
        return;
    }
    dais_err_t err = dais_tree_inclusion(&source, first, LEAVES, &first_path);
    assert(err == DAIS_OK);
    err = dais_tree_inclusion(&source, first + count - 1, LEAVES, &last_path);
    assert(err == DAIS_OK);
    bool changed;
    bool last_changed;
    range.leaves = nodes + first;
    size_t half = edits.size / 2;
    range.first_path = proof_change(&first_path, dais_slice(edits.data, half), 0, &changed);
    range.last_path = proof_change(&last_path, dais_slice(edits.data + half, edits.size - half), 1,
                                   &last_changed);
    err = dais_tree_range_verify(&range, LEAVES, &root);
    assert(err == (changed || last_changed ? DAIS_ERR_BAD_PROOF : DAIS_OK));
    if (err == DAIS_OK)
        check_range_paths(&range, &root);
    dais_hash_t leaves[LEAVES];
    memcpy(leaves, nodes, sizeof leaves);
    leaves[first + fuzz_choose(edits, count)].bytes[0] ^= 1;
    range.leaves = leaves + first;
    assert(dais_tree_range_verify(&range, LEAVES, &root) == DAIS_ERR_BAD_PROOF);
    assert(dais_tree_range_verify(&range, UINT64_MAX, &root) == DAIS_ERR_OUT_OF_RANGE);
    memcpy(leaves, nodes, sizeof leaves);
    if (count > 2) /* a leaf that neither path begins at */
        leaves[first + 1].bytes[0] ^= 1;
    err = dais_tree_range_verify(&range, LEAVES, &root);
    assert(err == (changed || last_changed || count > 2 ? DAIS_ERR_BAD_PROOF : DAIS_OK));
}

static void check_frontier(dais_slice_t bytes)
{
    dais_frontier_t frontier = {0};
    uint8_t again[DAIS_FRONTIER_BYTES_MAX];
    dais_fault_t fault = dais_frontier_decode(bytes, &frontier);
    fuzz_check_fault(fault, bytes);
    if (fault.err != DAIS_OK)
        return;
    size_t size = dais_frontier_encode(&frontier, again);
    assert(dais_slice_equal(dais_slice(again, size), bytes));
    dais_frontier_t longer = frontier;
    if (frontier.size < INT64_MAX) {
        dais_frontier_append(&longer, &nodes[0]);
        assert(!dais_frontier_equal(&longer, &frontier));
    }
    dais_hash_t root = dais_frontier_root(&frontier);
    dais_hash_t empty = root_of(0);
    assert(frontier.size > 0 || dais_hash_equal(&root, &empty));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static void (*const checks[])(uint64_t, uint64_t,
                                  dais_slice_t) = {check_inclusion, check_consistency, check_range};
    dais_slice_t bytes = fuzz_input(data, size);
    if (bytes.size < HEAD || bytes.data[0] % 4 == 3) {
        check_frontier(bytes.size == 0 ? bytes : dais_slice(bytes.data + 1, bytes.size - 1));
        return 0;
    }
    uint64_t numbers[2];
    memcpy(numbers, bytes.data + 1, sizeof numbers);
    check_sources(numbers[0], numbers[1]);
    checks[bytes.data[0] % 4](numbers[0], numbers[1],
                              dais_slice(bytes.data + HEAD, bytes.size - HEAD));
    return 0;
}
