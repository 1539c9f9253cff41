/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_PROTO_VKEY_H
#define DAIS_PROTO_VKEY_H

#include "base/err.h"
#include "base/slice.h"
#include "proto/limits.h"
#include "proto/writer.h"

#define DAIS_VKEY_BYTES 32 /* of an Ed25519 public key, RFC 8032 */

/* A key that signed notes are verified with: C2SP signed-note, "Verifier keys". Ed25519 only, type
 * 0x01. Owns its name. */
typedef struct {
    char name[DAIS_LIMIT_ORIGIN + 1]; /* terminated */
    uint32_t id;
    uint8_t key[DAIS_VKEY_BYTES];
} dais_vkey_t;

/* Whether this may name a key: not empty, UTF-8, no space of any script, no plus, no control
 * character. No limit of length. */
bool dais_vkey_name_ok(dais_slice_t name);

/* BAD_KEY if the name is not allowed or longer than DAIS_LIMIT_ORIGIN. */
dais_err_t dais_vkey_make(dais_slice_t name, const uint8_t key[DAIS_VKEY_BYTES],
                          dais_vkey_t *out) DAIS_MUST_CHECK;

/* Reads "name+id+base64(type || key)". BAD_KEY with the offset of the part at fault, also where the
 * id is not that of name and key. Whether the key is a point of the curve is seen when it
 * verifies. */
dais_fault_t dais_vkey_parse(dais_slice_t text, dais_vkey_t *out) DAIS_MUST_CHECK;

void dais_vkey_put(dais_writer_t *writer, const dais_vkey_t *vkey);

#endif
