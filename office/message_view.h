/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_OFFICE_MESSAGE_VIEW_H
#define DAIS_OFFICE_MESSAGE_VIEW_H

#include "office/outbox_bundle.h"
#include "office/say.h"

/* Messages of the outbox as objects. */

/* The columns of a list of them. */
extern const dais_column_t dais_message_columns[];

/* A row: number, id, kind, when, state, and once it is logged entry and verdicts, and the
 * entry by which its text was erased. Null without memory, or if there is none. */
json_t *dais_message_view_row(dais_txn_t *txn, uint64_t number);

/* The row with the subject, the texts and what is known of its stamp. */
json_t *dais_message_view_whole(dais_txn_t *txn, uint64_t number, const dais_hash_t *log);

/* Codes of the verdicts of a message, without repetition, parted by commas. */
json_t *dais_message_view_verdicts(const dais_outbox_fate_t *fate);

/* Reads an id; says what is wrong otherwise. */
bool dais_message_view_id(const dais_say_t *say, const char *text, dais_id_t *id);

#endif
