/* SPDX-License-Identifier: Apache-2.0 */
#include "proto/receipt.h"

#include "base/random.h"
#include "tests/support/slow.h"
#include "tests/support/world_run.h"
#include "tests/unit/assert_fault.h"

static world_t world;
static world_bundle_t bundle;
static world_run_t run;
static dais_run_t out;
static uint8_t scratch[DAIS_LIMIT_RECORD];
static size_t world_used;

static int group_setup(void **state)
{
    (void)state;
    world_reset();
    world_make(&world, 1, 1);
    world_bundle_make(&world, DAIS_KIND_COMMENT, 256, 10, &bundle);
    world_used = world_arena.used;
    return 0;
}

static void run_make(size_t first, size_t count, size_t after)
{
    world_arena.used = world_used;
    world_run_make(&world, &bundle, first, count, after, &run);
}

static dais_fault_t run_check(const dais_receipts_t *receipts, const dais_claim_t *claim)
{
    return dais_receipts_check(receipts, claim, scratch, sizeof(scratch), &out);
}

/* Every entry of the run: its leaf; every `step`th: the path that the log itself would have given.
 */
static void assert_run_good(size_t step)
{
    assert_fault(run_check(&run.receipts, &run.claim), DAIS_OK, 0);
    assert_int_equal(out.first, run.first);
    assert_int_equal(out.count, run.count);
    assert_int_equal(out.checkpoint.size, run.size);
    assert_memory_equal(out.leaves, run.leaves + run.first, run.count * sizeof(dais_hash_t));
    dais_hash_t *nodes = (dais_hash_t *)(void *)world_room(2 * run.size * sizeof(dais_hash_t));
    memcpy(nodes, run.leaves, run.size * sizeof(dais_hash_t));
    dais_tree_nodes_t tree = {nodes, run.size};
    dais_tree_nodes_build(&tree);
    dais_tree_source_t source = dais_tree_nodes_source(&tree);
    for (size_t i = 0; i < run.count; i += step) {
        dais_tree_path_t expected;
        dais_tree_path_t path;
        world_must(dais_tree_inclusion(&source, run.first + i, run.size, &expected));
        assert_err(dais_run_path(&out, run.first + i, &path), DAIS_OK);
        assert_int_equal(path.count, expected.count);
        assert_memory_equal(path.hashes, expected.hashes, path.count * sizeof(dais_hash_t));
    }
}

/* Goal: a run of any length at any place of any tree is checked, and each of its entries gets the
 * path that the log would give. Method: lengths 1 to 256, entries before and after drawn from a
 * printed seed; the registry's own entries lie there as any others do. Each path of the short and
 * the longest runs, each seventh of the others. */
static void test_all_lengths(void **state)
{
    (void)state;
    dais_random_seeded_t seeded;
    uint64_t seed;
    dais_random_t random = dais_random_system();
    world_must(dais_random_fill(&random, &seed, sizeof(seed)));
    print_message("receipts: seed %llu\n", (unsigned long long)seed);
    random = dais_random_seeded(&seeded, seed);
    for (size_t count = 1; count <= DAIS_LIMIT_BUNDLE_MESSAGES; count += slow_step(17)) {
        uint16_t around[2];
        world_must(dais_random_fill(&random, around, sizeof(around)));
        run_make(1 + around[0] % 600, count, around[1] % 600);
        assert_run_good(count <= 40 || count > 254 ? 1 : 7);
    }
}

/* Goal: the same at the edges, where paths are shortest and trees most uneven. Method: the run
 * right after genesis or not, at the end of the log or one before it, at and around powers of two.
 */
static void test_edges(void **state)
{
    (void)state;
    static const size_t counts[] = {1, 2, 3, 8, 255, 256};
    static const size_t firsts[] = {1, 2, 255, 256, 257, 511, 512};
    static const size_t afters[] = {0, 1, 2, 255, 256};
    for (size_t i = 0; i < sizeof(counts) / sizeof(counts[0]) * 35; i += slow_step(11)) {
        run_make(firsts[i / 5 % 7], counts[i / 35], afters[i % 5]);
        assert_run_good(run.count <= 8 ? 1 : 17);
    }
}

/* Goal: of a packed run no bit is without effect: it is refused, or it is another run. Method: flip
 * each bit of a run of three in a log of twenty. Nothing of a signed text may change unnoticed, and
 * what is not signed leads to another root. */
