/* SPDX-License-Identifier: Apache-2.0
 *
 * Openings of entries of the sample log: what is accepted encodes to the same bytes, opens its leaf
 * by dais_entry_open() too, and a flipped bit is refused or is of another leaf.
 *
 * Input: an opening. */
#include "proto/entry.h"
#include "proto/stamp.h"
#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/repair.h"

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t size_max, unsigned seed)
{
    size = LLVMFuzzerMutate(data, size, size_max);
    if (seed % 8 == 7)
        return size;
    dais_slice_t good =
        repair_opening(dais_slice(data, size), (repair_step_t)(seed / 8 % REPAIR_STEPS));
    return fuzz_replace(data, size, size_max, good);
}

/* The leaf as the log holds it, opened with and without its salt and record. */
static void check_leaf(const dais_opening_t *opening, const dais_opened_t *opened)
{
    dais_entry_t entry;
    dais_record_t record;
    dais_hash_t commitment = dais_record_commit(&opening->salt, opening->record);
    dais_writer_t writer = fuzz_writer(0);
    dais_err_t err = dais_entry_write(opening->seq, &commitment, &writer);
    assert(err == DAIS_OK);
    dais_slice_t leaf = dais_slice(writer.buffer, writer.size);
    dais_hash_t hash = dais_tree_leaf_hash(leaf);
    assert(dais_hash_equal(&hash, &opened->leaf));
    dais_fault_t fault = dais_entry_open(leaf, &opening->salt, opening->record, &entry, &record);
    assert(fault.err == DAIS_OK && entry.seq == opened->seq);
    assert(dais_slice_equal(record.message, opened->record.message));
    dais_key_t salt = opening->salt;
    salt.bytes[fuzz_choose(opening->record, DAIS_KEY_SIZE)] ^= 1;
    fault = dais_entry_open(leaf, &salt, opening->record, &entry, &record);
    assert(fault.err == DAIS_ERR_BAD_COMMITMENT);
}

/* A leaf is bytes of its own, from anywhere: here the opening's envelope plays it. */
static void check_foreign_leaf(const dais_opening_t *opening)
{
    dais_entry_t entry;
    dais_record_t record;
    dais_fault_t fault =
        dais_entry_open(opening->envelope, &opening->salt, opening->record, &entry, &record);
    fuzz_check_fault(fault, opening->envelope.size > opening->record.size ? opening->envelope
                                                                          : opening->record);
}

/* Two stamps follow one another in one order at most. */
static void check_stamp(const dais_opening_t *opening, const dais_opened_t *opened)
{
    const dais_sample_stamp_t *first = &dais_sample_log()->stamps[0];
    if (!opened->has_stamp)
        return;
    dais_err_t after = dais_stamp_follows(&first->stamp, first->bytes, &opened->stamp);
    dais_err_t before = dais_stamp_follows(&opened->stamp, opening->stamp, &first->stamp);
    assert(after != DAIS_OK || before != DAIS_OK);
}

static void check_accepted(dais_slice_t bytes, const dais_opening_t *opening,
                           const dais_opened_t *opened)
{
    const dais_hash_t *log = &dais_sample_log()->log;
    assert(opened->seq == opening->seq && opened->kind != NULL);
    check_leaf(opening, opened);
    check_stamp(opening, opened);
    dais_opening_t other;
    dais_opened_t other_opened;
    dais_slice_t flipped = fuzz_flipped(bytes, 0, bytes.size);
    if (dais_shape_decode(&dais_shape_opening, flipped, &other).err == DAIS_OK &&
        dais_opening_check(&other, log, &other_opened).err == DAIS_OK)
        assert(!dais_hash_equal(&other_opened.leaf, &opened->leaf));
    dais_hash_t other_log = dais_sample_hash("another log");
    dais_fault_t fault = dais_opening_check(opening, &other_log, &other_opened);
    assert(fault.err == (opened->kind->number == DAIS_KIND_GENESIS ? DAIS_OK : DAIS_ERR_WRONG_LOG));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    dais_opening_t opening;
    dais_opened_t opened;
    dais_slice_t bytes = fuzz_input(data, size);
    if (dais_shape_decode(&dais_shape_opening, bytes, &opening).err != DAIS_OK)
        return 0;
    check_foreign_leaf(&opening);
    dais_fault_t fault = dais_opening_check(&opening, &dais_sample_log()->log, &opened);
    assert(fault.err == DAIS_OK || dais_err_is_refusal(fault.err));
    if (fault.err == DAIS_OK)
        check_accepted(bytes, &opening, &opened);
    else
        assert(fuzz_all_zero(&opened, sizeof opened));
    return 0;
}
