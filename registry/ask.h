/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_REGISTRY_ASK_H
#define DAIS_REGISTRY_ASK_H

#include "registry/answer.h"
#include "registry/pairs.h"

/* Signed asks: who asks is proved by a signature and the roster in the log, never by a connection;
 * and the answer comes in a box that only the asker's key opens. */

/* The nonces of asks that were taken, for as long as the same ask would still be timely: twice ten
 * minutes. In memory alone; what was taken before this process began is kept out by its time: an
 * ask signed before then is stale, and is signed anew. */
typedef struct dais_nonces dais_nonces_t;

#define DAIS_NONCES_MAX ((size_t)1 << 15) /* in twenty minutes; beyond that BUSY */

DAIS_MUST_CHECK dais_err_t dais_nonces_create(const dais_random_t *random, uint64_t began_ms,
                                              dais_nonces_t **nonces);
void dais_nonces_destroy(dais_nonces_t **nonces);

/* REPEATED_ASK if it is known; else it is from now on. STALE_ASK if it is from before the nonces
 * began, BUSY if there are too many. */
DAIS_MUST_CHECK dais_err_t dais_nonces_take(dais_nonces_t *nonces, const dais_ask_t *ask,
                                            uint64_t now_ms);

/* When an asker whose ask is stale for that reason alone may sign it anew, by its own clock: in so
 * many milliseconds. 0 if that is not why. */
uint64_t dais_nonces_wait_ms(const dais_nonces_t *nonces, const dais_ask_t *ask);

/* Opens an ask: its signature, its key in force on the roster, its time, its nonce. Fills in who
 * asks and what; slices live as long as `bytes`. WRONG_LOG, BAD_SIGNATURE, NOT_ON_ROSTER,
 * KEY_ENDED, STALE_ASK, REPEATED_ASK, UNKNOWN_ASK. */
DAIS_MUST_CHECK dais_err_t dais_ask_take(dais_cycle_t *cycle, dais_nonces_t *nonces,
                                         dais_slice_t bytes, dais_ask_t *ask,
                                         dais_question_t *question);

/* The same of the bytes of an ask that was taken before, and has waited: its signature, time and
 * nonce are not looked at again, but whether its key is still in force. */
DAIS_MUST_CHECK dais_err_t dais_ask_again(dais_cycle_t *cycle, dais_slice_t bytes, dais_ask_t *ask,
                                          dais_question_t *question);

/* Closes the answer's body for the asker, behind what the writer holds. `pairs` are of this cycle
 * alone. */
DAIS_MUST_CHECK dais_err_t dais_ask_close(dais_cycle_t *cycle, dais_pairs_t *pairs,
                                          const dais_ask_t *ask, dais_slice_t ask_bytes,
                                          dais_slice_t body, dais_writer_t *writer);

#endif
