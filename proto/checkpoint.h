/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_PROTO_CHECKPOINT_H
#define DAIS_PROTO_CHECKPOINT_H

#include "base/hash.h"
#include "proto/note.h"

/* Checkpoints of C2SP tlog-checkpoint: a signed note that says the size and root of a log. Ours,
 * and so those that are accepted, have no extension lines, and their origin is the name of the
 * log's key. */

/* Enough for the text, and for the text with the log's own signature. */
#define DAIS_CHECKPOINT_TEXT_MAX   (DAIS_LIMIT_ORIGIN + 1 + 19 + 1 + 44 + 1)
#define DAIS_CHECKPOINT_SIGNED_MAX (DAIS_CHECKPOINT_TEXT_MAX + 1 + DAIS_NOTE_LINE_MAX)

typedef struct {
    dais_slice_t origin; /* borrowed */
    uint64_t size;       /* leaves, at most DAIS_SEQ_MAX */
    dais_hash_t root;
} dais_checkpoint_t;

/* Writes the text that is signed. BAD_TEXT for an origin that no key may have as its name,
 * OUT_OF_RANGE, TOO_LONG, NO_SPACE. */
dais_err_t dais_checkpoint_put(dais_writer_t *writer,
                               const dais_checkpoint_t *checkpoint) DAIS_MUST_CHECK;

/* Reads that text; the origin borrows from it. TRUNCATED, TRAILING (an extension line), BAD_TEXT,
 * BAD_BASE64, TOO_SHORT, TOO_LONG, OUT_OF_RANGE. */
dais_fault_t dais_checkpoint_parse(dais_slice_t text, dais_checkpoint_t *out) DAIS_MUST_CHECK;

/* Writes the signed note. WRONG_ORIGIN if the key has another name than the origin; else errors as
 * dais_checkpoint_put() and dais_note_sign(). */
dais_err_t dais_checkpoint_sign(const dais_checkpoint_t *checkpoint, const dais_vkey_t *vkey,
                                const uint8_t secret[DAIS_NOTE_SECRET_BYTES],
                                dais_writer_t *writer) DAIS_MUST_CHECK;

/* Reads a signed checkpoint of the log whose key this is. First the signature, then the text: what
 * the log did not sign says nothing. WRONG_ORIGIN if the key signed for another log; else errors as
 * dais_note_parse(), dais_note_verify() and dais_checkpoint_parse(). */
dais_fault_t dais_checkpoint_verify(dais_slice_t bytes, const dais_vkey_t *vkey,
                                    dais_checkpoint_t *out) DAIS_MUST_CHECK;

#endif
