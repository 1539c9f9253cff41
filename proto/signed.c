/* SPDX-License-Identifier: Apache-2.0 */
#include "proto/signed.h"

dais_err_t dais_signed_write(const dais_shape_t *shape, const void *in, const dais_device_t *device,
                             dais_writer_t *writer)
{
    dais_writer_t before = *writer;
    dais_err_t err = dais_shape_encode(shape, in, writer);
    if (err != DAIS_OK)
        return err;
    dais_signature_t signature = dais_device_sign(
        device, dais_slice(writer->buffer + before.size, writer->size - before.size));
    dais_writer_raw(writer, dais_slice(signature.bytes, sizeof signature.bytes));
    err = writer->err;
    if (err != DAIS_OK)
        *writer = before;
    return err;
}

dais_fault_t dais_signed_read(const dais_shape_t *shape, dais_slice_t bytes, void *out,
                              dais_slice_t *signed_bytes, const uint8_t **signature)
{
    dais_slice_t rest;
    dais_fault_t fault = dais_shape_decode_first(shape, bytes, out, &rest);
    if (fault.err == DAIS_OK && rest.size < DAIS_SIGNATURE_SIZE)
        fault = (dais_fault_t){DAIS_ERR_TRUNCATED, bytes.size - rest.size};
    if (fault.err == DAIS_OK && rest.size > DAIS_SIGNATURE_SIZE)
        fault = (dais_fault_t){DAIS_ERR_TRAILING, bytes.size - rest.size + DAIS_SIGNATURE_SIZE};
    if (fault.err != DAIS_OK) {
        memset(out, 0, shape->struct_size);
        return fault;
    }
    *signed_bytes = dais_slice(bytes.data, bytes.size - DAIS_SIGNATURE_SIZE);
    *signature = rest.data;
    return fault;
}

dais_fault_t dais_signed_open(const dais_shape_t *shape, dais_slice_t bytes, const dais_hash_t *log,
                              const dais_hash_t *record_log, const dais_key_t *record_key,
                              void *out)
{
    dais_slice_t signed_bytes;
    const uint8_t *signature;
    dais_fault_t fault = dais_signed_read(shape, bytes, out, &signed_bytes, &signature);
    if (fault.err == DAIS_OK && !dais_hash_equal(record_log, log))
        fault.err = DAIS_ERR_WRONG_LOG;
    if (fault.err == DAIS_OK)
        fault.err = dais_key_verify(record_key, signed_bytes, signature);
    if (fault.err != DAIS_OK)
        memset(out, 0, shape->struct_size);
    return fault;
}

dais_hash_t dais_signed_hash(dais_slice_t bytes)
{
    return dais_hash_one(bytes);
}
