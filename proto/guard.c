/* SPDX-License-Identifier: Apache-2.0 */
#include "proto/guard.h"

enum { SLOT_BODY = DAIS_GUARD_SLOT_SIZE - DAIS_HASH_SIZE };

dais_err_t dais_guard_encode(const dais_guard_t *guard, uint8_t slot[DAIS_GUARD_SLOT_SIZE])
{
    dais_writer_t writer;
    memset(slot, 0, DAIS_GUARD_SLOT_SIZE);
    dais_writer_init(&writer, slot, SLOT_BODY);
    dais_err_t err = dais_shape_encode(&dais_shape_guard, guard, &writer);
    if (err != DAIS_OK)
        return err;
    dais_hash_t hash = dais_hash_one(dais_slice(slot, SLOT_BODY));
    memcpy(slot + SLOT_BODY, hash.bytes, DAIS_HASH_SIZE);
    return DAIS_OK;
}

dais_err_t dais_guard_decode(const uint8_t slot[DAIS_GUARD_SLOT_SIZE], dais_guard_t *out)
{
    dais_hash_t hash = dais_hash_one(dais_slice(slot, SLOT_BODY));
    dais_slice_t rest = {0};
    memset(out, 0, sizeof *out);
    if (memcmp(hash.bytes, slot + SLOT_BODY, DAIS_HASH_SIZE) != 0)
        return DAIS_ERR_CORRUPT;
    dais_fault_t fault =
        dais_shape_decode_first(&dais_shape_guard, dais_slice(slot, SLOT_BODY), out, &rest);
    for (size_t i = 0; fault.err == DAIS_OK && i < rest.size; i++) {
        if (rest.data[i] != 0)
            fault.err = DAIS_ERR_TRAILING;
    }
    if (fault.err != DAIS_OK)
        memset(out, 0, sizeof *out);
    return fault.err;
}

dais_err_t dais_guard_latest(const uint8_t slots[DAIS_GUARD_SLOT_COUNT * DAIS_GUARD_SLOT_SIZE],
                             dais_guard_t *out, size_t *next_slot)
{
    dais_guard_t other;
    dais_err_t first_err = dais_guard_decode(slots, out);
    dais_err_t second_err = dais_guard_decode(slots + DAIS_GUARD_SLOT_SIZE, &other);
    bool clash = first_err == DAIS_OK && second_err == DAIS_OK &&
                 (out->turn == other.turn || !dais_hash_equal(&out->log, &other.log));
    if (clash || (first_err != DAIS_OK && second_err != DAIS_OK)) {
        memset(out, 0, sizeof *out);
        return DAIS_ERR_CORRUPT;
    }
    bool second_counts = second_err == DAIS_OK && (first_err != DAIS_OK || other.turn > out->turn);
    if (second_counts)
        *out = other;
    *next_slot = second_counts ? 0 : 1;
    return DAIS_OK;
}
