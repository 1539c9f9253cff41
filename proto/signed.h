/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_PROTO_SIGNED_H
#define DAIS_PROTO_SIGNED_H

#include "proto/device.h"
#include "proto/shape.h"

/* A signed record is the bytes of the record with the 64 bytes of its Ed25519 signature behind
 * them: bundle, stamp, ask and genesis. The signature is over the record's bytes as they stand,
 * and the record opens with its domain string, so no signature serves two purposes. */

/* Packs the record and its signature behind what the writer holds. */
dais_err_t dais_signed_write(const dais_shape_t *shape, const void *in, const dais_device_t *device,
                             dais_writer_t *writer) DAIS_MUST_CHECK;

/* Decodes a signed record without checking the signature; *signed_bytes is what was signed and
 * *signature its 64 bytes, both inside `bytes`. */
dais_fault_t dais_signed_read(const dais_shape_t *shape, dais_slice_t bytes, void *out,
                              dais_slice_t *signed_bytes,
                              const uint8_t **signature) DAIS_MUST_CHECK;

/* The same, and checks it: WRONG_LOG unless its field *record_log is `log`, BAD_SIGNATURE unless it
 * is signed by its field *record_key. Both point into *out, which is all zero after a fault. */
dais_fault_t dais_signed_open(const dais_shape_t *shape, dais_slice_t bytes, const dais_hash_t *log,
                              const dais_hash_t *record_log, const dais_key_t *record_key,
                              void *out) DAIS_MUST_CHECK;

/* SHA-256 over record and signature: how bundles, stamps and asks are named. */
dais_hash_t dais_signed_hash(dais_slice_t bytes);

#endif
