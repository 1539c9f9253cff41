/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_PROTO_BUNDLE_H
#define DAIS_PROTO_BUNDLE_H

#include "proto/message.h"
#include "proto/signed.h"

/* A bundle is a signed header over 1 to 256 messages (docs/formats.md, "Bundle"). The envelope is
 * the header with its signature; a parcel is the envelope with the messages and what opens their
 * contents, as it travels. */

/* Signs the header over these messages behind what the writer holds. The caller has set log,
 * stream, k, prev and seen; key, count and root are set here. At most 256 messages, at least one
 * (asserted). Fails as dais_bundle_open() would. */
dais_err_t dais_bundle_sign(dais_bundle_t *head, const dais_slice_t *messages, size_t count,
                            const dais_device_t *device, dais_writer_t *writer) DAIS_MUST_CHECK;

/* Decodes an envelope and checks that it is for this log and starts as a chain does, but leaves the
 * signature to somebody else. */
dais_fault_t dais_bundle_read(dais_slice_t envelope, const dais_hash_t *log,
                              dais_bundle_t *out) DAIS_MUST_CHECK;

/* Decodes an envelope and checks that it is for this log, signed by the key that it names, and
 * starts as a chain does: no prev for k = 0 (BAD_CHAIN), the empty root for a log of which nothing
 * was seen (BAD_ROOT). Whether that key may say anything is the roster's business. */
dais_fault_t dais_bundle_open(dais_slice_t envelope, const dais_hash_t *log,
                              dais_bundle_t *out) DAIS_MUST_CHECK;

/* How a bundle is named, and what `prev` of the next one holds: SHA-256 of the envelope. */
dais_hash_t dais_bundle_hash(dais_slice_t envelope);

/* Checks the items of a parcel against its opened header: their number and root, each message's
 * form, log, and that its kind belongs to the bundle's stream, each opening against its
 * commitment, and the padding of private content. *index is the first item at fault, and the
 * offset counts from the first item. An item may leave its openings out; then only the
 * commitments stand. */
dais_fault_t dais_bundle_check_items(const dais_bundle_t *head, const dais_list_t *items,
                                     size_t *index) DAIS_MUST_CHECK;

/* A whole parcel of open kinds: decode, dais_bundle_open and dais_bundle_check_items. WRONG_STREAM
 * for a bundle of sealed kinds, which travels as a sealed parcel (proto/box.h). A parcel over
 * DAIS_LIMIT_BUNDLE_BYTES is refused before it is read. The slices of *out live in `bytes`. */
dais_fault_t dais_parcel_open(dais_slice_t bytes, const dais_hash_t *log, dais_parcel_t *out,
                              dais_bundle_t *head) DAIS_MUST_CHECK;

/* Proves that a message stands at `index` of the bundle by its path in the bundle's tree. */
dais_err_t dais_bundle_prove(const dais_bundle_t *head, uint64_t index, dais_slice_t message,
                             dais_slice_t path) DAIS_MUST_CHECK;

#endif
