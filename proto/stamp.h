/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_PROTO_STAMP_H
#define DAIS_PROTO_STAMP_H

#include "proto/signed.h"

/* A stamp is an intake's signed word on when it received which bundles (docs/formats.md,
 * "Stamp"). One stamp covers all bundles of one commit; a stamp over none is a mark. */

/* Signs a stamp over these bundle hashes behind what the writer holds. The caller has set log, j,
 * prev and at; key, count and root are set here. At most DAIS_LIMIT_STAMP_BUNDLES (asserted).
 * Fails as dais_stamp_open() would. */
dais_err_t dais_stamp_sign(dais_stamp_t *stamp, const dais_hash_t *bundles, size_t count,
                           const dais_device_t *device, dais_writer_t *writer) DAIS_MUST_CHECK;

/* Decodes a stamp and checks that it is for this log, signed by the key that it names, and starts
 * as a chain does: no prev for j = 0 (BAD_CHAIN), the empty root for a mark (BAD_ROOT). */
dais_fault_t dais_stamp_open(dais_slice_t bytes, const dais_hash_t *log,
                             dais_stamp_t *out) DAIS_MUST_CHECK;

/* Checks that `next` follows `stamp` in the chain of its intake: same key and log, j one higher,
 * prev the hash of `stamp_bytes`, time not earlier. BAD_CHAIN otherwise. */
dais_err_t dais_stamp_follows(const dais_stamp_t *stamp, dais_slice_t stamp_bytes,
                              const dais_stamp_t *next) DAIS_MUST_CHECK;

/* Proves that a bundle stands at `index` under the stamp by its path. */
dais_err_t dais_stamp_prove(const dais_stamp_t *stamp, uint64_t index, const dais_hash_t *bundle,
                            dais_slice_t path) DAIS_MUST_CHECK;

#endif
