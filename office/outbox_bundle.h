/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_OFFICE_OUTBOX_BUNDLE_H
#define DAIS_OFFICE_OUTBOX_BUNDLE_H

#include "office/outbox.h"
#include "proto/box.h"
#include "proto/checkpoint.h"

/* The bundles of an outbox: made of what is queued, signed once, sent byte for byte as often as it
 * takes, and done with when their receipts are here. */

/* Who signs, and for whom. */
typedef struct {
    const dais_device_t *device;
    const dais_hash_t *log;
    const dais_key_t *registry_box_key;
    const dais_vkey_t *log_key;
} dais_bundler_t;

/* Makes and keeps one bundle of what is queued in this stream, oldest first, as much as goes into
 * one. A message that was turned away before goes alone, so that it takes none with it the next
 * time. *made is false if nothing is queued. */
DAIS_MUST_CHECK dais_err_t dais_outbox_bundle(dais_outbox_t *outbox, const dais_bundler_t *bundler,
                                              unsigned stream, uint64_t now_ms, bool *made);

/* A bundle as it is kept. */
typedef struct {
    uint64_t k;
    dais_hash_t hash;    /* of the envelope */
    dais_slice_t parcel; /* as it travels */
    uint64_t signed_at;  /* ms */
    size_t count;
    uint64_t numbers[DAIS_LIMIT_BUNDLE_MESSAGES]; /* of its messages */
} dais_outbox_bundle_t;

/* Within a transaction; slices live as those of it do. */
DAIS_MUST_CHECK bool dais_outbox_bundle_get(dais_txn_t *txn, unsigned stream, uint64_t k,
                                            dais_outbox_bundle_t *bundle);

/* Puts the row of a bundle that is done with anew, with nothing in its parcel but the envelope,
 * which bundle->parcel is here. */
void dais_outbox_bundle_put_envelope(dais_txn_t *txn, unsigned stream,
                                     const dais_outbox_bundle_t *bundle);

/* The envelope of a bundle is the first field of what travels. Empty if that is not so. */
dais_slice_t dais_outbox_envelope(dais_slice_t parcel);

/* The first bundle of the stream from k on that waits for its receipt. False if there is none. */
DAIS_MUST_CHECK bool dais_outbox_bundle_open(dais_txn_t *txn, unsigned stream, uint64_t from,
                                             uint64_t *k);

/* The stamp that is kept of a bundle. The one that counts is the first that the registry takes in;
 * if that is another than the first that came back, the registry's replaces it. */
typedef struct {
    dais_slice_t stamp;
    uint64_t index;
    dais_slice_t path;
} dais_outbox_stamp_t;

DAIS_MUST_CHECK bool dais_outbox_stamp(dais_txn_t *txn, unsigned stream, uint64_t k,
                                       dais_outbox_stamp_t *stamp);
/* It proved nothing, so there is none. */
DAIS_MUST_CHECK dais_err_t dais_outbox_stamp_drop(dais_outbox_t *outbox, unsigned stream,
                                                  uint64_t k);
DAIS_MUST_CHECK dais_err_t dais_outbox_stamp_put(dais_outbox_t *outbox, unsigned stream, uint64_t k,
                                                 const dais_outbox_stamp_t *stamp, bool replace);

/* What became of bundle k: its messages go back into the queue, or are stuck after
 * DAIS_OUTBOX_ATTEMPTS_MAX. */
#define DAIS_OUTBOX_ATTEMPTS_MAX 3
DAIS_MUST_CHECK dais_err_t dais_outbox_turned_away(dais_outbox_t *outbox, unsigned stream,
                                                   uint64_t k, const char *code);

/* Bundle k, which has no stamp, is taken by no intake. A message that was alone in it is refused,
 * several go back into the queue, each to go alone. Whatever waits behind it goes back too: the
 * chain goes on from k. *count has the messages that are refused now. */
DAIS_MUST_CHECK dais_err_t dais_outbox_refused(dais_outbox_t *outbox, const dais_hash_t *log,
                                               unsigned stream, uint64_t k, const char *code,
                                               uint64_t *count);

/* A message that is stuck or refused goes back into the queue; if dry, it is only looked at.
 * NOT_FOUND if there is none of this id. */
DAIS_MUST_CHECK dais_err_t dais_outbox_retry(dais_outbox_t *outbox, const dais_id_t *id, bool dry);

/* Bundle k is given to the registry on its host: it gets no stamp, and is not to be submitted. */
DAIS_MUST_CHECK dais_err_t dais_outbox_on_host(dais_outbox_t *outbox, unsigned stream, uint64_t k);
DAIS_MUST_CHECK bool dais_outbox_is_on_host(dais_txn_t *txn, unsigned stream, uint64_t k);

/* The registry goes on from another place of the chain than this outbox: this is a restored copy,
 * or the key was used elsewhere. Every bundle without a receipt from k on goes back into the
 * queue, and the chain goes on from `chain`. *count has the messages. */
DAIS_MUST_CHECK dais_err_t dais_outbox_fork(dais_outbox_t *outbox, unsigned stream, uint64_t k,
                                            const dais_outbox_chain_t *chain, uint64_t *count);

/* The last checkpoint that was verified: its size and root; the empty tree at first. */
void dais_outbox_seen(dais_txn_t *txn, const dais_vkey_t *log_key, uint64_t *size,
                      dais_hash_t *root);

/* Keeps a verified checkpoint if it is larger than the one before. */
void dais_outbox_seen_put(dais_txn_t *txn, const dais_vkey_t *log_key, dais_slice_t checkpoint);

#endif
