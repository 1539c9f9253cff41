/* SPDX-License-Identifier: Apache-2.0
 *
 * Openings of entries of the sample log: what is accepted encodes to the same bytes, opens its leaf
 * by dais_entry_open() too, and a flipped bit is refused or is of another leaf.
 *
 * Input: an opening; what is none is tried as a record and as a genesis. */
#include "proto/entry.h"
#include "proto/genesis.h"
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

/* Each part of what makes a stamp the next one counts. */
static void check_next(const dais_sample_stamp_t *stamp, dais_stamp_t next)
{
    dais_stamp_t changed = next;
    changed.log.bytes[0] ^= 1;
    assert(dais_stamp_follows(&stamp->stamp, stamp->bytes, &changed) == DAIS_ERR_BAD_CHAIN);
    changed = next;
    changed.key.bytes[0] ^= 1;
    assert(dais_stamp_follows(&stamp->stamp, stamp->bytes, &changed) == DAIS_ERR_BAD_CHAIN);
    changed = next;
    changed.at = stamp->stamp.at - 1;
    assert(dais_stamp_follows(&stamp->stamp, stamp->bytes, &changed) == DAIS_ERR_BAD_CHAIN);
}

/* Two stamps follow one another in one order at most. */
static void check_stamp(const dais_opening_t *opening, const dais_opened_t *opened)
{
    for (size_t i = 0; opened->has_stamp && i < 3; i++) {
        const dais_sample_stamp_t *other = &dais_sample_log()->stamps[i];
        dais_err_t after = dais_stamp_follows(&other->stamp, other->bytes, &opened->stamp);
        dais_err_t before = dais_stamp_follows(&opened->stamp, opening->stamp, &other->stamp);
        assert(after != DAIS_OK || before != DAIS_OK);
        if (after == DAIS_OK)
            check_next(other, opened->stamp);
    }
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

/* A genesis that a program signs is one that opens, or it is refused as it would be. */
static void check_genesis_sign(dais_slice_t bytes)
{
    dais_genesis_t genesis;
    dais_genesis_t back;
    dais_slice_t rest;
    const dais_device_t *secretariat = dais_sample_device("secretariat");
    if (dais_shape_decode_first(&dais_shape_genesis, bytes, &genesis, &rest).err != DAIS_OK)
        return;
    dais_writer_t writer = fuzz_writer(0);
    dais_err_t err = dais_genesis_sign(&genesis, secretariat, &writer);
    dais_slice_t written = dais_slice(writer.buffer, writer.size);
    if (err == DAIS_OK) {
        assert(dais_genesis_open(written, &back).err == DAIS_OK);
        dais_writer_init(&writer, writer.buffer, written.size - 1);
        err = dais_genesis_sign(&genesis, secretariat, &writer);
        assert(err == DAIS_ERR_NO_SPACE && writer.size == 0);
    }
    assert(err == DAIS_ERR_NO_SPACE || err == DAIS_ERR_WRONG_ORIGIN || err == DAIS_ERR_TOO_LONG);
    assert(writer.size == 0);
    genesis.cycle = dais_slice(NULL, 0);
    assert(dais_genesis_sign(&genesis, secretariat, &writer) == DAIS_ERR_WRONG_ORIGIN);
}

static void check_stamp_sign(dais_slice_t bytes)
{
    dais_stamp_t stamp;
    dais_stamp_t back;
    dais_slice_t rest;
    if (dais_shape_decode_first(&dais_shape_stamp, bytes, &stamp, &rest).err != DAIS_OK)
        return;
    dais_writer_t writer = fuzz_writer(0);
    dais_err_t err = dais_stamp_sign(&stamp, dais_sample_log()->hashes, fuzz_choose(bytes, 2),
                                     dais_sample_device("intake"), &writer);
    dais_slice_t written = dais_slice(writer.buffer, writer.size);
    if (err == DAIS_OK)
        assert(dais_stamp_open(written, &stamp.log, &back).err == DAIS_OK);
    else
        assert(err == DAIS_ERR_BAD_CHAIN && writer.size == 0);
}

static void check_sign(const dais_opening_t *opening)
{
    dais_record_t record;
    if (dais_record_decode(opening->record, &record).err == DAIS_OK)
        check_genesis_sign(record.message);
    check_stamp_sign(opening->stamp);
}

/* Bytes that are no opening. */
static void check_other(dais_slice_t bytes)
{
    dais_record_t record;
    dais_genesis_t genesis;
    dais_fault_t fault = dais_record_decode(bytes, &record);
    fuzz_check_fault(fault, bytes);
    assert(fault.err == DAIS_OK || fuzz_all_zero(&record, sizeof record));
    check_genesis_sign(bytes);
    fault = dais_genesis_open(bytes, &genesis);
    fuzz_check_fault(fault, bytes);
    assert(fault.err == DAIS_OK || fuzz_all_zero(&genesis, sizeof genesis));
    if (fault.err == DAIS_OK)
        assert(dais_genesis_open(fuzz_flipped(bytes, 0, bytes.size), &genesis).err != DAIS_OK);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    dais_opening_t opening;
    dais_opened_t opened;
    dais_slice_t bytes = fuzz_input(data, size);
    if (dais_shape_decode(&dais_shape_opening, bytes, &opening).err != DAIS_OK) {
        check_other(bytes);
        return 0;
    }
    check_foreign_leaf(&opening);
    check_sign(&opening);
    dais_fault_t fault = dais_opening_check(&opening, &dais_sample_log()->log, &opened);
    assert(fault.err == DAIS_OK || dais_err_is_refusal(fault.err));
    if (fault.err == DAIS_OK)
        check_accepted(bytes, &opening, &opened);
    else
        assert(fuzz_all_zero(&opened, sizeof opened));
    return 0;
}