static void test_every_bit_counts(void **state)
{
    (void)state;
    run_make(10, 3, 7);
    uint8_t *copy = world_copy(run.packed);
    for (size_t bit = 0; bit < 8 * run.packed.size; bit += slow_step(7)) {
        dais_receipts_t receipts;
        copy[bit / 8] ^= (uint8_t)(1U << bit % 8);
        dais_fault_t found =
            dais_shape_decode(&dais_shape_receipts, dais_slice(copy, run.packed.size), &receipts);
        if (found.err == DAIS_OK) {
            spoil(out);
            found = run_check(&receipts, &run.claim);
            assert_all_zero(out);
        }
        assert_true(found.err != DAIS_OK);
        copy[bit / 8] ^= (uint8_t)(1U << bit % 8);
    }
}

/* Packs the run's receipts with these entries in place of its own. */
static dais_receipts_t receipts_with(const dais_receipt_entry_t *entries, size_t count)
{
    dais_receipts_t receipts = run.receipts;
    dais_writer_t writer = world_writer();
    receipts.entries = (dais_list_t){0};
    for (size_t i = 0; i < count; i++)
        world_must(
            dais_list_add(&receipts.entries, &dais_shape_receipt_entry, &entries[i], &writer));
    (void)world_keep(&writer);
    return receipts;
}

static void assert_refused(const dais_receipts_t *receipts, const dais_claim_t *claim,
                           dais_err_t err)
{
    spoil(out);
    assert_err(run_check(receipts, claim).err, err);
    assert_all_zero(out);
}

/* Goal: positions in the bundle rise and lie inside it. Method: two equal, one that falls, one
 * outside, and the same with a bundle that holds fewer messages. */
static void test_positions(void **state)
{
    (void)state;
    dais_receipt_entry_t entries[2];
    run_make(10, 2, 7);
    for (size_t i = 0; i < 2; i++)
        entries[i] = world_run_entry(&run, i);
    dais_receipts_t receipts = receipts_with(entries, 2);
    assert_fault(run_check(&receipts, &run.claim), DAIS_OK, 0);
    entries[0].index = entries[1].index;
    receipts = receipts_with(entries, 2);
    assert_refused(&receipts, &run.claim, DAIS_ERR_BAD_CHAIN);
    entries[0].index++;
    receipts = receipts_with(entries, 2);
    assert_refused(&receipts, &run.claim, DAIS_ERR_BAD_CHAIN);
    dais_claim_t claim = run.claim;
    claim.message_count = entries[1].index;
    assert_refused(&run.receipts, &claim, DAIS_ERR_OUT_OF_RANGE);
    claim.message_count++;
    assert_fault(run_check(&run.receipts, &claim), DAIS_OK, 0);
    receipts = run.receipts;
    receipts.first = DAIS_SEQ_MAX - 1;
    assert_refused(&receipts, &run.claim, DAIS_ERR_OUT_OF_RANGE);
    receipts.first = DAIS_SEQ_MAX - 2;
    assert_refused(&receipts, &run.claim, DAIS_ERR_OUT_OF_RANGE); /* outside the tree */
}

/* Goal: what the registry says of an entry is bound by the root: verdict, salt, epoch, times,
 * place, message and bundle. Method: change each, in the receipts or in the claim. */
static void test_every_claim_counts(void **state)
{
    (void)state;
    dais_receipt_entry_t entry;
    run_make(10, 1, 7);
    entry = world_run_entry(&run, 0);
    entry.verdicts = world_verdicts(1, 1);
    dais_receipts_t receipts = receipts_with(&entry, 1);
    assert_refused(&receipts, &run.claim, DAIS_ERR_BAD_PROOF);
    entry = world_run_entry(&run, 0);
    entry.salt.bytes[0] ^= 1;
    receipts = receipts_with(&entry, 1);
    assert_refused(&receipts, &run.claim, DAIS_ERR_BAD_PROOF);
    entry = world_run_entry(&run, 0);
    entry.index++;
    receipts = receipts_with(&entry, 1);
    assert_refused(&receipts, &run.claim, DAIS_ERR_BAD_PROOF);
    receipts = run.receipts;
    receipts.epoch++;
    assert_refused(&receipts, &run.claim, DAIS_ERR_BAD_PROOF);
    receipts = run.receipts;
    receipts.logged_at--;
    assert_refused(&receipts, &run.claim, DAIS_ERR_BAD_PROOF);
    receipts = run.receipts;
    receipts.first++;
    assert_refused(&receipts, &run.claim, DAIS_ERR_BAD_PROOF);
    dais_claim_t claim = run.claim;
    claim.received_at++;
    assert_refused(&run.receipts, &claim, DAIS_ERR_BAD_PROOF);
    claim = run.claim;
    claim.bundle.bytes[0] ^= 1;
    assert_refused(&run.receipts, &claim, DAIS_ERR_BAD_PROOF);
    claim = run.claim;
    claim.messages = bundle.messages + 1;
    assert_refused(&run.receipts, &claim, DAIS_ERR_BAD_PROOF);
}

