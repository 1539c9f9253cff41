/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_OFFICE_SEND_H
#define DAIS_OFFICE_SEND_H

#include "office/intakes.h"
#include "office/outbox_receipts.h"
#include "office/wire.h"

#define DAIS_SEND_WINDOW 16 /* bundles under way at a time */

/* Delivering an outbox: what `dais send` does, a step at a time. */
typedef struct {
    dais_wire_t wire;
    dais_outbox_t outbox;
    dais_bundler_t bundler;
    dais_intakes_t intakes;  /* whose stamps count */
    size_t intake;           /* which one is tried first */
    size_t window;           /* bundles under way at a time, 1 to DAIS_SEND_WINDOW */
    uint64_t progress;       /* counts stamps and receipts of this run */
    uint64_t forks;          /* chains taken up elsewhere than where this outbox left them */
    dais_hash_t proved_root; /* of the last checkpoint that came with a receipt */
    uint64_t proved_size;
    bool unchecked;      /* there are stamps whose key could not be looked up */
    int final;           /* exit status of what cannot be mended by trying again; else 0 */
    dais_err_t last_err; /* why the last call failed */
    char last_code[DAIS_LIMIT_CODE + 1];
    uint64_t retry_ms; /* when the service said to try again; 0 if it did not */
} dais_send_t;

/* Behind outbox: who the intakes are, by what is kept of the roster and by the profile. */
DAIS_MUST_CHECK dais_err_t dais_send_init(dais_send_t *send, const dais_profile_t *profile);

/* Submits every bundle of the stream that has no stamp, oldest first; with again those that have
 * one as well. False if one could not be submitted to any intake. */
DAIS_MUST_CHECK bool dais_send_submit(dais_send_t *send, unsigned stream, bool again);

/* Whether the key is an intake's. A warning is said of one that is none; last_err says why it is
 * UNCHECKED. */
DAIS_MUST_CHECK dais_intake_trust_t dais_send_trust(dais_send_t *send, const dais_key_t *key);

/* Looks at the stamps of bundles that wait for their receipt and whose key was not looked up yet.
 * One of a key that is no intake's is dropped, so that the bundle is submitted again. False if that
 * could not be asked; such stamps are kept. */
DAIS_MUST_CHECK bool dais_send_check_stamps(dais_send_t *send);

/* Asks what became of the bundles of the stream that wait for their receipt, and keeps what comes.
 * wait_ms: so long the registry may hold the question. False if it could not be asked. */
DAIS_MUST_CHECK bool dais_send_ask(dais_send_t *send, unsigned stream, uint64_t wait_ms);

/* Checks that the newest checkpoint continues the last one that was seen here, and the one that
 * proved the receipts of this run; then it is the last one seen. */
DAIS_MUST_CHECK bool dais_send_witness(dais_send_t *send);

/* Is it of use to send what is queued? Not an intake-lost, or a second, while a deadline waits that
 * only they may free: says so, and what to do, and returns the exit status. */
DAIS_MUST_CHECK int dais_send_hold_back(dais_send_t *send);

/* Says what would go out, without network; the exit status. */
DAIS_MUST_CHECK int dais_send_plan(dais_office_t *office, const dais_args_t *args);

/* If a deadline that does not close is why nothing moves, says so. */
void dais_send_hint_stuck(dais_send_t *send);

/* Notes why a call failed. Always false. */
bool dais_send_failed(dais_send_t *send, const dais_wire_answer_t *answer);

#endif
