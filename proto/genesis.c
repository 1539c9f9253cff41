/* SPDX-License-Identifier: Apache-2.0 */
#include "proto/genesis.h"

static bool slice_starts(dais_slice_t text, const char *start)
{
    size_t size = strlen(start);
    return text.size >= size && memcmp(text.data, start, size) == 0;
}

/* "<registry host>/<cycle>", with "rehearsal/" before it in a rehearsal and only there. */
static bool origin_is_good(const dais_genesis_t *genesis)
{
    dais_slice_t origin = genesis->origin;
    dais_slice_t cycle = genesis->cycle;
    if (slice_starts(origin, "rehearsal/") != (genesis->rehearsal == 1))
        return false;
    if (memchr(cycle.data, '/', cycle.size) != NULL || origin.size < cycle.size + 2)
        return false;
    const uint8_t *tail = origin.data + origin.size - cycle.size;
    return tail[-1] == '/' && memcmp(tail, cycle.data, cycle.size) == 0;
}

dais_err_t dais_genesis_sign(dais_genesis_t *genesis, const dais_device_t *device,
                             dais_writer_t *writer)
{
    genesis->policy_hash = dais_hash_one(genesis->policy);
    genesis->secretariat_key = device->key;
    if (!origin_is_good(genesis))
        return DAIS_ERR_WRONG_ORIGIN;
    return dais_signed_write(&dais_shape_genesis, genesis, device, writer);
}

dais_fault_t dais_genesis_open(dais_slice_t bytes, dais_genesis_t *out)
{
    dais_slice_t signed_bytes;
    const uint8_t *signature;
    dais_fault_t fault =
        dais_signed_read(&dais_shape_genesis, bytes, out, &signed_bytes, &signature);
    if (fault.err != DAIS_OK)
        return fault;
    dais_hash_t policy_hash = dais_hash_one(out->policy);
    if (!dais_hash_equal(&policy_hash, &out->policy_hash))
        fault.err = DAIS_ERR_BAD_COMMITMENT;
    else if (!origin_is_good(out))
        fault.err = DAIS_ERR_WRONG_ORIGIN;
    else
        fault.err = dais_key_verify(&out->secretariat_key, signed_bytes, signature);
    if (fault.err != DAIS_OK)
        memset(out, 0, sizeof *out);
    return fault;
}