/* Goal: only the checkpoint of the log that the sender means is taken, and only its paths. Method:
 * the key of another cycle and of another registry; another tree of the same log; paths exchanged,
 * cut and lengthened. */
static void test_checkpoint_and_paths(void **state)
{
    (void)state;
    world_t other;
    run_make(10, 3, 7);
    world_make(&other, 1, 2);
    dais_claim_t claim = run.claim;
    claim.log_key = &other.log_key;
    assert_refused(&run.receipts, &claim, DAIS_ERR_UNKNOWN_KEY);
    dais_receipts_t receipts = run.receipts;
    receipts.checkpoint = world_checkpoint(&world, run.leaves, run.size - 1);
    assert_refused(&receipts, &run.claim, DAIS_ERR_BAD_PROOF);
    receipts = run.receipts;
    receipts.checkpoint = world_checkpoint(&world, run.leaves, 12);
    assert_refused(&receipts, &run.claim, DAIS_ERR_OUT_OF_RANGE);
    receipts = run.receipts;
    receipts.first_path = run.receipts.last_path;
    assert_refused(&receipts, &run.claim, DAIS_ERR_BAD_PROOF);
    receipts = run.receipts;
    receipts.last_path = run.receipts.first_path;
    assert_refused(&receipts, &run.claim, DAIS_ERR_BAD_PROOF);
    receipts = run.receipts;
    receipts.first_path.size -= DAIS_HASH_SIZE;
    assert_refused(&receipts, &run.claim, DAIS_ERR_BAD_PROOF);
    receipts = run.receipts;
    receipts.last_path.size -= DAIS_HASH_SIZE;
    assert_refused(&receipts, &run.claim, DAIS_ERR_BAD_PROOF);
}

/* Goal: a record that does not fit the scratch is a failure, and nothing is shown. Method: every
 * size up to the largest record of the run. */
static void test_scratch(void **state)
{
    (void)state;
    run_make(10, 3, 7);
    size_t size = 0;
    for (;; size++) {
        spoil(out);
        if (dais_receipts_check(&run.receipts, &run.claim, scratch, size, &out).err == DAIS_OK)
            break;
        assert_err(dais_receipts_check(&run.receipts, &run.claim, scratch, size, &out).err,
                   DAIS_ERR_NO_SPACE);
        assert_all_zero(out);
    }
    assert_true(size > bundle.messages[0].size);
}

/* Goal: a record is rebuilt behind what the writer holds, as the registry had it. Method: compare
 * with the record's own shape; a position that the bundle does not have. */
static void test_record(void **state)
{
    (void)state;
    dais_record_t record;
    dais_slice_t written;
    run_make(10, 2, 7);
    dais_receipt_entry_t entry = world_run_entry(&run, 1);
    dais_writer_t writer;
    dais_writer_init(&writer, scratch, sizeof(scratch));
    dais_writer_uint(&writer, 0);
    assert_err(dais_receipt_record(&run.receipts, &entry, &run.claim, &writer), DAIS_OK);
    assert_err(dais_writer_finish(&writer, &written), DAIS_OK);
    written = dais_slice(written.data + 1, written.size - 1);
    assert_fault(dais_shape_decode(&dais_shape_record, written, &record), DAIS_OK, 0);
    assert_int_equal(record.index, entry.index);
    assert_true(dais_slice_equal(record.message, bundle.messages[entry.index]));
    assert_int_equal(record.verdicts.count, 2);
    entry.index = 256;
    assert_err(dais_receipt_record(&run.receipts, &entry, &run.claim, &writer),
               DAIS_ERR_OUT_OF_RANGE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_all_lengths),
        cmocka_unit_test(test_edges),
        cmocka_unit_test(test_every_bit_counts),
        cmocka_unit_test(test_positions),
        cmocka_unit_test(test_every_claim_counts),
        cmocka_unit_test(test_checkpoint_and_paths),
        cmocka_unit_test(test_scratch),
        cmocka_unit_test(test_record),
    };
    return cmocka_run_group_tests(tests, group_setup, NULL);
}
