/* SPDX-License-Identifier: Apache-2.0
 *
 * Verifier keys: what is accepted is the text that its parts are written as, and a key made of
 * those parts is the same.
 *
 * Input: a verifier key. The mutator sets the id that belongs to name and key. */
#include "proto/base64.h"
#include "proto/vkey.h"
#include "tests/fuzz/fuzz.h"

/* The name up to the first plus, the key after the second; the id is made anew. */
static dais_slice_t vkey_repair(dais_slice_t text)
{
    const uint8_t *first = text.size == 0 ? NULL : memchr(text.data, '+', text.size);
    size_t name_size = first == NULL ? text.size : (size_t)(first - text.data);
    dais_slice_t rest = dais_slice(text.data + name_size, text.size - name_size);
    const uint8_t *second = rest.size < 2 ? NULL : memchr(rest.data + 1, '+', rest.size - 1);
    uint8_t typed[1 + DAIS_VKEY_BYTES] = {0};
    size_t size = 0;
    if (second == NULL ||
        dais_base64_decode(dais_slice(second + 1, rest.size - 1 - (size_t)(second - rest.data)),
                           typed, sizeof typed, &size) != DAIS_OK)
        return dais_slice(NULL, 0);
    dais_vkey_t vkey;
    dais_writer_t writer = fuzz_writer(1);
    if (dais_vkey_make(dais_slice(text.data, name_size), typed + 1, &vkey) != DAIS_OK)
        return dais_slice(NULL, 0);
    dais_vkey_put(&writer, &vkey);
    return dais_slice(writer.buffer, writer.size);
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t size_max, unsigned seed)
{
    size = LLVMFuzzerMutate(data, size, size_max);
    if (seed % 2 == 1)
        return size;
    return fuzz_replace(data, size, size_max, vkey_repair(dais_slice(data, size)));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    dais_vkey_t vkey;
    dais_slice_t bytes = size == 0 ? dais_slice(NULL, 0) : fuzz_input(data, size);
    dais_fault_t fault = dais_vkey_parse(bytes, &vkey);
    fuzz_check_fault(fault, bytes);
    if (fault.err != DAIS_OK)
        return 0;
    dais_writer_t writer = fuzz_writer(0);
    dais_vkey_put(&writer, &vkey);
    assert(writer.err == DAIS_OK);
    assert(dais_slice_equal(dais_slice(writer.buffer, writer.size), bytes));
    dais_vkey_t made;
    assert(dais_vkey_name_ok(dais_slice_text(vkey.name)));
    dais_err_t err = dais_vkey_make(dais_slice_text(vkey.name), vkey.key, &made);
    assert(err == DAIS_OK && made.id == vkey.id);
    dais_slice_t flipped = fuzz_flipped(bytes, 0, bytes.size);
    assert(dais_vkey_parse(flipped, &made).err == DAIS_ERR_BAD_KEY);
    return 0;
}
