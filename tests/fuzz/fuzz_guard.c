/* SPDX-License-Identifier: Apache-2.0
 *
 * The fork guard's two slots: a slot that is accepted is the one that its values are written as; of
 * two good ones the later counts, and the next write goes to the other.
 *
 * Input: two slots; a shorter input is filled up with zeros. The mutator sets their hashes. */
#include "base/hash.h"
#include "proto/guard.h"
#include "tests/fuzz/fuzz.h"

enum { SLOTS = DAIS_GUARD_SLOT_COUNT * DAIS_GUARD_SLOT_SIZE, HASHED = DAIS_GUARD_SLOT_SIZE - 32 };

static void slots_read(dais_slice_t bytes, uint8_t slots[SLOTS])
{
    memset(slots, 0, SLOTS);
    if (bytes.size > 0)
        memcpy(slots, bytes.data, bytes.size < SLOTS ? bytes.size : SLOTS);
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t size_max, unsigned seed)
{
    uint8_t slots[SLOTS];
    size = LLVMFuzzerMutate(data, size, size_max);
    slots_read(dais_slice(data, size), slots);
    for (unsigned i = 0; i < DAIS_GUARD_SLOT_COUNT; i++) {
        uint8_t *slot = slots + (size_t)i * DAIS_GUARD_SLOT_SIZE;
        dais_hash_t hash = dais_hash_one(dais_slice(slot, HASHED));
        if ((seed >> i) % 8 != 7)
            memcpy(slot + HASHED, hash.bytes, sizeof hash.bytes);
    }
    return fuzz_replace(data, size, size_max, dais_slice(slots, SLOTS));
}

static dais_err_t check_slot(const uint8_t *slot, dais_guard_t *guard)
{
    uint8_t again[DAIS_GUARD_SLOT_SIZE];
    dais_err_t err = dais_guard_decode(slot, guard);
    if (err != DAIS_OK) {
        assert(fuzz_all_zero(guard, sizeof *guard));
        return err;
    }
    err = dais_guard_encode(guard, again);
    assert(err == DAIS_OK && memcmp(again, slot, sizeof again) == 0);
    dais_slice_t flipped = fuzz_flipped(dais_slice(slot, sizeof again), 0, sizeof again);
    dais_guard_t other;
    assert(dais_guard_decode(flipped.data, &other) == DAIS_ERR_CORRUPT);
    other = *guard;
    other.turn = UINT64_MAX;
    assert(dais_guard_encode(&other, again) == DAIS_ERR_OUT_OF_RANGE);
    return DAIS_OK;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    uint8_t slots[SLOTS];
    dais_guard_t each[DAIS_GUARD_SLOT_COUNT];
    dais_guard_t latest;
    size_t next = DAIS_GUARD_SLOT_COUNT;
    slots_read(fuzz_input(data, size), slots);
    bool first = check_slot(slots, &each[0]) == DAIS_OK;
    bool second = check_slot(slots + DAIS_GUARD_SLOT_SIZE, &each[1]) == DAIS_OK;
    dais_err_t err = dais_guard_latest(slots, &latest, &next);
    bool clash = first && second &&
                 (each[0].turn == each[1].turn || !dais_hash_equal(&each[0].log, &each[1].log));
    assert((err == DAIS_OK) == ((first || second) && !clash));
    if (err != DAIS_OK) {
        assert(err == DAIS_ERR_CORRUPT && fuzz_all_zero(&latest, sizeof latest));
        return 0;
    }
    size_t newest = !first || (second && each[1].turn > each[0].turn) ? 1 : 0;
    assert(next == 1 - newest && latest.turn == each[newest].turn);
    return 0;
}
