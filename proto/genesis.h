/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_PROTO_GENESIS_H
#define DAIS_PROTO_GENESIS_H

#include "proto/signed.h"

/* Entry 0 of a log (docs/formats.md, "Genesis"). Its leaf hash names the log in everything that is
 * ever signed for it. */

/* Signs genesis by the secretariat's device behind what the writer holds. policy_hash,
 * secretariat_key are set here; the caller sets the rest. Fails as dais_genesis_open() would. */
dais_err_t dais_genesis_sign(dais_genesis_t *genesis, const dais_device_t *device,
                             dais_writer_t *writer) DAIS_MUST_CHECK;

/* Decodes genesis and checks it against itself: signature by the key that it names, hash of the
 * policy text, origin "<registry host>/<cycle>" with "rehearsal/" before it exactly if it is a
 * rehearsal, and no more bytes than an entry can hold (DAIS_LIMIT_MESSAGE). Whether that key is the
 * secretariat's is for whoever trusts it to say. */
dais_fault_t dais_genesis_open(dais_slice_t bytes, dais_genesis_t *out) DAIS_MUST_CHECK;

#endif
