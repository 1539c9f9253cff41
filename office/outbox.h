/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_OFFICE_OUTBOX_H
#define DAIS_OFFICE_OUTBOX_H

#include "base/txn.h"
#include "base/walk.h"
#include "proto/message.h"

/* What one device says in one cycle, kept until the end of time: messages with their contents and
 * salts, the bundles that they went out in, stamps and receipts. An LMDB store, so several `dais`
 * may use it at a time; a message is on the disk before its id is shown.
 *
 * Messages have numbers, from 1, in the order in which they were put. A message is queued until it
 * goes into a bundle; the bundle is signed once and kept as it is to be sent. Rows:
 *
 *   HEAD      "owner": key and log; "next": the next number; "chain" and stream: the next k and the
 *             hash before it; "seen": the last checkpoint that was verified
 *   MESSAGE   number -> what is said
 *   FATE      number -> what became of it
 *   ID        message id -> number
 *   QUEUE     stream, number -> nothing: waits for a bundle
 *   BUNDLE    stream, k -> the bundle as it travels
 *   STAMP     stream, k -> the stamp of an intake, with the path
 *   RECEIPT   stream, k -> the receipts, as the registry gave them and as they were verified
 *   OPEN      stream, k -> nothing: waits for its receipt
 *   CACHE     name -> the last answer of the registry, for verbs that work without network */
typedef enum {
    DAIS_OUTBOX_HEAD,
    DAIS_OUTBOX_MESSAGE,
    DAIS_OUTBOX_FATE,
    DAIS_OUTBOX_ID,
    DAIS_OUTBOX_QUEUE,
    DAIS_OUTBOX_BUNDLE,
    DAIS_OUTBOX_STAMP,
    DAIS_OUTBOX_RECEIPT,
    DAIS_OUTBOX_OPEN,
    DAIS_OUTBOX_CACHE,
    DAIS_OUTBOX_DATABASE_COUNT
} dais_outbox_database_t;

#define DAIS_OUTBOX_LOCK "use.lock" /* in its folder: shared by all that have it open */

typedef struct {
    dais_store_t *store;
    int lock_fd;
    char folder[4000];
} dais_outbox_t;

/* Opens or makes the outbox in this folder. WRONG_PURPOSE if it is that of another key or log;
 * else the errors of dais_store_open(). */
DAIS_MUST_CHECK dais_err_t dais_outbox_open(dais_outbox_t *outbox, const char *folder,
                                            const dais_key_t *key, const dais_hash_t *log);
void dais_outbox_close(dais_outbox_t *outbox);

/* Puts a compact copy in the place of the store's file, so that nothing that was deleted is in it.
 * Not while another process has the outbox open: *busy then, and nothing was done. After an error
 * the outbox is closed. */
DAIS_MUST_CHECK dais_err_t dais_outbox_compact(dais_outbox_t *outbox, bool *busy);

/* A key of two parts, so that the rows of one stream stand together, by rising number. */
typedef struct {
    uint8_t bytes[9];
} dais_outbox_key_t;

dais_outbox_key_t dais_outbox_key(unsigned stream, uint64_t number);
static inline dais_slice_t dais_outbox_key_slice(const dais_outbox_key_t *key)
{
    return dais_slice(key->bytes, sizeof key->bytes);
}

/* Eight bytes, big-endian, to a number and back. */
uint64_t dais_outbox_number(const uint8_t *bytes);
void dais_outbox_number_put(uint64_t number, uint8_t bytes[8]);

/* The next k and the hash before it, of a stream; 0 and zeros at first. */
typedef struct {
    uint64_t next;
    dais_hash_t prev;
} dais_outbox_chain_t;

dais_outbox_chain_t dais_outbox_chain(dais_txn_t *txn, unsigned stream);
void dais_outbox_chain_put(dais_txn_t *txn, unsigned stream, const dais_outbox_chain_t *chain);

/* Something that is said. The slices are the caller's, or live as those of a transaction do. */
typedef struct {
    uint64_t kind;
    uint64_t queued_at; /* ms */
    dais_slice_t message;
    dais_slice_t public_opening;
    dais_slice_t private_opening;
} dais_outbox_message_t;

typedef enum {
    DAIS_FATE_QUEUED = 1,
    DAIS_FATE_BUNDLED, /* in a bundle: not sent, or sent and not yet in the log */
    DAIS_FATE_LOGGED,  /* a verified receipt is here */
    DAIS_FATE_STUCK,   /* turned away so often that a person has to look */
    DAIS_FATE_REFUSED, /* no intake takes it: the code says why */
} dais_fate_state_t;

typedef struct {
    uint64_t state;
    uint64_t k;                     /* of its bundle */
    uint64_t index;                 /* in its bundle */
    uint64_t seq;                   /* of its entry, once logged */
    uint64_t duplicate;             /* 1: the log had it already, under this seq */
    uint64_t attempts;              /* bundles of it that were turned away */
    char code[DAIS_LIMIT_CODE + 1]; /* why the last one was */
    uint16_t verdict_count;
    uint16_t verdicts[DAIS_LIMIT_TARGETS];
} dais_outbox_fate_t;

/* Puts all of them in one transaction: on the disk, or none of it. EXISTS if the id of one is there
 * already. */
DAIS_MUST_CHECK dais_err_t dais_outbox_put(dais_outbox_t *outbox,
                                           const dais_outbox_message_t *messages, size_t count);

/* Within a transaction; false if there is none, or after an error. */
DAIS_MUST_CHECK bool dais_outbox_message(dais_txn_t *txn, uint64_t number,
                                         dais_outbox_message_t *message);
DAIS_MUST_CHECK bool dais_outbox_fate(dais_txn_t *txn, uint64_t number, dais_outbox_fate_t *fate);
void dais_outbox_message_put(dais_txn_t *txn, uint64_t number,
                             const dais_outbox_message_t *message);
void dais_outbox_fate_put(dais_txn_t *txn, uint64_t number, const dais_outbox_fate_t *fate);
DAIS_MUST_CHECK bool dais_outbox_find(dais_txn_t *txn, const dais_id_t *id, uint64_t *number);

/* All that there is of the message with this id; false if there is none, or after an error. */
DAIS_MUST_CHECK bool dais_outbox_look_up(dais_txn_t *txn, const dais_id_t *id, uint64_t *number,
                                         dais_outbox_message_t *message, dais_outbox_fate_t *fate);

unsigned dais_outbox_stream(uint64_t kind);

/* How many messages are in each state, and bundles without a receipt. */
typedef struct {
    uint64_t queued, bundled, logged, stuck, refused;
} dais_outbox_counts_t;

DAIS_MUST_CHECK dais_err_t dais_outbox_count(dais_outbox_t *outbox, dais_outbox_counts_t *counts);

/* Keeps bytes under a name, and reads them into a buffer of the heap (data null if there is none).
 */
DAIS_MUST_CHECK dais_err_t dais_outbox_cache(dais_outbox_t *outbox, const char *name,
                                             dais_slice_t bytes);
DAIS_MUST_CHECK dais_err_t dais_outbox_cached(dais_outbox_t *outbox, const char *name,
                                              uint8_t **data, size_t *size);

#endif
