/* SPDX-License-Identifier: Apache-2.0
 *
 * The files of a device, public and secret: what is accepted is the text that its values are
 * written as, and no bytes are both.
 *
 * Input: either file. */
#include "proto/identity.h"
#include "tests/fuzz/fuzz.h"

static bool check_identity(dais_slice_t bytes)
{
    dais_identity_t identity;
    dais_fault_t fault = dais_identity_parse(bytes, &identity);
    fuzz_check_fault(fault, bytes);
    if (fault.err != DAIS_OK) {
        assert(fuzz_all_zero(&identity, sizeof identity));
        return false;
    }
    dais_writer_t writer = fuzz_writer(0);
    dais_err_t err = dais_identity_put(&writer, &identity);
    assert(err == DAIS_OK);
    assert(dais_slice_equal(dais_slice(writer.buffer, writer.size), bytes));
    /* With a State for another role, or without one for a party, it is none. */
    dais_identity_t other = identity;
    other.role = identity.role == DAIS_ROLE_PARTY ? DAIS_ROLE_OFFICE : DAIS_ROLE_PARTY;
    writer = fuzz_writer(0);
    assert(dais_identity_put(&writer, &other) == DAIS_ERR_BAD_TEXT && writer.size == 0);
    other.role = 0;
    assert(dais_identity_put(&writer, &other) == DAIS_ERR_BAD_TEXT);
    other.role = dais_words_role.count + 1;
    assert(dais_identity_put(&writer, &other) == DAIS_ERR_BAD_TEXT);
    return true;
}

static bool check_secret(dais_slice_t bytes)
{
    dais_seed_t seed;
    dais_fault_t fault = dais_secret_parse(bytes, &seed);
    fuzz_check_fault(fault, bytes);
    if (fault.err != DAIS_OK) {
        assert(fuzz_all_zero(&seed, sizeof seed));
        return false;
    }
    dais_writer_t writer = fuzz_writer(0);
    dais_secret_put(&writer, &seed);
    assert(writer.size == DAIS_SECRET_TEXT_SIZE);
    assert(dais_slice_equal(dais_slice(writer.buffer, writer.size), bytes));
    return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    dais_slice_t bytes = size == 0 ? dais_slice(NULL, 0) : fuzz_input(data, size);
    bool is_identity = check_identity(bytes);
    bool is_secret = check_secret(bytes);
    assert(!is_identity || !is_secret);
    if (is_identity || is_secret) {
        dais_slice_t flipped = fuzz_flipped(bytes, 0, bytes.size);
        (void)check_identity(flipped);
        (void)check_secret(flipped);
    }
    return 0;
}
