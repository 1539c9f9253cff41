/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_PROTO_BOX_H
#define DAIS_PROTO_BOX_H

#include "base/random.h"
#include "proto/bundle.h"

#define DAIS_SEAL_OVERHEAD   48 /* crypto_box_seal: ephemeral key and tag */
#define DAIS_ANSWER_OVERHEAD 40 /* crypto_box: nonce and tag */

/* Boxes keep what is not public from broker and intake. What a box holds opens with a record that
 * names its purpose and its log, so a box moved to another place opens and is still refused.
 * `scratch` is the caller's, wiped by the caller where the contents are secret. */

/* Closes the items of a sealed bundle for the registry (crypto_box_seal): *box is written behind
 * what the writer holds. The bundle is named by its envelope. */
dais_err_t dais_sealed_close(const dais_key_t *registry_box_key, const dais_hash_t *log,
                             dais_slice_t envelope, const dais_list_t *items, uint8_t *scratch,
                             size_t scratch_size, dais_writer_t *writer) DAIS_MUST_CHECK;

/* Decodes a sealed parcel and opens its header, which is all that intake can see of it. A parcel
 * over DAIS_LIMIT_BUNDLE_BYTES is refused before it is read, and WRONG_STREAM if the header is of
 * open kinds: what needs no box gets none. The slices of *out live in `bytes`. */
dais_fault_t dais_sealed_parcel_open(dais_slice_t bytes, const dais_hash_t *log,
                                     dais_sealed_parcel_t *out,
                                     dais_bundle_t *head) DAIS_MUST_CHECK;

/* Opens it with the registry's X25519 pair into scratch, where *out then lives. BAD_BOX if it does
 * not open; WRONG_LOG or WRONG_ENTRY if it was closed for another log or bundle. The items are
 * not checked yet: dais_bundle_check_items() does that. */
dais_fault_t dais_sealed_open(const dais_device_t *registry, const dais_hash_t *log,
                              dais_slice_t envelope, dais_slice_t box, uint8_t *scratch,
                              size_t scratch_size, dais_sealed_t *out) DAIS_MUST_CHECK;

/* Signs an ask behind what the writer holds; sets ask->key. */
dais_err_t dais_ask_sign(dais_ask_t *ask, const dais_device_t *device,
                         dais_writer_t *writer) DAIS_MUST_CHECK;

/* Decodes an ask and checks that it is for this log and signed by the key that it names. */
dais_fault_t dais_ask_open(dais_slice_t bytes, const dais_hash_t *log,
                           dais_ask_t *out) DAIS_MUST_CHECK;

/* What the registry and one asker share (crypto_box_beforenm): most of the cost of a short box, and
 * the same for every answer to this asker. A secret: wiped by whoever keeps it. */
typedef struct {
    uint8_t bytes[DAIS_KEY_SIZE];
} dais_box_pair_t;

/* BAD_KEY for a key that no device can have. */
dais_err_t dais_box_pair(const dais_device_t *registry, const dais_key_t *asker_box_key,
                         dais_box_pair_t *pair) DAIS_MUST_CHECK;

/* dais_answer_close() with what is shared already. */
dais_err_t dais_answer_close_by(const dais_box_pair_t *pair, const dais_random_t *random,
                                dais_slice_t ask, const dais_answer_t *answer, uint8_t *scratch,
                                size_t scratch_size, dais_writer_t *writer) DAIS_MUST_CHECK;

/* Closes the answer to `ask` (the signed bytes) for the asker (crypto_box: the asker knows that it
 * comes from the registry): nonce and box are written behind what the writer holds. */
dais_err_t dais_answer_close(const dais_device_t *registry, const dais_key_t *asker_box_key,
                             const dais_random_t *random, dais_slice_t ask,
                             const dais_answer_t *answer, uint8_t *scratch, size_t scratch_size,
                             dais_writer_t *writer) DAIS_MUST_CHECK;

/* Opens it with the asker's X25519 pair into scratch. BAD_BOX if it does not open; WRONG_LOG, or
 * WRONG_ENTRY if it answers another ask. */
dais_fault_t dais_answer_open(const dais_device_t *asker, const dais_key_t *registry_box_key,
                              const dais_hash_t *log, dais_slice_t ask, dais_slice_t box,
                              uint8_t *scratch, size_t scratch_size,
                              dais_answer_t *out) DAIS_MUST_CHECK;

#endif
