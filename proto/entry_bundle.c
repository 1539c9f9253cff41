/* SPDX-License-Identifier: Apache-2.0 */
#include "proto/entry_bundle.h"

#include "proto/limits.h"

enum { SIZE_BYTES = 2 };

_Static_assert(DAIS_LIMIT_LEAF == UINT16_MAX, "any size that two bytes hold is a size of a leaf");

dais_err_t dais_entry_bundle_put(dais_writer_t *writer, dais_slice_t leaf)
{
    if (leaf.size > DAIS_LIMIT_LEAF)
        return DAIS_ERR_TOO_LONG;
    uint8_t size_be[SIZE_BYTES] = {(uint8_t)(leaf.size >> 8), (uint8_t)leaf.size};
    dais_writer_raw(writer, dais_slice(size_be, SIZE_BYTES));
    dais_writer_raw(writer, leaf);
    return writer->err;
}

void dais_entry_bundle_init(dais_entry_bundle_t *bundle, dais_slice_t bytes, unsigned width)
{
    *bundle = (dais_entry_bundle_t){.bytes = bytes, .left = width};
}

static bool bundle_truncated(dais_entry_bundle_t *bundle)
{
    bundle->fault = (dais_fault_t){DAIS_ERR_TRUNCATED, bundle->offset};
    return false;
}

bool dais_entry_bundle_next(dais_entry_bundle_t *bundle, dais_slice_t *leaf)
{
    if (bundle->left == 0 || bundle->fault.err != DAIS_OK)
        return false;
    size_t rest = bundle->bytes.size - bundle->offset;
    if (rest < SIZE_BYTES)
        return bundle_truncated(bundle);
    const uint8_t *at = bundle->bytes.data + bundle->offset;
    size_t size = (size_t)at[0] << 8 | at[1];
    if (rest - SIZE_BYTES < size)
        return bundle_truncated(bundle);
    *leaf = dais_slice(at + SIZE_BYTES, size);
    bundle->offset += SIZE_BYTES + size;
    bundle->left--;
    return true;
}

dais_fault_t dais_entry_bundle_finish(const dais_entry_bundle_t *bundle)
{
    if (bundle->fault.err != DAIS_OK)
        return bundle->fault;
    if (bundle->left > 0)
        return (dais_fault_t){DAIS_ERR_TRUNCATED, bundle->offset};
    if (bundle->offset < bundle->bytes.size)
        return (dais_fault_t){DAIS_ERR_TRAILING, bundle->offset};
    return (dais_fault_t){DAIS_OK, 0};
}
