/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_OFFICE_OUTBOX_ERASE_H
#define DAIS_OFFICE_OUTBOX_ERASE_H

#include "office/outbox_receipts.h"

/* What was erased from the record goes out of the outbox too, and so does what is taken back before
 * it has gone out. In two steps: rows are deleted, or written anew without contents and salts, then
 * the file without what lies in its free pages. That the second is still to come is kept, so that a
 * later call does it. */

/* Takes the contents of this message away, which is logged: out of its own row, of the bundle that
 * it went out in and of the proof of one that the log had before. `at` is the entry by which it was
 * erased, which the caller has proved. NOT_FOUND, and nothing done, if it is not logged or its
 * bundle still waits for a receipt. */
DAIS_MUST_CHECK dais_err_t dais_outbox_erase(dais_outbox_t *outbox, const dais_bundler_t *bundler,
                                             uint64_t number, uint64_t at);

/* By which entry it was erased; false if it was not. */
DAIS_MUST_CHECK bool dais_outbox_erased(dais_txn_t *txn, uint64_t number, uint64_t *at);

/* Takes a message away as if it had not been said; if dry, it is only looked at. NOT_FOUND, and
 * nothing done, if there is none of this id that is queued, stuck or refused. */
DAIS_MUST_CHECK dais_err_t dais_outbox_remove(dais_outbox_t *outbox, const dais_id_t *id, bool dry);

/* Writes the file anew if there is anything left in it that was erased or removed. *busy: there is,
 * but another process has the outbox open. After an error the outbox is closed. */
DAIS_MUST_CHECK dais_err_t dais_outbox_forget_erased(dais_outbox_t *outbox, bool *busy);

#endif
