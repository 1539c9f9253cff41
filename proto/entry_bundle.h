/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_PROTO_ENTRY_BUNDLE_H
#define DAIS_PROTO_ENTRY_BUNDLE_H

#include "base/err.h"
#include "base/slice.h"
#include "proto/writer.h"

/* The leaves under one tile of level 0 (C2SP tlog-tiles, "Log entries"): each with its size in
 * front, as two bytes, big-endian. */

/* Appends one leaf. TOO_LONG above DAIS_LIMIT_LEAF, NO_SPACE. */
dais_err_t dais_entry_bundle_put(dais_writer_t *writer, dais_slice_t leaf) DAIS_MUST_CHECK;

/* Reads the leaves of a bundle. Leaves borrow from its bytes. */
typedef struct {
    dais_slice_t bytes;
    size_t offset; /* of what is not yet read */
    unsigned left; /* leaves still to come */
    dais_fault_t fault;
} dais_entry_bundle_t;

/* `width` is that of the tile; the bundle has to hold exactly as many leaves. */
void dais_entry_bundle_init(dais_entry_bundle_t *bundle, dais_slice_t bytes, unsigned width);

/* False after the last leaf, and after a fault. */
bool dais_entry_bundle_next(dais_entry_bundle_t *bundle, dais_slice_t *leaf);

/* To be asked once dais_entry_bundle_next() has said false: TRUNCATED if leaves are missing,
 * TRAILING if bytes follow the last. */
dais_fault_t dais_entry_bundle_finish(const dais_entry_bundle_t *bundle) DAIS_MUST_CHECK;

#endif
