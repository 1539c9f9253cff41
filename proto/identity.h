/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_PROTO_IDENTITY_H
#define DAIS_PROTO_IDENTITY_H

#include "proto/device.h"
#include "proto/vkey.h"
#include "proto/words.h"

/* The public identity of one device (docs/formats.md, "Identity"): what the secretariat enters in
 * the roster, and what people compare by telephone. A text file, one line each:
 *
 *   dais/identity/1
 *   actor <32 hex digits>
 *   role <word>
 *   state <code>             only, and always, for the role party
 *   key <vkey>               C2SP signed-note, "Verifier keys"
 *   transport <40 characters of Z85>    X25519; ZeroMQ RFC 32 */
typedef struct {
    dais_id_t actor;
    uint64_t role; /* DAIS_ROLE_… */
    char state[DAIS_LIMIT_STATE + 1];
    dais_vkey_t key;
    dais_key_t box_key;
} dais_identity_t;

/* BAD_TEXT, BAD_KEY, TRUNCATED or TRAILING with the offset of the line or part at fault. There is
 * one accepted text for an identity. */
dais_fault_t dais_identity_parse(dais_slice_t text, dais_identity_t *out) DAIS_MUST_CHECK;

/* BAD_TEXT if the role is none, or if a State is given for another role than party or missing
 * there. */
dais_err_t dais_identity_put(dais_writer_t *writer,
                             const dais_identity_t *identity) DAIS_MUST_CHECK;

/* The secret of a device as its file holds it, two lines:
 *
 *   dais/secret/1
 *   seed <64 hex digits>
 *
 * Whoever reads or writes the file sees to its mode, and wipes the text. */
#define DAIS_SECRET_TEXT_SIZE (sizeof "dais/secret/1\nseed \n" - 1 + (size_t)2 * DAIS_SEED_SIZE)

dais_fault_t dais_secret_parse(dais_slice_t text, dais_seed_t *out) DAIS_MUST_CHECK;
void dais_secret_put(dais_writer_t *writer, const dais_seed_t *seed);

#endif
