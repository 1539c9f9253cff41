/* SPDX-License-Identifier: Apache-2.0 */
#include "proto/genesis.h"

#include "proto/vkey.h"

static bool slice_starts(dais_slice_t text, const char *start)
{
    size_t size = strlen(start);
    return text.size >= size && memcmp(text.data, start, size) == 0;
}

/* "<registry host>/<cycle>", with "rehearsal/" before it in a rehearsal and only there; and no
 * name that the log's key could not have. */
static bool origin_is_good(const dais_genesis_t *genesis)
{
    static const char rehearsal[] = "rehearsal/";
    const size_t prefix_size = sizeof(rehearsal) - 1;
    dais_slice_t host = genesis->origin;
    dais_slice_t cycle = genesis->cycle;
    if (slice_starts(host, rehearsal) != (genesis->rehearsal == 1) || !dais_vkey_name_ok(host))
        return false;
    if (genesis->rehearsal == 1)
        host = dais_slice(host.data + prefix_size, host.size - prefix_size);
    const uint8_t *slash = memchr(host.data, '/', host.size);
    if (slash == NULL || slash == host.data || cycle.size == 0)
        return false;
    size_t host_size = (size_t)(slash - host.data);
    return memchr(cycle.data, '/', cycle.size) == NULL &&
           dais_slice_equal(cycle, dais_slice(slash + 1, host.size - host_size - 1));
}

dais_err_t dais_genesis_sign(dais_genesis_t *genesis, const dais_device_t *device,
                             dais_writer_t *writer)
{
    dais_writer_t before = *writer;
    genesis->policy_hash = dais_hash_one(genesis->policy);
    genesis->secretariat_key = device->key;
    if (!origin_is_good(genesis))
        return DAIS_ERR_WRONG_ORIGIN;
    dais_err_t err = dais_signed_write(&dais_shape_genesis, genesis, device, writer);
    if (err == DAIS_OK && writer->size - before.size > DAIS_LIMIT_MESSAGE) {
        *writer = before;
        err = DAIS_ERR_TOO_LONG;
    }
    return err;
}

dais_fault_t dais_genesis_open(dais_slice_t bytes, dais_genesis_t *out)
{
    dais_slice_t signed_bytes;
    const uint8_t *signature;
    memset(out, 0, sizeof *out);
    if (bytes.size > DAIS_LIMIT_MESSAGE)
        return (dais_fault_t){DAIS_ERR_TOO_LONG, DAIS_LIMIT_MESSAGE};
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
