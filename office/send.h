/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_OFFICE_SEND_H
#define DAIS_OFFICE_SEND_H

#include "office/outbox_receipts.h"
#include "office/wire.h"

/* Delivering an outbox: what `dais send` does, a step at a time. */
typedef struct {
    dais_wire_t wire;
    dais_outbox_t outbox;
    dais_bundler_t bundler;
    size_t intake;           /* which one is tried first */
    uint64_t progress;       /* counts stamps and receipts of this run */
    uint64_t forks;          /* chains taken up elsewhere than where this outbox left them */
    dais_hash_t proved_root; /* of the last checkpoint that came with a receipt */
    uint64_t proved_size;
    int final;           /* exit status of what cannot be mended by trying again; else 0 */
    dais_err_t last_err; /* why the last call failed */
    char last_code[DAIS_LIMIT_CODE + 1];
    uint64_t retry_ms; /* when the service said to try again; 0 if it did not */
} dais_send_t;

/* Submits every bundle of the stream that has no stamp, oldest first; with again those that have
 * one as well. False if one could not be submitted to any intake. */
DAIS_MUST_CHECK bool dais_send_submit(dais_send_t *send, unsigned stream, bool again);

/* Asks what became of the bundles of the stream that wait for their receipt, and keeps what comes.
 * wait_ms: so long the registry may hold the question. False if it could not be asked. */
DAIS_MUST_CHECK bool dais_send_ask(dais_send_t *send, unsigned stream, uint64_t wait_ms);

/* Checks that the newest checkpoint continues the last one that was seen here, and the one that
 * proved the receipts of this run; then it is the last one seen. */
DAIS_MUST_CHECK bool dais_send_witness(dais_send_t *send);

/* Notes why a call failed. Always false. */
bool dais_send_failed(dais_send_t *send, const dais_wire_answer_t *answer);

#endif
