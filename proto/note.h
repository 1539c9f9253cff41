/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_PROTO_NOTE_H
#define DAIS_PROTO_NOTE_H

#include "proto/vkey.h"

/* Signed notes of C2SP signed-note: a text, an empty line, signature lines. At most
 * DAIS_LIMIT_NOTE bytes and DAIS_LIMIT_NOTE_SIGNATURES lines. */

#define DAIS_NOTE_SECRET_BYTES 64 /* libsodium's Ed25519 secret key: seed || public key */

/* What one more signature line adds at most with a key of ours: dash and space, name, space,
 * base64 of id and signature, newline. */
#define DAIS_NOTE_LINE_MAX (4 + DAIS_LIMIT_ORIGIN + 1 + 92 + 1)

/* Both borrow from the bytes that were parsed and lie there one behind the other, an empty line
 * between them. */
typedef struct {
    dais_slice_t text;  /* what is signed, with its final newline */
    dais_slice_t lines; /* the signature lines */
} dais_note_t;

typedef struct {
    dais_slice_t name; /* of the key; borrowed */
    uint32_t key_id;
    dais_slice_t value; /* base64 of key id and signature, checked; borrowed */
} dais_note_signature_t;

/* Checks the form of all of it, the lines of unknown keys included. Nothing is verified.
 * TOO_LONG; NOT_UTF8; CONTROL_CHARACTER; TRUNCATED if it does not end in a signature line;
 * BAD_TEXT for a line that is not of the form; BAD_BASE64 and TOO_SHORT for what a line signs
 * with. */
dais_fault_t dais_note_parse(dais_slice_t bytes, dais_note_t *note) DAIS_MUST_CHECK;

/* Takes the next signature line off *lines, which is not empty. Errors as above; none on the lines
 * of a parsed note. */
dais_err_t dais_note_signature_next(dais_slice_t *lines,
                                    dais_note_signature_t *out) DAIS_MUST_CHECK;

/* Verifies each signature by one of these keys (at most 64, no two with the same name and id); bit
 * i of *verified (may be null) says that keys[i] signed. Lines of other keys are passed over.
 * BAD_SIGNATURE for the whole note if one of a known key fails, wherever it stands; UNKNOWN_KEY if
 * there is none of a known key. The text is to be ignored unless this answers DAIS_OK. */
dais_fault_t dais_note_verify(const dais_note_t *note, const dais_vkey_t *keys, size_t count,
                              uint64_t *verified) DAIS_MUST_CHECK;

/* Writes the note of this text with one signature. BAD_KEY if the secret is not that of the key;
 * errors of the form of text as in dais_note_parse(); NO_SPACE. */
dais_err_t dais_note_sign(dais_slice_t text, const dais_vkey_t *vkey,
                          const uint8_t secret[DAIS_NOTE_SECRET_BYTES],
                          dais_writer_t *writer) DAIS_MUST_CHECK;

/* Writes the note `bytes` with one more signature line. Does not verify those it has. Errors as
 * dais_note_sign(), and TOO_LONG if the note is full. */
dais_err_t dais_note_cosign(dais_slice_t bytes, const dais_vkey_t *vkey,
                            const uint8_t secret[DAIS_NOTE_SECRET_BYTES],
                            dais_writer_t *writer) DAIS_MUST_CHECK;

#endif
